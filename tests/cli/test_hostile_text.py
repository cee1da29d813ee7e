"""Text of portals is only text: no command reads markup in it, and nothing in it steers the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gxgk_crawler.alarms.delivery import decide
from gxgk_crawler.cli import detect as detect_command
from gxgk_crawler.cli.main import app, main
from gxgk_crawler.crawl.survey import Survey
from gxgk_crawler.items import Channel, CrawlResult, Edit, Failure, Grid, GridCell
from gxgk_crawler.store import alarms
from gxgk_crawler.store.channels import save_channels
from gxgk_crawler.store.crawls import register_portal
from gxgk_crawler.store.journal import mark_gone
from gxgk_crawler.store.reports import save_report
from tests.store.samples import PORTAL, START, attachment, capture, finish, report, start

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Database

MARKUP = "样例[/][bold red]x[/bold red][link=https://evil.example/]y[/link]:smile:"
CONTROLS = "\x1b]0;t\x07\x1b[31m\x9b31m\x85\x08\r\u200f\u202e\u2066\u061c\u2028"
EVIL = f"{MARKUP}{CONTROLS}"
URL = f"https://www.sample.gov.cn/{MARKUP}{CONTROLS}"
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f]")
LONG_AGO = "100000"


@pytest.fixture(autouse=True)
def _hostile(database: Database) -> None:
    """A portal, two crawls, a report with three versions and an alarm, all of them full of it."""
    with database.begin() as conn:
        register_portal(conn, "sample", PORTAL, "openness")
        conn.execute(text("update portal set title = :evil, entry = :evil"), {"evil": EVIL})
        result = CrawlResult(
            outcome="blocked",
            cause=EVIL,
            evidence_url=URL,
            counts={"failed": 1},
            failures=[Failure(url=URL, reason=EVIL, kind="failed"), Failure(url=URL, reason=EVIL, kind="skipped")],
        )
        finish(conn, start(conn), result)
        decide(conn, failures_in_a_row=1, receivers=["webhook"])
        alarms.note_delivery(conn, 1, delivered_to=[], error=EVIL)
        save_channels(conn, "sample", [Channel(url=URL, title=EVIL, parent=URL)])
        for day, said in enumerate(("公开", "公开信息", "公开的信息")):
            said_twice = f"{said}{EVIL}\n{EVIL}"
            found = report(
                said_twice,
                day,
                url=URL,
                year=2020,
                title=EVIL,
                issuer=EVIL,
                source=EVIL,
                published_on="2021-12-01",
                fields={EVIL: EVIL},
                flags=[EVIL],
                extracted_text=EVIL + said_twice,
                edits=[Edit(kind="chrome", start=0, end=1, text=EVIL, rule=EVIL, suggestion=EVIL)],
                grids=[Grid(cells=[GridCell(row=0, col=0, text=EVIL)])],
                attachments=[
                    attachment(EVIL, name=EVIL, reason=EVIL, url=URL),
                    attachment(None, name=EVIL, reason=EVIL),
                ],
                capture=capture(day, url=URL),
                channels=[URL],
            )
            save_report(conn, found, extractor_version="1")
        mark_gone(conn, "sample", URL, START, capture(url=URL, status=404))


COMMANDS = [
    "reports",
    "reports --json",
    "show 1",
    "show 1 --version 2",
    "show 1 --text",
    "show 1 --json",
    "versions 1",
    "versions 1 --json",
    "diff 1",
    "diff 1 1 3 --json",
    "search 公开",
    "search 公开 --json",
    "status",
    f"status --stale {LONG_AGO} --json",
    "status sample",
    "status sample --json",
    "coverage",
    "coverage --json",
    "alarms",
    "alarms --json",
    "metrics",
    "schedule list",
    "schedule jobs",
    "verify",
    "verify --json",
    "portals",
    "db status",
    "detect https://www.sample.gov.cn/",
    "detect https://www.sample.gov.cn/ --json",
]


@pytest.fixture(autouse=True)
def _surveyed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `gxgk detect` would find on such a portal."""
    found = Survey(evidence=[(URL, "openness", [EVIL])], title=EVIL, site_code=EVIL, channels={URL: EVIL})
    monkeypatch.setattr(detect_command, "_survey", lambda *_: found)


def run(*arguments: str, width: int = 400) -> str:
    """All that a command prints, on both streams. An error for a person may end it, and nothing else."""
    ended = CliRunner().invoke(app, list(arguments), terminal_width=width, env={"COLUMNS": str(width)})
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.output


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_obeys_what_it_prints(command: str) -> None:
    printed = run(*command.split())
    assert UNSAFE.search(printed) is None


@pytest.mark.parametrize(
    ("command", "times"),
    [
        ("reports", 1), ("show 1", 8), ("show 1 --text", 2), ("diff 1", 1), ("search 公开", 1), ("status", 1),
        ("status sample", 6), ("coverage", 2), ("alarms", 1), ("verify", 1), ("detect https://www.sample.gov.cn/", 4),
    ],
)  # fmt: skip
def test_what_looks_like_markup_is_printed_as_it_is(command: str, times: int) -> None:
    printed = run(*command.split(), width=4000)
    assert printed.count(MARKUP) >= times
    assert "\\u001b[31m" in printed, "and what is escaped is seen"


def test_a_page_and_an_export_hold_it_in_their_own_escapes(tmp_path: Path) -> None:
    page = tmp_path / "coverage.html"
    assert UNSAFE.search(run("coverage", "--html", str(page))) is None
    assert "<link" not in page.read_text("utf-8")
    for kind in ("datapackage", "jsonl"):
        assert UNSAFE.search(run("export", str(tmp_path / kind), "--format", kind)) is None


@pytest.mark.process
def test_a_saved_page_is_printed_in_the_same_way(tmp_path: Path) -> None:
    title = EVIL.replace("\r", "").replace("\x85", "")
    body = f"<h1>{title}</h1>" + f"<p>政府信息公开工作年度报告{title}。</p>" * 20
    page = tmp_path / "page[bold].html"
    page.write_text(f"<html><head><title>{title}</title></head><body>{body}</body></html>", "utf-8")
    for more in ((), ("--json",), ("--url", f"https://www.sample.gov.cn/{quote(title)}")):
        assert UNSAFE.search(run("extract", str(page), *more)) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", EVIL), ("search", f'"{EVIL}'), ("reports", "--division", EVIL), ("show", EVIL), ("crawl", EVIL),
        ("schedule", "set", EVIL), ("schedule", "off", EVIL), ("export", f"/none/{EVIL}", "--format", EVIL),
    ],
)  # fmt: skip
def test_an_error_that_quotes_it_is_no_better_obeyed(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["gxgk", *arguments])
    with pytest.raises(SystemExit):
        main()
    told = capsys.readouterr()
    assert UNSAFE.search(told.out + told.err) is None
