"""龙讯 (lonsun): a catalogue whose further pages a label of the template answers, and a column that counts in its query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.replica.unknown.drawing import (
    Chosen,
    Drawing,
    Paged,
    chunks,
    county,
    fragment,
    items,
    links,
    newest_first,
    number,
    samples,
)

if TYPE_CHECKING:
    from tests.replica.unknown.expectation import UnknownPortal

ORGAN, CATEGORY, SITE_ID = "13751", "7000412", "49631971"
NOTHING = "<p>暂无相关信息</p>"


def catalogue() -> UnknownPortal:
    """`/public/column/N` shows five lines, `/site/label/8888` the others."""
    place = county("样例县")
    drawing = Drawing("https://www.yanglixian.gov.cn", place, container='div class="j-fontContent newscontnet minh500"')
    made = samples(place, range(2012, 2024), lambda s: f"/public/{ORGAN}/{72270000 + number(s)}.html")
    rows = [drawing.report(sample) for sample in made]
    rows += drawing.tempt(
        lambda row: f"/public/{ORGAN}/{72310000 + row.published.year}.html", "解读", "通知", "报表", "制度"
    )
    parts = chunks(newest_first(rows), 5)
    organ = f"/public/organIndex/{ORGAN}.html"
    platform = f"/public/column/{ORGAN}"
    column = f"{platform}?type=4&catId={CATEGORY}&action=list&nav=3"
    label = "/site/label/8888"
    drawing.front({organ: "政府信息公开", "/public/column/13700?type=2": "重点领域"})
    drawing.put("/public/column/13700?type=2", "重点领域", "<p>暂无内容</p>")
    drawing.put(
        organ,
        "政府信息公开",
        links({f"{platform}?type=3": "公开指南", column: "信息公开年报"}) + f"<p>本栏目由{place.office}维护。</p>",
    )
    script = f"""<div class="pagination" id="page_public_info"></div>
<script>
Ls.pagination('#page_public_info', function (pageIndex) {{
  Ls.ajax({{ dataType: 'html', url: '{label}', data: {{
    labelName: "publicInfoList", siteId: "{SITE_ID}", pageSize: 5, pageIndex: pageIndex, action: "list", isDate: true,
    dateFormat: "yyyy-MM-dd", length: 80, organId: "{ORGAN}", type: 4, catId: "{CATEGORY}", cId: "",
    result: "暂无相关信息", file: "/xxgk/publicInfoList_newest2020" }}
  }}).done(function (html) {{ $('#listbox').html(html); }});
}}, {{ isTotal: true, total: {len(rows)}, currPage: 1, pageCount: {len(parts)} }});
</script>"""
    listed = drawing.sheet("信息公开年报", f'<div id="listbox">{items(parts[0])}</div>{script}')
    guide = drawing.sheet("公开指南", "<p>本指南为测试样本。</p>")
    drawing.pages[drawing.url(platform)] = Chosen(
        pages=[({"type": "4", "catId": CATEGORY}, listed), ({"type": "3"}, guide)]
    )
    need = {"labelName": "publicInfoList", "organId": ORGAN, "catId": CATEGORY}
    answers = [fragment(f'<div class="xxgk_navli">{items(part)}</div>') for part in parts]
    drawing.pages[drawing.url(label)] = Paged(pages=answers, count="pageIndex", need=need, otherwise=fragment(NOTHING))
    query = "&".join(f"{name}={value}" for name, value in need.items())
    asked = [f"{label}?{query}&siteId={SITE_ID}&pageSize=5&pageIndex={page}" for page in range(2, len(parts) + 1)]
    return drawing.done(
        "lonsun", "lonsun: /site/label/8888?labelName=publicInfoList", way=[organ, column], lists=[column, *asked]
    )


def column(more_pages: int = 0) -> UnknownPortal:
    """`/content/column/N?pageIndex=K`; the first page stands under a name of its own.

    more_pages: how many pages the pager promises beyond those that there are.
    """
    place = county("样页县")
    drawing = Drawing("https://www.yangyexian.gov.cn", place, container='div class="j-fontContent"', style="ueditor")
    folder = "/zfxxgk/ndbg/"
    rows = [
        drawing.report(s) for s in samples(place, range(2010, 2022), lambda s: f"{folder}{110430000 + number(s)}.html")
    ]
    rows += drawing.tempt(lambda row: f"{folder}{110490000 + row.published.year}.html", "函", "决算", "通知")
    parts = chunks(newest_first(rows), 6)
    script = """<div class='pagination' id='page_4298779'></div><script>
Ls.pagination('#page_4298779', function(pageIndex) {{
  location.href = 'https://www.yangyexian.gov.cn/content/column/4298779?pageIndex=' + pageIndex;
}}, {{ isTotal: true, total: {total}, currPage: ({page}), pageCount:{pages}, param: 'pageSize=6' }});</script>"""
    count = len(parts) + more_pages
    pages = [
        drawing.sheet("年度报告", items(part) + script.format(total=len(rows) + 6 * more_pages, page=page, pages=count))
        for page, part in enumerate(parts, 1)
    ]
    empty = drawing.sheet(
        "年度报告", "<ul></ul>" + script.format(total=len(rows) + 6 * more_pages, page=count, pages=count)
    )
    first, further = f"{folder}index.html", "/content/column/4298779"
    drawing.pages[drawing.url(first)] = drawing.pages[drawing.url(folder)] = pages[0]
    drawing.pages[drawing.url(further)] = Paged(pages=pages, count="pageIndex", need={}, otherwise=empty)
    drawing.front({"/zfxxgk/index.html": "政府信息公开"})
    drawing.put("/zfxxgk/index.html", "政府信息公开", links({first: "年度报告", "/zfxxgk/zd/index.html": "公开制度"}))
    drawing.put("/zfxxgk/zd/index.html", "公开制度", "<p>暂无内容</p>")
    asked = [f"{further}?pageIndex={page}" for page in range(2, len(parts) + 1)]
    return drawing.done(
        "lonsun_column",
        "lonsun: /content/column/N?pageIndex=",
        way=["/zfxxgk/index.html", first],
        lists=[first, *asked],
    )
