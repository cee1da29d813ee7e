"""Zip archives: their members, with the names that Chinese programs give them. Nothing is ever written to the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.files.zipped import open_package, read_member

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

_LONGEST_NAME = 300
_UTF_8, _ENCRYPTED = 0x800, 0x1
# What programs and systems leave in archives, and what no reader means.
_LEFTOVERS = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file in an archive. data: None where it cannot be read; problem: why."""

    name: str
    data: bytes | None
    problem: str | None = None


def members_of_zip(data: bytes) -> Iterator[PackedFile]:
    """The files in a zip archive in its order, each read when it is asked for. Raises ExtractionError for one that is damaged or a bomb."""
    with open_package(data) as archive:
        for info in archive.infolist():
            name = clean_name(_decoded(info))
            if info.is_dir() or not name or _is_leftover(name):
                continue
            if info.flag_bits & _ENCRYPTED:
                yield PackedFile(name, None, "the member is encrypted")
                continue
            try:
                yield PackedFile(name, read_member(archive, info.filename))
            except ExtractionError as error:
                yield PackedFile(name, None, str(error))


def _decoded(info: zipfile.ZipInfo) -> str:
    """The name of a member: marked as UTF-8, or in the code page of the writer's system, which zipfile takes for cp437."""
    name = info.orig_filename
    if info.flag_bits & _UTF_8:
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def clean_name(name: str) -> str:
    """The name as a path that climbs nowhere: no control characters, no drive, no `..`, at most 300 characters."""
    printable = "".join(char for char in name.replace("\\", "/") if char.isprintable())
    parts = [part.strip() for part in printable.split("/")]
    return "/".join(part for part in parts if part not in {"", ".", ".."} and not part.endswith(":"))[-_LONGEST_NAME:]


def _is_leftover(name: str) -> bool:
    lowered = name.lower()
    last = lowered.rpartition("/")[2]
    return lowered.startswith(_LEFTOVERS[0]) or last in _LEFTOVERS or last.startswith(("._", "~$"))
