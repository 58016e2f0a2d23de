"""schedule and unschedule: the one tick of pg_cron, and that the real pg_cron fires it."""

from __future__ import annotations

import time

import pytest

from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate
from trustcart_db.schedule import COMMAND, CRONTAB_LINE, EVERY, TICK

TICKS = "select jobname, schedule, command, database, username, active from cron.job order by jobid"


def ticks(database) -> list[tuple]:
    with database.connect() as connection:
        return connection.execute(TICKS).fetchall()


def test_scheduled_once_and_removed(cron_server, cli):
    done = cli("schedule", url=cron_server.url)
    assert done.returncode == 0, done.stderr
    assert "Scheduled: trustcart-tick" in done.stdout
    assert ticks(cron_server) == [(TICK, EVERY, COMMAND, "shop", "postgres", True)]
    again = cli("schedule", url=cron_server.url)
    assert "Was scheduled already" in again.stdout
    assert len(ticks(cron_server)) == 1
    assert TICK in cli("jobs", url=cron_server.url).stdout

    with cron_server.connect() as connection:
        connection.execute("update cron.job set schedule = '0 1 * * *', active = false")
    assert cli("schedule", url=cron_server.url).returncode == 0
    assert ticks(cron_server) == [(TICK, EVERY, COMMAND, "shop", "postgres", True)]

    assert cli("unschedule", url=cron_server.url).stdout == "Unscheduled.\n"
    assert ticks(cron_server) == []
    again = cli("unschedule", url=cron_server.url)
    assert (again.returncode, again.stdout) == (0, "Nothing was scheduled.\n")


def test_a_role_of_its_own(cron_server, cli):
    """A superuser schedules for another role; moving it to another leaves one tick."""
    with cron_server.connect() as connection:
        connection.execute(
            "create role keeper login in role trustcart_jobs; create role second login in role trustcart_jobs"
        )
        connection.execute("create role guest login; create role nobody_logs_in in role trustcart_jobs")
    assert cli("schedule", "--role", "keeper", url=cron_server.url).returncode == 0
    assert cli("schedule", "--role", "second", url=cron_server.url).returncode == 0
    assert ticks(cron_server) == [(TICK, EVERY, COMMAND, "shop", "second", True)]

    refused = cli("schedule", "--role", "guest", url=cron_server.url)
    assert refused.returncode == 4
    assert "grant trustcart_jobs to guest;" in refused.stderr
    assert cli("schedule", "--role", "nobody_logs_in", url=cron_server.url).returncode == 2
    assert "create role ghost login" in cli("schedule", "--role", "ghost", url=cron_server.url).stderr
    assert len(ticks(cron_server)) == 1


def test_without_a_superuser(cron_server, cli):
    """In pg_cron's own database a member of trustcart_jobs with USAGE on the schema cron schedules for itself."""
    with cron_server.connect() as connection:
        connection.execute("create role keeper login in role trustcart_jobs")
    url = cron_server.server.url("shop", user="keeper")
    refused = cli("schedule", url=url)
    assert refused.returncode == 4, refused.stderr
    with cron_server.connect() as connection:
        connection.execute("grant usage on schema cron to keeper")
    done = cli("schedule", url=url)
    assert done.returncode == 0, done.stderr
    assert ticks(cron_server) == [(TICK, EVERY, COMMAND, "shop", "keeper", True)]
    assert cli("unschedule", url=url).returncode == 0


def test_from_another_database(cron_server, cli):
    """pg_cron lives in `shop`; the tick of `second` is scheduled from there."""
    url = cron_server.server.create_database("second")
    migrate(url, read_bundle())
    done = cli("schedule", url=url)
    assert done.returncode == 0, done.stderr
    assert ticks(cron_server) == [(TICK, EVERY, COMMAND, "second", "postgres", True)]
    assert "Was scheduled already" in cli("schedule", "--cron-database", "shop", url=url).stdout

    # pg_cron knows a job by name and role, so the same role cannot have the tick of a second database.
    taken = cli("schedule", url=cron_server.url)
    assert taken.returncode == 7
    assert "--role" in taken.stderr
    assert cli("schedule", "--cron-database", "template1", url=url).returncode == 10

    with cron_server.connect() as connection:
        connection.execute("create role keeper login in role trustcart_jobs")
    assert cli("schedule", "--role", "keeper", url=cron_server.url).returncode == 0
    assert {tick[3:5] for tick in ticks(cron_server)} == {("second", "postgres"), ("shop", "keeper")}
    assert cli("unschedule", url=url).returncode == 0
    assert {tick[3:5] for tick in ticks(cron_server)} == {("shop", "keeper")}


def test_without_pg_cron(db, cli):
    for command in ("schedule", "unschedule"):
        done = cli(command, url=db.url)
        assert done.returncode == 10
        assert "pg_cron" in done.stderr
        assert done.stdout == (f"{CRONTAB_LINE}\n" if command == "schedule" else "")
    assert CRONTAB_LINE == "*/5 * * * * trustcart-db run --due"


def test_the_real_pg_cron_fires_the_tick(cron_server, cli):
    """Within a minute and a bit the tasks are there: pg_cron looks at the minute, so the tick is made to be every
    one."""
    with cron_server.connect() as connection:
        connection.execute("create role keeper login in role trustcart_jobs")
        connection.execute("insert into trustcart.users (name) values ('Agent')")
        connection.execute("insert into trustcart.customers (id, first_name) values (1, 'C')")
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " values (1, trustcart.business_date() - 70, 100)"
        )
        connection.execute("update trustcart.job_schedules set run_at = '00:00'")
        assert cli("schedule", "--role", "keeper", url=cron_server.url).returncode == 0
        connection.execute("select cron.alter_job(jobid, schedule => '* * * * *') from cron.job")
        jobs = connection.execute("select count(*) from trustcart.job_schedules").fetchone()[0]
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline:
            runs = connection.execute(
                "select job_name, status, started_by from trustcart.job_runs order by id"
            ).fetchall()
            if len(runs) == jobs and runs[-1][1] != "started":
                break
            time.sleep(0.5)
        else:
            log = cron_server.server.log_path.read_text()[-2000:]
            pytest.fail(f"pg_cron has not run the jobs: {runs}, {log}")
        tasks = connection.execute("select customer_id, task_type, status from trustcart.crm_call_tasks").fetchall()
    assert {run[1:] for run in runs} == {("succeeded", "keeper")}
    assert tasks == [(1, "at_risk", "pending")]
    assert "keeper" in cli("jobs", url=cron_server.url).stdout
