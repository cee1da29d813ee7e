"""Crawls of replica portals as people run them: the real spiders, in their own process, at the real host names."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from gxgk_crawler.config import Config
from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.report_queries import get_report, list_reports
from tests import commands
from tests.commands import BIN
from tests.replica import ReplicaProxy, replicas

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from tests.replica import Replica

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "LOG_LEVEL=INFO")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended. line: the last line on stderr, which says it to a person."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        return self.err.strip().splitlines()[-1] if self.err.strip() else ""


class Home:
    """One GXGK_HOME with its own database, and replicas behind a proxy."""

    def __init__(
        self, directory: Path, database_url: str | None, proxy: ReplicaProxy, portals: dict[str, Replica]
    ) -> None:
        self.directory = directory
        self.proxy = proxy
        self.portals = portals
        self.environ = (
            os.environ
            | proxy.environ
            | {
                "GXGK_HOME": str(directory),
                "GXGK_CONTACT": "archive@example.org",
                "GXGK_DATABASE_URL": database_url or "",
                "GXGK_MIN_FREE_MB": "1",
                "SCRAPY_SETTINGS_MODULE": "gxgk_crawler.settings",
            }
        )

    def command(self, name: str, *more: str) -> list[str]:
        return [str(BIN / "scrapy"), "crawl", name, *FAST, *more]

    def crawl(self, name: str, *more: str) -> Ended:
        self.proxy.forget()
        return self._run(self.command(name, *more))

    def start(self, name: str, *more: str, stderr: int = subprocess.DEVNULL) -> commands.Process:
        """A crawl that runs, as the leader of its process group. stderr: as for subprocess.Popen."""
        self.proxy.forget()
        return commands.start(self.command(name, *more), self.environ, stderr=stderr)

    def gxgk(self, *arguments: str) -> Ended:
        return self._run([str(BIN / "gxgk"), *arguments])

    def scrapy(self, *arguments: str) -> Ended:
        return self._run([str(BIN / "scrapy"), *arguments])

    def json(self, *arguments: str) -> Any:
        ended = self.gxgk(*arguments, "--json")
        assert ended.out, ended.err
        return json.loads(ended.out)

    def reports(self, portal: str) -> dict[str, dict[str, Any]]:
        return {row["url"]: row for row in self.json("reports", "--portal", portal)}

    def shown(self, portal: str) -> dict[str, dict[str, Any]]:
        """Every report of the portal, whole, by its URL: what `gxgk show` prints, without a process for each."""
        with (
            Database.open(
                Config(home=self.directory, database_url=self.environ["GXGK_DATABASE_URL"] or None)
            ) as database,
            database.begin() as conn,
        ):
            rows = list_reports(conn, Filters(portal=portal))
            return {row["url"]: get_report(conn, row["id"]) for row in rows}

    @property
    def asked(self) -> list[str]:
        """URLs requested in the last crawl, in order."""
        return [exchange.url for exchange in self.proxy.log]

    def _run(self, command: list[str]) -> Ended:
        done = commands.run(command, self.environ, timeout=120)
        return Ended(code=done.returncode, out=done.stdout, err=done.stderr)


def kill_at_any_moment(home: Home, crawl: commands.Process, dice: random.Random) -> bool:
    """Kill a crawl of hlbe after one of its first thirty requests, in any step of what follows. Whether it still ran."""
    asked = dice.randrange(30)
    while crawl.poll() is None and len(home.asked) < asked:
        time.sleep(0.005)
    time.sleep(dice.uniform(0, 0.1))
    is_running = crawl.poll() is None
    if is_running:
        try:
            os.killpg(crawl.pid, signal.SIGKILL)
        except ProcessLookupError:  # it has ended just now, or has no process group yet
            with suppress(ProcessLookupError):
                crawl.send_signal(signal.SIGKILL)
    crawl.wait()
    return is_running


@pytest.fixture
def home(tmp_path: Path, database_config: Config) -> Iterator[Home]:
    """A home on the test server, with a fresh replica of every portal."""
    portals = replicas()
    with ReplicaProxy([site for replica in portals.values() for site in replica.sites]) as proxy:
        yield Home(tmp_path / "home", database_config.database_url, proxy, portals)
