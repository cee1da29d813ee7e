"""Crawls in processes of their own, and what they left in the archive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

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
        job, out = tmp_path / "job.json", tmp_path / "out.json"
        job.write_text(json.dumps({"requests": requests, **options}))
        out.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-W", "error", str(HERE / "crawl_script.py"), str(job), str(out)],
            env=crawl_environment(tmp_path / "home", **environment),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert out.exists(), done.stderr
        return Crawled(**json.loads(out.read_text()), log=done.stderr, archive=tmp_path / "home" / "archive")

    return run


@pytest.fixture
def fastwarc_check() -> Any:
    """Assert that FastWARC, a reader we did not write, finds no fault in a file."""

    def check(path: Path) -> None:
        done = subprocess.run([FASTWARC, "check", "-q", str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    return check
