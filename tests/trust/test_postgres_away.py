"""The database goes away in mid-crawl: everything waits in the archive, and nothing is fetched twice for it."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.config import Config, config
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.postgres.embedded import EmbeddedServer
from tests.trust.conftest import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crawl.conftest import Home

SLOW = ("-s", "DOWNLOAD_DELAY=0.15", "-s", "DOWNLOAD_DELAY_JITTER=0")


@pytest.fixture
def stoppable(home: Home) -> Iterator[EmbeddedServer]:
    """A server that the home uses as one of GXGK_DATABASE_URL, so that only the test starts it again."""
    with TemporaryDirectory() as directory:
        server = EmbeddedServer(Config(home=Path(directory), pg_bin=config().pg_bin))
        server.ensure()
        home.environ["GXGK_DATABASE_URL"] = server.url
        with Database.connect(Config(home=Path(directory), database_url=server.url)) as database:
            database.upgrade()
        yield server
        server.stop()
        server.close()


class Crawl:
    """A crawl that runs, with its log."""

    def __init__(self, home: Home, *more: str) -> None:
        self.process = home.start("hlbe", *SLOW, *more, stderr=subprocess.PIPE)
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as stderr:
            self.lines += stderr

    def end(self) -> int:
        code = self.process.wait(timeout=90)
        self._reader.join()
        return code

    @property
    def log(self) -> str:
        return "".join(self.lines)


def wait_until(condition, seconds: float = 100.0) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def reports_asked(home: Home) -> list[str]:
    return [url for url in home.asked if url in home.portals["hlbe"].reports]


def test_a_database_that_comes_back_has_everything(home: Home, stoppable: EmbeddedServer) -> None:
    crawl = Crawl(home)
    wait_until(lambda: len(reports_asked(home)) >= 3)
    assert stoppable.stop()
    fetched = len(home.asked)
    wait_until(lambda: len(home.asked) > fetched)
    time.sleep(3)
    assert crawl.process.poll() is None
    stoppable.ensure()
    assert crawl.end() == 0, crawl.log
    assert "waits for it in the archive" in crawl.log
    assert "Traceback" not in crawl.log
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports)
    assert len(reports_asked(home)) == len(set(reports_asked(home)))
    assert home.gxgk("verify").code == 0


def test_a_database_that_stays_away_gets_all_of_it_at_the_next_start(home: Home, stoppable: EmbeddedServer) -> None:
    crawl = Crawl(home, "-s", "LEDGER_PATIENCE=1", "-s", "DOWNLOAD_DELAY=0.4")
    wait_until(lambda: len(reports_asked(home)) >= 3)
    assert stoppable.stop()
    assert crawl.end() == 1, crawl.log
    assert crawl.lines[-1].startswith("hlbe: storage: ")
    assert "Traceback" not in crawl.log
    fetched = set(reports_asked(home))
    assert fetched < set(home.portals["hlbe"].reports), "the crawl went on for ever"

    stoppable.ensure()
    assert home.gxgk("verify", "--repair").code == 0
    assert set(home.reports("hlbe")) == fetched
    assert home.json("status", "hlbe")["outcome"] == "storage"
    assert home.crawl("hlbe").code == 0
    assert not set(reports_asked(home)) & fetched, "something was fetched twice"
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports)


def test_only_one_crawl_of_a_portal_at_a_time(home: Home) -> None:
    first = Crawl(home)
    wait_until(lambda: reports_asked(home))
    first.process.send_signal(signal.SIGSTOP)  # so that it lasts, on however busy a machine
    second = home._run(home.command("hlbe"))
    assert second.code == 1
    assert second.line.startswith("hlbe: storage: another crawl of hlbe is running: gxgk ")
    assert "Traceback" not in second.err
    other = home._run(home.command("lincang"))
    assert other.code == 0, "another portal is none of its business"
    first.process.send_signal(signal.SIGCONT)
    assert first.end() == 0, first.log
    assert len(dump(home.environ["GXGK_DATABASE_URL"])["crawl"]) == 2
    assert home.gxgk("verify").code == 0
