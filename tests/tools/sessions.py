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
