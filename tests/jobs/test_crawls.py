"""A crawl that is due is begun once, however close two machines look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.jobs.due import crawl_if_due
from gxgk_crawler.jobs.process import Processes, ProcessResult

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Database


class Slow(Processes):
    """Its crawl is only starting, and holds nothing yet, when others look whether the portal is due."""

    def __init__(self, database: Database, directory: Path) -> None:
        super().__init__(directory)
        self._database = database
        self._log = directory / "log"
        self.others: list[str] = []

    def run(self, name: str, module: str, arguments: Sequence[str]) -> ProcessResult:
        for portal in ("hlbe", "sxxz"):
            self.others.append(crawl_if_due(self._database, Idle(self._log.parent), portal, []).what)
        return ProcessResult(code=1, line=f"{name}: no output", log=self._log)


class Idle(Processes):
    """Begins nothing, as when it is to stop."""

    def run(self, name: str, module: str, arguments: Sequence[str]) -> None:
        return


def test_who_is_about_to_crawl_a_portal_has_it_alone(database: Database, tmp_path: Path) -> None:
    slow = Slow(database, tmp_path)
    assert crawl_if_due(database, slow, "hlbe", []).what == "lost"
    assert slow.others == ["elsewhere", "stopped"]
    assert crawl_if_due(database, Idle(tmp_path), "hlbe", []).what == "stopped", "the claim has ended with the crawl"
