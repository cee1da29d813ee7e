"""docker-compose.yml and Dockerfile, read as what they promise: nobody here runs them every day."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app
from gxgk_crawler.config import Config

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_the_password_has_no_default_and_the_database_no_way_out() -> None:
    asked = re.findall(r"\$\{POSTGRES_PASSWORD([^}]*)\}", (ROOT / "docker-compose.yml").read_text())
    assert len(asked) == 2
    assert all(text.startswith(":?") for text in asked), "compose stops when it is not set"
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["room"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["room"]["ports"])
    assert SERVICES["db"]["networks"] == ["database"]
    assert COMPOSE["networks"]["database"]["internal"] is True


@pytest.mark.parametrize("name", OURS)
def test_our_services_reach_the_database_they_wait_for(name: str) -> None:
    service, db = SERVICES[name], SERVICES["db"]
    assert {"outside", "database"} == set(service["networks"])
    assert service["depends_on"]["db"]["condition"] == "service_healthy"
    environment = service["environment"]
    url = environment["GXGK_DATABASE_URL"]
    user, database = db["environment"]["POSTGRES_USER"], db["environment"]["POSTGRES_DB"]
    assert url.startswith(f"postgresql://{user}:${{POSTGRES_PASSWORD:?")
    assert url.endswith(f"@db:5432/{database}")
    plain = {key: value.partition(":-")[2].rstrip("}") for key, value in environment.items() if ":-" in value}
    assert Config.from_environ(plain | {"GXGK_DATABASE_URL": re.sub(r"\$\{.*?\}", "x", url)}).database_url
    if name != "migrate":
        assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_all_of_ours_are_one_machine_with_one_archive() -> None:
    """The database says on which machine and in which directory a file lies: see docs/operate.md."""
    assert {SERVICES[name]["hostname"] for name in OURS} == {"${MACHINE_NAME:-gxgk}"}
    assert {tuple(SERVICES[name]["volumes"]) for name in OURS} == {("archive:/data",)}
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert mounted == set(COMPOSE["volumes"])


def test_a_worker_can_be_scaled_and_is_given_time_to_stop() -> None:
    worker = SERVICES["worker"]
    assert "container_name" not in worker
    assert worker["init"] is True
    assert re.fullmatch(r"[1-9]\d*m", worker["stop_grace_period"])
    assert worker["restart"] == SERVICES["db"]["restart"] == "unless-stopped"
    assert SERVICES["migrate"]["restart"] == "no"


@pytest.mark.parametrize("name", OURS)
def test_what_is_run_exists(name: str) -> None:
    """Every command of the file, and those of its comments, is one that gxgk has."""
    checks = [SERVICES[name].get("healthcheck", {}).get("test", ["CMD", "gxgk", "--help"])[2:]]
    for command in [SERVICES[name]["command"], *checks]:
        words = [word for word in command if not word.startswith("-") and not word.isdigit()]
        ended = CliRunner().invoke(app, [*words, "--help"])
        assert ended.exit_code == 0, command
        for option in (word for word in command if word.startswith("-")):
            assert option.partition("=")[0] in ended.output


def test_health_is_looked_at() -> None:
    assert SERVICES["db"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert SERVICES["worker"]["healthcheck"]["test"] == ["CMD", "gxgk", "db", "status"]


def test_nobody_in_the_image_is_root() -> None:
    lines = DOCKERFILE.splitlines()
    user = lines.index("USER gxgk")
    assert user < next(place for place, line in enumerate(lines) if line.startswith("ENTRYPOINT"))
    assert not [line for line in lines[user:] if line.startswith("RUN")]
    assert all(SERVICES[name]["cap_drop"] == ["ALL"] for name in OURS)
    home = re.search(r"GXGK_HOME=(\S+)", DOCKERFILE)
    assert home is not None
    assert f"VOLUME {home[1]}" in lines
    assert f"chown gxgk:gxgk {home[1]}" in DOCKERFILE


def test_the_entry_point_is_the_command_line() -> None:
    entry = re.search(r'^ENTRYPOINT \["(.+)"\]$', DOCKERFILE, re.MULTILINE)
    assert entry is not None
    assert shlex.split(entry[1]) == ["gxgk"]
    assert all("entrypoint" not in SERVICES[name] for name in OURS)
