"""Attachments of a version: what a new reading of them changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from gxgk_crawler.store import models
from gxgk_crawler.store.storable import storable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

    from gxgk_crawler.items import Attachment

_TEXTS = ("name", "url", "media_type", "sha256", "text", "status", "reason")


def attachment_columns(attachment: Attachment, captures: Mapping[str, int]) -> dict[str, Any]:
    """The columns of an attachment. captures: numbers of captures by record_id."""
    texts = {name: storable(getattr(attachment, name)) for name in _TEXTS}
    return {**texts, "capture_id": None if attachment.capture is None else captures[attachment.capture.record_id]}


def differ(conn: Connection, version: int, files: Sequence[Mapping[str, Any]]) -> bool:
    """True when a fetched attachment has content that the attachments of the version do not have.

    version: row id. files: columns of the attachments as they were read now. The same text in other bytes is no other content:
    some portals make the file anew for every request. An attachment that could not be fetched before is no change, nor are the
    members of an archive that has not changed.
    """
    fetched = [file for file in files if file["sha256"] is not None]
    if not fetched:
        return False
    known = _known(conn, version)
    contents = {row.sha256 for row in known} | {row.text for row in known}
    unfetched = {row.url for row in known if row.sha256 is None}
    same = {file["url"] for file in fetched if file["sha256"] in contents}
    return any(
        file["sha256"] not in contents
        and file["url"].partition("#")[0] not in same
        and (file["text"] is None or file["text"] not in contents)
        and file["url"] not in unfetched
        for file in fetched
    )


def fill(conn: Connection, version: int, files: Sequence[Mapping[str, Any]]) -> bool:
    """Complete the attachments of the version that could not be fetched before; true when there were any.

    version, files: as for `differ`.
    """
    fetched = {file["url"]: file for file in files if file["sha256"] is not None}
    lacking = [row for row in _known(conn, version) if row.sha256 is None and row.url in fetched]
    for row in lacking:
        table = models.attachment
        conn.execute(update(table).where(table.c.id == row.id).values(fetched[row.url]))
    return bool(lacking)


def read_again(conn: Connection, version: int, files: Sequence[Mapping[str, Any]]) -> None:
    """Put what newer rules read out of the same files in place of what older rules had read. version, files: as for `differ`.

    An archive has its members behind it then. What only a later crawl could fetch stays as it is, and so does a file that the
    newer rules do not name; those come last.
    """
    table = models.attachment
    query = select(table).where(table.c.report_version_id == version).order_by(table.c.position)
    before = {row["url"]: dict(row) for row in conn.execute(query).mappings()}
    kept: list[Mapping[str, Any]] = []
    for file in files:
        known = before.pop(file["url"], None)
        kept.append(known if known is not None and file["sha256"] is None and known["sha256"] is not None else file)
    kept += before.values()
    conn.execute(delete(table).where(table.c.report_version_id == version))
    rows = [
        {name: value for name, value in file.items() if name != "id"}
        | {"report_version_id": version, "position": position}
        for position, file in enumerate(kept)
    ]
    if rows:
        conn.execute(insert(table), rows)


def _known(conn: Connection, version: int) -> Sequence[Row[Any, Any, Any, Any]]:
    table = models.attachment.c
    query = select(table.id, table.url, table.sha256, table.text).where(table.report_version_id == version)
    return conn.execute(query).all()
