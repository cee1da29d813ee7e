"""忻州市人民政府, https://www.sxxz.gov.cn/ and https://zwgk.sxxz.gov.cn/: TRS WCM with `.shtml` pages.

One column per year, each with a slug of its own; lists and long articles page by `createPageHTML`; the oldest pages come as
GB18030 under the name of gb2312, and no page but the newest says when it was published.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.replica.files import statistics_file
from tests.replica.markup import body, document
from tests.replica.prose import Place, Sample, others, reports
from tests.replica.replica import Replica
from tests.replica.site import Answer, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME = "https://www.sxxz.gov.cn"
OPENNESS = "https://zwgk.sxxz.gov.cn/xzsrmzf"
CHANNEL = f"{OPENNESS}/xxgknb"
PER_PAGE = 4

PLACE = Place(
    name="忻州市",
    issuer="忻州市人民政府办公厅",
    office="忻州市人民政府办公厅",
    we="全市",
    scale=90,
    local=(
        "杂粮产地价格和五台山景区客流每周公布一次",
        "云中河水质监测结果与河长名单在河岸立牌公示",
        "煤矿安全检查和采空区治理的进度逐矿公开",
    ),
)
BUREAUS = ("教育局", "民政局", "水利局", "审计局", "交通运输局", "文化和旅游局")
YEARS = {year: str(number) for year, number in zip(range(2008, 2026), range(70118, 4500000, 241043), strict=False)} | {
    2016: "110732",
    2023: "3948608",
}
BUREAU_YEARS = (2022, 2023)
SPLIT = 2018  # this report is an article of two pages
OLD = range(2008, 2013)  # these pages are gb2312


def replica() -> Replica:
    """The portal with the city's reports of 2008 to 2024 and those of six bureaus for two years."""
    *samples, latest = reports(PLACE, YEARS)
    for number, name in enumerate(BUREAUS):
        samples += reports(_bureau(name), {year: str(10 * year + number) for year in BUREAU_YEARS})
    (fresh,) = reports(_bureau(BUREAUS[0]), {2025: "4600001"})
    return Replica("sxxz", tuple(samples), draw=_draw, address=address, fresh=(latest, fresh))


def _bureau(name: str) -> Place:
    full = f"忻州市{name}"
    return Place(name=full, issuer=full, office=full, we="我局", scale=8, local=("服务指南在办事窗口免费领取",))


def _slug(year: int) -> str:
    """A column per year, named by whoever made it: 2016nxxgkndbg, 2023ndbg."""
    return f"{year}nxxgkndbg" if year < 2019 else f"{year}ndbg"


def address(sample: Sample) -> str:
    day = sample.published
    return f"{CHANNEL}/{_slug(sample.year)}/{day:%Y%m}/t{day:%Y%m%d}_{sample.key}.shtml"


def _draw(samples: tuple[Sample, ...]) -> dict[str, Answer]:
    years = sorted({sample.year for sample in samples}, reverse=True)
    columns = {f"{CHANNEL}/{_slug(year)}/": f"{year}年政府信息公开年度报告" for year in years}
    pages: dict[str, Answer] = {
        f"{HOME}/": _page(
            "忻州市人民政府", _links({f"{OPENNESS}/index.shtml": "政府信息公开", f"{HOME}/xwzx/": "忻州要闻"})
        ),
        f"{HOME}/robots.txt": Page(status=404, body=b"not here"),
        f"{HOME}/xwzx/": _page("忻州要闻", "<p>暂无内容</p>"),
        f"{OPENNESS}/index.shtml": _page(
            "政府信息公开",
            _links({f"{OPENNESS}/xxgkzn/": "政府信息公开指南", f"{CHANNEL}/": "政府信息公开年报", "./wj/": "政策文件"}),
        ),
        f"{OPENNESS}/xxgkzn/": _page("政府信息公开指南", "<p>本指南为测试样本。</p>"),
        f"{OPENNESS}/wj/": _page("政策文件", "<p>暂无内容</p>"),
        f"{CHANNEL}/": _page(
            "政府信息公开年报", _links({url.removeprefix(CHANNEL)[1:]: t for url, t in columns.items()})
        ),
    }
    for year in years:
        pages |= _column(year, [sample for sample in samples if sample.year == year])
    for sample in samples:
        pages |= _article(sample)
    return pages


def _column(year: int, samples: Sequence[Sample]) -> dict[str, Answer]:
    """The list pages of one year: page one is index.shtml and the directory itself, page two is index_1.shtml."""
    base = f"{CHANNEL}/{_slug(year)}/"
    rows = [(address(sample).removeprefix(base), sample.title, str(sample.published)) for sample in samples]
    pages: dict[str, Answer] = {}
    for number, other in enumerate(others(PLACE)):
        if other.published.year == year:
            target = f"{other.published:%Y%m}/t{other.published:%Y%m%d}_{900 + number}.shtml"
            rows.append((target, other.title, str(other.published)))
            pages[base + target] = _text(other.title, body(other.blocks, "plain"))
    count = -(-len(rows) // PER_PAGE)
    for index in range(count):
        part = rows[index * PER_PAGE : (index + 1) * PER_PAGE]
        items = "\n".join(f'<li><a href="./{u}" title="{t}">{t}</a><span>{d}</span></li>' for u, t, d in part)
        script = f'<script>createPageHTML({count}, {index}, "index", "shtml");</script>'
        page = _page(f"{year}年政府信息公开年度报告", f'<ul class="list">{items}</ul><div class="page">{script}</div>')
        pages[f"{base}index_{index}.shtml" if index else f"{base}index.shtml"] = page
        if index == 0:
            pages[base] = page
    return pages


def _article(sample: Sample) -> dict[str, Answer]:
    url = address(sample)
    base, name = url.rsplit("/", 1)
    charset = "gb2312" if sample.year in OLD else "utf-8"
    parts = [body(sample.blocks, "plain" if sample.year in OLD else "word" if sample.year < 2020 else "ueditor")]
    pages: dict[str, Answer] = {}
    if sample.year == SPLIT:
        middle = len(sample.blocks) // 2
        parts = [body(sample.blocks[:middle], "word"), body(sample.blocks[middle:], "word")]
    if sample.form is not None:
        title, file = statistics_file(sample)
        target = f"W0{sample.published:%Y%m%d}612{sample.key:0>9}{title[title.rindex('.') :]}"
        pages[f"{base}/{target}"] = file
        parts[-1] += f'<p>附件：<a href="./{target}" oldsrc="{target}">{title}</a></p>'
    for index, part in enumerate(parts):
        stem = name.removesuffix(".shtml")
        script = f'<script>createPageHTML({len(parts)},{index},"{stem}","shtml");</script>'
        target = f"{base}/{stem}_{index}.shtml" if index else url
        pages[target] = _text(sample.title, part, script=script, charset=charset, source=sample.issuer)
    return pages


def _text(title: str, inner: str, *, script: str = "", charset: str = "utf-8", source: str = PLACE.issuer) -> Page:
    style = "<style>.TRS_Editor P{margin:0;line-height:2}</style>" if charset == "gb2312" else ""
    content = f"""<h1>{escape(title)}</h1>
<div class="info"><span>来源：{source}</span></div>
<div class="view TRS_UEDITOR"><div class="TRS_Editor">{style}{inner}</div></div>
{script}
<div class="ewm">扫一扫在手机打开当前页面</div>"""
    return _page(title, content, charset=charset, metas={"ArticleTitle": title, "ContentSource": source})


def _links(links: dict[str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{url}">{text}</a></li>' for url, text in links.items()) + "</ul>"


def _page(title: str, content: str, *, charset: str = "utf-8", metas: dict[str, str] | None = None) -> Page:
    site = {"SiteName": "忻州市人民政府门户网站", "SiteDomain": "www.sxxz.gov.cn", "SiteIDCode": "1409000001"}
    around = f"""<div class="top"><a href="{HOME}/">首页</a> <a href="{OPENNESS}/index.shtml">信息公开</a></div>
<div class="main">{content}</div>
<div class="foot"><p>主办：忻州市人民政府办公室 网站标识码：1409000001</p><p>晋ICP备99999999号</p></div>"""
    media_type = "text/html" if charset == "gb2312" else "text/html; charset=utf-8"
    return Page(body=document(title, around, site | (metas or {}), charset=charset), media_type=media_type)
