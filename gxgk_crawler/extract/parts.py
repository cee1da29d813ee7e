"""An article that is split over several pages: their documents joined in reading order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gxgk_crawler.items import Document

T = TypeVar("T")


def join(first: Document, further: Iterable[Document]) -> Document:
    """One document of all pages: texts in order, offsets of edits moved along, links and flags of all, the facts of the first."""
    whole = first
    for part in further:
        shift = len(whole.extracted_text) + 1
        moved = [replace(edit, start=edit.start + shift, end=edit.end + shift) for edit in part.edits]
        whole = replace(
            whole,
            text=f"{whole.text}\n{part.text}",
            extracted_text=f"{whole.extracted_text}\n{part.extracted_text}",
            edits=[*whole.edits, *moved],
            flags=_flags(whole, part),
            grids=[*whole.grids, *part.grids],
            attachments=_union(whole.attachments, part.attachments),
            images=_union(whole.images, part.images),
        )
    return whole


def _flags(first: Document, second: Document) -> list[str]:
    """The flags of both; an article has no body only when none of its pages has one."""
    either = {*first.flags, *second.flags}
    both = {*first.flags} & {*second.flags}
    return sorted(either - ({"no_body"} - both))


def _union(seen: list[T], more: list[T]) -> list[T]:
    return seen + [item for item in more if item not in seen]
