"""Reports: lists of them, one version with what was removed in its place, its versions, and what changed between two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gxgk_crawler.analysis.citation import CitedVersion, citations, cited_version
from gxgk_crawler.analysis.coverage import name_of
from gxgk_crawler.analysis.diff import changed_figures, compare
from gxgk_crawler.analysis.passages import text_blocks
from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.items import TAMPERED
from gxgk_crawler.rules.divisions import code_prefixes
from gxgk_crawler.statutory.deadlines import deadline, organ_of
from gxgk_crawler.store import report_queries as store
from gxgk_crawler.store.figures.text_reuse import reuse_of
from gxgk_crawler.store.identity.report_keys import find_report
from gxgk_crawler.store.views import events, provenance
from gxgk_crawler.store.views.report_lists import Listed, key_of, neighbours, report_page
from gxgk_crawler.store.views.session import reading
from gxgk_crawler.store.views.withholding import withheld_report
from gxgk_crawler.web.address import address_of, report_address
from gxgk_crawler.web.answers import CsvRows, MissingError, Move, MovedError, RoomPage, WithheldError
from gxgk_crawler.web.masking import masked, masked_rows, masked_text
from gxgk_crawler.web.room import following
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.analysis.diff import Change
    from gxgk_crawler.web.answers import Answer
    from gxgk_crawler.web.room import Ask

COLUMNS = (
    "id", "key", "portal", "url", "title", "issuer", "division", "year", "published_on", "version", "flags", "gone_at", "first_seen",
)  # fmt: skip
_BLOCKS = 400  # paragraphs of one page; a text may have 100,000
_AT_ONCE = 500


def reports(ask: Ask) -> RoomPage:
    """Reports by portal, year, division and flag, newest year first."""
    division = ask.text("division")
    listed = Listed(
        prefix=code_prefixes(division)[0] if division else "",
        portal=ask.text("portal"),
        year=ask.number("year"),
        flag=ask.text("flag"),
        gone=ask.text("gone") is not None,
    )
    limit = ask.number("limit", 1, 500) or 50
    page = report_page(ask.conn, listed, after=ask.text("after"), limit=limit)
    rows = masked_rows(ask, page.rows)
    return RoomPage(
        template="reports",
        title=str(say(ask.language, "reports.title")),
        data=rows,
        rows=CsvRows(columns=COLUMNS, rows=lambda: _every(ask, listed)),
        next=following(ask, page.after),
        show={"rows": rows, "listed": listed},
    )


def _every(ask: Ask, listed: Listed) -> Iterator[dict[str, Any]]:
    """All rows of a list. Each part is a transaction of its own, so that no reader holds one open."""
    after: str | None = None
    while True:
        with reading(ask.room.database) as conn:
            page = report_page(conn, listed, after=after, limit=_AT_ONCE)
        yield from masked_rows(ask, page.rows)
        after = page.after
        if after is None:
            return


def read_version(ask: Ask, *, original: bool = False) -> dict[str, Any]:
    """The report and version that the address names, the current one when it names none.

    Raises MissingError, and WithheldError when it is withheld. original: the archived page is wanted.
    """
    report_id = report_number(ask)
    held = withheld_report(ask.conn, report_id)
    if held is not None and (held.scope == "text" or original):
        raise WithheldError(held.reason, held.withheld_at.isoformat())
    number = ask.path.get("number")
    if number is not None and not _is_number(number):
        raise MissingError("version")
    return masked(ask, store.get_report(ask.conn, report_id, None if number is None else int(number)))


def report_number(ask: Ask) -> int:
    """The number of the report that the address names by its key.

    Raises MissingError when there is none, and MovedError for its number, an old key or another spelling.
    """
    given = ask.path["key"]
    try:
        found = find_report(ask.conn, given)
    except NotFoundError:
        raise MissingError("report") from None
    key = key_of(ask.conn, found)
    if given != key:
        path = ask.address.replace(f"/reports/{given}", report_address(key), 1)
        raise MovedError(address_of(path, ask.language, ask.format, **ask.query))
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def report(ask: Ask) -> RoomPage:
    """One version of a report: its text with every removed word in its place, what is known of it, and how to cite it."""
    found = read_version(ask)
    versions = store.list_versions(ask.conn, found["id"])
    blocks = text_blocks(found["extracted_text"], found["edits"], found["grids"])
    begin = ask.number("from") or 0
    due = None if found["year"] is None else deadline(found["year"], organ_of(name_of(found)))
    captures = provenance.version_captures(ask.conn, found["id"], found["version"])
    history = masked_rows(ask, events.all_of_report(ask.conn, found["id"]))
    kinds = [edit["kind"] for edit in found["edits"]]
    return RoomPage(
        template="report",
        title=found["title"] or found["url"],
        data=found,
        rows=_edit_rows(found),
        text=found["text"] + "\n",
        feed=_feed(found, history),
        show={
            "report": found,
            "versions": versions,
            "blocks": blocks[begin : begin + _BLOCKS],
            "begin": begin,
            "step": _BLOCKS,
            "total": len(blocks),
            "due": due,
            "days": _days_early(found["published_on"], due),
            "tampered": sorted(TAMPERED & set(found["flags"])),
            "removed": {"chrome": kinds.count("chrome"), "spam": kinds.count("spam")},
            "captures": captures,
            "others": neighbours(ask.conn, found["id"]),
            "history": history,
            "cite": citations(_cited(ask, found, captures)),
            "is_permanent": "number" in ask.path,
            "marked": ask.text("q"),
        },
    )


def _feed(found: dict[str, Any], history: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": found["title"] or found["url"], "path": report_address(found["key"]), "events": history}


def _days_early(published_on: str | None, due: date | None) -> int | None:
    """Days from the publication to the legal day; negative when it came late."""
    if published_on is None or due is None:
        return None
    return (due - date.fromisoformat(published_on)).days


def _cited(ask: Ask, found: dict[str, Any], captures: list[dict[str, Any]]) -> CitedVersion:
    """What a citation of this version says."""
    address = f"{ask.url}{report_address(found['key'])}/v/{found['version']}"
    return cited_version(found, address, captures[0]["payload_sha256"])


def cite(ask: Ask) -> RoomPage:
    """The four citations of one version."""
    found = read_version(ask)
    captures = provenance.version_captures(ask.conn, found["id"], found["version"])
    forms = citations(_cited(ask, found, captures))
    return RoomPage(
        template="cite",
        title=str(say(ask.language, "cite.title")),
        data={"id": found["id"], "version": found["version"], **forms},
        text=f"{forms['gbt7714']}\n",
        show={"report": found, "cite": forms},
    )


_EDIT_COLUMNS = ("report", "version", "kind", "rule", "start", "end", "text", "suggestion")


def _edit_rows(found: dict[str, Any]) -> CsvRows:
    rows = [{"report": found["id"], "version": found["version"], **edit} for edit in found["edits"]]
    return CsvRows(columns=_EDIT_COLUMNS, rows=lambda: rows)


def removed(ask: Ask) -> RoomPage:
    """All that was removed from one version, one row each."""
    found = read_version(ask)
    return RoomPage(
        template="removed",
        title=str(say(ask.language, "removed.title")),
        data=found["edits"],
        rows=_edit_rows(found),
        show={"report": found},
        is_hidden=True,
    )


def versions(ask: Ask) -> RoomPage:
    """The versions of a report, oldest first."""
    found = read_version(ask)
    rows = store.list_versions(ask.conn, found["id"])
    return RoomPage(
        template="versions",
        title=str(say(ask.language, "versions.title")),
        data=rows,
        rows=CsvRows(columns=tuple(rows[0]), rows=lambda: rows),
        show={"report": found, "versions": rows},
    )


def diff(ask: Ask) -> Answer:
    """What changed between two versions."""
    older, _, newer = ask.path["span"].partition("..")
    if not (_is_number(older) and _is_number(newer)):
        raise MissingError("version")
    a, b = (read_version(_of_version(ask, number)) for number in (older, newer))
    if int(older) > int(newer):
        return Move(to=f"{report_address(b['key'])}/diff/{newer}..{older}")
    changes = _changes(a["text"], b["text"])
    return RoomPage(
        template="diff",
        title=str(say(ask.language, "diff.title", a=older, b=newer)),
        data={"id": b["id"], "a": int(older), "b": int(newer), "changes": changes},
        show={
            "report": b,
            "before": a,
            "changes": changes,
            "figures": changed_figures(list(changes)),
            "lines": b["text"].splitlines(),
            "versions": store.list_versions(ask.conn, b["id"]),
        },
    )


def _of_version(ask: Ask, number: str) -> Ask:
    return replace(ask, path={**ask.path, "number": number})


@lru_cache(maxsize=16)
def _changes(old: str, new: str) -> tuple[Change, ...]:
    return tuple(compare(old, new))


def reused(ask: Ask) -> RoomPage:
    """What a report takes over word for word from the year before, and shares with those of its neighbours; keys of `gxgk reuse`."""
    found = read_version(ask)
    rows = reuse_of(ask.conn, found["id"])
    for row in rows:
        row["spans"] = [{**span, "text": masked_text(ask, span["text"])} for span in row["spans"]]
    columns = ("kind", "share", "characters", "report", "organ", "year", "runs")
    sheet = [
        {
            **{name: row[name] for name in ("kind", "share", "characters")},
            "report": row["other"]["key"],
            "organ": row["other"]["organ"],
            "year": row["other"]["year"],
            "runs": len(row["spans"]),
        }
        for row in rows
    ]
    return RoomPage(
        template="reuse",
        title=str(say(ask.language, "reuse.title")),
        data=rows,
        rows=CsvRows(columns=columns, rows=lambda: sheet),
        show={"report": found, "rows": rows},
    )
