"""Tests: `python -m pytest`, or `make test`."""
