"""`gxgk verify`: does the archive hold what the database says, and the database what the archive holds?"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from gxgk_crawler.archive.manifest import OPEN_SUFFIX, read_manifest
from gxgk_crawler.archive.reader import file_portal, is_here, warc_path
from gxgk_crawler.archive.reader import warc_files as files_of
from gxgk_crawler.archive.verify import Verification, Verifier
from gxgk_crawler.cli.options import AsJson  # noqa: TC001 - typer reads it
from gxgk_crawler.cli.output import console, errors, plain, print_json, progress_bar, table
from gxgk_crawler.config import config
from gxgk_crawler.items import Finding
from gxgk_crawler.maintenance.audit import Audit
from gxgk_crawler.maintenance.ingest import place_of, settle
from gxgk_crawler.spiders.described import described_portals
from gxgk_crawler.store import captures, integrity, portal_status, warc_files
from gxgk_crawler.store.postgres.database import Database

if TYPE_CHECKING:
    from pathlib import Path

    from gxgk_crawler.store.postgres.database import Connection


@dataclass(slots=True, kw_only=True)
class _Verified:
    """All that was found. elsewhere: how many files lie in other archives, by place."""

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
    *,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="First recover what killed crawls left behind, index what is not, and note what was moved here.",
        ),
    ] = False,
    texts: Annotated[
        bool,
        typer.Option("--texts", help="Also read the bytes of every report again: slow, and needed by nobody nightly."),
    ] = False,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="How many processes read with --texts.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Compare every file with the manifest, every capture with its record, every report with its capture; exit 1 if wrong."""
    directory = config().archive_dir
    with Database.open(config()) as database:
        if repair:
            _repair(database)
        with database.begin() as conn:
            verified = _verify(conn, directory, database, jobs=jobs if texts else 0)
            verified.problems = list(integrity.contradictions(conn))
    left = sorted(path.name for path in directory.glob(f"*.warc.gz{OPEN_SUFFIX}"))
    if as_json:
        print_json(
            {
                "ok": verified.ok,
                **asdict(verified.archive),
                "versions": verified.versions,
                "reread": verified.reread,
                "older": verified.older,
                "problems": [{"kind": one.kind, "message": one.message, "url": one.url} for one in verified.problems],
                "open_files": left,
                "elsewhere": verified.elsewhere,
            }
        )
    else:
        _print(verified, left, texts=texts)
    raise typer.Exit(0 if verified.ok else 1)


def _verify(conn: Connection, directory: Path, database: Database, *, jobs: int) -> _Verified:
    """jobs: how many processes read the texts again, none with 0."""
    found = _Verified()
    away = warc_files.elsewhere(conn, place_of(directory), partial(is_here, directory))
    found.elsewhere.update(file.place for file in away)
    not_here = {file.name for file in away}
    here = [file for file in warc_files.known_files(conn) if file.name not in not_here]
    sealed = {file.name: file.line_sha256 for file in here if file.is_sealed}
    names = {file.name for file in here}
    audit = Audit(directory, (text for text in integrity.version_texts(conn) if text.warc_file in names))
    with progress_bar() as progress:
        task = progress.add_task("verifying", total=sum(path.stat().st_size for path in files_of(directory)))
        verifier = Verifier(
            directory,
            lambda name: captures.iter_captures(conn, warc_file=name),
            lines=sealed,
            told=audit.told,
            progress=lambda done: progress.update(task, completed=done),
        )
        found.archive = verifier.run(names)
        findings = found.archive.findings
        findings += audit.unproved(conn)
        if jobs:
            task = progress.add_task("reading again", total=None)
            findings += audit.differing(
                conn,
                portal_of=described_portals(database),
                jobs=jobs,
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
    findings += _unsettled(conn, directory, {f.file for f in findings if f.kind == "unindexed"})
    found.archive.findings = _without_running(conn, directory, findings)
    found.versions, found.reread, found.older = audit.versions, audit.reread, audit.older
    return found


def _unsettled(conn: Connection, directory: Path, told: set[str | None]) -> list[Finding]:
    try:
        sealed = read_manifest(directory)
    except ValueError:
        return []  # told as a finding about the chain already
    message = "is sealed, but was not taken in to its end: run `gxgk verify --repair`"
    return [
        Finding(kind="unindexed", message=f"{name} {message}", file=name)
        for name in warc_files.unsettled(conn, sealed)
        if name not in told
    ]


def _without_running(conn: Connection, directory: Path, findings: list[Finding]) -> list[Finding]:
    """Without the files of crawls that go on at this moment: what those have archived, the database is about to hear."""
    if not any(finding.kind == "unindexed" for finding in findings):
        return findings
    running = {portal.portal for portal in portal_status.portal_health(conn) if portal.running}
    return [f for f in findings if f.kind != "unindexed" or _portal_of(directory, f.file or "") not in running]


def _portal_of(directory: Path, name: str) -> str | None:
    return file_portal(warc_path(directory, name))


def _print(verified: _Verified, left: list[str], *, texts: bool) -> None:
    archive = verified.archive
    console.print(
        f"{archive.files} sealed file(s), {archive.captures} capture(s), {verified.versions} version(s), "
        f"{len(archive.findings) + len(verified.problems)} finding(s)"
    )
    if texts:
        older = (
            f"; {verified.older} by older rules, whose captures and entries were looked at" if verified.older else ""
        )
        console.print(f"{verified.reread} version(s) read again from their bytes{older}")
    for place, count in sorted(verified.elsewhere.items()):
        console.print(f"{count} file(s) lie elsewhere and were not looked at: {place}", markup=False, soft_wrap=True)
    made = table("Kind", "File", "Offset", "Message")
    for finding in archive.findings:
        message = f"{finding.message} ({finding.url})" if finding.kind == "text" else finding.message
        made.add_row(finding.kind, finding.file or "", plain(finding.offset), message)
    for problem in verified.problems:
        made.add_row(problem.kind, "", "", f"{problem.message} ({problem.url})")
    if not verified.ok:
        console.print(made)
    if left:
        console.print(f"{len(left)} file(s) being written or left by a killed crawl; the next crawl recovers those")


def _repair(database: Database) -> None:
    """Cut torn tails, seal, index what is not, and say of all that lies here that it does."""
    taken = settle(database, config().archive_dir, claim=True)
    for found in taken.recovered:
        told = found.damage or f"{found.records} record(s), {found.cut_bytes} byte(s) cut"
        errors.print(f"recovered {found.file}: {told}", markup=False, soft_wrap=True)
    if taken.files:
        errors.print(f"took {taken.items} record(s) of {taken.files} file(s) into the database")
