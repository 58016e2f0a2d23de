"""Rows of the customer model: fitting it, scoring by it, and the plan of the day that goes by it."""

from __future__ import annotations

import statistics
from datetime import date, timedelta

import psycopg
from psycopg.rows import dict_row

from bench import measure
from bench.context import Context, Result
from bench.shop import Size

SCORE = "select trustcart.refresh_customer_scores(%s) ->> 'scored'"
_PLAN = "select count(*) from trustcart.plan_daily_call_tasks(trustcart.business_date())"


def intelligence(context: Context) -> list[Result]:
    """Fit, scores and plan at two sizes, and at a third if asked for."""
    sizes = [size for size in (context.small, context.size, context.large) if size is not None]
    found = {size.customers: _measured(context, size) for size in sizes}
    largest = found[sizes[-1].customers]
    per_group = {customers: one["fit_ms"] / one["evaluations"] / one["groups"] for customers, one in found.items()}
    reached = True if sizes[-1].customers >= 1_000_000 else f"up to {sizes[-1].customers:,} customers"
    (few, few_ms), (many, many_ms) = largest["days"].values()
    growth = (many_ms / few_ms) / (many / max(few, 1))
    return [
        Result(
            "model-fit",
            f"fit of the customer model, {sizes[-1].customers:,} customers",
            "–",
            "; ".join(
                f"{measure.duration(one['fit_ms'])} for {customers:,} customers in {one['groups']:,} groups of orders "
                f"and {one['value_groups']:,} of values, {one['evaluations']} evaluations"
                for customers, one in found.items()
            ),
            "; ".join(f"{1000 * time:.2f} µs a group and evaluation" for time in per_group.values()),
            "< 60 s for 1M customers; time per distinct group constant",
            reached if largest["fit_ms"] < 60_000 else False,
        ),
        Result(
            "model-scores",
            f"score all of {sizes[-1].customers:,} customers",
            "–",
            f"{measure.duration(largest['score_ms'])} for {largest['scored']:,}",
            "–",
            "< 30 s for 1M customers",
            reached if largest["score_ms"] < 30_000 else False,
        ),
        Result(
            "model-scores-day",
            f"the same after a day on which {many:,} of them ordered or aged by a step",
            "–",
            f"{measure.duration(many_ms)}; after one with {few:,} {measure.duration(few_ms)}",
            f"{many_ms / few_ms:.1f}x the time for {many / max(few, 1):.1f} times the customers",
            "in proportion to the customers touched and aged (taken as <= 1.2x)",
            growth <= 1.2,
        ),
        Result(
            "model-plan",
            f"plan of the day by value at stake, {sizes[-1].customers:,} customers",
            "–",
            f"{measure.duration(largest['plan_ms'])}; by the guide's bands {measure.duration(largest['bands_ms'])}",
            f"{largest['plan_ms'] / largest['bands_ms']:.2f}x",
            "<= 1.3x",
            largest["plan_ms"] <= 1.3 * largest["bands_ms"],
        ),
    ]


def _measured(context: Context, size: Size) -> dict[str, object]:
    name = context.copy(context.shop(size), f"model_{size.customers}")
    with context.connect(name) as connection:
        connection.execute("vacuum (analyze)")
        today = context.today(name)
        model: dict[str, object] = {}
        fit = measure.elapsed(lambda: model.update(fitted(connection)))
        use(connection, model)
        connection.execute("select trustcart.refresh_customer_behavior(%s)", [today])
        score = measure.elapsed(lambda: connection.execute(SCORE, [today]))
        connection.execute("vacuum (analyze)")
        scored = _count(connection, "trustcart.customer_scores")
        plans = measure.in_turns(
            {order: lambda order=order: _plan(connection, order) for order in ("value", "bands")},
            context.effort.repeats,
        )
        # A day on which few have aged.
        days = {every: _day(context, connection, today + timedelta(days=1), every) for every in (100, 10)}
    return {
        "fit_ms": fit,
        "evaluations": model["evaluations"],
        "groups": model["order_groups"],
        "value_groups": model["value_groups"],
        "score_ms": score,
        "scored": scored,
        "days": days,
        "plan_ms": plans["value"],
        "bands_ms": plans["bands"],
    }


def fitted(connection: psycopg.Connection) -> dict[str, object]:
    """Fit a model to all orders up to yesterday. Result: its row of customer_models."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select * from trustcart.fit_customer_model(null, trustcart.business_date() - 1)"
        ).fetchone()


def use(connection: psycopg.Connection, model: dict[str, object]) -> None:
    """Use it, whether it converged or not: a small shop of random orders may say too little."""
    connection.execute("update trustcart.customer_models set is_converged = true, problem = null")
    connection.execute("update trustcart.settings set customer_model_id = %s", [model["id"]])


def _plan(connection: psycopg.Connection, order: str) -> float:
    with measure.rolled_back(connection):
        connection.execute("update trustcart.settings set call_order = %s", [order])
        return measure.elapsed(lambda: connection.execute(_PLAN))


def _day(context: Context, connection: psycopg.Connection, day: date, every: int) -> tuple[int, float]:
    """One of so many ordered: how many are scored anew, those aged included, and the time in ms."""
    times, scored = [], 0
    for _ in range(context.effort.repeats):
        with measure.rolled_back(connection, "customer_scores", "customer_behavior"):
            connection.execute(
                "insert into trustcart_private.scores_due (customer_id)"
                " select s.customer_id from trustcart.customer_scores as s where s.customer_id %% %s = 0",
                [every],
            )
            answer: list[int] = []
            times.append(
                measure.elapsed(lambda: answer.append(int(connection.execute(SCORE, [day]).fetchone()[0])))  # noqa: B023
            )
            scored = answer[0]
    return scored, statistics.median(times)


def _count(connection: psycopg.Connection, table: str) -> int:
    return connection.execute(f"select count(*) from {table}").fetchone()[0]
