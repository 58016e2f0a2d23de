"""Compares both sides, in one snapshot, and reads again what differs or is in the quarantine."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from psycopg import IsolationLevel
from psycopg.rows import dict_row

from trustcart_db.adoption.backfill import Progress
from trustcart_db.migrate import retrying

_BATCH = 500


def differences(connection: psycopg.Connection) -> Iterator[dict[str, object]]:
    """Every difference between the source and ours, but what is in the quarantine.

    Argument: an autocommit connection. Result: rows of entity, table, key, column (empty: the whole row), source_value,
    our_value, streamed, all of one snapshot. Raises psycopg.Error.
    """
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with connection.transaction():
            for source in _sources(connection):
                with connection.cursor("differences", row_factory=dict_row) as cursor:
                    cursor.execute(
                        "select %s::text as entity, %s::text as table, d.source_key as key, d.column_name as column,"
                        " d.source_value, d.our_value"
                        f" from trustcart_private.adopt_differences_{source['name']}() as d",
                        [source["entity"], source["table"]],
                    )
                    yield from cursor
    finally:
        connection.isolation_level = None


def quarantined(connection: psycopg.Connection) -> list[dict[str, object]]:
    """What is in the quarantine, summed up: entity, table, column, sqlstate, message, rows.

    Argument: a connection. Raises psycopg.Error.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select s.entity, s.source_table as table, q.column_name as column, q.sqlstate,"
            " regexp_replace(q.message, 'refers to -?\\d+ of', 'refers to one of') as message, count(*) as rows"
            " from trustcart_private.adoption_quarantine as q"
            " join trustcart_private.adoption_sources as s using (entity, slot)"
            " group by s.entity, s.slot, s.source_table, q.column_name, q.sqlstate, 5"
            " order by array_position('{users,categories,products,customers,orders,items}', s.entity), s.slot, 3, 4, 5"
        ).fetchall()


def repair(connection: psycopg.Connection, lock_wait: float, progress: Progress) -> int:
    """Read again what differs and what is in the quarantine, in the order in which the entities depend on each other.

    Arguments: an autocommit connection; seconds to wait for a lock; progress. Result: how many rows were read. Raises
    BusyError, psycopg.Error.
    """
    rows = 0
    for source in _sources(connection):
        keys = connection.execute(
            "select q.source_key from trustcart_private.adoption_quarantine as q"
            " where q.entity = %s and q.slot = %s union select d.source_key"
            f" from trustcart_private.adopt_differences_{source['name']}() as d order by 1",
            [source["entity"], source["slot"]],
        ).fetchall()
        rows += _again(connection, source, [key for (key,) in keys], lock_wait, progress)
    return rows


def settle(connection: psycopg.Connection, lock_wait: float) -> None:
    """At the end of a first backfill: what came while that which it refers to had not. Arguments as for `repair`.

    Raises BusyError, psycopg.Error.
    """
    for source in _sources(connection):
        keys = connection.execute(
            "select distinct q.source_key from trustcart_private.adoption_quarantine as q"
            " where q.entity = %s and q.slot = %s and q.awaits_key is not null order by 1",
            [source["entity"], source["slot"]],
        ).fetchall()
        _again(connection, source, [key for (key,) in keys], lock_wait, lambda title, done, total: None)


def _again(
    connection: psycopg.Connection, source: dict[str, object], keys: list[int], lock_wait: float, progress: Progress
) -> int:
    for start in range(0, len(keys), _BATCH):
        progress(source["table"], start, len(keys))
        batch = keys[start : start + _BATCH]
        retrying(
            lambda: connection.execute(
                "select trustcart_private.adoption_again(%s, %s)",
                [source["name"], batch],  # noqa: B023
            ),
            connection,
            f"rows of {source['table']}",
            None,
            lock_wait,
        )
    progress(source["table"], len(keys), len(keys))
    return len(keys)


def _sources(connection: psycopg.Connection) -> list[dict[str, object]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select entity, slot, source_name as name, source_table as table from trustcart_private.adoption_sources"
            " order by array_position('{users,categories,products,customers,orders,items}', entity), slot"
        ).fetchall()
