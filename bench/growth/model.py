"""The customer model in a shop of each size: fit, scores, and the plan that goes by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import psycopg

from bench import measure
from bench.growth.meter import Meter, Took, middle
from bench.intelligence import SCORE, fitted, use

_ROUNDS = 3
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
    times = {"scores": meter.took(lambda: connection.execute(SCORE, [day]))}
    facts["scored"] = connection.execute("select count(*) from trustcart.customer_scores").fetchone()[0]
    sell()
    connection.execute("vacuum (analyze)")
    rescored: list[int] = []
    following = day + timedelta(days=1)
    times["scores-of-a-day"] = meter.took(
        lambda: rescored.append(int(connection.execute(SCORE, [following]).fetchone()[0]))
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
    model: dict[str, object] = {}
    took = meter.took(lambda: model.update(fitted(connection)))
    use(connection, model)
    return took, model
