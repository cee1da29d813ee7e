"""After a crash: every whole record is found, nothing else is kept, and nothing is destroyed that could be read."""

from __future__ import annotations

import fcntl
import gc
import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.archive import manifest
from gxgk_crawler.archive.directory import OPEN_SUFFIX, ArchiveDirectory
from gxgk_crawler.archive.reader import read
from gxgk_crawler.archive.recovery import recover
from gxgk_crawler.errors import ArchiveError
from tests.archive.conftest import HERE, crawl_environment
from tests.archive.samples import body_of, captures, exchange, member_ends, records, verify, writer_in
from tests.archive.shapes import ok

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gxgk_crawler.archive.writer import WarcWriter
    from gxgk_crawler.items import Capture

NAME = "gxgk-20260102030405600-00000-sample-1.warc.gz"


def kill(writer: WarcWriter) -> Path:
    """End a writer as kill -9 does: nothing is sealed, and the lock is gone."""
    assert writer._file is not None
    path = writer._file.path
    writer._file.close()
    return path


@pytest.fixture
def abandoned(tmp_path: Path) -> tuple[bytes, list[Capture]]:
    """The bytes of a file with three records (warcinfo, request, response), and its captures."""
    source = tmp_path / "source"
    writer = writer_in(source)
    written = [writer.write(exchange(1, ok(b"<p>sample</p>" * 3)))]
    return kill(writer).read_bytes(), written


def place(directory: Path, data: bytes) -> Path:
    directory.mkdir(exist_ok=True)
    path = directory / f"{NAME}{OPEN_SUFFIX}"
    path.write_bytes(data)
    return path


def test_a_file_cut_at_any_byte_is_recovered_exactly(tmp_path: Path, abandoned: tuple[bytes, list[Capture]]) -> None:
    data, written = abandoned
    ends = member_ends(data)
    assert len(ends) == 3
    for cut in range(len(data) + 1):
        directory = tmp_path / str(cut)
        path = place(directory, data[:cut])
        whole = [end for end in ends if end <= cut]
        good = whole[-1] if whole else 0
        [found] = recover(ArchiveDirectory(directory))
        assert (found.records, found.cut_bytes, found.damage) == (len(whole), cut - good, None), cut
        final = directory / NAME
        indexed = [capture.offset for capture in captures(final)] if whole else []
        assert indexed == ([written[0].offset] if len(whole) == 3 else []), cut
        assert found.captures == len(indexed), cut
        if whole:
            assert final.read_bytes() == data[:good], cut
            assert manifest.read_manifest(directory)[NAME].bytes == good
        elif cut:
            assert (directory / f"{NAME}.unreadable").read_bytes() == data[:cut]
        assert not path.exists()
        assert list(recover(ArchiveDirectory(directory))) == [], "a second recovery finds nothing to do"


@pytest.mark.parametrize("filler", [b"\0" * 5000, b"\xff" * 300, b"\x1f\x8b\x08" * 100, b"WARC/1.1\r\n" * 50])
def test_a_tail_of_filler_is_cut_wherever_the_record_before_it_was_torn(
    filler: bytes, tmp_path: Path, abandoned: tuple[bytes, list[Capture]]
) -> None:
    data, _ = abandoned
    ends = member_ends(data)
    for number, cut in enumerate([*ends, ends[0] + 5, ends[1] + 30, ends[2] - 1, ends[2] - 8]):
        directory = tmp_path / str(number)
        place(directory, data[:cut] + filler)
        [found] = recover(ArchiveDirectory(directory))
        # A record of which only the last byte was lost, and that byte was zero, is whole again after zeros.
        good = max(end for end in ends if (data[:cut] + filler).startswith(data[:end]))
        assert (directory / NAME).read_bytes() == data[:good]
        assert found.cut_bytes == cut + len(filler) - good


def test_damage_before_whole_records_is_told_and_not_cut(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    written = [writer.write(exchange(number)) for number in range(4)]
    path = kill(writer)
    data = bytearray(path.read_bytes())
    data[written[1].offset + 100] ^= 1
    path.write_bytes(data)
    for _ in range(2):
        [found] = recover(ArchiveDirectory(tmp_path))
        assert found.damage is not None
        assert f"is damaged at {written[1].offset}, but holds whole records again" in found.damage
        assert found.captures == 1
        assert list(captures(path)) == written[:1]
        assert path.read_bytes() == data
    assert read(ArchiveDirectory(tmp_path), written[3], verify=True).record_id == written[3].record_id


def test_a_warc_inside_a_torn_page_is_not_taken_for_a_record(tmp_path: Path) -> None:
    other = writer_in(tmp_path / "other")
    other.write(exchange(1))
    inner = kill(other).read_bytes()
    writer = writer_in(tmp_path / "archive")
    capture = writer.write(exchange(2, ok(body_of(1, 60_000) + inner + body_of(2, 60_000))))
    path = kill(writer)
    data = path.read_bytes()
    # gzip stores what it cannot compress as it is, so the inner members lie open in the outer one.
    assert inner in data
    path.write_bytes(data[:-1])
    [found] = recover(ArchiveDirectory(tmp_path / "archive"))
    assert (found.damage, found.captures) == (None, 0)
    assert (tmp_path / "archive" / capture.warc_file).stat().st_size == capture.offset


def test_the_file_of_a_living_writer_is_left_alone(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    capture = writer.write(exchange(1))
    assert list(recover(ArchiveDirectory(tmp_path))) == []
    assert writer.write(exchange(2)).offset > capture.offset
    writer.seal()


def test_two_recoveries_at_once_do_not_share_a_file(tmp_path: Path, abandoned: tuple[bytes, list[Capture]]) -> None:
    path = place(tmp_path, abandoned[0])
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert list(recover(ArchiveDirectory(tmp_path))) == []
    assert len(list(recover(ArchiveDirectory(tmp_path)))) == 1


def test_a_recovery_that_was_cut_short_is_done_again(tmp_path: Path, abandoned: tuple[bytes, list[Capture]]) -> None:
    path = place(tmp_path, abandoned[0] + b"torn")
    first = next(recover(ArchiveDirectory(tmp_path)))
    gc.collect()
    assert path.exists()
    [again] = recover(ArchiveDirectory(tmp_path))
    assert again == first


def test_a_seal_that_was_cut_short_is_finished(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    capture = writer.write(exchange(1))
    writer.seal()
    final = tmp_path / capture.warc_file
    final.rename(tmp_path / f"{capture.warc_file}{OPEN_SUFFIX}")
    before = manifest.read_lines(tmp_path)
    [found] = recover(ArchiveDirectory(tmp_path))
    assert (found.portal, found.captures) == ("sample", 1)
    assert list(captures(final)) == [capture]
    assert final.exists()
    assert manifest.read_lines(tmp_path) == before


def test_a_file_that_differs_from_its_seal_is_told(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    capture = writer.write(exchange(1))
    writer.seal()
    path = tmp_path / f"{capture.warc_file}{OPEN_SUFFIX}"
    (tmp_path / capture.warc_file).rename(path)
    path.write_bytes(path.read_bytes()[:-1])
    [found] = recover(ArchiveDirectory(tmp_path))
    assert found.damage is not None
    assert "is not the same any more" in found.damage
    assert path.exists()


def test_no_archive_needs_no_recovery(tmp_path: Path) -> None:
    assert list(recover(ArchiveDirectory(tmp_path / "nowhere"))) == []


def test_a_directory_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / manifest.MANIFEST).write_text("no json\n")
    place(tmp_path, b"")
    with pytest.raises(ArchiveError, match="cannot be recovered"):
        list(recover(ArchiveDirectory(tmp_path)))


WRITE_LOOP = """
import sys
from dataclasses import asdict
from pathlib import Path
from tests.archive.samples import exchange, writer_in

writer = writer_in(Path(sys.argv[1]), rotate_bytes=60_000)
number = int(sys.argv[2])
while True:
    capture = writer.write(exchange(number))
    # What a commit is to the database: it is said only after the writer came back.
    print(capture.warc_file, capture.offset, capture.length, capture.record_id, capture.payload_sha256, flush=True)
    number += 1
"""


def test_kill_9_loses_no_record_that_was_promised(tmp_path: Path, fastwarc_check: Callable[[Path], None]) -> None:
    """Six rounds; GXGK_KILL_ROUNDS sets another number."""
    archive = tmp_path / "archive"
    seconds = random.Random(20260102)
    promised: list[list[str]] = []
    for number in range(int(os.environ.get("GXGK_KILL_ROUNDS", "6"))):
        with subprocess.Popen(
            [sys.executable, "-c", WRITE_LOOP, str(archive), str(number * 1000)],
            env=crawl_environment(tmp_path),
            cwd=HERE.parent.parent,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(seconds.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
            lines = [first, *process.stdout]
        promised += [line.split() for line in lines if line.endswith("\n")]
        assert all(found.damage is None for found in recover(ArchiveDirectory(archive)))
    files = sorted(archive.glob("gxgk-*"))
    assert [path.name for path in files] == sorted(manifest.read_manifest(archive))
    stored = {capture.record_id: capture for path in files for capture in captures(path)}
    for warc_file, offset, length, record_id, payload_sha256 in promised:
        capture = stored[record_id]
        found = (capture.warc_file, capture.offset, capture.length, capture.payload_sha256)
        assert found == (warc_file, int(offset), int(length), payload_sha256)
    assert verify(archive, stored.values()).findings == []
    for path in files:
        assert member_ends(path.read_bytes())[-1] == path.stat().st_size
        assert len(member_ends(path.read_bytes())) == len(list(records(path)))
        fastwarc_check(path)
