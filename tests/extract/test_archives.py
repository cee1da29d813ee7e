"""Zip archives: each file in them is read, under the name that its writer gave it, and nothing is unpacked without a limit."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.extract.any_file import PageFacts, read_file
from gxgk_crawler.extract.attachments import AttachmentText, attachments_of, read_bytes
from gxgk_crawler.extract.files.archives import clean_name
from gxgk_crawler.items import Link
from tests.archive.entry_samples import PAGE
from tests.extract.test_real_files import FILES, REPORT

DOCX = (FILES / "report.docx").read_bytes()
XLS = (FILES / "short_form.xls").read_bytes()


def packed(*members: tuple[str, bytes], encoding: str = "gbk") -> bytes:
    """An archive with names in the code page of a Chinese Windows, as its own zip folders write them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members:
            info = zipfile.ZipInfo(name.encode(encoding).decode("cp437"))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    raw = out.getvalue()
    for name, _ in members:  # zipfile writes what is not ASCII as UTF-8, and marks it
        marked = name.encode(encoding).decode("cp437").encode()
        raw = raw.replace(marked, name.encode(encoding).ljust(len(marked), b" "))
    return raw.replace(b"\x14\x00\x00\x08", b"\x14\x00\x00\x00")


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members:
            target.writestr(name, data)
    return out.getvalue()


def statuses(read: AttachmentText) -> dict[str, str]:
    return {one.name: one.read.status for one in read.members}


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_in_the_code_page_of_their_writer(encoding: str) -> None:
    read = read_bytes(packed(("统计表.xls", XLS), ("报告/年度报告.docx", DOCX), encoding=encoding))
    assert (read.status, read.media_type) == ("ok", "application/zip")
    assert (read.text or "").split("\n") == ["统计表.xls", "报告/年度报告.docx"]
    assert statuses(read) == {"统计表.xls": "ok", "报告/年度报告.docx": "ok"}


def test_each_file_is_an_attachment_of_its_own() -> None:
    data = zipped(
        ("表.xls", XLS), ("图.png", b"\x89PNG\r\n\x1a\n"), ("空.doc", b""), ("__MACOSX/._表.xls", b"x"), ("目录/", b"")
    )
    made = attachments_of(Link(name="附件.zip", url="https://www.sample.gov.cn/1.zip"), "0", PAGE, read_bytes(data))
    assert [(one.name, one.status) for one in made] == [
        ("附件.zip", "ok"), ("附件.zip/表.xls", "ok"), ("附件.zip/图.png", "needs_ocr"), ("附件.zip/空.doc", "failed"),
    ]  # fmt: skip
    assert made[1].url == "https://www.sample.gov.cn/1.zip#%E8%A1%A8.xls"
    assert len({one.sha256 for one in made}) == 4
    assert [len(one.grids) for one in made] == [0, 1, 0, 0]
    assert {one.capture for one in made} == {PAGE}


def test_a_report_that_is_an_archive_has_the_texts_and_tables_of_its_files() -> None:
    inner = zipped(("年度报告.docx", DOCX))
    document = read_file(zipped(("一.zip", inner), ("表.xls", XLS)), PageFacts())
    assert (document.flags, document.title, document.media_type) == ([], REPORT[0], "application/zip")
    assert len(document.grids) == 3
    assert "一.zip" not in document.text
    nothing = read_file(zipped(("图.png", b"\x89PNG\r\n\x1a\n")), PageFacts())
    assert nothing.flags == ["needs_ocr", "no_body"]


def test_archives_in_archives_end() -> None:
    data = zipped(("文.txt", "正文。".encode()))
    for depth in range(6):
        data = zipped((f"{depth}.zip", data))
    read = read_bytes(data)
    assert statuses(read) == {"5.zip": "ok", "5.zip/4.zip": "ok", "5.zip/4.zip/3.zip": "skipped"}
    assert read.members[-1].read.reason == "archives nested more than 3 deep"


def test_a_locked_file_costs_itself_alone() -> None:
    data = zipped(("锁.txt", "密".encode()), ("开.txt", "正文。".encode()))
    flags = data.index("锁.txt".encode()) - 24
    central = data.index(b"PK\x01\x02")
    locked = bytearray(data)
    locked[flags] |= 1
    locked[central + 8] |= 1
    read = read_bytes(bytes(locked))
    assert [(one.name, one.read.status) for one in read.members] == [("锁.txt", "failed"), ("开.txt", "ok")]
    assert read.members[0].read.reason == "the member is encrypted"


def test_many_files_are_read_up_to_a_limit_that_is_said() -> None:
    read = read_bytes(zipped(*((f"{n}.txt", b"a") for n in range(300))))
    assert (len(read.members), read.reason) == (200, "only the first 200 of its files were read")


def test_a_bomb_in_an_archive_is_refused() -> None:
    read = read_bytes(zipped(("一.zip", zipped(("零.txt", bytes(20 << 20))))))
    assert [(one.name, one.read.status) for one in read.members] == [("一.zip", "failed")]
    assert read_bytes(zipped(("零.txt", bytes(20 << 20)))).status == "failed"


def test_an_archive_without_files_is_skipped() -> None:
    assert read_bytes(zipped(("目录/", b""))).status == "skipped"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("../../etc/报告.doc", "etc/报告.doc"), ("C:\\报告\\表.xls", "报告/表.xls"), ("/a//b", "a/b"), ("a\x00\x1b[0m.doc", "a[0m.doc"),
        ("长" * 400, "长" * 300), ("..", ""),
    ],
)  # fmt: skip
def test_names_climb_nowhere(name: str, wanted: str) -> None:
    assert clean_name(name) == wanted


SMALL = zipped(("报告.txt", "正文。".encode()), ("一.zip", zipped(("二.txt", b"a"))))


@given(st.integers(0, len(SMALL) - 1), st.binary(min_size=1, max_size=6))
def test_a_damaged_archive_has_a_status(at: int, noise: bytes) -> None:
    read = read_bytes(SMALL[:at] + noise + SMALL[at + len(noise) :])
    assert read.status in {"ok", "failed", "skipped", "needs_ocr"}
