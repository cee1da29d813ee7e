"""`gxgk verify`: every report against its capture, and a disk that is full in the middle of a crawl."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.writer import WarcWriter
from gxgk_crawler.entries import Entry, ReportRead
from tests.archive.samples import records
from tests.trust.conftest import dump
from tests.trust.test_kill import FASTWARC

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crawl.conftest import Home

FORGED = "本报告由他人改写。"


def findings(home: Home, *more: str) -> list[tuple[str, str]]:
    found = home.json("verify", *more)
    assert found["ok"] is (not found["findings"] and not found["problems"])
    return [(finding["kind"], finding["message"].partition(": ")[2]) for finding in found["findings"]]


def readings(home: Home) -> list[ReportRead]:
    entries: Iterator[Entry | None] = (
        record.entry for path in sorted((home.directory / "archive").glob("*.warc.gz")) for record in records(path)
    )
    return [entry for entry in entries if isinstance(entry, ReportRead)]


def forge(home: Home, url: str) -> None:
    """Another text in the database, with the digest that fits it."""
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"]) as conn:
        digest = hashlib.sha256(FORGED.encode()).hexdigest()
        conn.execute(
            "update report_version v set text = %s, extracted_text = %s, edits = '[]', text_sha256 = %s from report r"
            " where r.id = v.report_id and r.url = %s",
            [FORGED, FORGED, digest, url],
        )


def test_a_text_that_is_not_what_was_read_is_found(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    assert home.crawl("sxxz").code == 0
    count = len(home.portals["hlbe"].reports) + len(home.portals["sxxz"].reports)
    sound: dict[str, Any] = home.json("verify", "--texts", "-j", "2")
    assert (sound["ok"], sound["versions"], sound["reread"], sound["older"]) == (True, count, count, 0)

    victim = readings(home)[0]
    forge(home, victim.report.url)
    assert findings(home) == [("text", "the archive does not say that it was read so")]

    # Who forges the entry of the archive too is found by reading the bytes again.
    document = replace(victim.report.document, text=FORGED)
    writer = WarcWriter(ArchiveDirectory(home.directory / "archive"), info={"software": "gxgk_crawler/test"})
    writer.note(replace(victim, report=replace(victim.report, document=document)))
    writer.seal()
    assert home.gxgk("verify", "--repair").code == 0
    assert findings(home) == []
    assert findings(home, "--texts") == [("text", "its bytes, read again, give another text")]
    said = home.gxgk("verify", "--texts")
    assert said.code == 1
    assert f"{count} version(s) read again from their bytes" in said.out
    assert victim.report.url in "".join(said.out.split())


def test_what_other_rules_have_read_is_counted_and_not_read_again(home: Home) -> None:
    assert home.crawl("lincang").code == 0
    victim = readings(home)[0].report.url
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"]) as conn:
        conn.execute("update report_version set extractor_version = '0.0-old'")
    found = home.json("verify", "--texts")
    assert (found["ok"], found["reread"]) == (True, 0)
    assert found["versions"] == found["older"] == len(home.portals["lincang"].reports)
    assert "by older rules" in home.gxgk("verify", "--texts").out
    forge(home, victim)
    assert findings(home) == [("text", "the archive does not say that it was read so")], "whatever rules have read it"


@pytest.fixture
def small_disk(home: Home) -> Iterator[Path]:
    """An archive directory on a tmpfs of 200 KB, where we may mount one."""
    directory = home.directory / "archive"
    directory.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(directory)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no tmpfs can be mounted here")
    yield directory
    subprocess.run(["umount", str(directory)], check=True)


def test_a_disk_that_fills_up_ends_the_crawl_and_loses_nothing(home: Home, small_disk: Path) -> None:
    home.environ["GXGK_MIN_FREE_MB"] = "0"
    first = home.crawl("hlbe", "-s", "ARCHIVE_ROTATE_BYTES=30000")
    assert first.code == 1
    assert first.line.startswith("hlbe: storage: ")
    assert "No space left on device" in first.line
    assert "Traceback" not in first.err
    committed = {row["record_id"] for row in dump(home.environ["GXGK_DATABASE_URL"])["capture"]}
    assert committed
    for path in small_disk.glob("gxgk-*"):
        checked = subprocess.run([FASTWARC, "check", "-q", path], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, f"{path.name}: {checked.stdout}"

    # With room again, everything that was archived is taken in, and the crawl goes on from there.
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    second = home.crawl("hlbe")
    assert second.code == 0, second.err
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports)
    assert committed <= {row["record_id"] for row in dump(home.environ["GXGK_DATABASE_URL"])["capture"]}
    verified = home.json("verify")
    assert verified["ok"], verified
    assert verified["open_files"] == []
