"""The address of a database without its password, which neither a command line nor a log may show."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gxgk_crawler.errors import DatabaseError, first_line

_VARIABLE = "GXGK_DATABASE_URL"


def split_password(url: str) -> tuple[str, str | None]:
    """A libpq connection string without the password, and the password.

    Raises DatabaseError for what is no URL. A password with a bare @ or / ends too early for libpq, and its rest becomes a host or
    the name of a database: such a URL is refused, and no error repeats any part of it.
    """
    try:
        parameters = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        kind = first_line(error).partition('"')[0].rstrip(" :")  # what stands in quotes may be the password
        raise DatabaseError(f"{_VARIABLE} is no Postgres URL: {kind}") from None
    except UnicodeDecodeError:  # libpq takes any bytes after %, psycopg wants UTF-8
        raise DatabaseError(f"{_VARIABLE}: a character written with % is not UTF-8") from None
    password = parameters.pop("password", None)
    given = {name: str(value) for name, value in parameters.items() if value is not None}
    if "@" in given.get("host", "").lstrip("@") or "@" in given.get("dbname", ""):
        raise DatabaseError(f"{_VARIABLE}: write @ as %40 and / as %2F in the user name and the password")
    if not given.get("port", "0").replace(",", "0").isdecimal():
        raise DatabaseError(f"{_VARIABLE}: the port is no number; write @ as %40 and / as %2F in the password")
    return make_conninfo(**given), None if password is None else str(password)
