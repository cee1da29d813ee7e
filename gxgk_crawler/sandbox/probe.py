"""What holds a child on this machine, without the half second that a child takes to start.

`python -m gxgk_crawler.sandbox.probe` confines itself as a child does, and says so as one line of JSON.
"""

from __future__ import annotations

import subprocess
import sys

import msgspec

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.sandbox.confinement import Confinement, confine, environment


def probe() -> Confinement:
    """How a child is confined here. Raises ExtractionError when a process cannot be confined at all."""
    command = [sys.executable, "-P", "-m", "gxgk_crawler.sandbox.probe"]
    done = subprocess.run(command, env=environment(), capture_output=True, check=False)  # noqa: S603 (our own module)
    try:
        return msgspec.json.decode(done.stdout, type=Confinement)
    except ValueError as error:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ExtractionError(": ".join(["no reader can be started", *said])) from error


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(confine()))
