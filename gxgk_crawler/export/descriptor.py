"""The descriptions of an export: datapackage.json (Frictionless), and for CSV csv-metadata.json (CSVW)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gxgk_crawler import __version__
from gxgk_crawler.export.csv_table import BEGINS_FORMULA, ESCAPE, instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gxgk_crawler.export.export_table import Column, ExportTable, Kind
    from gxgk_crawler.redaction.redactor import Redactor

DESCRIPTOR = "datapackage.json"
CSVW = "csv-metadata.json"  # the name that CSVW processors look for
SOFTWARE = "gxgk_crawler"

_TITLE = "政府信息公开工作年度报告"
_DESCRIPTION = (
    "Annual reports of Chinese governments on the disclosure of government information 政府信息公开工作年度报告, as their portals "
    "published them: all texts over time, what was removed from them, and the archived responses they were read from."
)
# No licence was granted for these texts, so none is named here.
_RIGHTS = (
    "The reports are documents of the Chinese state organs that issued them. Article 5 of the Copyright Law of the People's Republic "
    "of China leaves documents of legislative, administrative and judicial nature unprotected; no licence was granted or asked for. "
    "gxgk_crawler claims no rights in them. Who publishes this package may add a licence for their own part."
)

_FRICTIONLESS: dict[Kind, str] = {
    "strings": "array",
    "spans": "array",
    "dates": "array",
    "failures": "array",
    "objects": "array",
    "strings by name": "object",
    "integers by name": "object",
}
_CSVW: dict[Kind, object] = {
    "integer": "integer",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "datetime": {"base": "dateTimeStamp", "format": "yyyy-MM-ddTHH:mm:ss.SSSSSSX"},
    "string": "string",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A finished file. path: its name. media_type, format: as Frictionless names them. size: in bytes. sha256: of its bytes."""

    path: str
    table: ExportTable
    format: str
    media_type: str
    size: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Facts about an export as a whole.

    filters: those that were given. portals: rows of the table of that name. escape: texts in CSV that a spreadsheet takes for
    formulas are escaped.
    """

    created: datetime
    filters: Mapping[str, Any]
    redactor: Redactor
    portals: Sequence[Mapping[str, Any]]
    escape: bool


def data_package(files: Sequence[File], about: About) -> dict[str, Any]:
    """A Frictionless Data Package; software, filters, redaction and escaping are properties of gxgk."""
    tabular = all(file.format == "csv" for file in files)
    return {
        "profile": "tabular-data-package" if tabular else "data-package",
        "name": "gxgk",
        "title": _TITLE,
        "description": _DESCRIPTION,
        "rights": _RIGHTS,
        "keywords": ["政府信息公开", "open government", "China", "freedom of information", "annual reports"],
        "created": instant(about.created),
        "software": f"{SOFTWARE}/{__version__}",
        "filters": dict(about.filters),
        "redaction": {"level": about.redactor.level.value, "masked": dict(sorted(about.redactor.masked.items()))},
        **({"escaping": _escaping(about)} if tabular else {}),
        "sources": [{"title": portal["title"], "path": portal["entry"]} for portal in about.portals],
        "resources": [_resource(file, {one.table.name for one in files}) for file in files],
    }


def _escaping(about: About) -> dict[str, Any] | None:
    """How texts in CSV are escaped; None when they are not."""
    if not about.escape:
        return None
    return {
        "character": ESCAPE,
        "before": list(BEGINS_FORMULA),
        "description": (
            f"A text that begins with one of these, or with {ESCAPE} and then one of these, has one {ESCAPE} in front, so that no "
            "spreadsheet takes it for a formula. Digests and offsets are those of the text without it."
        ),
    }


def _resource(file: File, present: set[str]) -> dict[str, Any]:
    dialect = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}
    tabular = file.format == "csv"
    return {
        "profile": "tabular-data-resource" if tabular else "data-resource",
        "name": file.table.name,
        "path": file.path,
        "description": file.table.meaning,
        "format": file.format,
        "mediatype": file.media_type,
        **({"encoding": "utf-8", "dialect": dialect} if tabular else {}),
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": table_schema(file.table, present),
    }


def table_schema(table: ExportTable, present: set[str]) -> dict[str, Any]:
    """A Frictionless Table Schema. present: names of the tables that the package holds."""
    return {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {
                "fields": list(reference.columns),
                "reference": {"resource": reference.table, "fields": list(reference.of)},
            }
            for reference in table.references
            if reference.table in present
        ],
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _FRICTIONLESS.get(column.kind, column.kind),
        "description": column.meaning,
    }
    if not column.nullable:
        field["constraints"] = {"required": True}
        if column.kind == "string":
            field["missingValues"] = []  # an empty text is a text
    return field


def csvw(files: Sequence[File], about: About) -> dict[str, Any]:
    """CSV on the Web (W3C): the same tables and columns for programs that read linked data."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": _TITLE,
        "dc:description": " ".join(filter(None, [_DESCRIPTION, (_escaping(about) or {}).get("description")])),
        "dc:rights": _RIGHTS,
        "dc:created": {"@value": instant(about.created), "@type": "xsd:dateTime"},
        "dc:source": [portal["entry"] for portal in about.portals],
        "tables": [_csvw_table(file) for file in files],
    }


def _csvw_table(file: File) -> dict[str, Any]:
    table = file.table
    return {
        "url": file.path,
        "dc:description": table.meaning,
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "delimiter": ",", "doubleQuote": True},
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": column.name,
                    "dc:description": column.meaning,
                    "datatype": _CSVW.get(column.kind, "json"),
                    "required": not column.nullable and column.kind != "string",
                    **({} if column.nullable or column.kind != "string" else {"default": ""}),
                }
                for column in table.columns
            ],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "columnReference": list(reference.columns),
                    "reference": {"resource": f"{reference.table}.csv", "columnReference": list(reference.of)},
                }
                for reference in table.references
            ],
        },
    }
