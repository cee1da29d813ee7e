"""A crawl that is begun only when it is due, whoever else may do the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from gxgk_crawler.store import policies
from gxgk_crawler.store.postgres.locks import claimed, is_taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gxgk_crawler.jobs.process import Ended, Processes
    from gxgk_crawler.store.postgres.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """What became of a crawl.

    what: done = its row in the database says how it ended, and with that when the next one comes; elsewhere = somebody
    else did it or is at it; lost = it left no row; stopped = it was not begun, because we are to end. ended: how its process
    ended.
    """

    what: Literal["done", "elsewhere", "lost", "stopped"]
    ended: Ended | None = None


def due_portals(database: Database, portals: Iterable[str]) -> list[str]:
    """Those of the portals that are due, the longest due first. Raises DatabaseError."""
    now = datetime.now(UTC)
    with database.begin() as conn:
        times = policies.next_crawls(conn, portals, now)
    due = [(when, name) for name, when in times.items() if when is not None and when <= now]
    return [name for _, name in sorted(due)]


def crawl_if_due(database: Database, processes: Processes, portal: str, options: Sequence[str]) -> Crawled:
    """Crawl the portal in a process of its own, unless it is no longer due. Raises DatabaseError."""
    with claimed(database, portal) as is_ours:
        if not is_ours or not due_portals(database, [portal]):
            return Crawled(what="elsewhere")
        return _crawl(database, processes, portal, options)


def _crawl(database: Database, processes: Processes, portal: str, options: Sequence[str]) -> Crawled:
    before = _newest(database, portal)
    ended = processes.run(portal, "scrapy", ["crawl", portal, *options])
    if ended is None:
        return Crawled(what="stopped")
    if is_taken(portal) in ended.line:
        return Crawled(what="elsewhere")
    return Crawled(what="lost" if _newest(database, portal) == before else "done", ended=ended)


def _newest(database: Database, portal: str) -> int | None:
    with database.begin() as conn:
        return policies.newest_crawl(conn, portal)
