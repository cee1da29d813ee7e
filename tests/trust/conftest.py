"""Crawls of replica portals, and whole databases to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.conftest import _database
from tests.crawl.conftest import Home, home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gxgk_crawler.config import Config
    from gxgk_crawler.store.postgres.embedded import EmbeddedServer

__all__ = ["Home", "home"]

# What stands in for row ids, which may differ.
_KEYS = {
    "portal_id": "(select name from portal p where p.id = t.portal_id)",
    "warc_file_id": "(select name from warc_file f where f.id = t.warc_file_id)",
    "crawl_id": "(select started_at from crawl c where c.id = t.crawl_id)",
    "capture_id": "(select record_id from capture c where c.id = t.capture_id)",
    "report_id": "(select url from report r where r.id = t.report_id)",
    "report_version_id": "(select r.url || ' ' || v.number from report_version v join report r on r.id = v.report_id"
    " where v.id = t.report_version_id)",
    "other_version_id": "(select r.url || ' ' || v.number from report_version v join report r on r.id = v.report_id"
    " where v.id = t.other_version_id)",
    "stood_by": "(select url from report r where r.id = t.stood_by)",
    "against": "(select r.url || ' ' || v.number from report_version v join report r on r.id = v.report_id"
    " where v.id = t.against)",
}


# What the operator has set and was told: no part of the archive, kept by a dump of the database.
_OPERATION = {"alarm", "schedule"}


def dump(url: str) -> dict[str, list[Any]]:
    """Every row of every table that the archive gives, row ids replaced by what they stand for."""
    with psycopg.connect(url) as conn:
        tables = [
            name
            for (name,) in conn.execute(
                "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
            )
        ]
        rows: dict[str, list[Any]] = {}
        for table in sorted(set(tables) - _OPERATION):
            columns = [
                name
                for (name,) in conn.execute(
                    "select column_name from information_schema.columns where table_name = %s order by column_name",
                    [table],
                )
                if name != "id"
            ]
            wanted = ", ".join(_KEYS.get(name, f't."{name}"') for name in columns)
            rows[table] = sorted(
                [dict(zip(columns, row, strict=True)) for row in conn.execute(f'select {wanted} from "{table}" t')],
                key=str,
            )
        return rows


@pytest.fixture
def second_database(server: EmbeddedServer, tmp_path: Path) -> Iterator[Config]:
    """One more database with the schema and no rows but the divisions."""
    yield from _database(server, tmp_path / "second", "create database {} template migrated")
