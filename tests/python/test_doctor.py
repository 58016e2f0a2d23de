"""doctor: each check goes red when its fault is made, and is well again after what the runbook says.

What only asks our own tables is marked `once`: pgTAP proves the same functions on every Postgres.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.python.conftest import REPOSITORY, Database
from tests.python.test_help import _COMMANDS
from tests.tools import releases
from tests.tools.sessions import wait_for, wait_until_blocked
from trustcart_db import doctor
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate

#: Which function of the database has a check.
AREA_OF = {name: area for area, names in doctor.AREAS.items() for name in names}
CHECKS = ("version", "objects", "roles", "tick", *AREA_OF)


def status(connection: psycopg.Connection, check: str, full: bool = False) -> str:
    """What the database says of one check."""
    return connection.execute(
        f"select d.status from {AREA_OF[check]} as d where d.check_name = %(check)s", {"check": check, "full": full}
    ).fetchone()[0]


def examined(db: Database, check: str, user: str | None = None) -> doctor.Check:
    """One check of the whole."""
    return next(one for one in doctor.examine(db.server.url(db.name, user)) if one.name == check)


def run_jobs(connection: psycopg.Connection) -> None:
    """All of a day's jobs, whatever the hour."""
    connection.execute("update trustcart.job_schedules set run_at = '00:00'")
    connection.execute("call trustcart.run_due_jobs()")


@pytest.fixture
def shop(db: Database) -> Database:
    """A small shop in which everything is well."""
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id, first_name, phone)"
            " select g, 'A', '0171234000' || g from generate_series(1, 5) as g"
        )
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " select g, trustcart.business_date() - 3, 100 from generate_series(1, 5) as g"
        )
        run_jobs(connection)
    return db


@contextlib.contextmanager
def limits(connection: psycopg.Connection, function: str, **smaller: str) -> Iterator[None]:
    """The function with other limits than it has, for what takes hours otherwise: the words of its text as keys, with _
    for a blank."""
    (text,) = connection.execute("select pg_get_functiondef(%s::regproc)", [f"trustcart.{function}"]).fetchone()
    changed = text
    for old, new in smaller.items():
        old = old.replace("_", " ")
        assert f"'{old}'" in changed
        changed = changed.replace(f"'{old}'", f"'{new}'")
    connection.execute(changed)
    try:
        yield
    finally:
        connection.execute(text)


# --- what it says ----------------------------------------------------------------------------------------------------


def test_all_is_well(shop, cli):
    for options in ([], ["--full"]):
        done = cli("doctor", *options, url=shop.url)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert done.stdout.splitlines()[-1] == f"{len(CHECKS)} checks: {len(CHECKS)} ok."
    found = json.loads(cli("doctor", "--format", "json", url=shop.url).stdout)
    assert sorted(one["check"] for one in found) == sorted(CHECKS)
    assert all(one["finding"] and one["threshold"] and not one["remedy"] for one in found)


@pytest.mark.once
def test_prometheus_takes_the_figures(shop, cli):
    done = cli("doctor", "--format", "prometheus", url=shop.url)
    assert done.returncode == 0
    families = {family.name: family for family in text_string_to_metric_families(done.stdout)}
    statuses = {sample.labels["check"]: sample.value for sample in families["trustcart_check_status"].samples}
    assert statuses == dict.fromkeys(CHECKS, 0)
    assert families["trustcart_customers_looked_at"].samples[0].value == 5
    jobs = {sample.labels["job"] for sample in families["trustcart_job_last_run_timestamp_seconds"].samples}
    assert "generate_daily_call_tasks" in jobs
    assert all(family.type == "gauge" and family.documentation for family in families.values())
    # What the database may tell has its line of help, and no line is of nothing.
    sources = [path.read_text(encoding="utf-8") for path in (REPOSITORY / "sql/85_operation").glob("doctor_*.sql")]
    told = set(re.findall(r"'name', '(\w+)'", "".join(sources)))
    own = {"trustcart_check_status", "trustcart_doctor_run_timestamp_seconds"}
    own |= {"trustcart_migrations_pending", "trustcart_objects_missing"}
    assert told | own == set(doctor.METRICS)


def test_labels_are_escaped():
    figures = [{"name": "trustcart_table_size_bytes", "labels": {"table": 'a"b\\c\nd'}, "value": 1}]
    text = doctor.prometheus([doctor.Check("disk", "critical", "", "", "", figures)])
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    assert next(s.labels["table"] for s in samples if s.name == "trustcart_table_size_bytes") == 'a"b\\c\nd'
    assert next(s.value for s in samples if s.name == "trustcart_check_status") == 2


@pytest.mark.once
def test_exit_codes_and_what_is_told(shop, cli):
    with shop.connect() as connection:
        connection.execute("alter table trustcart.customers add constraint half_way check (id <> 0) not valid")
        done = cli("doctor", url=shop.url)
        assert done.returncode == 11
        said = done.stdout.partition("constraints")[2]
        assert "not validated: half_way on trustcart.customers" in said
        assert "see: docs/runbook.md#constraints" in said
        connection.execute("drop trigger customers_words_insert on trustcart.customers")
        done = cli("doctor", url=shop.url)
        assert done.returncode == 12
        assert "missing: customers_words_insert on trustcart.customers" in done.stdout
    assert cli("doctor", url=shop.server.url("postgres")).returncode == 10


def test_who_may_see_what(shop, cli):
    """A role in pg_monitor sees everything, a manager not what others do, others nothing; none of them a customer."""
    with shop.connect() as connection:
        connection.execute(
            "create role doctor_monitor login in role pg_monitor; create role doctor_stranger login;"
            "create role doctor_manager login in role trustcart_manager"
        )
        connection.execute(
            "insert into trustcart.users (name, role, db_role) values ('M', 'crm_manager', 'doctor_manager')"
        )
    try:
        checks = doctor.examine(shop.server.url(shop.name, "doctor_monitor"))
        assert {check.status for check in checks} == {"ok"}, [c for c in checks if c.status != "ok"]
        with shop.connect("doctor_monitor") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select from trustcart.customers")
        checks = {check.name: check for check in doctor.examine(shop.server.url(shop.name, "doctor_manager"))}
        assert [name for name, check in checks.items() if check.status == "unknown"] == ["long_transactions"]
        assert checks["long_transactions"].remedy == "grant pg_monitor to doctor_manager;"
        assert doctor.worst(checks.values()) == "warning"
        done = cli("doctor", url=shop.server.url(shop.name, "doctor_stranger"))
        assert (done.returncode, done.stdout) == (4, "")
        assert "grant pg_monitor to doctor_stranger;" in done.stderr
    finally:
        with shop.connect() as connection:
            for role in ("doctor_monitor", "doctor_stranger", "doctor_manager"):
                connection.execute(f"drop role {role}")


@pytest.mark.once
def test_what_cannot_be_asked_is_unknown_and_the_rest_is_told(shop):
    with shop.connect() as connection:
        connection.execute(
            "create or replace function trustcart.report_jobs() returns table ("
            "job_name text, run_at time, is_enabled boolean, last_business_date date, last_status text,"
            " last_started_at timestamptz, last_seconds numeric, last_result jsonb, last_success_date date,"
            " is_overdue boolean) language plpgsql as $$ begin raise 'broken'; end; $$"
        )
    checks = {check.name: check for check in doctor.examine(shop.url)}
    assert {name for name, check in checks.items() if check.status == "unknown"} == {
        *("jobs_overdue", "jobs_failing", "tick")
    }
    assert checks["jobs_failing"].finding == "broken"


@pytest.mark.once
def test_a_database_of_an_earlier_release(empty_db):
    first = releases.kept()[0]
    releases.install(empty_db.url, first)
    checks = {check.name: check for check in doctor.examine(empty_db.url)}
    assert checks["version"].status == "warning"
    assert first in checks["version"].finding
    assert checks["state"] == doctor.Check(
        "state", "unknown", "this version of the database cannot tell", "", "trustcart-db migrate brings it."
    )
    migrate(empty_db.url, read_bundle())
    assert examined(empty_db, "version").status == "ok"


# --- the runbook -----------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_each_check_has_its_section_and_what_it_names_exists(db):
    text = (REPOSITORY / doctor.RUNBOOK).read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^#|\Z)", text, re.M | re.S))
    assert list(sections) == list(dict.fromkeys(sections))
    assert set(sections) == set(CHECKS)
    for name, section in sections.items():
        assert re.match(r"\n\*", section), name
        assert "- Mend" in section, name
        assert "- Call:" in section, name
    assert set(re.findall(r"\]\(#(\w+)\)", text)) <= set(sections)
    for document in re.findall(r"docs/\w+\.\w+", text):
        assert (REPOSITORY / document).exists(), document
    with db.connect() as connection:
        jobs = {name for (name,) in connection.execute("select job_name from trustcart.job_schedules")}
        remedies = [row[0] for row in connection.execute("select prosrc from pg_proc where proname ~ '^doctor_'")]
        functions = {
            name
            for (name,) in connection.execute(
                "select proname from pg_proc where pronamespace::regnamespace::text ~ '^trustcart'"
            )
        }
    commands = {path[0] for path in _COMMANDS}
    for said in (text, *remedies, (REPOSITORY / "trustcart_db/doctor.py").read_text(encoding="utf-8")):
        assert set(re.findall(r"trustcart-db (?!-)([a-z]+)", said)) <= commands | {"is", "goes"}
        assert set(re.findall(r"trustcart-db run ([a-z]\w+)", said)) <= jobs
        assert set(re.findall(r"trustcart(?:_private)?\.(\w+)\(\)", said)) <= functions


# --- each fault, and its remedy --------------------------------------------------------------------------------------


@pytest.mark.once
def test_version_objects_roles(shop):
    with shop.connect() as connection:
        connection.execute("update trustcart_private.installation set version = '99.0.0'")
        assert examined(shop, "version").status == "warning"
        connection.execute("update trustcart_private.installation set version = '0.0.1'")
        assert examined(shop, "version").status == "warning"
        connection.execute("delete from trustcart_private.installation")
        assert examined(shop, "version").status == "critical"
        connection.execute("drop view trustcart.upcoming_birthdays_anniversaries")
        assert examined(shop, "objects").status == "critical"
        migrate(shop.url, read_bundle())
        assert {examined(shop, name).status for name in ("version", "objects")} == {"ok"}
        # A role belongs to the server, and here to the databases of other tests: renamed it is as good as gone.
        connection.execute("alter role trustcart_service rename to trustcart_service_away")
        try:
            assert examined(shop, "roles").status == "critical"
        finally:
            connection.execute("alter role trustcart_service_away rename to trustcart_service")
        assert examined(shop, "roles").status == "ok"


@pytest.mark.once
def test_grants_and_owner(shop, cli):
    with shop.connect() as connection:
        connection.execute("revoke execute on function trustcart.version() from trustcart_agent")
        assert status(connection, "grants") == "critical"
        connection.execute("grant select on trustcart.audit_logs to trustcart_manager")
        assert cli("status", url=shop.url).returncode == 1
        migrate(shop.url, read_bundle())
        assert status(connection, "grants") == "ok"
        assert cli("status", url=shop.url).returncode == 0
        assert connection.execute(
            "select has_function_privilege('trustcart_agent', 'trustcart.version()', 'execute'),"
            " has_table_privilege('trustcart_manager', 'trustcart.audit_logs', 'select')"
        ).fetchone() == (True, False)

        connection.execute("create role doctor_owner")
        connection.execute("alter table trustcart.products owner to doctor_owner")
        assert status(connection, "owner") == "critical"
        connection.execute("alter table trustcart.products owner to postgres")
        assert status(connection, "owner") == "ok"
        connection.execute("drop role doctor_owner")


@pytest.mark.once
def test_jobs(shop, cli):
    with shop.connect() as connection:
        connection.execute("update trustcart.job_runs set business_date = business_date - 2")
        assert status(connection, "jobs_overdue") in ("critical", "ok")  # ok within an hour of the shop's midnight
        assert cli("run", "--due", url=shop.url).returncode == 0
        assert status(connection, "jobs_overdue") == "ok"

        (text,) = connection.execute("select pg_get_functiondef('trustcart.seal_audit_log'::regproc)").fetchone()
        connection.execute(
            "create or replace function trustcart.seal_audit_log(p_as_of date default trustcart.business_date())"
            " returns jsonb language plpgsql as $$ begin raise 'no' using errcode = 'TC202'; end; $$"
        )
        assert cli("run", "seal_audit_log", url=shop.url).returncode == 9
        assert status(connection, "jobs_failing") == "warning"
        connection.execute(text)
        assert cli("run", "seal_audit_log", url=shop.url).returncode == 0
        assert status(connection, "jobs_failing") == "ok"


@pytest.mark.once
def test_no_job_has_run(db):
    assert examined(db, "tick").status == "warning"
    with db.connect() as connection:
        run_jobs(connection)
    assert examined(db, "tick").status == "ok"


def test_the_tick_of_pg_cron(cron_server, cli):
    """Switched off, of a role that may not, and well."""
    with cron_server.connect() as connection:
        connection.execute("create role keeper login in role trustcart_jobs")
        assert cli("schedule", "--role", "keeper", url=cron_server.url).returncode == 0
        assert examined(cron_server, "tick").status == "ok"
        assert "as keeper" in examined(cron_server, "tick").finding

        connection.execute("update cron.job set active = false")
        assert examined(cron_server, "tick").status == "critical"
        assert cli("schedule", "--role", "keeper", url=cron_server.url).returncode == 0
        assert examined(cron_server, "tick").status == "ok"

        connection.execute("revoke trustcart_jobs from keeper")
        assert "no member of trustcart_jobs" in examined(cron_server, "tick").finding
        connection.execute("grant trustcart_jobs to keeper")
        (job,) = connection.execute("select jobid from cron.job").fetchone()
        connection.execute(
            "insert into cron.job_run_details (jobid, runid, status, return_message, start_time)"
            " select %s, 1000 + g, 'failed', 'connection failed', now() from generate_series(1, 3) as g",
            [job],
        )
        assert examined(cron_server, "tick").finding == "pg_cron: the last 3 ticks failed: connection failed"
        connection.execute(
            "insert into cron.job_run_details (jobid, runid, status, start_time) values (%s, 2000, 'succeeded', now())",
            [job],
        )
        assert examined(cron_server, "tick").status == "ok"


@pytest.mark.once
def test_state_and_triggers(shop, cli):
    with shop.connect() as connection:
        connection.execute("alter table trustcart.sales_orders disable trigger user")
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " values (2, trustcart.business_date(), 60000)"
        )
        assert status(connection, "triggers") == "critical"
        connection.execute("alter table trustcart.sales_orders enable trigger user")
        assert status(connection, "triggers") == "ok"
        assert status(connection, "state") == "critical"
        assert cli("doctor", "--full", url=shop.url).returncode == 12
        assert connection.execute("select trustcart.repair_customer_state() -> 'customers'").fetchone() == (1,)
        assert {status(connection, "state"), status(connection, "state", full=True)} == {"ok"}


@pytest.mark.once
def test_a_sample_finds_what_many_have(shop):
    """In a large shop a sample cannot find one, but it does find what befell a part."""
    with shop.connect() as connection:
        connection.execute("insert into trustcart.customers (id) select generate_series(1001, 6000)")
        connection.execute("set session_replication_role = replica")
        connection.execute("update trustcart.customers set order_count = 7 where id % 10 = 0")
        connection.execute("reset session_replication_role")
        assert status(connection, "state") == "critical"
        finding = examined(shop, "state").finding
        assert re.match(r"\d+ of \d+ customers looked at are wrong", finding), finding


@pytest.mark.once
def test_audit(shop):
    with shop.connect() as connection:
        connection.execute("select trustcart.seal_audit_log()")
        change = (
            "update trustcart.audit_logs set action = %s where id = (select max(audit_id) from trustcart.audit_seals)"
        )
        connection.execute("set session_replication_role = replica")
        (was,) = connection.execute(
            "select action from trustcart.audit_logs where id = (select max(audit_id) from trustcart.audit_seals)"
        ).fetchone()
        connection.execute(change, ["other"])
        assert (status(connection, "audit"), status(connection, "audit", full=True)) == ("critical", "critical")
        connection.execute(change, [was])
        connection.execute("reset session_replication_role")
        assert (status(connection, "audit"), status(connection, "audit", full=True)) == ("ok", "ok")

        connection.execute(
            "insert into trustcart.audit_logs (action, created_at) values ('view', now() - interval '2 hours')"
        )
        assert status(connection, "audit_seals") == "warning"
        # Whatever else the server does, such as an ANALYZE, holds the seals up.
        wait_for(
            lambda: (
                connection.execute("select trustcart.seal_audit_log()") and status(connection, "audit_seals") == "ok"
            ),
            "the seals",
        )


@pytest.mark.once
def test_model(shop, cli):
    """Twice the orders it foretold: adrift until it has learnt from them; and what no job does any more is late."""
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id) select g from generate_series(101, 300) as g;"
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " select g, trustcart.business_date() - 300 + g % 9 + k * (5 + g % 5 * 5), 100 + g, 'delivered'"
            " from generate_series(101, 300) as g, generate_series(0, g % 6) as k;"
            "select trustcart.fit_customer_model(null, trustcart.business_date() - 60);"
            "update trustcart.customer_models set fitted_on = trustcart.business_date() - 59,"
            " is_converged = true, problem = null;"
        )
        assert status(connection, "model") == "warning"
        assert "last report as of no day; " not in examined(shop, "model").finding
        assert "scores are due since" in examined(shop, "model").finding
        for job in ("refresh_customer_behavior", "refresh_customer_scores", "report_customer_model"):
            assert cli("run", job, url=shop.url).returncode == 0
        assert status(connection, "model") == "ok"

        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " select g, trustcart.business_date() - k, 100, 'delivered'"
            " from generate_series(101, 300) as g, generate_series(1, 20, 2) as k; delete from trustcart.model_reports"
        )
        for job in ("refresh_customer_behavior", "refresh_customer_scores", "report_customer_model"):
            assert cli("run", job, url=shop.url).returncode == 0
        assert "adrift" in examined(shop, "model").finding
        (figure,) = (one for one in examined(shop, "model").figures if one["name"] == "trustcart_model_adrift")
        assert figure["value"] == 1
        connection.execute(
            "select trustcart.fit_customer_model();"
            # Tomorrow comes.
            "update trustcart.customer_models set fitted_on = trustcart.business_date() - 1,"
            " is_converged = true, problem = null where fitted_on = trustcart.business_date()"
        )
        assert cli("run", "refresh_customer_scores", url=shop.url).returncode == 0
        assert status(connection, "model") == "ok"

        # The jobs were not done.
        connection.execute(
            "update trustcart.customer_scores set scored_on = last_order_date, valid_until = last_order_date + 1"
            " where customer_id = 1"
        )
        connection.execute("update trustcart.model_reports set as_of = as_of - 12")
        finding = examined(shop, "model").finding
        assert "scores are due since" in finding
        assert "last report as of" in finding
        for job in ("refresh_customer_scores", "report_customer_model"):
            assert cli("run", job, url=shop.url).returncode == 0
        assert "scores are due" not in examined(shop, "model").finding
        assert "last report" not in examined(shop, "model").finding


@pytest.mark.once
def test_delivery(shop):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.marketing_campaigns"
            " (id, campaign_name, campaign_type, target_segment, message_template, start_date)"
            " values (1, 'Eid', 'sms', 'all', 'Eid Mubarak', trustcart.business_date() - 1)"
        )
        connection.execute("select trustcart.send_campaign(1)")
        connection.execute("update trustcart.campaign_messages set not_before = now() - interval '2 hours'")
        assert status(connection, "delivery") == "warning"
        connection.execute("update trustcart.delivery_channels set is_enabled = false where channel = 'sms'")
        assert status(connection, "delivery") == "ok"

        connection.execute(
            "insert into trustcart.customers (id, phone) select g, '01812340' || g from generate_series(100, 120) as g"
        )
        connection.execute(
            "insert into trustcart.marketing_campaigns"
            " (id, campaign_name, campaign_type, target_segment, message_template, start_date)"
            " values (2, 'Puja', 'sms', 'all', 'Happy Puja', trustcart.business_date() - 1)"
        )
        connection.execute("select trustcart.send_campaign(2)")
        connection.execute(
            "update trustcart.campaign_messages set status = 'failed', closed_at = now(), close_reason = 'refused'"
            " where campaign_id = 2"
        )
        assert status(connection, "delivery_failures") == "critical"
        connection.execute(
            "update trustcart.campaign_messages set closed_at = now() - interval '2 days' where campaign_id = 2"
        )
        assert status(connection, "delivery_failures") == "ok"


def test_events_and_transactions(shop):
    """An open transaction holds the feed up, and is named; ended, all is well."""
    # Ended by force, it is not to be closed once more.
    idler = shop.connect()
    with shop.connect() as watcher, shop.connect() as shopper:
        idler.execute("begin; insert into trustcart.categories (name) values ('open')")
        shopper.execute(
            "insert into trustcart.events (occurred_at, event_type) values (now() - interval '10 minutes', 'late')"
        )
        assert status(watcher, "events") == "warning"
        assert status(watcher, "long_transactions") == "ok"
        with limits(watcher, "doctor_server", **{"15_minutes": "0", "2_hours": "0"}):
            assert status(watcher, "long_transactions") == "critical"
            assert f"process {idler.info.backend_pid} (" in examined(shop, "long_transactions").finding
            watcher.execute("select pg_terminate_backend(%s, 10000)", [idler.info.backend_pid])
            assert status(watcher, "long_transactions") == "ok"
        wait_for(lambda: status(watcher, "events") == "ok", "the feed")


def test_blocked_sessions(shop):
    holder = shop.connect()
    with shop.connect() as watcher, shop.connect() as waiter:
        holder.execute("begin; lock table trustcart.categories")
        waiting = threading.Thread(target=waiter.execute, args=["select from trustcart.categories"])
        waiting.start()
        wait_until_blocked(shop, waiter.info.backend_pid)
        assert status(watcher, "blocked_sessions") == "ok"
        with limits(watcher, "doctor_server", **{"30_seconds": "0", "5_minutes": "0"}):
            wait_for(lambda: status(watcher, "blocked_sessions") == "critical", "the alarm")
            finding = examined(shop, "blocked_sessions").finding
            assert f"process {waiter.info.backend_pid} waits for {holder.info.backend_pid}" in finding
            # What the lock keeps from the doctor itself is unknown, at once.
            assert examined(shop, "disk").status == "unknown"
            watcher.execute("select pg_terminate_backend(%s, 10000)", [holder.info.backend_pid])
            waiting.join()
            assert status(watcher, "blocked_sessions") == "ok"


@pytest.mark.once
def test_indexes_and_constraints(shop):
    with shop.connect() as connection:
        connection.execute("insert into trustcart.categories (name) values ('one'), ('two')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(
                "create unique index concurrently categories_half on trustcart.categories ((length(name)))"
            )
        assert status(connection, "indexes") == "critical"
        connection.execute("delete from trustcart.categories where name = 'two'")
        connection.execute("reindex index concurrently trustcart.categories_half")
        assert status(connection, "indexes") == "ok"
        connection.execute("alter table trustcart.customers add constraint half_way check (id <> 0) not valid")
        assert status(connection, "constraints") == "warning"
        connection.execute("alter table trustcart.customers validate constraint half_way")
        assert status(connection, "constraints") == "ok"


def test_dead_rows(shop):
    with shop.connect() as connection:
        table = "trustcart_private.table_sizes"
        connection.execute(f"alter table {table} set (autovacuum_enabled = false)")
        connection.execute(f"insert into {table} select '2000-01-01', g::text, 0 from generate_series(1, 60000) as g")
        connection.execute(f"delete from {table} where measured_on = '2000-01-01'")
        connection.execute("select pg_stat_force_next_flush()")
        assert status(connection, "dead_rows") == "warning"
        connection.execute(f"vacuum (analyze) {table}")
        connection.execute("select pg_stat_force_next_flush()")
        assert status(connection, "dead_rows") == "ok"


def test_partitions(shop, cli):
    """A month that is missing is made again; the rows of weeks without the job are lost by nobody, and move."""
    with shop.connect() as connection:
        connection.execute(
            "do $$ begin execute format('drop table trustcart.crm_call_attempts_%s',"
            " to_char(now() at time zone 'UTC' + interval '1 month', 'YYYYMM')); end; $$"
        )
        assert status(connection, "partitions") == "warning"
        assert cli("run", "ensure_attempt_partitions", url=shop.url).returncode == 0
        assert status(connection, "partitions") == "ok"

        # As if the last run of the job had been half a year ago.
        for job in ("ensure_event_partitions", "ensure_audit_partitions", "ensure_attempt_partitions"):
            connection.execute(f"select trustcart.{job}(trustcart.business_date() - 180)")
        for table, column, columns, values in (
            ("events", "occurred_at", "event_type", "'x'"),
            ("audit_logs", "created_at", "action", "'view'"),
            ("crm_call_attempts", "attempted_at", "customer_id, outcome", "1, 'busy'"),
        ):
            connection.execute(
                f"insert into trustcart.{table} ({column}, {columns})"
                f" select date_trunc('month', now()) - g * interval '20 days', {values} from generate_series(1, 3) as g"
            )
        counts = (
            "select (select count(*) from trustcart.events), (select count(*) from trustcart.audit_logs),"
            " (select count(*) from trustcart.crm_call_attempts)"
        )
        before = connection.execute(counts).fetchone()
        assert status(connection, "default_partitions") == "warning"
        for job in ("ensure_event_partitions", "ensure_audit_partitions", "ensure_attempt_partitions"):
            assert cli("run", job, url=shop.url).returncode == 0
        assert status(connection, "default_partitions") == "ok"
        assert connection.execute(counts).fetchone() == before
        assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []


@pytest.mark.once
def test_every_partitioned_table_has_its_jobs(db):
    """Of each, a daily job makes the months and another drops what is old: none was forgotten."""
    with db.connect() as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "select c.relname from pg_partitioned_table as t join pg_class as c on c.oid = t.partrelid order by 1"
            )
        ]
        sources = connection.execute(
            "select p.prosrc from pg_proc as p join trustcart.job_schedules as j on j.job_name = p.proname"
            " where j.is_enabled"
        ).fetchall()
    assert tables == ["audit_logs", "crm_call_attempts", "events"]
    for table in tables:
        for helper in ("ensure_month_partitions", "drop_month_partitions"):
            assert any(f"{helper}('{table}'" in source for (source,) in sources), (table, helper)


def test_the_shop_goes_on_while_months_are_made_and_dropped(shop):
    """A transaction that reads or writes attempts makes the jobs give up, not the shop wait: the lock they wait for is
    given up after half a second, and the next try finds everything as before."""
    with shop.connect() as agent, shop.connect() as job, shop.connect() as orders:
        job.execute("update trustcart.settings set attempts_keep_months = 13")
        job.execute("select trustcart.ensure_attempt_partitions('2020-01-01')")
        agent.execute("begin; select count(*) from trustcart.crm_call_attempts")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            job.execute("select trustcart.drop_old_attempts()")
        # Whoever comes after the job has not waited for the agent.
        orders.execute("set lock_timeout = '1s'")
        orders.execute("insert into trustcart.crm_call_attempts (customer_id, outcome) values (1, 'busy')")
        orders.execute("update trustcart.customers set notes = 'x' where id = 1")
        agent.execute("commit")
        (done,) = job.execute("select trustcart.drop_old_attempts()").fetchone()
        assert done["partitions"] == [f"crm_call_attempts_20200{month}" for month in (1, 2, 3)]


@pytest.mark.once
def test_connections(make_server):
    server = make_server({"max_connections": "13"})
    url = server.create_database("shop")
    migrate(url, read_bundle())
    with contextlib.ExitStack() as stack:
        watcher = stack.enter_context(server.connect("shop"))
        (free,) = watcher.execute(
            "select 10 - count(*) from pg_stat_activity where backend_type = 'client backend'"
        ).fetchone()
        held = [stack.enter_context(server.connect("shop")) for _ in range(free - 2)]
        assert status(watcher, "connections") == "warning"
        for one in held:
            one.close()
        wait_for(lambda: status(watcher, "connections") == "ok", "the connections")


@pytest.mark.once
def test_a_replica_its_slot_and_its_promotion(make_server, major):
    """The primary tells how far its replica is behind and what its slot holds, the replica the same of itself; with the
    primary gone it gets nothing, promoted it is well."""
    primary = make_server()
    migrate(primary.create_database("shop"), read_bundle())
    with primary.connect("shop") as connection:
        run_jobs(connection)
        connection.execute("select pg_create_physical_replication_slot('away', true)")
        assert status(connection, "replication_slots") == "ok"
        with primary.standby() as standby:
            replica = Database(standby, "shop", standby.url("shop"))
            wait_for(
                lambda: (
                    status(connection, "replication") == "ok"
                    and connection.execute(
                        "select count(*) from pg_stat_replication where state = 'streaming'"
                    ).fetchone()[0]
                ),
                "the replica",
            )
            assert "streaming" in next(
                check.finding for check in doctor.examine(primary.url("shop")) if check.name == "replication"
            )
            with standby.connect("shop") as there:
                wait_for(lambda: there.execute("select count(*) from pg_stat_wal_receiver").fetchone()[0], "WAL")
            assert {check.status for check in doctor.examine(replica.url)} == {"ok"}

            # Replay stands still, the primary writes on.
            with standby.connect("shop") as there:
                there.execute("select pg_wal_replay_pause()")
                connection.execute(
                    "insert into trustcart.categories (name) select 'c' || g from generate_series(1, 20000) as g"
                )
                with limits(connection, "doctor_server"):
                    text = connection.execute(
                        "select pg_get_functiondef('trustcart.doctor_server'::regproc)"
                    ).fetchone()[0]
                    connection.execute(
                        text.replace("v_bytes > 256e6", "v_bytes > 100e3").replace("v_bytes > 1e9", "v_bytes > 100e3")
                    )
                    wait_for(lambda: status(connection, "replication") == "warning", "the lag")
                    assert status(connection, "replication_slots") == "warning"
                    connection.execute("select pg_drop_replication_slot('away')")
                    there.execute("select pg_wal_replay_resume()")
                    wait_for(lambda: status(connection, "replication") == "ok", "the replica")
                    assert status(connection, "replication_slots") == "ok"
            connection.close()
            primary.stop()
            wait_for(lambda: examined(replica, "replication").status == "critical", "the alarm")
            with standby.connect("shop") as there:
                there.execute("select pg_promote()")
            assert examined(replica, "replication").status == "ok"
