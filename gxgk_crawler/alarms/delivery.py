"""Decides, stores and delivers alarms after a crawl.

An alarm is committed before it is sent. What a receiver does not accept is sent again at the end of the next crawl of any
portal, so nothing here waits long, and nothing here can make a crawl fail.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from gxgk_crawler.alarms.receivers import receivers
from gxgk_crawler.alarms.transition import transition
from gxgk_crawler.errors import StorageError
from gxgk_crawler.store import alarms as store
from gxgk_crawler.store.postgres.database import Database

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gxgk_crawler.alarms.receivers import Receiver
    from gxgk_crawler.alarms.transition import Transition
    from gxgk_crawler.config import Config
    from gxgk_crawler.store.alarms import Turned
    from gxgk_crawler.store.postgres.database import Connection

logger = logging.getLogger(__name__)

_STORED: dict[Transition, Turned] = {"raised": "bad", "cleared": "good"}  # the words of the column and of the payload


def send_alarms(config: Config) -> None:
    """Raise and clear the alarms of all portals, and send what was not delivered yet. Errors are logged, never raised.

    All portals, because a crawl that was killed cannot do this for itself.
    """
    found = receivers(config)
    try:
        with Database.open(config) as database:
            with database.begin() as conn:
                decide(conn, failures_in_a_row=config.alarm_failures_in_a_row, receivers=found)
            if found:
                deliver(database, found)
    except StorageError as error:
        logger.warning("alarms wait for the next crawl: %s", error)
    except Exception:
        logger.exception("alarms wait for the next crawl")


def decide(conn: Connection, *, failures_in_a_row: int, receivers: Collection[str]) -> int:
    """Store the alarms that the crawls of all portals raise or clear now; how many. Parallel calls wait for each other.

    failures_in_a_row: as `transition` takes it. receivers: their names; without any, an alarm counts as delivered at once,
    and a receiver that is set later is not sent it.
    """
    store.lock_decisions(conn)
    stored = 0
    for portal in store.undecided(conn):
        made = transition(portal.past, active=portal.active, failures_in_a_row=failures_in_a_row)
        if made is not None:
            stored += store.save_alarm(conn, portal, turned=_STORED[made], delivered=not receivers)
    return stored


def deliver(database: Database, found: Mapping[str, Receiver]) -> None:
    """Send every alarm to each receiver that does not have it, oldest first.

    found: the receivers by name. One that fails is not tried again in this call.
    """
    failed: dict[str, str] = {}
    last = 0
    while True:
        with database.begin() as conn:
            alarm = store.next_undelivered(conn, last)
            if alarm is None:
                return
            delivered_to = list(alarm.delivered_to)
            for name in [name for name in found if name not in delivered_to and name not in failed]:
                error = found[name](alarm.payload)
                if error is None:
                    delivered_to.append(name)
                else:
                    logger.warning("the %s did not accept the alarm about %s: %s", name, alarm.portal, error)
                    failed[name] = error
            missing = "; ".join(f"{name}: {failed[name]}" for name in found if name not in delivered_to)
            store.note_delivery(conn, alarm.id, delivered_to=delivered_to, error=missing or None)
            last = alarm.id
