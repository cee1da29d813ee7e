"""All figures of one document: its statutory tables and their checks, and the same as the JSON of a report."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from gxgk_crawler.statutory.cell_reader import read_tables
from gxgk_crawler.statutory.checks import check
from gxgk_crawler.statutory.tables import Check, Table  # noqa: TC001 (the sandbox decodes by the annotations)

if TYPE_CHECKING:
    from gxgk_crawler.items import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the statutory reading of one document yields."""

    tables: list[Table] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)


def read_figures(document: Document) -> Figures:
    """The statutory tables of a document and the verdicts of their equations. Pure: the same document gives the same figures."""
    tables = read_tables(document)
    return Figures(tables=tables, checks=check(tables, issuer=document.issuer))


def figures_json(figures: Figures) -> dict[str, Any]:
    """The keys `tables` and `checks` of a report's JSON. The place of a cell holds only the numbers that it has."""
    return {"tables": [_table(table) for table in figures.tables], "checks": [asdict(one) for one in figures.checks]}


def _table(table: Table) -> dict[str, Any]:
    whole = asdict(table)
    for part in (*whole["cells"], *whole["omitted"]):
        part["place"] = {name: number for name, number in part["place"].items() if number is not None}
    return whole
