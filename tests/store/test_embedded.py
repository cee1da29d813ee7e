"""The embedded server outlives whatever is killed, loses nothing that was committed, and is never left behind."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import text

from gxgk_crawler.config import Config
from gxgk_crawler.errors import DatabaseError
from gxgk_crawler.store.postgres.database import Database
from gxgk_crawler.store.postgres.embedded import EmbeddedServer, find_binaries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not ROOT, reason="only root has privileges to drop")
needs_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")

CLIENT = """
import sys, time
from pathlib import Path
from gxgk_crawler.config import Config
from gxgk_crawler.store.postgres.embedded import EmbeddedServer
server = EmbeddedServer(Config(home=Path(sys.argv[1])), idle=1)
server.ensure()
with server.connect() as connection:
    print(connection.execute("select current_setting('data_directory') || ' ' || pg_postmaster_start_time()").fetchone()[0])
sys.stdout.flush()
if len(sys.argv) > 2:
    time.sleep(float(sys.argv[2]))
"""


def client(home: Path, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Another process that uses the server of this home, prints which one it is, and perhaps stays for some seconds."""
    command = [sys.executable, "-c", CLIENT, str(home), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def said(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip()


def eventually(true: Callable[[], bool], seconds: float = 100) -> bool:
    """Whether it became true; the time is for a hopeless case only."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


def postmaster(server: EmbeddedServer) -> int:
    return int((server.directory / "data" / "postmaster.pid").read_text().splitlines()[0])


def guard(server: EmbeddedServer) -> int:
    """Pid of the supervisor: the one process that was given this directory and runs supervisor.py."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text()
        except OSError:
            continue
        if "postgres.supervisor" in command and f'"{server.directory}"' in command:
            return int(process.name)
    raise AssertionError("no guard")


def is_up(server: EmbeddedServer) -> bool:
    return bool(server.status()["running"])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def embedded(home: Path) -> Iterator[EmbeddedServer]:
    """A running server; the cluster is the same for all tests, so that each need not make its own."""
    server = EmbeddedServer(Config(home=home), idle=1)
    server.ensure()
    yield server
    server.stop()
    server.close()


def count(server: EmbeddedServer) -> int:
    with server.connect() as connection:
        row = connection.execute("select count(*) from kept").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def rows(embedded: EmbeddedServer) -> int:
    """Committed rows that must never be lost, and some that are not committed."""
    with embedded.connect() as connection:
        connection.execute("drop table if exists kept")
        connection.execute("create table kept as select generate_series(1, 1000) as n")
    return 1000


def test_settings_that_matter(embedded: EmbeddedServer) -> None:
    names = ("server_encoding", "fsync", "synchronous_commit", "listen_addresses", "lc_messages", "TimeZone")
    with embedded.connect() as connection:
        found = [connection.execute(f"show {name}").fetchone() for name in names]
        word = connection.execute("select upper('é'), '公' ~ '[[:alpha:]]'").fetchone()
    assert found == [("UTF8",), ("on",), ("on",), ("",), ("C",), ("UTC",)]
    assert word == ("É", True)


@pytest.mark.process
def test_processes_that_start_together_share_one_server(tmp_path: Path) -> None:
    clients = [client(tmp_path, "1") for _ in range(3)]
    assert len({said(process) for process in clients}) == 1
    server = EmbeddedServer(Config(home=tmp_path))
    assert eventually(lambda: not is_up(server))


def test_two_homes_have_two_servers(embedded: EmbeddedServer, tmp_path: Path) -> None:
    other = said(client(tmp_path))
    assert other.startswith(str(tmp_path))
    assert is_up(embedded)


@needs_proc
def test_a_killed_postmaster_is_replaced_and_nothing_committed_is_lost(embedded: EmbeddedServer, rows: int) -> None:
    """The transaction that was open fails with one clear error; those that follow find the server again."""
    with Database(embedded.url, server=embedded) as database:
        for _ in range(2):
            with pytest.raises(DatabaseError) as error, database.begin() as conn:  # noqa: PT012
                conn.execute(text("insert into kept values (0)"))
                os.kill(postmaster(embedded), signal.SIGKILL)
                while True:
                    conn.execute(text("select 1"))
            assert "\n" not in str(error.value)
            with database.begin() as conn:
                assert conn.execute(text("select count(*) from kept")).scalar_one() == rows
    assert embedded.status()["guarded"]


@needs_proc
def test_a_killed_backend_is_survived(embedded: EmbeddedServer, rows: int) -> None:
    connection = embedded.connect()
    with closing(connection):
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")

    def all_rows_are_there() -> bool:
        try:
            return count(embedded) == rows
        except psycopg.OperationalError:  # the server ends all other sessions and starts anew
            return False

    assert eventually(all_rows_are_there)


@needs_proc
def test_a_killed_guard_is_replaced_by_one_that_adopts_the_server(embedded: EmbeddedServer, rows: int) -> None:
    before = postmaster(embedded)
    os.kill(guard(embedded), signal.SIGKILL)
    assert eventually(lambda: not embedded.status()["guarded"])
    embedded.ensure()
    assert postmaster(embedded) == before
    assert count(embedded) == rows
    embedded.close()
    assert eventually(lambda: not is_up(embedded))


@needs_proc
def test_the_last_user_replaces_a_killed_guard(embedded: EmbeddedServer) -> None:
    os.kill(guard(embedded), signal.SIGKILL)
    assert eventually(lambda: not embedded.status()["guarded"])
    embedded.close()
    assert embedded.status()["guarded"]
    assert eventually(lambda: not is_up(embedded))


@needs_proc
def test_guard_and_postmaster_killed_together(embedded: EmbeddedServer, rows: int) -> None:
    os.kill(guard(embedded), signal.SIGKILL)
    os.kill(postmaster(embedded), signal.SIGKILL)
    assert count(embedded) == rows


@needs_proc
def test_a_lock_file_with_the_pid_of_a_stranger_does_not_keep_the_server_down(
    embedded: EmbeddedServer, rows: int
) -> None:
    """After a reboot the pid in postmaster.pid may belong to anybody, the server's own user included."""
    lock_file = embedded.directory / "data" / "postmaster.pid"
    lines = lock_file.read_text().splitlines()
    os.kill(guard(embedded), signal.SIGKILL)
    os.kill(int(lines[0]), signal.SIGKILL)
    owner = embedded.directory.stat()
    stranger = subprocess.Popen(["sleep", "60"], user=owner.st_uid if ROOT else None)
    try:
        lock_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert count(embedded) == rows
    finally:
        stranger.kill()
        stranger.wait()


def test_a_killed_client_leaves_no_server_behind(home: Path) -> None:
    process = client(home, "60")
    assert process.stdout is not None
    process.stdout.readline()
    server = EmbeddedServer(Config(home=home))
    assert is_up(server)
    process.kill()
    process.communicate()
    assert eventually(lambda: not server.status()["guarded"])
    assert not is_up(server)


def test_a_foreign_client_keeps_the_server_up(embedded: EmbeddedServer) -> None:
    with psycopg.connect(embedded.url) as connection:
        embedded.close()
        time.sleep(2.5)
        connection.execute("select 1")
    assert eventually(lambda: not is_up(embedded))


def test_pinned_until_stopped(embedded: EmbeddedServer) -> None:
    embedded.pin()
    embedded.close()
    time.sleep(2)
    assert embedded.status()["pinned"]
    assert is_up(embedded)
    assert embedded.stop()
    assert not embedded.stop()
    assert not is_up(embedded)
    assert not embedded.status()["pinned"]


@pytest.mark.process
def test_a_deleted_home_ends_its_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    server = EmbeddedServer(Config(home=home), idle=60)
    server.ensure()
    pid = postmaster(server)
    shutil.rmtree(home)
    assert eventually(lambda: not Path(f"/proc/{pid}").exists())
    server.close()


@pytest.mark.process
def test_an_unfinished_cluster_is_made_again(tmp_path: Path) -> None:
    server = EmbeddedServer(Config(home=tmp_path), idle=1)
    server._prepare()
    leftover = server.directory / "data.new"
    leftover.mkdir()
    (leftover / "PG_VERSION").write_text("18\n")
    if ROOT:
        shutil.chown(leftover, *server._owner())  # type: ignore[misc]
    server.ensure()
    server.close()
    assert not leftover.exists()


@pytest.mark.process
def test_a_long_path_still_has_a_socket(tmp_path: Path) -> None:
    home = tmp_path / ("长" * 60)
    server = EmbeddedServer(Config(home=home), idle=1)
    with server.connect() as connection:
        connection.execute("select 1")
    sockets = server._sockets()
    assert sockets.parent == Path("/tmp")
    assert sockets.stat().st_mode & 0o777 == 0o700
    with psycopg.connect(server.url):
        pass
    server.stop()
    server.close()
    sockets.rmdir()


@pytest.mark.process
def test_somebody_elses_socket_directory_is_refused(tmp_path: Path) -> None:
    server = EmbeddedServer(Config(home=tmp_path / ("长" * 60)), idle=1)
    server._prepare()
    sockets = server._sockets()
    sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(DatabaseError, match="belongs to another user"):
            server.ensure()
    finally:
        sockets.unlink()
        server.close()


@pytest.mark.process
@needs_root
def test_root_hands_the_server_to_somebody_else_even_below_closed_directories() -> None:
    """Both the data and the binaries lie where only root can look: /root, or mktemp -d."""
    with tempfile.TemporaryDirectory() as closed:  # mode 0700
        binaries, _ = find_binaries(Config(home=Path(closed)))
        package = binaries.parents[1]
        for tree in (package, *package.parent.glob(f"{package.name}.libs")):
            shutil.copytree(tree, Path(closed) / tree.name, symlinks=True)
        copied = Path(closed) / package.name / binaries.relative_to(package)
        server = EmbeddedServer(Config(home=Path(closed) / "home", pg_bin=copied), idle=1)
        with server.connect() as connection:
            connection.execute("select 1")
            status = Path(f"/proc/{postmaster(server)}/status").read_text()
        server.stop()
        server.close()
        facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert "0" not in facts["Uid"].split()
        assert int(facts["CapEff"], 16) in {1 << 1, 1 << 2}
        assert Path(closed).stat().st_mode & 0o777 == 0o700


@pytest.mark.process
@needs_root
def test_root_keeps_no_capability_where_none_is_needed(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as opened:
        Path(opened).chmod(0o755)
        server = EmbeddedServer(Config(home=Path(opened)), idle=1)
        server.ensure()
        status = Path(f"/proc/{postmaster(server)}/status").read_text()
        server.stop()
        server.close()
    binaries, _ = find_binaries(Config(home=tmp_path))
    if all(parent.stat().st_mode & 0o001 for parent in binaries.parents):
        assert "CapEff:\t0000000000000000" in status


@pytest.mark.process
@needs_root
def test_an_ordinary_user_and_root_share_that_users_server() -> None:
    python = _python_for_everybody()
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        home.chmod(0o755)
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PATH": os.defpath}
        process = subprocess.Popen(
            [python, "-c", CLIENT, str(home), "2"],
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            env=environment,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        first = process.stdout.readline().strip()
        second = said(client(home))
        assert (first, process.wait(30)) == (second, 0), process.stderr and process.stderr.read()
        process.communicate()
        assert (home / "pg" / "data").stat().st_uid == nobody.pw_uid
        EmbeddedServer(Config(home=home)).stop()


def _python_for_everybody() -> str:
    """An interpreter of this version that another user may run; ours may lie below /root."""
    for candidate in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}", "/usr/bin/python3"):
        command = [candidate, "-c", "import gxgk_crawler, sys; print(sys.version_info[:2])"]
        environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PATH": os.defpath}
        try:
            told = subprocess.run(
                command, user="nobody", env=environment, capture_output=True, text=True, check=False, cwd="/"
            )
        except OSError:
            continue
        if told.stdout.strip() == str(sys.version_info[:2]):
            return candidate
    pytest.skip("no Python of this version, or not this checkout, is open to another user")


@pytest.mark.skipif(ROOT, reason="root may use any directory")
def test_a_home_of_another_user_is_one_clear_line() -> None:
    with pytest.raises(DatabaseError, match="cannot be used"):
        EmbeddedServer(Config(home=Path("/nobody-may-write-here"))).ensure()


def test_binaries_that_do_not_work_are_said_so(tmp_path: Path, home: Path) -> None:
    with pytest.raises(DatabaseError, match="GXGK_PG_BIN"):
        find_binaries(Config(home=tmp_path, pg_bin=tmp_path))
    data = tmp_path / "pg" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseError, match="was made by PostgreSQL 9"):
        find_binaries(Config(home=tmp_path))


def test_a_server_that_cannot_be_reached_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        url = f"postgresql://somebody:secret@127.0.0.1:{port}/none"
        with pytest.raises(DatabaseError) as error:
            Database.open(Config(home=tmp_path, database_url=url))
    assert "\n" not in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.process
def test_the_guard_needs_nothing_but_the_standard_library() -> None:
    root = str(Path(__file__).parents[2])
    code = f"import sys; sys.path.append({root!r}); import gxgk_crawler.store.postgres.supervisor"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)
