"""What a crawl must know of earlier ones: which reports and pages it need not fetch again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from gxgk_crawler.store import models

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def known_reports(conn: Connection, portal: str) -> dict[str, datetime]:
    """Canonical URL of every report of the portal, and when it was last asked for."""
    report = models.report.c
    query = (
        select(report.url, report.checked_at)
        .join(models.portal, models.portal.c.id == report.portal_id)
        .where(models.portal.c.name == portal)
    )
    return {row.url: row.checked_at for row in conn.execute(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """A page that an earlier crawl has dealt with. failed: URLs that this crawl could not read or have."""

    url: str
    fetched_at: datetime
    status: int
    failed: frozenset[str]


def fetched_pages(conn: Connection, portal: str) -> list[FetchedPage]:
    """The last fetch of every page, with the failures of its crawl.

    Only crawls that came to their end count, since only they have read all they fetched, and only whole answers that a
    second request would not better (neither 429 nor 5xx).
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


def count_held(conn: Connection, portal: str) -> int:
    """How many reports of the portal are there and not gone."""
    query = (
        select(func.count())
        .select_from(models.report)
        .join(models.portal, models.portal.c.id == models.report.c.portal_id)
        .where(models.portal.c.name == portal, models.report.c.gone_at.is_(None))
    )
    return int(conn.execute(query).scalar_one())


def save_sighting(conn: Connection, portal: str, url: str, channel: str) -> None:
    """Write down that a known report was seen in a list now, without being fetched."""
    report, place = models.report, models.report_place
    found = conn.execute(
        update(report)
        .where(
            report.c.url == url,
            report.c.portal_id == select(models.portal.c.id).where(models.portal.c.name == portal).scalar_subquery(),
        )
        .values(last_seen=func.now())
        .returning(report.c.id)
    ).scalar()
    if found is not None:
        conn.execute(
            insert(place)
            .values(report_id=found, url=channel, first_seen=func.now(), last_seen=func.now())
            .on_conflict_do_update(index_elements=["report_id", "url"], set_={"last_seen": func.now()})
        )


def count_captures(conn: Connection) -> int:
    """How many captures the database knows."""
    return int(conn.execute(select(func.count()).select_from(models.capture)).scalar_one())
