from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.store.crawls import register_portal
from tests.store.samples import PORTAL, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from gxgk_crawler.store.postgres.database import Database


@pytest.fixture
def portal(database: Database) -> str:
    """The name of a registered portal."""
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
    return "sample"


@pytest.fixture
def crawl_id(database: Database, portal: str) -> int:
    with database.begin() as conn:
        return start(conn, portal)


@pytest.fixture
def conn(database: Database, portal: str) -> Iterator[Connection]:
    """A transaction in a database with a registered portal."""
    with database.begin() as connection:
        yield connection
