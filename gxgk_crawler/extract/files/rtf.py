"""Rich Text Format: text and tables. Rich Text Format Specification 1.9.1."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.file_content import FileContent, is_table
from gxgk_crawler.extract.files.word_tables import RowLayout, TableRow, grid_of_rows
from gxgk_crawler.extract.limits import MOST_CELLS
from gxgk_crawler.extract.page.grids import grid_lines
from gxgk_crawler.extract.page.text import collapse, join_lines

if TYPE_CHECKING:
    from collections.abc import Callable

# Each alternative begins with a character of its own, so that the time is linear; re2 takes four times as long for so many tokens.
_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)")
_SKIPPED = frozenset({
    "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr",
    "footerf", "fldinst", "listtable", "listoverridetable", "rsidtbl", "generator", "themedata", "datastore", "xmlnstbl",
    "annotation", "atnid", "atnauthor", "bkmkstart", "bkmkend", "filetbl", "revtbl", "pgptbl", "latentstyles", "nonshppict",
    "ftnsep", "ftnsepc", "aftnsep", "comment", "operator", "author", "title", "mmathPr", "private", "template", "tc", "xe",
    "pntxta", "pntxtb", "pnseclvl", "sp", "shprslt",
})  # fmt: skip
# Groups marked as ones that older readers skip, and which hold text all the same.
_SHOWN = frozenset({"shpinst", "shptxt", "shp", "nesttableprops", "cs", "hyperlink"})
_CHARSETS = {0: "cp1252", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 204: "cp1251"}
_PAGES = {936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 54936: "gb18030", 65001: "utf-8"}
_WORDS = {
    "tab": " ", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_UNSEEN = frozenset({"v", "strike", "striked", "deleted"})
_DEEPEST = 500


@dataclass(slots=True)
class _State:
    """What holds inside a group. skip: nothing of it is shown. unseen: hidden, deleted or struck out.

    uc: how many characters stand behind one in Unicode for older readers. depth: of tables.
    """

    skip: bool = False
    unseen: frozenset[str] = frozenset()
    uc: int = 1
    charset: str = ""
    depth: int = 0
    in_fonts: bool = False


@dataclass(slots=True)
class _Rtf:
    content: FileContent = field(default_factory=FileContent)
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    default: str = "gb18030"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0  # that the font table describes
    first_font: int = 0  # of text that names none
    raw: bytearray = field(default_factory=bytearray)  # characters in the bytes of a code page
    words: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)
    layout: RowLayout = field(default_factory=RowLayout)
    joins: tuple[bool, bool] = (False, False)
    to_skip: int = 0  # characters behind \u that stand for it in older readers
    left: int = MOST_CELLS * 4

    def read(self, text: str) -> FileContent:
        behind = 0
        may_be_star = False
        for found in _TOKEN.finditer(text):
            if found.start() < behind:  # inside \bin
                continue
            word, number, byte, sign, brace, plain = found.groups()
            if word == "bin":
                behind = found.end() + max(int(number or 0), 0)
            elif word is not None:
                self._word(word, None if number is None else int(number), starred=may_be_star)
            elif byte is not None:
                self._byte(int(byte, 16))
            elif sign is not None and sign != "*":
                self._sign(sign)
            elif brace is not None:
                self._brace(opens=brace == "{")
            elif plain is not None:
                self._plain(plain)
            may_be_star = sign == "*"
        self._end_paragraph()
        self._end_table()
        return self.content

    def _brace(self, *, opens: bool) -> None:
        self._flush()
        if opens:
            if len(self.stack) >= _DEEPEST:
                raise ExtractionError("its groups are nested too deep")
            state = self.state
            self.stack.append(state)
            self.state = _State(state.skip, state.unseen, state.uc, state.charset, state.depth, state.in_fonts)
        elif self.stack:
            self.state = self.stack.pop()

    def _word(self, word: str, number: int | None, *, starred: bool) -> None:
        if word == "u" and number is not None:
            self._flush()
            self._show(chr(number % 0x10000))
            self.to_skip = self.state.uc
            return
        self._flush()
        self.to_skip = 0
        if word in _SKIPPED or (starred and word not in _SHOWN):
            self.state.skip = True
        elif word == "fonttbl":
            self.state.skip = self.state.in_fonts = True
        elif word in _UNSEEN:
            self.state.unseen = self.state.unseen - {word} if number == 0 else self.state.unseen | {word}
        elif word == "plain":
            self.state.unseen, self.state.charset = frozenset(), ""
        elif word in _WORDS:
            self._show(_WORDS[word])
        elif word in _HANDLERS:
            _HANDLERS[word](self, number)
        elif not self.state.skip:
            self._of_table(word, number)

    def _of_table(self, word: str, number: int | None) -> None:
        if word == "trowd":
            self.layout, self.joins = RowLayout(), (False, False)
        elif word in {"clmrg", "clvmrg"}:
            self.joins = (self.joins[0] or word == "clmrg", self.joins[1] or word == "clvmrg")
        elif word == "cellx" and len(self.layout.edges) < 200:
            at = max(len(self.layout.edges) - 1, 0)
            if not self.layout.edges:
                self.layout.edges.append(min(-108, (number or 0) - 1))
            for joined, joins in zip((self.layout.joined_left, self.layout.joined_up), self.joins, strict=True):
                if joins:
                    joined.add(at)
            self.layout.edges.append(number or 0)
            self.joins = (False, False)

    def _sign(self, sign: str) -> None:
        if sign in "\r\n":
            self.paragraph(None)
        else:
            self._show({"~": " ", "_": "-", "-": ""}.get(sign, sign if sign in "{}\\" else ""))

    def _byte(self, value: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif not self.state.skip:
            self.raw.append(value)

    def _plain(self, text: str) -> None:
        if self.to_skip:
            skipped = min(self.to_skip, len(text))
            self.to_skip -= skipped
            text = text[skipped:]
        if not self.state.skip and text:
            self.raw += text.encode("latin-1", "replace")

    def _flush(self) -> None:
        """Decode the bytes that stand together: a character may have several."""
        if self.raw:
            charset = self.state.charset or self.fonts.get(self.first_font) or self.default
            text = self.raw.decode(charset, "replace")
            self.raw.clear()
            self._show(text)

    def _show(self, text: str) -> None:
        if self.raw:
            self._flush()
        if not self.state.skip and not self.state.unseen:
            self.words.append(text)

    def paragraph(self, _: int | None) -> None:
        if self.state.skip:
            return
        self._end_paragraph()
        if not self.state.depth:
            self._end_table()

    def _end_paragraph(self) -> None:
        self._flush()
        text = "".join(self.words).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self.words.clear()
        self.lines += [line for part in text.split("\n") if (line := collapse(part))]

    def cell(self, _: int | None) -> None:
        if self.state.skip:
            return
        self._end_paragraph()
        self.left -= 1
        if self.left < 0:
            raise ExtractionError(f"its tables have more than {MOST_CELLS * 4} cells")
        self.cells.append(join_lines(self.lines))
        self.lines = []

    def row(self, _: int | None) -> None:
        if self.cells:
            layout = self.layout if len(self.layout.edges) > len(self.cells) else None
            self.rows.append(TableRow(self.cells, layout))
        self.cells, self.lines = [], []

    def _end_table(self) -> None:
        if self.rows:
            grid = grid_of_rows(self.rows)
            self.content.lines += grid_lines(grid)
            self.content.grids += [grid] if is_table(grid) else []
            self.rows = []
        for line in [*self.cells, *self.lines]:
            self.content.add_text(line)
        self.cells, self.lines = [], []

    def set_font(self, number: int | None) -> None:
        if self.state.in_fonts:
            self.font = number or 0
        else:
            self.state.charset = self.fonts.get(number or 0, self.default)

    def set_first_font(self, number: int | None) -> None:
        self.first_font = number or 0

    def set_charset(self, number: int | None) -> None:
        charset = _CHARSETS.get(number or 0)
        if self.state.in_fonts and charset is not None and (number or 0) > 0 and len(self.fonts) < 1000:
            self.fonts[self.font] = charset

    def set_page(self, number: int | None) -> None:
        self.default = _PAGES.get(number or 0, "cp1252" if number == 1252 else self.default)

    def set_depth(self, number: int | None) -> None:
        self.state.depth = min(number if number is not None else 1, 50)

    def set_no_depth(self, _: int | None) -> None:
        self.state.depth = 0

    def set_uc(self, number: int | None) -> None:
        self.state.uc = min(max(number or 0, 0), 4)

    def line(self, _: int | None) -> None:
        self._show("\n")


_HANDLERS: dict[str, Callable[[_Rtf, int | None], None]] = {
    "par": _Rtf.paragraph, "sect": _Rtf.paragraph, "page": _Rtf.line, "line": _Rtf.line, "cell": _Rtf.cell, "row": _Rtf.row,
    "nestcell": _Rtf.line, "f": _Rtf.set_font, "deff": _Rtf.set_first_font, "fcharset": _Rtf.set_charset, "ansicpg": _Rtf.set_page,
    "intbl": _Rtf.set_depth, "itap": _Rtf.set_depth, "pard": _Rtf.set_no_depth, "uc": _Rtf.set_uc,
}  # fmt: skip


def read_rtf(data: bytes) -> FileContent:
    """The text and tables of an RTF file. Raises ExtractionError for one that is nested too deep or too large."""
    return _Rtf().read(data.decode("latin-1"))
