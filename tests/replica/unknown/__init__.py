"""Portals without a file: each of another kind, each with what a complete crawl must store, and lists that are broken.

>>> for portal in portals():
...     with ReplicaProxy(portal.sites) as proxy:
...         ...  # crawl portal.home or portal.channel, compare with portal.reports and portal.others

A portal is one function that draws it; a new one is added to `PORTALS` below, a new fault to `broken.SCENARIOS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.replica.unknown import (
    doors,
    easysite,
    files_in_list,
    frames,
    hanweb,
    loaded,
    lonsun,
    numbered,
    queries,
    redirects,
    scripted,
    sessions,
    titles,
    twins,
    ucap,
    words,
    years,
)
from tests.replica.unknown.broken import SCENARIOS, Broken
from tests.replica.unknown.expectation import Expected, UnknownPortal

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PORTALS", "SCENARIOS", "Broken", "Expected", "UnknownPortal"]

# By the name that the portal has itself; a call draws it anew.
PORTALS: dict[str, Callable[[], UnknownPortal]] = {
    "lonsun": lonsun.catalogue,
    "lonsun_column": lonsun.column,
    "ucap": ucap.ucap,
    "columns": ucap.columns,
    "hanweb_col": hanweb.col,
    "jpaas": hanweb.jpaas,
    "easysite_json": easysite.json_array,
    "easysite_pager": easysite.pager,
    "jeecms": numbered.jeecms,
    "epoint": numbered.epoint,
    "fujian": numbered.fujian,
    "option_object": numbered.option_object,
    "create_page": numbered.create_page,
    "vsb_file": numbered.vsb_file,
    "channels_contents": numbered.channels_contents,
    "aspx": doors.aspx,
    "by_query": doors.by_query,
    "frames": frames.frames,
    "redirects": redirects.redirects,
    "moved": redirects.moved,
    "imagemap": words.imagemap,
    "catalogue": words.catalogue,
    "matrix": years.matrix,
    "year_files": years.year_files,
    "tabs": years.tabs,
    "json_api": scripted.json_api,
    "empty_first": scripted.empty_first,
    "files_in_list": files_in_list.files_in_list,
    "cookie": sessions.cookie,
    "sessions": sessions.sessions,
    "twins": twins.twins,
    "titles": titles.titles,
    "offices": titles.offices,
    "annual_jsp": queries.annual_jsp,
    "dtree": queries.dtree,
    "thtml": queries.thtml,
    "choice": queries.choice,
    "collection": queries.collection,
    "state": loaded.state,
    "more_button": loaded.more_button,
    "xml_list": loaded.xml_list,
    "frame_tabs": loaded.frame_tabs,
    "page_choice": loaded.page_choice,
}
