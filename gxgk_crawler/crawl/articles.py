"""What else must be fetched before an article is whole: where its page sends its reader, its further pages, the frame it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.families.article_pages import framed_parts, may_be_cut, may_be_framed, next_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.crawl.navigation import Seen

_LONGEST_JUMP = 3_000  # bytes of a page that only sends on


def sent_on(body: bytes, look: Callable[[], Seen | None]) -> str | None:
    """Where the page of a report sends its reader by a script; a page long enough to hold a report is not parsed for it.

    look: reads the page; it is called only when the bytes give a reason.
    """
    if len(body) > _LONGEST_JUMP or (b"location" not in body and b"window.open" not in body):
        return None
    seen = look()
    return seen.redirect if seen is not None and seen.redirect and seen.hooks.is_own(seen.redirect) else None


def unread_parts(body: bytes, read: list[str], frames: list[str], look: Callable[[], Seen | None]) -> list[str]:
    """URLs of the parts of an article that are still to be read, the next one first; empty when it is whole.

    body: of its last page so far. read: URLs of its pages so far, the first one first. frames: those still to be read.
    look: as above.
    """
    framed = len(read) == 1 and may_be_framed(body)
    seen = look() if framed or may_be_cut(body) else None
    if seen is not None:
        found = framed_parts(seen.page, seen.own_frames) if framed else frames
        further = next_part(seen.page, seen.cms, read[0])
        frames = [further, *found] if further is not None and seen.hooks.is_own(further) else found
    return [url for url in frames if url not in read]
