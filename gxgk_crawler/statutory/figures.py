"""All figures of one document: its statutory tables, their checks and the indicators of its prose, and the same as the JSON of a report."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from gxgk_crawler.statutory.cell_reader import read_tables
from gxgk_crawler.statutory.checks import check
from gxgk_crawler.statutory.indicators import indicators
from gxgk_crawler.statutory.tables import Check, Indicator, StatutoryTable  # noqa: TC001 (the sandbox decodes by the annotations)

if TYPE_CHECKING:
    from gxgk_crawler.items import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the statutory reading of one document yields."""

    tables: list[StatutoryTable] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)


def read_figures(document: Document) -> Figures:
    """The tables of a document, the verdicts of their equations and what its prose states. The same document gives the same."""
    tables = read_tables(document)
    stated = indicators(document)
    return Figures(tables=tables, checks=check(tables, stated, document.issuer), indicators=stated)


def figures_json(figures: Figures) -> dict[str, Any]:
    """The keys `tables`, `checks` and `indicators` of a report's JSON. The place of a cell holds only the numbers that it has."""
    return {
        "tables": [_table(table) for table in figures.tables],
        "checks": [asdict(one) for one in figures.checks],
        "indicators": [asdict(one) for one in figures.indicators],
    }


def _table(table: StatutoryTable) -> dict[str, Any]:
    whole = asdict(table)
    for part in (*whole["cells"], *whole["omitted"]):
        part["place"] = {name: number for name, number in part["place"].items() if number is not None}
    return whole
