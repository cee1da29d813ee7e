"""Decoding: the bytes decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.extract import extract
from gxgk_crawler.extract.page.decode import decode

TEXT = "<html><meta charset='{}'><p>国办发〔2017〕24号，政府信息公开</p>"


@pytest.mark.parametrize(
    "label", ["utf-8", "gb2312", "gbk", "iso-8859-1", "hex", "unicode_escape", "idna", "no-such", ""]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_lying_label_never_wins(encoding: str, label: str) -> None:
    text = TEXT.format(label)
    decoded = decode(text.encode(encoding), label)
    assert decoded.text == text
    assert decoded.replaced == 0


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding: str) -> None:
    text = "<html><head><title>样本</title></head><body><p>saved by Word</p></body></html>"
    assert decode(text.encode(encoding)).text == text


def test_declared_big5_is_read_as_big5() -> None:
    text = "政府資訊公開與行政程序"
    assert decode(text.encode("big5"), "big5").text == text


def test_a_cut_utf8_page_stays_utf8() -> None:
    body = ("政府信息公开工作年度报告。" * 40).encode()[:-1]
    decoded = decode(body)
    assert decoded.encoding == "utf-8"
    assert decoded.replaced == 1
    assert decoded.text.startswith("政府信息公开工作年度报告。")


@pytest.mark.parametrize(
    "meta",
    [
        '<meta httpequiv="ContentType" content="text/html; charset=gbk">',
        '<META HTTP-EQUIV="Content-Type" CONTENT="text/html;CHARSET = GB2312">',
        '<?xml version="1.0" encoding="gb2312"?>',
    ],
)
def test_labels_of_any_shape_do_no_harm(meta: str) -> None:
    body = (meta + "<p>政府信息公开</p>").encode("gb18030")
    assert "政府信息公开" in decode(body).text


@given(
    st.binary(max_size=2000),
    st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["utf-16", "big5", "gbk", "hex"])),
)
def test_no_bytes_and_no_label_raise(body: bytes, charset: str | None) -> None:
    decoded = decode(body, charset)
    assert decoded.replaced == decoded.text.count("\ufffd")


def test_lost_characters_that_stand_in_the_bytes_make_no_text_binary() -> None:
    text = "统计\ufffd表\ufffd。" * 5
    assert extract(text.encode()).text == text
