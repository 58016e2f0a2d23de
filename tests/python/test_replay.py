"""The real orders, replayed as pg_cron would have run the days: what comes out does not depend on days skipped."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest

from tests.python.conftest import Database
from tests.tools.shared_data import cdnow_sample

BEGIN, END = date(1997, 1, 1), date(1997, 9, 30)


@pytest.fixture
def shop(db: Database) -> Iterator[psycopg.Connection]:
    """A database with the sample's orders in it."""
    with db.connect() as connection, cdnow_sample().open(newline="") as file:
        rows = list(csv.DictReader(file))
        connection.execute(
            "insert into trustcart.customers (id) select unnest(%s::bigint[])",
            [sorted({int(row["customer_id"]) for row in rows})],
        )
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "copy trustcart.sales_orders (customer_id, order_date, total_amount, status) from stdin"
            ) as copy,
        ):
            for row in rows:
                copy.write_row((row["customer_id"], row["order_date"], row["total_amount"], "delivered"))
        yield connection


def replay(connection: psycopg.Connection, days: list[date]) -> tuple[list, list, list]:
    """Run state and dropoff for these days. Returns the history, the episodes and the state that they leave."""
    connection.execute("select trustcart.refresh_customer_state(%s, p_rewind => true)", [days[0]])
    connection.execute("select trustcart.detect_dropoffs(%s)", [days[0]])
    for day in days[1:]:
        connection.execute("select trustcart.refresh_customer_state(%s), trustcart.detect_dropoffs(%s)", [day, day])
    assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []
    return (
        connection.execute(
            "select customer_id, attribute, business_date, from_value, to_value, cause "
            "from trustcart.customer_state_changes order by customer_id, attribute, id"
        ).fetchall(),
        connection.execute(
            "select customer_id, last_active_date, days_inactive, risk_level, reason, opened_on, level_as_of, "
            "closed_on, close_reason from trustcart.customer_dropoff_tracking order by customer_id, last_active_date"
        ).fetchall(),
        connection.execute(
            "select id, order_count, total_spend, first_order_date, last_order_date, next_order_date, customer_type, "
            "lifecycle_stage, priority_level, state_valid_until from trustcart.customers order by id"
        ).fetchall(),
    )


def test_the_history_does_not_depend_on_when_jobs_ran(shop: psycopg.Connection) -> None:
    every_day = [BEGIN + timedelta(days=n) for n in range((END - BEGIN).days + 1)]
    daily = replay(shop, every_day)
    assert len(daily[0]) > 5000
    assert len(daily[1]) > 2000
    pick = random.Random(1997)
    some_days = [BEGIN, *sorted(pick.sample(every_day[1:-1], 12)), END]
    assert replay(shop, some_days) == daily
    assert replay(shop, [BEGIN, END]) == daily


def test_an_order_within_the_skipped_days_changes_nothing_about_them(shop: psycopg.Connection) -> None:
    """Today's order of a customer whose state is years old lets those years pass first."""
    shop.execute("select trustcart.refresh_customer_state(%s, p_rewind => true)", [BEGIN])
    one = (
        "select attribute, business_date, from_value, to_value, cause from trustcart.customer_state_changes "
        "where customer_id = 1 and business_date < trustcart.business_date() order by id"
    )
    shop.execute(
        "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status) "
        "values (1, trustcart.business_date(), 5, 'pending'), (1, '1997-03-01', 5, 'pending')"
    )
    by_order = shop.execute(one).fetchall()
    shop.execute("delete from trustcart.sales_orders where total_amount = 5")
    shop.execute("select trustcart.refresh_customer_state(%s, p_rewind => true)", [BEGIN])
    shop.execute("select trustcart.refresh_customer_state()")
    assert shop.execute(one).fetchall() == by_order
    assert len(by_order) > 4
