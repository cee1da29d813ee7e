"""What a portal decides about its own links: which are its, which lead to channels, which to reports."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gxgk_crawler.families import vocabulary

if TYPE_CHECKING:
    from gxgk_crawler.families.family import Family
    from gxgk_crawler.families.following import Following
    from gxgk_crawler.families.page import Anchor, Page
    from gxgk_crawler.portal import Portal


class Hooks:
    """Decides which links of a page the walk follows, and as what. The file of an odd portal overrides a method.

    portal: the portal that is walked. Parameters of the methods: anchor, a link of the page; family, the one that the page is
    read by; in_channel, the page is the list of a channel.
    """

    portal: Portal

    def is_own(self, url: str) -> bool:
        """True when the URL belongs to this portal and may be followed."""
        return self.portal.owns(urlsplit(url).hostname or "")

    def is_channel(self, anchor: Anchor, family: Family) -> bool:
        """True when the link leads to a list of annual reports rather than to one report."""
        if vocabulary.names_something_else(anchor.text) or vocabulary.is_pager(anchor.text):
            return False
        if vocabulary.is_collection_title(anchor.text):
            return True
        if vocabulary.is_channel_title(anchor.text):
            return not (family.is_article(anchor.url) and vocabulary.has_year(anchor.text))
        parts = urlsplit(anchor.url)
        return not family.is_article(anchor.url) and vocabulary.is_channel_slug(f"{parts.path}?{parts.query}")

    def is_report_link(self, anchor: Anchor, family: Family, *, in_channel: bool) -> bool:
        """True when the link leads to a report; inside a channel a shorter title is enough."""
        if family.is_list(anchor.url) or vocabulary.is_collection_title(anchor.text):
            return False
        return vocabulary.is_report_title(anchor.text) or (
            in_channel and family.is_article(anchor.url) and vocabulary.may_be_report(anchor.text)
        )

    def next_pages(self, page: Page, family: Family) -> Following | None:
        """The next page of the list; None on its last page."""
        return family.next_pages(page)


class SisterHosts(Hooks):
    """The hooks of a portal whose hosts are not described."""

    def is_own(self, url: str) -> bool:
        """True for every host below the portal's domain: many portals keep their reports on a sister host."""
        return self.portal.trusts(url)
