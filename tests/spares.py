"""Children of the sandbox that need not import everything anew.

A crawl reads pages in children (gxgk_crawler/sandbox/child.py), and most of the short life of such a child are imports. A
command that was forked from a prepared process forks some children ahead, while it has one thread, and takes one of them
where it would start a program. They confine themselves as the others do. tests/sandbox, and all commands that tests start
themselves, start children as people's crawls do.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import traceback
from typing import TYPE_CHECKING, Any, NoReturn

from gxgk_crawler.sandbox import child, serve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST_FILES = 256  # descriptors that a command may have open before it runs


def keep(number: int) -> None:
    """Fork so many children, and let `child` take them before it starts programs."""
    spares = [_Spare() for _ in range(number)]
    vars(child)["subprocess"] = _Subprocess(spares)


class _Subprocess:
    """What `child` uses of the module subprocess."""

    PIPE = subprocess.PIPE

    def __init__(self, spares: list[_Spare]) -> None:
        self._spares = spares

    def Popen(self, command: Sequence[str], *, env: Mapping[str, str], **options: Any) -> Any:  # noqa: N802
        if not self._spares:
            return subprocess.Popen(command, env=env, **options)
        return self._spares.pop().begin(command, env)


class _Spare:
    """A forked child that waits, seen from the command. It ends when the command ends and never needed it.

    Once begun it is what subprocess.Popen would be, as far as `child` uses that.
    """

    def __init__(self) -> None:
        self.returncode: int | None = None
        begin, self._begin = os.pipe()
        calls, stdin = os.pipe()
        stdout, answers = os.pipe()
        stderr, errors = os.pipe()
        theirs = (begin, calls, answers, errors)
        self.pid = os.fork()
        if self.pid == 0:
            _wait(theirs)
        for descriptor in theirs:
            os.close(descriptor)
        self.stdin, self.stdout, self.stderr = os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb"), os.fdopen(stderr, "rb")

    def begin(self, command: Sequence[str], environ: Mapping[str, str]) -> _Spare:
        with os.fdopen(self._begin, "w") as begin:
            json.dump(
                {"argv": [serve.__file__, *command[command.index(serve.__name__) + 1 :]], "env": {**environ}}, begin
            )
        return self

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode


def _wait(theirs: tuple[int, int, int, int]) -> NoReturn:
    """In the child: wait for the word to begin, and serve."""
    os.setsid()  # Ctrl-C is the command's to answer
    for descriptor in set(range(3, _MOST_FILES)) - set(theirs):
        with contextlib.suppress(OSError):
            os.close(descriptor)
    begin, *streams = theirs
    with os.fdopen(begin) as file:
        said = file.read()
    if not said:
        os._exit(0)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    request = json.loads(said)
    sys.argv[:] = request["argv"]
    os.environ.clear()
    os.environ.update(request["env"])
    code = 1
    try:
        serve.main()
        code = 0
    except BaseException:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
    os._exit(code)
