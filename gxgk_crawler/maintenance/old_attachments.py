"""Tables of attachments that an old entry lacks: read again from the archived bytes, in the sandbox."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from gxgk_crawler.archive.reader import read_entity
from gxgk_crawler.errors import ArchiveError, ExtractionError
from gxgk_crawler.sandbox.child import Child

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.archive.directory import ArchiveDirectory
    from gxgk_crawler.entries import ReportRead
    from gxgk_crawler.items import Attachment, Capture

logger = logging.getLogger(__name__)

_WITHOUT_GRIDS = frozenset({"1", "2"})  # extractors whose entries hold no tables of attachments


def lacks_grids(entry: ReportRead) -> bool:
    """True for an entry of a version that kept no tables of attachments, when it has attachments that may hold some."""
    return entry.extractor_version in _WITHOUT_GRIDS and any(map(_may_be_read, entry.report.attachments))


def _may_be_read(attachment: Attachment) -> bool:
    return attachment.capture is not None and attachment.capture.status == 200 and not attachment.grids


class OldAttachments:
    """Reads files of old entries again; a context manager, whose child process starts with the first file.

    Only the tables are added: text and status stay what the entry says, for the version was made of them.
    """

    def __init__(self, archive: ArchiveDirectory) -> None:
        self._archive = archive
        self._child = Child()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.close()

    def completed(self, entry: ReportRead, find: Callable[[str], Capture | None]) -> ReportRead:
        """The entry with the tables of its attachments. find: the capture with a record id.

        A file that cannot be read again stays as it is, with a warning: its bytes may lie in another archive.
        """
        if not lacks_grids(entry):
            return entry
        attachments = [self._with_grids(one, find) for one in entry.report.attachments]
        return replace(entry, report=replace(entry.report, attachments=attachments))

    def _with_grids(self, attachment: Attachment, find: Callable[[str], Capture | None]) -> Attachment:
        if attachment.capture is None or not _may_be_read(attachment):
            return attachment
        from gxgk_crawler.extract.attachments import read_bytes  # noqa: PLC0415 - half a second at the start of every crawl

        try:
            body = read_entity(self._archive, attachment.capture, find)[1]
            return replace(attachment, grids=self._child.call(read_bytes, body).grids)
        except (ArchiveError, ExtractionError) as error:
            logger.warning("the tables of %s cannot be read again: %s", attachment.url, error)
            return attachment
