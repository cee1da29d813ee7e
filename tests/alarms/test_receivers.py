"""Who is told: a webhook and a command, and what becomes of it when they do not answer."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.alarms.receivers import post, receivers, run
from gxgk_crawler.config import Config
from tests.alarms.hook import hook

if TYPE_CHECKING:
    from pathlib import Path

FACTS = {"alarm": 3, "portal": "hlbe", "turned": "bad", "cause": "第一行\n$(touch x)", "evidence_url": None}


def program(tmp_path: Path, source: str) -> list[str]:
    script = tmp_path / "told.py"
    script.write_text(source, "utf-8")
    return [sys.executable, str(script)]


def test_nobody_is_told_when_nothing_is_set(tmp_path: Path) -> None:
    assert receivers(Config(home=tmp_path)) == {}
    both = Config(home=tmp_path, alarm_webhook="http://127.0.0.1/", alarm_command=("true",))
    assert list(receivers(both)) == ["webhook", "command"]


def test_a_webhook_gets_the_facts_past_any_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    with hook() as there:
        assert post(there.url, FACTS) is None
        assert there.got == [FACTS]


def test_what_is_not_taken_is_named_without_the_address() -> None:
    with hook() as there:
        there.answers = [500, 302]
        assert post(there.url, FACTS) == "HTTP 500"
        assert post(there.url, FACTS) == "HTTP 302"
        assert there.got == []
        assert not [line for line in there.asked if line.startswith("GET")], "a redirect is not followed"
        url = there.url
    refused = post(url, FACTS)
    assert refused
    assert "refused" in refused
    assert "secret" not in refused


def test_a_webhook_that_never_answers_is_given_up() -> None:
    with hook() as there:
        there.silent = threading.Event()
        try:
            assert post(there.url, FACTS, seconds=0.2) == "timed out"
        finally:
            there.silent.set()


def test_a_webhook_that_answers_a_byte_at_a_time_is_given_up() -> None:
    """Each byte comes before a read would time out, and they never end."""
    enough = threading.Event()

    def drip(server: socket.socket) -> None:
        client, _ = server.accept()
        with client:
            client.recv(4096)
            client.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not enough.wait(0.02):
                client.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        try:
            assert post(f"http://127.0.0.1:{server.getsockname()[1]}/", FACTS, seconds=0.3) == "timed out"
        finally:
            enough.set()
            thread.join()


def test_a_webhook_that_talks_nonsense_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(b"\x1b[31mnonsense\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        error = post(f"http://127.0.0.1:{server.getsockname()[1]}/", FACTS)
        thread.join()
    assert error
    assert error.isprintable()


@pytest.mark.process
def test_a_command_gets_the_facts_twice_and_no_shell(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    source = f"""
import json, os, sys
facts = json.load(sys.stdin)
told = {{name: value for name, value in os.environ.items() if name.startswith("GXGK_ALARM_")}}
json.dump([facts, told, sys.argv[1:]], open({str(out)!r}, "w"))
"""
    assert run([*program(tmp_path, source), "$HOME", "; true"], FACTS) is None
    facts, told, arguments = json.loads(out.read_text())
    assert facts == FACTS
    assert told["GXGK_ALARM_CAUSE"] == "第一行\n$(touch x)"
    assert (told["GXGK_ALARM_PORTAL"], told["GXGK_ALARM_ALARM"], told["GXGK_ALARM_EVIDENCE_URL"]) == ("hlbe", "3", "")
    assert arguments == ["$HOME", "; true"]


@pytest.mark.process
def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    source = "import sys; print('first', file=sys.stderr); sys.exit('no route to \\x1b[31mpager')"
    assert run(program(tmp_path, source), FACTS) == "exit 1: no route to ?[31mpager"
    missing = run([str(tmp_path / "none")], FACTS)
    assert missing
    assert "No such file" in missing


@pytest.mark.process
def test_a_command_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    line = f"sleep 600 & echo $! > {pid}; sleep 600"
    assert run(["sh", "-c", line], FACTS, seconds=3) == "took more than 3 seconds"
    left = int(pid.read_text())
    for _ in range(500):
        if not is_running(left):
            return
        time.sleep(0.02)
    pytest.fail("the grandchild lives on")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123
            return stat.read().split()[2] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
