"""The page of `gxgk coverage --html`: one file, no script, nothing fetched from anywhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.analysis.coverage import Coverage, CoverageCell, CoverageRow, OrganRow

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #222; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 2rem }
th, td { border: 1px solid #ddd; padding: .2rem .5rem; text-align: left }
.matrix th { font-weight: 600 } .matrix th small { display: block; font-weight: normal; color: #666 }
.matrix td.y, .matrix thead th { text-align: center; min-width: 2rem }
.matrix th:first-child { text-align: left; white-space: nowrap; position: sticky; left: 0; background: #fff }
td.n { text-align: right; font-variant-numeric: tabular-nums }
.key span { border: 1px solid #ddd; padding: .1rem .4rem; margin-right: .4rem }
.ok { background: #b7e1c1 } .late { background: #ffe08a } .gone { background: #d9c2f0 } .gap { background: #f5b5b0 }
thead th { position: sticky; top: 0; background: #fff; box-shadow: inset 0 -1px #ddd }
"""


def page(found: Coverage) -> str:
    """The whole page. Every cell says in words what its colour says. All text of portals is escaped."""
    late = [
        (row.division, row.organ, row.year, row.due, row.published_on, row.days, _link(row.url, f"{row.id}"))
        for row in found.late
    ]
    gone = [
        (row["division"], row["organ"], row["year"], str(row["gone_at"])[:10], _link(row["url"], row["title"]))
        for row in found.gone
    ]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Coverage of 政府信息公开工作年度报告</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>{_STYLE}</style></head><body>
<h1>Coverage</h1>
<p>Reports 政府信息公开工作年度报告 by division and reporting year, as the archive had them on {found.as_of}.
Every organ owes a report for each year from 2008 to {found.last_due}.</p>
<p class="key"><span class="ok">1 there</span><span class="late">1! some late</span><span class="gone">1x some gone from
the portal</span><span class="gap">gap</span> The number is that of the reports held.</p>
{_matrix(found)}
<h2>By the bodies that report</h2>
{_organs(found)}
<h2>Late: {len(found.late)}</h2>
{_list(("Division", "Organ", "Year", "Due", "Published", "Days late", "Report"), late)}
<h2>Gone: {len(found.gone)}</h2>
{_list(("Division", "Organ", "Year", "Gone on", "Report"), gone)}
<p>{found.undated} report(s) state no date and {found.yearless} no year: those cannot be judged.
Portals without any report: {escape(", ".join(found.empty_portals) or "none")}.</p>
</body></html>
"""


def _matrix(found: Coverage) -> str:
    heads = "".join(f"<th>{year}</th>" for year in found.span)
    rows = "".join(_row(row, found.span) for row in found.rows)
    return f'<table class="matrix"><thead><tr><th>Division</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _organs(found: Coverage) -> str:
    heads = "".join(f"<th>{year}</th>" for year in found.span)
    rows = "".join(
        f"<tr><th>{escape(row.organ)}<small>{escape(row.division or '')}</small></th>{_cells(row, found.span)}</tr>"
        for row in found.organs
    )
    return f'<table class="matrix"><thead><tr><th>Organ</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _cells(row: CoverageRow | OrganRow, span: list[int]) -> str:
    return "".join(_cell(row.years.get(year), gap=year in row.gaps) for year in span)


def _row(row: CoverageRow, span: list[int]) -> str:
    cells = _cells(row, span)
    if not row.years:
        cells = f'<td class="y gap" colspan="{max(len(span), 1)}">no report at all</td>'
    within = f"<small>{escape(row.within)}</small>" if row.within else ""
    return f"<tr><th>{escape(row.division or 'unknown')} {escape(row.name or '')}{within}</th>{cells}</tr>"


def _cell(cell: CoverageCell | None, *, gap: bool) -> str:
    if cell is None:
        return '<td class="y gap" title="no report">gap</td>' if gap else '<td class="y"></td>'
    colour = "late" if cell.late else "gone" if cell.gone else "ok"
    signs = ("!" if cell.late else "") + ("x" if cell.gone else "")
    title = f"{cell.reports} report(s), {cell.late} late, {cell.gone} gone"
    return f'<td class="y {colour}" title="{title}">{cell.reports}{signs}</td>'


def _list(heads: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    if not rows:
        return "<p>none</p>"
    lines = "".join("<tr>" + "".join(_shown(value) for value in row) + "</tr>" for row in rows)
    return (
        f"<table><thead><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr></thead><tbody>{lines}</tbody></table>"
    )


class _Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def _shown(value: object) -> str:
    """The cell of a list: numbers stand to the right."""
    shown = value if isinstance(value, _Markup) else escape("" if value is None else str(value))
    return f'<td class="n">{shown}</td>' if isinstance(value, int) else f"<td>{shown}</td>"


def _link(url: str, text: str | None) -> _Markup:
    """A link only where the URL is one that a browser may follow; a hostile one is shown, not linked."""
    shown = escape(text or url)
    return _Markup(
        f'<a href="{escape(url)}" rel="noreferrer">{shown}</a>' if url.startswith(("https://", "http://")) else shown
    )
