"""The whole archive to take away: packages that `gxgk export` wrote, and the interface of this room."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from gxgk_crawler.export.descriptor import DESCRIPTOR
from gxgk_crawler.web.answers import Bytes, DownloadedFile, MissingError, RoomPage
from gxgk_crawler.web.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gxgk_crawler.web.answers import Answer
    from gxgk_crawler.web.room import Ask

EXPORTS = "exports"  # below GXGK_HOME
_LARGEST_DESCRIPTOR = 8 << 20  # bytes
_MOST_PACKAGES = 200


def data(ask: Ask) -> RoomPage:
    """The packages below GXGK_HOME/exports."""
    packages = list(_packages(ask))
    return RoomPage(
        template="data",
        title=str(say(ask.language, "nav.data")),
        data=packages,
        show={"packages": packages, "exports": EXPORTS},
    )


def download(ask: Ask) -> Answer:
    """A file of a package; only files that its descriptor names, and the descriptor itself."""
    package = next((one for one in _packages(ask) if one["name"] == ask.path["package"]), None)
    if package is None or ask.path["file"] not in {*(part["path"] for part in package["files"]), DESCRIPTOR}:
        raise MissingError("download")
    path = ask.room.home / EXPORTS / package["name"] / ask.path["file"]
    if not path.is_file() or path.is_symlink():
        raise MissingError("download")
    return DownloadedFile(path=path, name=f"{package['name']}-{path.name}")


def _packages(ask: Ask) -> Iterator[dict[str, Any]]:
    """The packages that may be given away: in a public room only those whose contacts are masked."""
    directory = ask.room.home / EXPORTS
    found = sorted(directory.glob(f"*/{DESCRIPTOR}"))[:_MOST_PACKAGES] if directory.is_dir() else []
    for path in found:
        package = _package(path)
        if package is not None and not (ask.room.is_public and package["redaction"] not in {"contacts", "persons"}):
            yield package


def _package(path: Path) -> dict[str, Any] | None:
    """What the descriptor of a package says; None for one that is still written or no package of ours."""
    try:
        if path.stat().st_size > _LARGEST_DESCRIPTOR:
            return None
        told = json.loads(path.read_text("utf-8"))
        about = told["gxgk"]
        return {
            "name": path.parent.name,
            "title": told.get("title"),
            "created": told.get("created"),
            "redaction": about["redaction"]["level"],
            "masked": about["redaction"]["masked"],
            "filters": about.get("filters"),
            "files": [
                {"path": str(part["path"]), "bytes": part.get("bytes"), "hash": part.get("hash")}
                for part in told["resources"]
                if "/" not in str(part["path"]) and not str(part["path"]).startswith(".")
            ],
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


@cache
def _interface() -> bytes:
    return files("gxgk_crawler.web").joinpath("openapi.json").read_bytes()


def openapi(_: Ask) -> Answer:
    """The interface as OpenAPI 3.1."""
    return Bytes(body=_interface(), media_type="application/json", headers={"Access-Control-Allow-Origin": "*"})


def api(ask: Ask) -> RoomPage:
    """The interface as a page: each address with what it gives and an example that works here."""
    told = json.loads(_interface())
    return RoomPage(template="api", title=str(say(ask.language, "api.title")), data=told, show={"paths": told["paths"]})
