"""Turns the encryption of phone numbers on and off, and rotates its keys: in batches that each commit.

What a batch does stands in SQL; this module drives the batches, each with the key set in its own transaction, and may
be killed between or within any two of them: run again, it goes on. The key comes from the environment or a file and
goes to the server as a bound parameter, never into a statement, a log line or an error.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import errors as pg
from psycopg.rows import dict_row

from trustcart_db.errors import BusyError, MissingError, RightsError, UsageError

#: Holds the master key, for the command line and the delivery worker.
ENVIRONMENT = "TRUSTCART_PHONE_KEY"
#: Holds the master key to change to.
NEW_ENVIRONMENT = "TRUSTCART_PHONE_NEW_KEY"
#: Customers, or numbers of the vault, in a transaction.
BATCH = 1000
# Where numbers stood, and stand as tokens afterwards.
_TABLES = (
    "trustcart.customers",
    "trustcart.customer_family_members",
    "trustcart.customer_phone_flags",
    "trustcart.campaign_messages",
    "trustcart.campaign_receipts",
    "trustcart.customer_merges",
    "trustcart_private.phone_book",
    "trustcart_private.call_requests",
    "trustcart_private.phone_vault",
)
_RETRY = (pg.LockNotAvailable, pg.DeadlockDetected, pg.SerializationFailure)

#: Called with what is being done, how much of it is done and how much there is.
Progress = Callable[[str, int, int], None]
_Result = TypeVar("_Result")


def key_from(path: Path | None = None, environment: str = ENVIRONMENT) -> str | None:
    """The master key of a file, else of the environment.

    Arguments: a file that holds nothing else, or None; the variable. Result: the key as written there, or None when
    there is none; whether it is one, the database says. Raises UsageError for a file that cannot be read.
    """
    if path is not None:
        try:
            return path.read_text(encoding="ascii").strip() or None
        except (OSError, UnicodeDecodeError):
            raise UsageError(f"Cannot read a key from {path}.", "It holds the key alone, in one line.") from None
    return os.environ.get(environment, "").strip() or None


def set_key(connection: psycopg.Connection, key: str | None) -> None:
    """Give the key for the transaction that the connection is in; without a key does nothing.

    Arguments: a connection in a transaction; the key or None. Raises psycopg.Error: TC403 for a login role that is no
    gateway, TC005, TC501.
    """
    if key:
        connection.execute("select trustcart.set_phone_key(%s)", [key])


def status(connection: psycopg.Connection) -> dict[str, object]:
    """Whether numbers are encrypted. Result: the row of trustcart.phone_encryption_status(). Raises psycopg.Error."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute("select * from trustcart.phone_encryption_status()").fetchone()


def turn_on(
    connection: psycopg.Connection,
    key: str,
    *,
    batch: int = BATCH,
    wait: float = 60.0,
    rewrite: bool = False,
    progress: Progress | None = None,
) -> tuple[str, int]:
    """Encrypt all phone numbers, or go on with it.

    Arguments: an autocommit connection of the tables' owner; the master key; customers in a transaction; seconds to
    wait for a lock; rewrite, VACUUM FULL at the end; progress. Result: the state before (off, turning_on, on,
    turning_off) and how many numbers were replaced. Raises MissingError without pgcrypto, RightsError, BusyError,
    psycopg.Error (TC005, TC501).
    """
    _require_owner(connection)
    before = _patiently(
        connection,
        lambda: connection.execute("select trustcart_private.start_phone_encryption(%s)", [key]).fetchone()[0],
        wait,
    )
    converted = _convert(connection, key, "encrypting customers", batch, wait, progress)
    _clean(connection, rewrite, progress)
    return before, converted


def turn_off(
    connection: psycopg.Connection,
    key: str,
    *,
    batch: int = BATCH,
    wait: float = 60.0,
    progress: Progress | None = None,
) -> tuple[str, int]:
    """Make all phone numbers readable again, as they were typed, or go on with it.

    Arguments and result: as `turn_on`. Raises RightsError, BusyError, psycopg.Error (TC005, TC501, TC505).
    """
    _require_owner(connection)
    before = _patiently(
        connection,
        lambda: connection.execute("select trustcart_private.start_phone_decryption(%s)", [key]).fetchone()[0],
        wait,
    )
    converted = _convert(connection, key, "decrypting customers", batch, wait, progress)
    if before != "off":
        _clean(connection, False, progress)
    return before, converted


def accept(connection: psycopg.Connection, key: str, new_key: str, *, wait: float = 60.0) -> None:
    """Let a new master key open the numbers beside the present one.

    Arguments: an autocommit connection of the tables' owner; both keys. Raises RightsError, BusyError, psycopg.Error
    (TC005, TC501, TC504).
    """
    _require_owner(connection)

    def run() -> None:
        set_key(connection, key)
        connection.execute("select trustcart_private.accept_phone_key(%s)", [new_key])

    _patiently(connection, run, wait)


def rotate(
    connection: psycopg.Connection,
    key: str,
    *,
    batch: int = BATCH,
    wait: float = 60.0,
    progress: Progress | None = None,
) -> int:
    """Encrypt the vault anew under a new data key, which this master key alone opens; or go on with it.

    Arguments: an autocommit connection of the tables' owner; the master key that stays; numbers in a transaction;
    seconds to wait for a lock; progress. Result: how many numbers were encrypted anew. Raises RightsError, BusyError,
    psycopg.Error (TC005, TC501, TC504, TC505).
    """
    _require_owner(connection)
    tell = progress or (lambda *_: None)
    total = _patiently(
        connection,
        lambda: connection.execute("select trustcart_private.start_phone_rotation(%s)", [key]).fetchone()[0],
        wait,
    )
    done = 0

    def one_batch() -> int:
        set_key(connection, key)
        return connection.execute("select trustcart_private.rotate_phones(%s)", [batch]).fetchone()[0]

    def finish() -> bool:
        return connection.execute("select trustcart_private.finish_phone_rotation()").fetchone()[0]

    while True:
        rotated = _patiently(connection, one_batch, wait)
        done += rotated
        tell("encrypting numbers anew", done, max(total, done))
        if not rotated and _patiently(connection, finish, wait):
            break
    connection.execute("vacuum (analyze) trustcart_private.phone_vault")
    return done


def _convert(
    connection: psycopg.Connection, key: str, title: str, batch: int, wait: float, progress: Progress | None
) -> int:
    tell = progress or (lambda *_: None)
    total = connection.execute("select count(*) from trustcart.customers").fetchone()[0]
    converted = 0

    def one_batch() -> tuple[int, bool]:
        set_key(connection, key)
        return connection.execute(
            "select converted, is_done from trustcart_private.convert_phones(%s)", [batch]
        ).fetchone()

    def finish() -> bool:
        set_key(connection, key)
        return connection.execute("select trustcart_private.finish_phone_conversion()").fetchone()[0]

    # A second round for what was written behind the first; more than that is not to be expected.
    for _ in range(5):
        done = 0
        while True:
            numbers, is_done = _patiently(connection, one_batch, wait)
            converted += numbers
            if is_done:
                break
            done = min(done + batch, total)
            tell(title, done, total)
        if _patiently(connection, finish, wait):
            return converted
    raise BusyError(
        "Numbers of the other kind keep being written.", "Look who writes past the triggers, then run it again."
    )


def _clean(connection: psycopg.Connection, rewrite: bool, progress: Progress | None) -> None:
    """Take former values out of the tables' free space, as far as VACUUM does, and out of the planner's statistics."""
    for table in _TABLES:
        if progress:
            progress("cleaning the tables", 0, 0)
        connection.execute(f"vacuum ({'full, ' if rewrite else ''}analyze) {table}")
    if rewrite:
        # Former statistics, the most frequent numbers among them. Where the role may not, the server warns, no more.
        connection.execute("vacuum (full) pg_catalog.pg_statistic")


def _patiently(connection: psycopg.Connection, action: Callable[[], _Result], wait: float) -> _Result:
    """Do it in a transaction that waits for a lock only briefly, and again until the time is up."""
    deadline, pause = time.monotonic() + wait, 0.05
    while True:
        try:
            with connection.transaction():
                connection.execute("set local lock_timeout = '2s'")
                return action()
        except _RETRY as error:
            if time.monotonic() >= deadline:
                raise BusyError(
                    f"No lock on the tables with phone numbers within {wait:g} s.",
                    "Run it again when those who hold it are done; what is done so far stays.",
                ) from error
            time.sleep(pause)
            pause = min(pause * 2, 1.0)


def _require_owner(connection: psycopg.Connection) -> None:
    found = connection.execute(
        "select (select pg_has_role(c.relowner, 'usage')"
        " from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
        " where n.nspname = 'trustcart_private' and c.relname = 'phone_vault')"
    ).fetchone()[0]
    if found is None:
        raise MissingError("The database has no TrustCart schema that encrypts.", "Run `trustcart-db migrate` first.")
    if not found:
        raise RightsError(
            "Only the owner of the tables turns encryption on or off, or rotates its keys.",
            "Connect as the role that runs `trustcart-db migrate`.",
        )
