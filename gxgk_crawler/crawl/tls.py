"""TLS for old portals: weak keys and TLS 1.0, only towards the hosts that need them. Legacy renegotiation Scrapy allows itself.

Scrapy's cipher setting cannot do it: Twisted expands the string to cipher names and drops `@SECLEVEL`. A host is taken for an
old one when a first handshake in ordinary terms has failed; all others keep the ordinary terms.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy.core.downloader.contextfactory import _ScrapyCertificateOptions, _ScrapyClientContextFactory
from scrapy.core.downloader.tls import _ScrapyClientTLSOptions26
from twisted.internet.ssl import TLSVersion

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
    """Downloader middleware: learns which hosts need old TLS, and asks them once more in their own terms."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        del crawler
        return cls()

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The same request again when a handshake with a host that was not known to be old has failed."""
        host = (urlsplit(request.url).hostname or "").lower()
        if host in self.names or not _is_handshake_failure(exception):
            return None
        logger.info("%s needs old TLS: %s", host, exception)
        self.names.add(host)
        return request.replace(dont_filter=True)


def _is_handshake_failure(error: BaseException) -> bool:
    text = " ".join(str(part) for part in _chain(error)).lower()
    return any(mark in text for mark in _HANDSHAKE_MARKS)


def _chain(error: BaseException | None) -> list[BaseException]:
    """The error, its causes, and the reasons that Twisted keeps in a list."""
    if error is None:
        return []
    reasons = [failure.value for failure in getattr(error, "reasons", None) or []]
    return [error, *_chain(error.__cause__), *(part for reason in reasons for part in _chain(reason))]


class OldAndNewContextFactory(_ScrapyClientContextFactory):
    """Scrapy's context factory, with old terms for the hosts that LegacyHosts has learnt."""

    crawler: Crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        factory = super().from_crawler(crawler, *args, **kwargs)
        factory.crawler = crawler
        return factory

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 (Twisted names it so)
        host = hostname.decode("ascii")
        learnt = self.crawler.get_downloader_middleware(LegacyHosts)
        if learnt is None or host.lower() not in learnt.names:
            return super().creatorForNetloc(hostname, port)
        terms = self._get_cert_options_kwargs() | {"insecurelyLowerMinimumTo": TLSVersion.TLSv1_0}
        options = _ScrapyCertificateOptions(**terms)
        options.getContext().set_cipher_list(b"DEFAULT:@SECLEVEL=0")
        return _ScrapyClientTLSOptions26(options._makeTLSConnection, host)  # noqa: SLF001 (as Scrapy itself does)
