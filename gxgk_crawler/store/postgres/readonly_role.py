"""A role that can only read: for notebooks, colleagues and other programs.

Postgres gives every role more than reading: advisory locks, large objects, temporary tables, notifications. `create_reader` takes that
away from PUBLIC, as far as the server allows it, and reports the rest. A role can always change its own settings, such as the timeout
of its statements; `end_long_readers` ends the sessions that do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text

from gxgk_crawler.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    Driver = psycopg.Connection[tuple[Any, ...]]

_MINUTES = 5  # of one statement, so that a forgotten notebook does not hold up migrations
_CONNECTIONS = 8
# What needs no quotes; pg_ is reserved (PostgreSQL manual, create role).
_NAME = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")
_MARK = "reader of gxgk"  # the comment of the role
# Functions of the server that lock, write or notify; every role may call them unless that is revoked.
_FUNCTIONS = """
    select oid::regprocedure::text from pg_proc
    where pronamespace = 'pg_catalog'::regnamespace and (
        proname ~ '^pg_(try_)?advisory_' or proname ~ '^(lo_|lowrite$|loread$)'
        or proname in ('pg_notify', 'pg_logical_emit_message')
    )
    order by 1
"""
# Roles that work with this database: they keep what PUBLIC loses.
_WORKING = """
    select distinct pg_get_userbyid(relowner) from pg_class where relnamespace = 'public'::regnamespace
    union select current_user
"""
_MAY_MORE = """
    select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
           or exists (select from pg_auth_members where member = r.oid)
           or exists (
               select from pg_class c
               where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
                 and (c.relowner = r.oid or has_table_privilege(r.oid, c.oid, 'insert, update, delete, truncate'))
           )
    from pg_roles r where rolname = %s
"""


def create_reader(conn: Connection, name: str, password: str) -> list[str]:
    """Create the role, or give it a new password: it reads every table and view, also those of later versions, and writes none.

    Returns what the server did not let this role revoke, in words; empty when the reader can do nothing but read. Raises ConfigError
    for a name that needs quotes, and when the role exists and may do more than read; psycopg.Error when the user of `conn` may not
    create roles.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{name!r} cannot be the name of a role: small letters, digits and _, not pg_")
    driver = conn.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    found = driver.execute(_MAY_MORE, [name]).fetchone()
    if found is not None and found[0]:
        raise ConfigError(f"the role {name} exists and may do more than read; choose another name")
    role, database = sql.Identifier(name), sql.Identifier(driver.info.dbname)
    values = {
        "role": role,
        "database": database,
        "password": sql.Literal(password),
        "timeout": sql.Literal(f"{_MINUTES}min"),
        "connections": sql.Literal(_CONNECTIONS),
        "mark": sql.Literal(_MARK),
    }
    for statement in (
        "create role {role} login" if found is None else "alter role {role} login",
        "alter role {role} password {password} connection limit {connections}",
        "alter role {role} set default_transaction_read_only = on",
        "alter role {role} set statement_timeout = {timeout}",
        "alter role {role} set idle_in_transaction_session_timeout = {timeout}",
        "comment on role {role} is {mark}",
        "grant connect on database {database} to {role}",
        "grant usage on schema public to {role}",
        "grant select on all tables in schema public to {role}",
        "alter default privileges in schema public grant select on tables to {role}",
    ):
        driver.execute(sql.SQL(statement).format(**values), prepare=False)
    functions = [str(row[0]) for row in driver.execute(_FUNCTIONS)]
    _revoke(driver, database, functions)
    return list(_left(driver, name, functions))


def _revoke(driver: Driver, database: sql.Identifier, functions: list[str]) -> None:
    """Revoke from PUBLIC, after a grant to the roles that own the tables. What this role may not revoke stays."""
    working = sql.SQL(", ").join(sql.Identifier(str(row[0])) for row in driver.execute(_WORKING))
    what = [
        (sql.SQL("temporary on database {}").format(database)),
        sql.SQL("create on schema public"),
        *(sql.SQL("execute on function {}").format(sql.SQL(function)) for function in functions),
    ]
    for privilege in what:
        try:
            with driver.transaction():
                driver.execute(sql.SQL("grant {} to {}").format(privilege, working))
                driver.execute(sql.SQL("revoke {} from public").format(privilege))
        except psycopg.errors.InsufficientPrivilege:
            continue


def _left(driver: Driver, name: str, functions: list[str]) -> Iterator[str]:
    """What the role may still do besides reading."""
    checks = (
        ("create temporary tables", "select has_database_privilege(%s, current_database(), 'temporary')", [name]),
        ("create tables", "select has_schema_privilege(%s, 'public', 'create')", [name]),
    )
    for words, query, values in checks:
        if _is_true(driver, query, values):
            yield words
    for words, pattern in (
        ("hold advisory locks", "advisory"),
        ("write large objects", "lo"),
        ("call pg_notify", "pg_notify"),
        ("write to the log of transactions", "pg_logical_emit_message"),
    ):
        called = [one for one in functions if one.startswith(pattern) or f"_{pattern}_" in one]
        query = "select bool_or(has_function_privilege(%s, one, 'execute')) from unnest(%s::text[]) as one"
        if _is_true(driver, query, [name, called]):
            yield words


def _is_true(driver: Driver, query: str, values: list[Any]) -> bool:
    row = driver.execute(query.encode(), values).fetchone()
    return row is not None and bool(row[0])


def end_long_readers(conn: Connection) -> int:
    """End the sessions of readers whose transaction lasts longer than a statement of theirs may; how many.

    Does nothing when the role of `conn` may not end them: that takes a superuser or a member of pg_signal_backend.
    """
    return int(conn.execute(_END, {"mark": _MARK, "minutes": _MINUTES}).scalar_one())


_END = text(
    """
    select count(*) filter (where pg_terminate_backend(a.pid))
    from pg_stat_activity a
    join pg_roles r on r.rolname = a.usename
    where shobj_description(r.oid, 'pg_authid') = :mark and a.datname = current_database()
      and a.xact_start < now() - make_interval(mins => :minutes) - interval '5 seconds'
      and (
          (select rolsuper from pg_roles where rolname = current_user)
          or pg_has_role(current_user, 'pg_signal_backend', 'usage')
      )
    """
)


def reader_url(address: str, name: str, password: str) -> str:
    """The URL of the same database for the reader. address: a URL or any other connection string of libpq."""
    given = {key: str(value) for key, value in conninfo_to_dict(address).items() if value is not None}
    database = given.pop("dbname", "")
    others = {key: value for key, value in given.items() if key not in {"user", "password"}}
    user = f"{quote(name, safe='')}:{quote(password, safe='')}"
    return f"postgresql://{user}@/{quote(database, safe='')}?{urlencode(others)}"
