from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.config import config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gxgk_crawler.config import Config


@pytest.fixture(autouse=True)
def environment(database_config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands run in this process speak to the test's database; the next test reads its environment anew."""
    monkeypatch.setenv("GXGK_HOME", str(database_config.home))
    monkeypatch.setenv("GXGK_DATABASE_URL", str(database_config.database_url))
    config.cache_clear()
    yield
    config.cache_clear()
