"""A page with words swapped for advertising: the foreign words come back as edits, and the clean version stays current."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.replica import Page, hlbe

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crawl.conftest import Home

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
PATH = "/OpennessAnnualReport/show/727.html"
URL = "https://www.hlbe.gov.cn" + PATH

# Written by us, in the shape of a real report; the brand is invented.
OWN = {
    "text": "本年度报告根据《中华人民共和国政府信息公开条例》规定,反映样例市2020年政府信息公开工作年度报告的全部内容。\n"
    "一、总体情况\n2020年,我市坚持以666风火竞猜:新时代中国特色社会主义思想为指导,认真落实666风火竞猜:总书记对政务公开的重要指示精神,"
    "围绕党风火体育:国务院和风火体育:市政府的决策部署开展工作。\n"
    + "全市各级行政机关主动公开政府信息103件,其中规范性文件4件,解读材料41篇,受理公开申请24件,均按时办结。\n"
    * 6
    + "六、其他需要报告的事项\n无。\n主办:样例市人民政府办公室 承办:样例市政务服务局 联系我们 站点地图\n"
    "地址:样例市样例区友好六街1号 邮编:021008\n"
    "蒙ICP备99999999号 政府网站标识码:1507000006\n网站支持IPv6访问",
    "spam": [("666风火竞猜:", "习近平"), ("666风火竞猜:", "习近平"), ("风火体育:", "中央、"), ("风火体育:", "市委、")],
    "chrome": 4,
}


def cases() -> list[dict[str, Any]]:
    """Our own page, and the real one when it is at hand."""
    found = [OWN]
    for gold in sorted(SEEDS.glob("002_*.gold.json")):
        told = json.loads(gold.read_text("utf-8"))
        text = gold.with_name(gold.name.replace(".gold.json", ".txt")).read_text("utf-8")
        spam = [(span["text"], span["original_inferred"]) for span in told["spam"]]
        found.append({"text": text, "spam": spam, "chrome": len(told["chrome"])})
    return found


def bare(text: str) -> bytes:
    """The text as a page of nothing but paragraphs."""
    paragraphs = "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in text.splitlines())
    return f"<html><head><meta charset='utf-8'></head><body>{paragraphs}</body></html>".encode()


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("render", [hlbe.article, bare], ids=["article", "bare"])
@pytest.mark.parametrize("case", cases(), ids=lambda case: str(len(case["text"])))
def test_a_tampered_page_never_displaces_a_clean_version(
    home: Home, case: dict[str, Any], render: Callable[[str], bytes]
) -> None:
    clean = case["text"]
    for planted, original in case["spam"]:
        clean = clean.replace(planted, original, 1)
    body = "\n".join(clean.splitlines()[: -case["chrome"]])
    site = home.proxy.site("www.hlbe.gov.cn")

    site.set(PATH, Page(body=render(clean)))
    first = home.crawl("hlbe")
    assert first.code == 0, first.err
    number = home.reports("hlbe")[URL]["id"]
    shown = home.json("show", str(number))
    assert squeezed(shown["text"]) == squeezed(body)
    assert not set(shown["flags"]) & {"spam", "damaged"}

    site.set(PATH, Page(body=render(case["text"])))
    second = home.crawl("hlbe", "-a", "recheck=all")
    assert second.line.startswith("hlbe: hacked: 1 report(s)")
    assert home.crawl("hlbe", "-a", "recheck=all").line.startswith("hlbe: hacked"), "it is still there, and still said"
    versions = home.json("versions", str(number))
    assert [(v["version"], v["current"], "spam" in v["flags"]) for v in versions] == [
        (1, True, False),
        (2, False, True),
    ]
    tampered = home.json("show", str(number), "--version", "2")
    edits = [edit for edit in tampered["edits"] if edit["kind"] == "spam"]
    assert [(edit["text"], edit["suggestion"]) for edit in edits] == [tuple(pair) for pair in case["spam"]]
    assert all(tampered["extracted_text"][e["start"] : e["end"]] == e["text"] for e in tampered["edits"])
    assert squeezed(home.json("show", str(number))["text"]) == squeezed(body)

    site.set(PATH, Page(body=render(clean)))
    assert home.crawl("hlbe", "-a", "recheck=all").code == 0
    assert len(home.json("versions", str(number))) == 2, "the page that came back is the version we have"
