"""The next page of a list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """The next page of a list. urls: candidates, of which one is it. certain: it is a failure when none of them exists.

    blocked: why the next page cannot be fetched though the list says that there is one; urls is empty then.
    pattern: the URL with {} for the number of a page, where a script builds it from that.
    """

    urls: list[str]
    certain: bool = True
    blocked: str | None = None
    pattern: str | None = None
