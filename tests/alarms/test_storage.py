"""A disk that was full when a crawl began is a row that people see, and that the archive has as soon as it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.trust.conftest import dump, second_database

if TYPE_CHECKING:
    from gxgk_crawler.config import Config
    from tests.crawl.conftest import Home

__all__ = ["second_database"]


def test_a_crawl_that_met_a_full_disk_is_told_and_archived_later(home: Home, second_database: Config) -> None:
    limit = home.environ["GXGK_MIN_FREE_MB"]
    home.environ["GXGK_MIN_FREE_MB"] = "999999999"
    assert home.crawl("hlbe").code == 1
    assert not list((home.directory / "archive").glob("*.warc.gz*"))
    status = home.json("status", "hlbe")
    assert status["outcome"] == "storage"
    assert "free" in status["needs_person"]

    home.environ["GXGK_MIN_FREE_MB"] = limit
    assert home.crawl("hlbe").code == 0
    rows = dump(home.environ["GXGK_DATABASE_URL"])["crawl"]
    assert {row["outcome"] for row in rows} == {"storage", "ok"}
    home.environ["GXGK_DATABASE_URL"] = second_database.database_url or ""
    assert home.gxgk("reindex").code == 0
    assert dump(home.environ["GXGK_DATABASE_URL"])["crawl"] == rows
