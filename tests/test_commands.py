"""A forked command is the command that a person starts: same words, same exit code, an environment of its own."""

from __future__ import annotations

import gzip
import os
import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from tests import commands, watch

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.process


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"GXGK_HOME": str(tmp_path), "SCRAPY_SETTINGS_MODULE": "gxgk_crawler.settings"}


@pytest.mark.parametrize(
    "words",
    [
        ["gxgk", "version"],
        ["gxgk", "reports", "--no-such-option"],
        ["gxgk", "crawl", "nowhere"],
        ["scrapy", "list"],
        ["scrapy", "crawl", "nowhere", "-s", "LOG_LEVEL=ERROR"],
        ["scrapy", "crawl", "hlbe", "-a", "recheck=never", "-s", "LOG_LEVEL=ERROR"],
    ],
    ids=" ".join,
)
def test_a_forked_command_says_what_a_started_one_says(words: list[str], environ: dict[str, str]) -> None:
    forked = commands.run(words, environ, timeout=60)
    command = [str(commands.BIN / words[0]), *words[1:]]
    started = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)


def test_a_child_that_was_forked_ahead_reads_what_a_started_one_reads(environ: dict[str, str], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(gzip.decompress((commands.ROOT / "tests/portals/hlbe/2023/page.html.gz").read_bytes()))
    test_a_forked_command_says_what_a_started_one_says(["gxgk", "extract", str(page), "--json"], environ)


def test_a_command_knows_nothing_of_the_one_before(environ: dict[str, str]) -> None:
    for port in ("9", "10"):
        setting = {"GXGK_DATABASE_URL": f"postgresql://sample@127.0.0.1:{port}/none"}
        ended = commands.run(["gxgk", "status"], environ | setting, timeout=60)
        assert (ended.returncode, f"port {port} failed" in ended.stderr) == (1, True), ended.stderr


@pytest.mark.parametrize("setting", [{}, {"PYTHONUTF8": "1"}], ids=["forked", "started"])
def test_a_command_that_lasts_too_long_is_killed(setting: dict[str, str], environ: dict[str, str]) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        commands.run(["gxgk", "version"], environ | setting, timeout=0.01)
    assert commands.run(["gxgk", "version"], environ | setting, timeout=60).returncode == 0


def test_a_test_without_a_mark_may_start_no_process(environ: dict[str, str]) -> None:
    unmarked = cast("pytest.Item", SimpleNamespace(get_closest_marker=lambda _: None))
    for start in (
        lambda: commands.run(["gxgk", "version"], environ, timeout=60),
        lambda: subprocess.run(["true"], check=True),
        lambda: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0),
    ):
        with pytest.raises(pytest.fail.Exception, match="needs the mark"), watch.of(unmarked):
            start()
    with watch.of(unmarked), watch.for_the_whole_run():
        subprocess.run(["true"], check=True)
