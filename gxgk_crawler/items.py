"""What flows from the wire to the database: captures, documents and their parts.

Every class here is a plain dataclass of builtin types, so that it can cross a process border and be written as JSON.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from gxgk_crawler.outcomes import Outcome  # noqa: TC001 (entries.py decodes by the annotations)

CaptureRole = Literal["robots", "page", "list", "report", "attachment", "image", "stylesheet"]
# Every flag that a document can have (docs/strictness.md).
FLAGS = frozenset(
    {
        "no_body",
        "low_confidence",
        "needs_ocr",
        "replacement_characters",
        "cut",
        "spam",
        "damaged",
        "foreign_host",
    }
)
# Flags of a document that holds foreign words. Such a version never displaces a clean one.
TAMPERED = frozenset({"spam", "damaged", "foreign_host"})

EditKind = Literal["chrome", "spam"]
DateSource = Literal["meta", "visible", "url", "signature"]


# The base name of a WARC file. Ours say when the file was begun (UTC, to the millisecond), its number, machine and process.
WARC_NAME = re.compile(
    r"(?=[A-Za-z0-9])(?:gxgk-(?P<begun>\d{17})-(?:\d{5}-(?P<host>[A-Za-z0-9._-]+)-\d+(?=\.warc\.gz\Z))?)?[A-Za-z0-9._-]*\.warc\.gz"
)


def warc_begun(name: str) -> datetime | None:
    """When the WARC file of that name was begun; None for a name that does not say."""
    found = WARC_NAME.fullmatch(name)
    try:
        return datetime.strptime((found and found["begun"]) or "", "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        return None


def warc_host(name: str) -> str | None:
    """The machine that wrote the WARC file of that name; None for a name that does not say."""
    found = WARC_NAME.fullmatch(name)
    return found["host"] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLocation:
    """Where the files of one archive lie. host: the machine, as the names of its WARC files spell it. directory: a path."""

    host: str
    directory: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One archived response (a WARC response or revisit record) and where it lies.

    record_id: the URN of the WARC-Record-ID without angle brackets. warc_file: base name of the WARC file.
    offset, length: the gzip member, in bytes of the compressed file. fetched_at: WARC-Date, UTC, the instant the
    request began. payload_sha256: of the entity body, transfer-decoded but content-encoded, lowercase hex.
    ip: address of the server; None through a proxy. truncated: value of WARC-Truncated. refers_to: record_id of the
    capture whose payload this revisit repeats. request_record_id: the WARC request record of the same exchange.
    reconstructed: the record was made from the parsed response because the wire bytes were not at hand.
    """

    record_id: str
    warc_file: str
    offset: int
    length: int
    url: str
    method: str
    status: int
    fetched_at: datetime
    payload_sha256: str
    payload_length: int
    media_type: str | None = None
    ip: str | None = None
    truncated: str | None = None
    refers_to: str | None = None
    request_record_id: str | None = None
    reconstructed: bool = False
    role: CaptureRole = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One removal from the extracted text.

    start, end: offsets in `Document.extracted_text` (Python str offsets, end-exclusive). text: what was removed; its
    equal stands at that place. suggestion: the original words where a fixed formula proves them, else None; never merged
    into the text. rule: name of the rule in `rules/` that removed it.
    """

    kind: EditKind
    start: int
    end: int
    text: str
    rule: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date that the page states about itself, and where it states it. value: YYYY-MM-DD."""

    value: str
    source: DateSource


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """An anchored cell: row and col count from 0 after all spans are laid out; merged cells stand once, at their anchor."""

    row: int
    col: int
    text: str
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One data table of the body, as anchored cells in reading order."""

    cells: list[GridCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A file or image that the document refers to. url: absolute when the document's own URL is known."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingOrgan:
    """The body that reports 行政机关, by its full name. division: its GB/T 2260 code, or None where the table has none.

    evidence: where it is named, and the words there: `title: 市教育局`, `signature: …`, `portal: …`.
    """

    name: str
    division: str | None
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What extraction reads out of one capture. Pure data: the same bytes and rules give the same Document.

    text: one block per line, a table row is one line of cells joined by ` | `; `extracted_text` minus all edits.
    published_on: YYYY-MM-DD or None. year: reporting year 报告年度. issuer: 发布机构. source: 来源 as the page prints it.
    fields: the metadata block (索引号, 文号, 成文日期 ...) by its own labels. flags: sorted names such as low_confidence,
    spam, damaged, foreign_host, no_body, replacement_characters. encoding: how the bytes were decoded.
    media_type: what the bytes are, by their content: text/html, text/plain, application/pdf ...
    """

    url: str | None
    media_type: str
    encoding: str | None
    title: str | None
    text: str
    extracted_text: str
    published_on: str | None = None
    year: int | None = None
    issuer: str | None = None
    organ: ReportingOrgan | None = None
    source: str | None = None
    dates: list[FoundDate] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    attachments: list[Link] = field(default_factory=list)
    images: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file 附件 that belongs to a report, as read.

    status: ok, failed, skipped or needs_ocr. reason: why it is not ok, or what of it was not read. capture: the answer that holds
    the file, or the archive that it is a member of; the URL of a member is that of the archive with the member's path behind `#`.
    grids: its data tables.
    """

    name: str
    url: str
    media_type: str | None = None
    sha256: str | None = None
    text: str | None = None
    status: str = "ok"
    reason: str | None = None
    capture: Capture | None = None
    grids: list[Grid] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisites:
    """What pages need to be shown as they were: absolute http(s) URLs without fragment, each once, in the order of the page."""

    stylesheets: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One issuer's annual report for one year as a crawl found it, on its way to the database.

    url: canonical. channels: URLs of the list pages that lead to it. fetched_at comes with the capture. parts: captures of
    the further pages of a split article, in reading order. requisites: record ids of the captures of the style sheets and
    images that its pages need to be shown, and of the redirects that lead to them.
    """

    portal: str
    url: str
    capture: Capture
    document: Document
    attachments: list[Attachment] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    parts: list[Capture] = field(default_factory=list)
    requisites: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A list of reports 栏目 on a portal. title: its anchor text. parent: URL of the page that links to it."""

    url: str
    title: str
    parent: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One URL that a crawl did not turn into what it was listed as. kind: failed (could not be had or read) or skipped
    (on purpose: not a report, forbidden by robots.txt, on a foreign host).
    """

    url: str
    reason: str
    kind: Literal["failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlResult:
    """Why a crawl ended as it did. cause: one sentence for a person. evidence_url: the URL that shows it.

    counts: captures, reports_new, reports_changed, reports_unchanged, reports_gone, failed, skipped and what else the
    crawl counted. failures: what could not be had, and what was left out on purpose.
    """

    outcome: Outcome
    cause: str
    evidence_url: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A fetched page that a link calls a report, before it is read.

    url: canonical. body: content-decoded entity. media_type, charset: what the HTTP header said. anchor: the text of
    the link that led here. listed_on: URLs of the lists that carry the link. parts: the further pages of an article that
    is split over several, as (capture, body), in reading order.
    """

    url: str
    capture: Capture
    body: bytes = field(repr=False)
    media_type: str | None
    charset: str | None
    anchor: str
    listed_on: list[str]
    parts: list[tuple[Capture, bytes]] = field(default_factory=list, repr=False)

    def with_part(self, capture: Capture, body: bytes) -> Candidate:
        """The same candidate with one more page behind it."""
        return replace(self, parts=[*self.parts, (capture, body)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A known report seen again without being read. url: canonical. channel: URL of the list that shows it, if one does.

    checked: the portal was asked for it, and says that it has not changed.
    """

    url: str
    channel: str | None = None
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A known report whose URL now answers 404 or 410. Its text stays; `capture` proves the answer."""

    url: str
    capture: Capture


# What a verification finds. In the archive: chain = a manifest line does not follow from the one before, or is not the one that was
# written; missing, changed = a sealed file is gone, or holds other bytes than were sealed; unlisted = a file with a final name that no
# manifest line names; dangling = a capture row without its record, which rule R3 makes impossible; mismatch = row and record
# differ, or a record and its digests; unindexed = records without a row; text = a version of a report is not what was read;
# irregular = what lies under the name of a WARC file and is none, such as a named pipe or a symbolic link.
# In the database: digest = a text is not the one that its digest was made of; edit = a removal is not what stands at its place;
# current = a report has no current version, or its search index belongs to another one; revisit = a capture refers to an unknown one.
FindingKind = Literal[
    "chain",
    "missing",
    "changed",
    "unlisted",
    "dangling",
    "mismatch",
    "unindexed",
    "text",
    "irregular",
    "digest",
    "edit",
    "current",
    "revisit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault of the archive or the database. file, offset, url: where, as far as it is known."""

    kind: FindingKind
    message: str
    file: str | None = None
    offset: int | None = None
    url: str | None = None
