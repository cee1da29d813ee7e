"""A WACZ file holds what a replay needs: every report, its requisites, and the originals that revisits refer to."""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile

import pytest

from gxgk_crawler.archive.cdx import Sorter, surt
from gxgk_crawler.archive.reader import Record, parse_record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawl.conftest import Home


class Wacz:
    """A WACZ file read as its specification says, without the code that wrote it."""

    def __init__(self, path: Path) -> None:
        self.zip = ZipFile(path)
        self.package: dict[str, Any] = json.loads(self.zip.read("datapackage.json"))
        self.index = [
            (line.split(" ", 2)[0], line.split(" ", 2)[1], json.loads(line.split(" ", 2)[2]))
            for line in self.zip.read("indexes/index.cdx").decode().splitlines()
        ]
        self.pages = [json.loads(line) for line in self.zip.read("pages/pages.jsonl").decode().splitlines()]

    def check(self) -> None:
        assert self.package["profile"] == "data-package"
        assert self.package["wacz_version"] == "1.1.1"
        assert all(info.compress_type == ZIP_STORED for info in self.zip.infolist())
        named = {resource["path"] for resource in self.package["resources"]}
        assert named == set(self.zip.namelist()) - {"datapackage.json", "datapackage-digest.json"}
        for resource in self.package["resources"]:
            data = self.zip.read(resource["path"])
            assert (resource["bytes"], resource["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
        digest = json.loads(self.zip.read("datapackage-digest.json"))
        assert digest["hash"] == f"sha256:{hashlib.sha256(self.zip.read('datapackage.json')).hexdigest()}"
        lines = self.zip.read("indexes/index.cdx").splitlines()
        assert lines == sorted(lines)
        assert self.pages[0]["format"] == "json-pages-1.0"
        originals = {record.record_id for record in map(self.record, self.index)}
        for entry in self.index:
            record = self.record(entry)
            assert record.headers["WARC-Target-URI"] == entry[2]["url"]
            record.check()
            if record.type == "revisit":
                assert record.headers["WARC-Refers-To"].strip("<>") in originals

    def record(self, entry: tuple[str, str, dict[str, str]]) -> Record:
        place = entry[2]
        with self.zip.open(f"archive/{place['filename']}") as file:
            file.seek(int(place["offset"]))
            member = file.read(int(place["length"]))
        record = parse_record(zlib.decompress(member, 31), int(place["offset"]), int(place["length"]))
        assert record is not None
        return record

    @property
    def urls(self) -> set[str]:
        return {entry[2]["url"] for entry in self.index}


@pytest.fixture
def crawled(home: Home) -> Home:
    """A home with two portals, one of them crawled twice, so that there are revisits."""
    assert home.crawl("hlbe", "-s", "ARCHIVE_ROTATE_BYTES=60000").code == 0
    replica = home.portals["hlbe"]
    replica.correct(max(sample.year for sample in replica.reports.values()))
    assert home.crawl("hlbe", "-a", "recheck=all").code == 0
    assert home.crawl("lincang").code == 0
    return home


def test_all_of_the_archive_a_portal_and_a_year(crawled: Home, tmp_path: Path) -> None:
    replica = crawled.portals["hlbe"]
    for name, options in {
        "gxgk": [],
        "hlbe": ["--portal", "hlbe"],
        "hlbe-2019": ["--portal", "hlbe", "--year", "2019"],
    }.items():
        ended = crawled.gxgk("export", str(tmp_path / "out"), "--format", "wacz", "--json", *options)
        assert ended.code == 0, ended.err
        told = json.loads(ended.out)
        wacz = Wacz(tmp_path / "out" / f"{name}.wacz")
        wacz.check()
        assert (told["captures"], told["pages"]) == (len(wacz.index), len(wacz.pages) - 1)
        shown = {page["url"] for page in wacz.pages[1:]}
        expected = {url for url, sample in replica.reports.items() if name != "hlbe-2019" or sample.year == 2019}
        assert expected <= shown
        assert shown <= wacz.urls
        assert {entry[2]["mime"] for entry in wacz.index} > ({"warc/revisit"} if name != "hlbe-2019" else set())
        if name == "hlbe-2019":
            assert shown == expected
            assert len(wacz.index) < 12, "only what this year needs"
            ids = {record.record_id for record in map(wacz.record, wacz.index)}
            assert any(record.type == "request" for record in _all_records(wacz))
            assert {
                r.headers["WARC-Concurrent-To"].strip("<>") for r in _all_records(wacz) if r.type == "request"
            } == ids
        assert not list((tmp_path / "out").glob("*.part"))


def _all_records(wacz: Wacz) -> list[Record]:
    found = []
    for name in wacz.zip.namelist():
        if name.startswith("archive/"):
            data = wacz.zip.read(name)
            while data:
                unpacker = zlib.decompressobj(31)
                record = parse_record(unpacker.decompress(data), 0, 1)
                assert record is not None
                found.append(record)
                data = unpacker.unused_data
    return found


def test_there_must_be_something_to_export(home: Home, tmp_path: Path) -> None:
    ended = home.gxgk("export", str(tmp_path), "--format", "wacz")
    assert ended.code == 1
    assert ended.line.startswith("gxgk: there is nothing to export")
    assert home.gxgk("export", str(tmp_path), "--format", "wacz", "--portal", "nowhere").line.startswith(
        "gxgk: no portal"
    )


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.hlbe.gov.cn/", "cn,gov,hlbe)/"),
        ("http://WWW2.HLBE.gov.cn:80/News/Show/2203.html", "cn,gov,hlbe)/news/show/2203.html"),
        ("https://www.hlbe.gov.cn:443/a/?b=2&a=1", "cn,gov,hlbe)/a?a=1&b=2"),
        ("http://www.hlbe.gov.cn:8080/a//b/", "cn,gov,hlbe:8080)/a/b"),
        ("http://1.2.3.4/x", "1.2.3.4)/x"),
        ("http://x.cn/a.jsp;jsessionid=ABC123?q=%E5%B9%B4", "cn,x)/a.jsp?q=%e5%b9%b4"),
    ],
)
def test_keys_are_those_of_the_internet_archive(url: str, key: str) -> None:
    assert surt(url) == key


def test_sorting_needs_no_memory_for_all_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gxgk_crawler.archive.cdx._IN_MEMORY", 7)
    lines = [f"{(number * 7919) % 1000:04d} line\n" for number in range(1000)]
    with Sorter() as sorter:
        for line in lines:
            sorter.add(line)
        out = io.BytesIO()
        out.writelines(sorter.sorted())
    assert out.getvalue().decode().splitlines(keepends=True) == sorted(lines)
