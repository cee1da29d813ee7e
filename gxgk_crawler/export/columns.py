"""What an export holds: its tables and their columns, defined once.

The Frictionless schema, the CSVW description, the Arrow schema and docs/export.md all come from here or are tested against
it. Names and meanings are those of the SQL views, as far as there is a view; they are a promise: columns are only added.
"""

from __future__ import annotations

from gxgk_crawler.export.export_table import KEY, Column, ExportTable, Reference, fact, maybe, said
from gxgk_crawler.export.figure_columns import INDICATORS, STATUTORY_CELLS, STATUTORY_CHECKS

_SAME_AS = "key of the report of the same portal, organ and year with the same text, found before this one; null for the first one"

PORTALS = ExportTable(
    name="portals",
    meaning="Government portals 门户网站",
    key=("name",),
    columns=(
        fact("name", "string", "name of its spider"),
        fact("title", "string", "official name of the website"),
        maybe("division", "string", "division of the government it belongs to"),
        maybe("site_code", "string", "政府网站标识码 as printed in its footer"),
        fact("entry", "string", "URL at which a crawl begins"),
    ),
)
REPORTS = ExportTable(
    name="reports",
    meaning="All reports 政府信息公开工作年度报告, one row each, as their current version says",
    key=("id",),
    columns=(
        fact("id", "integer", "number of the report, for good"),
        fact("portal", "string", "name of the portal it was found on"),
        fact("url", "string", "canonical URL"),
        said("title", "title"),
        said("issuer", "发布机构"),
        maybe("division", "string", "GB/T 2260 code of the organ's division, else of the portal's"),
        maybe("division_name", "string", "name of that division in the reporting year, or in the nearest year known"),
        maybe("year", "integer", "reporting year 报告年度"),
        maybe("published_on", "date", "day of publication"),
        maybe("versions", "integer", "how many texts are known"),
        maybe("flags", "strings", "doubts about the text: low_confidence, spam, damaged ..."),
        said("source", "来源 as the page prints it"),
        maybe("characters", "integer", "length of the clean text"),
        fact("first_seen", "datetime", "when it was first fetched"),
        fact("last_seen", "datetime", "when it was last fetched, or seen in a list"),
        maybe("gone_at", "datetime", "when its URL first answered 404 or 410; null while it is there"),
        KEY,
        said("organ", "the body that reports 行政机关, by its full name"),
        maybe("organ_division", "string", "GB/T 2260 code of the organ's division; null where the table has none"),
        said("organ_evidence", "where the organ is named, and the words there"),
        maybe("same_as", "string", _SAME_AS),
    ),
    references=(Reference(columns=("portal",), table="portals", of=("name",)),),
)
VERSIONS = ExportTable(
    name="versions",
    meaning="All texts of all reports over time, with the capture each was read from",
    key=("report_id", "version"),
    columns=(
        fact("report_id", "integer", "number of the report"),
        fact("portal", "string", "name of the portal"),
        fact("url", "string", "canonical URL of the report"),
        maybe("year", "integer", "reporting year, as this version says"),
        said("issuer", "发布机构, as this version says"),
        fact("version", "integer", "number of the version, from 1"),
        fact("is_current", "boolean", "true for the version that counts"),
        said("title", "title"),
        said("text", "clean text, one block per line", nullable=False),
        said("extracted_text", "text before the edits", nullable=False),
        maybe("published_on", "date", "day of publication"),
        fact("flags", "strings", "doubts about the text"),
        fact("reason", "string", "crawl: the page had changed; reextract: the rules had"),
        fact("extractor_version", "string", "version of the rules that read it"),
        fact("fetched_at", "datetime", "when the page was fetched"),
        fact("record_id", "string", "WARC-Record-ID of the page"),
        fact("warc_file", "string", "WARC file that holds it"),
        fact("created_at", "datetime", "when this version was written"),
        fact("text_sha256", "string", "SHA-256 of text as it stands here, masked or not, as UTF-8"),
        fact("dates", "dates", "all dates the page states [{value, source}]"),
        said("source", "来源 as the page prints it"),
        said("fields", "metadata block by its own labels: 索引号, 文号 ...", "strings by name", nullable=False),
        fact("media_type", "string", "what the bytes are, told by their content"),
        maybe("encoding", "string", "how the bytes were decoded"),
        KEY,
        said("organ", "the body that reports 行政机关, by its full name"),
        maybe("organ_division", "string", "GB/T 2260 code of the organ's division; null where the table has none"),
        said("organ_evidence", "where the organ is named, and the words there"),
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
        fact("report_id", "integer", "number of the report"),
        fact("portal", "string", "name of the portal"),
        maybe("year", "integer", "reporting year"),
        fact("version", "integer", "number of the version"),
        fact("is_current", "boolean", "true for the version that counts"),
        fact("position", "integer", "place among the version's edits, from 0"),
        fact("kind", "string", "chrome: around the text; spam: foreign advertising inside it"),
        fact("rule", "string", "name of the rule that removed it"),
        fact("starts", "integer", "where it begins in extracted_text, in characters from 0"),
        fact("ends", "integer", "where it ends there, exclusive"),
        said("text", "what was removed", nullable=False),
        said("suggestion", "original words that a fixed formula proves; null when unknown"),
        KEY,
    ),
    references=(Reference(columns=("report_id", "version"), table="versions", of=("report_id", "version")),),
)
ATTACHMENTS = ExportTable(
    name="attachments",
    meaning="Files 附件 that belong to a version of a report",
    key=("report_id", "version", "position"),
    columns=(
        fact("report_id", "integer", "number of the report"),
        fact("version", "integer", "number of the version"),
        fact("position", "integer", "place among the attachments, from 0"),
        said("name", "text of its link", nullable=False),
        fact("url", "string", "URL"),
        maybe("media_type", "string", "what the bytes are, told by their content"),
        maybe("sha256", "string", "SHA-256 of the file; null when it was not fetched"),
        said("text", "its text; null when it could not be read"),
        fact("status", "string", "ok, failed, skipped or needs_ocr"),
        maybe("reason", "string", "why it is not ok"),
        maybe("record_id", "string", "WARC-Record-ID of the file"),
        KEY,
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
        fact("id", "integer", "number of the crawl"),
        fact("portal", "string", "name of the portal"),
        fact("started_at", "datetime", "start"),
        maybe("finished_at", "datetime", "end; null while it runs or when it was killed"),
        maybe("outcome", "string", "ok, unchanged, or what went wrong; null while it runs or when it was killed"),
        maybe("cause", "string", "one sentence for a person"),
        maybe("evidence_url", "string", "URL that shows the cause"),
        maybe("captures", "integer", "responses archived"),
        maybe("reports_new", "integer", "reports seen for the first time"),
        maybe("reports_changed", "integer", "reports with a new version"),
        maybe("reports_unchanged", "integer", "reports fetched again with the same text"),
        maybe("reports_gone", "integer", "reports whose URL answered 404 or 410"),
        maybe("failed", "integer", "URLs that could not be fetched"),
        maybe("skipped", "integer", "URLs left out on purpose"),
        fact("counts", "integers by name", "everything that was counted, by name"),
        fact("failures", "failures", "[{url, reason, kind}] of what failed or was skipped"),
        fact("software_version", "string", "version of gxgk_crawler"),
    ),
    references=(Reference(columns=("portal",), table="portals", of=("name",)),),
)
CAPTURES = ExportTable(
    name="captures",
    meaning="All archived responses, and where their bytes lie",
    key=("record_id",),
    columns=(
        fact("record_id", "string", "WARC-Record-ID without angle brackets"),
        maybe("portal", "string", "name of the portal"),
        maybe("crawl_id", "integer", "number of the crawl that fetched it; null when recovered"),
        fact("role", "string", "what it was fetched as: robots, page, list, report, attachment, image, stylesheet"),
        fact("method", "string", "method of the request"),
        fact("url", "string", "URL requested"),
        fact("status", "integer", "HTTP status of the answer"),
        fact("fetched_at", "datetime", "when the request began"),
        maybe("media_type", "string", "media type that the server stated"),
        fact("payload_sha256", "string", "SHA-256 of the entity: transfer-decoded, content-encoded"),
        fact("payload_length", "integer", "length of the entity in bytes"),
        maybe("ip", "string", "address of the server; null through a proxy"),
        maybe("truncated", "string", "why the record is incomplete; null when it is whole"),
        maybe("refers_to", "string", "record_id of the capture whose payload this revisit repeats"),
        maybe("request_record_id", "string", "WARC-Record-ID of the request"),
        fact("reconstructed", "boolean", "made from the parsed response, not from the wire"),
        fact("warc_file", "string", "WARC file that holds the record"),
        fact("record_offset", "integer", "where its gzip member begins, in bytes of the file"),
        fact("record_length", "integer", "length of its gzip member in bytes"),
    ),
    references=(
        Reference(columns=("portal",), table="portals", of=("name",)),
        Reference(columns=("crawl_id",), table="crawls", of=("id",)),
    ),
)
# A table stands behind those it refers to, but for captures, which are many and come last.
TABLES = (
    PORTALS,
    REPORTS,
    VERSIONS,
    EDITS,
    ATTACHMENTS,
    STATUTORY_CELLS,
    STATUTORY_CHECKS,
    INDICATORS,
    CRAWLS,
    CAPTURES,
)

# One line of reports.jsonl: what `gxgk show ID --json` prints, and the other versions.
REPORT_OBJECTS = ExportTable(
    name="reports",
    meaning="All reports 政府信息公开工作年度报告, one object per line, with every version",
    key=("id",),
    columns=(
        fact("id", "integer", "number of the report, for good"),
        fact("portal", "string", "name of the portal it was found on"),
        fact("url", "string", "canonical URL"),
        said("title", "title"),
        said("issuer", "发布机构"),
        Column(
            name="organ",
            kind="object",
            meaning="the body that reports, by its full name {name, division, evidence}",
            nullable=True,
            said_by_page=True,
        ),
        maybe("division", "string", "GB/T 2260 code of the organ's division, else of the portal's"),
        maybe("year", "integer", "reporting year 报告年度"),
        maybe("published_on", "date", "day of publication"),
        fact("dates", "dates", "all dates the page states [{value, source}]"),
        said("source", "来源 as the page prints it"),
        fact("version", "integer", "number of the version, from 1"),
        fact("current", "boolean", "true for the version that counts"),
        fact("fetched_at", "datetime", "when the page was fetched"),
        fact("first_seen", "datetime", "when it was first fetched"),
        fact("last_seen", "datetime", "when it was last fetched, or seen in a list"),
        maybe("gone_at", "datetime", "when its URL first answered 404 or 410; null while it is there"),
        said("text", "clean text, one block per line", nullable=False),
        said("extracted_text", "text before the edits", nullable=False),
        said("edits", "removals [{kind, start, end, text, suggestion, rule}]", "objects", nullable=False),
        fact("flags", "strings", "doubts about the text"),
        said("grids", "data tables [{cells: [{row, col, rowspan, colspan, text}]}]", "objects", nullable=False),
        said("fields", "metadata block by its own labels: 索引号, 文号 ...", "strings by name", nullable=False),
        said("images", "images of the body [{name, url}]", "objects", nullable=False),
        fact("media_type", "string", "what the bytes are, told by their content"),
        maybe("encoding", "string", "how the bytes were decoded"),
        fact("reason", "string", "crawl: the page had changed; reextract: the rules had"),
        fact("extractor_version", "string", "version of the rules that read it"),
        fact("text_sha256", "string", "SHA-256 of text as it stands here, masked or not, as UTF-8"),
        fact("versions", "integer", "how many texts are known"),
        said("attachments", "files [{name, url, media_type, sha256, text, status, reason}]", "objects", nullable=False),
        said("tables", "the statutory tables [{table, layout, cells, omitted}]", "objects", nullable=False),
        fact("checks", "objects", "their equations [{rule, at, lhs, rhs, delta, status, severity, against}]"),
        said(
            "indicators", "figures that the prose states [{key, value, unit, evidence ...}]", "objects", nullable=False
        ),
        fact("places", "strings", "URLs of the lists it is in"),
        fact("capture", "object", "where the page lies {record_id, warc_file, offset, length}"),
        said(
            "other_versions",
            "the versions that do not count, oldest first, with the keys of a report but id, key, portal, url, division, "
            "first_seen, last_seen, gone_at, versions, places, same_as, duplicates",
            "objects",
            nullable=False,
        ),
        KEY,
        maybe("same_as", "string", _SAME_AS),
        fact("duplicates", "strings", "keys of the reports whose same_as is this one"),
    ),
)
# What of a report is the same in all its versions, and stands only once in its line.
OF_THE_REPORT = (
    *("id", "key", "portal", "url", "division", "first_seen", "last_seen", "gone_at", "versions", "places"),
    *("same_as", "duplicates"),
)
LINES = (PORTALS, REPORT_OBJECTS, CRAWLS, CAPTURES)
