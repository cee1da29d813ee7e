"""Log lines: one per event, for a person or, as JSON, for a program.

A message of several lines becomes one: hostile text can neither forge a line nor speak to a terminal.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import traceback
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

    from gxgk_crawler.config import LogFormat

_URL = re.compile(r"https?://[^\s<>\"'|]+")
_URL_ENDS = ".,:;)]}"  # what follows a URL in a sentence
# C0 and C1 controls, bidirectional controls, separators that end a line for some programs, and halves of characters that no
# UTF-8 can hold.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Where and how a process logs. portal: that it crawls, if it crawls one. file: None = stderr. level: a name."""

    format: LogFormat = "text"
    portal: str | None = None
    level: str = "INFO"
    file: str | None = None
    append: bool = True


class TextFormatter(logging.Formatter):
    """`2026-11-22 17:00:00,123 INFO hlbe gxgk_crawler.crawl.monitor: message`; a traceback follows, its line ends escaped."""

    def __init__(self, portal: str | None = None) -> None:
        portal_name = f" {portal.replace('%', '%%')}" if portal else ""
        super().__init__(f"%(asctime)s %(levelname)s{portal_name} %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.message = _folded(record.getMessage())
        record.asctime = self.formatTime(record)
        line = self.formatMessage(record)
        trace = _trace(record)
        if trace is not None:
            line = f"{line}: {trace}"
        return escaped(line)


class JsonFormatter(logging.Formatter):
    """One JSON object: time, level, logger, message, portal, url (when the message names one), traceback (of an exception)."""

    def __init__(self, portal: str | None = None) -> None:
        super().__init__()
        self._portal = portal

    def format(self, record: logging.LogRecord) -> str:
        message = _folded(record.getMessage())
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
        }
        if self._portal is not None:
            line["portal"] = self._portal
        url = _URL.search(message)
        if url is not None:
            line["url"] = url[0].rstrip(_URL_ENDS)
        trace = _trace(record)
        if trace is not None:
            line["traceback"] = trace
        return escaped(json.dumps(line, ensure_ascii=False))


def formatter(log: Log) -> logging.Formatter:
    """The formatter of that log."""
    return JsonFormatter(log.portal) if log.format == "json" else TextFormatter(log.portal)


_installed: Log | None = None


def install(log: Log) -> None:
    """Send all that this process logs, warnings and a final exception included, there. Raises OSError for the file."""
    global _installed  # noqa: PLW0603 (a process has one log)
    handler: logging.Handler
    if log.format == "json" and isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # whatever the locale says
    if log.file is None:
        handler = logging.StreamHandler()
    else:
        mode = "a" if log.append else "w"
        handler = logging.FileHandler(log.file, mode=mode, encoding="utf-8", errors="backslashreplace")
    handler.setFormatter(formatter(log))
    handler.setLevel(log.level)
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.NOTSET)
    logging.captureWarnings(capture=True)
    sys.excepthook = _died
    _installed = log


def installed() -> Log | None:
    """What `install` was given, for a child process to install too; None before."""
    return None if _installed is None else replace(_installed, append=True)


def say(log: Log, message: str, level: int = logging.INFO) -> None:
    """Write a line to stderr that is no matter of levels: bare as text, an object like all others as JSON."""
    record = logging.LogRecord("gxgk_crawler", level, __file__, 0, message, None, None)
    line = formatter(log).format(record) if log.format == "json" else escaped(_folded(message))
    sys.stderr.write(f"{line}\n")


def message_of(line: str) -> str:
    """The message in a line of a log: that of the object, or the line as it is when it is none."""
    try:
        found = json.loads(line)["message"]
    except (ValueError, TypeError, KeyError):
        return line
    return str(found)


def escaped(text: str, *, keep: str = "") -> str:
    """The text with everything that could steer a terminal or end a line written as an escape, as in JSON.

    keep: characters that stay as they are, such as line ends in a text of several lines.
    """
    return _UNSAFE.sub(lambda found: found[0] if found[0] in keep else _escape(found[0]), text)


def _escape(character: str) -> str:
    return "\\n" if character == "\n" else f"\\u{ord(character):04x}"


def _died(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("gxgk_crawler").critical("the process dies", exc_info=(kind, error, trace))


def _folded(message: str) -> str:
    """The message in one line; Scrapy prints dictionaries over many."""
    return " ".join(line.strip() for line in message.strip().splitlines())


def _trace(record: logging.LogRecord) -> str | None:
    """The traceback of the exception, or the stack, that the record carries."""
    lines: list[str] = []
    if record.exc_info and record.exc_info[1] is not None:
        lines += traceback.format_exception(record.exc_info[1])
    elif record.exc_text:
        lines.append(record.exc_text)
    if record.stack_info:
        lines.append(record.stack_info)
    return "".join(lines).rstrip("\n") or None
