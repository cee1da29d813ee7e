"""The spiders: one small file per portal, below the pinyin name of its province."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gxgk_crawler.crawl.spider import PortalSpider


def spiders() -> dict[str, type[PortalSpider]]:
    """All portal files by name."""
    from scrapy.settings import Settings  # noqa: PLC0415  # scrapy costs half a second; most commands never need it
    from scrapy.spiderloader import SpiderLoader  # noqa: PLC0415

    loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["gxgk_crawler.spiders"]}))
    return {name: loader.load(name) for name in sorted(loader.list()) if name != "portal"}  # type: ignore[misc]
