"""佛山市高明区人民政府, https://www.gaoming.gov.cn/: TRS articles up to 2018, then the platform of Guangdong."""

from __future__ import annotations

from html import escape

from tests.replica import gkmlpt
from tests.replica.files import statistics_file
from tests.replica.markup import body, document
from tests.replica.prose import Place, Sample, others, reports
from tests.replica.replica import Replica
from tests.replica.site import Answer, Page

TITLE = "佛山市高明区人民政府"
HOME = "https://www.gaoming.gov.cn"
OFFICE = f"{HOME}/gmqfb"  # the platform stands below its department
COLUMN = f"{HOME}/zwgk/zfxxgk/zfxxgkml/qbmxxgk/qzfbgs/xxgkgzndbg/"
PER_PAGE = 6
PLATFORM_SINCE = 2019

PLACE = Place(
    name="佛山市高明区",
    issuer="佛山市高明区人民政府办公室",
    office="佛山市高明区人民政府办公室",
    we="全区",
    scale=30,
    local=(
        "合水粉葛和三洲黑鹅的地理标志使用企业名单公开",
        "西江防洪排涝设施的值守电话公布到村居",
        "公园绿地改造征求意见的采纳情况逐条说明",
    ),
)
LIBRARY = Place(
    name="佛山市高明区图书馆",
    issuer="佛山市高明区图书馆",
    office="佛山市高明区图书馆",
    we="本馆",
    scale=4,
    local=("阅览室免费开放",),
)
KEYS = {year: str(3100000 + 380672 * (year - 2008)) for year in range(2008, PLATFORM_SINCE)} | {2016: "6145350"}


def replica() -> Replica:
    """The portal with the district's reports of 2008 to 2024."""
    newer = {year: f"{6250000 + 1491 * (year - 2018)}" for year in range(PLATFORM_SINCE, 2026)}
    *samples, latest = reports(PLACE, KEYS | newer)
    fresh = (latest, *reports(LIBRARY, {2025: "6271933"}))
    return Replica("gaoming", tuple(samples), draw=_draw, address=address, fresh=fresh)


def address(sample: Sample) -> str:
    if sample.year >= PLATFORM_SINCE:
        return gkmlpt.address(OFFICE, sample.key)
    return f"{COLUMN}{sample.published:%Y%m}/t{sample.published:%Y%m%d}_{sample.key}.html"


def _draw(samples: tuple[Sample, ...]) -> dict[str, Answer]:
    links = {
        COLUMN.removeprefix(HOME): "政府信息公开年报",
        "/gmqfb/gkmlpt/index": "政府信息公开平台",
        "/zwgk/zn/": "政府信息公开指南",
    }
    items = "".join(f'<li><a href="{url}">{text}</a></li>' for url, text in links.items())
    pages: dict[str, Answer] = {
        f"{HOME}/": _page(
            TITLE, '<ul><li><a href="/zwgk/zfxxgk/">政府信息公开</a></li><li><a href="/xw/">新闻</a></li></ul>'
        ),
        f"{HOME}/robots.txt": Page(media_type="text/plain", body=b"User-agent: *\nAllow: /\nCrawl-delay: 0.2\n"),
        f"{HOME}/xw/": _page("新闻", "<p>暂无内容</p>"),
        f"{HOME}/zwgk/zfxxgk/": _page("政府信息公开", f"<ul>{items}</ul>"),
        f"{HOME}/zwgk/zn/": _page("政府信息公开指南", "<p>本指南为测试样本。</p>"),
    }
    pages |= _lists([sample for sample in samples if sample.year < PLATFORM_SINCE])
    pages |= gkmlpt.platform(OFFICE, PLACE, [sample for sample in samples if sample.year >= PLATFORM_SINCE])
    return pages


def _lists(samples: list[Sample]) -> dict[str, Answer]:
    pages: dict[str, Answer] = {}
    rows = []
    for sample in samples:
        url = address(sample)
        rows.append((url.removeprefix(COLUMN), sample.title, sample.published))
        pages |= _article(sample)
    for number, other in enumerate(others(PLACE)):
        target = f"{other.published:%Y%m}/t{other.published:%Y%m%d}_{88000 + number}.html"
        rows.append((target, other.title, other.published))
        pages[COLUMN + target] = _text(other.title, body(other.blocks, "plain"), str(other.published))
    rows.sort(key=lambda row: row[2], reverse=True)
    count = -(-len(rows) // PER_PAGE)
    for index in range(count):
        part = rows[index * PER_PAGE : (index + 1) * PER_PAGE]
        items = "\n".join(f'<li><a href="./{u}" title="{t}">{t}</a> <span>[{d}]</span></li>' for u, t, d in part)
        script = f'<script>createPageHTML({count}, {index}, "index", "html");</script>'
        page = _page("政府信息公开年报", f'<ul class="list">{items}</ul>{script}')
        pages[f"{COLUMN}index_{index}.html" if index else f"{COLUMN}index.html"] = page
        if index == 0:
            pages[COLUMN] = page
    return pages


def _article(sample: Sample) -> dict[str, Answer]:
    url = address(sample)
    inner = body(sample.blocks, "word" if sample.year > 2012 else "breaks")
    pages: dict[str, Answer] = {}
    if sample.form is not None:
        name, file = statistics_file(sample)
        target = f"W0{sample.published:%Y%m%d}33{sample.key:0>10}{name[name.rindex('.') :]}"
        pages[f"{url.rsplit('/', 1)[0]}/{target}"] = file
        inner += f'<p>附件：<a href="./{target}">{name}</a></p>'
    pages[url] = _text(sample.title, inner, str(sample.published))
    return pages


def _text(title: str, inner: str, published: str) -> Page:
    content = f"""<div class="title">{escape(title)}</div>
<div class="time">发布时间：{published} 来源：{PLACE.office}</div>
<div class="content TRS_Editor">{inner}</div>
<p>扫描二维码收藏本页面链接</p>"""
    return _page(title, content, {"ArticleTitle": title, "PubDate": published, "ContentSource": PLACE.office})


def _page(title: str, content: str, metas: dict[str, str] | None = None) -> Page:
    site = {"SiteName": TITLE, "SiteDomain": "www.gaoming.gov.cn", "SiteIDCode": "4406080001"}
    around = f"""<div class="top">无障碍版 <a href="#">繁体中文</a> <a href="#">设为主页</a> <a href="#">加入收藏</a></div>
<div class="main">{content}</div>
<div class="foot"><p>网站地图 | 订阅服务 | 联系我们 | 网站简介 | 网站帮助</p>
<p>主办单位：高明区委办（区府办）电子政务科 粤ICP备99999999号</p>
<p>建议用IE9.0或以上版本浏览本站，最佳分辩率1024*768</p></div>"""
    return Page(body=document(f"{title}-{TITLE}", around, site | (metas or {})))
