"""Rows that read: one customer in 360°, pages of them, the agents' dashboard."""

from __future__ import annotations

import psycopg

from bench import guide, measure
from bench.context import Context, Result
from bench.shop import Size

_ONE = "select * from trustcart.customer_360_view where customer_id = $1"
_BARE = "select * from trustcart.customers where id = $1"
# The heavy customer whom the goals speak of.
_HEAVY = (199, 243, 3)
_PAGE = (
    "select * from trustcart.customer_360_view where customer_type = 'vip' {}"
    "order by lifetime_value desc, customer_id desc limit 50"
)
_LATER = "and (lifetime_value, customer_id) < ($1, $2) "
_FIGURES = ("orders", "interactions", "family")
_SEEN = """
    create temporary table seen as
    select
        c.id,
        c.order_count::integer as orders,
        (select count(*)::integer from trustcart.customer_interactions as i where i.customer_id = c.id) as interactions,
        (select count(*)::integer from trustcart.customer_family_members as f where f.customer_id = c.id) as family
    from trustcart.customers as c
    where c.order_count > 0
"""
_NEAREST = "select * from seen order by abs(orders - %s) + abs(interactions - %s) + abs(family - %s), id limit 1"


def customer_360(context: Context) -> list[Result]:
    """One customer: a median one, one as heavy as the goals', the heaviest of all."""
    name = context.shop()
    with context.connect(name) as connection:
        connection.execute(_SEEN)
        medians = connection.execute(
            "select "
            + ", ".join(f"percentile_disc(0.5) within group (order by {one})" for one in _FIGURES)
            + " from seen"
        ).fetchone()
        median = connection.execute(_NEAREST, medians).fetchone()
        heavy = connection.execute(_NEAREST, _HEAVY).fetchone()
        heaviest = connection.execute(
            "select * from seen order by orders + interactions + family desc, id limit 1"
        ).fetchone()
        times = measure.execution_times(
            connection,
            {
                "bare": (_BARE, [("bigint", median[0])]),
                "median": (_ONE, [("bigint", median[0])]),
                "heavy": (_ONE, [("bigint", heavy[0])]),
                "heaviest": (_ONE, [("bigint", heaviest[0])]),
            },
            context.effort.rounds,
        )
        printed, indexed = {}, {}
        for kind, one in (("median", median), ("heavy", heavy)):
            printed[kind] = _guide_360(context, connection, one[0])
        with connection.transaction(force_rollback=True):
            connection.execute("set local search_path to guide")
            connection.execute(guide.statement("foreign_keys_indexed"))
            connection.execute("analyze")
            for kind, one in (("median", median), ("heavy", heavy)):
                indexed[kind] = _guide_360(context, connection, one[0])
        plans = {
            kind: measure.plan_of(connection, _ONE.replace("$1", str(one[0])))
            for kind, one in (("median", median), ("heavy", heavy), ("heaviest", heaviest))
        }

    def told(one: tuple) -> str:
        return f"{one[1]} orders, {one[2]} interactions, {one[3]} family"

    results = [
        Result(
            "360-median",
            f"360° of a median customer ({told(median)})",
            f"{printed['median']}; {indexed['median']} with its foreign keys indexed",
            f"{measure.duration(times['median'])}; bare read {measure.duration(times['bare'])}",
            f"{times['median'] / times['bare']:.2f}x",
            "<= 3x a bare primary-key read of `customers`",
            times["median"] <= 3 * times["bare"],
            plans["median"],
        ),
        Result(
            "360-heavy",
            f"360° of a heavy one ({told(heavy)})",
            f"{printed['heavy']}; {indexed['heavy']} with its foreign keys indexed",
            measure.duration(times["heavy"]),
            f"{times['heavy'] / times['median']:.2f}x",
            "<= 1.5x the median one's",
            times["heavy"] <= 1.5 * times["median"],
            plans["heavy"],
        ),
    ]
    if heaviest[0] != heavy[0]:
        results.append(
            Result(
                "360-heaviest",
                f"360° of the heaviest ({told(heaviest)})",
                "–",
                measure.duration(times["heaviest"]),
                f"{times['heaviest'] / times['median']:.2f}x",
                "(none set)",
                None,
            )
        )
    return results


def _guide_360(context: Context, connection: psycopg.Connection, customer_id: int) -> measure.Timing:
    statement = f"select * from guide.customer_360_view where customer_id = {customer_id}"
    return measure.explained(connection, statement, *context.effort.for_guide)


def pages(context: Context) -> list[Result]:
    """A first page of VIPs by lifetime value, and one from the middle by key, in shops of several sizes."""
    sizes = [context.small, context.size, *([context.large] if context.large else [])]
    found = {size: _page_times(context, size) for size in sizes}
    slowest = [max(one["first"], one["later"]) for one in found.values()]
    reached = slowest[-1] <= 1 and all(
        one[kind] <= 2 * found[sizes[0]][kind] for one in found.values() for kind in ("first", "later")
    )
    growth = max(found[sizes[-1]][kind] / found[sizes[0]][kind] for kind in ("first", "later"))
    with context.connect(context.shop()) as connection:
        page = "select * from guide.customer_360_view where customer_type = 'vip' order by lifetime_value desc limit 50"
        timing = measure.explained(connection, page, *context.effort.for_guide)
        plan = measure.plan_of(connection, _PAGE.format("")) if not reached else ""
    ours = [
        f"{measure.duration(one['first'])} and {measure.duration(one['later'])} at {size.customers:,}"
        for size, one in found.items()
    ]
    return [
        Result(
            "pages",
            "first page of VIPs by lifetime value, and a page in the middle by key",
            f"{timing} (first page)",
            "; ".join(ours),
            f"{growth:.2f}x from {sizes[0].customers:,} to {sizes[-1].customers:,} customers",
            "<= 1 ms, and within 2x of itself from 10k to 1M customers"
            + ("" if context.large else " (1M: with --large)"),
            reached if context.large or not reached else f"up to {context.size.customers:,} customers",
            plan,
        )
    ]


def _page_times(context: Context, size: Size) -> dict[str, float]:
    with context.connect(context.shop(size)) as connection:
        key = connection.execute(
            "select c.total_spend, c.id from trustcart.customers as c where c.customer_type = 'vip'"
            " order by c.total_spend desc, c.id desc"
            " offset (select count(*) / 2 from trustcart.customers as n where n.customer_type = 'vip') limit 1"
        ).fetchone()
        arguments = [("numeric", key[0]), ("bigint", key[1])]
        return measure.execution_times(
            connection,
            {"first": (_PAGE.format(""), []), "later": (_PAGE.format(_LATER), arguments)},
            context.effort.rounds,
        )


def agents(context: Context) -> list[Result]:
    """The agents' dashboard, against counting its interactions by agent."""
    dashboard = "select * from trustcart.agent_performance_dashboard"
    scan = "select agent_id, count(*) from trustcart.customer_interactions group by agent_id"
    tried = {}
    for size in (context.small, context.size):
        with context.connect(context.shop(size)) as connection:
            tried[size] = (
                measure.explained(
                    connection, "select * from guide.agent_performance_dashboard", *context.effort.for_guide
                ),
                connection.execute(
                    "select coalesce(sum(t.tasks * i.interactions), 0)::bigint"
                    " from (select assigned_agent_id as id, count(*) as tasks from guide.crm_call_tasks group by 1)"
                    " as t join (select agent_id as id, count(*) as interactions from guide.customer_interactions"
                    " group by 1) as i using (id)"
                ).fetchone()[0],
            )
    with context.connect(context.shop()) as connection:
        times = measure.execution_times(
            connection, {"ours": (dashboard, []), "scan": (scan, [])}, context.effort.rounds
        )
        counts = connection.execute(
            "select (select count(*) from trustcart.customer_interactions),"
            " (select count(*) from trustcart.crm_call_tasks)"
        ).fetchone()
        plan = measure.plan_of(connection, dashboard)
    (small, small_rows), (full, full_rows) = tried[context.small], tried[context.size]
    text = f"{full} for {full_rows:,} joined rows"
    if full.stopped:
        text += f"; at {context.small.customers:,} customers {small} for {small_rows:,}"
        if not small.stopped:
            text += f", so about {measure.duration(small.ms * full_rows / max(small_rows, 1))} here"
    return [
        Result(
            "agents",
            f"agent_performance_dashboard ({counts[0]:,} interactions, {counts[1]:,} tasks)",
            text,
            f"{measure.duration(times['ours'])}; scan {measure.duration(times['scan'])}",
            f"{times['ours'] / times['scan']:.2f}x",
            "<= 2.5x a scan of the interactions it counts",
            times["ours"] <= 2.5 * times["scan"],
            plan,
        )
    ]
