"""Transactions of the reading room: they cannot write, and no statement of them takes longer than it may."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gxgk_crawler.errors import TooSlowError
from gxgk_crawler.store.postgres.advisory import is_cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.store.postgres.database import Connection, Database

STATEMENT_SECONDS = 3


@contextmanager
def reading(database: Database, seconds: float = STATEMENT_SECONDS) -> Iterator[Connection]:
    """One transaction that only reads. Raises TooSlowError when a statement is cancelled, and DatabaseError as `Database.begin`."""
    try:
        with database.begin() as conn:
            conn.execute(_LIMITS, {"milliseconds": str(int(seconds * 1000))})
            yield conn
    except DBAPIError as error:
        if is_cancelled(error):
            raise TooSlowError(f"a query took longer than {seconds:g} seconds") from error
        raise


_LIMITS = text(
    """
    select set_config('transaction_read_only', 'on', true), set_config('statement_timeout', :milliseconds, true)
    """
)
