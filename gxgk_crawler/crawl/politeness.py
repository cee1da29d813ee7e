"""Scrapy settings of a portal that needs another delay or concurrency than the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gxgk_crawler.portal import Portal


def politeness(portal: Portal) -> dict[str, float]:
    """The settings for the delay and the concurrency that the portal asks for; empty for most portals."""
    found: dict[str, float] = {}
    if portal.delay is not None:
        found["DOWNLOAD_DELAY"] = portal.delay
    if portal.concurrency is not None:
        # AutoThrottle would otherwise slow all requests down to one at a time.
        found |= dict.fromkeys(
            ("CONCURRENT_REQUESTS_PER_DOMAIN", "AUTOTHROTTLE_TARGET_CONCURRENCY"), portal.concurrency
        )
    return found
