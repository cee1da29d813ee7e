"""The replicas are only as good as their figures and links: both are checked as a reader would meet them."""

import re
from itertools import pairwise
from urllib.parse import urljoin

import pytest
from parsel import Selector

from tests.replica import Page, Replica, Request, Sample, replicas
from tests.replica.hlbe import HOME, LIST, article
from tests.replica.statutory import Grid as SampleGrid
from tests.replica.statutory import figures, result_rows, table_2, table_3, table_4

REPLICAS = sorted(replicas())


def serve(replica: Replica, url: str) -> Page:
    """What the portal answers for an absolute URL, redirects followed."""
    for _ in range(3):
        host = url.split("/")[2]
        page = next(s for s in replica.sites if s.host == host).answer(Request(method="GET", url=url))
        locations = [value for name, value in page.headers if name == "Location"]
        if not locations:
            return page
        url = urljoin(url, locations[0])
    raise AssertionError(f"too many redirects at {url}")


def text_of(page: Page) -> str:
    return page.body.decode("gb18030" if b'charset="gb2312"' in page.body else "utf-8")


def spread(rows: list[list[tuple[str, int, int]]]) -> list[list[str]]:
    """Cells (text, rowspan, colspan) laid out to a rectangle; a merged cell fills all its places."""
    places: dict[tuple[int, int], str] = {}
    for r, row in enumerate(rows):
        c = 0
        for text, down, right in row:
            while (r, c) in places:
                c += 1
            places |= {(r + i, c + j): text for i in range(down) for j in range(right)}
    width = max(c for _, c in places) + 1
    return [[places[r, c] for c in range(width)] for r in range(len(rows))]


def grids(page: Page) -> list[list[list[str]]]:
    return [
        spread([[_cell(cell) for cell in row.xpath("./td")] for row in table.xpath(".//tr")])
        for table in Selector(text_of(page)).xpath(
            "//table[not(.//table)][contains(., '第二十条') or contains(., '结果')]"
        )
    ]


def _cell(cell: Selector) -> tuple[str, int, int]:
    text = "".join(cell.xpath(".//text()").getall()).strip()
    return text, int(cell.attrib.get("rowspan", 1)), int(cell.attrib.get("colspan", 1))


def tables(replica: Replica, years: range) -> list[tuple[str, Sample, list[list[list[str]]]]]:
    found = [(url, s, grids(serve(replica, url))) for url, s in replica.reports.items() if s.year in years]
    assert found
    return found


@pytest.mark.parametrize("name", REPLICAS)
def test_every_report_is_served_and_says_that_it_is_a_sample(name: str) -> None:
    replica = replicas()[name]
    assert len(replica.reports) >= 14
    for url, sample in replica.reports.items():
        page = serve(replica, url)
        assert page.status == 200
        if url.endswith(".pdf"):
            assert page.body.startswith(b"%PDF-")
            continue
        assert sample.title in text_of(page)
        assert "本文为测试样本" in text_of(page)
        assert len(sample.text) > 400


def test_hlbe_lists_lead_to_all_reports_and_to_what_is_none() -> None:
    replica = replicas()["hlbe"]
    links: set[str] = set()
    for number in (1, 2):
        page = Selector(serve(replica, HOME + LIST.format(number)).body.decode())
        hrefs = page.xpath("//ul[@class='is-listul']//a/@href").getall()
        links |= {urljoin(HOME, href).replace("http://", "https://") for href in hrefs}
    assert serve(replica, HOME + LIST.format(3)).status == 404
    reports = set(replica.reports)
    moved = {link for link in links if "/openness/detail/" in link}
    assert reports - links == {f"{HOME}/OpennessAnnualReport/show/301.html"}
    assert len(moved) == 1
    assert serve(replica, moved.pop()).status == 200
    others = {link: serve(replica, link).status for link in links - reports if "/openness/detail/" not in link}
    assert sorted(others.values()) == [200] * 8 + [404]


@pytest.mark.parametrize("name", REPLICAS)
def test_statutory_tables_have_the_official_shape_and_satisfy_their_equations(name: str) -> None:
    for _, sample, (second, third, fourth) in tables(replicas()[name], range(2019, 2025)):
        layout = "B" if sample.year < 2021 else "C"
        assert (len(second), len(second[0])) == ((18, 4) if layout == "B" else (14, 4))
        assert (len(third), len(third[0])) == ((26, 10) if layout == "B" else (28, 10))
        assert (len(fourth), len(fourth[0])) == (4, 15)
        values = [[int(text) for text in row[3:]] for row in third[3:]]
        for column in zip(*values, strict=True):
            new, carried_in, *results, processed, carried_out = column
            assert new + carried_in == processed + carried_out  # E1
            assert processed == sum(results)  # E2
        assert all(sum(row[:6]) == row[6] for row in values)  # E3
        reviews = [int(text) for text in fourth[3]]
        assert all(sum(reviews[i : i + 4]) == reviews[i + 4] for i in (0, 5, 10))  # E4
        labels = [row[2] for row in third[5:-2]]
        assert labels == [label for _, label in result_rows(layout)]


@pytest.mark.parametrize("scale", [1, 12, 110])
def test_figures_go_on_from_year_to_year(scale: int) -> None:
    made = figures("样本市", range(2019, 2026), scale=scale)
    assert made == figures("样本市", range(2019, 2026), scale=scale)
    for before, after in pairwise(made.values()):
        assert after.carried_in == before.carried_out  # E5
        if after.layout == "B":
            for item in ("行政许可", "行政处罚"):
                assert after.disclosure[item][0] == sum(before.disclosure[item][:2])  # E6
        elif before.layout == "C":
            issued, repealed, in_force = after.disclosure["行政规范性文件"]
            assert in_force == before.disclosure["行政规范性文件"][2] + issued - repealed  # E7
    for data in made.values():
        assert all(value >= 0 for row in data.results.values() for value in row)
        for grid, width in ((table_2(data), 4), (table_3(data), 10), (table_4(data), 15)):
            assert {len(row) for row in spread(_cells(grid))} == {width}


def _cells(grid: SampleGrid) -> list[list[tuple[str, int, int]]]:
    return [[(cell.text, cell.rowspan, cell.colspan) for cell in row] for row in grid]


@pytest.mark.parametrize("name", REPLICAS)
def test_prose_and_table_name_the_same_figures(name: str) -> None:
    for _, sample, (_, third, fourth) in tables(replicas()[name], range(2019, 2025)):
        said = re.search(r"新收政府信息公开申请(\d+)件，办理(\d+)件（含上年结转(\d+)件）", sample.text)
        assert said is not None
        assert [int(n) for n in said.groups()] == [int(third[i][9]) for i in (3, -2, 4)]
        assert f"行政复议{fourth[3][4]}件" in sample.text


@pytest.mark.parametrize("name", REPLICAS)
def test_a_changed_portal_differs_by_one_correction_one_deletion_and_two_reports(name: str) -> None:
    replica = replicas()[name]
    before = {url: serve(replica, url).body for url in replica.reports}
    corrected, removed, fresh = replica.correct(2019), replica.remove(2016), replica.publish()
    assert serve(replica, removed).status == 404
    assert set(replica.reports) == set(before) - {removed} | set(fresh)
    assert len(fresh) == 2
    changed = {u for u in replica.reports if u in before and serve(replica, u).body != before[u]}
    assert changed == {corrected}
    assert "已于发布后更正" in text_of(serve(replica, corrected))


def test_hlbe_article_carries_any_text_as_paragraphs() -> None:
    page = article("第一行 < 二\n\n规章 | 1 | 1 |\n", title="标题").decode()
    paragraphs = Selector(page).xpath("//*[@id='zoom']/p/text()").getall()
    assert paragraphs == ["第一行 < 二", "规章 | 1 | 1 |"]
    assert page.count("政府网站标识码：1507000006") == 1


def test_attachments_of_the_years_of_the_statistics_form() -> None:
    replica = replicas()["hlbe"]
    kinds = {}
    for url, sample in replica.reports.items():
        for href in (
            Selector(serve(replica, url).body.decode()).xpath("//a[contains(@href, '/upload/')]/@href").getall()
        ):
            kinds[sample.year] = serve(replica, urljoin(url, href)).body[:5]
    assert kinds == {
        2009: b"PK\3\4\x14",
        2010: b"PK\3\4\x14",
        2012: b"<html",
        2014: b"PK\3\4\x14",
        2015: b"<html",
        2016: b"PK\3\4\x14",
        2017: b"<html",
        2018: b"PK\3\4\x14",
    }
