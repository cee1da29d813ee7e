"""All figures of one report: its statutory tables, their checks and the indicators of its prose, and the same as the JSON of a report."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from gxgk_crawler.items import Grid
from gxgk_crawler.statutory.cell_reader import TABLE_WORDS, read_statutory, read_tables
from gxgk_crawler.statutory.checks import check
from gxgk_crawler.statutory.indicators import indicators
from gxgk_crawler.statutory.tables import Check, Indicator, StatutoryTable  # noqa: TC001 (the sandbox decodes by the annotations)
from gxgk_crawler.statutory.verdicts import verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.items import Attachment, Document
    from gxgk_crawler.statutory.tables import Method, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the statutory reading of one report yields. tables: those of the body first, then those of each attachment."""

    tables: list[StatutoryTable] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)


def read_figures(document: Document, attachments: Sequence[Attachment] = ()) -> Figures:
    """The tables of a document and its attachments, the verdicts of their equations and what its prose states.

    The same document and attachments give the same. A cell of an attachment has its number, from 0.
    """
    document = replace(document, text=encodable(document.text), grids=[_encodable(grid) for grid in document.grids])
    tables = read_tables(document)
    for number, attachment in enumerate(attachments):
        tables += _of_attachment(attachment, number)
    stated = indicators(document)
    organ = document.organ.name if document.organ is not None else document.issuer
    return Figures(tables=tables, checks=check(tables, stated, organ), indicators=stated)


def may_hold_tables(attachment: Attachment) -> bool:
    """True when it is worth while to read the attachment for statutory tables: it has grids, or some of their words."""
    text = attachment.text or ""
    return bool(attachment.grids) or "指标" in text or any(word in text for word in TABLE_WORDS)


def _of_attachment(attachment: Attachment, number: int) -> list[StatutoryTable]:
    method: Method = "pdf" if attachment.media_type == "application/pdf" else "flat"
    grids = [_encodable(grid) for grid in attachment.grids]
    return read_statutory(grids, encodable(attachment.text or ""), method, number)


def encodable(text: str) -> str:
    """The text with a question mark for each lone surrogate, which hostile pages hold and the patterns here refuse."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def _encodable(grid: Grid) -> Grid:
    whole = "".join(cell.text for cell in grid.cells)
    if encodable(whole) is whole:
        return grid
    return Grid(cells=[replace(cell, text=encodable(cell.text)) for cell in grid.cells])


def figures_json(figures: Figures) -> dict[str, Any]:
    """The keys `tables`, `checks` and `indicators` of a report's JSON. The place of a cell holds only the numbers that it has."""
    judged = verdicts(figures.tables, figures.checks)
    return {
        "tables": [_table(table, of) for table, of in zip(figures.tables, judged, strict=True)],
        "checks": [asdict(one) for one in figures.checks],
        "indicators": [asdict(one) for one in figures.indicators],
    }


def _table(table: StatutoryTable, judged: list[Status | None]) -> dict[str, Any]:
    whole = asdict(table)
    for part in (*whole["cells"], *whole["omitted"]):
        part["place"] = {name: number for name, number in part["place"].items() if number is not None}
    for cell, verdict in zip(whole["cells"], judged, strict=True):
        cell["verdict"] = verdict
    return whole
