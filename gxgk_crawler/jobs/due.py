"""Which portals are due, and a crawl that starts only when its portal is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from gxgk_crawler.jobs.schedule import MEMORY, next_due
from gxgk_crawler.outcomes import PastCrawl
from gxgk_crawler.spiders import portal_loader, spiders
from gxgk_crawler.store.crawls import forgotten, newest_crawl, past_crawls
from gxgk_crawler.store.policies import given_policies
from gxgk_crawler.store.postgres.locks import claimed, is_taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gxgk_crawler.jobs.process import Processes, ProcessResult
    from gxgk_crawler.store.crawls import CrawlHistory
    from gxgk_crawler.store.policies import Policy
    from gxgk_crawler.store.postgres.database import Connection, Database


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlAttempt:
    """What became of the attempt to crawl a portal.

    what: done = the row of the crawl says how it ended, and with that when the next one is due; elsewhere = another process has
    crawled the portal or is crawling it; lost = the crawl left no row; stopped = it was not started, because this process is to end.
    result: of the crawl's process; None when there was none.
    """

    what: Literal["done", "elsewhere", "lost", "stopped"]
    result: ProcessResult | None = None


def policies(conn: Connection, portals: Iterable[str]) -> dict[str, Policy]:
    """The policy of each of the portals, in their order; the season where none was set."""
    given = given_policies(conn)
    return {name: given.get(name, "season") for name in portals}


def switched_on(conn: Connection) -> list[str]:
    """Names of the portals that have a file, and of those of the registry that `gxgk schedule` has switched on, in order.

    A name that nothing describes any more is left out, and a portal that is forgotten.
    """
    loader = portal_loader()
    given = (name for name, policy in given_policies(conn).items() if policy != "off")
    return sorted({*spiders(), *filter(loader.describes, given)} - forgotten(conn))


def next_crawls(conn: Connection, portals: Iterable[str], now: datetime) -> dict[str, datetime | None]:
    """When each of the portals is crawled next, in their order; see `schedule.next_due`.

    A crawl that runs now is taken to end well, so its portal is not due.
    """
    names = list(portals)
    histories = past_crawls(conn, names, MEMORY)
    return {
        name: next_due(name, policy, _judged(histories[name]), now) for name, policy in policies(conn, names).items()
    }


def _judged(history: CrawlHistory) -> list[PastCrawl]:
    if history.running_since is None:
        return history.over
    running = PastCrawl(started_at=history.running_since, finished_at=None, outcome="ok", stopped=False)
    return [running, *history.over]


def due_portals(database: Database, portals: Iterable[str] | None = None) -> list[str]:
    """Those of the portals that are due, the longest due first; by default of all that are switched on. Raises DatabaseError."""
    now = datetime.now(UTC)
    with database.begin() as conn:
        times = next_crawls(conn, switched_on(conn) if portals is None else portals, now)
    due = [(when, name) for name, when in times.items() if when is not None and when <= now]
    return [name for _, name in sorted(due)]


def crawl_if_due(database: Database, processes: Processes, portal: str, options: Sequence[str]) -> CrawlAttempt:
    """Crawl the portal in a process of its own, unless it is no longer due. Raises DatabaseError.

    options: the command line of `scrapy crawl` behind the name.
    """
    with claimed(database, portal) as is_ours:
        if not is_ours or not due_portals(database, [portal]):
            return CrawlAttempt(what="elsewhere")
        return _crawl(database, processes, portal, options)


def _crawl(database: Database, processes: Processes, portal: str, options: Sequence[str]) -> CrawlAttempt:
    before = _newest(database, portal)
    result = processes.run(portal, "scrapy", ["crawl", portal, *options])
    if result is None:
        return CrawlAttempt(what="stopped")
    if is_taken(portal) in result.line:
        return CrawlAttempt(what="elsewhere")
    return CrawlAttempt(what="lost" if _newest(database, portal) == before else "done", result=result)


def _newest(database: Database, portal: str) -> int | None:
    with database.begin() as conn:
        return newest_crawl(conn, portal)
