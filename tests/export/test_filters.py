"""A part of the archive is a package of its own: the reports asked for, and everything they refer to."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import frictionless
import pytest
from typer.testing import CliRunner

from gxgk_crawler.cli.main import app
from gxgk_crawler.errors import GxgkError
from gxgk_crawler.store.captures import save_captures
from gxgk_crawler.store.reports import save_report
from tests.export.conftest import HOSTILE, export
from tests.store.samples import attachment, capture, report

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Database

ALL = set(range(2008, 2008 + len(HOSTILE)))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("options", "years"),
    [
        (["--portal", "sample"], ALL),
        (["--portal", "other"], {2020}),
        (["--year", "2010"], {2010}),
        (["--since", "2012", "--until", "2013", "--portal", "sample"], {2012, 2013}),
        (["--division", "内蒙古自治区"], ALL),
        (["--division", "510000"], {2020}),
        (["--issuer", "样本市", "--until", "2011"], {2009, 2011}),
        (["--flag", "low_confidence"], {2011}),
        (["--report", "3"], {2010}),
    ],
)
def test_a_part_is_whole_in_itself(archive: Database, tmp_path: Path, options: list[str], years: set[int]) -> None:
    out = tmp_path / "out"
    told = export(out, "--format", "datapackage", *options)
    assert {int(row["year"]) for row in read(out / "reports.csv")} == years
    assert told["tables"]["reports"] == len(years)
    judged = frictionless.validate(str(out / "datapackage.json"))
    assert judged.valid, judged.flatten(["title", "rowNumber", "fieldName", "message"])
    reports = {row["id"] for row in read(out / "reports.csv")}
    assert {row["report_id"] for row in read(out / "versions.csv")} == reports
    described = json.loads((out / "datapackage.json").read_text("utf-8"))
    given = zip(options[::2], options[1::2], strict=True)
    assert {f"--{name}": str(value) for name, value in described["filters"].items()} == dict(given)

    export(tmp_path / "lines", "--format", "jsonl", *options)
    lines = [json.loads(line) for line in (tmp_path / "lines" / "reports.jsonl").read_bytes().splitlines()]
    assert {str(line["id"]) for line in lines} == reports


def test_a_portal_comes_with_all_its_captures_and_a_year_with_those_it_needs(archive: Database, tmp_path: Path) -> None:
    export(tmp_path / "portal", "--format", "datapackage", "--portal", "sample")
    export(tmp_path / "year", "--format", "datapackage", "--year", "2009")
    roles = {row["role"] for row in read(tmp_path / "portal" / "captures.csv")}
    assert roles == {"report", "robots"}
    needed = read(tmp_path / "year" / "captures.csv")
    assert [row["url"] for row in needed] == ["https://www.sample.gov.cn/1.html"] * 3
    assert {row["portal"] for row in read(tmp_path / "year" / "crawls.csv")} == {"sample"}
    assert {row["portal"] for row in read(tmp_path / "portal" / "crawls.csv")} == {"sample"}


def test_a_report_comes_with_the_captures_it_consists_of(archive: Database, tmp_path: Path) -> None:
    file, part, original = capture(role="attachment"), capture(role="report"), capture(role="stylesheet")
    revisit = capture(role="stylesheet", status=304, refers_to=original.record_id)
    found = report("全文", 5, url="https://www.sample.gov.cn/p.html", year=2041)
    found = replace(
        found, parts=[part], requisites=[revisit.record_id], attachments=[attachment("附件的文本", capture=file)]
    )
    with archive.begin() as conn:
        save_captures(conn, [file, original, revisit, capture(role="page")], portal="sample")
        save_report(conn, found, extractor_version="1")
    out = tmp_path / "out"
    export(out, "--format", "datapackage", "--year", "2041")
    expected = {one.record_id for one in (found.capture, file, part, original, revisit)}
    assert {row["record_id"] for row in read(out / "captures.csv")} == expected
    assert [row["record_id"] for row in read(out / "attachments.csv")] == [file.record_id]
    assert frictionless.validate(str(out / "datapackage.json")).valid


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--format", "jsonl", "--portal", "nowhere"], "no portal nowhere"),
        (["--format", "parquet", "--division", "某处"], "no division 某处"),
        (["--format", "datapackage", "--year", "1999"], "there is nothing to export"),
        (["--format", "wacz", "--since", "2010"], "not by --since"),
        (["--format", "wacz", "--division", "150000"], "not by --division"),
        (["--format", "wacz", "--redact", "contacts"], "it cannot be redacted"),
    ],
)
def test_what_cannot_be_had_is_one_clear_line(archive: Database, tmp_path: Path, options: list[str], line: str) -> None:
    with pytest.raises(GxgkError, match=line):
        CliRunner().invoke(app, ["export", str(tmp_path / "out"), *options], catch_exceptions=False)
    assert not list(tmp_path.glob("out/*"))


def test_redaction_is_the_default_and_counted(archive: Database, tmp_path: Path) -> None:
    said = "联系人：王小明，电话：0470-8200000，邮箱：a@example.cn\n样政〔2024〕12号"
    with archive.begin() as conn:
        save_report(
            conn,
            report(said, 50, url="https://www.sample.gov.cn/r.html", year=2040, fields={"电话": "8200000"}),
            extractor_version="1",
        )
    for level, name, counts in (
        (None, "王小明", {"landline": 2, "email": 1}),
        ("persons", "＊＊＊", {"landline": 2, "email": 1, "name": 1}),
        ("none", "王小明", {}),
    ):
        options: list[str] = [] if level is None else ["--redact", level]
        out = tmp_path / str(level)
        told: Any = export(out, "--format", "datapackage", "--year", "2040", *options)
        assert told["redaction"] == {"level": level or "contacts", "masked": counts}
        assert json.loads((out / "datapackage.json").read_text("utf-8"))["redaction"] == told["redaction"]
        (version,) = read(out / "versions.csv")
        phone, mail = ("0470-8200000", "a@example.cn") if level == "none" else ("*" * 12, "*" * 12)
        assert version["text"] == f"联系人：{name}，电话：{phone}，邮箱：{mail}\n样政〔2024〕12号"
        assert version["extracted_text"].endswith(version["text"])
        assert json.loads(version["fields"]) == {"电话": "8200000" if level == "none" else "*" * 7}
