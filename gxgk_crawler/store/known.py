"""What earlier crawls left: which reports and pages the next one need not fetch again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, Text, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from gxgk_crawler.items import TAMPERED
from gxgk_crawler.store import models
from gxgk_crawler.store.captures import capture_of, captures_query
from gxgk_crawler.store.warc_files import files_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from gxgk_crawler.items import Capture

_ONE_CRAWL = timedelta(hours=12)  # what was seen within it was seen by the same crawl


def known_reports(conn: Connection, portal: str) -> dict[str, datetime]:
    """Canonical URL of every report of the portal, and when it was last requested."""
    report = models.report.c
    query = (
        select(report.url, report.checked_at)
        .join(models.portal, models.portal.c.id == report.portal_id)
        .where(models.portal.c.name == portal)
    )
    return {row.url: row.checked_at for row in conn.execute(query)}


def read_from(conn: Connection, portal: str) -> list[tuple[str, str]]:
    """Canonical URL of every report of the portal whose newest version was read from another URL, and that URL."""
    version, report, capture = models.report_version.c, models.report.c, models.capture.c
    newest = (
        select(report.url, capture.url.label("fetched"))
        .join(models.portal, models.portal.c.id == report.portal_id)
        .join(models.report_version, version.report_id == report.id)
        .join(models.capture, capture.id == version.capture_id)
        .where(models.portal.c.name == portal)
        .ext(distinct_on(report.id))
        .order_by(report.id, version.number.desc())
        .subquery()
    )
    query = select(newest.c.url, newest.c.fetched).where(newest.c.url != newest.c.fetched)
    return [(row.url, row.fetched) for row in conn.execute(query)]


def newest_places(conn: Connection, portal: str) -> dict[str, frozenset[str]]:
    """Canonical URL of every report that is not gone -> URLs of the lists that showed it when a list last did."""
    report, place = models.report.c, models.report_place.c
    query = (
        select(report.url, place.url.label("place"), place.last_seen)
        .join(models.portal, models.portal.c.id == report.portal_id)
        .join(models.report_place, place.report_id == report.id)
        .where(models.portal.c.name == portal, report.gone_at.is_(None))
    )
    found: dict[str, list[tuple[datetime, str]]] = {}
    for row in conn.execute(query):
        found.setdefault(row.url, []).append((row.last_seen, row.place))
    return {
        url: frozenset(place for seen, place in places if seen >= max(places)[0] - _ONE_CRAWL)
        for url, places in found.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """A page that an earlier crawl has fetched. failed: URLs that this crawl could not fetch or read."""

    url: str
    fetched_at: datetime
    status: int
    failed: frozenset[str]


def fetched_pages(conn: Connection, portal: str) -> list[FetchedPage]:
    """The last fetch of every page, with the failures of its crawl.

    Only crawls that were completed count, because only they have read all that they fetched, and only complete answers that a
    second request would not improve (neither 429 nor 5xx).
    """
    capture, crawl = models.capture.c, models.crawl.c
    query = (
        select(capture.url, capture.fetched_at, capture.status, crawl.id, crawl.failures)
        .join(models.portal, models.portal.c.id == capture.portal_id)
        .join(models.crawl, crawl.id == capture.crawl_id)
        .where(
            models.portal.c.name == portal,
            capture.role.in_(("page", "report")),
            capture.status < 500,
            capture.status != 429,
            capture.truncated.is_(None),
            crawl.outcome != "storage",
            crawl.counts["stopped"].as_integer() == 0,
        )
        .ext(distinct_on(capture.url))
        .order_by(capture.url, capture.fetched_at.desc())
    )
    failed: dict[int, frozenset[str]] = {}
    pages = []
    for row in conn.execute(query):
        if row.id not in failed:
            failed[row.id] = frozenset(f["url"] for f in row.failures if f["kind"] == "failed")
        pages.append(FetchedPage(url=row.url, fetched_at=row.fetched_at, status=row.status, failed=failed[row.id]))
    return pages


def tampered(conn: Connection, portal: str) -> set[str]:
    """Canonical URLs of the reports whose newest version was tampered with, whatever version is current."""
    version, report = models.report_version.c, models.report.c
    newest = (
        select(version.report_id, version.flags)
        .ext(distinct_on(version.report_id))
        .order_by(version.report_id, version.number.desc())
        .subquery()
    )
    query = (
        select(report.url)
        .join(models.portal, models.portal.c.id == report.portal_id)
        .join(newest, newest.c.report_id == report.id)
        .where(models.portal.c.name == portal, or_(*(newest.c.flags.any(flag) for flag in sorted(TAMPERED))))
    )
    return set(conn.execute(query).scalars())


def held(conn: Connection, portal: str) -> dict[int | None, int]:
    """How many reports of the portal are there and not gone, by reporting year; None for those that name none."""
    query = (
        select(models.report.c.year, func.count())
        .join(models.portal, models.portal.c.id == models.report.c.portal_id)
        .where(models.portal.c.name == portal, models.report.c.gone_at.is_(None))
        .group_by(models.report.c.year)
    )
    return {year: int(count) for year, count in conn.execute(query).tuples()}


def originals(conn: Connection, portal: str, *, is_here: Callable[[str], bool] = lambda _: True) -> list[Capture]:
    """The last whole 200 response of every URL of the portal, with its bytes: what a page not modified is read from.

    is_here: whether the WARC file of that name can be read here. Another machine's captures are no originals for this one:
    so every archive holds all that its own revisits refer to.
    """
    capture, file = models.capture.c, models.warc_file.c
    names = [name for name in files_of(conn, portal) if is_here(name)]
    query = (
        captures_query()
        .where(
            models.portal.c.name == portal,
            file.name == any_(bindparam("names", names, type_=ARRAY(Text))),
            capture.status == 200,
            capture.method == "GET",
            capture.role != "robots",
            capture.refers_to.is_(None),
            capture.truncated.is_(None),
        )
        .ext(distinct_on(capture.url))
        .order_by(capture.url, capture.fetched_at.desc())
    )
    return [capture_of(row) for row in conn.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that the archive has. capture: the last answer for its URL. original: the capture that holds its bytes."""

    capture: Capture
    original: Capture


def kept_files(
    conn: Connection, portal: str, since: datetime, *, is_here: Callable[[str], bool] = lambda _: True
) -> dict[str, KeptFile]:
    """The attachments, images and style sheets of the portal whose last answer is younger than `since` and good, by URL.

    Good is a whole 200, or that nothing has changed. is_here: as for `originals`.
    """
    capture = models.capture.c
    query = (
        captures_query()
        .where(
            models.portal.c.name == portal,
            capture.role.in_(("attachment", "image", "stylesheet")),
            capture.method == "GET",
            capture.fetched_at > since,
        )
        .ext(distinct_on(capture.url))
        .order_by(capture.url, capture.fetched_at.desc())
    )
    good = [c for c in map(capture_of, conn.execute(query)) if c.status in {200, 304} and c.truncated is None]
    referred = {c.refers_to for c in good if c.refers_to is not None}
    wanted = captures_query().where(capture.record_id.in_(referred), capture.status == 200)
    originals = {c.record_id: c for c in map(capture_of, conn.execute(wanted))} if referred else {}
    originals |= {c.record_id: c for c in good if c.refers_to is None and c.status == 200}
    found = {c.url: (c, originals.get(c.refers_to or c.record_id)) for c in good}
    kept = {url: KeptFile(capture=c, original=o) for url, (c, o) in found.items() if o is not None}
    files = {name for file in kept.values() for name in (file.capture.warc_file, file.original.warc_file)}
    here = {name for name in files if is_here(name)}
    return {url: file for url, file in kept.items() if {file.capture.warc_file, file.original.warc_file} <= here}
