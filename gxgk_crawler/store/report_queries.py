"""Reading reports back: as summaries, as a whole, version by version. Times are datetimes in UTC, days are YYYY-MM-DD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.store import models
from gxgk_crawler.store.figures.of_version import figures_of
from gxgk_crawler.store.filters import Filters, conditions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from sqlalchemy.engine import RowMapping

_ORGAN = ("organ", "organ_division", "organ_evidence")
_SUMMARY = (
    "id",
    "key",
    "portal",
    "url",
    "title",
    "issuer",
    "division",
    "year",
    "published_on",
    "versions",
    "flags",
    "gone_at",
    "same_as",
    *_ORGAN,
)


def list_reports(conn: Connection, filters: Filters | None = None, limit: int | None = None) -> list[dict[str, Any]]:
    """Summaries of the reports that meet the filters, newest year first.

    Keys: id, key, portal, url, title, issuer, division, year, published_on, version (how many), flags, gone_at,
    same_as (key of the report that says the same and was found first, or None), organ {name, division, evidence} or None.
    limit: at most so many. Raises NotFoundError for an unknown division.
    """
    chosen, values = conditions(filters or Filters())
    query = f"""
        select {", ".join(_SUMMARY)} from reports
        where id in (select r.id from report r join portal p on p.id = r.portal_id where {" and ".join(chosen) or "true"})
        order by year desc nulls last, portal, id limit :limit
    """  # noqa: S608 - texts of ours
    rows = []
    for row in conn.execute(text(query), {**values, "limit": limit}).mappings():
        summary = {("version" if name == "versions" else name): row[name] for name in _SUMMARY}
        organ = _take_organ(summary)
        rows.append({**summary, "published_on": _day(row["published_on"]), "organ": organ})
    return rows


def get_report(conn: Connection, report_id: int, version: int | None = None) -> dict[str, Any]:
    """One report with the text of one version, the current one by default.

    Keys: id, key, portal, url, title, issuer, division, year, published_on, dates, source, version (which), fetched_at,
    first_seen, text, extracted_text, edits, flags, attachments, tables, checks, indicators, grids; and last_seen, gone_at,
    current (that version is the current one), versions (how many), reason, extractor_version, fields, images, media_type,
    encoding, organ {name, division, evidence} or None, places (URLs of the lists it is in), same_as (key of the report that says
    the same and was found first, or None), duplicates (keys of those that say the same and were found later),
    capture {record_id, warc_file, offset, length}.
    Raises NotFoundError when there is no such report or version.
    """
    wanted = models.report.c.current_version if version is None else version
    query = VERSIONS.where(models.report.c.id == report_id, models.report_version.c.number == wanted)
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        which = "" if version is None else f" with a version {version}"
        raise NotFoundError(f"no report {report_id}{which}")
    row_id = row["row_id"]
    return report_object(
        row,
        versions=_count_versions(conn, report_id),
        attachments=attachments_of(conn, [row_id]).get(row_id, []),
        places=places_of(conn, [report_id]).get(report_id, []),
        figures=figures_of(conn, [row_id])[row_id],
    )


def report_object(
    row: RowMapping,
    *,
    versions: int,
    attachments: list[dict[str, Any]],
    places: list[str],
    figures: dict[str, list[dict[str, Any]]],
) -> dict[str, Any]:
    """A row of VERSIONS as `get_report` returns it. figures: as of `figures_of`."""
    report = dict(row)
    duplicates = sorted(report.pop("duplicates") or [])
    place = {name: report.pop(name) for name in ("record_id", "warc_file", "offset", "length")}
    del report["row_id"]
    organ = _take_organ(report)
    return {
        **report,
        "published_on": _day(report["published_on"]),
        "organ": organ,
        "versions": versions,
        "attachments": attachments,
        **figures,
        "places": places,
        "duplicates": duplicates,
        "capture": place,
    }


def list_versions(conn: Connection, report_id: int) -> list[dict[str, Any]]:
    """The versions of a report, oldest first. Raises NotFoundError.

    Keys: version, current, fetched_at, published_on, title, chars, edits (how many), flags, reason, extractor_version,
    text_sha256, created_at.
    """
    version, report = models.report_version.c, models.report.c
    query = (
        select(
            version.number.label("version"),
            (version.number == report.current_version).label("current"),
            models.capture.c.fetched_at,
            version.published_on,
            version.title,
            func.length(version.text).label("chars"),
            func.jsonb_array_length(version.edits).label("edits"),
            version.flags,
            version.reason,
            version.extractor_version,
            version.text_sha256,
            version.created_at,
        )
        .join(models.report, report.id == version.report_id)
        .join(models.capture, models.capture.c.id == version.capture_id)
        .where(version.report_id == report_id)
        .order_by(version.number)
    )
    rows = [{**row, "published_on": _day(row["published_on"])} for row in conn.execute(query).mappings()]
    if not rows:
        raise NotFoundError(f"no report {report_id}")
    return rows


_SAME = models.report.alias("same")
# One row per version, with all that `report_object` needs except attachments and lists. The order is that of --json.
VERSIONS = (
    select(
        models.report.c.id,
        models.report.c.key,
        models.portal.c.name.label("portal"),
        models.report.c.url,
        models.report_version.c.title,
        models.report_version.c.issuer,
        *(models.report_version.c[name] for name in _ORGAN),
        func.coalesce(models.report.c.division, models.portal.c.division).label("division"),
        models.report_version.c.year,
        models.report_version.c.published_on,
        models.report_version.c.dates,
        models.report_version.c.source,
        models.report_version.c.number.label("version"),
        (models.report_version.c.number == models.report.c.current_version).label("current"),
        models.capture.c.fetched_at,
        models.report.c.first_seen,
        models.report.c.last_seen,
        models.report.c.gone_at,
        select(_SAME.c.key).where(_SAME.c.id == models.report.c.same_as).scalar_subquery().label("same_as"),
        select(func.array_agg(_SAME.c.key))
        .where(_SAME.c.same_as == models.report.c.id)
        .scalar_subquery()
        .label("duplicates"),
        models.report_version.c.text,
        models.report_version.c.extracted_text,
        models.report_version.c.edits,
        models.report_version.c.flags,
        models.report_version.c.grids,
        models.report_version.c.fields,
        models.report_version.c.images,
        models.report_version.c.media_type,
        models.report_version.c.encoding,
        models.report_version.c.reason,
        models.report_version.c.extractor_version,
        models.capture.c.record_id,
        models.warc_file.c.name.label("warc_file"),
        models.capture.c.offset,
        models.capture.c.length,
        models.report_version.c.id.label("row_id"),
    )
    .join(models.portal, models.portal.c.id == models.report.c.portal_id)
    .join(models.report_version, models.report_version.c.report_id == models.report.c.id)
    .join(models.capture, models.capture.c.id == models.report_version.c.capture_id)
    .join(models.warc_file, models.warc_file.c.id == models.capture.c.warc_file_id)
)


def _take_organ(row: dict[str, Any]) -> dict[str, Any] | None:
    """The three columns of the organ, taken out of a row, as one object."""
    name, division, evidence = (row.pop(key) for key in _ORGAN)
    return None if name is None else {"name": name, "division": division, "evidence": evidence}


def _count_versions(conn: Connection, report_id: int) -> int:
    query = select(func.count()).where(models.report_version.c.report_id == report_id)
    return int(conn.execute(query).scalar_one())


def attachments_of(conn: Connection, row_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Attachments in order, by the row_id of their version; nothing for a version without."""
    attachment = models.attachment.c
    query = (
        select(
            attachment.report_version_id,
            attachment.name,
            attachment.url,
            attachment.media_type,
            attachment.sha256,
            attachment.text,
            attachment.status,
            attachment.reason,
        )
        .where(attachment.report_version_id.in_(row_ids))
        .order_by(attachment.report_version_id, attachment.position)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in conn.execute(query).mappings():
        kept = dict(row)
        found.setdefault(kept.pop("report_version_id"), []).append(kept)
    return found


def places_of(conn: Connection, report_ids: Sequence[int]) -> dict[int, list[str]]:
    """URLs of the lists that reports are in, by the number of the report; nothing for a report in none."""
    place = models.report_place.c
    query = (
        select(place.report_id, place.url).where(place.report_id.in_(report_ids)).order_by(place.report_id, place.url)
    )
    found: dict[int, list[str]] = {}
    for row in conn.execute(query):
        found.setdefault(row.report_id, []).append(row.url)
    return found


def _day(value: Any) -> str | None:
    return None if value is None else str(value.isoformat())
