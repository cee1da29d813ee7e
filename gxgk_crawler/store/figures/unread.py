"""Versions whose figures other rules have read, or none yet: those of an archive that an older version of the software made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from gxgk_crawler.store.figures.organs import organ_and_year
from gxgk_crawler.store.figures.write import mark_read, replace_figures
from gxgk_crawler.store.figures.years import settle

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gxgk_crawler.store.figures.prepared_rows import PreparedFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadVersion:
    """A version whose figures are to be read. record_id: of the capture that it was read from. url: of the report."""

    report_id: int
    number: int
    record_id: str
    text_sha256: str
    url: str


def versions_read_by_others(
    conn: Connection, statutory_version: str, *, portal: str | None = None
) -> list[UnreadVersion]:
    """The versions whose figures these rules have not read, report by report."""
    rows = conn.execute(_UNREAD, {"portal": portal, "statutory_version": statutory_version})
    return [UnreadVersion(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def save_figures(conn: Connection, version: UnreadVersion, figures: PreparedFigures, *, statutory_version: str) -> None:
    """Write the figures of a version in place of those that it has; its text and its number stay."""
    replace_figures(conn, version.report_id, version.number, figures.rows)
    values = {"statutory_version": statutory_version, "statutory_tables": figures.tables}
    mark_read(conn, version.report_id, version.number, values)
    settle(conn, version.report_id, organ_and_year(conn, version.report_id))


_UNREAD = text(
    """
    select v.report_id, v.number, c.record_id, v.text_sha256, r.url
    from report r
    join portal p on p.id = r.portal_id
    join report_version v on v.report_id = r.id
    join capture c on c.id = v.capture_id
    where (cast(:portal as text) is null or p.name = :portal)
      and v.statutory_version is distinct from :statutory_version
    order by r.id, v.number
    """
)
