"""Is memory flat while an archive is written, verified and exported? Peak resident memory of each, small archive against large.

    python benchmarks/archive.py [MEGABYTES]     (default 2000)

Every step runs in a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.exchange import Exchange
from gxgk_crawler.archive.verify import Verifier
from gxgk_crawler.archive.wacz import write_wacz
from gxgk_crawler.archive.writer import WarcWriter
from tests.archive.samples import captures

SMALL = 50  # MB, what the large one is held against
ALLOWED = 1.25  # times the peak of the small one
BODY = 60_000  # bytes of one page that hardly compresses


def write(directory: Path, megabytes: int) -> int:
    writer = WarcWriter(ArchiveDirectory(directory), info={"software": "benchmark", "gxgk-portal": "benchmark"})
    count = megabytes * 1_000_000 // BODY
    for number in range(count):
        body = random.Random(number).randbytes(BODY)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
        writer.write(
            Exchange(
                url=f"https://benchmark.test/{number}.html",
                request=bytearray(b"GET / HTTP/1.1\r\n\r\n"),
                response=bytearray(head + body),
                ended=True,
            )
        )
    writer.seal()
    return count


def verify(directory: Path) -> int:
    result = Verifier(ArchiveDirectory(directory), lambda name: captures(directory / name)).run()
    assert not result.findings
    return result.captures


def export(directory: Path) -> int:
    path = directory / "out.wacz"
    archive = ArchiveDirectory(directory)
    done = write_wacz(path, archive, archive.names(), [], title="benchmark", created=datetime.now(UTC))
    path.unlink()
    return done.captures


def peak() -> int:
    """Peak resident memory of this process in kB; getrusage would count what the parent had when it forked."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def step(name: str, directory: Path, megabytes: int) -> int:
    """Run one step in a process of its own and print what it took; its peak in kB."""
    command = [sys.executable, __file__, name, str(directory), str(megabytes)]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    count, kilobytes, seconds = subprocess.run(
        command, env=environ, check=True, capture_output=True, text=True
    ).stdout.split()
    print(
        f"{name:8}{megabytes:6} MB{int(count):8} captures{float(seconds):8.1f} s{int(kilobytes) / 1024:8.1f} MiB at most"
    )
    return int(kilobytes)


def main(megabytes: int) -> int:
    peaks: dict[str, list[int]] = {"write": [], "verify": [], "export": []}
    for size in (SMALL, megabytes):
        with TemporaryDirectory(dir=os.environ.get("GXGK_BENCHMARK_DIR")) as scratch:
            for name, found in peaks.items():
                found.append(step(name, Path(scratch), size))
    grown = {name: large / small for name, (small, large) in peaks.items()}
    print("growth  " + ", ".join(f"{name} x{factor:.2f}" for name, factor in grown.items()))
    return 0 if max(grown.values()) <= ALLOWED else 1


if __name__ == "__main__":
    if len(sys.argv) == 4:
        begun = time.perf_counter()
        place = Path(sys.argv[2])
        steps = {
            "write": lambda: write(place, int(sys.argv[3])),
            "verify": lambda: verify(place),
            "export": lambda: export(place),
        }
        print(steps[sys.argv[1]](), peak(), time.perf_counter() - begun)
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
