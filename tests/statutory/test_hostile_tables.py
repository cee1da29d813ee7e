from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gxgk_crawler.extract.document import extract
from gxgk_crawler.items import Document, Grid, GridCell
from gxgk_crawler.statutory.cell_reader import read_statutory
from gxgk_crawler.statutory.figures import figures_json, read_figures

WORDS = st.sampled_from(
    [
        *("第二十条第（一）项", "信息内容", "本年制发件数", "规章", "行政许可", "申请人情况", "自然人", "其他", "总计"),
        *("一、本年新收政府信息公开申请数量", "（六）其他处理", "（七）总计", "结果维持", "行政复议", "复议后起诉"),
        *("指标名称", "计量单位", "统计数", "条", "|", "\n", " ", "", "12", "增3", "-", "0"),
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(WORDS, max_size=120))
def test_any_order_of_the_forms_words_is_read_without_error(words: list[str]) -> None:
    figures = read_figures(extract("样例报告\n".encode() + "".join(words).encode(), media_type="text/plain"))
    assert figures_json(figures)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), WORDS, st.integers(1, 4), st.integers(1, 4)), max_size=80)
)
def test_any_grid_is_read_without_error(cells: list[tuple[int, int, str, int, int]]) -> None:
    grid = Grid(cells=[GridCell(row=row, col=col, text=text, rowspan=r, colspan=c) for row, col, text, r, c in cells])
    for table in read_statutory([grid], "", "flat"):
        assert all(cell.value is None or cell.semantic in {"number", "zero"} for cell in table.cells)


def test_a_table_that_is_stated_without_end_is_read_a_few_times() -> None:
    rows = [("信息内容", "本年制发件数"), ("规章", "1")] * 5000
    cells = [
        GridCell(row=at, col=col, text=f"{at}" if text == "1" else text)
        for at, row in enumerate(rows)
        for col, text in enumerate(row)
    ]
    text = "样例"
    document = Document(
        url=None,
        media_type="text/html",
        encoding=None,
        title=None,
        text=text,
        extracted_text=text,
        grids=[Grid(cells=cells)],
    )
    assert 1 <= len(read_figures(document).tables) <= 20
