"""The address guard: no request goes to a private network, whatever a page, a redirect or a name server says.

It checks the target of a request, never the proxy on the way to it. Behind a proxy only the proxy resolves names, so there the
guard can check only addresses that stand in the URL and names that mean this machine or network.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

    from gxgk_crawler.outcomes import Outcome

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Names that every system keeps for itself (RFC 6761, 6762 with its appendix G, 8375), that clouds give to their metadata
# servers and Kubernetes to its services. A name without a dot is one of the local network too.
_OWN_NAMES = re.compile(
    r"[^.]*|(?:.*\.)?(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|svc|home\.arpa|ip6-localhost|ip6-loopback)"
)
_NAME = re.compile(r"[a-z0-9.-]+")
# What inet_aton reads as an address: up to four decimal, octal or hexadecimal numbers.
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*")
_NAT64 = ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48")
# Blocks of IANA's special-purpose registries that Python counts as global: protocol assignments, the 6to4 relay (RFC 7526),
# site-local addresses (RFC 3879), documentation (RFC 9637).
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20")))
_ISATAP = 0x5EFE  # RFC 5214: ::0:5efe:a.b.c.d and ::200:5efe:a.b.c.d


class RefusedAddressError(IgnoreRequest):
    """The guard refuses this request."""

    outcome: Outcome = "blocked"


def is_public(address: Address) -> bool:
    """True for an address of the public internet; an IPv4 address embedded in an IPv6 one must be public as well."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if any(address in network for network in _SPECIAL):
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
    """The address that a host is written as, in any notation that some system library understands; None for a name.

    host: as a URL holds it, without brackets. Raises ValueError for what is neither an address nor a name.
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
    """Why no request may be sent to this URL; None when it may.

    loopback: allow 127.0.0.0/8, ::1 and localhost. proxies: hosts of our own proxies, which may not be targets.
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
    name = _ascii_name(host)
    if loopback and (name == "localhost" or (address is not None and address.is_loopback)):
        return None
    if address is not None and not is_public(address):
        return f"not an address to go to: {host} is not on the open internet"
    if address is None and (name is None or not _NAME.fullmatch(name)):
        return f"not an address to go to: {host!r} is no name of a host"
    if address is None and (_OWN_NAMES.fullmatch(name or "") or name in proxies):
        return f"not an address to go to: {host} is a name of our own network"
    return None


def _ascii_name(host: str) -> str | None:
    """The host decoded, without a final dot, in the form that a name server is asked for; None when it has none."""
    name = unicodedata.normalize("NFKC", unquote(host)).rstrip(".").lower()
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def _proxy_hosts(crawler: Crawler) -> set[str]:
    """Hosts of the proxies of this crawl, lower case. `no_proxy` holds hosts that are asked directly: none of them is a proxy."""
    portal = getattr(getattr(crawler, "spidercls", None), "portal", None)  # the resolver belongs to the whole process
    of_the_system = getproxies()
    urls = [of_the_system.get(scheme, "") for scheme in ("http", "https", "all")]
    urls.append(getattr(portal, "proxy", None) or "")
    return {host for url in urls if (host := _host(url))}


def _host(url: str) -> str:
    try:
        return (urlsplit(url if "//" in url else f"//{url}").hostname or "").lower()
    except ValueError:
        return ""


class AddressGuard:
    """Downloader middleware that refuses requests to addresses outside the public internet.

    It stands before all others, so it sees every request: robots.txt, redirects and attachments included. The setting
    ADDRESS_GUARD_LOOPBACK allows this machine as a target; it is for tests.
    """

    def __init__(self, *, loopback: bool, proxies: set[str]) -> None:
        self._loopback = loopback
        self._proxies = sorted(proxies)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the guard, and let the resolver connect to the proxies. Scrapy calls it once, when the crawl is set up."""
        proxies = _proxy_hosts(crawler)
        GuardedResolver.proxies |= proxies
        return cls(loopback=crawler.settings.getbool("ADDRESS_GUARD_LOOPBACK"), proxies=proxies)

    def process_request(self, request: Request) -> None:
        """Raise RefusedAddressError for a forbidden target. Scrapy calls it before each request is sent."""
        reason = why_refused(request.url, loopback=self._loopback, proxies=self._proxies)
        if reason is not None:
            raise RefusedAddressError(reason)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise RefusedAddressError when the resolver refused the host's address. Scrapy calls it for failed exchanges."""
        address = GuardedResolver.refused.get(_host(request.url))
        if address is not None and not isinstance(exception, IgnoreRequest):
            raise RefusedAddressError(
                f"not an address to go to: {_host(request.url)} is {address}, not on the open internet"
            ) from exception


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, which refuses addresses outside the public internet.

    The crawl connects to the very address that was checked, so a name server that changes its answer between two lookups gains
    nothing (DNS rebinding). refused: refused addresses by host. proxies: hosts of our own proxies, which may be anywhere.
    """

    refused: ClassVar[dict[str, str]] = {}
    proxies: ClassVar[set[str]] = set()

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, *, loopback: bool) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._loopback = loopback

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Build the resolver. Scrapy calls it once, when the reactor of the process is set up."""
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0,
            settings.getfloat("DNS_TIMEOUT"),
            loopback=settings.getbool("ADDRESS_GUARD_LOOPBACK"),
        )

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 (Twisted names it so)
        """Resolve a name. Twisted calls it for each new connection to a name. Fails with DNSLookupError when refused."""
        found: Deferred[Any] = super().getHostByName(name, timeout)
        return found.addCallback(self._checked, name.lower())

    def _checked(self, found: str, name: str) -> str:
        address = ipaddress.ip_address(found)
        trusted = name in self.proxies or (self._loopback and address.is_loopback)
        if not trusted and not is_public(address):
            self.refused[name] = found
            raise DNSLookupError(f"{name} is {found}, not on the open internet")
        return found
