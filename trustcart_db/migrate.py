"""Migrate and roll back: brings a database to the state of this package, and takes the last steps back.

In order, all under one advisory lock: schemas and our record (bootstrap.sql) → the migrations that are due (yoyo) →
what changed, or is missing, of the repeatable SQL → what has no file any more is dropped → version and hash are
recorded. Each step may be killed at any moment: the next run goes on from there and ends in the same schema.
"""

from __future__ import annotations

import contextlib
import getpass
import glob
import io
import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from types import ModuleType

import psycopg
import yoyo
import yoyo.exceptions
from psycopg import errors as pg
from psycopg import sql

from trustcart_db import __version__
from trustcart_db.bundle import Bundle, BundleObject
from trustcart_db.connection import connect_direct, yoyo_uri
from trustcart_db.errors import (
    BusyError,
    MissingError,
    RefusedError,
    RightsError,
    TrustCartError,
    translate,
)
from trustcart_db.state import (
    SCHEMAS,
    Plan,
    Recorded,
    State,
    installed_release,
    migration_ids,
    plan,
    read_state,
    refuse_newer,
    releases,
    version_key,
)

PRIVATE_SCHEMA = "trustcart_private"
DEFAULT_LOCK_WAIT = 60.0
OLDEST_SERVER = 150000  # security_invoker views

# Any number, as long as it stays the same: two versions must exclude each other. Advisory locks are per database.
_LOCK_KEY = 7_283_910_552_017_431
# How long one statement waits for a table before it lets others pass and tries again: whoever comes meanwhile queues
# behind it. Three such waits in one transaction still keep nobody for a second.
_LOCK_TIMEOUT = "300ms"
# An autovacuum gives way to whoever has waited for deadlock_timeout, 1 s unless set: longer than we ever wait.
_DEADLOCK_TIMEOUT = "100ms"
_RETRY = (pg.LockNotAvailable, pg.DeadlockDetected, pg.SerializationFailure)
_CONCURRENT_INDEX = re.compile(r"create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(\w+)", re.I)
# Roles belong to the whole server, where a migrate of another database may create the same ones just now.
_RETRY_ROLES = (*_RETRY, pg.DuplicateObject, pg.UniqueViolation)

Tell = Callable[[str], None]


@dataclass
class Report:
    """What a run did: migrations (ids), objects (paths applied), dropped (identities), search_path (the new setting or
    None), version_before (None at first), recorded (whether the version or hash on record is another now)."""

    migrations: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    search_path: str | None = None
    version_before: str | None = None
    recorded: bool = False

    @property
    def schema_changed(self) -> bool:
        """Whether anything in our schemas is different now."""
        return bool(self.migrations or self.objects or self.dropped or self.recorded)


def migrate(
    conninfo: str,
    bundle: Bundle,
    *,
    lock_wait: float = DEFAULT_LOCK_WAIT,
    set_search_path: bool = False,
    tell: Tell = lambda line: None,
) -> Report:
    """Bring the database to the state of the bundle.

    Arguments: conninfo; bundle; lock_wait, the seconds to wait for another migrate, and again for each locked object;
    set_search_path, append trustcart to the database's search path; tell, called with a line of progress. Result: a
    Report. Raises BusyError, RightsError, VersionError, RefusedError, ConnectError, or TrustCartError naming the file
    and line that failed; what was applied before stays, and the next run goes on.
    """
    report = Report()
    with migrate_session(conninfo, lock_wait, tell) as connection:
        state = read_state(connection, bundle.roles)
        report.version_before = state.version
        refuse_newer(bundle, state)
        check_rights(connection, bundle, state)
        search_path = _new_search_path(connection, bundle) if set_search_path else None
        _bootstrap(connection, state)
        if plan(bundle, state).migrations:
            # The tables to come need their grants, whatever happens after.
            _grants_are_due(connection)
            report.migrations = _apply_migrations(connection, conninfo, bundle, lock_wait, tell)
        _apply_bundle(connection, bundle, lock_wait, report, tell)
        _adoption().renew(connection, lock_wait, tell)
        report.recorded = _record(connection, bundle, report)
        if search_path:
            _alter_search_path(connection, search_path)
            report.search_path = search_path
    return report


def rollback(
    conninfo: str,
    bundle: Bundle,
    *,
    steps: int = 1,
    lock_wait: float = DEFAULT_LOCK_WAIT,
    tell: Tell = lambda line: None,
) -> list[str]:
    """Take back the last migrations.

    First drops all of the repeatable SQL (views, functions, triggers, policies), which the next migrate makes again,
    then runs the rollback of each migration, which drops its tables with their data. The recorded version goes too, so
    that an older package may migrate afterwards. Arguments as for `migrate`; steps, how many. Result: the ids taken
    back. Raises RefusedError, before anything changed, when a migration cannot be taken back, came with an earlier
    release than the installed one, or something outside depends on our objects; else as `migrate`.
    """
    with migrate_session(conninfo, lock_wait, tell) as connection:
        state = read_state(connection)
        refuse_newer(bundle, state)
        last = [name for name in reversed(migration_ids(bundle)) if name in state.migrations][:steps]
        _refuse_earlier_release(bundle, state, last)
        for name in last:
            _refuse_without_rollback(bundle, name)
        if not last:
            return []
        _adoption().refuse_adopted(connection)
        retrying(
            lambda: _drop_bundle(connection, list(state.recorded.values())),
            connection,
            "dropping views and functions",
            None,
            lock_wait,
        )
        tell(f"dropped {len(state.recorded)} repeatable objects; the next migrate makes them again")
        with _yoyo(connection, conninfo) as backend, backend.lock():
            migrations = yoyo.read_migrations(glob.escape(str(bundle.migrations_dir)))
            for migration in [m for m in backend.to_rollback(migrations) if m.id in last]:
                _run_migration(
                    lambda: backend.rollback_one(migration),  # noqa: B023 - called at once
                    backend,
                    migration,
                    connection,
                    conninfo,
                    lock_wait,
                )
                tell(f"rolled back {migration.id}")
    return last


def dry_run(conninfo: str, bundle: Bundle) -> tuple[State, Plan]:
    """Say what `migrate` would do, changing nothing.

    Result: the State and the Plan. Raises what migrate would raise about versions and rights.
    """
    with _session(conninfo) as connection:
        state = read_state(connection, bundle.roles)
        refuse_newer(bundle, state)
        check_rights(connection, bundle, state)
        return state, plan(bundle, state)


def inspect(conninfo: str, bundle: Bundle) -> tuple[State, Plan]:
    """Read the state of a database, newer ones included.

    Result: the State and the Plan. Raises ConnectError, RightsError (our record cannot be read).
    """
    with _session(conninfo) as connection:
        state = read_state(connection, bundle.roles)
        return state, plan(bundle, state)


def check_rights(connection: psycopg.Connection, bundle: Bundle, state: State) -> None:
    """Check up front that the role may do what a migrate will do.

    Raises RightsError that names all that is lacking, with the SQL a DBA can run instead; returns nothing.
    """
    role, database, may_create, may_create_roles = connection.execute(
        "select current_user::text, current_database()::text,"
        " has_database_privilege(current_database(), 'create'), rolcreaterole or rolsuper"
        " from pg_roles where rolname = current_user"
    ).fetchone()
    lacks, remedies = [], []
    if set(SCHEMAS) - state.schemas and not may_create:
        lacks.append(f"CREATE on the database {database}")
        remedies.append(
            sql.SQL("grant create on database {} to {};").format(sql.Identifier(database), sql.Identifier(role))
        )
    if state.missing_roles and not may_create_roles:
        lacks.append(f"CREATEROLE, to create {', '.join(state.missing_roles)}")
        remedies += [sql.SQL("create role {} nologin;").format(sql.Identifier(name)) for name in state.missing_roles]
        remedies += [sql.SQL(f"{remedy};") for one in bundle.phase("roles") for remedy in one.remedies]
    if lacks:
        statements = "\n".join("  " + remedy.as_string(connection) for remedy in remedies)
        raise RightsError(
            f"The role {role} lacks " + "; ".join(lacks) + ".",
            f"A DBA can run this instead, then migrate:\n{statements}",
        )


def make_roles(connection: psycopg.Connection, bundle: Bundle, lock_wait: float) -> None:
    """Make the group roles that are missing, and nothing in the database: a restore's grants go to them.

    Arguments: an autocommit connection; bundle; seconds to wait for a lock. Raises RightsError, BusyError,
    psycopg.Error.
    """

    def run(one: BundleObject) -> None:
        with short_transaction(connection):
            _run_file(connection, one)

    for one in bundle.phase("roles"):
        retrying(lambda: run(one), connection, one.path, None, lock_wait, _RETRY_ROLES)  # noqa: B023 - called at once


def _adoption() -> ModuleType:
    """What an adoption must know of a migrate; it builds on this module."""
    from trustcart_db.adoption import install

    return install


@contextlib.contextmanager
def migrate_session(conninfo: str, lock_wait: float, tell: Tell) -> Iterator[psycopg.Connection]:
    """A connection that holds the migrate lock: no migrate, rollback, uninstall, backup or restore runs beside it.

    Arguments as for `migrate`. Result: a context with an autocommit connection whose search_path is pg_catalog. Raises
    BusyError, ConnectError, and each psycopg.Error inside it as ours.
    """
    with _session(conninfo) as connection, _migrate_lock(connection, lock_wait, tell):
        yield connection


@contextlib.contextmanager
def _session(conninfo: str) -> Iterator[psycopg.Connection]:
    """A connection whose results depend on no setting of the role or the database; errors come out as ours."""
    try:
        with contextlib.closing(connect_direct(conninfo)) as connection:
            if connection.info.server_version < OLDEST_SERVER:
                version = connection.info.parameter_status("server_version")
                raise MissingError(f"This server is Postgres {version}; 15 to 18 are supported.", "Upgrade the server.")
            # It holds the lock for as long as the run takes, idle or not.
            connection.execute(
                "set search_path to pg_catalog; set idle_session_timeout to 0; set statement_timeout to 0"
            )
            for name, value in _privileged_settings(connection).items():
                connection.execute("select set_config(%s, %s, false)", [name, value])
            _refuse_foreign_owner(connection)
            yield connection
    except psycopg.Error as error:
        raise translate(error) from error


@contextlib.contextmanager
def _migrate_lock(connection: psycopg.Connection, wait: float, tell: Tell) -> Iterator[None]:
    # Polled, not waited for: a waiting pg_advisory_lock would hold a snapshot, which blocks concurrent index builds
    # of the very migrate it waits for.
    deadline, told = time.monotonic() + wait, False
    while not connection.execute("select pg_try_advisory_lock(%s)", [_LOCK_KEY]).fetchone()[0]:
        holder = connection.execute(
            "select format('process %%s (%%s)', l.pid, coalesce(nullif(a.application_name, ''), a.usename, 'unknown'))"
            " from pg_locks as l left join pg_stat_activity as a using (pid)"
            " where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database"
            " where datname = current_database()) and (l.classid::bigint << 32 | l.objid::bigint) = %s",
            [_LOCK_KEY],
        ).fetchone()
        if time.monotonic() >= deadline:
            raise BusyError(
                f"Another migrate, backup or restore of this database is running: "
                f"{holder[0] if holder else 'just ending'}.",
                "Wait for it, or give a longer --lock-wait.",
            )
        if not told:
            tell("another migrate, backup or restore is running; waiting for it")
            told = True
        time.sleep(0.1)
    try:
        yield
    finally:
        # A broken connection has let go of it already.
        with contextlib.suppress(psycopg.Error):
            connection.execute("select pg_advisory_unlock(%s)", [_LOCK_KEY])


def _bootstrap(connection: psycopg.Connection, state: State) -> None:
    with connection.transaction():
        for schema in SCHEMAS:
            # Even "if not exists" asks for CREATE on the database, which a later migrate no longer needs.
            if schema not in state.schemas:
                connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
        count = connection.execute(
            "select count(*) from pg_class where relnamespace = %s::regnamespace"
            " and relname in ('installation', 'bundle_objects')",
            [PRIVATE_SCHEMA],
        ).fetchone()[0]
        if count < 2:
            connection.execute(resources.files("trustcart_db").joinpath("bootstrap.sql").read_text("utf-8"))


# --- migrations ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _yoyo(connection: psycopg.Connection, conninfo: str) -> Iterator[yoyo.backends.DatabaseBackend]:
    logging.getLogger("yoyo").addHandler(logging.NullHandler())
    # yoyo logs who ran it, which fails for a user id without a name, as containers have.
    try:
        getpass.getuser()
    except (KeyError, OSError):
        os.environ["LOGNAME"] = str(os.getuid())
    backend = yoyo.get_backend(_yoyo_address(connection, conninfo, _LOCK_TIMEOUT))
    try:
        # A kill -9 leaves yoyo's lock row. No one else can hold it: we hold our own lock around all of this.
        backend.break_lock()
        # yoyo prints what a migration's SELECT returns.
        with contextlib.redirect_stdout(io.StringIO()):
            yield backend
    finally:
        backend.connection.close()


def _yoyo_address(connection: psycopg.Connection, conninfo: str, lock_timeout: str) -> str:
    """A URI for yoyo with all that a session of its needs; a role's own limits are meant for queries."""
    settings = {
        "lock_timeout": lock_timeout,
        "statement_timeout": "0",
        "idle_session_timeout": "0",
        **_privileged_settings(connection),
    }
    return yoyo_uri(conninfo, PRIVATE_SCHEMA, " ".join(f"-c {name}={value}" for name, value in settings.items()))


def _privileged_settings(connection: psycopg.Connection) -> dict[str, str]:
    """What only a superuser, or a role granted the parameter, may set; without it an autovacuum is waited for."""
    (may,) = connection.execute("select has_parameter_privilege('deadlock_timeout', 'set')").fetchone()
    return {"deadlock_timeout": _DEADLOCK_TIMEOUT} if may else {}


def _apply_migrations(
    connection: psycopg.Connection, conninfo: str, bundle: Bundle, lock_wait: float, tell: Tell
) -> list[str]:
    migrations = yoyo.read_migrations(glob.escape(str(bundle.migrations_dir)))
    applied = []
    with _yoyo(connection, conninfo) as backend, backend.lock():
        try:
            pending = list(backend.to_apply(migrations))
        except yoyo.exceptions.BadMigration as error:
            raise TrustCartError(f"The migrations do not fit together: {error}") from error
        for migration in pending:
            _run_migration(
                lambda: backend.apply_migrations_only(migrations.replace([migration])),  # noqa: B023 - called at once
                backend,
                migration,
                connection,
                conninfo,
                lock_wait,
            )
            applied.append(migration.id)
            tell(f"migration {migration.id}")
        # yoyo passes over a migration it cannot load as if it were done.
        left = [migration.id for migration in backend.to_apply(migrations)]
        if left:
            raise TrustCartError(f"Migrations that could not be loaded: {', '.join(left)}.")
    return applied


def _run_migration(
    action: Callable[[], object],
    backend: yoyo.backends.DatabaseBackend,
    migration: yoyo.migrations.Migration,
    connection: psycopg.Connection,
    conninfo: str,
    lock_wait: float,
) -> None:
    """Apply or roll back one migration, by an action that has yoyo do it, as often as it takes."""
    with _migration_errors(migration.id):
        if migration.use_transactions:
            retrying(action, connection, f"the migration {migration.id}", None, lock_wait)
            return
        # A concurrent index build must wait for each older transaction, with nobody queueing behind it; given up, it
        # would begin anew. So it waits as long as we do, in the session that yoyo opens for it.
        patience = f"{max(1, round(lock_wait * 1000))}ms"
        quick, backend.uri = backend.uri, yoyo.connections.parse_uri(_yoyo_address(connection, conninfo, patience))

        def attempt() -> None:
            _drop_half_built(connection, migration.source, patience)
            action()

        try:
            retrying(attempt, connection, f"the migration {migration.id}", None, lock_wait, holders=_older_transactions)
        except Exception:
            # An invalid unique index may refuse rows already. What is in the way of this, the next run drops.
            with contextlib.suppress(psycopg.Error):
                _drop_half_built(connection, migration.source, _LOCK_TIMEOUT)
            raise
        finally:
            backend.uri = quick


def _drop_half_built(connection: psycopg.Connection, migration: str, lock_timeout: str) -> None:
    """Drop the invalid indexes that an earlier try of this migration left: its `if not exists` would keep them."""
    indexes = connection.execute(
        "select c.oid::regclass::text from pg_index as i join pg_class as c on c.oid = i.indexrelid"
        " where c.relnamespace = any(select oid from pg_namespace where nspname = any(%s)) and c.relname = any(%s)"
        " and not i.indisvalid",
        [list(SCHEMAS), _CONCURRENT_INDEX.findall(migration)],
    ).fetchall()
    connection.execute("select set_config('lock_timeout', %s, false)", [lock_timeout])
    for (index,) in indexes:
        connection.execute(f"drop index concurrently if exists {index}")
    connection.execute("reset lock_timeout")


@contextlib.contextmanager
def _migration_errors(name: str) -> Iterator[None]:
    """Put the migration's name before an error of its SQL; the transaction has been rolled back."""
    try:
        yield
    except psycopg.Error as error:
        ours = translate(error)
        ours.message = f"migrations/{name}.sql: {ours.message}"
        raise ours from error


def _refuse_earlier_release(bundle: Bundle, state: State, last: list[str]) -> None:
    """Within a release what a rollback loses is what that release brought. Behind it lie tables that every release
    since has written to in its own way."""
    shipped, installed = releases(bundle), installed_release(bundle, state)
    earlier = [name for name in last if version_key(shipped.get(name, installed)) < version_key(installed)]
    if earlier:
        within = len(last) - len(earlier)
        remedy = f"`rollback --steps {within}` takes back what {installed} brought. " if within else ""
        raise RefusedError(
            f"{earlier[0]} came with {shipped[earlier[0]]}, and {installed} has worked with its tables since: "
            "a rollback does not cross releases.",
            f"{remedy}To be back at {shipped[earlier[0]]}, restore a backup from before the upgrade.",
        )


def _refuse_without_rollback(bundle: Bundle, name: str) -> None:
    file = bundle.migrations_dir / f"{name}.rollback.sql"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if all(line.startswith("--") for line in lines):
        reason = " ".join(line.lstrip("- ") for line in lines) or "it has no rollback."
        raise RefusedError(f"{name} cannot be taken back: {reason}", "Restore a backup from before it, if you must.")


# --- the repeatable SQL ----------------------------------------------------------------------------------------------


def _apply_bundle(connection: psycopg.Connection, bundle: Bundle, lock_wait: float, report: Report, tell: Tell) -> None:
    state = read_state(connection, bundle.roles)
    todo = plan(bundle, state)
    due = {one.path for one in (*todo.changed, *todo.missing)}
    gone = list(todo.gone)
    triggers = {one.identity for one in bundle.objects if one.kind == "trigger"}

    for one in (one for one in bundle.phase("roles") if one.path in due):
        retrying(
            lambda: _apply_roles(connection, one),  # noqa: B023 - called at once
            connection,
            one.path,
            None,
            lock_wait,
            _RETRY_ROLES,
        )
        report.objects.append(one.path)

    functions = [one for one in bundle.phase("functions") if one.path in due]
    if functions:
        otherwise: set[str] = set()

        def apply() -> None:
            while True:
                try:
                    return _apply_functions(connection, functions, state, otherwise)
                except _ReturnsOtherwiseError as error:
                    if error.path in otherwise or error.path not in state.recorded:
                        raise
                    otherwise.add(error.path)

        retrying(apply, connection, "the functions", None, lock_wait)
        report.objects += [one.path for one in functions]

    for one in (one for one in bundle.phase("relations") if one.path in due):
        # A trigger that gives way to another on its table goes in the same transaction, so that neither both nor none
        # see an order. One whose file only moved stays.
        replaced = [old for old in gone if _gives_way(old, one) and triggers.isdisjoint(old.object_identities)]
        retrying(
            lambda: _apply_relation(connection, one, state, replaced),  # noqa: B023 - called at once
            connection,
            f"the {one.kind} {one.identity}",
            f"{one.schema}.{one.table or one.name}",
            lock_wait,
        )
        gone = [old for old in gone if old not in replaced]
        report.dropped += [identity for old in replaced for identity in old.object_identities]
        report.objects.append(one.path)

    # A file that only moved has its object recorded under the new path by now.
    state = read_state(connection)
    live = {
        (recorded.object_kind, identity)
        for recorded in state.recorded.values()
        if recorded.path not in {old.path for old in gone}
        for identity in recorded.object_identities
    }
    for batch in _drop_batches(gone):
        dropped = [i for old in batch for i in old.object_identities if (old.object_kind, i) not in live]
        retrying(
            lambda: _drop_gone(connection, batch, dropped),  # noqa: B023 - called at once
            connection,
            "dropping " + ", ".join(dropped),
            None,
            lock_wait,
        )
        report.dropped += dropped
        for identity in dropped:
            tell(f"dropped {batch[0].object_kind} {identity}")

    todo = plan(bundle, read_state(connection))
    for one in bundle.phase("grants"):
        if one in todo.changed or one in todo.missing:
            retrying(
                lambda: _apply_grants(connection, one),  # noqa: B023 - called at once
                connection,
                one.path,
                None,
                lock_wait,
            )
            report.objects.append(one.path)


def _apply_roles(connection: psycopg.Connection, one: BundleObject) -> None:
    with short_transaction(connection):
        _run_file(connection, one)
        _note(connection, one, [])


class _ReturnsOtherwiseError(RefusedError):
    """A function returns something else than the one that is there, which `create or replace` cannot change. path."""

    path: str


def _apply_functions(
    connection: psycopg.Connection, functions: list[BundleObject], state: State, otherwise: set[str]
) -> None:
    """All in one transaction: functions that call each other change together. otherwise: paths of those that return
    something else now, whose old ones go first; nobody ever finds none."""
    leftovers: list[str] = []
    with short_transaction(connection):
        for one in functions:
            if one.path in otherwise:
                _drop_other(connection, one, state.recorded[one.path])
            _run_file(connection, one)
            # The rows this transaction wrote: exactly the overloads that the file holds.
            made = connection.execute(
                "select oid::regprocedure::text from pg_proc where pronamespace = %s::regnamespace and proname = %s"
                " and xmin = pg_current_xact_id()::xid order by 1",
                [one.schema, one.name],
            ).fetchall()
            identities = [identity for (identity,) in made]
            # Nobody but the owner, from its first moment on; grants.sql gives what is to be given.
            for identity in identities:
                connection.execute(f"revoke execute on routine {identity} from public")
            before = state.recorded.get(one.path)
            # Another argument list makes a second overload beside the old one, and calls may still reach that.
            for old in before.object_identities if before else []:
                if old not in identities and before.object_kind == "function":
                    try:
                        with connection.transaction():
                            _drop(connection, "function", [old])
                    except pg.DependentObjectsStillExist:
                        leftovers.append(old)  # perhaps of a function that comes later in this transaction
            _note(connection, one, identities)
        if leftovers:
            _drop(connection, "function", leftovers)
        _grants_are_due(connection)


def _drop_other(connection: psycopg.Connection, one: BundleObject, before: Recorded) -> None:
    try:
        _drop(connection, "function", before.object_identities)
    except pg.DependentObjectsStillExist as error:
        raise RefusedError(
            f"{one.path}: it returns something else now, and {error.diag.message_detail}",
            "Drop what depends on it first, or let a migration do so; migrate then makes ours anew.",
        ) from error


def _apply_relation(connection: psycopg.Connection, one: BundleObject, state: State, replaced: list[Recorded]) -> None:
    before = state.recorded.get(one.path)
    with short_transaction(connection):
        for old in replaced:
            _drop_gone(connection, [old], old.object_identities)
        if before and before.object_identities != [one.identity]:
            _drop(connection, before.object_kind, before.object_identities)
        _run_file(connection, one)
        _note(connection, one, [one.identity])
        _grants_are_due(connection)


def _apply_grants(connection: psycopg.Connection, one: BundleObject) -> None:
    with short_transaction(connection):
        _run_file(connection, one)
        _note(connection, one, [])


def _drop_gone(connection: psycopg.Connection, batch: list[Recorded], identities: list[str]) -> None:
    with short_transaction(connection):
        if identities:
            _drop(connection, batch[0].object_kind, identities)
        connection.execute(
            "delete from trustcart_private.bundle_objects where path = any(%s)", [[old.path for old in batch]]
        )


def _drop_bundle(connection: psycopg.Connection, recorded: list[Recorded]) -> None:
    """Drop all of the repeatable SQL and forget the version, or, where something outside depends on it, nothing."""
    with short_transaction(connection):
        for batch in _drop_batches(recorded):
            _drop(connection, batch[0].object_kind, [i for old in batch for i in old.object_identities])
        connection.execute("delete from trustcart_private.bundle_objects; delete from trustcart_private.installation")


def _drop_batches(gone: list[Recorded]) -> Iterator[list[Recorded]]:
    """In the order in which they may go. Views and functions go together, since they depend on one another."""
    for kind in ("policy", "trigger"):
        yield from ([old] for old in gone if old.object_kind == kind)
    for kind in ("view", "function", "grants", "roles"):
        if batch := [old for old in gone if old.object_kind == kind]:
            yield batch


def _drop(connection: psycopg.Connection, kind: str, identities: list[str]) -> None:
    """Drop objects, never those that depend on them. Identities come from the catalogue, quoted as it quotes them."""
    command = {"function": "routine", "view": "view", "trigger": "trigger", "policy": "policy"}.get(kind)
    if command is None or not identities:
        return
    if kind in ("trigger", "policy"):
        for identity in identities:
            connection.execute(f"drop {command} if exists {identity}")
    else:
        connection.execute(f"drop {command} if exists {', '.join(identities)}")


def _run_file(connection: psycopg.Connection, one: BundleObject) -> None:
    retry = _RETRY_ROLES if one.kind == "roles" else _RETRY
    try:
        connection.execute(one.text, prepare=False)
    except retry:
        raise
    except (pg.InvalidTableDefinition, pg.InvalidFunctionDefinition) as error:
        is_function = isinstance(error, pg.InvalidFunctionDefinition)
        refused = (_ReturnsOtherwiseError if is_function else RefusedError)(
            f"{one.path}: {error.diag.message_primary}.",
            f"{one.identity} exists in a shape that `create or replace` cannot change. "
            f"A migration has to drop it first (never cascade); migrate then makes it anew.",
        )
        if is_function:
            refused.path = one.path
        raise refused from error
    except psycopg.Error as error:
        ours = translate(error)
        position = int(error.diag.statement_position or 0)
        where = f"{one.path}:{one.text.count(chr(10), 0, position - 1) + 1}" if position else one.path
        ours.message = f"{where}: {ours.message}"
        raise ours from error


def _note(connection: psycopg.Connection, one: BundleObject, identities: list[str]) -> None:
    connection.execute(
        "insert into trustcart_private.bundle_objects (path, object_kind, object_identities, sha256, applied_at)"
        " values (%s, %s, %s, %s, now()) on conflict (path) do update set object_kind = excluded.object_kind,"
        " object_identities = excluded.object_identities, sha256 = excluded.sha256, applied_at = excluded.applied_at",
        [one.path, one.kind, identities, one.sha256],
    )


def _grants_are_due(connection: psycopg.Connection) -> None:
    """In the transaction that makes an object: its grants follow in this run or, after a crash, in the next."""
    connection.execute(
        "update trustcart_private.bundle_objects set sha256 = '' where object_kind = 'grants' and sha256 <> ''"
    )


def _record(connection: psycopg.Connection, bundle: Bundle, report: Report) -> bool:
    made = connection.execute(
        "insert into trustcart_private.installation as i (version, bundle_sha256, migrated_at, migrated_by)"
        " values (%(version)s, %(sha256)s, now(), current_user) on conflict (id) do update set"
        " version = excluded.version, bundle_sha256 = excluded.bundle_sha256, migrated_at = excluded.migrated_at,"
        " migrated_by = excluded.migrated_by where %(changed)s"
        " or (i.version, i.bundle_sha256) <> (excluded.version, excluded.bundle_sha256)",
        {"version": __version__, "sha256": bundle.sha256, "changed": report.schema_changed},
    )
    return made.rowcount > 0


def _gives_way(old: Recorded, one: BundleObject) -> bool:
    """Whether both are triggers of the same table."""
    table = f" on {one.schema}.{one.table}"
    return one.kind == old.object_kind == "trigger" and any(name.endswith(table) for name in old.object_identities)


# --- locks and rights ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def short_transaction(connection: psycopg.Connection) -> Iterator[None]:
    """A transaction in which a statement waits for a lock only briefly. Inside another one: part of that.

    Argument: an autocommit connection. Raises what its statements raise, rolled back.
    """
    if connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
        yield
        return
    with connection.transaction():
        connection.execute(f"set local lock_timeout to '{_LOCK_TIMEOUT}'; set local check_function_bodies to on")
        yield


def retrying(
    action: Callable[[], object],
    connection: psycopg.Connection,
    what: str,
    relation: str | None,
    wait: float,
    retry: tuple[type[Exception], ...] = _RETRY,
    holders: Callable[[psycopg.Connection], str] | None = None,
) -> None:
    """Do it, and again after a pause when a lock was not to be had, until the time is up.

    Arguments: action; connection (idle, to ask who holds the lock); what and relation, for the error; wait, seconds;
    retry, the errors that are worth another try; holders, who tells for whom it waited where that is no holder of a
    table's lock. Raises BusyError naming the holders; other errors pass.
    """
    deadline, pause = time.monotonic() + wait, 0.1
    while True:
        try:
            action()
            return
        except retry as error:
            if time.monotonic() >= deadline:
                who = holders(connection) if holders else _lock_holders(connection, relation)
                raise BusyError(
                    f"No lock for {what} within {wait:g} s: {who}.",
                    "Migrate again when they are done; what was applied so far stays.",
                ) from error
            time.sleep(min(pause, max(0, deadline - time.monotonic())))
            # As long as others get along meanwhile: a busy table needs many tries.
            pause = min(pause * 1.7, 0.7)


def _lock_holders(connection: psycopg.Connection, relation: str | None) -> str:
    """Who holds locks on that relation, or on any of ours where the statement alone knows which it wants."""
    rows = connection.execute(
        "select distinct l.pid, coalesce(nullif(a.application_name, ''), a.usename, a.backend_type, 'unknown')"
        " from pg_locks as l join pg_class as c on c.oid = l.relation left join pg_stat_activity as a using (pid)"
        " where l.granted and l.pid <> pg_backend_pid()"
        " and l.database = (select oid from pg_database where datname = current_database())"
        " and case when %(relation)s::text is null"
        "  then c.relnamespace = any(select oid from pg_namespace where nspname = any(%(schemas)s))"
        "  else l.relation = to_regclass(%(relation)s) end order by 1",
        {"relation": relation, "schemas": list(SCHEMAS)},
    ).fetchall()
    return ", ".join(f"process {pid} ({name}) holds it" for pid, name in rows) or "its holder has just gone"


def _older_transactions(connection: psycopg.Connection) -> str:
    """The oldest transactions of this database: a concurrent index build waits for all that began before it."""
    rows = connection.execute(
        "select pid, coalesce(nullif(application_name, ''), usename, backend_type) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid() and (backend_xid, backend_xmin) is distinct"
        " from (null, null) order by xact_start limit 3"
    ).fetchall()
    named = ", ".join(f"process {pid} ({name})" for pid, name in rows)
    return f"it waits for the transaction of {named}" if rows else "what it waited for has just ended"


def _refuse_foreign_owner(connection: psycopg.Connection) -> None:
    """Our schemas, once there, are their owner's to read and to change."""
    owners = connection.execute(
        "select distinct rolname::text, current_user::text from pg_namespace join pg_roles on pg_roles.oid = nspowner"
        " where nspname = any(%s) and not pg_has_role(current_user, nspowner, 'usage') order by 1",
        [list(SCHEMAS)],
    ).fetchall()
    if owners:
        grants = [
            sql.SQL("  grant {} to {};").format(sql.Identifier(owner), sql.Identifier(role)).as_string(connection)
            for owner, role in owners
        ]
        raise RightsError(
            f"The role {owners[0][1]} lacks membership in {', '.join(owner for owner, _ in owners)}, "
            "which owns our schemas.",
            "Connect as that role, or let a DBA run:\n" + "\n".join(grants),
        )


# --- search path -----------------------------------------------------------------------------------------------------


def _new_search_path(connection: psycopg.Connection, bundle: Bundle) -> str | None:
    """The database's search path with trustcart appended, None where it is there already.

    Raises RightsError for one who is not the database's owner, RefusedError where a schema on the path holds one of our
    names: `select … from customers` would then read the other's table.
    """
    database, owner, may_alter, path = connection.execute(
        "select current_database()::text, datdba::regrole::text, pg_has_role(current_user, datdba, 'usage'),"
        " coalesce((select substr(c, length('search_path=') + 1) from pg_db_role_setting as s, unnest(s.setconfig) as c"
        "  where s.setdatabase = d.oid and s.setrole = 0 and starts_with(c, 'search_path=')), '\"$user\", public')"
        " from pg_database as d where datname = current_database()"
    ).fetchone()
    schemas = [name.strip().strip('"') for name in path.split(",") if name.strip()]
    if "trustcart" in schemas:
        return None
    new_path = f"{path}, trustcart" if schemas else "trustcart"
    if not may_alter:
        raise RightsError(
            f"Only the owner of the database, {owner}, may set its search path.",
            f"A DBA can run this instead:\n  alter database {database} set search_path to {new_path};",
        )
    role = connection.execute("select current_user::text").fetchone()[0]
    taken = connection.execute(
        "with named as ("
        " select relnamespace as schema, relname as name from pg_class where relkind = any('{r,p,v,m,f,S}')"
        " union select pronamespace, proname from pg_proc)"
        " select format('%%I.%%I', n.nspname, named.name) from named join pg_namespace as n on n.oid = named.schema"
        " where n.nspname = any(%(schemas)s) and (named.name = any(%(names)s) or named.name in"
        "  (select name from named where schema = to_regnamespace('trustcart'))) order by 1",
        {
            "schemas": [role if name == "$user" else name for name in schemas],
            "names": sorted(_names_to_come(bundle)),
        },
    ).fetchall()
    if taken:
        raise RefusedError(
            "Other schemas on the search path hold names of ours: " + ", ".join(name for (name,) in taken) + ".",
            "Migrate without --set-search-path, and write trustcart. before our names or set the path per role.",
        )
    return new_path


def _names_to_come(bundle: Bundle) -> set[str]:
    """The names in schema trustcart that a first migrate will make; only the files know them yet."""
    names = {one.name for one in bundle.objects if one.schema == "trustcart" and one.kind in ("function", "view")}
    table = re.compile(r"create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?trustcart\.(\w+)", re.I)
    for name in migration_ids(bundle):
        names.update(table.findall((bundle.migrations_dir / f"{name}.sql").read_text(encoding="utf-8")))
    return names


def _alter_search_path(connection: psycopg.Connection, path: str) -> None:
    database = connection.execute("select current_database()::text").fetchone()[0]
    # The path is the catalogue's own text, quoted as it must be, with our name behind it.
    connection.execute(sql.SQL("alter database {} set search_path to " + path).format(sql.Identifier(database)))
