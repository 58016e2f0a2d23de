"""Rows of the campaigns: the live count of a saved segment, and the freezing of an audience."""

from __future__ import annotations

import statistics

import psycopg
from psycopg.types.json import Jsonb

from bench import measure
from bench.context import Context, Result
from bench.shop import Size

#: What a shop asks before a campaign: who buys honey, has children and spends, and was here lately.
_RULES = [
    {"attribute": "customer_type", "words": ["new", "repeat", "vip"]},
    {"attribute": "total_spend", "at_least": 2000},
    {"attribute": "days_since_last_order", "at_most": 60},
    {"attribute": "category_bought", "words": ["Honey", "Ghee"]},
    {"attribute": "has_children"},
    {"attribute": "family_birthday_in_days", "at_most": 180},
    {"attribute": "has_abandoned_cart", "exclude": True},
]
_SEGMENT = "select trustcart.create_segment('bench', %s, p_replace => true)"
_COUNT = "select trustcart.segment_count('bench')"
_REFUSALS = (
    "insert into trustcart.customer_consents (customer_id, channel, granted)"
    " select c.id, 'sms', false from trustcart.customers as c where c.id % 33 = 0"
)
_CAMPAIGN = (
    "insert into trustcart.marketing_campaigns (campaign_name, campaign_type, message_template, holdout_percentage)"
    " values ('Bench', 'sms', 'Dear {{ first_name }}', 5) returning id"
)


def segment(context: Context) -> list[Result]:
    """The live count of a segment of seven rules, and of each of its rules alone."""
    return [_counted(context, size) for size in _sizes(context)]


def _counted(context: Context, size: Size) -> Result:
    with context.connect(context.shop(size)) as connection:
        # As the night left it.
        connection.execute("select trustcart.refresh_customer_behavior()")
        alone: dict[str, float] = {}
        with connection.transaction(force_rollback=True):
            for rule in _RULES:
                connection.execute(_SEGMENT, [Jsonb([rule])])
                alone[rule["attribute"]] = _median(connection, context)
            connection.execute(_SEGMENT, [Jsonb(_RULES)])
            found = connection.execute(_COUNT).fetchone()[0]
            time = _median(connection, context)
            plan = measure.nested_plans(connection, _COUNT) if time >= 1000 else ""
    slowest = max(alone, key=alone.__getitem__)
    return Result(
        "segment",
        f"live count of a saved segment, {len(_RULES)} rules: {found:,} customers, {size}",
        "–",
        f"{measure.duration(time)}; of one rule at most {measure.duration(alone[slowest])} ({slowest})",
        "–",
        "< 1 s with 1M customers",
        _reached(time < 1000, size),
        plan,
    )


def _median(connection: psycopg.Connection, context: Context) -> float:
    connection.execute(_COUNT)
    return statistics.median(measure.elapsed(lambda: connection.execute(_COUNT)) for _ in range(context.effort.repeats))


def freeze(context: Context) -> list[Result]:
    """send_campaign to all: the audience of the whole shop, in one transaction."""
    return [_frozen(context, size) for size in _sizes(context)]


def _frozen(context: Context, size: Size) -> Result:
    times = []
    with context.connect(context.shop(size)) as connection:
        for _ in range(1 if size == context.large else context.effort.repeats):
            with connection.transaction(force_rollback=True):
                connection.execute(_REFUSALS)
                campaign = connection.execute(_CAMPAIGN).fetchone()[0]
                send = f"select trustcart.send_campaign({campaign})"
                times.append(measure.elapsed(lambda: connection.execute(send)))  # noqa: B023
                queued, excluded = connection.execute(
                    "select (select count(*) from trustcart.campaign_messages),"
                    " (select count(*) from trustcart.campaign_exclusions)"
                ).fetchone()
            for table in ("campaign_messages", "campaign_exclusions", "customer_consents", "events"):
                connection.execute(f"vacuum trustcart.{table}")
    time = statistics.median(times)
    if queued + excluded != size.customers:
        raise RuntimeError(f"of {size.customers} customers {queued} are in the audience and {excluded} left out")
    return Result(
        "freeze",
        f"freeze an audience: {queued:,} queued, {excluded:,} left out with a reason, {size}",
        "–",
        f"{measure.duration(time)}, one transaction; {1000 * size.customers / time:,.0f} customers/s",
        "–",
        "< 60 s for 1M customers",
        _reached(time < 60_000, size),
    )


def _sizes(context: Context) -> list[Size]:
    return [context.size, *([context.large] if context.large else [])]


def _reached(reached: bool, size: Size) -> bool | str:
    return reached if size.customers >= 1_000_000 or not reached else f"up to {size.customers:,} customers"
