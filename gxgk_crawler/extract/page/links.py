"""Files and images that a body refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from gxgk_crawler.extract.page.text import collapse
from gxgk_crawler.items import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

_FILE_ENDS = tuple(
    f".{end}"
    for end in [
        "doc",
        "docx",
        "xls",
        "xlsx",
        "pdf",
        "wps",
        "et",
        "ofd",
        "zip",
        "rar",
        "7z",
        "ppt",
        "pptx",
        "txt",
        "csv",
    ]
)
# Download addresses without a file name in the path: 大汉, 博达, NFCMS, Panzhihua.
_DOWNLOADS = (
    "downfile.jsp",
    "download.jsp",
    "/attachment/",
    "downloadattach",
    "filedownload",
    "/download?",
    "attachdown",
)
# In characters: no server takes more, and an image that is written into its own address has a hundred thousand.
_LONGEST_URL = 4096


def read_links(nodes: Iterable[HtmlElement], base: str | None) -> tuple[list[Link], list[Link]]:
    """(attachments, images) of the body nodes, each address once, in order. base: the page's own URL."""
    attachments: dict[str, Link] = {}
    images: dict[str, Link] = {}
    for node in nodes:
        for element in node.iter("a", "img"):
            if element.tag == "a":
                url = _absolute(element.get("href"), base)
                if url and is_file(url):
                    name = collapse("".join(element.itertext())) or element.get("title") or _file_name(url)
                    attachments.setdefault(url, Link(name=name, url=url))
            else:
                url = _absolute(element.get("src"), base)
                if url and not url.startswith("data:"):
                    images.setdefault(url, Link(name=element.get("alt") or _file_name(url), url=url))
    return list(attachments.values()), list(images.values())


def foreign_link_texts(nodes: Iterable[HtmlElement]) -> list[str]:
    """Texts of the links in the body that lead to a host outside .gov.cn."""
    texts = []
    for node in nodes:
        for element in node.iter("a"):
            url = _absolute(element.get("href"), None) or ""
            host = _host(url)
            if host and not host.endswith(".gov.cn") and (text := collapse("".join(element.itertext()))):
                texts.append(text)
    return texts


def _host(url: str) -> str:
    return urlsplit(url if "://" in url else f"http:{url}" if url.startswith("//") else "").hostname or ""


def names_in_text(lines: Sequence[str]) -> list[Link]:
    """Attachments of a plain text: lines such as `附件：统计表.docx`, whose address is not known (url is empty)."""
    links = []
    for line in lines:
        bare = line.strip()
        if bare.startswith("附件") and bare.lower().endswith(_FILE_ENDS) and len(bare) <= 120:
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


def is_file(url: str) -> bool:
    """True when the address is that of a document file, by its path or by the download scripts of known families."""
    lowered = url.lower()
    path = urlsplit(lowered).path
    return path.endswith(_FILE_ENDS) or any(mark in lowered for mark in _DOWNLOADS)


def _absolute(href: str | None, base: str | None) -> str | None:
    address = (href or "").strip()
    if not address or address.startswith(("#", "javascript:", "mailto:", "tel:", "file:", "about:")):
        return None
    try:
        absolute = urljoin(base, address) if base else address
        urlsplit(absolute)
    except ValueError:  # a bracketed host that is no IPv6 address
        return None
    return absolute


def _file_name(url: str) -> str:
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])
