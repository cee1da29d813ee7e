"""Downloader middleware: bodies are decompressed in a thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class Decompression(HttpCompressionMiddleware):
    """Scrapy's middleware would hold the event loop for half a minute over 32 MB of empty gzip members."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the response with its body decompressed. Scrapy calls it for every response."""
        if not response.headers.getlist("Content-Encoding"):
            return response
        return await asyncio.to_thread(super().process_response, request, response)
