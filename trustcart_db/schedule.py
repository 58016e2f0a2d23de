"""Installs and removes the one pg_cron job that drives all of ours: the tick, which calls run_due_jobs().

pg_cron lives in one database of a server, the one that its setting cron.database_name names, and can run jobs in
others.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import psycopg
from psycopg.conninfo import make_conninfo

from trustcart_db.connection import connect
from trustcart_db.errors import MissingError, RefusedError, RightsError, UsageError

TICK = "trustcart-tick"
EVERY = "*/5 * * * *"
COMMAND = "call trustcart.run_due_jobs()"
#: What does the same where there is no pg_cron.
CRONTAB_LINE = f"{EVERY} trustcart-db run --due"
JOBS_ROLE = "trustcart_jobs"
_CRONTAB_HINT = (
    f"the line `{CRONTAB_LINE}` in a crontab does the same (with the full path of trustcart-db, and with "
    "TRUSTCART_DATABASE_URL set above it)."
)


class Tick(NamedTuple):
    """The tick as pg_cron has it: job_id, schedule, command, database, role, active."""

    job_id: int
    schedule: str
    command: str
    database: str
    role: str
    active: bool


class NoCronError(MissingError):
    """pg_cron is not to be had here; the system's cron can do the same with CRONTAB_LINE."""


def schedule(conninfo: str, role: str | None = None, cron_database: str | None = None) -> tuple[Tick, bool]:
    """Install the tick; where it is as it should be nothing changes.

    Arguments: the conninfo of our database; the login role that it shall run as (default: the current one); the
    database that pg_cron lives in (default: what the server says). Result: the Tick and whether it was changed. Raises
    NoCronError, RightsError, RefusedError, UsageError, psycopg.Error.
    """
    with connect(conninfo, autocommit=True) as connection:
        role = role or connection.execute("select current_user::text").fetchone()[0]
        check_role(connection, role)
        database = connection.info.dbname
        with _cron_connection(conninfo, connection, cron_database) as cron:
            ours, others = _ticks(cron, database, role)
            right = (EVERY, COMMAND, database, role, True)
            if len(ours) == 1 and ours[0][1:] == right:
                return ours[0], False
            if any(tick.role == role for tick in others):
                other = next(tick for tick in others if tick.role == role)
                raise RefusedError(
                    f"The role {role} has a job {TICK} already, for the database {other.database}.",
                    f"Choose another member of {JOBS_ROLE} with --role: pg_cron knows a job by its name and role.",
                )
            with cron.transaction():
                for tick in ours:
                    # To switch one on again, pg_cron wants a superuser; to make it anew, nobody in particular.
                    if tick.role != role or not tick.active:
                        _unschedule(cron, tick)
                _schedule(cron, database, role)
            return _ticks(cron, database, role)[0][0], True


def unschedule(conninfo: str, cron_database: str | None = None) -> list[Tick]:
    """Remove the tick of our database.

    Arguments: as of `schedule`. Result: what was removed; nothing where nothing was scheduled. Raises NoCronError,
    RightsError, psycopg.Error.
    """
    with (
        connect(conninfo, autocommit=True) as connection,
        _cron_connection(conninfo, connection, cron_database) as cron,
    ):
        ours, _ = _ticks(cron, connection.info.dbname, "")
        with cron.transaction():
            for tick in ours:
                _unschedule(cron, tick)
        return ours


def find_tick(conninfo: str, connection: psycopg.Connection) -> Tick | None:
    """The tick of our database, as far as the role may see it; None when there is none or no pg_cron.

    Arguments: the conninfo and an open connection. Raises nothing for the lack of rights.
    """
    try:
        with _cron_connection(conninfo, connection, None) as cron:
            ours, _ = _ticks(cron, connection.info.dbname, "")
    except (MissingError, RightsError, psycopg.Error):
        return None
    return ours[0] if ours else None


def last_runs(conninfo: str, connection: psycopg.Connection, tick: Tick) -> list[tuple[str, str, datetime]]:
    """What became of the last runs of a tick, as far as the role may see it, the latest first: status, message, when.

    Arguments: as of `find_tick`, and what that found. Raises nothing for the lack of rights.
    """
    try:
        with _cron_connection(conninfo, connection, None) as cron:
            return cron.execute(
                "select r.status, coalesce(r.return_message, ''), r.start_time from cron.job_run_details as r"
                " where r.jobid = %s and r.start_time is not null order by r.runid desc limit 3",
                [tick.job_id],
            ).fetchall()
    except (MissingError, RightsError, psycopg.Error):
        return []


def check_role(connection: psycopg.Connection, role: str) -> None:
    """Check that a role may log in and run the jobs. Raises UsageError, RightsError, MissingError."""
    found = connection.execute(
        "select r.rolcanlogin from pg_catalog.pg_roles as r where r.rolname = %s", [role]
    ).fetchone()
    if found is None:
        raise UsageError(f"There is no role {role}.", f"create role {role} login in role {JOBS_ROLE};")
    if not found[0]:
        raise UsageError(
            f"The role {role} may not log in, and pg_cron connects as it.",
            f"alter role {role} login; or choose another.",
        )
    if connection.execute("select from pg_catalog.pg_roles where rolname = %s", [JOBS_ROLE]).fetchone() is None:
        raise MissingError(f"The role {JOBS_ROLE} does not exist.", "Run `trustcart-db migrate` first.")
    if not connection.execute("select pg_catalog.pg_has_role(%s, %s, 'member')", [role, JOBS_ROLE]).fetchone()[0]:
        raise RightsError(
            f"The role {role} is no member of {JOBS_ROLE}, so it may not run the jobs.", f"grant {JOBS_ROLE} to {role};"
        )


@contextlib.contextmanager
def _cron_connection(
    conninfo: str, connection: psycopg.Connection, cron_database: str | None
) -> Iterator[psycopg.Connection]:
    """A connection to the database that pg_cron lives in: ours where that is the one."""
    ours = connection.info.dbname
    if cron_database in (None, ours) and _has_cron(connection):
        yield connection
        return
    cron_database = cron_database or _cron_database(connection)
    if cron_database is None:
        raise NoCronError(
            "There is no pg_cron, or the role may not see where.",
            f"If there is one, name its database with --cron-database. If not: {_CRONTAB_HINT}",
        )
    with connect(make_conninfo(conninfo, dbname=cron_database), autocommit=True) as cron:
        if not _has_cron(cron):
            raise NoCronError(
                f"pg_cron is not installed in the database {cron_database}.",
                f"A superuser can run there: create extension pg_cron; If the server does not have it: {_CRONTAB_HINT}",
            )
        yield cron


def _cron_database(connection: psycopg.Connection) -> str | None:
    """The database pg_cron lives in, None where it is not loaded or the role may not read the setting."""
    may_read = connection.execute("select pg_catalog.pg_has_role('pg_read_all_settings', 'usage')").fetchone()[0]
    if not may_read:
        return None
    return connection.execute("select pg_catalog.current_setting('cron.database_name', true)").fetchone()[0]


def _has_cron(connection: psycopg.Connection) -> bool:
    query = "select from pg_catalog.pg_extension where extname = 'pg_cron'"
    return connection.execute(query).fetchone() is not None


def _ticks(cron: psycopg.Connection, database: str, role: str) -> tuple[list[Tick], list[Tick]]:
    """The jobs of our name: those of our database and the others. Only a superuser sees those of other roles."""
    rows = cron.execute(
        "select j.jobid, j.schedule, j.command, j.database, j.username, j.active from cron.job as j"
        " where j.jobname = %s order by j.username <> %s, j.jobid",
        [TICK, role],
    ).fetchall()
    ticks = [Tick(*row) for row in rows]
    return [tick for tick in ticks if tick.database == database], [tick for tick in ticks if tick.database != database]


def _schedule(cron: psycopg.Connection, database: str, role: str) -> None:
    me, here = cron.execute("select current_user::text, current_database()::text").fetchone()
    try:
        if (me, here) == (role, database):
            cron.execute("select cron.schedule(%s, %s, %s)", [TICK, EVERY, COMMAND])
        else:
            cron.execute(
                "select cron.schedule_in_database(%s, %s, %s, %s, %s, true)", [TICK, EVERY, COMMAND, database, role]
            )
    except psycopg.errors.InsufficientPrivilege as error:
        raise RightsError(
            f"pg_cron refuses: {error.diag.message_primary}.",
            f"A superuser can run in the database {here}: select cron.schedule_in_database('{TICK}', '{EVERY}', "
            f"'{COMMAND}', '{database}', '{role}');",
        ) from error


def _unschedule(cron: psycopg.Connection, tick: Tick) -> None:
    # By id: a superuser may remove the job of another role, but not by its name.
    cron.execute("select cron.unschedule(%s)", [tick.job_id])
