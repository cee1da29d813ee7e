"""Makes archived pages safe to show, in a confined child process, and keeps the last ones in memory."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

from gxgk_crawler.sandbox.archived_page import show_page, show_stylesheet
from gxgk_crawler.sandbox.child import Child

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from gxgk_crawler.replay.rewriting import ArchivedPage, SafePage

_SECONDS = 10.0  # of one page
_MOST_KEPT = 32 << 20  # characters


class OriginalReader:
    """Rewrites pages and style sheets. Usable from several threads; close it. The child starts with the first page."""

    def __init__(self) -> None:
        self._child = Child(_SECONDS)
        self._kept: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def page(self, record_id: str, page: ArchivedPage, *, masked: bool) -> SafePage:
        """The page of a capture as it may be shown. Raises ExtractionError."""
        key = ("page", record_id, page.prefix, masked, bool(page.grids))
        made: SafePage = self._cached(
            key, lambda: self._child.call(show_page, page, masked=masked), lambda made: len(made.html)
        )
        return made

    def stylesheet(self, record_id: str, sheet: ArchivedPage) -> str:
        """The style sheet of a capture with addresses of the archive. Raises ExtractionError."""
        key = ("sheet", record_id, sheet.prefix)
        made: str = self._cached(key, lambda: self._child.call(show_stylesheet, sheet), len)
        return made

    def _cached(self, key: Hashable, make: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][1]
        made = make()
        with self._lock:
            self._size += size(made) - self._kept.pop(key, (0, None))[0]
            self._kept[key] = (size(made), made)
            while self._size > _MOST_KEPT:
                self._size -= self._kept.popitem(last=False)[1][0]
        return made

    def close(self) -> None:
        """End the child."""
        self._child.close()
