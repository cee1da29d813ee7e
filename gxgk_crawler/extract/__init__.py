"""Extraction: pure functions from captured bytes to a Document. No scrapy, no sqlalchemy, no network.

`extract` and `apply_edits` are imported when they are asked for: most of the crawl needs single modules of this room alone, and all
of them together cost half a second at start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gxgk_crawler.extract.version import EXTRACTOR_VERSION

if TYPE_CHECKING:
    from gxgk_crawler.extract.cleaning.clean import apply_edits
    from gxgk_crawler.extract.document import extract

__all__ = ["EXTRACTOR_VERSION", "apply_edits", "extract"]


def __getattr__(name: str) -> Any:
    """The function of this name. Python calls it for a name that the module does not hold (PEP 562)."""
    if name == "extract":
        from gxgk_crawler.extract.document import extract  # noqa: PLC0415 - saves half a second at start

        return extract
    if name == "apply_edits":
        from gxgk_crawler.extract.cleaning.clean import apply_edits  # noqa: PLC0415 - saves half a second at start

        return apply_edits
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
