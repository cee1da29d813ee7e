"""No part of a password is ever repeated, however the URL around it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app
from gxgk_crawler.config import config
from gxgk_crawler.errors import DatabaseError, GxgkError
from gxgk_crawler.store.postgres.address import split_password

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRETS = ("geheim", "niss77")
PASSWORDS = [
    "geheim@niss77",
    "geheim/niss77",
    "geheim%zzniss77",
    "geheim niss77",
    "geheim%00niss77",
    "geheim%a0niss77",
    "77/geheim@niss77",
]
URLS = [
    *(f"postgresql://me:{password}@localhost:9/db" for password in PASSWORDS),
    "postgresql://me:geheim@[::1/db",
    "postgresql://me:geheim@localhost:9/db?password=niss77&oops",
    "postgresql://me:geheim@localhost:niss77/db",
    "postgresql://me:geheim@localhost:9/db?geheim=niss77",
    "postgresql://me:geheim@localhost:9/db?sslmode",
]


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    config.cache_clear()
    yield
    config.cache_clear()


@pytest.mark.parametrize("url", URLS)
def test_no_command_repeats_a_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GXGK_DATABASE_URL", url)
    for command in (["status"], ["db", "status"], ["db", "status", "--json"], ["reports"], ["db", "upgrade"]):
        ended = CliRunner().invoke(app, command)
        told = f"{ended.output} {ended.exception}"
        assert isinstance(ended.exception, GxgkError | SystemExit)
        assert not any(secret in told for secret in SECRETS), told


@given(st.text(st.sampled_from("@/?#%:[] aZ0,="), min_size=1, max_size=8))
def test_whatever_stands_in_a_password_is_not_in_the_address(noise: str) -> None:
    url = f"postgresql://me:QQ{noise}QQ@localhost/db"
    try:
        told = split_password(url)[0]
    except DatabaseError as error:
        told = str(error)
    assert "QQ" not in told
