"""What a browser asks of others for an archived page: nothing. Chromium, where it is installed, behind a proxy that sees it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
import uvicorn

from gxgk_crawler.web.app import create_app
from tests.replay.hostile import PAGE
from tests.web.client import Client
from tests.web.test_originals import captures, key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gxgk_crawler.web.room import Room

__all__ = ["captures", "key"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium"),
]
OUTSIDE = "outside.example"


@pytest.fixture
def requests() -> Iterator[tuple[int, list[str]]]:
    """A proxy that answers nothing: its port, and what it was asked for."""
    seen: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_error(502)

        do_CONNECT = do_POST = do_HEAD = do_GET  # noqa: N815 - the names that the library calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], seen
    server.shutdown()
    server.server_close()


@pytest.fixture
def address(room: Room) -> Iterator[str]:
    """The room on a port of this machine."""
    taken = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(room), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    taken.close()


def browse(url: str, proxy: int, profile: Path) -> str:
    """The document that the browser has made of a page, after all that the page does in five seconds of its own time."""
    assert CHROMIUM is not None
    command = [
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        f"--user-data-dir={profile}", f"--proxy-server=http://127.0.0.1:{proxy}", "--virtual-time-budget=5000", "--dump-dom", url,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def outside(seen: list[str]) -> list[str]:
    return [url for url in seen if OUTSIDE in url]


def test_an_archived_page_reaches_nothing(
    address: str, key: str, requests: tuple[int, list[str]], tmp_path: Path
) -> None:
    port, seen = requests
    raw = tmp_path / "raw.html"
    raw.write_text(PAGE)
    browse(raw.as_uri(), port, tmp_path / "profile")
    assert outside(seen)  # the page does reach out where nothing holds it
    seen.clear()
    for path in (f"/frame/{key}/1", f"/reports/{key}/v/1/original"):
        shown = browse(address + path, port, tmp_path / "profile")
        assert "第一段" in shown or "存档原页" in shown
        assert outside(seen) == [], path


def test_the_rewritten_page_alone_reaches_nothing(
    key: str, requests: tuple[int, list[str]], tmp_path: Path, room: Room
) -> None:
    port, seen = requests
    alone = tmp_path / "alone.html"  # without the header that the room sends
    alone.write_bytes(Client(create_app(room)).get(f"/frame/{key}/1").body)
    browse(alone.as_uri(), port, tmp_path / "profile")
    assert outside(seen) == []
