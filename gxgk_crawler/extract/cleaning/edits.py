"""Edits of kind spam: how they are made and put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.items import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def spam_edit(text: str, start: int, end: int, rule: str, suggestion: str | None = None) -> Edit:
    """The edit that takes text[start:end] out."""
    return Edit(kind="spam", start=start, end=end, text=text[start:end], rule=rule, suggestion=suggestion)


def without_overlaps(edits: Iterable[Edit], length: int) -> list[Edit]:
    """Edits found first win: a formula knows its borders better than a repetition does. length: of the text."""
    taken = bytearray(length)
    kept: list[Edit] = []
    for edit in edits:
        if edit.start < edit.end and taken.find(1, edit.start, edit.end) < 0:
            taken[edit.start : edit.end] = b"\x01" * (edit.end - edit.start)
            kept.append(edit)
    return sorted(kept, key=lambda edit: edit.start)


def places(text: str, wanted: str) -> Iterator[int]:
    """Where a string stands in the text, without overlaps."""
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + len(wanted))
