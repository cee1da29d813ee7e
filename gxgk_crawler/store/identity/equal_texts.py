"""Equal texts 同文: reports of one portal, organ and year that say the same under several addresses are linked as one.

Portals list a report in the channel of its organ and copy it into that of the year, under another URL. All rows stay; `same_as` of
the copies names the one that was found first. A text of a few lines only counts as equal with equal attachments, and a page
without a text of its own is equal to none: what such a page says is its files or pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection


def link_equal(conn: Connection, report_id: int) -> None:
    """Link a report whose current version is new with the reports that say the same, and those that it was linked with anew."""
    conn.execute(_WAIT, {"id": report_id})
    conn.execute(_LINK_ONE, {"id": report_id})


def link_all_equal(conn: Connection, portal: str | None = None) -> int:
    """Link all reports of the portal, or of all portals, that say the same; how many links changed."""
    return conn.execute(_LINK_ALL, {"portal": portal}).rowcount


# Of two transactions that write equal texts the second one waits, so that it sees what the first one wrote.
_WAIT = text(
    """
    select pg_advisory_xact_lock(1735943027, hashtext(concat(r.portal_id, v.text_sha256)))
    from report r join report_version v on v.report_id = r.id and v.number = r.current_version
    where r.id = :id
    """
)
_LINK = """
    , grouped as (
        select r.id,
               case
                   when v.text = '' or v.flags && '{no_body,needs_ocr}' then r.id
                   else first_value(r.id) over (
                       partition by r.portal_id, r.year, coalesce(r.organ, r.issuer), v.text_sha256,
                                    v.text = '' or v.flags && '{no_body,needs_ocr}',
                                    case when length(v.text) < 1000 then files.contents end
                       order by r.first_seen, r.url
                   )
               end as first
        from affected
        join report r on r.id = affected.id
        left join report_version v on v.report_id = r.id and v.number = r.current_version
        left join lateral (
            select string_agg(coalesce(a.sha256, a.url), ' ' order by a.position) as contents
            from attachment a where a.report_version_id = v.id
        ) files on true
    )
    update report set same_as = nullif(grouped.first, grouped.id)
    from grouped
    where report.id = grouped.id and report.same_as is distinct from nullif(grouped.first, grouped.id)
"""
_LINK_ONE = text(
    f"""
    with me as (
        select r.id, r.portal_id, r.same_as, v.text_sha256
        from report r left join report_version v on v.report_id = r.id and v.number = r.current_version
        where r.id = :id
    ),
    affected as (
        select r.id from report r, me where r.id in (me.id, me.same_as) or r.same_as in (me.id, me.same_as)
        union
        select r.id
        from me
        join report_version v on v.text_sha256 = me.text_sha256
        join report r on r.id = v.report_id and r.current_version = v.number and r.portal_id = me.portal_id
    )
    {_LINK}
    """  # noqa: S608 - a text of ours
)
_LINK_ALL = text(
    f"""
    with affected as (
        select r.id from report r join portal p on p.id = r.portal_id
        where cast(:portal as text) is null or p.name = :portal
    )
    {_LINK}
    """  # noqa: S608 - a text of ours
)
