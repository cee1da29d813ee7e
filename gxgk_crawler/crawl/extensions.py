"""Access to the Scrapy extensions of a crawl by their class."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from gxgk_crawler.errors import ConfigError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

T = TypeVar("T")


def extension(crawler: Crawler, kind: type[T]) -> T:
    """The extension of this class. Raises ConfigError when the setting EXTENSIONS does not enable it."""
    found = crawler.get_extension(kind)
    if found is None:
        raise ConfigError(f"the extension {kind.__name__} is not enabled")
    return found
