"""`gxgk tables`, `series`, `checks`: the figures of reports, over years, and whether they agree with each other."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from gxgk_crawler.cli.options import (  # noqa: TC001 - typer reads them
    AsCsv,
    AsJson,
    Division,
    Issuer,
    Limit,
    OnlyReport,
    Organ,
    PortalName,
    ReportId,
    Since,
    Until,
)
from gxgk_crawler.cli.output import console, plain, print_csv, print_json, say, show_rows, table, warn
from gxgk_crawler.config import config
from gxgk_crawler.errors import ConfigError, QueryError
from gxgk_crawler.logs import escaped
from gxgk_crawler.statutory.cell_keys import cell_key
from gxgk_crawler.statutory.checks import RULES
from gxgk_crawler.statutory.tables import TableName  # noqa: TC001 - typer reads it
from gxgk_crawler.store.figures.of_version import CELL_COLUMNS
from gxgk_crawler.store.figures.series import CHECK_COLUMNS, SERIES_COLUMNS, read_checks, read_series
from gxgk_crawler.store.figures.text_reuse import reuse_of
from gxgk_crawler.store.filters import Filters, expect_known, unmet
from gxgk_crawler.store.identity.report_keys import find_report
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.report_queries import get_report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gxgk_crawler.store.postgres.database import Connection

_TITLES = {
    "T2": "主动公开政府信息情况",
    "T3": "收到和处理政府信息公开申请情况",
    "T4": "政府信息公开行政复议、行政诉讼情况",
    "A": "政府信息公开情况统计表",
}
_YEARS = re.compile(r"(\d{4})(?:\s*[-–~]\s*(\d{4}))?")
_MARKS = {"fail": "!", "not-evaluable": "?"}

Years = Annotated[str | None, typer.Option("--year", help="One reporting year, or the first and the last: 2019-2024.")]


def tables(
    report_id: ReportId,
    number: Annotated[int | None, typer.Option("--version", help="This version instead of the current one.")] = None,
    *,
    only: Annotated[TableName | None, typer.Option("--table", help="Only this table: T2, T3, T4 or A.")] = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Show the statutory tables of one report, cell by cell, with their verdicts.

    A figure in an equation that fails has a ! behind it, one in an equation that cannot be judged a ?.
    Examples: gxgk tables 12; gxgk tables 12 --csv > cells.csv
    """
    _one_form(as_csv=as_csv, as_json=as_json)
    with Database.open(config()) as database, database.begin() as conn:
        report = get_report(conn, find_report(conn, report_id), number)
    report["tables"] = [one for one in report["tables"] if only in {None, one["table"]}]
    if as_json:
        kept = ("id", "key", "portal", "url", "title", "year", "version", "tables", "checks", "indicators")
        print_json({name: report[name] for name in kept})
    elif as_csv:
        print_csv(_cells(report), CELL_COLUMNS)
    else:
        _print_tables(report)


def _cells(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in report["tables"]:
        for cell in one["cells"]:
            yield {"table": one["table"], "layout": one["layout"], **cell}


def _print_tables(report: Mapping[str, Any]) -> None:
    say(f"{report['title'] or report['url']}")
    if not report["tables"]:
        say("no statutory table: the report has none, or it is a picture or a file that was not read")
    for one in report["tables"]:
        console.print()
        console.print(Text(f"{one['table']}  {_TITLES[one['table']]}  (layout {one['layout']})", style="bold"))
        console.print(_grid(one["cells"]))
        for omitted in one["omitted"]:
            say(f"left out: {omitted['row']} {omitted['raw']}: {omitted['reason']}")
    console.print()
    for check in report["checks"]:
        if check["status"] == "fail":
            say(_sentence(check))
    counted = Counter(check["status"] for check in report["checks"])
    say(", ".join(f"{counted[status]} {words}" for status, words in _COUNTED.items()))


_COUNTED = {"pass": "equation(s) hold", "fail": "fail", "not-evaluable": "cannot be judged"}


def _sentence(check: Mapping[str, Any]) -> str:
    other = f" (report {check['against']} for the year before)" if check["against"] is not None else ""
    return f"{check['rule']} {check['at']}: {check['lhs']} against {check['rhs']}, {check['delta']:+}{other}"


def _grid(cells: list[dict[str, Any]]) -> Any:
    """The cells as a table of rows and columns, in the order in which they stand."""
    columns = list(dict.fromkeys(cell["col"] for cell in cells))
    rows: dict[str, dict[str, str]] = {}
    for cell in cells:
        rows.setdefault(cell["row"], {})[cell["col"]] = _figure(cell)
    made = table("", *columns)
    for row, values in rows.items():
        made.add_row(escaped(row), *(values.get(col, "") for col in columns))
    return made


def _figure(cell: Mapping[str, Any]) -> str:
    shown = cell["raw"] if cell["value"] is None else f"{cell['value']}{cell['unit'] or ''}"
    return f"{plain(shown)}{_MARKS.get(cell['verdict'], '')}"


def series(
    cell: Annotated[str, typer.Option("--cell", help="Table, row and column, such as T3.new_received.total.")],
    years: Years = None,
    *,
    since: Since = None,
    until: Until = None,
    division: Division = None,
    portal: PortalName = None,
    organ: Organ = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also reports that another one of their organ and year stands for.")
    ] = False,
    limit: Limit = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Show one figure over organs and years, each organ and year once.

    docs/variables.md lists the cells. Example: gxgk series --cell T3.new_received.total --year 2019-2024 --division 15
    """
    _one_form(as_csv=as_csv, as_json=as_json)
    key = cell_key(cell)
    first, last = _span(years, since, until)
    filters = Filters(since=first, until=last, division=division, portal=portal, organ=organ)
    with Database.open(config()) as database, database.begin() as conn:
        expect_known(conn, filters)
        rows = read_series(conn, key, filters, everything=everything, limit=limit)
        reason = None if rows else unmet(conn, filters) or f"none of the chosen reports has the cell {key}"
    if as_json:
        print_json(rows)
    elif as_csv:
        print_csv(rows, SERIES_COLUMNS)
    elif rows:
        columns: dict[str, Any] = {
            "ID": "id",
            "Organ": "organ",
            "Division": "division",
            "Year": "year",
            "Value": _figure,
            "Also": _also,
        }
        show_rows(rows, columns, as_json=False)
    _tell(reason)


def _also(row: Mapping[str, Any]) -> str:
    """What stands beside a row of a series: the reports that it stands for, or the one that stands for it."""
    if row["stood_by"] is not None:
        return f"counted in {row['stood_by']}"
    return f"also {', '.join(map(str, row['stands_for']))}" if row["stands_for"] else ""


def checks(
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that do not hold.")] = False,
    rule: Annotated[str | None, typer.Option("--rule", help="Only this rule, E1 to E11.")] = None,
    years: Years = None,
    since: Since = None,
    until: Until = None,
    division: Division = None,
    portal: PortalName = None,
    issuer: Issuer = None,
    organ: Organ = None,
    report: OnlyReport = None,
    limit: Limit = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """List the equations of the tables, and whether they hold.

    docs/variables.md says what each rule compares. Example: gxgk checks --failed --rule E5 --division 15
    """
    _one_form(as_csv=as_csv, as_json=as_json)
    if rule is not None and rule.upper() not in RULES:
        raise QueryError(f"there is no rule {rule[:20]!r}: the rules are {', '.join(RULES)}")
    first, last = _span(years, since, until)
    with Database.open(config()) as database, database.begin() as conn:
        filters = Filters(
            since=first,
            until=last,
            division=division,
            portal=portal,
            issuer=issuer,
            organ=organ,
            report=_number(conn, report),
        )
        expect_known(conn, filters)
        rows = read_checks(conn, filters, failed=failed, rule=rule and rule.upper(), limit=limit)
        reason = None if rows else unmet(conn, filters)
    if as_json:
        print_json(rows)
    elif as_csv:
        print_csv(rows, CHECK_COLUMNS)
    elif rows:
        columns: dict[str, Any] = {
            "ID": "id", "Organ": "organ", "Year": "year", "Rule": "rule", "At": "at", "Left": "lhs", "Right": "rhs",
            "Status": "status",
        }  # fmt: skip
        show_rows(rows, columns, as_json=False)
    _tell(reason)


def reuse(report_id: ReportId, *, as_json: AsJson = False) -> None:
    """Show what of a report stands word for word in others: in that of the year before, and in those of its neighbours.

    Figures and tables are left out. What the official form prescribes is equal everywhere: compare shares with each other.
    Example: gxgk reuse 12
    """
    with Database.open(config()) as database, database.begin() as conn:
        rows = reuse_of(conn, find_report(conn, report_id))
    show_rows(
        rows,
        {
            "Share": lambda row: f"{row['share']:.0%}",
            "Stands in": lambda row: row["other"]["id"],
            "Organ": lambda row: row["other"]["organ"],
            "Year": lambda row: row["other"]["year"],
            "Runs": lambda row: len(row["spans"]),
            "Longest": _longest,
        },
        as_json=as_json,
    )


def _longest(row: Mapping[str, Any]) -> str:
    """The beginning of the longest run."""
    longest = max((span["text"] for span in row["spans"]), key=len, default="")
    return plain(longest[:40].replace("\n", " "))


def _number(conn: Connection, report: str | None) -> int | None:
    return None if report is None else find_report(conn, report)


def _span(years: str | None, since: int | None, until: int | None) -> tuple[int | None, int | None]:
    """The first and the last year that are asked for. Raises ConfigError for what is no year or range, and for both ways at once."""
    if years is None:
        return since, until
    if since is not None or until is not None:
        raise ConfigError("--year and --since or --until exclude each other: give a range, --year 2019-2024")
    found = _YEARS.fullmatch(years.strip())
    if found is None:
        raise ConfigError(f"no year and no range of years: {years[:20]!r}; give 2023 or 2019-2024")
    first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        raise ConfigError(f"the range {years[:20]} ends before it begins")
    return first, last


def _one_form(*, as_csv: bool, as_json: bool) -> None:
    if as_csv and as_json:
        raise ConfigError("--csv and --json exclude each other: give one of them")


def _tell(reason: str | None) -> None:
    if reason is not None:
        warn(reason)
