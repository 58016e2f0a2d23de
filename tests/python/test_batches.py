"""Jobs that commit in batches: killed in the middle they go on from there, and orders wait for one batch at most."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest

from tests.python.conftest import Database
from tests.tools.sessions import wait_until
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate
from trustcart_db.server import PrivateServer

_CUSTOMERS = 900
_BATCH = 100
# In the fifth batch of customers.
_GATE_AT = 450
_GATE = 4711
_FILL = f"""
    insert into trustcart.customers (id, is_active, updated_at)
    select g.id, g.id % 3 > 0, '2020-01-01 00:00+06' from generate_series(1, {_CUSTOMERS}) as g (id);
    insert into trustcart.sales_orders (customer_id, order_date, total_amount, status, payment_method, notes)
    select c.id, trustcart.business_date() - 55, 100, 'delivered', 'Card', 'words' from trustcart.customers as c;
    update trustcart.job_schedules set batch_size = {_BATCH} where batch_size is not null;
"""
#: A model in use, of a few orders that are gone again.
_MODEL = """
    insert into trustcart.customer_models (
        fitted_on, orders_from, orders_to, customers, repeat_customers, order_groups, r, alpha, a, b, log_likelihood,
        evaluations, value_customers, value_groups, value_p, value_q, value_gamma, value_log_likelihood,
        value_evaluations, is_converged
    )
    values (
        trustcart.business_date() - 60, '2020-01-01', '2020-01-02', 9, 5, 9, 0.243, 4.414, 0.793, 2.426, -1, 1, 5, 5,
        6.25, 3.74, 15.44, -1, 1, true
    )
"""
#: Of each job: what makes work for it; the table it writes and waits in; what holds when it is through.
_JOBS = {
    "refresh_customer_state": (
        "select trustcart.refresh_customer_state(); update trustcart.settings set at_risk_from_days = 50",
        "customers",
        "select count(*) = 0 from trustcart.check_customer_state()",
    ),
    "detect_dropoffs": (
        "select trustcart.refresh_customer_state()",
        "customer_dropoff_tracking",
        f"select count(*) = {_CUSTOMERS} from trustcart.customer_dropoff_tracking where closed_on is null",
    ),
    "refresh_customer_behavior": (
        "select trustcart.refresh_customer_state()",
        "customer_behavior",
        f"select count(*) = {_CUSTOMERS} from trustcart.customer_behavior where not refresh_due"
        " and preferred_payment_method = 'Card'",
    ),
    "refresh_customer_scores": (
        f"select trustcart.refresh_customer_behavior(); {_MODEL}",
        "customer_scores",
        f"select count(*) = {_CUSTOMERS} from trustcart.customer_scores"
        " where scored_on = trustcart.business_date() and p_alive = 1",
    ),
    "apply_retention": (
        "update trustcart.settings set free_text_keep_months = 1",
        "sales_orders",
        "select count(*) = 0 from trustcart.sales_orders where notes is not null",
    ),
}


def _shop(connection: psycopg.Connection, job: str) -> None:
    connection.execute(_FILL)
    prepare, table, _ = _JOBS[job]
    connection.execute(prepare)
    # Whoever writes the row of one customer waits for the gate, however long.
    column = "id" if table == "customers" else "customer_id"
    connection.execute(f"""
        create function public.wait_for_gate() returns trigger language plpgsql as $$
        begin
            set local lock_timeout = 0;
            perform pg_advisory_xact_lock({_GATE});
            return new;
        end
        $$;
        create trigger aaa_gate before insert or update on trustcart.{table}
        for each row when (new.{column} = {_GATE_AT}) execute function public.wait_for_gate();
    """)


@contextmanager
def _stopped_in_a_batch(connect: Callable[[], psycopg.Connection], job: str) -> Iterator[threading.Thread]:
    """Run a job that comes to stand in its fifth batch; goes on with the end of the block."""
    with connect() as gate:
        gate.execute("select pg_advisory_lock(%s)", [_GATE])

        def work() -> None:
            with suppress(psycopg.OperationalError), connect() as session:
                session.execute("call trustcart.run_job(%s)", [job])

        running = threading.Thread(target=work)
        running.start()
        try:
            waiting = f"select exists (select from pg_locks where objid = {_GATE} and not granted)"
            wait_until(_Place(connect), waiting)
            yield running
        finally:
            # A server that was killed has let go of it.
            with suppress(psycopg.OperationalError):
                gate.execute("select pg_advisory_unlock(%s)", [_GATE])
    running.join()


class _Place:
    """What wait_until() asks: something with connect()."""

    def __init__(self, connect: Callable[[], psycopg.Connection]) -> None:
        self.connect = connect


def _runs(connection: psycopg.Connection, job: str) -> list[tuple]:
    return connection.execute(
        "select status, attempts from trustcart.job_runs where job_name = %s order by id", [job]
    ).fetchall()


@pytest.mark.parametrize("job", _JOBS)
def test_killed_in_the_middle_a_job_goes_on_from_there(make_server, job: str) -> None:
    server: PrivateServer = make_server({"fsync": "on", "synchronous_commit": "on"})
    migrate(server.create_database("shop"), read_bundle())

    def connect() -> psycopg.Connection:
        return server.connect("shop")

    with connect() as connection:
        _shop(connection, job)
    with _stopped_in_a_batch(connect, job):
        server.kill9()
    server.restart()
    with connect() as connection:
        assert _runs(connection, job) == [("started", 0)]
        # Batches before that one are there; how many customers each job had done is its own count.
        (so_far,) = connection.execute("select result from trustcart.job_runs where job_name = %s", [job]).fetchone()
        done = _rows_of(so_far)
        assert done == 4 * _BATCH
        connection.execute("call trustcart.run_job(%s)", [job])
        assert [status for status, _ in _runs(connection, job)] == ["killed", "succeeded"]
        (then,) = connection.execute(
            "select result from trustcart.job_runs where job_name = %s order by id desc limit 1", [job]
        ).fetchone()
        assert _rows_of(then) == _CUSTOMERS - done
        assert connection.execute(_JOBS[job][2]).fetchone() == (True,)
        assert connection.execute("select count(*) from trustcart_private.batch_positions").fetchone() == (0,)
        # Nothing is left for a third.
        connection.execute("call trustcart.run_job(%s)", [job])
        (last,) = connection.execute(
            "select result from trustcart.job_runs where job_name = %s order by id desc limit 1", [job]
        ).fetchone()
        assert _rows_of(last) == 0


def _rows_of(result: dict) -> int:
    """What a job says that it has changed."""
    counts = ("advanced", "relabelled", "opened", "raised", "refreshed", "scored")
    return sum(result.get(name, 0) for name in counts) + sum(result.get("free_text", {}).values())


@pytest.mark.parametrize("job", _JOBS)
def test_orders_go_on_while_a_batch_is_at_work(db: Database, job: str) -> None:
    with db.connect() as connection:
        _shop(connection, job)
    with _stopped_in_a_batch(db.connect, job) as running, db.connect() as shop:
        # A lock that somebody holds until the gate opens would be waited for until then.
        shop.execute("set lock_timeout = '200ms'")
        for customer in (1, _BATCH, _GATE_AT - _BATCH, _GATE_AT + _BATCH, _CUSTOMERS):
            shop.execute(
                "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
                " values (%s, trustcart.business_date(), 10, 'pending')",
                [customer],
            )
        assert running.is_alive()
    with db.connect() as connection:
        assert [status for status, _ in _runs(connection, job)] == ["succeeded"]
        assert connection.execute("select count(*) from trustcart.check_customer_state()").fetchone() == (0,)


def test_a_batch_that_must_wait_lets_go_and_comes_again(db: Database) -> None:
    job = "refresh_customer_state"
    with db.connect() as connection:
        connection.execute(_FILL)
        connection.execute(_JOBS[job][0])
    with db.connect() as shop, db.connect() as worker:
        with shop.transaction():
            # An order whose transaction stays open.
            shop.execute("select from trustcart.customers where id = %s for no key update", [_GATE_AT])
            running = threading.Thread(target=worker.execute, args=["call trustcart.run_job(%s)", [job]])
            running.start()
            asleep = f"select wait_event = 'PgSleep' from pg_stat_activity where pid = {worker.info.backend_pid}"
            wait_until(db, asleep)
            # Between its tries it holds nothing.
            free = "select count(*) from (select from trustcart.customers for no key update skip locked) as c"
            assert shop.execute(free).fetchone() == (_CUSTOMERS,)
        running.join()
        ((status, attempts),) = _runs(shop, job)
        assert (status, attempts > 1) == ("succeeded", True)
        assert shop.execute("select count(*) from trustcart.check_customer_state()").fetchone() == (0,)
