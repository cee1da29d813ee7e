"""The GXGK_* environment, read once into one frozen object."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gxgk_crawler.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

MIN_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Where things lie and who we are.

    home: data directory; the embedded Postgres (`pg/`) and the archive (`archive/`) live below it.
    database_url: a libpq URL of any Postgres >= 14; None means the embedded server.
    pg_bin: directory of Postgres server binaries to prefer; None means look them up.
    contact: e-mail or URL that the User-Agent names, so that a portal's operator can reach the crawler's.
    min_free_bytes: free space below which no crawl starts (rule R7 of docs/archive-format.md).
    """

    home: Path
    database_url: str | None = None
    pg_bin: Path | None = None
    contact: str | None = None
    min_free_bytes: int = MIN_FREE_BYTES

    @property
    def archive_dir(self) -> Path:
        return self.home / "archive"

    @property
    def postgres_dir(self) -> Path:
        return self.home / "pg"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Config:
        """Read GXGK_HOME, GXGK_DATABASE_URL, GXGK_PG_BIN, GXGK_CONTACT and GXGK_MIN_FREE_MB.

        Empty variables count as unset. Raises ConfigError when a value cannot be used.
        """

        def value(name: str) -> str | None:
            return environ.get(name, "").strip() or None

        url = value("GXGK_DATABASE_URL")
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            raise ConfigError("GXGK_DATABASE_URL must be a Postgres URL, such as postgresql://user@host:5432/name")
        free = value("GXGK_MIN_FREE_MB")
        if free is not None and not free.isdecimal():
            raise ConfigError(f"GXGK_MIN_FREE_MB must be a whole number of megabytes, not {free!r}")
        home = value("GXGK_HOME")
        data = value("XDG_DATA_HOME")
        pg_bin = value("GXGK_PG_BIN")
        return cls(
            home=Path(home).expanduser().absolute() if home else _data_home(data) / "gxgk",
            database_url=url,
            pg_bin=Path(pg_bin).expanduser() if pg_bin else None,
            contact=value("GXGK_CONTACT"),
            min_free_bytes=int(free) * 1_000_000 if free else MIN_FREE_BYTES,
        )


def _data_home(xdg: str | None) -> Path:
    return Path(xdg) if xdg else Path.home() / ".local" / "share"


@cache
def config() -> Config:
    """The configuration of this process, read from its environment at the first call."""
    return Config.from_environ(os.environ)
