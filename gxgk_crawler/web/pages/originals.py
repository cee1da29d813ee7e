"""The archived page of a version: in a frame beside what it links to, by itself, and what it loads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.media_type import binary_type
from gxgk_crawler.replay.rewriting import ArchivedPage, SafePage
from gxgk_crawler.store.selection import find_capture
from gxgk_crawler.store.views import provenance
from gxgk_crawler.web.answers import Bytes, MissingError, RoomPage
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
from gxgk_crawler.web.pages.reports import read_version
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from typing import Any

    from gxgk_crawler.items import Capture
    from gxgk_crawler.web.answers import Answer
    from gxgk_crawler.web.room import Ask

_CELL = re.compile(r"t\d{1,6}r\d{1,6}c\d{1,6}")
_LINKS_LOOKED_UP = 200


def original(ask: Ask) -> RoomPage:
    """The archived page in a sandboxed frame, and where its links lead: into the archive, or only to the live web."""
    found = _version(ask)
    page, capture = _safe(ask, found)
    links = page.links[:_LINKS_LOOKED_UP]
    urls = list(dict.fromkeys(link.url for link in links))
    archived = provenance.captures_near(ask.conn, urls, capture.fetched_at)
    cell = ask.text("cell")
    grid = int(cell[1:].partition("r")[0]) if cell and _CELL.fullmatch(cell) else None
    anchored = grid is not None and grid < len(page.anchored) and page.anchored[grid] > 0
    captures = provenance.version_captures(ask.conn, found["id"], found["version"])
    return RoomPage(
        template="original",
        title=str(say(ask.language, "original.title")),
        data={
            "id": found["id"],
            "key": found["key"],
            "version": found["version"],
            "record_id": capture.record_id,
            "url": capture.url,
            "fetched_at": capture.fetched_at,
            "links": [{"url": link.url, "text": link.text, "archived": link.url in archived} for link in links],
            "images": page.images,
            "anchored": page.anchored,
        },
        show={
            "report": found,
            "safe": page,
            "capture": capture,
            "archived": archived,
            "digits": digits_of(capture.fetched_at),
            "fragment": f"#{cell}" if anchored else "",
            "lost": cell is not None and not anchored,
            "parts": [one for one in captures if one["part"]],
            "is_file": not page.html and not page.too_large,
        },
        headers={"Link": f'<{ask.url}/timegate/{capture.url}>; rel="timegate"'},
        is_hidden=True,
    )


def frame(ask: Ask) -> Answer:
    """The archived page by itself, as the frame shows it."""
    page, _ = _safe(ask, _version(ask))
    if not page.html:
        raise MissingError("original")
    return Bytes(
        body=page.html.encode("utf-8", "replace"), media_type="text/html; charset=utf-8", headers=ORIGINAL_HEADERS
    )


def _version(ask: Ask) -> dict[str, Any]:
    if not ask.room.has_originals:
        raise MissingError("originals_off")
    return read_version(ask, original=True)


def _safe(ask: Ask, found: dict[str, Any]) -> tuple[SafePage, Capture]:
    capture = capture_at(ask, found["capture"]["record_id"])
    grids = [grid["cells"] for grid in found["grids"]]
    return safe_capture(ask, capture, grids), capture


def safe_capture(ask: Ask, capture: Capture, grids: list[list[dict[str, Any]]] | None = None) -> SafePage:
    """The page of a capture as it may be shown; one without HTML for a file, and for what no reader could take."""
    record, body = entity(ask, capture)
    if binary_type(body) is not None:
        return SafePage()
    page = ArchivedPage(
        body=body,
        url=capture.url,
        charset=record.charset,
        prefix=f"/w/{digits_of(capture.fetched_at)}/",
        grids=grids or [],
    )
    try:
        return ask.room.reader.page(capture.record_id, page, masked=ask.room.is_public)
    except ExtractionError:
        return SafePage(too_large=True)


def resource(ask: Ask) -> Answer:
    """An image or a style sheet of an archived page: the capture of its URL that lies nearest to the page's."""
    at = moment_of(ask.path["moment"])
    if at is None or not ask.room.has_originals:
        raise MissingError
    url = url_behind(ask, "/w/")
    found = provenance.nearest_capture(ask.conn, url, at)
    if found is None:
        raise MissingError("resource")
    capture_shown(ask, found["record_id"])
    capture = find_capture(ask.conn, found["record_id"])
    assert capture is not None
    record, body = entity(ask, capture)
    media_type = image_type(body)
    if media_type is not None:
        return Bytes(body=body, media_type=media_type, headers=RESOURCE_HEADERS)
    if capture.role == "stylesheet" or (record.media_type or "").startswith("text/css"):
        wanted = ArchivedPage(body=body, url=capture.url, charset=record.charset, prefix=f"/w/{ask.path['moment']}/")
        try:
            sheet = ask.room.reader.stylesheet(capture.record_id, wanted)
        except ExtractionError:
            sheet = ""
        return Bytes(
            body=sheet.encode("utf-8", "replace"), media_type="text/css; charset=utf-8", headers=RESOURCE_HEADERS
        )
    if ask.room.is_public:
        raise MissingError("masked")
    return as_download(capture, body)


def as_download(capture: Capture, body: bytes) -> Bytes:
    """Any other file: never shown by the browser, always saved."""
    name = quote(capture.url.partition("?")[0].rpartition("/")[2][:100] or "file", safe="")
    headers = {**RESOURCE_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Bytes(body=body, media_type="application/octet-stream", headers=headers)
