"""The address of a database without its password, which neither a command line nor a log may show."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gxgk_crawler.errors import DatabaseError, first_line


def split_password(url: str) -> tuple[str, str | None]:
    """A libpq connection string without the password, and the password. Raises DatabaseError for what is no URL."""
    try:
        parameters = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise DatabaseError(f"GXGK_DATABASE_URL: {first_line(error)}") from None
    password = parameters.pop("password", None)
    given = {name: str(value) for name, value in parameters.items() if value is not None}
    return make_conninfo(**given), None if password is None else str(password)
