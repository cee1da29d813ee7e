"""Alarms are raised from the rows of crawls: once per change, whichever machine looks, and never lost."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gxgk_crawler.alarms.delivery import send_alarms
from gxgk_crawler.cli.main import app
from gxgk_crawler.config import config as environment
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.items import CrawlResult
from gxgk_crawler.outcomes import Outcome
from gxgk_crawler.store import alarms as store
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.postgres.locks import PortalLock
from tests.alarms.hook import Hook, hook
from tests.store.samples import PORTAL, finish, start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gxgk_crawler.config import Config
    from gxgk_crawler.store.postgres.database import Database


class Crawls:
    """Crawls of portals, a day apart, written as the crawler writes them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._days = 0

    def end(self, outcome: Outcome | None, portal: str = "sample", *, stopped: int = 0) -> None:
        self._days += 1
        with self._database.begin() as conn:
            register_portal(conn, portal, PORTAL, "openness")
            number = start(conn, portal)
            if outcome is not None:
                counts = {"stopped": stopped}
                finish(conn, number, CrawlResult(outcome=outcome, cause=f"it was {outcome}", counts=counts))
            later = {"days": timedelta(days=self._days), "id": number}
            conn.execute(text("update crawl set started_at = started_at + :days where id = :id"), later)


@pytest.fixture
def crawls(database: Database) -> Crawls:
    return Crawls(database)


@pytest.fixture
def there() -> Iterator[Hook]:
    with hook() as made:
        yield made


@pytest.fixture
def config(database_config: Config, there: Hook) -> Config:
    return replace(database_config, alarm_webhook=there.url)


def test_two_alarms_for_an_outage_that_lasts(crawls: Crawls, there: Hook, config: Config) -> None:
    for outcome in ("ok", "challenged", "challenged", "blocked", "unchanged", "ok"):
        crawls.end(outcome)
        send_alarms(config)
        send_alarms(config)
    assert there.turned == [("sample", "bad"), ("sample", "good")]
    bad, good = there.got
    assert (bad["outcome"], bad["cause"], bad["title"]) == ("challenged", "it was challenged", PORTAL.title)
    assert bad["last_success"] < bad["crawl_started_at"] < good["crawl_started_at"]
    assert good["outcome"] == "unchanged"


def test_a_killed_crawl_rings_at_the_end_of_another_portals(crawls: Crawls, there: Hook, config: Config) -> None:
    crawls.end("ok", "killed")
    crawls.end(None, "killed")
    crawls.end(None, "killed")
    crawls.end("ok", "other")
    send_alarms(config)
    assert there.turned == [("killed", "bad")]
    assert there.got[0]["outcome"] == "killed"
    assert "the crawl was killed" in there.got[0]["text"]


def test_a_running_crawl_is_no_verdict(crawls: Crawls, there: Hook, config: Config, database: Database) -> None:
    crawls.end("challenged")
    crawls.end(None)
    lock = PortalLock(database, "sample")
    assert lock.take()
    send_alarms(config)
    assert there.turned == []
    lock.release()
    send_alarms(config)
    assert there.turned == [("sample", "bad")]


def test_machines_that_look_at_once_ring_once(crawls: Crawls, there: Hook, config: Config) -> None:
    for portal in ("one", "two", "three"):
        crawls.end("blocked", portal)
        crawls.end("blocked", portal)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send_alarms, [config] * 6))
    assert sorted(there.turned) == [("one", "bad"), ("three", "bad"), ("two", "bad")]


def test_what_is_not_delivered_is_tried_again(
    crawls: Crawls, there: Hook, config: Config, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    crawls.end("blocked")
    crawls.end("blocked")
    there.answers = [503]
    send_alarms(config)
    with database.begin() as conn:
        last = store.last_alarms(conn)["sample"]
        assert (last.turned, last.delivered_at, last.error) == ("bad", None, "webhook: HTTP 503")
        assert store.undelivered(conn) == 1
    assert "the webhook did not accept the alarm about sample: HTTP 503" in caplog.text
    crawls.end("ok", "other")
    send_alarms(config)
    send_alarms(config)
    with database.begin() as conn:
        last = store.last_alarms(conn)["sample"]
        assert last.delivered_at is not None
        assert (last.error, store.undelivered(conn)) == (None, 0)
    assert there.turned == [("sample", "bad")]


@pytest.mark.process
def test_a_broken_receiver_does_not_make_the_other_ring_again(
    crawls: Crawls, there: Hook, config: Config, database: Database, tmp_path: Path
) -> None:
    both = replace(config, alarm_command=("sh", "-c", f"cat >> {tmp_path}/got; test -e {tmp_path}/mended"))
    for portal in ("one", "two"):
        crawls.end("hacked", portal)
    send_alarms(both)
    with database.begin() as conn:
        assert [last.error for last in store.last_alarms(conn).values()] == ["command: exit 1"] * 2
    assert (tmp_path / "got").read_text().count('"alarm"') == 1, "a broken receiver is asked once per round"
    (tmp_path / "got").unlink()
    (tmp_path / "mended").touch()
    send_alarms(both)
    assert there.turned == [("one", "bad"), ("two", "bad")]
    told = (tmp_path / "got").read_text("utf-8").replace("}{", "}\n{").splitlines()
    assert [json.loads(line)["portal"] for line in told] == ["one", "two"]


def test_without_receivers_the_alarm_stands_and_is_sent_to_nobody_later(
    crawls: Crawls, there: Hook, config: Config, database: Database
) -> None:
    crawls.end("hacked")
    send_alarms(replace(config, alarm_webhook=None))
    with database.begin() as conn:
        assert store.last_alarms(conn)["sample"].turned == "bad"
    send_alarms(config)
    assert there.turned == []


def test_a_database_that_is_away_fails_nothing(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        send_alarms(replace(config, database_url="postgresql://nobody@127.0.0.1:9/none"))
    assert "alarms wait for the next crawl" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.process
def test_the_list_and_the_test_of_the_receivers(
    crawls: Crawls, there: Hook, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GXGK_HOME", str(config.home))
    monkeypatch.setenv("GXGK_DATABASE_URL", str(config.database_url))
    environment.cache_clear()
    with pytest.raises(ConfigError, match="there is no receiver"):
        CliRunner().invoke(app, ["alarms", "--test"], catch_exceptions=False)
    monkeypatch.setenv("GXGK_ALARM_WEBHOOK", there.url)
    monkeypatch.setenv("GXGK_ALARM_COMMAND", "false")
    environment.cache_clear()
    ended = CliRunner().invoke(app, ["alarms", "--test"])
    assert (ended.exit_code, there.turned) == (1, [("test", "bad")])
    assert ended.stderr.splitlines() == ["webhook: ok", "command: exit 1"]
    crawls.end("hacked")
    there.answers = [500]
    send_alarms(config)
    (row,) = json.loads(CliRunner().invoke(app, ["alarms", "--json"]).stdout)
    assert (row["portal"], row["turned"], row["delivered_at"]) == ("sample", "bad", None)
    assert "webhook: HTTP 500" in CliRunner().invoke(app, ["alarms"], terminal_width=200).stdout.replace("\n", " ")
    environment.cache_clear()
