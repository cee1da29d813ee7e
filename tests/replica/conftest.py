import http.client
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.replica import ReplicaProxy, hlbe

Client = http.client.HTTPConnection


@pytest.fixture
def proxy() -> Iterator[ReplicaProxy]:
    with ReplicaProxy(hlbe.replica().sites) as running:
        yield running


def connect(proxy: ReplicaProxy, host: str = "www.hlbe.gov.cn") -> http.client.HTTPSConnection:
    """A connection to `host` through the proxy; no certificate is checked, as a crawler of old portals would not."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    client = http.client.HTTPSConnection("127.0.0.1", urlsplit(proxy.url).port, context=context, timeout=10)
    client.set_tunnel(host, 443)
    return client


def get(proxy: ReplicaProxy, url: str) -> tuple[int, bytes]:
    """Status and body of one https URL over a connection of its own."""
    parts = urlsplit(url)
    client = connect(proxy, parts.netloc)
    try:
        client.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
        response = client.getresponse()
        return response.status, response.read()
    finally:
        client.close()
