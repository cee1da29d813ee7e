from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.store.search.tokens import LONGEST_TERM, OVERLAP, SECTION_CHARS, fold, phrase, sections

LINES = st.sampled_from(
    [
        "一、总体情况\n",
        "二、主动公开政府信息情况\n",
        "第三部分\n",
        "0 | 0 | 0 | 0\n",
        "000000",
        "政府信息公开，",
        "𠮷",
        "\n",
        "ab ",
        "　",
    ]
)
TEXTS = st.lists(st.tuples(LINES, st.integers(1, 400)), max_size=12).map(
    lambda parts: "".join(line * times for line, times in parts)
)


@given(TEXTS)
def test_sections_cover_the_text_and_fit_into_a_vector(text: str) -> None:
    cut = list(sections(text))
    assert "".join(text[s.start : s.start + s.length] for s in cut) == text
    for section in cut:
        assert section.text == text[section.start : section.start + section.length + OVERLAP]
        assert section.length <= SECTION_CHARS
        folded = fold(section.text)
        pairs = Counter(folded[place : place + 2] for place in range(len(folded)))
        assert max(pairs.values()) <= 255
    assert len(cut) <= len(text) / OVERLAP + 1


@given(TEXTS, st.data())
def test_every_term_lies_whole_in_one_section(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    term = text[start : start + LONGEST_TERM]
    (home,) = [s for s in sections(text) if s.start <= start < s.start + s.length]
    assert home.text[start - home.start :].startswith(term)


@given(st.text())
def test_folding_moves_nothing(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_folding_forgets_width_and_case() -> None:
    assert fold("ＧＸｇｋ　２０２０％，ß…") == "gxgk 2020%,ß…"


def test_folding_takes_traditional_characters_for_simplified_ones() -> None:
    assert fold("政府資訊公開，內容後於營商環境") == "政府资讯公开,内容后于营商环境"
    ambiguous = "乾隆著名慰藉俱全"
    assert fold(ambiguous) == ambiguous


def test_headings() -> None:
    text = f"前言{'。' * 100}\n一、总体情况\n{'文' * 100}\n二、主动公开\n三、依申请公开\n{'文' * 100}"
    assert [s.heading for s in sections(text)] == [None, "一、总体情况", "二、主动公开"]


def test_lexemes_are_quoted() -> None:
    assert phrase("a'\\b") == r"'a''' <-> '''\\' <-> '\\b'"
    assert phrase("'") == "'''':*"
