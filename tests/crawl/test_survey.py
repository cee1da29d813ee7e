"""`gxgk detect` and `gxgk add` on portals without a file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gxgk_crawler.cli.main import main

if TYPE_CHECKING:
    from tests.crawl.conftest import Home

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("url", "family"),
    [
        ("https://www.hlbe.gov.cn/", "openness"),
        ("https://www.sxxz.gov.cn/", "trs"),
        ("https://www.lincang.gov.cn/", "vsb"),
        ("https://www.ceshishi.gov.cn/", "jcms"),
        ("https://www.yangbenxian.gov.cn/", "gkmlpt"),
        ("http://www.scdongqu.gov.cn/", "panzhihua"),
        ("http://www.shouzuozhen.gov.cn/", "generic"),
    ],
)
def test_detect_names_the_family_with_evidence(home: Home, url: str, family: str) -> None:
    told = home.json("detect", url, *FAST)
    assert told["family"] == family
    assert told["channels"]
    assert told["sample"]
    assert any(page["marks"] for page in told["evidence"]) == (family != "generic")


def test_detect_says_why_it_cannot(home: Home) -> None:
    ended = home.gxgk("detect", "https://nowhere.example.gov.cn/", *FAST)
    assert ended.code == 1
    assert ended.line.startswith("gxgk: https://nowhere.example.gov.cn/: ")
    assert "Traceback" not in ended.err


def test_looking_at_a_portal_leaves_no_crawl(home: Home) -> None:
    """The bytes are archived; neither the next crawl nor a reindex takes what was fetched for a crawl that was killed."""
    url = "https://www.hlbe.gov.cn/"
    looked = [
        home.gxgk("detect", url, *FAST),
        home.gxgk("detect", "https://www.hlbe.gov.cn:99999/", *FAST),
        home.gxgk("detect", "https://nowhere.example.gov.cn/", *FAST),
        home.scrapy("fetch", "--spider=hlbe", "--nolog", url),
        home.scrapy("parse", "--spider=hlbe", "--nolog", url),
        home.crawl("portal", "-a", "url=https://www.hlbe.gov.cn:99999/"),
    ]
    assert [ended.code for ended in looked] == [0, 1, 1, 0, 0, 2]
    assert "<html" in looked[3].out
    assert home.gxgk("reindex").code == 0
    assert home.json("status") == []
    assert home.gxgk("verify").code == 0


def test_add_writes_a_portal_that_crawls(home: Home, tmp_path: Path) -> None:
    """Written into a copy of the package: the file, the page and the golden; then the new spider finds every report."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    subprocess.run(["cp", "-r", ROOT / "gxgk_crawler", checkout], check=True)
    added = home.gxgk("add", "https://www.ceshishi.gov.cn/", "--division", "150300", "--root", str(checkout), *FAST)
    assert added.code == 0, added.err
    (written,) = checkout.glob("gxgk_crawler/spiders/*/ceshishi.py")
    assert len(written.read_text("utf-8").splitlines()) <= 15
    (golden,) = checkout.glob("tests/portals/ceshishi/*/expected.json")
    assert json.loads(golden.read_text("utf-8"))["year"] in {
        sample.year for sample in home.portals["jcms"].reports.values()
    }
    home.environ["PYTHONPATH"] = str(checkout)
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=checkout,
        env=home.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "ceshishi" in listed.stdout.split()
    again = home.gxgk("add", "https://www.ceshishi.gov.cn/", "--division", "150300", "--root", str(checkout), *FAST)
    assert (again.code, "is there already" in again.line) == (1, True)


@pytest.mark.parametrize("command", ["detect", "add"])
@pytest.mark.parametrize("url", ["notaurl", "ftp://www.example.gov.cn/", "http://["])
def test_what_is_no_url_is_refused_in_one_line(
    command: str, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["gxgk", command, url, *(["--root", str(ROOT)] if command == "add" else [])])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    if url == "notaurl":  # it may be a name of the registry
        said = "no row of the registry has the name notaurl: give a URL; `gxgk portals --registry` lists the names"
    else:
        said = f"an http or https URL is wanted, such as https://www.example.gov.cn/, not {url!r}"
    assert captured.err == f"gxgk: {said}\n"
