"""Does the archive hold what the database says, and the database what the archive holds? Reads everything, changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gxgk_crawler.archive.reader import file_portal
from gxgk_crawler.archive.verify import Verification, Verifier
from gxgk_crawler.errors import ArchiveError
from gxgk_crawler.items import Finding
from gxgk_crawler.maintenance.audit import Audit
from gxgk_crawler.store import captures, integrity, portal_status, warc_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from gxgk_crawler.archive.directory import ArchiveDirectory
    from gxgk_crawler.portal import Portal
    from gxgk_crawler.store.postgres.database import Connection

    Progress = Callable[[str, int, int], None]


@dataclass(slots=True, kw_only=True)
class Verified:
    """All that was found. archive: by the files. problems: by the database alone. elsewhere: how many files lie in other
    archives, by place. versions, reread, older: see `Audit`.
    """

    archive: Verification = field(default_factory=Verification)
    problems: list[Finding] = field(default_factory=list)
    elsewhere: Counter[str] = field(default_factory=Counter)
    versions: int = 0
    reread: int = 0
    older: int = 0

    @property
    def ok(self) -> bool:
        return not self.archive.findings and not self.problems


def verify(
    conn: Connection,
    archive: ArchiveDirectory,
    *,
    portal_of: Callable[[str], Portal] | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Verified:
    """Compare every file with the manifest, every capture with its record, every version with the entry of its reading.

    portal_of: describes a portal by its name; with it, the bytes of every version are read again as well. jobs: how many
    children read. progress: called with (what is done, how much of it, of how much): "verifying" counts bytes, "reading again"
    versions. Raises DatabaseError.
    """
    progress = progress or (lambda _step, _done, _total: None)
    found = Verified()
    away = warc_files.elsewhere(conn, archive.location, archive.is_here)
    found.elsewhere.update(file.place for file in away)
    not_here = {file.name for file in away}
    here = [file for file in warc_files.known_files(conn) if file.name not in not_here]
    names = {file.name for file in here}
    audit = Audit(archive, (text for text in integrity.version_texts(conn) if text.warc_file in names))
    size = sum(archive.size(name) for name in archive.names())
    verifier = Verifier(
        archive,
        lambda name: captures.captures_in(conn, name),
        lines={file.name: file.line_sha256 for file in here if file.is_sealed},
        on_record=audit.see,
        progress=lambda done: progress("verifying", done, size),
    )
    found.archive = verifier.run(names)
    findings = found.archive.findings
    findings += audit.unproved(conn)
    if portal_of is not None:
        findings += audit.differing(conn, portal_of=portal_of, jobs=jobs, progress=partial(progress, "reading again"))
    findings += _not_ingested(conn, archive, {f.file for f in findings if f.kind == "unindexed"})
    found.archive.findings = _without_running(conn, archive, findings)
    found.versions, found.reread, found.older = audit.versions, audit.reread, audit.older
    found.problems = list(integrity.contradictions(conn))
    return found


def _not_ingested(conn: Connection, archive: ArchiveDirectory, known: set[str | None]) -> list[Finding]:
    """A finding for every sealed file that the database does not know to its end; known: those that have one already."""
    try:
        sealed = archive.sealed()
    except ArchiveError:
        return []  # already a finding about the chain
    message = "is sealed, but was not ingested to its end: run `gxgk verify --repair`"
    return [
        Finding(kind="unindexed", message=f"{name} {message}", file=name)
        for name in warc_files.not_ingested(conn, sealed)
        if name not in known
    ]


def _without_running(conn: Connection, archive: ArchiveDirectory, findings: list[Finding]) -> list[Finding]:
    """Without the files of crawls that are running: the database is about to get what those have archived."""
    if not any(finding.kind == "unindexed" for finding in findings):
        return findings
    running = {portal.portal for portal in portal_status.portal_health(conn) if portal.running}
    return [f for f in findings if f.kind != "unindexed" or _portal(archive, f.file or "") not in running]


def _portal(archive: ArchiveDirectory, name: str) -> str | None:
    """The portal that the file was written for; None where the file cannot be read, which is a finding of its own."""
    try:
        return file_portal(archive, name)
    except (ArchiveError, OSError):
        return None
