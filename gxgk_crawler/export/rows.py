"""From the rows of the database to the rows of an export: the columns of their table, masked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from gxgk_crawler.export.columns import EDITS, OF_THE_REPORT, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gxgk_crawler.export.export_table import ExportTable
    from gxgk_crawler.redaction.redactor import Redactor

_MOST_KNOWN = 50_000  # texts of figures that are kept masked


def plain_row(table: ExportTable, row: Mapping[str, Any], redactor: Redactor) -> dict[str, Any]:
    """The columns of the table, in its order, texts of pages masked."""
    return {
        column.name: redactor.optional(row[column.name]) if column.said_by_page else row[column.name]
        for column in table.columns
    }


def figure_rows_of(
    table: ExportTable, rows: Iterable[Mapping[str, Any]], redactor: Redactor
) -> Iterator[dict[str, Any]]:
    """The rows of a table of figures, texts of pages masked. Their labels are few and come again: each is masked once."""
    said = [column.name for column in table.columns if column.said_by_page]
    known: dict[str | None, str | None] = {}
    for row in rows:
        if len(known) > _MOST_KNOWN:
            known.clear()
        made = {name: row[name] for name in table.names}
        for name in said:
            text = row[name]
            if text not in known:
                known[text] = redactor.optional(text)
            made[name] = known[text]
        yield made


def version_rows(row: Mapping[str, Any], redactor: Redactor) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    """The row of versions, and the rows of edits, of a row with `edits`. The same places are masked in all of them."""
    masked = _masked_texts(row, redactor)
    edits = masked.pop("edits")
    version = {**row, **masked, "fields": redactor.fields(row["fields"])}
    for name in ("title", "issuer", "source", "organ", "organ_evidence"):
        version[name] = redactor.optional(row[name])
    return {name: version[name] for name in VERSIONS.names}, _edit_rows(version, edits)


def _edit_rows(version: Mapping[str, Any], edits: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    shared = {name: version[name] for name in ("report_id", "portal", "year", "version", "is_current", "key")}
    for position, edit in enumerate(edits):
        row = {**edit, **shared, "position": position, "starts": edit["start"], "ends": edit["end"]}
        yield {name: row[name] for name in EDITS.names}


def report_line(versions: Sequence[Mapping[str, Any]], redactor: Redactor) -> dict[str, Any]:
    """One report with all its versions, given as `gxgk show --json` prints each, oldest first.

    The current version is the object itself, the others are in `other_versions`, without what is the same in all.
    """
    masked = [masked_report(version, redactor) for version in versions]
    current = next(version for version in masked if version["current"])
    others = [
        {name: value for name, value in version.items() if name not in OF_THE_REPORT}
        for version in masked
        if version is not current
    ]
    return {**current, "other_versions": others}


def masked_report(version: Mapping[str, Any], redactor: Redactor) -> dict[str, Any]:
    """A report as `gxgk show --json` prints it, with the texts of pages masked."""
    named = {name: redactor.optional(version[name]) for name in ("title", "issuer", "source")}
    organ = version["organ"] and {name: redactor.optional(value) for name, value in version["organ"].items()}
    attachments = [
        {**file, "name": redactor.text(file["name"]), "text": redactor.optional(file["text"])}
        for file in version["attachments"]
    ]
    return {
        **version,
        **named,
        "organ": organ,
        **_masked_texts(version, redactor),
        "grids": redactor.grids(version["grids"]),
        "fields": redactor.fields(version["fields"]),
        "images": [{**image, "name": redactor.text(image["name"])} for image in version["images"]],
        "attachments": attachments,
        **_masked_figures(version, redactor),
    }


def _masked_figures(version: Mapping[str, Any], redactor: Redactor) -> dict[str, Any]:
    """The figures of a version; the words of the page that stand in them are masked, each once."""
    known: dict[str, str] = {}

    def masked(part: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
        for name in names:
            if part[name] not in known:
                known[part[name]] = redactor.text(part[name])
        return {**part, **{name: known[part[name]] for name in names}}

    tables = [
        {
            **table,
            "cells": [masked(cell, ("raw", "row_label", "col_label")) for cell in table["cells"]],
            "omitted": [masked(row, ("raw",)) for row in table["omitted"]],
        }
        for table in version["tables"]
    ]
    indicators = [{**one, "evidence": masked(one["evidence"], ("text",))} for one in version["indicators"]]
    return {"tables": tables, "indicators": indicators}


def _masked_texts(version: Mapping[str, Any], redactor: Redactor) -> dict[str, Any]:
    """text, extracted_text and edits, masked, and the digest of the text as it now is.

    The digest of the unmasked text would give the masked digits away: there are not many telephone numbers.
    """
    extracted_text, text, edits = redactor.version(version["extracted_text"], version["text"], version["edits"])
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"text": text, "text_sha256": digest, "extracted_text": extracted_text, "edits": edits}
