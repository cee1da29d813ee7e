"""Pages that hold a filled form in a deformed shape, each with what a reader can know of it.

A deformation is a function (forms, random source) -> page. Pages are HTML or text; text pages name the rows whose blanks leave
no trace, so that their figures cannot be placed.
"""

from __future__ import annotations

import html
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.statutory.forms import (
    Box,
    Lines,
    Truth,
    fill,
    t2_lines,
    t3_head,
    t3_lines,
    t4_lines,
    t4_rows,
)

HEADINGS = (
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
)
PROSE = (
    "本报告按照《中华人民共和国政府信息公开条例》第五十条编制，统计期限自2022年1月1日起至2022年12月31日止。",
    "一、总体情况",
    "2022年，样例市主动公开政府信息1305条，收到政府信息公开申请21件，其中予以公开8件、部分公开2件，结转下年度继续办理1件。",
    "行政复议2件，其中结果维持1件，结果纠正1件；行政诉讼0件。",
)
CLOSING = (
    "工作中还存在公开内容不够全面、更新不够及时的问题。下一步将加强培训，完善制度。",
    "六、其他需要报告的事项",
    "本年度未收取信息处理费。",
)


@dataclass
class Page:
    """body: bytes of the page. unknowable: keys of figures that no reader could place."""

    name: str
    body: bytes
    truth: Truth
    kind: str = "html"
    unknowable: set[tuple[str, str, str]] = field(default_factory=set)


def html_table(lines: Lines, *, cell: Callable[[Box], str] | None = None, spans: bool = True) -> str:
    rows = []
    for line in lines:
        cells = []
        for box in line:
            inner = cell(box) if cell else html.escape(box.text)
            span = (f' rowspan="{box.rows}"' if box.rows > 1 else "") + (
                f' colspan="{box.cols}"' if box.cols > 1 else ""
            )
            cells.append(f"<td{span if spans else ''}>{inner}</td>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return "<table border=1><tbody>" + "".join(rows) + "</tbody></table>"


def html_page(tables: list[str]) -> bytes:
    parts = [f"<p>{line}</p>" for line in PROSE]
    for heading, table in zip(HEADINGS, tables, strict=False):
        parts += [f"<p>{heading}</p>", table]
    parts += [f"<p>{HEADINGS[3]}</p>", *[f"<p>{line}</p>" for line in CLOSING]]
    title = "样例市2022年政府信息公开工作年度报告"
    body = "".join(parts)
    return f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><div id="zoom">{body}</div></body></html>'.encode()


def text_page(tables: list[str]) -> bytes:
    lines = [*PROSE]
    for heading, table in zip(HEADINGS, tables, strict=True):
        lines += [heading, table] if table else [heading]
    return "\n".join([*lines, *CLOSING]).encode()


def laid_out(lines: Lines) -> list[list[tuple[Box | None, bool]]]:
    """Every position of the grid: the box that covers it, and whether it is its first position."""
    width = sum(box.cols for box in lines[0])
    grid: list[list[tuple[Box | None, bool]]] = [[(None, False)] * width for _ in lines]
    for row, line in enumerate(lines):
        col = 0
        for box in line:
            while col < width and grid[row][col][0] is not None:
                col += 1
            for r in range(row, min(row + box.rows, len(lines))):
                for c in range(col, min(col + box.cols, width)):
                    grid[r][c] = (box, r == row and c == col)
            col += box.cols
    return grid


def padded(lines: Lines) -> list[list[str]]:
    """A field for every position of the grid; merged cells stand once, at their first position."""
    return [[box.text if box and first else "" for box, first in row] for row in laid_out(lines)]


def packed(lines: Lines) -> list[list[str]]:
    """Fields for the cells alone, those that were merged away left over at the end of the row."""
    width = len(laid_out(lines)[0])
    return [
        [box.text for box in line] + [""] * (width - len(line) - covered)
        for line, covered in zip(lines, _covered(lines), strict=True)
    ]


def _covered(lines: Lines) -> list[int]:
    grid = laid_out(lines)
    return [
        len([1 for box, _ in row if box is not None and box not in line]) for row, line in zip(grid, lines, strict=True)
    ]


def repeated(lines: Lines) -> list[list[str]]:
    """Merged cells repeat their words at every position that they cover."""
    return [[box.text if box else "" for box, _ in row] for row in laid_out(lines)]


def rows_with_blanks(truth: Truth, *, trailing_only: bool = False) -> set[tuple[str, str, str]]:
    """The keys of the rows that have a blank: where blanks leave no trace, nothing in them can be placed."""
    rows: dict[tuple[str, str], list[tuple[tuple[str, str, str], str]]] = {}
    for key, raw in truth.printed.items():
        rows.setdefault(("T4", "") if key[0] == "T4" else key[:2], []).append((key, raw))
    return {key for cells in rows.values() for key, _ in cells
            if (not cells[-1][1].strip() if trailing_only else any(not raw.strip() for _, raw in cells))}  # fmt: skip


# --- HTML -------------------------------------------------------------------------------------------------------------


def tables_of(truth: Truth) -> list[Lines]:
    return [t2_lines(truth), t3_lines(truth), t4_lines(truth)]


Deformation = Callable[[Truth, random.Random], list[str]]


def plain_form(truth: Truth, rng: random.Random) -> list[str]:
    return [html_table(lines) for lines in tables_of(truth)]


def one_table(truth: Truth, rng: random.Random) -> list[str]:
    """All three tables as one of fifteen columns, the last cell of each row stretched to its edge."""
    lines: Lines = []
    for table in tables_of(truth):
        width = len(laid_out(table)[0])
        for line in table:
            lines.append([*line[:-1], replace(line[-1], cols=line[-1].cols + 15 - width)])
    return [html_table(lines)]


def blocks_apart(truth: Truth, rng: random.Random) -> list[str]:
    lines = t2_lines(truth)
    starts = [at for at, line in enumerate(lines) if line[0].text.startswith("第二十条")]
    pieces = [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return ["".join(html_table(piece) for piece in pieces), *plain_form(truth, rng)[1:]]


def page_break(truth: Truth, rng: random.Random) -> list[str]:
    return [html_table(t2_lines(truth)), html_table(t3_lines(truth, parts=2)), html_table(t4_lines(truth))]


def cut_in_two(truth: Truth, rng: random.Random) -> list[str]:
    lines = t3_lines(truth, parts=2)
    again = t3_head() if rng.random() < 0.5 else []
    return [
        html_table(t2_lines(truth)),
        html_table(lines[:15]) + "<p>&nbsp;</p>" + html_table([*again, *lines[15:]]),
        html_table(t4_lines(truth)),
    ]


def without_outer_label(truth: Truth, rng: random.Random) -> list[str]:
    lines = [[box for box in line if not box.text.startswith("三、")] for line in t3_lines(truth)]
    lines[0][0] = replace(lines[0][0], cols=2)
    for line in lines[3:]:
        if line[0].cols == 3:
            line[0] = replace(line[0], cols=2)
    return [html_table(t2_lines(truth)), html_table(lines), html_table(t4_lines(truth))]


def outer_label_cut_off(truth: Truth, rng: random.Random) -> list[str]:
    """The cell 三 is gone and the header keeps three label columns: every row of results slips to the left."""
    lines = [[box for box in line if not box.text.startswith("三、")] for line in t3_lines(truth)]
    return [html_table(t2_lines(truth)), html_table(lines), html_table(t4_lines(truth))]


def spans_lost(truth: Truth, rng: random.Random) -> list[str]:
    return [html_table(lines, spans=False) for lines in tables_of(truth)]


def spans_as_blanks(truth: Truth, rng: random.Random) -> list[str]:
    return [html_table([[Box(text) for text in row] for row in padded(lines)]) for lines in tables_of(truth)]


def spans_as_repeats(truth: Truth, rng: random.Random) -> list[str]:
    return [html_table([[Box(text) for text in row] for row in repeated(lines)]) for lines in tables_of(truth)]


def header_stretched(truth: Truth, rng: random.Random) -> list[str]:
    """Headers cover two columns each, their values stand in the first or the second of them."""
    result = []
    for lines in tables_of(truth):
        wide: Lines = []
        for line in lines:
            row: list[Box] = []
            for box in line:
                if box.kind == "value" and box.cols == 1:
                    pair = [box, Box("", kind="pad")]
                    row += pair if rng.random() < 0.5 else pair[::-1]
                else:
                    row.append(replace(box, cols=box.cols * 2))
            wide.append(row)
        result.append(html_table(wide))
    return result


def label_span_wrong(truth: Truth, rng: random.Random) -> list[str]:
    lines = t3_lines(truth)
    for line in lines[3:]:
        if line[0].cols == 3 and rng.random() < 0.7:
            line[0] = replace(line[0], cols=rng.choice([1, 2, 4]))
    return [html_table(t2_lines(truth)), html_table(lines), html_table(t4_lines(truth))]


def rowspan_too_long(truth: Truth, rng: random.Random) -> list[str]:
    lines = t3_lines(truth)
    for line in lines:
        if line[0].text.startswith("三、"):
            line[0] = replace(line[0], rows=line[0].rows + 1)
    return [html_table(t2_lines(truth)), html_table(lines), html_table(t4_lines(truth))]


def header_lost(truth: Truth, rng: random.Random) -> list[str]:
    return [html_table(t2_lines(truth)), html_table(t3_lines(truth)[3:]), html_table(t4_lines(truth))]


def empty_columns(truth: Truth, rng: random.Random) -> list[str]:
    result = []
    for lines in tables_of(truth):
        front = rng.random() < 0.5
        result.append(html_table([[Box(""), *line] if front else [*line, Box("")] for line in lines] + [[Box("")]]))
    return result


def last_cells_missing(truth: Truth, rng: random.Random) -> list[str]:
    result = []
    for lines in tables_of(truth):
        filled = [max(at for at, box in enumerate(line) if box.text or box.kind == "label") for line in lines]
        result.append(html_table([line[: last + 1] for line, last in zip(lines, filled, strict=True)]))
    return result


def turned_t4(truth: Truth, rng: random.Random) -> list[str]:
    return [*plain_form(truth, rng)[:2], html_table(t4_rows(truth))]


def t4_in_parts(truth: Truth, rng: random.Random) -> list[str]:
    head = [Box(name, kind="head") for name in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]
    names = ["行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"]
    values = t4_lines(truth)[3]
    parts = [
        html_table([[Box(name, cols=5, kind="head")], head, values[at * 5 : at * 5 + 5]])
        for at, name in enumerate(names)
    ]
    return [*plain_form(truth, rng)[:2], "".join(parts)]


def inside_a_table(truth: Truth, rng: random.Random) -> list[str]:
    return [
        f"<table width=100%><tr><td><table><tr><td>{table}</td></tr></table></td></tr></table>"
        for table in plain_form(truth, rng)
    ]


def inside_a_data_table(truth: Truth, rng: random.Random) -> list[str]:
    return [f"<table><tr><td>附表</td><td>内容</td></tr><tr><td>表格</td><td>{table}</td></tr><tr><td>备注</td><td>无</td></tr></table>"
            for table in plain_form(truth, rng)]  # fmt: skip


def cells_in_paragraphs(truth: Truth, rng: random.Random) -> list[str]:
    def cell(box: Box) -> str:
        middle = len(box.text) // 2
        halves = (html.escape(box.text[:middle]), html.escape(box.text[middle:]))
        if box.kind == "value" or middle < 2:
            return f'<p style="text-align:center"><span>{html.escape(box.text)}</span></p>'
        return rng.choice(
            ["{}<br/>{}", "<p>{}</p><p>{}</p>", "<span>{}</span><span>{}</span>", "{}&nbsp;&nbsp;{}"]
        ).format(*halves)

    return [html_table(lines, cell=cell) for lines in tables_of(truth)]


def odd_figures(truth: Truth, rng: random.Random) -> list[str]:
    """Full-width digits, thousands separators, digits apart, spaces of all kinds, spans in a figure."""

    def cell(box: Box) -> str:
        text = box.text
        if box.kind == "value" and text.isdigit():
            forms = ["".join(chr(ord(char) + 0xFEE0) for char in text), f"{int(text):,}", " ".join(text), f"　{text}　", f"&nbsp;{text}",
                     f"<span>{text[:1]}</span><span>{text[1:]}</span>", f"{int(text):,}".replace(",", "，"), f"{text}件"]  # fmt: skip
            return rng.choice(forms)
        return html.escape(text) or rng.choice(["", "&nbsp;", "　", "<br/>", "<p></p>"])

    return [html_table(lines, cell=cell) for lines in tables_of(truth)]


def odd_labels(truth: Truth, rng: random.Random) -> list[str]:
    """Notes, other order marks, none, spaces, traditional characters, other quotation marks."""
    notes = {
        "规章": "规章（县级无此项）",
        "处理决定数量": "处理决定数量（指2022年办件量）",
        "行政许可": "行政许可（含子项12项）",
    }

    def cell(box: Box) -> str:
        text = notes.get(box.text, box.text) if rng.random() < 0.7 else box.text
        if box.kind == "value":
            return html.escape(text)
        change = rng.randrange(6)
        if change == 0:
            text = text.replace(".", "、")
        elif change == 1 and text[:1].isdigit():
            text = text[2:]
        elif change == 2:
            text = " ".join(text)
        elif change == 3:
            text = text.replace("“", '"').replace("”", '"').replace("（", "(").replace("）", ")")
        elif change == 4:
            text = (
                text.replace("总", "總").replace("处", "處").replace("决", "決").replace("数", "數").replace("结", "結")
            )
        return html.escape(text)

    return [html_table(lines, cell=cell) for lines in tables_of(truth)]


def header_in_two_rows(truth: Truth, rng: random.Random) -> list[str]:
    """The words of the columns of T2 broken into two rows of cells."""
    lines: Lines = []
    for line in t2_lines(truth):
        if line[0].text == "信息内容" and all(len(box.text) > 4 for box in line[1:] if box.text):
            lines.append([line[0], *(replace(box, text=box.text[:3]) for box in line[1:])])
            lines.append([Box(""), *(replace(box, text=box.text[3:]) for box in line[1:])])
        else:
            lines.append(line)
    return [html_table(lines), *plain_form(truth, rng)[1:]]


def strange_rows(truth: Truth, rng: random.Random) -> list[str]:
    lines2, lines3 = t2_lines(truth), t3_lines(truth)
    lines2.insert(4, [Box("其他主动公开文件"), *(Box(str(rng.randint(1, 99)), kind="value") for _ in range(3))])
    lines3.insert(6, [Box("工作秘密", cols=3), *(Box("5", kind="value") for _ in range(7))])
    lines3.append([Box("备注：以上数据截至年底", cols=10)])
    return [html_table(lines2), html_table(lines3), html_table(t4_lines(truth))]


def other_tables(truth: Truth, rng: random.Random) -> list[str]:
    """Tables of the office's own around the statutory ones."""
    rows = (("渠道", "其他", "总计"), ("网站", "5", "9"), ("微信", "1", "2"))
    own = html_table([[Box(text) for text in row] for row in rows])
    fees = "<table><tr><td>项目</td><td>行政许可</td><td>行政处罚</td></tr><tr><td>数量</td><td>77</td><td>88</td></tr></table>"
    first, *rest = plain_form(truth, rng)
    return [own + fees + first, *rest[:1], rest[1] + own]


def twice(truth: Truth, rng: random.Random) -> list[str]:
    return [table * 2 for table in plain_form(truth, rng)]


def no_bodies(truth: Truth, rng: random.Random) -> list[str]:
    """thead, th, captions and uppercase tags."""
    tables = []
    for lines, name in zip(tables_of(truth), ("表一", "表二", "表三"), strict=True):
        text = html_table(lines).replace("<tbody>", f"<caption>{name}</caption><THEAD>").replace("</tbody>", "</THEAD>")
        tables.append(text.replace("<td", "<TH").replace("</td>", "</TH>"))
    return tables


def other_order(truth: Truth, rng: random.Random) -> list[str]:
    """总计 stands before 自然人: columns go by their headers."""
    lines = t3_lines(truth)
    lines[1] = [replace(lines[1][2]), *lines[1][:2]]
    for line in lines[3:]:
        line[-7:] = [line[-1], *line[-7:-1]]
    return [html_table(t2_lines(truth)), html_table(lines), html_table(t4_lines(truth))]


def divs(truth: Truth, rng: random.Random) -> list[str]:
    return ["".join("<div class=r>" + "".join(f"<div class=c>{html.escape(box.text)}</div>" for box in line) + "</div>" for line in lines)
            for lines in tables_of(truth)]  # fmt: skip


HTML_SHAPES: tuple[Deformation, ...] = (
    plain_form, one_table, blocks_apart, page_break, cut_in_two, without_outer_label, outer_label_cut_off, spans_lost, spans_as_blanks,
    spans_as_repeats, header_stretched, label_span_wrong, rowspan_too_long, header_lost, empty_columns, last_cells_missing, turned_t4,
    t4_in_parts, inside_a_table, inside_a_data_table, cells_in_paragraphs, odd_figures, odd_labels, header_in_two_rows, strange_rows,
    other_tables, twice, no_bodies, other_order, divs,
)  # fmt: skip


# --- text -------------------------------------------------------------------------------------------------------------


def line_per_row(lines: Lines) -> str:
    return "\n".join(" | ".join(box.text for box in line).rstrip(" |") for line in lines)


def line_per_row_padded(lines: Lines) -> str:
    return "\n".join(" | ".join(row).rstrip() for row in padded(lines))


def line_per_row_ended(lines: Lines) -> str:
    return "\n".join(_ended(row) for row in packed(lines))


def _ended(row: list[str]) -> str:
    filled = max((at for at, text in enumerate(row) if text), default=-1)
    return " ".join(f"{text} |" for text in row[: filled + 1]) + " " + "|" * (len(row) - filled - 1)


def markdown(lines: Lines) -> str:
    rows = ["| " + " | ".join(row) + " |" for row in padded(lines)]
    return "\n".join([rows[0], "|" + "---|" * len(padded(lines)[0]), *rows[1:]])


def markdown_repeated(lines: Lines) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in repeated(lines))


def cell_per_line(lines: Lines) -> str:
    out = []
    for row in packed(lines):
        filled = max((at for at, text in enumerate(row) if text), default=-1)
        out += [f"{text} |" for text in row[: filled + 1]]
        out += ["|" * (len(row) - filled - 1)] if len(row) > filled + 1 else []
    return "\n".join(out)


def pipe_on_its_own_line(lines: Lines) -> str:
    return "\n".join("\n|\n".join(row) + "\n|" for row in packed(lines))


def cell_per_line_bare(lines: Lines) -> str:
    return "\n\n".join(box.text for line in lines for box in line if box.text)


def spaces(lines: Lines) -> str:
    return "\n".join(" ".join(box.text for box in line if box.text) for line in lines)


def one_line(lines: Lines) -> str:
    return " ".join(box.text for line in lines for box in line if box.text)


def pdf(lines: Lines) -> str:
    """Labels broken over lines, headers letter by letter, page numbers in between."""
    rng = random.Random(len(lines))
    out = []
    for number, line in enumerate(lines):
        labels = "".join(box.text for box in line if box.kind not in {"value", "head"})
        heads = [box.text for box in line if box.kind == "head"]
        values = " ".join(box.text for box in line if box.kind == "value" and box.text)
        for head in heads:
            out += [" ".join(head[:2]), head[2:]] if len(head) > 2 and rng.random() < 0.5 else [head]
        if len(labels) > 24 and rng.random() < 0.7:
            cut = rng.randint(10, 20)
            out += [labels[:cut], labels[cut:], values] if rng.random() < 0.5 else [labels[:cut], values, labels[cut:]]
        else:
            out.append(f"{labels} {values}".strip())
        if number % 9 == 8:
            out.append(f"- {number // 9 + 1} -")
    return "\n".join(line for line in out if line)


TEXT_SHAPES: dict[str, tuple[Callable[[Lines], str], str]] = {
    "line per row": (line_per_row, "trailing"),
    "line per row, padded": (line_per_row_padded, ""),
    "line per row, ended": (line_per_row_ended, ""),
    "markdown": (markdown, ""),
    "markdown, repeated": (markdown_repeated, ""),
    "cell per line": (cell_per_line, ""),
    "pipe on its own line": (pipe_on_its_own_line, ""),
    "cell per line, bare": (cell_per_line_bare, "blanks"),
    "spaces": (spaces, "blanks"),
    "one line": (one_line, "blanks"),
    "pdf": (pdf, "blanks"),
}


def pages(*, seed: int = 7) -> list[Page]:
    """Every shape with both layouts and forms that are full, partly blank, and full of blanks."""
    found = []
    for number, shape in enumerate(HTML_SHAPES):
        for layout in "BC":
            for share in (0.0, 0.3, 0.9):
                rng = random.Random(seed * 1000 + number)
                truth = fill(rng, layout, blanks=share, true_sums=share < 0.9)
                page = Page(f"{shape.__name__} {layout} {share}", html_page(shape(truth, rng)), truth)
                if shape is divs:
                    page.unknowable = rows_with_blanks(truth)
                found.append(page)
    for number, (name, (shape_text, lost)) in enumerate(TEXT_SHAPES.items()):
        for layout in "BC":
            for share in (0.0, 0.3, 0.9):
                rng = random.Random(seed * 2000 + number)
                truth = fill(rng, layout, blanks=share)
                tables = [shape_text(lines) for lines in tables_of(truth)]
                page = Page(f"{name} {layout} {share}", text_page([*tables, ""]), truth, kind="text")
                if lost:
                    page.unknowable = rows_with_blanks(truth, trailing_only=lost == "trailing")
                found.append(page)
    return found
