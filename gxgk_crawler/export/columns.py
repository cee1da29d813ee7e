"""What an export holds: its tables and their columns, defined once.

The Frictionless schema, the CSVW description, the Arrow schema and docs/export.md all come from here or are tested against
it. Names and meanings are those of the SQL views, as far as there is a view; they are a promise: columns are only added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "string",
    "integer",
    "boolean",
    "date",
    "datetime",
    "strings",  # a list of strings
    "dates",  # a list of {value, source}
    "failures",  # a list of {url, reason, kind}
    "strings by name",
    "integers by name",
    "objects",  # a list of objects, as `gxgk show --json` prints them
    "object",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. nullable: a row may have no value there. said_by_page: text that a portal wrote, and that may be masked."""

    name: str
    kind: Kind
    meaning: str
    nullable: bool = False
    said_by_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Columns that name a row of another table, whose key `of` is."""

    columns: tuple[str, ...]
    table: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTable:
    """One table, one file. key: the columns that tell its rows apart."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...] = ()

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def _said(name: str, meaning: str, kind: Kind = "string", *, nullable: bool = True) -> Column:
    return Column(name=name, kind=kind, meaning=meaning, nullable=nullable, said_by_page=True)


def _fact(name: str, kind: Kind, meaning: str) -> Column:
    return Column(name=name, kind=kind, meaning=meaning)


def _maybe(name: str, kind: Kind, meaning: str) -> Column:
    return Column(name=name, kind=kind, meaning=meaning, nullable=True)


# Of every row that is about a report.
_KEY = _fact(
    "key",
    "string",
    "stable name of the report: from the name of its portal and its canonical URL, the same in every archive",
)

_SAME_AS = "key of the report of the same portal, organ and year with the same text, found before this one; null for the first one"

PORTALS = ExportTable(
    name="portals",
    meaning="Government portals 门户网站",
    key=("name",),
    columns=(
        _fact("name", "string", "name of its spider"),
        _fact("title", "string", "official name of the website"),
        _maybe("division", "string", "division of the government it belongs to"),
        _maybe("site_code", "string", "政府网站标识码 as printed in its footer"),
        _fact("entry", "string", "URL at which a crawl begins"),
    ),
)
REPORTS = ExportTable(
    name="reports",
    meaning="All reports 政府信息公开工作年度报告, one row each, as their current version says",
    key=("id",),
    columns=(
        _fact("id", "integer", "number of the report, for good"),
        _fact("portal", "string", "name of the portal it was found on"),
        _fact("url", "string", "canonical URL"),
        _said("title", "title"),
        _said("issuer", "发布机构"),
        _maybe("division", "string", "GB/T 2260 code of the organ's division, else of the portal's"),
        _maybe("division_name", "string", "name of that division in the reporting year, or in the nearest year known"),
        _maybe("year", "integer", "reporting year 报告年度"),
        _maybe("published_on", "date", "day of publication"),
        _maybe("versions", "integer", "how many texts are known"),
        _maybe("flags", "strings", "doubts about the text: low_confidence, spam, damaged ..."),
        _said("source", "来源 as the page prints it"),
        _maybe("characters", "integer", "length of the clean text"),
        _fact("first_seen", "datetime", "when it was first fetched"),
        _fact("last_seen", "datetime", "when it was last fetched, or seen in a list"),
        _maybe("gone_at", "datetime", "when its URL first answered 404 or 410; null while it is there"),
        _KEY,
        _said("organ", "the body that reports 行政机关, by its full name"),
        _maybe("organ_division", "string", "GB/T 2260 code of the organ's division; null where the table has none"),
        _said("organ_evidence", "where the organ is named, and the words there"),
        _maybe("same_as", "string", _SAME_AS),
    ),
    references=(Reference(columns=("portal",), table="portals", of=("name",)),),
)
VERSIONS = ExportTable(
    name="versions",
    meaning="All texts of all reports over time, with the capture each was read from",
    key=("report_id", "version"),
    columns=(
        _fact("report_id", "integer", "number of the report"),
        _fact("portal", "string", "name of the portal"),
        _fact("url", "string", "canonical URL of the report"),
        _maybe("year", "integer", "reporting year, as this version says"),
        _said("issuer", "发布机构, as this version says"),
        _fact("version", "integer", "number of the version, from 1"),
        _fact("is_current", "boolean", "true for the version that counts"),
        _said("title", "title"),
        _said("text", "clean text, one block per line", nullable=False),
        _said("extracted_text", "text before the edits", nullable=False),
        _maybe("published_on", "date", "day of publication"),
        _fact("flags", "strings", "doubts about the text"),
        _fact("reason", "string", "crawl: the page had changed; reextract: the rules had"),
        _fact("extractor_version", "string", "version of the rules that read it"),
        _fact("fetched_at", "datetime", "when the page was fetched"),
        _fact("record_id", "string", "WARC-Record-ID of the page"),
        _fact("warc_file", "string", "WARC file that holds it"),
        _fact("created_at", "datetime", "when this version was written"),
        _fact("text_sha256", "string", "SHA-256 of text as it stands here, masked or not, as UTF-8"),
        _fact("dates", "dates", "all dates the page states [{value, source}]"),
        _said("source", "来源 as the page prints it"),
        _said("fields", "metadata block by its own labels: 索引号, 文号 ...", "strings by name", nullable=False),
        _fact("media_type", "string", "what the bytes are, told by their content"),
        _maybe("encoding", "string", "how the bytes were decoded"),
        _KEY,
        _said("organ", "the body that reports 行政机关, by its full name"),
        _maybe("organ_division", "string", "GB/T 2260 code of the organ's division; null where the table has none"),
        _said("organ_evidence", "where the organ is named, and the words there"),
    ),
    references=(
        Reference(columns=("report_id",), table="reports", of=("id",)),
        Reference(columns=("record_id",), table="captures", of=("record_id",)),
    ),
)
EDITS = ExportTable(
    name="edits",
    meaning="Everything that cleaning removed from the texts, one row per removal",
    key=("report_id", "version", "position"),
    columns=(
        _fact("report_id", "integer", "number of the report"),
        _fact("portal", "string", "name of the portal"),
        _maybe("year", "integer", "reporting year"),
        _fact("version", "integer", "number of the version"),
        _fact("is_current", "boolean", "true for the version that counts"),
        _fact("position", "integer", "place among the version's edits, from 0"),
        _fact("kind", "string", "chrome: around the text; spam: foreign advertising inside it"),
        _fact("rule", "string", "name of the rule that removed it"),
        _fact("starts", "integer", "where it begins in extracted_text, in characters from 0"),
        _fact("ends", "integer", "where it ends there, exclusive"),
        _said("text", "what was removed", nullable=False),
        _said("suggestion", "original words that a fixed formula proves; null when unknown"),
        _KEY,
    ),
    references=(Reference(columns=("report_id", "version"), table="versions", of=("report_id", "version")),),
)
ATTACHMENTS = ExportTable(
    name="attachments",
    meaning="Files 附件 that belong to a version of a report",
    key=("report_id", "version", "position"),
    columns=(
        _fact("report_id", "integer", "number of the report"),
        _fact("version", "integer", "number of the version"),
        _fact("position", "integer", "place among the attachments, from 0"),
        _said("name", "text of its link", nullable=False),
        _fact("url", "string", "URL"),
        _maybe("media_type", "string", "what the bytes are, told by their content"),
        _maybe("sha256", "string", "SHA-256 of the file; null when it was not fetched"),
        _said("text", "its text; null when it could not be read"),
        _fact("status", "string", "ok, failed, skipped or needs_ocr"),
        _maybe("reason", "string", "why it is not ok"),
        _maybe("record_id", "string", "WARC-Record-ID of the file"),
        _KEY,
    ),
    references=(
        Reference(columns=("report_id", "version"), table="versions", of=("report_id", "version")),
        Reference(columns=("record_id",), table="captures", of=("record_id",)),
    ),
)
CRAWLS = ExportTable(
    name="crawls",
    meaning="All crawls, newest last: how they ended and what they found",
    key=("id",),
    columns=(
        _fact("id", "integer", "number of the crawl"),
        _fact("portal", "string", "name of the portal"),
        _fact("started_at", "datetime", "start"),
        _maybe("finished_at", "datetime", "end; null while it runs or when it was killed"),
        _maybe("outcome", "string", "ok, unchanged, or what went wrong; null while it runs or when it was killed"),
        _maybe("cause", "string", "one sentence for a person"),
        _maybe("evidence_url", "string", "URL that shows the cause"),
        _maybe("captures", "integer", "responses archived"),
        _maybe("reports_new", "integer", "reports seen for the first time"),
        _maybe("reports_changed", "integer", "reports with a new version"),
        _maybe("reports_unchanged", "integer", "reports fetched again with the same text"),
        _maybe("reports_gone", "integer", "reports whose URL answered 404 or 410"),
        _maybe("failed", "integer", "URLs that could not be fetched"),
        _maybe("skipped", "integer", "URLs left out on purpose"),
        _fact("counts", "integers by name", "everything that was counted, by name"),
        _fact("failures", "failures", "[{url, reason, kind}] of what failed or was skipped"),
        _fact("software_version", "string", "version of gxgk_crawler"),
    ),
    references=(Reference(columns=("portal",), table="portals", of=("name",)),),
)
CAPTURES = ExportTable(
    name="captures",
    meaning="All archived responses, and where their bytes lie",
    key=("record_id",),
    columns=(
        _fact("record_id", "string", "WARC-Record-ID without angle brackets"),
        _maybe("portal", "string", "name of the portal"),
        _maybe("crawl_id", "integer", "number of the crawl that fetched it; null when recovered"),
        _fact("role", "string", "what it was fetched as: robots, page, list, report, attachment, image, stylesheet"),
        _fact("method", "string", "method of the request"),
        _fact("url", "string", "URL requested"),
        _fact("status", "integer", "HTTP status of the answer"),
        _fact("fetched_at", "datetime", "when the request began"),
        _maybe("media_type", "string", "media type that the server stated"),
        _fact("payload_sha256", "string", "SHA-256 of the entity: transfer-decoded, content-encoded"),
        _fact("payload_length", "integer", "length of the entity in bytes"),
        _maybe("ip", "string", "address of the server; null through a proxy"),
        _maybe("truncated", "string", "why the record is incomplete; null when it is whole"),
        _maybe("refers_to", "string", "record_id of the capture whose payload this revisit repeats"),
        _maybe("request_record_id", "string", "WARC-Record-ID of the request"),
        _fact("reconstructed", "boolean", "made from the parsed response, not from the wire"),
        _fact("warc_file", "string", "WARC file that holds the record"),
        _fact("record_offset", "integer", "where its gzip member begins, in bytes of the file"),
        _fact("record_length", "integer", "length of its gzip member in bytes"),
    ),
    references=(
        Reference(columns=("portal",), table="portals", of=("name",)),
        Reference(columns=("crawl_id",), table="crawls", of=("id",)),
    ),
)
# A table stands behind those it refers to, but for captures, which are many and come last.
TABLES = (PORTALS, REPORTS, VERSIONS, EDITS, ATTACHMENTS, CRAWLS, CAPTURES)

# One line of reports.jsonl: what `gxgk show ID --json` prints, and the other versions.
REPORT_OBJECTS = ExportTable(
    name="reports",
    meaning="All reports 政府信息公开工作年度报告, one object per line, with every version",
    key=("id",),
    columns=(
        _fact("id", "integer", "number of the report, for good"),
        _fact("portal", "string", "name of the portal it was found on"),
        _fact("url", "string", "canonical URL"),
        _said("title", "title"),
        _said("issuer", "发布机构"),
        Column(
            name="organ",
            kind="object",
            meaning="the body that reports, by its full name {name, division, evidence}",
            nullable=True,
            said_by_page=True,
        ),
        _maybe("division", "string", "GB/T 2260 code of the organ's division, else of the portal's"),
        _maybe("year", "integer", "reporting year 报告年度"),
        _maybe("published_on", "date", "day of publication"),
        _fact("dates", "dates", "all dates the page states [{value, source}]"),
        _said("source", "来源 as the page prints it"),
        _fact("version", "integer", "number of the version, from 1"),
        _fact("current", "boolean", "true for the version that counts"),
        _fact("fetched_at", "datetime", "when the page was fetched"),
        _fact("first_seen", "datetime", "when it was first fetched"),
        _fact("last_seen", "datetime", "when it was last fetched, or seen in a list"),
        _maybe("gone_at", "datetime", "when its URL first answered 404 or 410; null while it is there"),
        _said("text", "clean text, one block per line", nullable=False),
        _said("extracted_text", "text before the edits", nullable=False),
        _said("edits", "removals [{kind, start, end, text, suggestion, rule}]", "objects", nullable=False),
        _fact("flags", "strings", "doubts about the text"),
        _said("grids", "data tables [{cells: [{row, col, rowspan, colspan, text}]}]", "objects", nullable=False),
        _said("fields", "metadata block by its own labels: 索引号, 文号 ...", "strings by name", nullable=False),
        _said("images", "images of the body [{name, url}]", "objects", nullable=False),
        _fact("media_type", "string", "what the bytes are, told by their content"),
        _maybe("encoding", "string", "how the bytes were decoded"),
        _fact("reason", "string", "crawl: the page had changed; reextract: the rules had"),
        _fact("extractor_version", "string", "version of the rules that read it"),
        _fact("text_sha256", "string", "SHA-256 of text as it stands here, masked or not, as UTF-8"),
        _fact("versions", "integer", "how many texts are known"),
        _said(
            "attachments", "files [{name, url, media_type, sha256, text, status, reason}]", "objects", nullable=False
        ),
        _said("tables", "the statutory tables [{table, layout, cells, omitted}]", "objects", nullable=False),
        _fact("checks", "objects", "their equations [{rule, at, lhs, rhs, delta, status, severity, against}]"),
        _said(
            "indicators", "figures that the prose states [{key, value, unit, evidence ...}]", "objects", nullable=False
        ),
        _fact("places", "strings", "URLs of the lists it is in"),
        _fact("capture", "object", "where the page lies {record_id, warc_file, offset, length}"),
        _said(
            "other_versions",
            "the versions that do not count, oldest first, with the keys of a report but id, key, portal, url, division, "
            "first_seen, last_seen, gone_at, versions, places, same_as, duplicates",
            "objects",
            nullable=False,
        ),
        _KEY,
        _maybe("same_as", "string", _SAME_AS),
        _fact("duplicates", "strings", "keys of the reports whose same_as is this one"),
    ),
)
# What of a report is the same in all its versions, and stands only once in its line.
OF_THE_REPORT = (
    *("id", "key", "portal", "url", "division", "first_seen", "last_seen", "gone_at", "versions", "places"),
    *("same_as", "duplicates"),
)
LINES = (PORTALS, REPORT_OBJECTS, CRAWLS, CAPTURES)
