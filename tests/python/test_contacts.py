"""Contacts of several sessions at once: what is counted of them stays right, and nobody waits in a circle."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.python.conftest import Database
from tests.tools.sessions import wait_until_blocked

CUSTOMERS = 5
SESSIONS = 8
OPERATIONS = 250
CHANNELS = ["call", "whatsapp", "sms", "email", "visit"]
INTERACTION = (
    "insert into trustcart.customer_interactions (customer_id, interaction_type, direction, agent_id, interaction_date)"
    " values (%s, %s, %s, %s, timestamptz '2025-06-01 00:00+06' + %s * interval '1 hour')"
)
ATTEMPT = (
    "insert into trustcart.crm_call_attempts (customer_id, agent_id, attempted_at, outcome)"
    " values (%s, %s, timestamptz '2025-06-01 00:00+06' + %s * interval '1 hour', 'no_answer')"
)


@pytest.fixture
def shop(db: Database) -> Database:
    """A database with an agent for each session and a few customers, whose silence has been noticed."""
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.users (id, name) select n, 'Agent ' || n from generate_series(1, %s) as g (n)",
            [SESSIONS],
        )
        connection.execute(
            "insert into trustcart.customers (id) select n from generate_series(1, %s) as g (n)", [CUSTOMERS]
        )
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " select id, date '2025-01-01', 100 from trustcart.customers"
        )
        connection.execute("select trustcart.detect_dropoffs()")
    return db


class Agent:
    """One session that records, corrects and takes back its own contacts at random; several customers in a statement,
    one in a transaction of several statements."""

    def __init__(self, db: Database, agent: int, start: threading.Barrier) -> None:
        self.db = db
        self.agent = agent
        self.random = random.Random(agent)
        self.start = start

    def interaction(self, customer: int) -> tuple:
        """Values for INTERACTION."""
        pick = self.random
        return (
            customer,
            pick.choice(CHANNELS),
            pick.choice(["outbound", "outbound", "inbound"]),
            self.agent,
            pick.randint(0, 96),
        )

    def attempt(self, customer: int) -> tuple:
        """Values for ATTEMPT."""
        return (customer, self.agent, self.random.randint(0, 96))

    def step(self, connection: psycopg.Connection) -> None:
        """One random operation."""
        pick = self.random
        customer = pick.randint(1, CUSTOMERS)
        some = [pick.randint(1, CUSTOMERS) for _ in range(pick.randint(2, 12))]
        kind = pick.random()
        if kind < 0.20:
            connection.execute(INTERACTION, self.interaction(customer))
        elif kind < 0.35:
            connection.execute(ATTEMPT, self.attempt(customer))
        elif kind < 0.45:
            rows = [value for one in some for value in self.interaction(one)]
            values = INTERACTION[INTERACTION.index("(%s") :]
            connection.execute(INTERACTION + (", " + values) * (len(some) - 1), rows)
        elif kind < 0.55:
            rows = [value for one in some for value in self.attempt(one)]
            values = ATTEMPT[ATTEMPT.index("(%s") :]
            connection.execute(ATTEMPT + (", " + values) * (len(some) - 1), rows)
        elif kind < 0.70:
            # What an agent's work is: now the attempt first, now the contact, now an order comes of it.
            work = [
                (ATTEMPT, self.attempt(customer)),
                (INTERACTION, self.interaction(customer)),
                (
                    "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
                    " values (%s, date '2025-06-01' + %s, 10)",
                    (customer, pick.randint(0, 5)),
                ),
            ]
            pick.shuffle(work)
            with connection.transaction():
                for statement, values in work:
                    connection.execute(statement, values)
        elif kind < 0.78:
            connection.execute(
                "update trustcart.customer_interactions"
                " set customer_id = %s, interaction_type = %s, direction = %s where agent_id = %s and random() < 0.2",
                [customer, pick.choice(CHANNELS), pick.choice(["outbound", "inbound"]), self.agent],
            )
        elif kind < 0.86:
            connection.execute(
                "update trustcart.crm_call_attempts set customer_id = 1 + customer_id %% %s,"
                " attempted_at = attempted_at + interval '7 hours' where agent_id = %s and random() < 0.2",
                [CUSTOMERS, self.agent],
            )
        elif kind < 0.93:
            connection.execute(
                "delete from trustcart.customer_interactions where agent_id = %s and random() < 0.3", [self.agent]
            )
        else:
            connection.execute(
                "delete from trustcart.crm_call_attempts where agent_id = %s and random() < 0.3", [self.agent]
            )

    def __call__(self) -> int:
        """All operations; returns how many were undone by a deadlock."""
        deadlocks = 0
        with self.db.connect() as connection:
            self.start.wait(timeout=20)
            for _ in range(OPERATIONS):
                try:
                    self.step(connection)
                except psycopg.errors.DeadlockDetected:
                    deadlocks += 1
        return deadlocks


def contacts_by_hand(connection: psycopg.Connection) -> set[tuple]:
    """What the interactions and attempts come to, asked of them in another way than the maintained rows are."""
    return set(
        connection.execute(
            """
            select c.id, d.day::date::text, k.channel, n.contacts
            from trustcart.customers as c
            cross join unnest(%s::text[]) as k (channel)
            cross join generate_series(timestamp '2025-05-31', timestamp '2025-07-31', interval '1 day') as d (day)
            cross join lateral (
                select
                    (
                        select count(*) from trustcart.customer_interactions as i
                        where
                            i.customer_id = c.id and i.interaction_type = k.channel and i.direction = 'outbound'
                            and i.interaction_date >= d.day at time zone s.time_zone
                            and i.interaction_date < (d.day + interval '1 day') at time zone s.time_zone
                    ) + (
                        select count(*) from trustcart.crm_call_attempts as a
                        where
                            a.customer_id = c.id and k.channel = 'call'
                            and a.attempted_at >= d.day at time zone s.time_zone
                            and a.attempted_at < (d.day + interval '1 day') at time zone s.time_zone
                    ) as contacts
                from trustcart.settings as s
            ) as n
            where n.contacts > 0
            """,
            [CHANNELS],
        ).fetchall()
    )


@pytest.mark.parametrize("time_zone_moves", [False, True])
def test_random_contacts_of_several_sessions_are_counted_without_a_deadlock(
    shop: Database, time_zone_moves: bool
) -> None:
    start = threading.Barrier(SESSIONS + 1)
    done = threading.Event()

    def move() -> None:
        with shop.connect() as connection:
            start.wait(timeout=20)
            while time_zone_moves and not done.is_set():
                for zone in ("America/New_York", "Asia/Dhaka"):
                    connection.execute("update trustcart.settings set time_zone = %s", [zone])
                    time.sleep(0.01)

    with ThreadPoolExecutor(SESSIONS + 1) as pool:
        mover = pool.submit(move)
        agents = [pool.submit(Agent(shop, number, start)) for number in range(1, SESSIONS + 1)]
        try:
            deadlocks = [agent.result(timeout=120) for agent in agents]
        finally:
            done.set()
        mover.result(timeout=20)
    assert deadlocks == [0] * SESSIONS
    with shop.connect() as connection:
        assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []
        maintained = set(
            connection.execute(
                "select customer_id, contacted_on::text, channel, contacts from trustcart_private.contact_days"
                " where contacts > 0"
            ).fetchall()
        )
        assert maintained == contacts_by_hand(connection)
        assert len(maintained) > 20


def test_attempt_and_contact_in_either_order_queue_on_the_customer(shop: Database) -> None:
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            first.execute(ATTEMPT, [1, 1, 10])

            def other_way_round() -> None:
                with second.transaction():
                    second.execute(INTERACTION, [1, "call", "outbound", 2, 10])
                    second.execute(ATTEMPT, [1, 2, 10])

            waiting = pool.submit(other_way_round)
            wait_until_blocked(shop, second.info.backend_pid)
            first.execute(INTERACTION, [1, "call", "outbound", 1, 10])
        waiting.result(timeout=20)
        assert first.execute("select channel, contacts from trustcart_private.contact_days").fetchall() == [("call", 4)]


def test_contact_of_an_open_transaction_is_counted_by_the_recount(shop: Database) -> None:
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            first.execute(ATTEMPT, [1, 1, 2])
            waiting = pool.submit(second.execute, "update trustcart.settings set time_zone = 'Europe/London'")
            wait_until_blocked(shop, second.info.backend_pid)
        waiting.result(timeout=20)
        # 02:00 in Dhaka is the evening before in London.
        days = "select contacted_on::text, contacts from trustcart_private.contact_days where contacts > 0"
        assert first.execute(days).fetchall() == [("2025-05-31", 1)]


def test_contact_that_waited_for_the_recount_falls_on_the_new_zones_day(shop: Database) -> None:
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            first.execute("update trustcart.settings set time_zone = 'Europe/London'")
            waiting = pool.submit(second.execute, ATTEMPT, [1, 1, 2])
            wait_until_blocked(shop, second.info.backend_pid)
        waiting.result(timeout=20)
        days = "select contacted_on::text, contacts from trustcart_private.contact_days where contacts > 0"
        assert first.execute(days).fetchall() == [("2025-05-31", 1)]


def test_two_reports_of_one_wrong_number_flag_it_once(shop: Database) -> None:
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        first.execute("update trustcart.customers set phone = '01711111111', mobile = '01722222222' where id = 1")
        with first.transaction():
            assert first.execute("select trustcart.flag_wrong_number(1)").fetchone() == ("01711111111",)
            waiting = pool.submit(second.execute, "select trustcart.flag_wrong_number(1)")
            wait_until_blocked(shop, second.info.backend_pid)
        assert waiting.result(timeout=20).fetchone() == ("01711111111",)
        assert first.execute("select phone from trustcart.customer_phone_flags").fetchall() == [("+8801711111111",)]
