"""Crawls of replica portals, as in tests/crawl."""

from tests.crawl.conftest import home

__all__ = ["home"]
