"""An archived page is shown whole, and nothing in it runs, loads from elsewhere or leads away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import tinycss2
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from gxgk_crawler.extract.page.text import render
from gxgk_crawler.extract.page.tree import parse
from gxgk_crawler.replay.rewriting import ArchivedPage, SafePage, safe_page
from gxgk_crawler.replay.stylesheets import safe_css
from gxgk_crawler.sandbox.archived_page import show_page
from tests.replay.hostile import OUT, PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNNING = {"script", "iframe", "object", "embed", "form", "input", "base", "svg", "math", "video", "source"}
PREFIX = "/w/20260101000000/"


def shown(markup: str, **more: Any) -> SafePage:
    page = ArchivedPage(
        body=markup.encode(), url="https://www.sample.gov.cn/a/b.html", charset=None, prefix=PREFIX, **more
    )
    return safe_page(page)


def expect_harmless(markup: str) -> None:
    """Every address leads below the prefix; there is no element and no attribute that does something."""
    root: Any = html.document_fromstring(markup)
    for element in root.iter("*"):
        assert element.tag not in RUNNING, element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert (
                name not in {"href", "srcset", "action", "ping", "target", "formaction", "poster"}
                or element.tag == "link"
            )
            if name in {"src", "background", "href"}:
                assert value.startswith((PREFIX, "data:image/png", "data:image/gif")), value
    sheets = "\n".join(
        [*(one.text or "" for one in root.iter("style")), *(one.get("style", "") for one in root.iter("*"))]
    )
    for url in loaded(tinycss2.parse_component_value_list(sheets)):
        assert url.startswith((PREFIX, "about:invalid")), url


def loaded(tokens: list[Any]) -> Iterator[str]:
    """What a style sheet loads. Text in its strings that only looks like CSS loads nothing."""
    for token in tokens:
        assert token.type != "at-keyword" or token.lower_value not in {"import", "namespace", "document"}
        if token.type == "url":
            yield token.value
        elif token.type == "function":
            assert token.lower_name not in {"expression", "image-set", "src", "image"}
            yield from ["function"] if token.lower_name == "url" else loaded(token.arguments)
        elif token.type == "ident":
            assert token.lower_value not in {"behavior", "-moz-binding"}
        elif token.type.endswith("block"):
            yield from loaded(token.content)


def test_no_way_out_of_a_hostile_page() -> None:
    page = shown(PAGE)
    expect_harmless(page.html)
    assert [link.url for link in page.links] == [f"{OUT}/base/next.html"]
    assert 'id="t0r0c0"' not in page.html  # ours alone


def lines(markup: str) -> list[str]:
    root, _ = parse(markup)
    return [] if root is None else render([root]).lines


def test_a_rewritten_page_reads_as_before() -> None:
    assert lines(shown(PAGE).html) == lines(PAGE)


@settings(max_examples=150)
@given(st.integers(0, len(PAGE)), st.integers(0, len(PAGE)), st.text("<>\"'/= aspt", max_size=6))
def test_no_way_out_of_a_mutilated_page(start: int, end: int, planted: str) -> None:
    a, b = sorted((start, end))
    markup = PAGE[:a] + planted + PAGE[b:]
    page = shown(markup)
    if page.html:
        expect_harmless(page.html)


@given(st.text("url(\\72l'\"/*{};:@import expression)x.<>!-", max_size=60))
def test_no_style_sheet_ends_its_element_or_loads(css: str) -> None:
    made = safe_css(css, lambda _: None)
    assert "</" not in made
    assert set(loaded(tinycss2.parse_component_value_list(made))) <= {"about:invalid"}


def test_large_style_sheets_are_left_out() -> None:
    assert safe_css("a{}" * 300_000, lambda _: None) == ""
    assert safe_css("(" * 300_000, lambda _: None) == ""


TABLE = "<table><tr><td>行</td><td>列</td></tr><tr><td>一</td><td> 2 </td></tr></table>"
GRID = [{"row": r, "col": c, "text": words} for r, c, words in ((0, 0, "行"), (0, 1, "列"), (1, 0, "一"), (1, 1, "2"))]


def test_cells_are_found_in_the_page() -> None:
    page = shown(f"<body><table><tr><td>x<td>y<tr><td>1<td>2</table>{TABLE}</body>", grids=[GRID])
    assert page.anchored == [4]
    root: Any = html.document_fromstring(page.html)
    for cell in GRID:
        element = root.get_element_by_id(f"t0r{cell['row']}c{cell['col']}")
        assert element.text_content().strip() == cell["text"]


def test_a_cell_with_another_text_is_not_pointed_at() -> None:
    changed = [{**cell, "text": "3"} if (cell["row"], cell["col"]) == (1, 1) else cell for cell in GRID]
    page = shown(f"<body>{TABLE}</body>", grids=[changed])
    assert page.anchored == [3]
    assert "t0r1c1" not in page.html
    assert shown(f"<body>{TABLE}</body>", grids=[[{**cell, "text": "x"} for cell in GRID]]).anchored == [0]


def test_contacts_are_masked_across_elements() -> None:
    page = ArchivedPage(
        body="<body><p>联系电话：<b>0470</b>-<i>8123456</i>，一切如常</p><table><tr><td>电话</td><td>0470-8123456</td></tr><tr><td>a</td><td>b</td></tr></table></body>".encode(),
        url="https://www.sample.gov.cn/",
        charset=None,
        prefix=PREFIX,
    )
    masked = show_page(page, masked=True).html
    assert "8123456" not in masked
    assert "0470" not in masked
    assert "一切如常" in masked
    assert show_page(page, masked=False).html.count("8123456") == 2


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", "<div>" * 5000, "<td>" * 25_000, "x" * (3 << 20)])
def test_what_is_no_page_or_too_large_is_not_shown(body: bytes | str) -> None:
    page = shown(body if isinstance(body, str) else body.decode("latin-1"))
    assert page.too_large or "<script" not in page.html
