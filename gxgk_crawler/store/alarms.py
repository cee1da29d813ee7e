"""Alarms as the database holds them: which portals await a decision, what was decided, and which receivers have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from gxgk_crawler.store import models
from gxgk_crawler.store.crawls import GOOD_CRAWL, past_crawls
from gxgk_crawler.store.postgres.advisory import take_lock
from gxgk_crawler.store.postgres.locks import IS_CRAWLED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from gxgk_crawler.outcomes import Outcome, PastCrawl

Turned = Literal["bad", "good"]  # bad: the alarm was raised; good: it was cleared

_DECIDING = 0x67786761  # key of the lock, any constant: "gxga" in ASCII
_MEMORY = 500  # past crawls of one portal that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm.

    outcome, cause, evidence_url, started_at, host: of the crawl that raised or cleared it; outcome None = it was killed.
    last_success: start of the last good crawl before that one. delivered_to: names of the receivers that have it.
    """

    id: int
    portal: str
    title: str
    turned: Turned
    raised_at: datetime
    started_at: datetime
    outcome: Outcome | None
    cause: str | None
    evidence_url: str | None
    host: str
    last_success: datetime | None
    delivered_to: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The alarm in one line for a person, without control characters."""
        how = "the crawl was killed" if self.outcome is None else f"{self.outcome}: {self.cause}"
        place = f" ({self.evidence_url})" if self.evidence_url else ""
        if self.turned == "good":
            line = f"{self.portal} {self.title} is good again: {how}{place}"
        else:
            success = "never" if self.last_success is None else f"{self.last_success:%Y-%m-%d %H:%M} UTC"
            line = f"{self.portal} {self.title} needs a person: {how}{place}; last success: {success}"
        return "".join(sign if sign.isprintable() else " " for sign in line)

    @property
    def payload(self) -> dict[str, Any]:
        """What receivers get: JSON values, times in ISO 8601 (docs/alarms.md)."""
        return {
            "alarm": self.id,
            "portal": self.portal,
            "title": self.title,
            "turned": self.turned,
            "outcome": self.outcome or "killed",
            "cause": self.cause,
            "evidence_url": self.evidence_url,
            "raised_at": self.raised_at.isoformat(),
            "crawl_started_at": self.started_at.isoformat(),
            "last_success": None if self.last_success is None else self.last_success.isoformat(),
            "host": self.host,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAlarm:
    """The last alarm of a portal. delivered_at: None while a receiver does not have it; error: why."""

    portal: str
    turned: Turned
    raised_at: datetime
    delivered_at: datetime | None
    error: str | None

    @property
    def active(self) -> bool:
        """True when it was raised; false when it was cleared."""
        return self.turned == "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A portal whose newest crawl that is over says something else than its last alarm.

    crawl_id: of that crawl. active: the last alarm was raised and not cleared. past: crawls that are over, newest first.
    """

    portal_id: int
    crawl_id: int
    active: bool
    past: list[PastCrawl]


def lock_decisions(conn: Connection) -> None:
    """Wait until no other transaction decides about alarms, and keep others waiting until this one ends.

    Raises DatabaseError when that takes a minute.
    """
    take_lock(conn, _DECIDING, "decides about alarms", seconds=60)


def undecided(conn: Connection) -> list[Undecided]:
    """The portals whose alarm may have to be raised or cleared. A crawl that runs says nothing yet."""
    portals = {row.name: row for row in conn.execute(_UNDECIDED)}
    histories = past_crawls(conn, portals, _MEMORY)
    return [
        Undecided(portal_id=row.portal_id, crawl_id=row.crawl_id, active=row.active, past=histories[name].over)
        for name, row in portals.items()
    ]


def save_alarm(conn: Connection, portal: Undecided, *, turned: Turned, delivered: bool) -> bool:
    """Write the alarm that the newest crawl of a portal raises or clears; false when that crawl has one already.

    delivered: there is no receiver to send it to.
    """
    values = {
        "portal_id": portal.portal_id,
        "crawl_id": portal.crawl_id,
        "turned": turned,
        "raised_at": func.clock_timestamp(),
        "delivered_at": func.clock_timestamp() if delivered else None,
    }
    statement = insert(models.alarm).values(values).on_conflict_do_nothing().returning(models.alarm.c.id)
    return conn.execute(statement).first() is not None


def next_undelivered(conn: Connection, after: int) -> Alarm | None:
    """The oldest alarm numbered above `after` that a receiver does not have yet, locked until the transaction ends.

    None when there is none. An alarm that another transaction has locked is left to that one.
    """
    row = conn.execute(_UNDELIVERED, {"after": after}).mappings().first()
    if row is None:
        return None
    return Alarm(**{name: value for name, value in row.items() if name != "told"}, delivered_to=tuple(row["told"]))


def note_delivery(conn: Connection, alarm: int, *, delivered_to: Iterable[str], error: str | None) -> None:
    """Write which receivers have the alarm now. error: why the others do not; without one the alarm is delivered."""
    values = {"told": list(delivered_to), "error": error, "delivered_at": None if error else func.clock_timestamp()}
    conn.execute(update(models.alarm).where(models.alarm.c.id == alarm).values(values))


def last_alarms(conn: Connection, portal: str | None = None) -> dict[str, LastAlarm]:
    """The last alarm of each portal (or of one) that ever had one, by the portal's name."""
    rows = conn.execute(_LAST, {"portal": portal}).mappings()
    return {row["portal"]: LastAlarm(**row) for row in rows}


def newest_alarms(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """So many alarms, newest first.

    Keys: id, portal, turned, raised_at, delivered_at, told, error, crawl, outcome, cause, evidence_url (of that crawl).
    """
    alarm, crawl = models.alarm.c, models.crawl.c
    query = (
        select(
            alarm.id,
            models.portal.c.name.label("portal"),
            alarm.turned,
            alarm.raised_at,
            alarm.delivered_at,
            alarm.told,
            alarm.error,
            alarm.crawl_id.label("crawl"),
            crawl.outcome,
            crawl.cause,
            crawl.evidence_url,
        )
        .join(models.portal, models.portal.c.id == alarm.portal_id)
        .join(models.crawl, crawl.id == alarm.crawl_id)
        .order_by(alarm.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in conn.execute(query).mappings()]


def undelivered(conn: Connection) -> int:
    """How many alarms a receiver does not have yet."""
    query = select(func.count()).select_from(models.alarm).where(models.alarm.c.delivered_at.is_(None))
    return int(conn.execute(query).scalar_one())


# Only the newest crawl of a portal can be running.
_UNDECIDED = text(
    f"""
    select p.id as portal_id, p.name, c.id as crawl_id, coalesce(a.turned = 'bad', false) as active
    from portal p
    cross join lateral (
        select id, {GOOD_CRAWL} as good
        from crawl c
        where portal_id = p.id and not (
            outcome is null
            and started_at = (select max(started_at) from crawl where portal_id = p.id)
            and {IS_CRAWLED}
        )
        order by started_at desc limit 1
    ) c
    left join lateral (select turned from alarm where portal_id = p.id order by id desc limit 1) a on true
    where c.good = coalesce(a.turned = 'bad', false)
    order by p.id
    """  # noqa: S608 - constants of ours
)
_LAST = text(
    """
    select distinct on (a.portal_id) p.name as portal, a.turned, a.raised_at, a.delivered_at, a.error
    from alarm a join portal p on p.id = a.portal_id
    where cast(:portal as text) is null or p.name = :portal
    order by a.portal_id, a.id desc
    """
)
_UNDELIVERED = text(
    f"""
    select a.id, p.name as portal, p.title, a.turned, a.raised_at, a.told,
           crawl.started_at, crawl.outcome, crawl.cause, crawl.evidence_url, crawl.host,
           (select max(c.started_at) from crawl c
            where c.portal_id = crawl.portal_id and c.started_at < crawl.started_at and {GOOD_CRAWL}) as last_success
    from alarm a
    join crawl on crawl.id = a.crawl_id
    join portal p on p.id = a.portal_id
    where a.delivered_at is null and a.id > :after
    order by a.id limit 1
    for update of a skip locked
    """  # noqa: S608 - a constant of ours
)
