"""The writer: what a record says, and that a file is whole whatever happens to the disk."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.archive import manifest, writer
from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.reader import read
from gxgk_crawler.archive.recovery import recover
from gxgk_crawler.errors import ArchiveError, ExtractionError
from tests.archive.entry_samples import ENTRIES
from tests.archive.samples import body_of, captures, exchange, member_ends, records, writer_in
from tests.archive.shapes import chunked, ok

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gxgk_crawler.items import Capture

NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"


def test_a_file_begins_with_who_made_it_and_holds_one_member_per_record(
    tmp_path: Path, fastwarc_check: Callable[[Path], None]
) -> None:
    writer = writer_in(tmp_path)
    for number in range(5):
        writer.write(exchange(number))
    writer.seal()
    [path] = tmp_path.glob("*.warc.gz")
    stored = list(records(path))
    assert [record.type for record in stored] == ["warcinfo", *["request", "response"] * 5]
    assert len(member_ends(path.read_bytes())) == len(stored) == 11
    assert member_ends(path.read_bytes())[-1] == path.stat().st_size
    assert stored[0].info.items() >= {"software": "gxgk_crawler tests", "gxgk-portal": "sample"}.items()
    assert stored[0].headers["WARC-Filename"] == path.name
    assert {record.headers.get("WARC-Warcinfo-ID") for record in stored[1:]} == {f"<{stored[0].record_id}>"}
    fastwarc_check(path)
    subprocess.run(["gzip", "-t", path], check=True)


def test_a_capture_says_where_its_record_lies_and_what_it_holds(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    capture = writer.write(exchange(7, chunked(body_of(7), b"Content-Type: Text/HTML; charset=gb2312"), role="report"))
    record = read(ArchiveDirectory(tmp_path), capture, verify=True)
    assert record.payload == body_of(7)
    assert (capture.payload_sha256, capture.payload_length) == (hashlib.sha256(body_of(7)).hexdigest(), 2000)
    assert (capture.status, capture.media_type, record.charset) == (200, "text/html", "gb2312")
    assert (capture.ip, capture.role, capture.method) == ("192.0.2.1", "report", "GET")
    assert capture.fetched_at == exchange(7).started_at
    assert record.headers["WARC-Date"] == "2026-01-02T03:04:05.600007Z"
    assert capture.warc_file.endswith(".warc.gz")
    assert [path.suffix for path in tmp_path.glob("gxgk-*")] == [".open"]


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("http://a.test/年报?q=一 b<c>#top", "http://a.test/%E5%B9%B4%E6%8A%A5?q=%E4%B8%80%20b%3Cc%3E"),
        ("http://a.test/%e5%b9%b4", "http://a.test/%e5%b9%b4"),
        ("http://a.test/x\r\nWARC-Type: bad", "http://a.test/x%0D%0AWARC-Type:%20bad"),
    ],
)
def test_the_target_is_plain_ascii_on_one_line(url: str, stored: str, tmp_path: Path) -> None:
    capture = writer_in(tmp_path).write(exchange(1, url=url))
    assert capture.url == read(ArchiveDirectory(tmp_path), capture).headers["WARC-Target-URI"] == stored


# -- revisits


def test_the_same_payload_is_stored_once(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    first = writer.write(exchange(1))
    unknown = writer.write(exchange(1))
    assert unknown.refers_to is None, "what is not committed yet is no original"
    writer.originals.remember([first])
    again = writer.write(exchange(1, url="https://sample.test/other"))
    record = read(ArchiveDirectory(tmp_path), again, verify=True)
    assert record.headers["WARC-Profile"].endswith("/revisit/identical-payload-digest")
    assert record.headers["WARC-Refers-To"] == f"<{first.record_id}>"
    assert record.headers["WARC-Refers-To-Target-URI"] == first.url
    assert record.headers["WARC-Refers-To-Date"] == "2026-01-02T03:04:05.600001Z"
    assert record.headers["WARC-Truncated"] == "length"
    assert record.http_headers == [(b"Content-Type", b"text/html"), (b"Content-Length", b"2000")]
    assert record.block.endswith(b"\r\n\r\n")
    expected = (200, first.record_id, first.payload_sha256, 2000, None)
    found = (again.status, again.refers_to, again.payload_sha256, again.payload_length, again.truncated)
    assert found == expected
    with pytest.raises(ArchiveError, match="is a revisit"):
        _ = record.payload
    assert again.length < 1000 < first.length


def test_not_modified_refers_to_the_last_known_page_of_that_url(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    url = "https://sample.test/page/1.html"
    assert read(ArchiveDirectory(tmp_path), writer.write(exchange(9, NOT_MODIFIED, url=url))).type == "response"
    small = writer.write(exchange(1, ok(b"short page")))
    writer.originals.remember([small])
    capture = writer.write(exchange(9, NOT_MODIFIED, url=url))
    record = read(ArchiveDirectory(tmp_path), capture, verify=True)
    assert record.headers["WARC-Profile"].endswith("/revisit/server-not-modified")
    assert record.headers["WARC-Refers-To-Target-URI"] == url
    assert (record.block, capture.refers_to, capture.status, record.status) == (b"", small.record_id, 304, 304)
    assert record.headers["WARC-Payload-Digest"] == f"sha256:{small.payload_sha256}"
    assert (capture.payload_sha256, capture.payload_length) == (small.payload_sha256, 0)
    beside = list(records(next(tmp_path.glob("*.open"))))[-2]
    assert (beside.type, beside.block) == ("metadata", NOT_MODIFIED), "the bytes are kept, where replay ignores them"
    assert list(captures(next(tmp_path.glob("*.open"))))[-1] == capture


def test_not_modified_after_a_revisit_refers_to_the_bytes_themselves(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    first = writer.write(exchange(1))
    writer.originals.remember([first])
    other = writer.write(exchange(1, url="https://sample.test/other"))
    writer.originals.remember([other])
    assert writer.write(exchange(2, NOT_MODIFIED, url="https://sample.test/other")).refers_to == first.record_id


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({"response": ok(b"x" * 1023)}, {}),
        ({"response": ok(body_of(1), status=b"404 Not Found")}, {}),
        ({"truncated": "disconnect"}, {}),
        ({}, {"truncated": "time"}),
        ({}, {"method": "POST"}),
        ({}, {"response": ok(body_of(1), status=b"404 Not Found")}),
    ],
)
def test_what_is_small_failed_or_cut_is_stored_in_full(
    first: dict[str, object], again: dict[str, object], tmp_path: Path
) -> None:
    writer = writer_in(tmp_path)
    writer.originals.remember([writer.write(exchange(1, **first))])  # type: ignore[arg-type]
    assert writer.write(exchange(1, **{**first, **again})).refers_to is None  # type: ignore[arg-type]


# -- files: rotation, sealing, the chain


def test_a_full_file_is_sealed_and_the_next_one_begun(tmp_path: Path, fastwarc_check: Callable[[Path], None]) -> None:
    writer = writer_in(tmp_path, rotate_bytes=6000)
    written = [writer.write(exchange(number)) for number in range(10)]
    writer.seal()
    writer.seal()
    files = sorted(tmp_path.glob("gxgk-*"))
    assert len(files) > 2
    sealed = manifest.read_manifest(tmp_path)
    assert [path.name for path in files] == list(sealed)
    assert writer.take_sealed() == list(sealed.values())
    for path in files:
        fastwarc_check(path)
        entry = sealed[path.name]
        data = path.read_bytes()
        assert (entry.bytes, entry.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert (entry.records, entry.captures) == (len(member_ends(data)), len(list(captures(path))))
    assert [capture for path in files for capture in captures(path)] == written


def test_a_file_is_sealed_when_the_day_is_over(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    first = writer.write(exchange(1))
    assert writer._file is not None
    writer._file.day -= timedelta(days=1)
    second = writer.write(exchange(2))
    assert first.warc_file != second.warc_file
    assert list(manifest.read_manifest(tmp_path)) == [first.warc_file]


def test_each_manifest_line_holds_the_digest_of_the_one_before(tmp_path: Path) -> None:
    writer = writer_in(tmp_path, rotate_bytes=1)
    for number in range(3):
        writer.write(exchange(number))
    lines = (tmp_path / manifest.MANIFEST).read_bytes().splitlines()
    previous = [json.loads(line)["previous"] for line in lines]
    assert previous == ["0" * 64, *[hashlib.sha256(line).hexdigest() for line in lines[:2]]]


def test_a_torn_manifest_line_is_taken_back_before_the_next(tmp_path: Path) -> None:
    writer = writer_in(tmp_path, rotate_bytes=1)
    writer.write(exchange(1))
    path = tmp_path / manifest.MANIFEST
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"file":"gxgk-torn')
    assert len(manifest.read_manifest(tmp_path)) == 1
    writer.write(exchange(2))
    assert path.read_bytes().startswith(whole + b"{")
    assert len(manifest.read_manifest(tmp_path)) == 2


def _write_many(directory: Path, first: int) -> list[Capture]:
    writer = writer_in(directory, rotate_bytes=20_000)
    written = [writer.write(exchange(number)) for number in range(first, first + 40)]
    writer.seal()
    return written


def test_several_crawls_write_at_once(tmp_path: Path, fastwarc_check: Callable[[Path], None]) -> None:
    with ThreadPoolExecutor(4) as threads, multiprocessing.get_context("spawn").Pool(2) as processes:
        here = [threads.submit(_write_many, tmp_path, 100 * number) for number in range(2)]
        there = [processes.apply_async(_write_many, (tmp_path, 100 * number)) for number in range(2, 4)]
        written = [capture for job in here for capture in job.result()]
        written += [capture for job in there for capture in job.get(60)]
    assert list(recover(ArchiveDirectory(tmp_path))) == []
    sealed = manifest.read_manifest(tmp_path)
    assert sorted(sealed) == sorted(path.name for path in tmp_path.glob("gxgk-*"))
    assert sum(entry.captures for entry in sealed.values()) == len(written) == 160
    assert {read(ArchiveDirectory(tmp_path), capture, verify=True).record_id for capture in written} == {
        c.record_id for c in written
    }
    lines = manifest.read_lines(tmp_path)
    assert [json.loads(line)["previous"] for line in lines[1:]] == [manifest.line_sha256(line) for line in lines[:-1]]
    for name in sealed:
        fastwarc_check(tmp_path / name)


@pytest.mark.process
def test_a_worker_forked_from_a_crawl_does_not_keep_its_file_locked(tmp_path: Path) -> None:
    """A crawl that is killed leaves its workers behind; the next crawl must not wait for them to end."""
    ready, done = os.pipe(), os.pipe()
    crawl = os.fork()
    if crawl == 0:
        writer = writer_in(tmp_path)
        writer.write(exchange(1))
        if os.fork() == 0:
            os.write(ready[1], b"x")
            os.read(done[0], 1)
        os._exit(0)
    os.waitpid(crawl, 0)
    os.read(ready[0], 1)
    try:
        assert [found.records for found in recover(ArchiveDirectory(tmp_path))] == [3]
    finally:
        os.write(done[1], b"x")
        for end in (*ready, *done):
            os.close(end)


# -- a disk that fails


class FailingDisk:
    """os.writev that takes `good` bytes in all, a part of a piece perhaps, and then fails."""

    def __init__(self, good: int, error: int) -> None:
        self.left = good
        self.error = error

    def writev(self, descriptor: int, pieces: list[bytes]) -> int:
        if self.left <= 0:
            raise OSError(self.error, os.strerror(self.error))
        taken = os.write(descriptor, b"".join(pieces)[: self.left])
        self.left -= taken
        return taken


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("good", [0, 1, 400, 900, 2000])
def test_a_failed_write_is_taken_back_and_ends_the_crawl(
    good: int, error: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fastwarc_check: Callable[[Path], None]
) -> None:
    writer = writer_in(tmp_path)
    kept = [writer.write(exchange(number)) for number in range(2)]
    disk = FailingDisk(good, error)
    monkeypatch.setattr(os, "writev", disk.writev)
    with pytest.raises(ArchiveError, match=f"cannot be written: {os.strerror(error)}"):
        writer.write(exchange(2))
    monkeypatch.undo()
    with pytest.raises(ArchiveError, match="cannot be written"):
        writer.write(exchange(3))
    writer.seal()
    [path] = tmp_path.glob("*.warc.gz")
    assert list(captures(path)) == kept
    assert member_ends(path.read_bytes())[-1] == path.stat().st_size
    fastwarc_check(path)


def test_a_record_that_is_not_durable_is_not_a_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = writer_in(tmp_path)
    writer.write(exchange(1))
    size = next(tmp_path.glob("*.open")).stat().st_size

    def fail(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(ArchiveError, match="Input/output error"):
        writer.write(exchange(2))
    assert next(tmp_path.glob("*.open")).stat().st_size == size


def test_nobody_hears_of_a_record_before_it_is_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def watch(name: str) -> None:
        true = getattr(os, name)

        def watched(*arguments: object) -> object:
            calls.append(name)
            return true(*arguments)

        monkeypatch.setattr(os, name, watched)

    for name in ("writev", "fdatasync", "ftruncate"):
        watch(name)
    writer = writer_in(tmp_path)
    for number in range(3):
        writer.write(exchange(number))
        calls.append("told")
    assert calls == ["writev", "fdatasync"] + ["writev", "fdatasync", "told"] * 3


def test_a_file_that_cannot_be_sealed_waits_for_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = writer_in(tmp_path)
    capture = writer.write(exchange(1))
    monkeypatch.setattr(os, "writev", FailingDisk(10, errno.ENOSPC).writev)
    with pytest.raises(ArchiveError, match=r"cannot be sealed.*the next start recovers it"):
        writer.seal()
    monkeypatch.undo()
    assert manifest.read_lines(tmp_path) == []
    [found] = recover(ArchiveDirectory(tmp_path))
    assert (found.captures, found.cut_bytes) == (1, 0)
    assert list(captures(tmp_path / capture.warc_file)) == [capture]
    assert list(manifest.read_manifest(tmp_path)) == [capture.warc_file]


def test_little_free_space_stops_the_crawl_before_the_disk_does(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    writer = writer_in(tmp_path, min_free_bytes=free * 2)
    with pytest.raises(ArchiveError, match=r"only \d+ MB are free in .*GXGK_MIN_FREE_MB"):
        writer.write(exchange(1))
    assert list(tmp_path.glob("gxgk-*")) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """64 KiB of tmpfs, where we may mount one."""
    directory = tmp_path / "disk"
    directory.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(directory)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no tmpfs can be mounted here")
    yield directory
    subprocess.run(["umount", str(directory)], check=True)


def test_a_full_disk_leaves_a_valid_file(tiny_disk: Path, fastwarc_check: Callable[[Path], None]) -> None:
    writer = writer_in(tiny_disk)
    kept: list[Capture] = []
    with pytest.raises(ArchiveError, match="No space left on device"):
        kept.extend(writer.write(exchange(number, ok(body_of(number, 9000)))) for number in range(100))
    assert len(kept) >= 3
    with suppress(ArchiveError):
        # Whether the manifest line still fits depends on the pages that the failed write gave back.
        writer.seal()
    [path] = tiny_disk.glob("gxgk-*")
    assert list(captures(path)) == kept
    fastwarc_check(path)


def test_two_files_begun_in_the_same_millisecond_have_two_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = iter(["same", "same", "next"])
    monkeypatch.setattr(writer, "_file_name", lambda serial: f"{next(stamps)}-{serial}.warc.gz")
    first, second = writer._WarcFile(ArchiveDirectory(tmp_path), 0), writer._WarcFile(ArchiveDirectory(tmp_path), 0)
    assert (first.name, second.name) == ("same-0.warc.gz", "next-0.warc.gz")
    first.close()
    second.close()


def test_an_entry_that_is_too_large_is_refused_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = writer_in(tmp_path)
    monkeypatch.setattr("gxgk_crawler.archive.writer.ENTRY_LIMIT", 2_000)
    with pytest.raises(ExtractionError, match="more than an archive takes"):
        writer.note(ENTRIES["report_read"])
    writer.note(ENTRIES["seen"])
    monkeypatch.undo()
    writer.note(ENTRIES["report_read"])
    writer.seal()
    [path] = tmp_path.glob("*.warc.gz")
    _, *noted = records(path)
    assert [record.entry for record in noted] == [ENTRIES["seen"], ENTRIES["report_read"]]
    monkeypatch.setattr("gxgk_crawler.archive.reader.ENTRY_LIMIT", 2_000)
    with pytest.raises(ValueError, match="is not read"):
        _ = noted[1].entry
