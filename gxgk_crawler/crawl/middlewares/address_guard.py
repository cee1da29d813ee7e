"""The address guard: no request leaves for a private network, whatever a page, a redirect or a name server says.

Judged is the target, never the proxy on the way to it. Through a proxy only the proxy looks names up, so there only
addresses written as such and names of this machine can be judged.
"""

from __future__ import annotations

import codecs
import ipaddress
import re
import socket
import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

    from gxgk_crawler.outcomes import Outcome

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Names that every system keeps for itself (RFC 6761, 6762, 8375), and those that clouds give to their metadata servers.
_OWN_NAMES = re.compile(r"(?:.*\.)?(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa|ip6-loopback)")
# What inet_aton reads as an address: up to four decimal, octal or hexadecimal numbers.
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*")
_NAT64 = ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48")
# IANA's special-purpose block; Python counts parts of it as global.
_SPECIAL = ipaddress.ip_network("192.0.0.0/24")
# What web pages are written in (WHATWG Encoding Standard), by Python's names.
_CHARSETS = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-15"),
        *("gb18030", "gbk", "gb2312", "hz", "big5", "big5hkscs", "euc_jp", "iso2022_jp", "shift_jis", "cp932"),
        *("euc_kr", "cp949", "cp1250", "cp1251", "cp1252", "koi8-r"),
    }
)
_ISATAP = 0x5EFE  # RFC 5214: ::0:5efe:a.b.c.d and ::200:5efe:a.b.c.d


class RefusedAddressError(IgnoreRequest):
    """A request that must not be made."""

    outcome: Outcome = "blocked"


def is_public(address: Address) -> bool:
    """True for an address of the open internet; an IPv4 address inside an IPv6 one must be public as well."""
    if not address.is_global or address.is_multicast or address.is_reserved or address in _SPECIAL:
        return False
    return all(is_public(inner) for inner in _embedded(address))


def _embedded(address: Address) -> list[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 one leads to: mapped, compatible, 6to4, Teredo, NAT64, ISATAP."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _NAT64) or int(address) >> 32 == 0:
        found.append(low)
    if (int(address) >> 32) & 0xFDFFFFFF == _ISATAP:
        found.append(low)
    return [inner for inner in found if inner is not None]


def literal(host: str) -> Address | None:
    """The address that a host is when it is written as one, in any notation that some system library understands.

    host: as a URL holds it, without brackets. None for a name. Raises ValueError for what is neither.
    """
    bare = unicodedata.normalize("NFKC", unquote(host)).replace("。", ".").rstrip(".").lower()
    if ":" in bare:
        return ipaddress.IPv6Address(bare.partition("%")[0])
    if not _NUMBERS.fullmatch(bare):
        if not bare or bare.rpartition(".")[2].isdecimal():
            raise ValueError(f"{host!r} is neither a name nor an address")
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(bare))
    except OSError as error:
        raise ValueError(f"{host!r} is no address") from error


def why_refused(url: str, *, loopback: bool = False, proxies: Sequence[str] = ()) -> str | None:
    """Why no request may be made for this URL; None when one may.

    loopback: trust 127.0.0.0/8, ::1 and localhost. proxies: hosts of our own proxies, which are no targets.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
        address = literal(host)
    except ValueError as error:
        return f"not an address to go to: {error}"
    if parts.scheme not in {"http", "https"}:
        return f"not an address to go to: the scheme {parts.scheme!r}"
    name = unicodedata.normalize("NFKC", unquote(host)).rstrip(".").lower()
    if loopback and (name == "localhost" or (address is not None and address.is_loopback)):
        return None
    if address is not None and not is_public(address):
        return f"not an address to go to: {host} is not on the open internet"
    if address is None and (_OWN_NAMES.fullmatch(name) or name in proxies):
        return f"not an address to go to: {host} is a name of our own network"
    return None


def _proxy_hosts(crawler: Crawler) -> set[str]:
    """Hosts of the proxies that this crawl goes through."""
    portal = getattr(getattr(crawler, "spidercls", None), "portal", None)  # the resolver belongs to the whole process
    urls = [*getproxies().values(), getattr(portal, "proxy", None) or ""]
    return {host for url in urls if (host := _host(url))}


def _host(url: str) -> str:
    try:
        return (urlsplit(url if "//" in url else f"//{url}").hostname or "").lower()
    except ValueError:
        return ""


class AddressGuard:
    """Downloader middleware before all others: looks at every request, robots.txt, redirects and attachments included.

    The setting ADDRESS_GUARD_LOOPBACK trusts this machine; it is for tests.
    """

    def __init__(self, *, loopback: bool, proxies: set[str]) -> None:
        self._loopback = loopback
        self._proxies = sorted(proxies)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        proxies = _proxy_hosts(crawler)
        GuardedResolver.proxies |= proxies
        return cls(loopback=crawler.settings.getbool("ADDRESS_GUARD_LOOPBACK"), proxies=proxies)

    def process_request(self, request: Request) -> None:
        """Raise RefusedAddressError for a request that must not be made."""
        reason = why_refused(request.url, loopback=self._loopback, proxies=self._proxies)
        if reason is not None:
            raise RefusedAddressError(reason)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say it plainly when the resolver has refused the host's address."""
        address = GuardedResolver.refused.get(_host(request.url))
        if address is not None and not isinstance(exception, IgnoreRequest):
            raise RefusedAddressError(
                f"not an address to go to: {_host(request.url)} is {address}, not on the open internet"
            ) from exception


class CharsetGuard:
    """Downloader middleware: keeps a page from choosing a codec that is none for text.

    Python decodes `idna`, `punycode` or `unicode_escape` too, slowly, with errors, or by executing escapes; Scrapy asks for
    whatever the header says. Extraction judges the bytes by itself.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        del request
        if not isinstance(response, TextResponse):
            return response
        try:
            known = codecs.lookup(response.encoding).name
        except LookupError:
            known = ""
        return response if known in _CHARSETS else response.replace(encoding="utf-8")


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, refusing answers outside the open internet.

    The address that is judged is the one that is connected to, so a name server that changes its mind between two
    questions wins nothing. refused: addresses by host. proxies: hosts of our own proxies, which may be anywhere.
    """

    refused: ClassVar[dict[str, str]] = {}
    proxies: ClassVar[set[str]] = set()

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, *, loopback: bool) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._loopback = loopback

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0,
            settings.getfloat("DNS_TIMEOUT"),
            loopback=settings.getbool("ADDRESS_GUARD_LOOPBACK"),
        )

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 (Twisted names it so)
        found: Deferred[Any] = super().getHostByName(name, timeout)
        return found.addCallback(self._judged, name.lower())

    def _judged(self, found: str, name: str) -> str:
        address = ipaddress.ip_address(found)
        trusted = name in self.proxies or (self._loopback and address.is_loopback)
        if not trusted and not is_public(address):
            self.refused[name] = found
            raise DNSLookupError(f"{name} is {found}, not on the open internet")
        return found
