"""Killed in the middle, again and again, and several at once: nothing that was promised is lost, and the next crawl goes on."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.crawl.conftest import Home, kill_at_any_moment
from tests.replica import ReplicaProxy, replicas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUNDS = int(os.environ.get("GXGK_KILL_ROUNDS", "4"))
FASTWARC = Path(sys.executable).parent / "fastwarc"


@pytest.fixture
def own_home(tmp_path: Path) -> Iterator[Callable[[str], Home]]:
    """Makes homes with an embedded server of their own, on the same replicas; stops the servers in the end."""
    portals = replicas()
    made: list[Home] = []
    with ExitStack() as stack:
        proxy = stack.enter_context(ReplicaProxy([site for replica in portals.values() for site in replica.sites]))

        def make(name: str) -> Home:
            made.append(Home(tmp_path / name, None, proxy, portals))
            return made[-1]

        yield make
        for home in made:
            home.gxgk("db", "stop")


def members(data: bytes) -> Iterator[bytes]:
    """The content of each gzip member."""
    while data:
        one = zlib.decompressobj(31)
        yield one.decompress(data)
        assert one.eof
        data = one.unused_data


def check_archive(home: Home) -> None:
    """Every file passes the check of another tool and holds one gzip member per record; every row has its record."""
    files = sorted((home.directory / "archive").glob("*.warc.gz"))
    assert files
    for file in files:
        checked = subprocess.run([FASTWARC, "check", file], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        for member in members(file.read_bytes()):
            head, _, block = member.partition(b"\r\n\r\n")
            length = re.search(rb"\r\nContent-Length: (\d+)", head)
            assert head.startswith(b"WARC/1.1\r\n")
            assert length is not None
            assert len(block) == int(length.group(1)) + len(b"\r\n\r\n"), "one record per gzip member"
    assert not list((home.directory / "archive").glob("*.open"))
    verified = home.json("verify")
    assert verified["ok"], verified["findings"]


def test_kill_9_in_mid_crawl(own_home: Callable[[str], Home]) -> None:
    home = own_home("home")
    dice = random.Random(20261122)
    for _ in range(ROUNDS):
        kill_at_any_moment(home, home.start("hlbe", "-s", "DOWNLOAD_DELAY=0.02"), dice)
    ended = home.crawl("hlbe", "-a", "recheck=all")
    assert ended.code == 0, ended.err
    assert set(home.reports("hlbe")) == set(home.portals["hlbe"].reports)
    assert {row["version"] for row in home.reports("hlbe").values()} == {1}
    check_archive(home)


def test_three_crawls_at_once_and_two_homes(own_home: Callable[[str], Home]) -> None:
    here, there = own_home("here"), own_home("there")
    running = [here.start(name) for name in ("hlbe", "lincang", "scdongqu")] + [there.start("hlbe")]
    assert [crawl.wait(120) for crawl in running] == [0, 0, 0, 0]
    for home, names in ((here, ("hlbe", "lincang", "scdongqu")), (there, ("hlbe",))):
        for name in names:
            assert set(home.reports(name)) == set(home.portals[name].reports)
        check_archive(home)
    assert {row["portal"] for row in there.json("reports")} == {"hlbe"}
