"""Run as a process of its own: crawl the requests of a JSON file with the archive on, and say what came of each.

python crawl_script.py JOB OUT; JOB holds {"requests": [{url, method, body, meta, headers}], "settings": {}, "remember": true,
"parallel": true, "file_limit": BYTES}.
OUT receives {"results": [...], "captures": [...], "sealed": [...], "reason": ...}.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import scrapy
from scrapy.crawler import AsyncCrawlerProcess

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.reader import read
from gxgk_crawler.config import config
from gxgk_crawler.crawl import signals
from gxgk_crawler.crawl.archiving import Archive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {
        "http": "gxgk_crawler.crawl.connection.wire.WireDownloadHandler",
        "https": "gxgk_crawler.crawl.connection.wire.WireDownloadHandler",
        "file": None,
        "data": None,
        "s3": None,
        "ftp": None,
    },
    "EXTENSIONS": {"gxgk_crawler.crawl.archiving.Archive": 0},
    "DEFAULT_REQUEST_HEADERS": {"Accept-Encoding": "gzip, deflate"},
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "RETRY_ENABLED": False,
    "COOKIES_ENABLED": False,
    "HTTPERROR_ALLOW_ALL": True,
    "HTTPCOMPRESSION_ENABLED": False,
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
    "LOG_LEVEL": "INFO",
    "DOWNLOAD_TIMEOUT": 20,
}


def plain(capture: Any) -> Any:
    return None if capture is None else json.loads(json.dumps(asdict(capture), default=str))


class WireSpider(scrapy.Spider):
    name = "wire"
    job: ClassVar[dict[str, Any]]
    out: ClassVar[dict[str, Any]]

    async def start(self) -> AsyncIterator[Any]:
        self.crawler.signals.connect(self.captured, signals.captured)
        self.crawler.signals.connect(self.sealed, signals.sealed)
        numbers = range(len(self.job["requests"])) if self.job.get("parallel") else [0]
        for number in numbers:
            yield self.request(number)

    def request(self, number: int) -> scrapy.Request:
        # One after the other, so that the order of records and of kept-alive connections is the order of the job.
        asked = self.job["requests"][number]
        return scrapy.Request(
            asked["url"],
            method=asked.get("method", "GET"),
            body=asked.get("body"),
            headers=asked.get("headers"),
            meta={**asked.get("meta", {}), "number": number},
            callback=self.arrived,
            errback=self.failed,
            dont_filter=True,
        )

    def arrived(self, response: Any) -> Any:
        # What the spider sees is in the archive already, whole.
        read(ArchiveDirectory(config().archive_dir), response.meta["capture"], verify=True)
        answer = {"status": response.status, "flags": response.flags, "body_length": len(response.body)}
        return self.next(response.meta, **answer, url=response.url)

    def failed(self, failure: Any) -> Any:
        return self.next(failure.request.meta, error=type(failure.value).__name__)

    def next(self, meta: dict[str, Any], **result: Any) -> Any:
        capture = meta.get("capture")
        self.out["results"].append({**result, "capture": plain(capture)})
        archive = self.crawler.get_extension(Archive)
        assert archive is not None
        if self.job.get("remember") and capture is not None:
            archive.remember([capture])
        if not self.job.get("parallel") and meta["number"] + 1 < len(self.job["requests"]):
            yield self.request(meta["number"] + 1)

    def captured(self, capture: Any) -> None:
        self.out["captures"].append(plain(capture))

    def sealed(self, sealed: Any) -> None:
        self.out["sealed"].append(asdict(sealed))

    def closed(self, reason: str) -> None:
        self.out["reason"] = reason


def main(job: Path, out: Path) -> None:
    WireSpider.job = json.loads(job.read_text())
    WireSpider.out = {"results": [], "captures": [], "sealed": [], "reason": None}
    if limit := WireSpider.job.get("file_limit"):
        # No file of this process may grow beyond this many bytes: a full disk for those who are not root.
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    process = AsyncCrawlerProcess({**SETTINGS, **WireSpider.job.get("settings", {})})
    process.crawl(WireSpider)
    process.start()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    out.write_text(json.dumps(WireSpider.out))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
