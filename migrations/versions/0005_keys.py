"""A report has a key that is the same in every archive of its portal, beside its number, which is this database's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# Small letters and digits without i, l, o and u (Crockford's base 32), so that a key can be read out and typed. It begins
# with a letter, so that a number is always the number of a report. attempt: 0, and the next one when another report has the
# key: at a million reports that is to be expected once in some two thousand archives.
_KEY = r"""
    create function report_key(portal text, url text, attempt integer) returns text
    language sql immutable strict parallel safe
    return (
        select substr('abcdefghjkmnpqrstvwxyz', 1 + get_byte(digest, 0) % 22, 1)
               || string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', 1 + (get_byte(digest, n) & 31), 1), '' order by n)
        from (
            select sha256(
                convert_to(
                    portal || chr(10) || url || case when attempt > 0 then chr(10) || cast(attempt as text) else '' end,
                    'UTF8'
                )
            ) as digest
        ) as hashed
        cross join generate_series(1, 9) as n
        group by digest
    )
"""
_NEW_KEY = """
    create function new_report_key(portal text, url text) returns text
    language plpgsql stable strict as $$
    declare
        attempt integer := 0;
        candidate text;
    begin
        loop
            candidate := report_key(portal, url, attempt);
            exit when not exists (select from report r where r.key = candidate)
                and not exists (select from report_alias a where a.key = candidate);
            attempt := attempt + 1;
        end loop;
        return candidate;
    end
    $$
"""
_MEANING = "stable name of the report: from the name of its portal and its canonical URL, the same in every archive"
# As in the first migration, with the key at the end: columns of a view are only ever added there.
_VIEWS = {
    "reports": """
        select r.id, p.name as portal, r.url, v.title, r.issuer, coalesce(r.division, p.division) as division,
               n.name as division_name, r.year, v.published_on,
               (select max(number) from report_version where report_id = r.id) as versions,
               v.flags, v.source, length(v.text) as characters, r.first_seen, r.last_seen, r.gone_at, r.key
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
    "report_texts": """
        select v.report_id, p.name as portal, r.url, v.year, v.issuer, v.number as version,
               v.number = r.current_version as is_current, v.title, v.text, v.extracted_text, v.published_on, v.flags,
               v.reason, v.extractor_version, c.fetched_at, c.record_id, w.name as warc_file, v.created_at, r.key
        from report_version v
        join report r on r.id = v.report_id
        join portal p on p.id = r.portal_id
        join capture c on c.id = v.capture_id
        join warc_file w on w.id = c.warc_file_id
    """,
    "edits": """
        select v.report_id, p.name as portal, v.year, v.number as version, v.number = r.current_version as is_current,
               (e.place - 1)::integer as position, e.edit ->> 'kind' as kind, e.edit ->> 'rule' as rule,
               (e.edit ->> 'start')::integer as starts, (e.edit ->> 'end')::integer as ends, e.edit ->> 'text' as text,
               e.edit ->> 'suggestion' as suggestion, r.key
        from report_version v
        join report r on r.id = v.report_id
        join portal p on p.id = r.portal_id
        cross join lateral jsonb_array_elements(v.edits) with ordinality as e (edit, place)
    """,
}


def upgrade() -> None:
    op.execute(_KEY)
    op.execute("comment on function report_key is 'key of a report; which attempt: 0, or more when that key is taken'")
    _create_alias()
    op.add_column("report", sa.Column("key", sa.Text(), comment=_MEANING))
    _fill()
    op.alter_column("report", "key", nullable=False)
    # Looked at when a transaction ends: two crawls that insert one report at once would wait for each other at this index, while
    # `on conflict` names the other one.
    op.create_unique_constraint(op.f("report_key_key"), "report", ["key"], deferrable=True, initially="DEFERRED")
    op.create_check_constraint(op.f("report_key_check"), "report", "key ~ '^[a-z][0-9a-z]{9}$'")
    op.execute(_NEW_KEY)
    op.execute("comment on function new_report_key is 'the first key of a report that no other report has'")
    for name, query in _VIEWS.items():
        op.execute(f"create or replace view {name} as {query}")
        op.execute(f"comment on column {name}.key is '{_MEANING.replace(':', chr(92) + ':')}'")


def _create_alias() -> None:
    op.create_table(
        "report_alias",
        sa.Column("key", sa.Text(), nullable=False, comment="former key of the report, which goes on to answer"),
        sa.Column("portal_id", sa.BigInteger(), nullable=False, comment="portal of the report"),
        sa.Column("url", sa.Text(), nullable=False, comment="URL that was once canonical: a twin's, or by older rules"),
        sa.Column("report_id", sa.BigInteger(), nullable=False, comment="the report"),
        sa.CheckConstraint("key ~ '^[a-z][0-9a-z]{9}$'", name=op.f("report_alias_key_check")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("report_alias_portal_id_fkey")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("report_alias_report_id_fkey")),
        sa.PrimaryKeyConstraint("key", name=op.f("report_alias_pkey")),
        comment="Former keys and URLs of reports, one row for every row that became one with another",
    )
    op.create_index(op.f("report_alias_report_id_idx"), "report_alias", ["report_id"])
    op.create_index(
        op.f("report_alias_portal_id_url_key"), "report_alias", ["portal_id", sa.text("url_key(url)")], unique=True
    )


def _fill() -> None:
    """Give every report its key; of reports with the same key the first keeps it."""
    op.execute("update report r set key = report_key(p.name, r.url, 0) from portal p where p.id = r.portal_id")
    attempt = 0
    again = """
        update report r set key = report_key(p.name, r.url, {attempt})
        from portal p, (select id, row_number() over (partition by key order by id) as place from report) as ranked
        where p.id = r.portal_id and ranked.id = r.id and ranked.place > 1
    """
    connection = op.get_bind()
    while connection.execute(sa.text(again.format(attempt=(attempt := attempt + 1)))).rowcount:
        pass
