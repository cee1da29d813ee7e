"""Nothing is installed, run or built on that is not named by its hash."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
INSTALLING = [ROOT / "Makefile", ROOT / "Dockerfile", ROOT / "docs" / "operate.md", *WORKFLOWS, ROOT / ".ci" / "run"]


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in yaml.safe_load(path.read_text())["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_package_is_locked_by_version_and_hashes(lock: Path) -> None:
    text = lock.read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 5
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(\[[a-z,-]+\])?==\S+( ; [^\n]+)? \\\n", entry), entry
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)
        assert len(hashes) == entry.count("--hash=") >= 1
    assert "://" not in text, "the host of a registry is the business of the machine that installs"


def test_one_package_has_one_version_and_the_same_hashes_in_all_locks() -> None:
    seen: dict[str, str] = {}
    for lock in LOCKS:
        for entry in re.split(r"\n(?=\S)", lock.read_text().strip()):
            name = re.split(r"[=\[]", entry)[0] + (re.search(r" ; [^\\]*", entry) or [""])[0]
            assert seen.setdefault(name, entry) == entry, name


@pytest.mark.parametrize("path", INSTALLING, ids=lambda path: path.name)
def test_what_is_installed_from_a_lock_must_match_its_hash(path: Path) -> None:
    for line in path.read_text().splitlines():
        if "pip install -" not in line:
            continue
        from_lock = ".lock" in line
        assert ("--require-hashes" in line) is from_lock, line
        assert "--no-deps" in line
        assert from_lock or "--no-build-isolation" in line or ".whl" in line, "isolation would fetch a build backend"


def test_the_build_backend_is_locked_where_something_is_built() -> None:
    for name in ("requirements-dev.lock", "requirements-build.lock"):
        assert re.search(r"^hatchling==", (ROOT / name).read_text(), re.MULTILINE), name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_may_do_little(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    assert not [job for job in workflow["jobs"].values() if "permissions" in job]
    lines = re.findall(r"uses: (.+)", path.read_text())
    assert lines
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line) for line in lines), lines
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_the_workflow_builds_and_runs_services_that_exist() -> None:
    (job,) = (yaml.safe_load(path.read_text())["jobs"].get("image") for path in WORKFLOWS if path.name == "ci.yml")
    runs = [step["run"] for step in job["steps"] if "run" in step]
    named = re.findall(r"docker compose (?:build|run(?: --\S+)*) ([a-z-]+)", "\n".join(runs))
    assert len(named) >= 2
    assert set(named) <= {name for name, service in COMPOSE["services"].items() if "build" in service}
    assert "POSTGRES_PASSWORD" in job["env"], "the file asks for it, and compose stops without"


def test_images_are_pinned_by_digest() -> None:
    stages = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    images = [service["image"] for service in COMPOSE["services"].values() if "build" not in service]
    assert images
    assert all(re.fullmatch(r"[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}", image) for image in [*stages, *images])


def test_a_release_comes_with_a_bill_of_materials() -> None:
    (release,) = (path for path in WORKFLOWS if path.name == "release.yml")
    runs = [step.get("run", "") for step in steps(release)]
    assert any(run.startswith("make dist") for run in runs)
    recipe = (ROOT / "Makefile").read_text().partition("\ndist:")[2].partition("\n\n")[0]
    assert "cyclonedx-py requirements" in recipe
    assert "requirements.lock" in recipe.replace("requirements-build.lock", "")
    assert any(step.get("with", {}).get("path") == "dist/" for step in steps(release))
