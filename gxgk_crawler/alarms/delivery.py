"""From the end of a crawl to whoever is to know: alarms are decided, kept, and then delivered.

An alarm is committed before anybody is told. What cannot be delivered is tried again at the end of the next crawl of any
portal, so nothing here ever waits long, and nothing here can make a crawl fail.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from gxgk_crawler.alarms.receivers import receivers
from gxgk_crawler.errors import StorageError
from gxgk_crawler.store import alarms as store
from gxgk_crawler.store.postgres.database import Database

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gxgk_crawler.alarms.receivers import Receiver
    from gxgk_crawler.config import Config

logger = logging.getLogger(__name__)


def ring(config: Config) -> None:
    """Raise the alarms that are due for all portals, and deliver those that wait. What goes wrong is logged, not raised.

    All portals, because a crawl that was killed cannot ring for itself.
    """
    who = receivers(config)
    try:
        with Database.open(config) as database:
            with database.begin() as conn:
                store.decide(conn, strikes=config.alarm_strikes, receivers=who)
            if who:
                deliver(database, who)
    except StorageError as error:
        logger.warning("alarms wait for the next crawl: %s", error)
    except Exception:
        logger.exception("alarms wait for the next crawl")


def deliver(database: Database, who: Mapping[str, Receiver]) -> None:
    """Tell every receiver of every alarm that it does not have, oldest first. One that fails is not asked again this time."""
    failed: dict[str, str] = {}
    last = 0
    while True:
        with database.begin() as conn:
            alarm = store.next_undelivered(conn, last)
            if alarm is None:
                return
            told = list(alarm.told)
            for name in [name for name in who if name not in told and name not in failed]:
                error = who[name](alarm.facts)
                if error is None:
                    told.append(name)
                else:
                    logger.warning("the %s did not take the alarm about %s: %s", name, alarm.portal, error)
                    failed[name] = error
            missing = "; ".join(f"{name}: {failed[name]}" for name in who if name not in told)
            store.note_delivery(conn, alarm.id, told=told, error=missing or None)
            last = alarm.id
