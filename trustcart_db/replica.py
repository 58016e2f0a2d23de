"""Reading from a streaming replica: whether it shows what is committed by now, and what is read where it does not."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg

from trustcart_db.connection import READ, connect, resolve, resolve_replica
from trustcart_db.errors import ConnectError

#: Seconds that a replica has to come to where the primary is; after that the primary is asked.
CATCH_UP_SECONDS = 5.0
#: How far a server is in the write-ahead log, in bytes: what it has replayed or, where it replays none, what it has
#: written.
POSITION = """
    select pg_catalog.pg_wal_lsn_diff(
        case
            when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
            else pg_catalog.pg_current_wal_insert_lsn()
        end,
        '0/0'
    )::bigint
"""
#: Bytes of a page of the write-ahead log, and of the headers that it may have.
_PAGE, _HEADERS = 8192, (24, 40)


def has_reached(reached: int | None, wanted: int) -> bool:
    """Whether a server is where another one was. Arguments: their POSITIONs; None where nothing was replayed yet."""
    # While nothing is written behind the end of a page, the primary's stands behind the header of the next page, which
    # gets written with what comes then.
    offset = wanted % _PAGE
    return reached is not None and reached >= wanted - (offset if offset in _HEADERS else 0)


def connect_to_read(database_url: str | None, tell: Callable[[str], None]) -> psycopg.Connection:
    """Connect for a command that only reads: to the replica where one is given and shows all that is committed by now,
    else to the primary.

    Arguments: the value of `--database-url`; where to say that it is another server than was meant. Result: as of
    `connect`. While the primary is away, it is the replica as it stands. Raises ConnectError, UsageError.
    """
    primary, replica = resolve(database_url), resolve_replica(database_url)
    if replica is None:
        return connect(primary)
    try:
        with connect(primary, autocommit=True) as connection:
            (wanted,) = connection.execute(POSITION).fetchone()
    except (ConnectError, psycopg.OperationalError):
        reading = connect(replica)
        tell(f"The primary is away, so this is what the replica has{_as_of(reading)}.")
        return reading
    try:
        reading = connect(replica)
    except ConnectError as error:
        tell(f"The replica of {READ} cannot be reached, so the primary is read. {error.message}")
        return connect(primary)
    if _reaches(reading, wanted):
        return reading
    reading.close()
    tell(f"The replica of {READ} is more than {CATCH_UP_SECONDS:g} seconds behind, so the primary is read.")
    return connect(primary)


def _as_of(reading: psycopg.Connection) -> str:
    (instant,) = reading.execute("select pg_last_xact_replay_timestamp()").fetchone()
    reading.rollback()
    return f", as of {instant:%Y-%m-%d %H:%M:%S %Z}" if instant else ""


def _reaches(reading: psycopg.Connection, wanted: int) -> bool:
    """Wait for a replica to come to a position."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while True:
        (reached,) = reading.execute(POSITION).fetchone()
        reading.rollback()
        if has_reached(reached, wanted):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
