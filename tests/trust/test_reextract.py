"""Better rules read the old bytes: a changed text is a new version with its reason, and old versions stay."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING, Any

import psycopg

from gxgk_crawler.extract import EXTRACTOR_VERSION
from tests import commands
from tests.trust.conftest import dump

if TYPE_CHECKING:
    from gxgk_crawler.config import Config
    from tests.crawl.conftest import Home


def age(home: Home, *, texts: bool) -> None:
    """Make the versions as if an older extractor had read them; with `texts` it had left something in half of them."""
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"]) as conn:
        conn.execute("update report_version set extractor_version = '0.0-old'")
        if texts:
            conn.execute(
                "update report_version set text = text || E'\\n打印本页', extracted_text = extracted_text || E'\\n打印本页',"
                " text_sha256 = encode(sha256(convert_to(text || E'\\n打印本页', 'UTF8')), 'hex') where report_id % 2 = 0"
            )


def reextract(home: Home, *more: str) -> dict[str, Any]:
    ended = home.gxgk("reextract", "--json", "-j", "2", *more)
    assert ended.code == 0, ended.err
    told: dict[str, Any] = json.loads(ended.out)
    return told


def test_only_what_changed_becomes_a_version_and_only_once(home: Home, second_database: Config) -> None:
    assert home.crawl("hlbe").code == 0
    assert home.crawl("lincang").code == 0
    url = home.environ["GXGK_DATABASE_URL"]
    fresh = {row["report_id"]: row for row in dump(url)["report_version"]}
    assert reextract(home) == {"read": 0, "changed": 0, "unchanged": 0, "failed": [], "elsewhere": {}, "figures": 0}
    figures_come_back(home)
    age(home, texts=True)
    first = reextract(home)
    assert first["read"] == len(fresh)
    assert 0 < first["changed"] < len(fresh)
    rows = dump(url)["report_version"]
    for report in dump(url)["report"]:
        now = next(r for r in rows if (r["report_id"], r["number"]) == (report["url"], report["current_version"]))
        for name in ("title", "text", "edits", "flags", "dates", "grids"):
            assert now[name] == fresh[report["url"]][name]
    assert {row["reason"] for row in rows if row["number"] == 2} == {"reextract"}
    assert {row["extractor_version"] for row in rows if row["number"] == 2} == {EXTRACTOR_VERSION}
    assert sum(row["text"].endswith("打印本页") for row in rows) == first["changed"], "old versions stay"

    assert reextract(home)["changed"] == 0
    assert dump(home.environ["GXGK_DATABASE_URL"])["report_version"] == rows
    found = home.json("verify")
    kinds = {finding["kind"] for finding in found["findings"]}
    assert (kinds, len(found["findings"])) == ({"text"}, first["changed"]), "the texts that this test made up"


def figures_come_back(home: Home) -> None:
    """An archive of a version that read no figures gets them, without a new version of a text or a byte more in the archive."""
    url = home.environ["GXGK_DATABASE_URL"]
    before, files = dump(url), sorted((home.directory / "archive").iterdir())
    assert {row["status"] for row in before["statutory_check"] if row["against"]} == {"pass"}
    with psycopg.connect(url) as conn:
        for table in ("statutory_cell", "statutory_omission", "statutory_check", "indicator"):
            conn.execute(f"delete from {table}")
        conn.execute("update report_version set statutory_version = null, statutory_tables = '{}'")
    told = reextract(home)
    assert (told["read"], told["figures"]) == (0, len(before["report_version"]))
    assert dump(url) == before
    assert sorted((home.directory / "archive").iterdir()) == files
    assert reextract(home)["figures"] == 0


def test_only_one_portal(home: Home) -> None:
    assert home.crawl("hlbe").code == 0
    assert home.crawl("lincang").code == 0
    age(home, texts=False)
    assert reextract(home, "--portal", "lincang")["read"] == len(home.portals["lincang"].reports)
    assert home.gxgk("reextract", "--portal", "nowhere").line == "gxgk: no portal nowhere in the database"


def test_an_interrupted_run_goes_on_and_both_survive_the_loss_of_the_database(
    home: Home, second_database: Config
) -> None:
    assert home.crawl("hlbe").code == 0
    age(home, texts=False)
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"], autocommit=True) as conn:
        count = "select count(*) from report_version where extractor_version = '0.0-old'"
        [[total]] = conn.execute(count).fetchall()
        run = commands.start(["gxgk", "reextract", "-j", "1"], home.environ)
        while conn.execute(count).fetchall()[0][0] == total:
            time.sleep(0.01)
            assert run.poll() is None
        run.send_signal(signal.SIGKILL)
        run.wait()
        [[left]] = conn.execute(count).fetchall()
    assert 0 < left < total
    told = reextract(home)
    assert told["changed"] == 0
    assert told["read"] <= left
    assert home.gxgk("verify").code == 0
    lost = dump(home.environ["GXGK_DATABASE_URL"])
    home.environ["GXGK_DATABASE_URL"] = second_database.database_url or ""
    assert home.gxgk("reindex").code == 0
    rebuilt = dump(home.environ["GXGK_DATABASE_URL"])
    assert {t: rebuilt[t] for t in lost} == lost


def test_a_capture_that_gives_the_text_of_another_version_is_settled(home: Home) -> None:
    """The portal took a change back, say, and the older rules had seen a difference where today's see none."""
    assert home.crawl("hlbe").code == 0
    home.portals["hlbe"].correct(2020)
    assert home.crawl("hlbe", "-a", "recheck=all").code == 0
    age(home, texts=False)
    with psycopg.connect(home.environ["GXGK_DATABASE_URL"]) as conn:
        conn.execute(
            "update report_version v set text = w.text || case when v.number = 2 then ' ' else '' end,"
            " text_sha256 = case when v.number = 2 then repeat('0', 64) else w.text_sha256 end from report_version w"
            " where v.report_id = w.report_id and w.number = 2"
        )
    first = reextract(home)
    assert (first["read"], first["changed"]) == (len(home.portals["hlbe"].reports) + 1, 1)
    before = dump(home.environ["GXGK_DATABASE_URL"])
    needs = [row for row in before["version_capture"] if row["report_version_id"].endswith("727.html 3")]
    assert len(needs) == 7, "the new version needs what the old one needed"
    assert reextract(home)["read"] == 0
    assert dump(home.environ["GXGK_DATABASE_URL"]) == before
