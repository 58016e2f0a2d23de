"""Recommendations: what is kept by small steps against recomputation, several sessions at once."""

from __future__ import annotations

import random
import threading
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations

import psycopg
import pytest

from tests.python.conftest import Database

CUSTOMERS = 12
PRODUCTS = 15
SESSIONS = 3
OPERATIONS = 700
STATUSES = ["pending", "shipped", "delivered", "cancelled", "returned"]
COUNTING = {"pending", "shipped", "delivered"}
SOME_ORDER = "(select id from trustcart.sales_orders where customer_id = %s order by random() limit 1)"


class Shopper(threading.Thread):
    """A session that places, fills, changes, moves, cancels and deletes orders at random, and refreshes at times."""

    def __init__(self, db: Database, seed: int, today: date) -> None:
        super().__init__()
        self.db = db
        self.random = random.Random(seed)
        self.today = today
        self.failure: Exception | None = None

    def step(self, connection: psycopg.Connection) -> None:
        """One random operation, in a transaction of its own."""
        pick = self.random
        customer = pick.randint(1, CUSTOMERS)
        day = self.today - timedelta(days=pick.choice([0, 1, 5, 20, 88, 89, 90, 91, 200, -1, -3]))
        kind = pick.random()
        if kind < 0.45:
            with connection.transaction():
                (order,) = connection.execute(
                    "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
                    " values (%s, %s, 100, %s) returning id",
                    [customer, day, pick.choice(STATUSES)],
                ).fetchone()
                # A few carts hold everything, the same product twice, or something unknown.
                for _ in range(pick.choice([0, 1, 2, 3, 3, 6])):
                    connection.execute(
                        "insert into trustcart.sales_order_items (order_id, product_id) values (%s, %s)",
                        [order, pick.choice([None, *range(1, PRODUCTS + 1)])],
                    )
        elif kind < 0.60:
            connection.execute(
                f"update trustcart.sales_orders set status = %s where id = {SOME_ORDER}",
                [pick.choice(STATUSES), customer],
            )
        elif kind < 0.66:
            connection.execute(
                f"update trustcart.sales_orders set order_date = %s, customer_id = %s where id = {SOME_ORDER}",
                [day, pick.randint(1, CUSTOMERS), customer],
            )
        elif kind < 0.72:
            connection.execute(f"delete from trustcart.sales_orders where id = {SOME_ORDER}", [customer])
        elif kind < 0.80:
            connection.execute(
                f"update trustcart.sales_order_items set product_id = %s where order_id = {SOME_ORDER}",
                [pick.randint(1, PRODUCTS), customer],
            )
        elif kind < 0.85:
            connection.execute(
                f"update trustcart.sales_order_items set order_id = {SOME_ORDER} where order_id = {SOME_ORDER}"
                f" and exists (select from trustcart.sales_orders where customer_id = %s)",
                [customer, pick.randint(1, CUSTOMERS), customer],
            )
        elif kind < 0.92:
            connection.execute(
                f"delete from trustcart.sales_order_items where order_id = {SOME_ORDER} and product_id < %s",
                [customer, pick.randint(1, PRODUCTS)],
            )
        elif kind < 0.94:
            connection.execute(
                "insert into trustcart.sales_order_items (order_id, product_id)"
                " select o.id, g from trustcart.sales_orders as o, generate_series(1, 2) as g where o.customer_id = %s",
                [customer],
            )
        elif kind < 0.95:
            connection.execute(
                "update trustcart.order_statuses set counts = not counts where status = 'returned'",
            )
        else:
            connection.execute("select trustcart.refresh_recommendations(%s)", [self.today])

    def run(self) -> None:
        """All operations; a deadlock, which random writers of several customers may meet, undoes its own alone."""
        try:
            with self.db.connect() as connection:
                for _ in range(OPERATIONS):
                    try:
                        self.step(connection)
                    except psycopg.errors.DeadlockDetected:
                        continue
                    except (psycopg.errors.ForeignKeyViolation, psycopg.errors.NotNullViolation):
                        continue  # its order was deleted meanwhile
        except Exception as error:
            self.failure = error


def counted_by_hand(
    connection: psycopg.Connection, today: date, recent_from: date
) -> tuple[int, dict[tuple[int, int], int], dict[int, tuple[int, int, int, Decimal]]]:
    """What the orders come to, counted in Python: baskets, {pair: orders}, {product: its figures}."""
    counting = {row[0] for row in connection.execute("select status from trustcart.order_statuses where counts")}
    baskets: dict[int, tuple[int, date, set[int]]] = {}
    for order, customer, day, status, product in connection.execute(
        "select o.id, o.customer_id, o.order_date, o.status, i.product_id from trustcart.sales_orders as o"
        " join trustcart.sales_order_items as i on i.order_id = o.id where i.product_id is not null"
    ):
        if status in counting and day <= today:
            baskets.setdefault(order, (customer, day, set()))[2].add(product)
    pairs: Counter[tuple[int, int]] = Counter()
    orders: Counter[int] = Counter()
    recent: Counter[int] = Counter()
    days: dict[tuple[int, int], set[date]] = defaultdict(set)
    for customer, day, products in baskets.values():
        pairs.update(permutations(products, 2))
        orders.update(products)
        recent.update(products if day >= recent_from else ())
        for product in products:
            days[product, customer].add(day)
    rhythms: dict[int, list[Decimal]] = defaultdict(list)
    for (product, _), on in days.items():
        if len(on) > 1:
            mean = Decimal((max(on) - min(on)).days) / (len(on) - 1)
            rhythms[product].append(mean.quantize(Decimal("0.001"), ROUND_HALF_UP))
    figures = {p: (orders[p], recent[p], len(rhythms[p]), sum(rhythms[p], Decimal(0))) for p in orders}
    return len(baskets), dict(pairs), figures


def kept(
    connection: psycopg.Connection,
) -> tuple[int, dict[tuple[int, int], int], dict[int, tuple[int, int, int, Decimal]]]:
    """What refresh_recommendations() keeps, in the same shape."""
    return (
        connection.execute("select baskets from trustcart.recommendation_state").fetchone()[0],
        {(a, b): n for a, b, n in connection.execute("select * from trustcart.product_pairs")},
        {row[0]: row[1:] for row in connection.execute("select * from trustcart.product_figures")},
    )


def test_random_changes_taken_in_by_steps_are_what_counting_all_gives(db: Database) -> None:
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id) select g from generate_series(1, %s) as g", [CUSTOMERS]
        )
        connection.execute(
            "insert into trustcart.products (id, name) select g, 'P' || g from generate_series(1, %s) as g", [PRODUCTS]
        )
        # A date of our own: the job takes it as an argument, and no rule here reads the clock.
        today = date(2026, 6, 15)
        connection.execute("select trustcart.refresh_recommendations(%s)", [today - timedelta(days=2)])
        sessions = [Shopper(db, seed, today) for seed in range(SESSIONS)]
        for session in sessions:
            session.start()
        for session in sessions:
            session.join()
        assert [session.failure for session in sessions] == [None] * SESSIONS

        # What is dated ahead comes with its day; the window moves along; a deleted product leaves.
        for day in (today, today + timedelta(days=1), today + timedelta(days=40)):
            if day > today:
                connection.execute("delete from trustcart.products where id = %s", [(day - today).days % PRODUCTS])
            result = connection.execute("select trustcart.refresh_recommendations(%s)", [day]).fetchone()[0]
            assert (result["as_of"], result["recounted"]) == (str(day), False)
            assert kept(connection) == counted_by_hand(connection, day, day - timedelta(days=89))
            assert connection.execute("select * from trustcart.check_recommendations()").fetchall() == []
            again = connection.execute("select trustcart.refresh_recommendations(%s)", [day]).fetchone()[0]
            assert again["changed"] == 0

        stepped = kept(connection)
        assert stepped[1] and any(figures[2] for figures in stepped[2].values())
        counted = connection.execute(
            "select trustcart.refresh_recommendations(%s, p_recount => true)", [today]
        ).fetchone()[0]
        assert (counted["as_of"], counted["recounted"]) == (str(today + timedelta(days=40)), True)
        assert kept(connection) == stepped

        connection.execute("truncate trustcart.sales_order_items")
        connection.execute("select trustcart.refresh_recommendations(%s)", [today])
        assert kept(connection) == (0, {}, {})


def test_an_order_filled_while_the_job_runs_is_in_the_next_run(db: Database) -> None:
    with db.connect() as shop, db.connect() as job:
        shop.execute("insert into trustcart.customers (id) values (1)")
        shop.execute("insert into trustcart.products (id, name) values (1, 'Honey'), (2, 'Ghee')")
        job.execute("select trustcart.refresh_recommendations('2026-06-15')")
        shop.autocommit = False
        shop.execute(
            "insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status)"
            " values (1, 1, '2026-06-15', 100, 'pending')"
        )
        shop.execute("insert into trustcart.sales_order_items (order_id, product_id) values (1, 1), (1, 2)")
        job.autocommit = False
        result = job.execute("select trustcart.refresh_recommendations('2026-06-15')").fetchone()[0]
        assert result["baskets"] == 0
        shop.execute("insert into trustcart.sales_order_items (order_id, product_id) values (1, 1)")
        shop.commit()  # nobody waited for anybody
        job.commit()
        result = job.execute("select trustcart.refresh_recommendations('2026-06-15')").fetchone()[0]
        assert (result["baskets"], result["changed"]) == (1, 1)
        assert kept(job)[1] == {(1, 2): 1, (2, 1): 1}


def test_a_shop_with_orders_that_upgrades_has_them_counted_by_the_first_run(db: Database) -> None:
    with db.connect() as connection:
        connection.execute("alter table trustcart.sales_order_items disable trigger user")
        connection.execute("insert into trustcart.customers (id) values (1)")
        connection.execute("insert into trustcart.products (id, name) values (1, 'Honey'), (2, 'Ghee')")
        connection.execute(
            "insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)"
            " values (1, 1, '2026-06-01', 100), (2, 1, '2026-06-20', 100)"
        )
        connection.execute("insert into trustcart.sales_order_items (order_id, product_id) values (1, 1), (2, 2)")
        connection.execute("alter table trustcart.sales_order_items enable trigger user")
        for day, baskets in (("2026-06-15", 1), ("2026-06-20", 2)):
            connection.execute("select trustcart.refresh_recommendations(%s)", [day])
            assert connection.execute("select baskets from trustcart.recommendation_state").fetchone() == (baskets,)


def test_the_job_is_one_of_the_daily_ones(db: Database) -> None:
    with db.connect() as connection:
        connection.execute("call trustcart.run_job('refresh_recommendations', '2026-06-15')")
        assert connection.execute(
            "select status, result ->> 'as_of' from trustcart.job_runs where job_name = 'refresh_recommendations'"
        ).fetchall() == [("succeeded", "2026-06-15")]


@pytest.mark.parametrize("size", [1, 20])
def test_the_api_gives_the_guides_shape(db: Database, size: int) -> None:
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) values (1)")
        connection.execute(
            "insert into trustcart.products (id, name, price) select g, 'P' || g, 500 from generate_series(1, %s) as g",
            [size],
        )
        connection.execute(
            "insert into trustcart.product_recommendation_rules (rule_name, product_id, discount_percentage)"
            " select 'R', id, 10 from trustcart.products"
        )
        offers = connection.execute("select trustcart_api.recommendations(1)").fetchone()[0]
        assert len(offers) == min(size, 10)
        assert {"product_id", "product_name", "recommended_price", "discount_percentage", "reason"} <= set(offers[0])
        assert (offers[0]["recommended_price"], offers[0]["discount_percentage"]) == (450, 10)
