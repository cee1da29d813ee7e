"""A portal that serves every threat at once: each costs its own page, and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from gxgk_crawler import settings
from tests.commands import ROOT
from tests.replica import siege
from tests.replica.siege import HOST, INSIDE, LONG_LIST, LONGEST_LINK, show
from tests.trust.test_hostile import crawl

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawl.conftest import Home

HEARTBEAT = "tests.replica.heartbeat.Heartbeat"
MEMORY = 500  # MiB
LONGEST_HOLD = 1.0  # seconds of processor time


@pytest.mark.crawl
def test_a_portal_that_serves_every_threat_at_once(home: Home, tmp_path: Path) -> None:
    siege.besiege(home.proxy.site(HOST))
    home.environ |= {"PYTHONPATH": str(ROOT), "no_proxy": "www.example.gov.cn", "NO_PROXY": "www.example.gov.cn"}
    beats = tmp_path / "beats"
    more = ("-s", f"EXTENSIONS={json.dumps({**settings.EXTENSIONS, HEARTBEAT: 900})}", "-s", f"HEARTBEAT_FILE={beats}")
    log = crawl(home, *more, "-s", "RETRY_TIMES=0", memory=MEMORY)
    assert "Traceback" not in log, log
    assert float(beats.read_text()) < LONGEST_HOLD

    stored = home.reports("hlbe")
    assert set(home.portals["hlbe"].reports) <= set(stored)
    for number in (9601, 9603, 9607, 9608):
        assert f"https://{HOST}{show(number)}" in stored, number
    status = home.json("status", "hlbe")
    assert (status["outcome"], "links" in status["cause"]) == ("incomplete", True), "one list was cut"
    told = {urlsplit(failure["url"]).path: failure for failure in status["failures"]}
    assert {show(9602), "/report.html", show(9606), "/zwgk/links.html", "/zwgk/chunks.html"} <= set(told)
    assert told["/zwgk/links.html"]["kind"] == "skipped"
    assert any(path.startswith(LONGEST_LINK[:1000]) for path in told), "a link that is too long is counted"
    assert f"https://{HOST}{LONG_LIST}" in home.asked
    assert not [url for url in home.asked if (urlsplit(url).hostname or "") in INSIDE]

    assert home.gxgk("verify").code == 0
    assert home.crawl("lincang").code == 0
    assert set(home.portals["lincang"].reports) <= set(home.reports("lincang"))
