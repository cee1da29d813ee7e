"""Where a page sends its reader without a status code: by a meta refresh, or by a script.

Portals do so on index pages that have no content of their own, and on the old host after a move to another domain. No script
is run: only an address that stands in the page is taken.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import re2
from w3lib.html import get_base_url, get_meta_refresh

from gxgk_crawler.extract.page.links import web_url

if TYPE_CHECKING:
    from gxgk_crawler.families.page import Page

# As Scrapy's MetaRefreshMiddleware reads a page: its first characters, and nothing inside <noscript>.
_HEAD = 4096
_NOT_READ = ("noscript",)
_LONGEST_DELAY = 10.0  # seconds
# A page that only leads on is short; one with a menu is read, whatever its scripts would do on a phone.
_MOST_LINKS = 5
_LONGEST = 20_000  # characters
_MOST_JUMPS = 20  # of each kind on one page; for each by a variable the page is searched again

_TARGET = (
    r"""(?:['"]([^'"<>\s]{1,500})['"]|(?:document\.getElementById\(\s*['"])?([A-Za-z_$][\w$-]*)(?:['"]\s*\)\.\w+)?)"""
)
_ASSIGNED = re2.compile(rf"\blocation(?:\.href)?\s*=\s*{_TARGET}\s*[;}})\n<'\"]")
_CALLED = re2.compile(rf"\blocation\.(?:replace|assign)\s*\(\s*{_TARGET}\s*\)")
_OPENED = re2.compile(rf"""\bwindow\.open\s*\(\s*{_TARGET}\s*,\s*['"](?:_self|_top|_parent)['"]""")
_MOBILE = re2.compile(r"^(?:m|wap|3g|mobile)\.")


def redirect_of(page: Page) -> str | None:
    """The URL that the page sends its reader to; None for a page that is to be read itself."""
    return meta_refresh(page.html, page.url) or _by_script(page)


def meta_refresh(html: str, url: str) -> str | None:
    """The http or https URL to which a meta refresh in the head of the page at `url` sends its reader; None for no such thing."""
    head = html[:_HEAD]
    try:
        delay, target = get_meta_refresh(head, get_base_url(head, url), ignore_tags=_NOT_READ)
    except ValueError:  # an address that is none, such as http://[
        return None
    return web_url(target, url) if delay is not None and delay < _LONGEST_DELAY else None


def _by_script(page: Page) -> str | None:
    if len(page.anchors) > _MOST_LINKS or len(page.html) > _LONGEST:
        return None
    for pattern in (_ASSIGNED, _CALLED, _OPENED):
        for found in islice(pattern.finditer(page.html), _MOST_JUMPS):
            address = found.group(1) or _value_of(found.group(2), page.html)
            url = web_url(address, page.url) if address else None
            if url is not None and url != page.url and not _MOBILE.match(urlsplit(url).hostname or ""):
                return url
    return None


def _value_of(name: str, html: str) -> str | None:
    """What a variable of a script holds: a string, or the text of the element whose id it reads; else of one with its name."""
    quoted = re2.escape(name)
    literal = re2.search(rf"""\b{quoted}\s*=\s*['"]([^'"<>\s]{{1,500}})['"]""", html)
    if literal is not None:
        return str(literal.group(1))
    read = re2.search(rf"""\b{quoted}\s*=\s*[^;]{{0,40}}['"]#?([\w-]{{1,60}})['"]""", html)
    element = re2.escape(read.group(1)) if read else quoted
    text = re2.search(rf"""\bid=['"]?{element}['"]?[^<>]*>\s*([^<>\s]{{1,500}})\s*<""", html)
    return str(text.group(1)) if text else None
