"""`gxgk serve` as a person starts it: once, to see that it opens, answers and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app
from gxgk_crawler.config import Config
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.store.views.withholding import withheld_report

if TYPE_CHECKING:
    from gxgk_crawler.store.postgres.database import Database


@pytest.mark.process
def test_the_room_opens_answers_and_closes(database_config: Config) -> None:
    environ = os.environ | {
        "GXGK_HOME": str(database_config.home),
        "GXGK_DATABASE_URL": str(database_config.database_url),
    }
    command = [str(Path(sys.executable).parent / "gxgk"), "serve", "--port", "0"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as room:
        try:
            assert room.stdout is not None
            address = room.stdout.readline().partition("open: ")[2].split()[0]
            with urllib.request.urlopen(address, timeout=60) as answer:
                assert answer.status == 200
            with pytest.raises(urllib.error.HTTPError, match="421"):
                urllib.request.urlopen(urllib.request.Request(address, headers={"Host": "evil.example"}), timeout=60)
            room.send_signal(signal.SIGINT)
            assert room.wait(timeout=60) in {0, -signal.SIGINT, 130}
        finally:
            room.kill()


def test_withhold_at_the_prompt(environment: None, database: Database, keys: dict[str, str]) -> None:
    key = keys["changed"]
    assert CliRunner().invoke(app, ["withhold", key, "--reason", "样例", "--scope", "original"]).exit_code == 0
    with database.begin() as conn:
        held = withheld_report(conn, 1)
    assert held is not None
    assert (held.scope, held.reason) == ("original", "样例")
    assert CliRunner().invoke(app, ["withhold", key, "--lift"]).exit_code == 0
    with database.begin() as conn:
        assert withheld_report(conn, 1) is None
    with pytest.raises(ConfigError, match="--reason"):
        CliRunner().invoke(app, ["withhold", key], catch_exceptions=False)
