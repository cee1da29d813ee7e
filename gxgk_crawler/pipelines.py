"""From a fetched candidate to a stored report: each stage calls one function of a room and hands on."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import scrapy
from scrapy.exceptions import DropItem, IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from gxgk_crawler.errors import ExtractionError, StorageError
from gxgk_crawler.extract.attachments import read_here
from gxgk_crawler.families.recognition import why_not_a_report
from gxgk_crawler.items import TAMPERED, Attachment, Candidate, Channel, Gone, Report, Sighting
from gxgk_crawler.reading import read_report
from gxgk_crawler.worker import Worker

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from gxgk_crawler.families.base import PortalSpider
    from gxgk_crawler.health import Health
    from gxgk_crawler.items import CaptureRole, Link

_ATTACHMENT_MAXSIZE = 128 * 1024 * 1024
_MOST_FILES = 60  # attachments and images of one report; the most seen is 24


class _Stage:
    """What all stages share: the crawler, its spider, its health, its reader."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def spider(self) -> PortalSpider:
        return self.crawler.spider  # type: ignore[return-value]  # every spider here is a PortalSpider

    @property
    def health(self) -> Health:
        return self.spider.health


class ExtractPipeline(_Stage):
    """Candidate -> Report, read in the child process."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.worker = Worker()

    def open_spider(self) -> None:
        self.worker.start()

    def close_spider(self) -> None:
        self.worker.close()

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Candidate):
            return item
        try:
            document, prepared = await self.worker.run(
                read_report,
                [item.body, *(body for _, body in item.parts)],
                url=item.url,
                media_type=item.media_type,
                charset=item.charset,
                fetched_on=item.capture.fetched_at.date(),
                portal=self.spider.portal,
                anchor=item.anchor,
            )
        except ExtractionError as error:
            self.health.failed(item.url, str(error), outcome="layout_changed", role="report")
            raise DropItem(str(error)) from error
        return Report(
            portal=self.spider.name,
            url=item.url,
            capture=replace(item.capture, role="report"),
            document=document,
            prepared=prepared,
            channels=item.channels,
            parts=[capture for capture, _ in item.parts],
        )


class ValidatePipeline(_Stage):
    """Drops what only looks like a report, and says why."""

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, Report):
            return item
        reason = why_not_a_report(item.document, min_chars=self.spider.portal.expect.min_chars)
        if reason is not None:
            self.health.skipped(item.url, reason)
            raise DropItem(reason)
        return item


class AttachmentPipeline(_Stage):
    """Fetches the files and images of a report through the archive, and reads the files."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.worker = Worker()

    def close_spider(self) -> None:
        self.worker.close()

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Report):
            return item
        attachments = [await self._attachment(link) for link in item.document.attachments[:_MOST_FILES]]
        for link in item.document.images[:_MOST_FILES]:
            await self._fetch(link, "image")
        return replace(item, attachments=attachments)

    async def _attachment(self, link: Link) -> Attachment:
        response = await self._fetch(link, "attachment")
        if isinstance(response, str):
            return Attachment(name=link.name, url=link.url, status="skipped", reason=response)
        capture = replace(response.meta["capture"], role="attachment")
        sha256 = hashlib.sha256(response.body).hexdigest()
        try:
            read = await self.worker.run(read_here, response.body)
        except ExtractionError as error:
            return Attachment(
                name=link.name, url=link.url, sha256=sha256, status="failed", reason=str(error), capture=capture
            )
        return Attachment(
            name=link.name,
            url=link.url,
            media_type=read.media_type,
            sha256=sha256,
            text=read.text,
            status=read.status,
            reason=read.reason,
            capture=capture,
        )

    async def _fetch(self, link: Link, role: CaptureRole) -> Response | str:
        """The response, or why there is none. Only hosts of the portal's own domain are asked."""
        if not self.spider.portal.trusts(link.url):
            self.health.skipped(link.url, "on a foreign host")
            return "on a foreign host"
        meta: dict[str, Any] = {"role": role, "download_maxsize": _ATTACHMENT_MAXSIZE}
        if self.spider.portal.proxy:
            meta["proxy"] = self.spider.portal.proxy
        request = scrapy.Request(link.url, meta=meta, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(request)
        except IgnoreRequest as error:
            self.health.skipped(link.url, str(error))
            return str(error)
        except Exception as error:  # noqa: BLE001  # one lost file must not lose its report; the reason is kept
            self.health.failed_with(request, error)
            return str(error)
        if response.status != 200:
            self.health.refused_by(response)
            return f"HTTP {response.status}"
        return response


class StorePipeline(_Stage):
    """Writes reports, channels, sightings and departures; ends the crawl when the database fails."""

    async def process_item(self, item: Any) -> Any:
        ledger = self.spider.ledger
        try:
            if isinstance(item, Report):
                saved = await ledger.save(item)
                self.health.report_stored(saved.change)
                if TAMPERED & set(item.document.flags):
                    self.health.report_tampered(item.url)
            elif isinstance(item, Gone):
                await ledger.save_gone(item)
                self.health.report_stored("gone")
            elif isinstance(item, Channel):
                await ledger.save_channel(item)
            elif isinstance(item, Sighting):
                await ledger.save_sighting(item)
                if item.checked:
                    self.health.report_stored("unchanged")
                if item.checked and ledger.knows_tampered(item.url):
                    self.health.report_tampered(item.url)
        except StorageError as error:
            ledger.storage_failed(error)
            raise DropItem(str(error)) from error
        return item
