"""`make demo`: crawl a replica portal on loopback, and show what the archive then holds.

Everything lies in ./.demo, made anew each time. The exit code is 0 only when every step did what it says.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.replica import Replica, ReplicaProxy, replicas

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".demo"
LOG = HOME / "crawl.log"
BIN = Path(sys.executable).parent
PORTAL = "hlbe"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")  # the replica is ours; a portal is not
QUERY = "疫情防控"


class DemoError(Exception):
    """A step of the demo did not do what it says."""


def main() -> None:
    begun = time.monotonic()
    environ = os.environ | {"GXGK_HOME": str(HOME), "COLUMNS": "118"}
    environ.pop("GXGK_DATABASE_URL", None)
    start_afresh(environ)
    replica = replicas()[PORTAL]
    with ReplicaProxy(replica.sites) as proxy:
        say(f"A replica of {replica.sites[0].host} stands on loopback. Crawling it, from its home page on:")
        print(f"$ scrapy crawl {PORTAL} {' '.join(FAST)}")
        crawl(proxy, replica, environ | proxy.environ)

    say("What the archive holds:")
    gxgk(environ, "reports")
    number = number_of(environ, replica, year=2020)
    say("One report: its head, and what was removed from its end (cut in the middle):")
    gxgk(environ, "show", number, cut=True)
    say("A search:")
    gxgk(environ, "search", QUERY)
    say("Does the archive hold what the database says?")
    gxgk(environ, "verify")
    farewell(number, time.monotonic() - begun)


def start_afresh(environ: dict[str, str]) -> None:
    """Remove what an earlier demo left, its database server first."""
    if HOME.exists():
        subprocess.run([BIN / "gxgk", "db", "stop"], env=environ, check=False, capture_output=True)
        shutil.rmtree(HOME)
    HOME.mkdir()


def crawl(proxy: ReplicaProxy, replica: Replica, environ: dict[str, str]) -> None:
    """Run the crawl in its own process, its log in a file, with a progress line from the proxy's point of view."""
    with LOG.open("wb") as log:
        command = [sys.executable, "-m", "scrapy", "crawl", PORTAL, *FAST]
        crawler = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        while crawler.poll() is None:
            time.sleep(0.2)
            if sys.stdout.isatty():
                print(f"\r{progress(proxy, replica)}", end="", flush=True)
    print(f"\r{progress(proxy, replica)}")
    last = LOG.read_text("utf-8", "replace").splitlines()[-1:]
    print(*last)
    if crawler.returncode:
        raise DemoError(f"the crawl ended with exit code {crawler.returncode}; its log is {LOG}")


def progress(proxy: ReplicaProxy, replica: Replica) -> str:
    served = {exchange.url for exchange in proxy.log if exchange.status == 200}
    return f"{len(proxy.log):4} requests, {len(served & set(replica.reports)):3} of {len(replica.reports)} reports"


def gxgk(environ: dict[str, str], *arguments: str, cut: bool = False) -> str:
    """Run one command and show it with its output. cut: only the head, and all from the table of removals on."""
    print(f"$ gxgk {' '.join(arguments)}")
    done = subprocess.run([BIN / "gxgk", *arguments], env=environ, check=False, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    if cut:
        end = next((i for i, line in enumerate(lines) if line.startswith("Removed")), len(lines))
        lines = [*lines[:20], f"   ... {max(0, end - 20)} lines ...", *lines[end:]]
    print("\n".join(line.rstrip() for line in lines))
    if done.returncode:
        raise DemoError(f"gxgk {' '.join(arguments)} ended with exit code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def number_of(environ: dict[str, str], replica: Replica, *, year: int) -> str:
    """The number of that year's report, after a look whether all reports came through."""
    command = [str(BIN / "gxgk"), "reports", "--portal", PORTAL, "--json"]
    done = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
    rows = {row["url"]: row for row in json.loads(done.stdout)}
    titles = {row["title"] for row in rows.values()}
    missing = [sample.title for sample in replica.reports.values() if sample.title not in titles]
    if missing or len(rows) != len(replica.reports):
        raise DemoError(f"{len(rows)} reports stored, {len(replica.reports)} on the portal; missing: {missing}")
    return next(str(row["id"]) for row in rows.values() if row["year"] == year)


def farewell(number: str, seconds: float) -> None:
    warcs = sorted(HOME.glob("archive/**/*.warc.gz"))
    size = sum(path.stat().st_size for path in warcs)
    say(
        f"Done in {seconds:.0f} seconds. The exact bytes of every answer are in {len(warcs)} WARC file ({size // 1024} KiB):"
    )
    print(*(path.relative_to(ROOT) for path in warcs), sep="\n")
    say("What to type next:")
    print(f"""export GXGK_HOME={HOME.relative_to(ROOT)} PATH="$PWD/.venv/bin:$PATH"
gxgk show {number} --text             the clean text alone
gxgk search 草原 --year 2016      another search
gxgk db url                       where SQL finds the views reports, report_texts, captures, edits, crawls
python -m tests.replica           serve the replica portals to a crawl of your own
rm -r .demo                       forget all this; README.md says how to crawl a real portal""")


def say(text: str) -> None:
    print(f"\n== {text}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except DemoError as failure:
        print(f"\nThe demo failed: {failure}", file=sys.stderr)
        sys.exit(1)
