"""What lies in the archive is what crossed the wire, byte for byte."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from gxgk_crawler.archive.reader import Record
from tests.archive.crawl_script import plain
from tests.archive.raw_server import RawServer, Shape
from tests.archive.samples import captures, records
from tests.archive.shapes import CUT, INTERIM, ODD, PAGE, REFUSED, WHOLE, ok

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.archive.conftest import Crawl, Crawled

NO_REDIRECT = {"dont_redirect": True}


def asked(url: str, names: list[str], **more: Any) -> list[dict[str, Any]]:
    return [{"url": f"{url}/{name}", "meta": {**NO_REDIRECT, **more}} for name in names]


def exchanges(crawled: Crawled) -> list[tuple[Record, Record]]:
    """(request, response) records of all files, in order, each pair held together by WARC-Concurrent-To."""
    stored = [record for path in crawled.files for record in records(path)]
    requests = {record.record_id: record for record in stored if record.type == "request"}
    responses = [record for record in stored if record.is_capture]
    assert len(requests) == len(responses)
    return [(requests[record.headers["WARC-Concurrent-To"].strip("<>")], record) for record in responses]


@pytest.mark.parametrize("way", ["http", "https", "http-proxy", "https-proxy"])
def test_every_whole_response_is_archived_byte_for_byte(
    way: str, tmp_path: Path, crawl: Crawl, fastwarc_check: Callable[[Path], None]
) -> None:
    with RawServer(WHOLE, tmp_path, tls=way == "https") as server:
        proxy = f"http://127.0.0.1:{server.port}"
        direct = {"http": proxy, "https": proxy.replace("http", "https")}
        base = direct.get(way) or f"{way.removesuffix('-proxy')}://sample.test"
        meta = {"proxy": proxy} if way.endswith("proxy") else {}
        crawled = crawl(asked(base, list(WHOLE), **meta))

    pairs = exchanges(crawled)
    assert [record.headers["WARC-Target-URI"] for _, record in pairs] == [f"{base}/{name}" for name in WHOLE]
    for name, seen, (request, response) in zip(WHOLE, server.log, pairs, strict=True):
        assert response.block == WHOLE[name].message, name
        assert request.block == seen.request, name
        assert seen.tls is way.startswith("https")
        assert bool(seen.connect) is (way == "https-proxy")
        assert "WARC-Truncated" not in response.headers
        assert response.headers.get("WARC-IP-Address") == (None if meta else "127.0.0.1")
        assert ("WARC-Capture" in response.headers) is False
        response.check()
    if way == "http-proxy":
        assert pairs[0][0].block.startswith(b"GET http://sample.test/gbk HTTP/1.1\r\n")
    assert any(seen.nth for seen in server.log), "no connection was used twice"
    assert [path.suffix for path in crawled.files] == [".gz"]
    fastwarc_check(crawled.files[0])


def test_exchanges_that_run_side_by_side_are_not_mixed_up(tmp_path: Path, crawl: Crawl) -> None:
    shapes = {f"{name}-{number}": shape for number in range(4) for name, shape in WHOLE.items()}
    with RawServer(shapes, tmp_path) as server:
        base = f"http://127.0.0.1:{server.port}"
        settings = {"CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16}
        crawled = crawl(asked(base, list(shapes)), settings=settings, parallel=True)
    pairs = exchanges(crawled)
    assert len(pairs) == len(shapes)
    for request, response in pairs:
        name = response.headers["WARC-Target-URI"].removeprefix(f"{base}/")
        assert response.block == shapes[name].message
        assert [request.block] == server.requests(name)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_response_that_ends_too_early_is_archived_with_the_reason(
    scheme: str, tmp_path: Path, crawl: Crawl, fastwarc_check: Callable[[Path], None]
) -> None:
    shapes = {name: shape for name, (shape, _, _) in CUT.items()}
    with RawServer(shapes, tmp_path, tls=scheme == "https") as server:
        base = f"{scheme}://127.0.0.1:{server.port}"
        crawled = crawl(asked(base, list(CUT), download_timeout=0.8, download_maxsize=50_000))

    pairs = exchanges(crawled)
    for (name, (shape, truncated, error)), (_, record), result in zip(CUT.items(), pairs, crawled.results, strict=True):
        assert record.headers["WARC-Truncated"] == truncated, name
        assert result["error"] == error, name
        assert result["capture"]["truncated"] == truncated
        assert shape.message.startswith(record.block)
        if truncated != "length":
            assert record.block == shape.message, name
        record.check()
    fastwarc_check(crawled.files[0])


def test_a_body_cut_off_inside_tls_is_marked_though_it_has_no_length(tmp_path: Path, crawl: Crawl) -> None:
    """Without close_notify the rest may have been cut away (RFC 9112, 9.8)."""
    shapes = {"cut": Shape((b"HTTP/1.1 200 OK\r\n\r\n" + PAGE,), end="reset", hang=0.2)}
    with RawServer(shapes, tmp_path, tls=True) as server:
        crawled = crawl(asked(f"https://127.0.0.1:{server.port}", ["cut"]))
    [(_, record)] = exchanges(crawled)
    assert record.block == shapes["cut"].message
    assert record.headers["WARC-Truncated"] == "disconnect"


def test_a_server_that_answers_nothing_leaves_no_record(tmp_path: Path, crawl: Crawl) -> None:
    shapes = {"silent": Shape((), end="close"), "after": Shape((ok(PAGE),))}
    with RawServer(shapes, tmp_path) as server:
        crawled = crawl(asked(f"http://127.0.0.1:{server.port}", ["silent", "after"]))
    assert [result.get("error") for result in crawled.results] == ["DownloadFailedError", None]
    assert [record.headers["WARC-Target-URI"][-5:] for _, record in exchanges(crawled)] == ["after"]
    assert crawled.results[0]["capture"] is None


def test_a_response_that_breaks_the_rules_harms_nothing_but_itself(
    tmp_path: Path, crawl: Crawl, fastwarc_check: Callable[[Path], None]
) -> None:
    """What is archived is what came, what the archive gives back is what the crawl read, and the next answer is the next."""
    odd = {name: shape for name, (shape, _) in ODD.items()} | REFUSED
    with RawServer({**odd, "next": Shape((ok(PAGE),))}, tmp_path) as server:
        names = [name for pair in zip(odd, ["next"] * len(odd), strict=True) for name in pair]
        crawled = crawl(asked(f"http://127.0.0.1:{server.port}", names))
    assert "Traceback" not in crawled.log
    fastwarc_check(crawled.files[0])
    pairs = iter(zip(exchanges(crawled), crawled.results, strict=True))
    for name in odd:
        (_, record), result = next(pairs)
        (_, following), _ = next(pairs)
        assert following.block == ok(PAGE), name
        record.check()
        truncated = record.headers.get("WARC-Truncated")
        if name in ODD:
            assert record.block == odd[name].message, name
            assert truncated is None, name
            assert (record.body, result["body_length"]) == (ODD[name][1], len(ODD[name][1])), name
        else:
            assert odd[name].message.startswith(record.block), name
            assert truncated is not None, name
            assert result["error"] in {"DownloadFailedError", "DownloadCancelledError", "ResponseDataLossError"}, name


def test_a_response_of_interim_responses_alone_is_no_response(tmp_path: Path, crawl: Crawl) -> None:
    """Nor is a switch of protocols that was not asked for. All bytes are kept: beside a response that was never there."""
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    frame = b"\x81\x05hello"
    shapes = {"hints": Shape((INTERIM * 20,), end="close"), "switch": Shape((switch + frame,), end="close")}
    with RawServer(shapes, tmp_path) as server:
        crawled = crawl(asked(f"http://127.0.0.1:{server.port}", list(shapes)))
    assert [result["error"] for result in crawled.results] == ["DownloadFailedError"] * 2
    beside = [record.block for record in records(crawled.files[0]) if record.type == "metadata"]
    found = [(record.status, record.block, record.headers["WARC-Truncated"]) for _, record in exchanges(crawled)]
    assert beside == [INTERIM * 20, switch]
    assert found == [(0, b"", "disconnect"), (0, frame, "disconnect")]


def test_interim_responses_stand_beside_the_response(tmp_path: Path, crawl: Crawl) -> None:
    shapes = {"hints": Shape((INTERIM, ok(PAGE)), pause=0.05)}
    with RawServer(shapes, tmp_path) as server:
        crawled = crawl(asked(f"http://127.0.0.1:{server.port}", ["hints"]))
    _, _, interim, response = records(crawled.files[0])
    assert (interim.type, interim.block) == ("metadata", INTERIM)
    assert interim.headers["WARC-Refers-To"] == f"<{response.record_id}>"
    assert "WARC-Target-URI" not in interim.headers
    assert (response.status, response.block) == (200, ok(PAGE))
    assert [capture.offset for capture in captures(crawled.files[0])] == [response.offset]
    assert crawled.results[0]["capture"]["offset"] == response.offset


def test_post_and_head_keep_their_request(tmp_path: Path, crawl: Crawl) -> None:
    shapes = {"form": Shape((ok(b"done"),)), "file": Shape((b"HTTP/1.1 200 OK\r\nContent-Length: 4711\r\n\r\n",))}
    with RawServer(shapes, tmp_path) as server:
        base = f"http://127.0.0.1:{server.port}"
        form = {"url": f"{base}/form", "method": "POST", "body": "name=\u5e74\u62a5&page=2"}
        crawled = crawl([form, {"url": f"{base}/file", "method": "HEAD"}, form])
    pairs = exchanges(crawled)
    assert [request.block for request, _ in pairs] == [seen.request for seen in server.log]
    assert pairs[0][0].block.endswith("\r\n\r\nname=年报&page=2".encode())
    assert [record["method"] for record in crawled.captures] == ["POST", "HEAD", "POST"]
    assert pairs[1][1].block == shapes["file"].message
    assert crawled.captures[1]["truncated"] is None


def test_retries_redirects_and_robots_are_records_of_their_own(tmp_path: Path, crawl: Crawl) -> None:
    moved = b"HTTP/1.1 301 Moved\r\nLocation: /gbk\r\nContent-Length: 0\r\n\r\n"
    shapes = {**WHOLE, "old": Shape((moved,))}
    with RawServer(shapes, tmp_path) as server:
        base = f"http://127.0.0.1:{server.port}"
        crawled = crawl(
            [{"url": f"{base}/old", "meta": {"role": "report"}}, {"url": f"{base}/server-error"}],
            settings={"RETRY_ENABLED": True, "RETRY_TIMES": 2, "ROBOTSTXT_OBEY": True},
        )
    found = [(c["url"].removeprefix(base), c["status"], c["role"]) for c in crawled.captures]
    assert found == [
        ("/robots.txt", 200, "robots"),
        ("/old", 301, "report"),
        ("/gbk", 200, "report"),
        *[("/server-error", 500, "page")] * 3,
    ]
    assert len({capture["record_id"] for capture in crawled.captures}) == 6
    assert crawled.results[0]["capture"] == crawled.captures[2]


def test_a_kept_connection_that_died_leaves_one_record_of_what_was_answered(tmp_path: Path, crawl: Crawl) -> None:
    shapes = {"first": Shape((ok(PAGE),)), "second": Shape((ok(PAGE),), dies_when_reused=True)}
    with RawServer(shapes, tmp_path) as server:
        crawled = crawl(asked(f"http://127.0.0.1:{server.port}", ["first", "second"]))
    assert [(seen.name, seen.nth) for seen in server.log] == [("first", 0), ("second", 1), ("second", 0)]
    pairs = exchanges(crawled)
    assert [request.block for request, _ in pairs] == [server.log[0].request, server.log[2].request]
    assert pairs[1][1].block == ok(PAGE)


def test_bytes_beyond_the_end_cannot_pose_as_the_next_answer(tmp_path: Path, crawl: Crawl) -> None:
    forged = ok(b"forged")
    shapes = {"excess": Shape((ok(PAGE) + forged,), excess=len(forged)), "next": Shape((ok(b"true"),))}
    with RawServer(shapes, tmp_path) as server:
        crawled = crawl(asked(f"http://127.0.0.1:{server.port}", ["excess", "next"]))
    assert [record.block for _, record in exchanges(crawled)] == [ok(PAGE), ok(b"true")]
    assert [seen.nth for seen in server.log] == [0, 0]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_credentials_of_the_proxy_are_not_archived(scheme: str, tmp_path: Path, crawl: Crawl) -> None:
    with RawServer(WHOLE, tmp_path) as server:
        proxy = f"http://operator:geheim@127.0.0.1:{server.port}"
        crawled = crawl(asked(f"{scheme}://sample.test", ["gbk"], proxy=proxy))
    secret = b"Proxy-Authorization: Basic " + base64.b64encode(b"operator:geheim")
    [seen] = server.log
    assert secret in (seen.connect if scheme == "https" else seen.request)
    [(request, _)] = exchanges(crawled)
    assert request.block == seen.request.replace(secret + b"\r\n", b"")


def test_a_record_made_from_the_parsed_response_says_so(tmp_path: Path, crawl: Crawl) -> None:
    handler = "tests.archive.blind_handler.BlindHandler"
    with RawServer(WHOLE, tmp_path) as server:
        crawled = crawl(
            asked(f"http://127.0.0.1:{server.port}", ["chunked"]), settings={"DOWNLOAD_HANDLERS": {"http": handler}}
        )
    [(request, response)] = exchanges(crawled)
    assert request.headers["WARC-Capture"] == response.headers["WARC-Capture"] == "reconstructed"
    assert response.payload == PAGE
    assert request.block.startswith(b"GET /chunked HTTP/1.1\r\nHost: 127.0.0.1:")
    assert crawled.captures[0]["reconstructed"] is True
    response.check()


def test_captures_read_from_the_file_are_those_the_crawl_reported(tmp_path: Path, crawl: Crawl) -> None:
    shapes = {**WHOLE, **{name: shape for name, (shape, _, _) in CUT.items()}}
    with RawServer(shapes, tmp_path) as server:
        base = f"http://127.0.0.1:{server.port}"
        meta = {"download_timeout": 0.8, "download_maxsize": 400_000, "role": "list"}
        crawled = crawl(asked(base, list(shapes) + list(WHOLE), **meta), remember=True)
    assert [plain(capture) for path in crawled.files for capture in captures(path)] == crawled.captures
    assert any(capture["refers_to"] for capture in crawled.captures)
    assert [sealed["captures"] for sealed in crawled.sealed] == [len(crawled.captures)]


def test_no_response_reaches_the_crawl_when_the_archive_is_full(tmp_path: Path, crawl: Crawl) -> None:
    with RawServer(WHOLE, tmp_path) as server:
        names = ["gbk", "png", "big", "gzip", "gbk"]
        crawled = crawl(asked(f"http://127.0.0.1:{server.port}", names), file_limit=3500)
    statuses = [result.get("status") or result["error"] for result in crawled.results]
    assert statuses == [200, 200, "ArchiveError"]
    assert crawled.reason == "archive_error"
    assert "cannot be written: File too large" in crawled.log
    assert "Traceback" not in crawled.log
    [path] = crawled.files
    assert len(list(captures(path))) == len(crawled.captures) == 2


def test_a_crawl_does_not_start_without_free_space(tmp_path: Path, crawl: Crawl) -> None:
    with RawServer(WHOLE, tmp_path) as server:
        crawled = crawl(
            asked(f"http://127.0.0.1:{server.port}", ["gbk"]), environment={"GXGK_MIN_FREE_MB": "999000000"}
        )
    assert crawled.reason == "archive_error"
    assert "GXGK_MIN_FREE_MB" in crawled.log
    assert (server.log, crawled.files) == ([], [])


def test_ctrl_c_seals_what_was_archived(tmp_path: Path, crawl: Crawl) -> None:
    shapes = {"page": Shape((ok(PAGE),)), "slow": Shape((ok(PAGE)[:60], ok(PAGE)[60:]), pause=1.0)}
    with RawServer(shapes, tmp_path) as server:
        base = f"http://127.0.0.1:{server.port}"
        crawled = crawl(asked(base, ["page", "page", "slow", "page"]), interrupt=lambda: len(server.log) == 3)
    assert crawled.reason == "shutdown"
    assert [capture["status"] for capture in crawled.captures] == [200, 200, 200]
    [path] = crawled.files
    assert path.name == crawled.sealed[0]["file"]
    assert len(list(captures(path))) == 3


def test_each_file_says_who_crawled_and_by_which_rules(tmp_path: Path, crawl: Crawl) -> None:
    rules: list[dict[str, Any]] = [{"USER_AGENT": "sample/1 (+https://sample.test)"}, {}, {}, {"DEPTH_LIMIT": 7}]
    with RawServer(WHOLE, tmp_path) as server:
        for settings in rules:
            crawled = crawl(
                asked(f"http://127.0.0.1:{server.port}", ["gbk"]),
                settings={**settings, "ROBOTSTXT_OBEY": True, "CRAWL_OF_RECORD": True},
                environment={"GXGK_CONTACT": "archive@sample.test"},
            )
    infos = [next(records(path)).info for path in crawled.files]
    assert [info["gxgk-portal"] for info in infos] == ["wire"] * 4
    assert infos[0]["operator"] == "archive@sample.test"
    assert infos[0]["robots"] == "obey"
    assert infos[0]["http-header-user-agent"] == "sample/1 (+https://sample.test)"
    assert infos[0]["software"].startswith("gxgk_crawler/")
    digests = [info["gxgk-settings-sha256"] for info in infos]
    assert digests[1] == digests[2], "equal settings, equal digest"
    assert len(set(digests)) == 3
