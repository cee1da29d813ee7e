"""A spam test set made by a generator: sample reports written for it, and advertising planted with known borders.

The rules were written while looking at the half `development`; the half `held_out` has other invented brands, other places
and other sentences. All parts are in `spam_data/`; `spam_figures.py` measures.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HALVES = ("development", "held_out")
FAMILIES = ("bare", "suffixed", "latin", "domains", "lottery", "servers", "porn", "known")
_DATA = Path(__file__).parent / "spam_data"
_PARTY_WORDS = ("习近平", "总书记", "国务院", "党", "市委、", "中央、")


@dataclass(slots=True, kw_only=True)
class Sample:
    """A text with planted spans. spans: [(start, end)] of what was planted."""

    kind: str
    text: str
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Carrier:
    """A report of one half. place and office: the names that it is written with."""

    text: str
    place: str
    office: str
    year: int


@cache
def parts(half: str) -> dict[str, Any]:
    """The parts of one half, or of `advertising`, which both share."""
    data: dict[str, dict[str, Any]] = tomllib.loads((_DATA / "corpus.toml").read_text("utf-8"))
    return data[half]


def brands(half: str) -> dict[str, str]:
    """Every brand of one half with its family."""
    return {brand: family for family in FAMILIES for brand in parts(half)[family]}


def carrier(half: str, rng: random.Random, *, of_office: bool = False) -> Carrier:
    """A clean report with a title, headings and a signature."""
    data = parts(half)
    place, office, year = rng.choice(data["places"]), rng.choice(data["offices"]), rng.randint(2016, 2024)
    issuer = place + office if of_office else place
    sentences = rng.sample(data["sentences"], k=len(data["sentences"]))
    if of_office:
        sentences = rng.sample(data["office_sentences"], k=5) + [one for one in sentences[:5] if "{place}" not in one]
    lines = [
        f"{issuer}{year}年政府信息公开工作年度报告",
        rng.choice(data["openings"]),
        "一、总体情况",
        "".join(sentences[:3]),
        "".join(sentences[3:5]),
        "二、主动公开政府信息情况",
        "".join(sentences[5:8]),
        "三、存在的主要问题及改进情况",
        "".join(sentences[8:]) or "无。",
        issuer if of_office else f"{place}人民政府办公室",
        f"{year + 1}年1月20日",
    ]
    text = "\n".join(lines)
    for name, value in (("place", place), ("office", office), ("year", str(year))):
        text = text.replace("{" + name + "}", value)
    return Carrier(text=text, place=place, office=office, year=year)


def swap(text: str, pairs: dict[str, str], chance: float = 1.0, rng: random.Random | None = None) -> Sample:
    """Replace words, each place with a chance, and return the places of what was put in; touching ones are one span."""
    spans: list[tuple[int, int]] = []
    out: list[str] = []
    at = length = 0
    while at < len(text):
        hit = next((word for word in pairs if text.startswith(word, at)), None)
        if hit and (rng is None or rng.random() < chance):
            piece = pairs[hit]
            if spans and spans[-1][1] == length:
                spans[-1] = (spans[-1][0], length + len(piece))
            else:
                spans.append((length, length + len(piece)))
            at += len(hit)
        else:
            piece = text[at : at + len(hit or " ")]
            at += len(hit or " ")
        out.append(piece)
        length += len(piece)
    return Sample(kind="", text="".join(out), spans=spans)


def insert(text: str, pieces: list[tuple[int, str]]) -> Sample:
    """Put pieces in at their places."""
    out, spans, at, length = [], [], 0, 0
    for place, piece in sorted(pieces):
        out += [text[at:place], piece]
        length += place - at
        spans.append((length, length + len(piece)))
        length += len(piece)
        at = place
    return Sample(kind="", text="".join([*out, text[at:]]), spans=spans)


def _commas(text: str) -> list[int]:
    start = text.index("\n") + 1
    return [at + 1 for at in range(start, len(text)) if text[at] == "，"]


def _inside_words(text: str) -> list[int]:
    """Between two characters of prose."""
    start, end = text.index("一、"), text.index("三、")
    return [at for at in range(start, end) if text[at - 2 : at].isalpha() and text[at : at + 2].isalpha()]


def _replace(half: str, brand: str, rng: random.Random) -> Sample:
    made = carrier(half, rng)
    label = brand + rng.choice([":", "：", ""])
    words = [*rng.sample(_PARTY_WORDS, k=3), *([made.place] if rng.random() < 0.5 else [])]
    return swap(made.text, dict.fromkeys(words, label))


def _replace_two(half: str, brand: str, rng: random.Random) -> Sample:
    other = rng.choice([one for one in brands(half) if one != brand])
    made = carrier(half, rng)
    first, second = rng.sample(("习近平", "国务院", "党中央、", "总书记"), k=2)
    return swap(made.text, {first: brand + ":", second: other + ":"})


def _place_swap(half: str, brand: str, rng: random.Random) -> Sample:
    made = carrier(half, rng)
    return swap(made.text, {made.place: _label(brand, rng)})


def _office_swap(half: str, brand: str, rng: random.Random) -> Sample:
    made = carrier(half, rng, of_office=True)
    whole = rng.random() < 0.5
    return swap(made.text, {made.place + made.office if whole else made.place: _label(brand, rng)})


def _label(brand: str, rng: random.Random) -> str:
    return brand + (rng.choice(parts("advertising")["tails"]).format(brand) if rng.random() < 0.6 else "")


def _title_suffix(half: str, brand: str, rng: random.Random) -> Sample:
    text = carrier(half, rng).text
    name = brand + rng.choice(["", "官网", "注册送彩金", "app下载", "官方网站"])
    return insert(text, [(text.index("\n"), rng.choice(parts("advertising")["title_frames"]).format(name))])


def _title_prefix(half: str, brand: str, rng: random.Random) -> Sample:
    name = brand + rng.choice(["", "官网", "最新地址", "登录入口"])
    return insert(carrier(half, rng).text, [(0, rng.choice(parts("advertising")["prefix_frames"]).format(name))])


def _clauses(half: str, brand: str, rng: random.Random) -> Sample:
    text = carrier(half, rng).text
    phrases = [phrase.format(brand) for phrase in rng.sample(parts("advertising")["phrases"], k=2)]
    return insert(text, [(at, rng.choice(phrases) + "，") for at in rng.sample(_commas(text), k=3)])


def _bare_clauses(half: str, brand: str, rng: random.Random) -> Sample:
    text = carrier(half, rng).text
    piece = f"（{brand}），" if brand[0].isascii() and rng.random() < 0.5 else f"{brand}，"
    return insert(text, [(at, piece) for at in rng.sample(_commas(text), k=4)])


def _in_words(half: str, brand: str, rng: random.Random) -> Sample:
    text = carrier(half, rng).text
    label = brand + rng.choice(["官网", "app", ""])
    return insert(text, [(at, label) for at in rng.sample(_inside_words(text), k=3)])


def _keywords(half: str, brand: str, rng: random.Random) -> Sample:
    some = [brand, *rng.sample(list(brands(half)), k=rng.choice([0, 0, 1, 2]))]
    offers = rng.sample(parts("advertising")["offers"], k=6)
    items = [f"{some[number % len(some)]}{offer}" for number, offer in enumerate(offers)]
    return _beside(half, rng.choice([",", "，", "、", "|", "_", " "]).join(items), rng)


def _links(half: str, brand: str, rng: random.Random) -> Sample:
    items = [*rng.sample(parts("advertising")["links"], k=8), brand, brand + "官网"]
    rng.shuffle(items)
    return _beside(half, rng.choice([" ", " | ", "\n", ",", "、", " - "]).join(items), rng)


def _beside(half: str, block: str, rng: random.Random) -> Sample:
    """Before the title, after the last line, or between two lines."""
    text = carrier(half, rng).text
    block = ("" if "\n" in block else rng.choice(parts("advertising")["labels"])) + block
    where = rng.choice([0, len(text), text.index("二、")])
    return insert(text, [(where, "\n" + block if where == len(text) else block + "\n")])


def _list_items(half: str, brand: str, rng: random.Random) -> Sample:
    """Lines of their own: a numbered item, a line with the brand and what it offers."""
    text = carrier(half, rng).text
    lines = [f"{brand}{offer}\n" for offer in rng.sample(["官网", "app下载", "登录入口", "官方网站"], k=2)]
    return insert(text, [(text.index(mark), line) for mark, line in zip(("二、", "三、"), lines, strict=True)])


def _headings(half: str, brand: str, rng: random.Random) -> Sample:
    """Behind the headings of the sections."""
    text = carrier(half, rng).text
    piece = rng.choice(["-{}", "_{}官网", "（{}官网）"]).format(brand)
    ends = [text.index("\n", text.index(mark)) for mark in ("二、", "三、")]
    return insert(text, [(end, piece) for end in ends])


def _mixed(half: str, brand: str, rng: random.Random) -> Sample:
    made = carrier(half, rng)
    sample = swap(made.text, {"习近平": brand + ":"})
    suffix = f"-{brand}官网"
    at = sample.text.index("\n")
    return Sample(
        kind="",
        text=sample.text[:at] + suffix + sample.text[at:],
        spans=[(at, at + len(suffix)), *((start + len(suffix), end + len(suffix)) for start, end in sample.spans)],
    )


KINDS: dict[str, Callable[[str, str, random.Random], Sample]] = {
    "replace": _replace, "replace_two": _replace_two, "place_swap": _place_swap, "office_swap": _office_swap,
    "title_suffix": _title_suffix, "title_prefix": _title_prefix, "clauses": _clauses, "bare_clauses": _bare_clauses,
    "in_words": _in_words, "keywords": _keywords, "links": _links, "list_items": _list_items, "headings": _headings,
    "mixed": _mixed,
}  # fmt: skip


def plant(kind: str, half: str, brand: str, rng: random.Random) -> Sample:
    """One report with advertising of one kind planted in it."""
    sample = KINDS[kind](half, brand, rng)
    sample.kind = kind
    return sample


def spam_samples(half: str) -> list[Sample]:
    """Every kind for every brand of one half."""
    rng = random.Random(half)
    return [plant(kind, half, brand, rng) for brand in brands(half) for kind in KINDS]


def honest_lines() -> list[str]:
    """Honest lines full of words of the trade, foreign names, odd titles and damage that is none."""
    lines = (_DATA / "honest.txt").read_text("utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines if line and not line.startswith("#")]


def honest_texts() -> Iterator[str]:
    """Every honest line by itself, in the middle of a report, at its end, and twice in a row."""
    rng = random.Random(5)
    lines = honest_lines()
    yield from lines
    for number, line in enumerate(lines):
        text = carrier(HALVES[number % 2], rng).text
        at = text.index("二、")
        yield f"{text[:at]}{line}\n{line}\n{text[at:]}"
        yield f"{text}\n{line}\n{lines[(number + 7) % len(lines)]}"
