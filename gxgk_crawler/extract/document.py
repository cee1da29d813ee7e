"""Bytes to Document: the one entry of this package."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.cleaning.chrome import lines_of
from gxgk_crawler.extract.cleaning.clean import apply_edits, clean
from gxgk_crawler.extract.cleaning.spam.find import is_advertising
from gxgk_crawler.extract.cleaning.spam.titles import title_edits
from gxgk_crawler.extract.facts.issuer import choose_issuer, choose_year, sponsor_of
from gxgk_crawler.extract.facts.metadata import (
    Metadata,
    choose_date,
    choose_source,
    gather_dates,
    read_metadata,
)
from gxgk_crawler.extract.facts.organ import organ_in
from gxgk_crawler.extract.facts.place import place_of
from gxgk_crawler.extract.facts.record import read_fields
from gxgk_crawler.extract.facts.title import choose_title, title_in_record, title_of_text
from gxgk_crawler.extract.facts.trust import is_foreign_host
from gxgk_crawler.extract.files.media_type import binary_type, is_plain_text
from gxgk_crawler.extract.limits import LONGEST_LINE
from gxgk_crawler.extract.page.body import Body, find_body
from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.hidden import drop_hidden_advertising
from gxgk_crawler.extract.page.links import foreign_link_texts, names_in_text, web_url
from gxgk_crawler.extract.page.pictures import may_hold_text, pictures, show_a_table
from gxgk_crawler.extract.page.report_files import report_files
from gxgk_crawler.extract.page.scripted import with_scripted_article
from gxgk_crawler.extract.page.second_opinion import is_confirmed
from gxgk_crawler.extract.page.signature import signature
from gxgk_crawler.extract.page.text import collapse, render, squeeze
from gxgk_crawler.extract.page.tree import looks_like_html, parse, strip_markup
from gxgk_crawler.items import Document, Edit, Grid, Link

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from gxgk_crawler.portal import Portal


_SHORT = 200  # characters: no report that has its text on the page says less
_BROKEN_TAGS = re2.compile(r"(?:<\s*/?\s*[a-z][a-z0-9]{0,9}\s*/?\s*>\s*)+")


@dataclass(slots=True, kw_only=True)
class _Page:
    """What the markup yields, before any text is judged."""

    text: str = ""
    title: str | None = None
    metadata: Metadata = field(default_factory=Metadata)
    fields: dict[str, str] = field(default_factory=dict)
    grids: list[Grid] = field(default_factory=list)
    attachments: list[Link] = field(default_factory=list)
    images: list[Link] = field(default_factory=list)
    foreign_links: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)


def extract(
    body: bytes,
    *,
    url: str | None = None,
    media_type: str | None = None,
    charset: str | None = None,
    fetched_on: dt.date | None = None,
    portal: Portal | None = None,
    anchor: str = "",
) -> Document:
    """Read one captured entity (content-decoded bytes) into a Document.

    media_type, charset: what the HTTP header said; they break ties and never win over the bytes. fetched_on: chooses
    the portal's layout. portal: gives layouts and names the hosts and site code that the page may carry. anchor: the
    text of the link that led here, which is the title of what states none. Never raises on hostile bytes: a page without a
    body has an empty text and the flag `no_body`, and so has a file that is no text at all (`attachments.read_bytes` reads
    those).
    """
    binary = binary_type(body)
    if binary is not None:
        return _document(_Page(flags={"no_body"}), binary, None, url=url, portal=portal, anchor=anchor)
    decoded = decode(body, charset)
    is_page = media_type != "text/plain" and looks_like_html(decoded.text)
    if not is_page and not is_plain_text(body, decoded):
        return _document(
            _Page(flags={"no_body"}), "application/octet-stream", None, url=url, portal=portal, anchor=anchor
        )
    if not is_page:
        page, kind = _read_plain(decoded.text), "text/plain"
    else:
        page, kind = _read_html(decoded.text, url=url, selector=_body_selector(portal, fetched_on)), "text/html"
    if decoded.replaced:
        page.flags.add("replacement_characters")
    return _document(page, kind, decoded.encoding, url=url, portal=portal, anchor=anchor)


def _body_selector(portal: Portal | None, fetched_on: dt.date | None) -> str:
    if portal is None or not portal.layouts:
        return ""
    layout = portal.layout_at(fetched_on) if fetched_on else portal.layouts[0]
    return layout.body if layout else ""


def _read_plain(text: str) -> _Page:
    text = text.replace("\x00", "")
    page = _Page(text=text)
    lines = [line.text for line in lines_of(text)]
    page.title = title_in_record(text) or title_of_text(text)
    page.attachments = names_in_text(lines)
    if not lines:
        page.flags.add("no_body")
    return page


def _read_html(text: str, *, url: str | None, selector: str) -> _Page:
    text = with_scripted_article(text)
    root, whole = parse(text)
    if root is None or not whole:
        stripped = strip_markup(text)
        return _Page(text=stripped, flags={"low_confidence"} if stripped else {"no_body"})
    page = _Page()
    if drop_hidden_advertising(root, is_advertising):
        page.flags.add("spam")
    found = find_body(root, text, selector)
    nodes = found.nodes if found is not None else []
    page.metadata = read_metadata(root, nodes)
    if found is not None:
        _read_body(page, root, found)
    page.fields = read_fields(line.text for line in page.metadata.before)
    page.title = choose_title(page.metadata, page.fields.get("标题") or title_in_record(page.text), page.text)
    base = _base_of(root, url)
    page.attachments = report_files(root, nodes, base, page.title, text)
    page.images = pictures(nodes, base)
    _flag_doubts(page, nodes)
    return page


def _base_of(root: HtmlElement, url: str | None) -> str | None:
    element = root.find(".//base[@href]")
    return url if element is None or url is None else web_url(element.get("href"), url) or url


def _read_body(page: _Page, root: HtmlElement, found: Body) -> None:
    rendered = render(found.nodes)
    page.text = "\n".join(line for line in rendered.lines if "<" not in line or not _BROKEN_TAGS.fullmatch(line))
    page.grids = rendered.grids
    page.foreign_links = foreign_link_texts(found.nodes)
    if any(is_advertising(hidden) for hidden in rendered.hidden):
        page.flags.add("spam")
    if page.text and not (found.known or found.alone) and not is_confirmed(root, rendered):
        page.flags.add("low_confidence")


def _flag_doubts(page: _Page, nodes: Sequence[HtmlElement]) -> None:
    """Flags of a body that is missing, hardly there, or in part a picture."""
    size = len(squeeze(page.text))
    if not size:
        page.flags.add("no_body")
    elif size < _SHORT:
        page.flags.add("low_confidence")
    if not page.images:
        return
    is_shown = any(may_hold_text(image) for node in nodes for image in node.iter("img"))
    if is_shown and (size < _SHORT or show_a_table(nodes)):
        page.flags.add("needs_ocr")


def _document(
    page: _Page, kind: str, encoding: str | None, *, url: str | None, portal: Portal | None, anchor: str
) -> Document:
    place = place_of(portal, url, choose_year(page.title, page.text[:2000], url))
    cleaned = clean(page.text, page.title, names=_names(page.metadata), foreign_links=page.foreign_links, place=place)
    text = cleaned.text
    chrome = [edit for edit in cleaned.edits if edit.kind == "chrome"]
    head = "\n".join(edit.text for edit in chrome if edit.start < len(page.text) // 2)
    signed_by, signed_on = signature(text)
    dates = gather_dates(page.metadata, head, url, signed_on)
    fields = {**read_fields(line.text for line in lines_of(head)), **page.fields}
    source = choose_source(page.metadata, head)
    title = _clean_title(page.title or collapse(anchor)[:LONGEST_LINE] or None, cleaned.edits)
    sponsor = sponsor_of("\n".join(edit.text for edit in chrome))
    year = choose_year(title, text, url)
    page.flags |= cleaned.flags
    if is_foreign_host(url, page.metadata.metas, portal):
        page.flags.add("foreign_host")
    document = Document(
        url=url,
        media_type=kind,
        encoding=encoding,
        title=title,
        text=text,
        extracted_text=page.text,
        published_on=choose_date(dates),
        year=year,
        issuer=choose_issuer(
            fields=fields,
            signed_by=signed_by,
            source=source,
            title=title,
            sponsor=sponsor,
            portal=portal.title if portal else None,
        ),
        source=source,
        dates=dates,
        fields=fields,
        edits=cleaned.edits,
        flags=sorted(page.flags),
        grids=page.grids,
        attachments=page.attachments,
        images=page.images,
    )
    return replace(document, organ=organ_in(document, portal))


def _names(metadata: Metadata) -> frozenset[str]:
    """What the page calls its site and its column, without white space."""
    names = (metadata.metas.get(key, "") for key in ("columnname", "sitename"))
    return frozenset(squeeze(name) for name in names if name)


def _clean_title(title: str | None, edits: list[Edit]) -> str | None:
    """The title without the labels that were found in the text, and without labels before or behind it."""
    if title is None:
        return None
    labels = [edit.text for edit in edits if edit.kind == "spam"][:100]
    for label in sorted(set(labels), key=len, reverse=True):
        title = title.replace(label, "")
    return apply_edits(title, title_edits(title)).strip() or None
