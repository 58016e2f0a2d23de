"""What a database holds of us, compared with what this package brings. Reads only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from trustcart_db import __version__
from trustcart_db.bundle import Bundle, BundleObject
from trustcart_db.errors import VersionError

#: Everything of ours is in these; uninstall drops them and nothing else.
SCHEMAS = ("trustcart", "trustcart_private", "trustcart_api")

# Every identity that bundle_objects may hold, written as it holds them. The session's search_path is pg_catalog, so
# that regprocedure and regclass print schema and name. Triggers and policies may stand on tables of other schemas.
_PRESENT = """
    select 'function' as kind, p.oid::regprocedure::text as identity
    from pg_proc as p
    where p.pronamespace = any(select oid from pg_namespace where nspname = any(%(schemas)s))
    union all
    select 'view', c.oid::regclass::text
    from pg_class as c
    where c.relkind = 'v' and c.relnamespace = any(select oid from pg_namespace where nspname = any(%(schemas)s))
    union all
    select 'trigger', format('%%I on %%s', t.tgname, t.tgrelid::regclass)
    from pg_trigger as t
    where not t.tgisinternal
    union all
    select 'policy', format('%%I on %%s', p.polname, p.polrelid::regclass)
    from pg_policy as p
"""


@dataclass(frozen=True)
class Recorded:
    """A row of trustcart_private.bundle_objects and whether all its objects are there: path, object_kind,
    object_identities, sha256, present."""

    path: str
    object_kind: str
    object_identities: list[str]
    sha256: str
    present: bool


@dataclass(frozen=True)
class State:
    """What the database holds.

    schemas (those of ours that exist), migrations (ids, in the order applied), recorded ({path: Recorded}), version,
    bundle_sha256, migrated_at, migrated_by (None when no migrate has completed), missing_roles (of those asked for).
    """

    schemas: frozenset[str]
    migrations: tuple[str, ...]
    recorded: dict[str, Recorded]
    version: str | None
    bundle_sha256: str | None
    migrated_at: datetime | None
    migrated_by: str | None
    missing_roles: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a migrate would do: migrations (ids, in order), changed and missing (objects to apply), gone (recorded
    objects whose file is no more), record_version (whether the recorded version or hash is another)."""

    migrations: tuple[str, ...]
    changed: tuple[BundleObject, ...]
    missing: tuple[BundleObject, ...]
    gone: tuple[Recorded, ...]
    record_version: bool

    @property
    def up_to_date(self) -> bool:
        """Whether a migrate would change nothing."""
        return not (self.migrations or self.changed or self.missing or self.gone or self.record_version)


def read_state(connection: psycopg.Connection, roles: tuple[str, ...] = ()) -> State:
    """Read what the database holds of us.

    Arguments: an autocommit connection whose search_path is pg_catalog; the group roles to look for. Result: a State,
    also of a database that has nothing of us. Raises psycopg.Error, such as 42501 without rights to our record.
    """
    schemas = connection.execute("select nspname from pg_namespace where nspname = any(%s)", [list(SCHEMAS)]).fetchall()
    missing_roles = connection.execute(
        "select name from unnest(%s::text[]) as name where name not in (select rolname from pg_roles) order by name",
        [list(roles)],
    ).fetchall()
    migrations, recorded, installation = [], {}, (None, None, None, None)
    if _exists(connection, "trustcart_private._yoyo_migration"):
        migrations = connection.execute(
            "select migration_id from trustcart_private._yoyo_migration order by applied_at_utc, migration_id"
        ).fetchall()
    if _exists(connection, "trustcart_private.bundle_objects"):
        with connection.cursor(row_factory=class_row(Recorded)) as cursor:
            rows = cursor.execute(
                f"""
                with present as ({_PRESENT})
                select b.path, b.object_kind, b.object_identities, b.sha256,
                    not exists (
                        select from unnest(b.object_identities) as i (identity)
                        where (b.object_kind, i.identity) not in (select kind, identity from present)
                    ) as present
                from trustcart_private.bundle_objects as b
                order by b.path
                """,
                {"schemas": list(SCHEMAS)},
            )
            recorded = {row.path: row for row in rows}
    if _exists(connection, "trustcart_private.installation"):
        found = connection.execute(
            "select version, bundle_sha256, migrated_at, migrated_by from trustcart_private.installation"
        ).fetchone()
        installation = found or installation
    return State(
        frozenset(name for (name,) in schemas),
        tuple(name for (name,) in migrations),
        recorded,
        *installation,
        tuple(name for (name,) in missing_roles),
    )


def plan(bundle: Bundle, state: State) -> Plan:
    """Compare: what must be applied so that the database is as this package is.

    Result: a Plan, objects in the order of the bundle. Never raises.
    """
    changed, missing = [], []
    for one in bundle.objects:
        recorded = state.recorded.get(one.path)
        if recorded is None or recorded.sha256 != one.sha256:
            changed.append(one)
        elif not recorded.present or (one.kind == "roles" and set(one.roles) & set(state.missing_roles)):
            missing.append(one)
    paths = {one.path for one in bundle.objects}
    return Plan(
        migrations=tuple(name for name in migration_ids(bundle) if name not in state.migrations),
        changed=tuple(changed),
        missing=tuple(missing),
        gone=tuple(recorded for path, recorded in state.recorded.items() if path not in paths),
        record_version=(state.version, state.bundle_sha256) != (__version__, bundle.sha256),
    )


def refuse_newer(bundle: Bundle, state: State) -> None:
    """Refuse a database that a newer version migrated: its version is higher, or it has migrations unknown here.

    Raises VersionError; returns nothing.
    """
    if state.version is not None and _version_key(state.version) > _version_key(__version__):
        raise VersionError(
            f"This database was migrated by trustcart-db {state.version}, this is {__version__}.",
            f"Install trustcart-db {state.version} or newer.",
        )
    unknown = sorted(set(state.migrations) - set(migration_ids(bundle)))
    if unknown:
        raise VersionError(
            f"This database has migrations that trustcart-db {__version__} does not know: {', '.join(unknown)}.",
            "Install the version that applied them, or a newer one.",
        )


def migration_ids(bundle: Bundle) -> list[str]:
    """The ids of the bundle's migrations (file names without .sql), in order."""
    files = bundle.migrations_dir.glob("*.sql")
    return sorted(file.stem for file in files if not file.name.endswith(".rollback.sql"))


def _exists(connection: psycopg.Connection, relation: str) -> bool:
    # Not to_regclass(): that fails for a role without USAGE on the schema, who shall learn "not your right" later.
    schema, name = relation.split(".")
    return connection.execute(
        "select exists (select from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname = %s and c.relname = %s)",
        [schema, name],
    ).fetchone()[0]


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
