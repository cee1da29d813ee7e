"""Articles that a page carries inside a script as JSON, for the browser to draw; `rules/families.toml` says which products do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from html import escape
from typing import Any

import re2

from gxgk_crawler.extract.page.products import scripted
from gxgk_crawler.portal import PORTAL_TIME


def with_scripted_article(text: str) -> str:
    """The page with its scripted article drawn behind it; the very text when it has none, or has drawn it already."""
    for rule in scripted():
        if rule["mark"] in text:
            found = _pattern(rule["object"]).search(text)
            if found is not None and not _pattern(rule["drawn"]).search(text):
                return _drawn(text, found.end() - 1, rule)
    return text


@cache
def _pattern(pattern: str) -> re2._Regexp:
    return re2.compile(pattern)


def _drawn(text: str, start: int, rule: dict[str, Any]) -> str:
    try:
        article, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return text
    content = article.get(rule["content"]) if isinstance(article, dict) else None
    if not isinstance(content, str) or not content.strip():
        return text
    body = f"<div class='article-content' id='zoomcon'>{content}{_attachments(article.get(rule['files']))}</div>"
    return f"{_metas(article, rule)}{text}{body}"


def _metas(article: dict[str, Any], rule: dict[str, Any]) -> str:
    """What the article says about itself, in the metas that other pages of the same portals carry."""
    seconds = next((article[key] for key in rule["published"] if article.get(key)), None)
    day = ""
    if isinstance(seconds, int) and 0 < seconds < 4_000_000_000:
        day = datetime.fromtimestamp(seconds, UTC).astimezone(PORTAL_TIME).strftime("%Y-%m-%d %H:%M")
    stated = {"ArticleTitle": article.get(rule["title"]), "PubDate": day, "ContentSource": article.get(rule["source"])}
    return "".join(
        f'<meta name="{name}" content="{escape(value)}">'
        for name, value in stated.items()
        if isinstance(value, str) and value
    )


def _attachments(files: object) -> str:
    links = [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    return "".join(
        f'<p><a href="{escape(str(file.get("url") or ""))}">{escape(str(file.get("name") or ""))}</a></p>'
        for file in links
    )
