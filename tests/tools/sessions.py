"""Waits for what another session, process or page does, where a test needs two at once."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg


def wait_for(is_so: Callable[[], object], what: str = "it") -> None:
    """Return once something is so.

    Arguments: tells whether it is; how to name it. Raises AssertionError when it was not so within a minute.
    """
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


def wait_until_true(connection: psycopg.Connection, question: str) -> None:
    """Return once a question is answered with true. Arguments: SQL of one value. Raises AssertionError as wait_for."""
    wait_for(lambda: connection.execute(question).fetchone()[0], question)


def wait_until(db, question: str) -> None:
    """The same on a connection of its own. Arguments: the test database (a conftest Database), the SQL."""
    with db.connect() as connection:
        wait_until_true(connection, question)


def wait_until_blocked(db, pid: int) -> None:
    """Return once a session waits for a lock. Arguments: the test database, the session's process."""
    wait_until(db, f"select cardinality(pg_blocking_pids({pid})) > 0")
