"""Replay by pywb, a tool we did not write: every report of a replica crawl, from its WARC files and from a WACZ export.

pywb is GPL and heavy, so it gets a virtual environment of its own and is no dependency; that needs a package index, so this
is no part of `make test`:

    python -m tests.replay_pywb [DIRECTORY OF THE VIRTUAL ENVIRONMENT]
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZipFile

from tests.crawl.conftest import Home
from tests.replica import ReplicaProxy, replicas
from tests.replica.site import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = ["pywb==2.10.0", "setuptools<81"]  # pywb imports pkg_resources


def install(directory: Path) -> Path:
    """The programs of a virtual environment with pywb, made when it is not there."""
    programs = directory / "bin"
    if not (programs / "wayback").exists():
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
        subprocess.run([programs / "pip", "install", "--quiet", *PACKAGES], check=True)
    return programs


@contextmanager
def pywb(programs: Path, directory: Path, option: str, sources: list[Path]) -> Iterator[str]:
    """The address of a pywb that serves these files as the collection gxgk."""
    directory.mkdir()
    manager = programs / "wb-manager"
    subprocess.run([manager, "init", "gxgk"], cwd=directory, check=True, capture_output=True)
    add = [str(manager), "add", *([option] if option else []), "gxgk", *map(str, sources)]
    subprocess.run(add, cwd=directory, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(programs / "wayback"), "-b", "127.0.0.1", "-p", str(port)]
    with (directory / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=directory, stdout=log, stderr=log)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/gxgk"
    finally:
        server.terminate()
        server.wait()


def get(address: str) -> tuple[int, bytes]:
    """Status and content-decoded body of a replayed capture."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=30) as response:
            body, status, coding = response.read(), response.status, response.headers.get("Content-Encoding", "")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    return status, zlib.decompress(body, 47) if coding in {"gzip", "deflate"} else body


def wanted(home: Home, served: dict[tuple[str, str], bytes]) -> list[tuple[str, str, bytes]]:
    """(time, URL, bytes) of every whole page that the crawl saw, revisits included."""
    pages = []
    with ZipFile(home.directory / "out" / "gxgk.wacz") as wacz:
        for line in wacz.read("indexes/index.cdx").decode().splitlines():
            _, stamp, values = line.split(" ", 2)
            capture = json.loads(values)
            if capture["status"] in {"200", "304"} and capture["url"] in {url for _, url in served}:
                phase = max(at for at, url in served if url == capture["url"] and at <= stamp)
                pages.append((stamp, capture["url"], served[phase, capture["url"]]))
    return pages


def serve_now(home: Home, served: dict[tuple[str, str], bytes]) -> None:
    """Note what the replica sends from this second on."""
    stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime())
    for url in home.portals["hlbe"].reports:
        page = home.proxy.site("www.hlbe.gov.cn").answer(Request(method="GET", url=url))
        if page.status == 200:
            served[stamp, url] = page.body


def main() -> int:
    with TemporaryDirectory() as scratch:
        programs = install(Path(sys.argv[1] if len(sys.argv) > 1 else f"{scratch}/venv").absolute())
        portals = replicas()
        with ReplicaProxy([site for portal in portals.values() for site in portal.sites]) as proxy:
            home = Home(Path(scratch) / "home", None, proxy, portals)
            served: dict[tuple[str, str], bytes] = {}
            serve_now(home, served)
            assert home.crawl("hlbe").code == 0
            time.sleep(1.1)  # pywb tells captures apart by the second
            portals["hlbe"].correct(max(sample.year for sample in portals["hlbe"].reports.values()))
            serve_now(home, served)
            again = home.crawl("hlbe", "-a", "recheck=all")
            assert again.code == 0, again.err
            exported = home.gxgk("export", str(home.directory / "out"), "--format", "wacz")
            assert exported.code == 0, exported.err
            home.gxgk("db", "stop")
        pages = wanted(home, served)
        assert len(pages) >= 2 * len(portals["hlbe"].reports) - 1, "both crawls must be seen"
        failed = 0
        warcs = sorted((home.directory / "archive").glob("*.warc.gz"))
        wacz = [home.directory / "out" / "gxgk.wacz"]
        for name, option, sources in (("WARC files", "", warcs), ("WACZ", "--unpack-wacz", wacz)):
            with pywb(programs, Path(scratch) / name.replace(" ", ""), option, sources) as address:
                wrong = []
                for stamp, url, body in pages:
                    status, replayed = get(f"{address}/{stamp}id_/{url}")
                    if (status, replayed) != (200, body):
                        wrong.append(f"{stamp} {url}: {status}, {len(replayed)} bytes instead of {len(body)}")
                print(
                    f"pywb from {name}: {len(pages) - len(wrong)} of {len(pages)} pages with the bytes that were sent"
                )
                print(*wrong[:10], sep="\n", end="\n" if wrong else "")
                failed += len(wrong)
        return 1 if failed else 0


if __name__ == "__main__":
    os.environ.pop("PYTHONHOME", None)
    sys.exit(main())
