"""`python -m tests.pictures DIR`: pictures of the reading room on what `make demo` has left, light, dark and as a phone shows it.

The two in README are made so: `python -m tests.pictures docs/pictures home cell`.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import uvicorn

from gxgk_crawler.config import Config
from gxgk_crawler.web.app import create_app
from gxgk_crawler.web.serving import open_room

HOME = Path(__file__).parent.parent / ".demo"
SIZES = {"": (1100, 900), "-phone": (500, 900)}
DARK = "--blink-settings=preferredColorScheme=0"


def pages(address: str) -> dict[str, str]:
    """Addresses by the name of their picture."""
    with urllib.request.urlopen(f"{address}/reports.json?portal=hlbe&year=2020") as answer:
        key = json.load(answer)[0]["key"]
    return {
        "home": "/",
        "place": "/places/150700",
        "report": f"/reports/{key}",
        "tables": f"/reports/{key}/tables",
        "cell": f"/reports/{key}/v/1/original?cell=t1r3c9",
        "card": f"/reports/{key}/cells/T3/new_received/total",
        "series": "/series",
        "checks": "/checks",
        "search": "/search?q=%E7%96%AB%E6%83%85%E9%98%B2%E6%8E%A7",
        "changes": "/changes",
        "health": "/health",
        "portal": "/portals/hlbe",
    }


def main(directory: Path, chosen: list[str]) -> None:
    """Make all pictures, or in light those that are chosen."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None or not HOME.is_dir():
        sys.exit("this needs chromium, and what `make demo` leaves")
    directory.mkdir(parents=True, exist_ok=True)
    taken = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    hosts = frozenset({"127.0.0.1"})
    with open_room(Config(home=HOME), hosts=hosts) as room, tempfile.TemporaryDirectory() as profile:
        server = uvicorn.Server(uvicorn.Config(create_app(room), log_level="error"))
        threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True).start()
        while not server.started:
            time.sleep(0.05)
        for name, path in pages(address).items():
            if chosen and name not in chosen:
                continue
            kinds: list[tuple[str, tuple[int, int], list[str]]] = (
                [("", SIZES[""], [])] if chosen else [(kind, size, []) for kind, size in SIZES.items()]
            )
            kinds += [] if chosen else [("-dark", SIZES[""], [DARK])]
            for kind, (width, height), more in kinds:
                command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *more]
                command += [f"--user-data-dir={profile}", f"--window-size={width},{height}"]
                command += [f"--screenshot={directory / f'{name}{kind}.png'}", f"{address}{path}"]
                subprocess.run(command, check=True, capture_output=True, timeout=120)
        server.should_exit = True
        time.sleep(0.3)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
