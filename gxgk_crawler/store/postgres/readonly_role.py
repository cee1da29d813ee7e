"""A role that can only read: for notebooks, colleagues, and whatever else should not be able to break anything."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from gxgk_crawler.errors import ConfigError

if TYPE_CHECKING:
    from psycopg import Connection as Driver
    from sqlalchemy import Connection

_TIMEOUT = "5min"  # of one statement, so that a forgotten notebook does not hold up migrations


def create_reader(conn: Connection, name: str, password: str) -> None:
    """Make the role, or give it a new password: it reads every table and view of today and tomorrow, and writes none.

    Raises ConfigError when the role exists and can write, and psycopg.Error when the user of `conn` may not make roles.
    """
    driver: Driver[tuple[object, ...]] = conn.connection.driver_connection  # type: ignore[assignment]  # it is psycopg
    role = sql.Identifier(name)
    found = driver.execute(
        "select rolsuper or rolcreaterole or rolcreatedb or pg_has_role(rolname, current_user, 'member') "
        "from pg_roles where rolname = %s",
        [name],
    ).fetchone()
    if found is not None and found[0]:
        raise ConfigError(f"the role {name} exists and may do more than read; choose another name")
    database = sql.Identifier(driver.info.dbname)
    for statement in (
        sql.SQL("create role {role} login") if found is None else None,
        sql.SQL("alter role {role} password {password}"),
        sql.SQL("alter role {role} set default_transaction_read_only = on"),
        sql.SQL("alter role {role} set statement_timeout = {timeout}"),
        sql.SQL("grant connect on database {database} to {role}"),
        sql.SQL("grant usage on schema public to {role}"),
        sql.SQL("grant select on all tables in schema public to {role}"),
        sql.SQL("alter default privileges in schema public grant select on tables to {role}"),
    ):
        if statement is not None:
            driver.execute(
                statement.format(role=role, database=database, password=password, timeout=_TIMEOUT), prepare=False
            )


def reader_url(address: str, name: str, password: str) -> str:
    """The URL of the same database for the reader. address: a URL or any other connection string of libpq."""
    given = {key: str(value) for key, value in conninfo_to_dict(address).items() if value is not None}
    database = given.pop("dbname", "")
    others = {key: value for key, value in given.items() if key not in {"user", "password"}}
    user = f"{quote(name, safe='')}:{quote(password, safe='')}"
    return f"postgresql://{user}@/{quote(database, safe='')}?{urlencode(others)}"
