"""The rows of an export, streamed: memory does not grow with the archive.

All of one export is read in one `snapshot`, so that every row it refers to is there, also while crawls run.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from gxgk_crawler.store import models
from gxgk_crawler.store.figures.numbers import number
from gxgk_crawler.store.figures.of_version import figures_of
from gxgk_crawler.store.filters import conditions
from gxgk_crawler.store.report_queries import VERSIONS, attachments_of, places_of, report_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection
    from sqlalchemy.engine import RowMapping

    from gxgk_crawler.store.filters import Filters

# Versions are texts of up to some hundred thousand characters, everything else is small.
_TEXTS_AT_ONCE = 20
_ROWS_AT_ONCE = 1000


def snapshot(conn: Connection) -> None:
    """Let this transaction read one state of the database. Must come before its first query."""
    conn.execute(text("set transaction isolation level repeatable read, read only"))


def count_rows(conn: Connection, filters: Filters, names: Iterable[str]) -> int:
    """How many rows `read_table` will yield of these tables together. Raises NotFoundError for an unknown division."""
    total = 0
    for name in names:
        table = _TABLES[name]
        counted = f"select count(*) from {table.counted or table.source}"  # noqa: S608 - a text of ours
        statement, values = _statement(filters, counted, table)
        total += conn.execute(text(statement), values).scalar_one()
    return total


def read_table(conn: Connection, filters: Filters, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a table with the columns of the view of that name, or more; versions have the columns of report_texts.

    name: portals, reports, versions, attachments, statutory_cells, statutory_checks, indicators, reuses, crawls or captures. Rows of
    versions hold `edits` too, as in `items.Edit`. Values are Python's: dates, datetimes in UTC, lists and dicts. Rows come in
    the order of their key, captures as they were written. Of captures and crawls there are those that the reports need, with
    those of a whole portal when nothing but the portal was asked for, and all without any filter. Raises NotFoundError for an
    unknown division.
    """
    table = _TABLES[name]
    selected = f"select {table.columns} from {table.source}"  # noqa: S608 - a text of ours
    statement, values = _statement(filters, selected, table)
    at_once = _TEXTS_AT_ONCE if name in {"versions", "attachments"} else _ROWS_AT_ONCE
    ordered = text(f"{statement} order by {table.order}")
    for row in conn.execute(ordered, values, execution_options={"yield_per": at_once}).mappings():
        yield {column: number(value) if isinstance(value, Decimal) else value for column, value in row.items()}


def read_reports(conn: Connection, filters: Filters) -> Iterator[list[dict[str, Any]]]:
    """All versions of one report after the other, oldest first, each as `reading.get_report` returns it."""
    chosen, values = _chosen(filters)
    wanted = text(f"report.id in (select id from ({chosen}) as chosen)")  # noqa: S608 - a text of ours
    query = VERSIONS.where(wanted.bindparams(**values)).order_by(models.report.c.id, models.report_version.c.number)
    rows = conn.execute(query, execution_options={"yield_per": _TEXTS_AT_ONCE}).mappings()
    for _, versions in groupby(_whole(conn, rows.partitions()), key=lambda version: version["id"]):
        objects = list(versions)
        yield [{**version, "versions": len(objects)} for version in objects]


def _whole(conn: Connection, parts: Iterator[Any]) -> Iterator[dict[str, Any]]:
    for part in parts:
        rows: list[RowMapping] = list(part)
        attachments = attachments_of(conn, [row["row_id"] for row in rows])
        places = places_of(conn, sorted({row["id"] for row in rows}))
        figures = figures_of(conn, [row["row_id"] for row in rows])
        for row in rows:
            yield report_object(
                row,
                versions=0,
                attachments=attachments.get(row["row_id"], []),
                places=places.get(row["id"], []),
                figures=figures[row["row_id"]],
            )


def _chosen(filters: Filters) -> tuple[str, dict[str, Any]]:
    """A query for the chosen reports, and its values."""
    wanted, values = conditions(filters)
    where = f"where {' and '.join(wanted)}" if wanted else ""
    query = f"select r.id, r.url, r.portal_id from report r join portal p on p.id = r.portal_id {where}"  # noqa: S608
    return query, values


def _statement(filters: Filters, select: str, table: _Table) -> tuple[str, dict[str, Any]]:
    chosen, values = _chosen(filters)
    condition = table.of_reports
    if not values:
        condition = "true"
    elif set(values) == {"portal"} and table.of_portal is not None:
        condition = f"({condition} or {table.of_portal})"
    return f"with chosen as ({chosen}), {_NEEDED} {select} where {condition}", values


# The captures that the chosen reports were read from and consist of, all those of their URLs, and the originals of revisits.
_NEEDED = """
version as (
    select v.id, v.capture_id from report_version v where v.report_id in (select id from chosen)
),
direct as (
    select capture_id as id from version
    union
    select a.capture_id from attachment a join version on version.id = a.report_version_id where a.capture_id is not null
    union
    select n.capture_id from version_capture n join version on version.id = n.report_version_id
    union
    select c.id
    from chosen
    join lateral (select chosen.url union select url from report_alias where report_id = chosen.id) spelling on true
    join capture c on md5(c.url) = md5(spelling.url) and c.url = spelling.url and c.portal_id = chosen.portal_id
),
needed as (
    select id from direct
    union
    select o.id from direct join capture c on c.id = direct.id join capture o on o.record_id = c.refers_to
)
"""
_THE_PORTAL = "(select id from portal where name = :portal)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """How a table is read. counted: what is counted in place of source, where source does more than it needs to.

    of_reports: condition that a row belongs to the chosen reports; of_portal: that it belongs to a portal asked for alone.
    """

    columns: str
    source: str
    order: str
    of_reports: str
    of_portal: str | None = None
    counted: str | None = None


_TABLES = {
    "portals": _Table(
        columns="t.name, t.title, t.division, t.site_code, t.entry",
        source="portal t",
        order="t.name",
        of_reports="""(
            t.id in (select portal_id from chosen)
            or t.id in (select c.portal_id from needed join capture c on c.id = needed.id)
        )""",
        of_portal="t.name = :portal",
    ),
    "reports": _Table(
        columns="t.*",
        source="reports t",
        counted="report t",
        order="t.id",
        of_reports="t.id in (select id from chosen)",
    ),
    "versions": _Table(
        columns="t.*, v.text_sha256, v.dates, v.source, v.fields, v.media_type, v.encoding, v.edits",
        source="report_texts t join report_version v on v.report_id = t.report_id and v.number = t.version",
        order="t.report_id, t.version",
        of_reports="t.report_id in (select id from chosen)",
    ),
    "attachments": _Table(
        columns="""v.report_id, v.number as version, t.position, t.name, t.url, t.media_type, t.sha256, t.text, t.status,
            t.reason, c.record_id, r.key""",
        source="""attachment t
            join report_version v on v.id = t.report_version_id
            join report r on r.id = v.report_id
            left join capture c on c.id = t.capture_id""",
        order="v.report_id, v.number, t.position",
        of_reports="v.report_id in (select id from chosen)",
    ),
    **{
        name: _Table(
            columns="t.*",
            source=f"{name} t",
            order=f"t.report_id, t.version, {order}",
            of_reports="t.report_id in (select id from chosen)",
        )
        for name, order in (
            ("statutory_cells", "t.position"),
            ("statutory_checks", "t.rule, t.at"),
            ("indicators", "t.position"),
            ("reuses", "t.other_report, t.other_version"),
        )
    },
    "crawls": _Table(
        columns="t.*",
        source="crawls t",
        order="t.id",
        of_reports="t.id in (select c.crawl_id from needed join capture c on c.id = needed.id)",
        of_portal="t.portal = :portal",
    ),
    "captures": _Table(
        columns="""t.record_id, p.name as portal, t.crawl_id, t.role, t.method, t.url, t.status, t.fetched_at, t.media_type,
            t.payload_sha256, t.payload_length, t.ip, t.truncated, t.refers_to, t.request_record_id, t.reconstructed,
            w.name as warc_file, t."offset" as record_offset, t.length as record_length""",
        source="capture t join warc_file w on w.id = t.warc_file_id left join portal p on p.id = t.portal_id",
        order="t.id",
        of_reports="t.id in (select id from needed)",
        of_portal=f"t.portal_id = {_THE_PORTAL}",
    ),
}
