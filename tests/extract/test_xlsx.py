"""Excel files: the sheets a reader sees, in their order, with cells as they are shown."""

from __future__ import annotations

import pytest

from gxgk_crawler.extract.files.file_content import FileContent
from gxgk_crawler.extract.files.number_formats import BUILTIN, shown
from gxgk_crawler.extract.files.sheets import Area, sheet_grid
from gxgk_crawler.extract.files.xlsx import read_xlsx
from tests.extract.test_attachments import S, archive

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(
    *sheets: str, names: tuple[str, ...] = (), states: tuple[str, ...] = (), order: tuple[int, ...] = (), **parts: str
) -> bytes:
    """A workbook whose sheets are stored in the order given and listed in `order`."""
    order = order or tuple(range(1, len(sheets) + 1))
    listed = "".join(
        f'<sheet name="{(names or order)[n - 1]}" r:id="r{n}" {(states or [""] * 9)[n - 1]}/>' for n in order
    )
    relations = "".join(f'<Relationship Id="r{n}" Target="worksheets/sheet{n}.xml"/>' for n in order)
    members = {
        "xl__workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}">{parts.pop("head", "")}<sheets>{listed}</sheets></workbook>',
        "xl___rels__workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
    }
    members |= {
        f"xl__worksheets__sheet{n}.xml": f'<worksheet xmlns="{S}">{xml}</worksheet>' for n, xml in enumerate(sheets, 1)
    }
    members |= {f"xl__{name}.xml": f'<x xmlns="{S}">{xml}</x>' for name, xml in parts.items()}
    return archive(**members)


def rows(*lines: str) -> str:
    return f"<sheetData>{''.join(f'<row>{line}</row>' for line in lines)}</sheetData>"


def text(value: str, at: str = "") -> str:
    return f'<c t="inlineStr" {f"r={chr(34)}{at}{chr(34)}" if at else ""}><is><t>{value}</t></is></c>'


def test_sheets_come_in_the_order_of_the_workbook_and_hidden_ones_not_at_all() -> None:
    data = book(
        rows(text("乙表")), rows(text("草稿")), rows(text("甲表")), names=("第二", "草", "第一"), order=(3, 2, 1),
        states=("", 'state="hidden"', ""),
    )  # fmt: skip
    assert read_xlsx(data).lines == ["第一", "甲表", "第二", "乙表"]


def test_hidden_rows_and_columns_are_not_shown() -> None:
    sheet = (
        '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
        f'<row r="1">{text("项目", "A1")}{text("旧", "B1")}{text("数量", "C1")}</row>'
        f'<row r="2" hidden="1">{text("作废", "A2")}{text("9", "C2")}</row>'
        f'<row r="3">{text("规章", "A3")}{text("3", "C3")}</row></sheetData>'
    )
    assert read_xlsx(book(sheet)).lines == ["项目 |  | 数量", "规章 |  | 3"]


def test_readings_above_characters_are_no_text() -> None:
    shared = '<si><t>主动公开</t><rPh sb="0" eb="2"><t>シュドウ</t></rPh></si><si><r><t>规</t></r><r><t>章</t></r></si>'
    data = book(rows('<c t="s"><v>0</v></c><c t="s"><v>1</v></c>'), sharedStrings=shared)
    assert read_xlsx(data).lines == ["主动公开 | 规章"]


def test_merged_cells_and_blanks_keep_their_places() -> None:
    sheet = (
        f'<sheetData><row r="2">{text("申请人情况", "B2")}</row><row r="3">{text("自然人", "B3")}{text("总计", "D3")}</row>'
        f'<row r="4">{text("3", "B4")}</row></sheetData><mergeCells><mergeCell ref="B2:D2"/></mergeCells>'
    )
    (grid,) = read_xlsx(book(sheet)).grids
    assert [(c.row, c.col, c.colspan, c.text) for c in grid.cells] == [
        (0, 0, 3, "申请人情况"), (1, 0, 1, "自然人"), (1, 1, 1, ""), (1, 2, 1, "总计"), (2, 0, 1, "3"), (2, 1, 1, ""), (2, 2, 1, ""),
    ]  # fmt: skip


def test_cells_are_shown_as_their_styles_say() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs>'
        '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="10"/><xf numFmtId="3"/></cellXfs>'
    )
    cells = [(0, "12"), (0, "20.300000000000001"), (1, "44951"), (2, "45311"), (3, "0.625"), (4, "1234567")]
    data = book(rows("".join(f'<c s="{style}"><v>{value}</v></c>' for style, value in cells)), styles=styles)
    assert read_xlsx(data).lines == ["12 | 20.3 | 2023-01-25 | 2024年1月20日 | 62.50% | 1,234,567"]


@pytest.mark.parametrize(
    ("value", "pattern", "wanted"),
    [
        ("0", "", "0"), ("123456789012345678", "", "123456789012345678"), ("1E-3", "", "0.001"), ("31.17", "0.00", "31.17"),
        ("31.175", "0.00", "31.18"), ("1234.5", "#,##0.00", "1,234.50"), ("5", "0_ ", "5"), ("-5", "0_);[Red]\\(0\\)", "-5"),
        ("0", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0"), ("1500", '#,##0"元"', "1,500元"), ("0", "0;-0;;@", ""),
        ("2.5", "0.0#", "2.5"), ("2", "0.##", "2"), ("0.07", "0%", "7%"), ("7", "General", "7"), ("7", "@", "7"),
        ("44951.5", "yyyy/m/d h:mm", "2023/1/25 12:00"), ("44951", '[$-804]yyyy"年"m"月";@', "2023年1月"), ("1.5", "[h]:mm", "36:00:00"),
        ("0.5", "h:mm:ss", "12:00:00"), ("-1", "yyyy-mm-dd", "-1"), ("1e400", "0", "1e400"), ("abc", "0", "abc"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("1234", "# ?/?", "1234"),
    ],
)  # fmt: skip
def test_number_formats(value: str, pattern: str, wanted: str) -> None:
    assert shown(value, pattern) == wanted


def test_dates_of_1904() -> None:
    data = book(
        rows('<c s="1"><v>0</v></c>'), head='<workbookPr date1904="1"/>',
        styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
    )  # fmt: skip
    assert read_xlsx(data).lines == ["1904-01-01"]


def test_every_known_format_gives_words_for_every_number() -> None:
    for pattern in BUILTIN.values():
        assert all(shown(value, pattern) for value in ("0", "1", "44951.75", "-3", "0.5"))


def test_a_merged_area_over_words_is_none_and_a_hostile_one_ends() -> None:
    assert len(sheet_grid({(0, 0): "甲", (1, 0): "乙"}, [Area(0, 0, 1, 0)]).cells) == 2
    assert len(sheet_grid({(0, 0): "甲"}, [Area(0, 0, 1_000_000, 16_000)] * 100).cells) == 1


def test_cells_far_away_cost_nothing() -> None:
    content = FileContent()
    content.add_grid(sheet_grid({(0, 0): "甲", (1_048_575, 499): "乙", (2, 9_999): "丙"}))
    assert [line.strip(" |") for line in content.lines] == ["甲", "乙"]
