"""Fills a database with a shop as skewed as real ones are, by the SQL of bench/shop/.

A few customers have hundreds of orders: the n-th best has about 1 / (n + offset) of them. The same size gives the same
shop. What is not worth a row of its own (which table, which share) stands in the SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg

_SQL = Path(__file__).parent / "shop"
# Spreads the best customers over all ids: a prime that divides no size.
STEP = 48_271


@dataclass(frozen=True)
class Size:
    """How large a shop is: customers, orders; staff, so many agents instead of as many as such a shop would have."""

    customers: int
    orders: int
    staff: int | None = None

    @property
    def offset(self) -> float:
        """Of the skew: with it the best customer has 573 of a million orders of 100,000 customers."""
        return max(1.0, 0.003 * self.customers)

    @property
    def agents(self) -> int:
        """Agents who call."""
        return self.staff or max(5, min(200, self.customers // 500))

    def __str__(self) -> str:
        return f"{self.customers:,} customers and {self.orders:,} orders"


def fill(
    connection: psycopg.Connection, size: Size, steps: tuple[str, ...] = ("customers", "orders", "contacts")
) -> None:
    """Fill a migrated, empty database, and leave it vacuumed and analysed.

    Arguments: a connection in autocommit; the size; the files of bench/shop/ to run. Raises psycopg.Error.
    """
    settings = {
        "bench.customers": size.customers,
        "bench.orders": size.orders,
        "bench.offset": size.offset,
        "bench.agents": size.agents,
        "bench.step": STEP,
        "bench.served": 0.88,
        # Parallel workers would hand out the random numbers in another order each time.
        "max_parallel_workers_per_gather": 0,
        "work_mem": "256MB",
    }
    for name, value in settings.items():
        connection.execute("select set_config(%s, %s, false)", [name, str(value)])
    for step in steps:
        connection.execute((_SQL / f"{step}.sql").read_text(encoding="utf-8"), prepare=False)
    connection.execute("discard all")
    # Packed, so that no table is read with the holes which the filling left.
    for table in ("customers", "customer_behavior", "customer_dropoff_tracking"):
        connection.execute(f"vacuum (full) trustcart.{table}")
    connection.execute("vacuum (analyze)")


def order_script(size: Size, today: str) -> str:
    """A pgbench script that inserts one order of a customer drawn with the shop's skew. Arguments: size, order date."""
    return _drawn(size) + (
        "\\set amount random(100, 5000)\n"
        "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
        f" values (:customer, date '{today}', :amount, 'pending');\n"
    )


def contact_script(size: Size) -> str:
    """A pgbench script that inserts one interaction of a customer drawn likewise. Argument: the size."""
    return _drawn(size) + (
        f"\\set agent random(2, {1 + size.agents})\n"
        "insert into trustcart.customer_interactions (customer_id, interaction_type, outcome, agent_id)"
        " values (:customer, 'call', 'successful', :agent);\n"
    )


def _drawn(size: Size) -> str:
    base = (size.customers + size.offset) / size.offset
    return (
        f"\\set rank int({size.offset} * pow({base}, random(0, 999999) / 1000000.0) - {size.offset})\n"
        f"\\set customer 1 + (:rank * {STEP}) % {size.customers}\n"
    )
