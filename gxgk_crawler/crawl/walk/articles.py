"""What else must be fetched before an article is whole: where its page sends its reader, its further pages, the frame it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.families.article_pages import framed_parts, may_be_cut, may_be_framed, next_part

if TYPE_CHECKING:
    from gxgk_crawler.crawl.navigation import Seen

_LONGEST_JUMP = 3_000  # bytes of a page that only sends on


def needs_look(body: bytes, *, is_first: bool) -> bool:
    """True when the bytes of a page give a reason to parse it, which costs time: it may send on, be cut or stand in a frame.

    is_first: it is the first page of its article.
    """
    return may_be_cut(body) or (is_first and (_may_jump(body) or may_be_framed(body)))


def sent_on(body: bytes, seen: Seen | None) -> str | None:
    """Where the page of a report sends its reader by a script; a page long enough to hold a report is not parsed for it.

    seen: the page as parsed, when `needs_look` said so.
    """
    if seen is None or not _may_jump(body):
        return None
    return seen.redirect if seen.redirect and seen.hooks.is_own(seen.redirect) else None


def unread_parts(body: bytes, read: list[str], frames: list[str], seen: Seen | None) -> list[str]:
    """URLs of the parts of an article that are still to be read, the next one first; empty when it is whole.

    body: of its last page so far. read: URLs of its pages so far, the first one first. frames: those still to be read.
    seen: as above.
    """
    framed = len(read) == 1 and may_be_framed(body)
    if seen is not None and (framed or may_be_cut(body)):
        found = framed_parts(seen.page, seen.own_frames) if framed else frames
        further = next_part(seen.page, seen.cms, read[0])
        frames = [further, *found] if further is not None and seen.hooks.is_own(further) else found
    return [url for url in frames if url not in read]


def _may_jump(body: bytes) -> bool:
    return len(body) <= _LONGEST_JUMP and (b"location" in body or b"window.open" in body)
