"""A copy of the room as files: every link inside it leads to a file of it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from gxgk_crawler.store.views.report_lists import Listed
from gxgk_crawler.web.freezing import freeze
from tests.web.test_originals import captures, key

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.web.room import Room

__all__ = ["captures", "key"]


def test_every_link_of_a_copy_leads_to_a_file(room: Room, key: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    done = freeze(room, site, Listed(prefix="1507"), years=(2019, None), progress=lambda _: None)
    pages = list(site.rglob("*.html"))
    assert done.pages == sum(1 for path in site.rglob("*") if path.is_file())
    assert (site / "reports" / key / "index.html") in pages
    assert (site / "frame" / key / "1" / "index.html") in pages
    for page in pages:
        text = page.read_text()
        assert '<meta http-equiv="Content-Security-Policy"' in text
        assert not re.search(r'(href|src)="/', text), page
        assert 'role="search"' not in text
        for link in re.findall(r'\b(?:href|src)="(?!https?:|#)([^"#]+)', text):
            target = posixpath.normpath(posixpath.join(page.parent.relative_to(site).as_posix(), link))
            assert (site / target).is_file() or not link, (page, link)


def test_a_copy_holds_the_selection_alone(room: Room, key: str, tmp_path: Path) -> None:
    freeze(room, tmp_path / "site", Listed(prefix="1507"), years=(2021, None), progress=lambda _: None)
    assert not (tmp_path / "site" / "reports" / key).exists()
