"""Tables in text without separators: labels are found by their words, figures stand behind them, blanks leave no trace.

The text of a PDF is of this kind, and so is a page whose tables were saved as words between spaces or one cell per line. A
row counts only when exactly as many figures stand behind its label as the table has columns.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.statutory import layouts
from gxgk_crawler.statutory.amounts import amount_of
from gxgk_crawler.statutory.table_rows import Field, Row
from gxgk_crawler.statutory.tables import Place
from gxgk_crawler.statutory.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PAGE_NUMBER = re2.compile(r"(?m)^[ \t]*(?:[-—–][ ]?\d{1,4}[ ]?[-—–]|第[ ]?\d{1,4}[ ]?页.{0,12})[ \t]*$")
_NOTE = re2.compile(r"\([^()\n]{1,200}\)")
_SIGN_APART = re2.compile(r"(增|减|[-+])[ ](\d)")
_UNIT_APART = re2.compile(r"(\d)[ ]((?:亿元|万元|元|件|条|宗|项)(?:\s|$))")
_TOKEN = re2.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Anchor:
    """How a row shows itself in running text: words that no other row has, and the first words of its label."""

    key: str
    label: str
    words: tuple[str, ...]
    first: str
    number: str = ""


_T3 = (
    _Anchor("new_received", "本年新收政府信息公开申请数量", ("本年新收", "新收政府"), "本年"),
    _Anchor("carried_in", "上年结转政府信息公开申请数量", ("上年结转", "年度结转政府"), "上年"),
    _Anchor("granted", "予以公开", ("予以公开",), "予以"),
    _Anchor("partial", "部分公开", ("部分公开",), "部分"),
    _Anchor("denied.state_secret", "属于国家秘密", ("国家秘密",), "属于", "1"),
    _Anchor("denied.other_law", "其他法律行政法规禁止公开", ("法规禁止", "法规禁"), "其他法律", "2"),
    _Anchor("denied.three_securities", "危及“三安全一稳定”", ("三安全",), "危及", "3"),
    _Anchor("denied.third_party", "保护第三方合法权益", ("第三方",), "保护", "4"),
    _Anchor("denied.internal", "属于三类内部事务信息", ("内部事务", "三类内部"), "属于", "5"),
    _Anchor("denied.process", "属于四类过程性信息", ("过程性",), "属于", "6"),
    _Anchor("denied.case_file", "属于行政执法案卷", ("执法案卷",), "属于", "7"),
    _Anchor("denied.admin_query", "属于行政查询事项", ("行政查询",), "属于", "8"),
    _Anchor("unable.not_held", "本机关不掌握相关政府信息", ("不掌握",), "本机关", "1"),
    _Anchor("unable.must_create", "没有现成信息需要另行制作", ("没有现成",), "没有", "2"),
    _Anchor("unable.unclear", "补正后申请内容仍不明确", ("补正后",), "补正", "3"),
    _Anchor("not_processed.petition", "信访举报投诉类申请", ("信访举报", "信访"), "信访", "1"),
    _Anchor("not_processed.repeat", "重复申请", ("重复申请",), "重复", "2"),
    _Anchor("not_processed.publication", "要求提供公开出版物", ("出版物",), "要求提供", "3"),
    _Anchor("not_processed.massive", "无正当理由大量反复申请", ("大量反复",), "无正当", "4"),
    _Anchor(
        "not_processed.confirm", "要求行政机关确认或重新出具已获取信息", ("确认或重新", "重新出具"), "要求行政", "5"
    ),
    _Anchor("other", "其他处理", ("其他处理", "他处理"), "其他"),
    _Anchor("other.no_correction", "申请人无正当理由逾期不补正", ("逾期不补",), "申请人无", "1"),
    _Anchor("other.fee_unpaid", "申请人逾期未按收费通知要求缴纳费用", ("收费通知",), "申请人逾", "2"),
    _Anchor("other.other", "其他", ("其他",), "其他", "3"),
    _Anchor("processed_total", "总计", ("总计",), "总计"),
    _Anchor("carried_out", "结转下年度继续办理", ("结转下年", "结转下一年"), "结转"),
)
_T2 = (
    _Anchor("regulations", "规章", ("规章",), "规章"),
    _Anchor("normative_documents", "行政规范性文件", ("规范性文件",), "行政规范"),
    _Anchor("licensing", "行政许可", ("行政许可",), "行政"),
    _Anchor("other_services", "其他对外管理服务事项", ("对外管理服务",), "其他"),
    _Anchor("penalties", "行政处罚", ("行政处罚",), "行政"),
    _Anchor("coercion", "行政强制", ("行政强制",), "行政"),
    _Anchor("fees", "行政事业性收费", ("事业性收费",), "行政"),
    _Anchor("procurement", "政府集中采购", ("集中采购",), "政府"),
)
_T4 = (
    _Anchor("review", "行政复议", ("行政复议",), "行政"),
    _Anchor("litigation.direct", "未经复议直接起诉", ("未经复议",), "未经"),
    _Anchor("litigation.after_review", "复议后起诉", ("复议后",), "复议"),
)
_BLOCK = ("第二十条", "信息内容")
_B_WORDS = ("新制作", "对外公开总", "上一年项目", "上年项目", "采购项目", "采购总金额", "管理服务事项")
_C_WORDS = ("制发", "废止件", "现行有效", "收费金额")


def is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where an anchor stands: offsets into the Chinese characters, end-exclusive."""

    anchor: _Anchor
    start: int
    end: int


class BareText:
    """One stretch of text, with the offsets of its Chinese characters. offset: where it begins in the document."""

    def __init__(self, text: str, offset: int) -> None:
        text = _PAGE_NUMBER.sub(_blanked, plain(text))
        self._text = _NOTE.sub(_without_note, text)
        self._offset = offset
        self._at = [at for at, char in enumerate(self._text) if is_han(char)]
        self._han = "".join([self._text[at] for at in self._at])

    def t3_rows(self) -> Iterator[Row]:
        """The rows of T3, each with the figures behind its label."""
        marks = self._marks(_T3)
        seen = {mark.anchor.key for mark in marks}
        if seen & {"other.no_correction", "other.fee_unpaid"}:
            marks = [mark for mark in marks if mark.anchor.key != "other"]
        else:
            marks = [mark for mark in marks if mark.anchor.key != "other.other"]
        yield Row([_word("申请人情况")], "figures")
        for mark, begin, stop, following in self._spans(marks):
            yield self._row(mark, self._figures(begin, stop, 7, following))

    def t2_rows(self) -> Iterator[Row]:
        """The rows of T2, each below a header row that names its columns."""
        marks = self._marks(_T2)
        whole = self._layout(0, len(self._han))
        previous = 0
        for mark, begin, stop, _ in self._spans(marks):
            columns = self._columns(mark, previous, whole)
            previous = mark.end
            if not columns:
                continue
            yield Row([_word("信息内容"), *(_word(name, at + 1) for at, name in enumerate(columns))], "figures")
            yield self._row(mark, self._figures(begin, stop, len(columns), None))

    def t4_rows(self) -> Iterator[Row]:
        """T4: fifteen figures behind its headers, or three rows of five."""
        yield Row([_word("尚未审结")], "figures")
        last = max((self._han.rfind(word) for word in ("总计", "合计")), default=-1)
        tail = self._at[last + 1] + 1 if last >= 0 else 0
        figures = self._figures(tail, len(self._text), 15, None)
        if len(figures) == 15:
            yield Row(figures, "figures")
            return
        for mark, begin, stop, _ in self._spans(self._marks(_T4, begin=max(last, 0))):
            yield self._row(mark, self._figures(begin, stop, 5, None))

    def _marks(self, anchors: Sequence[_Anchor], *, begin: int = 0) -> list[_Mark]:
        """The anchors that stand here, in their order."""
        found: list[_Mark] = []
        pos = begin
        for anchor in anchors:
            hits = [(at, word) for word in anchor.words if (at := self._han.find(word, pos)) >= 0]
            if not hits:
                continue
            at, word = min(hits)
            head = self._han.rfind(anchor.first, max(pos, at - 24), at + len(word))
            found.append(_Mark(anchor, head if head >= 0 else at, at + len(word)))
            pos = at + len(word)
        return found

    def _spans(self, marks: list[_Mark]) -> Iterator[tuple[_Mark, int, int, _Anchor | None]]:
        """Each mark with the stretch that its figures stand in, and the anchor that follows."""
        for number, mark in enumerate(marks):
            following = marks[number + 1] if number + 1 < len(marks) else None
            stop = self._at[following.start] if following else self._after_figures(mark)
            block = min((at for word in _BLOCK if (at := self._han.find(word, mark.end)) >= 0), default=None)
            if block is not None:
                stop = min(stop, self._at[block])
            yield mark, self._at[mark.start], stop, following.anchor if following else None

    def _after_figures(self, mark: _Mark) -> int:
        """Where the figures behind the last label end: at the first Chinese character behind a figure."""
        label_end = self._at[mark.end - 1] + 1
        figure = next((at for at in range(label_end, len(self._text)) if self._text[at].isdigit()), len(self._text))
        behind = bisect_left(self._at, figure)
        while behind < len(self._at) and self._text[self._at[behind]] in "元万亿件条宗项增减":
            behind += 1
        return self._at[behind] if behind < len(self._at) else len(self._text)

    def _row(self, mark: _Mark, figures: list[Field]) -> Row:
        place = Place(start=self._offset + self._at[mark.start], end=self._offset + self._at[mark.end - 1] + 1)
        return Row([Field(mark.anchor.label, 0, 1, place), *figures], "figures")

    def _figures(self, begin: int, stop: int, wanted: int, following: _Anchor | None) -> list[Field]:
        """The figures between two offsets. following: the label behind them, whose number may look like a figure."""
        stretch = self._text[begin:stop]
        lines = [self._line_figures(begin, line.start(), line[0]) for line in re2.finditer(r"[^\n]+", stretch)]
        tokens = [one for line in lines for one in line]
        if following is not None and len(tokens) == wanted + 1 and tokens[-1].text == following.number:
            tokens.pop()
        if len(tokens) != wanted:
            whole = [line for line in lines if len(line) == wanted > 1]
            tokens = whole[0] if len(whole) == 1 else tokens
        return [Field(one.text, at + 1, at + 2, one.place) for at, one in enumerate(tokens)]

    def _line_figures(self, begin: int, at: int, line: str) -> list[Field]:
        line = _UNIT_APART.sub(r"\1\2 ", _SIGN_APART.sub(r"\1\2", line)) if " " in line else line
        found = []
        for token in _TOKEN.finditer(line):
            if amount_of(token[0]).semantic in {"number", "zero", "na"} and token[0][-1] not in ".,、。":
                start = self._offset + begin + at + token.start()
                found.append(Field(token[0], 0, 1, Place(start=start, end=start + len(token[0]))))
        return found

    def _layout(self, begin: int, end: int) -> str:
        stretch = self._han[begin:end]
        b, c = (any(word in stretch for word in words) for words in (_B_WORDS, _C_WORDS))
        return "" if b == c else "B" if b else "C"

    def _columns(self, mark: _Mark, begin: int, whole: str) -> list[str]:
        """The official names of the columns of a row, by the header in front of it, else by the layout of the whole."""
        layout = self._layout(begin, mark.start) or whole
        names = {label.key: label.official for label in layouts.T2_COLUMNS}
        keys = layouts.T2_CELLS.get(layout, {}).get(mark.anchor.key, ())
        if "本年数量" in self._han[begin : mark.start]:
            keys = tuple("count_this_year" if key == "change" else key for key in keys)
        unit = "(单位:万元)" if "单位万元" in self._han[begin : mark.start] else ""
        return [names[key] + (unit if key == "fee_amount" else "") for key in keys]


def _word(text: str, col: int = 0) -> Field:
    return Field(text, col, col + 1, Place())


def _blanked(found: re2._Match[str]) -> str:
    return " " * len(found[0])


def _without_note(found: re2._Match[str]) -> str:
    """Spaces for a note that holds digits and Chinese characters; the numbers of rows and units stay."""
    text = found[0]
    holds_both = any(char.isdigit() for char in text) and any(is_han(char) for char in text)
    return " " * len(text) if holds_both else text
