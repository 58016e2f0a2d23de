"""What a transaction cannot show of working the list: many sessions that claim, complete and undo at once."""

from __future__ import annotations

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.tools.sessions import wait_until_blocked

AGENTS = 6
TASKS = 600
# Claims are made at noon of the day, whatever the clock says: close to midnight forty minutes on would be another day.
NOON = "(trustcart.business_date() + time '12:00') at time zone 'Asia/Dhaka'"


@pytest.fixture
def shop(db):
    """A database with agents and a list of today: a third of it in the pool, the rest dealt out to the agents."""
    with db.connect() as connection:
        connection.execute("update trustcart.settings set calls_per_agent_day = 10000")
        connection.execute(
            "insert into trustcart.users (id, name) select n, 'Agent ' || n from generate_series(1, %s) as g (n)",
            [AGENTS],
        )
        connection.execute(
            "insert into trustcart.customers (id, first_name)"
            " select n, 'Customer ' || n from generate_series(1, %s) as g (n)",
            [TASKS],
        )
        connection.execute(
            "insert into trustcart.crm_call_tasks"
            " (id, customer_id, assigned_agent_id, task_date, list_position, due_at)"
            " select n, n, case when n %% 3 > 0 then 1 + n / 3 %% %s end, trustcart.business_date(), n,"
            f"  case when n %% 50 = 0 then {NOON} - interval '1 minute' end"
            " from generate_series(1, %s) as g (n)",
            [AGENTS, TASKS],
        )
    return db


def claim(connection: psycopg.Connection, agent: int, at: str = NOON, request: str | None = None) -> int | None:
    """Claim the next call; returns the task's id, None when the list holds none."""
    row = connection.execute(f"select id from trustcart.claim_next_call(%s, {at}, %s)", [agent, request]).fetchone()
    return row and row[0]


def scalar(db, query: str) -> object:
    """The first value of a query."""
    with db.connect() as connection:
        return connection.execute(query).fetchone()[0]


def test_thirty_sessions_never_claim_the_same_task(shop):
    start = threading.Barrier(30)

    def work(session: int) -> list[int]:
        claimed = []
        with shop.connect() as connection:
            start.wait(timeout=30)
            while (task := claim(connection, 1 + session % AGENTS)) is not None:
                claimed.append(task)
        return claimed

    with ThreadPoolExecutor(30) as pool:
        claimed = [task for tasks in pool.map(work, range(30)) for task in tasks]
    assert Counter(claimed) == Counter(range(1, TASKS + 1))
    assert scalar(shop, "select count(*) from trustcart.crm_call_tasks where claimed_at is null") == 0


def test_a_task_in_somebodys_hands_is_passed_over(shop):
    """Nobody waits for the first of the list while another session has it."""
    with shop.connect() as first, shop.connect() as second:
        first.execute("update trustcart.crm_call_tasks set due_at = null")
        second.execute("set lock_timeout = '5s'")
        with first.transaction():
            one = claim(first, 1)
            other = claim(second, 1)
            assert other is not None and other != one
            raise psycopg.Rollback
        assert claim(second, 1) == one, "rolled back, it is the first of the list again"


def test_what_is_worked_off_is_not_read_again(shop):
    """Claimed and completed tasks leave the index: the next claim reads a few entries, however long the list was."""
    reads = (
        "select sum(pg_stat_get_xact_tuples_returned(r.oid))"
        " from (select 'trustcart.crm_call_tasks'::regclass as oid union all"
        " select i.indexrelid from pg_index as i where i.indrelid = 'trustcart.crm_call_tasks'::regclass) as r"
    )
    with shop.connect() as connection:
        connection.execute("update trustcart.crm_call_tasks set due_at = null, assigned_agent_id = 1")
        for task in range(500):
            assert claim(connection, 1) == task + 1
            if task % 2:
                connection.execute("select trustcart.complete_call_task(%s, 'successful')", [task + 1])
        with connection.transaction():
            before = connection.execute(reads).fetchone()[0]
            assert claim(connection, 1) == 501
            assert connection.execute(reads).fetchone()[0] - before < 20


def test_claims_go_on_while_others_complete_and_skip(shop):
    start = threading.Barrier(8)

    def work(session: int) -> list[int]:
        done = []
        with shop.connect() as connection:
            start.wait(timeout=30)
            while (task := claim(connection, 1 + session % AGENTS)) is not None:
                if task % 3 == 0:
                    connection.execute("select trustcart.skip_call_task(%s, 'closed')", [task])
                elif task % 3 == 1:
                    connection.execute("select trustcart.complete_call_task(%s, 'successful')", [task])
                done.append(task)
        return done

    with ThreadPoolExecutor(8) as pool:
        done = [task for tasks in pool.map(work, range(8)) for task in tasks]
    assert Counter(done) == Counter(range(1, TASKS + 1))
    completed = sum(task % 3 == 1 for task in range(1, TASKS + 1))
    assert scalar(shop, "select count(*) from trustcart.crm_call_attempts") == completed
    assert scalar(shop, "select count(*) from trustcart.customer_interactions") == completed
    assert scalar(shop, "select count(*) from trustcart.crm_call_tasks where claimed_at is not null") == TASKS / 3


def test_the_pool_never_overfills_a_day(shop):
    """Sessions of one agent at once take as many as the day has room for, claimed ones included."""
    with shop.connect() as connection:
        connection.execute("update trustcart.settings set calls_per_agent_day = 150")
        own = connection.execute(
            "select count(*) from trustcart.crm_call_tasks where assigned_agent_id = 1"
        ).fetchone()[0]
    start = threading.Barrier(8)

    def work(_: int) -> int:
        count = 0
        with shop.connect() as connection:
            start.wait(timeout=30)
            while claim(connection, 1) is not None:
                count += 1
        return count

    assert 0 < own < 150
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 150
    with shop.connect() as connection:
        connection.execute(
            "select trustcart.complete_call_task(id, 'successful', p_agent_id => 1)"
            " from trustcart.crm_call_tasks where claimed_by = 1"
        )
    assert scalar(shop, "select calls from trustcart.agent_days where agent_id = 1") == 150
    assert scalar(shop, "select max_calls from trustcart.agent_days where agent_id = 1") >= 150


def test_a_void_claim_returns_once(shop):
    """The clock is an argument: forty minutes on, what was claimed and left is claimed again, by one session each."""
    with shop.connect() as connection:
        for agent in range(1, AGENTS + 1):
            while claim(connection, agent) is not None:
                pass
        assert claim(connection, 1, f"{NOON} + interval '10 minutes'") is None
    start = threading.Barrier(10)

    def work(session: int) -> list[int]:
        claimed = []
        with shop.connect() as connection:
            start.wait(timeout=30)
            while (task := claim(connection, 1 + session % AGENTS, f"{NOON} + interval '40 minutes'")) is not None:
                claimed.append(task)
        return claimed

    with ThreadPoolExecutor(10) as pool:
        claimed = [task for tasks in pool.map(work, range(10)) for task in tasks]
    assert max(Counter(claimed).values()) == 1
    with shop.connect() as connection:  # what another session was just giving back when a session looked last
        for agent in range(1, AGENTS + 1):
            while (task := claim(connection, agent, f"{NOON} + interval '40 minutes'")) is not None:
                claimed.append(task)
    assert Counter(claimed) == Counter(range(1, TASKS + 1))


def test_eight_sessions_with_one_request_id_complete_once(shop):
    start = threading.Barrier(8)

    def work(_: int) -> str:
        with shop.connect() as connection:
            start.wait(timeout=30)
            return connection.execute(
                "select status from trustcart.complete_call_task("
                "1, 'successful', 'Honey', p_family_member => %s::jsonb, p_request_id => 'click')",
                [json.dumps({"name": "Karima", "relationship": "spouse"})],
            ).fetchone()[0]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == ["completed"] * 8
    for table in ("customer_interactions", "crm_call_attempts", "customer_family_members"):
        assert scalar(shop, f"select count(*) from trustcart.{table}") == 1


def test_eight_sessions_with_one_request_id_claim_one_task(shop):
    start = threading.Barrier(8)

    def work(_: int) -> int | None:
        with shop.connect() as connection:
            start.wait(timeout=30)
            return claim(connection, 1, request="click")

    with ThreadPoolExecutor(8) as pool:
        claimed = set(pool.map(work, range(8)))
    assert len(claimed) == 1 and None not in claimed
    assert scalar(shop, "select count(*) from trustcart.crm_call_tasks where claimed_at is not null") == 1


def test_a_request_whose_first_try_fails_is_carried_out_by_the_second(shop):
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            first.execute("select trustcart.complete_call_task(1, 'successful', p_request_id => 'click')")
            waiting = pool.submit(
                second.execute, "select trustcart.complete_call_task(1, 'successful', p_request_id => 'click')"
            )
            wait_until_blocked(shop, second.info.backend_pid)
            raise psycopg.Rollback
        waiting.result(timeout=20)
    assert scalar(shop, "select status from trustcart.crm_call_tasks where id = 1") == "completed"
    assert scalar(shop, "select count(*) from trustcart.crm_call_attempts") == 1


def test_undo_and_complete_follow_each_other(shop):
    """Whoever comes second waits, and then finds what the first has left."""
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        first.execute("select trustcart.complete_call_task(1, 'no_answer')")
        with first.transaction():
            first.execute("select trustcart.undo_call_outcome(1)")
            waiting = pool.submit(second.execute, "select trustcart.complete_call_task(1, 'successful')")
            wait_until_blocked(shop, second.info.backend_pid)
        waiting.result(timeout=20)
        assert scalar(shop, "select outcome from trustcart.customer_interactions where task_id = 1") == "successful"

        first.execute("select trustcart.undo_call_outcome(1)")
        with first.transaction():
            first.execute("select trustcart.complete_call_task(1, 'busy')")
            waiting = pool.submit(second.execute, "select trustcart.undo_call_outcome(1)")
            wait_until_blocked(shop, second.info.backend_pid)
        waiting.result(timeout=20)
    assert scalar(shop, "select status from trustcart.crm_call_tasks where id = 1") == "pending"
    for table in ("customer_interactions", "crm_call_attempts"):
        assert scalar(shop, f"select count(*) from trustcart.{table}") == 0


def test_two_undos_at_once_undo_once(shop):
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        first.execute("select trustcart.complete_call_task(1, 'no_answer')")
        with first.transaction():
            first.execute("select trustcart.undo_call_outcome(1)")
            waiting = pool.submit(second.execute, "select trustcart.undo_call_outcome(1)")
            wait_until_blocked(shop, second.info.backend_pid)
        with pytest.raises(psycopg.Error) as refused:
            waiting.result(timeout=20)
    assert refused.value.sqlstate == "TC108"


def test_orders_and_completions_of_one_customer_do_not_deadlock(shop):
    """An order locks its customer, then cancels the calls it overtakes; a completion keeps to that order."""
    with shop.connect() as connection:
        connection.execute("update trustcart.crm_call_tasks set task_type = 'at_risk'")
    start = threading.Barrier(2)

    def complete() -> int:
        overtaken = 0
        with shop.connect() as connection:
            start.wait(timeout=30)
            for task in range(1, TASKS + 1):
                try:
                    connection.execute("select trustcart.complete_call_task(%s, 'successful')", [task])
                except psycopg.Error as error:
                    assert error.sqlstate == "TC103", error  # the order was there first
                    overtaken += 1
        return overtaken

    def order() -> None:
        with shop.connect() as connection:
            start.wait(timeout=30)
            for customer in range(1, TASKS + 1):
                connection.execute(
                    "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
                    " values (%s, trustcart.business_date(), 10, 'delivered')",
                    [customer],
                )

    with ThreadPoolExecutor(2) as pool:
        completing, ordering = pool.submit(complete), pool.submit(order)
        ordering.result(timeout=60)
        overtaken = completing.result(timeout=60)
    assert scalar(shop, "select count(*) from trustcart.crm_call_tasks where status = 'completed'") == TASKS - overtaken
    assert scalar(shop, "select count(*) from trustcart.crm_call_tasks where status = 'cancelled'") == overtaken


@pytest.fixture
def diary(db):
    """One agent, and calls of a day of whose hours the tests speak; returns the connection and what it is told."""
    with db.connect() as connection:
        connection.execute("insert into trustcart.users (id, name) values (5, 'Agent 5')")
        connection.execute("insert into trustcart.customers (id, first_name) values (1, 'Rahim'), (2, 'Karim')")
        told: list[tuple] = []
        connection.add_notice_handler(
            lambda notice: told.append((notice.severity_nonlocalized, notice.message_primary, notice.message_hint))
        )
        yield connection, told


def test_no_call_says_whether_to_wait(diary):
    connection, told = diary

    def answer(hour: str) -> str:
        told.clear()
        assert claim(connection, 5, f"timestamptz '2150-03-04 {hour}+06'") is None
        ((severity, message, _),) = told
        assert severity == "NOTICE"
        return message

    assert answer("10:00") == "the list of agent 5 is done"
    connection.execute(
        "insert into trustcart.crm_call_tasks "
        " (customer_id, assigned_agent_id, task_date, due_at, call_from, call_until)"
        " values (1, 5, '2150-03-04', '2150-03-04 17:30+06', null, null),"
        "  (2, 5, '2150-03-04', null, '2150-03-04 16:00+06', '2150-03-04 17:00+06'),"
        "  (2, 5, '2150-03-05', '2150-03-05 11:00+06', null, null)"
    )
    assert answer("10:00") == "2 calls of agent 5 wait for their hour, the next at 16:00"
    assert answer("17:05") == "1 call of agent 5 waits for its hour, at 17:30"
    told.clear()
    assert claim(connection, 5, "timestamptz '2150-03-04 17:30+06'") is not None
    assert told == []
    assert answer("17:35") == (
        "the list of agent 5 holds nothing to claim: calls begun, claimed or out of their hours: 2"
    )
    connection.execute(
        "select trustcart.skip_call_task(id) from trustcart.crm_call_tasks where task_date = '2150-03-04'"
    )
    assert answer("17:40") == "the list of agent 5 is done"


@pytest.mark.parametrize("function", ["complete_call_task", "log_call_attempt"])
def test_an_outcome_that_leads_to_nothing_is_kept_with_a_warning(diary, function):
    connection, told = diary
    connection.execute(
        "insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)"
        " values (1, 1, 5, trustcart.business_date()), (2, 2, 5, trustcart.business_date())"
    )
    connection.execute(f"select trustcart.{function}(1, 'Successful: will order')")
    assert told == []
    outcome = connection.execute(f"select (trustcart.{function}(2, ' folow_up on Friday')).outcome").fetchone()[0]
    assert outcome == "folow_up on Friday"
    ((severity, message, hint),) = told
    assert severity == "WARNING"
    assert message == "outcome 'folow_up on Friday' begins with no word of call_outcomes, so it leads to nothing"
    assert "follow_up_needed, " in hint
