"""Loyalty tiers under load: random orders of several sessions at once against recomputation."""

from __future__ import annotations

import random
import threading
from itertools import pairwise

import psycopg
from psycopg.rows import namedtuple_row

from tests.python.conftest import REPOSITORY, Database
from tests.tools.sessions import wait_until_blocked

CUSTOMERS = 12
SESSIONS = 4
OPERATIONS = 500


def shop_at_random(db: Database, seed: int, failures: list[Exception]) -> None:
    """Place, cancel, restore, move and delete orders; a deadlock, which random writers of several customers may meet,
    is tried again."""
    pick = random.Random(seed)
    done = 0
    some = "(select id from trustcart.sales_orders where customer_id = %s order by random() limit 1)"
    try:
        with db.connect() as connection:
            while done < OPERATIONS:
                kind, customer = pick.random(), pick.randint(1, CUSTOMERS)
                age, amount = pick.choice([0, 0, 0, 2, 20, 31, 45]), pick.choice([500, 9000, 21000, 52000, 160000])
                insert = (
                    "insert into trustcart.sales_orders (customer_id, order_date, total_amount) values"
                    " (%s, trustcart.business_date() - %s, %s)"
                )
                try:
                    if kind < 0.4:
                        connection.execute(insert, [customer, age, amount])
                    elif kind < 0.5:
                        other = 1 + customer % CUSTOMERS
                        connection.execute(
                            insert + ", (%s, trustcart.business_date(), %s)", [customer, age, amount, other, amount]
                        )
                    elif kind < 0.75:
                        status = pick.choice(["cancelled", "cancelled", "delivered"])
                        connection.execute(
                            f"update trustcart.sales_orders set status = %s where id = {some}", [status, customer]
                        )
                    elif kind < 0.8:
                        connection.execute(
                            f"update trustcart.sales_orders set customer_id = %s where id = {some}",
                            [pick.randint(1, CUSTOMERS), customer],
                        )
                    elif kind < 0.97:
                        connection.execute(f"delete from trustcart.sales_orders where id = {some}", [customer])
                    else:
                        connection.execute("select trustcart.refresh_loyalty_tiers()")
                except psycopg.errors.DeadlockDetected:
                    continue
                done += 1
    except Exception as error:
        failures.append(error)


def test_random_orders_leave_tiers_calls_and_history_right(db: Database) -> None:
    with db.connect(row_factory=namedtuple_row) as connection:
        connection.execute("insert into trustcart.customers (id) select generate_series(1, %s)", [CUSTOMERS])
        failures: list[Exception] = []
        sessions = [threading.Thread(target=shop_at_random, args=[db, seed, failures]) for seed in range(SESSIONS)]
        for session in sessions:
            session.start()
        for session in sessions:
            session.join()
        assert failures == []
        assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []

        # Counted by hand, from the orders.
        bounds = [(150000, "platinum"), (50000, "gold"), (20000, "silver")]
        spends = connection.execute(
            "select c.id, coalesce(sum(o.total_amount) filter (where o.status <> 'cancelled'), 0) as spend"
            " from trustcart.customers as c left join trustcart.sales_orders as o on o.customer_id = c.id group by c.id"
        ).fetchall()
        expected = {
            row.id: next(tier for spend, tier in bounds if row.spend >= spend) for row in spends if row.spend >= 20000
        }
        held = connection.execute("select customer_id, tier from trustcart.customer_loyalty").fetchall()
        assert {row.customer_id: row.tier for row in held} == expected

        # Nobody was congratulated twice; every change begins where the one before ended.
        calls = connection.execute(
            "select customer_id from trustcart.crm_call_tasks where task_type = 'congratulate_gold_member'"
        ).fetchall()
        assert len(calls) > 0
        assert len(calls) == len(set(calls))
        changes = connection.execute(
            "select customer_id, from_tier, to_tier from trustcart.loyalty_tier_changes order by customer_id, id"
        ).fetchall()
        assert len(changes) > CUSTOMERS
        labels = connection.execute(
            "select customer_id, attribute, from_value, to_value from trustcart.customer_state_changes"
            " order by customer_id, attribute, id"
        ).fetchall()
        for rows in (changes, labels):
            for one, other in pairwise(rows):
                if one[:-2] == other[:-2]:
                    assert one[-1] == other[-2], (one, other)
        # What the feed told is what was recorded, but for history that was entered.
        told = connection.execute(
            "select customer_id, payload ->> 'from' as from_tier, payload ->> 'to' as to_tier from trustcart.events"
            " where event_type = 'loyalty_tier_changed'"
        ).fetchall()
        assert set(map(tuple, told)) <= set(map(tuple, changes))
        assert len(told) <= len(changes)


def test_two_orders_at_once_reach_gold_once(db: Database) -> None:
    """Neither alone reaches it; whichever comes second does, with one call."""
    with db.connect() as first, db.connect() as second, db.connect() as watch:
        watch.execute("insert into trustcart.customers (id) values (1)")
        first.autocommit = False
        order = (
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " values (1, trustcart.business_date(), 30000)"
        )
        first.execute(order)
        waiting = threading.Thread(target=second.execute, args=[order])
        waiting.start()
        wait_until_blocked(db, second.info.backend_pid)
        first.commit()
        waiting.join()
        changes = watch.execute("select from_tier, to_tier from trustcart.loyalty_tier_changes order by id").fetchall()
        assert changes == [(None, "silver"), ("silver", "gold")]
        assert watch.execute("select count(*) from trustcart.crm_call_tasks").fetchone() == (1,)


def test_customers_of_the_shop_get_their_tiers_silently(db: Database) -> None:
    """The migration gives who has spent enough already the tier, and nobody a call."""
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) values (1), (2)")
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " values (1, trustcart.business_date() - 40, 60000), (2, trustcart.business_date() - 40, 5)"
        )
        connection.execute(
            "delete from trustcart.customer_loyalty; delete from trustcart.loyalty_tier_changes;"
            " delete from trustcart.loyalty_tiers_reached",
            prepare=False,
        )
        text = (REPOSITORY / "migrations" / "0011_events_loyalty.sql").read_text(encoding="utf-8")
        begins = text.index("-- Who has a tier already")
        connection.execute(text[begins : text.index(";", begins)])
        assert connection.execute("select customer_id, tier from trustcart.customer_loyalty").fetchall() == [
            (1, "gold")
        ]
        assert connection.execute("select count(*) from trustcart.crm_call_tasks").fetchone() == (0,)
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " values (1, trustcart.business_date(), 1)"
        )
        assert connection.execute("select count(*) from trustcart.crm_call_tasks").fetchone() == (0,)
