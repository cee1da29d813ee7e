"""TLS for old portals: weak keys and TLS 1.0, only for hosts whose ordinary handshake failed.

Scrapy's cipher setting cannot do it: Twisted expands the string to cipher names and drops `@SECLEVEL`. Scrapy itself allows
legacy renegotiation.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy.core.downloader.contextfactory import _ScrapyCertificateOptions, _ScrapyClientContextFactory
from scrapy.core.downloader.tls import _ScrapyClientTLSOptions26
from twisted.internet.ssl import TLSVersion

from gxgk_crawler.crawl.verdict import error_chain

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_HANDSHAKE_MARKS = (
    "dh key too small",
    "unsafe legacy renegotiation",
    "handshake failure",
    "unsupported protocol",
    "protocol version",
    "no protocols available",
    "ee key too small",
    "ca md too weak",
    "bad signature",
    "wrong signature type",
    "internal error",
)


class LegacyHosts:
    """Downloader middleware: remembers which hosts need old TLS, and repeats their first request. names: of these hosts."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware. Scrapy calls it once, when the crawl is set up."""
        del crawler
        return cls()

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Return the same request again when the first handshake with a host failed. Scrapy calls it for failed exchanges."""
        host = (urlsplit(request.url).hostname or "").lower()
        if host in self.names or not _is_handshake_failure(exception):
            return None
        logger.info("%s needs old TLS: %s", host, exception)
        self.names.add(host)
        return request.replace(dont_filter=True)


def _is_handshake_failure(error: BaseException) -> bool:
    text = " ".join(map(str, error_chain(error))).lower()
    return any(mark in text for mark in _HANDSHAKE_MARKS)


class OldAndNewContextFactory(_ScrapyClientContextFactory):
    """Scrapy's context factory, with weaker requirements for the hosts that LegacyHosts names."""

    crawler: Crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the factory. The download handler calls it once, when the crawl is set up."""
        factory = super().from_crawler(crawler, *args, **kwargs)
        factory.crawler = crawler
        return factory

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 (Twisted names it so)
        """The TLS options for one connection. Twisted calls it for each new connection by https."""
        host = hostname.decode("ascii")
        legacy = self.crawler.get_downloader_middleware(LegacyHosts)
        if legacy is None or host.lower() not in legacy.names:
            return super().creatorForNetloc(hostname, port)
        arguments = self._get_cert_options_kwargs() | {"insecurelyLowerMinimumTo": TLSVersion.TLSv1_0}
        options = _ScrapyCertificateOptions(**arguments)
        options.getContext().set_cipher_list(b"DEFAULT:@SECLEVEL=0")
        return _ScrapyClientTLSOptions26(options._makeTLSConnection, host)  # noqa: SLF001 (as Scrapy itself does)
