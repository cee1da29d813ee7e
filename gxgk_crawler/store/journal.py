"""Entries of the archive applied to the database: by the crawl that made them, by recovery, and by `gxgk reindex`.

Each may be applied any number of times, also after later ones: what is there stays, first times only move back and last times forward.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from gxgk_crawler.entries import CrawlEnded, CrawlStarted, ReportGone, ReportRead, Seen
from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.extract.facts.organ import organ_in
from gxgk_crawler.items import Capture
from gxgk_crawler.portal import Portal
from gxgk_crawler.store import captures, channels, crawls, models, reports, warc_files
from gxgk_crawler.store.identity.report_keys import report_id_of
from gxgk_crawler.store.storable import storable
from gxgk_crawler.store.views.coverage_years import refresh_coverage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from gxgk_crawler.entries import Entry
    from gxgk_crawler.items import ArchiveLocation, Report, ReportingOrgan, Sighting
    from gxgk_crawler.store.prepared import Prepared
    from gxgk_crawler.store.reports import Saved


def apply(conn: Connection, entry: Entry, prepared: Prepared | None = None) -> Saved | None:
    """Write what the entry says; for a report, what became of it.

    prepared: the document of a report as the database takes it, where another process has made it.
    """
    match entry:
        case CrawlStarted():
            _start_crawl(conn, entry)
        case CrawlEnded():
            _end_crawl(conn, entry)
        case Seen():
            _save_seen(conn, entry)
        case ReportGone():
            _save_gone(conn, entry)
        case ReportRead():
            return _save_report(conn, entry, prepared)
    return None


def _start_crawl(conn: Connection, entry: CrawlStarted) -> None:
    portal = Portal(title=entry.title, entry=entry.entry, division=entry.division, site_code=entry.site_code)
    crawls.register_portal(conn, entry.portal, portal, entry.family)
    table = models.portal
    first = func.least(table.c.created_at, entry.at)
    conn.execute(update(table).where(table.c.name == entry.portal).values(created_at=first))
    crawls.start_crawl(
        conn,
        entry.portal,
        entry.at,
        software_version=entry.software_version,
        settings_digest=entry.settings_digest,
        host=entry.host,
    )


def _end_crawl(conn: Connection, entry: CrawlEnded) -> None:
    number = crawls.crawl_id(conn, entry.portal, entry.started_at)
    if number is not None:
        crawls.finish_crawl(conn, number, entry.result, entry.at)
        refresh_coverage(conn, entry.portal)


def _save_seen(conn: Connection, entry: Seen) -> None:
    channels.save_channels(conn, entry.portal, [replace(channel, seen_at=entry.at) for channel in entry.channels])
    for sighting in entry.sightings:
        _save_sighting(conn, entry.portal, sighting, entry.at)


def _save_report(conn: Connection, entry: ReportRead, prepared: Prepared | None) -> Saved:
    report = entry.report
    if prepared is None and report.document.organ is None:
        report = replace(report, document=replace(report.document, organ=_organ(conn, report)))
    return reports.save_report(
        conn,
        report,
        prepared=prepared,
        extractor_version=entry.extractor_version,
        reason=entry.reason,
        started_at=entry.started_at,
        read_at=entry.at,
    )


def _organ(conn: Connection, report: Report) -> ReportingOrgan | None:
    """The organ of a report that an earlier version read, which did not ask for it."""
    table = models.portal.c
    found = conn.execute(
        select(table.title, table.entry, table.division).where(table.name == report.portal)
    ).one_or_none()
    portal = None if found is None else Portal(title=found.title, entry=found.entry, division=found.division)
    return organ_in(report.document, portal)


def _save_gone(conn: Connection, entry: ReportGone) -> None:
    report = models.report
    found = report_id_of(conn, entry.portal, entry.url)
    if found is None:
        return
    checked = conn.execute(select(report.c.checked_at).where(report.c.id == found)).scalar_one()
    if checked <= entry.capture.fetched_at:  # else it was there again later
        mark_gone(conn, entry.portal, entry.url, entry.capture.fetched_at, entry.capture)


def mark_gone(conn: Connection, portal: str, url: str, at: datetime, capture: Capture) -> None:
    """Write that the URL of a known report answers 404 or 410, proved by `capture`; its text stays.

    Raises NotFoundError when the report is not known.
    """
    captures.save_captures(conn, [capture], portal=portal)
    number = report_id_of(conn, portal, url)
    if number is None:
        raise NotFoundError(f"no report {url} of portal {portal}")
    table = models.report
    values = {
        "gone_at": func.coalesce(table.c.gone_at, at),
        "checked_at": func.greatest(table.c.checked_at, at),
    }
    conn.execute(update(table).where(table.c.id == number).values(values))


def url_of(what: object) -> str:
    """What a message calls an item of the archive by: its URL, or the portal that it concerns."""
    match what:
        case Capture() | ReportGone():
            return what.url
        case ReportRead():
            return what.report.url
        case CrawlStarted() | CrawlEnded() | Seen():
            return what.portal
    return str(what)


def assure_portal(conn: Connection, name: str, *, entry: str, at: datetime) -> bool:
    """Insert a row of the portal, with its name as title, when there is none; true when there was none."""
    values = {"name": name, "title": name, "family": "unknown", "entry": storable(entry), "created_at": at}
    made = insert(models.portal).values(values).on_conflict_do_nothing().returning(models.portal.c.id)
    return conn.execute(made).first() is not None


def save_captures(
    conn: Connection,
    found: Iterable[Capture],
    *,
    place: ArchiveLocation,
    portal: str | None,
    started_at: datetime | None,
) -> None:
    """Write captures as the crawl of `portal` that started at `started_at` does. An unknown portal is left out.

    place: where their files lie.
    """
    found = list(found)
    warc_files.put(conn, sorted({capture.warc_file for capture in found}), place)
    known = None
    if portal is not None:
        known = conn.execute(select(models.portal.c.name).where(models.portal.c.name == portal)).scalar()
    captures.save_captures(conn, found, portal=known, started_at=None if known is None else started_at)


def _save_sighting(conn: Connection, portal: str, sighting: Sighting, at: datetime) -> None:
    found = report_id_of(conn, portal, sighting.url)
    if found is None:
        return
    report, place = models.report, models.report_place
    seen = func.greatest(report.c.last_seen, at)
    checked = {"checked_at": func.greatest(report.c.checked_at, at)} if sighting.checked else {}
    conn.execute(update(report).where(report.c.id == found).values(last_seen=seen, **checked))
    if sighting.channel is None:
        return
    statement = insert(place).values(report_id=found, url=storable(sighting.channel), first_seen=at, last_seen=at)
    later = {"last_seen": func.greatest(place.c.last_seen, at)}
    conn.execute(statement.on_conflict_do_update(index_elements=[place.c.report_id, models.URL_KEY], set_=later))
