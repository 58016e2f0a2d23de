"""Jobs that commit: runs that succeed, fail, collide or are killed, and what is due."""

from __future__ import annotations

import threading
from datetime import date

import psycopg
import pytest

from tests.python.conftest import Database

DAY = date(2025, 12, 19)


def runs(connection: psycopg.Connection) -> list[tuple]:
    """(job, date, status, attempts, sqlstate) of every run, in order."""
    return connection.execute(
        "select job_name, business_date, status, attempts, error_sqlstate from trustcart.job_runs order by id"
    ).fetchall()


def make_job(connection: psycopg.Connection, body: str, name: str = "test_job", order: int = 1) -> None:
    """A job of the test's own: `body` is the PL/pgSQL of trustcart.<name>(date) returning jsonb."""
    connection.execute(
        f"create function trustcart.{name}(p_as_of date) returns jsonb language plpgsql as $$ begin {body} end; $$"
    )
    connection.execute(
        "insert into trustcart.job_schedules (job_name, run_order, run_at, description) values (%s, %s, '00:00', 'x')",
        [name, order],
    )


def test_a_job_leaves_its_result(db: Database) -> None:
    with db.connect() as connection:
        connection.execute("call trustcart.run_job('refresh_customer_behavior', %s)", [DAY])
        assert runs(connection) == [("refresh_customer_behavior", DAY, "succeeded", 1, None)]
        assert connection.execute("select result ->> 'as_of' from trustcart.job_runs").fetchone() == ("2025-12-19",)


def test_a_failed_job_raises_keeps_its_row_and_leaves_nothing_half_done(db: Database) -> None:
    with db.connect() as connection:
        make_job(
            connection, "insert into trustcart.categories (name) values ('half'); raise 'no' using errcode = 'TC202';"
        )
        with pytest.raises(psycopg.Error) as error:
            connection.execute("call trustcart.run_job('test_job', %s)", [DAY])
        assert error.value.sqlstate == "TC301"
        assert runs(connection) == [("test_job", DAY, "failed", 1, "TC202")]
        assert connection.execute("select count(*) from trustcart.categories").fetchone() == (0,)
        # The lock is free again.
        with pytest.raises(psycopg.Error):
            connection.execute("call trustcart.run_job('test_job', %s)", [DAY])
        assert len(runs(connection)) == 2


def test_a_deadlocked_job_tries_again(db: Database) -> None:
    with db.connect() as connection:
        connection.execute("create sequence tries")
        make_job(
            connection,
            "if nextval('public.tries') < 3 then raise 'again' using errcode = '40P01'; end if; return '{}';",
        )
        connection.execute("call trustcart.run_job('test_job', %s)", [DAY])
        assert runs(connection) == [("test_job", DAY, "succeeded", 3, None)]
        assert connection.execute("select error_message from trustcart.job_runs").fetchone() == (None,)


def test_a_job_does_not_run_twice_at_once(db: Database) -> None:
    with db.connect() as first, db.connect() as second, db.connect() as gate:
        make_job(gate, "perform pg_advisory_xact_lock(4711); return '{}';")
        gate.execute("select pg_advisory_lock(4711)")
        running = threading.Thread(target=first.execute, args=["call trustcart.run_job('test_job', '2025-12-19')"])
        running.start()
        while not gate.execute("select exists (select from trustcart.job_runs where status = 'started')").fetchone()[0]:
            pass
        with pytest.raises(psycopg.Error) as error:
            second.execute("call trustcart.run_job('test_job', '2025-12-19')")
        assert error.value.sqlstate == "TC105"
        # The tick passes it over without complaint.
        second.execute("update trustcart.job_schedules set is_enabled = job_name = 'test_job'")
        second.execute("call trustcart.run_due_jobs()")
        gate.execute("select pg_advisory_unlock(4711)")
        running.join()
        assert runs(gate) == [("test_job", DAY, "succeeded", 1, None)]


@pytest.mark.parametrize("how", ["terminate", "kill9"])
def test_a_killed_run_leaves_its_row_and_nothing_else(db: Database, make_server, how: str) -> None:
    from trustcart_db.bundle import read_bundle
    from trustcart_db.migrate import migrate

    if how == "kill9":
        server = make_server({"fsync": "on", "synchronous_commit": "on"})
        migrate(server.create_database("shop"), read_bundle())

        def connect() -> psycopg.Connection:
            return server.connect("shop")
    else:
        connect = db.connect

    with connect() as gate:
        make_job(
            gate,
            "insert into trustcart.categories (name) values ('half');"
            " perform pg_advisory_xact_lock(4711); return '{}';",
        )
        gate.execute("select pg_advisory_lock(4711)")
        victim = connect()
        failure: list[Exception] = []

        def work() -> None:
            try:
                victim.execute("call trustcart.run_job('test_job', '2025-12-19')")
            except psycopg.Error as error:
                failure.append(error)

        running = threading.Thread(target=work)
        running.start()
        waiting = "select exists (select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted)"
        while not gate.execute(waiting).fetchone()[0]:
            pass
        if how == "terminate":
            gate.execute("select pg_terminate_backend(%s)", [victim.info.backend_pid])
        else:
            server.kill9()
        running.join()
        assert failure
    if how == "kill9":
        server.restart()
    with connect() as after:
        assert runs(after) == [("test_job", DAY, "started", 0, None)]
        assert after.execute("select count(*) from trustcart.categories").fetchone() == (0,)
        after.execute("call trustcart.run_job('test_job', '2025-12-19')")
        assert [row[2] for row in runs(after)] == ["killed", "succeeded"]
        assert after.execute("select count(*) from trustcart.categories").fetchone() == (1,)


def test_due_jobs_run_in_order_and_once_a_day(db: Database) -> None:
    with db.connect() as connection:
        connection.execute("update trustcart.job_schedules set run_at = '00:00'")
        connection.execute("call trustcart.run_due_jobs()")
        today = connection.execute("select trustcart.business_date()").fetchone()[0]
        expected = [
            (name, today, "succeeded", 1, None)
            for name in (
                "refresh_customer_state",
                "detect_dropoffs",
                "refresh_customer_behavior",
                "refresh_recommendations",
                "refit_customer_model",
                "refresh_customer_scores",
                "refresh_customer_rfm",
                "generate_daily_call_tasks",
                "refresh_cohorts",
                "report_customer_model",
                "ensure_event_partitions",
                "drop_old_events",
                "ensure_attempt_partitions",
                "drop_old_attempts",
                "send_due_campaigns",
                "ensure_audit_partitions",
                "seal_audit_log",
                "drop_old_audit_logs",
                "apply_retention",
                "record_table_sizes",
            )
        ]
        assert runs(connection) == expected
        connection.execute("call trustcart.run_due_jobs()")
        assert runs(connection) == expected


def test_a_failing_job_stops_no_other_and_is_tried_so_often(db: Database) -> None:
    with db.connect() as connection:
        make_job(connection, "raise 'no' using errcode = 'TC202';")
        connection.execute("update trustcart.job_schedules set run_at = '00:00', max_attempts = 2")
        for _ in range(2):
            with pytest.raises(psycopg.Error) as error:
                connection.execute("call trustcart.run_due_jobs()")
            assert error.value.sqlstate == "TC301"
        connection.execute("call trustcart.run_due_jobs()")
        statuses = [(row[0], row[2]) for row in runs(connection)]
        assert statuses.count(("test_job", "failed")) == 2
        assert statuses.count(("generate_daily_call_tasks", "succeeded")) == 1


def test_a_job_waits_for_its_hour_of_the_business_day(db: Database) -> None:
    with db.connect() as connection:
        connection.execute(
            "update trustcart.job_schedules set run_at = (select (now() at time zone time_zone)::time "
            "from trustcart.settings) + interval '1 hour', is_enabled = job_name = 'detect_dropoffs'"
        )
        if connection.execute(
            "select run_at < time '01:00' from trustcart.job_schedules where job_name = 'detect_dropoffs'"
        ).fetchone()[0]:
            pytest.skip("within an hour of midnight in the business zone the hour asked for is that of another day")
        connection.execute("call trustcart.run_due_jobs()")
        assert runs(connection) == []
        connection.execute("update trustcart.job_schedules set run_at = '00:00'")
        connection.execute("call trustcart.run_due_jobs()")
        assert [row[0] for row in runs(connection)] == ["detect_dropoffs"]
