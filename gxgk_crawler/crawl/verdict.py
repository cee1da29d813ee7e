"""Judges why a crawl ended as it did, from what it met: pure functions. The closed list of outcomes is outcomes.Outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.crawl.known_pages import UNLISTED
from gxgk_crawler.items import CrawlResult, Failure
from gxgk_crawler.outcomes import GOOD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gxgk_crawler.outcomes import Outcome
    from gxgk_crawler.portal import Expect

# Cookies and scripts of the challenge products seen on government portals: 加速乐/创宇盾 (521, 412), 瑞数 (412).
_CHALLENGE_MARKS = (b"__jsl_clearance", b"__jsluid", b"$_ts", b"EO_Bot_Ssid", b"acw_sc__v2")
_WALL_MARKS = (b"geobl", b"wzws", b"x-waf", b"waf.tencent", b"wangsu", b"safedog", b"yunsuo")
_LARGEST_WALL = 20_000  # bytes; challenges and login pages are small, portals carry login boxes on large ones
_LOGIN = re2.compile(r"(?i)[/.](?:login|signin|sso|cas|passport|oauth2?|authorize|uaa)(?:[/.?]|$)")
# What a crawl that was stopped before its work was done cannot know.
_UNPROVEN = GOOD | {"layout_changed", "incomplete", "no_reports"}
UNLISTED_IS_A_FACT = 3  # crawls in a row; before that a report that left its list weighs as a hole
_MOST_HOSTS = 3  # hosts that a cause names
_TOO_MANY_FAILED = 0.2  # share of the listed reports that may fail before the crawl counts as failed


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedUrl:
    """A URL that could not be fetched or read. outcome: of the whole crawl if it met nothing else. role: as in CaptureRole."""

    url: str
    outcome: Outcome
    reason: str
    role: str = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Reports that must exist and were not seen. url: of the page that promises them. reason: what it promises, and what came."""

    url: str
    reason: str


@dataclass(slots=True, kw_only=True)
class CrawlFacts:
    """What one crawl met, as CrawlMonitor counted it.

    entry: URL of the entry page. expect: of the portal file.
    changes: how many reports are new, changed, unchanged, gone.
    held: reports of the portal in the database when the crawl ended, without those that are gone; years: their years.
    lists: URLs of the list pages read. listed: URLs of reports that lists link to; linked: that other pages link to.
    tampered: URLs of reports with foreign advertising.
    failed: what could not be fetched or read. skipped: [(url, reason)] left out on purpose.
    requisites: URLs of the style sheets and images around the reports that the archive holds; requisites_missing: of those
    that could not be fetched. Neither changes the outcome.
    holes: what a list promised and did not show; see Hole. unlisted: URLs of known reports that no list shows any more while their
    pages answer -> in how many earlier crawls in a row that was so. outside: reports on hosts that are not the portal's, by host.
    configuration: why the crawl cannot begin as it is configured, or None.
    storage: why the archive or the database failed, or None.
    stopped: why the crawl ended before its work was done (shutdown, closespider_timeout, memusage_exceeded), or None.
    captures: how many records were archived.
    """

    entry: str
    expect: Expect
    changes: Counter[str] = field(default_factory=Counter)
    held: int = 0
    years: set[int] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    linked: set[str] = field(default_factory=set)
    tampered: list[str] = field(default_factory=list)
    failed: list[FailedUrl] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    requisites: set[str] = field(default_factory=set)
    requisites_missing: set[str] = field(default_factory=set)
    holes: list[Hole] = field(default_factory=list)
    unlisted: dict[str, int] = field(default_factory=dict)
    outside: Counter[str] = field(default_factory=Counter)
    configuration: str | None = None
    storage: str | None = None
    stopped: str | None = None
    captures: int = 0


def judge(facts: CrawlFacts) -> CrawlResult:
    """The result of a crawl: outcome, its cause in one sentence, the URL that shows it, counts and failures."""
    outcome, cause, evidence = _verdict(facts)
    missing = _missing_years(facts)
    if missing and outcome in GOOD:
        cause += f"; none for {', '.join(map(str, missing))}"
    cause += _facts_beside(facts)
    if facts.stopped is not None:
        outcome = "stopped" if outcome in _UNPROVEN else outcome
        cause = f"stopped early ({facts.stopped}): {cause}"
    counts = {
        "captures": facts.captures,
        "lists": len(facts.lists),
        "listed": len(facts.listed),
        "reports_new": facts.changes["new"],
        "reports_changed": facts.changes["changed"],
        "reports_unchanged": facts.changes["unchanged"],
        "reports_gone": facts.changes["gone"],
        "failed": len(facts.failed),
        "skipped": len(facts.skipped),
        "requisites": len(facts.requisites),
        "requisites_missing": len(facts.requisites_missing),
        "years_missing": len(missing),
        "stopped": int(facts.stopped is not None),
    }
    failures = [Failure(url=p.url, reason=p.reason, kind="failed") for p in facts.failed]
    failures += [Failure(url=url, reason=reason, kind="skipped") for url, reason in facts.skipped]
    failures += [Failure(url=url, reason=UNLISTED, kind="skipped") for url in sorted(facts.unlisted)]
    return CrawlResult(outcome=outcome, cause=cause, evidence_url=evidence, counts=counts, failures=failures)


def _facts_beside(facts: CrawlFacts) -> str:
    """What is said of a crawl whatever its outcome: reports that left their lists long ago, and those on other hosts."""
    said = ""
    left = [url for url, before in facts.unlisted.items() if before + 1 >= UNLISTED_IS_A_FACT]
    if left and facts.storage is None:
        said += f"; {len(left)} report(s) stand in no list, while their pages answer"
    if facts.outside and (facts.listed or facts.linked):
        hosts = ", ".join(f"{host} ({count})" for host, count in facts.outside.most_common(_MOST_HOSTS))
        said += f"; reports outside the portal are linked on {hosts}"
    return said


def _missing_years(facts: CrawlFacts) -> list[int]:
    """Years without any report, from the first year that the portal file expects to the newest year held."""
    return sorted(set(range(facts.expect.since, max(facts.years, default=0))) - facts.years)


def _verdict(facts: CrawlFacts) -> tuple[Outcome, str, str | None]:
    if facts.configuration is not None:
        return "configuration", facts.configuration, None
    if facts.storage is not None:
        return "storage", facts.storage, None
    if facts.tampered:
        return "hacked", f"{len(facts.tampered)} report(s) carry foreign advertising", facts.tampered[0]
    entry = next((p for p in facts.failed if p.url == facts.entry), None)
    found = facts.listed or (facts.linked if facts.held else set())
    if entry is not None and not found:
        return entry.outcome, f"the entry page failed: {entry.reason}", entry.url
    lost = [p for p in facts.failed if p.role == "list"]
    if lost:  # a server that answers has lost the page; an outage passes
        some = facts.listed or (facts.linked and facts.held)
        outcome = "incomplete" if some and lost[0].reason.startswith("HTTP ") else lost[0].outcome
        return outcome, f"{len(lost)} list page(s) failed: {lost[0].reason}", lost[0].url
    if not found:
        return _nothing_listed(facts)
    missed = [p for p in facts.failed if p.role == "report" and p.outcome != "not_found"]
    if len(missed) > _TOO_MANY_FAILED * len(found):
        return (
            missed[0].outcome,
            f"{len(missed)} of {len(found)} reports failed: {missed[0].reason}",
            missed[0].url,
        )
    return _few_or_good(facts)


def _few_or_good(facts: CrawlFacts) -> tuple[Outcome, str, str | None]:
    """What is said of a crawl that met no failure worth an outcome."""
    if facts.held < facts.expect.min_reports:
        return _too_few(facts)
    hole = _hole(facts)
    if hole is not None:
        return "incomplete", hole.reason, hole.url
    if facts.changes["new"] or facts.changes["changed"]:
        return "ok", f"{facts.changes['new']} new and {facts.changes['changed']} changed report(s)", None
    return "unchanged", f"nothing new among {facts.held} report(s)", None


def _hole(facts: CrawlFacts) -> Hole | None:
    """The first sign that reports exist which the crawl has not seen; None when all that was promised was read."""
    if facts.holes:
        return facts.holes[0]
    left = sorted(url for url, before in facts.unlisted.items() if before + 1 < UNLISTED_IS_A_FACT)
    if left:
        return Hole(url=left[0], reason=f"{len(left)} report(s) stand in no list any more, though their pages answer")
    if not facts.lists:
        place = min(facts.linked, default=facts.entry)
        return Hole(url=place, reason=f"{len(facts.linked)} report(s) are linked, but no list of them was found")
    return None


def _nothing_listed(facts: CrawlFacts) -> tuple[Outcome, str, str | None]:
    wall = next((p for p in facts.failed if p.outcome in {"blocked", "challenged"}), None)
    if wall is not None:
        return wall.outcome, wall.reason, wall.url
    place = next(iter(sorted(facts.lists)), facts.entry)
    if facts.held:
        return "layout_changed", f"{facts.held} report(s) are known, but no list shows one any more", place
    if facts.outside:
        host, count = facts.outside.most_common(1)[0]
        return "no_reports", f"{count} report(s) are linked on {host}, a host outside the portal", place
    if facts.lists:
        return "no_reports", f"{len(facts.lists)} list page(s) hold no report", place
    return "no_reports", "no channel of annual reports was found", place


def _too_few(facts: CrawlFacts) -> tuple[Outcome, str, str | None]:
    place = min(facts.listed | facts.linked)
    if facts.held == 0:
        return "layout_changed", f"{len(facts.listed)} report(s) are listed, but none could be read", place
    return "no_reports", f"{facts.held} report(s) held, at least {facts.expect.min_reports} expected", place


def judge_response(status: int, headers: Mapping[bytes, bytes], body: bytes) -> tuple[Outcome, str]:
    """What a response with an error status means: its outcome and a short reason.

    headers: names in lower case. Sources: signs of anti-bot products seen on government portals (docs/manners.md).
    """
    marks = b"\n".join(headers.values()) + body[:4096]
    if status in {412, 521} or any(mark in marks for mark in _CHALLENGE_MARKS):
        return "challenged", f"HTTP {status}: a script challenge instead of the page"
    lowered = (marks + b"\n".join(headers)).lower()
    if status in {401, 403, 405, 451}:
        wall = next((mark.decode() for mark in _WALL_MARKS if mark in lowered), None)
        return "blocked", f"HTTP {status}: refused by {wall}" if wall else f"HTTP {status}: access refused"
    if status in {404, 410}:
        return "not_found", f"HTTP {status}"
    return "refused", f"HTTP {status}"


def judge_page(body: bytes) -> tuple[Outcome, str] | None:
    """Outcome and reason for a script challenge or a login form that answers 200; None for an ordinary page."""
    if len(body) > _LARGEST_WALL:
        return None
    if any(mark in body for mark in _CHALLENGE_MARKS):
        return "challenged", "a script challenge instead of the page"
    lowered = body.lower()
    if b'type="password"' in lowered or b"type='password'" in lowered:
        return "blocked", "a login page instead of the page"
    return None


def judge_redirect(url: str, *, redirected: bool) -> tuple[Outcome, str] | None:
    """Outcome and reason for a redirect to a login; None for any other. redirected: `url` is where redirects ended."""
    if redirected and _LOGIN.search(url):
        return "blocked", f"sent to a login: {url}"
    return None


def judge_exception(error: BaseException) -> tuple[Outcome, str]:
    """What a failed exchange means: its outcome and a short reason.

    An error of ours carries its outcome. For all others the class names in the chain decide, because Scrapy and Twisted raise
    different classes for the same failure, depending on where in the exchange it happened.
    """
    told: Outcome | None = getattr(error, "outcome", None)
    if told is not None:
        return told, str(error)
    chain = error_chain(error)
    names = " ".join(type(e).__name__ for e in chain)
    reason = next((str(e) for e in chain if str(e)), type(error).__name__)[:200]
    for outcome, marks in _EXCEPTIONS:
        if any(mark in names for mark in marks):
            return outcome, reason
    if "SSL" in reason or "certificate" in reason.lower():
        return "tls", reason
    return "refused", reason


_EXCEPTIONS: tuple[tuple[Outcome, tuple[str, ...]], ...] = (
    ("storage", ("StorageError", "ArchiveError", "DatabaseError")),
    ("dns", ("CannotResolveHost", "DNSLookup", "UnknownHost")),
    ("timeout", ("Timeout", "TimedOut")),
    ("tls", ("SSL", "OpenSSL", "Certificate")),
    ("blocked", ("IgnoreRequest",)),  # robots.txt forbids it, or the address guard does
    ("refused", ("Refused", "ConnectionLost", "ConnectionDone", "TunnelError", "DataLoss")),
)


def error_chain(error: BaseException) -> list[BaseException]:
    """The error, its causes, and the reasons that Twisted keeps in a list; at most ten, the error first."""
    chain: list[BaseException] = []
    pending: list[BaseException | None] = [error]
    while pending and len(chain) < 10:
        current = pending.pop(0)
        if current is None or current in chain:
            continue
        chain.append(current)
        pending.append(current.__cause__)
        reasons = getattr(current, "reasons", None)
        if isinstance(reasons, list):
            pending.extend(getattr(reason, "value", None) for reason in reasons)
    return chain
