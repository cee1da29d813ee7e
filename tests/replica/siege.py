"""What a hostile portal may serve, all at once, around the honest reports of a replica (呼伦贝尔市)."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

from tests.extract.test_limits import one_long_paragraph, one_string_in_many_cells
from tests.replica.site import Page, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.replica.site import Site

HOST = "www.hlbe.gov.cn"
LIST = "/OpennessAnnualReport/showList/2/page_1.html"
LONG_LIST = "/OpennessAnnualReport/showList/9/page_1.html"
TITLE = "呼伦贝尔市2024年政府信息公开工作年度报告"
MARKUP = TITLE + "[/][link=https://example.com]样例[/link]\x1b[31m\u202e\x9b"
INSIDE = ("metadata", "db", "router.home", "kubernetes.default.svc", "169.254.169.254", "localhost%00", "ip6-localhost")
LONGEST_LINK = "/OpennessAnnualReport/show/" + "7" * 3_000 + ".html"
MOST_CHUNKS = 200_000

PROSE = "".join(
    f"<p>本单位2024年主动公开政府信息{n}条，依法办理依申请公开{n + 1}件，均按期答复。</p>" for n in range(30)
)


def show(number: int) -> str:
    return f"/OpennessAnnualReport/show/{number}.html"


def besiege(site: Site) -> None:
    """Put it all on the site of the portal."""
    doors, reports = _doors(), _reports()
    links = "".join(f'<a href="{path}">政府信息公开</a>' for path in doors)
    links += f'<a href="{LONG_LIST}">政府信息公开年报</a>'
    _add(site, "/", "</body>", links, before=True, cookies=500)
    rows = "".join(f'<li><a href="{path}">{TITLE}</a><span>2025-03-05</span></li>' for path in [*reports, LONGEST_LINK])
    _add(site, LIST, '<ul class="is-listul">', rows)
    rules = b"User-agent: *\n" + b"".join(b"Disallow: /none/%d*x\n" % number for number in range(150_000))
    site.set("/robots.txt", Page(body=rules, media_type="text/plain"))
    site.set(LONG_LIST, Page(body=_links(8_500_000)))
    site.set("/f/cells.xlsx", Page(body=one_string_in_many_cells(), media_type="application/octet-stream"))
    site.set("/f/paragraph.docx", Page(body=one_long_paragraph(), media_type="application/octet-stream"))
    for path, answer in {**doors, **reports}.items():
        site.set(path, answer)


def _add(site: Site, target: str, mark: str, html: str, *, before: bool = False, cookies: int = 0) -> None:
    old = site.answer(Request(method="GET", url=f"https://{HOST}{target}")).body.decode()
    assert mark in old
    headers = tuple(("Set-Cookie", f"a{number}=1; path=/") for number in range(cookies))
    site.set(target, Page(body=old.replace(mark, html + mark if before else mark + html, 1).encode(), headers=headers))


def _links(size: int) -> bytes:
    row = '<li><a href="/x/{}.html">样例</a></li>'
    return ("<html><body>" + "".join(map(row.format, range(size // len(row.encode()))))).encode()


def _doors() -> Mapping[str, Page]:
    """Pages that the walk reads on its way to the lists."""
    empty = gzip.compress(b"", mtime=0)
    coded = (("Content-Encoding", "gzip"),)
    return {
        "/zwgk/links.html": Page(body=_links(28_500_000)),
        "/zwgk/element.html": Page(body=b"<html><body><div>" + b"<a href=x></a>" * 15_000),
        "/zwgk/nested.html": Page(body=b"<html><body>" + b"<div><a href=/x/>" * 12_000),
        "/zwgk/jumps.html": Page(body=b"<html><script>" + b"location=a;" * 1_700 + b"</script>"),
        "/zwgk/refresh.html": Page(body=b'<html><meta http-equiv="refresh" content="0; url=a://["><p>x'),
        "/zwgk/chunks.html": Page(body=b"a" * (MOST_CHUNKS + 50_000), chunk=1),
        "/zwgk/members.html": Page(body=empty * 100_000, media_type="application/octet-stream", headers=coded),
    }


def _reports() -> Mapping[str, Page]:
    """What stands in the list among the reports."""
    zeros = zlib.compressobj(9, wbits=31)
    bomb = b"".join(zeros.compress(bytes(1 << 20)) for _ in range(200)) + zeros.flush()
    inside = "".join(
        f'<a href="http://{name}/{name[:2]}.doc">附件</a><img src="http://{name}/{name[:2]}.png">' for name in INSIDE
    )
    files = '<a href="/f/cells.xlsx">附件1</a><a href="/f/paragraph.docx">附件2</a>'
    return {
        show(9601): Page(body=_report(MARKUP, PROSE)),
        show(9602): Page.redirect(f"https://{HOST}/OpennessAnnualReport/show/{'9' * 12_000}.html"),
        show(9603): Page(body=_report(TITLE, PROSE + inside + files)),
        show(9604): Page(body=one_string_in_many_cells(), media_type="application/octet-stream"),
        show(9605): Page.redirect("http://db/report.html"),
        show(9606): Page(body=bomb, media_type="application/octet-stream", headers=(("Content-Encoding", "gzip"),)),
        show(9607): Page(body=_report(TITLE, "<div>" * 20_000 + PROSE)),
        show(9608): Page(body=_report(TITLE, f"{PROSE}<p>{'主动公开政府信息' * 300_000}</p>")),
    }


def _report(title: str, body: str) -> bytes:
    return (
        f'<html><head><meta charset="utf-8"><meta name="ArticleTitle" content="{title}"><title>{title}</title></head>'
        f'<body><div class="is-newscontnet">{body}</div></body></html>'
    ).encode()
