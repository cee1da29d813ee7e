"""Files that other programs wrote (files/README.md says which): every format says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxgk_crawler.extract.attachments import AttachmentText, read_bytes
from gxgk_crawler.sandbox.report import read_saved

FILES = Path(__file__).parent / "files"
REPORT = [
    "样例市2016年政府信息公开工作年度报告",
    "本报告由样例市人民政府办公室编制，所列数据的统计期限自2016年1月1日起至2016年12月31日止。",
    "一、行政复议、行政诉讼情况",
    "行政复议 |  |  |  |  | 行政诉讼 |  |  |  |  |  |  |  |  |",
    "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | 未经复议直接起诉 |  |  |  |  | 复议后起诉 |  |  |  |",
    " |  |  |  |  | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计",
    "3 | 1 | 0 | 2 | 6 | 4 | 0 | 1 | 0 | 5 | 2 | 0 | 0 | 1 | 3",
    "二、统计表",
    "统计指标 | 单位 | 统计数",
    "一、主动公开情况 |  |",
    "（一）主动公开政府信息数 | 条 | 1234",
    "其中：主动公开规范性文件数 | 条 | 12",
    "（二）通过不同渠道和方式公开政府信息的情况 |  |",
    "1.政府公报公开政府信息数 | 条 | 20",
    "2.政府网站公开政府信息数 | 条 | 1100",
    "三、其他需要报告的事项",
    "本年度未收取信息处理费。",
    "样例市人民政府办公室",
    "2017年1月20日",
]
FORM = [
    "样例市2016年政府信息公开情况统计表 |  |",
    *REPORT[8:15],
]


def read(name: str) -> AttachmentText:
    return read_bytes((FILES / name).read_bytes())


@pytest.mark.parametrize("name", ["report.docx", "report.doc", "report.pdf", "report.rtf"])
def test_every_format_of_the_report_gives_its_text_and_tables(name: str) -> None:
    file = read(name)
    assert (file.status, file.reason, file.flags) == ("ok", None, [])
    assert (file.text or "").split("\n") == REPORT
    assert file.grids == read("report.docx").grids
    assert [max(cell.col + cell.colspan for cell in grid.cells) for grid in file.grids] == [15, 3]


@pytest.mark.parametrize("name", ["report.docx", "report.doc", "report.pdf", "report.rtf", "report_word2003.xml"])
def test_every_format_of_the_report_gives_its_figures(name: str) -> None:
    saved = read_saved((FILES / name).read_bytes(), None)
    assert [(table.table, len(table.cells)) for table in saved.figures.tables] == [("T4", 15), ("A", 4)]
    assert [one.status for one in saved.figures.checks if one.rule == "E4"] == ["pass"] * 3
    assert {cell.method for table in saved.figures.tables for cell in table.cells} == {"grid"}
    assert (saved.document.year, saved.document.title) == (2016, REPORT[0])


@pytest.mark.parametrize(
    ("name", "share", "date"),
    [
        ("form.xlsx", "62.5%", "2017年1月20日"),
        ("form.xls", "0.625", "2017-01-20"),  # the format of numbers is not read there
        ("form.ods", "0.625", "2017-01-20"),
    ],
)
def test_every_format_of_the_form_gives_its_sheets_in_order_without_the_hidden_one(
    name: str, share: str, date: str
) -> None:
    lines = (read(name).text or "").split("\n")
    rest = [f"按时办结率 |  | {share}", f"填表日期 |  | {date}", "说明", "说明", "数据由样例市人民政府办公室汇总。"]
    assert lines == ["统计表", *FORM, *rest]
    assert [max(cell.col + cell.colspan for cell in grid.cells) for grid in read(name).grids] == [3]


@pytest.mark.parametrize("name", ["short_form.xls", "short_form_2003.xml"])
def test_a_sheet_of_another_writer_is_read_alike(name: str) -> None:
    assert (read(name).text or "").split("\n") == [*FORM[:5], "填表日期 |  | 2017-01-20"]
    (grid,) = read(name).grids
    assert (grid.cells[0].colspan, grid.cells[0].text) == (3, FORM[0].rstrip(" |"))


def test_the_pages_of_an_mht_file_are_read() -> None:
    assert (read("short_form.mht").text or "").split("\n") == FORM[:5]
    assert read("short_form.mht").media_type == "message/rfc822"


def test_a_sheet_that_begins_late_keeps_its_merged_title_above_its_columns() -> None:
    (grid,) = read("begins_late.xls").grids
    assert [(cell.row, cell.col, cell.colspan, cell.text) for cell in grid.cells] == [
        (0, 0, 2, "标题"),
        (1, 0, 1, "甲"),
        (1, 1, 1, "5"),
    ]
