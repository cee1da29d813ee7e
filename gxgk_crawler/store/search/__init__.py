"""Exact full-text search."""
