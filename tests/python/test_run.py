"""run, plan and jobs: the daily work by hand."""

from __future__ import annotations

import json

import pytest

JOBS = [
    *("refresh_customer_state", "detect_dropoffs", "refresh_customer_behavior", "refresh_recommendations"),
    *("refit_customer_model", "refresh_customer_scores", "refresh_customer_rfm", "generate_daily_call_tasks"),
    *("refresh_cohorts", "report_customer_model"),
    *("ensure_event_partitions", "drop_old_events", "ensure_attempt_partitions", "drop_old_attempts"),
    *("send_due_campaigns",),
    *("ensure_audit_partitions", "seal_audit_log", "drop_old_audit_logs", "apply_retention"),
    *("record_table_sizes",),
]


@pytest.fixture
def shop(db):
    """One customer who slips away, one who fell silent, one who is new and one who only asked."""
    with db.connect() as connection:
        connection.execute("insert into trustcart.users (id, name) values (1, 'Agent One'), (2, 'Agent Two')")
        connection.execute(
            "insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(1, 4) n"
        )
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " select c, trustcart.business_date() - days, 100, 'delivered'"
            " from (values (1, 70), (2, 200), (3, 2)) as o (c, days)"
        )
    return db


def value(db, query: str) -> object:
    with db.connect() as connection:
        return connection.execute(query).fetchone()[0]


def test_the_list(db, cli):
    assert [row["job_name"] for row in json.loads(cli("run", "--list", "--format", "json", url=db.url).stdout)] == JOBS


def test_a_day_and_the_same_day_again(shop, cli):
    done = cli("run", "daily", "--format", "json", url=shop.url)
    assert done.returncode == 0, done.stderr
    runs = json.loads(done.stdout)
    assert [(run["job_name"], run["status"]) for run in runs] == [(job, "succeeded") for job in JOBS]
    results = {run["job_name"]: run["result"] for run in runs}
    assert results["generate_daily_call_tasks"]["breakdown"] == {"at_risk": 2, "new_customer": 1}
    tasks = "select string_agg(t::text, ';' order by id) from trustcart.crm_call_tasks as t"
    before = value(shop, tasks)
    assert cli("run", "daily", url=shop.url).returncode == 0
    assert value(shop, tasks) == before
    assert value(shop, "select count(*) from trustcart.job_runs where status = 'succeeded'") == 2 * len(JOBS)


def test_one_job_of_a_date(shop, cli):
    done = cli("run", "generate_daily_call_tasks", "--date", "2031-05-04", "--format", "json", url=shop.url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["business_date"] == "2031-05-04"
    assert value(shop, "select count(*) > 0 from trustcart.crm_call_tasks where task_date = '2031-05-04'")


def test_due_runs_what_is_due_and_no_more(shop, cli):
    with shop.connect() as connection:
        connection.execute("update trustcart.job_schedules set run_at = '00:00'")
        connection.execute("update trustcart.job_schedules set is_enabled = false where job_name = 'detect_dropoffs'")
    done = cli("run", "--due", "--format", "json", url=shop.url)
    assert done.returncode == 0, done.stderr
    assert [run["job_name"] for run in json.loads(done.stdout)] == [job for job in JOBS if job != "detect_dropoffs"]
    again = cli("run", "--due", url=shop.url)
    assert (again.returncode, again.stdout) == (0, "No job is due.\n")


@pytest.mark.parametrize("arguments", [["generate_daily_call_tasks"], ["daily"], ["--due"]])
def test_a_job_that_fails(shop, cli, arguments):
    with shop.connect() as connection:
        connection.execute("update trustcart.job_schedules set run_at = '00:00'")
        connection.execute(
            "create function trustcart_private.refuse() returns trigger language plpgsql as"
            " $$ begin raise exception 'the disk of task % is full', new.customer_id; end $$;"
            "create trigger refuse before insert on trustcart.crm_call_tasks"
            " for each row execute function trustcart_private.refuse()"
        )
    done = cli("run", *arguments, url=shop.url)
    assert done.returncode == 9
    assert "the disk of task" in done.stderr
    assert "Hint:" in done.stderr
    assert value(shop, "select count(*) from trustcart.crm_call_tasks") == 0
    status = (
        "select status from trustcart.job_runs where job_name = 'generate_daily_call_tasks' order by id desc limit 1"
    )
    assert value(shop, status) == "failed"


def test_a_job_that_runs_already(shop, cli):
    """The lock is that of run_job, held here by a session in the middle of the same job."""
    with shop.connect() as busy, shop.connect() as other:
        other.execute("begin; lock table trustcart.crm_call_tasks in access exclusive mode")
        busy.execute("set lock_timeout = '60s'")
        import threading

        work = threading.Thread(target=lambda: busy.execute("call trustcart.run_job('generate_daily_call_tasks')"))
        work.start()
        try:
            with shop.connect() as watcher:
                while not watcher.execute("select from trustcart.job_runs where status = 'started'").fetchall():
                    pass
            done = cli("run", "generate_daily_call_tasks", url=shop.url)
        finally:
            other.execute("rollback")
            work.join(60)
    assert done.returncode == 8
    assert "is running already" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["run"], 2, "Give the name of a job"),
        (["run", "--due", "--date", "2025-01-01"], 2, "--date goes with"),
        (["run", "daily", "--due"], 2, "Give the name of a job"),
        (["run", "no_such_job"], 7, "refresh_customer_state"),
        (["run", "daily", "--date", "2025-13-40"], 2, "'2025-13-40' is not a date"),
        (["run", "daily", "--date", ""], 2, "'' is not a date"),
        (["run", "daily", "--date", "infinity"], 2, "'infinity' is not a date"),
        (["run", "daily", "--date", "20251219"], 2, "is not a date"),
        (["run", "refresh_customer_state", "--date", "0001-01-01"], 7, "YYYY-MM-DD"),
        (["plan", "--date", "2025-02-29"], 2, "'2025-02-29' is not a date"),
        (["plan", "--date", "9999-12-31"], 7, "YYYY-MM-DD"),
        (["report", "daily", "--date", "yesterday"], 2, "'yesterday' is not a date"),
    ],
)
def test_wrong_usage(db, cli, arguments, code, told):
    done = cli(*arguments, url=db.url)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert value(db, "select count(*) from trustcart.job_runs") == 0


def test_the_plan_is_what_the_generation_writes(shop, cli):
    done = cli("plan", "--format", "json", url=shop.url)
    assert done.returncode == 0, done.stderr
    planned = {
        (row["customer_id"], row["task_type"], row["agent_id"])
        for row in json.loads(done.stdout)
        if row["decision"] == "kept"
    }
    assert {customer for customer, _, _ in planned} == {1, 2, 3}
    assert value(shop, "select count(*) from trustcart.crm_call_tasks") == 0
    cli("run", "generate_daily_call_tasks", url=shop.url)
    with shop.connect() as connection:
        written = connection.execute(
            "select customer_id, task_type, assigned_agent_id from trustcart.crm_call_tasks"
        ).fetchall()
    assert set(written) == planned


def test_the_plan_for_people(shop, cli):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.customer_interactions"
            " (customer_id, interaction_type, agent_id, outcome, interaction_date)"
            " values (1, 'call', 1, 'no_answer', now() - interval '2 days')"
        )
    told = cli("plan", url=shop.url).stdout
    assert "Calls: 2" in told
    assert "Load of the agents" in told
    assert "Agent Two" in told
    assert "Dropped: 1 (--all lists them)" in told
    assert "C1" in cli("plan", "--all", url=shop.url).stdout


def test_jobs_tell_their_last_run(shop, cli):
    cli("run", "detect_dropoffs", url=shop.url)
    rows = {row["job_name"]: row for row in json.loads(cli("jobs", "--format", "json", url=shop.url).stdout)}
    assert list(rows) == JOBS
    assert rows["detect_dropoffs"]["last_status"] == "succeeded"
    assert rows["refresh_customer_state"]["last_status"] is None
    assert not any(row["is_overdue"] for row in rows.values())
    with shop.connect() as connection:
        connection.execute(
            "update trustcart.job_runs set business_date = business_date - 3,"
            " started_at = started_at - interval '3 days', finished_at = finished_at - interval '3 days'"
        )
    rows = {row["job_name"]: row for row in json.loads(cli("jobs", "--format", "json", url=shop.url).stdout)}
    assert rows["detect_dropoffs"]["is_overdue"]
    assert "No tick of pg_cron" in cli("jobs", url=shop.url).stdout


def test_a_role_without_rights(shop, cli):
    with shop.connect() as connection:
        connection.execute("drop role if exists run_stranger; create role run_stranger login")
    url = shop.server.url(shop.name, user="run_stranger")
    for arguments in (["run", "daily"], ["plan"], ["jobs"], ["report", "segments"], ["run", "--due"]):
        done = cli(*arguments, url=url)
        assert done.returncode == 4, (arguments, done.stderr)
        assert "Hint:" in done.stderr
    with shop.connect() as connection:
        connection.execute("grant trustcart_jobs to run_stranger")
    assert cli("run", "daily", url=url).returncode == 0
    with shop.connect() as connection:
        connection.execute("drop role run_stranger")
