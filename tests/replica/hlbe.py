"""呼伦贝尔市人民政府, https://www.hlbe.gov.cn/: a portal of the family "openness".

URL shapes, controllers and footer follow the real portal; registration numbers (ICP, police) are invented.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING

from tests.replica.files import DOCX, docx, png, statistics_file
from tests.replica.markup import Style, body, document
from tests.replica.prose import Block, Place, Sample, disclaimer, reports
from tests.replica.replica import Replica
from tests.replica.site import Answer, Page
from tests.replica.statutory import statistics_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HOME = "https://www.hlbe.gov.cn"
LIST = "/OpennessAnnualReport/showList/2/page_{}.html"
SHOW = "/OpennessAnnualReport/show/{}.html"
PER_PAGE = 13

PLACE = Place(
    name="呼伦贝尔市",
    issuer="呼伦贝尔市人民政府",
    office="呼伦贝尔市人民政府办公室",
    we="我市",
    scale=110,
    local=(
        "森林草原防火期内每日发布火险等级，禁牧休牧区域和补奖资金逐户公示",
        "蒙古文版网站同步更新，鼠疫防控知识以两种文字张贴到牧民定居点",
        "口岸通关时间和边民互市政策在专栏集中公布，那达慕大会的安保和交通信息提前发布",
        "黑土地保护性耕作补贴、奶牛良种补贴按旗县公开到嘎查村",
    ),
)
OFFICE = Place(
    name="呼伦贝尔市人民政府办公室",
    issuer="呼伦贝尔市人民政府办公室",
    office="呼伦贝尔市人民政府办公室",
    we="本办公室",
    scale=12,
    local=("市政府公报全年编发电子版24期，纸质版在政务大厅免费取阅",),
)
KEYS = {
    2008: "112", 2009: "131", 2010: "158", 2011: "204", 2012: "233", 2013: "267", 2014: "301", 2015: "346", 2016: "402",
    2017: "455", 2018: "520", 2019: "618", 2020: "727", 2021: "846", 2022: "951", 2023: "1077", 2024: "1203", 2025: "1318",
}  # fmt: skip
PICTURED = {2013, 2018, 2022}
UNCLOSED = {2015, 2020}  # pasted with <div>s that nobody closes: share links and footer end up inside the article
EXPLAINED = {2009, 2010}  # with one and the same file
EXPLANATION = "/upload/files/tbsm.docx"
MOVED = "/openness/detail/content/5486c0d37f8b9a1e2c4d5e6f.html"  # the old generation's address of the 2014 report
DEAD = "399"  # still listed, long deleted

# Listed among the reports and none of them: id, title, first sentence.
DISTRACTORS = (
    ("1210", "一图读懂：呼伦贝尔市2024年政府信息公开工作年度报告", "本图解用十张图介绍年度报告的主要数据。"),
    ("729", "《呼伦贝尔市2020年政府信息公开工作年度报告》解读", "现就年度报告的编制背景和主要内容作如下解读。"),
    (
        "840",
        "关于做好2021年政府信息公开工作年度报告编制和发布工作的通知",
        "各旗市区人民政府，市直各部门：请于1月20日前报送。",
    ),
    ("617", "政府信息公开工作年度报告格式（空白样表）", "请各单位按下列格式填写，表中数字由各单位自行填报。"),
    ("410", "2016年上半年政府信息公开工作情况统计", "现将2016年1月至6月政府信息公开工作有关数据统计如下。"),
    ("92", "呼伦贝尔市政府信息公开工作年度报告制度", "第一条 为规范政府信息公开工作年度报告的编制和公布，制定本制度。"),
    ("91", "呼伦贝尔市政府信息公开目录", "本目录由索引、名称、内容概述、生成日期组成。"),
    ("90", "呼伦贝尔市政府信息公开指南", "为方便公民、法人和其他组织依法获取政府信息，编制本指南。"),
)
MINISTRIES = (
    "外交部",
    "国家发展和改革委员会",
    "教育部",
    "科学技术部",
    "工业和信息化部",
    "公安部",
    "民政部",
    "司法部",
    "财政部",
)


def replica() -> Replica:
    """The portal with its reports of 2008 to 2024."""
    *samples, latest = reports(PLACE, KEYS, {year: _chart(year) for year in PICTURED})
    return Replica(
        "hlbe",
        tuple(samples),
        draw=_draw,
        address=address,
        fresh=(latest, *reports(OFFICE, {2025: "1322"})),
    )


def address(sample: Sample) -> str:
    return HOME + SHOW.format(sample.key)


def article(
    text: str | Iterable[str],
    *,
    title: str = "呼伦贝尔市2020年政府信息公开工作年度报告",
    published: dt.date | None = dt.date(2021, 1, 29),
) -> bytes:
    """Any text as the body of an article page of this portal: one paragraph per line, table rows `a | b |` too."""
    lines = text.splitlines() if isinstance(text, str) else text
    paragraphs = "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line.strip())
    return _article(title, paragraphs, published=published, style="plain")


def _chart(year: int) -> str:
    return f"/upload/images/{year + 1}/0{1 + year % 9}/chart_{year}.png"


def _draw(samples: tuple[Sample, ...]) -> dict[str, Answer]:
    pages: dict[str, Answer] = {
        "/": Page(body=_home(samples)),
        "/robots.txt": Page(
            media_type="text/plain", body=b"User-agent: *\nDisallow: /OpennessRequest/\nDisallow: /admin/\n"
        ),
        "/Openness/index/2.html": Page(body=_openness_index()),
        "/OpennessGuide/show/2.html": Page(body=_other(DISTRACTORS[-1][1], DISTRACTORS[-1][2], "政府信息公开指南")),
        "/OpennessRequest/index.html": Page(body=_other("依申请公开", "请填写申请表。", "依申请公开")),
        MOVED: Page.redirect(SHOW.format(KEYS[2014]), 301),
    }
    pages |= _looks()
    pages |= _documents() | _news() | _lists(samples)
    for sample in samples:
        pages |= _report(sample)
    for key, title, opening in DISTRACTORS:
        pages[SHOW.format(key)] = Page(
            body=_other(title, opening, "政府信息公开年报", form="样表" in title or "统计" in title)
        )
    return {HOME + target: answer for target, answer in pages.items()}


def _looks() -> dict[str, Answer]:
    """What the pages need to be shown: style sheets that import others, pictures in them and beside them, one sheet gone."""
    sheets = {
        "/static/css/site.css": '@charset "utf-8"; @import url("base.css");\n'
        "/* 页头 url(never.png) */ .is-top{background:url(../images/top.png) repeat-x}\n"
        "@font-face{font-family:icon;src:url(icon.eot)} .is-logo{width:980px;margin:0 auto}\n" * 12,
        "/static/css/base.css": "@import 'colour.css'; body{background:#fff url('../images/back.png')}\n",
        "/static/css/colour.css": "h1{color:#b00} a{color:#036}\n",
    }
    pictures = {
        "/upload/images/logo.png": png([20, 30, 40, 30, 20], (190, 30, 30)),
        "/static/images/top.png": png([4, 8], (200, 20, 20)),
        "/static/images/back.png": png([2, 2], (240, 240, 250)),
        "/static/images/badge.png": png([12, 14, 12], (20, 120, 60)),
    }
    return {
        **{target: Page(media_type="text/css", body=text.encode()) for target, text in sheets.items()},
        **{target: Page(media_type="image/png", body=body) for target, body in pictures.items()},
        "/static/js/site.js": Page(media_type="text/javascript", body=b"document.title += '';"),
    }


# Reports


def _report(sample: Sample) -> dict[str, Answer]:
    """The report's page, with the attachments and pictures that hang on it."""
    year = sample.year
    pages: dict[str, Answer] = {}
    links = ""
    if sample.form is not None:
        name, file = statistics_file(sample)
        target = f"/upload/files/{year + 1}/{year}tjb{name[name.rindex('.') :]}"
        pages[target] = file
        links = f'<p>附件：<a href="{target}" title="{name}">{name}</a></p>'
    elif year == 2012:  # an attachment that is gone
        links = '<p>附件：<a href="/upload/files/2013/2012tjb.xls">政府信息公开情况统计表.xls</a></p>'
    elif year in EXPLAINED:
        pages[EXPLANATION] = Page(
            media_type=DOCX, body=docx(["政府信息公开年度报告填报说明"], statistics_form("", 2016))
        )
        links = f'<p>附件：<a href="{EXPLANATION}">政府信息公开年度报告填报说明.docx</a></p>'
    for block in sample.blocks:
        if block.kind == "picture":
            pages[block.text] = Page(media_type="image/png", body=png([20 + 7 * (year % 5), 35, 48, 60], (60, 90, 170)))
    style = _style(year)
    inner = body(sample.blocks, style) + links
    if year in UNCLOSED:
        inner = f'<div class="paste"><div><div>{inner}'
    pages[SHOW.format(sample.key)] = Page(
        body=_article(sample.title, inner, published=sample.published, style=style, issuer=sample.issuer)
    )
    return pages


def _style(year: int) -> Style:
    if year < 2013:
        return "breaks"
    return "word" if year < 2020 else "plain" if year == 2021 else "ueditor"


def _pub_date(day: dt.date, style: Style) -> str:
    """The formats that portals mix: with seconds, with minutes, the bare day."""
    return {"word": f"{day} 09:30:00", "breaks": f"{day}", "plain": f"{day}  16:05", "ueditor": f"{day} 11:20"}[style]


def _article(
    title: str,
    inner: str,
    *,
    published: dt.date | None,
    style: Style,
    issuer: str = PLACE.issuer,
    column: str = "政府信息公开年报",
) -> bytes:
    shown = f"发布时间：{published}" if published else ""
    metas = {"ArticleTitle": title, "ContentSource": issuer, "Keywords": "政府信息公开,年度报告", "Description": title}
    if published and style != "breaks":  # the oldest pages came over without it
        metas["PubDate"] = _pub_date(published, style)
    fields = {"索 引 号": f"000014348/{(published or dt.date(2021, 1, 29)).year}-00{len(title)}", "发布机构": issuer}
    if published:
        fields["成文日期"] = str(published)
    rows = "".join(f"<tr><th>{name}：</th><td>{value}</td></tr>" for name, value in fields.items())
    content = f"""<div class="is-posbg"><div class="is-position">当前位置：<a href="/">首页</a> &gt;
<a href="/Openness/index/2.html">政务公开</a> &gt; <a href="{LIST.format(1)}">{column}</a></div></div>
<table class="is-xxgkinfo"><tbody>{rows}</tbody></table>
<h1 class="is-newstitle">{escape(title)}</h1>
<div class="is-newsinfo"><span>{shown}</span> <span>来源：{issuer}</span> <span>浏览次数：<i id="hits"></i></span>
<span>【字号：<a href="javascript:doZoom(18)">大</a> <a href="javascript:doZoom(16)">中</a>
<a href="javascript:doZoom(14)">小</a>】</span></div>
<div id="zoom" class="is-newscontnet">
{inner}
</div>
<div class="is-newsfoot"><a href="javascript:window.print()">打印</a> <a href="javascript:window.close()">关闭</a></div>
<div class="is-share">分享到：<a href="#" title="分享到微信">微信</a> <a href="#" title="分享到微博">微博</a></div>"""
    return _page(title, content, column=column, metas=metas)


# Lists


def _lists(samples: Sequence[Sample]) -> dict[str, Answer]:
    """The two list pages: reports and what stands among them, newest first by number."""
    rows = [(int(s.key), _link(s), s.title, str(s.published)) for s in samples]
    rows += [
        (int(key), SHOW.format(key), title, f"{2008 + int(key) // 70}-03-0{int(key) % 9 + 1}")
        for key, title, _ in DISTRACTORS
    ]
    rows.append((int(DEAD), SHOW.format(DEAD), "呼伦贝尔市人民政府办公室2015年政府信息公开工作年度报告", "2016-03-18"))
    rows.sort(reverse=True)
    total = -(-len(rows) // PER_PAGE)
    pages: dict[str, Answer] = {}
    for number in range(1, total + 1):
        part = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
        items = "\n".join(
            f'<li><a href="{url}" title="{escape(title)}" target="_blank">{escape(_cut(title))}</a><span>{day}</span></li>'
            for _, url, title, day in part
        )
        content = f"""<div class="is-position">当前位置：<a href="/">首页</a> &gt; <a href="/Openness/index/2.html">政务公开</a>
&gt; 政府信息公开年报</div>
<div class="is-listnews"><ul class="is-listul">
{items}
</ul></div>
{_pager(number, total, len(rows))}"""
        metas = {"ColumnDescription": "政府信息公开年报栏目", "ColumnKeywords": "年报"}
        pages[LIST.format(number)] = Page(
            body=_page("政府信息公开年报", content, column="政府信息公开年报", metas=metas)
        )
    return pages


def _link(sample: Sample) -> str:
    """Two addresses in the list are not the canonical ones: one moved, one still says http."""
    if sample.year == 2014:
        return MOVED
    prefix = "http://www.hlbe.gov.cn" if sample.year == 2017 else ""
    return prefix + SHOW.format(sample.key)


def _cut(title: str) -> str:
    """List rows show so many characters; the whole title is in the attribute."""
    return title if len(title) <= 26 else title[:25] + "..."


def _pager(number: int, total: int, count: int) -> str:
    def link(text: str, page: int) -> str:
        return f'<a href="{LIST.format(page)}">{text}</a>' if page != number else f'<span class="current">{text}</span>'

    numbers = " ".join(link(str(page), page) for page in range(1, total + 1))
    before, after = link("上一页", max(1, number - 1)), link("下一页", min(total, number + 1))
    return f'<div class="is-page">{link("首页", 1)} {before} {numbers} {after} {link("尾页", total)} 共{count}条 {number}/{total}页</div>'


# Everything else


def _other(title: str, opening: str, column: str, *, form: bool = False) -> bytes:
    """A page that is no report."""
    blocks = [Block(kind="paragraph", text=disclaimer(PLACE)), Block(kind="paragraph", text=opening)]
    if form:
        blocks.append(Block(kind="table", grid=[[*row[:2], type(row[2])("")] for row in statistics_form(title, 2016)]))
    blocks.append(
        Block(
            kind="paragraph",
            text="有关事项可向市政务服务与数据管理局政务公开科咨询，办公时间为工作日上午9时至下午5时。",
        )
    )
    return _article(title, body(blocks, "plain"), published=dt.date(2021, 2, 2), style="plain", column=column)


def _documents() -> dict[str, Answer]:
    """The column of published documents, beside the annual reports."""
    titles = {
        "436851": "呼伦贝尔市人民政府关于印发供热管理办法的通知",
        "436902": "呼伦贝尔市2024年国民经济和社会发展统计公报",
    }
    items = "".join(f'<li><a href="/OpennessContent/show/{key}.html">{title}</a></li>' for key, title in titles.items())
    target = "/OpennessContent/showList/2/98/page_1.html"
    pages: dict[str, Answer] = {
        target: Page(body=_page("法定主动公开内容", f'<ul class="is-listul">{items}</ul>', column="法定主动公开内容")),
        "/OpennessRules/showList/2/page_1.html": Page(
            body=_page(
                "政府信息公开制度",
                f'<ul class="is-listul"><li><a href="{SHOW.format(92)}">{DISTRACTORS[5][1]}</a></li></ul>',
                column="政府信息公开制度",
            )
        ),
    }
    for key, title in titles.items():
        pages[f"/OpennessContent/show/{key}.html"] = Page(body=_other(title, f"{title}全文如下。", "法定主动公开内容"))
    return pages


def _news() -> dict[str, Answer]:
    title = "我市发布2024年政府信息公开工作年度报告"
    row = f'<li><a href="/News/show/926378.html" title="{title}">{title}</a><span>2025-03-01</span></li>'
    return {
        "/News/showList/8007/page_1.html": Page(
            body=_page("今日要闻", f'<ul class="is-listul">{row}</ul>', column="今日要闻")
        ),
        "/News/show/926378.html": Page(body=_other(title, "本网讯：市政府日前公布年度报告。", "今日要闻")),
    }


def _openness_index() -> bytes:
    entries = {
        "政府信息公开指南": "/OpennessGuide/show/2.html",
        "政府信息公开制度": "/OpennessRules/showList/2/page_1.html",
        "法定主动公开内容": "/OpennessContent/showList/2/98/page_1.html",
        "政府信息公开年报": LIST.format(1),
        "依申请公开": "/OpennessRequest/index.html",
    }
    items = "\n".join(f'<li><a href="{url}">{text}</a></li>' for text, url in entries.items())
    return _page("政府信息公开", f'<div class="is-xxgkmenu"><ul>{items}</ul></div>', column="政府信息公开")


def _home(samples: Sequence[Sample]) -> bytes:
    newest = max(samples, key=lambda sample: sample.year)
    content = f"""<div class="is-focus"><a href="/News/show/926378.html">我市发布{newest.year}年政府信息公开工作年度报告</a></div>
<div class="is-block"><h2><a href="/News/showList/8007/page_1.html">今日要闻</a></h2></div>
<div class="is-block"><h2><a href="/Openness/index/2.html">政府信息公开</a></h2>
<ul><li><a href="/OpennessContent/show/436851.html">供热管理办法</a></li></ul></div>"""
    return _page("呼伦贝尔市人民政府", content, column="首页")


def _page(title: str, content: str, *, column: str, metas: dict[str, str] | None = None) -> bytes:
    """The site around everything: head, navigation, friend links, footer."""
    site = {"SiteName": "呼伦贝尔市人民政府", "SiteDomain": "www.hlbe.gov.cn", "SiteIDCode": "1507000006"}
    options = "".join(f'<option value="#">{name}</option>' for name in MINISTRIES)
    around = f"""<div class="is-top"><a href="/login">登录</a> | <a href="/register">注册</a> | <a href="#">无障碍浏览</a> |
<a href="#">繁體</a> | <a href="#">蒙古文版</a></div>
<div class="is-logo"><img src="/upload/images/logo.png" alt="呼伦贝尔市人民政府"></div>
<div class="is-nav"><ul><li><a href="/">首页</a></li><li><a href="/News/showList/8007/page_1.html">新闻动态</a></li>
<li><a href="/Openness/index/2.html">政府信息公开</a></li><li><a href="/OpennessRequest/index.html">依申请公开</a></li></ul></div>
<div class="is-main">
{content}
</div>
<div class="is-friend"><select><option>国务院部门网站</option>{options}</select>
<select><option>自治区政府部门网站</option><option>呼和浩特市</option><option>包头市</option></select></div>
<div class="is-foot">
<p>主办：呼伦贝尔市人民政府办公室 承办：呼伦贝尔市政务服务与数据管理局 <a href="/contact">联系我们</a> <a href="/sitemap">站点地图</a></p>
<p>地址：呼伦贝尔市海拉尔区友好六街1号 邮编：021008</p>
<p>蒙ICP备99999999号 蒙公网安备 15070299999999号 政府网站标识码：1507000006</p>
<p>网站支持IPv6访问</p>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt=""><img src="/static/images/badge.png" alt="">
</div>"""
    head = """<link rel="stylesheet" href="/static/css/site.css"><link rel="stylesheet" href="/static/css/print.css" media="print">
<link rel="stylesheet" href="https://static.yangshi.example/swiper.css"><script src="/static/js/site.js"></script>
"""
    names = {"ColumnName": column, "ColumnType": column}
    return document(f"{title}-呼伦贝尔市人民政府", around, site | names | (metas or {}), head=head)
