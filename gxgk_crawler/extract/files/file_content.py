"""What the readers of document files give: lines of text, and the tables in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gxgk_crawler.extract.limits import limited
from gxgk_crawler.extract.page.grids import grid_lines
from gxgk_crawler.extract.page.text import collapse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gxgk_crawler.items import Grid


@dataclass(slots=True)
class FileContent:
    """What one document file says.

    lines: one paragraph or table row each, cells joined by ` | `. grids: its data tables, in their order. flags: doubts about
    what was read, as in `Document.flags`. reason: what of the file was not read. has_pictures: some of it may be more than ornament.
    """

    lines: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    reason: str | None = None
    has_pictures: bool = False

    def add_text(self, text: str) -> None:
        """Add one paragraph; white space is collapsed, and a paragraph without text left out."""
        line = collapse(text)
        if line:
            self.lines.append(line)

    def add_grid(self, grid: Grid) -> None:
        """Add a table: its rows as lines, and the table itself when it has two rows and two columns of cells."""
        self.lines += grid_lines(grid)
        if is_table(grid):
            self.grids.append(grid)

    def text(self) -> str:
        """The lines as one text. Raises ExtractionError when it is longer than an attachment may be."""
        return "\n".join(limited(self.lines))


def is_table(grid: Grid) -> bool:
    """True for a grid of at least two rows and two columns."""
    return any(cell.row for cell in grid.cells) and any(cell.col for cell in grid.cells)


def content_of(lines: Iterable[str]) -> FileContent:
    """A file without tables. Raises ExtractionError when its text is longer than an attachment may be."""
    return FileContent(lines=list(limited(lines)))
