"""A row of the registry is changed only by what an answer proves, and the change is a diff that git applies."""

from __future__ import annotations

import csv
import datetime as dt
import subprocess
from pathlib import Path

import pytest

from gxgk_crawler.analysis.registry_check import EntryAnswer, judge_entry, registry_diff
from gxgk_crawler.rules.load import table_text
from gxgk_crawler.rules.registry import RegistryRow, registry, rows_of

TODAY = dt.date(2026, 11, 28)
ROW = RegistryRow(
    name="hlbe",
    title="呼伦贝尔市人民政府",
    entry="https://www.hlbe.gov.cn/",
    level="prefecture",
    division="150700",
    confidence="A",
)


def answer(
    url: str = ROW.entry, title: str = "呼伦贝尔市人民政府门户网站", code: str | None = "1507000006"
) -> EntryAnswer:
    return EntryAnswer(url=url, title=title, site_code=code)


@pytest.mark.parametrize(
    "proves_nothing",
    [
        answer(),
        answer(title="首页", code=None),
        answer(title="", code=None),
        answer(code="4500000001"),  # a reused template; the title names the place
        answer(url="https://www.example.com/"),  # a hijacked host is no new one
        EntryAnswer(url=ROW.entry, outcome="blocked", reason="HTTP 403: access refused"),
        EntryAnswer(url=ROW.entry, outcome="challenged", reason="HTTP 412"),
    ],
)
def test_what_proves_nothing_changes_nothing(proves_nothing: EntryAnswer) -> None:
    assert judge_entry(ROW, proves_nothing, TODAY) is None


def test_a_moved_host_becomes_the_entry_and_the_old_one_a_further_host() -> None:
    found = judge_entry(ROW, answer(url="https://www.hulunbuir.gov.cn/index.html"), TODAY)
    assert found is not None
    assert (found.kind, found.row.entry, found.row.hosts_also) == (
        "moved",
        "https://www.hulunbuir.gov.cn/",
        ("www.hlbe.gov.cn",),
    )
    assert found.row.note == "2026-11: moved from www.hlbe.gov.cn"


def test_a_host_that_answers_by_http_alone_keeps_its_name() -> None:
    found = judge_entry(ROW, answer(url="http://www.hlbe.gov.cn/"), TODAY)
    assert found is not None
    assert (found.row.entry, found.row.hosts_also, found.row.note) == ("http://www.hlbe.gov.cn/", (), None)


def test_a_dead_host_is_noted_and_stays() -> None:
    found = judge_entry(ROW, EntryAnswer(url=ROW.entry, outcome="dns", reason="no such host"), TODAY)
    assert found is not None
    assert (found.kind, found.row.entry, found.row.note) == ("dead", ROW.entry, "2026-11: no page, dns")


@pytest.mark.parametrize(
    "other", [answer(title="样例市人民政府", code="3201000001"), answer(title="样例市人民政府", code=None)]
)
def test_another_place_is_told_by_code_and_title(other: EntryAnswer) -> None:
    found = judge_entry(ROW, other, TODAY)
    assert found is not None
    assert (found.kind, found.row.confidence) == ("wrong_place", "C")


def test_a_central_organ_is_told_by_its_host_alone() -> None:
    row = RegistryRow(name="sample", title="样例部", entry="https://www.sample.gov.cn/", level="ministry")
    assert judge_entry(row, answer(url=row.entry, title="国家样例委员会", code="bm12000001"), TODAY) is None


@pytest.mark.process
def test_the_diff_applies_and_changes_its_rows_alone(tmp_path: Path) -> None:
    file = "gxgk_crawler/rules/portals.csv"
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(table_text("portals"), "utf-8")
    dead = EntryAnswer(url="", outcome="timeout", reason="too slow")
    names = ["hlbe", next(reversed(registry())), next(iter(registry()))]
    found = {name: judge_entry(registry()[name], dead, TODAY) for name in names}
    diff = registry_diff(table_text("portals"), {name: f for name, f in found.items() if f is not None}, file)
    subprocess.run(["git", "apply", "-"], input=diff.encode(), cwd=tmp_path, check=True)
    after = rows_of(csv.DictReader((tmp_path / file).read_text("utf-8").splitlines()), file)
    changed = {name for name, row in after.items() if row != registry()[name]}
    assert changed == set(names)
    assert all("no page, timeout" in (after[name].note or "") for name in names)


def test_nothing_found_is_no_diff() -> None:
    assert registry_diff(table_text("portals"), {}, "portals.csv") == ""
