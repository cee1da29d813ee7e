"""The process that has imported everything and forks for each command: `python -m tests.prepared DESCRIPTOR`.

A request comes through the socket with the descriptors for standard output and standard error. The fork gets the environment
and directory of the command and runs its entry point until it exits.
"""

from __future__ import annotations

import atexit
import gc
import gzip
import importlib
import json
import os
import pkgutil
import platform
import socket
import sys
import threading
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import charset_normalizer
from typer.testing import CliRunner

from gxgk_crawler.cli import output
from tests import spares
from tests.commands import BIN, LENGTH, ROOT, exactly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENTRY_POINTS = {"gxgk": "gxgk_crawler.cli.main:main", "scrapy": "scrapy.cmdline:execute"}
_NOT_PREPARED = {
    "gxgk_crawler.settings",
    "gxgk_crawler.__main__",
    "gxgk_crawler.jobs.watchdog",
    "scrapy.core.downloader.handlers.http",  # deprecated
    "scrapy.core.downloader.handlers.http2",  # needs a package that we do not
    "scrapy.extensions.statsmailer",  # deprecated
}
# Packages whose modules a command imports while it runs.
_PACKAGES = (
    "gxgk_crawler",
    "scrapy.commands",
    "scrapy.core.downloader",
    "scrapy.downloadermiddlewares",
    "scrapy.extensions",
    "scrapy.pipelines",
    "scrapy.spidermiddlewares",
)
_MODULES = (
    "protego",
    "scrapy.cmdline",
    "scrapy.crawler",
    "scrapy.dupefilters",
    "scrapy.logformatter",
    "scrapy.pqueues",
    "scrapy.robotstxt",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "twisted.internet.asyncioreactor",
)
_READERS = {
    "scrapy crawl": 2,
    "gxgk extract": 1,
    "gxgk reextract": 1,
}  # children of the sandbox that a command is likely to start
_PAGE = ROOT / "tests" / "portals" / "hlbe" / "2023" / "page.html.gz"


def _modules(package: str) -> Iterator[str]:
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if module.name not in _NOT_PREPARED and not module.ispkg:
            yield module.name


def _prepare() -> None:
    for name in (*chain.from_iterable(map(_modules, _PACKAGES)), *_MODULES):
        importlib.import_module(name)
    _warm()
    from gxgk_crawler.config import config  # noqa: PLC0415

    assert config.cache_info().currsize == 0, "the environment was read before the command had its own"
    assert "twisted.internet.reactor" not in sys.modules, "a reactor does not survive a fork"
    assert threading.active_count() == 1, "a thread does not survive a fork"
    gc.freeze()


def _warm() -> None:
    """Do once what most commands do: rules, patterns and many modules are loaded when they are first needed."""
    from gxgk_crawler.cli.main import app  # noqa: PLC0415
    from gxgk_crawler.crawl.navigation import look  # noqa: PLC0415
    from gxgk_crawler.extract.any_file import PageFacts  # noqa: PLC0415
    from gxgk_crawler.extract.requisites import page_requisites  # noqa: PLC0415
    from gxgk_crawler.sandbox.report import read_report  # noqa: PLC0415
    from gxgk_crawler.spiders.neimenggu.hlbe import HlbeSpider  # noqa: PLC0415

    page = gzip.decompress(_PAGE.read_bytes())
    url = HlbeSpider.portal.entry
    read_report([page], PageFacts(url=url, portal=HlbeSpider.portal))
    page_requisites(page, url, None)
    look(page, url)
    charset_normalizer.from_bytes("政府信息公开年度报告".encode("gb18030"))  # imports all encodings
    platform.platform()  # asks programs for the name that an archive file gets
    assert CliRunner().invoke(app, ["version"]).exit_code == 0


def _serve(connection: socket.socket) -> Callable[[], Any] | None:
    """Fork for each request. In the fork: the entry point to call. In the process that waits: None, when the tests are over.

    With a third descriptor the command runs on its own, and the next request is served meanwhile: see `_leave`.
    """
    while True:
        length, descriptors, _, _ = socket.recv_fds(connection, LENGTH.size, 3)
        if not length:
            return None
        request = json.loads(exactly(connection, LENGTH.unpack(length)[0]))
        pid = os.fork()
        if pid == 0:
            connection.close()
            out, err, *ended = descriptors
            if ended:
                _leave(out, err, *ended)
            return _become(request, out, err)
        for descriptor in descriptors:
            os.close(descriptor)
        connection.sendall(pid.to_bytes(LENGTH.size))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        connection.sendall(code.to_bytes(LENGTH.size, signed=True))


def _leave(out: int, err: int, ended: int) -> None:
    """Go on in a fork of a fork, in a session of its own. The one between writes to `ended` its number, and later its exit code."""
    if os.fork():
        os._exit(0)
    pid = os.fork()
    if pid == 0:
        os.close(ended)
        os.setsid()
        return
    os.close(out)
    os.close(err)
    os.write(ended, pid.to_bytes(LENGTH.size))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.write(ended, code.to_bytes(LENGTH.size, signed=True))
    os._exit(0)


def _become(request: dict[str, Any], out: int, err: int) -> Callable[[], Any]:
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)
    os.chdir(request["directory"])
    os.environ.clear()
    os.environ.update(request["environ"])
    name = Path(request["words"][0]).name
    sys.argv[:] = [str(BIN / name), *request["words"][1:]]
    sys.path[0] = str(BIN)
    main = sys.modules["__main__"]
    main.__spec__, main.__package__, main.__file__ = None, None, sys.argv[0]  # as in the script that pip installs
    for console in (output.console, output.errors):
        console.__init__(stderr=console.stderr)  # type: ignore[misc]  # reads the width of the terminal
    spares.keep(_READERS.get(" ".join([name, *sys.argv[1:2]]), 0))
    module, _, function = ENTRY_POINTS[name].partition(":")
    entry: Callable[[], Any] = getattr(importlib.import_module(module), function)
    return entry


def _end(entry: Callable[[], Any]) -> NoReturn:
    """Call the entry point and exit with its code, without the clearing of memory that would first have to be copied."""
    code: Any = 1
    try:
        code = entry()
    except SystemExit as error:
        code = error.code
    except BaseException:  # noqa: BLE001 - as the interpreter does
        sys.excepthook(*sys.exc_info())
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    _prepare()
    with socket.socket(fileno=int(sys.argv[1])) as waiting:
        chosen = _serve(waiting)
    if chosen is not None:
        _end(chosen)
