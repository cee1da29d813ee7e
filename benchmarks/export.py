"""What an export costs: peak memory of the process and time, on generated reports.

    python benchmarks/export.py [--reports 50000] [--home DIR]

Each export runs in a process of its own, as `gxgk export` does. Time is given beside that of Postgres' own COPY of the same
texts in the same run: a ratio says more than a second of this machine. With --home, a database that an earlier run has filled
is used again.
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
from gxgk_crawler.store.database import Database
from gxgk_crawler.store.embedded import EmbeddedServer
from gxgk_crawler.store.reports import save_report

if TYPE_CHECKING:
    from gxgk_crawler.items import Report

# Invented, as everything here.
HEAD = "字号：大 中 小 打印\n"
TAIL = "\n联系电话：0470-8200000，电子邮箱：bench@bench.gov.cn。\n责任编辑：王小明"
RUNS = (
    ("datapackage", "none"),
    ("datapackage", "contacts"),
    ("datapackage", "persons"),
    ("parquet", "contacts"),
    ("jsonl", "contacts"),
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


def fill(database: Database, reports: int) -> float:
    """Save so many reports, two hundred per transaction; seconds."""
    chance = random.Random(4)
    began = time.perf_counter()
    with database.begin() as conn:
        register_portal(conn, "bench", Portal(title="基准", entry="https://www.bench.gov.cn/"), "generic")
    for start in range(0, reports, 200):
        with database.begin() as conn:
            for number in range(start, min(reports, start + 200)):
                save_report(conn, with_edits(report(number, chance)), extractor_version="1")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("vacuum analyze"))
    return time.perf_counter() - began


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
        print(f"{reports} reports saved and indexed in {fill(database, reports):.0f} s", flush=True)
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
