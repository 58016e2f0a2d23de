"""Where the database is, and how to reach it: the one place that reads URLs and environment variables.

A database is named, in this order, by `--database-url`, `TRUSTCART_DATABASE_URL`, `DATABASE_URL`, or libpq's own
variables (PGHOST, PGSERVICE, PGDATABASE …). URLs (`postgres://`, `postgresql://`) and `key=value` strings both do;
libpq itself reads them, so sockets, several hosts, service files and password files work as everywhere.

Two more variables name other ways to the same database, and each goes before those above, `--database-url` excepted:
`TRUSTCART_DIRECT_URL` one without a pooler, for what needs a session of its own; `TRUSTCART_READ_URL` a streaming
replica, for what only reads.
"""

from __future__ import annotations

import os
import re
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from trustcart_db.errors import ConnectError, UsageError

APPLICATION_NAME = "trustcart-db"
ENVIRONMENT = ("TRUSTCART_DATABASE_URL", "DATABASE_URL")
DIRECT, READ = "TRUSTCART_DIRECT_URL", "TRUSTCART_READ_URL"
#: Which process of the server carries out a statement, for `is_pooled`.
BACKEND = "select pg_catalog.pg_backend_pid()"


def resolve(database_url: str | None = None) -> str:
    """Find the database.

    Argument: the value of `--database-url`, or None. Result: a checked conninfo string; "" leaves all to libpq's own
    variables. Of several hosts, where it does not say which, it is the one that can be written to. Raises UsageError
    when the string is malformed.
    """
    return _resolve(database_url, ENVIRONMENT, "read-write")


def resolve_direct(database_url: str | None = None) -> str:
    """Find the database without a pooler before it. Argument, result and errors as of `resolve`."""
    return _resolve(database_url, (DIRECT, *ENVIRONMENT), "read-write")


def resolve_replica(database_url: str | None = None) -> str | None:
    """Find the replica. Argument and errors as of `resolve`. Result: its conninfo; None where none is given, or where
    `--database-url` says which server is meant."""
    if database_url or not os.environ.get(READ, "").strip():
        return None
    return _resolve(None, (READ,), "prefer-standby")


def _resolve(database_url: str | None, variables: tuple[str, ...], kind_of_server: str) -> str:
    source, value = "--database-url", database_url
    for name in variables:
        if not value:
            source, value = name, os.environ.get(name)
    value = (value or "").strip()
    try:
        given = conninfo_to_dict(value)
    except psycopg.Error:
        # libpq's own message repeats the string, password and all; ours says only where it came from.
        scheme = re.match(r"([a-z][a-z0-9+.-]*)://", value, re.IGNORECASE)
        what = "is malformed"
        if scheme and scheme.group(1).lower() not in ("postgres", "postgresql"):
            what = f"begins with {scheme.group(1)}://, which is not a Postgres URL"
        raise UsageError(
            f"The database URL given by {source} {what}.",
            "Write postgresql://user@host:5432/database or 'host=… dbname=… user=…'; "
            "in a URL, write special characters of a password as %XX.",
        ) from None
    if "," in str(given.get("host", "")) and "target_session_attrs" not in given:
        return make_conninfo(value, target_session_attrs=kind_of_server)
    return value


def connect(conninfo: str, *, autocommit: bool = False, **parameters: object) -> psycopg.Connection:
    """Connect to a database that `resolve` found.

    Arguments: conninfo; autocommit; more libpq parameters. Result: an open psycopg connection in UTF-8, named
    `trustcart-db` in pg_stat_activity unless the user named it; it prepares no statements, which a pooler would not
    find again. Raises ConnectError.
    """
    try:
        return psycopg.connect(
            conninfo,
            autocommit=autocommit,
            prepare_threshold=None,
            fallback_application_name=APPLICATION_NAME,
            client_encoding="utf8",
            **parameters,
        )
    except psycopg.OperationalError as error:
        raise ConnectError(
            f"Cannot connect: {str(error).strip()}",
            "Name the database with --database-url or TRUSTCART_DATABASE_URL, "
            "and check that the server runs and the role may log in.",
        ) from error


def connect_direct(conninfo: str, **parameters: object) -> psycopg.Connection:
    """Connect, in autocommit, for something that needs a session of its own from one transaction to the next.

    Arguments: a conninfo of `resolve_direct`; more libpq parameters. Result: as of `connect`. Raises ConnectError, and
    UsageError when the connection leads through a pooler, which may carry out each transaction in another session.
    """
    connection = connect(conninfo, autocommit=True, **parameters)
    try:
        (pid,) = connection.execute(BACKEND).fetchone()
        refuse_pooler(connection, pid)
    except BaseException:
        connection.close()
        raise
    return connection


def is_pooled(connection: psycopg.Connection | psycopg.AsyncConnection, pid: int) -> bool:
    """Whether a pooler stands between.

    Arguments: a connection; what BACKEND answered over it. Result: whether it is another process than the one that was
    told when connecting: a pooler, which does not know yet who will serve, tells a number of its own.
    """
    return connection.info.backend_pid != pid


def refuse_pooler(connection: psycopg.Connection | psycopg.AsyncConnection, pid: int) -> None:
    """Refuse what a pooler would break. Arguments: as of `is_pooled`. Raises UsageError."""
    if is_pooled(connection, pid):
        raise UsageError(
            "This needs a session of its own, and the connection leads through a pooler such as PgBouncer.",
            f"Give the URL of the server itself in {DIRECT}, beside that of the pooler, or by --database-url.",
        )


def yoyo_uri(conninfo: str, schema: str, options: str = "") -> str:
    """Write a conninfo as the URI of yoyo's psycopg 3 driver.

    Arguments: conninfo; the schema for yoyo's own tables; server settings to add as libpq `options` ("-c name=value").
    Result: `postgresql+psycopg://?schema=…&host=…`. All stands in the query, for yoyo neither unquotes a database name
    in the path nor knows a socket, a service or several hosts in the host part. Raises psycopg.ProgrammingError on a
    conninfo that `resolve` did not check.
    """
    parameters = conninfo_to_dict(conninfo)
    if options:
        # An `options` parameter replaces PGOPTIONS, so carry over what it held.
        given = parameters.get("options") or os.environ.get("PGOPTIONS", "")
        parameters["options"] = f"{given} {options}".strip()
    parameters.setdefault("fallback_application_name", APPLICATION_NAME)
    parameters["client_encoding"] = "utf8"
    query = {name: str(value) for name, value in parameters.items() if value is not None}
    return "postgresql+psycopg://?" + urlencode({"schema": schema, **query})


def for_database(conninfo: str, dbname: str) -> str:
    """The same server, another database. Arguments: conninfo, name. Result: a conninfo string."""
    return make_conninfo(conninfo, dbname=dbname)
