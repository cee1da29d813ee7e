"""The whole pipeline against bare Scrapy, on the same pages, in the same run.

    python benchmarks/crawl.py [--pages 1500] [--rounds 2] [--profile FILE]

Prints pages per second of both and their ratio, which is what counts: the machine may be busy. Bare Scrapy only follows the
links. Ours archives each exchange durably, reads each page into text, versions and search vectors, and commits.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.replica import Request, hlbe

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

HOST = "www.jizhunshi.gov.cn"
PER_LIST = 100
SETTINGS = {
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "MEMUSAGE_ENABLED": False,
}
BARE = """
import json, sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    start_urls = [sys.argv[1]]
    def parse(self, response):
        yield from response.follow_all(css="a")

process = AsyncCrawlerProcess({**json.loads(sys.argv[2]), "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False})
crawler = process.create_crawler(Bare)
process.crawl(crawler)
process.start()
print(json.dumps([crawler.stats.get_value("response_received_count"), crawler.stats.get_value("elapsed_time_seconds")]))
"""
OURS = """
import json, sys
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings
from gxgk_crawler.spiders.portal import AnyPortalSpider

settings = get_project_settings()
settings.setdict({"CRAWL_OF_RECORD": True} | json.loads(sys.argv[2]), priority="cmdline")
process = AsyncCrawlerProcess(settings)
crawler = process.create_crawler(AnyPortalSpider)
process.crawl(crawler, url=sys.argv[1])
if len(sys.argv) > 3:
    import cProfile
    profile = cProfile.Profile()
    profile.runcall(process.start)
    profile.dump_stats(sys.argv[3])
else:
    process.start()
from gxgk_crawler.crawl.ledger import Ledger
result = crawler.get_extension(Ledger).result
assert result.outcome == "ok", result
print(json.dumps([crawler.stats.get_value("response_received_count"), crawler.stats.get_value("elapsed_time_seconds")]))
"""


def pages(count: int) -> dict[str, bytes]:
    """A portal of `count` reports, all different, on list pages of a hundred."""
    replica = hlbe.replica()
    bodies = [replica.sites[0].answer(Request(method="GET", url=url)).body for url in replica.reports]
    made: dict[str, bytes] = {}
    lists = range((count + PER_LIST - 1) // PER_LIST)
    links = "".join(f'<a href="/nb/index_{n}.html">政府信息公开年报</a>' for n in lists)
    made["/"] = f"<html><body>{links}</body></html>".encode()
    for n in lists:
        numbers = range(n * PER_LIST, min(count, (n + 1) * PER_LIST))
        items = "".join(
            f'<li><a href="/nb/{100000 + i}.html">样例{i}号2020年政府信息公开工作年度报告</a></li>' for i in numbers
        )
        made[f"/nb/index_{n}.html"] = f"<html><body><ul>{items}</ul></body></html>".encode()
        for i in numbers:
            made[f"/nb/{100000 + i}.html"] = bodies[i % len(bodies)].replace(
                "测试样本".encode(), f"测试样本第{i}号".encode()
            )
    return made


def serve(made: dict[str, bytes], told: Connection) -> None:
    """A forward proxy that knows one host, in a process of its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readline():
            while (await reader.readline()).strip():
                pass
            path = request.split(b" ")[1].decode().partition(HOST)[2]
            body = made.get(path)
            status, content = ("200 OK", body) if body is not None else ("404 Not Found", b"")
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            )
            writer.write(content)
            await writer.drain()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def speed(script: str, environ: dict[str, str], profile: str | None = None) -> float:
    """Pages per second of one crawl in its own process."""
    arguments = [f"http://{HOST}/", json.dumps(SETTINGS), *([profile] if profile else [])]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    count, seconds = json.loads(done.stdout.splitlines()[-1])
    return float(count / seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--profile", help="write a cProfile of the last crawl of ours to this file")
    args = parser.parse_args()
    made = pages(args.pages)
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(made, there), daemon=True)
    server.start()
    proxy = f"http://127.0.0.1:{here.recv()}"
    with tempfile.TemporaryDirectory() as scratch:
        environ = os.environ | {
            "http_proxy": proxy,
            "no_proxy": "",
            "SCRAPY_SETTINGS_MODULE": "gxgk_crawler.settings",
            "GXGK_MIN_FREE_MB": "1",
        }
        bare, ours = [], []
        for number in range(args.rounds):
            environ["GXGK_HOME"] = str(Path(scratch) / str(number))
            bare.append(speed(BARE, environ))
            ours.append(speed(OURS, environ, args.profile if number == args.rounds - 1 else None))
            subprocess.run([sys.executable, "-m", "gxgk_crawler", "db", "stop"], env=environ, check=False)
    server.kill()
    size = sum(map(len, made.values())) / len(made) / 1000
    print(
        f"{len(made)} pages of {size:.0f} kB: bare Scrapy {median(bare):.0f}/s, the whole pipeline {median(ours):.0f}/s"
    )
    print(f"ratio {median(ours) / median(bare):.2f} (>= 0.35 wanted)")


if __name__ == "__main__":
    main()
