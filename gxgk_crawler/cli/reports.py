"""Reading the archive: reports, show, versions, diff, search."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from gxgk_crawler.analysis.diff import Change, compare
from gxgk_crawler.cli.output import AsJson, console, errors, plain, print_json, table
from gxgk_crawler.config import config
from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.store import report_queries as store
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.search import search as search_store

Portal = Annotated[str | None, typer.Option(help="Only this portal, by its spider name.")]
Year = Annotated[int | None, typer.Option(help="Only this reporting year.")]
Division = Annotated[str | None, typer.Option(help="Only this division code and everything below it.")]
Since = Annotated[int | None, typer.Option(help="Only this reporting year and later ones.")]
Until = Annotated[int | None, typer.Option(help="Only this reporting year and earlier ones.")]
Issuer = Annotated[str | None, typer.Option(help="Only issuers whose name holds this.")]
Flag = Annotated[str | None, typer.Option(help="Only reports with this flag, such as low_confidence.")]
ReportId = Annotated[int, typer.Argument(help="Number of the report, as `gxgk reports` prints it.", metavar="ID")]

_STYLES = {"same": "", "old": "red strike", "new": "green"}


def reports(portal: Portal = None, year: Year = None, division: Division = None, *, as_json: AsJson = False) -> None:
    """List the reports, newest year first."""
    with Database.open(config()) as database, database.begin() as conn:
        rows = store.list_reports(conn, portal=portal, year=year, division=division)
    if as_json:
        print_json(rows)
        return
    made = table("ID", "Portal", "Year", "Title", "Published", "Versions", "Flags")
    for row in rows:
        flags = [*row["flags"], *(["gone"] if row["gone_at"] else [])]
        made.add_row(
            *map(
                plain, (row["id"], row["portal"], row["year"], row["title"], row["published_on"], row["version"], flags)
            )
        )
    console.print(made)


def show(
    report_id: ReportId,
    number: Annotated[int | None, typer.Option("--version", help="This version instead of the current one.")] = None,
    *,
    text: Annotated[bool, typer.Option("--text", help="Only the clean text.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one report: its facts, its clean text, and what was removed from it."""
    with Database.open(config()) as database, database.begin() as conn:
        report = store.get_report(conn, report_id, number)
    if as_json:
        print_json(report)
    elif text:
        typer.echo(report["text"])
    else:
        _print_report(report)


def _print_report(report: dict[str, Any]) -> None:
    facts = table("", "")
    facts.show_header = False
    for key in (
        "title",
        "url",
        "portal",
        "issuer",
        "division",
        "year",
        "published_on",
        "source",
        "version",
        "fetched_at",
    ):
        facts.add_row(key, plain(report[key]))
    facts.add_row("flags", plain(report["flags"]))
    console.print(facts)
    console.print()
    console.print(report["text"], markup=False)
    if report["edits"]:
        removed = table("Removed", "From", "To", "Text", "Suggestion", "Rule")
        for edit in report["edits"]:
            shown = edit["text"].strip().replace("\n", " / ")
            removed.add_row(
                *map(plain, (edit["kind"], edit["start"], edit["end"], shown, edit["suggestion"], edit["rule"]))
            )
        console.print()
        console.print(removed)
    for attachment in report["attachments"]:
        reason = f" ({attachment['reason']})" if attachment.get("reason") else ""
        console.print(f"attachment: {attachment['name']} {attachment['status']}{reason}", markup=False)


def versions(report_id: ReportId, *, as_json: AsJson = False) -> None:
    """List the versions of one report, oldest first."""
    with Database.open(config()) as database, database.begin() as conn:
        rows = store.list_versions(conn, report_id)
    if as_json:
        print_json(rows)
        return
    made = table("Version", "Fetched", "Characters", "Flags", "Reason", "Current")
    for row in rows:
        current = "*" if row["current"] else ""
        made.add_row(
            *map(plain, (row["version"], row["fetched_at"], row["chars"], row["flags"], row["reason"], current))
        )
    console.print(made)


def diff(
    report_id: ReportId,
    a: Annotated[int | None, typer.Argument(help="Older version; the last but one by default.")] = None,
    b: Annotated[int | None, typer.Argument(help="Newer version; the last by default.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what changed between two versions of a report."""
    with Database.open(config()) as database, database.begin() as conn:
        newest = max(row["version"] for row in store.list_versions(conn, report_id))
        newer = b if b is not None else newest
        older = a if a is not None else newer - 1
        if older < 1:
            raise NotFoundError(f"report {report_id} has only one version: nothing to compare")
        texts = [store.get_report(conn, report_id, number)["text"] for number in (older, newer)]
    changes = compare(*texts)
    if as_json:
        print_json({"id": report_id, "a": older, "b": newer, "changes": changes})
        return
    if not changes:
        console.print(f"versions {older} and {newer} have the same text")
    for change in changes:
        console.print(_line_of(change))


def _line_of(change: Change) -> Text:
    """One changed line, what went struck out and what came in green; signs tell it without colour too."""
    sign = "-" if change.new_line is None else "+" if change.old_line is None else "~"
    line = Text(f"{change.old_line or ''}\t{change.new_line or ''}\t{sign} ")
    for piece in change.pieces:
        marks = {"old": ("[-", "-]"), "new": ("{+", "+}")}.get(piece.kind, ("", "")) if sign == "~" else ("", "")
        line.append(f"{marks[0]}{piece.text}{marks[1]}", style=_STYLES[piece.kind])
    return line


def _marked(snippet: str, marks: list[tuple[int, int]]) -> Text:
    """The snippet on one line, its hits in brackets and bold: readable on paper and in a pipe too."""
    text, at = Text(), 0
    for start, end in marks:
        text.append(snippet[at:start].replace("\n", " "))
        text.append(f"【{snippet[start:end]}】", style="bold")
        at = end
    return text.append(snippet[at:].replace("\n", " "))


def search(
    query: Annotated[str, typer.Argument(help='Terms, all of them wanted; "…" as written, a | b either, a -b not b.')],
    portal: Portal = None,
    year: Year = None,
    *,
    since: Since = None,
    until: Until = None,
    division: Division = None,
    issuer: Issuer = None,
    flag: Flag = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many reports.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Find the reports that hold all terms, best first."""
    with Database.open(config()) as database, database.begin() as conn:
        found = search_store.search(
            conn,
            query,
            portal=portal,
            year=year,
            since=since,
            until=until,
            division=division,
            issuer=issuer,
            flag=flag,
            limit=limit,
        )
    if as_json:
        print_json(found.hits)
        return
    for hit in found.hits:
        head = Text(f"{hit.id}  {hit.year or ''}  {hit.title or hit.url}", style="bold")
        console.print(head)
        heading = f"{hit.heading}: " if hit.heading else ""
        console.print(Padding(Text(heading).append_text(_marked(hit.snippet, hit.marks)), (0, 0, 0, 4)))
    shown = f"{len(found.hits)} of " if len(found.hits) < found.total else ""
    errors.print(f"{shown}{found.total}{'+' if found.more else ''} report(s)")
