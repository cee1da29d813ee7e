"""Titles that name no year or name it in Chinese numerals, very short reports, and offices whose names look like something else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.replica.prose import Block, disclaimer
from tests.replica.unknown.drawing import (
    TEMPTING,
    Drawing,
    chunks,
    county,
    items,
    links,
    newest_first,
    number,
    samples,
    unit,
)

if TYPE_CHECKING:
    from tests.replica.prose import Place, Sample
    from tests.replica.unknown.expectation import UnknownPortal

NUMERALS = "〇一二三四五六七八九"
OFFICES = (
    "人口和计划生育局", "卫生和计划生育局", "新闻出版局", "文化广电新闻出版局", "人民政府新闻办公室", "发展计划局", "职业技能培训中心",
    "环境工程评估中心", "安全生产监督检查大队", "绩效考核办公室", "会议接待中心", "视频监控中心", "政策解读中心", "制度创新中心",
)  # fmt: skip


def titles() -> UnknownPortal:
    """Two issuers, titles without a year, years as 二〇一六 and 二○一七, three sentences as a whole report."""
    place, office = county("样纸县"), unit("样纸县人民政府办公室")
    drawing = Drawing("http://www.yangzhixian.gov.cn", place)
    folder = "/zwgk/zfxxgknb/"
    made = samples(place, range(2009, 2021), lambda s: f"{folder}{number(s)}.html")
    made += samples(office, range(2018, 2021), lambda s: f"{folder}{number(s)}.html")
    rows = [drawing.report(_retitled(sample, place)) for sample in made]
    rows += drawing.tempt(lambda row: f"{folder}{90000 + row.published.year}.html", "制度", "样表", "法治")
    parts = chunks(newest_first(rows), 10)
    lists = [f"{folder}index.html", f"{folder}index_1.html"]
    for page, part in enumerate(parts):
        on = f'<a href="{lists[1]}">下一页</a>' if page == 0 else ""
        drawing.put(lists[page], "政府信息公开年报", items(part) + on)
    drawing.pages[drawing.url(folder)] = drawing.pages[drawing.url(lists[0])]
    drawing.front({"/zwgk/": "政务公开"})
    drawing.put("/zwgk/", "政务公开", links({folder: "政府信息公开年报"}))
    return drawing.done(
        "titles",
        "two issuers, no year or 二〇一六 in titles, a report of three sentences",
        way=["/zwgk/", folder],
        lists=lists,
    )


def _retitled(sample: Sample, place: Place) -> Sample:
    if sample.issuer != place.issuer:
        return sample
    if sample.year < 2012:
        return replace(sample, title="政府信息公开工作年度报告")
    if sample.year in {2016, 2017}:
        year = "".join(NUMERALS[int(digit)] for digit in str(sample.year)).replace(
            "〇", "○" if sample.year == 2017 else "〇"
        )
        return replace(sample, title=f"{place.name}{year}年政府信息公开工作年度报告")
    if sample.year == 2013:
        lines = (
            disclaimer(place),
            "2013年，我县主动公开政府信息126条，未收到政府信息公开申请，未收取任何费用。",
            "全年没有因政府信息公开引起的行政复议和行政诉讼，公开内容有待丰富，下一年度将予以改进。",
        )
        return replace(sample, blocks=tuple(Block(kind="paragraph", text=line) for line in lines), form=None)
    return sample


def offices() -> UnknownPortal:
    """Fourteen offices whose names hold 计划, 新闻, 培训 ..., among pages of every kind that is none."""
    place = county("样柜县")
    drawing = Drawing("https://www.yangguixian.gov.cn", place, style="word")
    folder = "/bmgk/bmxxgknb/"
    rows = [
        drawing.report(samples(unit(f"样柜县{name}"), [2012 + index % 8], lambda s: f"{folder}{number(s)}.html")[0])
        for index, name in enumerate(OFFICES)
    ]
    rows += drawing.tempt(lambda row: f"{folder}{90000 + row.published.year}.html", *TEMPTING)
    parts = chunks(newest_first(rows), 9)
    lists = [f"{folder}index.html", *(f"{folder}index_{page}.html" for page in range(1, len(parts)))]
    for page, part in enumerate(parts):
        on = f'<a href="{lists[page + 1]}">下一页</a>' if page + 1 < len(parts) else ""
        drawing.put(lists[page], "部门年报", f"{items(part)}<div>共{len(rows)}条 {on}</div>")
    drawing.pages[drawing.url(folder)] = drawing.pages[drawing.url(lists[0])]
    drawing.front({"/bmgk/": "部门信息公开"})
    drawing.put("/bmgk/", "部门信息公开", links({folder: "部门年报", "/bmgk/zn.html": "公开指南"}))
    drawing.put("/bmgk/zn.html", "公开指南", "<p>本指南为测试样本。</p>")
    return drawing.done(
        "offices", "offices with tempting names among ten kinds of non-reports", way=["/bmgk/", folder], lists=lists
    )
