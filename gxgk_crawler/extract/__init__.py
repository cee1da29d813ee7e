"""Extraction: pure functions from captured bytes to a Document. No scrapy, no sqlalchemy, no network."""
