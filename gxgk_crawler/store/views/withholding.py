"""Reports that the reading room does not show: written by `gxgk withhold`, asked by every page that shows one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.store import models
from gxgk_crawler.store.storable import storable
from gxgk_crawler.store.views.tables import withheld

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

WithheldScope = Literal["text", "original"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What readers are told. scope: text = nothing of the report is shown; original = its archived page and files are not."""

    scope: WithheldScope
    reason: str
    withheld_at: datetime


def withheld_report(conn: Connection, report_id: int) -> Withheld | None:
    """Whether and why a report is withheld."""
    query = select(withheld.c.scope, withheld.c.reason, withheld.c.withheld_at).where(withheld.c.report_id == report_id)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else Withheld(**row)


def withhold(conn: Connection, report_id: int, scope: WithheldScope, reason: str) -> None:
    """Withhold a report, or change why. Raises NotFoundError for an unknown one. The archive keeps every byte."""
    if conn.execute(select(models.report.c.id).where(models.report.c.id == report_id)).first() is None:
        raise NotFoundError(f"no report {report_id}")
    values = {"scope": scope, "reason": storable(reason)}
    statement = insert(withheld).values(report_id=report_id, **values)
    conn.execute(statement.on_conflict_do_update(index_elements=["report_id"], set_=values))


def lift(conn: Connection, report_id: int) -> bool:
    """Show a report again; False when it was not withheld."""
    return conn.execute(delete(withheld).where(withheld.c.report_id == report_id)).rowcount > 0


def withheld_ids(conn: Connection, report_ids: list[int]) -> set[int]:
    """Which of these reports are withheld whole."""
    query = select(withheld.c.report_id).where(withheld.c.report_id.in_(report_ids), withheld.c.scope == "text")
    return set(conn.execute(query).scalars())
