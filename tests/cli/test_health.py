"""`gxgk status` and `gxgk metrics`: what an operator sees who looks once a week."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from typer.testing import CliRunner

from gxgk_crawler.alarms.delivery import decide
from gxgk_crawler.cli.main import app
from gxgk_crawler.config import config
from gxgk_crawler.items import CrawlResult, Failure
from gxgk_crawler.outcomes import Outcome
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.journal import mark_gone
from gxgk_crawler.store.policies import set_policy
from gxgk_crawler.store.postgres.locks import PortalLock
from gxgk_crawler.store.queue import jobs
from gxgk_crawler.store.reports import save_report
from tests.store.samples import PORTAL, START, URL, capture, finish, report, start

if TYPE_CHECKING:
    import pytest

    from gxgk_crawler.config import Config
    from gxgk_crawler.store.postgres.database import Database


def crawl(database: Database, outcome: Outcome | None, *, days_ago: int = 0, portal: str = "sample") -> None:
    """A crawl that began so many days ago; without an outcome it has not ended."""
    with database.begin() as conn:
        register_portal(conn, portal, PORTAL, "openness")
        number = start(conn, portal)
        if outcome is not None:
            counts = {"reports_new": 3, "failed": 0}
            finish(conn, number, CrawlResult(outcome=outcome, cause=f"it was {outcome}", counts=counts))
        conn.execute(
            text("update crawl set started_at = started_at - :ago where id = :id"),
            {"ago": timedelta(days=days_ago), "id": number},
        )


def hold(database: Database, *, year: int = 2020) -> None:
    """A report of the portal `sample`."""
    with database.begin() as conn:
        save_report(conn, report("文", year=year), extractor_version="1")


def status(*arguments: str) -> tuple[int, Any]:
    ended = CliRunner().invoke(app, ["status", "sample", "--json", *arguments])
    return ended.exit_code, json.loads(ended.stdout)


def metrics() -> dict[str, float]:
    ended = CliRunner().invoke(app, ["metrics"])
    assert ended.exit_code == 0, ended.output
    samples = [line for line in ended.stdout.splitlines() if not line.startswith("#")]
    parsed = [re.fullmatch(r'([a-z_]+(?:\{(?:[a-z]+="[^"]*",?)+\})?) (\S+)', line) for line in samples]
    return {match[1]: float(match[2]) for match in parsed if match is not None} | {"lines": len(samples)}


def test_a_healthy_portal_needs_nobody(database: Database) -> None:
    crawl(database, "blocked", days_ago=9)
    hold(database)
    crawl(database, "unchanged", days_ago=4)
    code, row = status()
    assert (code, row["needs_person"], row["days_since_success"]) == (0, None, 4)
    assert CliRunner().invoke(app, ["status"]).exit_code == 0


def test_a_bad_end_needs_a_person_and_says_when_it_last_went_well(database: Database) -> None:
    crawl(database, "ok", days_ago=6)
    hold(database)
    crawl(database, "no_reports")
    code, row = status()
    assert (code, row["needs_person"], row["days_since_success"]) == (1, "it was no_reports", 6)


def test_a_killed_crawl_needs_a_person_a_running_one_does_not(database: Database) -> None:
    crawl(database, "ok", days_ago=2)
    hold(database)
    crawl(database, None)
    code, row = status()
    assert (code, row["needs_person"], row["running"]) == (1, "the crawl was killed", False)
    lock = PortalLock(database, "sample")
    assert lock.take()
    code, row = status()
    assert (code, row["needs_person"], row["running"]) == (0, None, True)
    assert metrics()['gxgk_crawl_running{portal="sample"}'] == 1
    lock.release()


def test_a_portal_that_nobody_crawls_any_more_needs_a_person(database: Database) -> None:
    crawl(database, "ok", days_ago=40)
    hold(database)
    assert status()[0] == 1
    assert status()[1]["needs_person"] == "no success for 40 days"
    assert status("--stale", "50")[0] == 0


def test_a_portal_that_is_switched_off_needs_nobody(database: Database) -> None:
    crawl(database, "blocked", days_ago=90)
    assert status()[0] == 1
    with database.begin() as conn:
        set_policy(conn, ["sample"], "off")
    code, row = status()
    assert (code, row["needs_person"], row["policy"], row["outcome"]) == (0, None, "off", "blocked")


def test_no_report_at_all_is_never_well(database: Database) -> None:
    crawl(database, "ok")
    code, row = status()
    assert (code, row["outcome"], row["needs_person"]) == (1, "ok", "no report of this portal is held")
    crawl(database, "no_reports")
    code, row = status()
    assert (code, row["needs_person"]) == (1, "it was no_reports; no report of this portal is held")
    shown = CliRunner().invoke(app, ["status"])
    assert shown.exit_code == 1
    assert "sample: it was no_reports; no report of this portal is held" in shown.stdout


def test_one_portal_is_told_with_all_that_a_person_wants_to_know(database: Database) -> None:
    crawl(database, "ok", days_ago=2)
    hold(database)
    with database.begin() as conn:
        number = start(conn, "sample")
        result = CrawlResult(
            outcome="challenged",
            cause="HTTP 521",
            evidence_url="https://www.sample.gov.cn/[a]",
            counts={"reports_new": 1, "reports_gone": 2, "failed": 1, "skipped": 1},
            failures=[
                Failure(url="https://www.sample.gov.cn/1", reason="not a report", kind="skipped"),
                Failure(url="https://www.sample.gov.cn/2", reason="HTTP 404", kind="failed"),
            ],
        )
        finish(conn, number, result)
        assert decide(conn, failures_in_a_row=1, receivers=["webhook"])
    code, row = status()
    assert code == 1
    assert row["alarm"]["turned"] == "bad"
    assert row["alarm"]["delivered_at"] is None
    assert row["needs_person"] == "HTTP 521; nobody could be told of the alarm: not yet tried"
    assert row["disk"]["archive_bytes"] == 0
    assert row["sandbox"].keys() == {"memory_bytes", "cpu_seconds", "file_bytes", "files", "network", "processes"}
    assert (row["reports"], row["reports_gone"], row["next_due"]) == (1, 0, None), "it has no portal file"
    assert len(row["failures"]) == 2
    shown = CliRunner().invoke(app, ["status", "sample"]).stdout
    for part in ("challenged", "https://www.sample.gov.cn/[a]", "1 new", "2 gone", "2 d ago", "bad since"):
        assert part in shown
    assert re.search(
        r"failed +https://www.sample.gov.cn/2 +HTTP 404\n.*skipped +https://www.sample.gov.cn/1 +not", shown
    )
    told = metrics()
    assert told['gxgk_alarm_standing{portal="sample"}'] == 1
    assert told["gxgk_alarms_undelivered"] == 1


def test_a_portal_without_crawls_and_one_without_a_file() -> None:
    for name, line in (("hlbe", "hlbe was never crawled; `gxgk crawl hlbe`"), ("nowhere", "unknown portal nowhere")):
        ended = CliRunner().invoke(app, ["status", name, "--json"])
        assert ended.exit_code == 1
        assert ended.stdout == ""
        assert line in str(ended.exception)
    assert metrics()['gxgk_next_crawl_seconds{portal="hlbe"}'] > 1.7e9, "and so it is due"


def test_too_little_space_needs_a_person(
    database: Database, database_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl(database, "ok")
    hold(database)
    database_config.archive_dir.mkdir(parents=True)
    assert status()[0] == 0
    monkeypatch.setenv("GXGK_MIN_FREE_MB", "999999999")
    config.cache_clear()
    code, row = status()
    assert code == 1
    assert row["needs_person"].startswith("no crawl can begin: ")
    assert row["disk"]["free_bytes"] < row["disk"]["min_free_bytes"] == 999999999_000_000
    assert metrics()["gxgk_archive_free_bytes"] > 0


def test_metrics(database: Database) -> None:
    crawl(database, "ok", days_ago=1)
    crawl(database, "blocked", portal="other")
    with database.begin() as conn:
        save_report(conn, report("文", flags=["low_confidence"]), extractor_version="1")
        mark_gone(conn, "sample", URL, START, capture(status=404))
    told = metrics()
    assert told["lines"] == len(told) - 1, "every line parses"
    assert told['gxgk_reports{portal="sample"}'] == 1
    assert told['gxgk_reports_gone{portal="sample"}'] == 1
    assert told['gxgk_last_crawl_good{portal="sample",outcome="ok"}'] == 1
    assert told['gxgk_last_crawl_good{portal="other",outcome="blocked"}'] == 0
    assert told['gxgk_last_crawl_count{portal="sample",what="reports_new"}'] == 3
    assert told['gxgk_reports_flagged{flag="low_confidence"}'] == 1
    assert 'gxgk_last_success_start_seconds{portal="other"}' not in told
    assert told["gxgk_captures"] == 2


def test_an_archive_that_does_not_verify_needs_a_person_until_it_does(database: Database) -> None:
    crawl(database, "ok")
    hold(database)

    def verified(place: str, status: str) -> int:
        with database.begin() as conn:
            number = jobs.defer(conn, "verify", queue=place, lock=place, once=place)
            with jobs.in_schema(conn) as driver:  # as the queue's triggers expect
                for step in ("doing", status):
                    driver.execute("update procrastinate_jobs set status = %s where id = %s", [step, number])
        assert number is not None
        return number

    verified("archive-b", "succeeded")
    broken = verified("archive-a", "failed")
    code, row = status()
    assert code == 1
    assert row["needs_person"].startswith(f"an archive did not verify: `gxgk schedule jobs {broken}`")
    verified("archive-a", "succeeded")
    assert status()[0] == 0


def test_a_forgotten_portal_is_in_no_list_until_that_is_undone(database: Database) -> None:
    """A mistyped address once made `gxgk status` fail for good."""
    crawl(database, "dns", portal="mistyped.example")
    crawl(database, "ok")
    hold(database)

    def listed() -> tuple[int, list[str]]:
        ended = CliRunner().invoke(app, ["status", "--json"])
        return ended.exit_code, sorted(row["portal"] for row in json.loads(ended.stdout))

    assert listed() == (1, ["mistyped.example", "sample"])
    assert CliRunner().invoke(app, ["forget", "mistyped.example"]).exit_code == 0
    assert listed() == (0, ["sample"])
    assert "mistyped.example" not in CliRunner().invoke(app, ["metrics"]).stdout
    assert json.loads(CliRunner().invoke(app, ["status", "mistyped.example", "--json"]).stdout)["outcome"] == "dns"
    assert CliRunner().invoke(app, ["forget", "mistyped.example", "--undo"]).exit_code == 0
    assert listed() == (1, ["mistyped.example", "sample"])
