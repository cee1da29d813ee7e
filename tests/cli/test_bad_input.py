"""Wrong input: every command and option is given what it cannot use, and answers with one helpful line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from gxgk_crawler.cli.main import COMMANDS, load_command, main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BIG = "9" * 23
NUMBERS = (BIG, f"-{BIG}", "1.5", "x", "")
TEXTS = ("", "nosuch", "\x1b[31m", "x" * 5000, "a\udc80b")
# What a command wants besides the option that is tried. {0} is an empty directory.
WANTED = {
    "search": ["x"],
    "show": ["1"],
    "versions": ["1"],
    "diff": ["1"],
    "tables": ["1"],
    "reuse": ["1"],
    "series": ["--cell", "T3.granted.total"],
    "export": ["{0}/out", "--format", "jsonl"],
    "extract": ["{0}/nosuch"],
    "schedule set": ["weekly", "hlbe"],
    "schedule run": ["verify"],
    "db dump": ["{0}/dump"],
    "db restore": ["{0}/dump"],
}
# They start a server, a crawl or another program for whatever text they are given; their bad input is tried by name below.
NOT_WALKED = {"db psql", "db start", "db stop", "detect", "add", "serve"}


def commands() -> Iterator[tuple[str, Any]]:
    for name in COMMANDS:
        command = load_command(name)
        if hasattr(command, "commands"):
            yield from ((f"{name} {below}", one) for below, one in command.commands.items())
        else:
            yield name, command


def walks() -> Iterator[list[str]]:
    """Every command line with one value that is wrong, or odd."""
    for name, command in commands():
        if name in NOT_WALKED:
            continue
        for parameter in command.params:
            if getattr(parameter, "is_flag", False):
                continue
            numeric = "int" in str(parameter.type_descriptor.annotation)
            for value in NUMBERS if numeric else TEXTS:
                words, wanted = name.split(), list(WANTED.get(name, []))
                if parameter.param_type_name == "option":
                    if name != "worker" or numeric or "-s" in parameter.opts:
                        yield [*words, *wanted, parameter.opts[-1], value]
                    continue
                arguments = [one for one in command.params if one.param_type_name == "argument"]
                wanted[arguments.index(parameter) : arguments.index(parameter) + 1] = [value]
                yield [*words, *(["--"] if value.startswith("-") else []), *wanted]


def run(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and stderr of a command line; any exception but SystemExit is the traceback that a person would see."""
    monkeypatch.setattr(sys, "argv", ["gxgk", *words])
    code: int | str | None = None
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    return int(code or 0), capsys.readouterr().err


@pytest.mark.process
def test_no_command_answers_odd_input_with_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    walked = 0
    for words in walks():
        code, said = run([word.format(tmp_path) for word in words], monkeypatch, capsys)
        assert code == 0 or said.strip(), words
        assert "Traceback" not in said
        assert "\x1b" not in said
        walked += 1
    assert walked > 250


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (f"show {BIG}", "no report 999"),
        (f"show 1 --version {BIG}", "1000000"),
        (f"diff 1 {BIG} {BIG}", "1000000"),
        (f"search x --limit {BIG}", "1000000"),
        (f"search x --year {BIG}", "2999"),
        ("search x --portal nosuch", "nosuch"),
        ("search x --flag nosuch", "low_confidence"),
        ("search x --gone --changed", "exclude"),
        ("reports --portal nosuch", "nosuch"),
        (f"reports --year {BIG}", "2999"),
        ("reports --division 99", "99"),
        ("status nosuch", "gxgk portals"),
        (f"schedule jobs {BIG}", "9223372036854775807"),
        (f"alarms --limit {BIG}", "1000000"),
        ("portals --family nosuch", "openness"),
        ("export . --format jsonl --issuer nosuch", "nosuch"),
        ("export  --format jsonl", "name of a directory"),
        ("export . --format jsonl --flag nosuch", "low_confidence"),
        (f"export {{0}} --format wacz --year {BIG}", "2999"),
        ("extract /dev/null/nosuch", "cannot read"),
        ("extract {0}/nosuch --url nosuch", "http or https"),
        ("db dump {0}", "is a directory"),
        ("db reader pg_x", "pg_"),
        ("db reader Bad-Name", "Bad-Name"),
        ("crawl hlbe --all", "--all"),
        ("crawl hlbe -s NOEQ", "NOEQ"),
        ("crawl nosuch", "nosuch"),
        ("detect notaurl", "give a URL"),
        ("detect file:///etc/passwd", "http"),
        ("detect www.sample.gov.cn:99999", "http"),
        ("detect https://user:secret@www.sample.gov.cn/", "password"),
        ("add --name ../../evil https://www.sample.gov.cn/", "evil"),
        ("add --name Bad-Name https://www.sample.gov.cn/", "Bad-Name"),
    ],
)
def test_wrong_input_is_an_error_that_says_what_is_wanted(
    command: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, said = run(command.format(tmp_path).split(" "), monkeypatch, capsys)
    assert code in {1, 2}
    assert told in said
    assert "secret" not in said
    assert len([line for line in said.splitlines() if line.startswith("gxgk")]) <= 1
