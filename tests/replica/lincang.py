"""临沧市人民政府, https://www.lincang.gov.cn/: 博达 VSB, and the vendor's publicity platform for the newest years.

VSB lists count backwards: the first page is `zfxxgkndbg.htm`, the next `zfxxgkndbg/<total-1>.htm`, the last `.../1.htm`. On the
platform a report is chosen by the query (`nbYear`, `orgCode`); without it the same path shows an empty frame.
"""

from __future__ import annotations

from html import escape

from tests.replica.files import statistics_file
from tests.replica.markup import body, document
from tests.replica.prose import Place, Sample, others, reports
from tests.replica.replica import Replica
from tests.replica.site import Answer, Page

HOME = "https://www.lincang.gov.cn"
PLATFORM = f"{HOME}/zfxxgk_lcs"
LIST = "/zwgk/zfxxgk/zfxxgkndbg"
PER_PAGE = 8
PLATFORM_SINCE = 2021

PLACE = Place(
    name="临沧市",
    issuer="临沧市人民政府办公室",
    office="临沧市人民政府办公室",
    we="全市",
    scale=60,
    local=(
        "古茶树保护名录和茶叶质量抽检结果公开到乡镇",
        "边境口岸货物通关和疟疾防治信息以汉语、佤语播报",
        "澜沧江流域移民补偿资金按户公示",
    ),
)
OFFICE = Place(
    name="临沧市财政局", issuer="临沧市财政局", office="临沧市财政局", we="我局", scale=7, local=("预算公开到项目",)
)
KEYS = {year: f"2605/{430000 + 1123 * (year - 2008)}" for year in range(2008, PLATFORM_SINCE)} | {2018: "2605/444302"}


def replica() -> Replica:
    """The portal with the city's reports of 2008 to 2024 and the finance bureau's of 2021 to 2024."""
    queries = {year: f"345{year - 1614}.html?nbYear={year}&orgCode=A01A01" for year in range(PLATFORM_SINCE, 2026)}
    *samples, latest = reports(PLACE, KEYS | queries)
    *more, newest = reports(
        OFFICE, {year: f"345{year - 1614}.html?nbYear={year}&orgCode=A01A02A07" for year in queries}
    )
    return Replica("lincang", (*samples, *more), draw=_draw, address=address, fresh=(latest, newest))


def address(sample: Sample) -> str:
    if sample.year >= PLATFORM_SINCE:
        return f"{PLATFORM}/artview/195/{sample.key}"
    return f"{HOME}/info/{sample.key}.htm"


def _draw(samples: tuple[Sample, ...]) -> dict[str, Answer]:
    pages: dict[str, Answer] = {
        f"{HOME}/": _page("临沧市人民政府", _links({"/zwgk/zfxxgk.htm": "政府信息公开", "/xwdt.htm": "新闻动态"})),
        f"{HOME}/robots.txt": Page(media_type="text/plain", body=b"User-agent: *\nDisallow: /system/_owners/\n"),
        f"{HOME}/xwdt.htm": _page("新闻动态", "<p>暂无内容</p>"),
        f"{HOME}/zwgk/zfxxgk.htm": _page(
            "政府信息公开",
            _links(
                {
                    f"{LIST}.htm": "政府信息公开年报",
                    "/zfxxgk_lcs/nblist/195.html": "政府信息公开年度报告（2021年以后）",
                    "/zwgk/zfxxgk/zn.htm": "政府信息公开指南",
                }
            ),
        ),
        f"{HOME}/zwgk/zfxxgk/zn.htm": _page("政府信息公开指南", "<p>本指南为测试样本。</p>"),
    }
    pages |= _lists([sample for sample in samples if sample.year < PLATFORM_SINCE])
    pages |= _platform([sample for sample in samples if sample.year >= PLATFORM_SINCE])
    for sample in samples:
        pages |= _article(sample)
    return pages


def _lists(samples: list[Sample]) -> dict[str, Answer]:
    rows = [(f"/info/{sample.key}.htm", sample.title, str(sample.published)) for sample in samples]
    pages: dict[str, Answer] = {}
    for number, other in enumerate(others(PLACE)):
        target = f"/info/2605/{450000 + number}.htm"
        rows.append((target, other.title, str(other.published)))
        pages[HOME + target] = _text(other.title, body(other.blocks, "plain"), str(other.published))
    rows.sort(key=lambda row: row[2], reverse=True)
    total = -(-len(rows) // PER_PAGE)
    # number: 1 for the first page a reader sees; VSB names it by what is left below it.
    names = {number: LIST if number == 1 else f"{LIST}/{total + 1 - number}" for number in range(1, total + 1)}
    for number, name in names.items():
        part = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
        items = "\n".join(f'<li><a href="{u}" title="{t}">{t}</a><span>{d}</span></li>' for u, t, d in part)
        following = (
            f'<a href="{names[number + 1]}.htm" class="Next">下页</a>'
            if number < total
            else '<span class="Next">下页</span>'
        )
        pager = f'<div class="pb_sys_common">共{len(rows)}条 {number}/{total} {following} <a href="{names[total]}.htm">尾页</a></div>'
        pages[f"{HOME}{name}.htm"] = _page("政府信息公开年报", f'<ul class="list">{items}</ul>{pager}')
    return pages


def _platform(samples: list[Sample]) -> dict[str, Answer]:
    """The platform: one list of all issuers, and frames that show nothing without a query."""
    links = {f"/zfxxgk_lcs/artview/195/{sample.key}": sample.title for sample in samples}
    frames = {address(sample).partition("?")[0] for sample in samples}
    empty = _page("政府信息公开平台", "<p>请选择年度和单位</p>")
    lists: dict[str, Answer] = {f"{PLATFORM}/nblist/195.html": _page("政府信息公开年度报告", _links(links))}
    lists.update(dict.fromkeys(frames, empty))
    return lists


def _article(sample: Sample) -> dict[str, Answer]:
    pages: dict[str, Answer] = {}
    inner = body(sample.blocks, "breaks" if sample.year < 2014 else "word" if sample.year < 2020 else "ueditor")
    if sample.form is not None:
        name, file = statistics_file(sample)
        target = f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1422106&wbfileid={sample.year}77"
        disposition = (("Content-Disposition", f'attachment; filename="{sample.year}tjb{name[name.rindex(".") :]}"'),)
        pages[HOME + target] = Page(body=file.body, media_type=file.media_type, headers=disposition)
        inner += f'<p>附件：<a href="{escape(target)}">{name}</a></p>'
    pages[address(sample)] = _text(sample.title, inner, str(sample.published), sample.issuer)
    return pages


def _text(title: str, inner: str, published: str, source: str = PLACE.office) -> Page:
    content = f"""<h2>{escape(title)}</h2>
<div class="time">发布日期：{published} 11:30 信息来源：{source} 浏览次数：<script>_showDynClicks("wbnews", 1422106, 1)</script></div>
<div id="vsb_content_2"><div class="v_news_content">{inner}</div></div>
<div class="tool"><a href="#">打印</a> <a href="#">关闭</a></div>"""
    return _page(title, content, {"ArticleTitle": title, "PubDate": f"{published} 11:30:00", "ContentSource": source})


def _links(links: dict[str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{escape(url)}">{text}</a></li>' for url, text in links.items()) + "</ul>"


def _page(title: str, content: str, metas: dict[str, str] | None = None) -> Page:
    site = {"SiteName": "临沧市人民政府", "SiteDomain": "www.lincang.gov.cn", "SiteIDCode": "5309000004"}
    around = f"""<div class="head"><a href="/">首页</a> <a href="/zwgk/zfxxgk.htm">政府信息公开</a></div>
<div class="box">{content}</div>
<div class="foot"><p>主办：临沧市人民政府办公室 网站标识码：5309000004</p><p>滇ICP备99999999号</p></div>"""
    head = '<script src="/system/resource/js/counter.js"></script>\n'
    return Page(body=document(f"{title}-临沧市人民政府", around, site | (metas or {}), head=head))
