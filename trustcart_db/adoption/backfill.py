"""Brings the past over: key ranges (orders customer by customer) in batches that commit with how far they came."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from trustcart_db.adoption.host import Source
from trustcart_db.migrate import retrying
from trustcart_db.state import SCHEMAS

#: (title, rows done, rows in all)
Progress = Callable[[str, int, int], None]

# A batch that commits in about a quarter of a second: whoever deletes meanwhile waits no longer.
_BATCH = 5000
_FIRST_BATCH = 500
# How long a batch queues for the rows and locks of the shop before it lets others pass.
_LOCK_TIMEOUT = "500ms"


def backfill(connection: psycopg.Connection, sources: list[Source], lock_wait: float, progress: Progress) -> int:
    """Bring over what has not come yet, source by source in the order in which they depend on each other.

    Arguments: an autocommit connection; the sources; seconds to wait for a lock; progress. Result: how many keys were
    read. Raises BusyError, psycopg.Error; run again it goes on after the last batch.
    """
    rows = 0
    for one in sources:
        done, is_done = connection.execute(
            "select rows_done, done_at is not null from trustcart_private.adoption_sources where source_name = %s",
            [one.name],
        ).fetchone()
        if is_done:
            continue
        if not done and one.entity == "orders":
            # Nobody waits for this one, however many they are.
            progress(one.table, 0, _size(connection, one))
            connection.execute("select trustcart_private.adopt_queue_orders()")
        total, size, analyzed = _size(connection, one), _FIRST_BATCH, 0
        while not is_done:
            progress(one.table, done, max(total, done))
            count = _batch(connection, one, size, lock_wait)
            rows, done, is_done = rows + count, done + count, count < size
            size = _BATCH
            if done > 10 * analyzed or is_done:
                _analyze(connection)
                analyzed = done
        progress(one.table, done, done)
    return rows


def _analyze(connection: psycopg.Connection) -> None:
    """Tables that have grown much are planned by what they are now: for one that was empty the planner reads all rows,
    and every session keeps such plans until this."""
    grown = connection.execute(
        "select c.oid::regclass::text from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname = any(%s) and c.relkind = 'r'"
        " and pg_relation_size(c.oid) > 4 * 8192 * greatest(c.relpages, 1)",
        [list(SCHEMAS)],
    ).fetchall()
    for (table,) in grown:
        connection.execute(f"analyze {table}")


def _batch(connection: psycopg.Connection, one: Source, size: int, lock_wait: float) -> int:
    counts: list[int] = []

    def run() -> None:
        with connection.transaction():
            connection.execute(f"set local lock_timeout to '{_LOCK_TIMEOUT}'")
            counts.append(
                connection.execute("select trustcart_private.adoption_backfill(%s, %s)", [one.name, size]).fetchone()[0]
            )

    retrying(run, connection, f"a batch of {one.table}", one.target, lock_wait)
    return counts[-1]


def _size(connection: psycopg.Connection, one: Source) -> int:
    """About how many rows the table has, for the progress bar."""
    return connection.execute(
        "select greatest(sum(c.reltuples), 0)::bigint from pg_class as c"
        " where c.oid in (select relid from pg_partition_tree(%(table)s::regclass) union select %(table)s::regclass)",
        {"table": one.table},
    ).fetchone()[0]
