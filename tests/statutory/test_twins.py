"""One table in two files of a report: equal cells pass, each that differs is told, other organs' tables are no twins."""

from __future__ import annotations

from dataclasses import replace

from gxgk_crawler.extract.attachments import read_bytes
from gxgk_crawler.items import Attachment, Document, Grid
from gxgk_crawler.statutory.figures import read_figures
from gxgk_crawler.statutory.tables import Check
from tests.extract.test_real_files import FILES

EMPTY = Document(
    url=None, media_type="text/html", encoding=None, title=None, text="见附件。", extracted_text="见附件。"
)


def file(name: str, **changed: str) -> Attachment:
    """The attachment, with other figures in some cells of its tables: by their old ones."""
    read = read_bytes((FILES / name).read_bytes())
    grids = [
        Grid(cells=[replace(cell, text=changed.get(f"n{cell.text}", cell.text)) for cell in grid.cells])
        for grid in read.grids
    ]
    return Attachment(name=name, url=name, media_type=read.media_type, text=read.text, grids=grids)


def twins(*attachments: Attachment) -> list[Check]:
    return [one for one in read_figures(EMPTY, attachments).checks if one.rule == "E11"]


def test_a_pdf_and_its_word_file_say_the_same() -> None:
    assert [(one.at, one.lhs, one.status) for one in twins(file("report.docx"), file("report.pdf"))] == [
        ("T4 @1", 15, "pass"),
        ("A @1", 4, "pass"),
    ]


def test_each_cell_that_differs_is_told_with_both_figures() -> None:
    told = twins(file("report.docx"), file("report.doc", n1234="1243"))
    failed = [(one.at, one.lhs, one.rhs, one.delta, one.severity) for one in told if one.status == "fail"]
    assert failed == [("A.（一）主动公开政府信息数.value @1", 1234, 1243, -9, "soft")]
    assert [one.at for one in told if one.status == "pass"] == ["T4 @1"]


def test_the_table_of_another_organ_is_no_twin() -> None:
    other = file(
        "report.doc", n1234="77", n12="5", n20="3", n1100="60", n3="9", n6="12", n4="8", n5="10", n2="7", n1="11"
    )
    assert twins(file("report.docx"), other) == []
