"""Portal files read without importing them say what the loaded spiders say; what is not plain is left to the loader."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.spiders import plain_spiders, spiders
from gxgk_crawler.spiders.plain_files import plain_portals

if TYPE_CHECKING:
    from pathlib import Path

FILE = """from gxgk_crawler.portal import Portal
from gxgk_crawler.spiders.families import TrsSpider


class SampleSpider(TrsSpider):
    \"\"\"样例.\"\"\"

    name = "sample"
    portal = Portal(title="样例", entry="https://www.sample.gov.cn/", hosts=("zwgk.sample.gov.cn",))
"""


def test_plain_files_say_what_their_spiders_say() -> None:
    plain, loaded = plain_spiders(), spiders()
    assert plain is not None
    assert list(plain) == list(loaded)
    for name, portal in plain.items():
        spider = loaded[name]
        assert (portal.family, portal.title, portal.entry, portal.division, portal.site_code, portal.hosts) == (
            spider.family.name,
            spider.portal.title,
            spider.portal.entry,
            spider.portal.division,
            spider.portal.site_code,
            spider.portal.hosts,
        )


@pytest.mark.parametrize(
    "odd",
    [
        FILE.replace("TrsSpider", "OddSpider"),
        FILE.replace('"https://www.sample.gov.cn/"', "ENTRY"),
        FILE.replace("class", "PORTALS = 2\n\n\nclass", 1),
        FILE.replace('name = "sample"', "pass"),
        FILE + FILE.partition("\n\n\n")[2].replace("Sample", "Twin"),
        "class (",
    ],
)
def test_a_file_that_is_not_plain_is_left_to_the_loader(odd: str, tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(FILE, "utf-8")
    assert plain_portals([path]) is not None
    path.write_text(odd, "utf-8")
    assert plain_portals([path]) is None


@pytest.mark.process
def test_a_list_of_portals_imports_neither_scrapy_nor_the_database() -> None:
    listed = "import sys; from gxgk_crawler.cli import portals; portals._known_portals()"
    code = f"{listed}; print('scrapy' in sys.modules, 'sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
