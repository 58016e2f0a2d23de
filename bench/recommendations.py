"""Rows of the recommendations: those of one customer, and the daily count of baskets."""

from __future__ import annotations

import statistics
from pathlib import Path

import psycopg

from bench import measure
from bench.context import Context, Result
from bench.shop import Size

_BASKETS = Path(__file__).parent / "shop" / "baskets.sql"
_ONE = "select * from trustcart.get_product_recommendations($1)"
_REFRESH = "select trustcart.refresh_recommendations()"
_RECOUNT = "select trustcart.refresh_recommendations(p_recount => true)"
_KEPT = ("product_pairs", "product_figures", "recommendation_state")
_BUYERS = """
    create temporary table buyers as
    select o.customer_id, count(*) as items
    from trustcart.sales_order_items as i inner join trustcart.sales_orders as o on i.order_id = o.id
    group by o.customer_id
"""
# A day's orders: of the latest that have items, each gets one more product.
_CHANGE = """
    insert into trustcart.sales_order_items (order_id, product_id)
    select o.id, 61 + o.id %% 2000
    from (
        select so.id from trustcart.sales_orders as so
        where so.id %% 5 < 2 order by so.id desc limit %s
    ) as o
"""


def recommendations(context: Context) -> list[Result]:
    """One customer's recommendations, and what a day's orders cost the daily refresh."""
    results = []
    for size in (context.size, context.large):
        if size is not None:
            results += _measured(context, size)
    return results


def _measured(context: Context, size: Size) -> list[Result]:
    name = context.copy(context.shop(size), f"baskets_{size.customers}")
    with context.connect(name) as connection:
        connection.execute(_BASKETS.read_text(encoding="utf-8"), prepare=False)
        connection.execute("vacuum (analyze)")
        counting = measure.elapsed(lambda: connection.execute(_REFRESH))
        connection.execute("vacuum (analyze)")
        items = connection.execute("select count(*) from trustcart.sales_order_items").fetchone()[0]
        connection.execute(_BUYERS)
        buyers = {
            "median": "order by abs(b.items - (select percentile_disc(0.5) within group (order by items) from buyers)),"
            " b.customer_id",
            "heaviest": "order by b.items desc, b.customer_id",
        }
        found = {
            kind: connection.execute(f"select b.customer_id, b.items from buyers as b {order} limit 1").fetchone()
            for kind, order in buyers.items()
        }
        times = measure.execution_times(
            connection,
            {kind: (_ONE, [("bigint", customer)]) for kind, (customer, _) in found.items()},
            context.effort.rounds,
        )
        plan = measure.nested_plans(connection, _ONE.replace("$1", str(found["heaviest"][0])))
        refreshes = {count: _refresh(context, connection, count) for count in (1000, 10_000)}
        recount = measure.elapsed(lambda: connection.execute(_RECOUNT))
    ratio = refreshes[10_000] / refreshes[1000]
    return [
        Result(
            "recommendations",
            f"recommendations for one customer, {items:,} order items",
            "–",
            f"{measure.duration(times['median'])} with {found['median'][1]} items bought; "
            f"{measure.duration(times['heaviest'])} for the heaviest, {found['heaviest'][1]} items",
            "–",
            "< 10 ms",
            times["heaviest"] < 10,
            plan,
        ),
        Result(
            "recommendations-refresh",
            "the daily co-purchase refresh after 10,000 changed orders of those",
            "–",
            f"{measure.duration(refreshes[10_000])}; after 1,000 {measure.duration(refreshes[1000])}; counting all "
            f"{measure.duration(recount)}, the first time {measure.duration(counting)}",
            f"{ratio:.1f}x for 10 times the orders",
            "in proportion to the day's orders (taken as <= 12x)",
            ratio <= 12,
        ),
    ]


def _refresh(context: Context, connection: psycopg.Connection, count: int) -> float:
    times = []
    for _ in range(context.effort.repeats):
        with measure.rolled_back(connection, *_KEPT):
            connection.execute(_CHANGE, [count])
            times.append(measure.elapsed(lambda: connection.execute(_REFRESH)))
    return statistics.median(times)
