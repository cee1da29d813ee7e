"""Whether a portal needs a person, and why: judged from its last crawl, its reports, its alarm and the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gxgk_crawler.outcomes import GOOD

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The disk of this machine's archive.

    directory: of the archive. free_bytes: None when there is no archive here. min_free_bytes: space below which no crawl starts.
    archive_bytes: size of the sealed WARC files on all machines.
    """

    directory: str
    free_bytes: int | None
    min_free_bytes: int
    archive_bytes: int

    @property
    def is_short(self) -> bool:
        """True when too little space is free for a crawl to start."""
        return self.free_bytes is not None and self.free_bytes < self.min_free_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalState:
    """What the database knows of one portal today.

    crawled: a crawl of it is over. outcome, cause: of the last such crawl; outcome is None when it was killed. reports: how many
    are held. days_since_success: None when no crawl has ended well. undelivered: why its last alarm is not delivered yet; None
    when it is, or when there is no alarm.
    """

    crawled: bool
    outcome: str | None
    cause: str | None
    reports: int
    days_since_success: int | None
    undelivered: str | None = None


def needs_person(portal: PortalState, *, stale: int | None, shared: Sequence[str] = ()) -> str | None:
    """Why the portal needs a person, in one line; None when it does not.

    stale: days without success after which it does; None for a portal that is switched off, whose crawls are not judged.
    shared: reasons that concern all portals.
    """
    reasons = [] if stale is None else _unwell(portal, stale)
    if portal.undelivered is not None:
        reasons.append(f"nobody could be told of the alarm: {portal.undelivered}")
    return "; ".join([*reasons, *shared]) or None


def _unwell(portal: PortalState, stale: int) -> list[str]:
    """Reasons in the portal's crawls. A portal without any report is never well, whatever the outcome of its crawl is."""
    reasons = []
    if portal.crawled and portal.outcome not in GOOD:
        reasons.append(portal.cause or "the crawl was killed")
    if portal.crawled and portal.reports == 0:
        reasons.append("no report of this portal is held")
    if portal.days_since_success is not None and portal.days_since_success > stale:
        reasons.append(f"no success for {portal.days_since_success} days")
    return reasons


def shared_reasons(disk: Disk, failed_verifications: Sequence[int]) -> list[str]:
    """Why every portal needs a person: no space for a crawl, or an archive that did not verify.

    failed_verifications: numbers of the jobs.
    """
    reasons = [_no_space(disk, disk.free_bytes)] if disk.free_bytes is not None and disk.is_short else []
    return reasons + [
        f"an archive did not verify: `gxgk schedule jobs {job}` and the log of its worker tell more; once it is mended, "
        "`gxgk schedule run verify` there"
        for job in failed_verifications
    ]


def _no_space(disk: Disk, free_bytes: int) -> str:
    return (
        f"no crawl can begin: {readable_size(free_bytes)} are free in {disk.directory}, "
        f"GXGK_MIN_FREE_MB asks for {readable_size(disk.min_free_bytes)}"
    )


def readable_size(number: int) -> str:
    """A number of bytes as a person reads it: 1.2 GB, 345.6 MB."""
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"
