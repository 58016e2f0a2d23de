"""What a database holds of us, counted and checked in one snapshot, and the manifest that keeps it beside a dump."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import psycopg
from psycopg import sql

from trustcart_db.errors import InputError
from trustcart_db.state import SCHEMAS

#: What the manifest's shape is called; a reader refuses one that it does not know.
FORMAT = 1

# A row's text depends on these.
_TEXT_SETTINGS = (
    "set timezone to 'UTC'; set datestyle to 'ISO, YMD'; set intervalstyle to 'postgres'; set extra_float_digits to 1;"
    " set bytea_output to 'hex'; set row_security to off"
)
# Owners, who is granted something, and whom policies name: of our objects alone.
_ROLES = """
    with schemas as (
        select oid from pg_namespace where nspname = any(%(schemas)s)
    ),
    objects as (
        select 'pg_namespace'::regclass as classid, n.oid, n.nspowner as owner
        from pg_namespace as n where n.oid in (select oid from schemas)
        union all
        select 'pg_class'::regclass, c.oid, c.relowner
        from pg_class as c where c.relnamespace in (select oid from schemas)
        union all
        select 'pg_proc'::regclass, p.oid, p.proowner
        from pg_proc as p where p.pronamespace in (select oid from schemas)
        union all
        select 'pg_type'::regclass, t.oid, t.typowner
        from pg_type as t where t.typnamespace in (select oid from schemas)
        union all
        select 'pg_default_acl'::regclass, d.oid, d.defaclrole
        from pg_default_acl as d where d.defaclnamespace in (select oid from schemas)
        union all
        select 'pg_policy'::regclass, p.oid, c.relowner
        from pg_policy as p inner join pg_class as c on p.polrelid = c.oid
        where c.relnamespace in (select oid from schemas)
    )
    select r.rolname::text, bool_or(r.oid = o.owner)
    from objects as o
    inner join pg_roles as r
        on r.oid = o.owner
        or exists (
            select from pg_shdepend as d
            where d.dbid = (select oid from pg_database where datname = current_database())
                and d.classid = o.classid and d.objid = o.oid
                and d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid
        )
    group by r.rolname
    order by r.rolname
"""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    format (int), made_at (instant, ISO 8601), database, version (of trustcart-db that migrated it), server_major,
    encoding, roles ({role: whether it owns something}), phones_encrypted (bool), tables ({name: [rows, checksum]}),
    sequences ({name: [last value, whether that was called]}), dump_bytes, dump_sha256.
    """

    format: int
    made_at: str
    database: str
    version: str
    server_major: int
    encoding: str
    roles: dict[str, bool]
    phones_encrypted: bool
    tables: dict[str, list[object]]
    sequences: dict[str, list[object]]
    dump_bytes: int
    dump_sha256: str

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(int(rows) for rows, _ in self.tables.values())

    def to_json(self) -> str:
        """The manifest as text, the same for the same backup."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def manifest_path(file: Path) -> Path:
    """Where the manifest of a backup lies: beside it."""
    return file.with_name(file.name + ".manifest.json")


def read_manifest(file: Path) -> Manifest:
    """The manifest of a backup. Raises InputError where there is none, or none that this version can read."""
    path = manifest_path(file)
    if not file.is_file():
        raise InputError(f"There is no file {file}.", "Name the dump itself, not its directory or its manifest.")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found.get("format") == FORMAT:
            return Manifest(**{one.name: found[one.name] for one in fields(Manifest)})
    except FileNotFoundError:
        raise InputError(
            f"The backup {file} has no manifest: {path} is missing.",
            "Both belong together. Without it pg_restore can still restore the file; nothing can say if it is whole.",
        ) from None
    except (OSError, ValueError, KeyError, AttributeError):
        raise InputError(f"The manifest {path} cannot be read.", "Take it from the copy of the backup.") from None
    raise InputError(f"The manifest {path} is of a newer trustcart-db.", "Install that version.")


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, as sha256sum prints it. Raises OSError."""
    whole = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(1 << 20):
            whole.update(block)
    return whole.hexdigest()


def tables(connection: psycopg.Connection) -> list[str]:
    """Our tables that hold rows for good, partitions one by one, as the catalogue quotes them. Raises psycopg.Error."""
    rows = connection.execute(
        "select format('%%I.%%I', n.nspname, c.relname) from pg_class as c"
        " join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname = any(%s) and c.relkind = 'r' and c.relpersistence = 'p' order by 1",
        [list(SCHEMAS)],
    )
    return [name for (name,) in rows.fetchall()]


def count_rows(connection: psycopg.Connection, tell: Callable[[], None]) -> dict[str, list[object]]:
    """Count the rows of each table, with a checksum that does not depend on their order.

    Arguments: a connection in a transaction, whose snapshot is taken; tell, called for each table. Result: {name:
    [rows, checksum]}, the checksum being the sum of the 64-bit hashes of the rows' texts, as text. Raises
    psycopg.Error. Sets what a text depends on for the session.
    """
    connection.execute(_TEXT_SETTINGS)
    found: dict[str, list[object]] = {}
    for name in tables(connection):
        statement = f"select count(*), coalesce(sum(hashtextextended((r.*)::text, 0)), 0)::text from only {name} as r"
        found[name] = list(connection.execute(statement).fetchone())
        tell()
    return found


def sequences(connection: psycopg.Connection) -> dict[str, list[object]]:
    """The values of our sequences now: {name: [last value, whether that was called]}. Raises psycopg.Error."""
    names = connection.execute(
        "select format('%%I.%%I', n.nspname, c.relname) from pg_class as c"
        " join pg_namespace as n on n.oid = c.relnamespace where n.nspname = any(%s) and c.relkind = 'S' order by 1",
        [list(SCHEMAS)],
    ).fetchall()
    return {name: list(connection.execute(f"select last_value, is_called from {name}").fetchone()) for (name,) in names}


def roles(connection: psycopg.Connection) -> dict[str, bool]:
    """The roles without which a dump cannot be restored: {role: whether it owns something}. Raises psycopg.Error."""
    return dict(connection.execute(_ROLES, {"schemas": list(SCHEMAS)}).fetchall())


def encoding(connection: psycopg.Connection) -> str:
    """The database's encoding, such as UTF8: a row's checksum is of its bytes. Raises psycopg.Error."""
    return connection.execute(
        "select pg_encoding_to_char(encoding) from pg_database where datname = current_database()"
    ).fetchone()[0]


def major_of(connection: psycopg.Connection) -> int:
    """The server's major version."""
    return connection.info.server_version // 10000


def missing_roles(connection: psycopg.Connection, named: dict[str, bool]) -> list[str]:
    """Those of the roles that this server does not have. Raises psycopg.Error."""
    rows = connection.execute(
        "select name from unnest(%s::text[]) as name where name not in (select rolname from pg_roles) order by name",
        [list(named)],
    )
    return [name for (name,) in rows.fetchall()]


def create_role(connection: psycopg.Connection, role: str) -> str:
    """The statement with which a DBA makes a group role."""
    return sql.SQL("create role {} nologin;").format(sql.Identifier(role)).as_string(connection)
