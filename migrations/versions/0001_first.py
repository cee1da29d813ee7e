"""The schema of the first release: portals, crawls, captures, reports and their versions, search, and views for people.

There is no downgrade: an archive is never made smaller, and a backup is the way back.
"""

from __future__ import annotations

import csv
from importlib.resources import files

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


# Names, columns and their order are a promise to people who write SQL: columns are only ever added, at the end.
_VIEWS = {
    "reports": (
        "All reports 政府信息公开工作年度报告, one row each, as their current version says",
        """
        select r.id, p.name as portal, r.url, v.title, r.issuer, coalesce(r.division, p.division) as division,
               n.name as division_name, r.year, v.published_on,
               (select max(number) from report_version where report_id = r.id) as versions,
               v.flags, v.source, length(v.text) as characters, r.first_seen, r.last_seen, r.gone_at
        from report r
        join portal p on p.id = r.portal_id
        left join report_version v on v.report_id = r.id and v.number = r.current_version
        left join lateral (
            select name from division_name
            where code = coalesce(r.division, p.division)
            order by greatest(valid_from - r.year, r.year - valid_to, 0), valid_from desc
            limit 1
        ) n on true
        """,
        {
            "id": "number of the report, for good",
            "portal": "name of the portal it was found on",
            "url": "canonical URL",
            "title": "title",
            "issuer": "发布机构",
            "division": "GB/T 2260 code of the issuer's division, else of the portal's",
            "division_name": "name of that division in the reporting year, or in the nearest year known",
            "year": "reporting year 报告年度",
            "published_on": "day of publication",
            "versions": "how many texts are known",
            "flags": "doubts about the text: low_confidence, spam, damaged ...",
            "source": "来源 as the page prints it",
            "characters": "length of the clean text",
            "first_seen": "when it was first fetched",
            "last_seen": "when it was last fetched, or seen in a list",
            "gone_at": "when its URL first answered 404 or 410; null while it is there",
        },
    ),
    "report_texts": (
        "All texts of all reports over time, with the capture each was read from",
        """
        select v.report_id, p.name as portal, r.url, v.year, v.issuer, v.number as version,
               v.number = r.current_version as is_current, v.title, v.text, v.extracted_text, v.published_on, v.flags,
               v.reason, v.extractor_version, c.fetched_at, c.record_id, w.name as warc_file, v.created_at
        from report_version v
        join report r on r.id = v.report_id
        join portal p on p.id = r.portal_id
        join capture c on c.id = v.capture_id
        join warc_file w on w.id = c.warc_file_id
        """,
        {
            "report_id": "number of the report",
            "portal": "name of the portal",
            "url": "canonical URL of the report",
            "year": "reporting year, as this version says",
            "issuer": "发布机构, as this version says",
            "version": "number of the version, from 1",
            "is_current": "true for the version that counts",
            "title": "title",
            "text": "clean text, one block per line",
            "extracted_text": "text before the edits",
            "published_on": "day of publication",
            "flags": "doubts about the text",
            "reason": "crawl: the page had changed; reextract: the rules had",
            "extractor_version": "version of the rules that read it",
            "fetched_at": "when the page was fetched",
            "record_id": "WARC-Record-ID of the page",
            "warc_file": "WARC file that holds it",
            "created_at": "when this version was written",
        },
    ),
    "captures": (
        "All archived responses, and where their bytes lie",
        """
        select c.record_id, p.name as portal, c.crawl_id, c.role, c.method, c.url, c.status, c.fetched_at, c.media_type,
               c.payload_sha256, c.payload_length, c.ip, c.truncated, c.refers_to, c.request_record_id, c.reconstructed,
               w.name as warc_file, c."offset" as record_offset, c.length as record_length, w.host, w.directory
        from capture c
        join warc_file w on w.id = c.warc_file_id
        left join portal p on p.id = c.portal_id
        """,
        {
            "record_id": "WARC-Record-ID without angle brackets",
            "portal": "name of the portal",
            "crawl_id": "number of the crawl that fetched it; null when recovered",
            "role": "what it was fetched as: robots, page, list, report, attachment, image",
            "method": "method of the request",
            "url": "URL requested",
            "status": "HTTP status of the answer",
            "fetched_at": "when the request began",
            "media_type": "media type that the server stated",
            "payload_sha256": "SHA-256 of the entity: transfer-decoded, content-encoded",
            "payload_length": "length of the entity in bytes",
            "ip": "address of the server; null through a proxy",
            "truncated": "why the record is incomplete; null when it is whole",
            "refers_to": "record_id of the capture whose payload this revisit repeats",
            "request_record_id": "WARC-Record-ID of the request",
            "reconstructed": "made from the parsed response, not from the wire",
            "warc_file": "WARC file that holds the record",
            "record_offset": "where its gzip member begins, in bytes of the file",
            "record_length": "length of its gzip member in bytes",
            "host": "machine whose disk holds the file",
            "directory": "directory on that machine",
        },
    ),
    "edits": (
        "Everything that cleaning removed from the texts, one row per removal",
        """
        select v.report_id, p.name as portal, v.year, v.number as version, v.number = r.current_version as is_current,
               (e.place - 1)::integer as position, e.edit ->> 'kind' as kind, e.edit ->> 'rule' as rule,
               (e.edit ->> 'start')::integer as starts, (e.edit ->> 'end')::integer as ends, e.edit ->> 'text' as text,
               e.edit ->> 'suggestion' as suggestion
        from report_version v
        join report r on r.id = v.report_id
        join portal p on p.id = r.portal_id
        cross join lateral jsonb_array_elements(v.edits) with ordinality as e (edit, place)
        """,
        {
            "report_id": "number of the report",
            "portal": "name of the portal",
            "year": "reporting year",
            "version": "number of the version",
            "is_current": "true for the version that counts",
            "position": "place among the version's edits, from 0",
            "kind": "chrome: around the text; spam: foreign advertising inside it",
            "rule": "name of the rule that removed it",
            "starts": "where it begins in extracted_text, in characters from 0",
            "ends": "where it ends there, exclusive",
            "text": "what was removed",
            "suggestion": "original words that a fixed formula proves; null when unknown",
        },
    ),
    "crawls": (
        "All crawls, newest last: how they ended and what they found",
        """
        select c.id, p.name as portal, c.started_at, c.finished_at, c.outcome, c.cause, c.evidence_url,
               (c.counts ->> 'captures')::bigint as captures, (c.counts ->> 'reports_new')::bigint as reports_new,
               (c.counts ->> 'reports_changed')::bigint as reports_changed,
               (c.counts ->> 'reports_unchanged')::bigint as reports_unchanged,
               (c.counts ->> 'reports_gone')::bigint as reports_gone, (c.counts ->> 'failed')::bigint as failed,
               (c.counts ->> 'skipped')::bigint as skipped, c.counts, c.failures, c.software_version, c.host
        from crawl c
        join portal p on p.id = c.portal_id
        """,
        {
            "id": "number of the crawl",
            "portal": "name of the portal",
            "started_at": "start",
            "finished_at": "end; null while it runs or when it was killed",
            "outcome": "ok, unchanged, or what went wrong; null while it runs or when it was killed",
            "cause": "one sentence for a person",
            "evidence_url": "URL that shows the cause",
            "captures": "responses archived",
            "reports_new": "reports seen for the first time",
            "reports_changed": "reports with a new version",
            "reports_unchanged": "reports fetched again with the same text",
            "reports_gone": "reports whose URL answered 404 or 410",
            "failed": "URLs that could not be fetched",
            "skipped": "URLs left out on purpose",
            "counts": "everything that was counted, by name",
            "failures": "[{url, reason, kind}] of what failed or was skipped",
            "software_version": "version of gxgk_crawler",
            "host": "machine that crawled",
        },
    ),
}


def upgrade() -> None:
    _create_tables()
    _fill_divisions()
    for name, (comment, query, columns) in _VIEWS.items():
        op.execute(f"create view {name} as {query}")
        op.execute(f"comment on view {name} is {_quoted(comment)}")
        for column, meaning in columns.items():
            op.execute(f"comment on column {name}.{column} is {_quoted(meaning)}")


def _quoted(text: str) -> str:
    # Alembic hands the string to SQLAlchemy's text(), where a colon before a letter would begin a parameter.
    return "'" + text.replace("'", "''").replace(":", r"\:") + "'"


def _fill_divisions() -> None:
    """Load the division table of the package: 3,616 names by years."""
    lines = files("gxgk_crawler.rules").joinpath("divisions.csv").read_text(encoding="utf-8").splitlines()
    rows = sorted(csv.DictReader(lines), key=lambda row: row["level"])  # a division after the one above it
    number, words = sa.SmallInteger, sa.Text
    op.bulk_insert(
        sa.table("division", sa.column("code", words), sa.column("level", number), sa.column("parent", words)),
        list(
            {
                row["code"]: {"code": row["code"], "level": int(row["level"]), "parent": row["parent"] or None}
                for row in rows
            }.values()
        ),
    )
    op.bulk_insert(
        sa.table(
            "division_name",
            sa.column("code", words),
            sa.column("name", words),
            sa.column("valid_from", number),
            sa.column("valid_to", number),
        ),
        [
            {"code": r["code"], "name": r["name"], "valid_from": int(r["valid_from"]), "valid_to": int(r["valid_to"])}
            for r in rows
        ],
    )


def _create_tables() -> None:
    op.create_table(
        "division",
        sa.Column("code", sa.Text(), nullable=False, comment="GB/T 2260 code, 6 digits"),
        sa.Column("level", sa.SmallInteger(), nullable=False, comment="1 province, 2 prefecture, 3 county"),
        sa.Column("parent", sa.Text(), nullable=True, comment="code of the division above; null for a province"),
        sa.CheckConstraint("code ~ '^[0-9]{6}$'", name=op.f("division_code_check")),
        sa.CheckConstraint("level between 1 and 3", name=op.f("division_level_check")),
        sa.ForeignKeyConstraint(["parent"], ["division.code"], name=op.f("division_parent_fkey")),
        sa.PrimaryKeyConstraint("code", name=op.f("division_pkey")),
        comment="Administrative divisions 行政区划 from the county upwards, 2007 to 2024; names are in division_name",
    )
    op.create_index(op.f("division_parent_idx"), "division", ["parent"], unique=False)
    op.create_table(
        "warc_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="number of the file"),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="base name, without the suffix .open of a file being written"
        ),
        sa.Column(
            "host",
            sa.Text(),
            nullable=True,
            comment="machine whose disk holds the file; null when the name does not tell",
        ),
        sa.Column("directory", sa.Text(), nullable=True, comment="directory on that machine"),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when its first record became known here",
        ),
        sa.Column(
            "sealed_at", sa.DateTime(timezone=True), nullable=True, comment="when it was closed for good; null before"
        ),
        sa.Column("bytes", sa.BigInteger(), nullable=True, comment="size when sealed"),
        sa.Column("records", sa.Integer(), nullable=True, comment="number of WARC records when sealed"),
        sa.Column("sha256", sa.Text(), nullable=True, comment="SHA-256 of the sealed file"),
        sa.Column(
            "prev_sha256",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the manifest line before that of this file",
        ),
        sa.CheckConstraint("prev_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("warc_file_prev_sha256_check")),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("warc_file_sha256_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("warc_file_pkey")),
        sa.UniqueConstraint("name", name=op.f("warc_file_name_key")),
        comment="WARC files of the archive",
    )
    op.create_table(
        "division_name",
        sa.Column("code", sa.Text(), nullable=False, comment="code of the division"),
        sa.Column(
            "valid_from", sa.SmallInteger(), nullable=False, comment="first year in which the code had this name"
        ),
        sa.Column("valid_to", sa.SmallInteger(), nullable=False, comment="last year in which the code had this name"),
        sa.Column("name", sa.Text(), nullable=False, comment="official name"),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("division_name_interval_check")),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("division_name_code_fkey")),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("division_name_pkey")),
        comment="Names of divisions by years: counties become districts, and a code may pass to another name",
    )
    op.create_index(op.f("division_name_name_idx"), "division_name", ["name"], unique=False)
    op.create_table(
        "portal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="number of the portal"),
        sa.Column("name", sa.Text(), nullable=False, comment="name of its spider"),
        sa.Column("title", sa.Text(), nullable=False, comment="official name of the website"),
        sa.Column(
            "family",
            sa.Text(),
            nullable=False,
            comment="family of content management systems that its spider belongs to",
        ),
        sa.Column("division", sa.Text(), nullable=True, comment="division of the government it belongs to"),
        sa.Column("site_code", sa.Text(), nullable=True, comment="政府网站标识码 as printed in its footer"),
        sa.Column("entry", sa.Text(), nullable=False, comment="URL at which a crawl begins"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when it was first crawled",
        ),
        sa.ForeignKeyConstraint(["division"], ["division.code"], name=op.f("portal_division_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("portal_pkey")),
        sa.UniqueConstraint("name", name=op.f("portal_name_key")),
        comment="Government portals 门户网站",
    )
    op.create_index(op.f("portal_division_idx"), "portal", ["division"], unique=False)
    op.create_table(
        "channel",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="number of the channel"),
        sa.Column("portal_id", sa.BigInteger(), nullable=False, comment="portal it is on"),
        sa.Column("url", sa.Text(), nullable=False, comment="URL of its first list page"),
        sa.Column("title", sa.Text(), nullable=False, comment="text of the link that leads to it"),
        sa.Column("parent", sa.Text(), nullable=True, comment="URL of the page with that link"),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False, comment="first seen"),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False, comment="last seen"),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("channel_portal_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("channel_pkey")),
        sa.UniqueConstraint("portal_id", "url", name=op.f("channel_portal_id_url_key")),
        comment="Lists of reports 栏目 on the portals",
    )
    op.create_table(
        "crawl",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="number of the crawl"),
        sa.Column("portal_id", sa.BigInteger(), nullable=False, comment="the portal crawled"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="start"),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="end; null while it runs or when it was killed",
        ),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=True,
            comment="why it ended as it did, from a closed list; null while it runs or when it was killed",
        ),
        sa.Column("cause", sa.Text(), nullable=True, comment="one sentence for a person"),
        sa.Column("evidence_url", sa.Text(), nullable=True, comment="URL that shows the cause"),
        sa.Column(
            "counts",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="what was counted, by name",
        ),
        sa.Column(
            "failures",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
            comment="[{url, reason, kind}] of what failed or was skipped",
        ),
        sa.Column("software_version", sa.Text(), nullable=False, comment="version of gxgk_crawler"),
        sa.Column(
            "settings_digest", sa.Text(), nullable=True, comment="SHA-256 of the settings that differ from the default"
        ),
        sa.Column("host", sa.Text(), nullable=False, comment="machine that crawled"),
        sa.CheckConstraint(
            "outcome in ('ok', 'unchanged', 'dns', 'refused', 'timeout', 'tls', 'blocked', 'challenged', 'not_found', "
            "'layout_changed', 'no_reports', 'hacked', 'storage')",
            name=op.f("crawl_outcome_check"),
        ),
        sa.CheckConstraint("(outcome is null) = (finished_at is null)", name=op.f("crawl_finished_check")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("crawl_portal_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("crawl_pkey")),
        sa.UniqueConstraint("portal_id", "started_at", name=op.f("crawl_portal_id_started_at_key")),
        comment="Crawls of portals, running, finished and killed",
    )
    op.create_table(
        "report",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="number of the report, for good"
        ),
        sa.Column("portal_id", sa.BigInteger(), nullable=False, comment="portal it was found on"),
        sa.Column("url", sa.Text(), nullable=False, comment="canonical URL"),
        sa.Column(
            "year", sa.SmallInteger(), nullable=True, comment="reporting year 报告年度, as the current version says"
        ),
        sa.Column("issuer", sa.Text(), nullable=True, comment="发布机构, as the current version says"),
        sa.Column("division", sa.Text(), nullable=True, comment="division of the issuer; null: that of the portal"),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False, comment="when it was first fetched"),
        sa.Column(
            "last_seen",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was last fetched, or seen in a list",
        ),
        sa.Column(
            "checked_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when its URL was last asked for, with whatever answer",
        ),
        sa.Column(
            "gone_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when its URL first answered 404 or 410; null while it is there",
        ),
        sa.Column(
            "current_version",
            sa.Integer(),
            nullable=True,
            comment="number of the version that counts: the newest that is not tampered with",
        ),
        sa.ForeignKeyConstraint(["division"], ["division.code"], name=op.f("report_division_fkey")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("report_portal_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("report_pkey")),
        sa.UniqueConstraint("portal_id", "url", name=op.f("report_portal_id_url_key")),
        comment="Annual disclosure reports 政府信息公开工作年度报告, one row per portal and URL",
    )
    op.create_index(op.f("report_division_idx"), "report", ["division"], unique=False)
    op.create_index(op.f("report_year_idx"), "report", ["year"], unique=False)
    op.create_table(
        "capture",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="number of the capture"),
        sa.Column("record_id", sa.Text(), nullable=False, comment="WARC-Record-ID without angle brackets"),
        sa.Column("warc_file_id", sa.BigInteger(), nullable=False, comment="file that holds the record"),
        sa.Column(
            "offset", sa.BigInteger(), nullable=False, comment="where its gzip member begins, in bytes of the file"
        ),
        sa.Column("length", sa.BigInteger(), nullable=False, comment="length of its gzip member in bytes"),
        sa.Column("url", sa.Text(), nullable=False, comment="URL requested"),
        sa.Column("method", sa.Text(), nullable=False, comment="method of the request"),
        sa.Column("status", sa.SmallInteger(), nullable=False, comment="HTTP status of the answer"),
        sa.Column(
            "fetched_at", sa.DateTime(timezone=True), nullable=False, comment="WARC-Date: when the request began"
        ),
        sa.Column(
            "payload_sha256",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the entity: transfer-decoded, content-encoded",
        ),
        sa.Column("payload_length", sa.BigInteger(), nullable=False, comment="length of the entity in bytes"),
        sa.Column("media_type", sa.Text(), nullable=True, comment="media type that the server stated"),
        sa.Column("ip", sa.Text(), nullable=True, comment="address of the server; null through a proxy"),
        sa.Column(
            "truncated",
            sa.Text(),
            nullable=True,
            comment="WARC-Truncated: why the record is incomplete; null when it is whole",
        ),
        sa.Column(
            "refers_to",
            sa.Text(),
            nullable=True,
            comment="record_id of the capture whose payload this revisit repeats; no foreign key, "
            "because WARC files may be indexed in any order",
        ),
        sa.Column("request_record_id", sa.Text(), nullable=True, comment="WARC-Record-ID of the request"),
        sa.Column(
            "reconstructed", sa.Boolean(), nullable=False, comment="made from the parsed response, not from the wire"
        ),
        sa.Column("role", sa.Text(), nullable=False, comment="what it was fetched as"),
        sa.Column("portal_id", sa.BigInteger(), nullable=True, comment="portal of the crawl; null when recovered"),
        sa.Column("crawl_id", sa.BigInteger(), nullable=True, comment="crawl that fetched it; null when recovered"),
        sa.CheckConstraint("payload_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("capture_payload_sha256_check")),
        sa.CheckConstraint(
            "role in ('robots', 'page', 'list', 'report', 'attachment', 'image')", name=op.f("capture_role_check")
        ),
        sa.CheckConstraint('"offset" >= 0 and length > 0 and payload_length >= 0', name=op.f("capture_place_check")),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name=op.f("capture_crawl_id_fkey")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("capture_portal_id_fkey")),
        sa.ForeignKeyConstraint(["warc_file_id"], ["warc_file.id"], name=op.f("capture_warc_file_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("capture_pkey")),
        sa.UniqueConstraint("record_id", name=op.f("capture_record_id_key")),
        sa.UniqueConstraint("warc_file_id", "offset", name=op.f("capture_warc_file_id_offset_key")),
        comment="Archived responses, one row per WARC response or revisit record",
    )
    op.create_index(op.f("capture_crawl_id_idx"), "capture", ["crawl_id"], unique=False)
    op.create_index(op.f("capture_payload_sha256_idx"), "capture", ["payload_sha256"], unique=False)
    op.create_index(op.f("capture_portal_id_fetched_at_idx"), "capture", ["portal_id", "fetched_at"], unique=False)
    op.create_index("capture_url_idx", "capture", [sa.literal_column("md5(url)")], unique=False)
    op.create_table(
        "report_place",
        sa.Column("report_id", sa.BigInteger(), nullable=False, comment="the report"),
        sa.Column("url", sa.Text(), nullable=False, comment="URL of a list page that links to it"),
        sa.Column(
            "first_seen",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the link was first seen there",
        ),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False, comment="when the link was last seen there"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("report_place_report_id_fkey")),
        sa.PrimaryKeyConstraint("report_id", "url", name=op.f("report_place_pkey")),
        comment="Where reports are listed: pages of channels, over time",
    )
    op.create_table(
        "report_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="number of the row"),
        sa.Column("report_id", sa.BigInteger(), nullable=False, comment="the report"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for the first text known, and so on without gaps"),
        sa.Column("capture_id", sa.BigInteger(), nullable=False, comment="capture it was read from"),
        sa.Column("crawl_id", sa.BigInteger(), nullable=True, comment="crawl that found it"),
        sa.Column("title", sa.Text(), nullable=True, comment="title"),
        sa.Column("text", sa.Text(), nullable=False, comment="clean text, one block per line"),
        sa.Column("text_sha256", sa.Text(), nullable=False, comment="SHA-256 of text as UTF-8"),
        sa.Column("extracted_text", sa.Text(), nullable=False, comment="text before the edits"),
        sa.Column(
            "edits",
            postgresql.JSONB(),
            nullable=False,
            comment="removals [{kind, start, end, text, suggestion, rule}]; see the view edits",
        ),
        sa.Column(
            "flags",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
            comment="doubts: low_confidence, spam, damaged ...",
        ),
        sa.Column("published_on", sa.Date(), nullable=True, comment="day of publication"),
        sa.Column(
            "dates",
            postgresql.JSONB(),
            nullable=False,
            comment="all dates the page states [{value, source}]",
        ),
        sa.Column("year", sa.SmallInteger(), nullable=True, comment="reporting year"),
        sa.Column("issuer", sa.Text(), nullable=True, comment="发布机构"),
        sa.Column("source", sa.Text(), nullable=True, comment="来源 as the page prints it"),
        sa.Column(
            "fields",
            postgresql.JSONB(),
            nullable=False,
            comment="metadata block by its own labels: 索引号, 文号 ...",
        ),
        sa.Column(
            "grids",
            postgresql.JSONB(),
            nullable=False,
            comment="data tables [{cells: [{row, col, rowspan, colspan, text}]}]",
        ),
        sa.Column(
            "images",
            postgresql.JSONB(),
            nullable=False,
            comment="images of the body [{name, url}]",
        ),
        sa.Column("media_type", sa.Text(), nullable=False, comment="what the bytes are, told by their content"),
        sa.Column("encoding", sa.Text(), nullable=True, comment="how the bytes were decoded"),
        sa.Column("extractor_version", sa.Text(), nullable=False, comment="version of the rules that read it"),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="why there is a new version: crawl (page changed) or reextract (rules changed)",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when the row was written",
        ),
        sa.CheckConstraint("reason in ('crawl', 'reextract')", name=op.f("report_version_reason_check")),
        sa.CheckConstraint("text_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("report_version_text_sha256_check")),
        sa.CheckConstraint("number > 0", name=op.f("report_version_number_check")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("report_version_capture_id_fkey")),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawl.id"], name=op.f("report_version_crawl_id_fkey")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("report_version_report_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("report_version_pkey")),
        sa.UniqueConstraint("report_id", "number", name=op.f("report_version_report_id_number_key")),
        comment="Texts of a report over time",
    )
    op.create_index(op.f("report_version_capture_id_idx"), "report_version", ["capture_id"], unique=False)
    op.create_index(op.f("report_version_crawl_id_idx"), "report_version", ["crawl_id"], unique=False)
    op.create_foreign_key(
        "report_current_version_fkey",
        "report",
        "report_version",
        ["id", "current_version"],
        ["report_id", "number"],
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="number of the row"),
        sa.Column("report_version_id", sa.BigInteger(), nullable=False, comment="version it belongs to"),
        sa.Column("position", sa.SmallInteger(), nullable=False, comment="place among the attachments, from 0"),
        sa.Column("name", sa.Text(), nullable=False, comment="text of its link"),
        sa.Column("url", sa.Text(), nullable=False, comment="URL"),
        sa.Column("media_type", sa.Text(), nullable=True, comment="what the bytes are, told by their content"),
        sa.Column("sha256", sa.Text(), nullable=True, comment="SHA-256 of the file; null when it was not fetched"),
        sa.Column("text", sa.Text(), nullable=True, comment="its text; null when it could not be read"),
        sa.Column("status", sa.Text(), nullable=False, comment="ok, failed, skipped or needs_ocr"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it is not ok"),
        sa.Column("capture_id", sa.BigInteger(), nullable=True, comment="capture of the file"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("attachment_sha256_check")),
        sa.CheckConstraint("status in ('ok', 'failed', 'skipped', 'needs_ocr')", name=op.f("attachment_status_check")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("attachment_capture_id_fkey")),
        sa.ForeignKeyConstraint(
            ["report_version_id"], ["report_version.id"], name=op.f("attachment_report_version_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("attachment_pkey")),
        sa.UniqueConstraint("report_version_id", "position", name=op.f("attachment_report_version_id_position_key")),
        comment="Files 附件 that belong to a version of a report",
    )
    op.create_index(op.f("attachment_capture_id_idx"), "attachment", ["capture_id"], unique=False)
    op.create_table(
        "section",
        sa.Column("report_id", sa.BigInteger(), nullable=False, comment="the report"),
        sa.Column("seq", sa.Integer(), nullable=False, comment="place in the text, from 0"),
        sa.Column("version", sa.Integer(), nullable=False, comment="version it was cut from: the current one"),
        sa.Column("heading", sa.Text(), nullable=True, comment="the heading it stands under; null before the first"),
        sa.Column(
            "start", sa.Integer(), nullable=False, comment="where it begins in the version's text, in characters"
        ),
        sa.Column(
            "text", sa.Text(), nullable=False, comment="its text, and a little of the next section: see store/search.py"
        ),
        sa.Column(
            "tsv", postgresql.TSVECTOR(), nullable=False, comment="pairs of folded characters with their positions"
        ),
        sa.Column("tok_version", sa.SmallInteger(), nullable=False, comment="version of the tokenizer that made tsv"),
        sa.ForeignKeyConstraint(
            ["report_id", "version"],
            ["report_version.report_id", "report_version.number"],
            name=op.f("section_report_id_version_fkey"),
        ),
        sa.PrimaryKeyConstraint("report_id", "seq", name=op.f("section_pkey")),
        comment="Current versions cut into sections for the full-text search",
    )
    op.create_index(op.f("section_tsv_idx"), "section", ["tsv"], unique=False, postgresql_using="gin")
