"""Memento (RFC 7089): the archive by URL and time. `/timegate/URL` finds, `/web/TIME/URL` shows, `/timemap/link/URL` lists."""

from __future__ import annotations

from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from gxgk_crawler.store.views import provenance
from gxgk_crawler.web.answers import Bytes, MissingError, Move, RoomPage
from gxgk_crawler.web.archived import (
    ORIGINAL_HEADERS,
    RESOURCE_HEADERS,
    capture_at,
    capture_shown,
    digits_of,
    entity,
    image_type,
    moment_of,
    url_behind,
)
from gxgk_crawler.web.pages.originals import as_download, safe_capture
from gxgk_crawler.web.plain import as_json
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from datetime import datetime

    from gxgk_crawler.web.answers import Answer
    from gxgk_crawler.web.room import Ask


def memento(ask: Ask) -> Answer:
    """The capture of a URL at a time of 14 digits, or a move to the nearest one; with `*` for the time, the list of its captures."""
    url = url_behind(ask, "/web/")
    if ask.path["moment"] == "*":
        return _listed(ask, url)
    at = moment_of(ask.path["moment"])
    found = None if at is None else provenance.nearest_capture(ask.conn, url, at)
    if found is None:
        raise MissingError("url")
    if digits_of(found["fetched_at"]) != ask.path["moment"]:
        return Move(to=_memento_address(found["fetched_at"], url))
    return _shown(ask, found)


def _shown(ask: Ask, found: dict[str, Any]) -> Answer:
    if not ask.room.has_originals:
        raise MissingError("originals_off")
    capture_shown(ask, found["record_id"])
    capture = capture_at(ask, found["record_id"])
    headers = {
        "Memento-Datetime": _http_date(capture.fetched_at),
        "Link": f'<{capture.url}>; rel="original", {_gate_links(ask, capture.url)}',
    }
    page = safe_capture(ask, capture)
    if page.html:
        body = page.html.encode("utf-8", "replace")
        return Bytes(body=body, media_type="text/html; charset=utf-8", headers={**ORIGINAL_HEADERS, **headers})
    if ask.room.is_public or page.too_large:
        raise MissingError("masked" if ask.room.is_public else "original")
    _, content = entity(ask, capture)
    media_type = image_type(content)
    if media_type is not None:
        return Bytes(body=content, media_type=media_type, headers={**RESOURCE_HEADERS, **headers})
    file = as_download(capture, content)
    return Bytes(body=file.body, media_type=file.media_type, headers={**file.headers, **headers})


def timegate(ask: Ask) -> Answer:
    """A move to the capture nearest to the Accept-Datetime of the request, or to the newest."""
    url = url_behind(ask, "/timegate/")
    wanted = ask.room.clock()
    asked = ask.headers.get("accept-datetime")
    if asked is not None:
        try:
            wanted = parsedate_to_datetime(asked)
        except ValueError:
            return Bytes(body=b"Accept-Datetime cannot be read\n", media_type="text/plain", status=400)
    found = provenance.nearest_capture(ask.conn, url, wanted)
    if found is None:
        raise MissingError("url")
    headers = {"Vary": "accept-datetime", "Link": f'<{url}>; rel="original", {_gate_links(ask, url)}'}
    return Move(to=_memento_address(found["fetched_at"], url), headers=headers)


def timemap(ask: Ask) -> Answer:
    """All captures of a URL that answered 200, as link format (RFC 6690) or JSON."""
    url = url_behind(ask, "/timemap/")
    rows = [row for row in provenance.captures_of_url(ask.conn, url) if row["status"] == 200]
    if not rows:
        raise MissingError("url")
    mementos = [(f"{ask.url}{_memento_address(row['fetched_at'], url)}", row["fetched_at"]) for row in rows]
    if ask.path["form"] == "json":
        told = {
            "original_uri": url,
            "timegate_uri": f"{ask.url}/timegate/{url}",
            "timemap_uri": {
                "link_format": f"{ask.url}/timemap/link/{url}",
                "json_format": f"{ask.url}/timemap/json/{url}",
            },
            "mementos": {"list": [{"datetime": at.isoformat(), "uri": address} for address, at in mementos]},
        }
        return Bytes(body=as_json(told), media_type="application/json")
    lines = [f'<{url}>; rel="original"', _gate_links(ask, url)]
    lines += [f'<{address}>; rel="memento"; datetime="{_http_date(at)}"' for address, at in mementos]
    return Bytes(body=",\n".join(lines).encode() + b"\n", media_type="application/link-format")


def _listed(ask: Ask, url: str) -> RoomPage:
    rows = provenance.captures_of_url(ask.conn, url)
    if not rows:
        raise MissingError("url")
    return RoomPage(
        template="captures",
        title=str(say(ask.language, "captures.title")),
        data=rows,
        show={"url": url, "rows": rows, "digits": digits_of},
        is_hidden=True,
    )


def _memento_address(at: datetime, url: str) -> str:
    return f"/web/{digits_of(at)}/{url}"


def _gate_links(ask: Ask, url: str) -> str:
    return (
        f'<{ask.url}/timegate/{url}>; rel="timegate", '
        f'<{ask.url}/timemap/link/{url}>; rel="timemap"; type="application/link-format"'
    )


def _http_date(at: datetime) -> str:
    return format_datetime(at, usegmt=True)
