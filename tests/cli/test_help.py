"""What `gxgk` says of itself: every command in the help, its line there true, and all of it without waiting."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from gxgk_crawler import __version__
from gxgk_crawler.cli.main import COMMANDS, app, load_command


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_what_the_command_says_of_itself(name: str) -> None:
    summary, command = COMMANDS[name][1], load_command(name)
    assert command.name in {name, "", None}
    assert hasattr(command, "commands") or command.help.startswith(summary.removesuffix("."))


def test_help_names_every_command_in_the_order_of_the_table() -> None:
    shown = CliRunner().invoke(app, ["-h"]).output
    places = [shown.index(f" {name} ") for name in COMMANDS]
    assert places == sorted(places)


@pytest.mark.parametrize("command", ["show", "db", "schedule"])
def test_help_of_a_command_is_its_own(command: str) -> None:
    for option in ("-h", "--help"):
        ended = CliRunner().invoke(app, [command, option])
        assert (ended.exit_code, f"gxgk {command}" in ended.output or f" {command} " in ended.output) == (0, True)


def test_a_mistyped_command_is_named_with_the_nearest() -> None:
    ended = CliRunner().invoke(app, ["serch", "x"])
    assert ended.exit_code == 2
    assert "'search'" in ended.output


def test_version() -> None:
    assert {CliRunner().invoke(app, [word]).output for word in ("version", "--version")} == {f"{__version__}\n"}


@pytest.mark.process
def test_help_waits_for_neither_the_database_nor_the_crawler() -> None:
    script = (
        "import sys; from gxgk_crawler.cli.main import main; sys.argv = ['gxgk', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.exit(bool({'sqlalchemy', 'psycopg', 'scrapy', 'twisted', 'trafilatura', 'lxml'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
