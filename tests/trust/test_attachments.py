"""Hostile files: archives that would climb out of where they are unpacked, and bombs."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from functools import cache
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.attachments import read_bytes
from gxgk_crawler.sandbox.child import Child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
XML = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>统计表</w:t></w:r></w:p></w:body></w:document>'
SYMLINK = 0o120777 << 16


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child() as child:
        yield child


def docx(*more: tuple[zipfile.ZipInfo | str, bytes], xml: str = XML) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/document.xml", xml)
        for name, data in more:
            target.writestr(name, data)
    return out.getvalue()


@pytest.mark.process
def test_an_archive_that_climbs_out_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Zip slip: members with names like ../../x, absolute ones, links. Nothing is ever unpacked to the disk."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(tmp_path.cwd())]))
    link = zipfile.ZipInfo("word/link")
    link.external_attr = SYMLINK
    names = ["../owned", "../../tmp/owned", "..\\owned", f"{tmp_path}/owned", "word/../../../owned", "C:\\owned"]
    with Child() as child:
        read = child.call(read_bytes, docx((link, b"/etc/passwd"), *((name, b"owned") for name in names)))
    assert (read.status, read.text) == ("ok", "统计表")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def lying(data: bytes, size: int) -> bytes:
    """The archive, whose headers say that every member has so many bytes when unpacked."""
    out = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        position = out.find(mark)
        while position >= 0:
            out[position + at : position + at + 4] = struct.pack("<I", size)
            position = out.find(mark, position + 4)
    return bytes(out)


def pdf(stream: bytes) -> bytes:
    """One page whose content is a compressed stream."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode/Length "
        + str(len(stream)).encode()
        + b">>stream\n"
        + stream
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
    )


@cache
def zeros() -> bytes:
    """More than the process that reads a file may have, in 5 MB."""
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(1200)) + packer.flush()


BOMBS = {
    "declared": lambda: docx(xml=XML.replace("统计表", "x" * 60_000_000)),
    "concealed": lambda: lying(docx(xml=XML.replace("统计表", "x" * 60_000_000)), 1000),
    "many members": lambda: docx(*((f"word/{number}", b"") for number in range(100_000))),
    "deep": lambda: docx(xml=XML.replace("<w:p>", "<w:p>" * 200_000).replace("</w:p>", "</w:p>" * 200_000)),
    "in a pdf": lambda: pdf(zeros()),
    "in a pdf, twice": lambda: pdf(zlib.compress(zeros())).replace(b"/FlateDecode", b"[/FlateDecode/FlateDecode]"),
}


HEAD = b"MIME-Version: 1.0\r\n"
SHEET = "<Worksheet><Table><Row><Cell><Data>1</Data></Cell></Row></Table></Worksheet>"
WORKBOOK = (
    f'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">{SHEET * 5000}</Workbook>'
)
GRID = "".join(f"0 {n * 5} m 600 {n * 5} l S {n * 4} 0 m {n * 4} 700 l S " for n in range(140))

# Files that cost a reader much, and are read or refused within the limits all the same: (bytes, statuses).
HEAVY: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "5,000 sheets": (WORKBOOK.encode, {"ok"}),
    "5,000 members": (lambda: docx(*((f"xl/worksheets/sheet{n}.xml", b"") for n in range(5000))), {"failed"}),
    "mail in mail": (
        lambda: (
            HEAD
            + b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000))
        ),
        {"failed", "needs_ocr"},
    ),
    "groups in groups": (lambda: b"{\\rtf1 " + b"{" * 1_000_000, {"failed"}),
    "rows that never end alike": (
        lambda: (
            b"{\\rtf1 "
            + b"".join(b"\\trowd\\cellx%d\\cellx%d 1\\cell 2\\cell\\row " % (n, 9**7 + n * 40) for n in range(5000))
            + b"}"
        ),
        {"ok"},
    ),
    "a grid of 19,000 cells": (lambda: pdf(zlib.compress(GRID.encode())), {"needs_ocr", "ok"}),
    "100,000 lines in a drawing": (lambda: pdf(zlib.compress(b"0 0 m 9 9 l S " * 100_000)), {"needs_ocr"}),
}


@pytest.mark.process
@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_file_has_a_status(child: Child, name: str) -> None:
    data, statuses = HEAVY[name]
    read = child.call(read_bytes, data())
    assert read.status in statuses, read.reason


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_one_attachment(child: Child, name: str) -> None:
    try:
        read = child.call(read_bytes, BOMBS[name]())
    except ExtractionError as error:
        reason: str | None = str(error)
    else:
        assert read.status in {"failed", "needs_ocr"}, read.reason
        reason = read.reason
    assert reason
    assert "\n" not in reason
    assert "Traceback" not in reason
    assert child.call(read_bytes, docx()).text == "统计表"
