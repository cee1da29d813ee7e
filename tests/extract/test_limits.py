"""What comes out of a reader has limits, whatever goes into it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.archive.records import ENTRY_LIMIT
from gxgk_crawler.entries import ReportRead, to_json
from gxgk_crawler.extract import limits
from gxgk_crawler.extract.any_file import PageFacts
from gxgk_crawler.extract.attachments import read_bytes
from gxgk_crawler.extract.cleaning.clean import apply_edits
from gxgk_crawler.extract.limits import Allowance, bounded
from gxgk_crawler.items import Attachment, Edit, FoundDate, Grid, GridCell, Link, Report
from gxgk_crawler.sandbox.report import read_report
from tests.archive.entry_samples import DOCUMENT, PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in members.items():
            target.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def one_string_in_many_cells() -> bytes:
    """Some kilobytes; 9,000 cells that all show one string of 30,000 characters are 270 million."""
    rows = "".join(f'<row><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(9_000))
    return zipped(
        **{
            "xl__workbook.xml": f'<workbook xmlns="{S}"/>',
            "xl__sharedStrings.xml": f'<sst xmlns="{S}"><si><t>{"公开" * 15_000}</t></si></sst>',
            "xl__worksheets__sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>',
        },
    )


def one_long_paragraph() -> bytes:
    body = f"<w:p><w:r><w:t>{'公' * 5_000_100}</w:t></w:r></w:p>"
    return zipped(
        **{"word__document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'},
    )


@pytest.mark.parametrize("make", [one_string_in_many_cells, one_long_paragraph])
def test_a_file_that_is_read_into_too_much_has_failed(make: Callable[[], bytes]) -> None:
    data = make()
    assert len(data) < 200_000
    read = read_bytes(data)
    assert (read.text, read.status) == (None, "failed")
    assert "more than 5000000 characters" in (read.reason or "") or "too large" in (read.reason or "")


def test_a_plain_text_that_is_too_long_has_failed_as_an_attachment() -> None:
    read = read_bytes(("公开" * 50 + "\n").encode() * 51_000)
    assert (read.text, read.status, read.reason) == (None, "failed", "its text has more than 5000000 characters")


def test_a_report_that_is_such_a_file_has_no_body() -> None:
    document = read_report([one_string_in_many_cells()], PageFacts()).document
    assert document.text == ""
    assert {"failed", "no_body"} <= set(document.flags)


# -- documents


def test_a_document_within_the_limits_stays_the_same_object() -> None:
    assert bounded(DOCUMENT) is DOCUMENT


@given(st.data())
def test_a_text_is_cut_without_halving_a_removal(data: st.DataObject) -> None:
    extracted = data.draw(st.text(st.characters(), max_size=60))
    spots = sorted(data.draw(st.sets(st.integers(0, len(extracted)), max_size=12)))
    edits = [
        Edit(kind="chrome", start=start, end=end, text=extracted[start:end], rule="buttons")
        for start, end in zip(spots[::2], spots[1::2], strict=False)
    ]
    document = replace(DOCUMENT, extracted_text=extracted, text=apply_edits(extracted, edits), edits=edits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "MOST_OF_A_DOCUMENT", data.draw(st.integers(0, 70)))
        patch.setattr(limits, "MOST_EDITS", data.draw(st.integers(0, 4)))
        short = bounded(replace(document, grids=[]))
        assert len(short.extracted_text) <= limits.MOST_OF_A_DOCUMENT
        assert len(short.edits) <= limits.MOST_EDITS
    assert extracted.startswith(short.extracted_text)
    assert short.text == apply_edits(short.extracted_text, short.edits)
    assert all(short.extracted_text[edit.start : edit.end] == edit.text for edit in short.edits)
    assert ("cut" in short.flags) == (short.extracted_text != extracted)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "题" * 1_001},
        {"issuer": "关" * 1_001},
        {"source": "源" * 1_001},
        {"fields": {str(n): "" for n in range(201)}},
        {"fields": {"索引号": "号" * 1_001}},
        {"fields": {"号" * 1_001: ""}},
        {"attachments": [Link(name="", url=f"https://a.gov.cn/{n}") for n in range(1_001)]},
        {"images": [Link(name="图" * 1_001, url="https://a.gov.cn/1")]},
        {"images": [Link(name="", url="https://a.gov.cn/" + "1" * 2_000)]},
        {"grids": [Grid(cells=[GridCell(row=n, col=0, text="") for n in range(60_000)])] * 2},
        {"grids": [Grid(cells=[GridCell(row=0, col=0, text="数" * 1_200_000)])] * 2},
        {"dates": [FoundDate(value="2021-01-20", source="meta")] * 1_001},
    ],
    ids=lambda change: next(iter(change)),
)
def test_everything_else_of_a_document_is_cut_too_and_says_so(change: dict[str, object]) -> None:
    document = replace(DOCUMENT, **change)  # type: ignore[arg-type]
    short = bounded(document)
    assert short.flags == sorted({*document.flags, "cut"})
    name = next(iter(change))
    assert len(str(getattr(short, name))) < len(str(getattr(document, name)))
    assert bounded(short) is short
    assert replace(short, flags=[], **{name: None}) == replace(document, flags=[], **{name: None})  # type: ignore[arg-type]


def test_the_attachments_of_a_report_have_a_limit_together() -> None:
    made = Attachment(name="a", url="u", text="文" * 100, sha256="0")
    assert Allowance(chars=100).fitting(made) is made
    failed = Allowance(chars=99).fitting(made)
    assert (failed.text, failed.status, failed.sha256) == (None, "failed", "0")


def test_the_tables_of_all_attachments_have_a_limit_together_too() -> None:
    grid = Grid(cells=[GridCell(row=n, col=0, text="") for n in range(limits.MOST_CELLS // 2)])
    allowance = Allowance()
    kept = [allowance.fitting(Attachment(name="a", url="u", text="文", grids=[grid])) for _ in range(3)]
    assert [len(one.grids) for one in kept] == [1, 1, 0]
    assert {one.text for one in kept} == {"文"}


def largest() -> Report:
    """As much as the limits let through, of the character that takes most room in JSON."""
    half = "\udc00"
    cells = limits.MOST_CELLS
    text = half * limits.MOST_OF_A_DOCUMENT
    size = limits.MOST_OF_A_DOCUMENT // limits.MOST_EDITS
    line, url = half * limits.LONGEST_LINE, half * limits.LONGEST_URL
    edits = [
        Edit(
            kind="chrome",
            start=n * size,
            end=(n + 1) * size,
            text=half * size,
            rule="navigation_of_a_page",
            suggestion="一" * 20,
        )
        for n in range(limits.MOST_EDITS)
    ]
    grid = Grid(
        cells=[
            GridCell(row=n, col=n, text=half * (limits.MOST_OF_A_DOCUMENT // cells), rowspan=n, colspan=n)
            for n in range(cells)
        ]
    )
    links = [Link(name=line, url=url)] * limits.MOST_LINKS
    document = replace(
        DOCUMENT,
        title=line,
        issuer=line,
        source=line,
        text=text,
        extracted_text=text,
        edits=edits,
        grids=[grid],
        attachments=links,
        images=links,
        fields={f"{number:04d}{line[4:]}": line for number in range(limits.MOST_FIELDS)},
    )
    attachment = Attachment(name=line, url=url, text=half * (limits.MOST_OF_ALL_ATTACHMENTS // 2))
    files = [replace(attachment, grids=[grid]), attachment]
    return Report(portal="sample", url=url, capture=PAGE, document=document, attachments=files)


def test_an_entry_of_all_that_the_limits_let_through_is_one_that_the_archive_takes() -> None:
    report = largest()
    assert bounded(report.document) is report.document
    entry = ReportRead(at=datetime(2026, 1, 2, tzinfo=UTC), report=report, extractor_version="1")
    assert ENTRY_LIMIT / 2 < len(to_json(entry)) < ENTRY_LIMIT
