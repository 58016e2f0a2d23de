"""Uninstall: drops our schemas and nothing else, and refuses where that would take something of others along."""

from __future__ import annotations

import psycopg
from psycopg import sql

from trustcart_db.adoption import install
from trustcart_db.bundle import Bundle
from trustcart_db.errors import RefusedError
from trustcart_db.migrate import DEFAULT_LOCK_WAIT, Tell, migrate_session, retrying, short_transaction
from trustcart_db.state import SCHEMAS, read_state

# Objects outside our schemas that depend on objects inside: views (by their rule), foreign keys, defaults, triggers,
# policies, functions, columns of our types. A dependent without a schema of its own counts by its table's. One level
# is enough: what depends on ours through another foreign object has that one listed.
_FOREIGN_DEPENDENTS = """
    with ours as (
        select oid from pg_namespace where nspname = any(%(schemas)s)
    ),
    our_objects as (
        select 'pg_class'::regclass as classid, oid as objid from pg_class where relnamespace in (select oid from ours)
        union all
        select 'pg_proc'::regclass, oid from pg_proc where pronamespace in (select oid from ours)
        union all
        select 'pg_type'::regclass, oid from pg_type where typnamespace in (select oid from ours)
        union all
        select 'pg_constraint'::regclass, oid from pg_constraint where connamespace in (select oid from ours)
    ),
    dependents as (
        select distinct
            d.classid, d.objid, d.objsubid,
            coalesce(r.ev_class, t.tgrelid, p.polrelid, a.adrelid) as relation
        from pg_depend as d
        join our_objects as o on o.classid = d.refclassid and o.objid = d.refobjid
        left join pg_rewrite as r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
        left join pg_trigger as t on d.classid = 'pg_trigger'::regclass and t.oid = d.objid
        left join pg_policy as p on d.classid = 'pg_policy'::regclass and p.oid = d.objid
        left join pg_attrdef as a on d.classid = 'pg_attrdef'::regclass and a.oid = d.objid
        where d.deptype in ('n', 'a')
            and d.classid not in ('pg_publication_rel'::regclass, 'pg_default_acl'::regclass)
    )
    select distinct
        case
            when classid = 'pg_rewrite'::regclass then pg_describe_object('pg_class'::regclass, relation, 0)
            else pg_describe_object(classid, objid, objsubid)
        end as description
    from dependents
    left join pg_class as c on c.oid = relation
    cross join lateral pg_identify_object(classid, objid, objsubid) as i
    where coalesce((select nspname from pg_namespace where oid = c.relnamespace), i.schema, '') <> all(%(schemas)s)
    order by description
"""


def uninstall(
    conninfo: str,
    bundle: Bundle,
    *,
    drop_roles: bool = False,
    lock_wait: float = DEFAULT_LOCK_WAIT,
    tell: Tell = lambda line: None,
) -> list[str]:
    """Drop the three schemas with all their data, and, if told, the group roles.

    Result: the names of what was dropped, empty when nothing was installed. Raises RefusedError, with nothing dropped,
    when objects outside depend on ours (named, each); RightsError for one who does not own the schemas; BusyError when
    a lock is not to be had. A role that other databases still use stays, and the error says so.
    """
    with migrate_session(conninfo, lock_wait, tell) as connection:
        state = read_state(connection, bundle.roles)
        install.refuse_adopted(connection)
        refuse_foreign_dependents(connection)
        dropped = [schema for schema in SCHEMAS if schema in state.schemas]
        if dropped:
            retrying(lambda: drop_schemas(connection, dropped), connection, "dropping the schemas", None, lock_wait)
            for schema in dropped:
                tell(f"dropped schema {schema}")
        if drop_roles:
            for role in bundle.roles:
                if role not in state.missing_roles:
                    connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))
                    dropped.append(role)
                    tell(f"dropped role {role}")
    return dropped


def refuse_foreign_dependents(connection: psycopg.Connection) -> None:
    """Refuse to drop our schemas where that would take something of others along.

    Argument: a connection. Raises RefusedError that names each object outside that depends on ours.
    """
    foreign = connection.execute(_FOREIGN_DEPENDENTS, {"schemas": list(SCHEMAS)}).fetchall()
    if foreign:
        raise RefusedError(
            "Objects outside our schemas depend on them: " + "; ".join(name for (name,) in foreign) + ".",
            "Drop or change these first; nothing of others is dropped.",
        )


def drop_schemas(connection: psycopg.Connection, schemas: list[str]) -> None:
    """Drop schemas with all that is in them, in a short transaction. Raises psycopg.Error, 55P03 when it would wait."""
    with short_transaction(connection):
        connection.execute(
            sql.SQL("drop schema {} cascade").format(sql.SQL(", ").join(sql.Identifier(name) for name in schemas))
        )
