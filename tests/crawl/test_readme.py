"""What both READMEs print runs as printed, in order, on an archive of a replica."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.cli.main import load_command

if TYPE_CHECKING:
    from tests.crawl.conftest import Home

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
# They run until they are stopped, or ask a real portal; of these only the words are checked.
ENDLESS = {"worker", "serve"}


def printed(readme: str) -> list[str]:
    """The command lines of a README in its order, without comments."""
    blocks = re.findall(r"^```\n(.*?)^```", (ROOT / readme).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def test_both_readmes_print_the_same_commands() -> None:
    english, chinese = ({line for line in printed(readme) if line.startswith("gxgk")} for readme in READMES)
    assert english == chinese


@pytest.mark.parametrize("readme", READMES)
def test_every_printed_word_is_a_command_a_target_or_a_setting(readme: str) -> None:
    targets = set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for line in printed(readme):
        words = shlex.split(line.partition(" > ")[0])
        if words[0] == "gxgk":
            command, rest = load_command(words[1]), words[2:]
            if hasattr(command, "commands"):
                command, rest = command.commands[rest[0]], rest[1:]
            command.make_context(words[1], rest)  # raises for an option that does not exist
        elif words[0] == "make":
            assert words[1] in targets
        else:
            assert words[0] in {"export", "scrapy"}, line


def test_the_printed_commands_run(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home.crawl("hlbe").code == 0
    monkeypatch.chdir(tmp_path)
    ran = 0
    for line in dict.fromkeys(line for readme in READMES for line in printed(readme)):
        command, _, target = line.partition(" > ")
        words = shlex.split(command)
        if words[0] != "gxgk" or words[1] in ENDLESS or "15" in words or "150000" in words:
            continue
        ended = home.gxgk(*words[1:])
        assert ended.code == 0 or "only one version" in ended.err, f"{line}: {ended.err}"
        if target:
            (tmp_path / target).write_text(ended.out, "utf-8")
        ran += 1
    assert ran >= 15
