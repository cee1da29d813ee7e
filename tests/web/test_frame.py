"""What every page of the reading room promises: it only reads, protects its reader, and gives its data away."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

import gxgk_crawler.web
from gxgk_crawler.errors import TooSlowError
from gxgk_crawler.store.report_queries import get_report, list_versions
from gxgk_crawler.store.views.session import reading
from gxgk_crawler.web.app import create_app
from gxgk_crawler.web.gate import ROOM_POLICY
from gxgk_crawler.web.pace import Pace
from tests.web.client import Answer, Client
from tests.web.conftest import SPAM

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database
    from gxgk_crawler.web.room import Room

WEB = Path(gxgk_crawler.web.__file__).parent
PAGES = [
    "/", "/places/150000", "/places/150700", "/places/150700/2020", "/places/150000/2020?only=missing", "/reports", "/search",
    "/search?q=营商环境", "/changes", "/injected", f"/injected?words={SPAM}", "/portals", "/portals/sample", "/crawls/1", "/health",
    "/about", "/series", "/checks", "/compare", "/data", "/api",
    "/reports/{changed}", "/reports/{changed}/v/1", "/reports/{changed}/versions", "/reports/{tampered}/reuse",
    "/reports/{changed}/diff/1..2",
    "/reports/{tampered}", "/reports/{tampered}/v/1/removed", "/reports/{tampered}/v/1/cite",
]  # fmt: skip


def test_every_page_is_whole_in_both_languages(client: Client, keys: dict[str, str]) -> None:
    for page in PAGES:
        for language in ("", "/en"):
            expect_whole(client.get(language + page.format(**keys)))


def expect_whole(answer: Answer) -> None:
    assert answer.status == 200, answer.text
    assert answer.headers["content-security-policy"] == ROOM_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["etag"]
    shown = answer.text
    assert shown.startswith("<!doctype html>")
    assert not re.search(r"<[^>]*\s(style|on\w+)=", shown)  # the policy would refuse it
    assert not re.search(r"<(script|style)\b(?![^>]*\bsrc=)", shown)
    assert not re.search(r'(src|href)="(?!/|#|https?://www\.sample\.gov\.cn/|\?)', shown)


def test_every_page_has_its_data(client: Client, keys: dict[str, str]) -> None:
    for page in PAGES:
        path, _, query = page.format(**keys).partition("?")
        name = "/index.json" if path == "/" else f"{path}.json"
        answer = client.get(f"{name}?{query}")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json"), page
        assert answer.headers["access-control-allow-origin"] == "*"
        answer.json()


def test_the_data_of_a_page_are_those_of_the_command_line(
    client: Client, keys: dict[str, str], database: Database
) -> None:
    with database.begin() as conn:
        number = conn.execute(text("select id from report where key = :key"), {"key": keys["changed"]}).scalar_one()
        report, versions = get_report(conn, number), list_versions(conn, number)
    assert client.get(f"/reports/{keys['changed']}.json").json().keys() == report.keys()
    assert [row.keys() for row in client.get(f"/reports/{keys['changed']}/versions.json").json()] == [
        row.keys() for row in versions
    ]
    assert client.get(f"/reports/{keys['changed']}.txt").text == f"{report['text']}\n"


def test_a_number_leads_to_the_key(client: Client, keys: dict[str, str], database: Database) -> None:
    with database.begin() as conn:
        number = conn.execute(text("select id from report where key = :key"), {"key": keys["changed"]}).scalar_one()
    moved = client.get(f"/en/reports/{number}/v/1.json?x=1")
    assert (moved.status, moved.headers["location"]) == (301, f"/en/reports/{keys['changed']}/v/1.json?x=1")
    assert client.get("/reports/999999").status == 404
    assert client.get("/reports/" + "9" * 60).status == 404
    assert client.get(f"/reports/{keys['changed']}/v/99").status == 404


def test_a_page_that_has_not_changed_is_not_sent_again(client: Client, keys: dict[str, str]) -> None:
    page = f"/reports/{keys['changed']}"
    tag = client.get(page).headers["etag"]
    again = client.get(page, headers={"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")
    assert client.get(f"/en{page}", headers={"If-None-Match": tag}).status == 200


def test_only_reading(client: Client, room: Room) -> None:
    assert client.get("/", method="POST").status == 405
    assert client.get("/", method="HEAD").status == 200
    with reading(room.database) as conn, pytest.raises(Exception, match="read-only"):
        conn.execute(text("delete from section"))


def test_a_slow_query_is_told(client: Client, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooSlowError), reading(room.database, 0.05) as conn:
        conn.execute(text("select pg_sleep(5)"))
    monkeypatch.setattr("gxgk_crawler.web.app.reading", partial(reading, seconds=0.05))
    monkeypatch.setattr(
        "gxgk_crawler.web.pages.search.find", lambda conn, *_, **__: conn.execute(text("select pg_sleep(5)"))
    )
    answer = client.get("/search?q=营商环境")
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")


def test_a_foreign_name_is_refused(room: Room) -> None:
    app = create_app(room)
    assert Client(app, "evil.example").get("/").status == 421
    assert Client(app, "localhost:8008").get("/").status == 200
    assert Client(app, "[::1]:8008").get("/").status == 200
    assert (
        Client(create_app(replace(room, hosts=frozenset({"room.example"}))), "Room.Example").get("/about").status == 200
    )


def test_a_public_room_has_a_pace(room: Room) -> None:
    client = Client(create_app(replace(room, is_public=True)))
    found = [client.get("/static/room.css", client="192.0.2.7").status for _ in range(60)]
    assert 429 in found
    assert client.get("/static/room.css", client="192.0.2.8").status == 200
    seconds = [0.0]
    pace = Pace(clock=lambda: seconds[0])
    assert [pace.allows("a") for _ in range(41)] == [True] * 40 + [False]
    seconds[0] = 1.0
    assert [pace.allows("a") for _ in range(11)] == [True] * 10 + [False]


def test_weight(client: Client, keys: dict[str, str]) -> None:
    assert len((WEB / "static" / "room.js").read_bytes()) < 8192
    packed = client.get("/static/room.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 8192


def test_csv_cells_are_no_formulas(client: Client, keys: dict[str, str], database: Database) -> None:
    with database.begin() as conn:
        conn.execute(text("""update report_version set title = '=HYPERLINK("https://evil.example")'"""))
    rows = list(csv.DictReader(io.StringIO(client.get("/reports.csv").text)))
    assert [row["title"][:2] for row in rows] == ["'="] * 2


def test_the_feed_is_atom(client: Client, keys: dict[str, str]) -> None:
    root = ET.fromstring(client.get("/changes.atom").text)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert root.findtext("a:title", namespaces=space)
    entries = root.findall("a:entry", space)
    assert len(entries) == 4  # two new, one injected, one changed
    assert len({entry.findtext("a:id", namespaces=space) for entry in entries}) == 4


def test_every_word_is_in_the_catalogue_and_used() -> None:
    catalogue = tomllib.loads((WEB / "messages.toml").read_text())
    assert all(entry.keys() == {"zh", "en"} and all(entry.values()) for entry in catalogue.values())
    sources = "".join(path.read_text() for path in [*WEB.rglob("*.html"), *WEB.rglob("*.xml"), *WEB.rglob("*.py")])
    used = set(re.findall(r"""\bt\(\(?'([\w.]+)'""", sources)) | set(re.findall(r"""language, "([\w.]+)\"""", sources))
    used |= set(re.findall(r"""'((?:nav|reports|absent)\.\w+)'""", sources)) | set(
        re.findall(r"else t\('([\w.]+)'", sources)
    )
    used = {key for key in used if "." in key}
    groups = {key for key in used if key.endswith(".")}
    assert not [key for key in used - groups if key not in catalogue]
    assert not [key for key in catalogue if key not in used and not key.startswith(tuple(groups))]
    fields = {
        key: [sorted(re.findall(r"\{(\w+)\}", words)) for words in entry.values()] for key, entry in catalogue.items()
    }
    assert not [key for key, (zh, en) in fields.items() if zh != en]


def test_no_template_prints_unescaped() -> None:
    for path in [*WEB.rglob("*.html"), *WEB.rglob("*.xml")]:
        assert not re.search(r"\|\s*safe\b|autoescape|Markup", path.read_text()), path.name
