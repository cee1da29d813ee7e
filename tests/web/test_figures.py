"""Figures in the room: every value leads to its cell, every cell to its equations and its place; and the data to take away."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from gxgk_crawler.statutory.cell_keys import cell_key
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.figures.series import read_checks, read_series
from gxgk_crawler.store.filters import Filters
from gxgk_crawler.store.reports import save_report
from gxgk_crawler.store.views.report_lists import key_of
from gxgk_crawler.web.app import create_app
from tests.store.figure_samples import form, with_tables
from tests.store.samples import PORTAL
from tests.web.client import Client

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database
    from gxgk_crawler.web.room import Room

TOTAL = "T3/new_received/total"


@pytest.fixture
def key(database: Database) -> str:
    """The key of the report of 2021; that of 2022 has another total than its parts."""
    first = form()
    wrong = form(seed=4, after=first)
    wrong.put("T3", "new_received", "total", 9999)
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
        one = save_report(conn, with_tables(first, year=2021), extractor_version="1").report_id
        save_report(conn, with_tables(wrong, year=2022), extractor_version="1")
        return key_of(conn, one)


def test_a_value_leads_to_its_cell_and_the_cell_to_its_proof(client: Client, key: str) -> None:
    series = client.get("/series?division=150700")
    assert f"/reports/{key}/cells/{TOTAL}" in series.text
    told = client.get(f"/reports/{key}/cells/{TOTAL}.json").json()
    assert told["value"] == form().values["T3", "new_received", "total"]
    assert {check["rule"] for check in told["checks"]} == {"E1", "E3"}
    assert re.fullmatch(rf"/reports/{key}/v/1/original\?cell=t\d+r\d+c\d+", told["original"])
    assert len(told["payload_sha256"]) == 64
    assert client.get(f"/cells/{key}/1/{TOTAL}").status == 200
    assert client.get(f"/en/cells/{key}/1/{TOTAL}").status == 200
    assert client.get(f"/cells/{key}/1/T3/none/total").status == 404
    assert client.get(f"/cells/{key}/x/{TOTAL}").status == 404


def test_the_numbers_are_those_of_the_command_line(client: Client, key: str, database: Database) -> None:
    with database.begin() as conn:
        rows = read_series(conn, cell_key("T3.new_received.total"), Filters())
        failed = read_checks(conn, Filters(), failed=True)
    assert client.get("/series.json").json() == json.loads(json.dumps(rows))
    assert client.get("/checks.json").json() == json.loads(json.dumps(failed, default=str))
    sheet = list(csv.DictReader(io.StringIO(client.get("/series.csv").text)))
    assert [int(row["value"]) for row in sheet] == [row["value"] for row in rows]
    assert len(client.get("/checks.json?status=all").json()) > len(failed) > 0


def test_an_equation_that_fails_is_a_sentence(client: Client, key: str) -> None:
    rows = client.get("/checks.json?rule=E3").json()
    assert {row["at"] for row in rows} == {"new_received"}
    page = client.get(f"/reports/{rows[0]['key']}/tables").text
    assert "9999" in page
    assert "≠" in page
    assert client.get("/checks?rule=E3").text.count("≠") == 1
    assert client.get("/checks?rule=nonsense").status == 200


def test_odd_questions_are_answered(client: Client, key: str) -> None:
    for query in ("cell=x", "cell=T3.a.b.c.d", "division=nowhere", "since=abc", "row=zzz&col=q", "organ=没有"):
        assert client.get(f"/series?{query}").status == 200, query
    assert client.get("/compare?reports=none").status == 404
    assert client.get("/compare").status == 200
    assert client.get(f"/compare?reports={key},{key}").status == 200
    assert client.get(f"/reports/{key}/v/1/tables/T9").status == 404


def test_the_interface_is_described_and_answers(client: Client, key: str) -> None:
    told = client.get("/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    values = {
        "{key}": key, "{number}": "1", "{code}": "150700", "{year}": "2021", "{a}..{b}": "1..1", "{name}": "sample",
        "{table}": "T3", "{row}": "new_received", "{col}": "total",
    }  # fmt: skip
    for path, item in told["paths"].items():
        assert set(item) == {"get"}
        named = {one["name"] for one in item["get"]["parameters"] if one["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path)), path
        address = path
        for name, value in values.items():
            address = address.replace(name, value)
        query = "?q=公开" if path.startswith("/search") else ""
        answer = client.get(address + query)
        if "{" in address or path.startswith(("/crawls", "/reports/{key}/v/{number}/original")):
            continue  # they need an archive: asked for elsewhere
        assert answer.status == 200, address
        media_type = next(iter(item["get"]["responses"]["200"]["content"]))
        assert answer.headers["content-type"].startswith(media_type), address
    assert client.get("/api").status == 200


def package(name: str, room: Room, level: str = "contacts", **more: Any) -> None:
    directory = room.home / "exports" / name
    directory.mkdir(parents=True)
    (directory / "reports.csv").write_text("id\r\n1\r\n")
    told = {
        "title": "样例",
        "resources": [{"path": "reports.csv", "bytes": 7, "hash": "x"}],
        "gxgk": {"redaction": {"level": level, "masked": {"phone": 3}}},
        **more,
    }
    (directory / "datapackage.json").write_text(json.dumps(told))


def test_packages_are_given_away(client: Client, room: Room) -> None:
    assert "gxgk export" in client.get("/data").text
    package("a", room)
    package("raw", room, "none")
    package("evil", room, resources=[{"path": "../../secret"}])
    (room.home / "exports" / "a" / "secret.txt").write_text("secret")
    (room.home / "secret").write_text("secret")
    assert [one["name"] for one in client.get("/data.json").json()] == ["a", "evil", "raw"]
    file = client.get("/download/a/reports.csv")
    assert (file.status, file.text) == (200, "id\r\n1\r\n")
    assert file.headers["content-disposition"].startswith("attachment")
    for path in ("a/secret.txt", "a/..%2f..%2fsecret", "evil/..%2f..%2fsecret", "none/reports.csv", "..%2f/secret"):
        assert client.get(f"/download/{path}").status == 404, path
    public = Client(create_app(replace(room, is_public=True)))
    assert [one["name"] for one in public.get("/data.json").json()] == ["a", "evil"]
    assert public.get("/download/raw/reports.csv").status == 404


def test_openapi_is_what_openapi_asks_for() -> None:
    told = json.loads(files("gxgk_crawler.web").joinpath("openapi.json").read_text())
    assert {"openapi", "info", "paths"} <= told.keys()
    assert {"title", "version"} <= told["info"].keys()
    for item in told["paths"].values():
        for one in item["get"]["parameters"]:
            assert {"name", "in", "schema"} <= one.keys()
            assert one["in"] in {"path", "query"}
            assert one.get("required", False) == (one["in"] == "path")
        assert all("description" in answer for answer in item["get"]["responses"].values())
