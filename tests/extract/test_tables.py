"""The grid: no figure ever shifts a column, merged and empty stay apart."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gxgk_crawler.extract import extract
from gxgk_crawler.items import Grid
from tests.extract.pages import PARAGRAPHS, page


def read(table: str) -> tuple[list[Grid], list[str]]:
    document = extract(page(f"<p>{PARAGRAPHS[0]}</p>{table}<p>{PARAGRAPHS[4]}</p>"))
    lines = document.text.split("\n")
    return document.grids, lines[lines.index(PARAGRAPHS[0]) + 1 : lines.index(PARAGRAPHS[4])]


def cells(grid: Grid) -> dict[tuple[int, int], tuple[str, int, int]]:
    return {(cell.row, cell.col): (cell.text, cell.rowspan, cell.colspan) for cell in grid.cells}


def test_spans_push_cells_to_their_columns() -> None:
    grids, lines = read(
        "<table><tr><td rowspan=2>项目</td><td colspan=2>数量</td></tr><tr><td>新收</td><td></td></tr>"
        "<tr><td>规章</td><td>3</td><td>0</td></tr></table>"
    )
    assert cells(grids[0]) == {
        (0, 0): ("项目", 2, 1),
        (0, 1): ("数量", 1, 2),
        (1, 1): ("新收", 1, 1),
        (1, 2): ("", 1, 1),
        (2, 0): ("规章", 1, 1),
        (2, 1): ("3", 1, 1),
        (2, 2): ("0", 1, 1),
    }
    assert lines == ["项目 | 数量 |", " | 新收 |", "规章 | 3 | 0"]


def test_breaks_lists_and_paragraphs_in_cells_keep_their_text() -> None:
    grids, lines = read(
        "<table><tr><td>本年新<br>制作数量</td><td><ul><li>12</li><li>34</li></ul></td></tr>"
        "<tr><td><p>行政</p><p>许可</p></td><td><span>5</span><span>6</span></td></tr></table>"
    )
    assert [cell.text for cell in grids[0].cells] == ["本年新制作数量", "12 34", "行政许可", "56"]
    assert lines == ["本年新制作数量 | 12 34", "行政许可 | 56"]


def test_layout_tables_are_no_data_and_the_table_inside_is() -> None:
    grids, lines = read(
        "<table><tr><td><p>说明文字，写在排版表格中。</p><table><tr><td>规章</td><td>1</td></tr><tr><td>文件</td><td>2</td></tr></table></td></tr></table>"
    )
    assert len(grids) == 1
    assert lines == ["说明文字，写在排版表格中。", "规章 | 1", "文件 | 2"]


def test_a_small_table_in_a_cell_of_a_form_leaves_the_form_whole() -> None:
    inner = "<table><tr><td>甲</td><td>乙</td></tr><tr><td>1</td><td>2</td></tr></table>"
    rows = "".join(f"<tr><td>第{n}项</td><td>{n}</td><td>0</td></tr>" for n in range(8))
    grids, lines = read(f"<table>{rows}<tr><td>备注</td><td>{inner}</td><td>9</td></tr></table>")
    assert len(grids) == 2
    assert cells(grids[0])[8, 2] == ("9", 1, 1)
    assert lines[-1] == "备注 | 甲 乙 1 2 | 9"


def test_unclosed_cells_sections_and_captions() -> None:
    grids, lines = read(
        "<TABLE><CAPTION>附表</CAPTION><THEAD><TR><TH>项目<TH>数<TBODY><TR><TD>规章<TD>1<TR><TD>文件<TD>2</TABLE>"
    )
    assert len(grids[0].cells) == 6
    assert lines == ["附表", "项目 | 数", "规章 | 1", "文件 | 2"]


def test_spans_of_a_hostile_table_cost_no_more_than_its_cells() -> None:
    wide = "<table>" + "<tr><td colspan=65000 rowspan=65000>1</td><td rowspan=0>2</td></tr>" * 300 + "</table>"
    grids, lines = read(wide)
    assert len(grids[0].cells) == 600
    assert sum(map(len, lines)) < 100 * len(wide)


SPAN = st.integers(min_value=1, max_value=4)


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(SPAN, SPAN), min_size=1, max_size=5), min_size=2, max_size=6))
def test_every_cell_has_its_place_and_no_two_share_one(shape: list[list[tuple[int, int]]]) -> None:
    if max(map(len, shape)) < 2:
        shape[0].append((1, 1))
    number = iter(range(10_000))
    rows = "".join(
        "<tr>" + "".join(f"<td rowspan={down} colspan={across}>c{next(number)}</td>" for down, across in row) + "</tr>"
        for row in shape
    )
    grids, lines = read(f"<table>{rows}</table>")
    found = [cell.text for cell in grids[0].cells]
    assert found == [f"c{n}" for n in range(sum(map(len, shape)))]
    anchors = {(cell.row, cell.col) for cell in grids[0].cells}
    assert len(anchors) == len(found)
    for cell in grids[0].cells:
        line = lines[cell.row].split(" | ")
        assert line[cell.col].strip(" |") == cell.text, "the field of a line is the column of the grid"
