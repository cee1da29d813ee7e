"""The portals that have a file, walked in this process through what happens to portals over the years: complete, or not a success."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.spiders import portal_loader
from tests.crawl.walk import Walk, Walked
from tests.replica import Page, replicas
from tests.replica.proxy import Fault

if TYPE_CHECKING:
    from tests.replica import Replica

NAMES = ("hlbe", "sxxz", "scdongqu", "lincang", "gaoming")
# A part of every address of the annual-report channel, and what a redesign makes of it.
MOVED = {"sxxz": ("xxgknb", "zfxxgknb_7"), "scdongqu": ("zfxxgknb", "xxgknb2")}


def crawled(replica: Replica, *, before: Walked | None = None, faults: tuple[Fault, ...] = ()) -> Walked:
    spider = portal_loader().load(replica.name)()
    return Walk(replica.sites, spider, before=before, faults=faults).run()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_plain_and_changed(name: str) -> None:
    replica = replicas()[name]
    first = crawled(replica)
    assert (first.result.outcome, set(first.rows)) == ("ok", set(replica.reports)), first.line
    fresh = replica.publish()
    second = crawled(replica, before=first)
    assert second.result.outcome == "ok", second.line
    assert set(fresh) <= set(second.rows)
    assert len(second.asked) < len(first.asked), "a second crawl stays at lists and what is new"


@pytest.mark.parametrize("name", NAMES)
def test_a_removed_report_is_gone_and_no_hole(name: str) -> None:
    replica = replicas()[name]
    first = crawled(replica)
    newest = max(sample.year for sample in replica.reports.values())
    removed = replica.remove(newest)
    second = crawled(replica, before=first)
    assert second.result.outcome in {"ok", "unchanged"}, second.line
    assert second.gone <= {removed}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("every", [7, 10, 13])
def test_a_part_of_the_answers_fails(name: str, every: int) -> None:
    replica = replicas()[name]
    entry = portal_loader().load(name).portal.entry  # type: ignore[attr-defined]
    fault = Fault(effect="status", status=503, every=every, match=f"^(?!{entry}$)")
    walked = crawled(replica, faults=(fault,))
    failed = {failure.url.replace("http:", "https:") for failure in walked.result.failures if failure.kind == "failed"}
    missing = {url.replace("http:", "https:") for url in set(replica.reports) - set(walked.rows)}
    if walked.code == 0:
        assert missing <= failed, "a success names every report that it lacks"
    else:
        assert missing or failed


@pytest.mark.parametrize("name", MOVED)
def test_after_a_redesign_all_reports_are_found_at_their_new_addresses(name: str) -> None:
    replica = replicas()[name]
    first = crawled(replica)
    old, new = (f"/{part}/" for part in MOVED[name])
    reports = {url.replace(old, new) for url in replica.reports}
    for site in replica.sites:
        pages = {}
        for target, page in site._pages.items():
            if isinstance(page, Page):
                page = replace(page, body=page.body.replace(old.encode(), new.encode()), modified=None)  # noqa: PLW2901
            pages[target.replace(old, new)] = page
        site.redraw(pages)
    second = crawled(replica, before=first)
    assert second.result.outcome == "ok", second.line
    assert reports <= set(second.rows)
