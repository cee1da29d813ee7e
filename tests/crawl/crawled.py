"""What a crawl of an invented portal left, held against what the portal has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.replica.unknown import UnknownPortal


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """How a crawl ended and what the archive holds after it. rows: reports by URL, whole."""

    code: int
    outcome: str
    line: str
    rows: dict[str, dict[str, Any]]
    portal: UnknownPortal

    @property
    def missing(self) -> list[str]:
        return [e.url for e in self.portal.reports if not any(e.is_at(url) for url in self.rows)]

    @property
    def strange(self) -> dict[str, str]:
        """What is stored and no report, with what it is."""
        known = self.portal.reports
        unexpected = [url for url in self.rows if not any(e.is_at(url) for e in known)]
        return {url: self.portal.others.get(url, "?") for url in unexpected}

    @property
    def doubled(self) -> dict[str, list[str]]:
        """Reports that stand in more than one row."""
        held = {e.url: [url for url in self.rows if e.is_at(url)] for e in self.portal.reports}
        return {url: urls for url, urls in held.items() if len(urls) > 1}

    @property
    def faults(self) -> list[str]:
        """What of the stored reports is read wrong: year, words, places."""
        found = []
        for expected in self.portal.reports:
            for row in (row for url, row in self.rows.items() if expected.is_at(url)):
                if row["year"] != expected.sample.year:
                    found.append(f"{expected.url}: year {row['year']} instead of {expected.sample.year}")
                text = _squeezed(row["text"] + "".join(file["text"] or "" for file in row["attachments"]))
                lost = [line for line in expected.sample.text.splitlines() if _squeezed(line) not in text]
                if lost:
                    found.append(f"{expected.url}: {len(lost)} line(s) lost, first {lost[0][:40]}")
                if len(row["places"]) < expected.channels:
                    found.append(f"{expected.url}: {len(row['places'])} place(s) instead of {expected.channels}")
        return found

    def record(self, record_property: Any) -> None:
        told = {
            "portal": self.portal.name,
            "kind": self.portal.kind,
            "found": len(self.portal.reports) - len(self.missing),
            "total": len(self.portal.reports),
            "strange": len(self.strange),
            "faults": len(self.faults),
            "outcome": self.outcome,
            "code": self.code,
            "line": self.line,
        }
        for name, value in told.items():
            record_property(name, value)


def _squeezed(text: str) -> str:
    return "".join(text.split())
