"""The archive alone is enough: a lost database is rebuilt from it, row for row."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.writer import WarcWriter
from gxgk_crawler.entries import ReportRead
from tests.archive.samples import records
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
    filled = {"report_version", "attachment", "channel", "report_place", "crawl", "section", "statutory_cell", "statutory_check",
              "indicator", "reuse"}  # fmt: skip
    assert all(before[table] for table in filled)

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
        conn.execute("update report set stood_by = null")
        for table in (
            "reuse",
            "statutory_cell",
            "statutory_omission",
            "statutory_check",
            "indicator",
            "section",
            "version_capture",
            "attachment",
            "report_place",
            "report_version",
            "report",
            "capture",
            "channel",
        ):
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


def test_what_is_left_of_an_archive_comes_back_whole(home: Home, second_database: Config) -> None:
    """The file with the start of the crawl is gone: every capture and every report of the other files is there again."""
    assert home.crawl("hlbe", "-s", "ARCHIVE_ROTATE_BYTES=20000").code == 0
    archive = home.directory / "archive"
    files = sorted(archive.glob("*.warc.gz"))
    assert len(files) > 2
    before = dump(home.environ["GXGK_DATABASE_URL"])
    lost = files[0].name
    shutil.move(files[0], home.directory)
    lines = (archive / "manifest.jsonl").read_bytes().splitlines(keepends=True)
    (archive / "manifest.jsonl").write_bytes(b"".join(lines[1:]))
    home.environ["GXGK_DATABASE_URL"] = second_database.database_url or ""
    ended = home.gxgk("reindex")
    assert ended.code == 0, ended.err
    assert "the archive has lost how the crawls of hlbe began" in ended.err
    after = dump(home.environ["GXGK_DATABASE_URL"])

    captures = {row["record_id"]: row for row in before["capture"] if row["warc_file_id"] != lost}
    assert {row["record_id"]: row for row in after["capture"]}.items() >= captures.items()
    read = {row["report_id"]: row for row in before["report_version"] if row["capture_id"] in captures}
    assert len(read) > 5
    assert {row["report_id"]: row for row in after["report_version"]}.items() >= read.items()
    [portal] = after["portal"]
    assert (portal["name"], portal["title"], portal["entry"]) == ("hlbe", "hlbe", "https://www.hlbe.gov.cn/")
    assert after["crawl"] == before["crawl"]
    assert set(home.reports("hlbe")) >= set(read)
    # The next crawl describes the portal again, and fetches what was lost.
    assert home.crawl("hlbe").code == 0
    assert dump(home.environ["GXGK_DATABASE_URL"])["portal"][0]["title"] == before["portal"][0]["title"]
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports)


def test_an_entry_that_the_database_refuses_costs_none_of_the_others(home: Home, second_database: Config) -> None:
    """What a crawl archived and the database would not take must not stop a rebuilding for ever."""
    assert home.crawl("hlbe").code == 0
    before = dump(home.environ["GXGK_DATABASE_URL"])
    archive = home.directory / "archive"
    [entry] = [
        e for path in archive.glob("*.warc.gz") for r in records(path) if (e := r.entry) and isinstance(e, ReportRead)
    ][:1]
    document = replace(entry.report.document, year=123_456_789)
    refused = replace(entry, report=replace(entry.report, url=f"{entry.report.url}?refused", document=document))
    writer = WarcWriter(ArchiveDirectory(archive), info={"software": "gxgk_crawler/test"})
    writer.note(refused)
    writer.note(replace(entry, at=entry.at + timedelta(days=1)))
    writer.seal()
    for database_url in (home.environ["GXGK_DATABASE_URL"], second_database.database_url or ""):
        home.environ["GXGK_DATABASE_URL"] = database_url
        ended = home.gxgk("reindex")
        assert ended.code == 0, ended.err
        assert f"the database refuses the ReportRead of {refused.report.url}: " in ended.err
        assert "Traceback" not in ended.err
        after = dump(database_url)
        assert {t: after[t] for t in ("report", "report_version", "capture")} == {
            t: before[t] for t in ("report", "report_version", "capture")
        }
