"""Verification finds each kind of harm, and none where there is none."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gxgk_crawler.archive import manifest
from gxgk_crawler.archive.directory import OPEN_SUFFIX, ArchiveDirectory
from gxgk_crawler.archive.recovery import recover
from gxgk_crawler.errors import ArchiveError
from tests.archive.samples import body_of, exchange, verify, writer_in
from tests.archive.shapes import ok

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.items import Capture


@pytest.fixture
def written(tmp_path: Path) -> list[Capture]:
    """Captures in three sealed files and an open one, a revisit among them."""
    writer = writer_in(tmp_path, rotate_bytes=6000)
    captures = [writer.write(exchange(number)) for number in range(7)]
    writer.originals.remember(captures)
    captures.append(writer.write(exchange(3)))
    assert captures[-1].refers_to
    return captures


def kinds(directory: Path, rows: list[Capture], **more: Any) -> list[tuple[str, str | None]]:
    return [(finding.kind, finding.file) for finding in verify(directory, rows, **more).findings]


def lines(directory: Path) -> dict[str, str | None]:
    """What the database keeps of the manifest."""
    return {entry.file: entry.line_sha256 for entry in manifest.read_manifest(directory).values()}


def test_a_sound_archive_has_no_findings(tmp_path: Path, written: list[Capture]) -> None:
    progress: list[int] = []
    records: list[tuple[str, str]] = []
    result = verify(
        tmp_path,
        written,
        lines=lines(tmp_path),
        progress=progress.append,
        on_record=lambda name, record: records.append((name, record.record_id)),
    )
    assert (result.files, result.captures, result.findings) == (3, 8, [])
    # Every record of every file comes by, of the open one too.
    assert len(records) == result.records == 4 + 2 * 8
    assert {name for name, _ in records} == {capture.warc_file for capture in written}
    assert progress == sorted(progress)
    assert progress[-1] == result.bytes == sum(path.stat().st_size for path in tmp_path.glob("gxgk-*"))


HOSTILE_NAMES = [
    "../outside.warc.gz",
    "/etc/passwd",
    "a/../../outside.warc.gz",
    "",
    "\0.warc.gz",
    f"{'x' * 5000}.warc.gz",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_line_that_names_a_file_outside_of_the_archive_is_a_finding(
    name: str, tmp_path: Path, written: list[Capture]
) -> None:
    directory = tmp_path / "archive"
    directory.mkdir()
    for path in tmp_path.glob("*.*"):
        path.rename(directory / path.name)
    (tmp_path / "outside.warc.gz").write_bytes(b"")
    manifest.append(directory, replace(next(iter(manifest.read_manifest(directory).values())), file=name))
    [(kind, file), *_] = kinds(directory, written)
    assert (kind, file) == ("missing", name)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [pipe, link, Path.mkdir])
@pytest.mark.parametrize("suffix", ["", OPEN_SUFFIX])
def test_what_is_no_file_is_a_finding_and_stops_nothing(
    make: Callable[[Path], None], suffix: str, tmp_path: Path, written: list[Capture]
) -> None:
    """A named pipe would be waited for, and a link to a device read, for ever."""
    name = f"gxgk-20260102030405678-00000-host-1.warc.gz{suffix}"
    make(tmp_path / name)
    assert kinds(tmp_path, written) == [("irregular", name)]
    archive = ArchiveDirectory(tmp_path)
    assert list(recover(archive)) == []
    assert set(archive.names()) == {capture.warc_file for capture in written}


@pytest.mark.parametrize("make", [pipe, link, Path.mkdir])
def test_what_stands_in_place_of_a_sealed_file_is_a_finding(
    make: Callable[[Path], None], tmp_path: Path, written: list[Capture]
) -> None:
    name = written[0].warc_file
    (tmp_path / name).unlink()
    make(tmp_path / name)
    found = kinds(tmp_path, written)
    assert {("irregular", name), ("missing", name), ("dangling", name)} == set(found)


def test_a_link_to_a_whole_file_is_a_finding_too(tmp_path: Path, written: list[Capture]) -> None:
    path = tmp_path / written[0].warc_file
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert kinds(tmp_path, written) == [("irregular", path.name)]


def test_a_manifest_that_is_no_file_is_a_finding(tmp_path: Path, written: list[Capture]) -> None:
    (tmp_path / manifest.MANIFEST).unlink()
    pipe(tmp_path / manifest.MANIFEST)
    found = verify(tmp_path, written).findings
    assert (found[0].kind, found[0].message) == ("chain", "manifest.jsonl is no regular file")
    with pytest.raises(ArchiveError, match="no regular file"):
        ArchiveDirectory(tmp_path).sealed()


def test_every_harm_to_a_sealed_file_is_found(tmp_path: Path, written: list[Capture]) -> None:
    victim = tmp_path / written[0].warc_file
    data = victim.read_bytes()
    for harmed in (data[:-1], data + b"\0", data[:99] + b"\0" + data[100:]):
        victim.write_bytes(harmed)
        assert ("changed", victim.name) in kinds(tmp_path, written)
    victim.unlink()
    found = kinds(tmp_path, written)
    assert ("missing", victim.name) in found
    assert ("dangling", victim.name) in found


def test_a_file_that_nobody_vouches_for_is_found(tmp_path: Path, written: list[Capture]) -> None:
    (tmp_path / "gxgk-foreign.warc.gz").write_bytes(b"")
    assert kinds(tmp_path, written) == [("unlisted", "gxgk-foreign.warc.gz")]


@pytest.mark.parametrize("harm", ["drop", "swap", "edit", "repeat", "garble", "null", "list", "types", "deep"])
def test_every_harm_to_the_manifest_is_found(harm: str, tmp_path: Path, written: list[Capture]) -> None:
    path = tmp_path / manifest.MANIFEST
    old = path.read_bytes().splitlines(keepends=True)
    harmed = {
        "drop": old[1:],
        "swap": [old[1], old[0], *old[2:]],
        "edit": [old[0].replace(b'"captures":', b'"captures":1'), *old[1:]],
        "repeat": [old[0], *old],
        "garble": [b"garbled\n", *old[1:]],
        "null": [b"null\n", *old[1:]],
        "list": [b"[1]\n", *old[1:]],
        "types": [old[0].replace(b'"file":"', b'"file":7,"x":"'), *old[1:]],
        "deep": [b'{"file":' + b"[" * 200_000 + b"\n", *old[1:]],
    }[harm]
    assert harmed != old
    path.write_bytes(b"".join(harmed))
    assert "chain" in {kind for kind, _ in kinds(tmp_path, written)}


@pytest.mark.parametrize("harm", ["cut at a line's end", "torn", "gone", "replaced"])
def test_harm_to_the_last_line_is_found_though_no_line_follows(
    harm: str, tmp_path: Path, written: list[Capture]
) -> None:
    path = tmp_path / manifest.MANIFEST
    known = lines(tmp_path)
    whole = path.read_bytes()
    old = whole.splitlines(keepends=True)
    last = list(known)[-1]
    changed = old[-1].replace(b'"sealed_at":"2', b'"sealed_at":"1')
    harmed = {
        "cut at a line's end": b"".join(old[:-1]),
        "torn": whole[:-9],
        "gone": b"",
        "replaced": b"".join(old[:-1]) + changed,
    }[harm]
    path.write_bytes(harmed)
    assert ("chain", last) in kinds(tmp_path, written, lines=known)
    # With its file, a line whose digest was kept nowhere leaves no trace but the row.
    assert ("chain", last) in kinds(tmp_path, written, lines=dict.fromkeys(known)) or harm == "replaced"


def test_a_line_and_its_file_that_were_both_taken_away_are_found(tmp_path: Path, written: list[Capture]) -> None:
    path = tmp_path / manifest.MANIFEST
    known = lines(tmp_path)
    last = list(known)[-1]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    (tmp_path / last).unlink()
    rows = [row for row in written if row.warc_file != last]
    assert kinds(tmp_path, rows, lines=known) == [("chain", last)]


@pytest.mark.parametrize(
    "change",
    [
        {"record_id": "urn:uuid:0"},
        {"url": "https://sample.test/other"},
        {"status": 404},
        {"payload_sha256": "0" * 64},
        {"refers_to": "urn:uuid:0"},
    ],
)
def test_a_row_that_differs_from_its_record_is_found(
    change: dict[str, str], tmp_path: Path, written: list[Capture]
) -> None:
    rows = [replace(written[0], **change), *written[1:]]  # type: ignore[arg-type]
    [finding] = verify(tmp_path, rows).findings
    assert (finding.kind, finding.offset) == ("mismatch", written[0].offset)
    assert next(iter(change)) in finding.message


def test_a_row_without_a_record_is_an_alarm_and_a_record_without_a_row_is_told(
    tmp_path: Path, written: list[Capture]
) -> None:
    first = written[0]
    for row in (replace(first, offset=first.offset + 1), replace(first, offset=10**12), replace(first, offset=1)):
        rows = sorted([*written, row], key=lambda row: row.offset)
        assert kinds(tmp_path, rows) == [("dangling", first.warc_file)]
    assert kinds(tmp_path, [replace(first, length=7), *written[1:]]) == [("dangling", first.warc_file)]
    [finding] = verify(tmp_path, written[1:]).findings
    assert (finding.kind, finding.file) == ("unindexed", written[0].warc_file)
    assert finding.message.startswith("1 of the ")


def test_rows_behind_damage_are_looked_at_one_by_one(tmp_path: Path, written: list[Capture]) -> None:
    """What a scan of the file does not reach may still be whole, and is not told to be lost."""
    victim = tmp_path / written[0].warc_file
    rows = [row for row in written if row.warc_file == victim.name]
    assert len(rows) > 1
    data = bytearray(victim.read_bytes())
    data[rows[0].offset + 40] ^= 1
    victim.write_bytes(data)
    findings = verify(tmp_path, written).findings
    assert [(f.kind, f.offset) for f in findings] == [("changed", None), ("dangling", rows[0].offset)]


def test_a_record_whose_bytes_are_not_those_of_its_digest_is_found_without_a_row(tmp_path: Path) -> None:
    """A record that was written wrong, in a file that was sealed as it is: length and CRC-32 are right, the digest is not."""
    writer = writer_in(tmp_path)
    capture = writer.write(exchange(1, ok(body_of(1))))
    writer.seal()
    assert kinds(tmp_path, [capture]) == []
    path = tmp_path / capture.warc_file
    member = path.read_bytes()[capture.offset :]
    block = gzip.decompress(member).replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 200 KO")
    path.write_bytes(path.read_bytes()[: capture.offset] + gzip.compress(block))
    found = verify(tmp_path, [replace(capture, length=path.stat().st_size - capture.offset)]).findings
    assert [f.kind for f in found] == ["changed", "dangling"]
    assert "WARC-Block-Digest" in found[1].message
