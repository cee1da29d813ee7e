"""What the site adds around a text: whole lines at its head and tail, each removal an edit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import re2

from gxgk_crawler.extract.page.text import squeeze
from gxgk_crawler.items import Edit
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LONGEST_MENU = 100
_LONGEST = 220
_SENTENCE_ENDS = ("。", "；", "！", "？")
_TITLE_PARTS = 4
_LONGEST_RELATED = 60
_LONGEST_HEADING = 16
_LONGEST_REST = 30
_SHORTEST_RECORD = 3
_WIDE_SPACES = "\u00a0\u3000\u2002\u2003"  # RE2's \s knows only ASCII
_SPACES = str.maketrans(_WIDE_SPACES, "    ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a text without its line break, and where it stands."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matched:
    rule: str
    footer: bool
    weak: bool
    rest: bool


class _Place:
    """The rules of one end of the text, as one RE2 pattern that a whole line must match."""

    def __init__(self, rules: dict[str, Any], place: str) -> None:
        self._parts = rules["parts"]
        self._items = [item for item in rules["item"] if item["place"] in {place, "both"}]
        groups = [f"({self._pattern(item)})" for item in self._items]
        separator = self._parts["separator"]
        self._line = re2.compile(f"{separator}*(?:(?:{'|'.join(groups)}){separator}*)+", _options())
        self._sure = self._any_of([item for item in self._items if item.get("sure")])
        self._loose = self._any_of(self._items, self._parts["separator"])

    def _pattern(self, item: dict[str, Any]) -> str:
        pattern: str = item["pattern"]
        for part in ("date", "time", "value", "name", "province"):
            pattern = pattern.replace("{" + part + "}", self._parts[part])
        return pattern

    def _any_of(self, items: Sequence[dict[str, Any]], also: str = "$^") -> re2._Regexp:
        return re2.compile("|".join([*(f"(?:{self._pattern(item)})" for item in items), also]), _options())

    def match(self, text: str) -> _Matched | None:
        """The items that a line consists of; None for a line with anything else in it."""
        if len(text) > _LONGEST:
            return None
        found = self._line.fullmatch(_with_plain_spaces(text))
        if found is None:
            return self._match_sure(text)
        hit = [item for item, matched in zip(self._items, found.groups(), strict=True) if matched is not None]
        line = _Matched(
            rule=hit[0]["name"],
            footer=any(item.get("footer") for item in hit),
            weak=all(item.get("weak") for item in hit),
            rest=any(item.get("rest") for item in hit),
        )
        return (self._match_sure(text) or line) if line.weak else line

    def _match_sure(self, text: str) -> _Matched | None:
        """A line with one item that only a footer prints, and little beside it: the name of the site, say."""
        if text.endswith(_SENTENCE_ENDS) or self._sure.search(_with_plain_spaces(text)) is None:
            return None
        rest = self._loose.sub("", self._sure.sub("", _with_plain_spaces(text)))
        if len(rest) > _LONGEST_REST or any(mark in rest for mark in "，。；"):
            return None
        return _Matched(rule="registration", footer=True, weak=False, rest=False)


@cache
def _place(name: str) -> _Place:
    return _Place(read_rules("chrome"), name)


@cache
def _menu() -> tuple[frozenset[str], int]:
    menu = read_rules("chrome")["menu"]
    return frozenset(menu["words"]), menu["shortest_block"]


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = 64 << 20
    options.log_errors = True
    return options


def _with_plain_spaces(text: str) -> str:
    return text.translate(_SPACES) if any(space in text for space in _WIDE_SPACES) else text


def lines_of(text: str) -> list[Line]:
    """The lines of a text that hold more than white space."""
    lines: list[Line] = []
    at = 0
    for raw in text.split("\n"):
        if raw.strip():
            lines.append(Line(start=at, end=at + len(raw.rstrip("\r")), text=raw.strip()))
        at += len(raw) + 1
    return lines


def find_chrome(text: str, title: str | None, names: frozenset[str] = frozenset()) -> list[Edit]:
    """The chrome of a text, as edits in text order that do not overlap.

    An edit of the head runs to the start of the next kept line or edit, one of the tail begins at the end of the line
    before, so that no empty line is left behind. title: the document's title; a line that repeats it goes too, and so
    do the short menu lines above it. names: what the page calls its site and column; a line that is one of them, above
    the title, goes as well. When nothing would be left, nothing is removed. Evidence and patterns: `rules/chrome.toml`.
    """
    lines = lines_of(text)
    head = _head(lines, title, names)
    tail = _tail(lines[len(head) :], title)
    if len(head) + len(tail) == len(lines):  # a text that is nothing but its title says at least that
        return []
    edits = []
    for number, rule in enumerate(head):
        line = lines[number]
        end = lines[number + 1].start if number + 1 < len(lines) else line.end
        edits.append(_edit(text, line.start, end, rule))
    first = len(lines) - len(tail)
    for number, rule in enumerate(tail, first):
        start = lines[number - 1].end if number and number > len(head) else lines[number].start
        edits.append(_edit(text, start, lines[number].end, rule))
    return edits


def _edit(text: str, start: int, end: int, rule: str) -> Edit:
    return Edit(kind="chrome", start=start, end=end, text=text[start:end], rule=rule)


def _head(lines: Sequence[Line], title: str | None, names: frozenset[str]) -> list[str]:
    """Rule of each chrome line, counted from the first line on."""
    place = _place("head")
    rules: list[str] = []
    while len(rules) < len(lines):
        at = len(rules)
        if repeated := _title_lines(lines, at, title):
            rules += ["repeated_title"] * repeated
        elif record := _record_rows(lines, at):
            rules += ["record"] * record
        elif (matched := place.match(lines[at].text)) is not None:
            rules.append(matched.rule)
        elif menu := _menu_lines(lines[at : at + _LONGEST_MENU]):
            rules += ["menu"] * menu
        elif above := _lines_above_title(lines, at, title, names):
            rules += ["above_title"] * above
        else:
            break
    return rules


def _record_rows(lines: Sequence[Line], at: int) -> int:
    """How many lines from here on are a metadata block: its labels in one row or one below the other, then the values."""
    labels = [cell.strip() for cell in lines[at].text.split("|")]
    if len(labels) > 1:
        below = lines[at + 1].text.count("|") if at + 1 < len(lines) else 0
        return 2 if all(map(_is_record_label, labels)) and below == len(labels) - 1 else 0
    count = _run_length(lines[at:], _is_record_label)
    if count < _SHORTEST_RECORD:
        return 0
    return count + _run_length(lines[at + count : at + 2 * count], _is_record_value)


def _run_length(lines: Sequence[Line], accepts: Callable[[str], bool]) -> int:
    return next((number for number, line in enumerate(lines) if not accepts(line.text)), len(lines))


def _is_record_label(text: str) -> bool:
    return squeeze(text).rstrip(":：") in _record_labels()


def _is_record_value(text: str) -> bool:
    return _record_value().fullmatch(_with_plain_spaces(text)) is not None


@cache
def _record_value() -> re2._Regexp:
    return re2.compile(read_rules("chrome")["record"]["value"], _options())


@cache
def _record_labels() -> frozenset[str]:
    return frozenset(read_rules("chrome")["record"]["labels"])


def _lines_above_title(lines: Sequence[Line], at: int, title: str | None, names: frozenset[str]) -> int:
    """How many short menu lines stand between here and the title; 0 when anything else stands there."""
    for number in range(at, min(at + 6, len(lines))):
        if number > at and _title_lines(lines, number, title):
            return number - at
        text = lines[number].text
        if squeeze(text) not in names and not _in_menu(text) and _place("head").match(text) is None:
            return 0
    return 0


def _title_lines(lines: Sequence[Line], at: int, title: str | None) -> int:
    """How many lines from here on together repeat the title (a `<br>` may break it), 0 when they do not."""
    wanted = squeeze(title or "")
    if not wanted:
        return 0
    joined = ""
    for count, line in enumerate(lines[at : at + _TITLE_PARTS], 1):
        joined += squeeze(line.text)
        if joined == wanted:
            return count
        if not wanted.startswith(joined):
            return 0
    return 0


def _tail(lines: Sequence[Line], title: str | None) -> list[str]:
    """Rule of each chrome line at the end, in text order."""
    place = _place("tail")
    first = _heading_with_rest(lines)
    rules: list[str] = ["related"] * (len(lines) - first)
    weak: list[int] = []
    while first:
        matched = place.match(lines[first - 1].text)
        if matched is not None:
            rules.append(matched.rule)
            first -= 1
            if matched.weak:
                weak.append(first)
            elif matched.footer:
                weak = []
        elif title and squeeze(lines[first - 1].text) == squeeze(title) and first > 1:
            rules.append("repeated_title")
            first -= 1
        elif menu := _menu_lines(lines[max(0, first - _LONGEST_MENU) : first][::-1]):
            rules += ["menu"] * menu
            first -= menu
        else:
            break
    if weak:  # no footer line above: the contact line belongs to the report
        rules = rules[: len(lines) - 1 - weak[0]]
    return rules[::-1]


def _heading_with_rest(lines: Sequence[Line]) -> int:
    """Index of a heading such as 相关文章 below which only short lines stand; len(lines) when there is none."""
    place = _place("tail")
    for index in range(len(lines) - 1, max(0, len(lines) - _LONGEST_MENU) - 1, -1):
        text = lines[index].text
        if len(text) > _LONGEST_RELATED or text.endswith(_SENTENCE_ENDS):
            break
        matched = place.match(text) if len(text) <= _LONGEST_HEADING else None
        if matched is not None and matched.rest and lines[index + 1 :]:
            return index
    return len(lines)


def _menu_lines(lines: Sequence[Line]) -> int:
    """Length of the menu block that begins here: enough lines in a row, all of them words of menus."""
    _, shortest = _menu()
    count = 0
    for line in lines:
        if not _in_menu(line.text):
            break
        count += 1
    return count if count >= shortest else 0


def _in_menu(text: str) -> bool:
    words, _ = _menu()
    return all(word in words for word in text.replace("|", " ").replace("｜", " ").split())
