"""Page numbers leave the text of a PDF; figures stay."""

from __future__ import annotations

import pytest

from gxgk_crawler.extract.files.fixed.fixed_pages import without_page_numbers
from tests.extract.siblings.pdf_numbers import CASES


@pytest.mark.parametrize("name", CASES)
def test_only_numbers_that_count_the_pages_go(name: str) -> None:
    pages, kept = CASES[name]
    assert without_page_numbers(pages, str) == kept
