"""The queue between the archive and the database: one entry that is refused costs no other."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from gxgk_crawler.crawl.outbox import Outbox
from gxgk_crawler.entries import ReportRead
from gxgk_crawler.store import journal
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.report_queries import list_reports
from tests.store.samples import PORTAL, capture, report

if TYPE_CHECKING:
    from gxgk_crawler.config import Config
    from gxgk_crawler.entries import Entry
    from gxgk_crawler.store.postgres.database import Connection, Database
    from gxgk_crawler.store.prepared import Prepared
    from gxgk_crawler.store.reports import Saved

SITE = "https://www.sample.gov.cn"


def read(path: str) -> ReportRead:
    return ReportRead(at=datetime.now(UTC), report=report("公开", url=f"{SITE}/{path}"), extractor_version="1")


@pytest.fixture(autouse=True)
def _refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server cancels the statement that writes the report `slow`, as it would at a timeout of its operator."""
    apply = journal.apply

    def applied(conn: Connection, entry: Entry, prepared: Prepared | None = None) -> Saved | None:
        if isinstance(entry, ReportRead) and entry.report.url.endswith("/slow"):
            conn.execute(text("set local statement_timeout = 1"))
            conn.execute(text("select pg_sleep(60)"))
        return apply(conn, entry, prepared)

    monkeypatch.setattr(journal, "apply", applied)


def test_what_the_database_refuses_is_named_and_the_rest_is_written(
    database: Database, database_config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
    good, bad = capture(url=f"{SITE}/list"), capture(url=f"{SITE}/odd", payload_length=-1)

    async def run() -> list[object]:
        outbox = Outbox("sample", patience=0)
        await outbox.in_thread(lambda: outbox.open(database_config, datetime.now(UTC)))
        outbox.put(good)
        outbox.put(bad)
        waiting = [asyncio.ensure_future(outbox.wait_for(read(path))) for path in ("one", "slow", "two")]
        await asyncio.sleep(0)
        assert await outbox.drain() == [good], "no revisit may refer to a capture without a row"
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        await outbox.close()
        return list(ended)

    first, refused, second = asyncio.run(run())
    assert isinstance(refused, Exception)
    assert not isinstance(first, Exception)
    assert not isinstance(second, Exception)
    with database.begin() as conn:
        assert {row["url"] for row in list_reports(conn)} == {f"{SITE}/one", f"{SITE}/two"}
    assert f"the database refuses the ReportRead of {SITE}/slow" in caplog.text
    assert f"the database refuses the Capture of {SITE}/odd" in caplog.text
