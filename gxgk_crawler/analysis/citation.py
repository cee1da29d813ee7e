"""How one version of one report is cited: GB/T 7714-2015, Chicago, BibTeX and CSL-JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gxgk_crawler.portal import PORTAL_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

# What has a meaning in a BibTeX field.
_BIBTEX = str.maketrans(
    {character: f"\\{character}" for character in "{}&%$#_"} | {"\\": "\\textbackslash{}", "\n": " ", "~": "\\~{}"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedVersion:
    """What a citation says.

    key: of the report, in identifiers. address: permanent URL of the version in the room. url: of the page on its portal.
    published: day of publication. archived: day of the capture. record_id, sha256: of the capture and its payload.
    """

    key: str
    title: str | None
    issuer: str | None
    year: int | None
    url: str
    address: str
    version: int
    published: date | None
    archived: date
    record_id: str
    sha256: str


def cited_version(report: Mapping[str, Any], address: str, sha256: str) -> CitedVersion:
    """What a citation says of a version. report: as `gxgk show --json` prints it. address, sha256: as in CitedVersion."""
    published = report["published_on"]
    return CitedVersion(
        **{name: report[name] for name in ("key", "title", "issuer", "year", "url", "version")},
        address=address,
        published=None if published is None else date.fromisoformat(published),
        archived=report["fetched_at"].astimezone(PORTAL_TIME).date(),
        record_id=report["capture"]["record_id"],
        sha256=sha256,
    )


def citations(cited: CitedVersion) -> dict[str, Any]:
    """The four forms: gbt7714, chicago, bibtex (texts) and csl (an object)."""
    title = cited.title or cited.url
    issuer = cited.issuer or ""
    proof = f"{cited.record_id}, SHA-256 {cited.sha256}"
    published = f"({cited.published.isoformat()})" if cited.published else ""
    author = f"{issuer}. " if issuer else ""
    return {
        "gbt7714": (
            f"{author}{title}[EB/OL]. {published}[{cited.archived.isoformat()} 存档]. {cited.url}; "
            f"存档 {cited.address}, 第{cited.version}版, {proof}."
        ),
        "chicago": (
            f"{author}“{title}.” {cited.published.isoformat() + '. ' if cited.published else ''}{cited.url}. "
            f"Archived {cited.archived.isoformat()}, version {cited.version}, {cited.address} ({proof})."
        ),
        "bibtex": _bibtex(cited, title, issuer, proof),
        "csl": _csl(cited, title, issuer, proof),
    }


def _bibtex(cited: CitedVersion, title: str, issuer: str, proof: str) -> str:
    fields = {
        "title": f"{{{_plain(title)}}}",
        "author": f"{{{_plain(issuer)}}}" if issuer else "",
        "year": str(cited.published.year if cited.published else (cited.year or 0) + 1)
        if cited.published or cited.year
        else "",
        "url": cited.address,
        "urldate": cited.archived.isoformat(),
        "note": _plain(f"original {cited.url}; version {cited.version}; {proof}"),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{gxgk-{re.sub(r'[^A-Za-z0-9-]', '-', cited.key)}-v{cited.version},", *lines, "}"])


def _plain(text: str) -> str:
    return text.translate(_BIBTEX)


def _csl(cited: CitedVersion, title: str, issuer: str, proof: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": f"gxgk-{cited.key}-v{cited.version}",
        "type": "report",
        "title": title,
        "URL": cited.address,
        "accessed": _date(cited.archived),
        "archive": "gxgk_crawler",
        "archive_location": cited.record_id,
        "note": f"original {cited.url}; {proof}",
        "version": str(cited.version),
        "language": "zh-CN",
    }
    if issuer:
        found["author"] = [{"literal": issuer}]
    if cited.published:
        found["issued"] = _date(cited.published)
    return found


def _date(day: date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}
