"""The package installs with the pip that Python 3.11 ships and with today's."""

import ensurepip
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

DEPENDENCIES = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]["dependencies"]


def pip(wheel: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the pip inside a wheel, which needs no environment of its own."""
    command = [sys.executable, str(wheel / "pip"), *arguments, "--disable-pip-version-check"]
    return subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)


@pytest.mark.parametrize("version", ["pip==23.2.1", "pip"], ids=["pip of Python 3.11", "newest pip"])
def test_pip_finds_a_set_of_packages(version: str, tmp_path: Path) -> None:
    """A dry run over this environment asks for what the lock file pins, so nothing but pip itself is downloaded."""
    bundled = next(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"), None)
    if bundled is None:
        pytest.skip("this Python bundles no pip")
    fetched = pip(bundled, "download", version, "--no-deps", "--dest", str(tmp_path), "--retries", "0")
    if fetched.returncode != 0:
        pytest.skip(f"{version} is not to be had here: {fetched.stderr.strip().splitlines()[-1]}")
    (wheel,) = tmp_path.glob("pip-*.whl")
    resolved = pip(wheel, "install", "--dry-run", *DEPENDENCIES)
    assert resolved.returncode == 0, resolved.stderr
    assert "Would install" not in resolved.stdout
