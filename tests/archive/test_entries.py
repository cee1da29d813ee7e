"""Entries are a file format: what version 0.1.0 wrote is read without a difference, and written again as it was, new fields apart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.entries import Entry, from_json, to_json
from tests.archive.entry_samples import DOCUMENT, ENTRIES, GONE, READ

DIRECTORY = Path(__file__).parent / "entries"
ADDED = ("organ",)  # fields of a document that version 0.1.0 did not write


def test_there_is_a_sample_of_every_kind_and_a_file_of_every_sample() -> None:
    assert {type(entry) for entry in ENTRIES.values()} == set(get_args(Entry))
    assert {path.stem for path in DIRECTORY.iterdir()} == set(ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
def test_an_archived_entry_is_read_and_written_without_a_difference(name: str) -> None:
    archived = (DIRECTORY / f"{name}.json").read_bytes()
    assert from_json(archived) == ENTRIES[name]
    written = json.loads(to_json(ENTRIES[name]))
    for field in ADDED:
        assert written.get("report", {}).get("document", {}).pop(field, None) is None
    for attachment in written.get("report", {}).get("attachments", []):
        assert attachment.pop("grids") == []
    assert json.dumps(written) == json.dumps(json.loads(archived))


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_comes_back(text: str, name: str) -> None:
    """Lone surrogates too, which hostile pages contain and UTF-8 does not."""
    document = replace(DOCUMENT, text=text, fields={name: text})
    entry = replace(READ, report=replace(READ.report, document=document))
    assert from_json(to_json(entry)) == entry


def test_a_later_version_may_add_fields_and_kinds() -> None:
    written = json.loads(to_json(READ))
    written["added"] = written["report"]["added"] = written["report"]["document"]["added"] = [{"deep": [1]}]
    assert from_json(json.dumps(written).encode()) == READ
    assert from_json(b'{"kind": "WrittenLater", "at": 7}') is None


def test_what_an_older_version_did_not_write_takes_its_default() -> None:
    written = json.loads(to_json(GONE))
    for name in ("role", "ip", "reconstructed"):
        del written["capture"][name]
    read = from_json(json.dumps(written).encode())
    assert read == replace(GONE, capture=replace(GONE.capture, role="page", ip=None, reconstructed=False))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b"null",
        b'{"kind": "Seen"}',
        b'{"kind": "Seen", "at": "yesterday", "portal": "a"}',
        b'{"kind": "Seen", "at": 7, "portal": "a"}',
        b'{"kind": "Seen", "at": "2026-01-02T03:04:05+00:00", "portal": "a", "channels": {"a": 1}}',
        b'{"kind": "\xff"}',
        b"[" * 200_000,
        b'{"kind": "Seen", "at": ' + b"[" * 200_000,
        b'{"kind": "Seen\\ud800", "at": ' + b"[" * 200_000,
    ],
    ids=lambda data: data[:30].decode("latin-1"),
)
def test_what_is_no_entry_is_an_error_and_not_the_end(data: bytes) -> None:
    with pytest.raises(ValueError, match="no entry"):
        from_json(data)
