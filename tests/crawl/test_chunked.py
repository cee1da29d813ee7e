"""A chunked body is what Twisted makes of it, in one piece for all that arrives together, and has an end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.web.http import _ChunkedTransferDecoder

from gxgk_crawler.crawl.connection import chunked
from gxgk_crawler.crawl.connection.chunked import LimitedChunks, TooManyChunksError


def never(*_: bytes) -> None:
    raise AssertionError


def coded(pieces: list[bytes]) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)


def decoded(wire: list[bytes], *, ours: bool) -> tuple[bytes, list[bytes]]:
    data: list[bytes] = []
    rest: list[bytes] = []
    decoder = (
        LimitedChunks(data.append, rest.append, too_many=never)
        if ours
        else _ChunkedTransferDecoder(data.append, rest.append)
    )
    for part in wire:
        if not rest:
            decoder.dataReceived(part)
    return b"".join(data), rest


@given(
    st.lists(st.binary(min_size=1, max_size=30), max_size=20),
    st.lists(st.integers(0, 400), max_size=6).map(sorted),
    st.binary(max_size=5),
)
def test_a_body_is_decoded_as_twisted_does(pieces: list[bytes], cuts: list[int], after: bytes) -> None:
    whole = coded(pieces) + b"0\r\n\r\n" + after
    ends = [*cuts, len(whole)]
    wire = [whole[a:b] for a, b in zip([0, *cuts], ends, strict=True) if a < b]
    assert decoded(wire, ours=True) == decoded(wire, ours=False)
    assert decoded([whole], ours=True) == (b"".join(pieces), [after])


def test_chunks_that_arrive_together_are_passed_on_as_one() -> None:
    passed: list[bytes] = []
    LimitedChunks(passed.append, never, too_many=never).dataReceived(coded([b"a"] * 1000))
    assert passed == [b"a" * 1000]


def test_too_many_chunks_are_too_many_however_short_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunked, "MOST_CHUNKS", 100)
    told: list[bool] = []
    decoder = LimitedChunks(lambda _: None, never, too_many=lambda: told.append(True))
    decoder.dataReceived(coded([b"a"] * 100))
    with pytest.raises(TooManyChunksError):
        decoder.dataReceived(coded([b"a"]))
    assert told == [True]
