"""The shape that these portals share: chrome, lists, articles, pages that tempt, and an answer by page."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

from tests.replica.files import statistics_file
from tests.replica.markup import Style, body, document
from tests.replica.prose import Block, Place, Sample, disclaimer, reports
from tests.replica.site import NOT_FOUND, Page, Site, by_host
from tests.replica.unknown.expectation import Expected, UnknownPortal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tests.replica.site import Answer, Request

_T = TypeVar("_T")

# What stands among the reports of a channel and is none: kind -> title and first sentence.
TEMPTING = {
    "解读": ("《{name}2020年政府信息公开工作年度报告》解读", "现就年度报告的编制背景和主要内容作如下解读。"),
    "图解": ("一图读懂：{name}2022年政府信息公开工作年度报告", "本图解用十张图介绍年度报告的主要数据。"),
    "通知": ("关于做好{name}2021年政府信息公开工作年度报告编制工作的通知", "各有关单位：请于1月20日前报送。"),
    "报表": ("{name}2022年度政府网站工作年度报表", "本报表按政府网站发展指引的格式填写。"),
    "决算": ("{name}2019年度部门决算", "本决算由收入支出决算总表和说明组成。"),
    "函": ("关于报送{name}2019年政务公开工作要点落实情况的函", "现将要点任务的落实情况函告如下。"),
    "制度": ("{name}政府信息公开年度报告制度", "第一条　为规范年度报告的编制和公布，制定本制度。"),
    "半年": ("{name}2016年上半年政府信息公开工作情况统计", "现将2016年1月至6月有关数据统计如下。"),
    "法治": ("{name}2021年法治政府建设年度报告", "现将全年法治政府建设情况报告如下。"),
    "样表": ("政府信息公开工作年度报告格式（空白样表）", "请各单位按下列格式填写，表中数字由各单位自行填报。"),
}
NEWS = ("{name}召开政务公开工作推进会", "{name}举办政府信息公开业务培训班")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a list."""

    published: dt.date
    target: str
    title: str

    def item(self, *, cut: int = 0) -> str:
        """The line as `<li>`. cut: how many characters of the title are shown, 0 for all; the attribute has it whole."""
        shown = f"{self.title[:cut]}…" if 0 < cut < len(self.title) else self.title
        link = f'<a href="{escape(self.target)}" title="{escape(self.title)}" target="_blank">{escape(shown)}</a>'
        return f"<li>{link}<span>{self.published}</span></li>"


def county(name: str, *, scale: int = 20) -> Place:
    """A county government that writes reports."""
    local = ("圩日摊位费减免名单张榜公布", "山塘水库放水时间提前两天广播", "乡村公交时刻表随季节更新公布")
    issuer, office = f"{name}人民政府", f"{name}人民政府办公室"
    return Place(name=name, issuer=issuer, office=office, we="我县", scale=scale, local=local)


def unit(name: str) -> Place:
    """A bureau, an office or a town that writes reports of its own."""
    return Place(name=name, issuer=name, office=name, we="本单位", scale=5, local=("窗口办理时限在门口公示",))


def samples(place: Place, years: Iterable[int], address: Callable[[Sample], str]) -> list[Sample]:
    """The reports of a place; `address` gives each the path (and query) at which it stands."""
    return [replace(sample, key=address(sample)) for sample in reports(place, dict.fromkeys(years, ""))]


def chunks(things: Sequence[_T], size: int) -> list[Sequence[_T]]:
    return [things[start : start + size] for start in range(0, len(things), size)]


def items(rows: Iterable[Row], *, cut: int = 0) -> str:
    return "<ul>\n" + "\n".join(row.item(cut=cut) for row in rows) + "\n</ul>"


def links(targets: Mapping[str, str]) -> str:
    """Links to other pages of the portal: target -> words."""
    return "<ul>" + "".join(f'<li><a href="{escape(u)}">{w}</a></li>' for u, w in targets.items()) + "</ul>"


def hex32(sample: Sample | Row) -> str:
    """An identifier of 32 hexadecimal digits, always the same for the same title."""
    return f"{crc32(sample.title.encode()):08x}{crc32(str(sample.published).encode()):08x}" * 2


def uuid(sample: Sample | Row) -> str:
    """The same as a UUID is written."""
    digits = hex32(sample)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def number(sample: Sample) -> int:
    """A number for the address of a report: grows with the year, differs between issuers."""
    return 1000 * (sample.year - 2000) + crc32(sample.issuer.encode()) % 1000


def parameters(request: Request) -> dict[str, str]:
    """What a request says in its query and in a form."""
    given = parse_qs(urlsplit(request.url).query) | parse_qs(request.body.decode())
    return {name: values[-1] for name, values in given.items()}


def answer_json(value: object) -> Page:
    return Page(body=json.dumps(value, ensure_ascii=False).encode(), media_type="application/json", modified=None)


def fragment(html: str) -> Page:
    """Part of a page, as a script asks for it."""
    return Page(body=html.encode(), modified=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A script on the server that answers one page of a list, by GET or POST.

    count: name of the parameter that counts the pages from 1. need: parameters that must have these values.
    otherwise: the answer to everything else, pages behind the last one included.
    """

    pages: Sequence[Page]
    count: str
    need: Mapping[str, str]
    otherwise: Page

    def __call__(self, request: Request) -> Page:
        given = parameters(request)
        if any(given.get(name) != value for name, value in self.need.items()):
            return self.otherwise
        asked = given.get(self.count, "1")
        return self.pages[int(asked) - 1] if asked.isdigit() and 0 < int(asked) <= len(self.pages) else self.otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A script on the server that shows the first page whose parameters are all asked for, in any order."""

    pages: Sequence[tuple[Mapping[str, str], Page]]
    otherwise: Page = NOT_FOUND

    def __call__(self, request: Request) -> Page:
        given = parameters(request).items()
        return next((page for need, page in self.pages if need.items() <= given), self.otherwise)


class Drawing:
    """A portal while it is drawn: its pages, and which of them are reports.

    home: scheme and host. container: the tag around the body of an article. head: what every page has in its head.
    """

    def __init__(
        self,
        home: str,
        place: Place,
        *,
        container: str = 'div id="zoom"',
        style: Style = "plain",
        charset: str = "utf-8",
        head: str = "",
    ) -> None:
        self.home = home
        self.place = place
        self.container = container
        self.style: Style = style
        self.charset = charset
        self.head = head
        self.nav = {"/xwzx/index.html": "新闻中心", "/czxx/index.html": "财政预决算"}
        self.pages: dict[str, Answer] = {}
        self.reports: list[Expected] = []
        self.others: dict[str, str] = {}

    def url(self, target: str) -> str:
        return target if "://" in target else self.home + target

    def sheet(self, title: str, content: str, metas: Mapping[str, str] | None = None, *, head: str = "") -> Page:
        """A page of the portal: what stands around everything, and `content`."""
        site = {"SiteName": self.place.issuer, "SiteDomain": urlsplit(self.home).hostname or ""}
        nav = "".join(f'<a href="{escape(target)}">{words}</a>\n' for target, words in self.nav.items())
        around = f"""<div class="top"><a href="/">首页</a>
{nav}</div>
<div class="main">{content}</div>
<div class="foot">主办：{self.place.office}　网站标识码：9999990001</div>"""
        media_type = "text/html" if self.charset == "gb2312" else "text/html; charset=utf-8"
        text = document(
            f"{title}-{self.place.issuer}",
            around,
            site | dict(metas or {}),
            head=self.head + head,
            charset=self.charset,
        )
        return Page(body=text, media_type=media_type)

    def put(self, target: str, title: str, content: str, *, head: str = "") -> str:
        """Draw a page; its absolute URL."""
        self.pages[self.url(target)] = self.sheet(title, content, head=head)
        return self.url(target)

    def front(self, targets: Mapping[str, str], more: str = "") -> None:
        """The home page: the way on and `more`; behind its navigation, two channels that hold no report."""
        self.put("/", self.place.issuer, links(targets) + more)
        news = [text.format(name=self.place.name) for text in NEWS]
        self._aside("/xwzx/", "新闻中心", "新闻", news)
        self._aside("/czxx/", "财政预决算", "决算", [f"{self.place.name}{year}年度部门决算" for year in (2018, 2021)])

    def _aside(self, directory: str, name: str, kind: str, titles: Sequence[str]) -> None:
        rows = []
        for place, title in enumerate(titles):
            row = Row(published=dt.date(2022, 3, 1 + place), target=f"{directory}{2000 + place}.html", title=title)
            self.other(row, kind, "有关情况如下。")
            rows.append(row)
        self.put(f"{directory}index.html", name, items(rows))

    def lists(
        self,
        title: str,
        rows: Sequence[Row],
        size: int,
        address: Callable[[int], str],
        foot: Callable[[int, int], str],
        *,
        cut: int = 0,
    ) -> list[str]:
        """Draw a list over several static pages; their targets. address: of page 1, 2 ... foot: of (page, how many)."""
        parts = chunks(rows, size)
        for page, part in enumerate(parts, 1):
            self.put(address(page), title, items(part, cut=cut) + foot(page, len(parts)))
        return [address(page) for page in range(1, len(parts) + 1)]

    def other(self, row: Row, kind: str, opening: str) -> Row:
        """Draw a page that is no report."""
        lines = (disclaimer(self.place), opening, "有关事项可向政务公开科咨询，办公时间为工作日上午9时至下午5时。")
        blocks = [Block(kind="paragraph", text=line) for line in lines]
        self.pages[self.url(row.target)] = self.article(row.title, body(blocks, self.style), row.published)
        self.others[self.url(row.target)] = kind
        return row

    def tempt(self, address: Callable[[Row], str], *kinds: str) -> list[Row]:
        """Draw pages of these kinds of TEMPTING, to be listed among the reports."""
        rows = []
        for place, kind in enumerate(kinds):
            title, opening = TEMPTING[kind]
            row = Row(
                published=dt.date(2015 + place, 2, 3 + place), target="", title=title.format(name=self.place.name)
            )
            rows.append(self.other(replace(row, target=address(row)), kind, opening))
        return rows

    def report(
        self,
        sample: Sample,
        *,
        twins: Iterable[str] = (),
        channels: int = 1,
        attached: bool = False,
        inner: str | None = None,
        page: Page | None = None,
    ) -> Row:
        """Draw a report at its key and expect it; its line of a list. inner: the body, when it is not the usual one."""
        if page is None:
            inner = self.text(sample) if inner is None else inner
            page = self.article(sample.title, inner, sample.published, sample.issuer)
        self.pages[self.url(sample.key)] = page
        other = frozenset(self.url(twin) for twin in twins)
        self.reports.append(
            Expected(url=self.url(sample.key), sample=sample, twins=other, channels=channels, attached=attached)
        )
        return Row(published=sample.published, target=sample.key, title=sample.title)

    def text(self, sample: Sample) -> str:
        """The body of a report, with a link to its statistics form where it has one."""
        inner = body(sample.blocks, self.style)
        if sample.form is None:
            return inner
        name, file = statistics_file(sample)
        target = f"/files/{crc32(sample.title.encode()):08x}{name[name.rindex('.') :]}"
        self.pages[self.url(target)] = file
        return f'{inner}<p>附件：<a href="{target}">{name}</a></p>'

    def article(self, title: str, inner: str, published: dt.date, source: str = "") -> Page:
        source = source or self.place.issuer
        tag = self.container.partition(" ")[0]
        content = f"""<h1>{escape(title)}</h1>
<div class="info">发布日期：{published}　来源：{source}　浏览次数：<span id="hits"></span></div>
<{self.container}>{inner}</{tag}>"""
        metas = {"ArticleTitle": title, "PubDate": f"{published} 10:30", "ContentSource": source}
        return self.sheet(title, content, metas)

    def done(
        self,
        name: str,
        kind: str,
        *,
        way: Sequence[str],
        lists: Iterable[str],
        schemes: Mapping[str, tuple[str, ...]] | None = None,
        make: type[Site] = Site,
    ) -> UnknownPortal:
        """The portal as drawn. way: the channel is its last step. schemes: by host, where it is not the home's alone."""
        usual = (urlsplit(self.home).scheme,)
        hosts = by_host(self.pages)
        return UnknownPortal(
            name=name,
            kind=kind,
            home=self.url("/"),
            channel=self.url(way[-1]),
            way=(self.url("/"), *(self.url(step) for step in way)),
            lists=tuple(self.url(target) for target in lists),
            reports=tuple(self.reports),
            others=dict(self.others),
            sites=[make(host, pages, schemes=(schemes or {}).get(host, usual)) for host, pages in hosts.items()],
        )


def newest_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.published, row.target), reverse=True)
