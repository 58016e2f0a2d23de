"""pg_dump and pg_restore: finding them, running them against the server that a connection is on, reading an archive."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from trustcart_db.errors import ConnectError, InputError, MissingError, TrustCartError
from trustcart_db.masking import mask_text
from trustcart_db.server import client_bin_dirs, die_with_parent
from trustcart_db.state import SCHEMAS

_SETVAL = re.compile(r"^SELECT pg_catalog\.setval\('((?:[^']|'')+)', (-?\d+), (true|false)\);$", re.M)
_COPY = re.compile(rb"^COPY .* FROM stdin;\n$", re.S)
# What pg_restore frames a script with, for psql alone; the key is random.
_FOR_PSQL = re.compile(r"\\(?:un)?restrict \w+")
_TABLE = re.compile(r"dumping contents of table ")
_WORTH_TELLING = re.compile(r": (?:error|fatal|detail|hint): ")
# Of a server that dies under it, pg_dump may know before our own connection does.
_CONNECTION = re.compile(r"\bconnection\b")
_BLOCK = 1 << 18


class Programs(NamedTuple):
    """pg_dump and pg_restore of one directory: major (int), version (text, as they say it), bin_dir (Path)."""

    major: int
    version: str
    bin_dir: Path


class Target(NamedTuple):
    """How a program reaches the very server that a connection is on: conninfo (without secrets, for the command line
    that everybody on the machine can read), environment (with the password)."""

    conninfo: str
    environment: dict[str, str]


def find_programs(at_least: int) -> Programs:
    """The oldest pg_dump and pg_restore that are new enough: an older pg_dump refuses a newer server, and what a newer
    one writes, the server's own pg_restore cannot read.

    Argument: a major version. Result: Programs. Raises MissingError that says what was found.
    """
    found: list[Programs] = []
    for directory in client_bin_dirs():
        with contextlib.suppress(OSError, subprocess.CalledProcessError, ValueError):
            if (directory / "pg_restore").exists():
                told = subprocess.run(
                    [directory / "pg_dump", "--version"], capture_output=True, text=True, check=True
                ).stdout
                version = told.partition("(PostgreSQL)")[2].split()
                found.append(Programs(int(version[0].split(".")[0]), version[0], directory))
    fit = [one for one in found if one.major >= at_least]
    if not fit:
        have = ", ".join(sorted({one.version for one in found})) or "none"
        raise MissingError(
            f"pg_dump and pg_restore of Postgres {at_least} or newer are needed; found: {have}.",
            f"Install the client programs (Debian: postgresql-client-{at_least}), or put them on the PATH.",
        )
    return min(fit, key=lambda one: one.major)


def target_of(connection: psycopg.Connection, conninfo: str) -> Target:
    """Where a connection leads, for a program that shall follow it: of several hosts the one that was reached.

    Arguments: an open connection; the conninfo it was opened with. Result: a Target. Never raises.
    """
    given = conninfo_to_dict(conninfo)
    password = given.get("password")
    # libpq marks what is secret; only the password has a variable.
    secret = {one.keyword.decode() for one in psycopg.pq.Conninfo.get_defaults() if one.dispchar == b"*"}
    info = connection.info
    reached = {"host": info.host, "port": info.port, "dbname": info.dbname, "user": info.user}
    if "hostaddr" in given:
        reached["hostaddr"] = info.hostaddr
    shown = {name: value for name, value in given.items() if name not in secret}
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    return Target(make_conninfo(**{**shown, **reached}), environment)


@contextlib.contextmanager
def dumping(
    programs: Programs, target: Target, snapshot: str, file: Path, wait: float, tell: Callable[[], None]
) -> Iterator[Callable[[], bool]]:
    """Write our schemas, as a snapshot shows them, into a file while the block runs; its end waits for the dump's.

    Arguments: programs; target; the id of an exported snapshot; file; seconds to wait for a table; tell, called, from
    another thread, for each table. Result: a context with a function that says whether the dump has failed. Raises
    TrustCartError with pg_dump's own words; the file is then of no use.
    """
    options = ["--format=custom", "--verbose", f"--snapshot={snapshot}", f"--file={file}"]
    # What is unlogged are the workings of a session: it may be gone at any time, and a standby cannot read it.
    options += ["--no-unlogged-table-data", f"--lock-wait-timeout={max(1, round(wait * 1000))}"]
    with _running(programs, "pg_dump", [*_of_our_schemas(target), *options], target.environment, tell) as process:
        yield lambda: bool(process.poll())


def schema_of_database(programs: Programs, target: Target) -> str:
    """Our schemas as they are now, as SQL. Raises TrustCartError with pg_dump's own words."""
    return _output(programs, "pg_dump", [*_of_our_schemas(target), "--schema-only"], target.environment)


def schema_of_archive(programs: Programs, file: Path) -> str:
    """The schemas that an archive holds, as SQL. Raises InputError for a file that is no archive."""
    return _read(programs, file, "--schema-only", "--file=-")


def section(programs: Programs, file: Path, name: str) -> str:
    """The statements of an archive's section pre-data or post-data, without what only psql understands.

    Raises InputError for a file that is no archive.
    """
    return "\n".join(_statements(_read(programs, file, f"--section={name}", "--file=-")))


def sequences_of_archive(programs: Programs, file: Path) -> dict[str, list[object]]:
    """The values that an archive gives to sequences: {name: [last value, whether that was called]}.

    They stand in no snapshot: pg_dump read them at its own moment, no earlier than the rows. Raises InputError.
    """
    listed = _read(programs, file, "--list").split("\n")
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as wanted:
        wanted.writelines(f"{line}\n" for line in listed if " SEQUENCE SET " in line)
        wanted.flush()
        text = _read(programs, file, f"--use-list={wanted.name}", "--file=-")
    return {name.replace("''", "'"): [int(value), called == "true"] for name, value, called in _SETVAL.findall(text)}


def load(connection: psycopg.Connection, programs: Programs, file: Path, tell: Callable[[], None]) -> None:
    """Bring the rows of an archive, and the values of its sequences, into the transaction that a connection is in.

    Arguments: the connection; programs; the archive; tell, called for each table. Raises psycopg.Error, InputError.
    """
    options = ["--section=data", "--file=-", str(file)]
    with _running(programs, "pg_restore", options, dict(os.environ), lambda: None) as process:
        statement: list[bytes] = []
        while line := process.stdout.readline():
            if _COPY.match(line):
                _run(connection, statement)
                statement = []
                _copy(connection, line, process.stdout)
                tell()
            else:
                statement.append(line)
        process.wait()
        _run(connection, statement)


def _copy(connection: psycopg.Connection, header: bytes, stream: IO[bytes]) -> None:
    with connection.cursor() as cursor, cursor.copy(header.decode().rstrip().rstrip(";")) as copy:
        block, size = [], 0
        # Data never is a backslash and a dot alone.
        while (line := stream.readline()) and line != b"\\.\n":
            block.append(line)
            size += len(line)
            if size >= _BLOCK:
                copy.write(b"".join(block))
                block, size = [], 0
        copy.write(b"".join(block))


def _run(connection: psycopg.Connection, lines: list[bytes]) -> None:
    connection.execute("\n".join(_statements(b"".join(lines).decode())), prepare=False)


def _statements(text: str) -> list[str]:
    """The lines of a script, which psycopg runs as well as psql does."""
    return [line for line in text.split("\n") if not _FOR_PSQL.fullmatch(line)]


def _of_our_schemas(target: Target) -> list[str]:
    return [f"--dbname={target.conninfo}", "--no-password", *(f"--schema={schema}" for schema in SCHEMAS)]


def _read(programs: Programs, file: Path, *options: str) -> str:
    return _output(programs, "pg_restore", [*options, str(file)], dict(os.environ))


def _output(programs: Programs, name: str, options: list[str], environment: dict[str, str]) -> str:
    with _running(programs, name, options, environment, lambda: None) as process:
        return process.stdout.read().decode()


@contextlib.contextmanager
def _running(
    programs: Programs, name: str, options: list[str], environment: dict[str, str], tell: Callable[[], None]
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that ends with the block, or with us; its failure becomes an error that holds its own words."""
    process = subprocess.Popen(
        [str(programs.bin_dir / name), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment, "LC_ALL": "C"},  # its messages are read
        umask=0o077,
        start_new_session=True,  # so that Ctrl-C reaches us alone, who then end it
        preexec_fn=die_with_parent(os.getpid()),
    )
    told: list[str] = []

    def listen() -> None:
        for line in process.stderr:
            text = line.decode(errors="replace").strip()
            if _TABLE.search(text):
                tell()
            elif _WORTH_TELLING.search(text):
                told.append(text)

    def failure() -> TrustCartError:
        listener.join()
        words = mask_text(" ".join(told[:5])) or f"it ended with {process.returncode}"
        if name == "pg_restore":
            return InputError(f"The backup cannot be read: {words}", "Is the file whole, and was it made by backup?")
        if _CONNECTION.search(words):
            return ConnectError(f"{name} failed: {words}", "Once the server is there, run it again.")
        return TrustCartError(f"{name} failed: {words}")

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield process
        if process.wait():
            raise failure()
    except Exception as error:
        # It may be why: rows that end in the middle look to the server like a mistake in them.
        if process.poll():
            raise failure() from error
        raise
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        listener.join()
        process.stdout.close()
        process.stderr.close()
