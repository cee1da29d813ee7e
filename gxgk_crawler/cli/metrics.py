"""`gxgk metrics`: numbers for Prometheus, in its text format (exposition format 0.0.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from gxgk_crawler import __version__
from gxgk_crawler.cli.status import disk
from gxgk_crawler.config import config
from gxgk_crawler.jobs.due import next_crawls, switched_on
from gxgk_crawler.logs import escaped
from gxgk_crawler.outcomes import GOOD
from gxgk_crawler.store import alarms
from gxgk_crawler.store.portal_status import archive_health, portal_health
from gxgk_crawler.store.postgres.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gxgk_crawler.analysis.condition import Disk
    from gxgk_crawler.store.alarms import LastAlarm
    from gxgk_crawler.store.portal_status import ArchiveHealth, PortalHealth

    Sample = tuple[dict[str, str], float]
    Metric = tuple[str, str, Sequence[Sample]]  # name, help, samples


@dataclass(frozen=True, slots=True, kw_only=True)
class _Upcoming:
    """What is to come. next_due: by portal file; None = never. alarms: the last one of each portal. undelivered: how many."""

    next_due: Mapping[str, datetime | None]
    alarms: Mapping[str, LastAlarm]
    undelivered: int


def metrics() -> None:
    """Print the state of portals and archive in the text format of Prometheus. For its textfile collector."""
    with Database.open(config()) as database, database.begin() as conn:
        portals, archive = portal_health(conn), archive_health(conn)
        upcoming = _Upcoming(
            next_due=next_crawls(conn, switched_on(conn), datetime.now(UTC)),
            alarms=alarms.last_alarms(conn),
            undelivered=alarms.undelivered(conn),
        )
    found = [
        *_of_portals(portals),
        *_of_the_archive(archive),
        *_of_operation(upcoming, disk(config(), archive.warc_bytes)),
    ]
    typer.echo("\n".join(line for metric in found for line in _exposition(*metric)))


def _of_portals(portals: list[PortalHealth]) -> list[Metric]:
    return [
        ("gxgk_info", "Version of gxgk_crawler.", [({"version": __version__}, 1)]),
        ("gxgk_reports", "Reports known.", [(_label(p), p.reports) for p in portals]),
        ("gxgk_reports_gone", "Reports that have left their portal.", [(_label(p), p.gone) for p in portals]),
        (
            "gxgk_crawl_running",
            "1 while a crawl of the portal runs.",
            [(_label(p), float(p.running)) for p in portals],
        ),
        (
            "gxgk_last_crawl_start_seconds",
            "When the last crawl began, seconds since 1970.",
            [(_label(p), p.started_at.timestamp()) for p in portals if p.started_at],
        ),
        (
            "gxgk_last_success_start_seconds",
            "When the last crawl began that ended well, seconds since 1970.",
            [(_label(p), p.last_success.timestamp()) for p in portals if p.last_success],
        ),
        (
            "gxgk_last_crawl_duration_seconds",
            "How long the last crawl took.",
            [
                (_label(p), (p.finished_at - p.started_at).total_seconds())
                for p in portals
                if p.started_at and p.finished_at
            ],
        ),
        (
            "gxgk_last_crawl_good",
            "1 when the last crawl ended well, 0 when it did not or was killed; a running one is left out.",
            [({**_label(p), "outcome": p.outcome or "killed"}, float(p.outcome in GOOD)) for p in portals if _ended(p)],
        ),
        (
            "gxgk_last_crawl_count",
            "What the last crawl counted.",
            [({**_label(p), "what": name}, value) for p in portals for name, value in sorted(p.counts.items())],
        ),
    ]


def _of_the_archive(archive: ArchiveHealth) -> list[Metric]:
    return [
        (
            "gxgk_reports_flagged",
            "Reports whose current version carries the flag.",
            [({"flag": name}, number) for name, number in archive.flags.items()],
        ),
        ("gxgk_captures", "Archived responses.", [({}, archive.captures)]),
        ("gxgk_versions", "Versions of reports.", [({}, archive.versions)]),
        ("gxgk_warc_files", "WARC files.", [({}, archive.warc_files)]),
        ("gxgk_warc_bytes", "Size of the sealed WARC files.", [({}, archive.warc_bytes)]),
        ("gxgk_database_bytes", "Size of the database.", [({}, archive.database_bytes)]),
    ]


def _of_operation(upcoming: _Upcoming, place: Disk) -> list[Metric]:
    return [
        (
            "gxgk_next_crawl_seconds",
            "When the portal is crawled next, seconds since 1970; in the past = it is due. None for one that is switched off.",
            [({"portal": name}, due.timestamp()) for name, due in upcoming.next_due.items() if due is not None],
        ),
        (
            "gxgk_alarm_standing",
            "1 while the last alarm of the portal says that it turned bad, 0 when it says that it is good again.",
            [({"portal": name}, float(last.active)) for name, last in upcoming.alarms.items()],
        ),
        ("gxgk_alarms_undelivered", "Alarms still to be delivered.", [({}, upcoming.undelivered)]),
        (
            "gxgk_archive_min_free_bytes",
            "Space below which no crawl begins (GXGK_MIN_FREE_MB).",
            [({}, place.min_free_bytes)],
        ),
        (
            "gxgk_archive_free_bytes",
            "Space left where the archive lies.",
            [] if place.free_bytes is None else [({}, place.free_bytes)],
        ),
    ]


def _ended(portal: PortalHealth) -> bool:
    return portal.started_at is not None and (portal.outcome is not None or not portal.running)


def _label(portal: PortalHealth) -> dict[str, str]:
    return {"portal": portal.portal}


def _exposition(name: str, meaning: str, samples: Sequence[Sample]) -> Iterator[str]:
    """The lines of one metric; none without samples, as the format wants it."""
    if samples:
        yield f"# HELP {name} {meaning}"
        yield f"# TYPE {name} gauge"
        for labels, value in samples:
            yield f"{name}{_labels(labels)} {value:.17g}"


def _labels(labels: dict[str, str]) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(value: str) -> str:
    shown = escaped(value, keep="\n")
    return shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
