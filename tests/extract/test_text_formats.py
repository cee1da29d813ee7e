"""Formats that are text to the eye: RTF, MHT, and Office files in one XML document."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.extract.any_file import PageFacts, read_file
from gxgk_crawler.extract.attachments import AttachmentText, read_bytes
from gxgk_crawler.extract.files.rtf import read_rtf
from tests.extract.test_docx import NAMESPACES, p, tbl, tc, tr

HEAD = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Times;}{\f2\fcharset136 MingLiU;}}"


def gbk(text: str) -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode("gbk"))


def unicode(text: str) -> str:
    return "".join(f"\\u{ord(char)}?" for char in text)


def rtf(body: str) -> list[str]:
    return read_rtf((HEAD + body + "}").encode("latin-1")).lines


def row(*cells: str, widths: tuple[int, ...] = (), marks: tuple[str, ...] = ()) -> str:
    edges = widths or tuple(1000 * (n + 1) for n in range(len(cells)))
    shapes = "".join(f"{mark}\\cellx{edge}" for edge, mark in zip(edges, marks or [""] * len(cells), strict=True))
    return f"\\trowd{shapes}\\pard\\intbl " + "".join(f"{cell}\\cell " for cell in cells) + "\\row "


def test_rtf_in_code_pages_and_in_unicode() -> None:
    body = rf"\f0 {gbk('总体情况')}\par \f1 12 \f0 {gbk('件')}\par {unicode('主动公开')}\par \f2 \'a4\'a4\par"
    assert rtf(body) == ["总体情况", "12 件", "主动公开", "中"]


def test_rtf_numbers_of_lists_are_text_and_what_is_hidden_is_not() -> None:
    body = (
        rf"{{\listtext {gbk('一、')}\tab}}{gbk('总体')}{{\v {gbk('隐')}}}{{\deleted {gbk('删')}}}{{\strike {gbk('划')}}}{gbk('情况')}\par"
        rf"{{\field{{\*\fldinst PAGE}}{{\fldrslt 12}}}}{{\*\unknown {gbk('无')}}}{{\pict 0102}}{gbk('件')}\line {gbk('次')}\par"
    )
    assert rtf(body) == ["一、 总体情况", "12件", "次"]


def test_rtf_tables_with_merged_cells() -> None:
    body = (
        row(gbk("项目"), gbk("数量"), widths=(1000, 3000), marks=("\\clvmgf", ""))
        + row("", gbk("甲"), gbk("乙"), marks=("\\clvmrg", "", ""))
        + row(gbk("规章"), "1", "2")
        + rf"\pard {gbk('完')}\par"
    )
    content = read_rtf((HEAD + body + "}").encode("latin-1"))
    assert content.lines == ["项目 | 数量 |", " | 甲 | 乙", "规章 | 1 | 2", "完"]
    assert [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in content.grids[0].cells] == [
        (0, 0, 2, 1, "项目"), (0, 1, 1, 2, "数量"), (1, 1, 1, 1, "甲"), (1, 2, 1, 1, "乙"), (2, 0, 1, 1, "规章"), (2, 1, 1, 1, "1"),
        (2, 2, 1, 1, "2"),
    ]  # fmt: skip


def test_rtf_bytes_that_are_no_text_are_passed_over() -> None:
    assert rtf(r"A{\pict\bin5 }}}}}B}C\par") == ["AC"]


@given(st.text("\\{}'*u0123456789abcdefilorptvwx \n中", max_size=200))
def test_any_rtf_is_read(body: str) -> None:
    read = read_bytes((HEAD + body).encode())
    assert read.status in {"ok", "failed", "needs_ocr"}


def test_rtf_that_is_nested_too_deep_has_failed() -> None:
    read = read_bytes((HEAD + "{" * 100_000).encode())
    assert (read.status, read.reason) == ("failed", "its groups are nested too deep")


SHEET = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style></Styles>'
    '<Worksheet ss:Name="草稿"><Table><Row><Cell><Data ss:Type="String">勿用</Data></Cell></Row></Table>'
    "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>"
    '<Worksheet ss:Name="统计表"><Table><Column/><Column ss:Hidden="1"/>'
    '<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">样例统计表</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">办结率</Data></Cell><Cell><Data ss:Type="String">旧</Data></Cell>'
    '<Cell ss:StyleID="p"><Data ss:Type="Number">0.625</Data></Cell></Row>'
    '<Row ss:Index="4"><Cell><Data ss:Type="String">日期</Data></Cell>'
    '<Cell ss:Index="3"><Data ss:Type="DateTime">2017-01-20T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>'
)


def test_a_workbook_of_excel_2003() -> None:
    read = read_bytes(SHEET.encode())
    assert (read.text or "").split("\n") == ["样例统计表 |  |", "办结率 |  | 62.50%", "日期 |  | 2017-01-20"]
    assert read.grids[0].cells[0].colspan == 3


def document(kind: str) -> str:
    body = p("一段") + tbl(tr(tc("项目"), tc("数量")), tr(tc("规章"), tc("3")))
    if kind == "flat":
        inner = f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
        package = 'xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"'
        part = f'<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>{inner}</pkg:xmlData></pkg:part>'
        return f'<?xml version="1.0"?><pkg:package {package}>{part}</pkg:package>'
    spaces = 'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"'
    label = '<w:listPr><wx:t wx:val="一、"/></w:listPr>'
    return f'<?xml version="1.0"?><w:wordDocument {spaces}><w:body><wx:sect>{p("章", label)}{body}</wx:sect></w:body></w:wordDocument>'


@pytest.mark.parametrize(("kind", "first"), [("flat", []), ("2003", ["一、章"])])
def test_word_documents_in_one_xml_file(kind: str, first: list[str]) -> None:
    read = read_bytes(document(kind).encode())
    assert (read.text or "").split("\n") == [*first, "一段", "项目 | 数量", "规章 | 3"]
    assert len(read.grids) == 1


@pytest.mark.parametrize("text", [SHEET, document("2003"), document("flat")])
def test_xml_that_declares_entities_is_refused(text: str) -> None:
    head, _, rest = text.partition("?>")
    hostile = f'{head}?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{rest.replace("规章", "&a;")}'
    read = read_bytes(hostile.encode())
    assert read.status == "failed"
    assert "document type" in (read.reason or "")


def mht(*parts: str, kind: str = "multipart/related") -> AttachmentText:
    head = f'MIME-Version: 1.0\r\nContent-Type: {kind}; boundary="b"\r\n\r\n'
    return read_bytes((head + "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n").encode())


def test_an_mht_file_is_its_pages_in_the_charset_of_each() -> None:
    page = "Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    quoted = "".join(f"={byte:02X}" for byte in "全年收到申请12件。".encode("gbk"))
    other = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>全年办结12件。</p>"
    picture = "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="
    read = mht(f"{page}<html><body><p>{quoted}</p></body></html>", picture, other)
    assert (read.status, read.text) == ("ok", "全年收到申请12件。\n全年办结12件。")


def test_an_mht_file_without_a_page_has_no_text() -> None:
    assert mht("Content-Type: image/png\r\n\r\nx").status == "needs_ocr"


def test_a_report_that_is_such_a_file_has_its_text_and_tables() -> None:
    found = read_file(SHEET.encode(), PageFacts())
    assert (found.flags, len(found.grids), found.media_type) == ([], 1, "application/x-spreadsheetml")
