"""Spam: evidence, never topic; exact borders or none; suggestions only where a wording proves them."""

from __future__ import annotations

import random

import pytest

from gxgk_crawler.extract import extract
from gxgk_crawler.items import Document
from gxgk_crawler.portal import Portal
from tests.extract.pages import BODY, PARAGRAPHS, TITLE, page
from tests.extract.spam_corpus import HALVES, brands, carrier, honest_lines, honest_texts, plant, spam_samples
from tests.extract.spam_figures import measure


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


def test_honest_texts_full_of_words_of_the_trade_stay_whole() -> None:
    documents = [plain(text) for text in honest_texts()]
    alarms = [one.extracted_text[:80] for one in documents if {"spam", "damaged"} & set(one.flags) or spans(one)]
    assert alarms == []


def test_enough_honest_lines() -> None:
    assert len(set(honest_lines())) >= 500


@pytest.mark.parametrize("half", HALVES)
def test_carriers_themselves_are_clean(half: str) -> None:
    for seed in range(20):
        assert not spans(plain(carrier(half, random.Random(seed), of_office=seed % 2 == 1).text))


def test_the_held_out_half() -> None:
    figures = measure(spam_samples("held_out"))
    assert figures.precision >= 0.98
    assert figures.page_recall >= 0.9
    assert figures.recall >= 0.9
    assert figures.exact >= 0.95 * figures.hit
    assert figures.genuine <= figures.planted // 100


def test_the_two_halves_share_no_brand() -> None:
    assert not set(brands("development")) & set(brands("held_out"))


@pytest.mark.parametrize("kind", ["keywords", "links"])
def test_cleaning_spam_leaves_the_carrier(kind: str) -> None:
    sample = plant(kind, "held_out", "雪豹体育", random.Random(7))
    once = plain(sample.text)
    again = plain(once.text)
    assert again.text == once.text
    assert all(edit.kind == "chrome" for edit in again.edits)
    start, end = sample.spans[0]
    assert sample.text[start:end].strip() not in once.text


def test_pinyin_behind_characters_goes_and_damage_is_told() -> None:
    document = plain("政務公開(kāi)工作內(nèi)容豐富，統(tǒng)計數據由國務院辦(ban)公廳公布。")
    assert document.text == "政務公開工作內容豐富，統計數據由國務院辦公廳公布。"
    assert document.flags == ["damaged", "spam"]


def test_names_starred_out_are_damage_and_no_advertising() -> None:
    document = plain("全面贯彻落实党**、国务院决策部署，主动公开政府信息。")
    assert document.flags == ["damaged"]
    assert document.edits == []


@pytest.mark.parametrize(
    "text",
    [
        "全面贯彻落实党**、国务院决策部署。",
        "按照**院办公厅的要求公开。",
        "学习贯彻***总书记重要讲话精神。",
        "样例县政。府信息公开工作年度报告，本。报告由办公。室编制，汇总材。料后发。布，公开信。息三千条。",
        "样例县府政息信公开工作，受理请申41件，息信公开，监察督监有力，解决题问3个，府政网站更新。",
        "样例县政zhèng府信xìn息公开，主动公gōng开三千条。",
        "样例县政zheng府xin息公开，主dong动公开三千条，答fu复gong众来信，受li理申qing请。",
        "样例縣政府信息公開工作年度報告，公開財務預決算，依據條例規定辦理申請，统计图表齐全，監督檢查單位，聯繫群眾，網站運行。",
        "样例县é¿æ工作报告，主动å…¬开信息，回应ç¤¾ä¼关切，接å—群众监督。",
        "政☆府信★息公※开，单#位落实，群&众满意，制^度完善。",
        "样例县主zheng公zheng开，受fu理fu申，zhu样zhu例，答fu复zheng众，信fu府，县zheng开，市fu开，区zheng开，年fu度，报zheng告。",
        "样例县公布zhu dong gong kai zheng fu xin xi 3216 tiao，受理shou dao gong kai shen qing xin xi 216 jian。",
        "\n".join(f"第{n}行只有简体的文字和统计图表。" for n in range(9))
        + "\n落實黨中央、國務院決策部署，主動公開政府信息，辦理申請，統計報告，單位監督，網站運營，聯繫羣眾，總結經驗。",
    ],
)
def test_damage_is_told_and_nothing_removed(text: str) -> None:
    document = plain(text)
    assert document.flags == ["damaged"]
    assert document.text == text


@pytest.mark.parametrize(
    "text",
    [
        "地名注音：孬(nāo)、赊(shē)、郴(chēn)、亳(bó)、邗(hán)、溠(zhà)。",
        "臺灣同胞來函，《臺胞辦事手冊》《繁體版辦事指南》已印發，内容翻译完成，办理流程不变，统计图表齐全，运行正常。",
        "举报人王**、李**反映的问题已办结，身份证号4101**********1234作脱敏处理。",
        "采用AI、VR、5G、IPv6、BIM、GIS等技术，举办普通话shuǐ píng测试2期。",
    ],
)
def test_what_only_looks_like_damage(text: str) -> None:
    assert plain(text).flags == []


@pytest.mark.parametrize(
    "suffix", ["-终稿", "_20240120", "-PDF", "-乐东", "_download_times", "（WORD版）", "-v2", "_nb2023.docx", "-蓝天"]
)
def test_honest_suffixes_of_a_title_stay(suffix: str) -> None:
    document = extract(page(f"<h1>{TITLE}{suffix}</h1>{BODY}"))
    assert not spans(document)
    assert document.flags == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "-{}官网"),
        ("", "（{}注册送彩金）"),
        ("", " | {}app下载"),
        ("【{}最新地址】", ""),
        ("{}官网：", ""),
        ("", "—{}官方网站·手机版"),
    ],
)
@pytest.mark.parametrize("brand", ["砜阙体育", "qx7o棋牌", "极速时时彩", "betolo88"])
def test_labels_before_and_behind_a_title(before: str, after: str, brand: str) -> None:
    document = extract(page(f"<h1>{before.format(brand)}{TITLE}{after.format(brand)}</h1>{BODY}"))
    assert document.title == TITLE
    assert "spam" in document.flags
    assert document.text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "link", ["DeepSeek", "IMF", "WTO", "故宫博物院官网", "哔哩哔哩", "新浪体育", "腾讯视频", "GitHub", "浙里办app下载"]
)
def test_honest_links_to_foreign_hosts_stay(link: str) -> None:
    html = f'<p>样本市公开信息，参考<a href="http://www.example.com/">{link}</a>三千条。</p>'
    assert not spans(extract(page(BODY + html)))


def test_a_brand_in_the_place_of_the_issuer_is_found_in_the_footer_too() -> None:
    text = (
        "翎戟集团2023年政府信息公开工作年度报告\n本报告由翎戟集团负责解释。\n翎戟集团全年收到申请7件，均按期答复。\n"
        "群众可到翎戟集团服务窗口查询。\n翎戟集团\n2024年1月9日\n版权所有：翎戟集团"
    )
    assert spans(plain(text)) == [("翎戟集团", None)] * 6


def test_the_portal_proves_the_name_that_was_replaced() -> None:
    portal = Portal(title="样本市人民政府", entry="https://www.example.gov.cn/", division="150700")
    text = "云帆体育2020年政府信息公开工作年度报告\n由云帆体育人民政府办公室编制。云帆体育各部门参加。"
    document = extract(text.encode(), media_type="text/plain", portal=portal)
    swapped = [("云帆体育", "呼伦贝尔市"), ("云帆体育", "呼伦贝尔市"), ("云帆体育", None)]
    assert spans(document) == swapped
    assert spans(extract(text.encode(), media_type="text/plain", url="https://www.hlbe.gov.cn/a.html")) == swapped
    assert spans(plain(text)) == [("云帆体育", None)] * 3


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


@pytest.mark.parametrize(
    "text",
    [
        "样 例 县 2021 年 政 府 信 息 公 开 工 作 年 度 报 告\n一 、 总 体 情 况\n单 位 名 称 ： 样 例 县 教 育 局",
        "年 度 | 信 息 内 容 | 公 开 方 式 | 申 请\n2021 | 12 | 网 站 | 3",
        "《香港政府憲報》刊登《政府採購協議》公告，港澳臺事務按規定公開。",
        "政务公开·信息公开·数据开放三位一体；“政府·企业·群众”三方互动。",
        "公示对象：张**、李**，证件号码1201**********1234。",
        "公布孬(nāo)村、鄠(hù)邑、亳(bó)州、珲(hún)春等地名的读音。",
    ],
)
def test_spaced_headings_and_quotations_are_no_damage(text: str) -> None:
    assert plain(text).flags == []
