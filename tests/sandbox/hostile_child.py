"""A child that has been taken over: it answers its first call with what the name of the called function asks for."""

from __future__ import annotations

import os
import pickle
import struct
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

CONFINED = b'{"memory_bytes":1,"cpu_seconds":1,"file_bytes":0,"files":null,"network":null,"processes":null}'


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> Any:
        return Path.touch, (Path(self._path),)


def trick(name: str, argument: str) -> dict[str, str]:
    """Named by the calls that this child answers; never called."""
    raise NotImplementedError


def main() -> None:
    calls: Connection[Any, Any] = Connection(0, writable=False)
    answers: Connection[Any, Any] = Connection(1, readable=False)
    answers.send_bytes(CONFINED)
    _, (name, argument), _ = calls.recv()
    if name == "pickle":
        answers.send_bytes(pickle.dumps(Trap(argument)))
    elif name == "pickled value":
        answers.send_bytes(b"{}")
        answers.send_bytes(pickle.dumps(Trap(argument)))
    elif name == "large":
        answers.send_bytes(b"{}")
        os.write(1, struct.pack("!i", -1) + struct.pack("!Q", 1 << 40) + bytes(1 << 16))
    elif name == "another type":
        answers.send_bytes(b"{}")
        answers.send_bytes(b'{"text": 7}')
    elif name == "deep":
        answers.send_bytes(b"{}")
        answers.send_bytes(b"[" * 300_000)
    elif name == "half":
        os.write(1, struct.pack("!i", 100) + b"{")
        time.sleep(600)
    elif name == "grandchild":
        if not (grandchild := os.fork()):
            time.sleep(600)
        Path(argument).write_text(str(grandchild))
        time.sleep(600)
    sys.exit()


if __name__ == "__main__":
    main()
