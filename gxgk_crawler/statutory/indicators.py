"""Figures that the prose of a report states: requests, reviews, staff, training and the like, each with its words."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.statutory.indicator_rules import RULES, ZERO_RULES
from gxgk_crawler.statutory.tables import Evidence, Indicator
from gxgk_crawler.statutory.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.items import Document
    from gxgk_crawler.statutory.indicator_rules import Rule

_FIGURE = (
    r"(?P<about>约|近)?(?:为|达到?|共计|共|总计)?(?P<about_too>约|近)?[ ]?"
    r"(?P<value>\d{1,12}(?:,\d{3})*(?:\.\d{1,6})?)[ ]?(?P<more>余|多)?[ ]?"
)
_MOST_MEMORY = 64 << 20  # bytes of the automaton of all rules together
_DIGITS = frozenset("0123456789")
_PERCENT = r"(?P<value>\d{1,6}(?:\.\d{1,4})?)(?P<unit>%)"


def indicators(document: Document) -> list[Indicator]:
    """The figures that the prose states, in the order of the text; rows of tables are no prose.

    A figure that is stated twice in the same words counts once. A zero that only words state (未收到) counts when no figure
    says otherwise.
    """
    prose = _Prose(document.text)
    taken: list[tuple[int, int]] = []
    found: list[Indicator] = []
    for rule, pattern in _stated(prose.text):
        for match in pattern.finditer(prose.text):
            span = match.span(pattern.groupindex["value"])
            if any(start < span[1] and span[0] < end for start, end in taken):
                continue
            taken.append(span)
            found.append(_indicator(prose, rule, match))
            if rule.once:
                break
    found += _zeros(prose, {one.key for one in found})
    return _once(sorted(found, key=lambda one: one.evidence.start))


class _Prose:
    """The sentences that can state a figure, in plain forms, one behind the other: those with a digit or a negation.

    Rows of tables are no sentences.
    """

    def __init__(self, whole: str) -> None:
        self._whole = whole
        self._starts: list[int] = []  # of each sentence in `text`
        self._places: list[int] = []  # of each sentence in the whole
        parts: list[str] = []
        length = 0
        place = 0
        for line in plain(whole).split("\n"):
            for sentence in line.split("。") if "|" not in line else ():
                if "未" in sentence or "没有" in sentence or not _DIGITS.isdisjoint(sentence):
                    self._starts.append(length + 1)
                    self._places.append(place)
                    parts.append(sentence)
                    length += len(sentence) + 1
                place += len(sentence) + 1
            place += len(line) + 1 if "|" in line else 0
        self.text = "。" + "。".join(parts)

    def evidence(self, start: int, end: int) -> Evidence:
        """The words between two offsets of `text`, without the mark in front that parts them from the words before."""
        while start < end and self.text[start] in ",;。:、 ":
            start += 1
        at = bisect_right(self._starts, start) - 1
        begin = self._places[at] + start - self._starts[at]
        return Evidence(text=self._whole[begin : begin + end - start], start=begin, end=begin + end - start)


def _stated(text: str) -> list[tuple[Rule, re2._Regexp]]:
    """The rules that match somewhere in the text, in their order: one search for all of them instead of one for each.

    No match looks like an automaton that has run out of memory; then each rule is tried by itself.
    """
    found = _all_patterns().Match(text)
    patterns = _patterns()
    return [patterns[number] for number in sorted(found)] if found else patterns


@cache
def _all_patterns() -> re2.Set:
    options = re2.Options()
    options.max_mem = _MOST_MEMORY
    options.log_errors = False
    whole = re2.Set.SearchSet(options)
    for _, pattern in _patterns():
        whole.Add(pattern.pattern)
    whole.Compile()
    return whole


@cache
def _patterns() -> list[tuple[Rule, re2._Regexp]]:
    figures = {units: _FIGURE + f"(?P<unit>{units})" for units in {rule.units for rule in RULES}}
    return [
        (rule, re2.compile(rule.pattern.replace("{n}", figures[rule.units]).replace("{p}", _PERCENT))) for rule in RULES
    ]


@cache
def _zero_patterns() -> list[tuple[tuple[tuple[str, str], ...], re2._Regexp]]:
    return [(rule.keys, re2.compile(rule.pattern)) for rule in ZERO_RULES]


def _indicator(prose: _Prose, rule: Rule, match: re2._Match[str]) -> Indicator:
    groups = match.groupdict()
    digits = match["value"].replace(",", "")
    name = next((key for word, key in rule.names if word in (groups.get("name") or "")), "")
    return Indicator(
        key=rule.key.replace("{name}", name),
        value=float(digits) if "." in digits else int(digits),
        unit=match["unit"],
        evidence=prose.evidence(match.start(), match.end()),
        approximate=any(groups.get(word) for word in ("about", "about_too", "more")),
        scope=groups.get("scope"),
    )


def _zeros(prose: _Prose, stated: set[str]) -> Iterator[Indicator]:
    for keys, pattern in _zero_patterns():
        match = pattern.search(prose.text)
        if match is None:
            continue
        evidence = prose.evidence(match.start(), match.end())
        parts = {key.partition(".")[0] for key in stated if key.endswith((".total", ".part", ".received"))}
        for key, unit in keys:
            if key.partition(".")[0] not in parts:
                yield Indicator(key=key, value=0, unit=unit, evidence=evidence, derived=True)


def _once(found: list[Indicator]) -> list[Indicator]:
    kept: dict[tuple[object, ...], Indicator] = {}
    for one in found:
        kept.setdefault((one.key, one.value, one.unit, one.scope), one)
    return list(kept.values())
