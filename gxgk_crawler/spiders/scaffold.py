"""The files that `gxgk add` writes: a portal file, one saved page, and its golden. Nothing here touches the disk."""

from __future__ import annotations

import gzip
import json
import keyword
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gxgk_crawler.errors import ConfigError
from gxgk_crawler.extract.any_file import PageFacts
from gxgk_crawler.extract.as_json import document_json
from gxgk_crawler.portal import Portal
from gxgk_crawler.rules.divisions import code_prefixes, provinces
from gxgk_crawler.rules.place_names import division_code, fits_site_code, host_division, site_division
from gxgk_crawler.sandbox.child import Child
from gxgk_crawler.sandbox.report import read_report
from gxgk_crawler.spiders.families import base_of_family

if TYPE_CHECKING:
    from gxgk_crawler.crawl.survey import Sample, Survey

_SPIDERS = Path("gxgk_crawler", "spiders")
_SUFFIX = re.compile(r"(?:\.(?:gov|com|org|net|edu|ac))?(?:\.cn)?$")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST_TITLE = 100  # characters; the title comes from the page

_TEMPLATE = '''from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import {base}


class {cls}Spider({base}):
    """{described} (say in English where it is)."""

    name = {name}
    portal = Portal(
        title={title},
        division={division},
        site_code={site_code},
        entry={entry},
{more}    )
'''


def described(survey: Survey, url: str, spider: str, division: str | None) -> Portal:
    """The portal as a first look found it. url: where it is entered. spider: its name. division: code, or None for a central organ."""
    title = _one_line(survey.title or "") or spider
    return Portal(title=title, entry=url, division=division, site_code=survey.site_code)


def new_files(family: str, sample: Sample, spider: str, portal: Portal) -> dict[Path, bytes]:
    """The new files of a portal by their path in the checkout.

    sample: the report that becomes the saved page. spider: the portal's name. Raises ConfigError when no spider can have the name.
    """
    case = Path("tests", "portals", spider, f"{family}-{sample.capture.fetched_at:%Y%m%d}")
    return {
        _SPIDERS / province_of(portal) / f"{spider}.py": portal_file(spider, portal, family),
        **{case / file: content for file, content in case_files(sample, portal).items()},
    }


def package_file(portal_path: Path) -> tuple[Path, bytes]:
    """The `__init__.py` beside a portal file, and its text, for a province that has none yet."""
    pinyin = portal_path.parent.name
    named = next((found.name for found in provinces().values() if found.pinyin == pinyin), None)
    return portal_path.parent / "__init__.py", f'"""{named or "Portals of the central government"}."""\n'.encode()


def name_of(url: str) -> str:
    """The label of the host that tells most, as the name of a spider: hlbe of www.hlbe.gov.cn, sxxz of zwgk.sxxz.gov.cn."""
    host = _SUFFIX.sub("", urlsplit(url).hostname or "")
    return re.sub(r"\W", "_", host.rpartition(".")[2])


def checked_name(name: str) -> str:
    """The name, when a spider can have it: an identifier in small letters, and no portal's yet. Raises ConfigError."""
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ConfigError(f"{name!r} cannot be the name of a spider: give --name, in lower-case letters and digits")
    return name


def division_of(
    given: str | None, site_code: str | None, *, title: str | None = None, host: str | None = None
) -> str | None:
    """Division code of the portal's sponsor; None for a central organ.

    given: a code of 2, 4 or 6 digits, a name, or `none`. site_code: as the portal prints it: its first six of ten digits are the
    code of the sponsor's division, `bm` begins that of a central organ (国务院办公厅, 政府网站发展指引, 2017).
    title, host: of the portal; what they say must not contradict the site code, which templates carry from one portal to another.
    Raises NotFoundError for a division that does not exist, ConfigError for a name of several and when nothing tells it for certain.
    """
    if given is not None:
        codes = [] if given == "none" else [prefix.ljust(6, "0") for prefix in code_prefixes(given)]
        if len(codes) > 1:
            raise ConfigError(f"{given} is the name of several divisions: give one of the codes {', '.join(codes)}")
        return codes[0] if codes else None
    if (site_code or "").startswith("bm"):
        return None
    named = division_code(title or "", host=host) or host_division(host or "")
    if fits_site_code(named, site_code) is False:
        raise ConfigError(
            f"the portal says two places: site code {site_code}, title {title}: give --division, or --division none for a central organ"
        )
    code = site_division(site_code) or named
    if code is not None:
        return code
    raise ConfigError(
        "the portal does not say which division it is of: give --division, or --division none for a central organ"
    )


def province_of(portal: Portal) -> str:
    """Directory of the portal's province: its name in pinyin; `national` for ministries and for an unknown one."""
    found = provinces().get((portal.division or "")[:2])
    return found.pinyin if found else "national"


def portal_file(name: str, portal: Portal, family: str) -> bytes:
    """The source of a portal file, UTF-8, compiled once as a check. Raises ConfigError when no spider can have the name."""
    checked_name(name)
    text = _TEMPLATE.format(
        base=base_of_family(family).__name__,
        cls="".join(part.capitalize() for part in name.split("_")),
        described=_one_line(portal.title).replace("\\", "\\\\").replace('"', '\\"'),
        name=_literal(name),
        title=_literal(portal.title),
        division=_literal(portal.division),
        site_code=_literal(portal.site_code),
        entry=_literal(portal.entry),
        more="".join(
            f"        {field}=({', '.join(map(_literal, values))},),\n"
            for field, values in (("hosts", portal.hosts), ("side_doors", portal.side_doors))
            if values
        ),
    )
    source = text.encode()
    compile(source, f"{name}.py", "exec")
    return source


def case_files(sample: Sample, portal: Portal) -> dict[str, bytes]:
    """The three files of a saved case by name: the page, where it is from, and what extraction finds in it today.

    Raises ExtractionError when the page cannot be read.
    """
    facts = PageFacts(
        url=sample.url,
        media_type=sample.media_type,
        charset=sample.charset,
        fetched_on=sample.capture.fetched_at.date(),
        portal=portal,
    )
    with Child() as child:
        document = child.call(read_report, [sample.body], facts).document
    return {
        "page.html.gz": gzip.compress(sample.body, mtime=0),
        "case.toml": case_toml(sample),
        "expected.json": (json.dumps(document_json(document), ensure_ascii=False, indent=1) + "\n").encode(),
    }


def case_toml(sample: Sample) -> bytes:
    """Where a saved page is from, as TOML; parsed once as a check."""
    facts = {"url": sample.url, "anchor": sample.anchor, "media_type": sample.media_type, "charset": sample.charset}
    toml = "".join(f"{key} = {_toml_string(value)}\n" for key, value in facts.items() if value)
    toml += f"fetched = {sample.capture.fetched_at.date().isoformat()}\n"
    tomllib.loads(toml)
    return toml.encode()


def _literal(value: str | None) -> str:
    """The value as Python source, in double quotes where it needs no escapes."""
    quoted = repr(value)
    return quoted if value is None or "\\" in quoted or '"' in quoted else f'"{value}"'


def _one_line(title: str) -> str:
    """The title in one line of printable characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in title).split())[:_LONGEST_TITLE]


def _toml_string(value: str) -> str:
    """The value as a TOML basic string. TOML takes JSON's escapes, but neither DEL nor lone surrogates, which are replaced."""
    text = value.encode("utf-8", "replace").decode().replace("\x7f", " ")
    return json.dumps(text, ensure_ascii=False)
