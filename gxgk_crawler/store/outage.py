"""Which errors say that the database is away, and which that it refuses one statement.

psycopg raises OperationalError for both: for a lost connection, and for a row that is too long or a query that was cancelled.
The SQLSTATE tells them apart (PostgreSQL manual, appendix A).
"""

from __future__ import annotations

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from gxgk_crawler.errors import first_line

# 08: connection exceptions. 57P0x: shutdown, crash, start-up.
_AWAY = ("08", "57P0")
# What concerns every statement alike and may pass: no room on the disk (53100), no free connection (53300), an error of the system
# (58), a deadlock or a conflict with another transaction (40).
_PASSING = ("40", "53100", "53300", "58")


def is_away(error: BaseException | None) -> bool:
    """True when the same statement may succeed later: connection lost, server stopping, starting, full, or in conflict.

    False when the server refuses this statement: a limit, a timeout, a value that it cannot hold.
    """
    if not isinstance(error, psycopg.OperationalError):
        return False
    if error.sqlstate is None:  # from the client library: the connection is gone
        return True
    return error.sqlstate.startswith(_AWAY + _PASSING)


def refusal(error: BaseException) -> str | None:
    """What the database said, in one line; None for an error that is not the database's.

    SQLAlchemy puts the statement and its values behind the message; neither is for the person at the prompt.
    """
    if not isinstance(error, SQLAlchemyError | psycopg.Error):
        return None
    cause = getattr(error, "orig", None) or error
    return f"the database {'is away' if is_away(cause) else 'refuses this'}: {first_line(cause)}"
