"""Small reports and captures for the tests of the store; their texts are samples written for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any

from gxgk_crawler.items import Attachment, Capture, Document, Edit, FoundDate, Grid, GridCell, Report
from gxgk_crawler.portal import Portal
from gxgk_crawler.store.crawls import finish_crawl, start_crawl

if TYPE_CHECKING:
    from gxgk_crawler.items import CrawlResult
    from gxgk_crawler.store.postgres.database import Connection

PORTAL = Portal(title="样本市人民政府", entry="https://www.sample.gov.cn/", division="150700", site_code="1507000006")
URL = "https://www.sample.gov.cn/nb/2020.html"
START = datetime(2026, 1, 1, tzinfo=UTC)
WARC = "gxgk-20260101000000000-00001-a-host-77.warc.gz"

_numbers = count(1)


def capture(day: float = 0, **values: Any) -> Capture:
    """A capture of its own, fetched `day` days after START."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "record_id": f"urn:uuid:{number:032d}",
        "warc_file": WARC,
        "offset": number * 1000,
        "length": 900,
        "url": URL,
        "method": "GET",
        "status": 200,
        "fetched_at": START + timedelta(days=day),
        "payload_sha256": sha256(str(number).encode()).hexdigest(),
        "payload_length": 5000,
        "media_type": "text/html",
        "role": "report",
    }
    return Capture(**(facts | values))


def document(text: str, **values: Any) -> Document:
    facts: dict[str, Any] = {
        "url": URL,
        "media_type": "text/html",
        "encoding": "utf-8",
        "title": "样本市2020年政府信息公开工作年度报告",
        "text": text,
        "extracted_text": f"打印\n{text}",
        "published_on": "2021-01-20",
        "year": 2020,
        "issuer": "样本市人民政府",
        "source": "办公室",
        "dates": [FoundDate(value="2021-01-20", source="meta")],
        "fields": {"索引号": "000-1"},
        "edits": [Edit(kind="chrome", start=0, end=3, text="打印\n", rule="print")],
        "grids": [Grid(cells=[GridCell(row=0, col=0, text="件数")])],
    }
    return Document(**(facts | values))


def report(text: str, day: float = 0, *, url: str = URL, portal: str = "sample", **values: Any) -> Report:
    """A report found `day` days after START; values: of its document, or `capture`, `attachments`, `channels`."""
    own = {name: values.pop(name) for name in ("capture", "attachments", "channels") if name in values}
    facts: dict[str, Any] = {"capture": capture(day, url=url), "document": document(text, **values)}
    return Report(portal=portal, url=url, **(facts | own))


def start(conn: Connection, portal: str = "sample", started_at: datetime | None = None, version: str = "1.0") -> int:
    """Begin a crawl, now or at that moment; its number."""
    began = started_at or datetime.now(UTC)
    return start_crawl(conn, portal, began, software_version=version, settings_digest=None, host="here")


def finish(conn: Connection, number: int, result: CrawlResult) -> None:
    """End a crawl now."""
    finish_crawl(conn, number, result, datetime.now(UTC))


def attachment(content: str | None, **values: Any) -> Attachment:
    """An attachment with this text, or one that could not be fetched."""
    facts: dict[str, Any] = {"name": "附件.docx", "url": "https://www.sample.gov.cn/a.docx"}
    if content is None:
        facts |= {"status": "failed", "reason": "timeout"}
    else:
        facts |= {"text": content, "sha256": sha256(content.encode()).hexdigest()}
    return Attachment(**(facts | values))
