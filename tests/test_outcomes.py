"""The closed list of outcomes stands in four places: here, in its groups, in the database, in docs/strictness.md."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from sqlalchemy import text

from gxgk_crawler.outcomes import AT_ONCE, GOOD, LASTING, PASSING, REFUSING, Outcome

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database

OUTCOMES: tuple[str, ...] = get_args(Outcome)
GROUPS = (GOOD, PASSING, REFUSING, LASTING)


def test_every_outcome_is_in_one_group() -> None:
    assert set().union(*GROUPS) == set(OUTCOMES)
    assert not any(one & other for one, other in combinations(GROUPS, 2))
    assert AT_ONCE <= LASTING


def test_the_database_takes_these_outcomes_and_no_others(database: Database) -> None:
    query = text("select pg_get_constraintdef(oid) from pg_constraint where conname = 'crawl_outcome_check'")
    with database.begin() as conn:
        constraint = conn.execute(query).scalar_one()
    assert set(re.findall(r"'(\w+)'", constraint)) == set(OUTCOMES)


def test_strictness_lists_them_in_order_and_says_which_exit_with_0() -> None:
    chapter = (Path(__file__).parent.parent / "docs" / "strictness.md").read_text().partition("## Outcomes")[2]
    rows = re.findall(r"^\| `(\w+)` \|.*\| (\d) \|$", chapter, re.MULTILINE)
    assert tuple(outcome for outcome, _ in rows) == OUTCOMES
    assert {outcome for outcome, code in rows if code == "0"} == GOOD
