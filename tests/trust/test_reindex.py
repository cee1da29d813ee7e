"""The archive alone is enough: a lost database is rebuilt from it, row for row."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import psycopg

from tests.replica import Fault
from tests.trust.conftest import dump

if TYPE_CHECKING:
    from gxgk_crawler.config import Config
    from tests.crawl.conftest import Home


def test_a_lost_database_is_rebuilt_row_for_row(home: Home, second_database: Config) -> None:
    replica = home.portals["hlbe"]
    home.proxy.inject(Fault(effect="status", status=404, match="show/1203", times=1))
    assert home.crawl("hlbe").code == 0
    years = sorted({sample.year for sample in replica.reports.values()})
    replica.correct(years[-2])
    replica.remove(years[1])
    replica.publish()
    assert home.crawl("hlbe", "-a", "recheck=all", "-s", "ARCHIVE_ROTATE_BYTES=30000").code == 0
    assert home.crawl("lincang").code == 0
    assert home.gxgk("verify").code == 0
    before = dump(home.environ["GXGK_DATABASE_URL"])
    assert {"report_version", "attachment", "channel", "report_place", "crawl", "section"} <= before.keys()
    assert all(before.values())

    # The copy of the archive lies where it lay: the directory is a fact that the database keeps.
    home.environ["GXGK_DATABASE_URL"] = second_database.database_url or ""
    ended = home.gxgk("reindex", "--json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["files"] == len(before["warc_file"]) > 3
    after = dump(home.environ["GXGK_DATABASE_URL"])
    for table, rows in before.items():
        assert after[table] == rows, table

    assert home.gxgk("reindex").code == 0
    assert dump(home.environ["GXGK_DATABASE_URL"]) == after, "reading it once more changes nothing"
    assert home.gxgk("verify").code == 0
    assert home.crawl("hlbe").line.startswith("hlbe: unchanged")


def test_a_database_that_lost_its_newest_rows_gets_them_back(home: Home) -> None:
    """As after a crash between sealing and commit, or a restore from last night's dump."""
    assert home.crawl("hlbe").code == 0
    url = home.environ["GXGK_DATABASE_URL"]
    before = dump(url)
    with psycopg.connect(url) as conn:
        for table in ("section", "attachment", "report_place", "report_version", "report", "capture", "channel"):
            if table == "report_version":
                conn.execute("update report set current_version = null")
            conn.execute(f"delete from {table}")
        conn.execute("update warc_file set sealed_at = null")
    broken = home.gxgk("verify", "--json")
    assert broken.code == 1
    assert {finding["kind"] for finding in json.loads(broken.out)["findings"]} == {"unindexed"}
    repaired = home.gxgk("verify", "--repair")
    assert repaired.code == 0, repaired.err
    assert dump(url) == before


def test_an_archive_without_entries_still_gives_its_captures(home: Home, second_database: Config) -> None:
    """The file with the start of the crawl is gone: what is left is taken in, and said."""
    assert home.crawl("hlbe", "-s", "ARCHIVE_ROTATE_BYTES=20000").code == 0
    archive = home.directory / "archive"
    files = sorted(archive.glob("*.warc.gz"))
    assert len(files) > 2
    kept = [row["record_id"] for row in dump(home.environ["GXGK_DATABASE_URL"])["capture"]
            if row["warc_file_id"] != files[0].name]  # fmt: skip
    shutil.move(files[0], home.directory)
    lines = (archive / "manifest.jsonl").read_bytes().splitlines(keepends=True)
    (archive / "manifest.jsonl").write_bytes(b"".join(lines[1:]))
    home.environ["GXGK_DATABASE_URL"] = second_database.database_url or ""
    ended = home.gxgk("reindex")
    assert ended.code == 0, ended.err
    assert "cannot be taken in" in ended.err
    rows = dump(home.environ["GXGK_DATABASE_URL"])
    assert sorted(row["record_id"] for row in rows["capture"]) == sorted(kept)
