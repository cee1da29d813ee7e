"""Office files of 1997 to 2003: pieces in any order, what is locked or embedded is named, damage is a reason."""

from __future__ import annotations

import struct
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxgk_crawler.extract.attachments import read_bytes
from gxgk_crawler.extract.files.doc import _Reader
from gxgk_crawler.extract.files.media_type import sniff
from gxgk_crawler.extract.files.ole import OleFile
from tests.extract.test_real_files import FILES, REPORT

DOC = (FILES / "report.doc").read_bytes()
XLS = (FILES / "form.xls").read_bytes()


def reader(*pieces: tuple[str, bool], notes: str = "") -> _Reader:
    """A reader of a text in pieces, which lie in the file in the opposite order. Each piece: its text, and whether it is narrow."""
    text = sum(len(words) for words, _ in pieces)
    document = bytearray(0x400)
    places: list[int] = []
    for words, narrow in reversed(pieces):
        places.insert(0, len(document) * 2 | 0x40000000 if narrow else len(document))
        document += words.encode("cp1252" if narrow else "utf-16-le")
    starts = [0]
    for words, _ in pieces:
        starts.append(starts[-1] + len(words))
    table = struct.pack(f"<{len(starts)}I", *starts)
    table += b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    table = b"\x01\x02\x00ab" + b"\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<2i", document, 0x4C, text - len(notes), len(notes))
    struct.pack_into("<2I", document, 0x1A2, 0, len(table))
    return _Reader(bytes(document), table, b"")


def test_a_file_that_was_saved_fast_has_its_text_in_pieces() -> None:
    read = reader(("一、总体", False), ("2016", True), ("年情况\r正文。\r", False)).read()
    assert read.lines == ["一、总体2016年情况", "正文。"]


def test_fields_show_their_results_and_notes_stand_behind_the_text() -> None:
    text = "共\x13 SUM(A1) \x13 REF b \x14x\x15\x14\x1312\x1412\x15件\x15。\r"
    assert reader((text + "脚注一\r", False), notes="脚注一\r").read().lines == ["共12件。", "脚注一"]


def test_line_breaks_hyphens_and_pictures() -> None:
    assert reader(("第一行\x0b第二\x1e行\x01\x1f\r", False)).read().lines == ["第一行", "第二-行"]


def test_the_file_of_wps_office_is_one_of_word() -> None:
    assert sniff(DOC) == "application/msword"
    assert sniff(XLS) == "application/vnd.ms-excel"


def patched(data: bytes, name: str, new: str) -> bytes:
    """The file with one stream under another name."""
    old = name.encode("utf-16-le")
    at = data.index(old + b"\0\0")
    entry = bytearray(data[at : at + 128])
    entry[:64] = new.encode("utf-16-le").ljust(64, b"\0")
    struct.pack_into("<H", entry, 64, len(new) * 2 + 2)
    return data[:at] + bytes(entry) + data[at + 128 :]


def locked_word() -> bytes:
    at = DOC.index(b"\xec\xa5")
    flags = struct.unpack_from("<H", DOC, at + 0x0A)[0] | 0x0100
    return DOC[: at + 0x0A] + struct.pack("<H", flags) + DOC[at + 0x0C :]


def locked_excel() -> bytes:
    """With the record that says so (FILEPASS) in place of the first behind the beginning."""
    at = XLS.index(b"\x09\x08\x10\x00\x00\x06")
    behind = at + 4 + 16
    return XLS[:behind] + b"\x2f\x00" + XLS[behind + 2 :]


@pytest.mark.parametrize("data", [locked_word(), locked_excel(), patched(DOC, "WordDocument", "EncryptedPackage")])
def test_a_locked_file_says_so(data: bytes) -> None:
    file = read_bytes(data)
    assert file.status == "failed"
    assert "encrypted" in (file.reason or "")


def test_an_ole_file_of_another_program_is_skipped_and_a_cut_one_has_failed() -> None:
    other = read_bytes(patched(DOC, "WordDocument", "PowerPoint Document"))
    assert (other.status, other.reason) == ("skipped", "no reader for application/x-ole-storage")
    cut = read_bytes(DOC[: len(DOC) // 3])
    assert cut.status == "failed"
    assert cut.reason


def test_embedded_objects_are_named() -> None:
    said = b"\0" * 28 + b"\x1e\0\0\0Microsoft Excel Worksheet\0\x06\0\0\0Biff8\0\x0e\0\0\0Excel.Sheet.8\0\xf49\xb2q"
    files = {"ObjectPool/_1/\x01CompObj": said, "ObjectPool/_2/Workbook": b""}
    fake = SimpleNamespace(
        listdir=lambda: [name.split("/") for name in files],
        exists=files.__contains__,
        get_size=lambda name: len(files[name]),
        openstream=lambda name: SimpleNamespace(read=lambda: files[name]),
    )
    assert OleFile(fake).embedded() == ["Excel.Sheet.8", "unknown"]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([DOC, XLS]),
    st.lists(st.tuples(st.integers(0, 30_000), st.binary(min_size=1, max_size=8)), max_size=6),
)
def test_a_damaged_file_has_a_status(data: bytes, changes: list[tuple[int, bytes]]) -> None:
    changed = bytearray(data)
    for at, noise in changes:
        changed[at % len(data) : at % len(data) + len(noise)] = noise
    read = read_bytes(bytes(changed))
    assert read.status in {"ok", "failed", "skipped", "needs_ocr"}
    assert read.reason or read.status == "ok"


def test_the_text_behind_a_table_is_no_part_of_it() -> None:
    assert (read_bytes(DOC).text or "").split("\n")[-4:] == REPORT[-4:]
