"""Replay by pywb, a tool we did not write: every report of a replica crawl with the style sheets and images of its page, from
its WARC files, from a WACZ export, and from the export of one year.

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
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZipFile

from sqlalchemy import text

from gxgk_crawler.config import Config
from gxgk_crawler.store.postgres.database import Database
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a replica sent, and a replay must give back: at that time (14 digits), for that URL."""

    at: str
    url: str
    body: bytes


def captures(wacz: Path) -> dict[str, list[tuple[str, str]]]:
    """(time, status) of every capture of each URL, as the index of a WACZ file has them."""
    found: dict[str, list[tuple[str, str]]] = {}
    with ZipFile(wacz) as package:
        for line in package.read("indexes/index.cdx").decode().splitlines():
            _, stamp, values = line.split(" ", 2)
            capture = json.loads(values)
            found.setdefault(capture["url"], []).append((stamp, capture["status"]))
    return found


def reports_sent(wacz: Path, served: dict[tuple[str, str], bytes]) -> list[Sent]:
    """Every whole page of a report that the crawls saw, revisits included."""
    urls = {url for _, url in served}
    sent = []
    for url, seen in captures(wacz).items():
        for stamp, status in seen:
            if status in {"200", "304"} and url in urls:
                phase = max(at for at, of in served if of == url and at <= stamp)
                sent.append(Sent(at=stamp, url=url, body=served[phase, url]))
    return sent


def requisites_sent(home: Home, year: int | None = None) -> list[Sent]:
    """The style sheets and images that every version (of the reports of a year) needs, at the time of its page."""
    rows: dict[tuple[str, str], Sent] = {}
    site = home.proxy.site("www.hlbe.gov.cn")
    with Database.open(Config(home=home.directory, database_url=None)) as database, database.begin() as conn:
        for at, url in conn.execute(_NEEDED, {"year": year}):
            page = site.answer(Request(method="GET", url=url))
            stamp = at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
            rows[stamp, url] = Sent(at=stamp, url=url, body=page.body)
    return list(rows.values())


_NEEDED = text(
    """
    select p.fetched_at, c.url
    from report r
    join report_version v on v.report_id = r.id
    join capture p on p.id = v.capture_id
    join version_capture n on n.report_version_id = v.id
    join capture c on c.id = n.capture_id
    where cast(:year as integer) is null or r.year = :year
    """
)


def serve_now(home: Home, served: dict[tuple[str, str], bytes]) -> None:
    """Note what the replica sends from this second on."""
    stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime())
    for url in home.portals["hlbe"].reports:
        page = home.proxy.site("www.hlbe.gov.cn").answer(Request(method="GET", url=url))
        if page.status == 200:
            served[stamp, url] = page.body


def export(home: Home, name: str, *options: str) -> Path:
    """The WACZ file of an export."""
    ended = home.gxgk("export", str(home.directory / "out"), "--format", "wacz", *options)
    assert ended.code == 0, ended.err
    return home.directory / "out" / f"{name}.wacz"


def replay(address: str, what: str, sent: list[Sent]) -> int:
    """Say how much of it the replay gives back, byte for byte; how much it does not."""
    wrong = []
    for one in sent:
        status, replayed = get(f"{address}/{one.at}id_/{one.url}")
        if (status, replayed) != (200, one.body):
            wrong.append(f"{one.at} {one.url}: {status}, {len(replayed)} bytes instead of {len(one.body)}")
    print(f"{what}: {len(sent) - len(wrong)} of {len(sent)} with the bytes that were sent")
    print(*wrong[:10], sep="\n", end="\n" if wrong else "")
    return len(wrong)


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
            newest = max(sample.year for sample in portals["hlbe"].reports.values())
            portals["hlbe"].correct(newest)
            serve_now(home, served)
            again = home.crawl("hlbe", "-a", "recheck=all")
            assert again.code == 0, again.err
            whole, year = export(home, "gxgk"), export(home, f"gxgk-{newest}", "--year", str(newest))
            around, around_year = requisites_sent(home), requisites_sent(home, newest)
            home.gxgk("db", "stop")
        pages, pages_year = reports_sent(whole, served), reports_sent(year, served)
        assert len(pages) >= 2 * len(portals["hlbe"].reports) - 1, "both crawls must be seen"
        assert len(pages_year) == 2, "the year's report before and after its correction"
        assert len({one.url for one in around_year}) >= 7, (
            "sheets, the sheets that they import, images in them and beside them"
        )
        failed = 0
        warcs = sorted((home.directory / "archive").glob("*.warc.gz"))
        for name, option, sources, reports, requisites in (
            ("WARC files", "", warcs, pages, around),
            ("WACZ", "--unpack-wacz", [whole], pages, around),
            ("WACZ of a year", "--unpack-wacz", [year], pages_year, around_year),
        ):
            with pywb(programs, Path(scratch) / name.replace(" ", ""), option, sources) as address:
                failed += replay(address, f"pywb from {name}: pages of reports", reports)
                failed += replay(address, f"pywb from {name}: what they need to be shown", requisites)
        return 1 if failed else 0


if __name__ == "__main__":
    os.environ.pop("PYTHONHOME", None)
    sys.exit(main())
