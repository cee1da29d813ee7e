"""Extraction: pure functions from captured bytes to a Document. No scrapy, no sqlalchemy, no network."""

from gxgk_crawler.extract.cleaning.clean import apply_edits
from gxgk_crawler.extract.document import EXTRACTOR_VERSION, extract

__all__ = ["EXTRACTOR_VERSION", "apply_edits", "extract"]
