"""How fast one address may ask: a bucket that fills with time."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PER_SECOND = 10.0
BURST = 40.0
_MOST_ADDRESSES = 20_000


class Pace:
    """Buckets by address. clock: seconds that only go forward."""

    def __init__(
        self, per_second: float = PER_SECOND, burst: float = BURST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def allows(self, address: str) -> bool:
        """Whether the address may ask once more now."""
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(address, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._per_second)
            self._left[address] = (max(left - 1, 0) if left >= 1 else left, now)
            if len(self._left) > _MOST_ADDRESSES:  # the one that has asked longest ago; its bucket is the fullest
                del self._left[next(iter(self._left))]
        return left >= 1
