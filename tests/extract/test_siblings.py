"""Every kind of page and file that was once read wrongly, by members of the kind."""

from __future__ import annotations

import pytest

from tests.extract.siblings import attachments_beside, file_bodies, heads, picture_tables, second, short_articles, small
from tests.extract.siblings.case import Case

KINDS: dict[str, dict[str, Case]] = {
    "short article": short_articles.CASES,
    "file body": file_bodies.CASES,
    "picture table": picture_tables.CASES,
    "title": heads.TITLES,
    "record": heads.RECORDS,
    "date": heads.DATES,
    "plain text": heads.PLAIN,
    "attachment": attachments_beside.CASES,
    "small": small.CASES,
    "second short article": second.SHORT,
    "second file body": second.FILES,
    "second title": second.TITLES,
    "second record": second.RECORDS,
    "second plain text": second.PLAIN,
    "second small": second.SMALL,
}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, cases in KINDS.items() for name in cases],
    ids=lambda part: part.replace(" ", "_"),
)
def test_members_of_a_kind(kind: str, name: str) -> None:
    assert KINDS[kind][name].faults() == []
