"""Spam: evidence, never topic; exact borders or none; suggestions only where a wording proves them."""

from __future__ import annotations

import random

import pytest

from gxgk_crawler.extract import extract
from gxgk_crawler.items import Document
from gxgk_crawler.portal import Portal
from tests.extract.pages import BODY, PARAGRAPHS, TITLE, page
from tests.extract.spam_corpus import BRANDS, Sample, carrier, clean_texts, measure, plant, spam_samples


def plain(text: str) -> Document:
    return extract(text.encode(), media_type="text/plain")


def spans(document: Document) -> list[tuple[str, str | None]]:
    return [(edit.text, edit.suggestion) for edit in document.edits if edit.kind == "spam"]


def test_holes_of_fixed_wordings_give_exact_spans_and_suggestions() -> None:
    text = (
        "坚持以云帆比分直播:新时代中国特色社会主义思想为指导，认真落实云帆比分直播:总书记对样本省的重要指示，"
        "围绕党白鹭体育:国务院、自治区党委政府和白鹭体育:市政府的决策部署。"
    )
    document = plain(text)
    assert spans(document) == [
        ("云帆比分直播:", "习近平"),
        ("云帆比分直播:", "习近平"),
        ("白鹭体育:", "中央、"),
        ("白鹭体育:", "市委、"),
    ]
    assert document.flags == ["spam"]


def test_a_brand_proven_by_a_wording_is_found_all_through_the_text() -> None:
    document = plain(
        "坚持以云帆娱乐:新时代中国特色社会主义思想为指导，落实云帆娱乐:总书记关于公开的论述。云帆娱乐:各部门参加了会议。"
    )
    assert spans(document)[-1] == ("云帆娱乐:", None)


@pytest.mark.parametrize("text", clean_texts())
def test_honest_texts_full_of_words_of_the_trade_stay_whole(text: str) -> None:
    document = plain(text)
    assert not spans(document)
    assert not {"spam", "damaged"} & set(document.flags)


def test_enough_honest_texts() -> None:
    assert len(clean_texts()) >= 200


@pytest.mark.parametrize("half", BRANDS)
def test_carriers_themselves_are_clean(half: str) -> None:
    for seed in range(20):
        text, _ = carrier(half, random.Random(seed))
        assert not spans(plain(text))


def test_the_held_out_half() -> None:
    figures = measure(spam_samples("held_out"))
    assert figures.precision >= 0.98
    assert figures.recall >= 0.75
    assert figures.genuine == 0


def test_the_two_halves_share_no_brand() -> None:
    assert not set(BRANDS["development"]) & set(BRANDS["held_out"])


def test_cleaning_spam_leaves_the_carrier() -> None:
    rng = random.Random(7)
    sample: Sample = plant("block_inline", "held_out", BRANDS["held_out"][0], rng)
    once = plain(sample.text)
    assert plain(once.text).edits == [] or all(edit.kind == "chrome" for edit in plain(once.text).edits)
    start, end = sample.spans[0]
    assert once.extracted_text[:start].split("\n", 1)[1] in once.extracted_text
    assert sample.text[start:end] not in once.text


def test_pinyin_behind_characters_goes_and_damage_is_told() -> None:
    document = plain("政務公開(kāi)工作內(nèi)容豐富，統(tǒng)計數據由國務院辦(ban)公廳公布。")
    assert document.text == "政務公開工作內容豐富，統計數據由國務院辦公廳公布。"
    assert document.flags == ["damaged", "spam"]


def test_names_starred_out_are_damage_and_no_advertising() -> None:
    document = plain("全面贯彻落实党**、国务院决策部署，主动公开政府信息。")
    assert document.flags == ["damaged"]
    assert document.edits == []


def test_labels_planted_in_a_repeated_title_are_told_apart_from_it() -> None:
    document = extract(page(f"<h1>{TITLE}-云帆体育官网</h1>{BODY}"))
    assert ("-云帆体育官网", None) in spans(document)
    assert document.title == TITLE


def test_links_to_foreign_hosts_and_hidden_blocks() -> None:
    link = '<p>样本市公开信息<a href="http://www.example.com/">海岚电竞</a>三千条。</p>'
    assert ("海岚电竞", None) in spans(extract(page(BODY + link)))
    hidden = f'{BODY}<div style="display:none">白鹭体育官网,白鹭体育app下载</div>'
    document = extract(page(hidden))
    assert document.flags == ["spam"]
    assert document.text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize("mark", [",", "，", "、", "|", "_", " "])
def test_a_row_of_keywords_is_one_span_whatever_joins_it(mark: str) -> None:
    row = mark.join(["云帆官网", "云帆app下载", "云帆登录", "云帆(中国)官方网站", "云帆体育"])
    assert spans(plain(f"全年公开信息三千条。\n{row}\n二、主要问题")) == [(row, None)]


def test_a_label_in_the_place_of_a_government_is_removed_wherever_it_stands() -> None:
    document = plain(
        "岚泊登录2021年政府信息公开工作年度报告\n由岚泊登录人民政府办公室编制，岚泊登录各部门参加。\n岚泊登录人民政府"
    )
    assert spans(document) == [("岚泊登录", None)] * 4


def test_a_colon_in_mid_sentence_gives_a_label_away() -> None:
    document = plain("根据岚泊网址:办公厅的要求，县岚泊网址:编制本报告，受岚泊网址:、县政府领导。")
    assert spans(document) == [("岚泊网址:", None), ("岚泊网址:", None), ("岚泊网址:", "县委")]


@pytest.mark.parametrize("brand", ["必威体育", "betway", "开云体育app", "188bet官网"])
def test_known_brands_stay_where_the_police_speak_of_them(brand: str) -> None:
    assert not spans(plain(f"网警发布：{brand}诱导充值，请勿访问{brand}，谨防上当。查处“{brand}”等赌博网站。"))


PORTAL = Portal(title="样本市人民政府", entry="https://www.example.gov.cn/", site_code="0000000000")


@pytest.mark.parametrize(
    ("url", "portal", "flags"),
    [
        ("https://www.example.gov.cn/a.html", PORTAL, []),
        ("https://zjj.example.gov.cn/a.html", PORTAL, []),
        ("https://www.other.gov.cn/a.html", PORTAL, []),
        ("http://www.example.com/a.html", PORTAL, ["foreign_host"]),
        ("http://www.example.com/a.html", None, ["foreign_host"]),
        ("http://example.gov.cn.example.com/a.html", None, ["foreign_host"]),
        (None, None, []),
        (None, PORTAL, []),
    ],
)
def test_pages_of_foreign_hosts(url: str | None, portal: Portal | None, flags: list[str]) -> None:
    assert extract(page(), url=url, portal=portal).flags == flags


def test_codes_that_both_contradict_the_portal() -> None:
    codes = '<meta name="SiteIDCode" content="1111111111"><meta name="SiteDomain" content="www.other.cn">'
    assert "foreign_host" in extract(page(head=codes), portal=PORTAL).flags
    one = '<meta name="SiteIDCode" content="1111111111"><meta name="SiteDomain" content="www.example.gov.cn">'
    assert "foreign_host" not in extract(page(head=one), portal=PORTAL).flags
