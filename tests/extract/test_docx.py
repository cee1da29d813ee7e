"""Word files: what Word shows, once, in its order, and every table with the places of its cells."""

from __future__ import annotations

import pytest
from lxml import etree

from gxgk_crawler.extract.files.docx import read_docx, read_word_parts
from gxgk_crawler.extract.files.file_content import FileContent
from gxgk_crawler.extract.files.word_numbering import W, chinese
from tests.extract.test_attachments import archive

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:v" xmlns:wps="urn:wps"'
)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else p(content)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def lines(body: str, **parts: str) -> list[str]:
    return read(body, **parts).lines


def read(body: str, **parts: str) -> FileContent:
    members = {"word__document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"}
    members |= {f"word__{name}.xml": f"<w:{name} {NAMESPACES}>{xml}</w:{name}>" for name, xml in parts.items()}
    return read_docx(archive(**members))


def cells(body: str) -> list[list[tuple[int, int, int, int, str]]]:
    return [[(c.row, c.col, c.rowspan, c.colspan, c.text) for c in grid.cells] for grid in read(body).grids]


def level(number: int, kind: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


def num(number: int, abstract: int = 0, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{more}</w:num>'


def numbered(text: str, depth: int = 0, number: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


OUTLINE = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCounting", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + "</w:abstractNum>"
)


def test_content_controls_and_tracked_insertions_are_text_and_deletions_are_not() -> None:
    body = (
        f"<w:sdt><w:sdtPr><w:rPr/></w:sdtPr><w:sdtContent>{p('样例一段')}<w:sdt><w:sdtContent>{p('样例二段')}</w:sdtContent></w:sdt>"
        "</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>收到</w:t></w:r><w:del><w:r><w:delText>20</w:delText></w:r></w:del><w:ins><w:r><w:t>21</w:t></w:r></w:ins>"
        "<w:sdt><w:sdtContent><w:r><w:t>件</w:t></w:r></w:sdtContent></w:sdt><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>"
    )
    assert lines(body) == ["样例一段", "样例二段", "收到21件"]


def test_rows_and_cells_in_content_controls_keep_their_places() -> None:
    row = tr(tc("规章"), f"<w:sdt><w:sdtContent>{tc('3')}</w:sdtContent></w:sdt>")
    body = tbl(tr(tc("项目"), tc("数量")), f"<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt>")
    assert lines(body) == ["项目 | 数量", "规章 | 3"]
    assert len(cells(body)) == 1


def test_hidden_and_struck_out_words_and_field_codes_are_not_shown() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>划去</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>可见</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        "<w:ruby><w:rt><w:r><w:t>yàng</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>样</w:t></w:r></w:rubyBase></w:ruby></w:p>"
    )
    assert lines(body) == ["可见样"]


def test_automatic_numbers_are_text() -> None:
    body = "".join([
        numbered("总体情况"), numbered("主动公开", 1), numbered("网站", 2), numbered("公报", 2), numbered("依申请公开", 1),
        numbered("窗口", 2), numbered("存在问题"), numbered("人员", 1),
    ])  # fmt: skip
    assert lines(body, numbering=OUTLINE + num(1)) == [
        "一、总体情况", "（一）主动公开", "1.网站", "2.公报", "（二）依申请公开", "1.窗口", "二、存在问题", "（一）人员",
    ]  # fmt: skip


def test_a_style_gives_the_number_and_lists_restart_where_they_say_so() -> None:
    styles = (
        '<w:style w:styleId="base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="heading"><w:basedOn w:val="base"/></w:style>'
    )
    again = num(1) + num(2, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    body = p("甲", '<w:pStyle w:val="heading"/>') + p("乙", '<w:pStyle w:val="heading"/>') + numbered("丙", 0, 2)
    assert lines(body, numbering=OUTLINE + again, styles=styles) == ["一、甲", "二、乙", "一、丙"]


def test_a_paragraph_without_words_counts_and_a_list_switched_off_does_not() -> None:
    body = numbered("甲") + numbered("") + numbered("丙") + numbered("丁", 0, 0)
    assert lines(body, numbering=OUTLINE + num(1)) == ["一、甲", "三、丙", "丁"]


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("decimal", "12"), ("chineseCountingThousand", "十二"), ("chineseLegalSimplified", "壹拾贰"), ("ideographDigital", "一二"),
        ("decimalEnclosedCircle", "⑫"), ("upperRoman", "XII"), ("lowerLetter", "l"), ("decimalZero", "12"), ("decimalFullWidth", "１２"),
        ("bullet", ""), ("none", ""),
    ],
)  # fmt: skip
def test_formats_of_numbers(kind: str, label: str) -> None:
    shape = f'<w:abstractNum w:abstractNumId="0">{level(0, kind, "%1")}</w:abstractNum>' + num(1)
    assert lines("".join(numbered("文") for _ in range(12)), numbering=shape)[11] == f"{label}文"


def test_chinese_numbers() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 21, 100, 101, 110, 111, 1000, 1001, 9999)] == [
        "一", "十", "十一", "二十", "二十一", "一百", "一百零一", "一百一十", "一百一十一", "一千", "一千零一", "九千九百九十九",
    ]  # fmt: skip


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('框内文字')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>框外文字</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        f"<w:p><w:r><w:pict><v:textbox>{box.replace('框内', '旧框内')}</v:textbox></w:pict></w:r></w:p>"
    )
    assert lines(body) == ["框外文字", "框内文字", "旧框内文字"]


def test_merged_cells_and_rows_that_begin_later() -> None:
    body = tbl(
        tr(tc("项目", '<w:vMerge w:val="restart"/>'), tc("自然人", '<w:gridSpan w:val="2"/>'), tc("总计")),
        tr(tc("", "<w:vMerge/>"), tc("1"), tc("2"), tc("3")),
        tr(tc("4"), tc("5"), properties='<w:gridBefore w:val="2"/>'),
    )
    assert cells(body) == [[
        (0, 0, 2, 1, "项目"), (0, 1, 1, 2, "自然人"), (0, 3, 1, 1, "总计"), (1, 1, 1, 1, "1"), (1, 2, 1, 1, "2"), (1, 3, 1, 1, "3"),
        (2, 2, 1, 1, "4"), (2, 3, 1, 1, "5"),
    ]]  # fmt: skip


def test_a_table_inside_a_cell_is_read_once_and_is_a_table_too() -> None:
    inner = tbl(tr(tc("甲"), tc("1")), tr(tc("乙"), tc("2")))
    body = tbl(tr(tc("项目"), tc("数量")), tr(tc("规章"), tc(p("见表") + inner)))
    assert lines(body) == ["项目 | 数量", "规章 | 见表 甲 1 乙 2"]
    assert [len(grid) for grid in cells(body)] == [4, 4]


def test_a_frame_of_one_column_is_no_table() -> None:
    body = tbl(tr(tc(p("第一段") + p("第二段"))), tr(tc("第三段")))
    assert lines(body) == ["第一段", "第二段", "第三段"]
    assert cells(body) == []


def test_paragraphs_of_a_cell_join_without_a_space_and_numbers_in_cells_count() -> None:
    body = tbl(tr(tc(p("本年新") + p("制作数量")), tc("数量")), tr(tc(numbered("属于国家秘密", 2)), tc("3")))
    assert lines(body, numbering=OUTLINE + num(1)) == ["本年新制作数量 | 数量", "1.属于国家秘密 | 3"]


def test_footnotes_stand_behind_the_text() -> None:
    notes = f'<w:footnote w:type="separator" w:id="0">{p("线")}</w:footnote><w:footnote w:id="2">{p("不含下级机关")}</w:footnote>'
    assert lines(p("正文"), footnotes=notes) == ["正文", "不含下级机关"]


def test_pictures_are_noticed() -> None:
    assert read('<w:p><w:r><w:drawing><a:blip xmlns:a="urn:a"/></w:drawing></w:r></w:p>').has_pictures
    assert not read(p("正文")).has_pictures


def test_a_document_without_a_body_is_empty() -> None:
    root = etree.fromstring(f"<w:document {NAMESPACES}/>")
    assert root.tag == f"{W}document"
    assert read_word_parts({"document": root}).lines == []


def test_hostile_numbering_and_spans_end() -> None:
    loop = (
        '<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    )
    wide = tr(tc("甲", '<w:gridSpan w:val="99999999"/>'), tc("乙", '<w:gridSpan w:val="x"/>'))
    content = read(p("文", '<w:pStyle w:val="a"/>') + tbl(wide, tr(tc("丙"), tc("丁"))), styles=loop)
    assert content.lines[0] == "文"
    assert max(cell.col for cell in content.grids[0].cells) <= 100
