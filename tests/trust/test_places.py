"""Several homes on one database: each keeps, verifies and recovers the files of its own archive, and no others."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.crawl.conftest import Home
from tests.trust.conftest import dump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands import Process

    NewHome = Callable[[str], Home]

SLOW = ("-s", "DOWNLOAD_DELAY=0.3", "-s", "DOWNLOAD_DELAY_JITTER=0")


@pytest.fixture
def new_home(home: Home, tmp_path: Path) -> NewHome:
    """Makes one more home on the same database."""
    return lambda name: Home(tmp_path / name, home.environ["GXGK_DATABASE_URL"], home.proxy, home.portals)


def files(home: Home) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in dump(home.environ["GXGK_DATABASE_URL"])["warc_file"]}


def directories(home: Home) -> set[str]:
    return {row["directory"] for row in files(home).values()}


def elsewhere(home: Home) -> list[str]:
    """Places of the files that a sound verification has not looked at."""
    found = home.json("verify")
    assert found["ok"], found
    return sorted(found["elsewhere"])


def start(home: Home, name: str, *more: str) -> Process:
    """A crawl that has captures in the database, and is stopped in the middle for as long as the test takes."""
    crawl = home.start(name, *SLOW, *more)
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"], autocommit=True) as conn:
        open_file = (
            "select count(*) from capture c join warc_file f on f.id = c.warc_file_id"
            " where f.sealed_at is null and f.directory = %s"
        )
        while conn.execute(open_file, [str(home.directory / "archive")]).fetchall()[0][0] < 4:
            assert crawl.poll() is None
            time.sleep(0.05)
    os.killpg(crawl.pid, signal.SIGSTOP)
    return crawl


def test_each_home_keeps_to_its_own_archive(home: Home, new_home: NewHome) -> None:
    other = new_home("other")
    assert home.crawl("hlbe").code == 0
    mine = set(files(home))
    assert other.crawl("hlbe", "-a", "recheck=all").line.startswith("hlbe: unchanged")
    assert home.crawl("lincang").code == 0

    assert directories(home) == {str(home.directory / "archive"), str(other.directory / "archive")}
    rows = [row for row in dump(home.environ["GXGK_DATABASE_URL"])["capture"] if row["warc_file_id"] not in mine]
    assert {row["url"] for row in rows} >= set(home.portals["hlbe"].reports)
    held = {row["record_id"] for row in rows}
    assert all(row["refers_to"] is None or row["refers_to"] in held for row in rows), "an archive refers to another one"
    assert 304 not in {row["status"] for row in rows if row["url"] in home.portals["hlbe"].reports}

    [(place, seen)] = home.json("verify")["elsewhere"].items()
    assert place.startswith(f"{other.directory}/archive on ")
    assert seen == 1
    said = other.gxgk("verify")
    assert said.code == 0
    assert f"2 file(s) lie elsewhere and were not looked at: {home.directory}/archive on " in said.out

    exported = json.loads(other.gxgk("export", str(other.directory / "out"), "--format", "wacz", "--json").out)
    assert (exported["files"], list(exported["elsewhere"].values())) == (1, [2])
    nothing = other.gxgk("export", str(other.directory / "none"), "--format", "wacz", "--portal", "lincang")
    assert nothing.code == 1
    assert f"no sealed WARC file holds any of it here, but 1 file(s) in {home.directory}/archive on " in nothing.line

    # A loss here is told here, and there it is none of their business.
    victim = home.directory / "archive" / min(mine)
    victim.unlink()
    kinds = {finding["kind"] for finding in home.json("verify")["findings"]}
    assert kinds == {"missing", "dangling", "text"}
    assert len(elsewhere(other)) == 1


def test_nobody_recovers_or_seals_what_lies_elsewhere(home: Home, new_home: NewHome) -> None:
    other = new_home("other")
    crawl = start(home, "hlbe")
    [(name, row)] = files(home).items()
    assert (row["directory"], row["sealed_at"]) == (str(home.directory / "archive"), None), (
        "known from the first capture"
    )
    assert home.gxgk("verify").code == 0, "a crawl that goes on is no finding"
    assert other.gxgk("verify", "--repair").code == 0
    assert other.crawl("lincang").code == 0
    assert files(home)[name] == row
    os.killpg(crawl.pid, signal.SIGKILL)
    crawl.wait()

    assert other.gxgk("verify", "--repair").code == 0
    assert other.gxgk("reindex").code == 0
    assert other.crawl("sxxz").code == 0
    assert files(home)[name] == row, "what a killed crawl left behind is for its own machine to recover"
    assert (home.directory / "archive" / f"{name}.open").exists()
    assert home.gxgk("verify", "--repair").code == 0
    sealed = files(home)[name]
    assert sealed["sealed_at"] is not None
    assert sealed["line_sha256"] is not None
    assert len(elsewhere(home)) == len(elsewhere(other)) == 1


def test_an_archive_that_was_moved_is_still_the_archive(home: Home, new_home: NewHome) -> None:
    assert home.crawl("hlbe").code == 0
    moved = new_home("moved")
    moved.directory.mkdir()
    shutil.move(home.directory / "archive", moved.directory / "archive")
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"]) as conn:
        conn.execute("update warc_file set host = 'another'")
        conn.execute("update report_version set extractor_version = '0.0-old'")

    assert elsewhere(moved) == [], "found here, so it lies here, whatever the rows say"
    # Where it lay, nothing lies any more: to that home it is another archive, by name.
    (home.directory / "archive").mkdir()
    assert elsewhere(home) == [f"{home.directory}/archive on another"]
    assert json.loads(home.gxgk("reextract", "--json").out) == {
        "read": 0,
        "changed": 0,
        "unchanged": 0,
        "failed": [],
        "figures": 0,
        "elsewhere": {f"{home.directory}/archive on another": len(home.portals["hlbe"].reports)},
    }
    again = moved.crawl("hlbe", "-a", "recheck=all")
    assert again.line.startswith("hlbe: unchanged"), again.err
    statuses = [row["status"] for row in dump(home.environ["GXGK_DATABASE_URL"])["capture"] if row["refers_to"]]
    assert statuses, "the moved captures are originals again"

    assert directories(home) == {str(home.directory / "archive"), str(moved.directory / "archive")}
    assert moved.gxgk("verify", "--repair").code == 0
    assert directories(home) == {str(moved.directory / "archive")}
    assert "another" not in {row["host"] for row in files(home).values()}
    told = json.loads(moved.gxgk("reextract", "--json").out)
    assert (told["read"], told["failed"]) == (len(home.portals["hlbe"].reports), [])
    assert moved.gxgk("verify").code == 0
