"""Several workers on one database: everything is done once, whichever of them dies."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from gxgk_crawler.config import Config, config
from gxgk_crawler.jobs.planning import CRAWLS
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.postgres.embedded import EmbeddedServer
from gxgk_crawler.store.postgres.locks import PortalLock
from gxgk_crawler.store.queue import jobs
from tests.crawl.conftest import FAST
from tests.jobs.conftest import PORTALS, SLOW, eventually

if TYPE_CHECKING:
    from tests.crawl.conftest import Home
    from tests.jobs.conftest import Team


def verified(home: Home) -> bool:
    ended = home.gxgk("verify", "--json")
    assert ended.code == 0, ended.out + ended.err
    return True


# Portal files that cannot be used, as people write them.
BROKEN = {
    "typo": "class TypoSpider(:\n",
    "missing": "from gxgk_crawler.nosuch import PortalSpider\n",
    "generated": "import scrapy\n\n\nclass GeneratedSpider(scrapy.Spider):\n    name = 'generated'\n",
    "leaves": "raise SystemExit(3)\n",
}


def test_two_workers_crawl_every_portal_once(team: Team) -> None:
    """Portal files that cannot be used are named, and stop none of the others."""
    files = team.homes[0].directory / "portals"
    files.mkdir(parents=True)
    for name, source in BROKEN.items():
        (files / f"{name}.py").write_text(source, "utf-8")
    workers = [team.worker(home, "--once", "-j", "1") for home in (0, 1)]
    assert [worker.wait() for worker in workers] == [0, 0], [worker.log for worker in workers]
    assert all(f"{name}.py cannot be used" in workers[0].log for name in BROKEN)
    crawls = team.crawls()
    assert sorted(crawl["portal"] for crawl in crawls) == PORTALS
    assert {crawl["outcome"] for crawl in crawls} == {"ok"}
    asked = Counter(exchange.url for exchange in team.proxy.log if exchange.status == 200)
    twice = {url for url, times in asked.items() if times > 1 and "robots.txt" not in url}
    assert twice == set()
    for home in team.homes:
        assert list((home.directory / "archive").glob("*.warc.gz"))
        assert verified(home)
    listed = team.homes[0].json("schedule", "list")
    assert [row["due"] for row in listed] == [False] * 6
    team.proxy.forget()
    assert team.worker(1, "--once").wait() == 0
    assert team.proxy.log == ()


@pytest.mark.parametrize("machine", [False, True], ids=["worker", "machine"])
def test_a_killed_worker_is_taken_over(team: Team, *, machine: bool) -> None:
    team.only("hlbe")
    first = team.worker(0, fast=False)
    assert eventually(lambda: team.is_under_way("hlbe")), first.log
    second = team.worker(1, "--dead-after", "5")
    assert second.says("ready")
    first.kill(children=machine)
    assert eventually(lambda: team.ended("hlbe")), second.log
    assert second.stop() == 0
    assert "is taken over" in second.log
    crawls = team.crawls()
    assert crawls[0]["outcome"] is None if machine else crawls[0]["stopped"]
    assert len(crawls) == 2
    assert set(team.homes[1].reports("hlbe")) == set(team.homes[1].portals["hlbe"].reports)
    team.homes[0].gxgk("verify", "--repair")
    assert all(verified(home) for home in team.homes)


def test_a_worker_that_is_to_stop_ends_its_crawls_in_order(team: Team) -> None:
    team.only("hlbe")
    worker = team.worker(0, fast=False)
    assert eventually(lambda: team.is_under_way("hlbe")), worker.log
    assert worker.stop() == 0, worker.log
    assert worker.log.strip().splitlines()[-1].endswith("stopped")
    (crawl,) = team.crawls()
    assert crawl["stopped"]
    assert not list((team.homes[0].directory / "archive").glob("*.open"))
    assert verified(team.homes[0])
    listed = {row["name"]: row for row in team.homes[0].json("schedule", "list")}
    assert listed["hlbe"]["due"]
    assert team.worker(0, "--once").wait() == 0
    assert team.ended("hlbe")


def test_a_second_signal_kills(team: Team) -> None:
    team.only("hlbe")
    worker = team.worker(0, fast=False)
    assert eventually(lambda: team.is_under_way("hlbe")), worker.log
    for child in worker.children():
        os.kill(child, signal.SIGSTOP)
    worker.process.send_signal(signal.SIGTERM)
    assert worker.says("another signal kills")
    assert worker.stop() == 0
    assert "killed by signal 9" in worker.log
    assert [crawl["outcome"] for crawl in team.crawls()] == [None]


def test_a_portal_that_is_crawled_elsewhere_is_left_alone_and_not_forgotten(team: Team) -> None:
    team.only("hlbe")
    elsewhere = PortalLock(team.database, "hlbe")
    assert elsewhere.take()
    worker = team.worker(1, "--once")
    assert worker.wait() == 0
    assert "hlbe: crawled elsewhere" in worker.log
    assert team.homes[0].gxgk("crawl", "--due").code == 0
    assert team.crawls() == []
    elsewhere.release()
    assert team.worker(1, "--once").wait() == 0
    assert team.ended("hlbe")


def test_a_running_crawl_is_not_begun_again(team: Team) -> None:
    team.only("hlbe")
    first = team.worker(0, "-j", "1", fast=False)
    assert eventually(lambda: team.is_under_way("hlbe")), first.log
    with team.database.begin() as conn:
        jobs.defer(conn, CRAWLS, queue=CRAWLS, lock="another", once="another", portal="hlbe")
    second = team.worker(1, "--once")
    assert second.wait() == 0
    assert "hlbe: crawled elsewhere" in second.log
    assert team.homes[1].gxgk("crawl", "--due").code == 0
    assert len(team.crawls()) == 1


def test_a_crawl_that_leaves_no_trace_waits_for_its_next_try(team: Team) -> None:
    team.only("hlbe")
    worker = team.worker(0, "--once", "-s", "EXTENSIONS={}")
    assert worker.wait() == 0
    assert "hlbe: the crawl left no trace" in worker.log
    (job,) = (job for job in team.homes[0].json("schedule", "jobs") if job["task"] == "crawl")
    assert job["status"] == "waiting"
    assert job["due_at"] is not None
    assert team.worker(0, "--once").wait() == 0
    assert team.crawls() == []
    assert team.homes[0].gxgk("crawl", "--due", *FAST).code == 0
    assert team.ended("hlbe")


def test_one_machine_without_disk_space_does_not_stop_the_other(team: Team) -> None:
    team.only("hlbe")
    team.homes[0].environ["GXGK_MIN_FREE_MB"] = "999999999"
    assert team.worker(0, "--once").wait() == 0
    assert [crawl["outcome"] for crawl in team.crawls()] == ["storage"]
    (row,) = (row for row in team.homes[0].json("schedule", "list") if row["name"] == "hlbe")
    assert not row["due"]
    with team.database.begin() as conn:
        conn.execute(
            text("update crawl set started_at = started_at - interval '1 h', finished_at = now() - interval '1 h'")
        )
    assert team.worker(1, "--once").wait() == 0
    assert team.ended("hlbe")


def test_cron_on_two_machines_crawls_every_portal_once(team: Team) -> None:
    commands = [team.start(home, "crawl", "--due", "-j", "2", *FAST) for home in (0, 1)]
    assert [command.wait() for command in commands] == [0, 0], [command.log for command in commands]
    assert sorted(crawl["portal"] for crawl in team.crawls()) == PORTALS
    assert all(verified(home) for home in team.homes)
    team.proxy.forget()
    assert team.homes[0].gxgk("crawl", "--due").code == 0
    assert team.proxy.log == ()


def test_crawls_by_hand_end_in_order_too(team: Team) -> None:
    command = team.start(0, "crawl", "hlbe", "sxxz", "-j", "1", *SLOW)
    assert eventually(lambda: team.is_under_way("hlbe")), command.log
    assert command.stop(signal.SIGINT) == 1
    assert "sxxz: not begun" in command.log
    (crawl,) = team.crawls()
    assert crawl["stopped"]


def test_an_archive_is_verified_and_read_again_by_the_worker_of_its_home(team: Team) -> None:
    team.only("hlbe")
    here, there = team.homes
    assert team.worker(0, "--once").wait() == 0
    number = here.json("schedule", "run", "verify")["job"]
    assert here.json("schedule", "run", "verify")["job"] is None
    other = here.json("schedule", "run", "reextract", "--portal", "hlbe")["job"]
    assert team.worker(1, "--once").wait() == 0
    assert here.json("schedule", "jobs", str(number))["status"] == "waiting"
    worker = team.worker(0, "--once")
    assert worker.wait() == 0
    assert here.json("schedule", "jobs", str(number))["status"] == "done"
    assert there.json("schedule", "jobs", str(other))["status"] == "done"
    (broken,) = (here.directory / "archive").glob("*.warc.gz")
    broken.chmod(0o600)
    broken.write_bytes(broken.read_bytes()[:-1000])
    number = here.json("schedule", "run", "verify")["job"]
    worker = team.worker(0, "--once")
    assert worker.wait() == 0
    assert f"ERROR gxgk_crawler.jobs.tasks: job {number} failed: verify" in worker.log
    assert here.json("schedule", "jobs", str(number))["status"] == "failed"
    assert there.gxgk("status").code == 1
    weekly = [job for job in here.json("schedule", "jobs") if job["task"] == "verify" and job["status"] == "waiting"]
    assert len(weekly) == 2  # one of each home
    assert here.gxgk("schedule", "run", "reextract", "--portal", "nowhere").code == 1


def test_postgres_may_go_away_for_a_while(team: Team, tmp_path: Path) -> None:
    with TemporaryDirectory() as directory:  # a short path, for the socket
        server = EmbeddedServer(Config(home=Path(directory), pg_bin=config().pg_bin))
        server.ensure()
        with Database.connect(Config(home=tmp_path, database_url=server.url)) as database:
            database.upgrade()
            team.database = database
            team.homes[0].environ["GXGK_DATABASE_URL"] = server.url
            team.only("hlbe")
            worker = team.worker(0, "--dead-after", "6", fast=False)
            assert eventually(lambda: team.is_under_way("hlbe")), worker.log
            server.stop()
            assert worker.says("the database is away")
            server.ensure()
            assert worker.says("the database is back")
            assert eventually(lambda: team.ended("hlbe")), worker.log
            assert eventually(
                lambda: [j["status"] for j in team.homes[0].json("schedule", "jobs") if j["portal"]] == ["done"]
            ), worker.log
            assert worker.stop() == 0
            assert len(team.crawls()) == 1
            assert "Traceback" not in worker.log
            assert "is taken over" not in worker.log, "an outage makes no worker dead"
        server.stop()
        server.close()


def test_a_worker_ends_without_its_database(team: Team, tmp_path: Path) -> None:
    with TemporaryDirectory() as directory:
        server = EmbeddedServer(Config(home=Path(directory), pg_bin=config().pg_bin))
        server.ensure()
        with Database.connect(Config(home=tmp_path, database_url=server.url)) as database:
            database.upgrade()
            team.database = database
            team.homes[0].environ["GXGK_DATABASE_URL"] = server.url
            team.only()
            worker = team.worker(0)
            assert worker.says("ready")
            server.stop()
            assert worker.says("the database is away")
            assert worker.stop() == 1
            assert worker.log.strip().splitlines()[-1].startswith("gxgk: database: ")
            assert "Traceback" not in worker.log
        server.close()
