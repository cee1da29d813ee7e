"""A database of the version before, which stored some reports once for each spelling of their URL, is upgraded to one row each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from gxgk_crawler.archive.directory import host_name
from gxgk_crawler.spiders.described import unite_twins
from gxgk_crawler.store.identity.report_keys import find_report
from gxgk_crawler.store.integrity import contradictions
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.report_queries import get_report, list_reports, list_versions
from tests.operate.test_upgrade import fill, migrate, rows_of, tables

if TYPE_CHECKING:
    from gxgk_crawler.config import Config

TWINS = Path(__file__).parent / "twins.sql"
KEPT_BEFORE = "0006"


def written(url: str) -> dict[str, list[dict[str, Any]]]:
    with psycopg.connect(url) as connection:
        connection.execute(TWINS.read_bytes())
    return tables(url)


def test_an_upgrade_makes_one_row_of_twins_and_loses_nothing(empty_database: Config) -> None:
    url = str(empty_database.database_url)
    with Database.connect(empty_database) as database:
        migrate(database, "0001")
        fill(url, rows_of("0001").replace("@archive@", "/nowhere").replace("@host@", host_name()))
        migrate(database, KEPT_BEFORE)
        originals = {row["id"]: row for row in tables(url)["report"]}
        before = written(url)
        assert len(before["report"]) == len(originals) + 6
        database.upgrade()
        after = tables(url)
        with database.begin() as conn:
            rows = {row["id"]: row for row in list_reports(conn)}
            assert rows.keys() == originals.keys()
            assert {row["url"] for row in rows.values()} == {row["url"] for row in originals.values()}
            for row in before["report"]:
                assert originals[find_report(conn, row["key"])]["url"].rsplit("/", 1)[1] in row["url"]
            corrected = [number for number in rows if get_report(conn, number)["text"].endswith("更正")]
            assert len(corrected) == 2
            for number in corrected:
                texts = [
                    get_report(conn, number, version["version"])["text"] for version in list_versions(conn, number)
                ]
                assert texts[-1] == f"{texts[0]}\n更正"
            mobile = "https://www.hlbe.gov.cn/wap/list.html"
            assert [mobile in get_report(conn, number)["places"] for number in sorted(rows)[:5]] == [True] * 4 + [False]
            assert list(contradictions(conn)) == []
            assert unite_twins(conn) == 0
        assert after["capture"] == before["capture"]
        texts_before = {row["text_sha256"] for row in before["report_version"]}
        assert {row["text_sha256"] for row in after["report_version"]} == texts_before
        assert len(after["report_version"]) == len(before["report_version"]) - 4, "the mobile copies said nothing new"
        assert len(after["report_alias"]) == 6
        database.upgrade()
        assert tables(url) == after
