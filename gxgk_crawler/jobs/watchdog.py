"""`python -m gxgk_crawler.jobs.watchdog MODULE [ARG]...`: runs a module as `python -m` does, and ends when its parent does.

The parent holds the other end of the standard input and never writes to it. However the parent dies, kill -9 included, the system
closes that end. A thread here waits for the end of input, ends the process as SIGTERM does, and kills it after a while.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

PATIENCE = 180.0  # seconds to end in order: a download may take a minute, and the database may be slow


def _watch() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Take the module's name off the command line, and run the module."""
    threading.Thread(target=_watch, daemon=True, name="watchdog").start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
