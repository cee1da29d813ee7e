"""Names of WARC files, and what of a directory belongs to an archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.archive.directory import ArchiveDirectory, begun
from gxgk_crawler.archive.writer import _file_name
from gxgk_crawler.errors import ArchiveError, MissingFileError
from gxgk_crawler.items import WARC_NAME, warc_begun, warc_host

if TYPE_CHECKING:
    from pathlib import Path

OURS = "gxgk-20260102030405678-00001-a-host.example_1-77.warc.gz"


def test_our_names_say_when_and_where_the_file_was_begun() -> None:
    assert warc_begun(OURS) == datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)
    assert warc_host(OURS) == "a-host.example_1"
    made = _file_name(7)
    assert warc_begun(made) is not None
    assert warc_host(made) is not None


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("gxgk-20261399030405678-00001-h-1.warc.gz", "h"),  # no such month
        ("gxgk-foreign.warc.gz", None),
        ("other-20260102030405678-00001-h-1.warc.gz", None),
        ("a.warc.gz", None),
    ],
)
def test_other_names_say_less_and_are_names_all_the_same(name: str, host: str | None) -> None:
    assert WARC_NAME.fullmatch(name)
    assert (warc_begun(name), warc_host(name)) == (None, host)
    assert begun(name) == datetime.min.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    ["", ".warc.gz", "-a.warc.gz", "../a.warc.gz", "a/b.warc.gz", "a.warc.gz\n", "a\0.warc.gz", "a.warc", "中.warc.gz"],
)
def test_a_name_that_could_lead_elsewhere_is_none(name: str, tmp_path: Path) -> None:
    archive = ArchiveDirectory(tmp_path)
    assert (warc_begun(name), warc_host(name)) == (None, None)
    assert not archive.is_here(name)
    with pytest.raises(ArchiveError, match="no name of a WARC file"):
        archive.find(name)


def test_a_file_is_found_under_both_of_its_names(tmp_path: Path) -> None:
    archive = ArchiveDirectory(tmp_path)
    with pytest.raises(MissingFileError):
        archive.find(OURS)
    archive.open_path(OURS).write_bytes(b"1")
    assert (archive.names(), archive.open_names(), archive.sealed_names()) == ([OURS], [OURS], [])
    archive.open_path(OURS).rename(tmp_path / OURS)
    assert (archive.names(), archive.open_names(), archive.sealed_names()) == ([OURS], [], [OURS])
    assert (archive.size(OURS), list(archive.strangers())) == (1, [])


def test_an_archive_need_not_exist_yet(tmp_path: Path) -> None:
    archive = ArchiveDirectory(tmp_path / "nowhere")
    assert (archive.names(), archive.sealed(), list(archive.strangers())) == ([], {}, [])
    assert archive.location.directory == str(tmp_path / "nowhere")
