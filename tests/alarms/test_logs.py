"""Log lines: one per event, for a person or for a program, whatever a page puts into them."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.logs import Log, formatter, message_of
from tests.replica import Fault

if TYPE_CHECKING:
    from tests.crawl.conftest import Home

JSON = ("-s", "GXGK_LOG_FORMAT=json")
BANG = json.dumps(
    {
        "gxgk_crawler.crawl.archiving.Archive": 100,
        "gxgk_crawler.crawl.ledger.Ledger": 200,
        "gxgk_crawler.crawl.monitor.CrawlMonitor": 300,
        "tests.alarms.bang.Bang": 400,
    }
)
TEXT_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (DEBUG|INFO|WARNING|ERROR|CRITICAL) hlbe [\w.]+: ")


def line(form: Any, message: str, **values: Any) -> str:
    facts = {"name": "a.logger", "levelno": logging.ERROR, "levelname": "ERROR", "msg": message, "args": None}
    record = logging.makeLogRecord(facts | values)
    return formatter(Log(format=form, portal="hlbe")).format(record)


def parsed(text: str) -> list[dict[str, Any]]:
    """Every line as an object; fails on the first that is none."""
    lines = [json.loads(found) for found in text.splitlines()]
    for found in lines:
        assert {"time", "level", "logger", "message", "portal"} <= found.keys()
        assert "\n" not in found["message"]
    return lines


@given(st.text(), st.text())
def test_whatever_is_logged_is_one_line(message: str, inner: str) -> None:
    try:
        raise ValueError(inner)  # noqa: TRY301
    except ValueError:
        told = sys.exc_info()
    for form in ("text", "json"):
        made = line(form, "%s", args=(message,), exc_info=told)
        assert len(made.splitlines()) == 1
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]", made)
        made.encode()
    assert "ValueError" in json.loads(line("json", message, exc_info=told))["traceback"]


@pytest.mark.parametrize(
    ("message", "url"),
    [
        ("failed https://a.gov.cn/x.html: HTTP 404", "https://a.gov.cn/x.html"),
        ("Crawled (200) <GET http://a.gov.cn/?a=1&b=2> (referer: None)", "http://a.gov.cn/?a=1&b=2"),
        ("nothing (see https://a.gov.cn/).", "https://a.gov.cn/"),
        ("nothing here", None),
    ],
)
def test_the_url_is_a_field(message: str, url: str | None) -> None:
    assert json.loads(line("json", message)).get("url") == url


def test_a_message_can_be_had_from_any_line() -> None:
    assert message_of(line("json", "hlbe: ok: 政府")) == "hlbe: ok: 政府"
    assert message_of("hlbe: ok") == "hlbe: ok"
    assert message_of("[1]") == "[1]"


def test_every_line_of_a_good_and_of_a_failing_crawl_parses(home: Home) -> None:
    good = home.crawl("hlbe", *JSON)
    assert good.code == 0
    lines = parsed(good.err)
    assert {found["portal"] for found in lines} == {"hlbe"}
    assert lines[-1]["message"].startswith("hlbe: ok: ")
    assert any("Dumping Scrapy stats" in found["message"] for found in lines)

    home.proxy.inject(Fault(effect="status", status=521))
    home.environ |= {"GXGK_LOG_FORMAT": "json", "GXGK_ALARM_WEBHOOK": "http://127.0.0.1:9/", "GXGK_ALARM_STRIKES": "1"}
    failing = home.crawl("hlbe", "-s", "RETRY_TIMES=0")
    assert failing.code == 1
    lines = parsed(failing.err)
    assert (lines[-1]["level"], lines[-1]["url"]) == ("ERROR", "https://www.hlbe.gov.cn/")
    assert "failed https://www.hlbe.gov.cn/: " in " ".join(found["message"] for found in lines)
    assert lines[-2]["message"].startswith("the webhook did not accept the alarm about hlbe")


def test_an_exception_is_one_line_with_its_traceback(home: Home) -> None:
    broken = home.crawl("hlbe", *JSON, "-s", f"EXTENSIONS={BANG}")
    lines = parsed(broken.err)
    bang = next(found for found in lines if found["logger"] == "bang")
    assert bang["message"] == 'it went wrong\x1b[0m at https://www.hlbe.gov.cn/a?b=1, 政府"'
    assert bang["url"] == "https://www.hlbe.gov.cn/a?b=1"
    assert bang["traceback"].startswith("Traceback (most recent call last):\n")
    assert any(found["logger"] == "py.warnings" and "of many lines" in found["message"] for found in lines)


def test_text_is_one_line_per_event_too(home: Home) -> None:
    home.environ["GXGK_LOG_FORMAT"] = "text"
    ended = home.crawl("hlbe", "-s", f"EXTENSIONS={BANG}", "-s", "LOG_LEVEL=DEBUG")
    *lines, last = ended.err.splitlines()
    assert last.startswith("hlbe: ok: ")
    for found in lines:
        assert TEXT_LINE.match(found), found
    assert "\x1b" not in ended.err
    assert any("Traceback (most recent call last):\\n" in found for found in lines)


@pytest.mark.process
def test_a_process_that_dies_says_so_in_one_line() -> None:
    source = (
        "from gxgk_crawler.logs import Log, install\n"
        "install(Log(format='json', portal='hlbe'))\n"
        "raise RuntimeError('two\\nlines')\n"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (found,) = parsed(done.stderr)
    assert (found["level"], found["message"]) == ("CRITICAL", "the process dies")
    assert "RuntimeError: two" in found["traceback"]


def test_a_log_file_takes_the_lines_and_the_last_one_is_still_said(home: Home) -> None:
    log = home.directory.parent / "crawl.log"
    ended = home.crawl("hlbe", *JSON, "--logfile", str(log))
    assert len(ended.err.splitlines()) == 1
    assert parsed(ended.err)[0]["message"].startswith("hlbe: ok: ")
    assert len(parsed(log.read_text("utf-8"))) > 5


def test_several_crawls_speak_json_too(home: Home) -> None:
    home.proxy.inject(Fault(effect="status", status=521, match="lincang"))
    quick = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_TIMES=0")
    ended = home.gxgk("crawl", "hlbe", "lincang", *quick, *JSON)
    assert ended.code == 1
    lines = {found["portal"]: found for found in parsed(ended.err)}
    assert (lines["hlbe"]["level"], lines["lincang"]["level"]) == ("INFO", "ERROR")
    assert " hlbe: ok: " in lines["hlbe"]["message"]
    for log in (home.directory / "logs").glob("*.log"):
        parsed(log.read_text("utf-8"))
