"""The schema as SQLAlchemy tables. The migrations build it and say what each column means; a test compares names and types.

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
# What is unique by its URL is unique by the SHA-256 of it: an entry of a btree holds at most 2,704 bytes.
URL_KEY = text("url_key(url)")


def _id() -> Column[int]:
    return Column("id", BigInteger, Identity(always=False), primary_key=True)


def _time(name: str, *, nullable: bool = False, now: bool = False) -> Column[datetime]:
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=_NOW if now else None)


division = Table(
    "division",
    metadata,
    Column("code", Text, primary_key=True),
    Column("level", SmallInteger, nullable=False),
    Column("parent", Text, ForeignKey("division.code")),
    CheckConstraint("code ~ '^[0-9]{6}$'", name="code"),
    CheckConstraint("level between 1 and 3", name="level"),
    Index(None, "parent"),
)

division_name = Table(
    "division_name",
    metadata,
    Column("code", Text, ForeignKey("division.code"), nullable=False),
    Column("valid_from", SmallInteger, nullable=False),
    Column("valid_to", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("code", "valid_from"),
    CheckConstraint("valid_from <= valid_to", name="interval"),
    Index(None, "name"),
)

portal = Table(
    "portal",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("division", Text, ForeignKey("division.code")),
    Column("site_code", Text),
    Column("entry", Text, nullable=False),
    _time("created_at", now=True),
    _time("forgotten_at", nullable=True),
    Index(None, "division"),
)

crawl = Table(
    "crawl",
    metadata,
    _id(),
    Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False),
    _time("started_at"),
    _time("finished_at", nullable=True),
    Column("outcome", Text),
    Column("cause", Text),
    Column("evidence_url", Text),
    Column("counts", JSONB, nullable=False, server_default=_OBJECT),
    Column("failures", JSONB, nullable=False, server_default=_LIST),
    Column("software_version", Text, nullable=False),
    Column("settings_digest", Text),
    Column("host", Text, nullable=False),
    UniqueConstraint("portal_id", "started_at"),
    CheckConstraint(
        "outcome in ('ok', 'unchanged', 'dns', 'refused', 'timeout', 'tls', 'blocked', 'challenged', 'not_found', "
        "'layout_changed', 'incomplete', 'no_reports', 'hacked', 'storage', 'stopped', 'configuration')",
        name="outcome",
    ),
    CheckConstraint("(outcome is null) = (finished_at is null)", name="finished"),
)

warc_file = Table(
    "warc_file",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("host", Text),
    Column("directory", Text),
    _time("opened_at", now=True),
    _time("sealed_at", nullable=True),
    Column("bytes", BigInteger),
    Column("records", Integer),
    Column("sha256", Text),
    Column("prev_sha256", Text),
    Column("line_sha256", Text),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    CheckConstraint("prev_sha256 ~ '^[0-9a-f]{64}$'", name="prev_sha256"),
    CheckConstraint("line_sha256 ~ '^[0-9a-f]{64}$'", name="line_sha256"),
)

capture = Table(
    "capture",
    metadata,
    _id(),
    Column("record_id", Text, nullable=False, unique=True),
    Column("warc_file_id", BigInteger, ForeignKey("warc_file.id"), nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("url", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("status", SmallInteger, nullable=False),
    _time("fetched_at"),
    Column("payload_sha256", Text, nullable=False),
    Column("payload_length", BigInteger, nullable=False),
    Column("media_type", Text),
    Column("ip", Text),
    Column("truncated", Text),
    Column("refers_to", Text),
    Column("request_record_id", Text),
    Column("reconstructed", Boolean, nullable=False),
    Column("role", Text, nullable=False),
    Column("portal_id", BigInteger, ForeignKey("portal.id")),
    Column("crawl_id", BigInteger, ForeignKey("crawl.id")),
    UniqueConstraint("warc_file_id", "offset"),
    CheckConstraint('"offset" >= 0 and length > 0 and payload_length >= 0', name="place"),
    CheckConstraint("payload_sha256 ~ '^[0-9a-f]{64}$'", name="payload_sha256"),
    CheckConstraint("role in ('robots', 'page', 'list', 'report', 'attachment', 'image', 'stylesheet')", name="role"),
    # a btree entry holds at most 2,704 bytes, and a URL may be longer
    Index("capture_url_idx", text("md5(url)")),
    Index(None, "payload_sha256"),
    Index(None, "portal_id", "fetched_at"),
    Index(None, "crawl_id"),
)

channel = Table(
    "channel",
    metadata,
    _id(),
    Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("parent", Text),
    _time("first_seen"),
    _time("last_seen"),
    Index("channel_portal_id_url_key", "portal_id", URL_KEY, unique=True),
)

report = Table(
    "report",
    metadata,
    _id(),
    Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("year", SmallInteger),
    Column("issuer", Text),
    Column("division", Text, ForeignKey("division.code")),
    _time("first_seen"),
    _time("last_seen"),
    _time("checked_at"),
    _time("gone_at", nullable=True),
    Column("current_version", Integer),
    Column("key", Text, nullable=False),
    Column("same_as", BigInteger, ForeignKey("report.id")),
    UniqueConstraint("key", deferrable=True, initially="DEFERRED"),
    CheckConstraint("key ~ '^[a-z][0-9a-z]{9}$'", name="key"),
    Column("organ", Text),
    Column("stood_by", BigInteger, ForeignKey("report.id")),
    Index("report_portal_id_url_key", "portal_id", URL_KEY, unique=True),
    ForeignKeyConstraint(
        ["id", "current_version"],
        ["report_version.report_id", "report_version.number"],
        name="report_current_version_fkey",
        use_alter=True,
    ),
    Index(None, "year"),
    Index(None, "division"),
    Index(None, "same_as"),
)

report_place = Table(
    "report_place",
    metadata,
    Column("report_id", BigInteger, ForeignKey("report.id"), nullable=False),
    Column("url", Text, nullable=False),
    _time("first_seen"),
    _time("last_seen"),
    Index("report_place_report_id_url_key", "report_id", URL_KEY, unique=True),
)

report_version = Table(
    "report_version",
    metadata,
    _id(),
    Column("report_id", BigInteger, ForeignKey("report.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("capture_id", BigInteger, ForeignKey("capture.id"), nullable=False),
    Column("crawl_id", BigInteger, ForeignKey("crawl.id")),
    Column("title", Text),
    Column("text", Text, nullable=False),
    Column("text_sha256", Text, nullable=False),
    Column("extracted_text", Text, nullable=False),
    Column("edits", JSONB, nullable=False),
    Column("flags", ARRAY(Text), nullable=False, server_default=_NONE),
    Column("published_on", Date),
    Column("dates", JSONB, nullable=False),
    Column("year", SmallInteger),
    Column("issuer", Text),
    Column("source", Text),
    Column("fields", JSONB, nullable=False),
    Column("grids", JSONB, nullable=False),
    Column("images", JSONB, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("encoding", Text),
    Column("extractor_version", Text, nullable=False),
    Column("reread_by", Text),
    Column("reason", Text, nullable=False),
    _time("created_at", now=True),
    Column("organ", Text),
    Column("organ_division", Text),
    Column("organ_evidence", Text),
    Column("statutory_version", Text),
    Column("statutory_tables", ARRAY(Text), nullable=False, server_default=_NONE),
    Column("reuse_version", Text),
    UniqueConstraint("report_id", "number"),
    CheckConstraint("number > 0", name="number"),
    CheckConstraint("text_sha256 ~ '^[0-9a-f]{64}$'", name="text_sha256"),
    CheckConstraint("reason in ('crawl', 'reextract')", name="reason"),
    Index(None, "text_sha256"),
    Index(None, "capture_id"),
    Index(None, "crawl_id"),
)

attachment = Table(
    "attachment",
    metadata,
    _id(),
    Column("report_version_id", BigInteger, ForeignKey("report_version.id"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("media_type", Text),
    Column("sha256", Text),
    Column("text", Text),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("capture_id", BigInteger, ForeignKey("capture.id")),
    UniqueConstraint("report_version_id", "position"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    CheckConstraint("status in ('ok', 'failed', 'skipped', 'needs_ocr')", name="status"),
    Index(None, "capture_id"),
)

version_capture = Table(
    "version_capture",
    metadata,
    Column("report_version_id", BigInteger, ForeignKey("report_version.id"), nullable=False),
    Column("capture_id", BigInteger, ForeignKey("capture.id"), nullable=False),
    Column("part", SmallInteger),
    PrimaryKeyConstraint("report_version_id", "capture_id"),
    CheckConstraint("part > 1", name="part"),
    Index(None, "capture_id"),
)

section = Table(
    "section",
    metadata,
    Column("report_id", BigInteger, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("heading", Text),
    Column("start", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("tsv", TSVECTOR, nullable=False),
    Column("tok_version", SmallInteger, nullable=False),
    PrimaryKeyConstraint("report_id", "seq"),
    ForeignKeyConstraint(["report_id", "version"], ["report_version.report_id", "report_version.number"]),
    Index(None, "tsv", postgresql_using="gin"),
)

schedule = Table(
    "schedule",
    metadata,
    Column("portal", Text, primary_key=True),
    Column("policy", Text, nullable=False),
    _time("changed_at", now=True),
    CheckConstraint("policy in ('season', 'daily', 'weekly', 'monthly', 'off')", name="policy"),
)

alarm = Table(
    "alarm",
    metadata,
    _id(),
    Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False),
    Column("crawl_id", BigInteger, ForeignKey("crawl.id"), nullable=False),
    Column("turned", Text, nullable=False),
    _time("raised_at", now=True),
    _time("delivered_at", nullable=True),
    Column("told", ARRAY(Text), nullable=False, server_default=_NONE),
    Column("error", Text),
    UniqueConstraint("crawl_id"),
    CheckConstraint("turned in ('bad', 'good')", name="turned"),
    Index(None, "portal_id", "raised_at"),
)
