"""One test per threat: a portal that wants to hurt us costs a skipped page, never the crawl, the memory or the database."""

from __future__ import annotations

import gzip
import re
import subprocess
import time
import zlib
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.archive.samples import captures, exchange, writer_in
from tests.extract.test_limits import one_long_paragraph, one_string_in_many_cells
from tests.replica import Page
from tests.replica.site import Request
from tests.trust.conftest import dump

if TYPE_CHECKING:
    from tests.crawl.conftest import Home

LIST = "/OpennessAnnualReport/showList/2/page_1.html"
HOST = "www.hlbe.gov.cn"
TITLE = "呼伦贝尔市2024年政府信息公开工作年度报告"
MEMORY = 400  # MiB of the crawling process; an ordinary crawl takes 130


def page(title: str, body: str, charset: str = "utf-8") -> bytes:
    """A report page as this CMS draws it."""
    return (
        f'<html><head><meta charset="{charset}"><meta name="ArticleTitle" content="{title}"><title>{title}</title></head>'
        f'<body><div class="is-newscontnet">{body}</div></body></html>'
    ).encode()


PROSE = "".join(
    f"<p>本单位2024年主动公开政府信息{n}条，依法办理依申请公开{n + 1}件，均按期答复。</p>" for n in range(30)
)


def serve(home: Home, hostile: dict[str, Page], *, titles: dict[str, str] | None = None) -> None:
    """Put the pages on the portal, at the top of its list."""
    site = home.proxy.site(HOST)
    old = site.answer(Request(method="GET", url=f"https://{HOST}{LIST}")).body.decode()
    links = "".join(
        f'<li><a href="{path}">{(titles or {}).get(path, TITLE)}</a><span>2025-03-05</span></li>' for path in hostile
    )
    site.set(LIST, Page(body=old.replace('<ul class="is-listul">', f'<ul class="is-listul">{links}', 1).encode()))
    for path, answer in hostile.items():
        site.set(path, answer)


def crawl(home: Home, *more: str, memory: int = MEMORY) -> str:
    """The log of a crawl whose process never took more than so many MiB."""
    process = subprocess.Popen(home.command("hlbe", *more), env=home.environ, stderr=subprocess.PIPE, text=True)
    peaks = [0]

    def watch() -> None:
        # What getrusage says of a child includes what its parent had when it forked.
        with suppress(OSError):
            while found := re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{process.pid}/status").read_text()):
                peaks.append(int(found[1]) >> 10)
                time.sleep(0.05)

    watcher = Thread(target=watch)
    watcher.start()
    _, log = process.communicate(timeout=180)
    watcher.join()
    assert max(peaks) < memory
    return log


def survived(home: Home, log: str) -> None:
    """Everything else is there, and nothing broke."""
    assert set(home.portals["hlbe"].reports) <= set(home.reports("hlbe"))
    assert "Traceback" not in log, log
    assert home.gxgk("verify").code == 0


def show(number: int) -> str:
    return f"/OpennessAnnualReport/show/{number}.html"


def test_bombs_and_giants(home: Home) -> None:
    """A gzip bomb, one inside another, and a page of 60 MB: cut off at the limit, archived as far as they came."""
    zeros = zlib.compressobj(9, wbits=31)
    bomb = b"".join(zeros.compress(bytes(1 << 20)) for _ in range(300)) + zeros.flush()
    coded = (("Content-Encoding", "gzip"),)
    serve(home, {
        show(9001): Page(body=bomb, media_type="application/octet-stream", headers=coded),
        show(9002): Page(body=gzip.compress(bomb), media_type="application/octet-stream",
                         headers=(("Content-Encoding", "gzip, gzip"),)),
        show(9003): Page(body=b"<p>" + b"a" * 60_000_000, media_type="application/octet-stream"),
    })  # fmt: skip
    survived(home, crawl(home, "-s", "RETRY_TIMES=0", memory=600))
    assert {show(n) for n in (9001, 9002, 9003)} <= {
        urlsplit(f["url"]).path for f in home.json("status", "hlbe")["failures"]
    }
    rows = {urlsplit(row["url"]).path: row for row in dump(home.environ["GXGK_DATABASE_URL"])["capture"]}
    assert rows[show(9003)]["truncated"] == "length"
    assert rows[show(9003)]["payload_length"] < 45_000_000


def test_pages_that_overwhelm_parsers(home: Home) -> None:
    """20,000 nested elements, 100,000 rows, a million entities, a charset that decodes addresses, names of no codec."""
    serve(home, {
        show(9101): Page(body=page(TITLE, "<div>" * 20_000 + PROSE + "</div>" * 20_000)),
        show(9102): Page(body=page(TITLE, f"{PROSE}<table>{'<tr><td>1<td>2' * 100_000}</table>")),
        show(9103): Page(body=page(TITLE, PROSE + "&amp;" * 1_000_000)),
        show(9104): Page(body=page(TITLE, PROSE, "idna"), media_type="text/html; charset=idna"),
        show(9105): Page(body=page(TITLE, PROSE, "rot13"), media_type="text/html; charset=unicode_escape"),
        show(9106): Page(body=page(TITLE, PROSE + "\x00\ud800".encode("utf-8", "surrogatepass").decode("latin-1"))),
        show(9107): Page(body=b"\x00" * 100_000),
        show(9108): Page(body=b"<" * 200_000),
    })  # fmt: skip
    survived(home, crawl(home))
    rows = dump(home.environ["GXGK_DATABASE_URL"])["report_version"]
    texts = {urlsplit(row["report_id"]).path: row["text"] for row in rows}
    for number in (9101, 9102, 9103, 9104, 9105, 9106):
        assert "本单位2024年主动公开政府信息29条" in texts.get(show(number), ""), number


def test_files_and_pages_that_are_read_into_gigabytes(home: Home) -> None:
    """One string in 9,000 cells, as attachment and as report; paragraphs of 5 million characters and of 2.4 million."""
    files = {
        "/f/1.xlsx": one_string_in_many_cells(),
        "/f/2.docx": one_long_paragraph(),
        "/f/3.txt": "公开\n".encode() * 2_500_000,
    }
    links = "".join(f'<a href="{path}">附件{number}</a>' for number, path in enumerate(files))
    site = home.proxy.site(HOST)
    for path, body in files.items():
        site.set(path, Page(body=body, media_type="application/octet-stream"))
    serve(home, {
        show(9301): Page(body=page(TITLE, PROSE + links)),
        show(9302): Page(body=one_string_in_many_cells(), media_type="application/octet-stream"),
        show(9303): Page(body=page(TITLE, f"{PROSE}<p>{'主动公开政府信息' * 300_000}</p>")),
    })  # fmt: skip
    survived(home, crawl(home, memory=500))
    reports = home.shown("hlbe")
    report = reports[f"https://{HOST}{show(9301)}"]
    assert [(file["status"], file["text"]) for file in report["attachments"]] == [("failed", None)] * 3
    assert all("too" in file["reason"] or "more than" in file["reason"] for file in report["attachments"])
    long = reports[f"https://{HOST}{show(9303)}"]
    assert "cut" in long["flags"]
    assert long["text"].startswith("本单位2024年主动公开")
    assert len(long["extracted_text"]) <= 2_000_000
    assert home.crawl("lincang").code == 0


def test_a_bomb_of_headers(home: Home) -> None:
    serve(home, {
        show(9201): Page(body=page(TITLE, PROSE), headers=tuple((f"X-{n}", "a" * 60) for n in range(20_000))),
        show(9202): Page(body=page(TITLE, PROSE), headers=(("X-Long", "a" * 10_000_000),)),
        show(9203): Page(body=page(TITLE, PROSE), headers=tuple(("Set-Cookie", f"a{n}=1") for n in range(500))),
    })  # fmt: skip
    survived(home, crawl(home, "-s", "RETRY_TIMES=0"))
    kept = {urlsplit(url).path for url in home.reports("hlbe")}
    assert show(9203) in kept
    assert not {show(9201), show(9202)} & kept


@pytest.mark.parametrize("trap", ["calendar", "deeper", "numbers"])
def test_endless_lists_end(home: Home, trap: str) -> None:
    """A calendar with a next month for ever, directories inside directories, a pager that never stops."""
    site = home.proxy.site(HOST)
    real = site.answer

    def endless(request: Request) -> Page:
        path = urlsplit(request.url).path
        number = len(path) if trap == "deeper" else int((re.findall(r"\d+", path) or ["0"])[-1])
        onward = {
            "calendar": f'<a href="/OpennessAnnualReport/calendar/{number + 1}.html">下一页</a>',
            "deeper": f'<a href="{path.removesuffix("/page_1.html")}/nb/showList/2/page_1.html">政府信息公开年报</a>',
            "numbers": f'<a href="/OpennessAnnualReport/showList/2/page_{number + 1}.html">下一页</a>'
            f'<a href="/OpennessAnnualReport/show/{50_000 + number}.html">{TITLE}</a>',
        }[trap]
        return Page(body=f"<html><body><ul class='is-listul'><li>{onward}</li></ul></body></html>".encode())

    def answer(request: Request) -> Page:
        path = urlsplit(request.url).path
        if re.search(r"show/5\d{4}\.html", path):
            return Page(body=page(TITLE, PROSE))
        found = real(request)
        is_trap = "/calendar/" in path or "/nb/" in path or re.search(r"showList/2/page_\d+", path)
        return endless(request) if found.status == 404 and is_trap else found

    doors = {
        "calendar": '<a href="/OpennessAnnualReport/calendar/1.html">政府信息公开年报</a>',
        "deeper": '<a href="/OpennessAnnualReport/nb/showList/2/page_1.html">政府信息公开年报</a>',
        "numbers": '<a href="/OpennessAnnualReport/showList/2/page_900.html">政府信息公开年报</a>',
    }
    site.replace(LIST, '<ul class="is-listul">', f'<ul class="is-listul"><li>{doors[trap]}</li>')
    site.answer = answer  # type: ignore[method-assign]
    log = crawl(home)
    assert len(home.asked) < 1200
    survived(home, log)


def test_words_of_other_languages(home: Home) -> None:
    """SQL, shell, templates, control characters and markup, wherever a portal can put words."""
    words = "'; drop table report; -- $(touch /tmp/gxgk-owned) `id` {{7*7}} %s %(x)s \\ \" <script>alert(1)</script> \x1b[31m"
    quoted = words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    query = "?id=1%27%3B%20drop%20table%20capture%3B--&x=%24(id)%60id%60%00%0d%0aX:1"
    paths = [
        f"{show(9401)}{query}",
        "/OpennessAnnualReport/show/'%20or%201=1--.html",
        "/OpennessAnnualReport/show/..%2f..%2f9403.html",
    ]
    body = page(f"{TITLE}{quoted}", f'{PROSE}<p>{quoted}</p><p><a href="/upload/{quoted}.doc">附件{quoted}.doc</a></p>')
    serve(home, {path: Page(body=body) for path in paths}, titles=dict.fromkeys(paths, f"{TITLE}{quoted}"))
    log = crawl(home)
    survived(home, log)
    assert "\x1b" not in log, "a log line must not steer the terminal"
    rows = [row for url, row in home.reports("hlbe").items() if "9401" in url]
    assert rows
    text = home.json("show", str(rows[0]["id"]))["text"]
    assert "drop table report; -- $(touch /tmp/gxgk-owned)" in text
    for hostile in (words, "'", "%", "\\", "a' or 'b", "x & ! | (", '"'):
        found = home.gxgk("search", hostile, "--json")
        assert "Traceback" not in found.err
    assert home.gxgk("reports", "--portal", "hlbe' or '1'='1", "--json").out.strip() in {"[]", ""}
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"]) as conn:
        assert conn.execute("select count(*) > 0 from report").fetchone() == (True,)


def test_a_status_that_is_none_is_no_trap_for_the_database(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    response = b"HTTP/1.1 99999 Enough\r\nContent-Length: 2\r\n\r\nok"
    assert writer.write(exchange(1, response)).status == 0
    writer.seal()
    [path] = tmp_path.glob("*.warc.gz")
    assert [capture.status for capture in captures(path)] == [0]


def test_a_redirect_to_a_url_without_end(home: Home) -> None:
    """12 KB of URL, behind a redirect and in a list: the report is skipped and named, and the crawl goes on."""
    endless = "/OpennessAnnualReport/show/" + "9" * 12_000 + ".html"
    serve(home, {show(9302): Page.redirect(f"https://{HOST}{endless}"), endless: Page(body=page(TITLE, PROSE))})
    survived(home, crawl(home))
    told = home.json("status", "hlbe")
    assert told["outcome"] == "ok"
    skipped = {urlsplit(f["url"]).path: f["reason"] for f in told["failures"] if f["kind"] == "skipped"}
    assert skipped[show(9302)].startswith("the URL has 12")
