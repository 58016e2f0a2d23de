"""A shop that sells in several sessions at once, and minds every statement that fails or has to wait for a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psycopg

from tests.python.conftest import Database

#: How many the shops of tests/releases have. Each session has customers of its own: that sessions of the shop wait for
#: one another is not what is tried.
_CUSTOMERS, _AGENTS = 1200, 9


class Shop:
    """Sells from entering to leaving: orders, contacts, calls, look-ups, new customers, and one slow session that keeps
    its locks for longer than the others would wait. failures holds what was refused, with the statement."""

    def __init__(self, database: Database) -> None:
        self.failures: list[str] = []
        self._database = database
        self._closing = False
        self._changed = threading.Condition()
        sessions = (_sell, _contact, _call, _look_up, _enrol, _dawdle)
        self._rounds = [0] * len(sessions)
        self._threads = [
            threading.Thread(target=self._work, args=(number, session), daemon=True)
            for number, session in enumerate(sessions)
        ]

    def __enter__(self) -> Shop:
        for thread in self._threads:
            thread.start()
        self.go_on()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        for thread in self._threads:
            thread.join(20)

    def go_on(self) -> None:
        """Return once each session has done another round. Raises AssertionError after 20 seconds, or on a failure."""
        before = list(self._rounds)
        with self._changed:
            went_on = self._changed.wait_for(
                lambda: self.failures or all(now > then for now, then in zip(self._rounds, before, strict=True)), 20
            )
        assert not self.failures, self.failures
        assert went_on, f"rounds of the sessions: {before}, then {self._rounds}"

    def _work(self, session_number: int, session: Callable[[psycopg.Connection, int, int], None]) -> None:
        # Longer than a second behind a lock, and the statement fails.
        with self._database.connect(options="-c lock_timeout=1s", application_name=session.__name__) as connection:
            while not self._closing:
                place = self._rounds[session_number]
                try:
                    session(connection, 1 + (place * 6 + session_number) % _CUSTOMERS, place)
                except psycopg.Error as error:
                    self.failures.append(f"{session.__name__}: {error.diag.message_primary or error}")
                with self._changed:
                    self._rounds[session_number] += 1
                    self._changed.notify_all()
                if self.failures:
                    return
                # Customers think; without it the shop alone would keep every processor busy.
                time.sleep(0.05)


def _sell(connection: psycopg.Connection, customer: int, place: int) -> None:
    with connection.transaction():
        (order,) = connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " values (%s, trustcart.business_date(), 100) returning id",
            [customer],
        ).fetchone()
        connection.execute(
            "insert into trustcart.sales_order_items (order_id, product_id, quantity) values (%s, %s, 1), (%s, %s, 2)",
            [order, 1 + place % 15, order, 16 + place % 15],
        )
    status = "cancelled" if place % 5 == 0 else "delivered"
    connection.execute("update trustcart.sales_orders set status = %s where id = %s", [status, order])


def _contact(connection: psycopg.Connection, customer: int, place: int) -> None:
    agent = 2 + place % (_AGENTS - 1)
    connection.execute(
        "insert into trustcart.customer_interactions (customer_id, interaction_type, outcome, agent_id)"
        " values (%s, 'whatsapp', 'successful', %s)",
        [customer, agent],
    )
    connection.execute(
        "select trustcart_api.log_interaction(p_customer_id => %s, p_interaction_type => 'call', p_agent_id => %s)",
        [customer, agent],
    )
    connection.execute("select trustcart.record_consent(%s, 'email', %s, 'form')", [customer, place % 2 == 0])
    connection.execute("insert into trustcart.carts (customer_id, total_amount) values (%s, 50)", [customer])


def _call(connection: psycopg.Connection, customer: int, place: int) -> None:
    agent = 2 + place % (_AGENTS - 1)
    task = connection.execute("select (trustcart.claim_next_call(%s)).id", [agent]).fetchone()
    if task is None:
        connection.execute("select trustcart.create_call_task(%s, 'other', 'hot')", [customer])
    elif place % 2:
        connection.execute("select trustcart.complete_call_task(%s, 'successful', p_agent_id => %s)", [*task, agent])
    else:
        connection.execute("select trustcart.log_call_attempt(%s, 'no_answer', p_agent_id => %s)", [*task, agent])


def _look_up(connection: psycopg.Connection, customer: int, place: int) -> None:
    for question in (
        "select to_jsonb(v) from trustcart.customer_360_view as v where customer_id = %s",
        "select to_jsonb(e) from trustcart.explain_customer(%s) as e",
        "select trustcart_api.customer360(%s)",
    ):
        connection.execute(question, [customer]).fetchall()
    connection.execute("select * from trustcart.find_caller(%s)", [f"017{customer:08d}"]).fetchall()
    connection.execute("select trustcart_api.call_tasks_today(%s)", [2 + place % (_AGENTS - 1)]).fetchall()


def _enrol(connection: psycopg.Connection, customer: int, place: int) -> None:
    (new,) = connection.execute(
        "insert into trustcart.customers (first_name, phone) values ('New', %s) returning id", [f"019{place:08d}"]
    ).fetchone()
    connection.execute("update trustcart.customers set city = 'Dhaka', email = null where id = %s", [customer])
    connection.execute(
        "insert into trustcart.customer_family_members (customer_id, name, relationship) values (%s, 'Kid', 'child')",
        [new],
    )


def _dawdle(connection: psycopg.Connection, customer: int, place: int) -> None:
    """Whatever wants these tables alone has to wait for it, and nobody may wait behind that for as long."""
    with connection.transaction():
        (new,) = connection.execute(
            "insert into trustcart.customers (first_name) values ('Slow') returning id"
        ).fetchone()
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " values (%s, trustcart.business_date(), 10)",
            [new],
        )
        # Now and then at first, for an upgrade has to find its moment.
        connection.execute("select pg_sleep(%s)", [1.5 if place < 24 and place % 6 == 1 else 0])
