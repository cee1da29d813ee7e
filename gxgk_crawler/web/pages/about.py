"""What the room is, how it works, how it protects its readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gxgk_crawler import __version__
from gxgk_crawler.web.answers import RoomPage
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from gxgk_crawler.web.room import Ask


def about(ask: Ask) -> RoomPage:
    """What stands in this room, and what it claims."""
    data = {"version": __version__, "public": ask.room.is_public, "originals": ask.room.has_originals}
    return RoomPage(template="about", title=str(say(ask.language, "nav.about")), data=data)
