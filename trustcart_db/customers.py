"""A person's rights and duplicate customers: the calls behind `customer`. The database decides all."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from trustcart_db.errors import UsageError

Row = dict[str, object]

# What is searched for after an erasure: the words by which a person is known, and the tokens of encrypted numbers. A
# name of two letters is in every text.
_VALUES = """
    select distinct v.value
    from trustcart.customers as c
    left join trustcart.customer_family_members as f on f.customer_id = c.id
    cross join lateral (
        values (c.email::text), (trustcart.shown_phone(c.phone)), (trustcart.shown_phone(c.mobile)), (c.address),
            (c.notes), (concat_ws(' ', c.first_name, c.last_name)), (trustcart.shown_phone(f.phone)), (f.name),
            (substring(c.phone from '^enc:.*')), (substring(c.phone_e164 from '^enc:.*')),
            (substring(c.mobile from '^enc:.*')), (substring(c.mobile_e164 from '^enc:.*')),
            (substring(f.phone from '^enc:.*')), (substring(f.phone_e164 from '^enc:.*'))
    ) as v (value)
    where (c.id = %(id)s or c.merged_into_id = %(id)s) and length(btrim(v.value)) >= 3
"""


def export(connection: psycopg.Connection, customer_id: int) -> Row:
    """Everything held of a person.

    Arguments: a connection, in whose transaction the export is noted in the audit; the customer. Result: the rows of
    each table, {table: [row, …]}. Raises psycopg.Error.
    """
    return connection.execute("select trustcart.export_customer(%s)", [customer_id]).fetchone()[0]


def write_export(found: Row, path: Path | None) -> str | None:
    """Write an export as JSON into a file that only its owner can read.

    Arguments: what `export` returned; the file, which is replaced as a whole, or None. Result: the text where there is
    no file, else None. Raises UsageError when the file cannot be written.
    """
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if path is None:
        return text
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as error:
        raise UsageError(f"Cannot write {path}: {error.strerror}.") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return None


def erase(
    connection: psycopg.Connection, customer_id: int, reason: str | None = None, prove: bool = False
) -> tuple[Row, list[Row]]:
    """Make a person unknown.

    Arguments: a connection; the customer; why; whether to search the whole database afterwards, in the same
    transaction, for what the person was known by. Result: the answer of trustcart.erase_customer, and where something
    was found: table_name, column_name, row_id, excerpt (masked). Raises psycopg.Error.
    """
    values = [value for (value,) in connection.execute(_VALUES, {"id": customer_id})] if prove else []
    answer = connection.execute("select trustcart.erase_customer(%s, %s)", [customer_id, reason]).fetchone()[0]
    traces = _rows(connection, "select * from trustcart.find_personal_traces(%s)", [values]) if values else []
    return answer, traces


def duplicates(connection: psycopg.Connection, limit: int = 100) -> list[Row]:
    """Pairs of customers who may be one, the likeliest first.

    Arguments: a connection; how many. Result: rows of trustcart.duplicate_customers. Raises psycopg.Error.
    """
    return _rows(connection, "select * from trustcart.duplicate_customers(%s)", [limit])


def dismiss(connection: psycopg.Connection, customer_id: int, other_customer_id: int) -> bool:
    """Note that two customers are not the same. Result: False when that was known. Raises psycopg.Error."""
    row = connection.execute("select trustcart.dismiss_duplicate(%s, %s)", [customer_id, other_customer_id]).fetchone()
    return row[0]


def merge(connection: psycopg.Connection, survivor_id: int, duplicate_id: int, reason: str | None = None) -> Row:
    """Make one customer of two.

    Arguments: a connection; the customer who goes on; the duplicate; why. Result: merge_id, survivor_id, duplicate_id,
    moved {table: rows}, filled [columns]. Raises psycopg.Error.
    """
    row = connection.execute(
        "select trustcart.merge_customers(%s, %s, %s)", [survivor_id, duplicate_id, reason]
    ).fetchone()
    return row[0]


def unmerge(connection: psycopg.Connection, merge_id: int) -> Row:
    """Undo a merge.

    Arguments: a connection; the merge. Result: merge_id, survivor_id, duplicate_id, returned {table: rows}. Raises
    psycopg.Error.
    """
    return connection.execute("select trustcart.undo_merge(%s)", [merge_id]).fetchone()[0]


def merges(connection: psycopg.Connection, limit: int = 100) -> list[Row]:
    """The latest merges.

    Arguments: a connection; how many. Result: rows with merge_id, survivor_id, duplicate_id, merged_at, merged_by,
    reason, undone_at. Raises psycopg.Error.
    """
    return _rows(
        connection,
        "select m.id as merge_id, m.survivor_id, m.duplicate_id, m.merged_at, u.name as merged_by, m.reason,"
        " m.undone_at from trustcart.customer_merges as m left join trustcart.users as u on u.id = m.merged_by"
        " order by m.id desc limit %s",
        [limit],
    )


def consents(connection: psycopg.Connection, customer_id: int) -> list[Row]:
    """Everything a customer allowed and forbade, the latest first: rows of trustcart.consent_history. Raises
    psycopg.Error."""
    return _rows(connection, "select * from trustcart.consent_history(%s)", [customer_id])


def _rows(connection: psycopg.Connection, query: str, values: list[object]) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values).fetchall()
