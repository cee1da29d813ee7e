"""`gxgk metrics`: numbers for Prometheus, in its text format (exposition format 0.0.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from gxgk_crawler import __version__
from gxgk_crawler.cli.status import disk
from gxgk_crawler.config import config
from gxgk_crawler.outcomes import GOOD
from gxgk_crawler.spiders import spiders
from gxgk_crawler.store import alarms, policies
from gxgk_crawler.store.portal_status import archive_health, portal_health
from gxgk_crawler.store.postgres.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gxgk_crawler.cli.status import Disk
    from gxgk_crawler.store.alarms import Standing
    from gxgk_crawler.store.portal_status import ArchiveHealth, PortalHealth

    Sample = tuple[dict[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operation:
    """What is to come. next_due: by portal file, None = never. alarms: the last of each portal. undelivered: how many."""

    next_due: Mapping[str, datetime | None]
    alarms: Mapping[str, Standing]
    undelivered: int


def metrics() -> None:
    """Print how portals and archive are doing in the text format of Prometheus, for its textfile collector."""
    with Database.open(config()) as database, database.begin() as conn:
        portals, archive = portal_health(conn), archive_health(conn)
        operation = _Operation(
            next_due=policies.next_crawls(conn, spiders(), datetime.now(UTC)),
            alarms=alarms.last_alarms(conn),
            undelivered=alarms.undelivered(conn),
        )
    typer.echo("\n".join(_exposition(portals, archive, operation, disk(config(), archive.warc_bytes))))


def _exposition(
    portals: list[PortalHealth], archive: ArchiveHealth, operation: _Operation, place: Disk
) -> Iterator[str]:
    """The lines."""
    yield from _gauge("gxgk_info", "Version of gxgk_crawler.", [({"version": __version__}, 1)])
    yield from _gauge("gxgk_reports", "Reports known.", _each(portals, "reports"))
    yield from _gauge("gxgk_reports_gone", "Reports that have left their portal.", _each(portals, "gone"))
    yield from _gauge(
        "gxgk_crawl_running", "1 while a crawl of the portal runs.", [(_label(p), float(p.running)) for p in portals]
    )
    yield from _gauge(
        "gxgk_last_crawl_start_seconds",
        "When the last crawl began, seconds since 1970.",
        [(_label(p), p.started_at.timestamp()) for p in portals if p.started_at],
    )
    yield from _gauge(
        "gxgk_last_success_start_seconds",
        "When the last crawl began that ended well, seconds since 1970.",
        [(_label(p), p.last_success.timestamp()) for p in portals if p.last_success],
    )
    yield from _gauge(
        "gxgk_last_crawl_duration_seconds",
        "How long the last crawl took.",
        [
            (_label(p), (p.finished_at - p.started_at).total_seconds())
            for p in portals
            if p.started_at and p.finished_at
        ],
    )
    yield from _gauge(
        "gxgk_last_crawl_good",
        "1 when the last crawl ended well, 0 when it did not or was killed; a running one is left out.",
        [({**_label(p), "outcome": p.outcome or "killed"}, float(p.outcome in GOOD)) for p in portals if _ended(p)],
    )
    yield from _gauge(
        "gxgk_last_crawl_count",
        "What the last crawl counted.",
        [({**_label(p), "what": name}, value) for p in portals for name, value in sorted(p.counts.items())],
    )
    flags: list[Sample] = [({"flag": name}, number) for name, number in archive.flags.items()]
    yield from _gauge("gxgk_reports_flagged", "Reports whose current version carries the flag.", flags)
    yield from _gauge("gxgk_captures", "Archived responses.", [({}, archive.captures)])
    yield from _gauge("gxgk_versions", "Versions of reports.", [({}, archive.versions)])
    yield from _gauge("gxgk_warc_files", "WARC files.", [({}, archive.warc_files)])
    yield from _gauge("gxgk_warc_bytes", "Size of the sealed WARC files.", [({}, archive.warc_bytes)])
    yield from _gauge("gxgk_database_bytes", "Size of the database.", [({}, archive.database_bytes)])
    yield from _operation(operation, place)


def _operation(operation: _Operation, place: Disk) -> Iterator[str]:
    yield from _gauge(
        "gxgk_next_crawl_seconds",
        "When the portal is crawled next, seconds since 1970; in the past = it is due. None for one that is switched off.",
        [({"portal": name}, due.timestamp()) for name, due in operation.next_due.items() if due is not None],
    )
    yield from _gauge(
        "gxgk_alarm_standing",
        "1 while the last alarm of the portal says that it turned bad, 0 when it says that it is good again.",
        [({"portal": name}, float(last.turned == "bad")) for name, last in operation.alarms.items()],
    )
    yield from _gauge("gxgk_alarms_undelivered", "Alarms still to be delivered.", [({}, operation.undelivered)])
    yield from _gauge(
        "gxgk_archive_min_free_bytes",
        "Space below which no crawl begins (GXGK_MIN_FREE_MB).",
        [({}, place.min_free_bytes)],
    )
    if place.free_bytes is not None:
        yield from _gauge("gxgk_archive_free_bytes", "Space left where the archive lies.", [({}, place.free_bytes)])


def _ended(portal: PortalHealth) -> bool:
    return portal.started_at is not None and (portal.outcome is not None or not portal.running)


def _label(portal: PortalHealth) -> dict[str, str]:
    return {"portal": portal.portal}


def _each(portals: list[PortalHealth], name: str) -> list[Sample]:
    return [(_label(portal), getattr(portal, name)) for portal in portals]


def _gauge(name: str, meaning: str, samples: Iterable[Sample]) -> Iterator[str]:
    """One metric with its samples; none without samples, as the format wants it."""
    lines = [f"{name}{_labels(labels)} {value:.17g}" for labels, value in samples]
    if lines:
        yield f"# HELP {name} {meaning}"
        yield f"# TYPE {name} gauge"
        yield from lines


def _labels(labels: dict[str, str]) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
