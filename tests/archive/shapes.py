"""Responses as Chinese government portals and their broken relatives send them. All text is made up for these tests."""

from __future__ import annotations

import gzip
import zlib

from tests.archive.raw_server import Shape

PAGE = "<html><meta charset=gbk><title>样例</title><p>本样例不是真实报告。</p></html>".encode("gbk")
BIG = bytes(range(256)) * 1200


def ok(body: bytes, *headers: bytes, status: bytes = b"200 OK", version: bytes = b"HTTP/1.1") -> bytes:
    lines = [version + b" " + status, *headers, b"Content-Length: %d" % len(body)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def chunked(body: bytes, *headers: bytes, step: int = 7, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    lines = [b"HTTP/1.1 200 OK", *headers, b"Transfer-Encoding: chunked"]
    pieces = [body[at : at + step] for at in range(0, len(body), step)]
    coded = b"".join(b"%x%b\r\n%b\r\n" % (len(piece), extension, piece) for piece in pieces)
    return b"\r\n".join(lines) + b"\r\n\r\n" + coded + b"0\r\n" + trailer + b"\r\n"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


HTML = b"Content-Type: text/html"
GZIP, DEFLATE = b"Content-Encoding: gzip", b"Content-Encoding: deflate"

# Shapes that arrive whole.
WHOLE: dict[str, Shape] = {
    "gbk": Shape((ok(PAGE, b"Content-Type: text/html; charset=gb2312"),)),
    "gzip": Shape((ok(gzip.compress(PAGE, mtime=0), HTML, GZIP),)),
    "deflate": Shape((ok(zlib.compress(PAGE), HTML, DEFLATE),)),
    "deflate-raw": Shape((ok(raw_deflate(PAGE), HTML, DEFLATE),)),
    "chunked": Shape((chunked(PAGE, HTML),)),
    "chunked-gzip": Shape((chunked(gzip.compress(PAGE, mtime=0), HTML, GZIP),)),
    "chunk-extension": Shape((chunked(PAGE, extension=b';name="v"'),)),
    "chunk-trailer": Shape((chunked(PAGE, b"Trailer: X-Sum", trailer=b"X-Sum: 1\r\n"),)),
    "chunked-capitals": Shape((chunked(PAGE).replace(b"chunked", b"Chunked"),)),
    "slow-parts": Shape(tuple(chunked(PAGE, HTML)[at : at + 40] for at in range(0, 400, 40)), pause=0.01),
    "cookies": Shape((ok(PAGE, b"Set-Cookie: a=1", b"SET-COOKIE: b=2", b"set-cookie: c=3"),)),
    "gbk-location": Shape((ok(b"", b"Location: /\xc4\xea\xb1\xa8", status=b"302 Moved"),)),
    "gbk-disposition": Shape((ok(b"%PDF-1.4", b"Content-Disposition: attachment; filename=\xc4\xea\xb1\xa8.pdf"),)),
    "header-without-colon": Shape((ok(PAGE, b"this line is broken", b"X-After: kept"),)),
    "folded-header": Shape((ok(PAGE, b"X-Long: one\r\n  two"),)),
    "bare-line-feeds": Shape((b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",)),
    "no-headers": Shape((b"HTTP/1.1 200 OK\r\n\r\n" + PAGE,), end="close"),
    "until-close": Shape((b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", PAGE), end="close", pause=0.05),
    "http-1.0": Shape((ok(PAGE, version=b"HTTP/1.0"),), end="close"),
    "http-1.0-no-length": Shape((b"HTTP/1.0 200 OK\r\n\r\n" + PAGE,), end="close"),
    "connection-close": Shape((ok(PAGE, b"Connection: close"),), end="close"),
    "empty": Shape((ok(b""),)),
    "no-content": Shape((b"HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n",)),
    "not-modified": Shape((b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 500\r\n\r\n',)),
    "not-found": Shape((ok("没有找到".encode(), status=b"404 Not Found"),)),
    "server-error": Shape((ok(b"oops", status=b"500 Internal Server Error"),)),
    "challenge": Shape((ok(b"<script>x=1</script>", b"X-Via-JSL: abc", status=b"521 "),)),
    "no-reason": Shape((ok(PAGE, status=b"200"),)),
    "odd-reason": Shape((ok(PAGE, status="200 成功".encode()),)),
    "png": Shape((ok(b"\x89PNG\r\n\x1a\n\0\0\0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", b"Content-Type: image/png"),)),
    "big": Shape((ok(BIG, b"Content-Type: application/octet-stream"),)),
    "excess": Shape((ok(PAGE) + b"more than was promised",), excess=22),
    "robots.txt": Shape((ok(b"User-agent: *\nDisallow: /private\n", b"Content-Type: text/plain"),)),
}

INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + b"HTTP/1.1 100 Continue\r\n\r\n"

# Shapes that end too early, with the WARC-Truncated they must get and the error the crawl sees.
CUT: dict[str, tuple[Shape, str, str]] = {
    "short-body": (
        Shape((b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello",), end="close"),
        "disconnect",
        "ResponseDataLossError",
    ),
    "short-chunks": (Shape((chunked(PAGE)[:-20],), end="close"), "disconnect", "ResponseDataLossError"),
    "reset": (
        Shape((b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello",), end="reset", hang=0.2),
        "disconnect",
        "ResponseDataLossError",
    ),
    "half-head": (Shape((b"HTTP/1.1 200 OK\r\nContent-Le",), end="close"), "disconnect", "DownloadFailedError"),
    "half-status": (Shape((b"HTTP/1.1 2",), end="close"), "disconnect", "DownloadFailedError"),
    "not-http": (Shape((b"<html>no HTTP at all\r\n\r\n",), end="close"), "unspecified", "DownloadFailedError"),
    "hang-in-body": (
        Shape((b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello",), hang=1.5, end="close"),
        "time",
        "DownloadTimeoutError",
    ),
    "hang-in-head": (
        Shape((b"HTTP/1.1 200 OK\r\nServer: x\r\n",), hang=1.5, end="close"),
        "time",
        "DownloadTimeoutError",
    ),
    "too-long-announced": (Shape((ok(b"x" * 70_000),), end="close"), "length", "DownloadCancelledError"),
    "too-long-chunked": (Shape((chunked(b"x" * 70_000, step=1000),), end="close"), "length", "DownloadCancelledError"),
    "endless-headers": (
        Shape((b"HTTP/1.1 200 OK\r\n", *[b"X-Filler: " + b"y" * 8000 + b"\r\n"] * 60), end="close"),
        "length",
        "DownloadCancelledError",
    ),
}

_H = b"HTTP/1.1 200 OK\r\n"
_CHUNKS = _H + b"Transfer-Encoding: chunked\r\n\r\n"
_N = len(PAGE)

# Shapes that break a rule of RFC 9112 or 9110 and are read all the same, with the body that the crawl gets.
ODD: dict[str, tuple[Shape, bytes]] = {
    "chunked-and-length": (Shape((chunked(PAGE, b"Content-Length: 5"),)), PAGE),
    "length-after-chunked": (
        Shape((chunked(PAGE).replace(b"chunked\r\n", b"chunked\r\nContent-Length: 5\r\n", 1),)),
        PAGE,
    ),
    "length-twice": (Shape((ok(PAGE, b"Content-Length: %d" % _N),)), PAGE),
    "length-list": (Shape((_H + b"Content-Length: %d, %d\r\n\r\n" % (_N, _N) + PAGE,), end="close"), PAGE),
    "chunked-twice": (Shape((chunked(PAGE, b"Transfer-Encoding: chunked"),), end="close"), PAGE),
    "coded-twice": (Shape((ok(gzip.compress(gzip.compress(PAGE)), GZIP, GZIP),)), PAGE),
    "coded-by-list": (Shape((ok(gzip.compress(zlib.compress(PAGE)), b"Content-Encoding: DEFLATE , GZIP"),)), PAGE),
    "many-members": (Shape((ok(gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]), GZIP),)), PAGE),
    "garbage-behind-gzip": (Shape((ok(gzip.compress(PAGE) + b"behind it", GZIP),)), PAGE),
    "no-content-with-content": (
        Shape((b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",), end="close", excess=5),
        b"",
    ),
    "not-modified-with-content": (Shape((b"HTTP/1.1 304 Not Modified\r\n\r\nhello",), end="close", excess=5), b""),
    "reset-content": (Shape((ok(b"hello", status=b"205 Reset Content"),)), b"hello"),
    "http-2.0": (Shape((ok(PAGE, version=b"HTTP/2.0"),), end="close"), PAGE),
    "lower-case": (Shape((ok(PAGE, version=b"http/1.1"),), end="close"), PAGE),
    "status-of-five-digits": (Shape((ok(PAGE, status=b"99999 Big"),), end="close"), PAGE),
    "status-of-zeros": (Shape((ok(PAGE, status=b"000 None"),), end="close"), PAGE),
    "smuggled": (Shape((ok(b"") + ok(b"smuggled"),), excess=len(ok(b"smuggled"))), b""),
}

# Shapes that make no sense to any client. They are archived as they came, marked as not whole, and end nothing but themselves.
REFUSED: dict[str, Shape] = {
    "two-lengths": Shape((ok(PAGE, b"Content-Length: 5"),), end="close"),
    "length-absurd": Shape((_H + b"Content-Length: 99999999999999999999999\r\n\r\n" + PAGE,), end="close"),
    "length-negative": Shape((_H + b"Content-Length: -5\r\n\r\n" + PAGE,), end="close"),
    "length-with-sign": Shape((_H + b"Content-Length: +%d\r\n\r\n" % _N + PAGE,), end="close"),
    "length-in-words": Shape((_H + b"Content-Length: many\r\n\r\n" + PAGE,), end="close"),
    "length-underscore": Shape((_H + b"Content-Length: 1_0\r\n\r\n" + PAGE,), end="close"),
    "carriage-returns-only": Shape((b"HTTP/1.1 200 OK\rContent-Length: 5\r\rhello",), end="close"),
    "nul-in-header": Shape((ok(PAGE, b"X-N\0ul: a\0b", b"\0"),), end="close"),
    "bytes-in-header-name": Shape((ok(PAGE, b"X-\xe9\xff: \xc4\xea"),), end="close"),
    "folded-first-header": Shape((_H + b" folded: first\r\nContent-Length: %d\r\n\r\n" % _N + PAGE,), end="close"),
    "chunk-too-long": Shape((_CHUNKS + b"FFFFFFFFFFFFFFFFFFFF\r\n" + PAGE,), end="close"),
    "chunk-negative": Shape((_CHUNKS + b"-5\r\nhello\r\n0\r\n\r\n",), end="close"),
    "chunk-prefixed": Shape((_CHUNKS + b"0x5\r\nhello\r\n0\r\n\r\n",), end="close"),
    "chunk-underscore": Shape((_CHUNKS + b"1_0\r\n0123456789abcdef\r\n0\r\n\r\n",), end="close"),
    "chunk-line-feeds": Shape((_CHUNKS + b"5\nhello\n0\n\n",), end="close"),
    "chunks-unseparated": Shape((_CHUNKS + b"5\r\nhello5\r\nworld\r\n0\r\n\r\n",), end="close"),
    "chunk-extension-endless": Shape((_CHUNKS + b"5;" + b"e" * 70_000 + b"\r\nhello\r\n0\r\n\r\n",), end="close"),
    "transfer-gzip": Shape((chunked(PAGE).replace(b"Encoding: chunked", b"Encoding: gzip, chunked"),), end="close"),
    "transfer-unknown": Shape((ok(PAGE, b"Transfer-Encoding: xchunked"),), end="close"),
    "blank-lines-first": Shape((b"\r\n\r\n" + ok(PAGE),), end="close"),
    "http-2": Shape((ok(PAGE, version=b"HTTP/2"),), end="close"),
    "http-0.9": Shape((PAGE + b"\r\n\r\n",), end="close"),
    "icy": Shape((ok(PAGE, version=b"ICY"),), end="close"),
}
