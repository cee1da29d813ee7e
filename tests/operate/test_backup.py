"""Backup and restore as docs/operate.md tells it: from a dump and a copy of the archive, and from the archive alone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.crawl.conftest import Home

    Elsewhere = Callable[[str], Home]

# When a row was written, and numbers of rows: after a rebuild from the archive they may differ.
_OF_THE_DATABASE = {"id", "score", "created_at"}


def told(home: Home) -> dict[str, Any]:
    """What people read of this home: every report whole, its versions, and what a search finds."""
    reports = home.shown("hlbe")
    versions = {
        url: home.json("versions", str(report["id"])) for url, report in reports.items() if report["year"] > 2022
    }
    found = home.json("search", "鼠疫防控 -彩票", "--limit", "100")
    return {
        "reports": {url: _plain(report) for url, report in reports.items()},
        "versions": {url: [_plain(version) for version in rows] for url, rows in versions.items()},
        "found": sorted((_plain(hit) for hit in found), key=lambda hit: str(hit["url"])),
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _OF_THE_DATABASE}


@pytest.fixture
def filled(home: Home) -> Home:
    """A home after two crawls, one report corrected and one deleted in between."""
    assert home.crawl("hlbe").code == 0
    home.portals["hlbe"].correct(2023)
    home.portals["hlbe"].remove(2009)
    assert home.crawl("hlbe", "-a", "recheck=all").code == 0
    return home


def test_a_dump_and_a_copy_of_the_archive_are_the_whole_of_it(
    filled: Home, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    file = tmp_path / "gxgk.dump"
    assert filled.json("db", "dump", str(file))["bytes"] == file.stat().st_size > 10_000
    assert file.stat().st_mode & 0o077 == 0, "a dump is for its owner alone"
    before = told(filled)
    assert before["found"]

    fresh = elsewhere("another place")
    shutil.copytree(filled.directory / "archive", fresh.directory / "archive")
    restored = fresh.gxgk("db", "restore", str(file))
    assert restored.code == 0, restored.err
    assert told(fresh) == before
    assert fresh.gxgk("verify", "--repair").code == 0
    verified = fresh.json("verify")
    assert verified["ok"], verified
    assert verified["captures"] == filled.json("verify")["captures"]

    new = filled.portals["hlbe"].publish()
    assert fresh.crawl("hlbe").code == 0
    assert set(fresh.shown("hlbe")) == set(before["reports"]) | set(new)
    assert fresh.crawl("hlbe", "-a", "recheck=all").line.startswith("hlbe: unchanged")
    assert fresh.json("reextract")["failed"] == []
    assert fresh.gxgk("verify").code == 0


def test_what_was_crawled_after_the_dump_comes_back_from_the_archive(
    filled: Home, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    file = tmp_path / "gxgk.dump"
    assert filled.gxgk("db", "dump", str(file)).code == 0
    filled.portals["hlbe"].correct(2022)
    filled.portals["hlbe"].publish()
    assert filled.crawl("hlbe", "-a", "recheck=all").code == 0
    fresh = elsewhere("fresh")
    shutil.copytree(filled.directory / "archive", fresh.directory / "archive")
    assert fresh.gxgk("db", "restore", str(file)).code == 0
    assert fresh.gxgk("verify").code == 1
    assert fresh.gxgk("verify", "--repair").code == 0
    assert told(fresh) == told(filled)


def test_the_archive_alone_is_enough(filled: Home, elsewhere: Elsewhere) -> None:
    fresh = elsewhere("fresh")
    shutil.copytree(filled.directory / "archive", fresh.directory / "archive")
    ended = fresh.gxgk("reindex")
    assert ended.code == 0, ended.err
    assert told(fresh) == told(filled)
    assert fresh.gxgk("verify").code == 0
    assert fresh.crawl("hlbe", "-a", "recheck=all").line.startswith("hlbe: unchanged")


def test_a_dump_goes_nowhere_but_into_an_empty_database(home: Home, elsewhere: Elsewhere, tmp_path: Path) -> None:
    file = tmp_path / "gxgk.dump"
    assert home.gxgk("db", "dump", str(file)).code == 0
    again = home.gxgk("db", "restore", str(file))
    assert (again.code, again.line.partition(":")[2].strip()[:29]) == (1, "the database is not empty: re")
    assert home.json("reports") == []

    fresh = elsewhere("fresh")
    missing = fresh.gxgk("db", "restore", str(tmp_path / "nothing.dump"))
    assert (missing.code, missing.err.count("\n")) == (1, 1)
    cut = tmp_path / "cut.dump"
    cut.write_bytes(file.read_bytes()[:-2000])
    torn = fresh.gxgk("db", "restore", str(cut))
    assert (torn.code, torn.err.count("\n")) == (1, 1)
    assert torn.line.startswith("gxgk: pg_restore: error")
    assert fresh.gxgk("db", "restore", str(file)).code == 0, "a failed restore leaves nothing behind"


def test_a_dump_that_cannot_be_made_leaves_the_last_one_alone(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "gxgk.dump"
    file.write_text("yesterday's")
    home.environ |= {"PATH": "", "GXGK_PG_BIN": str(tmp_path)}
    failed = home.gxgk("db", "dump", str(file))
    assert failed.err.startswith("gxgk: pg_dump of PostgreSQL ")
    assert (failed.code, failed.err.count("\n")) == (1, 1)
    assert file.read_text() == "yesterday's"


def test_a_dump_into_nowhere_is_one_line(home: Home, tmp_path: Path) -> None:
    nowhere = tmp_path / "no such place"
    failed = home.gxgk("db", "dump", str(nowhere / "gxgk.dump"))
    assert (failed.code, failed.err) == (1, f"gxgk: {nowhere} takes no dump: No such file or directory\n")
