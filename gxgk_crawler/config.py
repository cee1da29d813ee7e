"""The GXGK_* environment, read once into one frozen object."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from gxgk_crawler.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

LogFormat = Literal["text", "json"]

MIN_FREE_BYTES = 1_000_000_000
MOST_FAILURES_IN_A_ROW = 100
FAILURES_IN_A_ROW = 2  # the second bad crawl in a row is no single outage any more (docs/alarms.md)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Where the data lie, and how this installation presents itself and reports.

    home: data directory; the embedded Postgres (`pg/`) and the archive (`archive/`) live below it.
    database_url: a libpq URL of any Postgres >= 14; None means the embedded server.
    reader_url: a libpq URL of the same database for the reading room, with a role that can only read; None means the one above.
    pg_bin: directory of Postgres server binaries to prefer; None means look them up.
    contact: e-mail address or URL in the User-Agent, by which the operator of a portal can reach the operator of the crawler.
    min_free_bytes: free space below which no crawl starts (rule R7 of docs/archive-format.md).
    alarm_webhook: http or https URL that alarms are posted to, or None. alarm_command: argument list that is run for each alarm, or
    None. alarm_failures_in_a_row: bad crawls in a row that raise an alarm (docs/alarms.md).
    log_format: one line of text per event, or one JSON object.
    """

    home: Path
    database_url: str | None = None
    reader_url: str | None = None
    pg_bin: Path | None = None
    contact: str | None = None
    min_free_bytes: int = MIN_FREE_BYTES
    alarm_webhook: str | None = None
    alarm_command: tuple[str, ...] | None = None
    alarm_failures_in_a_row: int = FAILURES_IN_A_ROW
    log_format: LogFormat = "text"

    @property
    def archive_dir(self) -> Path:
        return self.home / "archive"

    @property
    def logs_dir(self) -> Path:
        return self.home / "logs"

    @property
    def postgres_dir(self) -> Path:
        return self.home / "pg"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Config:
        """Read GXGK_HOME, GXGK_DATABASE_URL, GXGK_READER_URL, GXGK_PG_BIN, GXGK_CONTACT, GXGK_MIN_FREE_MB, GXGK_ALARM_WEBHOOK,
        GXGK_ALARM_COMMAND, GXGK_ALARM_STRIKES and GXGK_LOG_FORMAT.

        Empty variables count as unset. Raises ConfigError when a value cannot be used.
        """

        def value(name: str) -> str | None:
            return environ.get(name, "").strip() or None

        url, reader = value("GXGK_DATABASE_URL"), value("GXGK_READER_URL")
        for name, given in (("GXGK_DATABASE_URL", url), ("GXGK_READER_URL", reader)):
            if given is not None and not given.startswith(("postgresql://", "postgres://")):
                raise ConfigError(f"{name} must be a Postgres URL, such as postgresql://user@host:5432/name")
        free = value("GXGK_MIN_FREE_MB")
        if free is not None and not free.isdecimal():
            raise ConfigError(f"GXGK_MIN_FREE_MB must be a whole number of megabytes, not {free!r}")
        home = value("GXGK_HOME")
        data = value("XDG_DATA_HOME")
        pg_bin = value("GXGK_PG_BIN")
        return cls(
            home=Path(home).expanduser().absolute() if home else _data_home(data) / "gxgk",
            database_url=url,
            reader_url=reader,
            pg_bin=Path(pg_bin).expanduser() if pg_bin else None,
            contact=value("GXGK_CONTACT"),
            min_free_bytes=int(free) * 1_000_000 if free else MIN_FREE_BYTES,
            alarm_webhook=_webhook(value("GXGK_ALARM_WEBHOOK")),
            alarm_command=_command(value("GXGK_ALARM_COMMAND")),
            alarm_failures_in_a_row=_failures_in_a_row(value("GXGK_ALARM_STRIKES")),
            log_format=log_format_of(value("GXGK_LOG_FORMAT")),
        )


def log_format_of(value: str | None) -> LogFormat:
    """The format that a variable or a setting names; text when it names none. Raises ConfigError."""
    if value is None or value == "text":
        return "text"
    if value == "json":
        return "json"
    raise ConfigError(f"GXGK_LOG_FORMAT must be text or json, not {value!r}")


def _webhook(url: str | None) -> str | None:
    """The URL as it is. Its error never repeats it: its path is a secret with most services."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname is not None and (parts.port is None or parts.port)
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or not url.isascii() or not url.isprintable() or " " in url:
        raise ConfigError(
            "GXGK_ALARM_WEBHOOK must be an http or https URL without user name, such as https://example.org/hook"
        )
    return url


def _command(line: str | None) -> tuple[str, ...] | None:
    if line is None:
        return None
    try:
        words = tuple(shlex.split(line))
    except ValueError as error:
        raise ConfigError(f"GXGK_ALARM_COMMAND cannot be split into words: {error}") from error
    if not words or not words[0]:
        raise ConfigError("GXGK_ALARM_COMMAND names no program")
    return words


def _failures_in_a_row(number: str | None) -> int:
    if number is None:
        return FAILURES_IN_A_ROW
    if not number.isascii() or not number.isdecimal() or not 1 <= int(number) <= MOST_FAILURES_IN_A_ROW:
        raise ConfigError(
            f"GXGK_ALARM_STRIKES must be a whole number from 1 to {MOST_FAILURES_IN_A_ROW}, not {number!r}"
        )
    return int(number)


def _data_home(xdg: str | None) -> Path:
    return Path(xdg) if xdg else Path.home() / ".local" / "share"


@cache
def config() -> Config:
    """The configuration of this process, read from its environment at the first call."""
    return Config.from_environ(os.environ)


def creation_mode(most: int) -> int:
    """The mode to create a file (`most` 0o666) or a directory (0o777) of the archive with; the umask takes its part after it.

    For the owner alone, unless the umask leaves other users nothing. Such a umask is the operator's choice and no default
    of a system, so the group then gets what it leaves.
    """
    return most if _umask() & 0o007 == 0o007 else most & 0o700


@cache
def _umask() -> int:
    """The umask of this process as it was at the first call: it cannot be read without being set."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
