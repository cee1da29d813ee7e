"""What a report is called by: its number in this database, or its key, which is the same in every archive of its portal.

A key is ten small letters and digits without i, l, o and u; the first is a letter, so that a number is never a key. It is
derived from the name of the portal and the canonical URL (`report_key` in the database). The key of a row that became one with
another goes on to answer: `report_alias` keeps it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from sqlalchemy import Connection

_KEY = re.compile(r"[a-z][0-9a-z]{9}")
_HEARD = str.maketrans("oil", "011")  # letters that no key has and that are taken for digits
_LARGEST = 2**63 - 1  # bigint


def find_report(conn: Connection, given: str | int) -> int:
    """Number of the report of that number or key, in any case of letters, also of a key that it once had. Raises NotFoundError."""
    asked = str(given).strip()
    if asked.isascii() and asked.isdecimal():
        found = conn.execute(_OF_NUMBER, {"id": int(asked)}).scalar() if int(asked[:20]) <= _LARGEST else None
    else:
        key = asked[:1].lower() + asked[1:].lower().translate(_HEARD)
        found = conn.execute(_OF_KEY, {"key": key}).scalar() if _KEY.fullmatch(key) else None
    if found is None:
        raise NotFoundError(f"no report {asked[:40]}")
    return int(found)


def report_id_of(conn: Connection, portal: str, url: str) -> int | None:
    """Number of the report of a portal that has or once had this canonical URL; None when there is none."""
    return conn.execute(_OF_URL, {"portal": portal, "url": storable(url)}).scalar()


_OF_URL = text(
    """
    with known as (select id from portal where name = :portal)
    select r.id from report r join known on known.id = r.portal_id where url_key(r.url) = url_key(:url) and r.url = :url
    union all
    select a.report_id from report_alias a join known on known.id = a.portal_id
    where url_key(a.url) = url_key(:url) and a.url = :url
    limit 1
    """
)


def remember_former(conn: Connection, portal: str, former: str, url: str) -> None:
    """Let the report of the canonical URL `url` answer to the key of its former URL, as the archive of older rules has it."""
    conn.execute(_REMEMBER, {"portal": portal, "former": storable(former), "url": storable(url)})


_REMEMBER = text(
    """
    insert into report_alias (key, portal_id, url, report_id)
    select report_key(p.name, :former, 0), p.id, :former, r.id
    from portal p join report r on r.portal_id = p.id and url_key(r.url) = url_key(:url) and r.url = :url
    where p.name = :portal
      and not exists (select from report o where o.key = report_key(p.name, :former, 0))
    on conflict do nothing
    """
)
_OF_NUMBER = text("select id from report where id = :id")
_OF_KEY = text(
    "select id from report where key = :key union all select report_id from report_alias where key = :key limit 1"
)
