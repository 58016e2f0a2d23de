"""Restores a backup: one transaction, which is committed when what it holds equals the manifest, and not before."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg

from trustcart_db import __version__
from trustcart_db.adoption.install import refuse_adopted
from trustcart_db.backup import archive, compare, inventory
from trustcart_db.bundle import Bundle
from trustcart_db.errors import MissingError, RefusedError, RightsError, TrustCartError, VersionError
from trustcart_db.migrate import DEFAULT_LOCK_WAIT, Tell, check_rights, make_roles, migrate_session, retrying
from trustcart_db.state import SCHEMAS, State, is_newer, read_state
from trustcart_db.uninstall import drop_schemas, refuse_foreign_dependents


@dataclasses.dataclass(frozen=True)
class Restored:
    """What a restore did: manifest; erased_again (customers who had been erased after the backup); not_erased (those of
    them who must be erased by hand); differences of the schema (none when all is well)."""

    manifest: inventory.Manifest
    erased_again: list[int]
    not_erased: list[int]
    differences: list[compare.Difference]


@dataclasses.dataclass(frozen=True)
class _Erasure:
    """An erasure that the database knew before: customer_id, created_at (of the customer), reason."""

    customer_id: int
    created_at: datetime
    reason: str | None


def restore(
    conninfo: str,
    bundle: Bundle,
    file: Path,
    *,
    replace: bool = False,
    lock_wait: float = DEFAULT_LOCK_WAIT,
    progress: Callable[[str, int, int], None] = lambda title, done, total: None,
    tell: Tell = lambda line: None,
) -> Restored:
    """Bring a backup into a database that has none of our schemas, or, if told, in place of them.

    Arguments: conninfo; bundle; the dump; replace; lock_wait, seconds to wait for a migrate and, to replace, for the
    tables; progress; tell. Result: a Restored. Triggers do not fire: they are made after the rows. All is one
    transaction, compared with the manifest at its end: killed or failed at any moment, the database is as it was
    before, but for group roles. With replace, whoever was erased since the backup is erased again in that transaction.

    Raises InputError for a backup that is not whole; RefusedError where our schemas exist, where something outside
    depends on them, for an older Postgres or another encoding; VersionError for a newer trustcart-db's; MissingError
    for roles, pgcrypto or pg_restore; RightsError; BusyError; ConnectError; TrustCartError when the rows are not those
    of the backup.
    """
    manifest = inventory.read_manifest(file)
    progress("checking the file", 0, 0)
    compare.require_whole(file, manifest)
    if is_newer(manifest.version):
        raise VersionError(
            f"This backup is of trustcart-db {manifest.version}, this is {__version__}.",
            f"Install trustcart-db {manifest.version} or newer.",
        )
    with migrate_session(conninfo, lock_wait, tell) as connection:
        state = read_state(connection, bundle.roles)
        _refuse_unfit(connection, manifest)
        if state.schemas and not replace:
            raise RefusedError(
                f"The database has {', '.join(sorted(state.schemas))} already.",
                "Restore into another database, or put the backup in their place with --replace. "
                "`trustcart-db backup --verify FILE` says how they differ from it.",
            )
        refuse_adopted(connection)
        refuse_foreign_dependents(connection)
        # All three will be made anew.
        check_rights(connection, bundle, dataclasses.replace(state, schemas=frozenset()))
        _require_roles(connection, bundle, manifest, lock_wait)
        programs = archive.find_programs(max(inventory.major_of(connection), manifest.server_major))
        connection.execute("set idle_in_transaction_session_timeout to 0")
        if connection.info.server_version >= 170000:
            connection.execute("set transaction_timeout to 0")
        with connection.transaction():
            erasures = _drop(connection, state, lock_wait)
            _load(connection, programs, file, manifest, progress)
            erased_again, not_erased = _erase_again(connection, erasures)
            progress("committing", 0, 0)
        # Of what the script has set nothing shall remain.
        connection.execute("reset all; set search_path to pg_catalog; set statement_timeout to 0")
        _analyze(connection, manifest, progress)
        progress("comparing the schema", 0, 0)
        differences = compare.compare_schema(connection, conninfo, file, manifest)
    return Restored(manifest, erased_again, not_erased, differences)


def _refuse_unfit(connection: psycopg.Connection, manifest: inventory.Manifest) -> None:
    major = inventory.major_of(connection)
    if major < manifest.server_major:
        raise RefusedError(
            f"This backup was made on Postgres {manifest.server_major}, this server is Postgres {major}.",
            "A dump may use what an older server does not know. Restore it into the same version or a newer one.",
        )
    if (found := inventory.encoding(connection)) != manifest.encoding:
        raise RefusedError(
            f"The backup is in {manifest.encoding}, this database in {found}.",
            f"Create it with: create database … encoding '{manifest.encoding}' template template0;",
        )
    if (
        manifest.phones_encrypted
        and not connection.execute("select exists (select from pg_extension where extname = 'pgcrypto')").fetchone()[0]
    ):
        raise MissingError(
            "The phone numbers of this backup are encrypted, and this database has no pgcrypto.",
            "Run there: create extension pgcrypto; and have the master key ready: it is in no backup.",
        )


def _require_roles(
    connection: psycopg.Connection, bundle: Bundle, manifest: inventory.Manifest, lock_wait: float
) -> None:
    """Make our group roles, and ask for the others that the dump names: its owner, and who was granted something."""
    make_roles(connection, bundle, lock_wait)
    if missing := inventory.missing_roles(connection, manifest.roles):
        statements = "\n".join(f"  {inventory.create_role(connection, role)}" for role in missing)
        raise MissingError(
            f"Roles that own or may use something in this backup are missing here: {', '.join(missing)}.",
            f"A DBA can make them, and give login, password and memberships to those who need it:\n{statements}",
        )
    foreign = [
        role
        for role, owns in manifest.roles.items()
        if owns and not connection.execute("select pg_has_role(%s, 'member')", [role]).fetchone()[0]
    ]
    if foreign:
        raise RightsError(
            f"What is restored belongs to {', '.join(foreign)}, and you are not a member.",
            "Connect as that role, or as one that is a member of it.",
        )


def _drop(connection: psycopg.Connection, state: State, lock_wait: float) -> list[_Erasure]:
    """Drop our schemas, in the transaction of the restore. Result: the erasures that they knew of."""
    if not state.schemas:
        return []
    erasures: list[_Erasure] = []

    def drop() -> None:
        with connection.transaction():
            connection.execute("set local lock_timeout to '2s'")
            if connection.execute("select to_regclass('trustcart.customer_erasures') is not null").fetchone()[0]:
                # Nobody is erased between the reading and the drop.
                connection.execute("lock table trustcart.customer_erasures in access exclusive mode")
                rows = connection.execute(
                    "select e.customer_id, c.created_at, e.reason from trustcart.customer_erasures as e"
                    " join trustcart.customers as c on c.id = e.customer_id order by e.id"
                )
                erasures[:] = [_Erasure(*row) for row in rows]
            drop_schemas(connection, sorted(state.schemas))
            connection.execute("set local lock_timeout to 0")

    retrying(drop, connection, "dropping the schemas", None, lock_wait)
    return erasures


def _load(
    connection: psycopg.Connection,
    programs: archive.Programs,
    file: Path,
    manifest: inventory.Manifest,
    progress: Callable[[str, int, int], None],
) -> None:
    """Run the archive and compare. Raises TrustCartError where the rows are not those of the manifest."""
    loaded = 0

    def tell() -> None:
        nonlocal loaded
        loaded += 1
        progress("restoring rows", loaded, len(manifest.tables))

    progress("restoring tables", 0, 0)
    connection.execute(archive.section(programs, file, "pre-data"), prepare=False)
    archive.load(connection, programs, file, tell)
    progress("restoring indexes, constraints and triggers", 0, 0)
    connection.execute(archive.section(programs, file, "post-data"), prepare=False)
    differences = compare.compare_rows(connection, manifest, progress)
    if differences:
        told = "; ".join(f"{one.name}: {one.database} instead of {one.backup}" for one in differences[:5])
        more = f" and {len(differences) - 5} more" if len(differences) > 5 else ""
        raise TrustCartError(
            f"What was restored is not what was backed up: {told}{more}.",
            "Nothing was changed. Is it the backup's own manifest? Take another backup.",
        )


def _erase_again(connection: psycopg.Connection, erasures: list[_Erasure]) -> tuple[list[int], list[int]]:
    """Erase those whom the backup still knows. Result: their ids, and those where that is not possible.

    The same number is the same person where the customer was made at the same instant: another shop's backup has other
    people.
    """
    erased, refused = [], []
    for one in erasures:
        known = connection.execute(
            "select from trustcart.customers where id = %s and created_at = %s and erased_at is null",
            [one.customer_id, one.created_at],
        ).rowcount
        if not known:
            continue
        try:
            with connection.transaction():
                connection.execute("select trustcart.erase_customer(%s, %s)", [one.customer_id, one.reason])
            erased.append(one.customer_id)
        except psycopg.Error as error:
            if connection.broken:
                raise
            refused.append((one.customer_id, error))
    # One who is merged into another in the backup may have been erased with that one in the meantime.
    left = connection.execute(
        "select id from trustcart.customers where id = any(%s) and erased_at is null order by id",
        [[customer for customer, _ in refused]],
    ).fetchall()
    return erased, [customer for (customer,) in left]


def _analyze(
    connection: psycopg.Connection, manifest: inventory.Manifest, progress: Callable[[str, int, int], None]
) -> None:
    """Statistics are in no dump, and without them the planner guesses."""
    for number, name in enumerate(manifest.tables, 1):
        connection.execute(f"analyze {name}")
        progress("analysing", number, len(manifest.tables))
    parents = connection.execute(
        "select format('%%I.%%I', n.nspname, c.relname) from pg_class as c"
        " join pg_namespace as n on n.oid = c.relnamespace where n.nspname = any(%s) and c.relkind = 'p'",
        [list(SCHEMAS)],
    ).fetchall()
    for (name,) in parents:
        connection.execute(f"analyze {name}")
