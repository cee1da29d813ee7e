"""`gxgk reports`, `show`, `versions`, `diff`, `search`: reading the archive."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from gxgk_crawler.analysis.diff import Change, compare
from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.reader import read_entity
from gxgk_crawler.cli.options import (
    MOST,
    AsCsv,
    AsJson,
    Changed,
    Division,
    Flag,
    Gone,
    Issuer,
    Limit,
    Organ,
    PortalName,
    ReportId,
    Since,
    Tampered,
    Until,
    Year,
    chosen_state,
)
from gxgk_crawler.cli.output import console, errors, plain, print_csv, print_json, print_text, show_rows, table, warn
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.logs import escaped
from gxgk_crawler.store import report_queries as store
from gxgk_crawler.store.filters import Filters, expect_known, unmet
from gxgk_crawler.store.identity.report_keys import find_report
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.search import search as search_store
from gxgk_crawler.store.search.query import described
from gxgk_crawler.store.selection import find_capture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gxgk_crawler.store.postgres.database import Connection
    from gxgk_crawler.store.search.search import Found

_STYLES = {"same": "", "old": "red strike", "new": "green"}
_CSV = (
    "id",
    "key",
    "portal",
    "year",
    "title",
    "issuer",
    "organ",
    "division",
    "published_on",
    "version",
    "flags",
    "gone_at",
    "same_as",
    "url",
)
_HEAD = (
    "key",
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
    "flags",
    "same_as",
)


def reports(
    portal: PortalName = None,
    year: Year = None,
    *,
    since: Since = None,
    until: Until = None,
    division: Division = None,
    issuer: Issuer = None,
    organ: Organ = None,
    flag: Flag = None,
    gone: Gone = False,
    changed: Changed = False,
    tampered: Tampered = False,
    limit: Limit = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """List the reports, newest year first.

    Examples: gxgk reports --portal hlbe; gxgk reports --division 15 --since 2020 --gone
    """
    filters = Filters(
        portal=portal,
        year=year,
        since=since,
        until=until,
        division=division,
        issuer=issuer,
        organ=organ,
        flag=flag,
        state=chosen_state(gone=gone, changed=changed, tampered=tampered),
    )
    with Database.open(config()) as database, database.begin() as conn:
        expect_known(conn, filters)
        rows = store.list_reports(conn, filters, limit)
        reason = None if rows else unmet(conn, filters)
    if as_csv:
        print_csv([{**row, "organ": row["organ"] and row["organ"]["name"]} for row in rows], _CSV)
    else:
        _print_reports(rows, as_json=as_json)
    if reason is not None:
        warn(reason)


def _print_reports(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    show_rows(
        rows,
        {
            "ID": "id",
            "Portal": "portal",
            "Year": "year",
            "Title": "title",
            "Published": "published_on",
            "Versions": "version",
            "Flags": _flags,
        },
        as_json=as_json,
    )


def _flags(report: Mapping[str, Any]) -> list[str]:
    return [*report["flags"], *(["gone"] if report["gone_at"] else [])]


def show(
    report_id: ReportId,
    number: Annotated[
        int | None, typer.Option("--version", min=1, max=MOST, help="This version instead of the current one.")
    ] = None,
    *,
    text: Annotated[bool, typer.Option("--text", help="Only the clean text.")] = False,
    raw: Annotated[bool, typer.Option("--raw", help="Only the page as it was archived, byte for byte.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one report: its facts, its clean text, and what was removed from it.

    Examples: gxgk show 12; gxgk show 12 --raw > page.html
    """
    if text + raw + as_json > 1:
        raise ConfigError("--text, --raw and --json exclude each other: give one of them")
    with Database.open(config()) as database, database.begin() as conn:
        report = store.get_report(conn, find_report(conn, report_id), number)
        if raw:
            typer.echo(_archived(conn, report), nl=False)
            return
    if as_json:
        print_json(report)
    elif text:
        print_text(report["text"])
    else:
        _print_report(report)


def _archived(conn: Connection, report: dict[str, Any]) -> bytes:
    """The page of a version without its content coding. Raises ArchiveError when it is not in the archive of this machine."""
    find = partial(find_capture, conn)
    capture = find(report["capture"]["record_id"])
    assert capture is not None  # the version refers to its row
    return read_entity(ArchiveDirectory(config().archive_dir), capture, find)[1]


def _print_report(report: dict[str, Any]) -> None:
    facts = table("", "")
    facts.show_header = False
    for key in _HEAD:
        facts.add_row(key, plain(report[key]))
    if report["gone_at"] is not None:
        facts.add_row("gone", f"{plain(report['gone_at'])} UTC: the portal no longer has it")
    if report["organ"] is not None:
        facts.add_row("organ", plain(report["organ"]["name"]))
    console.print(facts)
    console.print()
    console.print(report["text"])
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
        console.print(escaped(f"attachment: {attachment['name']} {attachment['status']}{reason}"))


def versions(report_id: ReportId, *, as_json: AsJson = False) -> None:
    """List the versions of one report, oldest first."""
    with Database.open(config()) as database, database.begin() as conn:
        rows = store.list_versions(conn, find_report(conn, report_id))
    show_rows(
        rows,
        {
            "Version": "version",
            "Fetched": "fetched_at",
            "Characters": "chars",
            "Flags": "flags",
            "Reason": "reason",
            "Current": lambda row: "*" if row["current"] else "",
        },
        as_json=as_json,
    )


def diff(
    report_id: ReportId,
    a: Annotated[
        int | None, typer.Argument(min=1, max=MOST, help="Older version; the last but one by default.")
    ] = None,
    b: Annotated[int | None, typer.Argument(min=1, max=MOST, help="Newer version; the last by default.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what changed between two versions of a report."""
    with Database.open(config()) as database, database.begin() as conn:
        found = find_report(conn, report_id)
        newest = max(row["version"] for row in store.list_versions(conn, found))
        newer = b if b is not None else newest
        older = a if a is not None else newer - 1
        if older < 1:
            raise NotFoundError(f"report {report_id} has only one version: nothing to compare")
        sides = [store.get_report(conn, found, number) for number in (older, newer)]
    changes = compare(*(side["text"] for side in sides))
    if as_json:
        print_json({"id": found, "key": sides[0]["key"], "a": older, "b": newer, "changes": changes})
        return
    if not changes:
        console.print(f"versions {older} and {newer} have the same text")
    for change in changes:
        console.print(_line_of(change))


def _line_of(change: Change) -> Text:
    """One changed line: removed text struck out, new text in green, and both marked by signs for a print without colours."""
    sign = "-" if change.new_line is None else "+" if change.old_line is None else "~"
    line = Text(f"{change.old_line or ''}\t{change.new_line or ''}\t{sign} ")
    for piece in change.pieces:
        marks = {"old": ("[-", "-]"), "new": ("{+", "+}")}.get(piece.kind, ("", "")) if sign == "~" else ("", "")
        line.append(f"{marks[0]}{escaped(piece.text)}{marks[1]}", style=_STYLES[piece.kind])
    return line


def search(
    query: Annotated[
        list[str], typer.Argument(help='Terms, all of them wanted; "…" as written, a | b either, a -b not b.')
    ],
    portal: PortalName = None,
    year: Year = None,
    *,
    since: Since = None,
    until: Until = None,
    division: Division = None,
    issuer: Issuer = None,
    organ: Organ = None,
    flag: Flag = None,
    gone: Gone = False,
    changed: Changed = False,
    tampered: Tampered = False,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Find the reports that hold all terms, best first.

    Examples: gxgk search 营商环境 依申请公开; gxgk search '疫情 | 防控 -培训' --division 15 --since 2020
    """
    asked = " ".join(query)
    filters = Filters(
        portal=portal,
        year=year,
        since=since,
        until=until,
        division=division,
        issuer=issuer,
        organ=organ,
        flag=flag,
        state=chosen_state(gone=gone, changed=changed, tampered=tampered),
    )
    with Database.open(config()) as database, database.begin() as conn:
        expect_known(conn, filters)
        found = search_store.search(conn, asked, filters, limit or MOST)
        reason = None if found.hits else unmet(conn, filters)
    if as_json:
        print_json(found.hits)
    else:
        _print_hits(found)
    if not found.hits:
        for line in (reason, *described(asked)):
            if line is not None:
                warn(line)


def _print_hits(found: Found) -> None:
    for hit in found.hits:
        gone = " (gone)" if hit.gone_at else ""
        head = Text(escaped(f"{hit.id}  {hit.key}  {hit.year or ''}  {hit.title or hit.url}{gone}"), style="bold")
        console.print(head)
        heading = f"{escaped(hit.heading)}: " if hit.heading else ""
        console.print(Padding(Text(heading).append_text(_marked(hit.snippet, hit.marks)), (0, 0, 0, 4)))
    shown = f"{len(found.hits)} of " if len(found.hits) < found.total else ""
    errors.print(f"{shown}{found.total}{'+' if found.more else ''} report(s)")


def _marked(snippet: str, marks: list[tuple[int, int]]) -> Text:
    """The snippet in one line, its hits in brackets and bold: the brackets are seen in a pipe too."""
    text, at = Text(), 0
    for start, end in marks:
        text.append(_in_one_line(snippet[at:start]))
        text.append(f"【{escaped(snippet[start:end])}】", style="bold")
        at = end
    return text.append(_in_one_line(snippet[at:]))


def _in_one_line(text: str) -> str:
    return escaped(text.replace("\n", " "))
