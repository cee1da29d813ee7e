"""Verification finds each kind of harm, and none where there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.archive import manifest
from gxgk_crawler.archive.verify import verify
from tests.archive.samples import exchange, writer_in

if TYPE_CHECKING:
    from pathlib import Path

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


def kinds(directory: Path, rows: list[Capture]) -> list[tuple[str, str | None]]:
    return [(finding.kind, finding.file) for finding in verify(directory, rows).findings]


def test_a_sound_archive_has_no_findings(tmp_path: Path, written: list[Capture]) -> None:
    told: list[int] = []
    result = verify(tmp_path, written * 30, progress=told.append)
    assert (result.files, result.captures, result.findings) == (3, 240, [])
    assert told == [100, 200]


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


@pytest.mark.parametrize("harm", ["drop", "swap", "edit", "repeat", "garble"])
def test_every_harm_to_the_manifest_is_found(harm: str, tmp_path: Path, written: list[Capture]) -> None:
    path = tmp_path / manifest.MANIFEST
    lines = path.read_bytes().splitlines(keepends=True)
    harmed = {
        "drop": lines[1:],
        "swap": [lines[1], lines[0], *lines[2:]],
        "edit": [lines[0].replace(b'"captures":', b'"captures":1'), *lines[1:]],
        "repeat": [lines[0], *lines],
        "garble": [b"garbled\n", *lines[1:]],
    }[harm]
    assert harmed != lines
    path.write_bytes(b"".join(harmed))
    assert "chain" in {kind for kind, _ in kinds(tmp_path, written)}


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
    assert kinds(tmp_path, [*written, replace(written[0], offset=written[0].offset + 1)]) == [
        ("dangling", written[0].warc_file)
    ]
    [finding] = verify(tmp_path, written[1:]).findings
    assert finding.kind == "unindexed"
    assert finding.message.startswith("1 of the ")
