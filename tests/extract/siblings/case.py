"""One page with its gold, and the frame of a portal around an article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gxgk_crawler.extract.any_file import PageFacts, read_file

if TYPE_CHECKING:
    from gxgk_crawler.items import Document
    from gxgk_crawler.portal import Portal

TITLE = "样例县2023年政府信息公开工作年度报告"
NAV = (
    '<div class="top"><a href="/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/zmhd/">政民互动</a></div><ul class="menu">'
    + "".join(f'<li><a href="/lm{n}/">第{n}栏目</a></li>' for n in range(14))
    + "</ul>"
)
FOOTER = (
    '<div class="foot"><p>主办：样例县人民政府办公室　地址：样例县样例路1号　邮编：000000</p>'
    "<p>样ICP备00000000号 网站标识码：0000000000</p></div>"
)
PROSE = (
    "<p>本报告由样例县人民政府办公室编制，所列数据的统计期限自2023年1月1日起至2023年12月31日止。</p>"
    "<p>2023年，全县坚持以公开为常态、不公开为例外，主动公开政府信息1234条，其中通过政府网站公开1100条，通过政务新媒体公开134条。</p>"
    "<p>全年收到政府信息公开申请21件，其中自然人申请20件，商业企业申请1件，全部在法定期限内答复，未发生行政复议和行政诉讼。</p>"
    "<p>存在的主要问题是个别单位公开不够及时，解读形式较为单一。下一步将加强业务培训，规范公开流程，提高公开质量。</p>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Bytes, where they came from, and what a reader of the page would say about it; what is None or empty is not asked.

    title, issuer, source, published_on, year: as in Document. published_not: a date that is none of publication. contains,
    lacks: strings of the text. attachments, images: ends of the URLs that must be named; only: no others may be.
    rows: rows of grids. flags_any: one of them must be set; flags_not: none of them may be.
    """

    body: bytes
    url: str | None = "https://www.example.gov.cn/zwgk/nb/202401/t20240122_1.html"
    portal: Portal | None = None
    title: str | None = None
    issuer: str | None = None
    source: str | None = None
    published_on: str | None = None
    published_not: str | None = None
    year: int | None = None
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    only: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    flags_any: tuple[str, ...] = ()
    flags_not: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    no_fields: tuple[str, ...] = ()

    def faults(self) -> list[str]:
        """What is wrong with the document that is read out of the bytes."""
        document = read_file(self.body, PageFacts(url=self.url, portal=self.portal))
        return [*self._facts(document), *self._text(document), *self._files(document)]

    def _facts(self, document: Document) -> list[str]:
        wanted = ("title", "issuer", "source", "published_on", "year")
        wrong = [
            f"{name} {getattr(document, name)!r} not {getattr(self, name)!r}"
            for name in wanted
            if getattr(self, name) is not None and getattr(document, name) != getattr(self, name)
        ]
        if self.published_not and document.published_on == self.published_not:
            wrong.append(f"published_on {self.published_not}")
        if self.flags_any and not set(self.flags_any) & set(document.flags):
            wrong.append(f"flags {document.flags}: none of {self.flags_any}")
        wrong += [f"flag {flag}" for flag in self.flags_not if flag in document.flags]
        wrong += [
            f"field {label} {document.fields.get(label)!r} not {value!r}"
            for label, value in self.fields.items()
            if document.fields.get(label) != value
        ]
        return wrong + [
            f"field {label} {document.fields[label]!r}" for label in self.no_fields if label in document.fields
        ]

    def _text(self, document: Document) -> list[str]:
        wrong = [f"lost {piece!r}" for piece in self.contains if piece not in document.text]
        wrong += [f"kept {piece!r}" for piece in self.lacks if piece in document.text]
        rows: list[tuple[str, ...]] = []
        for grid in document.grids:
            lines: dict[int, list[str]] = {}
            for cell in grid.cells:
                lines.setdefault(cell.row, []).append(cell.text)
            rows += [tuple(line) for line in lines.values()]
        return wrong + [f"no row {row}" for row in self.rows if row not in rows]

    def _files(self, document: Document) -> list[str]:
        wrong = []
        for what, wanted, links in (
            ("attachment", self.attachments, document.attachments),
            ("image", self.images, document.images),
        ):
            urls = [link.url for link in links]
            wrong += [f"{what} {end} not in {urls}" for end in wanted if not any(url.endswith(end) for url in urls)]
            if self.only:
                wrong += [f"{what} {url}" for url in urls if not url.endswith(wanted or ("\0",))]
        return wrong


def page(main: str, *, head: str = "", title: str = TITLE, nav: str = NAV, footer: str = FOOTER) -> bytes:
    """A whole page in UTF-8: navigation, what is given, footer."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{nav}{main}{footer}</body></html>'
    ).encode()
