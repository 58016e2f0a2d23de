"""Is the installation well? What the database says of itself (the functions trustcart.doctor_…) beside what only this
package can compare: version, objects, roles and the tick. Reads only; what a role may not see is `unknown`, not wrong.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

import psycopg

from trustcart_db import __version__, schedule
from trustcart_db.bundle import Bundle, read_bundle
from trustcart_db.connection import connect
from trustcart_db.errors import MissingError, RightsError, TrustCartError, translate
from trustcart_db.state import State, is_newer, migration_ids, plan, read_state

#: From well to worst; unknown is as bad as a warning, for nobody watches there.
STATUSES = ("ok", "warning", "critical", "unknown")
RUNBOOK = "docs/runbook.md"
#: The functions of the database and the checks that each has.
AREAS = {
    "trustcart.doctor_rights()": ("grants", "owner"),
    "trustcart.doctor_jobs()": ("jobs_overdue", "jobs_failing"),
    "trustcart.doctor_adoption()": ("adoption", "quarantine"),
    "trustcart.doctor_data(%(full)s)": ("state", "triggers", "audit", "audit_seals"),
    "trustcart.doctor_model()": ("model",),
    "trustcart.doctor_delivery()": ("delivery", "delivery_failures", "events"),
    "trustcart.doctor_storage()": (
        *("indexes", "constraints", "dead_rows", "wraparound", "partitions", "default_partitions", "disk"),
    ),
    "trustcart.doctor_server()": (
        *("connections", "long_transactions", "blocked_sessions", "replication", "replication_slots"),
    ),
}
#: What the figures are, by their name at Prometheus.
METRICS = {
    "trustcart_check_status": "Status of a check: 0 ok, 1 warning, 2 critical, 3 unknown.",
    "trustcart_doctor_run_timestamp_seconds": "When these figures were taken.",
    "trustcart_adoption_quarantined": "Rows and columns of adopted tables that could not come over.",
    "trustcart_adoption_tables": "Tables of the ERP that are followed.",
    "trustcart_adoption_tables_done": "Those of them whose past has come over.",
    "trustcart_audit_faults": "Rows and links of the audit that were tampered with, among those looked at.",
    "trustcart_audit_unsealed_age_seconds": "Age of the oldest audit row that is not sealed.",
    "trustcart_blocked_sessions": "Sessions that wait for a lock for more than 30 seconds.",
    "trustcart_connections": "Connections to the server.",
    "trustcart_connections_max": "Connections that there may be, without those kept for superusers.",
    "trustcart_constraints_not_validated": "Constraints that were not validated.",
    "trustcart_customers_looked_at": "Customers whose figures were counted anew.",
    "trustcart_customers_wrong": "Those of them of whom a figure is wrong.",
    "trustcart_default_partitions_in_use": "Default partitions that hold what belongs elsewhere.",
    "trustcart_events_held_back": "Events that cannot be read yet.",
    "trustcart_events_held_back_age_seconds": "Age of the oldest of them.",
    "trustcart_growth_bytes_per_day": "How much our tables grow a day, by those of the last 30 days.",
    "trustcart_indexes_invalid": "Indexes that are invalid.",
    "trustcart_job_last_run_seconds": "How long the last run of a job took.",
    "trustcart_job_last_run_timestamp_seconds": "When the last run of a job began.",
    "trustcart_jobs_failing": "Jobs whose last run failed or was killed.",
    "trustcart_jobs_overdue": "Jobs that are overdue.",
    "trustcart_jobs_stuck": "Jobs that run since more than 6 hours.",
    "trustcart_longest_transaction_seconds": "Age of the oldest open transaction, if above 15 minutes.",
    "trustcart_messages_failed": "Messages that failed in the last 24 hours.",
    "trustcart_messages_stalled": "Messages that are due and that nobody delivers.",
    "trustcart_migrations_pending": "Migrations that this package brings and the database does not have.",
    "trustcart_model_adrift": "Whether the last report found the customer model adrift: 1, or 0.",
    "trustcart_model_orders": "Orders that came in the weeks of the last report.",
    "trustcart_model_orders_foretold": "Orders that the model had foretold for them.",
    "trustcart_objects_missing": "Objects of the recorded version that are missing.",
    "trustcart_oldest_transaction_age": "Transactions since the oldest one that a table of ours still knows.",
    "trustcart_owners": "Roles that own anything of ours; one is right.",
    "trustcart_partitions_missing": "Partitions of the present and the coming month that are missing.",
    "trustcart_replicas": "Streaming replicas that are connected.",
    "trustcart_replication_lag_bytes": "How far the last replica is behind the primary.",
    "trustcart_replication_lag_seconds": "How far the last replica is behind the primary, or this one behind its own.",
    "trustcart_replication_slots": "Replication slots.",
    "trustcart_replication_slots_held_bytes": "WAL that replication slots hold.",
    "trustcart_rights_added": "Rights of group roles beyond those that migrate gave.",
    "trustcart_rights_missing": "Rights of group roles that were taken away.",
    "trustcart_size_bytes": "Size of all our tables, with indexes.",
    "trustcart_table_dead_rows_max": "Dead rows of the table that has most, among those above the threshold.",
    "trustcart_table_size_bytes": "Size of a table, with its indexes and partitions.",
    "trustcart_triggers_disabled": "Triggers that are disabled.",
}
#: How long one area may take; --full takes as long as it takes.
_PATIENCE = "60s"
#: Somebody may have one of our tables for himself: that is an alarm, and no reason to wait.
_LOCK_PATIENCE = "2s"
#: A tick comes every five minutes, but the jobs of a day may all be done by an hour past midnight.
_A_DAY = timedelta(hours=26)


class Check(NamedTuple):
    """What was looked at: name, status (one of STATUSES), finding, threshold, remedy ("" when it is well), figures
    (dicts of name, value and perhaps labels)."""

    name: str
    status: str
    finding: str
    threshold: str
    remedy: str = ""
    figures: Sequence[dict] = ()

    @property
    def runbook(self) -> str:
        """Where it is told what the check means and how to mend what it finds."""
        return f"{RUNBOOK}#{self.name}"


def examine(conninfo: str, *, full: bool = False) -> list[Check]:
    """Look at an installation, as far as the role may see it.

    Arguments: the conninfo, of a primary or a replica; whether to look at all customers and all of the audit, which may
    take minutes. Result: the checks, in reading order. Raises ConnectError; MissingError where nothing is installed;
    RightsError where the role may see none of it.
    """
    bundle = read_bundle()
    with connect(conninfo, autocommit=True) as connection:
        _refuse_blind(connection)
        checks = list(_installation(connection, bundle))
        for area, names in AREAS.items():
            checks += _area(connection, area, names, full)
        at = next(i for i, check in enumerate(checks) if check.name == "jobs_overdue")
        checks.insert(at, _tick(conninfo, connection, checks[at]))
    return checks


def worst(checks: Sequence[Check]) -> str:
    """The status of the whole: critical, warning (where something is unknown, too) or ok."""
    found = {check.status for check in checks}
    if "critical" in found:
        return "critical"
    return "warning" if found & {"warning", "unknown"} else "ok"


def prometheus(checks: Sequence[Check]) -> str:
    """The figures in Prometheus' text format. Argument: what `examine` found. Result: lines, each with its newline."""
    figures: list[dict] = [{"name": "trustcart_doctor_run_timestamp_seconds", "value": round(time.time())}]
    for check in checks:
        status = STATUSES.index(check.status)
        figures.append({"name": "trustcart_check_status", "labels": {"check": check.name}, "value": status})
        figures += check.figures
    lines = []
    for name in sorted({figure["name"] for figure in figures}):
        lines += [f"# HELP {name} {METRICS[name]}", f"# TYPE {name} gauge"]
        for figure in figures:
            if figure["name"] == name:
                lines.append(f"{name}{_labels(figure.get('labels', {}))} {figure['value']}")
    return "".join(f"{line}\n" for line in lines)


def _labels(labels: dict[str, str]) -> str:
    escaped = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
    inside = ",".join(f'{name}="{value.translate(escaped)}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _refuse_blind(connection: psycopg.Connection) -> None:
    found = connection.execute(
        "select has_schema_privilege(n.oid, 'usage'), current_user::text from pg_catalog.pg_namespace as n"
        " where n.nspname = 'trustcart'"
    ).fetchone()
    if found is None:
        raise MissingError(
            "There is nothing of TrustCart DB in this database.",
            "Is it the right one? `trustcart-db migrate` installs it.",
        )
    if not found[0]:
        raise RightsError(f"The role {found[1]} may see nothing of TrustCart DB.", _grant(connection))


def _grant(connection: psycopg.Connection) -> str:
    return connection.execute("select format('grant pg_monitor to %I;', current_user)").fetchone()[0]


def _installation(connection: psycopg.Connection, bundle: Bundle) -> Iterator[Check]:
    """Version, objects and roles: what this package brings against what the database has."""
    names = ("version", "objects", "roles")
    try:
        with connection.transaction():
            connection.execute("set local search_path to pg_catalog; set transaction read only")
            found = read_state(connection, bundle.roles)
    except psycopg.Error as error:
        yield from _unknown(connection, names, translate(error))
        return
    yield _version(found, bundle)
    yield _objects(found, bundle)
    yield Check(
        "roles",
        "critical" if found.missing_roles else "ok",
        f"missing: {', '.join(found.missing_roles)}" if found.missing_roles else "all there",
        "critical: a group role is missing",
        "trustcart-db migrate makes it and gives it its rights." if found.missing_roles else "",
    )


def _version(found: State, bundle: Bundle) -> Check:
    pending = plan(bundle, found).migrations
    unknown = set(found.migrations) - set(migration_ids(bundle))
    status, finding, remedy = "ok", f"{found.version}, as this package", ""
    if found.version is None:
        status, finding, remedy = "critical", "no migrate has come to its end", "trustcart-db migrate goes on."
    elif is_newer(found.version) or unknown:
        status, finding = "warning", f"the database is at {found.version}, this package at {__version__}"
        remedy = f"Install trustcart-db {found.version} or newer here."
    elif pending or found.version != __version__:
        status = "warning"
        finding = f"the database is at {found.version}, this package at {__version__}: {len(pending)} migrations more"
        remedy = "trustcart-db migrate; the shop may go on selling."
    return Check(
        "version",
        status,
        finding,
        "warning: another version than this package; critical: a migrate was broken off",
        remedy,
        [{"name": "trustcart_migrations_pending", "value": len(pending)}],
    )


def _objects(found: State, bundle: Bundle) -> Check:
    missing = [name for row in found.recorded.values() if not row.present for name in row.object_identities]
    todo = plan(bundle, found)
    other = len(todo.changed) + len(todo.gone)
    status, finding = "ok", f"{len(found.recorded)} files of functions, views, triggers and policies, all there"
    if missing:
        more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
        status, finding = "critical", f"missing: {', '.join(missing[:4])}{more}"
    elif other:
        status, finding = "warning", f"{other} are of another version than this package"
    return Check(
        "objects",
        status,
        finding,
        "warning: some are of another version; critical: one is missing",
        "" if status == "ok" else "trustcart-db migrate makes them anew; trustcart-db status lists them.",
        [{"name": "trustcart_objects_missing", "value": len(missing)}],
    )


def _area(connection: psycopg.Connection, area: str, names: tuple[str, ...], full: bool) -> list[Check]:
    """The checks of one function of the database, each unknown where it cannot be asked."""
    try:
        with connection.transaction():
            connection.execute(
                "select set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
                " set_config('transaction_read_only', 'on', true)",
                ["0" if full else _PATIENCE, _LOCK_PATIENCE],
            )
            rows = connection.execute(
                f"select d.check_name, d.status, d.finding, d.threshold, coalesce(d.remedy, ''), d.figures from {area}"
                " as d",
                {"full": full},
            ).fetchall()
    except psycopg.errors.UndefinedFunction:
        hint = "trustcart-db migrate brings it."
        return list(_unknown(connection, names, TrustCartError("this version of the database cannot tell", hint)))
    except psycopg.Error as error:
        return list(_unknown(connection, names, translate(error)))
    return [Check(*row) for row in rows]


def _unknown(connection: psycopg.Connection, names: tuple[str, ...], error: TrustCartError) -> Iterator[Check]:
    remedy = _grant(connection) if isinstance(error, RightsError) else error.hint
    for name in names:
        yield Check(name, "unknown", error.message, "", remedy or "")


def _tick(conninfo: str, connection: psycopg.Connection, jobs: Check) -> Check:
    """What drives the jobs. Argument: the check of the jobs, whose figures say when the last one began."""
    threshold = "warning: nothing seems to run the jobs; critical: the tick of pg_cron cannot run them"
    tick = schedule.find_tick(conninfo, connection)
    if tick is not None:
        finding = f"pg_cron: {tick.schedule} as {tick.role}; its clock is GMT, the times of the jobs are the shop's"
        wrong = _fault(conninfo, connection, tick)
        if wrong is None:
            return Check("tick", "ok", finding, threshold)
        return Check("tick", "critical", f"pg_cron: {wrong}", threshold, "trustcart-db schedule puts it right.")
    began = [figure["value"] for figure in jobs.figures if figure["name"] == "trustcart_job_last_run_timestamp_seconds"]
    last = datetime.fromtimestamp(max(began), timezone.utc) if began else None
    if last and datetime.now(timezone.utc) - last < _A_DAY:
        finding = f"no tick of pg_cron to be seen, yet something runs the jobs, last at {last:%Y-%m-%d %H:%M} UTC"
        return Check("tick", "ok", finding, threshold)
    if jobs.status == "unknown":
        return Check("tick", "unknown", "neither a tick of pg_cron nor the runs of jobs can be seen", threshold)
    finding = f"no tick of pg_cron to be seen, and no job ran since {last:%Y-%m-%d}" if last else "no job has ever run"
    remedy = f"trustcart-db schedule installs it; without pg_cron this line of a crontab does: {schedule.CRONTAB_LINE}"
    return Check("tick", "warning", finding, threshold, remedy)


def _fault(conninfo: str, connection: psycopg.Connection, tick: schedule.Tick) -> str | None:
    """What keeps a tick from running the jobs."""
    if not tick.active:
        return "the tick is switched off"
    if tick.command != schedule.COMMAND:
        return "the tick runs something else"
    try:
        schedule.check_role(connection, tick.role)
    except TrustCartError as error:
        return error.message
    runs = schedule.last_runs(conninfo, connection, tick)
    if len(runs) == 3 and all(status == "failed" for status, _, _ in runs):
        return f"the last 3 ticks failed: {runs[0][1].strip()}"
    return None
