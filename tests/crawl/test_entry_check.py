"""`gxgk portals check` asks each entry page and leaves nothing behind that a crawl would take for a crawl."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.crawl.conftest import Home
from tests.replica import ReplicaProxy
from tests.replica.unknown import PORTALS

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.config import Config

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_TIMES=0")


@pytest.mark.crawl
def test_rows_are_held_against_their_pages(tmp_path: Path, database_config: Config) -> None:
    moved, whole, other = PORTALS["moved"](), PORTALS["state"](), PORTALS["lonsun"]()
    rows = {
        "moved": ("样梯县人民政府", moved.home, ""),
        "whole": ("样兰县人民政府", whole.home, ""),
        "other": ("样杉县人民政府", other.home, "110101"),
        "dead": ("样例县人民政府", "http://www.nowherexian.gov.cn/", ""),
    }
    home_directory = tmp_path / "home"
    home_directory.mkdir()
    lines = [f"{name},{title},{division},{entry},," for name, (title, entry, division) in rows.items()]
    (home_directory / "portals.csv").write_text(
        "\n".join(["name,title,division,entry,hosts_also,note", *lines, ""]), "utf-8"
    )
    with ReplicaProxy([*moved.sites, *whole.sites, *other.sites]) as proxy:
        home = Home(home_directory, database_config.database_url, proxy, {})
        ended = home.gxgk("portals", "check", *rows, "--out", str(tmp_path / "diff"), *FAST, "--json")
        asked = [url for url in home.asked if not url.endswith("/robots.txt")]
    assert ended.code == 0, ended.err
    assert {found["name"]: found["kind"] for found in json.loads(ended.out)} == {
        "moved": "moved",
        "other": "wrong_place",
        "dead": "dead",
    }
    assert len(asked) <= len(rows) + 2
    diff = (tmp_path / "diff").read_text("utf-8")
    assert f"-moved,样梯县人民政府,,{moved.home},,\n" in diff
    assert home.json("status") == []
