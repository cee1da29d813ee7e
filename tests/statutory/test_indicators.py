from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gxgk_crawler.extract.document import extract
from gxgk_crawler.items import Document
from gxgk_crawler.statutory.figures import read_figures
from gxgk_crawler.statutory.indicator_rules import RULES, ZERO_RULES
from gxgk_crawler.statutory.indicators import indicators

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
# What the hand-made lists call otherwise.
RENAMED = {
    "proactive.municipal_and_county_governments": "proactive.part",
    "proactive.municipal_departments": "proactive.part",
    "proactive.county_governments": "proactive.part",
    "proposals.published": "proposals.answered",
    "review.own_level": "review.total",
}
# Keys of those lists that fit no variable: each is a figure of one report only, or needs the sentences around it.
UNFIT = {
    "proactive.weibo_wechat": "two channels in one figure",
    "proactive.media": "the unit is chosen by the list, 篇(条)",
    "response.weibo": "the channel stands sentences before",
    "proposals.disclosed": "proposals of two bodies in one figure",
    "requests.granted_pct": "a share whose whole only the context tells",
    "websites.before": "a stock of another year",
    "websites.now": "a stock without a word of its own",
    "new_media.other": "其他 alone",
}


def document(text: str) -> Document:
    return Document(url=None, media_type="text/plain", encoding=None, title=None, text=text, extracted_text=text)


def keys_of_rules() -> set[str]:
    named = {rule.key.replace("{name}", key) for rule in RULES for _, key in (rule.names or (("", ""),))}
    return named | {key for rule in ZERO_RULES for key, _ in rule.keys}


def test_the_list_of_keys_is_closed_and_documented() -> None:
    part = (ROOT / "docs" / "variables.md").read_text("utf-8").partition("## Indicators")[2].partition("| key |")[2]
    first_columns = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    assert {key for cell in first_columns for key in re.findall(r"`([^`]+)`", cell)} == keys_of_rules()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全年主动公开政府信息1305条。", [("proactive.total", 1305, "条")]),
        ("通过政府网站主动公开政府信息５２条。", [("proactive.website", 52, "条")]),
        ("共收到政府信息公开申请 1,204 件。", [("requests.received", 1204, "件")]),
        ("收到行政复议申请3件、行政诉讼1件。", [("review.total", 3, "件"), ("litigation.total", 1, "件")]),
        (
            "“不同意公开”2件，“同意公开”为15件。",
            [("requests.outcome.refuse", 2, "件"), ("requests.outcome.agree", 15, "件")],
        ),
        ("全年收取信息处理费400元。", [("processing_fee_yuan", 400, "元")]),
        ("发布政策解读稿件12篇，举办新闻发布会3场。", [("interpretations", 12, "篇"), ("press_conferences", 3, "场")]),
        ("本机关未收到政府信息公开申请。", [("requests.received", 0, "件")]),
        ("按照2019年5月15日施行的条例，第五十条规定公开。", []),
        ("行政复议 | 12件 | 行政诉讼3件", []),
        ("审批申请13件，补助3.5万元。", []),
    ],
)
def test_a_sentence_states_its_figures(text: str, found: list[tuple[str, float, str]]) -> None:
    assert [(one.key, one.value, one.unit) for one in indicators(document(text))] == found


def test_the_words_stand_at_their_place() -> None:
    text = "一、概述\n样例市。\n其中，约收到、受理等。全年共收到政府信息公开申请２１件，均已答复。\n规章 | 1 |\n行政复议2件。"
    for one in indicators(document(text)):
        assert text[one.evidence.start : one.evidence.end] == one.evidence.text
        assert any(char.isdigit() for char in one.evidence.text)


def test_a_figure_is_rounded_where_the_words_say_so() -> None:
    (one,) = indicators(document("主动公开政府信息7700余条。"))
    assert (one.value, one.approximate, one.derived) == (7700, True, False)


def test_a_stated_figure_wins_over_words_that_deny_it() -> None:
    text = "四、未发生因信息公开引发的复议、诉讼案件。\n六、行政复议14件，行政诉讼18件。"
    assert {(one.key, one.value) for one in indicators(document(text))} == {
        ("review.total", 14),
        ("litigation.total", 18),
    }


def test_what_is_stated_twice_counts_once() -> None:
    text = "发布政策解读稿件12篇。\n七、共发布政策解读稿件12篇。"
    assert len(indicators(document(text))) == 1


@pytest.mark.skipif(not SEEDS.exists(), reason="no reports beside the repository")
def test_indicators_of_five_reports_read_by_hand() -> None:
    right = read = wanted = found_of_wanted = 0
    for path in sorted(SEEDS.glob("*.gold.json")):
        gold = json.loads(path.read_text("utf-8"))["indicators"]
        text = path.with_name(path.name.replace(".gold.json", ".txt")).read_text("utf-8")
        found = indicators(document(text))
        hits = [
            [
                at
                for at, one in enumerate(gold)
                if (one["value"], one["unit"]) == (it.value, it.unit)
                and one["start"] < it.evidence.end
                and it.evidence.start < one["end"]
            ]
            for it in found
        ]
        right += len([1 for hit in hits if hit])
        read += len(found)
        wanted += len(gold)
        found_of_wanted += len({at for hit in hits for at in hit})
    assert right / read >= 0.98
    assert found_of_wanted / wanted >= 0.8


@pytest.mark.skipif(not SEEDS.exists(), reason="no reports beside the repository")
def test_every_key_of_the_lists_has_a_variable_or_a_reason() -> None:
    known = keys_of_rules()
    for path in SEEDS.glob("*.gold.json"):
        for one in json.loads(path.read_text("utf-8"))["indicators"]:
            key = RENAMED.get(one["key"], one["key"])
            key = re.sub(r"^proactive\.(?:category|website)\..*", "proactive.category", key)
            key = re.sub(r"^litigation\.[^\x00-\x7f]+$", "litigation.part", key)
            key = re.sub(r"^litigation\.[^\x00-\x7f]+\.", "litigation.", key)
            assert key in known or key in UNFIT


@pytest.mark.skipif(not SEEDS.exists(), reason="no reports beside the repository")
def test_prose_that_contradicts_its_table_is_found() -> None:
    figures = read_figures(extract((SEEDS / "002_44d6bdc10f146279.txt").read_bytes()))
    failed = [(one.rule, one.at, one.lhs, one.rhs) for one in figures.checks if one.status == "fail"]
    assert failed == [("E8", "requests.answered", 222, 223)]
