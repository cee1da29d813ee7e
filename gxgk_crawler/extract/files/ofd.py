"""OFD files, the format of Chinese offices for fixed pages. GB/T 33190."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.extract.files.file_content import FileContent, content_of
from gxgk_crawler.extract.files.zipped import open_package, read_xml

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator


def read_ofd(data: bytes) -> FileContent:
    """The text of an OFD file. Raises ExtractionError for one that is damaged, a bomb, or carries entities."""
    with open_package(data) as archive:
        return content_of(line for line in _lines(archive) if line.strip())


def _lines(archive: zipfile.ZipFile) -> Iterator[str]:
    """Text runs, top to bottom and left to right on each page."""
    for name in sorted(one for one in archive.namelist() if one.endswith("Content.xml") and "/Pages/" in f"/{one}"):
        runs = []
        for run in read_xml(archive, name).iter("{*}TextObject"):
            left, top = [*(run.get("Boundary") or "").split(), "0", "0"][:2]
            text = "".join(code.text or "" for code in run.iter("{*}TextCode"))
            runs.append((_number(top), _number(left), text))
        yield from (text for _, _, text in sorted(runs))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
