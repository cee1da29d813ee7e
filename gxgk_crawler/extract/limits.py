"""How much may come out of a reader: 38 KB of hostile bytes can be read into 270 million characters of text.

What is longer is cut, with the flag `cut`, or has failed; its bytes are in the archive all the same. The limits lie far above
every report that is known, and so low that the database takes whatever is within them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gxgk_crawler.errors import ExtractionError
from gxgk_crawler.extract.cleaning.clean import apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gxgk_crawler.items import Attachment, Document, Edit, Grid, Link, ReportingOrgan

# Characters. A document is indexed for the search as well, which takes ten times its length in memory.
MOST_OF_A_DOCUMENT = 2_000_000
MOST_OF_AN_ATTACHMENT = 5_000_000
MOST_OF_ALL_ATTACHMENTS = 10_000_000  # of one report
LONGEST_LINE = (
    1_000  # title, issuer, source, evidence of the organ; name of a link; label or value of the metadata block
)
LONGEST_URL = 2_000
# Counts, for one document.
MOST_CELLS = 100_000
MOST_EDITS = 20_000
MOST_LINKS = 1_000
MOST_FIELDS = 200

CUT = "cut"


def bounded(document: Document) -> Document:
    """The document, or what of it lies within the limits, with the flag `cut`."""
    extracted, edits = _text(document.extracted_text, document.edits)
    is_whole = len(extracted) == len(document.extracted_text)
    short = replace(
        document,
        title=_line(document.title),
        issuer=_line(document.issuer),
        organ=_organ(document.organ),
        source=_line(document.source),
        text=document.text if is_whole else apply_edits(extracted, edits),
        extracted_text=extracted,
        edits=edits,
        dates=document.dates[:MOST_LINKS],
        fields={name[:LONGEST_LINE]: value[:LONGEST_LINE] for name, value in [*document.fields.items()][:MOST_FIELDS]},
        grids=list(bounded_grids(document.grids)),
        attachments=_links(document.attachments),
        images=_links(document.images),
    )
    return document if short == document else replace(short, flags=sorted({*document.flags, CUT}))


def limited(lines: Iterable[str]) -> Iterator[str]:
    """The lines, as long as an attachment may have them. Raises ExtractionError when there is more."""
    left = MOST_OF_AN_ATTACHMENT
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            raise ExtractionError(f"its text has more than {MOST_OF_AN_ATTACHMENT} characters")
        yield line


@dataclass(slots=True)
class Allowance:
    """How much the attachments of one report may still hold together."""

    chars: int = MOST_OF_ALL_ATTACHMENTS
    cells: int = MOST_CELLS
    chars_of_cells: int = MOST_OF_A_DOCUMENT

    def fitting(self, attachment: Attachment) -> Attachment:
        """The attachment; as failed, without its text, when the text is longer than what is left.

        Its grids are kept as long as there is room for them; the text holds their rows all the same.
        """
        if len(attachment.text or "") > self.chars:
            reason = f"the attachments of this report have more than {MOST_OF_ALL_ATTACHMENTS} characters together"
            return replace(attachment, text=None, grids=[], status="failed", reason=reason)
        self.chars -= len(attachment.text or "")
        grids = list(bounded_grids(attachment.grids, self.cells, self.chars_of_cells))
        self.cells -= sum(len(grid.cells) for grid in grids)
        self.chars_of_cells -= sum(len(cell.text) for grid in grids for cell in grid.cells)
        return attachment if len(grids) == len(attachment.grids) else replace(attachment, grids=grids)


def _text(extracted: str, edits: list[Edit]) -> tuple[str, list[Edit]]:
    """As much of the text as there may be, and the edits in it; never the half of an edit."""
    end = MOST_OF_A_DOCUMENT
    if len(edits) > MOST_EDITS:
        end = min(end, edits[MOST_EDITS].start)
    if len(extracted) <= end:
        return extracted, edits
    within = [edit for edit in edits if edit.end <= end]
    if len(within) < len(edits):
        end = min(end, edits[len(within)].start)
    return extracted[:end], within


def bounded_grids(grids: Iterable[Grid], cells: int = MOST_CELLS, chars: int = MOST_OF_A_DOCUMENT) -> Iterator[Grid]:
    """The first grids that have no more cells and characters together than there may be; a grid is kept whole or not at all."""
    for grid in grids:
        cells -= len(grid.cells)
        chars -= sum(len(cell.text) for cell in grid.cells)
        if cells < 0 or chars < 0:
            return
        yield grid


def _links(links: list[Link]) -> list[Link]:
    return [replace(link, name=link.name[:LONGEST_LINE]) for link in links[:MOST_LINKS] if len(link.url) <= LONGEST_URL]


def _organ(organ: ReportingOrgan | None) -> ReportingOrgan | None:
    return organ and replace(organ, evidence=organ.evidence[:LONGEST_LINE])


def _line(text: str | None) -> str | None:
    return text and text[:LONGEST_LINE]
