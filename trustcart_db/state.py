"""What a database holds of us, compared with what this package brings. Reads only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

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
    bundle_sha256, migrated_at, migrated_by (None when no migrate has completed), missing_roles (of those asked for),
    rights_differ (whether rights of the group roles are otherwise than the last migrate left them; False also where the
    role may not know).
    """

    schemas: frozenset[str]
    migrations: tuple[str, ...]
    recorded: dict[str, Recorded]
    version: str | None
    bundle_sha256: str | None
    migrated_at: datetime | None
    migrated_by: str | None
    missing_roles: tuple[str, ...]
    rights_differ: bool


@dataclass(frozen=True)
class Plan:
    """What a migrate would do: migrations (ids, in order), changed and missing (objects to apply), gone (recorded
    objects whose file is no more), dropped (the identities of those of them that no other file makes), record_version
    (whether the recorded version or hash is another)."""

    migrations: tuple[str, ...]
    changed: tuple[BundleObject, ...]
    missing: tuple[BundleObject, ...]
    gone: tuple[Recorded, ...]
    dropped: tuple[str, ...]
    record_version: bool

    @property
    def up_to_date(self) -> bool:
        """Whether a migrate would change nothing."""
        return not (self.migrations or self.changed or self.missing or self.gone or self.record_version)


def read_state(connection: psycopg.Connection, roles: tuple[str, ...] = ()) -> State:
    """Read what the database holds of us.

    Arguments: a connection whose search_path is pg_catalog; the group roles to look for. Result: a State, also of a
    database that has nothing of us. Raises psycopg.Error, such as 42501 without rights to our record.
    """
    schemas = connection.execute("select nspname from pg_namespace where nspname = any(%s)", [list(SCHEMAS)]).fetchall()
    missing_roles = connection.execute(
        "select name from unnest(%s::text[]) as name where name not in (select rolname from pg_roles) order by name",
        [list(roles)],
    ).fetchall()
    if _may_read(connection):
        migrations, recorded, installation = _read_record(connection)
    else:
        migrations, recorded, installation = _ask_for_record(connection)
    return State(
        frozenset(name for (name,) in schemas),
        tuple(migrations),
        {row.path: row for row in recorded},
        *installation,
        tuple(name for (name,) in missing_roles),
        _rights_differ(connection),
    )


def _may_read(connection: psycopg.Connection) -> bool:
    """Whether the record is read from its tables: also where there is nobody to ask for it."""
    return connection.execute(
        "select n.oid is null or has_schema_privilege(n.oid, 'usage') or p.oid is null"
        " from (select) as one"
        " left join pg_namespace as n on n.nspname = 'trustcart_private'"
        " left join pg_proc as p on p.proname = 'installed'"
        " and p.pronamespace = (select oid from pg_namespace where nspname = 'trustcart')"
    ).fetchone()[0]


def _read_record(connection: psycopg.Connection) -> tuple[list[str], list[Recorded], tuple[object, ...]]:
    migrations, recorded, installation = [], [], None
    if _exists(connection, "trustcart_private._yoyo_migration"):
        migrations = connection.execute(
            "select migration_id from trustcart_private._yoyo_migration order by applied_at_utc, migration_id"
        ).fetchall()
    if _exists(connection, "trustcart_private.bundle_objects"):
        recorded = _recorded(connection, "trustcart_private.bundle_objects as b")
    if _exists(connection, "trustcart_private.installation"):
        installation = connection.execute(
            "select version, bundle_sha256, migrated_at, migrated_by from trustcart_private.installation"
        ).fetchone()
    return [name for (name,) in migrations], recorded, installation or (None, None, None, None)


def _ask_for_record(connection: psycopg.Connection) -> tuple[list[str], list[Recorded], tuple[object, ...]]:
    """The same for a role that has no rights in trustcart_private."""
    migrations, objects, *installation = connection.execute(
        "select i.record -> 'migrations', i.record -> 'objects', i.record ->> 'version', i.record ->> 'bundle_sha256',"
        " (i.record ->> 'migrated_at')::timestamptz, i.record ->> 'migrated_by'"
        " from (select trustcart.installed() as record) as i"
    ).fetchone()
    source = "jsonb_to_recordset(%(objects)s) as b (path text, object_kind text, object_identities text[], sha256 text)"
    return migrations, _recorded(connection, source, objects), tuple(installation)


def _recorded(connection: psycopg.Connection, source: str, objects: object = None) -> list[Recorded]:
    with connection.cursor(row_factory=class_row(Recorded)) as cursor:
        return cursor.execute(
            f"""
            with present as ({_PRESENT})
            select b.path, b.object_kind, b.object_identities, b.sha256,
                not exists (
                    select from unnest(b.object_identities) as i (identity)
                    where (b.object_kind, i.identity) not in (select kind, identity from present)
                ) as present
            from {source}
            order by b.path
            """,
            {"schemas": list(SCHEMAS), "objects": Jsonb(objects)},
        ).fetchall()


def _rights_differ(connection: psycopg.Connection) -> bool:
    (may_ask,) = connection.execute(
        "select coalesce(bool_or(has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute')),"
        " false) from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace"
        " where n.nspname = 'trustcart_private' and p.proname = 'right_differences'"
    ).fetchone()
    return (
        may_ask
        and connection.execute("select exists (select from trustcart_private.right_differences())").fetchone()[0]
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
        elif (
            not recorded.present
            or (one.kind == "roles" and set(one.roles) & set(state.missing_roles))
            or (one.kind == "grants" and state.rights_differ)
        ):
            missing.append(one)
    paths = {one.path for one in bundle.objects}
    gone = tuple(recorded for path, recorded in state.recorded.items() if path not in paths)
    made = {one.identity for one in bundle.objects}
    return Plan(
        migrations=tuple(name for name in migration_ids(bundle) if name not in state.migrations),
        changed=tuple(changed),
        missing=tuple(missing),
        gone=gone,
        # Of a function the file has no arguments.
        dropped=tuple(name for old in gone for name in old.object_identities if name.split("(")[0] not in made),
        record_version=(state.version, state.bundle_sha256) != (__version__, bundle.sha256),
    )


def refuse_newer(bundle: Bundle, state: State) -> None:
    """Refuse a database that a newer version migrated: its version is higher, or it has migrations unknown here.

    Raises VersionError; returns nothing.
    """
    if state.version is not None and is_newer(state.version):
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


def is_newer(version: str) -> bool:
    """Whether a version is above this package's. Argument: such as 0.1.0."""
    return version_key(version) > version_key(__version__)


def migration_ids(bundle: Bundle) -> list[str]:
    """The ids of the bundle's migrations (file names without .sql), in order."""
    files = bundle.migrations_dir.glob("*.sql")
    return sorted(file.stem for file in files if not file.name.endswith(".rollback.sql"))


def releases(bundle: Bundle) -> dict[str, str]:
    """Which release shipped which migration, as frozen.txt says.

    Result: {migration id: version} without those that no release has shipped yet.
    """
    file, found, version = bundle.migrations_dir / "frozen.txt", {}, None
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        if section := re.fullmatch(r"# (\d+(?:\.\d+)+)", line):
            version = section[1]
        elif line and not line.startswith("#"):
            found[line.split()[1].removesuffix(".sql").removesuffix(".rollback")] = version
    return found


def installed_release(bundle: Bundle, state: State) -> str:
    """The newest release of which the database has anything.

    Result: the recorded version (after a rollback: this package's), or a newer one whose migrations have begun.
    """
    shipped = releases(bundle)
    begun = [shipped.get(name, __version__) for name in state.migrations]
    return max(state.version or __version__, *begun, key=version_key)


def version_key(version: str) -> tuple[int, ...]:
    """By what versions sort. Argument: such as 0.1.0."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _exists(connection: psycopg.Connection, relation: str) -> bool:
    # Not to_regclass(): that fails for a role without USAGE on the schema, who shall learn "not your right" later.
    schema, name = relation.split(".")
    return connection.execute(
        "select exists (select from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname = %s and c.relname = %s)",
        [schema, name],
    ).fetchone()[0]
