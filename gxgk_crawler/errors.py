"""Errors that are shown to a person: one clear line, never a traceback."""


class GxgkError(Exception):
    """Base of all errors whose message is written for the person at the prompt."""


class ConfigError(GxgkError):
    """A GXGK_* variable or a portal file holds something that cannot be used."""


class StorageError(GxgkError):
    """The archive directory or the database cannot be used: full, unreachable, too new, damaged."""


class ArchiveError(StorageError):
    """A WARC file cannot be written, or a record is not where the database says it is."""


class MissingFileError(ArchiveError):
    """A WARC file is not in this archive. name: its base name."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


class DatabaseError(StorageError):
    """Postgres is unreachable, refuses us, or holds a schema that this version does not know."""


class ExtractionError(GxgkError):
    """Bytes that no reader could turn into a document."""


class NotFoundError(GxgkError):
    """No report, version or portal of that name or number."""


class TooSlowError(GxgkError):
    """A query of the reading room that took longer than a reader is to wait."""


class QueryError(GxgkError):
    """A search query that asks for nothing."""


def first_line(error: object) -> str:
    """The first line of what an error says. Errors of Postgres have several lines, and a message of ours has one."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
