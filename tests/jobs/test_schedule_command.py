"""`gxgk schedule` at the prompt."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, text
from typer.testing import CliRunner, Result

from gxgk_crawler.cli.main import app
from gxgk_crawler.errors import ConfigError, DatabaseError, NotFoundError
from gxgk_crawler.items import CrawlResult
from gxgk_crawler.jobs.due import due_portals, next_crawls
from gxgk_crawler.store import crawls
from gxgk_crawler.store.postgres.locks import PortalLock
from tests.jobs.conftest import PORTALS
from tests.store.samples import PORTAL, finish, start

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database


pytestmark = pytest.mark.usefixtures("environment")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["schedule", *arguments])


def listed() -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in json.loads(run("list", "--json").stdout)}


def crawled(database: Database, portal: str, outcome: Any) -> None:
    with database.begin() as conn:
        crawls.register_portal(conn, portal, PORTAL, "openness")
        number = start(conn, portal)
        if outcome is not None:
            result = CrawlResult(outcome=outcome, cause="", evidence_url=None, counts={}, failures=[])
            finish(conn, number, result)


def test_every_portal_file_has_a_schedule(database: Database) -> None:
    rows = listed()
    assert list(rows) == PORTALS
    assert {(row["policy"], row["due"], row["last_outcome"]) for row in rows.values()} == {("season", True, None)}


def test_a_policy_is_set_and_taken_back(database: Database) -> None:
    assert run("set", "monthly", "hlbe", "sxxz").stdout == "monthly: hlbe, sxxz\n"
    assert run("off", "--all").exit_code == 0
    assert run("set", "daily", "hlbe").exit_code == 0
    assert {name: row["policy"] for name, row in listed().items()} == dict.fromkeys(PORTALS, "off") | {"hlbe": "daily"}
    assert listed()["sxxz"]["next_due"] is None
    assert run("set", "season", "--all").exit_code == 0
    assert {row["policy"] for row in listed().values()} == {"season"}
    assert run("list").stdout.splitlines()[1].split()[:2] == ["gaoming", "season"]


def test_a_portal_of_the_registry_is_crawled_on_schedule_only_after_it_was_switched_on(database: Database) -> None:
    assert "wuhai" not in listed()
    assert run("set", "season", "--division", "1503", "--level", "prefecture").stdout == "season: wuhai\n"
    assert listed()["wuhai"]["due"]
    assert "wuhai" in due_portals(database)
    assert run("off", "wuhai").exit_code == 0
    assert "wuhai" not in listed()
    assert list(listed()) == PORTALS
    assert isinstance(run("set", "daily", "--division", "1503", "hlbe").exception, ConfigError)
    assert isinstance(run("set", "daily", "--division", "99").exception, NotFoundError)


def test_what_cannot_be_set_is_said(database: Database) -> None:
    assert isinstance(run("set", "daily", "nowhere").exception, NotFoundError)
    assert isinstance(run("set", "daily").exception, ConfigError)
    assert isinstance(run("jobs", "7").exception, NotFoundError)
    assert isinstance(run("run", "reextract", "--portal", "nowhere").exception, NotFoundError)
    assert isinstance(run("run", "verify", "--portal", "hlbe").exception, ConfigError)
    assert run("set", "hourly", "hlbe").exit_code == 2


def test_the_last_crawls_decide_what_is_next(database: Database) -> None:
    for portal, outcome in (("hlbe", "ok"), ("sxxz", "timeout"), ("lincang", "blocked"), ("gaoming", None)):
        crawled(database, portal, outcome)
    rows = listed()
    now = datetime.now(UTC)
    pauses = {name: datetime.fromisoformat(rows[name]["next_due"]) - now for name in ("hlbe", "sxxz", "lincang")}
    assert pauses["sxxz"] < timedelta(minutes=15) < timedelta(hours=20) < pauses["lincang"] < timedelta(hours=60)
    assert pauses["hlbe"] > timedelta(hours=5)
    assert rows["gaoming"]["due"]
    assert rows["gaoming"]["last_outcome"] is None
    crawled(database, "gaoming", None)
    assert not listed()["gaoming"]["due"]


def test_a_running_crawl_is_no_killed_one(database: Database) -> None:
    crawled(database, "hlbe", None)
    crawled(database, "hlbe", None)
    lock = PortalLock(database, "hlbe")
    assert lock.take()
    row = listed()["hlbe"]
    assert row["running"]
    assert not row["due"]
    assert datetime.fromisoformat(row["next_due"]) - datetime.now(UTC) > timedelta(hours=1)
    lock.release()
    assert datetime.fromisoformat(listed()["hlbe"]["next_due"]) - datetime.now(UTC) < timedelta(minutes=15)


def test_only_the_newest_crawls_of_a_portal_are_looked_at(database: Database) -> None:
    for _ in range(20):
        crawled(database, "hlbe", "timeout")
    crawled(database, "hlbe", "ok")
    with database.begin() as conn:
        now = conn.execute(func.now().select()).scalar_one()
        times = next_crawls(conn, ["hlbe", "sxxz"], now)
    assert times["hlbe"] is not None
    assert times["hlbe"] > now
    assert times["sxxz"] == now


def test_a_database_without_a_queue_is_said_to_be_behind(database: Database) -> None:
    with database.begin() as conn:
        conn.execute(text("drop schema procrastinate cascade"))
    for command in (["jobs"], ["run", "verify"]):
        error = run(*command).exception
        assert isinstance(error, DatabaseError)
        assert "gxgk db upgrade" in str(error)
    assert CliRunner().invoke(app, ["db", "upgrade"]).exit_code == 0
    assert run("jobs").exit_code == 0
