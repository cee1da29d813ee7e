"""Replicas of government portals on loopback, for the tests and for `make demo`.

>>> with ReplicaProxy(sites()) as proxy:
...     print(proxy.url)  # export http_proxy=... https_proxy=...

A portal is one module here with a function `replica()`; a new one is added to `replicas` below.
"""

from tests.replica import hlbe
from tests.replica.prose import Sample
from tests.replica.proxy import Exchange, Fault, ReplicaProxy
from tests.replica.replica import Replica
from tests.replica.site import Page, Request, Site

__all__ = ["Exchange", "Fault", "Page", "Replica", "ReplicaProxy", "Request", "Sample", "Site", "replicas", "sites"]


def replicas() -> dict[str, Replica]:
    """A fresh replica of every portal, by the name of its spider."""
    return {made.name: made for made in (hlbe.replica(),)}


def sites() -> list[Site]:
    """The sites of all fresh replicas."""
    return [site for replica in replicas().values() for site in replica.sites]
