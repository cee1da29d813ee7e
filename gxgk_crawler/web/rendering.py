"""Answers as HTTP: a page as HTML, JSON, CSV, text or Atom, with an ETag made of what it says."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import FileResponse, Response, StreamingResponse

from gxgk_crawler import __version__
from gxgk_crawler.portal import PORTAL_TIME
from gxgk_crawler.web.address import address_of, report_address
from gxgk_crawler.web.answers import Bytes, DownloadedFile, Move, RoomPage
from gxgk_crawler.web.plain import as_csv, as_json
from gxgk_crawler.web.room import division_name
from gxgk_crawler.web.words import known_flags, say, visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gxgk_crawler.web.answers import Answer
    from gxgk_crawler.web.room import Ask

_OPEN_DATA = {"Access-Control-Allow-Origin": "*"}  # there is no cookie that a foreign page could use


def respond(ask: Ask, answer: Answer) -> Response:
    """The answer as a response; 304 when the reader has it already."""
    if isinstance(answer, Move):
        return Response(status_code=answer.status, headers={"Location": _location(ask, answer.to), **answer.headers})
    if isinstance(answer, DownloadedFile):
        return FileResponse(answer.path, filename=answer.name, media_type="application/octet-stream")
    if isinstance(answer, Bytes):
        return _tagged(ask, answer.body, answer.media_type, answer.status, answer.headers)
    if ask.format == "csv" and answer.rows is not None:
        name = quote(ask.address.strip("/").replace("/", "-") or "index", safe="-_")
        headers = {"Content-Disposition": f'inline; filename="{name}.csv"', **_OPEN_DATA, **answer.headers}
        return StreamingResponse(as_csv(answer.rows), answer.status, headers, "text/csv; charset=utf-8")
    if ask.format == "json" and answer.data is not None:
        return _tagged(ask, as_json(answer.data), "application/json", answer.status, _listed(ask, answer) | _OPEN_DATA)
    if ask.format == "txt" and answer.text is not None:
        body = answer.text.encode("utf-8", "replace")
        return _tagged(ask, body, "text/plain; charset=utf-8", answer.status, {**answer.headers, **_OPEN_DATA})
    if ask.format == "atom" and answer.feed is not None:
        body = render(ask, "feed.xml", {"feed": answer.feed}).encode("utf-8", "replace")
        return _tagged(ask, body, "application/atom+xml; charset=utf-8", answer.status, _OPEN_DATA)
    if ask.format != "html":
        return _tagged(ask, as_json({"error": "this page has no such format"}), "application/json", 404, {})
    body = html_page(ask, answer).encode("utf-8", "replace")
    return _tagged(ask, body, "text/html; charset=utf-8", answer.status, _listed(ask, answer))


def html_page(ask: Ask, page: RoomPage) -> str:
    """The page as HTML."""
    formats = [
        name
        for name, has in (
            ("json", page.data is not None),
            ("csv", page.rows is not None),
            ("txt", page.text is not None),
            ("atom", page.feed is not None),
        )
        if has
    ]
    own = {"page": page, "data": page.data, "formats": formats, **page.show}
    return render(ask, f"{page.template}.html", own)


def _location(ask: Ask, to: str) -> str:
    return to if to.startswith(("/web/", "/w/")) else address_of(to, ask.language) if ask.format == "html" else to


def _listed(ask: Ask, page: RoomPage) -> dict[str, str]:
    following = {} if page.next is None else {"Link": f'<{page.next}>; rel="next"'}
    return {**following, "Content-Language": "zh-CN" if ask.language == "zh" else "en", **page.headers}


def _tagged(ask: Ask, body: bytes, media_type: str, status: int, headers: Mapping[str, str]) -> Response:
    """A response whose ETag is a digest of its body: it cannot be stale, whatever has changed in the archive."""
    if status != 200:
        return Response(body, status, dict(headers), media_type)
    # Weak: the same page goes out compressed and plain.
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    kept = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding", **headers}
    given = [one.strip() for one in ask.headers.get("if-none-match", "").split(",")]
    if tag in given or tag.removeprefix("W/") in given:
        return Response(status_code=304, headers=kept)
    return Response(body, status, kept, media_type)


def render(ask: Ask, template: str, values: Mapping[str, Any]) -> str:
    """A template filled in. Everything printed is escaped; there is no template in which it is not."""
    to = partial(_to, ask.language)
    return environment().get_template(template).render(
        **values,
        ask=ask,
        to=to,
        to_report=lambda row: to(report_address(row["key"])),
        here=lambda **query: to(ask.address, **{**ask.query, **query}),
        as_format=lambda form: address_of(ask.address, ask.language, form, **ask.query),
        other=address_of(ask.address, "en" if ask.language == "zh" else "zh", **ask.query),
        t=partial(say, ask.language),
        place_name=division_name,
        static=static_address,
        known_flags=known_flags(),
        version=__version__,
    )  # fmt: skip


def _to(language: str, path: str, **query: Any) -> str:
    return address_of(path, language, **query)


@cache
def environment() -> Environment:
    """The templates. A name that is not given is an error, and whatever is printed goes through `visible` and is escaped."""
    made = Environment(
        loader=PackageLoader("gxgk_crawler.web"),
        autoescape=True,
        finalize=visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"moment": moment, "outside": outside, "marked": marked, "short": short, "thousands": thousands}
    return made


def moment(value: datetime | None, *, minutes: bool = True) -> Markup:
    """A time as people in China read it, with the exact one in UTC beside it for programs."""
    if value is None:
        return Markup("")
    shown = value.astimezone(PORTAL_TIME).strftime("%Y-%m-%d %H:%M" if minutes else "%Y-%m-%d")
    return Markup('<time datetime="{}">{}</time>').format(value.strftime("%Y-%m-%dT%H:%M:%SZ"), shown)


def outside(url: str | None) -> str:
    """The URL when a link may lead there: http or https; empty for any other."""
    try:
        is_web = urlsplit(url or "").scheme in {"http", "https"}
    except ValueError:
        return ""
    return (url or "") if is_web else ""


def marked(snippet: str, marks: list[tuple[int, int]]) -> Markup:
    """A snippet with its hits marked."""
    parts, at = [], 0
    for start, end in marks:
        parts += [escape(visible(snippet[at:start])), Markup("<mark>{}</mark>").format(visible(snippet[start:end]))]
        at = end
    return Markup("").join([*parts, escape(visible(snippet[at:]))])


def short(text: str | None, most: int = 60) -> str:
    """The beginning of a text, with a sign that it goes on."""
    return "" if not text else text if len(text) <= most else f"{text[: most - 1]}…"


def thousands(number: float | None) -> str:
    """A number with commas, as readers of both languages take it."""
    return "" if number is None else f"{number:,}"


@cache
def static_file(name: str) -> bytes | None:
    """The bytes of a file of the room; None when there is none of that name."""
    if name not in {"room.css", "room.js", "icon.svg"}:
        return None
    return files("gxgk_crawler.web").joinpath("static", name).read_bytes()


@cache
def static_address(name: str) -> str:
    """The address of a file of the room; it changes with the file, so that a browser may keep what it has for good."""
    content = static_file(name)
    assert content is not None, name
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
