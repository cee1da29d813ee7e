"""Attachments: told by their bytes, read under limits, and never a reason to crash."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.any_file import PageFacts, read_file
from gxgk_crawler.extract.attachments import AttachmentText, read_bytes
from gxgk_crawler.extract.files.docx import read_docx
from gxgk_crawler.extract.files.media_type import sniff
from gxgk_crawler.extract.files.ofd import read_ofd
from gxgk_crawler.extract.files.xlsx import read_xlsx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def archive(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in members.items():
            target.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def docx(body: str, prolog: str = "") -> bytes:
    return archive(**{"word__document.xml": f'{prolog}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'})


def cell(text: str, span: int = 1) -> str:
    width = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>' if span > 1 else ""
    return f"<w:tc>{width}<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


DOCX = docx(
    "<w:p><w:r><w:t>统计表</w:t></w:r><w:r><w:tab/><w:t>2021年</w:t></w:r></w:p>"
    f"<w:tbl><w:tr>{cell('项目')}{cell('数量', 2)}</w:tr><w:tr>{cell('规章')}{cell('1')}{cell('')}</w:tr></w:tbl>"
)


def test_docx_keeps_rows_and_columns() -> None:
    content = read_docx(DOCX)
    assert content.lines == ["统计表 2021年", "项目 | 数量 |", "规章 | 1 |"]
    assert [(cell.row, cell.col, cell.colspan, cell.text) for cell in content.grids[0].cells] == [
        (0, 0, 1, "项目"),
        (0, 1, 2, "数量"),
        (1, 0, 1, "规章"),
        (1, 1, 1, "1"),
        (1, 2, 1, ""),
    ]


def test_xlsx_puts_figures_in_their_columns() -> None:
    data = archive(
        **{
            "xl__workbook.xml": f'<workbook xmlns="{S}"/>',
            "xl__sharedStrings.xml": f'<sst xmlns="{S}"><si><t>规章</t></si><si><r><t>行政</t></r><r><t>许可</t></r></si></sst>',
            "xl__worksheets__sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>'
            '<row><c r="A1" t="s"><v>0</v></c><c r="C1"><v>20.3</v></c></row>'
            '<row><c r="A2" t="s"><v>1</v></c><c r="B2" t="inlineStr"><is><t>无</t></is></c></row></sheetData></worksheet>',
        }
    )
    assert read_xlsx(data).lines == ["规章 |  | 20.3", "行政许可 | 无 |"]


def test_ofd_runs_in_reading_order() -> None:
    page = (
        '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Layer>'
        '<ofd:TextObject Boundary="10 50 80 5"><ofd:TextCode>二、下文</ofd:TextCode></ofd:TextObject>'
        '<ofd:TextObject Boundary="10 20 80 5"><ofd:TextCode>一、上文</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Page>'
    )
    data = archive(**{"OFD.xml": "<OFD/>", "Doc_0__Pages__Page_0__Content.xml": page})
    assert sniff(data) == "application/ofd"
    assert read_ofd(data).lines == ["一、上文", "二、下文"]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("<html><table><tr><td>规章".encode("gb18030"), "text/html"),
        ("统计表：规章1件".encode("gb18030"), "text/plain"),
        (b"\x00\x00\x00\x01" * 40, "application/octet-stream"),
    ],
)
def test_bytes_tell_the_type(data: bytes, media_type: str) -> None:
    assert sniff(data) == media_type


def test_html_served_as_doc_is_read_as_html() -> None:
    read = read_bytes(
        "<table><tr><td>规章</td><td>1</td></tr><tr><td>文件</td><td>2</td></tr></table>".encode("gb18030")
    )
    assert (read.text, read.media_type, read.status, read.reason) == ("规章 | 1\n文件 | 2", "text/html", "ok", None)


def test_a_docx_is_read() -> None:
    read = read_bytes(DOCX)
    assert read.status == "ok"
    assert read.text == read_docx(DOCX).text()
    assert len(read.grids) == 1


def test_an_empty_file_has_failed() -> None:
    assert read_bytes(b"") == AttachmentText(status="failed", reason="the file is empty")


def test_what_nobody_reads_is_skipped_with_a_reason() -> None:
    read = read_bytes(b"Rar!\x1a\x07\x00")
    assert (read.text, read.status) == (None, "skipped")
    assert read.reason == "no unar: RAR archives are not unpacked"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ExtractionError, match="too large"):
        read_docx(docx("<w:p/>" * 4_000_000))


def test_entities_are_refused() -> None:
    prolog = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "bbbb">]>'
    with pytest.raises(ExtractionError, match="document type"):
        read_docx(docx("<w:p><w:r><w:t>&a;&b;</w:t></w:r></w:p>", prolog))


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(min_value=0, max_value=len(DOCX)))
def test_damaged_archives_fail_with_a_reason(noise: bytes, at: int) -> None:
    read = read_bytes(DOCX[:at] + noise + DOCX[at + len(noise) :])
    assert read.status in {"ok", "failed", "skipped", "needs_ocr"}
    assert (read.reason is None) == (read.status == "ok")


def test_a_page_that_office_wrote_is_a_page() -> None:
    table = "<table><tr><td>规章</td><td>3</td></tr><tr><td>其他</td><td>1</td></tr></table>"
    page = f'<html xmlns:x="urn:schemas-microsoft-com:office:spreadsheet"><body>{table}'
    assert read_bytes(page.encode()).text == "规章 | 3\n其他 | 1"


def test_all_tables_of_a_page_that_is_a_file_are_read() -> None:
    """The body of a web page is looked for; a file has nothing else, however short its tables are beside the longest."""
    short = "<table><tr><td>规章</td><td>1</td></tr><tr><td>文件</td><td>2</td></tr></table>"
    long = (
        "<table>" + "".join(f"<tr><td>办理结果第{n}项的说明文字</td><td>{n}</td></tr>" for n in range(40)) + "</table>"
    )
    read = read_bytes(f"<html><body><p>样例市统计表</p>{short}<p>二</p>{long}<p>三</p>{short}</body></html>".encode())
    assert [len(grid.cells) for grid in read.grids] == [4, 80, 4]
    assert (read.text or "").startswith("样例市统计表\n规章 | 1")


@pytest.mark.parametrize(
    "mark",
    [
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head></head>',
        "<html><head><meta name=ProgId content=Excel.Sheet></head>",
        '<html><head><meta name="generator" content="LibreOffice 7.4"></head>',
    ],
)
def test_a_report_that_an_office_program_saved_as_a_page_is_read_whole(mark: str) -> None:
    short = "<table><tr><td>规章</td><td>1</td></tr><tr><td>文件</td><td>2</td></tr></table>"
    long = (
        "<table>" + "".join(f"<tr><td>办理结果第{n}项的说明文字</td><td>{n}</td></tr>" for n in range(40)) + "</table>"
    )
    title = "样例市2016年政府信息公开工作年度报告"
    document = read_file(
        f"{mark}<body><p>{title}</p>{short}<p>二</p>{long}<p>三</p>{short}</body></html>".encode(), PageFacts()
    )
    assert [len(grid.cells) for grid in document.grids] == [4, 80, 4]
    assert (document.title, document.year, document.flags) == (title, 2016, [])


def test_a_web_page_as_a_file_has_its_body_alone() -> None:
    navigation = "".join(f'<li><a href="/{n}">栏目{n}</a></li>' for n in range(20))
    body = "<p>全年收到政府信息公开申请12件，全部按时办结，未收取任何费用，也没有因此被申请行政复议。</p>" * 6
    read = read_bytes(f"<html><body><ul>{navigation}</ul><div>{body}</div></body></html>".encode())
    assert "栏目" not in (read.text or "")


def test_prose_about_mail_is_prose() -> None:
    assert read_bytes("Content-Type: 是一种说明。\n其余为正文。".encode()).status == "ok"
