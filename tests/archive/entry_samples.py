"""One entry of every kind with every field filled, and what lies in `entries/`: the bytes that version 0.1.0 wrote of each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gxgk_crawler.entries import CrawlEnded, CrawlStarted, ReportGone, ReportRead, Seen
from gxgk_crawler.items import (
    Attachment,
    Capture,
    Channel,
    CrawlResult,
    Document,
    Edit,
    Failure,
    FoundDate,
    Grid,
    GridCell,
    Link,
    Report,
    Sighting,
)

if TYPE_CHECKING:
    from gxgk_crawler.entries import Entry

AT = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)
WHOLE_SECOND = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SITE = "https://www.sample.gov.cn"

PAGE = Capture(
    record_id="urn:uuid:00000000-0000-4000-8000-000000000001",
    warc_file="gxgk-20260102030405678-00000-a_host-77.warc.gz",
    offset=1234,
    length=5678,
    url=f"{SITE}/nb/2020.html",
    method="GET",
    status=200,
    fetched_at=AT,
    payload_sha256="0" * 64,
    payload_length=43_210,
    media_type="text/html",
    ip="192.0.2.1",
    truncated="length",
    refers_to="urn:uuid:00000000-0000-4000-8000-000000000009",
    request_record_id="urn:uuid:00000000-0000-4000-8000-000000000002",
    reconstructed=True,
    role="report",
)
BARE = Capture(
    record_id="urn:uuid:00000000-0000-4000-8000-000000000003",
    warc_file=PAGE.warc_file,
    offset=0,
    length=1,
    url=f"{SITE}/nb/2020_2.html",
    method="GET",
    status=0,
    fetched_at=WHOLE_SECOND,
    payload_sha256="1" * 64,
    payload_length=0,
)
DOCUMENT = Document(
    url=PAGE.url,
    media_type="text/html",
    encoding="gb18030",
    title="样例市2020年政府信息公开工作年度报告",
    text='一、总体情况\n项目 | "数量" | 1\t\\',
    extracted_text='一、总体情况\n打印 关闭\n项目 | "数量" | 1\t\\',
    published_on="2021-01-20",
    year=2020,
    issuer="样例市人民政府办公室",
    source="样例网",
    dates=[FoundDate(value="2021-01-20", source="meta"), FoundDate(value="2021-01-21", source="signature")],
    fields={"索引号": "000-2021-00001", "文号": ""},
    edits=[
        Edit(kind="chrome", start=6, end=12, text="\n打印 关闭", rule="buttons"),
        Edit(kind="spam", start=0, end=1, text="一", rule="label", suggestion="二"),
    ],
    flags=["low_confidence", "spam"],
    grids=[Grid(cells=[GridCell(row=0, col=0, text="项目", rowspan=2), GridCell(row=0, col=1, text="😀", colspan=3)])],
    attachments=[Link(name="附件1.docx", url=f"{SITE}/nb/1.docx")],
    images=[Link(name="", url=f"{SITE}/nb/1.png")],
)
BARE_DOCUMENT = Document(url=None, media_type="text/plain", encoding=None, title=None, text="", extracted_text="")
REPORT = Report(
    portal="sample",
    url=PAGE.url,
    capture=PAGE,
    document=DOCUMENT,
    attachments=[
        Attachment(
            name="附件1.docx",
            url=f"{SITE}/nb/1.docx",
            media_type="application/pdf",
            sha256="2" * 64,
            text="统计表\x00",
            capture=BARE,
        ),
        Attachment(name="附件2", url=f"{SITE}/nb/2.rar", status="skipped", reason="no reader for application/vnd.rar"),
    ],
    channels=[f"{SITE}/nb/"],
    parts=[BARE],
    requisites=["urn:uuid:00000000-0000-4000-8000-000000000004"],
)

READ = ReportRead(at=AT, report=REPORT, extractor_version="1", started_at=WHOLE_SECOND)
GONE = ReportGone(at=AT, portal="sample", url=PAGE.url, capture=PAGE)

# By the names of the files in `entries/`.
ENTRIES: dict[str, Entry] = {
    "crawl_started": CrawlStarted(
        at=AT,
        portal="sample",
        title="样例市人民政府",
        family="trs",
        entry=f"{SITE}/",
        division="150700",
        site_code="1507000006",
        software_version="0.1.0",
        settings_digest="3" * 64,
        host="a-host",
    ),
    "crawl_started_bare": CrawlStarted(
        at=WHOLE_SECOND,
        portal="sample",
        title="样例",
        family="generic",
        entry=f"{SITE}/",
        division=None,
        site_code=None,
        software_version="0.1.0",
        settings_digest=None,
        host="",
    ),
    "crawl_ended": CrawlEnded(
        at=AT,
        portal="sample",
        started_at=WHOLE_SECOND,
        result=CrawlResult(
            outcome="layout_changed",
            cause="no list names a report",
            evidence_url=f"{SITE}/nb/",
            counts={"captures": 12, "failed": 1, "skipped": 1},
            failures=[
                Failure(url=f"{SITE}/a", reason="HTTP 500", kind="failed"),
                Failure(url=f"{SITE}/b", reason="解读, not a report", kind="skipped"),
            ],
        ),
    ),
    "seen": Seen(
        at=AT,
        portal="sample",
        channels=[
            Channel(url=f"{SITE}/nb/", title="年度报告", parent=f"{SITE}/", seen_at=AT),
            Channel(url=f"{SITE}/nb/index_1.html", title=""),
        ],
        sightings=[
            Sighting(url=f"{SITE}/nb/2019.html", channel=f"{SITE}/nb/", checked=True),
            Sighting(url=f"{SITE}/nb/2018.html"),
        ],
    ),
    "report_read": READ,
    "report_read_again": ReportRead(
        at=AT,
        report=Report(portal="sample", url=BARE.url, capture=BARE, document=BARE_DOCUMENT),
        extractor_version="1",
        reason="reextract",
    ),
    # Halves of characters have no UTF-8: such an entry is written with escapes throughout.
    "report_read_halves": ReportRead(
        at=AT,
        report=Report(
            portal="sample",
            url=BARE.url,
            capture=BARE,
            document=Document(
                url=BARE.url,
                media_type="text/html",
                encoding="utf-8",
                title="样例\ud83d",
                text="\udc00一、总体情况😀",
                extracted_text="\udc00一、总体情况😀",
            ),
        ),
        extractor_version="1",
    ),
    "report_gone": GONE,
}
