"""The database: the embedded server or the one of GXGK_DATABASE_URL, at the revision that this version knows."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from gxgk_crawler.errors import DatabaseError, first_line
from gxgk_crawler.store.outage import is_away
from gxgk_crawler.store.postgres.address import split_password
from gxgk_crawler.store.postgres.advisory import application_name, is_timeout, limit_waiting, table_holder, take_lock
from gxgk_crawler.store.postgres.embedded import OLDEST_MAJOR, EmbeddedServer
from gxgk_crawler.store.queue import jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from sqlalchemy import Engine

    from gxgk_crawler.config import Config

__all__ = [
    "Connection",
    "Database",
    "Revision",
    "migrations_directory",
    "revisions",
]  # other rooms name a connection by this one

# Held while migrating, so that processes that start together migrate once. Any constant will do: "gxgk" in ASCII.
_MIGRATION_LOCK = 0x6778676B
_MIGRATES = "migrates the database"


@dataclass(frozen=True, slots=True)
class Revision:
    """The revision of a database and the newest one that this version of the software knows; None = empty database."""

    current: str | None
    head: str

    @property
    def is_head(self) -> bool:
        return self.current == self.head


class Database:
    """A database and a small pool of connections to it. Usable from several threads; close it, or use it as a context manager."""

    def __init__(
        self, conninfo: str, *, server: EmbeddedServer | None = None, variable: str = "GXGK_DATABASE_URL"
    ) -> None:
        """conninfo: libpq's address of the database, with the password; keep it out of every message. variable: where it is from."""
        self.conninfo = conninfo
        self._server = server
        connect = _utc(_connector(conninfo, variable) if server is None else server.connect)
        # pre_ping: a connection that died with its server is replaced instead of failing the first statement.
        self.engine: Engine = create_engine(
            "postgresql+psycopg://",
            creator=connect,
            pool_size=2,
            max_overflow=6,
            pool_pre_ping=True,
            hide_parameters=True,
        )

    @classmethod
    def connect(cls, config: Config) -> Database:
        """Connect (starting the embedded server if need be) without looking at the schema. Raises DatabaseError."""
        if config.database_url is None:
            server = EmbeddedServer(config)
            server.ensure()
            return cls(server.url, server=server)
        return cls(_conninfo(config.database_url))

    @classmethod
    def open(cls, config: Config) -> Database:
        """Connect and make sure of the schema: the embedded database is migrated, any other one must be up to date.

        Raises DatabaseError with one line: unreachable, not migrated, or newer than this version of the software.
        """
        database = cls.connect(config)
        try:
            database.expect_head()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def open_to_read(cls, config: Config) -> Database:
        """As `open`, through GXGK_READER_URL where that is set; such a database is never migrated."""
        if config.reader_url is None:
            return cls.open(config)
        database = cls(_conninfo(config.reader_url), variable="GXGK_READER_URL")
        try:
            database.expect_head()
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: committed at the end of the block, rolled back when the block raises.

        Raises DatabaseError when the database cannot be reached or goes away (`outage.is_away`). What it refuses for other reasons,
        such as a value that is too long or a query that was cancelled, passes as SQLAlchemy or psycopg raises it.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            if error.connection_invalidated or is_away(error.orig):
                raise DatabaseError(f"database: {_reason(error.orig)}") from error
            raise
        except psycopg.Error as error:  # of a statement that went past SQLAlchemy
            if not is_away(error):
                raise
            raise DatabaseError(f"database: {_reason(error)}") from error

    def revision(self) -> Revision:
        """What the database says its revision is, and what this version of the software would like it to be."""
        with self.begin() as connection:
            number = int(connection.execute(text("show server_version_num")).scalar_one())
            if number < OLDEST_MAJOR * 10_000:
                raise DatabaseError(
                    f"database: PostgreSQL {OLDEST_MAJOR} or newer is needed, this is {number // 10_000}"
                )
            current = None
            if connection.execute(text("select to_regclass('alembic_version')")).scalar_one() is not None:
                current = connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()
        return Revision(current, revisions()[-1])

    def expect_head(self) -> None:
        """Migrate an embedded database that is behind; raise DatabaseError for any other that is not at the head."""
        revision = self.revision()
        if revision.is_head:
            return
        if self._server is None:
            raise DatabaseError(_not_at_head(revision))
        self.upgrade()

    def upgrade(self) -> Revision:
        """Migrate to the newest revision, the queue of jobs too, in one transaction; returns where the database stood before.

        Raises DatabaseError when the database is newer than this version of the software.
        """
        before = self.revision()
        if before.current is not None and before.current not in revisions():
            raise DatabaseError(_not_at_head(before))
        from alembic import command  # noqa: PLC0415 - only a start that migrates pays for it
        from alembic.config import Config as AlembicConfig  # noqa: PLC0415

        settings = AlembicConfig()
        settings.set_main_option("script_location", str(migrations_directory()).replace("%", "%%"))
        settings.set_main_option("path_separator", "os")
        with self.begin() as connection:
            take_lock(connection, _MIGRATION_LOCK, _MIGRATES)
            settings.attributes["connection"] = connection
            limit_waiting(connection)
            try:
                command.upgrade(settings, "head")
                jobs.upgrade(connection)
            except DBAPIError as error:
                if is_timeout(error):
                    with self.begin() as other:
                        raise DatabaseError(
                            f"the database cannot be migrated while {table_holder(other)} reads it"
                        ) from error
                raise
        return before

    def expect_queue(self) -> None:
        """Make sure of the queue of jobs: that of an embedded database is made, any other one must be up to date.

        Raises DatabaseError.
        """
        with self.begin() as connection:
            if self._server is not None:
                take_lock(connection, _MIGRATION_LOCK, _MIGRATES)
                jobs.upgrade(connection)
            jobs.expect_head(connection)

    def close(self) -> None:
        self.engine.dispose()
        if self._server is not None:
            self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def migrations_directory() -> Path:
    """Where the migrations lie: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[2]
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


def revisions() -> list[str]:
    """All revisions, oldest first: by rule the four digits that the file names begin with (a test asks Alembic too)."""
    return sorted(path.name[:4] for path in (migrations_directory() / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def _not_at_head(revision: Revision) -> str:
    if revision.current is None:
        return "the database is empty: run `gxgk db upgrade` once"
    if revision.current in revisions():
        return f"the database is at revision {revision.current}, {revision.head} is needed: run `gxgk db upgrade`"
    return (
        f"the database is at revision {revision.current}, newer than this version of gxgk_crawler knows "
        f"({revision.head}): install a newer version"
    )


def _conninfo(url: str) -> str:
    """The address for libpq of a server that is not ours, with our defaults. Raises DatabaseError for what is no URL."""
    address, password = split_password(url)
    given = conninfo_to_dict(address)
    defaults = {"connect_timeout": "10", "application_name": application_name(), "password": password}
    return make_conninfo(address, **{name: value for name, value in defaults.items() if value and name not in given})


def _connector(conninfo: str, variable: str) -> Callable[[], psycopg.Connection[Any]]:
    """Connects to a server that is not ours. An error names the address, never the password."""

    def connect() -> psycopg.Connection[Any]:
        try:
            return psycopg.connect(conninfo, prepare_threshold=None)
        except psycopg.OperationalError as error:
            raise DatabaseError(f"{variable}: {_reason(error)}") from None

    return connect


def _utc(connect: Callable[[], psycopg.Connection[Any]]) -> Callable[[], psycopg.Connection[Any]]:
    """Times come back in UTC, whatever the server's own zone."""

    def connect_in_utc() -> psycopg.Connection[Any]:
        connection = connect()
        connection.execute("set time zone 'UTC'")
        connection.commit()
        return connection

    return connect_in_utc


def _reason(error: object) -> str:
    """The first line of an error of libpq, without what it repeats for every address it tried."""
    return re.sub(r"^connection (is bad|failed): ", "", first_line(error))
