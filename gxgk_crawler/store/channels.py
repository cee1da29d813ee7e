"""Channels 栏目: the lists of reports that crawls have found, where the next crawl begins too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from gxgk_crawler.items import Channel
from gxgk_crawler.store import models
from gxgk_crawler.store.crawls import portal_id
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


def save_channels(conn: Connection, portal: str, channels: Iterable[Channel]) -> None:
    """Write channels as seen now, or at their `seen_at`; repeatable. Raises NotFoundError for an unregistered portal."""
    owner = portal_id(conn, portal)
    table = models.channel
    for channel in sorted(channels, key=lambda channel: channel.url):
        seen = func.now() if channel.seen_at is None else channel.seen_at
        values = {"title": storable(channel.title), "parent": storable(channel.parent)}
        statement = insert(table).values(
            portal_id=owner, url=storable(channel.url), first_seen=seen, last_seen=seen, **values
        )
        conn.execute(
            statement.on_conflict_do_update(
                index_elements=[table.c.portal_id, models.URL_KEY],
                set_={**values, "last_seen": func.greatest(table.c.last_seen, statement.excluded.last_seen)},
            )
        )


def channels(conn: Connection, portal: str) -> list[Channel]:
    """The channels known of a portal, in the order they were found; seen_at is when each was last seen."""
    table = models.channel
    query = (
        select(table.c.url, table.c.title, table.c.parent, table.c.last_seen)
        .join(models.portal, models.portal.c.id == table.c.portal_id)
        .where(models.portal.c.name == portal)
        .order_by(table.c.id)
    )
    return [
        Channel(url=row.url, title=row.title, parent=row.parent, seen_at=row.last_seen) for row in conn.execute(query)
    ]
