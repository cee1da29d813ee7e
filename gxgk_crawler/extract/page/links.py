"""Addresses of files and images, as the elements of a page state them."""

from __future__ import annotations

import binascii
from base64 import b64decode
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import re2

from gxgk_crawler.extract.page.products import FILE_ENDS, downloads
from gxgk_crawler.extract.page.text import collapse
from gxgk_crawler.items import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

# In characters: no server takes more, and an image that is written into its own address has a hundred thousand.
_LONGEST_URL = 4096
_LONGEST_SCRIPT = 2000  # of one attribute: `onclick` and its kin are a call, never a program
_SCRIPTED = frozenset(
    {"onclick", "data-url", "data-href", "data-file", "data-src", "data-path", "data-link", "data-pdf"}
)
_EMBEDDING = {
    "iframe": ("src", "data-src"),
    "frame": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "param": ("value",),
}
_LAZY = ("data-original", "data-src", "data-url", "data-lazy-src", "original", "_src", "src")
_STRINGS = re2.compile(r"""["']([^"'<>]{3,1000})["']""")
_PAGE_ENDS = (".html", ".htm", ".shtml", ".jhtml", "/")
PICTURE_ENDS = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp")


def file_address(element: HtmlElement) -> str | None:
    """The address of the file that a click on this element fetches, as written; None when it fetches none.

    A link states it in `href`, in a script that `href` or `onclick` calls, or in a `data-` attribute. A download script of
    no known shape counts when the text of the link is a file's name.
    """
    href = element.get("href") or ""
    if href.endswith(_PAGE_ENDS) and element.get("onclick") is None:  # nearly every link of a page
        return None
    calls = []
    for name, value in element.items():
        if name == "href":
            href = value.strip()
        elif name in _SCRIPTED and len(value) <= _LONGEST_SCRIPT:
            calls.append(value)
    if href[:11].lower() == "javascript:":
        calls.insert(0, href)
    elif (href and is_file(href)) or (
        len(href) > 1 and not href.endswith(_PAGE_ENDS) and _is_file_name("".join(element.itertext()))
    ):
        return href
    for call in calls:
        for string in [call, *_STRINGS.findall(call)]:
            if is_file(string) and not any(mark in string for mark in "('\" "):
                return str(string).replace("\\/", "/")
    return None


def embedded_files(element: HtmlElement) -> Iterator[str]:
    """The addresses of the files that this element shows in the page: of the file itself or inside a viewer's address."""
    for name in _EMBEDDING.get(str(element.tag), ()):
        value = (element.get(name) or "").strip()
        if value and len(value) <= _LONGEST_URL:
            yield from _files_in(value)


def _files_in(address: str) -> Iterator[str]:
    """`address` itself, or the file that its query names: plain, escaped or in base64 (kkFileView and its kin)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    if parts.path.lower().endswith(FILE_ENDS):
        yield address
        return
    query = parts.query or (address if "=" in address and "?" not in address else "")
    for _, value in parse_qsl(query):
        for named in (value, _unpacked(value)):
            if named and is_file(named):
                yield named
                break
    if not parts.query and any(mark in address.lower() for mark in downloads()):
        yield address


def _unpacked(value: str) -> str:
    try:
        return b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def picture_address(element: HtmlElement) -> str | None:
    """The address of an `<img>`; of one that a script loads late, the address of the picture and not of the placeholder."""
    return next(
        (
            value
            for name in _LAZY
            if (value := (element.get(name) or "").strip()) and not value.startswith("data:")
            and (name == "src" or path_of(value).endswith(PICTURE_ENDS))
        ),
        None,
    )  # fmt: skip


def links_of(addresses: Iterable[tuple[str, str]], base: str | None) -> list[Link]:
    """Links of (name, address) pairs, each address once, in order; a link without a name has that of its file."""
    links: dict[str, Link] = {}
    for name, address in addresses:
        url = (absolute(address, base) or "").partition("#")[0]
        if url:
            links.setdefault(url, Link(name=name or file_name(url), url=url))
    return list(links.values())


def link_name(element: HtmlElement) -> str:
    """What a link is called: its text, else its title."""
    return _text(element) or collapse(element.get("title") or "")


def foreign_link_texts(nodes: Iterable[HtmlElement]) -> list[str]:
    """Texts of the links in the body that lead to a host outside .gov.cn."""
    texts = []
    for node in nodes:
        for element in node.iter("a"):
            url = absolute(element.get("href"), None) or ""
            host = _host(url)
            if host and not host.endswith(".gov.cn") and (text := _text(element)):
                texts.append(text)
    return texts


def _host(url: str) -> str:
    return urlsplit(url if "://" in url else f"http:{url}" if url.startswith("//") else "").hostname or ""


def names_in_text(lines: Sequence[str]) -> list[Link]:
    """Attachments of a plain text: lines such as `附件：统计表.docx`, whose address is not known (url is empty)."""
    links = []
    for line in lines:
        bare = line.strip()
        if bare.startswith("附件") and bare.lower().endswith(FILE_ENDS) and len(bare) <= 120:
            links.append(Link(name=bare, url=""))
    return links


def web_url(address: str | None, base: str) -> str | None:
    """The absolute http or https URL without fragment; None for an address that leads to no other resource, or nowhere."""
    address = (address or "").strip()
    if not address or address.startswith("#") or len(address) > _LONGEST_URL:
        return None
    try:
        url = urljoin(base, address).partition("#")[0]
        parts = urlsplit(url)
        _ = parts.port  # which is read, and may be wrong, only now
    except ValueError:  # "http://[" and its kin
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


@lru_cache(maxsize=4096)
def is_file(url: str) -> bool:
    """True when the address is that of a document file, by its path or by the download scripts of known families."""
    lowered = url.lower()
    return path_of(lowered).endswith(FILE_ENDS) or any(mark in lowered for mark in downloads())


def absolute(href: str | None, base: str | None) -> str | None:
    """The address made absolute against `base`; None for one that leads to no file."""
    address = (href or "").strip()
    if not address or address.startswith(("#", "javascript:", "mailto:", "tel:", "file:", "about:", "data:")):
        return None
    try:
        joined = urljoin(base, address) if base else address
        urlsplit(joined)
    except ValueError:  # a bracketed host that is no IPv6 address
        return None
    return joined if len(joined) <= _LONGEST_URL else None


def file_name(url: str) -> str:
    """The last part of the path, without its escapes."""
    return unquote(path_of(url, fold=False).rsplit("/", 1)[-1])


def path_of(url: str, *, fold: bool = True) -> str:
    """The path of an address, in lower case unless told otherwise; empty for one that cannot be split."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return path.lower() if fold else path


def _is_file_name(text: str) -> bool:
    return "." in text and 4 < len(text) <= 160 and text.lower().rstrip(" \n】]）)").endswith(FILE_ENDS)


def _text(element: HtmlElement) -> str:
    return collapse("".join(element.itertext()))
