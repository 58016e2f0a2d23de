"""What a transaction cannot show of the daily generation: two sessions at once, and a session killed on the way."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

TASK_DATE = "2025-06-18"
CUSTOMERS = 600


@pytest.fixture
def shop(db):
    """A database with agents and customers who are all due for a call on TASK_DATE."""
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.users (name) select 'Agent ' || n from generate_series(1, 7) as g (n)"
        )
        connection.execute(
            "insert into trustcart.customers (first_name, assigned_agent_id)"
            " select 'Customer ' || n, case when n %% 3 = 0 then 1 + n %% 7 end from generate_series(1, %s) as g (n)",
            [CUSTOMERS],
        )
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " select id, date '2025-06-01' - (id %% 80)::integer, 100 + id, 'delivered' from trustcart.customers"
            " where id <= %s",
            [CUSTOMERS],
        )
    return db


def tasks(db) -> list[tuple]:
    """Every task as it should be in the end: customer, type, priority, agent."""
    with db.connect() as connection:
        return connection.execute(
            "select customer_id, task_type, priority, assigned_agent_id, reasons from trustcart.crm_call_tasks"
            " where source = 'generated' order by customer_id, id"
        ).fetchall()


def plan(db) -> list[tuple]:
    """The kept rows of the plan."""
    with db.connect() as connection:
        return connection.execute(
            "select customer_id, task_type, priority, agent_id, reasons"
            " from trustcart.plan_daily_call_tasks(%s) where decision = 'kept' order by customer_id",
            [TASK_DATE],
        ).fetchall()


def generate(connection: psycopg.Connection) -> dict:
    """Generate the day in a session; returns what the function reports."""
    return connection.execute("select trustcart.generate_daily_call_tasks(%s::text)", [TASK_DATE]).fetchone()[0]


def wait_until_blocked(db, pid: int) -> None:
    """Return once the session waits for a lock."""
    with db.connect() as connection:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if connection.execute("select cardinality(pg_blocking_pids(%s)) > 0", [pid]).fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("the session never had to wait")


def test_sessions_at_once_write_one_set(shop):
    expected = plan(shop)
    assert len(expected) > CUSTOMERS / 2
    start = threading.Barrier(4)

    def run(_: int) -> dict:
        with shop.connect() as connection:
            start.wait(timeout=20)
            return generate(connection)

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(run, range(4)))
    assert sorted(report["created"] for report in reports) == [0, 0, 0, len(expected)]
    assert {report["total"] for report in reports} == {len(expected)}
    assert tasks(shop) == expected


def test_second_session_waits_for_the_first_and_finds_the_day_written(shop):
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            created = generate(first)["created"]
            waiting = pool.submit(generate, second)
            wait_until_blocked(shop, second.info.backend_pid)
        assert waiting.result(timeout=20)["created"] == 0
    assert len(tasks(shop)) == created


def test_killed_on_the_way_leaves_nothing(shop):
    expected = plan(shop)
    last = expected[-1][0]
    with shop.connect() as holder, shop.connect() as victim, ThreadPoolExecutor(1) as pool:
        # The last task of the set is in somebody's open transaction: the generation stops just before its end.
        holder.execute("begin")
        holder.execute(
            "insert into trustcart.crm_call_tasks (customer_id, task_date, source) values (%s, %s, 'generated')",
            [last, TASK_DATE],
        )
        running = pool.submit(generate, victim)
        wait_until_blocked(shop, victim.info.backend_pid)
        with shop.connect() as killer:
            killer.execute("select pg_terminate_backend(%s)", [victim.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            running.result(timeout=20)
        holder.execute("rollback")
    assert tasks(shop) == []
    with shop.connect() as connection:
        assert generate(connection)["created"] == len(expected)
    assert tasks(shop) == expected


def test_killed_before_commit_hands_over_to_the_next(shop):
    expected = plan(shop)
    with shop.connect() as victim, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        victim.execute("begin")
        assert generate(victim)["created"] == len(expected)
        waiting = pool.submit(generate, second)
        wait_until_blocked(shop, second.info.backend_pid)
        with shop.connect() as killer:
            killer.execute("select pg_terminate_backend(%s)", [victim.info.backend_pid])
        assert waiting.result(timeout=20)["created"] == len(expected)
        with pytest.raises(psycopg.OperationalError):
            victim.execute("commit")
    assert tasks(shop) == expected


def test_two_agents_complete_one_task_once(shop):
    with shop.connect() as connection:
        generate(connection)
        task = connection.execute("select min(id) from trustcart.crm_call_tasks").fetchone()[0]
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            first.execute("select trustcart.complete_call_task(%s, 'successful')", [task])
            waiting = pool.submit(second.execute, "select trustcart.complete_call_task(%s, 'no_answer')", [task])
            wait_until_blocked(shop, second.info.backend_pid)
        with pytest.raises(psycopg.Error) as refused:
            waiting.result(timeout=20)
        assert refused.value.sqlstate == "TC101"
    with shop.connect() as connection:
        assert connection.execute(
            "select outcome from trustcart.customer_interactions where task_id = %s", [task]
        ).fetchall() == [("successful",)]
