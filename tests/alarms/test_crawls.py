"""The whole way: a portal that starts to answer 521, and then recovers, is two alarms in all."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

from tests.alarms.hook import hook
from tests.crawl.test_tampering import OWN, PATH
from tests.replica import Fault, Page, hlbe

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawl.conftest import Home

QUICK = ("-s", "RETRY_TIMES=0")


def test_two_alarms_in_all(home: Home, tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = tmp_path / "told.py"
    script.write_text(
        "import os\n"
        f"with open({str(told)!r}, 'a') as out:\n"
        "    print(os.environ['GXGK_ALARM_PORTAL'], os.environ['GXGK_ALARM_TURNED'], file=out)\n"
    )
    with hook() as there:
        home.environ |= {"GXGK_ALARM_WEBHOOK": there.url, "GXGK_ALARM_COMMAND": f"{sys.executable} {script}"}
        assert home.crawl("hlbe").code == 0
        home.proxy.inject(
            Fault(effect="status", status=521, body=b"<script>document.cookie='__jsl_clearance=1'</script>")
        )
        for alarms in (0, 1, 1):
            ended = home.crawl("hlbe", *QUICK)
            assert ended.code == 1
            assert ended.line.startswith("hlbe: challenged: "), "the last line says how the crawl ended, as ever"
            assert len(there.got) == alarms
        assert home.json("status", "hlbe")["alarm"]["turned"] == "bad"
        home.proxy.heal()
        for _ in range(2):
            assert home.crawl("hlbe").code == 0
    assert there.turned == [("hlbe", "bad"), ("hlbe", "good")]
    assert told.read_text().splitlines() == ["hlbe bad", "hlbe good"]
    assert there.got[0]["evidence_url"] == "https://www.hlbe.gov.cn/"
    assert there.got[0]["last_success"] is not None


def test_a_receiver_that_is_away_fails_no_crawl(home: Home) -> None:
    home.environ |= {"GXGK_ALARM_WEBHOOK": "http://127.0.0.1:9/", "GXGK_ALARM_STRIKES": "1"}
    home.proxy.inject(Fault(effect="status", status=521, times=1, match="hlbe.gov.cn/$"))
    assert home.crawl("hlbe", *QUICK).code == 1
    ended = home.crawl("hlbe")
    assert ended.code == 0
    assert "the webhook did not accept the alarm about hlbe" in ended.err
    alarm = home.json("status", "hlbe")["alarm"]
    assert (alarm["turned"], alarm["delivered_at"]) == ("good", None)
    assert alarm["error"].startswith("webhook: ")


def test_a_portal_stays_hacked_until_its_report_is_clean(home: Home) -> None:
    """Known reports are looked at again once a month; a tampered one in every crawl, or the next would call all well."""
    site = home.proxy.site("www.hlbe.gov.cn")
    clean = str(OWN["text"])
    for planted, original in cast("list[tuple[str, str]]", OWN["spam"]):
        clean = clean.replace(planted, original, 1)
    with hook() as there:
        home.environ["GXGK_ALARM_WEBHOOK"] = there.url
        site.set(PATH, Page(body=hlbe.article(clean)))
        assert home.crawl("hlbe").code == 0
        site.set(PATH, Page(body=hlbe.article(str(OWN["text"]))))
        assert home.crawl("hlbe", "-a", "recheck=all").line.startswith("hlbe: hacked: ")
        assert there.turned == [("hlbe", "bad")], "at once"
        for recheck in ("due", "none"):
            assert home.crawl("hlbe", "-a", f"recheck={recheck}").line.startswith("hlbe: hacked: ")
        site.set(PATH, Page(body=hlbe.article(clean)))
        for _ in range(2):
            assert home.crawl("hlbe").code == 0, "the clean version is older than the tampered one"
    assert there.turned == [("hlbe", "bad"), ("hlbe", "good")]
