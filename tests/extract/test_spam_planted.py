"""Advertising planted in one report, shape by shape: all of it goes, and nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from gxgk_crawler.extract import extract

SET: dict[str, Any] = tomllib.loads((Path(__file__).parent / "spam_data" / "planted.toml").read_text("utf-8"))
CLEAN: str = SET["carrier"].strip()
TITLE = CLEAN.partition("\n")[0]
PLACES = ("围绕市委", "政务新媒体发布信息", "部分栏目")  # each behind a comma


def check(planted: str) -> None:
    """planted: the report with ⟦…⟧ around what was put in."""
    text = re.sub("[⟦⟧]", "", planted)
    wanted = [
        (one.start() - 2 * number, one.end() - 2 * number - 2)
        for number, one in enumerate(re.finditer("⟦.*?⟧", planted))
    ]
    edits = [
        (edit.start, edit.end) for edit in extract(text.encode(), media_type="text/plain").edits if edit.kind == "spam"
    ]
    missed = [
        text[start:end] for start, end in wanted if not any(_overlap((start, end), edit) >= 0.5 for edit in edits)
    ]
    inside = {at for span in wanted for at in range(*span)}
    lost = "".join(text[at] for edit in edits for at in range(*edit) if at not in inside)
    assert (missed, lost.strip("，。、:：-_|— \n")) == ([], "")


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    return max(min(one[1], other[1]) - max(one[0], other[0]), 0) / (max(one[1], other[1]) - min(one[0], other[0]))


@pytest.mark.parametrize("label", SET["replaced"])
def test_names_that_were_replaced(label: str) -> None:
    check(CLEAN.replace("习近平", f"⟦{label}⟧"))


@pytest.mark.parametrize("label", [*SET["suffixes"], *SET["prefixes"]])
def test_parts_of_the_title(label: str) -> None:
    check(CLEAN.replace(TITLE, f"⟦{label}⟧{TITLE}" if label in SET["prefixes"] else f"{TITLE}⟦{label}⟧", 1))


@pytest.mark.parametrize("block", SET["blocks"])
def test_rows_of_keywords_at_every_place(block: str) -> None:
    check(f"⟦{block}⟧\n{CLEAN}")
    check(f"{CLEAN}\n⟦{block}⟧")
    check(CLEAN.replace("二、主动公开", f"⟦{block}⟧\n二、主动公开"))


@pytest.mark.parametrize("clause", SET["clauses"])
def test_clauses_again_and_again(clause: str) -> None:
    text = CLEAN
    for place in PLACES:
        text = text.replace(place, f"⟦{clause}，⟧{place}", 1)
    check(text)


def test_foreign_headlines_between_the_clauses() -> None:
    text = CLEAN
    for place, headline in zip(PLACES, SET["headlines"], strict=True):
        text = text.replace(place, f"⟦{headline}，⟧{place}", 1)
    check(text)
    one = CLEAN.replace(PLACES[0], f"{SET['headlines'][0]}，{PLACES[0]}")
    assert extract(one.encode(), media_type="text/plain").flags == [], "one headline may be what the report speaks of"


@pytest.mark.parametrize("label", SET["swapped"])
def test_the_name_of_the_place_or_of_the_office(label: str) -> None:
    check(CLEAN.replace("样例市", f"⟦{label}⟧"))
    check(CLEAN.replace("样例市人民政府办公室", f"⟦{label}⟧"))
