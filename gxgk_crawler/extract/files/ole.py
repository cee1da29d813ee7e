"""OLE files, the container of Office 97 to 2003, of WPS and of encrypted newer files: which streams they hold. Read with olefile."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from gxgk_crawler.errors import ExtractionError

_MOST_OF_A_STREAM = 64 << 20
_MOST_EMBEDDED = 20
# What olefile raises for damaged files beside its own errors, which are of OSError.
_DAMAGE = (
    OSError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    OverflowError,
    MemoryError,
    RecursionError,
)
WORD, EXCEL = "application/msword", "application/vnd.ms-excel"
STORAGE = "application/x-ole-storage"


@dataclass(frozen=True, slots=True)
class OleFile:
    """An open OLE file."""

    file: Any

    def has(self, name: str) -> bool:
        return bool(self.file.exists(name))

    def read(self, name: str) -> bytes:
        """The bytes of a stream; none when it is missing. Raises ExtractionError for one that is damaged or too large."""
        try:
            if not self.file.exists(name):
                return b""
            if self.file.get_size(name) > _MOST_OF_A_STREAM:
                raise ExtractionError(f"a stream of more than {_MOST_OF_A_STREAM} bytes")
            return bytes(self.file.openstream(name).read())
        except _DAMAGE as error:
            raise ExtractionError(f"the stream {name} cannot be read: {error}") from error

    def kind(self) -> str:
        """The media type by the streams. Raises ExtractionError for a file that is encrypted as a whole."""
        if self.has("EncryptedPackage"):
            raise ExtractionError("the file is encrypted")
        if self.has("WordDocument"):
            return WORD
        return EXCEL if self.has("Workbook") or self.has("Book") else STORAGE

    def embedded(self) -> list[str]:
        """What programs the objects inside a text belong to, as far as the file names them."""
        try:
            names = sorted(
                {"/".join(path[:2]) for path in self.file.listdir() if path[0] == "ObjectPool" and len(path) > 2}
            )
        except _DAMAGE:
            return []
        return [self._program(name) for name in names[:_MOST_EMBEDDED]]

    def _program(self, storage: str) -> str:
        """The name that an embedded object gives itself: the last of the strings in its CompObj stream."""
        try:
            data = self.read(f"{storage}/\x01CompObj")
        except ExtractionError:
            return "unknown"
        words = [word for word in data[28:].split(b"\0") if len(word) > 3 and word.isascii() and b"." in word]
        return words[-1].decode("ascii")[:40] if words else "unknown"


def open_ole(data: bytes) -> OleFile:
    """The OLE file in the bytes. Raises ExtractionError for one that is damaged."""
    import olefile  # noqa: PLC0415 - costs 0.05 seconds at the start of every crawl, and pages never need it

    try:
        return OleFile(olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT))
    except _DAMAGE as error:
        raise ExtractionError(f"not a readable OLE file: {error}") from error


def ole_type(data: bytes) -> str:
    """The media type of an OLE file; that of the container for one that is neither Word nor Excel.

    Raises ExtractionError for one that is damaged, or encrypted as a whole.
    """
    return open_ole(data).kind()
