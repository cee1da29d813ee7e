"""`make demo`: crawl five replica portals on loopback, and show what the archive then holds.

Everything lies in ./.demo, made anew each time. The exit code is 0 only when every step did what it says.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.replica import ReplicaProxy, Sample, replicas

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".demo"
BIN = Path(sys.executable).parent
PORTALS = ("hlbe", "sxxz", "scdongqu", "lincang", "gaoming")
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")  # the replicas are ours; a portal is not
QUERY = "疫情防控"
PATIENCE = 300  # seconds; the crawls need a tenth of it


class DemoError(Exception):
    """A step of the demo did not do what it says."""


def main() -> None:
    begun = time.monotonic()
    environ = {"GXGK_CONTACT": "demo@example.org"} | os.environ | {"GXGK_HOME": str(HOME)}
    environ.pop("GXGK_DATABASE_URL", None)
    if not sys.stdout.isatty():
        environ["COLUMNS"] = "118"
    start_afresh(environ)
    made = [replica for name, replica in replicas().items() if name in PORTALS]
    reports = {url: sample for replica in made for url, sample in replica.reports.items()}
    with ReplicaProxy(site for replica in made for site in replica.sites) as proxy:
        say("Replicas of five portals stand on loopback, at their real names. Crawling them from their home pages on:")
        crawl(proxy, reports, environ | proxy.environ)

    say("How the crawls ended:")
    gxgk(environ, "status")
    rows = stored(environ)
    compare(rows, reports)
    say(f"All {len(rows)} reports are in the archive, and nothing else. Those of one portal:")
    gxgk(environ, "reports", "--portal", PORTALS[0])
    number = next(str(row["id"]) for row in rows if row["portal"] == PORTALS[0] and row["year"] == 2020)
    say("One report: its head, and what was removed from its end (cut in the middle):")
    gxgk(environ, "show", number, cut=True)
    say("A table of it, every figure with its verdict:")
    gxgk(environ, "tables", number, "--table", "T4")
    say("One figure over the years, and what does not agree in any of the reports:")
    gxgk(environ, "series", "--cell", "T3.new_received.total", "--year", "2019-2024", "--portal", PORTALS[0])
    gxgk(environ, "checks", "--failed", "--limit", "5")
    say("A search:")
    gxgk(environ, "search", QUERY, "--limit", "3")
    say("Does the archive hold what the database says?")
    gxgk(environ, "verify")
    farewell(number, time.monotonic() - begun)


def start_afresh(environ: dict[str, str]) -> None:
    """Remove what an earlier demo left, its database server first."""
    if HOME.exists():
        subprocess.run([BIN / "gxgk", "db", "stop"], env=environ, check=False, capture_output=True)
        shutil.rmtree(HOME)
    HOME.mkdir()


def crawl(proxy: ReplicaProxy, reports: dict[str, Sample], environ: dict[str, str]) -> None:
    """Crawl all portals at once, with a progress line from the proxy's point of view."""
    command = ["gxgk", "crawl", *PORTALS, "-j", str(len(PORTALS)), *FAST]
    print(f"$ {' '.join(command)}")
    with subprocess.Popen(
        [BIN / "gxgk", *command[1:]],
        cwd=ROOT,
        env=environ,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # one group, so that all its crawls can be ended with it
    ) as crawler:
        try:
            watch(crawler, proxy, reports)
        except BaseException:  # Ctrl-C too: nothing may go on behind our back
            os.killpg(crawler.pid, signal.SIGKILL)
            raise
        print(f"\r{progress(proxy, reports)}")
        assert crawler.stderr is not None
        print(crawler.stderr.read().rstrip())
    if crawler.returncode:
        raise DemoError(f"a crawl did not end well (exit code {crawler.returncode}); the logs are in {HOME / 'logs'}")


def watch(crawler: subprocess.Popen[str], proxy: ReplicaProxy, reports: dict[str, Sample]) -> None:
    """Show progress until the crawls end. Raises DemoError when they do not."""
    until = time.monotonic() + PATIENCE
    while crawler.poll() is None:
        time.sleep(0.2)
        if sys.stdout.isatty():
            print(f"\r{progress(proxy, reports)}", end="", flush=True)
        if time.monotonic() > until:
            raise DemoError(f"the crawls did not end in {PATIENCE} seconds; the logs are in {HOME / 'logs'}")


def progress(proxy: ReplicaProxy, reports: dict[str, Sample]) -> str:
    log = proxy.log
    served = {exchange.url for exchange in log if exchange.status == 200}
    return f"{len(log):4} requests, {len(served & set(reports)):4} of {len(reports)} reports fetched"


def stored(environ: dict[str, str]) -> list[dict[str, object]]:
    """What `gxgk reports` holds."""
    done = subprocess.run(
        [BIN / "gxgk", "reports", "--json"], env=environ, check=True, stdout=subprocess.PIPE, text=True
    )
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


def compare(rows: list[dict[str, object]], reports: dict[str, Sample]) -> None:
    """Raise DemoError unless exactly the reports of the portals were stored, told by title."""
    titles, wanted = sorted(str(row["title"]) for row in rows), sorted(sample.title for sample in reports.values())
    if titles != wanted:
        missing, surplus = set(wanted) - set(titles), set(titles) - set(wanted)
        raise DemoError(f"{len(rows)} reports stored of {len(reports)}; missing {missing}, surplus {surplus}")


def gxgk(environ: dict[str, str], *arguments: str, cut: bool = False) -> None:
    """Run one command and show it with its output. cut: only the head, and all from the table of removals on."""
    print(f"$ gxgk {' '.join(arguments)}", flush=True)
    done = subprocess.run(
        [BIN / "gxgk", *arguments], env=environ, check=False, stdout=subprocess.PIPE if cut else None, text=True
    )
    if cut:
        lines = done.stdout.splitlines()
        end = next((i for i, line in enumerate(lines) if line.startswith("Removed")), len(lines))
        print(*(line.rstrip() for line in lines[:20]), f"   ... {max(0, end - 20)} lines ...", *lines[end:], sep="\n")
    if done.returncode:
        raise DemoError(f"gxgk {' '.join(arguments)} ended with exit code {done.returncode}")


def farewell(number: str, seconds: float) -> None:
    warcs = list(HOME.glob("archive/**/*.warc.gz"))
    kilobytes = sum(path.stat().st_size for path in warcs) // 1024
    home = HOME.relative_to(ROOT)
    say(f"Done in {seconds:.0f} seconds.")
    print(f"{home}/archive/  the exact bytes of every answer, in {len(warcs)} WARC files ({kilobytes} KiB)")
    print(f"{home}/pg/       the database, on a server of its own that sleeps when nobody asks")
    say("What to type next:")
    print(f"""export GXGK_HOME={home} PATH="$PWD/.venv/bin:$PATH"
{f"gxgk show {number} --text":32} the clean text alone
{"gxgk search 草原 --year 2016":30} another search
{"gxgk serve":32} the same as web pages: http://127.0.0.1:8008/
{"gxgk db url":32} where SQL finds the views reports, report_texts, captures, edits, crawls
{"python -m tests.replica":32} serve the replicas to a crawl of your own
{f"rm -r {home}":32} forget all this; README.md says how to crawl a real portal""")


def say(text: str) -> None:
    print(f"\n== {text}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except DemoError as failure:
        print(f"\nThe demo failed: {failure}", file=sys.stderr)
        sys.exit(1)
