"""The environment, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from gxgk_crawler.config import MIN_FREE_BYTES, Config
from gxgk_crawler.errors import ConfigError


def test_nothing_set() -> None:
    config = Config.from_environ({})
    assert config.home == Path.home() / ".local" / "share" / "gxgk"
    assert (config.database_url, config.pg_bin, config.contact) == (None, None, None)
    assert config.min_free_bytes == MIN_FREE_BYTES


def test_everything_set() -> None:
    config = Config.from_environ(
        {
            "GXGK_HOME": "/data/gxgk",
            "GXGK_DATABASE_URL": "postgresql://me@db:5432/gxgk",
            "GXGK_PG_BIN": "/opt/pg/bin",
            "GXGK_CONTACT": "crawler@example.org",
            "GXGK_MIN_FREE_MB": "250",
            "GXGK_ALARM_WEBHOOK": "https://hooks.example.org:8443/T0/B0?x=1",
            "GXGK_ALARM_COMMAND": "mail -s 'a portal' crawler@example.org",
            "GXGK_ALARM_STRIKES": "3",
            "GXGK_LOG_FORMAT": "json",
        }
    )
    assert config.archive_dir == Path("/data/gxgk/archive")
    assert config.postgres_dir == Path("/data/gxgk/pg")
    assert config.pg_bin == Path("/opt/pg/bin")
    assert config.min_free_bytes == 250_000_000
    assert config.alarm_webhook == "https://hooks.example.org:8443/T0/B0?x=1"
    assert config.alarm_command == ("mail", "-s", "a portal", "crawler@example.org")
    assert (config.alarm_failures_in_a_row, config.log_format) == (3, "json")


def test_empty_is_unset() -> None:
    assert Config.from_environ({"GXGK_DATABASE_URL": " ", "GXGK_CONTACT": ""}) == Config.from_environ({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GXGK_DATABASE_URL", "sqlite:///x"),
        ("GXGK_DATABASE_URL", "db:5432"),
        ("GXGK_MIN_FREE_MB", "-1"),
        ("GXGK_MIN_FREE_MB", "1 GB"),
        ("GXGK_ALARM_WEBHOOK", "hooks.example.org/T0"),
        ("GXGK_ALARM_WEBHOOK", "ftp://hooks.example.org/"),
        ("GXGK_ALARM_WEBHOOK", "https://"),
        ("GXGK_ALARM_WEBHOOK", "https://[/"),
        ("GXGK_ALARM_WEBHOOK", "https://me:secret@hooks.example.org/"),
        ("GXGK_ALARM_WEBHOOK", "https://hooks.example.org/a b"),
        ("GXGK_ALARM_WEBHOOK", "https://hooks.example.org:0/"),
        ("GXGK_ALARM_COMMAND", "mail 'x"),
        ("GXGK_ALARM_COMMAND", "''"),
        ("GXGK_ALARM_STRIKES", "0"),
        ("GXGK_ALARM_STRIKES", "²"),
        ("GXGK_ALARM_STRIKES", "101"),
        ("GXGK_LOG_FORMAT", "xml"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name) as error:
        Config.from_environ({name: value})
    assert "secret" not in str(error.value)
