"""Whose page it is: the host that served it and the codes it carries, against the portal it is said to belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gxgk_crawler.portal import Portal


def is_foreign_host(url: str | None, metas: Mapping[str, str], portal: Portal | None) -> bool:
    """True when a page comes from somewhere else than a government.

    The host that served it is neither .gov.cn nor one of the portal's; or, for a page whose address is unknown, both
    SiteDomain and SiteIDCode contradict the portal. One of them alone proves nothing: a provincial portal was seen with
    the site code of another province, and templates are reused with the old domain in them. metas: by lower-case name.
    """
    host = _host_of(url) if url else None
    if host:
        return not _is_government(host) and not (portal is not None and _owns(portal, host))
    if portal is None or portal.site_code is None:
        return False
    code = metas.get("siteidcode", "")
    domains = [domain for part in metas.get("sitedomain", "").split(",") if (domain := _host_of(part))]
    if not code or not domains:
        return False
    return code != portal.site_code and not any(_owns(portal, domain) for domain in domains)


def _is_government(host: str) -> bool:
    return host == "gov.cn" or host.endswith(".gov.cn")


def _owns(portal: Portal, host: str) -> bool:
    """The portal's own hosts and what lies below them: departments have theirs there."""
    bare = portal.host.removeprefix("www.")
    return portal.owns(host) or host.endswith(f".{bare}")


def _host_of(address: str) -> str | None:
    """The host of an address with or without scheme; None for one that has none or cannot be read."""
    address = address.strip()
    try:
        return urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:
        return None
