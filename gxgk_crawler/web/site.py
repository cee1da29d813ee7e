"""Which page stands at which address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.web.pages import (
    about,
    captures,
    changes,
    coverage,
    data,
    figures,
    injected,
    memento,
    originals,
    portals,
    reports,
    search,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.web.answers import Answer
    from gxgk_crawler.web.room import Ask

HANDLERS: tuple[tuple[str, Callable[[Ask], Answer]], ...] = (
    ("/", coverage.home),
    ("/places/{code}", coverage.place),
    ("/places/{code}/{year:int}", coverage.place_year),
    ("/reports", reports.reports),
    ("/reports/{key}", reports.report),
    ("/reports/{key}/versions", reports.versions),
    ("/reports/{key}/diff/{span}", reports.diff),
    ("/reports/{key}/reuse", reports.reused),
    ("/reports/{key}/v/{number}", reports.report),
    ("/reports/{key}/v/{number}/removed", reports.removed),
    ("/reports/{key}/v/{number}/cite", reports.cite),
    ("/reports/{key}/tables", figures.tables),
    ("/reports/{key}/v/{number}/tables", figures.tables),
    ("/reports/{key}/v/{number}/tables/{table}", figures.tables),
    ("/cells/{key}/{number}/{table}/{row}/{col}", figures.cell),
    ("/reports/{key}/cells/{table}/{row}/{col}", figures.cell),
    ("/series", figures.series),
    ("/checks", figures.checks),
    ("/compare", figures.compare),
    ("/reports/{key}/v/{number}/original", originals.original),
    ("/frame/{key}/{number}", originals.frame),
    ("/w/{moment}/{url:path}", originals.resource),
    ("/w/{record}", captures.payload),
    ("/captures/{record}", captures.capture),
    ("/captures/{record}/record", captures.record),
    ("/web/{moment}/{url:path}", memento.memento),
    ("/timegate/{url:path}", memento.timegate),
    ("/timemap/{form}/{url:path}", memento.timemap),
    ("/search", search.search),
    ("/changes", changes.changes),
    ("/injected", injected.injected),
    ("/portals", portals.portals),
    ("/portals/{name}", portals.portal),
    ("/crawls/{number}", portals.crawl),
    ("/health", portals.health),
    ("/data", data.data),
    ("/download/{package}/{file}", data.download),
    ("/api", data.api),
    ("/openapi.json", data.openapi),
    ("/about", about.about),
)
