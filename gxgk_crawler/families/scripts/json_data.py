"""Reads JSON that a page or an API serves. Nothing in it can be relied on: neither that it ends, nor any type inside it."""

from __future__ import annotations

import json
from typing import Any

_DECODER = json.JSONDecoder()


def json_of(text: str) -> Any:
    """The JSON value that the whole text is; None when it is none or nested too deep."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def json_at(text: str, start: int) -> Any:
    """The JSON value that begins at `start`, whatever follows it; None when there is none or it is nested too deep."""
    try:
        return _DECODER.raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


def object_in(value: Any) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects_in(value: Any) -> list[dict[str, Any]]:
    """The objects in the value when it is an array; empty for anything else."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
