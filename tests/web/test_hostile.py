"""Texts of portals are only ever text: whatever a title, a URL, an edit or a cell holds, no page of the room changes its shape."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from gxgk_crawler.items import Attachment, Channel, CrawlResult, Edit, Failure, FoundDate, Grid, GridCell, Link
from gxgk_crawler.portal import Portal
from gxgk_crawler.store.channels import save_channels
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.reports import save_report
from gxgk_crawler.store.views.coverage_years import refresh_coverage
from tests.store.samples import START, finish, report, start

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database
    from tests.web.client import Client

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}\u202egnp\u2066\x1b[31m&lt;"
URL = "https://evil.example/\"><script>alert(1)</script>?a=b&c='d"


@pytest.fixture
def key(database: Database) -> str:
    """A report of which every text is hostile."""
    extracted = f"{EVIL}\n营商环境{EVIL}\n{EVIL} | {EVIL}\n1 | 2"
    cells = [
        GridCell(row=r, col=c, text=words) for r, c, words in ((0, 0, EVIL), (0, 1, EVIL), (1, 0, "1"), (1, 1, "2"))
    ]
    with database.begin() as conn:
        register_portal(conn, "evil", Portal(title=EVIL, entry="https://evil.example/", division="150700"), "trs")
        conn.execute(text("update portal set entry = 'javascript:alert(1)', site_code = :evil"), {"evil": EVIL})
        number = start(conn, "evil", START)
        save_channels(conn, "evil", [Channel(url=URL, title=EVIL, parent=URL)])
        facts: dict[str, Any] = {
            "url": URL,
            "portal": "evil",
            "title": EVIL,
            "issuer": EVIL,
            "source": EVIL,
            "extracted_text": extracted,
            "fields": {EVIL: EVIL},
            "flags": ["spam"],
            "dates": [FoundDate(value="2021-01-20", source="meta")],
            "edits": [Edit(kind="spam", start=0, end=len(EVIL), text=EVIL, rule="formula", suggestion=EVIL)],
            "grids": [Grid(cells=cells)],
            "attachments": [Attachment(name=EVIL, url="javascript:alert(1)", text=EVIL, reason=EVIL, status="failed")],
            "images": [Link(name=EVIL, url=URL)],
        }
        first = save_report(
            conn, report(extracted[len(EVIL) :], **facts), extractor_version="1", read_at=START
        ).report_id
        changed = extracted.replace("营商环境", "营商环境222")
        save_report(
            conn, report(changed[len(EVIL) :], 1, **(facts | {"extracted_text": changed})), extractor_version="1"
        )
        failure = Failure(url=URL, reason=EVIL, kind="failed")
        finish(conn, number, CrawlResult(outcome="hacked", cause=EVIL, evidence_url=URL, failures=[failure]))
        refresh_coverage(conn, "evil")
        return str(conn.execute(text("select key from report where id = :id"), {"id": first}).scalar_one())


class Shape(HTMLParser):
    """Refuses what our templates never write."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"img", "object", "embed"}
        for name, value in attrs:
            assert not name.startswith("on")
            if name in {"href", "src", "action"}:
                assert (value or "").startswith(("/", "#", "https://evil.example/", "http://localhost")), value
        if tag == "script":
            assert dict(attrs)["src"]


def test_no_page_runs_or_shows_markup_of_a_portal(client: Client, key: str) -> None:
    pages = [
        *(
            "/",
            "/places/150700",
            "/places/150700/2020",
            "/reports",
            "/search?q=营商环境",
            '/search?q="><script>alert(1)</script>',
        ),
        *(
            "/changes",
            "/injected",
            "/portals",
            "/portals/evil",
            "/crawls/1",
            "/health",
            "/data",
            "/series",
            "/checks",
            "/api",
        ),
        *(f"/reports/{key}", f"/reports/{key}/v/1", f"/reports/{key}/v/1?removed=1", f"/reports/{key}/versions"),
        *(
            f"/reports/{key}/diff/1..2",
            f"/reports/{key}/v/1/removed",
            f"/reports/{key}/v/1/cite",
            f"/reports/{key}/tables",
        ),
        *(f"/compare?reports={key}", '/nowhere"><script>alert(1)</script>', "/injected?word=<script>alert(1)</script>"),
        *(
            '/reports?portal="><script>alert(1)</script>',
            "/series?cell=<script>alert(1)</script>",
            "/changes?kind=<script>",
        ),
        f"/injected?words={EVIL.strip()}",
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status in {200, 404}, page
        shown = answer.text
        Shape().feed(shown)
        assert "<script>" not in shown, page
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", shown), page


def test_data_of_hostile_reports_are_data(client: Client, key: str) -> None:
    for name in ("reports.json", f"reports/{key}.json", "portals.json", "health.json", "changes.json", "injected.json"):
        answer = client.get(f"/{name}")
        assert answer.headers["content-type"] == "application/json"
        json.loads(answer.text)
    feed = ET.fromstring(client.get("/changes.atom").text)
    assert all(element.tag.startswith("{http://www.w3.org/2005/Atom}") for element in feed.iter())
    told = client.get(f"/reports/{key}/v/1/cite.json").json()
    assert told["bibtex"].count("@online{") == 1
    depth = 0
    for character in re.sub(r"\\.", "", told["bibtex"]):
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
