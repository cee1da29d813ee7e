"""kill -9 at any moment: no committed row is lost or dangling, and what the archive says is what the database says."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.crawl.conftest import kill_at_any_moment
from tests.trust.conftest import dump

if TYPE_CHECKING:
    from gxgk_crawler.config import Config
    from tests.crawl.conftest import Home

ROUNDS = int(os.environ.get("GXGK_KILL_ROUNDS", "4"))
FASTWARC = Path(sys.executable).with_name("fastwarc")


def committed(home: Home) -> dict[str, set[str]]:
    """What the database has promised: captures by record id, versions by report and text."""
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"]) as conn:
        return {
            name: {row[0] for row in conn.execute(query)}
            for name, query in {
                "captures": "select record_id from capture",
                "versions": "select r.url || v.text_sha256 from report_version v join report r on r.id = v.report_id",
            }.items()
        }


@pytest.mark.timeout(60 + 8 * ROUNDS)
def test_kill_9_at_any_moment(home: Home, second_database: Config) -> None:
    dice = random.Random(ROUNDS)
    replica = home.portals["hlbe"]
    before: dict[str, set[str]] = {"captures": set(), "versions": set()}
    killed = 0
    for number in range(ROUNDS):
        if number % 10 == 5:  # pages change now and then, so that versions are written under fire too
            replica.correct(dice.choice(sorted({sample.year for sample in replica.reports.values()})))
        options = [
            "-a",
            "recheck=all",
            "-s",
            "DOWNLOAD_DELAY=0.02",
            "-s",
            f"ARCHIVE_ROTATE_BYTES={dice.choice([20_000, 10**9])}",
        ]
        killed += kill_at_any_moment(home, home.start("hlbe", *options), dice)
        after = committed(home)
        assert all(before[name] <= after[name] for name in before), "a committed row is lost"
        before = after
    assert killed >= ROUNDS / 2, "too few crawls were killed"
    ended = home.crawl("hlbe", "-a", "recheck=all")
    assert ended.code == 0, ended.err
    assert set(home.reports("hlbe")) == set(replica.reports)
    assert all(before[name] <= committed(home)[name] for name in before)
    verified = home.json("verify")
    assert verified["ok"], verified
    assert verified["open_files"] == []
    for file in (home.directory / "archive").glob("*.warc.gz"):
        checked = subprocess.run([FASTWARC, "check", "-q", file], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout

    lost = dump(home.environ["GXGK_DATABASE_URL"])
    home.environ["GXGK_DATABASE_URL"] = second_database.database_url or ""
    assert home.gxgk("reindex").code == 0
    rebuilt = dump(home.environ["GXGK_DATABASE_URL"])
    for table, rows in lost.items():
        assert rebuilt[table] == rows, table
