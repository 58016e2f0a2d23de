"""Writes a view or table of the contract as CSV or JSON, streamed, to stdout or, whole or not at all, to a file."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import sql

from trustcart_db.errors import MissingError, UsageError
from trustcart_db.phone_encryption import set_key

FORMATS = ("csv", "json")

_RELATIONS = """
    select c.relname, c.relkind = 'v' as is_view
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where n.nspname = 'trustcart' and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
    order by c.relkind <> 'v', c.relname
"""


# Where phone numbers are encrypted, these columns hold tokens; what is none passes through.
_PHONE_COLUMNS = ("phone", "phone_e164", "mobile", "mobile_e164", "address")
_COLUMNS = """
    select a.attname, a.atttypid = 'text'::regtype and a.attname = any(%s)
    from pg_catalog.pg_attribute as a
    where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped
    order by a.attnum
"""


def export(
    connection: psycopg.Connection,
    view: str,
    output_format: str = "csv",
    path: Path | None = None,
    *,
    phone_key: str | None = None,
) -> int:
    """Write all rows of a view or table, in the order of its first column.

    Arguments: a connection; a name in the schema trustcart, with or without it; one of FORMATS; a file, else stdout;
    the key, where phone numbers are encrypted, without which they are masked. Result: how many rows. Raises UsageError
    for an unknown name or a file that cannot be written, psycopg.Error.
    """
    relation = sql.Identifier("trustcart", _find(connection, view))
    with _opened(path) as file, connection.transaction():
        set_key(connection, phone_key)
        query = _query(connection, relation)
        if output_format == "csv":
            return _export_csv(connection, query, file)
        return _export_json(connection, query, file)


def _query(connection: psycopg.Connection, relation: sql.Identifier) -> sql.Composable:
    rows = connection.execute(_COLUMNS, [list(_PHONE_COLUMNS), relation.as_string(connection)]).fetchall()
    columns = [
        sql.SQL("trustcart.shown_phone({0}) as {0}" if is_phone else "{0}").format(sql.Identifier(name))
        for name, is_phone in rows
    ]
    return sql.SQL("select {} from {} order by 1").format(sql.SQL(", ").join(columns), relation)


def _find(connection: psycopg.Connection, view: str) -> str:
    known = dict(connection.execute(_RELATIONS).fetchall())
    name = view.removeprefix("trustcart.")
    if name in known:
        return name
    if not known:
        raise MissingError("The database has no TrustCart schema.", "Run `trustcart-db migrate` first.")
    views = ", ".join(one for one, is_view in known.items() if is_view)
    tables = ", ".join(one for one, is_view in known.items() if not is_view)
    raise UsageError(f"There is no view or table trustcart.{name}.", f"Views: {views}. Tables: {tables}.")


def _export_csv(connection: psycopg.Connection, query: sql.Composable, file: BinaryIO) -> int:
    cursor = connection.cursor()
    with cursor.copy(sql.SQL("copy ({}) to stdout (format csv, header true)").format(query)) as stream:
        for block in stream:
            file.write(block)
    return cursor.rowcount


def _export_json(connection: psycopg.Connection, query: sql.Composable, file: BinaryIO) -> int:
    rows = 0
    with connection.cursor(name="export") as cursor:
        cursor.itersize = 2000
        cursor.execute(sql.SQL("select to_json(t)::text from ({}) as t").format(query))
        for (row,) in cursor:
            file.write(b"[" if rows == 0 else b",\n ")
            file.write(row.encode())
            rows += 1
    file.write(b"]\n" if rows else b"[]\n")
    return rows


@contextlib.contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        # Written beside and renamed, so that a reader finds the old file or the whole new one.
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as error:
        raise UsageError(f"Cannot write {path}: {error.strerror}.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        # mkstemp lets only the owner read; an export is as readable as any file this user writes.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
