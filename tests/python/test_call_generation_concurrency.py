"""What a transaction cannot show of the daily generation: sessions at once, agents at work meanwhile, and whoever is
killed on the way, the server included."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.python.conftest import Database
from tests.tools.sessions import wait_until_blocked
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate

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


def fill_with_yesterday(connection: psycopg.Connection) -> None:
    """A shop of today: agents with 40 calls a day, customers at risk, and yesterday's list of which little was done."""
    connection.execute("update trustcart.settings set calls_per_agent_day = 40")
    connection.execute("insert into trustcart.users (name) select 'Agent ' || n from generate_series(1, 7) as g (n)")
    connection.execute(
        "insert into trustcart.customers (first_name, assigned_agent_id)"
        " select 'Customer ' || n, case when n %% 3 = 0 then 1 + n %% 7 end from generate_series(1, %s) as g (n)",
        [CUSTOMERS],
    )
    connection.execute(
        "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
        " select id, trustcart.business_date() - (2 + id % 80)::integer, 100 + id, 'delivered' from trustcart.customers"
    )
    connection.execute("select trustcart.generate_daily_call_tasks(trustcart.business_date() - 1)")
    connection.execute("update trustcart.crm_call_tasks set created_at = created_at - interval '1 day'")
    connection.execute(
        "select trustcart.complete_call_task(id, 'successful') from trustcart.crm_call_tasks where id % 10 = 0"
    )
    connection.execute("analyze")


@pytest.fixture
def shop_of_today(db):
    """Such a shop on the shared server."""
    with db.connect() as connection:
        fill_with_yesterday(connection)
    return db


def everything_is_in_order(db) -> None:
    """What holds whatever happened at once: nothing twice, nothing half, nobody beyond the cap."""
    with db.connect() as connection:

        def found(query: str) -> list[tuple]:
            return connection.execute(query).fetchall()

        assert found("select * from trustcart.check_agent_days()") == []
        assert found("select * from trustcart.check_customer_state()") == []
        # A call was completed once, and told once.
        assert (
            found(
                "select t.id, t.status, count(i.id) from trustcart.crm_call_tasks as t"
                " left join trustcart.customer_interactions as i on i.task_id = t.id"
                " group by t.id having count(i.id) <> (t.status = 'completed')::integer"
            )
            == []
        )
        # Carried on once, or not at all.
        assert (
            found(
                "select t.id, t.status, count(s.id) from trustcart.crm_call_tasks as t"
                " left join trustcart.crm_call_tasks as s on s.predecessor_id = t.id"
                " group by t.id having count(s.id) <> (t.status = 'carried')::integer"
            )
            == []
        )
        assert (
            found(
                "select customer_id from trustcart.crm_call_tasks where source = 'generated'"
                " group by customer_id, task_date having count(*) > 1"
            )
            == []
        )
        # Open twice: nobody; nor open today after a call of yesterday's list that was made today.
        assert (
            found(
                "select customer_id from trustcart.crm_call_tasks where status = 'pending'"
                " group by customer_id having count(*) > 1"
            )
            == []
        )
        # Of yesterday only who waits for a place.
        assert (
            found(
                "select t.id from trustcart.crm_call_tasks as t where t.status = 'pending'"
                " and t.task_date < trustcart.business_date() and not exists ("
                " select from trustcart.call_waiting_list as w"
                " where w.customer_id = t.customer_id and w.ended_on is null)"
            )
            == []
        )
        assert (
            found(
                "select d.agent_id from trustcart.agent_days as d where d.work_date = trustcart.business_date()"
                " and d.calls > 40 and d.calls > (select count(*) from trustcart.crm_call_tasks as t"
                " where t.assigned_agent_id = d.agent_id and t.task_date = d.work_date and t.status = 'completed')"
            )
            == []
        )


def test_twice_at_once_while_agents_claim_and_complete(shop_of_today):
    shop = shop_of_today
    with shop.connect() as connection:
        yesterday = [
            id for (id,) in connection.execute("select id from trustcart.crm_call_tasks where status = 'pending'")
        ]
    stop = threading.Event()
    start = threading.Barrier(10)

    def refused(error: psycopg.Error) -> bool:
        # Somebody else was quicker: that is said in our own words, and is no deadlock.
        return (error.sqlstate or "").startswith("TC1")

    def run() -> list[dict]:
        with shop.connect() as connection:
            start.wait(timeout=20)
            return [connection.execute("select trustcart.generate_daily_call_tasks()").fetchone()[0] for _ in range(3)]

    def call(agent: int) -> list[int]:
        """Claim and complete what the list gives, as long as there is any."""
        mine = []
        with shop.connect() as connection:
            start.wait(timeout=20)
            while True:
                was_over = stop.is_set()
                claimed = connection.execute("select id from trustcart.claim_next_call(%s)", [agent]).fetchone()
                if claimed:
                    mine.append(claimed[0])
                    if len(mine) % 4:
                        connection.execute("select trustcart.complete_call_task(%s, 'no_answer')", [claimed[0]])
                elif was_over:
                    return mine

    def finish_yesterday() -> int:
        """Complete what is open of yesterday, until it has been carried on."""
        done = 0
        with shop.connect() as connection:
            start.wait(timeout=20)
            for task in yesterday:
                try:
                    connection.execute("select trustcart.complete_call_task(%s, 'successful')", [task])
                    done += 1
                except psycopg.Error as error:
                    assert refused(error), error
        return done

    with ThreadPoolExecutor(10) as pool:
        generators = [pool.submit(run) for _ in range(2)]
        callers = [pool.submit(call, 1 + n) for n in range(7)]
        finisher = pool.submit(finish_yesterday)
        reports = [report for one in generators for report in one.result(timeout=120)]
        finisher.result(timeout=120)
        stop.set()
        claimed = [task for one in callers for task in one.result(timeout=120)]
    assert sum(report["created"] > 0 for report in reports) >= 1
    assert sum(report["carried"] for report in reports) > 0
    assert len(claimed) == len(set(claimed)) > 100
    everything_is_in_order(shop)


@pytest.fixture
def own_shop(make_server):
    """Such a shop on a server of its own, which the test kills."""
    server = make_server()
    url = server.create_database("shop")
    migrate(url, read_bundle())
    shop = Database(server, "shop", url)
    with shop.connect() as connection:
        fill_with_yesterday(connection)
    return shop


def list_of_today(shop) -> list[tuple]:
    """The tasks of today and what became of yesterday's, but for ids and instants."""
    with shop.connect() as connection:
        return connection.execute(
            "select t.customer_id, t.task_date, t.task_type, t.priority, t.status, t.assigned_agent_id, t.why_agent,"
            " t.reasons, t.list_position, t.predecessor_id, t.first_planned_on, t.close_reason"
            " from trustcart.crm_call_tasks as t order by t.task_date, t.customer_id, t.source"
        ).fetchall()


def generate_today(shop) -> dict:
    with shop.connect() as connection:
        return connection.execute("select trustcart.generate_daily_call_tasks()").fetchone()[0]


def test_server_killed_in_the_middle(own_shop):
    shop = own_shop
    shop.server.create_database("undisturbed", "shop")
    undisturbed = Database(shop.server, "undisturbed", shop.server.url("undisturbed"))
    report = generate_today(undisturbed)
    assert report["created"] > 100
    assert report["carried"] > 100
    expected = list_of_today(undisturbed)
    before = list_of_today(shop)

    chance = random.Random(3)
    moments = [None, *(chance.uniform(0.0, 0.4) for _ in range(4))]
    for moment in moments:
        holder = shop.connect()
        if moment is None:
            # The generation stops just before its end: somebody's open transaction has the last task of its set.
            last = max(row[0] for row in expected if row[1] == expected[-1][1])
            holder.execute("begin")
            holder.execute(
                "insert into trustcart.crm_call_tasks (customer_id, task_date, source)"
                " values (%s, trustcart.business_date(), 'generated')",
                [last],
            )
        victim = shop.connect()
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(victim.execute, "select trustcart.generate_daily_call_tasks()")
            if moment is None:
                wait_until_blocked(shop, victim.info.backend_pid)
            else:
                time.sleep(moment)
            shop.server.kill9()
            if moment is None:
                with pytest.raises(psycopg.OperationalError):
                    running.result(timeout=20)
            else:
                running.exception(timeout=20)
        holder.close()
        victim.close()
        shop.server.restart()
        assert list_of_today(shop) in (before, expected), "half a list"
    generate_today(shop)
    assert list_of_today(shop) == expected
    everything_is_in_order(shop)
