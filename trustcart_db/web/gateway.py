"""Whether the login role that is served with is what it should be: a gateway, and no more than that."""

from __future__ import annotations

import re

import psycopg
from psycopg.rows import dict_row

from trustcart_db import __version__
from trustcart_db.connection import BACKEND, connect, refuse_pooler
from trustcart_db.errors import MissingError, RightsError, VersionError, translate
from trustcart_db.phone_encryption import set_key

_ROLE = """
    select
        quote_ident(session_user) as name,
        to_regrole('trustcart_gateway') is not null
        and exists (
            select from pg_catalog.pg_proc as p
            where p.pronamespace = to_regnamespace('trustcart') and p.proname = 'version'
        ) as is_there
"""
# What a role may be or do of its own, without becoming anybody by act_as().
_MIGHT = """
    select format(
        case when r.rolname = session_user then 'it is %%s' else 'it is a member of %%2$I, which is %%1$s' end,
        case when r.rolsuper then 'a superuser' when r.rolbypassrls then 'BYPASSRLS' else 'CREATEROLE' end,
        r.rolname
    )
    from pg_catalog.pg_roles as r
    where (r.rolsuper or r.rolbypassrls or r.rolcreaterole) and pg_has_role(session_user, r.oid, 'member')
    union all
    select distinct format('it may become %%I, which owns our objects', o.owner::regrole)
    from (
        select n.nspowner as owner from pg_catalog.pg_namespace as n where n.oid = any(%(schemas)s::regnamespace[])
        union
        select c.relowner from pg_catalog.pg_class as c where c.relnamespace = any(%(schemas)s::regnamespace[])
    ) as o
    where pg_has_role(session_user, o.owner, 'member')
    union all
    (
        select format('it has rights of its own on %%s', c.oid::regclass)
        from pg_catalog.pg_class as c
        where
            c.relnamespace = any(%(schemas)s::regnamespace[])
            and c.relkind in ('r', 'p', 'v', 'm')
            and (
                has_table_privilege(session_user, c.oid, 'select, insert, update, delete, truncate')
                or has_any_column_privilege(session_user, c.oid, 'select, insert, update')
            )
        order by c.relname
        limit 1
    )
    union all
    (
        select format('it has rights of its own on %%s', p.oid::regprocedure)
        from pg_catalog.pg_proc as p
        where
            p.pronamespace = any(%(schemas)s::regnamespace[])
            and has_function_privilege(session_user, p.oid, 'execute')
            and not has_function_privilege('trustcart_gateway', p.oid, 'execute')
        order by p.proname
        limit 1
    )
"""
_OWN_ROLE = "create role trustcart_web login password '…' in role trustcart_gateway;"
_NUMBERS = re.compile(r"\d+")


def check_gateway(conninfo: str, phone_key: str | None = None, *, to_listen: bool = False) -> None:
    """Refuse to serve with a role or a database that would not do.

    Arguments: conninfo; the phone key, if there is one; whether it is to be listened on. Raises ConnectError;
    MissingError when the database is not migrated; VersionError when another version has migrated it; RightsError, with
    the SQL that a DBA can run, when the role is no gateway or may do more than one; RefusedError for a phone key that
    opens nothing; UsageError for a pooler, through which nobody is told anything.
    """
    try:
        with connect(conninfo) as connection:
            if to_listen:
                (pid,) = connection.execute(BACKEND).fetchone()
                refuse_pooler(connection, pid)
            connection.execute("select pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)")
            _check(connection)
            if phone_key is not None:
                set_key(connection, phone_key)
    except psycopg.Error as error:
        raise translate(error) from error


def _check(connection: psycopg.Connection) -> None:
    with connection.cursor(row_factory=dict_row) as cursor:
        role = cursor.execute(_ROLE).fetchone()
    if not role["is_there"]:
        raise MissingError(
            "The database has no TrustCart schema.",
            "Is it the right one? Run `trustcart-db migrate` as its owner first.",
        )
    schemas = ["trustcart", "trustcart_api", "trustcart_private"]
    might = [reason for (reason,) in connection.execute(_MIGHT, {"schemas": schemas})]
    name = role["name"]
    if might:
        raise RightsError(
            f"The login role {name} may do more than a gateway should: {'; '.join(might)}.",
            f"Whoever broke in would have all of it. A DBA can make another role, to serve with:\n  {_OWN_ROLE}",
        )
    is_gateway = connection.execute("select pg_has_role(session_user, 'trustcart_gateway', 'member')").fetchone()[0]
    if not is_gateway:
        raise RightsError(
            f"The login role {name} is no gateway: it cannot act as users.",
            f"A DBA can run: grant trustcart_gateway to {name};",
        )
    version = connection.execute("select trustcart.version()").fetchone()[0]
    if version is None:
        raise MissingError("No migrate of this database has completed.", "Run `trustcart-db migrate` as its owner.")
    if version != __version__:
        is_newer = _order(version) > _order(__version__)
        raise VersionError(
            f"The database was migrated by trustcart-db {version}, this is {__version__}.",
            "Upgrade this package." if is_newer else "Run `trustcart-db migrate` as its owner.",
        )


def _order(version: str) -> list[int]:
    return [int(number) for number in _NUMBERS.findall(version)]
