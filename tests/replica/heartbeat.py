"""A Scrapy extension that measures how long the event loop of a crawl is held."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_EVERY = 0.02  # seconds


class Heartbeat:
    """Writes to the file HEARTBEAT_FILE the most processor time that the thread of the loop took between two beats, in seconds.

    Processor time of this thread alone, because how busy the machine is says nothing about the crawl.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: float | None = None
        self._longest = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        made = cls(Path(crawler.settings["HEARTBEAT_FILE"]))
        crawler.signals.connect(made._begin, signal=signals.response_received)
        crawler.signals.connect(made._stopped, signal=signals.engine_stopped)
        return made

    def _begin(self) -> None:
        """Begin with the first answer, when all modules are imported: that takes longer where nothing is compiled yet."""
        if self._last is None:
            self._beat()

    def _beat(self) -> None:
        now = time.thread_time()
        self._longest = max(self._longest, now - (now if self._last is None else self._last))
        self._last = now
        asyncio.get_running_loop().call_later(_EVERY, self._beat)

    def _stopped(self) -> None:
        self._path.write_text(str(self._longest))
