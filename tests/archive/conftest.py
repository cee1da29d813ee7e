"""Crawls in processes of their own, and what they left in the archive."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FASTWARC = Path(sys.executable).with_name("fastwarc")


@dataclass(frozen=True)
class Crawled:
    """What crawl_script.py reported. log: stderr of the process."""

    results: list[dict[str, Any]]
    captures: list[dict[str, Any]]
    sealed: list[dict[str, Any]]
    reason: str | None
    log: str
    archive: Path

    @property
    def files(self) -> list[Path]:
        return sorted(self.archive.glob("gxgk-*"))


class Crawl(Protocol):
    def __call__(self, requests: list[dict[str, Any]], **options: Any) -> Crawled: ...


def crawl_environment(home: Path, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**clean, "GXGK_HOME": str(home), "GXGK_MIN_FREE_MB": "1", "PYTHONPATH": str(ROOT), **more}


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    def run(requests: list[dict[str, Any]], **options: Any) -> Crawled:
        environment = options.pop("environment", {})
        interrupt: Callable[[], bool] | None = options.pop("interrupt", None)
        job, out = tmp_path / "job.json", tmp_path / "out.json"
        job.write_text(json.dumps({"requests": requests, **options}))
        out.unlink(missing_ok=True)
        with subprocess.Popen(
            [sys.executable, "-W", "error", str(HERE / "crawl_script.py"), str(job), str(out)],
            env=crawl_environment(tmp_path / "home", **environment),
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            if interrupt is not None:
                while not interrupt():
                    time.sleep(0.01)
                process.send_signal(signal.SIGINT)
            _, log = process.communicate(timeout=120)
        assert out.exists(), log
        return Crawled(**json.loads(out.read_text()), log=log, archive=tmp_path / "home" / "archive")

    return run


@pytest.fixture
def fastwarc_check() -> Callable[[Path], None]:
    """Assert that FastWARC, a reader we did not write, finds no fault in a file."""

    def check(path: Path) -> None:
        done = subprocess.run([FASTWARC, "check", "-q", str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    return check
