from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from gxgk_crawler.analysis.coverage import coverage_of
from gxgk_crawler.cli.main import app
from gxgk_crawler.cli.read.coverage_page import page
from gxgk_crawler.errors import ConfigError
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.journal import mark_gone
from gxgk_crawler.store.reports import save_report
from tests.analysis.summaries import TODAY, found, summary
from tests.store.samples import PORTAL, START, capture, report

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Database


def test_the_page_is_one_file_and_shows_no_markup_of_portals() -> None:
    gone = datetime(2023, 1, 1, tzinfo=UTC)
    nasty = "<script>alert(1)</script>"
    made = page(
        found(
            summary(1, 2019, published_on="2020-05-01"),
            summary(2, 2021, title=nasty, issuer=nasty, gone_at=gone),
            summary(3, 2021, title="x", url='javascript:alert("x")', gone_at=gone),
        )
    )
    assert nasty not in made
    assert "&lt;script&gt;" in made
    assert 'href="javascript' not in made
    assert "src=" not in made
    for word in ("呼伦贝尔市", ">gap<", "1!", "2x", ">no report at all<", "2024-06-01"):
        assert word in made


def test_nothing_at_all_is_a_page_too() -> None:
    assert "Late: 0" in page(coverage_of([], [], TODAY))


def test_a_terminal_shows_the_matrix_in_80_columns_and_then_who_was_late(database: Database) -> None:
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
        for year in range(2008, 2025):
            held = report("文", url=f"https://www.sample.gov.cn/{year}", year=year, published_on=f"{year + 1}-03-01")
            save_report(conn, held, extractor_version="1")
        held = report("文", url="https://www.sample.gov.cn/late", year=2020, published_on="2021-04-10")
        save_report(conn, held, extractor_version="1")
        mark_gone(conn, "sample", "https://www.sample.gov.cn/2019", START, capture(status=404))
    shown = CliRunner().invoke(app, ["coverage"])
    lines = shown.stdout.splitlines()
    assert max(map(len, lines[:2])) <= 80
    assert re.match(r"150700 +呼伦贝尔市( 1 ){11} 1x +2! +1 ", lines[1])
    assert "   10 days late, due 2021-03-31: 样本市人民政府 2020  https://www.sample.gov.cn/late" in lines
    assert any(line.startswith("  gone since 2026-01-01: ") for line in lines)


def test_a_page_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["coverage", "--html", str(tmp_path / "none" / "x.html")])
    assert isinstance(ended.exception, ConfigError)
