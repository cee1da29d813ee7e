"""Static lists whose further pages only a script names: one shape per product, and one article cut into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.replica.markup import body
from tests.replica.unknown.drawing import (
    Drawing,
    chunks,
    county,
    items,
    links,
    newest_first,
    number,
    samples,
    unit,
    uuid,
)

if TYPE_CHECKING:
    from tests.replica.prose import Sample
    from tests.replica.unknown.drawing import Row
    from tests.replica.unknown.expectation import UnknownPortal

WORDS = "政府信息公开年报"


def jeecms(claimed: int = 0) -> UnknownPortal:
    """`index_2.jhtml` in an `onclick`; links name the port. claimed: records that the foot counts beyond those there are."""
    place = county("样刊县")
    drawing = Drawing("http://www.yangkanxian.gov.cn", place, style="word")
    folder, port = "/zfxxgknb", "http://www.yangkanxian.gov.cn:80"
    rows = []
    for sample in samples(place, range(2010, 2022), lambda s: f"{folder}/{number(s)}.jhtml"):
        row = drawing.report(sample, twins=[port + sample.key])
        rows.append(type(row)(published=row.published, target=port + row.target, title=row.title))
    rows += drawing.tempt(lambda row: f"{folder}/{90000 + row.published.year}.jhtml", "通知", "解读")

    def foot(page: int, pages: int) -> str:
        def way(words: str, target: int) -> str:
            if not 0 < target <= pages or target == page:
                return f'<a disabled="disabled">{words}</a>'
            name = "index.jhtml" if target == 1 else f"index_{target}.jhtml"
            return f'<a href="#" onclick="location.href=encodeURI(\'{name}\');">{words}</a>'

        ways = " ".join((way("首页", 1), way("上一页", page - 1), way("下一页", page + 1), way("尾页", pages)))
        return f'<div class="pagesite">共{len(rows) + claimed}条记录 {page}/{pages}页 {ways}</div>'

    def address(page: int) -> str:
        return f"{folder}/index.jhtml" if page == 1 else f"{folder}/index_{page}.jhtml"

    lists = drawing.lists(WORDS, newest_first(rows), 5, address, foot)
    drawing.front({"/xxgk/index.jhtml": "信息公开"})
    drawing.put("/xxgk/index.jhtml", "信息公开", links({lists[0]: WORDS, "/zcwj/index.jhtml": "政策文件"}))
    drawing.put("/zcwj/index.jhtml", "政策文件", "<p>暂无内容</p>")
    return drawing.done(
        "jeecms", "jeecms: location.href=encodeURI('index_2.jhtml')", way=["/xxgk/index.jhtml", lists[0]], lists=lists
    )


def epoint() -> UnknownPortal:
    """The first page is `moreinfo.html`, page K is `K.html`, and a script adds one to its index."""
    place = county("样图县")
    drawing = Drawing("https://www.yangtuxian.gov.cn", place)
    folder = "/xxgk/003004/003004007"
    rows = [
        drawing.report(s)
        for s in samples(place, range(2011, 2024), lambda s: f"{folder}/{s.published:%Y%m%d}/{uuid(s)}.html")
    ]
    rows += drawing.tempt(lambda row: f"{folder}/{row.published:%Y%m%d}/{uuid(row)}.html", "半年", "报表", "制度")

    def foot(page: int, _: int) -> str:
        return f"""<div id="page" value="{folder}"></div><script>
var pageIndex = {page - 1};
$("#page").pagination({{ pageIndex: pageIndex, pageSize: 5, total: {len(rows)}, showInfo: true }});
$("#page").on("pageClicked", function (event, data) {{
  if (data.pageIndex == 0) {{ window.location.href = "{folder}/moreinfo.html"; }}
  else {{ window.location.href = "{folder}/" + (data.pageIndex + 1) + ".html"; }}
}});
</script>"""

    def address(page: int) -> str:
        return f"{folder}/moreinfo.html" if page == 1 else f"{folder}/{page}.html"

    lists = drawing.lists(WORDS, newest_first(rows), 5, address, foot)
    drawing.front({"/xxgk/index.html": "政务公开"})
    drawing.put("/xxgk/index.html", "政务公开", links({lists[0]: "工作年报", "/xxgk/003001/moreinfo.html": "领导分工"}))
    drawing.put("/xxgk/003001/moreinfo.html", "领导分工", "<p>暂无内容</p>")
    return drawing.done(
        "epoint", "epoint: pageIndex+1 beside moreinfo.html", way=["/xxgk/index.html", lists[0]], lists=lists
    )


def _trs(sample: Sample | Row, suffix: str = "html") -> str:
    return f"{sample.published:%Y%m}/t{sample.published:%Y%m%d}_{sample.published.toordinal()}.{suffix}"


def fujian(claimed: int = 0, static: int = 9) -> UnknownPortal:
    """福建: the pager's template counts records; pages up to maxStaticIndex are files.

    claimed: records that are counted beyond those there are. static: maxStaticIndex; pages behind it are no files.
    """
    place = county("样框县")
    drawing = Drawing("https://www.yangkuangxian.gov.cn", place, container='div class="TRS_Editor"')
    folder = "/zwgk/zfxxgk/zfxxgknb/"
    rows = [drawing.report(s) for s in samples(place, range(2010, 2023), lambda s: folder + _trs(s, "htm"))]
    rows += drawing.tempt(lambda row: folder + _trs(row, "htm"), "解读", "决算")

    def foot(page: int, _: int) -> str:
        return f"""<div class="page_list" ms-controller="list_pagebar" ms-if="recordCount>0">
<a href="javascript:;" ms-click="toPage(pageIndex+1,$event)">下一页</a><span>共{{{{pageCount}}}}页</span></div>
<script>listModel({{ quickMode: "动静结合", maxStaticIndex: {static}, listArgs: {{ channelid: SiteInfo.searchId,
classsql: "chnlid=1813", templet: 'advsch.jsp', sortfield: '-docreltime' }},
pagebar: {{ prepage: 5, recordCount: '{len(rows) + claimed}', pgCountMode: 'recordCount' }} }});</script>"""

    def address(page: int) -> str:
        return f"{folder}index.htm" if page == 1 else f"{folder}index_{page - 1}.htm"

    lists = drawing.lists(WORDS, newest_first(rows), 5, address, foot)
    for target in lists[static:]:
        del drawing.pages[drawing.url(target)]
    drawing.pages[drawing.url(folder)] = drawing.pages[drawing.url(lists[0])]
    drawing.front({"/zwgk/": "政务公开"})
    drawing.put("/zwgk/", "政务公开", links({"/zwgk/zfxxgk/": "政府信息公开"}))
    drawing.put("/zwgk/zfxxgk/", "政府信息公开", links({folder: WORDS}))
    return drawing.done(
        "fujian",
        "福建 listModel({maxStaticIndex, recordCount})",
        way=["/zwgk/", "/zwgk/zfxxgk/", folder],
        lists=lists[:static],
    )


def option_object() -> UnknownPortal:
    """北京: `Pager({size:4, current:0, prefix:'index',suffix:'html'})`; titles are cut, whole only in an attribute."""
    place = county("样格县")
    drawing = Drawing("https://www.yanggexian.gov.cn", place, container='div class="view TRS_UEDITOR"', style="ueditor")
    folder = "/gongkai/zfxxgk/zfxxgknb/"
    rows = [drawing.report(s) for s in samples(place, range(2008, 2023), lambda s: folder + _trs(s))]
    rows += drawing.tempt(lambda row: folder + _trs(row), "报表", "通知")

    def foot(page: int, pages: int) -> str:
        pager = f"Pager({{size:{pages}, current:{page - 1}, prefix:'index',suffix:'html'}});"
        return f'<div class="changepage"><script>{pager}</script></div>'

    def address(page: int) -> str:
        return f"{folder}index.html" if page == 1 else f"{folder}index_{page - 1}.html"

    lists = drawing.lists(WORDS, newest_first(rows), 5, address, foot, cut=9)
    drawing.front({"/gongkai/": "政务公开"})
    drawing.put("/gongkai/", "政务公开", links({f"{folder}index.html": WORDS}))
    return drawing.done(
        "option_object",
        "Pager({size:4,current:0,prefix,suffix}); titles cut with …",
        way=["/gongkai/", lists[0]],
        lists=lists,
    )


def create_page(recent: int = 0) -> UnknownPortal:
    """`createPage(4,0,"index","html")`; reports since 2019 are cut into three pages by a pager of plain links.

    recent: how many of the newest reports the home page shows itself.
    """
    place = county("样年县")
    drawing = Drawing("http://www.yangnianxian.gov.cn", place)
    folder = "/zwgk/gknb/"
    rows = []
    for sample in samples(place, range(2009, 2024), lambda s: folder + _trs(s)):
        if sample.year < 2019:
            rows.append(drawing.report(sample))
            continue
        # Two ways to name the further pages of an article: a suffix, or a parameter.
        stem = sample.key.removesuffix(".html")
        names = [f"{stem}_{n}.html" for n in (2, 3)] if sample.year % 2 else [f"{sample.key}?page={n}" for n in (2, 3)]
        parts = chunks(sample.blocks, -(-len(sample.blocks) // 3))
        everywhere = [sample.key, *names]
        for page, part in enumerate(parts):
            ways = " ".join(
                f'<a href="{target}">[{n}]</a>' if target != everywhere[page] else f"[{n}]"
                for n, target in enumerate(everywhere, 1)
            )
            on = f' <a href="{everywhere[page + 1]}">下一页</a>' if page + 1 < len(parts) else ""
            drawn = drawing.article(
                sample.title,
                f'{body(part, "plain")}<div class="fenye">{ways}{on}</div>',
                sample.published,
                sample.issuer,
            )
            if page == 0:
                rows.append(drawing.report(sample, page=drawn))
            else:
                drawing.pages[drawing.url(everywhere[page])] = drawn
    rows += drawing.tempt(lambda row: folder + _trs(row), "制度", "解读", "函")

    def foot(page: int, pages: int) -> str:
        return f"""<div class="pagination" id="page"></div><script>
createPage({pages}, {page - 1}, "index", "html");
function createPage(_nPageCount, _nCurrIndex, _sPageName, _sPageExt) {{ }}
</script>"""

    def address(page: int) -> str:
        return f"{folder}index.html" if page == 1 else f"{folder}index_{page - 1}.html"

    rows = newest_first(rows)
    lists = drawing.lists("公开年报", rows, 5, address, foot)
    drawing.pages[drawing.url(folder)] = drawing.pages[drawing.url(lists[0])]
    drawing.front({"/zwgk/": "政务公开"}, f"<h3>最新公开</h3>{items(rows[:recent])}" if recent else "")
    drawing.put("/zwgk/", "政务公开", links({folder: "公开年报"}))
    return drawing.done(
        "create_page", 'createPage(4,0,"index","html"); articles cut into pages', way=["/zwgk/", folder], lists=lists
    )


def vsb_file() -> UnknownPortal:
    """博达: the column is a file `zfxxgknb.htm`, its further pages count down to `zfxxgknb/1.htm`."""
    place = county("样灯县")
    drawing = Drawing("http://www.yangdengxian.gov.cn", place, container='div id="vsb_content_2"', style="word")
    rows = [drawing.report(s) for s in samples(place, range(2011, 2024), lambda s: f"/info/1204/{number(s)}.htm")]
    rows += drawing.tempt(lambda row: f"/info/1204/{80000 + row.published.year}.htm", "决算", "通知", "图解")
    rows = newest_first(rows)
    pages = len(chunks(rows, 5))

    def address(page: int) -> str:
        return "/zfxxgk/zfxxgknb.htm" if page == 1 else f"/zfxxgk/zfxxgknb/{pages + 1 - page}.htm"

    def foot(page: int, _: int) -> str:
        on = (
            f'<a href="{address(page + 1)}" class="Next">下页</a>'
            if page < pages
            else '<span class="NextDisabled">下页</span>'
        )
        return f"<div>共{len(rows)}条 {page}/{pages} {on}</div>"

    lists = drawing.lists("信息公开年报", rows, 5, address, foot)
    drawing.front({"/zfxxgk.htm": "政府信息公开"})
    drawing.put("/zfxxgk.htm", "政府信息公开", links({"/zfxxgk/zfxxgkzn.htm": "公开指南", lists[0]: "公开年报"}))
    drawing.put("/zfxxgk/zfxxgkzn.htm", "公开指南", "<p>本指南为测试样本。</p>")
    return drawing.done("vsb_file", "博达: zfxxgknb.htm, pages count down", way=["/zfxxgk.htm", lists[0]], lists=lists)


def channels_contents() -> UnknownPortal:
    """`/channels/N_2.html`; each link of a list holds title, abstract and subject together. Two issuers in one channel."""
    place, second = county("样架县"), unit("样架县交通运输局")
    drawing = Drawing("http://www.yangjiaxian.gov.cn", place)
    made = samples(place, range(2014, 2024), lambda s: f"/contents/2146/{300000 + number(s)}.html")
    made += samples(second, range(2018, 2024), lambda s: f"/contents/2146/{300000 + number(s)}.html")
    rows = [drawing.report(s) for s in made]
    rows += drawing.tempt(lambda row: f"/contents/2146/{390000 + row.published.year}.html", "法治", "通知")
    parts = chunks(newest_first(rows), 6)

    def address(page: int) -> str:
        return "/channels/2146.html" if page == 1 else f"/channels/2146_{page}.html"

    for page, part in enumerate(parts, 1):
        lines = "\n".join(
            f'<a href="{row.target}"><div class="t">{row.title}</div><p>摘要：本文为测试样本。</p>'
            f"<span>主题分类：综合政务 {row.published}</span></a>"
            for row in part
        )
        on = f'<a href="{address(page + 1)}">下一页</a>' if page < len(parts) else ""
        drawing.put(
            address(page), "政府信息公开年度报告", f"<div>{lines}</div><div>第{page}页/共{len(parts)}页 {on}</div>"
        )
    drawing.front({"/channels/2144.html": "政府信息公开"})
    drawing.put("/channels/2144.html", "政府信息公开", links({address(1): "政府信息公开年度报告"}))
    lists = [address(page) for page in range(1, len(parts) + 1)]
    return drawing.done(
        "channels_contents",
        "/channels/N_2.html; links that hold an abstract; two issuers",
        way=["/channels/2144.html", lists[0]],
        lists=lists,
    )
