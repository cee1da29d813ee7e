"""How many equations fail, by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection


def failed_by_rule(conn: Connection) -> dict[str, int]:
    """How many equations of current versions fail, by rule, E1 first."""
    found = {row.rule: row.failed for row in conn.execute(_FAILED)}
    return dict(sorted(found.items(), key=lambda pair: int(pair[0][1:])))


_FAILED = text(
    """
    select k.rule, count(*) as failed
    from statutory_check k
    join report_version v on v.id = k.report_version_id
    join report r on r.id = v.report_id and r.current_version = v.number
    where k.status = 'fail'
    group by k.rule
    """
)
