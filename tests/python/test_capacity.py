"""The cap of an agent's day under concurrency: what only real sessions show of agent_days, leave and the pool."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.tools.sessions import wait_until_blocked

AGENTS = 4
CAP = 50
INSERT = (
    "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)"
    " values (1, 1, trustcart.business_date())"
)
CREATE = "select trustcart.create_call_task(1, 'other', p_assigned_agent_id => 1)"


@pytest.fixture
def shop(db):
    """Agents with room for CAP calls a day each, and customers of theirs."""
    with db.connect() as connection:
        connection.execute("update trustcart.settings set calls_per_agent_day = %s", [CAP])
        connection.execute(
            "insert into trustcart.users (name) select 'Agent ' || n from generate_series(1, %s) as n", [AGENTS]
        )
        connection.execute(
            "insert into trustcart.customers (first_name, assigned_agent_id)"
            " select 'Customer ' || n, 1 + n %% %s from generate_series(1, 40) as n",
            [AGENTS],
        )
    return db


def in_sessions(db, count: int, work: Callable[[psycopg.Connection, int], object]) -> list:
    """Run work(connection, number) in sessions that begin together; returns their results."""
    start = threading.Barrier(count)

    def run(number: int) -> object:
        with db.connect() as connection:
            start.wait(timeout=30)
            return work(connection, number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def told(connection: psycopg.Connection, statement: str, parameters: list | None = None) -> str:
    """The SQLSTATE a statement ends with; 'ok' when it succeeds."""
    try:
        connection.execute(statement, parameters)
    except psycopg.Error as error:
        return error.sqlstate
    return "ok"


def wrong_days(db) -> list[tuple]:
    """What check_agent_days() finds, and days beyond the cap."""
    with db.connect() as connection:
        return connection.execute(
            "select agent_id, work_date, calls, counted from trustcart.check_agent_days()"
        ).fetchall()


def loads(db) -> list[tuple]:
    """Pending calls of today by agent; None is the pool."""
    with db.connect() as connection:
        return connection.execute(
            "select assigned_agent_id, count(*) from trustcart.crm_call_tasks"
            " where task_date = trustcart.business_date() and status = 'pending' group by 1 order by 1"
        ).fetchall()


@pytest.mark.parametrize("statement", [INSERT, CREATE], ids=["insert", "create_call_task"])
def test_no_session_breaks_the_cap(shop, statement):
    results = in_sessions(shop, 20, lambda connection, _: [told(connection, statement) for _ in range(4)])
    assert Counter(result for one in results for result in one) == {"ok": CAP, "TC206": 80 - CAP}
    assert loads(shop) == [(1, CAP)]
    assert wrong_days(shop) == []


@pytest.mark.parametrize("statement", [INSERT, CREATE], ids=["insert", "create_call_task"])
@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_second_waits_for_the_last_place(shop, statement, ending):
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        for _ in range(CAP - 1):
            first.execute(INSERT)
        first.execute("begin")
        first.execute(INSERT)
        waiting = pool.submit(told, second, statement)
        wait_until_blocked(shop, second.info.backend_pid)
        first.execute(ending)
        assert waiting.result(timeout=20) == ("TC206" if ending == "commit" else "ok")
    assert loads(shop) == [(1, CAP)]


def test_calls_without_an_agent_given_fill_every_day_then_the_pool(shop):
    statement = "select trustcart.create_call_task(%s, 'other')"
    results = in_sessions(
        shop, 12, lambda connection, n: [told(connection, statement, [1 + n % 40]) for _ in range(20)]
    )
    assert {result for one in results for result in one} == {"ok"}
    assert loads(shop) == [(agent, CAP) for agent in range(1, AGENTS + 1)] + [(None, 240 - AGENTS * CAP)]
    assert wrong_days(shop) == []


def test_bulk_inserts_in_opposite_order_do_not_deadlock(shop):
    statement = (
        "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)"
        " select 1, a, trustcart.business_date() + d from generate_series(1, %s) as a, generate_series(0, 150) as d"
        " order by case when %s then a else -a end, case when %s then d else -d end"
    )

    def work(connection: psycopg.Connection, number: int) -> list[str]:
        return [told(connection, statement, [AGENTS, number % 2 == 0, number % 4 < 2]) for _ in range(6)]

    results = in_sessions(shop, 8, work)
    assert {result for one in results for result in one} == {"ok"}
    assert loads(shop) == [(agent, 48) for agent in range(1, AGENTS + 1)]
    assert wrong_days(shop) == []


def test_a_call_that_is_being_added_goes_along_when_the_agent_leaves(shop):
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        first.execute("begin")
        first.execute(INSERT)
        leave = "select trustcart.add_agent_leave(1, trustcart.business_date(), trustcart.business_date())"
        waiting = pool.submit(told, second, leave)
        wait_until_blocked(shop, second.info.backend_pid)
        first.execute("commit")
        assert waiting.result(timeout=20) == "ok"
    assert loads(shop) == [(2, 1)]


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("select trustcart.add_agent_leave(1, trustcart.business_date(), trustcart.business_date())", "TC207"),
        ("update trustcart.users set is_active = false where id = 1", "TC201"),
    ],
    ids=["leave", "deactivation"],
)
def test_a_call_for_somebody_who_is_leaving_is_refused(shop, statement, sqlstate):
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        first.execute("begin")
        first.execute(statement)
        waiting = pool.submit(told, second, INSERT)
        wait_until_blocked(shop, second.info.backend_pid)
        first.execute("commit")
        assert waiting.result(timeout=20) == sqlstate
    assert loads(shop) == []


def test_a_call_that_moves_to_somebody_who_is_leaving_does_not_deadlock(shop):
    """Agents before days: the move waits for the agent before it frees the place of the day it comes from."""
    with shop.connect() as connection:
        connection.execute(INSERT)
    with shop.connect() as first, shop.connect() as second, shop.connect() as third, ThreadPoolExecutor(2) as pool:
        first.execute("begin")
        first.execute(INSERT.replace("(1, 1,", "(1, 2,"))
        leave = "select trustcart.add_agent_leave(2, trustcart.business_date(), trustcart.business_date())"
        leaving = pool.submit(told, second, leave)
        wait_until_blocked(shop, second.info.backend_pid)
        move = "update trustcart.crm_call_tasks set assigned_agent_id = 2 where assigned_agent_id = 1"
        moving = pool.submit(told, third, move)
        wait_until_blocked(shop, third.info.backend_pid)
        first.execute("commit")
        assert (leaving.result(timeout=20), moving.result(timeout=20)) == ("ok", "TC207")
    assert wrong_days(shop) == []


def test_leave_twice_at_once_is_refused_once(shop):
    leave = "select trustcart.add_agent_leave(1, trustcart.business_date(), trustcart.business_date() + %s)"
    results = in_sessions(shop, 6, lambda connection, number: told(connection, leave, [number]))
    assert Counter(results) == {"ok": 1, "TC210": 5}


def test_a_leave_waits_before_it_is_written(shop):
    """Two leaves that overlap, each written and waiting for the other, would be a deadlock; one waits with empty hands.

    The rows of the second session must not be in the way of the first one's.
    """
    leave = "select trustcart.add_agent_leave(1, trustcart.business_date() + %s, trustcart.business_date() + %s)"
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        first.execute("begin")
        first.execute(leave, [0, 1])
        waiting = pool.submit(told, second, leave, [0, 9])
        wait_until_blocked(shop, second.info.backend_pid)
        assert told(first, leave, [5, 6]) == "ok"
        first.execute("commit")
        assert waiting.result(timeout=20) == "TC210"


def test_all_agents_but_one_leave_at_once(shop):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)"
            " select 1, a, trustcart.business_date() from generate_series(1, %s) as a, generate_series(1, 20)",
            [AGENTS],
        )
    ways = [
        "update trustcart.users set is_active = false where id = 1",
        "insert into trustcart.agent_leave (agent_id, during)"
        " values (2, daterange(trustcart.business_date(), trustcart.business_date() + 2))",
        "select trustcart.add_agent_leave(3, trustcart.business_date(), trustcart.business_date())",
    ]
    assert in_sessions(shop, 3, lambda connection, number: told(connection, ways[number])) == ["ok"] * 3
    assert loads(shop) == [(4, CAP), (None, 30)]
    assert wrong_days(shop) == []


def test_what_sessions_do_at_random_is_counted(shop):
    """Inserts, moves, skips, completions, deletions, leave: the days equal their own plain count, and nobody beyond the
    cap or away has an open call."""
    with shop.connect() as connection:
        connection.execute("update trustcart.settings set calls_per_agent_day = 3")

    def work(connection: psycopg.Connection, number: int) -> Counter:
        dice = random.Random(f"capacity {number}")
        seen: Counter = Counter()
        for _ in range(250):
            agent = dice.choice([None, *range(1, AGENTS + 1)])
            day = dice.randint(-1, 2)
            status = dice.choice(["pending", "pending", "pending", "completed", "skipped", "cancelled", "expired"])
            one = "(select id from trustcart.crm_call_tasks order by hashint8(id + %s) limit 1)"
            kind, statement, parameters = dice.choice(
                [
                    (
                        "insert",
                        "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status)"
                        " select 1, %s, trustcart.business_date() + %s, %s from generate_series(1, %s)",
                        [agent, day, status, dice.choice([1, 2, 3])],
                    ),
                    (
                        "assign",
                        f"update trustcart.crm_call_tasks set assigned_agent_id = %s where id = {one}",
                        [agent, dice.randrange(10**6)],
                    ),
                    (
                        "move",
                        "update trustcart.crm_call_tasks set task_date = trustcart.business_date() + %s"
                        f" where id = {one}",
                        [day, dice.randrange(10**6)],
                    ),
                    (
                        "settle",
                        "update trustcart.crm_call_tasks set status = %s"
                        f" where id = {one} and status in ('pending', 'skipped', 'cancelled')",
                        [status, dice.randrange(10**6)],
                    ),
                    (
                        "complete",
                        "update trustcart.crm_call_tasks set status = 'completed', assigned_agent_id = %s"
                        f" where id = {one}",
                        [agent, dice.randrange(10**6)],
                    ),
                    ("delete", f"delete from trustcart.crm_call_tasks where id = {one}", [dice.randrange(10**6)]),
                    (
                        "leave",
                        "insert into trustcart.agent_leave (agent_id, during)"
                        " values (%s, daterange(trustcart.business_date() + %s, trustcart.business_date() + %s))",
                        [dice.randint(1, AGENTS), day, day + 1],
                    ),
                    ("back", "delete from trustcart.agent_leave where agent_id = %s", [dice.randint(1, AGENTS)]),
                    ("clear", "delete from trustcart.crm_call_tasks where id % 5 = 0 and status <> 'pending'", None),
                ]
            )
            seen[f"{kind} {told(connection, statement, parameters)}"] += 1
        return seen

    seen = sum(in_sessions(shop, 4, work), Counter())
    assert {"insert ok", "assign ok", "move ok", "complete ok", "delete ok", "leave ok"} <= set(seen)
    assert {"insert TC206", "insert TC207", "leave 23P01"} <= set(seen)
    assert not [name for name in seen if name.split()[1] not in ("ok", "TC206", "TC207", "23P01", "40P01")]
    assert sum(count for name, count in seen.items() if name.endswith("40P01")) <= 3
    assert wrong_days(shop) == []
    with shop.connect() as connection:
        away = connection.execute(
            "select t.id from trustcart.crm_call_tasks as t inner join trustcart.agent_leave as l"
            " on l.agent_id = t.assigned_agent_id and l.during @> t.task_date"
            " where t.status = 'pending' and t.started_at is null and t.task_date >= trustcart.business_date()"
        ).fetchall()
        assert away == []


def test_two_thousand_calls_at_once_are_counted_once(shop):
    """A bulk insert writes a day's row once, not once a call."""
    with shop.connect() as connection:
        connection.execute("update trustcart.settings set calls_per_agent_day = 1000")
        connection.execute(
            "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)"
            " select 1, 1 + n %% %s, trustcart.business_date() from generate_series(1, 2000) as n",
            [AGENTS],
        )
        connection.execute("select pg_stat_force_next_flush()")
        connection.execute("select pg_stat_clear_snapshot()")
        written = connection.execute(
            "select n_tup_ins + n_tup_upd from pg_stat_user_tables where relname = 'agent_days'"
        ).fetchone()[0]
    assert written <= 2 * AGENTS
    assert wrong_days(shop) == []
