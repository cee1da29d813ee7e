"""The reader: what was stored is what is read, and what cannot be trusted is refused."""

from __future__ import annotations

import gzip
import time
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import example, given
from hypothesis import strategies as st

from gxgk_crawler.archive import reader
from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.message import interim_length, parse_head, payload_parts
from gxgk_crawler.archive.reader import Record, read
from gxgk_crawler.errors import ArchiveError
from tests.archive.samples import body_of, exchange, records, writer_in
from tests.archive.shapes import CUT, INTERIM, PAGE, WHOLE, chunked, ok

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def record_of(response: bytes) -> Record:
    return Record({"WARC-Type": "response", "WARC-Record-ID": "<urn:uuid:0>"}, response, 0, 0)


def payload(response: bytes) -> bytes:
    return b"".join(payload_parts(response, parse_head(response)))


def test_records_are_read_by_place_while_the_file_is_written_and_after(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    written = [writer.write(exchange(number)) for number in range(20)]
    assert [read(ArchiveDirectory(tmp_path), capture, verify=True).payload for capture in written] == [
        body_of(n) for n in range(20)
    ]
    writer.seal()
    assert read(ArchiveDirectory(tmp_path), written[11], verify=True).payload == body_of(11)


def test_all_files_are_listed_in_the_order_they_were_begun(tmp_path: Path) -> None:
    writer = writer_in(tmp_path, rotate_bytes=4000)
    names = [writer.write(exchange(number)).warc_file for number in range(5)]
    assert ArchiveDirectory(tmp_path).names() == sorted(set(names))


def test_a_place_that_is_not_exactly_a_record_is_refused(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    capture = writer.write(exchange(1))
    writer.write(exchange(2))
    for wrong in (
        {"offset": capture.offset + 1},
        {"offset": -1},
        {"offset": 10**12},
        {"length": capture.length - 1},
        {"length": capture.length + 1},
        {"length": 0},
        {"length": -5},
        {"length": 10**15},
        {"warc_file": "gxgk-nowhere.warc.gz"},
        {"warc_file": "../secret.warc.gz"},
        {"warc_file": "/etc/passwd"},
    ):
        with pytest.raises(ArchiveError):
            read(ArchiveDirectory(tmp_path), replace(capture, **wrong))


def test_one_changed_bit_anywhere_in_a_record_is_noticed(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    capture = writer.write(exchange(1, ok(b"<p>sample</p>")))
    path = next(tmp_path.glob("*.open"))
    data = path.read_bytes()
    changed = 0
    for at in range(capture.offset, capture.offset + capture.length):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        try:
            record = read(ArchiveDirectory(tmp_path), capture, verify=True)
        except ArchiveError:
            changed += 1
        else:
            assert record.payload == b"<p>sample</p>"
    # Only the gzip header's time stamp, flags and system byte, and the last bits before its trailer, carry nothing.
    assert changed > capture.length - 10


def test_scan_agrees_with_fastwarc(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    shapes = [shape.message for shape in WHOLE.values()] + [shape.message for shape, _, _ in CUT.values()]
    for number, response in enumerate(shapes):
        writer.write(exchange(number, response))
    writer.seal()
    [path] = tmp_path.glob("*.warc.gz")
    with path.open("rb") as file:
        theirs = [(r.stream_pos, r.record_id, r.reader.read()) for r in ArchiveIterator(file, parse_http=False)]
    assert [(r.offset, f"<{r.record_id}>", r.block) for r in records(path)] == theirs
    assert sum(record.is_capture for record in records(path)) == len(shapes)


@pytest.mark.parametrize("name", WHOLE)
def test_payload_and_body_of_every_shape(name: str) -> None:
    record = record_of(WHOLE[name].message)
    bodies = {"empty": b"", "no-content": b"", "not-modified": b"", "gbk-location": b"", "bare-line-feeds": b"hello"}
    own = {"gbk-disposition", "not-found", "server-error", "challenge", "png", "big", "robots.txt", "bare-line-feeds"}
    assert record.status == int(WHOLE[name].message.split()[1])
    if name in bodies:
        assert record.body == bodies[name]
    elif name not in own:
        assert record.body == PAGE


def test_headers_are_kept_as_sent() -> None:
    record = record_of(WHOLE["cookies"].message)
    assert record.http_headers[:3] == [(b"Set-Cookie", b"a=1"), (b"SET-COOKIE", b"b=2"), (b"set-cookie", b"c=3")]
    assert dict(record_of(WHOLE["gbk-location"].message).http_headers)[b"Location"] == "/年报".encode("gbk")
    assert dict(record_of(WHOLE["folded-header"].message).http_headers)[b"X-Long"] == b"one  two"
    assert record_of(WHOLE["gbk"].message).charset == "gb2312"
    assert record_of(WHOLE["gbk"].message).media_type == "text/html"
    assert record_of(WHOLE["no-headers"].message).charset is None


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        (b"gzip", gzip.compress(PAGE[:20], mtime=0) + gzip.compress(PAGE[20:], mtime=0)),
        (b"x-gzip", gzip.compress(PAGE, mtime=0) + b"\0\0\0"),
        (b"deflate, gzip", gzip.compress(zlib.compress(PAGE), mtime=0)),
        (b"identity", PAGE),
        (b"GZIP", gzip.compress(PAGE, mtime=0)),
    ],
)
def test_content_codings(coding: bytes, data: bytes) -> None:
    assert record_of(ok(data, b"Content-Encoding: " + coding)).body == PAGE


def test_a_cut_body_gives_what_there_is() -> None:
    packed = gzip.compress(body_of(1))
    record = record_of(ok(packed, b"Content-Encoding: gzip")[:-500])
    assert record.body
    assert body_of(1).startswith(record.body)
    assert record_of(b"HTTP/1.1 200 OK\r\nContent-Le").body == b""


@pytest.mark.parametrize(
    ("coding", "data", "message"),
    [(b"br", b"\x0b\x02", "content coding br"), (b"gzip", b"no gzip at all", "cannot be decoded")],
)
def test_a_body_that_cannot_be_decoded_is_an_error(coding: bytes, data: bytes, message: str) -> None:
    with pytest.raises(ArchiveError, match=message):
        _ = record_of(ok(data, b"Content-Encoding: " + coding)).body


def test_a_decompression_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "BODY_LIMIT", 1 << 20)
    bomb = gzip.compress(b"\0" * (1 << 20))
    assert len(record_of(ok(bomb, b"Content-Encoding: gzip")).body) == 1 << 20
    for data, coding in ((gzip.compress(b"\0" * ((1 << 20) + 1)), b"gzip"), (bomb * 3, b"gzip")):
        with pytest.raises(ArchiveError, match="larger than 1 MiB"):
            _ = record_of(ok(data, b"Content-Encoding: " + coding)).body


def read_folded(number: int) -> None:
    folded = b"HTTP/1.1 200 OK\r\nX: a\r\n" + b" b\r\n" * number + b"\r\n"
    assert len(record_of(folded).http_headers) == 1


def read_members(number: int) -> None:
    members = gzip.compress(b"", mtime=0) * number
    with pytest.raises(ArchiveError, match="gzip members"):
        _ = record_of(ok(members, b"Content-Encoding: gzip")).body


def read_chunks(number: int) -> None:
    assert record_of(chunked(b"x" * number, step=1)).payload == b"x" * number


@pytest.mark.parametrize(
    ("read", "number"),
    [(read_folded, 200_000), (read_members, 100_000), (read_chunks, 60_000)],
    ids=["folded", "members", "chunks"],
)
def test_hostile_bodies_and_heads_are_read_in_linear_time(read: Callable[[int], None], number: int) -> None:
    """Four times as much takes about four times as long; quadratic would be 16 times, each time one looks."""

    def cpu(size: int) -> float:
        start = time.process_time()
        read(size)
        return time.process_time() - start

    assert any(cpu(4 * number) <= 11 * max(cpu(number), 0.02) for _ in range(5))


@pytest.mark.parametrize(
    ("value", "media_type"),
    [
        (b"TEXT/HTML; charset=gbk", "text/html"),
        (b"application/vnd.ms-excel", "application/vnd.ms-excel"),
        (b"text/html, text/html", "text/html"),
        (b"text/html\0;x", None),
        (b"html", None),
        (b"\xc4\xea/html", None),
        (b"", None),
    ],
)
def test_a_media_type_is_a_media_type_or_nothing(value: bytes, media_type: str | None) -> None:
    assert record_of(ok(b"", b"Content-Type: " + value)).media_type == media_type


@given(st.binary(max_size=300))
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc")
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n")
@example(b"HTTP/1.1 999999999 \xff\n\xff: \xff\n\n")
@example(b"HTTP/1.1 100 Continue\r\n\r\n" * 5)
def test_no_bytes_break_the_parser(data: bytes) -> None:
    record = record_of(data)
    assert 0 <= interim_length(data) <= len(data)
    assert record.status >= 0
    assert len(record.payload) <= len(data)
    assert record.media_type != ""
    assert record.charset != ""


@given(st.binary(max_size=200), st.integers(1, 50), st.integers(0, 300))
def test_a_chunked_body_cut_anywhere_gives_its_beginning(body: bytes, step: int, cut: int) -> None:
    whole = chunked(body, step=step)
    assert payload(whole) == body
    assert body.startswith(payload(whole[:cut]))


@given(st.lists(st.sampled_from([INTERIM, b"HTTP/1.1 100 Continue\n\n"]), max_size=4))
def test_interim_responses_are_counted_whole(interim: list[bytes]) -> None:
    before = b"".join(interim)
    assert interim_length(before + ok(PAGE)) == len(before)
