"""OFD files: words and lines at their places become text and tables."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.extract.attachments import read_bytes
from gxgk_crawler.extract.files.file_content import FileContent
from gxgk_crawler.extract.files.ofd import read_ofd
from tests.extract.test_attachments import archive

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def words(x: float, y: float, text: str, more: str = 'X="0" Y="4"') -> str:
    return f'<ofd:TextObject Boundary="{x} {y} {len(text) * 4} 5" Size="4"><ofd:TextCode {more}>{text}</ofd:TextCode></ofd:TextObject>'


def path(data: str, x: float = 0, y: float = 0) -> str:
    return (
        f'<ofd:PathObject Boundary="{x} {y} 200 200"><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'
    )


def table(x: float, y: float, rows: list[list[str]]) -> str:
    wide, high = 30 * len(rows[0]), 8 * len(rows)
    lines = [f"M 0 {8 * n} L {wide} {8 * n}" for n in range(len(rows) + 1)]
    lines += [f"M {30 * n} 0 L {30 * n} {high}" for n in range(len(rows[0]) + 1)]
    texts = [words(x + 30 * c + 2, y + 8 * r + 2, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    return path(" ".join(lines), x, y) + "".join(texts)


def ofd(*pages: str, order: tuple[int, ...] = (), template: str = "") -> bytes:
    order = order or tuple(range(len(pages)))
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in order)
    common = (
        '<ofd:CommonData><ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>'
        if template
        else ""
    )
    used = '<ofd:Template TemplateID="9"/>' if template else ""
    members = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0__Document.xml": f"<ofd:Document {NS}>{common}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0__Tpls__Tpl_0__Content.xml": f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{template}</ofd:Layer></ofd:Content></ofd:Page>",
    }
    for n, page in enumerate(pages):
        content = f"<ofd:Page {NS}>{used}<ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content></ofd:Page>"
        members[f"Doc_0__Pages__Page_{n}__Content.xml"] = content
    return archive(**members)


def read(*pages: str, template: str = "") -> FileContent:
    return read_ofd(ofd(*pages, template=template))


def test_words_and_a_table_in_their_places() -> None:
    content = read(words(20, 60, "下文") + table(20, 30, [["项目", "数量"], ["规章", "12"]]) + words(20, 20, "上文"))
    assert content.lines == ["上文", "项目 | 数量", "规章 | 12", "下文"]
    assert [(cell.row, cell.col, cell.text) for cell in content.grids[0].cells] == [
        (0, 0, "项目"),
        (0, 1, "数量"),
        (1, 0, "规章"),
        (1, 1, "12"),
    ]


def test_pages_come_in_the_order_of_the_document() -> None:
    data = ofd(words(20, 20, "第二。"), words(20, 20, "第一。"), order=(1, 0))
    assert read_ofd(data).lines == ["第一。", "第二。"]


def test_ten_pages_without_a_document_come_in_the_order_of_their_numbers() -> None:
    members = {"OFD.xml": "<OFD/>"}
    for n in range(12):
        members[f"Doc_0__Pages__Page_{n}__Content.xml"] = (
            f"<ofd:Page {NS}>{words(20, 20, '甲乙丙丁戊己庚辛壬癸子丑'[n] + '。')}</ofd:Page>"
        )
    assert "".join(read_ofd(archive(**members)).lines) == "".join(f"{char}。" for char in "甲乙丙丁戊己庚辛壬癸子丑")


def test_a_template_lies_under_the_page() -> None:
    content = read(words(52, 40, "12"), template=table(20, 30, [["项目", "数量"], ["规章", ""]]))
    assert content.lines == ["项目 | 数量", "规章 | 12"]


def test_distances_between_characters_make_columns() -> None:
    spread = 'X="0" Y="4" DeltaX="4 g 2 40 4"'
    rows = words(20, 20, "甲1 2", 'X="0" Y="4" DeltaX="40 20 20"') + words(
        20, 28, "乙34", 'X="0" Y="4" DeltaX="g 2 40"'
    )
    rows += words(20, 36, "丙56", 'X="0" Y="4" DeltaX="40 40"')
    assert read(rows).lines == ["甲 1 2", "乙 3 4", "丙 5 6"]
    assert read(words(20, 20, "规章数", spread)).lines == ["规章 数"]


def test_a_matrix_moves_and_scales() -> None:
    moved = words(20, 20, "乙").replace("Size=", 'CTM="1 0 0 1 0 30" Size=')
    assert read(moved + words(20, 40, "甲")).lines == ["甲", "乙"]


def test_a_page_that_is_a_picture_needs_ocr() -> None:
    read_file = read_bytes(ofd('<ofd:ImageObject Boundary="0 0 210 297"/>'))
    assert (read_file.status, read_file.reason) == ("needs_ocr", "page 1 of 1 is a picture")


def test_drawings_are_flagged() -> None:
    assert read(words(20, 20, "图") + path("M 0 0 B 10 20 30 40 50 60") * 4).flags == {"chart"}


@given(st.text("MLCBgQ 0123456789.-eE+x", max_size=60), st.text("0123456789.-g eE", max_size=40))
def test_any_attributes_are_read(data: str, numbers: str) -> None:
    code = f'<ofd:TextCode X="{numbers}" DeltaX="{numbers}">文</ofd:TextCode>'
    text = f'<ofd:TextObject Boundary="{numbers}" CTM="{numbers}" Size="{numbers}">{code}</ofd:TextObject>'
    read(text + path(data))
