"""Articles that a page carries inside a script, for the browser to draw: the platform gkmlpt of 广东.

`window._CONFIG = {… DETAIL: {"title", "content": escaped HTML, "publisher", "display_publish_time", "attachment": […]} …}`
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

import re2

from gxgk_crawler.portal import PORTAL_TIME

_DETAIL = re2.compile(r"""["']?DETAIL["']?\s*[:=]\s*\{""")
_DRAWN = re2.compile(r"""class=["'][^"']*\barticle-content\b""")


def with_scripted_article(text: str) -> str:
    """The page with its scripted article drawn behind it; the very text when it has none, or has drawn it already."""
    found = _DETAIL.search(text) if "_CONFIG" in text else None
    if found is None or _DRAWN.search(text):
        return text
    try:
        detail, _ = json.JSONDecoder().raw_decode(text, found.end() - 1)
    except (ValueError, RecursionError):
        return text
    content = detail.get("content") if isinstance(detail, dict) else None
    if not isinstance(content, str) or not content.strip():
        return text
    return f"{_metas(detail)}{text}<div class='article-content' id='zoomcon'>{content}{_attachments(detail)}</div>"


def _metas(detail: dict[str, Any]) -> str:
    """What the article says about itself, in the metas that other pages of the same portals carry."""
    seconds = detail.get("display_publish_time") or detail.get("date")
    day = ""
    if isinstance(seconds, int) and 0 < seconds < 4_000_000_000:
        day = datetime.fromtimestamp(seconds, UTC).astimezone(PORTAL_TIME).strftime("%Y-%m-%d %H:%M")
    stated = {"ArticleTitle": detail.get("title"), "PubDate": day, "ContentSource": detail.get("publisher")}
    return "".join(
        f'<meta name="{name}" content="{escape(value)}">'
        for name, value in stated.items()
        if isinstance(value, str) and value
    )


def _attachments(detail: dict[str, Any]) -> str:
    files = detail.get("attachment")
    links = [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    return "".join(
        f'<p><a href="{escape(str(file.get("url") or ""))}">{escape(str(file.get("name") or ""))}</a></p>'
        for file in links
    )
