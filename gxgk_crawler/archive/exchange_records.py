"""An exchange as WARC records: request, what came before the response, and the response or a revisit of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gxgk_crawler.archive.capture import PROFILE_NOT_MODIFIED, PROFILE_SAME_PAYLOAD, capture_of
from gxgk_crawler.archive.message import interim_length, parse_head, payload_parts
from gxgk_crawler.archive.records import Member, build_member, new_record_id, sha256_of, target_uri, warc_date

if TYPE_CHECKING:
    from gxgk_crawler.archive.exchange import Exchange
    from gxgk_crawler.archive.revisits import Original, Originals
    from gxgk_crawler.items import Capture

HTTP_REQUEST = "application/http;msgtype=request"
HTTP_RESPONSE = "application/http;msgtype=response"

_Fields = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Built:
    """The members of one exchange, in file order, the captured response last; `capture` says where it will lie."""

    members: list[Member]
    capture: Capture


def build_exchange(exchange: Exchange, originals: Originals, *, warcinfo_id: str, warc_file: str, offset: int) -> Built:
    """Records of `exchange` as they will stand in `warc_file` from `offset` on.

    The request comes first: a file that was cut between two records then never holds a response whose request is lost.
    """
    request_id, response_id = new_record_id(), new_record_id()
    common: _Fields = [
        ("WARC-Date", warc_date(exchange.started_at)),
        ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"),
    ]
    located: _Fields = [
        *common,
        ("WARC-Target-URI", target_uri(exchange.url)),
        ("WARC-IP-Address", exchange.ip),
        ("WARC-Capture", "reconstructed" if exchange.reconstructed else None),
    ]
    request: _Fields = [
        ("WARC-Type", "request"),
        *located,
        ("WARC-Concurrent-To", f"<{response_id}>"),
        ("Content-Type", HTTP_REQUEST),
    ]
    response: _Fields = [*located, ("WARC-Concurrent-To", f"<{request_id}>"), ("WARC-Capture-Role", exchange.role)]
    content = _content(exchange, originals)
    members = [build_member(request_id, request, exchange.request)]
    if content.aside:
        members.append(_aside(content.aside, response_id, common))
    fields = [("WARC-Type", content.kind), *response, *content.fields, ("Content-Type", HTTP_RESPONSE)]
    start = offset + sum(member.length for member in members)
    members.append(build_member(response_id, fields, content.block))
    capture = capture_of(
        {name: value for name, value in fields if value is not None} | {"WARC-Record-ID": response_id},
        parse_head(bytes(content.block[: content.head_length])),
        warc_file=warc_file,
        offset=start,
        length=members[-1].length,
        method=exchange.method,
        payload_length=content.payload_length,
    )
    return Built(members, capture)


@dataclass(frozen=True, slots=True)
class _Content:
    """What the response or revisit record holds, and what is kept beside it."""

    kind: str
    fields: _Fields
    block: bytes | bytearray | memoryview
    head_length: int
    payload_length: int
    aside: bytes


def _content(exchange: Exchange, originals: Originals) -> _Content:
    interim = interim_length(exchange.response)
    aside = bytes(exchange.response[:interim])
    del exchange.response[:interim]
    head = parse_head(exchange.response)
    sha256, length = sha256_of(payload_parts(exchange.response, head))
    digest: _Fields = [("WARC-Payload-Digest", f"sha256:{sha256}")]
    if head is not None and exchange.method == "GET" and not exchange.truncated and not exchange.reconstructed:
        if head.status == 200 and (original := originals.of_payload(sha256, length)):
            # WARC/1.1, 6.7.2: the head is kept, and the missing rest is marked.
            rest: _Fields = [("WARC-Payload-Length", str(length)), ("WARC-Truncated", "length")]
            fields = [*_refers(PROFILE_SAME_PAYLOAD, original), *digest, *rest]
            return _Content("revisit", fields, memoryview(exchange.response)[: head.end], head.end, length, aside)
        if head.status == 304 and (original := originals.of_url(exchange.url)):
            # pywb shows the original only for an empty block; for one with a 304 in it, browsers get an empty page. The
            # payload is by definition the original's (WARC/1.1, 6.7.3), so its digest is too: OpenWayback finds it by that.
            known: _Fields = [("WARC-Payload-Digest", f"sha256:{original.payload_sha256}")]
            fields = [*_refers(PROFILE_NOT_MODIFIED, original), *known]
            return _Content("revisit", fields, b"", 0, 0, aside + exchange.response)
    fields = [*digest, ("WARC-Truncated", exchange.truncated)]
    return _Content("response", fields, exchange.response, head.end if head else 0, length, aside)


def _aside(block: bytes, response_id: str, common: _Fields) -> Member:
    """Received bytes that no reader expects in the response: interim ones (1xx), or the 304 of a page that is unchanged.

    The record names no target, so that replay never offers it in place of the page.
    """
    fields: _Fields = [
        ("WARC-Type", "metadata"),
        *common,
        ("WARC-Refers-To", f"<{response_id}>"),
        ("Content-Type", HTTP_RESPONSE),
    ]
    return build_member(new_record_id(), fields, block)


def _refers(profile: str, original: Original) -> _Fields:
    """The fields by which pywb finds the original; without target and date it answers 503."""
    return [
        ("WARC-Profile", profile),
        ("WARC-Refers-To", f"<{original.record_id}>"),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", warc_date(original.fetched_at)),
    ]
