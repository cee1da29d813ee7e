"""Opens the room on the database and the archive, and serves it until it is told to stop."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.web.app import create_app
from gxgk_crawler.web.page_reader import OriginalReader
from gxgk_crawler.web.room import Room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gxgk_crawler.config import Config

_MOST_AT_ONCE = 200  # connections; more are told to come back
_MOST_WAITING = 128
_GRACE_SECONDS = 5  # for answers under way when the room closes


@contextmanager
def open_room(
    config: Config, *, hosts: frozenset[str], is_public: bool = False, has_originals: bool = True
) -> Iterator[Room]:
    """A room on the installation that the configuration describes. Raises DatabaseError."""
    reader = OriginalReader()
    try:
        with Database.open_to_read(config) as database:
            yield Room(
                database=database,
                archive=ArchiveDirectory(config.archive_dir),
                home=config.home,
                reader=reader,
                hosts=hosts,
                is_public=is_public,
                has_originals=has_originals,
            )
    finally:
        reader.close()


def run(room: Room, host: str, port: int, *, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. ready: called with the address once the port is taken. Raises ConfigError when it cannot be."""
    settings = uvicorn.Config(
        create_app(room),
        log_level="warning",
        access_log=False,
        server_header=False,
        # A proxy on this machine says for whom it asks; the pace of a public room counts by that.
        proxy_headers=room.is_public,
        forwarded_allow_ips="127.0.0.1",
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    taken = _taken(host, port)
    shown = f"[{host}]" if ":" in host else host
    ready(f"http://{shown}:{taken.getsockname()[1]}/")
    try:
        uvicorn.Server(settings).run(sockets=[taken])
    except KeyboardInterrupt:  # uvicorn raises the signal again once it has closed
        return
    finally:
        taken.close()


def _taken(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(_MOST_WAITING)  # so that the address answers as soon as it is told
    except OSError as error:
        raise ConfigError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    return made
