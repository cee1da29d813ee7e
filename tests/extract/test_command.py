"""`gxgk extract` as a person types it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.extract.pages import TEXT, TITLE, page

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gxgk_crawler.cli.extract", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.process
def test_one_value_for_one_file_and_a_line_each_for_several(tmp_path: Path) -> None:
    saved, plain, unread = tmp_path / "a.html", tmp_path / "b.txt", tmp_path / "c.rar"
    saved.write_bytes(page())
    plain.write_text(f"{TEXT}\n打印 关闭")
    unread.write_bytes(b"Rar!\x1a\x07\x00")
    one = json.loads(run("--json", saved, "--url", "https://www.example.gov.cn/t20220120_1.html").stdout)
    assert (one["title"], one["text"], one["year"]) == (TITLE, TEXT, 2021)
    assert {"value": "2022-01-20", "source": "url"} in one["dates"]
    assert (one["tables"], one["checks"]) == ([], [])
    stated = {(figure["key"], figure["value"], figure["unit"]) for figure in one["indicators"]}
    assert stated == {("proactive.total", 3208, "条"), ("requests.received", 41, "件")}
    several = run(saved, plain, unread, "--json")
    documents = [json.loads(line) for line in several.stdout.splitlines()]
    assert [document["text"] for document in documents] == [TEXT, TEXT, ""]
    assert documents[1]["edits"][0]["text"] == "\n打印 关闭"
    assert "no unar: RAR archives are not unpacked" in several.stderr


@pytest.mark.process
def test_the_figures_of_statutory_tables_come_with_their_places_and_verdicts(tmp_path: Path) -> None:
    rows = (
        "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |" * 3,
        "8 | 0 | 1 | 3 | 12 | 0 | 0 | 0 | 0 | 0 | 3 | 0 | 1 | | 5 |",
    )
    saved = tmp_path / "a.txt"
    saved.write_text("\n".join([TEXT, "行政复议 | 未经复议直接起诉 | 复议后起诉 |", *rows]))
    document = json.loads(run("--json", saved).stdout)
    (table,) = document["tables"]
    cells = {(cell["row"], cell["col"]): cell for cell in table["cells"]}
    total = cells["review", "total"]
    assert (table["table"], total["value"], total["semantic"], total["method"], total["attachment"]) == (
        "T4",
        12,
        "number",
        "flat",
        None,
    )
    assert document["text"][total["place"]["start"] : total["place"]["end"]] == "12"
    assert (
        cells["litigation.after_review", "pending"]["semantic"],
        cells["litigation.after_review", "pending"]["value"],
    ) == ("blank", None)
    verdicts = {one["at"]: (one["rule"], one["status"], one["delta"]) for one in document["checks"]}
    assert verdicts["review"] == ("E4", "pass", 0)
    assert verdicts["litigation.after_review"] == ("E4", "fail", 1)


@pytest.mark.process
def test_people_see_the_text_and_what_was_removed(tmp_path: Path) -> None:
    saved = tmp_path / "a.txt"
    saved.write_text(f"{TEXT}\n打印 关闭")
    shown = run(saved)
    assert shown.returncode == 0
    assert "buttons" in shown.stdout
    assert TEXT.split("\n")[1] in shown.stdout


@pytest.mark.process
def test_every_path_has_its_line_in_order(tmp_path: Path) -> None:
    first, last, program = tmp_path / "a.html", tmp_path / "z.txt", tmp_path / "ls"
    first.write_bytes(page())
    last.write_text(TEXT)
    program.write_bytes(b"\x7fELF" + bytes(range(256)) * 8)
    several = run("--json", first, tmp_path / "none.html", tmp_path, program, last)
    lines = [json.loads(line) for line in several.stdout.splitlines()]
    assert several.returncode == 1
    assert [line.get("file") for line in lines] == [
        None,
        str(tmp_path / "none.html"),
        str(tmp_path),
        str(program),
        None,
    ]
    assert [set(line) for line in lines[1:4]] == [{"file", "error"}] * 3
    assert [lines[0]["text"], lines[4]["text"]] == [TEXT, TEXT]
    assert "Traceback" not in several.stderr
    assert len(several.stderr.splitlines()) == 3


@pytest.mark.process
def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    failed = run(tmp_path / "none.html")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert failed.stderr.strip().splitlines() == [f"cannot read {tmp_path / 'none.html'}: No such file or directory"]
