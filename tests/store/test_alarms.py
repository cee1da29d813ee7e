"""An alarm as receivers and people get it."""

from __future__ import annotations

from datetime import UTC, datetime

from gxgk_crawler.store.alarms import Alarm

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_line_for_a_person_says_what_and_where() -> None:
    alarm = Alarm(
        id=7,
        portal="hlbe",
        title="呼伦贝尔市人民政府",
        turned="bad",
        raised_at=NOON,
        started_at=NOON,
        outcome="challenged",
        cause="HTTP\n\x1b521",
        evidence_url="https://www.hlbe.gov.cn/",
        host="here",
        last_success=None,
    )
    assert alarm.text == (
        "hlbe 呼伦贝尔市人民政府 needs a person: challenged: HTTP  521 (https://www.hlbe.gov.cn/); last success: never"
    )
    assert alarm.payload["crawl_started_at"] == "2026-03-01T12:00:00+00:00"
