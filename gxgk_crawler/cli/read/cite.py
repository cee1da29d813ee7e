"""`gxgk cite`: how one version of one report is cited."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from gxgk_crawler.analysis.citation import citations, cited_version
from gxgk_crawler.cli.options import MOST, AsJson, ReportId
from gxgk_crawler.cli.output import print_json, print_text
from gxgk_crawler.config import config
from gxgk_crawler.store.identity.report_keys import find_report
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.report_queries import get_report
from gxgk_crawler.store.views.provenance import version_captures


def cite(
    report_id: ReportId,
    number: Annotated[
        int | None, typer.Option("--version", min=1, max=MOST, help="This version instead of the current one.")
    ] = None,
    form: Annotated[
        Literal["gbt7714", "chicago", "bibtex", "csl"] | None, typer.Option(help="Only this form; all four by default.")
    ] = None,
    *,
    room: Annotated[
        str, typer.Option(help="Address of the reading room that shows the report, as in https://gxgk.example.org.")
    ] = "gxgk:",
    as_json: AsJson = False,
) -> None:
    """Cite one version of a report: GB/T 7714, Chicago, BibTeX, CSL-JSON.

    Each form names the page, the day of its capture, the stable key, the WARC record and the SHA-256 of what was archived.
    Example: gxgk cite 12 --form bibtex >> sources.bib
    """
    with Database.open(config()) as database, database.begin() as conn:
        report = get_report(conn, find_report(conn, report_id), number)
        page = version_captures(conn, report["id"], report["version"])[0]
    address = f"{room.rstrip('/')}/reports/{report['key']}/v/{report['version']}"
    forms = citations(cited_version(report, address, page["payload_sha256"]))
    chosen = forms if form is None else {form: forms[form]}
    if as_json:
        print_json(chosen)
        return
    for text in chosen.values():
        print_text(text if isinstance(text, str) else json.dumps(text, ensure_ascii=False, indent=2))
