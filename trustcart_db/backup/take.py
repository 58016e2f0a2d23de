"""Takes a backup: dump and manifest of one snapshot, under other names until both are whole."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import psycopg
from psycopg import errors as pg

from trustcart_db import phone_encryption
from trustcart_db.backup import archive, inventory
from trustcart_db.errors import BusyError, MissingError, RefusedError, TrustCartError, UsageError
from trustcart_db.migrate import DEFAULT_LOCK_WAIT, Tell, migrate_session, retrying
from trustcart_db.state import SCHEMAS, read_state

#: Called with what is being done, how much of it is done and how much there is.
Progress = Callable[[str, int, int], None]


def take(
    conninfo: str,
    destination: Path,
    *,
    lock_wait: float = DEFAULT_LOCK_WAIT,
    progress: Progress = lambda title, done, total: None,
    tell: Tell = lambda line: None,
) -> tuple[Path, inventory.Manifest]:
    """Back up our three schemas while others go on working.

    Arguments: conninfo of the tables' owner; a file, or a directory in which one is named after the database and the
    time; lock_wait, seconds to wait for a migrate and for a table; progress; tell. Result: the file and its Manifest,
    which lies beside it; only the user can read them. Raises RefusedError where the file exists, MissingError without
    pg_dump or a schema, UsageError where it cannot be written, BusyError, RightsError, ConnectError, TrustCartError.
    What a failed backup wrote is removed, what a killed one left is called `*.partial`.
    """
    with migrate_session(conninfo, lock_wait, tell) as connection:
        state = read_state(connection)
        if state.version is None or state.schemas != set(SCHEMAS):
            raise MissingError("The database holds no whole TrustCart schema.", "Run `trustcart-db migrate` first.")
        programs = archive.find_programs(inventory.major_of(connection))
        made_at = datetime.now(timezone.utc)
        file = _file_of(destination, connection.info.dbname, made_at)
        with _partial(file) as partial, _snapshot(connection, lock_wait) as snapshot:
            found = _dump(connection, conninfo, programs, snapshot, partial, lock_wait, progress)
            progress("checking the file", 0, 0)
            manifest = inventory.Manifest(
                format=inventory.FORMAT,
                made_at=made_at.isoformat(timespec="seconds"),
                database=connection.info.dbname,
                version=state.version,
                server_major=inventory.major_of(connection),
                encoding=inventory.encoding(connection),
                roles=inventory.roles(connection),
                phones_encrypted=phone_encryption.status(connection)["state"] != "off",
                tables=found,
                sequences=archive.sequences_of_archive(programs, partial),
                dump_bytes=partial.stat().st_size,
                dump_sha256=inventory.sha256_of(partial),
            )
            _publish(partial, file, manifest)
    return file, manifest


def _file_of(destination: Path, database: str, made_at: datetime) -> Path:
    if destination.is_dir():
        name = re.sub(r"[^\w.-]", "_", database)
        return destination / f"trustcart-{name}-{made_at:%Y%m%dT%H%M%SZ}.dump"
    if not destination.parent.is_dir():
        raise UsageError(f"There is no directory {destination.parent}.", "Make it first.")
    return destination


@contextlib.contextmanager
def _partial(file: Path) -> Iterator[Path]:
    """The name under which a backup is written: locked, so that nobody else writes there, and gone if it fails."""
    partial = file.with_name(file.name + ".partial")
    _refuse_existing(file)
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise UsageError(f"Cannot write {partial}: {error.strerror}.", "Name a place that you can write to.") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BusyError(f"Another backup writes {file}.", "Wait for it, or give another name.") from None
        try:
            # What a killed backup left may be anyone's to read.
            os.fchmod(descriptor, 0o600)
            yield partial
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _snapshot(connection: psycopg.Connection, lock_wait: float) -> Iterator[str]:
    """Put the connection into a transaction that reads one moment, with all tables locked against what no snapshot
    sees through, such as TRUNCATE. Result: the snapshot's id, for pg_dump."""
    # A role's own time limits are meant for people, not for the hours that a dump may take.
    connection.execute("set idle_in_transaction_session_timeout to 0")
    if connection.info.server_version >= 170000:
        connection.execute("set transaction_timeout to 0")

    def lock() -> None:
        names = inventory.tables(connection)
        connection.execute("begin isolation level repeatable read read only; set local lock_timeout to '2s'")
        try:
            # The first statement that reads takes the snapshot: after the locks.
            connection.execute(f"lock table {', '.join(names)} in access share mode; set local lock_timeout to 0")
            if inventory.tables(connection) != names:
                raise pg.UndefinedTable("a table came or went")
        except BaseException:
            connection.execute("rollback")
            raise

    retry = (pg.LockNotAvailable, pg.DeadlockDetected, pg.UndefinedTable)
    retrying(lock, connection, "reading the tables", None, lock_wait, retry)
    try:
        yield connection.execute("select pg_export_snapshot()").fetchone()[0]
    finally:
        with contextlib.suppress(psycopg.Error):
            connection.execute("rollback")


def _dump(
    connection: psycopg.Connection,
    conninfo: str,
    programs: archive.Programs,
    snapshot: str,
    partial: Path,
    lock_wait: float,
    progress: Progress,
) -> dict[str, list[object]]:
    """Dump and count at the same time, in one snapshot. Result: as inventory.count_rows."""
    target = archive.target_of(connection, conninfo)
    total, done, counting = 2 * len(inventory.tables(connection)), 0, threading.Lock()

    def tell() -> None:
        nonlocal done
        with counting:
            done += 1
            progress("backing up", done, total)

    def counted() -> None:
        tell()
        if has_failed():
            raise TrustCartError("The dump failed.")  # which says itself why

    try:
        with archive.dumping(programs, target, snapshot, partial, lock_wait, tell) as has_failed:
            return inventory.count_rows(connection, counted)
    except TrustCartError:
        # Where the connection is gone as well, that is the reason.
        connection.execute("select 1")
        raise


def _publish(partial: Path, file: Path, manifest: inventory.Manifest) -> None:
    """Give both their names. The manifest comes first: a dump that has its name is whole, and has its manifest."""
    listed = inventory.manifest_path(file)
    listed_partial = listed.with_name(listed.name + ".partial")
    descriptor = os.open(listed_partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        os.fchmod(descriptor, 0o600)
        opened.write(manifest.to_json())
        opened.flush()
        os.fsync(descriptor)
    _sync(partial)
    _refuse_existing(file)
    listed_partial.rename(listed)
    partial.rename(file)
    _sync(file.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise RefusedError(
            f"{file} exists already; a backup overwrites none.",
            "Give another name, or a directory: the file is then named after the database and the time.",
        )
