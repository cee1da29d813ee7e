"""Pages per second of `extract`, as a ratio to trafilatura with metadata on the same pages in the same run.

    python benchmarks/extract.py [--pages DIR] [--rounds N]

DIR holds saved pages (*.html). Without it, sample pages are made: one template with a known container and one without, with
prose, tables and the menus of a portal around them. CPU time of one process; the fastest of N rounds counts for both.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import trafilatura

from gxgk_crawler.extract import extract
from gxgk_crawler.extract.page.body import find_body
from gxgk_crawler.extract.page.decode import decode
from gxgk_crawler.extract.page.tree import parse
from gxgk_crawler.statutory.figures import read_figures
from tests.statutory.deformed import plain_form
from tests.statutory.forms import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
_PROSE = "<p>2021年，我市认真贯彻落实《中华人民共和国政府信息公开条例》，主动公开政府信息3208条，办理申请41件，均按期答复。</p>"
_ROW = "<tr><td rowspan=1>行政许可</td><td colspan=2>12</td><td>0</td><td></td></tr>"
_MENU = '<ul class="menu">' + "".join(f'<li><a href="/col{n}/">栏目第{n}号</a></li>' for n in range(120)) + "</ul>"


def sample_pages() -> list[bytes]:
    """Forty pages of about 30 KB: half of them with a container that a family names."""
    pages = []
    for number in range(40):
        box = '<div id="zoom">' if number % 2 else f'<div class="box-{number}">'
        body = _PROSE * (20 + number) + "<table border=1>" + _ROW * 28 + "</table>" + _PROSE * 10
        pages.append(
            f"<!DOCTYPE html><html><head><meta charset=utf-8><title>样本市2021年政府信息公开工作年度报告_样本市人民政府</title>"
            f'<meta name="ArticleTitle" content="样本市2021年政府信息公开工作年度报告"><meta name="PubDate" content="2022-01-20 09:30">'
            f"</head><body>{_MENU}<h1>样本市2021年政府信息公开工作年度报告</h1><p>发布时间：2022-01-20 来源：样本市政府办</p>"
            f"{box}{body}</div>{_MENU}<div class=footer>主办：样本市人民政府办公室 网站标识码：0000000000</div></body></html>".encode()
        )
    return pages


def with_forms(page: bytes, number: int) -> bytes:
    """The sample page with the three tables of a form in place of its own."""
    chance = random.Random(number)
    tables = "".join(plain_form(fill(chance, "BC"[number % 2]), chance))
    return page.replace(("<table border=1>" + _ROW * 28 + "</table>").encode(), tables.encode())


def seconds(run: Callable[[T], object], pages: Sequence[T], rounds: int) -> float:
    """CPU seconds for all pages, the fastest of so many rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for page in pages:
            run(page)
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    pages = [path.read_bytes() for path in sorted(args.pages.glob("*.html"))] if args.pages else sample_pages()
    for page in pages:  # everything is imported and every rule compiled before the clock runs
        extract(page)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    known = [page for page in pages if _is_known(page)]
    for name, chosen in (("known container", known), ("all pages", pages)):
        ours = seconds(extract, chosen, args.rounds)
        theirs = seconds(lambda page: trafilatura.bare_extraction(page, with_metadata=True), chosen, args.rounds)
        print(
            f"{name}: {len(chosen)} pages, gxgk {len(chosen) / ours:.0f} pages/s, trafilatura with metadata "
            f"{len(chosen) / theirs:.0f} pages/s, ratio {theirs / ours:.1f}"
        )
    forms = pages if args.pages else [with_forms(page, number) for number, page in enumerate(pages)]
    documents = [extract(page) for page in forms]
    with_tables = [number for number, document in enumerate(documents) if read_figures(document).tables]
    for name, numbers in (("pages with statutory tables", with_tables), ("all pages", list(range(len(forms))))):
        reading = seconds(read_figures, [documents[number] for number in numbers], args.rounds)
        extraction = seconds(extract, [forms[number] for number in numbers], args.rounds)
        print(f"statutory reading, {name}: {len(numbers)} pages, adds {reading / extraction:.0%} to their extraction")
    print(f"peak memory after reading all pages (before trafilatura ran): {peak} MB")


def _is_known(page: bytes) -> bool:
    text = decode(page).text
    root, _ = parse(text)
    found = find_body(root, text) if root is not None else None
    return found is not None and found.known


if __name__ == "__main__":
    main()
