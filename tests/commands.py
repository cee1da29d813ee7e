"""Commands in processes of their own that need not import everything anew.

Nine tenths of a short `gxgk` or `scrapy` command are imports. A process that has imported them waits for requests and forks:
the fork gets the environment, directory and output files of the command and runs its entry point until it exits. What reads
the environment while modules are imported cannot be prepared so; such a command is started as a person starts it.
"""

from __future__ import annotations

import atexit
import gc
import gzip
import importlib
import json
import os
import pkgutil
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import charset_normalizer
from typer.testing import CliRunner

from gxgk_crawler.cli import output
from tests import spares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parent.parent
ENTRY_POINTS = {"gxgk": "gxgk_crawler.cli.main:main", "scrapy": "scrapy.cmdline:execute"}

_AT_IMPORT = re.compile(r"PYTHON|LC_|LANG|TZ$|TERM|NO_COLOR$|FORCE_COLOR$|LD_|DYLD_")
_LENGTH = struct.Struct("!Q")
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


def run(
    command: Sequence[str | Path], environ: Mapping[str, str], *, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run `gxgk` or `scrapy` to its end, with its output as text. Raises subprocess.TimeoutExpired.

    command: its first word is the name or the path of one of the two. timeout: seconds.
    """
    words = [str(word) for word in command]
    if sys.platform != "linux" or _read_at_import(environ) != _read_at_import(os.environ):
        words[0] = str(BIN / Path(words[0]).name)
        return subprocess.run(words, env=environ, capture_output=True, text=True, timeout=timeout, check=False)
    return _prepared().run(words, environ, timeout)


def close() -> None:
    """End the process that waits for commands, if one was started."""
    while _running:
        _running.pop().close()


def _read_at_import(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if _AT_IMPORT.match(name)}


_running: list[_Prepared] = []
_lock = threading.Lock()


def _prepared() -> _Prepared:
    with _lock:
        if not _running:
            _running.append(_Prepared())
        return _running[0]


class _Prepared:
    """The process that has imported everything, seen from the tests. One command at a time."""

    def __init__(self) -> None:
        self._socket, there = socket.socketpair()
        with there:
            command = [sys.executable, "-m", "tests.commands", str(there.fileno())]
            self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[there.fileno()])
        self._turn = threading.Lock()

    def close(self) -> None:
        self._socket.close()
        self._process.wait(timeout=60)

    def run(self, words: list[str], environ: Mapping[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
        request = json.dumps({"words": words, "environ": dict(environ), "directory": str(Path.cwd())}).encode()
        with self._turn, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            socket.send_fds(self._socket, [_LENGTH.pack(len(request))], [out.fileno(), err.fileno()])
            self._socket.sendall(request)
            pid = int.from_bytes(_exactly(self._socket, _LENGTH.size))
            code = self._wait(pid, words, timeout)
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(words, code, out.read().decode(), err.read().decode())

    def _wait(self, pid: int, words: list[str], timeout: float) -> int:
        self._socket.settimeout(timeout)
        try:
            answer = _exactly(self._socket, _LENGTH.size)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            self._socket.settimeout(None)
            _exactly(self._socket, _LENGTH.size)
            raise subprocess.TimeoutExpired(words, timeout) from None
        finally:
            self._socket.settimeout(None)
        return int.from_bytes(answer, signed=True)


def _exactly(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            raise EOFError("the process that waits for commands is gone")
        data += piece
    return data


# In the process that waits.


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
    assert CliRunner().invoke(app, ["version"]).exit_code == 0


def _serve(connection: socket.socket) -> Callable[[], Any] | None:
    """Fork for each request. In the fork: the entry point to call. In the process that waits: None, when the tests are over."""
    while True:
        try:
            length, (out, err), _, _ = socket.recv_fds(connection, _LENGTH.size, 2)
        except ValueError:  # the end: no descriptors came
            return None
        request = json.loads(_exactly(connection, _LENGTH.unpack(length)[0]))
        pid = os.fork()
        if pid == 0:
            connection.close()
            return _become(request, out, err)
        os.close(out)
        os.close(err)
        connection.sendall(pid.to_bytes(_LENGTH.size))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        connection.sendall(code.to_bytes(_LENGTH.size, signed=True))


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
