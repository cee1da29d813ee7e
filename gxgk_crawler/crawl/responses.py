"""What a response of Scrapy says beside its body: its media type, and whether it is the page at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler.crawl.verdict import judge_page, judge_redirect
from gxgk_crawler.items import Candidate

if TYPE_CHECKING:
    from scrapy.http import Response

    from gxgk_crawler.outcomes import Outcome

NOT_MODIFIED = (
    "gxgk:not-modified"  # flag of a response whose page was read from the archive, because the portal answered 304
)


def content_type(response: Response) -> tuple[str | None, str | None]:
    """Media type and charset as the header states them."""
    header = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
    media_type, _, parameters = header.partition(";")
    charset = parameters.lower().partition("charset=")[2].strip(" \"';")
    return media_type.strip().lower() or None, charset or None


def wall_of(response: Response) -> tuple[Outcome, str] | None:
    """Outcome and reason when a challenge or a login stands in the place of the page; None when it is the page."""
    return judge_redirect(response.url, redirected="redirect_urls" in response.meta) or judge_page(response.body)


def first_asked(response: Response) -> str:
    """The URL that was asked for, before redirects."""
    first: str = response.meta.get("redirect_urls", [response.url])[0]
    return first


def candidate_of(response: Response, *, url: str, anchor: str, listed_on: list[str]) -> Candidate:
    """The page as a candidate for a report. url: canonical. anchor: text of the link to it. listed_on: URLs of its lists."""
    media_type, charset = content_type(response)
    return Candidate(
        url=url,
        capture=response.meta["capture"],
        body=response.body,
        media_type=media_type,
        charset=charset,
        anchor=anchor,
        listed_on=listed_on,
    )
