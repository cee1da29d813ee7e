"""Archived pages in the room: sealed, findable by time and URL, and never those of a report that is withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.archive.writer import WarcWriter
from gxgk_crawler.store.captures import save_captures
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.reports import save_report
from gxgk_crawler.store.views.report_lists import key_of
from gxgk_crawler.store.views.withholding import lift, withhold
from gxgk_crawler.web.app import create_app
from gxgk_crawler.web.archived import ORIGINAL_POLICY
from tests.archive.samples import INFO, exchange
from tests.archive.shapes import ok
from tests.replay.hostile import PAGE
from tests.store.samples import PORTAL, report
from tests.web.client import Client

if TYPE_CHECKING:
    from gxgk_crawler.items import Capture
    from gxgk_crawler.store.postgres.database import Database
    from gxgk_crawler.web.room import Room

URL = "https://www.sample.gov.cn/nb/2020.html"
IMAGE = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def captures(room: Room, monkeypatch: pytest.MonkeyPatch) -> dict[str, Capture]:
    """An archive with a hostile page, an image, a style sheet and a file, by name."""
    # Pages are read in this process: what the child adds is tested with the child.
    monkeypatch.setattr(room.reader._child, "call", lambda function, *args, **more: function(*args, **more))
    writer = WarcWriter(room.archive, info=INFO)
    sent = {
        "page": (URL, PAGE.encode(), b"text/html"),
        "image": ("https://www.sample.gov.cn/a.png", IMAGE, b"text/html"),
        "sheet": ("https://www.sample.gov.cn/s.css", b"p{background:url(//outside.example/x.png)}", b"text/css"),
        "file": ("https://www.sample.gov.cn/a.html?b=%E4%B8%AD&c=1", b"<script>alert(1)</script>", b"text/plain"),
    }
    made = {
        name: writer.write(exchange(number, ok(body, b"Content-Type: " + kind), url=url))
        for number, (name, (url, body, kind)) in enumerate(sent.items())
    }
    writer.seal()
    return made


@pytest.fixture
def key(database: Database, captures: dict[str, Capture]) -> str:
    """The key of a report that was read from the page."""
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
        save_captures(conn, captures.values(), portal="sample")
        page = replace(captures["page"], role="report")
        found = save_report(conn, report("正文", url=URL, capture=page), extractor_version="1").report_id
        return key_of(conn, found)


def moment(capture: Capture) -> str:
    return capture.fetched_at.strftime("%Y%m%d%H%M%S")


def test_the_page_is_sealed(client: Client, key: str) -> None:
    around = client.get(f"/reports/{key}/v/1/original")
    assert f'<iframe class="frame" sandbox="" title="存档原页" src="/frame/{key}/1">' in around.text
    sealed = client.get(f"/frame/{key}/1")
    assert sealed.status == 200
    assert sealed.headers["content-security-policy"] == ORIGINAL_POLICY
    assert sealed.headers["referrer-policy"] == "no-referrer"
    assert "x-frame-options" not in sealed.headers
    assert "<script" not in sealed.text


def test_what_it_loads_comes_from_the_archive(client: Client, key: str, captures: dict[str, Capture]) -> None:
    at = moment(captures["page"])
    image = client.get(f"/w/{at}/https://www.sample.gov.cn/a.png")
    assert (image.headers["content-type"], image.body) == ("image/png", IMAGE)
    assert image.headers["cross-origin-resource-policy"] == "cross-origin"
    sheet = client.get(f"/w/{at}/https://www.sample.gov.cn/s.css").text
    assert sheet == f"p{{background:url(/w/{at}/https://outside.example/x.png)}}"
    assert client.get(f"/w/{at}/https://outside.example/x.png").status == 404
    file = client.get(f"/w/{at}/https://www.sample.gov.cn/a.html?b=%E4%B8%AD&c=1")
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["content-security-policy"].startswith("sandbox")


def test_memento(client: Client, key: str, captures: dict[str, Capture]) -> None:
    at = moment(captures["page"])
    found = client.get(f"/timegate/{URL}", headers={"Accept-Datetime": "Thu, 01 Jan 2026 00:00:00 GMT"})
    assert (found.status, found.headers["location"]) == (302, f"/web/{at}/{URL}")
    assert found.headers["vary"] == "accept-datetime"
    page = client.get(f"/web/{at}/{URL}")
    assert page.headers["memento-datetime"] == "Fri, 02 Jan 2026 03:04:05 GMT"
    assert f'<{URL}>; rel="original"' in page.headers["link"]
    assert page.headers["content-security-policy"] == ORIGINAL_POLICY
    assert client.get(f"/web/20200101000000/{URL}").headers["location"] == f"/web/{at}/{URL}"
    links = client.get(f"/timemap/link/{URL}")
    assert links.headers["content-type"] == "application/link-format"
    assert f'/web/{at}/{URL}>; rel="memento"; datetime="Fri, 02 Jan 2026 03:04:05 GMT"' in links.text
    assert client.get(f"/timemap/json/{URL}").json()["original_uri"] == URL
    assert client.get("/timegate/https://nowhere.example/").status == 404
    assert client.get(f"/timegate/{URL}", headers={"Accept-Datetime": "gestern"}).status == 400
    assert client.get(f"/en/web/*/{URL}").status == 200


def test_the_proof(client: Client, key: str, captures: dict[str, Capture]) -> None:
    record = captures["page"].record_id
    told = client.get(f"/captures/{record}.json").json()
    assert told["verified"] is True
    assert told["reports"] == [{"report": told["reports"][0]["report"], "key": key, "version": 1}]
    assert client.get(f"/captures/{record}").status == 200
    member = client.get(f"/captures/{record}/record")
    assert member.headers["content-type"] == "application/warc"
    assert len(member.body) == captures["page"].length or member.body.startswith(b"WARC/1.1")
    assert client.get("/captures/urn:uuid:none").status == 404


def test_a_withheld_report_is_nowhere(
    client: Client, key: str, captures: dict[str, Capture], database: Database
) -> None:
    record, at = captures["page"].record_id, moment(captures["page"])
    ways = (
        *(f"/reports/{key}/v/1/original", f"/frame/{key}/1", f"/web/{at}/{URL}"),
        *(f"/captures/{record}", f"/captures/{record}/record", f"/w/{record}", f"/w/{at}/{URL}"),
    )
    whole = (f"/reports/{key}", f"/reports/{key}.txt", f"/reports/{key}/v/1.json", f"/reports/{key}/v/1/removed")
    with database.begin() as conn:
        withhold(conn, 1, "original", "样例理由")
    assert {client.get(way).status for way in ways} == {451}
    assert {client.get(way).status for way in whole} == {200}
    with database.begin() as conn:
        withhold(conn, 1, "text", "样例理由")
    assert {client.get(way).status for way in (*ways, *whole)} == {451}
    assert "样例理由" in client.get(whole[0]).text
    (hit,) = client.get("/search.json?q=正文").json()
    assert hit["snippet"] == ""
    with database.begin() as conn:
        assert lift(conn, 1)
    assert client.get(whole[0]).status == 200


def test_a_public_room_gives_no_unmasked_bytes(room: Room, key: str, captures: dict[str, Capture]) -> None:
    client = Client(create_app(replace(room, is_public=True)))
    record, at = captures["page"].record_id, moment(captures["page"])
    assert client.get(f"/w/{record}").status == 404
    assert client.get(f"/captures/{record}/record").status == 404
    assert client.get(f"/w/{at}/{captures['file'].url}").status == 404
    told = client.get(f"/captures/{record}.json").json()
    assert not {"ip", "host", "directory"} & told.keys()


def test_originals_can_be_switched_off(room: Room, key: str) -> None:
    client = Client(create_app(replace(room, has_originals=False)))
    assert client.get(f"/frame/{key}/1").status == 404
    assert client.get(f"/reports/{key}").status == 200


def test_a_file_that_is_elsewhere_is_told(client: Client, key: str, room: Room, captures: dict[str, Capture]) -> None:
    (room.archive.path / captures["page"].warc_file).unlink()
    assert client.get(f"/frame/{key}/1").status == 404
    assert client.get(f"/captures/{captures['page'].record_id}.json").json()["verified"] is False


@pytest.mark.process
def test_pages_are_read_in_a_child(
    room: Room, captures: dict[str, Capture], key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert "第一段" in Client(create_app(room)).get(f"/frame/{key}/1").text
