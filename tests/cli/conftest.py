from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _at_the_prompt(environment: None) -> None:
    """Every command here speaks to the test's database."""
