"""The stages from a fetched candidate to a stored report; each calls one room and passes the item on."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from gxgk_crawler.crawl.linked_files import Fetched, Fetcher, Shared, as_requested
from gxgk_crawler.errors import ExtractionError, StorageError
from gxgk_crawler.extract.limits import Allowance
from gxgk_crawler.extract.requisites import sheet_requisites
from gxgk_crawler.families.recognition import why_not_a_report
from gxgk_crawler.items import TAMPERED, Attachment, Candidate, Channel, Gone, Link, Report, Requisites, Sighting
from gxgk_crawler.sandbox.child import Child
from gxgk_crawler.statutory.figures import may_hold_tables

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from gxgk_crawler.crawl.monitor import CrawlMonitor
    from gxgk_crawler.crawl.spider import PortalSpider
    from gxgk_crawler.store.prepared import Prepared

logger = logging.getLogger(__name__)

_MOST_FILES = 60  # attachments and images of one report; the most seen is 24
_MOST_SHEETS = 40  # style sheets of one report, with those that they import
_MOST_IMAGES = 200  # images around one report
_NESTING = 2  # levels of style sheets that import others
_REMEMBERED = 20_000_000  # characters of attachments that are kept for further reports that link to them


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """A report on its way through the stages.

    prepared: its document as the database takes it. needs: the style sheets and images that its pages need to be shown.
    """

    report: Report
    prepared: Prepared = field(repr=False)
    needs: Requisites = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A style sheet. record_ids: of its captures; empty when it could not be fetched. needs: what it links to itself."""

    record_ids: list[str] = field(default_factory=list)
    needs: Requisites = field(default_factory=Requisites)


class _Stage:
    """What all stages share. Scrapy calls `process_item` of each stage, in the order of the settings, with every item."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the stage. Scrapy calls it once, when the crawl is set up."""
        return cls(crawler)

    @property
    def spider(self) -> PortalSpider:
        """The spider of this crawl."""
        return self.crawler.spider  # type: ignore[return-value]  # every spider here is a PortalSpider

    @property
    def monitor(self) -> CrawlMonitor:
        """The counts of this crawl."""
        return self.spider.monitor


class ExtractPipeline(_Stage):
    """Reads candidates in the child process: Candidate -> ReadReport."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.child = Child()

    def open_spider(self) -> None:
        """Start the child process. Scrapy calls it before the first request."""
        self.child.start()

    def close_spider(self) -> None:
        """End the child process. Scrapy calls it after the last item."""
        self.child.close()

    async def process_item(self, item: Any) -> Any:
        """Return the report that the candidate is read as. Raises DropItem when it cannot be read."""
        if not isinstance(item, Candidate):
            return item
        from gxgk_crawler.sandbox.report import read_candidate  # noqa: PLC0415 - half a second at start, while the child starts

        try:
            reading = await self.child.run(read_candidate, item, self.spider.portal)
        except ExtractionError as error:
            self.monitor.failed(item.url, str(error), outcome="layout_changed", role="report")
            raise DropItem(str(error)) from error
        report = Report(
            portal=self.spider.name,
            url=item.url,
            capture=replace(item.capture, role="report"),
            document=reading.document,
            channels=item.listed_on,
            parts=[capture for capture, _ in item.parts],
        )
        return ReadReport(report=report, prepared=reading.prepared, needs=reading.needs)


class ValidatePipeline(_Stage):
    """Drops documents that only look like a report."""

    def process_item(self, item: Any) -> Any:
        """Return the item; note the reason in the monitor and raise DropItem when it is no report."""
        if not isinstance(item, ReadReport):
            return item
        reason = why_not_a_report(item.report.document, min_chars=self.spider.portal.expect.min_chars)
        if reason is not None:
            self.monitor.skipped(item.report.url, reason)
            raise DropItem(reason)
        return item


class AttachmentPipeline(_Stage):
    """Archives the files and images of a report, and what its pages need to be shown; reads the files.

    A file that several reports link to is fetched and read once.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.child = Child()
        self._fetcher = Fetcher(crawler)
        self._attachments = Shared[list[Attachment]](weigh=_characters, enough=_REMEMBERED)
        self._images = Shared[list[str]]()
        self._sheets = Shared[_Sheet]()

    def close_spider(self) -> None:
        """End the child process. Scrapy calls it after the last item."""
        self.child.close()

    async def process_item(self, item: Any) -> Any:
        """Return the report with its attachments and the record ids of its requisites."""
        if not isinstance(item, ReadReport):
            return item
        report = item.report
        anew = self.spider.known.knows(report.url)
        document = report.document
        allowance = Allowance()
        attachments = [
            allowance.fitting(made)
            for link in document.attachments[:_MOST_FILES]
            for made in await self._files_of(link, anew=anew)
        ]
        requisites: list[str] = []
        of_text = [_key(link.url) for link in document.images[:_MOST_FILES]]
        for url in of_text:
            requisites += await self._image(url, anew=anew)
        requisites += await self._around(item.needs, of_text)
        own = {capture.record_id for capture in (report.capture, *report.parts)}
        needed = [record_id for record_id in dict.fromkeys(requisites) if record_id not in own]
        prepared = await self._with_figures(item, attachments)
        return replace(item, report=replace(report, attachments=attachments, requisites=needed), prepared=prepared)

    async def _with_figures(self, item: ReadReport, attachments: list[Attachment]) -> Prepared:
        """The report as the database takes it, with the figures of its attachments too."""
        if not any(map(may_hold_tables, attachments)):
            return item.prepared
        from gxgk_crawler.sandbox.report import figures_of_report  # noqa: PLC0415 - see above: half a second at start

        try:
            figures = await self.child.run(figures_of_report, item.report.document, attachments)
        except ExtractionError as error:
            logger.warning("the tables in the attachments of %s cannot be read: %s", item.report.url, error)
            return item.prepared
        return item.prepared.with_figures(figures)

    # -- files of the text

    async def _files_of(self, link: Link, *, anew: bool) -> list[Attachment]:
        """The file, and those in it when it is an archive, under the name that this report gives it."""
        made = await self._attachments.get(_key(link.url), partial(self._read, anew=anew))
        return [replace(one, name=link.name + one.name, url=link.url + one.url) for one in made]

    async def _read(self, url: str, *, anew: bool) -> list[Attachment]:
        """The file at the URL; the names and URLs lack what comes from the link."""
        from gxgk_crawler.extract.attachments import (  # noqa: PLC0415 - see above: half a second at start
            AttachmentText,
            attachments_of,
            read_bytes,
        )

        fetched = await self._fetcher.file(url, "attachment", anew=anew)
        if isinstance(fetched, str):
            return [Attachment(name="", url="", status="skipped", reason=fetched)]
        capture = replace(fetched.captures[-1], role="attachment")
        sha256 = hashlib.sha256(fetched.body).hexdigest()
        try:
            read = await self.child.run(read_bytes, fetched.body)
        except ExtractionError as error:
            read = AttachmentText(status="failed", reason=str(error))
        return attachments_of(Link(name="", url=""), sha256, capture, read)

    async def _image(self, url: str, *, anew: bool) -> list[str]:
        """Record ids of an image of the text; none when it cannot be fetched."""

        async def fetch(url: str) -> list[str]:
            return _record_ids(await self._fetcher.file(url, "image", anew=anew))

        return await self._images.get(url, fetch)

    # -- files around the text

    async def _around(self, needs: Requisites, of_text: list[str]) -> list[str]:
        """Record ids of the style sheets, of those that they import, and of all images except `of_text`.

        Files that cannot be fetched are left out.
        """
        found: list[str] = []
        images, sheets = _keys(needs.images), _keys(needs.stylesheets)
        met: set[str] = set()
        for _ in range(1 + _NESTING):
            further: dict[str, None] = {}
            for url in [url for url in sheets if url not in met][: _MOST_SHEETS - len(met)]:
                if self._is_ending:
                    return found
                met.add(url)
                sheet = await self._sheets.get(url, self._fetch_sheet)
                self.monitor.requisite(url, had=bool(sheet.record_ids))
                found += sheet.record_ids
                images |= _keys(sheet.needs.images)
                further |= _keys(sheet.needs.stylesheets)
            sheets = further
        for url in [url for url in images if url not in of_text][:_MOST_IMAGES]:
            if self._is_ending:
                return found
            image = await self._images.get(url, self._fetch_image)
            self.monitor.requisite(url, had=bool(image))
            found += image
        return found

    @property
    def _is_ending(self) -> bool:
        """True when the crawl is stopping: it still stores its reports, but fetches no more files around their text."""
        return not self.crawler.engine.running or self.monitor.facts.storage is not None

    async def _fetch_image(self, url: str) -> list[str]:
        return _record_ids(await self._fetcher.requisite(url, "image"))

    async def _fetch_sheet(self, url: str) -> _Sheet:
        fetched = await self._fetcher.requisite(url, "stylesheet")
        if fetched is None:
            return _Sheet()
        try:
            needs = await self.child.run(sheet_requisites, fetched.body, fetched.url)
        except ExtractionError as error:
            logger.warning("the style sheet %s cannot be read: %s", url, error)
            needs = Requisites()
        return _Sheet(record_ids=_record_ids(fetched), needs=needs)


def _record_ids(fetched: Fetched | str | None) -> list[str]:
    return [capture.record_id for capture in fetched.captures] if isinstance(fetched, Fetched) else []


def _characters(files: list[Attachment]) -> int:
    return sum(len(file.text or "") for file in files)


def _keys(urls: list[str]) -> dict[str, None]:
    return dict.fromkeys(map(_key, urls))


def _key(url: str) -> str:
    """The URL as Scrapy sends it; one that Scrapy cannot send stays as it is, and fails when it is fetched."""
    try:
        return as_requested(url)
    except ValueError:
        return url


class StorePipeline(_Stage):
    """Writes reports, channels, sightings and reports that are gone; ends the crawl when writing fails."""

    async def process_item(self, item: Any) -> Any:
        """Write the item and return it; without a crawl of record nothing is written. Raises DropItem when it cannot be written."""
        ledger = self.spider.ledger
        if ledger is None:
            return item
        try:
            if isinstance(item, ReadReport):
                report = item.report
                saved = await ledger.save(report, item.prepared)
                self.monitor.report_stored(saved.change)
                if TAMPERED & set(report.document.flags):
                    self.monitor.report_tampered(report.url)
            elif isinstance(item, Gone):
                await ledger.save_gone(item)
                self.monitor.report_stored("gone")
            elif isinstance(item, Channel):
                await ledger.save_channel(item)
            elif isinstance(item, Sighting):
                await ledger.save_sighting(item)
                if item.checked:
                    self.monitor.report_stored("unchanged")
        except StorageError as error:
            ledger.storage_failed(error)
            raise DropItem(str(error)) from error
        return item
