"""Waits for what another session of the server does, where a test needs two at once."""

from __future__ import annotations

import time


def wait_until_blocked(db, pid: int) -> None:
    """Return once a session waits for a lock.

    Arguments: the test database (a conftest Database), the session's process. Raises AssertionError when it did not
    come to wait within 20 seconds.
    """
    with db.connect() as connection:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if connection.execute("select cardinality(pg_blocking_pids(%s)) > 0", [pid]).fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("the session never had to wait")


def wait_until(db, question: str) -> None:
    """Return once a question is answered with true.

    Arguments: the test database (a conftest Database); SQL of one boolean. Raises AssertionError when it was not so
    within 20 seconds.
    """
    with db.connect() as connection:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if connection.execute(question).fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError(f"never true: {question}")
