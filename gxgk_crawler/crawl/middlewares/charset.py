"""Downloader middleware: a page cannot choose a codec that is not one for text."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from scrapy.http import TextResponse

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

# The encodings of web pages (WHATWG Encoding Standard), by Python's names.
_CHARSETS = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-15"),
        *("gb18030", "gbk", "gb2312", "hz", "big5", "big5hkscs", "euc_jp", "iso2022_jp", "shift_jis", "cp932"),
        *("euc_kr", "cp949", "cp1250", "cp1251", "cp1252", "koi8-r"),
    }
)


class CharsetGuard:
    """Replaces an encoding that is none of web pages by UTF-8, for Scrapy's own parsing.

    Python decodes `idna`, `punycode` or `unicode_escape` too, slowly, with errors, or by executing escapes, and Scrapy uses
    the encoding that the header names. Extraction decides about the encoding itself, from the bytes.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response with a safe encoding. Scrapy calls it for every response, before the page is decoded."""
        del request
        if not isinstance(response, TextResponse):
            return response
        try:
            known = codecs.lookup(response.encoding).name
        except LookupError:
            known = ""
        return response if known in _CHARSETS else response.replace(encoding="utf-8")
