"""Foreign words in the reports: which, in how many reports and portals, and when they were first and last seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection


def injected_words(conn: Connection, *, word: str | None = None, limit: int = 500) -> list[dict[str, Any]]:
    """Words that were removed as spam, most reports first. word: part of them, or None for all.

    Keys: text, rule, reports, portals, first_fetched, last_fetched (of the captures), suggested (how many removals have a proved
    original), restored (reports whose current version is clean).
    """
    return [dict(row) for row in conn.execute(_WORDS, {"word": word, "limit": limit}).mappings()]


def injected_places(conn: Connection, words: str, limit: int = 200) -> list[dict[str, Any]]:
    """Where exactly these words stood, newest first.

    Keys: report, key, version, portal, title, issuer, year, fetched_at, record_id, rule, suggestion, before, after (text around them),
    is_current.
    """
    return [dict(row) for row in conn.execute(_PLACES, {"words": words, "limit": limit}).mappings()]


# Only versions with one of these flags hold spam; an index of the flags leads to them.
_SPAM = """
    select v.report_id, v.number, v.capture_id, v.title, v.issuer, v.year, v.extracted_text, e.edit
    from report_version v cross join lateral jsonb_array_elements(v.edits) as e (edit)
    where v.flags && array['spam', 'damaged', 'foreign_host'] and e.edit ->> 'kind' = 'spam'
"""
_WORDS = text(
    f"""
    with spam as materialized ({_SPAM})
    select btrim(s.edit ->> 'text') as text, min(s.edit ->> 'rule') as rule, count(distinct s.report_id) as reports,
           count(distinct r.portal_id) as portals, min(c.fetched_at) as first_fetched, max(c.fetched_at) as last_fetched,
           count(*) filter (where s.edit ->> 'suggestion' is not null) as suggested,
           count(distinct s.report_id) filter (
               where not coalesce(now.flags && array['spam', 'damaged', 'foreign_host'], false)
           ) as restored
    from spam s
    join report r on r.id = s.report_id
    join capture c on c.id = s.capture_id
    left join report_version now on now.report_id = r.id and now.number = r.current_version
    where cast(:word as text) is null or strpos(s.edit ->> 'text', :word) > 0
    group by 1
    order by reports desc, text
    limit :limit
    """  # noqa: S608 - constants of ours
)
_PLACES = text(
    f"""
    with spam as materialized ({_SPAM})
    select s.report_id as report, r.key, s.number as version, p.name as portal, s.title, s.issuer, s.year, c.fetched_at, c.record_id,
           s.edit ->> 'rule' as rule, s.edit ->> 'suggestion' as suggestion,
           right(left(s.extracted_text, cast(s.edit ->> 'start' as integer)), 40) as before,
           substr(s.extracted_text, cast(s.edit ->> 'end' as integer) + 1, 40) as after,
           s.number = r.current_version as is_current
    from spam s
    join report r on r.id = s.report_id
    join portal p on p.id = r.portal_id
    join capture c on c.id = s.capture_id
    where btrim(s.edit ->> 'text') = :words
    order by c.fetched_at desc, s.report_id desc
    limit :limit
    """  # noqa: S608 - constants of ours
)
