"""An exchange as WARC records: request, what came before the response, and the response or a revisit of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gxgk_crawler.archive.capture import capture_of
from gxgk_crawler.archive.message import interim_length, parse_head, payload_parts
from gxgk_crawler.archive.record import Member, build_member, new_record_id, sha256_of, target_uri, warc_date

if TYPE_CHECKING:
    from gxgk_crawler.archive.exchange import Exchange
    from gxgk_crawler.archive.originals import Original, Originals
    from gxgk_crawler.items import Capture

HTTP_REQUEST = "application/http;msgtype=request"
HTTP_RESPONSE = "application/http;msgtype=response"
PROFILE_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
PROFILE_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

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
    members = [build_member(request_id, request, exchange.request)]
    skip = interim_length(exchange.response)
    if skip:
        members.append(_interim(bytes(exchange.response[:skip]), response_id, common))
        del exchange.response[:skip]
    response: _Fields = [*located, ("WARC-Concurrent-To", f"<{request_id}>"), ("WARC-Capture-Role", exchange.role)]
    start = offset + sum(member.length for member in members)
    member, capture = _response(exchange, originals, response_id, response, warc_file=warc_file, offset=start)
    return Built([*members, member], capture)


def _interim(block: bytes, response_id: str, common: _Fields) -> Member:
    """Interim responses (1xx): kept as they came, beside the response, because no reader expects them in front of it.

    The record names no target, so that replay never offers it in place of the page.
    """
    fields: _Fields = [
        ("WARC-Type", "metadata"),
        *common,
        ("WARC-Refers-To", f"<{response_id}>"),
        ("Content-Type", HTTP_RESPONSE),
    ]
    return build_member(new_record_id(), fields, block)


def _response(
    exchange: Exchange, originals: Originals, record_id: str, located: _Fields, *, warc_file: str, offset: int
) -> tuple[Member, Capture]:
    head = parse_head(exchange.response)
    sha256, payload_length = sha256_of(payload_parts(exchange.response, head))
    fields: _Fields = [
        ("WARC-Type", "response"),
        *located,
        ("WARC-Payload-Digest", f"sha256:{sha256}"),
        ("WARC-Truncated", exchange.truncated),
        ("Content-Type", HTTP_RESPONSE),
    ]
    block: bytearray | memoryview = exchange.response
    if head is not None and exchange.method == "GET" and not exchange.truncated and not exchange.reconstructed:
        revisit: _Fields | None = None
        if head.status == 200 and (original := originals.of_payload(sha256, payload_length)):
            payload: _Fields = [
                ("WARC-Payload-Digest", f"sha256:{sha256}"),
                ("WARC-Payload-Length", str(payload_length)),
            ]
            revisit = [*_refers(PROFILE_SAME_PAYLOAD, original), *payload]
        elif head.status == 304 and (original := originals.of_url(exchange.url)):
            revisit = _refers(PROFILE_NOT_MODIFIED, original)
        if revisit is not None:
            # WARC/1.1, 6.7.2: the response's head is kept, and the missing rest is marked.
            mark: _Fields = [("WARC-Truncated", "length")] if head.status == 200 else []
            fields = [("WARC-Type", "revisit"), *located, *revisit, *mark, ("Content-Type", HTTP_RESPONSE)]
            block = memoryview(exchange.response)[: head.end]
    member = build_member(record_id, fields, block)
    named = {name: value for name, value in fields if value is not None} | {"WARC-Record-ID": record_id}
    capture = capture_of(
        named,
        head,
        warc_file=warc_file,
        offset=offset,
        length=member.length,
        method=exchange.method,
        payload_length=payload_length,
    )
    return member, capture


def _refers(profile: str, original: Original) -> _Fields:
    """The fields by which pywb finds the original; without target and date it answers 503."""
    return [
        ("WARC-Profile", profile),
        ("WARC-Refers-To", f"<{original.record_id}>"),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", warc_date(original.fetched_at)),
    ]
