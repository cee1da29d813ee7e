"""Portals and their crawls: one row when a crawl starts, completed when it ends; a killed crawl keeps an open row."""

from __future__ import annotations

import platform
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.store import models
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gxgk_crawler.items import CrawlResult
    from gxgk_crawler.portal import Portal


def register_portal(conn: Connection, name: str, portal: Portal, family: str) -> None:
    """Write down what the portal file says; repeatable. Raises ConfigError when its division code is not known."""
    if portal.division is not None:
        known = conn.execute(select(models.division.c.code).where(models.division.c.code == portal.division))
        if known.first() is None:
            raise ConfigError(f"portal {name}: division {portal.division} is not in rules/divisions.csv")
    values = {
        "title": portal.title,
        "family": family,
        "division": portal.division,
        "site_code": portal.site_code,
        "entry": portal.entry,
    }
    conn.execute(
        insert(models.portal).values(name=name, **values).on_conflict_do_update(index_elements=["name"], set_=values)
    )


def portal_id(conn: Connection, name: str) -> int:
    """Number of the portal. Raises NotFoundError."""
    number = conn.execute(select(models.portal.c.id).where(models.portal.c.name == name)).scalar()
    if number is None:
        raise NotFoundError(f"no portal {name} in the database")
    return int(number)


def start_crawl(
    conn: Connection, portal_name: str, *, software_version: str, settings_digest: str | None = None
) -> int:
    """Open the row of a crawl that begins now; returns its number. Raises NotFoundError for an unregistered portal."""
    row = {
        "portal_id": portal_id(conn, portal_name),
        "started_at": func.clock_timestamp(),
        "software_version": software_version,
        "settings_digest": settings_digest,
        "host": platform.node(),
    }
    return int(conn.execute(insert(models.crawl).values(row).returning(models.crawl.c.id)).scalar_one())


def finish_crawl(conn: Connection, crawl_id: int, result: CrawlResult) -> None:
    """Complete the row of a crawl that ends now."""
    row = {
        "finished_at": func.clock_timestamp(),
        "outcome": result.outcome,
        "cause": storable(result.cause),
        "evidence_url": storable(result.evidence_url),
        "counts": result.counts,
        "failures": storable([asdict(failure) for failure in result.failures]),
    }
    conn.execute(update(models.crawl).where(models.crawl.c.id == crawl_id).values(row))


def last_crawls(conn: Connection, portal: str | None = None) -> list[dict[str, Any]]:
    """All crawls (of one portal), newest first.

    Keys: id, portal, started_at, finished_at, outcome, cause, evidence_url, counts, failures, software_version, host.
    outcome and finished_at are None while a crawl runs and for one that was killed.
    """
    crawl = models.crawl.c
    query = (
        select(
            crawl.id,
            models.portal.c.name.label("portal"),
            crawl.started_at,
            crawl.finished_at,
            crawl.outcome,
            crawl.cause,
            crawl.evidence_url,
            crawl.counts,
            crawl.failures,
            crawl.software_version,
            crawl.host,
        )
        .join(models.portal, models.portal.c.id == crawl.portal_id)
        .order_by(crawl.started_at.desc(), crawl.id.desc())
    )
    if portal is not None:
        query = query.where(models.portal.c.name == portal)
    return [dict(row) for row in conn.execute(query).mappings()]


def list_portals(conn: Connection) -> list[dict[str, Any]]:
    """All portals that were ever crawled, by name. Keys: name, title, division, family, entry, created_at."""
    portal = models.portal.c
    query = select(portal.name, portal.title, portal.division, portal.family, portal.entry, portal.created_at).order_by(
        portal.name
    )
    return [dict(row) for row in conn.execute(query).mappings()]
