from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.cli import status
from gxgk_crawler.sandbox.probe import probe
from tests import watch

if TYPE_CHECKING:
    from gxgk_crawler.sandbox.confinement import Confinement


@pytest.fixture(scope="session")
def confinement() -> Confinement:
    """What holds a child on this machine, asked for once."""
    with watch.for_the_whole_run():
        return probe()


@pytest.fixture(autouse=True)
def _at_the_prompt(environment: None, confinement: Confinement, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command here speaks to the test's database."""
    monkeypatch.setattr(status, "probe", lambda: confinement)
