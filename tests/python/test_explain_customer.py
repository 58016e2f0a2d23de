"""Why a customer is called what they are: what explain_customer() says of any day is what every day's state says."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.python.conftest import Database

CUSTOMERS = 18
DAYS = 340
STATE = ("customer_type", "lifecycle_stage", "priority_level", "risk_level")
#: Thresholds: the shop's own, some that are close together, and some where the labels fall on other days.
SETTINGS = (
    {},
    {
        "hot_within_days": 1,
        "warm_within_days": 2,
        "at_risk_from_days": 3,
        "churned_after_days": 3,
        "inactive_from_days": 4,
        "dropoff_low_after_days": 0,
        "dropoff_medium_after_days": 1,
        "dropoff_high_after_days": 2,
        "dropoff_critical_after_days": 50,
    },
    {"vip_order_count": 2, "inactive_from_days": 10, "at_risk_from_days": 20, "churned_after_days": 100},
)


@pytest.fixture
def shop(db: Database) -> Iterator[psycopg.Connection]:
    """Customers with orders of all kinds on random days, some ahead, some of none."""
    pick = random.Random(6)
    with db.connect() as connection:
        today = connection.execute("select trustcart.business_date()").fetchone()[0]
        connection.execute("insert into trustcart.customers (id) select generate_series(1, %s)", [CUSTOMERS])
        orders = [
            (
                customer,
                today + timedelta(days=pick.choice([pick.randint(-300, 0), pick.randint(-40, 0), pick.randint(1, 40)])),
                pick.choice([100, 900, 12_000, 26_000]),
                pick.choice(["delivered", "delivered", "pending", "cancelled"]),
            )
            for customer in range(2, CUSTOMERS + 1)
            for _ in range(pick.randint(0, 9))
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
                " values (%s, %s, %s, %s)",
                orders,
            )
        yield connection


def states(connection: psycopg.Connection, first: date, last: date) -> dict[int, dict[date, dict[str, str | None]]]:
    """{customer: {day: {attribute: label}}}: of each day, as customer_state() has it; the rest by the guide's rules."""
    tiers = connection.execute("select min_spend, tier from trustcart.loyalty_tiers order by min_spend").fetchall()
    found: dict[int, dict[date, dict[str, str | None]]] = defaultdict(dict)
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            "select d::date as day, s.* from generate_series(%s::timestamp, %s, interval '1 day') as d"
            " cross join lateral trustcart.customer_state(d::date) as s",
            [first, last],
        )
        for row in cursor:
            labels = {name: row[name] for name in STATE}
            at_risk, kind = row["lifecycle_stage"] == "at_risk", row["customer_type"]
            labels["loyalty_tier"] = next((t for spend, t in reversed(tiers) if row["total_spend"] >= spend), None)
            labels["call_priority"] = "hot" if kind == "vip" else "warm" if at_risk else "cold"
            labels["recommended_action"] = (
                "Send discount offer"
                if at_risk
                else {"vip": "Personal call from manager", "new": "Welcome gift voucher"}.get(kind, "Regular follow-up")
            )
            found[row["customer_id"]][row["day"]] = labels
    return found


@pytest.mark.parametrize("settings", SETTINGS, ids=("the shop's", "close together", "apart"))
def test_every_label_and_the_days_it_holds(shop: psycopg.Connection, settings: dict[str, int]):
    """Label, first day and first day of the next one, against a walk through all days."""
    if settings:
        changes = ", ".join(f"{name} = {value}" for name, value in settings.items())
        shop.execute(f"update trustcart.settings set {changes}")
    today = shop.execute("select trustcart.business_date()").fetchone()[0]
    first, last = today - timedelta(days=DAYS), today + timedelta(days=200)
    by_day = states(shop, first, last)
    pick = random.Random(8)
    days = [today, *(today + timedelta(days=pick.randint(-320, 60)) for _ in range(11))]
    seen = set()
    for customer, labels in by_day.items():
        for day in days:
            rows = shop.execute(
                "select attribute, value, since, until, next_value, code, why from trustcart.explain_customer(%s, %s)",
                [customer, day],
            ).fetchall()
            assert [row[0] for row in rows] == [*STATE, "loyalty_tier", "call_priority", "recommended_action"]
            for attribute, value, since, until, next_value, code, why in rows:
                where = (customer, day, attribute)
                assert value == labels[day][attribute], where
                start = day
                while start > first and labels[start - timedelta(days=1)][attribute] == value:
                    start -= timedelta(days=1)
                end = day
                while end < last and labels[end][attribute] == value:
                    end += timedelta(days=1)
                is_open = end == last and labels[end][attribute] == value
                assert since == (None if start == first else start), where
                assert until == (None if is_open else end), where
                assert next_value == (None if is_open else labels[end][attribute]), where
                assert why.endswith("."), where
                seen.add(code)
    codes = {
        "no_order",
        "type_vip",
        "type_inactive",
        "lifecycle_stage_churned",
        "lifecycle_stage_at_risk",
        "risk_level",
    }
    assert seen >= codes


def test_today_is_what_is_maintained(shop: psycopg.Connection):
    """The stored labels, tier, priority and action of today, and the day on which the stored ones end."""
    shop.execute("select trustcart.refresh_customer_state(), trustcart.refresh_loyalty_tiers()")
    rows = shop.execute(
        """
        select
            c.id,
            array[c.customer_type, c.lifecycle_stage, c.priority_level, l.tier, i.call_priority, i.recommended_action],
            array_agg(e.value order by array_position(%s, e.attribute)) filter (where e.attribute <> 'risk_level'),
            min(e.until) filter (where e.attribute in ('customer_type', 'lifecycle_stage', 'priority_level')),
            c.state_valid_until
        from trustcart.customers as c
        inner join trustcart.customer_intelligence as i on c.id = i.customer_id
        left join trustcart.customer_loyalty as l on c.id = l.customer_id
        cross join lateral trustcart.explain_customer(c.id) as e
        group by c.id, l.tier, i.call_priority, i.recommended_action
        """,
        [["customer_type", "lifecycle_stage", "priority_level", "loyalty_tier", "call_priority", "recommended_action"]],
    ).fetchall()
    assert len(rows) == CUSTOMERS
    for customer, stored, explained, until, valid_until in rows:
        assert explained == stored, customer
        # The row is looked at again when an order falls due, too, whether or not that changes a label.
        if until is not None:
            assert valid_until <= until, customer


def test_the_figures_are_those_of_the_orders(shop: psycopg.Connection):
    """Orders, spend and days beside each label, as customer_state() counts them."""
    day = shop.execute("select trustcart.business_date() - 33").fetchone()[0]
    for customer, orders, spend, last, days in shop.execute(
        "select customer_id, order_count, total_spend, last_order_date, days_since_last_order"
        " from trustcart.customer_state(%s)",
        [day],
    ).fetchall():
        for (figures,) in shop.execute(
            "select figures from trustcart.explain_customer(%s, %s)", [customer, day]
        ).fetchall():
            assert (figures["orders"], Decimal(str(figures["spend"]))) == (orders, spend)
            assert figures.get("last_order_date") == (last and last.isoformat())
            assert figures.get("days") == days
