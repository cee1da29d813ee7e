"""The schema as SQLAlchemy tables. `migrations/` builds it; a test holds the two against each other.

Captures, reports and versions are never deleted by the crawler. Natural keys (URL, record id, place in a WARC file) are
unique, so that every write can be repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

if TYPE_CHECKING:
    from datetime import datetime

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

_NOW = text("now()")
_OBJECT = text("'{}'::jsonb")
_LIST = text("'[]'::jsonb")
_NONE = text("'{}'::text[]")


def _id(comment: str) -> Column[int]:
    return Column("id", BigInteger, Identity(always=False), primary_key=True, comment=comment)


def _time(name: str, comment: str, *, nullable: bool = False, now: bool = False) -> Column[datetime]:
    return Column(
        name, DateTime(timezone=True), nullable=nullable, server_default=_NOW if now else None, comment=comment
    )


division = Table(
    "division",
    metadata,
    Column("code", Text, primary_key=True, comment="GB/T 2260 code, 6 digits"),
    Column("level", SmallInteger, nullable=False, comment="1 province, 2 prefecture, 3 county"),
    Column("parent", Text, ForeignKey("division.code"), comment="code of the division above; null for a province"),
    CheckConstraint("code ~ '^[0-9]{6}$'", name="code"),
    CheckConstraint("level between 1 and 3", name="level"),
    Index(None, "parent"),
    comment="Administrative divisions 行政区划 from the county upwards, 2007 to 2024; names are in division_name",
)

division_name = Table(
    "division_name",
    metadata,
    Column("code", Text, ForeignKey("division.code"), nullable=False, comment="code of the division"),
    Column("valid_from", SmallInteger, nullable=False, comment="first year in which the code had this name"),
    Column("valid_to", SmallInteger, nullable=False, comment="last year in which the code had this name"),
    Column("name", Text, nullable=False, comment="official name"),
    PrimaryKeyConstraint("code", "valid_from"),
    CheckConstraint("valid_from <= valid_to", name="interval"),
    Index(None, "name"),
    comment="Names of divisions by years: counties become districts, and a code may pass to another name",
)

portal = Table(
    "portal",
    metadata,
    _id("number of the portal"),
    Column("name", Text, nullable=False, unique=True, comment="name of its spider"),
    Column("title", Text, nullable=False, comment="official name of the website"),
    Column("family", Text, nullable=False, comment="family of content management systems that its spider belongs to"),
    Column("division", Text, ForeignKey("division.code"), comment="division of the government it belongs to"),
    Column("site_code", Text, comment="政府网站标识码 as printed in its footer"),
    Column("entry", Text, nullable=False, comment="URL at which a crawl begins"),
    _time("created_at", "when it was first crawled", now=True),
    Index(None, "division"),
    comment="Government portals 门户网站",
)

crawl = Table(
    "crawl",
    metadata,
    _id("number of the crawl"),
    Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False, comment="the portal crawled"),
    _time("started_at", "start"),
    _time("finished_at", "end; null while it runs or when it was killed", nullable=True),
    Column(
        "outcome", Text, comment="why it ended as it did, from a closed list; null while it runs or when it was killed"
    ),
    Column("cause", Text, comment="one sentence for a person"),
    Column("evidence_url", Text, comment="URL that shows the cause"),
    Column("counts", JSONB, nullable=False, server_default=_OBJECT, comment="what was counted, by name"),
    Column(
        "failures",
        JSONB,
        nullable=False,
        server_default=_LIST,
        comment="[{url, reason, kind}] of what failed or was skipped",
    ),
    Column("software_version", Text, nullable=False, comment="version of gxgk_crawler"),
    Column("settings_digest", Text, comment="SHA-256 of the settings that differ from the default"),
    Column("host", Text, nullable=False, comment="machine that crawled"),
    UniqueConstraint("portal_id", "started_at"),
    CheckConstraint(
        "outcome in ('ok', 'unchanged', 'dns', 'refused', 'timeout', 'tls', 'blocked', 'challenged', 'not_found', "
        "'layout_changed', 'no_reports', 'hacked', 'storage')",
        name="outcome",
    ),
    CheckConstraint("(outcome is null) = (finished_at is null)", name="finished"),
    comment="Crawls of portals, running, finished and killed",
)

warc_file = Table(
    "warc_file",
    metadata,
    _id("number of the file"),
    Column(
        "name", Text, nullable=False, unique=True, comment="base name, without the suffix .open of a file being written"
    ),
    Column("host", Text, comment="machine whose disk holds the file; null when the name does not tell"),
    Column("directory", Text, comment="directory on that machine"),
    _time("opened_at", "when its first record became known here", now=True),
    _time("sealed_at", "when it was closed for good; null before", nullable=True),
    Column("bytes", BigInteger, comment="size when sealed"),
    Column("records", Integer, comment="number of WARC records when sealed"),
    Column("sha256", Text, comment="SHA-256 of the sealed file"),
    Column("prev_sha256", Text, comment="SHA-256 of the manifest line before that of this file"),
    Column("line_sha256", Text, comment="SHA-256 of this file's own manifest line"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    CheckConstraint("prev_sha256 ~ '^[0-9a-f]{64}$'", name="prev_sha256"),
    CheckConstraint("line_sha256 ~ '^[0-9a-f]{64}$'", name="line_sha256"),
    comment="WARC files of the archive",
)

capture = Table(
    "capture",
    metadata,
    _id("number of the capture"),
    Column("record_id", Text, nullable=False, unique=True, comment="WARC-Record-ID without angle brackets"),
    Column(
        "warc_file_id", BigInteger, ForeignKey("warc_file.id"), nullable=False, comment="file that holds the record"
    ),
    Column("offset", BigInteger, nullable=False, comment="where its gzip member begins, in bytes of the file"),
    Column("length", BigInteger, nullable=False, comment="length of its gzip member in bytes"),
    Column("url", Text, nullable=False, comment="URL requested"),
    Column("method", Text, nullable=False, comment="method of the request"),
    Column("status", SmallInteger, nullable=False, comment="HTTP status of the answer"),
    _time("fetched_at", "WARC-Date: when the request began"),
    Column("payload_sha256", Text, nullable=False, comment="SHA-256 of the entity: transfer-decoded, content-encoded"),
    Column("payload_length", BigInteger, nullable=False, comment="length of the entity in bytes"),
    Column("media_type", Text, comment="media type that the server stated"),
    Column("ip", Text, comment="address of the server; null through a proxy"),
    Column("truncated", Text, comment="WARC-Truncated: why the record is incomplete; null when it is whole"),
    Column(
        "refers_to",
        Text,
        comment="record_id of the capture whose payload this revisit repeats; no foreign key, because WARC files may be "
        "indexed in any order",
    ),
    Column("request_record_id", Text, comment="WARC-Record-ID of the request"),
    Column("reconstructed", Boolean, nullable=False, comment="made from the parsed response, not from the wire"),
    Column("role", Text, nullable=False, comment="what it was fetched as"),
    Column("portal_id", BigInteger, ForeignKey("portal.id"), comment="portal of the crawl; null when recovered"),
    Column("crawl_id", BigInteger, ForeignKey("crawl.id"), comment="crawl that fetched it; null when recovered"),
    UniqueConstraint("warc_file_id", "offset"),
    CheckConstraint('"offset" >= 0 and length > 0 and payload_length >= 0', name="place"),
    CheckConstraint("payload_sha256 ~ '^[0-9a-f]{64}$'", name="payload_sha256"),
    CheckConstraint("role in ('robots', 'page', 'list', 'report', 'attachment', 'image', 'stylesheet')", name="role"),
    # a btree entry holds at most 2,704 bytes, and a URL may be longer
    Index("capture_url_idx", text("md5(url)")),
    Index(None, "payload_sha256"),
    Index(None, "portal_id", "fetched_at"),
    Index(None, "crawl_id"),
    comment="Archived responses, one row per WARC response or revisit record",
)

channel = Table(
    "channel",
    metadata,
    _id("number of the channel"),
    Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False, comment="portal it is on"),
    Column("url", Text, nullable=False, comment="URL of its first list page"),
    Column("title", Text, nullable=False, comment="text of the link that leads to it"),
    Column("parent", Text, comment="URL of the page with that link"),
    _time("first_seen", "first seen"),
    _time("last_seen", "last seen"),
    UniqueConstraint("portal_id", "url"),
    comment="Lists of reports 栏目 on the portals",
)

report = Table(
    "report",
    metadata,
    _id("number of the report, for good"),
    Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False, comment="portal it was found on"),
    Column("url", Text, nullable=False, comment="canonical URL"),
    Column("year", SmallInteger, comment="reporting year 报告年度, as the current version says"),
    Column("issuer", Text, comment="发布机构, as the current version says"),
    Column("division", Text, ForeignKey("division.code"), comment="division of the issuer; null: that of the portal"),
    _time("first_seen", "when it was first fetched"),
    _time("last_seen", "when it was last fetched, or seen in a list"),
    _time("checked_at", "when its URL was last asked for, with whatever answer"),
    _time("gone_at", "when its URL first answered 404 or 410; null while it is there", nullable=True),
    Column(
        "current_version", Integer, comment="number of the version that counts: the newest that is not tampered with"
    ),
    UniqueConstraint("portal_id", "url"),
    ForeignKeyConstraint(
        ["id", "current_version"],
        ["report_version.report_id", "report_version.number"],
        name="report_current_version_fkey",
        use_alter=True,
    ),
    Index(None, "year"),
    Index(None, "division"),
    comment="Annual disclosure reports 政府信息公开工作年度报告, one row per portal and URL",
)

report_place = Table(
    "report_place",
    metadata,
    Column("report_id", BigInteger, ForeignKey("report.id"), nullable=False, comment="the report"),
    Column("url", Text, nullable=False, comment="URL of a list page that links to it"),
    _time("first_seen", "when the link was first seen there"),
    _time("last_seen", "when the link was last seen there"),
    PrimaryKeyConstraint("report_id", "url"),
    comment="Where reports are listed: pages of channels, over time",
)

report_version = Table(
    "report_version",
    metadata,
    _id("number of the row"),
    Column("report_id", BigInteger, ForeignKey("report.id"), nullable=False, comment="the report"),
    Column("number", Integer, nullable=False, comment="1 for the first text known, and so on without gaps"),
    Column("capture_id", BigInteger, ForeignKey("capture.id"), nullable=False, comment="capture it was read from"),
    Column("crawl_id", BigInteger, ForeignKey("crawl.id"), comment="crawl that found it"),
    Column("title", Text, comment="title"),
    Column("text", Text, nullable=False, comment="clean text, one block per line"),
    Column("text_sha256", Text, nullable=False, comment="SHA-256 of text as UTF-8"),
    Column("extracted_text", Text, nullable=False, comment="text before the edits"),
    Column(
        "edits",
        JSONB,
        nullable=False,
        comment="removals [{kind, start, end, text, suggestion, rule}]; see the view edits",
    ),
    Column(
        "flags", ARRAY(Text), nullable=False, server_default=_NONE, comment="doubts: low_confidence, spam, damaged ..."
    ),
    Column("published_on", Date, comment="day of publication"),
    Column("dates", JSONB, nullable=False, comment="all dates the page states [{value, source}]"),
    Column("year", SmallInteger, comment="reporting year"),
    Column("issuer", Text, comment="发布机构"),
    Column("source", Text, comment="来源 as the page prints it"),
    Column("fields", JSONB, nullable=False, comment="metadata block by its own labels: 索引号, 文号 ..."),
    Column("grids", JSONB, nullable=False, comment="data tables [{cells: [{row, col, rowspan, colspan, text}]}]"),
    Column("images", JSONB, nullable=False, comment="images of the body [{name, url}]"),
    Column("media_type", Text, nullable=False, comment="what the bytes are, told by their content"),
    Column("encoding", Text, comment="how the bytes were decoded"),
    Column("extractor_version", Text, nullable=False, comment="version of the rules that read it"),
    Column(
        "reread_by",
        Text,
        comment="version of later rules that have read its capture and found the text of another version in it",
    ),
    Column(
        "reason",
        Text,
        nullable=False,
        comment="why there is a new version: crawl (page changed) or reextract (rules changed)",
    ),
    _time("created_at", "when the row was written", now=True),
    UniqueConstraint("report_id", "number"),
    CheckConstraint("number > 0", name="number"),
    CheckConstraint("text_sha256 ~ '^[0-9a-f]{64}$'", name="text_sha256"),
    CheckConstraint("reason in ('crawl', 'reextract')", name="reason"),
    Index(None, "capture_id"),
    Index(None, "crawl_id"),
    comment="Texts of a report over time",
)

attachment = Table(
    "attachment",
    metadata,
    _id("number of the row"),
    Column(
        "report_version_id",
        BigInteger,
        ForeignKey("report_version.id"),
        nullable=False,
        comment="version it belongs to",
    ),
    Column("position", SmallInteger, nullable=False, comment="place among the attachments, from 0"),
    Column("name", Text, nullable=False, comment="text of its link"),
    Column("url", Text, nullable=False, comment="URL"),
    Column("media_type", Text, comment="what the bytes are, told by their content"),
    Column("sha256", Text, comment="SHA-256 of the file; null when it was not fetched"),
    Column("text", Text, comment="its text; null when it could not be read"),
    Column("status", Text, nullable=False, comment="ok, failed, skipped or needs_ocr"),
    Column("reason", Text, comment="why it is not ok"),
    Column("capture_id", BigInteger, ForeignKey("capture.id"), comment="capture of the file"),
    UniqueConstraint("report_version_id", "position"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    CheckConstraint("status in ('ok', 'failed', 'skipped', 'needs_ocr')", name="status"),
    Index(None, "capture_id"),
    comment="Files 附件 that belong to a version of a report",
)

version_capture = Table(
    "version_capture",
    metadata,
    Column(
        "report_version_id",
        BigInteger,
        ForeignKey("report_version.id"),
        nullable=False,
        comment="the version",
    ),
    Column("capture_id", BigInteger, ForeignKey("capture.id"), nullable=False, comment="capture that it needs"),
    Column("part", SmallInteger, comment="page of a split article, from 2; null for a style sheet or an image"),
    PrimaryKeyConstraint("report_version_id", "capture_id"),
    CheckConstraint("part > 1", name="part"),
    Index(None, "capture_id"),
    comment="What a version needs beside its first page: further pages of the article, style sheets, images",
)

section = Table(
    "section",
    metadata,
    Column("report_id", BigInteger, nullable=False, comment="the report"),
    Column("seq", Integer, nullable=False, comment="place in the text, from 0"),
    Column("version", Integer, nullable=False, comment="version it was cut from: the current one"),
    Column("heading", Text, comment="the heading it stands under; null before the first"),
    Column("start", Integer, nullable=False, comment="where it begins in the version's text, in characters"),
    Column("text", Text, nullable=False, comment="its text, and a little of the next section: see store/search.py"),
    Column("tsv", TSVECTOR, nullable=False, comment="pairs of folded characters with their positions"),
    Column("tok_version", SmallInteger, nullable=False, comment="version of the tokenizer that made tsv"),
    PrimaryKeyConstraint("report_id", "seq"),
    ForeignKeyConstraint(["report_id", "version"], ["report_version.report_id", "report_version.number"]),
    Index(None, "tsv", postgresql_using="gin"),
    comment="Current versions cut into sections for the full-text search",
)

schedule = Table(
    "schedule",
    metadata,
    Column("portal", Text, primary_key=True, comment="name of the spider; the portal may never have been crawled"),
    Column("policy", Text, nullable=False, comment="when it is crawled; a portal without a row follows the season"),
    _time("changed_at", "when somebody set it", now=True),
    CheckConstraint("policy in ('season', 'daily', 'weekly', 'monthly', 'off')", name="policy"),
    comment="Portals that are crawled at other times than the season asks for",
)

alarm = Table(
    "alarm",
    metadata,
    _id("number of the alarm"),
    Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False, comment="the portal"),
    Column("crawl_id", BigInteger, ForeignKey("crawl.id"), nullable=False, comment="crawl that turned it"),
    Column("turned", Text, nullable=False, comment="bad, or good again"),
    _time("raised_at", "when it was raised", now=True),
    _time("delivered_at", "when whoever is to know was told; null before", nullable=True),
    Column("told", ARRAY(Text), nullable=False, server_default=_NONE, comment="who has it: webhook, command"),
    Column("error", Text, comment="why the last attempt to tell failed"),
    UniqueConstraint("crawl_id"),
    CheckConstraint("turned in ('bad', 'good')", name="turned"),
    Index(None, "portal_id", "raised_at"),
    comment="Alarms about portals: one when crawls turn bad, one when they are good again",
)
