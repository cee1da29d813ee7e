"""`gxgk extract`: saved pages and texts to documents, without archive or database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from gxgk_crawler.cli.output import console, plain, print_json, warn
from gxgk_crawler.errors import ExtractionError, GxgkError
from gxgk_crawler.extract.as_json import document_json
from gxgk_crawler.portal import Portal
from gxgk_crawler.sandbox.child import Child
from gxgk_crawler.sandbox.report import SavedFile, read_saved
from gxgk_crawler.statutory.figures import figures_json

if TYPE_CHECKING:
    from gxgk_crawler.items import Document


def extract(
    files: Annotated[list[Path], typer.Argument(help="Saved pages, plain texts or attachments.", show_default=False)],
    url: Annotated[str | None, typer.Option(help="Where the page came from: resolves links, gives a date.")] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON value; one per line for several files.")] = False,
) -> None:
    """Read saved files into clean text, metadata and tables. Touches no database.

    A file that cannot be read does not stop the others: it is named on stderr, with --json its line is {"file", "error"}, and
    the exit code is 1.
    """
    if url is not None:
        Portal.entered_at(url)  # raises ConfigError for what is no URL
    failed = False
    with Child() as child:
        for file in files:
            try:
                read = read_file(file, url, child)
            except ExtractionError as error:
                failed = True
                warn(str(error))
                if json:
                    print_json({"file": str(file), "error": str(error)})
                continue
            if json:
                print_json(document_json(read.document) | figures_json(read.figures))
            else:
                _show(file, read.document)
    if failed:
        raise typer.Exit(1)


def read_file(file: Path, url: str | None, child: Child) -> SavedFile:
    """The document in a saved page, text or attachment, with its figures, read by `child`.

    Raises ExtractionError for a path without a file, for a file that is no document of any kind, and for one that `child` could not
    read within its limits. A known kind of file that has no text, or no reader, is a document without text; the reason is
    written to stderr.
    """
    try:
        body = file.read_bytes()
    except OSError as error:
        raise ExtractionError(f"cannot read {file}: {error.strerror}") from error
    try:
        read = child.call(read_saved, body, url)
    except ExtractionError as error:
        raise ExtractionError(f"cannot read {file}: {error}") from error
    if read.document.media_type == "application/octet-stream":
        raise ExtractionError(f"cannot read {file}: neither a page, a text nor a document file")
    if read.reason is not None:
        warn(f"{file}: {read.reason}")
    return read


def _show(file: Path, document: Document) -> None:
    facts = Table(title=str(file), show_header=False, title_justify="left")
    for name in ("title", "issuer", "year", "published_on", "source", "media_type", "encoding"):
        facts.add_row(name, plain(getattr(document, name) or "-"))
    facts.add_row("flags", ", ".join(document.flags) or "-")
    facts.add_row("tables", str(len(document.grids)))
    facts.add_row("attachments", "\n".join(plain(link.name) for link in document.attachments) or "-")
    console.print(facts)
    if document.edits:
        edits = Table(title="removed", title_justify="left")
        for column in ("kind", "place", "rule", "text", "suggestion"):
            edits.add_column(column)
        for edit in document.edits:
            edits.add_row(edit.kind, f"{edit.start}-{edit.end}", edit.rule, edit.text.strip(), edit.suggestion or "")
        console.print(edits)
    console.print(document.text)


def main() -> None:
    """Run this command alone: `python -m gxgk_crawler.cli.extract FILE ...`."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(extract)
    try:
        app()
    except GxgkError as error:
        warn(str(error))
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
