"""Entries of older versions hold no tables of attachments: they are read again from the archived bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from gxgk_crawler.archive.directory import ArchiveDirectory
from gxgk_crawler.archive.writer import WarcWriter
from gxgk_crawler.entries import ReportRead
from gxgk_crawler.items import Attachment, Capture, Report
from gxgk_crawler.maintenance.figure_reading import FigureReading
from gxgk_crawler.maintenance.ingest import reindex
from tests.archive.samples import INFO, exchange
from tests.archive.shapes import ok
from tests.extract.test_real_files import FILES
from tests.store.samples import START, document

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Database

PAGE, FILE = "https://sample.test/nb/2016.html", "https://sample.test/nb/1.docx"


def archive_of(directory: Path, extractor_version: str) -> ArchiveDirectory:
    """An archive with a report whose table lies in a Word file, as that version of the extractor wrote it."""
    archive = ArchiveDirectory(directory)
    writer = WarcWriter(archive, info=INFO)
    page: Capture = writer.write(exchange(1, url=PAGE, role="report"))
    data = (FILES / "report.docx").read_bytes()
    file = writer.write(exchange(2, ok(data, b"Content-Type: application/octet-stream"), url=FILE, role="attachment"))
    attachment = Attachment(
        name="附件.docx", url=FILE, media_type="application/msword", sha256="0" * 64, text="一段", capture=file
    )
    report = Report(portal="sample", url=PAGE, capture=page, document=document("见附件"), attachments=[attachment])
    writer.note(ReportRead(at=START, report=report, extractor_version=extractor_version))
    writer.seal()
    return archive


def cells(database: Database) -> list[tuple[str, int, str]]:
    with database.begin() as conn:
        query = text('select "table", attachment, raw from statutory_cell order by position')
        return [(row[0], row[1], row[2]) for row in conn.execute(query)]


@pytest.mark.process
def test_reindex_reads_the_tables_that_an_old_entry_lacks(database: Database, tmp_path: Path) -> None:
    reindex(database, archive_of(tmp_path / "archive", "2"))
    found = cells(database)
    assert len(found) == 19
    assert {(table, attachment) for table, attachment, _ in found} == {("T4", 0), ("A", 0)}


@pytest.mark.process
def test_the_figures_of_an_old_version_are_read_with_them_too(database: Database, tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "archive", "2")
    reindex(database, archive)
    before = cells(database)
    with database.begin() as conn:
        conn.execute(text("delete from statutory_check"))
        conn.execute(text("delete from statutory_cell"))
        conn.execute(text("update report_version set statutory_version = null"))
    reading = FigureReading(database, archive)
    reading.run()
    assert (reading.done, reading.failed) == (1, [])
    assert cells(database) == before


def test_an_entry_of_today_is_taken_at_its_word(database: Database, tmp_path: Path) -> None:
    reindex(database, archive_of(tmp_path / "archive", "3"))
    assert cells(database) == []
