"""Reports of one portal, organ and year that say the same under several addresses are linked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_MEANING = "report of the same portal, organ and year with the same text, found before this one; null for the first one"


def upgrade() -> None:
    op.add_column("report", sa.Column("same_as", sa.BigInteger(), comment=_MEANING))
    op.create_foreign_key(op.f("report_same_as_fkey"), "report", "report", ["same_as"], ["id"])
    op.create_index(op.f("report_same_as_idx"), "report", ["same_as"])
    op.create_index(op.f("report_version_text_sha256_idx"), "report_version", ["text_sha256"])
    # As `store.identity.equal_texts` links them.
    op.execute(
        """
        update report set same_as = nullif(grouped.first, grouped.id)
        from (
            select r.id,
                   first_value(r.id) over (
                       partition by r.portal_id, r.year, coalesce(r.organ, r.issuer), v.text_sha256,
                                    case when length(v.text) < 1000 then files.contents end
                       order by r.first_seen, r.url
                   ) as first
            from report r
            join report_version v on v.report_id = r.id and v.number = r.current_version
            left join lateral (
                select string_agg(coalesce(a.sha256, a.url), ' ' order by a.position) as contents
                from attachment a where a.report_version_id = v.id
            ) files on true
            where v.text <> '' and not v.flags && '{no_body,needs_ocr}'
        ) as grouped
        where report.id = grouped.id and grouped.first <> grouped.id
        """
    )
    # Columns of views are only ever added, at the end.
    op.execute(
        """
        create or replace view reports as
        select r.id, p.name as portal, r.url, v.title, r.issuer, coalesce(r.division, p.division) as division,
               n.name as division_name, r.year, v.published_on,
               (select max(number) from report_version where report_id = r.id) as versions,
               v.flags, v.source, length(v.text) as characters, r.first_seen, r.last_seen, r.gone_at,
               r.key, r.organ, v.organ_division, v.organ_evidence, s.key as same_as
        from report r
        join portal p on p.id = r.portal_id
        left join report_version v on v.report_id = r.id and v.number = r.current_version
        left join report s on s.id = r.same_as
        left join lateral (
            select name from division_name
            where code = coalesce(r.division, p.division)
            order by greatest(valid_from - r.year, r.year - valid_to, 0), valid_from desc
            limit 1
        ) n on true
        """
    )
    op.execute(f"comment on column reports.same_as is 'key of the {_MEANING}'")
