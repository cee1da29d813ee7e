"""Body markup as editors leave it: plain, out of Word, out of UEditor, or lines broken by <br>."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.replica.prose import Block
    from tests.replica.statutory import Grid

Style = Literal["plain", "word", "ueditor", "breaks"]

INDENT = "\u3000\u3000"


def document(
    title: str, content: str, metas: Mapping[str, str] | None = None, *, head: str = "", charset: str = "utf-8"
) -> bytes:
    """A whole page. charset: as declared; what is declared as gb2312 is sent as GB18030, as old portals do."""
    tags = "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in (metas or {}).items())
    text = f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="{charset}">
<title>{escape(title)}</title>
{tags}
{head}</head>
<body>
{content}
</body>
</html>
"""
    return text.encode("gb18030" if charset == "gb2312" else charset)


def body(blocks: Iterable[Block], style: Style) -> str:
    """The blocks as the inside of an article container."""
    return "\n".join(_block(block, style) for block in blocks)


def _block(block: Block, style: Style) -> str:
    if block.kind == "table":
        assert block.grid is not None
        return table(block.grid, style)
    if block.kind == "picture":
        picture = f'<img src="{block.text}" alt="" style="max-width:100%">'
        return f'<p style="text-align:center">{picture}</p>'
    text = escape(block.text, quote=False)
    strong = block.kind in {"heading", "subheading"}
    right = ' style="text-align:right"' if block.kind == "signature" else ""
    if style == "breaks":
        return f"{INDENT}<b>{text}</b><br>" if strong else f"{INDENT}{text}<br><br>"
    if style == "word":
        font = "黑体" if strong else "仿宋_GB2312"
        runs = _runs(text)
        return f'<p class="MsoNormal"{right}><span style="font-family:{font};font-size:16pt">{runs}</span></p>'
    if style == "ueditor":
        inner = f"<strong>{text}</strong>" if strong else f'<span style="font-size: 18px;">{text}</span>'
        return f'<p style="text-indent: 2em; line-height: 2em;">{inner}</p>' if not right else f"<p{right}>{inner}</p>"
    return f"<p{right}>{INDENT}<strong>{text}</strong></p>" if strong else f"<p{right}>{INDENT}{text}</p>"


def _runs(text: str) -> str:
    """Word puts figures and the characters beside them into spans of their own; extractors that drop them lose dates."""
    return re.sub(r"(\d+)(年|月|日|件|条|元)", r'<span lang="EN-US">\1<o:p></o:p></span><span>\2</span>', text)


def table(grid: Grid, style: Style) -> str:
    """An HTML table with its merged cells; a line break in a cell's text is a `<br>`."""
    rows = "\n".join(
        "<tr>" + "".join(_cell(c.text, c.rowspan, c.colspan, style) for c in row) + "</tr>" for row in grid
    )
    name = {"word": ' class="MsoTableGrid"', "ueditor": ' class="a_table" width="100%"'}.get(style, "")
    return f'<table{name} border="1" cellspacing="0" cellpadding="0"><tbody>\n{rows}\n</tbody></table>'


def _cell(text: str, rowspan: int, colspan: int, style: Style) -> str:
    spans = (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (f' colspan="{colspan}"' if colspan > 1 else "")
    inner = escape(text, quote=False).replace("\n", "<br>") or "&nbsp;"
    if style == "word":
        inner = f'<p class="MsoNormal" align="center"><span style="font-family:宋体">{inner}</span></p>'
    elif style == "ueditor":
        inner = f"<p>{inner}</p>"
    return f"<td{spans}>{inner}</td>"
