"""Crawls of replica portals by homes on the test server, and other servers and homes beside them."""

from __future__ import annotations

from tests.crawl.conftest import Home, home

__all__ = ["Home", "home"]
