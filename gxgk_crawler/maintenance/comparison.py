"""Compares the texts of reports with those of the year before and of their neighbours, where either text has changed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from gxgk_crawler.analysis.reuse import REUSE_VERSION, ComparableReport, neighbours, pairs_of_group, reused
from gxgk_crawler.store.figures import text_reuse
from gxgk_crawler.store.figures.text_reuse import ComparedText

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.analysis.reuse import Kind
    from gxgk_crawler.store.postgres.database import Connection, Database

logger = logging.getLogger(__name__)

_AT_ONCE = 200  # reports that one query names
_MOST_OF_A_CRAWL = 500


def compare_texts(
    database: Database,
    *,
    portal: str | None = None,
    most: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Compare every report whose current text was not compared yet, each in a transaction of its own; how many.

    portal: only its reports. most: at most so many; the others wait for the next run. progress: called with how many are done.
    Raises DatabaseError.
    """
    with database.begin() as conn:
        text_reuse.forget_replaced(conn, portal)
    done = 0
    while most is None or done < most:
        with database.begin() as conn:
            limit = _AT_ONCE if most is None else min(_AT_ONCE, most - done)
            waiting = text_reuse.uncompared(conn, REUSE_VERSION, portal=portal, limit=limit)
        if not waiting:
            break
        for report_id in waiting:
            with database.begin() as conn:
                _compare(conn, report_id)
            done += 1
            if progress is not None:
                progress(done)
    return done


def compare_new_texts(database: Database, portal: str) -> None:
    """Compare the new texts of a portal at the end of its crawl. What goes wrong is no fault of the crawl: the next run compares them."""
    try:
        compare_texts(database, portal=portal, most=_MOST_OF_A_CRAWL)
    except Exception:
        logger.exception("the new texts of %s are not compared with others", portal)


def _compare(conn: Connection, report_id: int) -> None:
    pairs = text_reuse.years_around(conn, report_id)
    if pairs:
        _update(conn, "year_before", [later for later, _ in pairs], set(pairs))
    group = [ComparableReport(**row) for row in text_reuse.same_year_group(conn, report_id)]
    of = next((one for one in group if one.report_id == report_id), None)
    if of is not None:
        alike = neighbours(of, group)
        _update(conn, "same_year", [one.version_id for one in alike], pairs_of_group(alike))
    text_reuse.mark_compared(conn, report_id, REUSE_VERSION)


def _update(conn: Connection, kind: Kind, versions: list[int], wanted: set[tuple[int, int]]) -> None:
    """Make the comparisons of the reports of these versions those that are wanted."""
    held = text_reuse.comparisons(conn, versions, kind)
    missing = sorted(wanted - held)
    texts = text_reuse.texts_of(conn, {version for pair in missing for version in pair})
    made = []
    for version_id, other_id in missing:
        found = reused(texts[version_id], texts[other_id])
        made.append(
            ComparedText(
                version_id=version_id,
                other_id=other_id,
                kind=kind,
                share=found.share,
                characters=found.characters,
                spans=found.spans,
            )
        )
    text_reuse.replace_comparisons(conn, gone=held - wanted, made=made)
