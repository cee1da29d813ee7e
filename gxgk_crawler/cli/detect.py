"""`gxgk detect URL` names the family of a portal; `gxgk add URL` writes its file, one saved page and its golden."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from gxgk_crawler.cli.extract import document_json
from gxgk_crawler.cli.options import AsJson  # noqa: TC001 - typer reads it
from gxgk_crawler.cli.output import console, errors, plain, print_json, table
from gxgk_crawler.errors import ConfigError, NotFoundError
from gxgk_crawler.extract import extract
from gxgk_crawler.portal import Portal
from gxgk_crawler.rules.divisions import provinces

if TYPE_CHECKING:
    from gxgk_crawler.crawl.survey import Sample, Survey
    from gxgk_crawler.items import Document

Url = Annotated[str, typer.Argument(help="The portal's home page or disclosure index.")]
Setting = Annotated[list[str] | None, typer.Option("-s", help="A Scrapy setting NAME=VALUE.")]

_TEMPLATE = '''from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import {base}


class {cls}Spider({base}):
    """{title} (say in English where it is)."""

    name = "{name}"
    portal = Portal(
        title="{title}",
        division={division},
        site_code={site_code},
        entry="{entry}",
    )
'''


def detect(url: Url, setting: Setting = None, *, as_json: AsJson = False) -> None:
    """Look at a few pages of a portal and name its family, with the evidence."""
    survey = _survey(url, setting)
    if as_json:
        print_json(
            {
                "url": url,
                "family": survey.family,
                "evidence": [{"url": u, "family": family, "marks": marks} for u, family, marks in survey.evidence],
                "title": survey.title,
                "site_code": survey.site_code,
                "channels": [{"url": u, "title": title} for u, title in survey.channels.items()],
                "sample": survey.sample.url if survey.sample else None,
            }
        )
        return
    console.print(f"family: {survey.family}")
    made = table("Page", "Family", "Marks")
    for page, family, marks in survey.evidence:
        made.add_row(page, family, plain(marks))
    console.print(made)
    for channel, title in survey.channels.items():
        console.print(f"channel: {title} {channel}", markup=False, soft_wrap=True)
    if not survey.channels:
        console.print("no channel of annual reports was found")


def add(
    url: Url,
    name: Annotated[str | None, typer.Option(help="Name of the spider; by default a label of the host.")] = None,
    root: Annotated[Path, typer.Option(help="The checkout to write to.")] = Path(),
    setting: Setting = None,
) -> None:
    """Write a portal file, one saved page and its golden, ready to be read and committed. Overwrites nothing."""
    if not (root / "gxgk_crawler" / "spiders").is_dir():
        raise ConfigError(f"{root.absolute()} is no checkout of gxgk_crawler")
    survey = _survey(url, setting)
    if survey.sample is None:
        raise NotFoundError(f"no annual report was found from {url}; `gxgk detect {url}` shows what was looked at")
    spider = name or name_of(url)
    portal = Portal(title=survey.title or spider, entry=url, division=division_of(survey), site_code=survey.site_code)
    case = root / "tests" / "portals" / spider / f"{survey.family}-{survey.sample.capture.fetched_at:%Y%m%d}"
    files = {
        root / "gxgk_crawler" / "spiders" / province_of(portal) / f"{spider}.py": portal_file(
            spider, portal, survey.family
        )
    }
    files |= case_files(case, survey.sample, portal)
    taken = [path for path in files if path.exists()]
    if taken:
        raise ConfigError(f"{taken[0]} is there already")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        console.print(f"wrote {path}", markup=False, soft_wrap=True)
    package = root / "gxgk_crawler" / "spiders" / province_of(portal) / "__init__.py"
    if not package.exists():
        found = provinces().get((portal.division or "")[:2])
        package.write_text(f'"""{found.name if found else "Portals of the central government"}."""\n', "utf-8")
    errors.print("Read what was written, above all expected.json, before you commit it.")


def name_of(url: str) -> str:
    """The first distinctive label of the host: hlbe of www.hlbe.gov.cn, zwgk_sxxz of zwgk.sxxz.gov.cn stays sxxz."""
    host = (urlsplit(url).hostname or "").removesuffix(".gov.cn")
    label = host.rpartition(".")[2] or host
    return re.sub(r"\W", "_", label)


def division_of(survey: Survey) -> str | None:
    """Division code of the portal's sponsor: the first six digits of a ten-digit site code."""
    code = survey.site_code or ""
    return code[:6] if len(code) == 10 and code.isdecimal() and code[:6] != "000000" else None


def province_of(portal: Portal) -> str:
    """Directory of the portal's province: its name in pinyin, `national` for ministries and for what is not known."""
    found = provinces().get((portal.division or "")[:2])
    return found.pinyin if found else "national"


def portal_file(name: str, portal: Portal, family: str) -> bytes:
    """The text of a portal file."""
    from gxgk_crawler.spiders.families import base_of_family  # noqa: PLC0415 - scrapy costs half a second

    quoted = {
        key: json.dumps(value) if value else "None"
        for key, value in (("division", portal.division), ("site_code", portal.site_code))
    }
    cls = "".join(part.capitalize() for part in name.split("_"))
    text = _TEMPLATE.format(
        base=base_of_family(family).__name__, cls=cls, name=name, title=portal.title, entry=portal.entry, **quoted
    )
    return text.encode()


def case_files(case: Path, sample: Sample, portal: Portal) -> dict[Path, bytes]:
    """The three files of a saved case: the page, where it is from, and what extraction finds in it today."""
    fetched = sample.capture.fetched_at.date()
    document: Document = extract(
        sample.body,
        url=sample.url,
        media_type=sample.media_type,
        charset=sample.charset,
        fetched_on=fetched,
        portal=portal,
    )
    facts = {"url": sample.url, "anchor": sample.anchor, "media_type": sample.media_type, "charset": sample.charset}
    toml = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in facts.items() if value)
    return {
        case / "page.html.gz": gzip.compress(sample.body, mtime=0),
        case / "case.toml": f"{toml}fetched = {fetched.isoformat()}\n".encode(),
        case / "expected.json": (json.dumps(document_json(document), ensure_ascii=False, indent=1) + "\n").encode(),
    }


def _survey(url: str, setting: list[str] | None) -> Survey:
    """Run the survey spider in this process. Raises NotFoundError when the entry page cannot be had."""
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415  # scrapy costs half a second; other commands never need it
    from scrapy.settings import Settings  # noqa: PLC0415

    from gxgk_crawler.crawl.monitor import CrawlMonitor  # noqa: PLC0415
    from gxgk_crawler.crawl.survey import SurveySpider  # noqa: PLC0415

    settings = Settings()
    settings.setmodule("gxgk_crawler.settings", priority="project")
    settings["EXTENSIONS"].pop("gxgk_crawler.crawl.ledger.Ledger")
    settings.setdict({"ITEM_PIPELINES": {}, "LOG_LEVEL": "ERROR"}, priority="project")
    settings.setdict(dict(pair.partition("=")[::2] for pair in setting or []), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(SurveySpider)
    process.crawl(crawler, url=url)
    process.start()
    spider, monitor = crawler.spider, crawler.get_extension(CrawlMonitor)
    if not isinstance(spider, SurveySpider) or monitor is None:
        raise ConfigError(f"{url} cannot be looked at")
    if not spider.survey.evidence:
        reason = monitor.facts.problems[0].reason if monitor.facts.problems else "no page was found"
        raise NotFoundError(f"{url}: {reason}")
    return spider.survey
