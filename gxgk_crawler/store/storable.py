"""What Postgres cannot hold: U+0000 and lone surrogates, which hostile pages contain and its text and jsonb types refuse."""

from __future__ import annotations

import json
import re
from typing import Any

_REFUSED = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return _REFUSED.search(text) is None


def storable(value: Any) -> Any:
    """The value with every refused character of its strings replaced by U+FFFD, one for one: offsets stay true.

    Goes into lists, tuples and dicts; everything else comes back as it is.
    """
    if isinstance(value, str):
        return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, (list, tuple)):
        return [storable(part) for part in value]
    if isinstance(value, dict):
        return {storable(key): storable(part) for key, part in value.items()}
    return value


def json_text(value: Any) -> str:
    """The value as JSON text that jsonb accepts."""
    written = json.dumps(value, ensure_ascii=False)
    if "\\u0000" in written or not is_storable(written):  # a backslash before `u0000` is rare enough to look again
        written = json.dumps(storable(value), ensure_ascii=False)
    return written
