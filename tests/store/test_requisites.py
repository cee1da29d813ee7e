"""What a version needs to be shown goes with it: further pages, style sheets, images; and is exported with its year."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from gxgk_crawler.entries import ReportRead, from_json, to_json
from gxgk_crawler.store import known, models
from gxgk_crawler.store.captures import save_captures
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.reports import save_report
from gxgk_crawler.store.selection import report_captures
from tests.store.samples import PORTAL, START, capture, report

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gxgk_crawler.items import Capture, Report


def needed(conn: Connection, number: int = 1) -> dict[str, int | None]:
    """Part by record id, of that version of the only report."""
    needs, version = models.version_capture.c, models.report_version.c
    query = (
        select(models.capture.c.record_id, needs.part)
        .join(models.version_capture, needs.capture_id == models.capture.c.id)
        .join(models.report_version, version.id == needs.report_version_id)
        .where(version.number == number)
    )
    return {row.record_id: row.part for row in conn.execute(query)}


def with_needs(found: Report, parts: list[Capture], requisites: list[Capture]) -> Report:
    return replace(found, parts=parts, requisites=[one.record_id for one in requisites])


def test_a_version_has_its_parts_and_requisites(conn: Connection) -> None:
    parts = [capture(role="report") for _ in range(2)]
    sheet, image = capture(role="stylesheet", url="https://www.sample.gov.cn/a.css"), capture(role="image")
    save_captures(conn, [sheet, image], portal="sample")
    lost = capture(role="image")
    found = with_needs(report("文一"), parts, [sheet, image, sheet, lost])
    save_report(conn, found, extractor_version="1")
    expected: dict[str, int | None] = {
        parts[0].record_id: 2,
        parts[1].record_id: 3,
        sheet.record_id: None,
        image.record_id: None,
    }
    assert needed(conn) == expected
    save_report(conn, found, extractor_version="1")
    assert needed(conn) == expected, "written twice is written once"
    again = replace(found, document=replace(found.document, text="文二"))
    assert save_report(conn, again, extractor_version="2", reason="reextract").version == 2
    assert needed(conn, 2) == expected


def test_a_version_from_before_gets_them_and_keeps_them(conn: Connection) -> None:
    first, second = capture(role="stylesheet"), capture(role="stylesheet")
    save_captures(conn, [first, second], portal="sample")
    save_report(conn, report("文"), extractor_version="1")
    assert needed(conn) == {}
    save_report(conn, with_needs(report("文", 1), [], [first]), extractor_version="1")
    assert needed(conn) == {first.record_id: None}
    save_report(conn, with_needs(report("文", 2), [], [second]), extractor_version="1")
    assert needed(conn) == {first.record_id: None}


def test_a_year_is_exported_with_them_and_with_the_originals_of_revisits(conn: Connection) -> None:
    original = capture(role="stylesheet")
    revisit = capture(role="stylesheet", status=304, refers_to=original.record_id)
    other = capture(role="stylesheet")
    part = capture(role="report")
    save_captures(conn, [original, revisit, other], portal="sample")
    found = with_needs(report("文"), [part], [revisit])
    save_report(conn, found, extractor_version="1")
    wanted = {found.capture.record_id, part.record_id, revisit.record_id, original.record_id}
    assert report_captures(conn, year=2020).keys() == wanted
    assert report_captures(conn, year=2019) == {}


def test_what_the_archive_has_fresh(conn: Connection) -> None:
    """Good is the last answer, if it is whole and young and its bytes lie here."""

    def answer(name: str, day: float, **facts: object) -> Capture:
        facts = {"role": "stylesheet", "url": f"https://www.sample.gov.cn/{name}.css"} | facts
        return capture(day, **facts)

    fresh, old, image = answer("fresh", 9), answer("old", 1), answer("image", 9, role="image")
    first = answer("revisit", 1)
    revisit = answer("revisit", 9, status=304, refers_to=first.record_id)
    away = answer("away", 9, warc_file="gxgk-20260101000000000-00001-other-77.warc.gz")
    bad = [
        answer("cut", 9, truncated="length"),
        answer("gone", 8),
        answer("gone", 9, status=404),
        answer("orphan", 9, status=304, refers_to="urn:uuid:none"),
        answer("page", 9, role="page"),
    ]
    save_captures(conn, [fresh, old, image, first, revisit, away, *bad], portal="sample")
    register_portal(conn, "other", PORTAL, "generic")
    save_captures(conn, [answer("other", 9)], portal="other")
    kept = known.kept_files(conn, "sample", START + timedelta(days=5), is_here=lambda name: "a-host" in name)
    assert {url.rpartition("/")[2] for url in kept} == {"fresh.css", "image.css", "revisit.css"}
    assert (kept[revisit.url].capture, kept[revisit.url].original) == (revisit, first)
    assert (kept[fresh.url].capture, kept[fresh.url].original) == (fresh, fresh)


@pytest.mark.parametrize("missing", [("requisites",), ("requisites", "parts")])
def test_an_archive_from_before_stays_readable(missing: tuple[str, ...]) -> None:
    """Entries that an earlier release wrote name no requisites."""
    found = replace(report("文"), requisites=["urn:uuid:1"])
    entry = ReportRead(at=START, report=found, extractor_version="1")
    written = json.loads(to_json(entry))
    assert written["report"]["requisites"] == ["urn:uuid:1"]
    for name in missing:
        del written["report"][name]
    assert from_json(json.dumps(written).encode()) == replace(entry, report=replace(found, requisites=[]))
