"""What an export costs: peak memory of the process and time, on generated reports.

    python benchmarks/export.py [--reports 50000] [--home DIR]

Each export runs in a process of its own, as `gxgk export` does. Time is given beside that of Postgres' own COPY of the same
texts in the same run: a ratio says more than a second of this machine. A thousand reports are generated, the others are copies
of them made by the database. With --home, a database that an earlier run has filled is used again.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from search import report  # beside this file
from sqlalchemy import text

from gxgk_crawler.config import Config
from gxgk_crawler.items import Edit
from gxgk_crawler.portal import Portal
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.postgres.embedded import EmbeddedServer
from gxgk_crawler.store.reports import save_report

if TYPE_CHECKING:
    from gxgk_crawler.items import Report

# Invented, as everything here.
HEAD = "字号：大 中 小 打印\n"
TAIL = "\n联系电话：0470-8200000，电子邮箱：bench@bench.gov.cn。\n责任编辑：王小明"
GENERATED = 1000
RUNS = (
    ("datapackage", "contacts"),
    ("parquet", "contacts"),
    ("jsonl", "contacts"),
    ("datapackage", "none"),
    ("datapackage", "persons"),
)


def with_edits(found: Report) -> Report:
    """The report with lines of the page around its text, and with contacts in it."""
    content = found.document.text + TAIL
    document = replace(
        found.document,
        text=content,
        extracted_text=HEAD + content,
        edits=[Edit(kind="chrome", start=0, end=len(HEAD), text=HEAD, rule="font_size")],
    )
    return replace(found, document=document)


def fill(database: Database, reports: int) -> None:
    """Save the first reports as a crawl does, and let the database copy them until there are so many."""
    chance = random.Random(4)
    with database.begin() as conn:
        register_portal(conn, "bench", Portal(title="基准", entry="https://www.bench.gov.cn/"), "generic")
        for number in range(min(reports, GENERATED)):
            save_report(conn, with_edits(report(number, chance)), extractor_version="1")
    for number in range(1, -(-reports // GENERATED)):
        values = {"number": number, "mark": f"-{number}", "most": min(GENERATED, reports - number * GENERATED)}
        with database.begin() as conn:
            for statement in COPIES:
                conn.execute(text(statement), values)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("vacuum analyze"))


_ORIGINALS = f"(select * from report where id <= {GENERATED} order by id limit :most)"
COPIES = (
    f"""
    insert into report (portal_id, url, year, issuer, first_seen, last_seen, checked_at)
    select portal_id, url || :mark, year, issuer, first_seen, last_seen, checked_at from {_ORIGINALS} as r
    """,
    f"""
    insert into capture (record_id, warc_file_id, "offset", length, url, method, status, fetched_at, payload_sha256,
                         payload_length, reconstructed, role, portal_id)
    select record_id || :mark, warc_file_id, "offset" + 1000000 * :number, length, r.url || :mark, method, status, fetched_at,
           payload_sha256, payload_length, reconstructed, role, c.portal_id
    from {_ORIGINALS} as r join capture c on c.url = r.url
    """,
    f"""
    insert into report_version (report_id, number, capture_id, title, text, text_sha256, extracted_text, edits, flags, dates,
                                year, fields, grids, images, media_type, encoding, extractor_version, reason)
    select n.id, number, c.id, title, text, text_sha256, extracted_text, edits, flags, dates, v.year, fields, grids, images,
           v.media_type, encoding, extractor_version, reason
    from {_ORIGINALS} as r
    join report_version v on v.report_id = r.id
    join report n on n.url = r.url || :mark
    join capture c on c.url = n.url
    """,
    "update report set current_version = 1 where current_version is null",
)


def copy(config: Config, path: Path) -> float:
    """Seconds of Postgres' own COPY of all texts into one file."""
    began = time.perf_counter()
    query = "copy (select * from report_texts) to stdout (format csv)"
    with (
        EmbeddedServer(config).connect() as connection,
        connection.cursor() as cursor,
        cursor.copy(query) as rows,
        path.open("wb") as file,
    ):
        for piece in rows:
            file.write(piece)
    return time.perf_counter() - began


def run(home: Path, directory: Path, shape: str, level: str) -> tuple[float, float]:
    """Seconds and peak memory in MB of one `gxgk export`."""
    arguments = [sys.executable, "-m", "gxgk_crawler", "export", str(directory), "--format", shape, "--redact", level]
    began = time.perf_counter()
    child = os.posix_spawn(sys.executable, arguments, {**os.environ, "GXGK_HOME": str(home)})
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise SystemExit(f"export failed: {status}")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes here
    return time.perf_counter() - began, usage.ru_maxrss * unit / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--home", type=Path, help="keep the database here, and use it again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = args.home or Path(scratch) / "home"
        config = Config(home=home)
        with Database.open(config) as database:
            measure(database, config, args.reports, Path(scratch))
        EmbeddedServer(config).stop()


def measure(database: Database, config: Config, reports: int, scratch: Path) -> None:
    with database.begin() as conn:
        held = conn.execute(text("select count(*) from report")).scalar_one()
    if held < reports:
        fill(database, reports)
    copy(config, scratch / "copy.csv")
    plain = copy(config, scratch / "copy.csv")
    print(f"COPY of all texts: {(scratch / 'copy.csv').stat().st_size / 1e6:.0f} MB in {plain:.1f} s", flush=True)
    for shape, level in RUNS:
        directory = scratch / f"{shape}-{level}"
        seconds, peak = run(config.home, directory, shape, level)
        size = sum(path.stat().st_size for path in directory.iterdir()) / 1e6
        shutil.rmtree(directory)
        print(
            f"{shape:<12} {level:<9} peak {peak:4.0f} MB   {size:5.0f} MB written   "
            f"{reports / seconds:6.0f} reports/s   {seconds / plain:5.1f} x COPY",
            flush=True,
        )


if __name__ == "__main__":
    main()
