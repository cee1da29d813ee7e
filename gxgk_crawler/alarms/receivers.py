"""The receivers of alarms: a webhook and a command. Each returns in one line why it failed, and none takes long."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
from functools import partial
from http.client import HTTPException
from typing import IO, TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from gxgk_crawler import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gxgk_crawler.config import Config

    Receiver = Callable[[Mapping[str, Any]], str | None]

WEBHOOK_SECONDS = 10.0
COMMAND_SECONDS = 30.0
_LONGEST = 300  # characters of an error


def receivers(config: Config) -> dict[str, Receiver]:
    """The configured receivers, by name. Each takes the payload of an alarm; it returns None, or why it did not accept it."""
    found: dict[str, Receiver] = {}
    if config.alarm_webhook is not None:
        found["webhook"] = partial(post, config.alarm_webhook)
    if config.alarm_command is not None:
        found["command"] = partial(run, config.alarm_command)
    return found


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would turn the POST into a GET, and the alarm into nothing."""

    def redirect_request(self, *_: Any) -> None:
        return None


def post(url: str, facts: Mapping[str, Any], *, seconds: float = WEBHOOK_SECONDS) -> str | None:
    """POST the facts as JSON; None when the answer is 2xx, else why not. seconds: for the whole exchange.

    The request uses no proxy: http_proxy leads to portals, and the webhook is often on the operator's own network. No error names
    the URL, because its path is a secret with most services.
    """
    answers: list[str | None] = []
    # A timeout of urllib is one of each read, and a server may send a byte before each ends. The thread ends with the process.
    exchange = threading.Thread(target=lambda: answers.append(_exchange(url, facts, seconds)), daemon=True)
    exchange.start()
    exchange.join(seconds)
    return answers[0] if answers else "timed out"


def _exchange(url: str, facts: Mapping[str, Any], seconds: float) -> str | None:
    body = json.dumps(facts, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"gxgk_crawler/{__version__}"}
    request = Request(url, data=body, headers=headers)  # noqa: S310 (config.py takes http and https only)
    try:
        with build_opener(ProxyHandler({}), _NoRedirects()).open(request, timeout=seconds):
            return None
    except HTTPError as error:
        with error:
            return f"HTTP {error.code}"
    except URLError as error:
        return _short(error.reason)
    except (OSError, HTTPException) as error:
        return _short(error)


def run(command: Sequence[str], facts: Mapping[str, Any], *, seconds: float = COMMAND_SECONDS) -> str | None:
    """Run the command without a shell; None when it exits 0 in time, else why not, with the last line of its stderr.

    facts: as JSON on stdin, and one by one in GXGK_ALARM_* variables. seconds: after that the command and all that it started are
    killed.
    """
    told = {f"GXGK_ALARM_{name.upper()}": "" if value is None else str(value) for name, value in facts.items()}
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        given.write(json.dumps(facts, ensure_ascii=False).encode())
        given.seek(0)
        try:
            # A group of its own: it can be killed as a whole, and Ctrl-C at the crawl does not reach it.
            child = subprocess.Popen(  # noqa: S603 (the operator wrote the command)
                command,
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                env=os.environ | told,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return _short(error)
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return f"took more than {seconds:g} seconds"
        return None if code == 0 else _short(f"exit {code}{_last_line(complaints)}")


def _last_line(complaints: IO[bytes]) -> str:
    size = complaints.seek(0, os.SEEK_END)
    complaints.seek(max(0, size - 4096))
    lines = complaints.read().decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f": {last}" if last else ""


def _short(error: object) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(sign if sign.isprintable() else "?" for sign in text)[:_LONGEST]
