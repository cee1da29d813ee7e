from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from gxgk_crawler.items import Edit
from gxgk_crawler.store.captures import save_captures
from gxgk_crawler.store.integrity import contradictions
from gxgk_crawler.store.reports import save_report
from tests.store.samples import URL, capture, report

if TYPE_CHECKING:
    from sqlalchemy import Connection


@pytest.fixture
def _healthy(conn: Connection) -> None:
    """Two versions of a report, an empty report and a revisit."""
    original = capture()
    save_captures(conn, [original, capture(refers_to=original.record_id)])
    for day, words in enumerate(("文一", "文二")):
        save_report(conn, report(words, day), extractor_version="1")
    save_report(conn, report("", url=f"{URL}?empty", flags=["no_body"]), extractor_version="1")


@pytest.mark.usefixtures("_healthy")
def test_a_healthy_database(conn: Connection) -> None:
    assert list(contradictions(conn)) == []


@pytest.mark.usefixtures("_healthy")
@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("update report_version set text = text || 'x' where number = 2", "digest"),
        ("update report set current_version = 1 where current_version = 2", "current"),
        ("update report set current_version = null", "current"),
        ("delete from section", "current"),
        ("update section set tok_version = 0", "current"),
        ("update capture set refers_to = 'urn:uuid:none' where refers_to is not null", "revisit"),
    ],
)
def test_damage_is_found(conn: Connection, damage: str, kind: str) -> None:
    conn.execute(text(damage))
    assert {problem.kind for problem in contradictions(conn)} == {kind}


def test_an_edit_that_is_not_there_is_found(conn: Connection) -> None:
    misplaced = Edit(kind="spam", start=1, end=3, text="彩票", rule="r")
    save_report(conn, report("文", edits=[misplaced]), extractor_version="1")
    (problem,) = contradictions(conn)
    assert (problem.kind, problem.url) == ("edit", URL)
