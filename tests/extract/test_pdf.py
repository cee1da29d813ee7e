"""PDF files: lines by their places, tables by lines or alignment, and what cannot be read is said."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.extract.attachments import read_bytes
from gxgk_crawler.extract.files.file_content import FileContent
from gxgk_crawler.extract.files.fixed.fixed_pages import FixedPage, read_pages
from gxgk_crawler.extract.files.fixed.glyphs import Glyph, RulingLine
from gxgk_crawler.extract.files.pdf import is_unreadable, read_pdf
from gxgk_crawler.sandbox.child import Child
from tests.extract.pdf_writer import Page, pdf

ROWS = [["项目", "制发", "废止"], ["规章", "1", "0"], ["文件", "26", "3"]]


def read(*pages: Page) -> FileContent:
    return read_pdf(pdf(*pages))


def cells(content: FileContent) -> list[list[tuple[int, int, int, int, str]]]:
    return [[(c.row, c.col, c.rowspan, c.colspan, c.text) for c in grid.cells] for grid in content.grids]


def test_a_ruled_table_stands_in_its_place_in_the_text() -> None:
    content = read(Page().words(72, 60, "二、主动公开情况").table(72, 80, ROWS).words(72, 180, "三、申请情况"))
    assert content.lines == ["二、主动公开情况", "项目 | 制发 | 废止", "规章 | 1 | 0", "文件 | 26 | 3", "三、申请情况"]
    assert cells(content) == [[(r, c, 1, 1, text) for r, row in enumerate(ROWS) for c, text in enumerate(row)]]


def test_a_missing_line_makes_one_cell_of_two() -> None:
    page = Page().box(72, 72, 342, 144).line(162, 72, 162, 144).line(162, 96, 342, 96).line(72, 120, 342, 120)
    page.line(252, 96, 252, 144)
    for x, y, text in (
        (80, 90, "项目"),
        (180, 90, "数量"),
        (180, 112, "甲"),
        (260, 112, "乙"),
        (80, 136, "规章"),
        (180, 136, "1"),
        (260, 136, "2"),
    ):
        page.words(x, y, text)
    assert cells(read(page)) == [[
        (0, 0, 2, 1, "项目"), (0, 1, 1, 2, "数量"), (1, 1, 1, 1, "甲"), (1, 2, 1, 1, "乙"), (2, 0, 1, 1, "规章"),
        (2, 1, 1, 1, "1"), (2, 2, 1, 1, "2"),
    ]]  # fmt: skip


def test_lines_may_be_thin_boxes_and_the_sides_may_be_open() -> None:
    page = Page()
    for n in range(4):
        page.box(72, 80 + n * 24, 342, 80.6 + n * 24, "f")
    for x in (162, 252):
        page.box(x, 80, x + 0.6, 152, "f")
    for at, row in enumerate(ROWS):
        for n, text in enumerate(row):
            page.words(78 + n * 90, 96 + at * 24, text)
    assert read(page).lines == ["项目 | 制发 | 废止", "规章 | 1 | 0", "文件 | 26 | 3"]


def test_a_table_that_a_page_break_cut_is_one() -> None:
    first = Page().table(72, 700, ROWS[:2]).words(290, 820, "- 1 -")
    second = Page().table(72, 60, ROWS[2:]).words(72, 200, "完").words(290, 820, "- 2 -")
    content = read(first, second)
    assert content.lines == ["项目 | 制发 | 废止", "规章 | 1 | 0", "文件 | 26 | 3", "完"]
    assert len(content.grids) == 1


def test_words_of_a_cell_on_several_lines_and_one_below_the_other_are_joined() -> None:
    page = Page().box(72, 72, 252, 192).line(112, 72, 112, 192).line(72, 152, 252, 152)
    for n, char in enumerate("自然人"):
        page.words(84, 90 + n * 18, char)
    page.words(120, 96, "本年新制").words(120, 112, "作数量").words(80, 176, "总计").words(120, 176, "12")
    assert read(page).lines == ["自然人 | 本年新制作数量", "总计 | 12"]


def test_figures_in_columns_without_lines_are_a_table_and_stay_words_in_the_text() -> None:
    page = Page().words(72, 60, "信息内容").words(180, 60, "制发件数").words(280, 60, "废止件数")
    page.words(72, 80, "规章").words(190, 80, "0").words(290, 80, "1")
    page.words(72, 100, "规范性文件").words(190, 100, "3").words(290, 100, "55")
    content = read(page)
    assert content.lines == ["信息内容 制发件数 废止件数", "规章 0 1", "规范性文件 3 55"]
    assert [row[4] for row in cells(content)[0]] == [
        "信息内容",
        "制发件数",
        "废止件数",
        "规章",
        "0",
        "1",
        "规范性文件",
        "3",
        "55",
    ]


def test_a_blank_in_a_column_stays_a_blank() -> None:
    page = Page().words(72, 60, "项目").words(180, 60, "甲").words(280, 60, "乙").words(380, 60, "丙")
    for n, figures in enumerate([("1", "2", "3"), ("4", "", "6"), ("7", "8", "9")]):
        page.words(72, 80 + n * 20, f"行{'一二三'[n]}")
        for at, figure in enumerate(figures):
            page.words(180 + at * 100, 80 + n * 20, figure) if figure else None
    assert (2, 2, 1, 1, "") in cells(read(page))[0]


def test_a_label_on_two_lines_is_one_and_a_heading_between_rows_is_none() -> None:
    page = Page().words(72, 60, "项目").words(190, 60, "制发").words(290, 60, "废止")
    page.words(72, 84, "规章").words(190, 84, "0").words(290, 84, "1")
    page.words(72, 108, "行政规范性").words(190, 108, "3").words(290, 108, "55").words(72, 122, "文件")
    page.words(72, 146, "第二项").words(72, 170, "行政许可").words(190, 170, "7").words(290, 170, "8")
    (grid,) = read(page).grids
    assert [cell.text for cell in grid.cells if cell.col == 0] == [
        "项目",
        "规章",
        "行政规范性文件",
        "第二项",
        "行政许可",
    ]


def test_signatures_and_lists_are_no_table() -> None:
    page = (
        Page()
        .words(72, 60, "联系人：样例")
        .words(300, 60, "电话：见网站")
        .words(72, 80, "地址：样例路")
        .words(300, 80, "邮编：见网站")
    )
    assert read(page).grids == []


def test_lines_that_the_page_broke_are_one_paragraph() -> None:
    full = "一" * 36
    page = (
        Page()
        .words(96, 60, full[:34])
        .words(72, 80, full)
        .words(72, 100, "到此为止。")
        .words(96, 120, full[:34])
        .words(72, 140, "另一段。")
    )
    content = read(page)
    assert content.lines == [full[:34] + full + "到此为止。", full[:34] + "另一段。"]


def test_a_turned_page_is_read_as_it_is_seen() -> None:
    upright = Page().table(72, 80, ROWS)
    turned = Page(turn=90)
    # The same table, drawn a quarter counterclockwise, on a page that is shown a quarter clockwise.
    turned.raw("q 0 1 -1 0 842 0 cm").stream += [*upright.stream, "Q"]
    assert read(turned).lines == ["项目 | 制发 | 废止", "规章 | 1 | 0", "文件 | 26 | 3"]
    sideways = Page()
    sideways.raw("q 0 1 -1 0 842 0 cm").stream += [*upright.stream, "Q"]
    assert read(sideways).lines == ["项目 | 制发 | 废止", "规章 | 1 | 0", "文件 | 26 | 3"]


def test_what_is_printed_twice_to_look_bold_is_read_once() -> None:
    page = Page().words(72, 60, "总体情况").words(72.3, 60, "总体情况")
    assert read(page).lines == ["总体情况"]


def test_a_page_that_is_a_picture_is_named() -> None:
    content = read(Page().words(72, 60, "正文一段。"), Page().picture(0, 0, 595, 842))
    assert (content.lines, content.reason, content.flags) == (["正文一段。"], "page 2 of 2 is a picture", {"needs_ocr"})
    whole = read_bytes(pdf(Page().picture(0, 0, 595, 842)))
    assert (whole.status, whole.reason) == ("needs_ocr", "page 1 of 1 is a picture")


def test_a_picture_where_the_text_announces_a_table_is_flagged_and_makes_no_cell() -> None:
    page = Page().words(72, 60, "二、主动公开政府信息情况").picture(72, 80, 500, 400).words(72, 460, "三、存在的问题")
    file = read_bytes(pdf(page))
    assert (file.status, file.flags, file.grids) == ("ok", ["needs_ocr"], [])
    assert file.reason == "a table that its text announces is a picture"
    prose = (
        Page()
        .words(72, 60, "二、主动公开政府信息情况")
        .words(96, 80, "全年主动公开政府信息12条。")
        .picture(72, 100, 500, 400)
    )
    assert read_bytes(pdf(prose)).flags == []


def test_a_page_whose_characters_cannot_be_told_is_left_out_and_named() -> None:
    file = read_bytes(pdf(Page().words(72, 60, "样例" * 15), explained=False))
    assert (file.status, file.flags) == ("needs_ocr", ["mojibake"])
    assert file.reason == "page 1 of 1: its characters cannot be told"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("本机关主动公开政府信息，收到申请并全部按时答复。" * 4, False),
        ("Annual report 2021, p. 12. " * 4, False),
        ("\ue123" * 30, True),
        ("ÖÐ¹úÕþ¸®ÐÅÏ¢¹«¿ª" * 4, True),
        ("麤龘靐齉爩鱻麷籲灪鸝" * 5, True),
    ],
)
def test_what_no_text_consists_of(text: str, wanted: bool) -> None:  # noqa: FBT001
    assert is_unreadable(text, 0) is wanted


def test_drawings_are_flagged() -> None:
    page = Page().words(72, 60, "图一")
    for n in range(5):
        page.raw(f"{100 + n * 60} 400 m {130 + n * 60} 460 {160 + n * 60} 460 {190 + n * 60} 400 c f")
    assert "chart" in read(page).flags
    assert "chart" not in read(Page().table(72, 80, ROWS)).flags


def test_a_frame_around_a_page_is_no_table() -> None:
    page = Page().box(30, 30, 560, 810).words(72, 60, "正文一段。").words(72, 80, "正文二段。")
    assert (read(page).lines, read(page).grids) == (["正文一段。", "正文二段。"], [])


boxes = st.tuples(*[st.floats(-1e6, 1e6, allow_nan=False) for _ in range(4)])


@given(st.lists(st.tuples(st.text(min_size=1, max_size=1), boxes), max_size=40), st.lists(boxes, max_size=40))
def test_any_page_is_read(glyphs: list[tuple[str, tuple[float, ...]]], rules: list[tuple[float, ...]]) -> None:
    page = FixedPage(
        glyphs=[Glyph(text, min(x, z), min(y, w), max(x, z), max(y, w)) for text, (x, y, z, w) in glyphs],
        rules=[
            RulingLine(min(x, z), y, max(x, z), y) if n % 2 else RulingLine(x, min(y, w), x, max(y, w))
            for n, (x, y, z, w) in enumerate(rules)
        ],
    )
    for grid in read_pages([page, page]).grids:
        places = [(cell.row, cell.col) for cell in grid.cells]
        assert all(a < b for a, b in pairwise(places))
        assert len(set(places)) == len(places)


@pytest.mark.process
def test_equal_words_below_each_other_are_all_read_without_any_font() -> None:
    """In the sandbox no font can be opened, and PDFium takes such words for one that is printed twice."""
    page = Page().table(72, 80, [["项目", "数量"], *[[f"行{'甲乙丙丁戊己庚辛'[n]}", "0"] for n in range(8)]])
    for n in range(6):
        page.words(72, 400 + n * 40, "同一句话。")
    with Child() as child:
        content = child.call(read_bytes, pdf(page))
    assert [cell.text for grid in content.grids for cell in grid.cells if cell.col == 1] == ["数量", *["0"] * 8]
    assert (content.text or "").count("同一句话。") == 6
