"""The cluster of 攀枝花: one template for the city and its districts, pages of bare numbers ending in `.shtml`.

Two portals stand here: scdongqu (东区) and panzhihua (the city). The district's pages print the city's host.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from tests.replica.files import statistics_file
from tests.replica.markup import body, document
from tests.replica.prose import Place, Sample, others, reports
from tests.replica.replica import Replica
from tests.replica.site import Answer, Page

PER_PAGE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """What differs between the portals of the cluster. columns: directory -> anchor text; the first is the government's own."""

    name: str
    title: str
    home: str
    site_code: str
    index: str
    columns: dict[str, str]
    government: Place
    units: tuple[tuple[str, Place], ...]


def _place(name: str, *, government: bool = False) -> Place:
    issuer = f"{name}人民政府办公室" if government else name
    local = (
        "阳光花城康养项目的收费标准和床位余量按月公布",
        "老旧小区加装电梯的补助名单在楼道张贴",
        "钒钛产业园区环境影响评价文件全文公开",
    )
    we = "全区" if name.endswith("区") else "全市" if government else "本单位"
    return Place(name=name, issuer=issuer, office=issuer, we=we, local=local, scale=40 if government else 6)


SCDONGQU = Portal(
    name="scdongqu",
    title="攀枝花市东区人民政府",
    home="http://www.scdongqu.gov.cn",
    site_code="5104020001",
    index="/zfxxgk/zfxxgknb/xxgkgzndbg/",
    columns={
        "xxgkgzndbg/": "区政府信息公开工作年度报告",
        "xqjbmzfxxgkgzndbg_3/dqxzspj/": "区级部门政府信息公开工作年度报告",
        "xzjdzfxxgkgzndbg_3/dqyjz/": "乡镇街道政府信息公开工作年度报告",
    },
    government=_place("攀枝花市东区", government=True),
    units=(
        ("xqjbmzfxxgkgzndbg_3/dqxzspj/", _place("东区行政审批局")),
        ("xzjdzfxxgkgzndbg_3/dqyjz/", _place("东区银江镇")),
    ),
)
PANZHIHUA = Portal(
    name="panzhihua",
    title="攀枝花市人民政府",
    home="http://www.panzhihua.gov.cn",
    site_code="5104000001",
    index="/zfxxgk1/zfxxgknb/",
    columns={
        "szfxxgkgzndbg/": "市政府信息公开工作年度报告",
        "sjbmzfxxgkgzndbg/srmzfbgs/": "市级部门政府信息公开工作年度报告",
    },
    government=_place("攀枝花市", government=True),
    units=(("sjbmzfxxgkgzndbg/srmzfbgs/", _place("攀枝花市人民政府办公室")),),
)


def scdongqu() -> Replica:
    return _replica(SCDONGQU, {2017: "1762384"})


def panzhihua() -> Replica:
    return _replica(PANZHIHUA, {})


def _replica(portal: Portal, known: dict[int, str]) -> Replica:
    """The government's reports of 2008 to 2024, each unit's from 2019 on. known: numbers that the real portal uses."""
    own = portal.index + next(iter(portal.columns))
    keys = {year: f"{own}{known.get(year, 300000 + 97 * year)}" for year in range(2008, 2026)}
    *samples, latest = reports(portal.government, keys)
    fresh = [latest]
    for number, (directory, place) in enumerate(portal.units):
        base = portal.index + directory
        *made, newest = reports(place, {year: f"{base}{10200000 + 31 * year + number}" for year in range(2019, 2026)})
        samples += made
        fresh.append(newest)
    return Replica(
        portal.name,
        tuple(samples),
        draw=lambda present: _draw(portal, present),
        address=lambda sample: f"{portal.home}{sample.key}.shtml",
        fresh=tuple(fresh[:2]),
        schemes={portal.home.removeprefix("http://"): ("http",)},
    )


def _draw(portal: Portal, samples: tuple[Sample, ...]) -> dict[str, Answer]:
    entries = {portal.index + directory: text for directory, text in portal.columns.items()}
    pages: dict[str, Answer] = {
        "/": _page(
            portal, portal.title, _links({"/zwgk/zfxxgk.shtml": "政府信息公开", "/xwzx/index.shtml": "新闻中心"})
        ),
        "/robots.txt": Page(media_type="text/html", body=b"<html><body>welcome</body></html>"),  # HTML instead of rules
        "/xwzx/index.shtml": _page(portal, "新闻中心", "<p>暂无内容</p>"),
        "/zwgk/zfxxgk.shtml": _page(
            portal, "政府信息公开", _links({portal.index: "政府信息公开年报", "/zwgk/zn.shtml": "公开指南"})
        ),
        "/zwgk/zn.shtml": _page(portal, "公开指南", "<p>本指南为测试样本。</p>"),
        portal.index: _page(portal, "政府信息公开年报", _links(entries)),
    }
    for directory in portal.columns:
        base = portal.index + directory
        mine = [sample for sample in samples if sample.key.rpartition("/")[0] + "/" == base]
        rows = [(f"{sample.key}.shtml", sample.title, str(sample.published)) for sample in mine]
        if directory == next(iter(portal.columns)):
            for number, other in enumerate(others(portal.government)):
                target = f"{base}{400000 + number}.shtml"
                rows.insert(2 * number, (target, other.title, str(other.published)))
                pages[target] = _text(
                    portal, other.title, body(other.blocks, "plain"), str(other.published), portal.title
                )
        pages |= _lists(portal, base, rows)
    for sample in samples:
        pages |= _article(portal, sample)
    return {portal.home + target: answer for target, answer in pages.items()}


def _lists(portal: Portal, base: str, rows: list[tuple[str, str, str]]) -> dict[str, Answer]:
    """Page one is index.shtml, page two index_2.shtml; how many there are stands in a script only."""
    rows = sorted(rows, key=lambda row: row[2], reverse=True)
    total = max(1, -(-len(rows) // PER_PAGE))
    pages: dict[str, Answer] = {}
    for number in range(1, total + 1):
        part = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
        items = "\n".join(f'<li><a href="{u}" title="{t}">{t}</a><span>{d}</span></li>' for u, t, d in part)
        script = f"""<script>var currentPage = {number}; var pageCount = parseInt({total}); showPages("index", ".shtml");</script>"""
        page = _page(portal, "列表", f'<div class="new-box"><ul>{items}</ul></div><div class="pages">{script}</div>')
        pages[f"{base}index_{number}.shtml" if number > 1 else f"{base}index.shtml"] = page
        if number == 1:
            pages[base] = page
    return pages


def _article(portal: Portal, sample: Sample) -> dict[str, Answer]:
    pages: dict[str, Answer] = {}
    inner = body(sample.blocks, "word" if sample.year < 2020 else "ueditor")
    if sample.form is not None:
        name, file = statistics_file(sample)
        target = f"/files/{sample.year}/{sample.key.rpartition('/')[2]}{name[name.rindex('.') :]}"
        pages[target] = file
        inner += f'<p>附件1：<a href="{target}">{name}</a></p><p><a href="{target}">点击下载此文件</a></p>'
    pages[f"{sample.key}.shtml"] = _text(portal, sample.title, inner, str(sample.published), sample.issuer)
    return pages


def _text(portal: Portal, title: str, inner: str, published: str, source: str) -> Page:
    content = f"""<div class="position fs-16"><a href="/">首页</a> &gt; <a href="{portal.index}">政府信息公开年报</a></div>
<h1>{escape(title)}</h1>
<div class="info">www.panzhihua.gov.cn&nbsp;&nbsp;&nbsp;发布时间：{published}&nbsp;&nbsp;来源：{source}&nbsp;&nbsp;
选择阅读字号：[ <a href="#">大</a> <a href="#">中</a> <a href="#">小</a> ]&nbsp;&nbsp;阅读次数：<span id="hits"></span></div>
<div id="Zoom">{inner}</div>"""
    return _page(
        portal, title, content, {"ArticleTitle": title, "PubDate": f"{published} 10:02", "ContentSource": source}
    )


def _links(links: dict[str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{url}">{text}</a></li>' for url, text in links.items()) + "</ul>"


def _page(portal: Portal, title: str, content: str, metas: dict[str, str] | None = None) -> Page:
    site = {"SiteName": portal.title, "SiteDomain": portal.home[7:], "SiteIDCode": portal.site_code}
    around = f"""<div class="nav"><a href="/">首页</a> <a href="/zwgk/zfxxgk.shtml">信息公开</a></div>
<div class="content">{content}</div>
<div class="footer"><p>主办：{portal.title} 网站标识码：{portal.site_code}</p><p>蜀ICP备99999999号</p></div>"""
    return Page(body=document(f"{title}-{portal.title}", around, site | (metas or {})))
