"""A series of one cell for one province and six years, in a database of generated reports.

    python benchmarks/big_database.py [--reports 500000] [--home DIR] [--rounds N]

Reports with all their cells, checks and indicators: ten are saved as a crawl saves them, the others are copies of their
rows, made in SQL. One portal for each division of the country, departments and years beside each other. The database is
kept in DIR and grown by a later run with more reports, so that sizes can be compared. Prints its size, and milliseconds of
the series: the first call and the p50 and p95 of N more, for the provinces with most and with fewest divisions.
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from sqlalchemy import text

from gxgk_crawler.config import Config
from gxgk_crawler.extract import extract
from gxgk_crawler.items import Capture, Report
from gxgk_crawler.portal import Portal
from gxgk_crawler.statutory.cell_keys import cell_key
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.figures.series import read_series
from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.reports import save_report
from tests.statutory.deformed import html_page, plain_form
from tests.statutory.forms import fill

if TYPE_CHECKING:
    from sqlalchemy import Connection

SEEDS = 5  # forms of each layout
FIRST_YEAR, YEARS = 2016, 9
AT_ONCE = 20_000
_TABLES = ("statutory_cell", "statutory_check", "indicator")


def save_seeds(conn: Connection) -> None:
    """Five reports of layout B and five of layout C, as a crawl saves them."""
    register_portal(conn, "seeds", Portal(title="样例", entry="https://seeds.example.gov.cn/"), "generic")
    began = datetime(2025, 1, 1, tzinfo=UTC)
    for number in range(2 * SEEDS):
        chance = random.Random(number)
        layout = "B" if number < SEEDS else "C"
        url = f"https://seeds.example.gov.cn/{number}.html"
        body = html_page(plain_form(fill(chance, layout), chance))
        capture = Capture(
            record_id=f"urn:seed:{number}",
            warc_file="gxgk-20250101000000000-00000-bench-1.warc.gz",
            offset=number * 1000,
            length=900,
            url=url,
            method="GET",
            status=200,
            fetched_at=began + timedelta(seconds=number),
            payload_sha256=sha256(url.encode()).hexdigest(),
            payload_length=len(body),
            role="report",
        )
        save_report(
            conn, Report(portal="seeds", url=url, capture=capture, document=extract(body)), extractor_version="1"
        )


_PORTALS = text(
    """
    insert into portal (name, title, family, division, entry)
    select 'd' || d.code, max(n.name) || '人民政府', 'generic', d.code, 'https://d' || d.code || '.example.gov.cn/'
    from division d join division_name n on n.code = d.code
    where n.valid_to = 2024
    group by d.code
    """
)
# Report number n: the year changes first, then the division, then the department.
_REPORTS = text(
    f"""
    create temporary table made on commit drop as
    with place as (select id, name, title, division, row_number() over (order by division) - 1 as n, count(*) over () as many
                   from portal where name <> 'seeds')
    select nextval(pg_get_serial_sequence('report', 'id')) as id,
           nextval(pg_get_serial_sequence('report_version', 'id')) as version_id, place.id as portal_id, place.division,
           case when n.n / {YEARS} / place.many = 0 then place.title
                else replace(place.title, '人民政府', '') || '第' || n.n / {YEARS} / place.many || '局' end as organ,
           {FIRST_YEAR} + n.n % {YEARS} as year, place.name,
           'https://' || place.name || '.example.gov.cn/' || n.n || '.html' as url,
           case when {FIRST_YEAR} + n.n % {YEARS} < 2021 then 0 else {SEEDS} end + n.n % {SEEDS} as seed
    from generate_series(cast(:first as integer), cast(:last as integer)) as n (n)
    join place on place.n = n.n / {YEARS} % place.many
    """
)
_SEED = "select v.*, row_number() over (order by v.id) - 1 as seed from report_version v join report r on r.id = v.report_id join portal p on p.id = r.portal_id where p.name = 'seeds'"  # noqa: E501
_COPY = (
    """
    insert into report (id, portal_id, url, key, year, organ, division, first_seen, last_seen, checked_at, current_version)
    select id, portal_id, url, report_key(name, url, 0), year, organ, division, now(), now(), now(), 1 from made
    """,
    f"""
    insert into report_version (id, report_id, number, capture_id, title, text, text_sha256, extracted_text, edits, published_on,
                                dates, year, fields, grids, images, media_type, extractor_version, reason, statutory_version,
                                statutory_tables)
    select m.version_id, m.id, 1, s.capture_id, m.organ || m.year || '年政府信息公开工作年度报告', '', s.text_sha256, '', '[]',
           make_date(m.year + 1, 3, 1), '[]', m.year, '{{}}', '[]', '[]', s.media_type, s.extractor_version, 'crawl',
           s.statutory_version, s.statutory_tables
    from made m join ({_SEED}) s on s.seed = m.seed
    """,
)


def grow(conn: Connection, first: int, last: int) -> None:
    """Write the reports of these numbers with their versions and figures."""
    conn.execute(text("set local session_replication_role = replica"))  # the copies refer to rows of the same statement
    conn.execute(text("set local synchronous_commit = off"))
    conn.execute(_REPORTS, {"first": first, "last": last})
    conn.execute(text("analyze made"))
    for statement in _COPY:
        conn.execute(text(statement))
    for table in _TABLES:
        names = [
            row.name
            for row in conn.execute(
                text(
                    "select quote_ident(attname) as name from pg_attribute where attrelid = cast(:table as regclass) "
                    "and attnum > 0 and not attisdropped and attname <> 'report_version_id' order by attnum"
                ),
                {"table": table},
            )
        ]
        columns = ", ".join(names)
        conn.execute(
            text(
                f"insert into {table} (report_version_id, {columns}) select m.version_id, {', '.join('c.' + n for n in names)} "
                f"from made m join ({_SEED}) s on s.seed = m.seed join {table} c on c.report_version_id = s.id"
            )
        )


def measure(database: Database, rounds: int) -> None:
    key = cell_key("T3.new_received.total")
    for division in ("13", "46"):  # 河北, with most counties, and 海南
        filters = Filters(since=2019, until=2024, division=division)
        spent = []
        for _ in range(rounds + 1):
            with database.begin() as conn:
                began = time.perf_counter()
                rows = read_series(conn, key, filters)
                spent.append(1000 * (time.perf_counter() - began))
        first, more = spent[0], spent[1:]
        print(
            f"division {division}, 2019 to 2024: {len(rows)} rows, first {first:.0f} ms, then p50 {median(more):.0f} ms, "
            f"p95 {quantiles(more, n=20)[-1]:.0f} ms"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=500_000)
    parser.add_argument("--home", type=Path, default=Path.home() / ".cache" / "gxgk-big-database")
    parser.add_argument("--rounds", type=int, default=20)
    args = parser.parse_args()
    args.home.mkdir(parents=True, exist_ok=True)
    with Database.open(Config(home=args.home)) as database:
        with database.begin() as conn:
            held = conn.execute(
                text("select count(*) from report r join portal p on p.id = r.portal_id where p.name <> 'seeds'")
            ).scalar_one()
            if not conn.execute(text("select exists (select from portal where name = 'seeds')")).scalar_one():
                save_seeds(conn)
                conn.execute(_PORTALS)
        began = time.perf_counter()
        for first in range(held, args.reports, AT_ONCE):
            with database.begin() as conn:
                grow(conn, first, min(first + AT_ONCE, args.reports) - 1)
        if args.reports > held:
            print(f"{args.reports - held} reports written in {time.perf_counter() - began:.0f} s")
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.execute(text("vacuum analyze"))
        with database.begin() as conn:
            cells = conn.execute(
                text("select reltuples::bigint from pg_class where relname = 'statutory_cell'")
            ).scalar_one()
            size = conn.execute(text("select pg_size_pretty(pg_database_size(current_database()))")).scalar_one()
        print(f"{max(held, args.reports)} reports, {cells} cells, {size}")
        measure(database, args.rounds)


if __name__ == "__main__":
    main()
