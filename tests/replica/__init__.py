"""Replicas of government portals on loopback, for the tests and for `make demo`.

>>> with ReplicaProxy(sites()) as proxy:
...     print(proxy.url)  # export http_proxy=... https_proxy=...

A portal is one module here with a function that makes its Replica; a new one is added to `replicas` below.
Portals that have no file stand in tests/replica/unknown, with what a complete crawl of each must store.
"""

from tests.replica import gaoming, gkmlpt, handmade, hlbe, jcms, lincang, panzhihua, sxxz
from tests.replica.prose import Sample
from tests.replica.proxy import Exchange, Fault, ReplicaProxy
from tests.replica.replica import Replica
from tests.replica.site import Page, Request, Site

__all__ = ["Exchange", "Fault", "Page", "Replica", "ReplicaProxy", "Request", "Sample", "Site", "replicas", "sites"]

_MAKERS = (
    hlbe.replica,
    sxxz.replica,
    panzhihua.scdongqu,
    panzhihua.panzhihua,
    lincang.replica,
    gaoming.replica,
    jcms.replica,
    gkmlpt.replica,
    handmade.replica,
)


def replicas() -> dict[str, Replica]:
    """A fresh replica of every portal, by the name of its spider; jcms, gkmlpt and handmade are invented and have none."""
    return {made.name: made for made in (make() for make in _MAKERS)}


def sites() -> list[Site]:
    """The sites of all fresh replicas."""
    return [site for replica in replicas().values() for site in replica.sites]
