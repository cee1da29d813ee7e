"""Workers as people run them: their own processes, several homes on one database, replicas of the portals."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from gxgk_crawler.store import policies
from tests import commands
from tests.crawl.conftest import FAST, Home
from tests.replica import ReplicaProxy, replicas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gxgk_crawler.config import Config
    from gxgk_crawler.store.policies import Policy
    from gxgk_crawler.store.postgres.database import Database

PORTALS = ["gaoming", "hlbe", "lincang", "panzhihua", "scdongqu", "sxxz"]
SLOW = ("-s", "DOWNLOAD_DELAY=0.3", "-s", "AUTOTHROTTLE_ENABLED=False")


def eventually(true: Callable[[], object], seconds: float = 100) -> bool:
    """Whether it became true; the time is for a hopeless case only."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


class Started:
    """A running command of a home; its standard error goes to a file."""

    def __init__(self, home: Home, *arguments: str) -> None:
        home.directory.mkdir(parents=True, exist_ok=True)
        self._log = home.directory / f"{arguments[0]}-{time.monotonic_ns()}.err"
        with self._log.open("wb") as sink:
            self.process = commands.start(["gxgk", *arguments], home.environ, stderr=sink.fileno())

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    def says(self, words: str) -> bool:
        assert eventually(lambda: words in self.log or self.process.poll() is not None), self.log
        return words in self.log

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        return self.process.wait(timeout=200)

    def children(self) -> list[int]:
        """All processes below it."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
        found = [self.process.pid]
        for parent in found:
            found += [pid for pid, of in pairs if of == parent]
        return found[1:]

    def kill(self, *, children: bool) -> None:
        """kill -9; with its children, as when the machine goes down."""
        for pid in [self.process.pid, *(self.children() if children else [])]:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


class Team:
    """Two homes on one database, and what they have started."""

    def __init__(self, directory: Path, url: str, proxy: ReplicaProxy, database: Database) -> None:
        portals = replicas()
        self.homes = [Home(directory / name, url, proxy, portals) for name in ("a", "b")]
        self.proxy = proxy
        self.database = database
        self._started: list[Started] = []

    def start(self, home: int, *arguments: str) -> Started:
        started = Started(self.homes[home], *arguments)
        self._started.append(started)
        return started

    def worker(self, home: int, *more: str, fast: bool = True) -> Started:
        return self.start(home, "worker", *(FAST if fast else SLOW), *more)

    def only(self, *portals: str) -> None:
        """Let none but those be crawled."""
        with self.database.begin() as conn:
            wanted: dict[Policy, list[str]] = {"off": PORTALS, "daily": list(portals)}
            for policy, names in wanted.items():
                policies.set_policy(conn, names, policy)

    def crawls(self) -> list[dict[str, Any]]:
        """Oldest first: portal, outcome, stopped, captures."""
        query = text(
            """
            select p.name as portal, c.outcome, coalesce((c.counts ->> 'stopped')::int, 0) = 1 as stopped, c.finished_at,
                   (select count(*) from capture where crawl_id = c.id) as captures
            from crawl c join portal p on p.id = c.portal_id order by c.id
            """
        )
        with self.database.begin() as conn:
            return [dict(row) for row in conn.execute(query).mappings()]

    def ended(self, portal: str, outcome: str = "ok") -> bool:
        return any(c["portal"] == portal and c["outcome"] == outcome and not c["stopped"] for c in self.crawls())

    def is_under_way(self, portal: str) -> bool:
        """Whether a crawl of it has fetched something, and goes on."""
        return any(c["portal"] == portal and c["captures"] > 3 and c["finished_at"] is None for c in self.crawls())

    def end(self) -> None:
        for started in self._started:
            if started.process.poll() is None:
                started.kill(children=True)


@pytest.fixture
def proxy() -> Iterator[ReplicaProxy]:
    portals = replicas()
    with ReplicaProxy([site for replica in portals.values() for site in replica.sites]) as opened:
        yield opened


@pytest.fixture
def team(tmp_path: Path, database_config: Config, database: Database, proxy: ReplicaProxy) -> Iterator[Team]:
    assert database_config.database_url is not None
    made = Team(tmp_path, database_config.database_url, proxy, database)
    yield made
    made.end()
