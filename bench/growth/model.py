"""The customer model in a shop of each size: fit, scores, and the plan that goes by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import psycopg
from psycopg.rows import dict_row

from bench import measure
from bench.growth.meter import Meter, Took, middle

_ROUNDS = 3
_FIT = "select * from trustcart.fit_customer_model(null, trustcart.business_date() - 1)"
_SCORE = "select trustcart.refresh_customer_scores(%s) ->> 'scored'"
_PLAN = "select count(*) from trustcart.plan_daily_call_tasks(%s)"
# The customers of a large shop are copies, with the same histories to the day: the model would see no more kinds of
# them than in the small one. Each order moves by up to four weeks, so that they are as many kinds as in life.
_SPREAD = (
    "set session_replication_role = replica;"
    "update trustcart.sales_orders set order_date = order_date - abs(hashint8(id)) % 28;"
    "reset session_replication_role;"
    "vacuum (analyze) trustcart.sales_orders"
)


def measured(
    connection: psycopg.Connection, day: date, sell: Callable[[], None], facts: dict[str, float]
) -> dict[str, Took]:
    """Measure its rows, in a shop that has changed afterwards.

    Arguments: a connection in autocommit; the day up to which jobs have run; a day's orders; facts about the shop, to
    which it adds. Result: {row: what it took}. Raises psycopg.Error.
    """
    meter = Meter(connection)
    _fit(connection, meter)
    times = {"scores": meter.took(lambda: connection.execute(_SCORE, [day]))}
    facts["scored"] = connection.execute("select count(*) from trustcart.customer_scores").fetchone()[0]
    sell()
    connection.execute("vacuum (analyze)")
    rescored: list[int] = []
    following = day + timedelta(days=1)
    times["scores-of-a-day"] = meter.took(
        lambda: rescored.append(int(connection.execute(_SCORE, [following]).fetchone()[0]))
    )
    facts["scored on a day"] = rescored[0]
    connection.execute("vacuum (analyze)")
    plans: dict[str, list[Took]] = {"plan-by-value": [], "plan-by-bands": []}
    for _ in range(_ROUNDS):
        for row, took in plans.items():
            with measure.rolled_back(connection):
                connection.execute("update trustcart.settings set call_order = %s", [row.removeprefix("plan-by-")])
                took.append(meter.took(lambda: connection.execute(_PLAN, [following])))
    times |= {row: middle(took) for row, took in plans.items()}
    for statement in _SPREAD.split(";"):
        connection.execute(statement)
    times["fit"], model = _fit(connection, meter)
    facts["groups of orders"] = model["order_groups"]
    facts["evaluations"] = model["evaluations"]
    return times


def _fit(connection: psycopg.Connection, meter: Meter) -> tuple[Took, dict[str, object]]:
    """Fit a model and use it, whether it converged or not: made-up orders know no reason to leave."""
    with connection.cursor(row_factory=dict_row) as cursor:
        model: dict[str, object] = {}
        took = meter.took(lambda: model.update(cursor.execute(_FIT).fetchone()))
    connection.execute("update trustcart.customer_models set is_converged = true, problem = null")
    connection.execute("update trustcart.settings set customer_model_id = %s", [model["id"]])
    return took, model
