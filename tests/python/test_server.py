"""The private server: no TCP, no trace in the system, dead when its Python is, alive again after a kill -9."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.python.conftest import environment
from tests.tools.system import find_installation
from trustcart_db import server as server_module
from trustcart_db.errors import BusyError, TrustCartError
from trustcart_db.server import THROW_AWAY, PrivateServer

START = """
import sys
from pathlib import Path
from tests.tools.system import find_installation
from trustcart_db.server import PrivateServer
server = PrivateServer(find_installation(int(sys.argv[1])), Path(sys.argv[2]) if sys.argv[2:] else None).start()
print(server.pid, server.socket_dir, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def base(major):
    """A directory that the server's user can reach, for data that stays."""
    made = Path(server_module._private_dir(server_module._run_as(find_installation(major))))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def alive(pid: int) -> bool:
    """Whether the process runs."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")")[-1].split()[0] != "Z"


def gone(pid: int) -> bool:
    """Wait for it to go."""
    for _ in range(200):
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def spawn(major: int, *arguments: object) -> tuple[subprocess.Popen, int, Path]:
    """A Python with a server: the process, the server's pid, its socket directory."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(major), *map(str, arguments)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    pid, directory = process.stdout.readline().split(maxsplit=1)
    return process, int(pid), Path(directory.strip())


def test_socket_only(server):
    with server.connect() as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
    assert server.socket_dir.stat().st_mode & 0o077 == 0
    assert len(str(server.socket_dir / ".s.PGSQL.5432")) < 100


def test_root_becomes_a_user_that_exists_already(server, major):
    if os.geteuid() != 0:
        pytest.skip("only root drops to another user")
    user = pwd.getpwuid(Path(f"/proc/{server.pid}").stat().st_uid).pw_name
    assert user in ("nobody", "postgres")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the death signal is Linux's")
def test_it_dies_with_a_killed_python(major):
    process, pid, directory = spawn(major)
    assert alive(pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert gone(pid)
    shutil.rmtree(directory, ignore_errors=True)


def test_it_ends_with_python_and_cleans_up(major):
    process, pid, directory = spawn(major)
    process.communicate()
    assert gone(pid)
    assert not directory.exists()


def test_kill9_and_restart_keep_what_was_committed(make_server):
    one = make_server({"fsync": "on", "synchronous_commit": "on"})
    with one.connect() as connection:
        connection.execute("create table kept as select 1 as a")
    one.kill9()
    assert one.pid is None
    one.restart()
    with one.connect() as connection:
        assert connection.execute("select a from kept").fetchone() == (1,)


def test_a_given_data_directory_stays(major, base):
    for expected in (0, 1):
        with PrivateServer(find_installation(major), base / "data", THROW_AWAY) as one, one.connect() as connection:
            found = connection.execute("select count(*) from pg_class where relname = 'kept'").fetchone()[0]
            assert found == expected
            connection.execute("create table if not exists kept (a int)")
    assert (base / "data" / "PG_VERSION").exists()


def test_a_stale_pid_file_of_another_program_is_no_obstacle(major, base):
    with PrivateServer(find_installation(major), base / "data", THROW_AWAY):
        lines = (base / "data" / "postmaster.pid").read_text().splitlines()
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        lines[0] = str(sleeper.pid)
        (base / "data" / "postmaster.pid").write_text("\n".join(lines) + "\n")
        with PrivateServer(find_installation(major), base / "data", THROW_AWAY) as one:
            assert one.pid
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_data_directory_in_use_is_a_clear_error(major, base):
    process, _, _ = spawn(major, base / "data")
    with pytest.raises(BusyError):
        PrivateServer(find_installation(major), base / "data").start()
    process.communicate()


def test_a_server_that_cannot_start_shows_its_log(major):
    with pytest.raises(TrustCartError, match="no_such_library"):
        PrivateServer(find_installation(major), settings={"shared_preload_libraries": "no_such_library"}).start()


def test_binaries_behind_a_closed_door_are_copied(major, tmp_path, monkeypatch):
    installation = find_installation(major)
    if os.geteuid() != 0 or not installation.embedded:
        pytest.skip("needs root and the embedded Postgres")
    closed = tmp_path / "closed"
    package = installation.bin_dir.parents[1]
    for folder in (package, package.with_name(package.name + ".libs")):
        shutil.copytree(folder, closed / folder.name)
    closed.chmod(0o700)
    copies = Path(server_module._private_dir(None))
    copies.chmod(0o755)
    monkeypatch.setattr(server_module, "state_dir", lambda: copies)
    moved = installation._replace(bin_dir=closed / package.name / "pginstall" / "bin")
    try:
        for _ in range(2):  # the second start finds the copy
            with PrivateServer(moved, settings=THROW_AWAY) as one:
                assert one.bin_dir.is_relative_to(copies)
        assert len(list(copies.iterdir())) == 1
    finally:
        shutil.rmtree(copies)
    assert closed.stat().st_mode & 0o777 == 0o700
