"""Rows of the daily jobs: refresh of the state, generation of the call tasks, dropoffs."""

from __future__ import annotations

import statistics
from datetime import date, timedelta

import psycopg

from bench import guide, measure
from bench.context import Context, Result

_STATE = ("customers", "customer_behavior", "customer_state_changes", "customer_dropoff_tracking")
# The day that moves about this share of the customers.
_SHARE = 0.01
_READING_SCAN = (
    "select count(*) from trustcart.customers as c where c.is_active and c.order_count > 0 and c.total_spend >= 0"
    " and c.first_order_date < $1 and c.last_order_date < $1"
)
# Every customer computed from the orders and written, in one statement of plain SQL: the cheapest full recompute.
_PLAIN_RECOMPUTE = """
    update trustcart.customers as c
    set
        order_count = s.order_count,
        total_spend = s.total_spend,
        first_order_date = s.first_order_date,
        last_order_date = s.last_order_date,
        customer_type = s.customer_type,
        lifecycle_stage = s.lifecycle_stage,
        priority_level = s.priority_level,
        state_as_of = %(day)s,
        state_revision = c.state_revision + 1,
        state_valid_until = null
    from trustcart.customer_state(%(day)s) as s
    where c.id = s.customer_id
"""


def refresh(context: Context) -> list[Result]:
    """A day's refresh against computing everybody anew, in time and in WAL."""
    name = context.shop()
    with context.connect(name) as connection:
        day = _moving_day(connection)
        customers = connection.execute("select count(*) from trustcart.customers").fetchone()[0]
        before = day - timedelta(days=1)
        times: dict[str, list[float]] = {"day": [], "rewind": [], "plain": []}
        wal: dict[str, int] = {}
        moved = 0
        for _ in range(context.effort.repeats):
            with measure.rolled_back(connection, *_STATE):
                connection.execute("select trustcart.refresh_customer_state(%s)", [before])
                lsn = _lsn(connection)
                times["day"].append(
                    measure.elapsed(lambda: connection.execute("select trustcart.refresh_customer_state(%s)", [day]))
                )
                wal["day"] = _wal_since(connection, lsn)
                moved = connection.execute(
                    "select count(*) from trustcart.customers where state_as_of = %s", [day]
                ).fetchone()[0]
            for kind, statement in (
                ("rewind", "select trustcart.refresh_customer_state(%(day)s, p_rewind => true)"),
                ("plain", _PLAIN_RECOMPUTE),
            ):
                with measure.rolled_back(connection, *_STATE):
                    connection.execute("select trustcart.refresh_customer_state(%s)", [before])
                    lsn = _lsn(connection)
                    times[kind].append(
                        measure.elapsed(lambda: connection.execute(statement, {"day": day}))  # noqa: B023
                    )
                    wal[kind] = _wal_since(connection, lsn)
        medians = {kind: statistics.median(one) for kind, one in times.items()}
        cheapest = min(("rewind", "plain"), key=medians.__getitem__)
        guide_timing = _guide_dropoffs(context, connection)
        plan = ""
        if medians["day"] > 0.1 * medians[cheapest]:
            with measure.rolled_back(connection, *_STATE):
                connection.execute("select trustcart.refresh_customer_state(%s)", [before])
                plan = measure.nested_plans(
                    connection, f"select trustcart.refresh_customer_state('{day}')", at_least_ms=1
                )
    per_row = {"day": wal["day"] / max(moved, 1), "full": wal[cheapest] / customers}
    return [
        Result(
            "refresh",
            f"daily refresh on a day that moves {moved:,} of {customers:,} customers ({moved / customers:.1%})",
            f"{guide_timing} (rewrites all: its dropoff insert)",
            f"{measure.duration(medians['day'])}; full recompute {measure.duration(medians['plain'])} in one UPDATE of "
            f"plain SQL, {measure.duration(medians['rewind'])} by p_rewind",
            f"{medians['day'] / medians[cheapest]:.1%} of the quicker",
            "<= 10% of a full recompute",
            medians["day"] <= 0.1 * medians[cheapest],
            plan,
        ),
        Result(
            "refresh-wal",
            "the same: WAL",
            "–",
            f"{wal['day'] / 1000:,.0f} kB, {per_row['day']:,.0f} bytes a moved row; full recompute "
            f"{wal[cheapest] / 1000:,.0f} kB, {per_row['full']:,.0f} bytes a row",
            f"{per_row['day'] / per_row['full']:.2f}x a row",
            "in proportion to the rows moved (taken as <= 1.5x a row)",
            per_row["day"] <= 1.5 * per_row["full"],
        ),
    ]


def _moving_day(connection: psycopg.Connection) -> date:
    return connection.execute(
        "select c.state_valid_until from trustcart.customers as c"
        " where c.state_valid_until between trustcart.business_date() + 2 and trustcart.business_date() + 60"
        " group by c.state_valid_until"
        " order by abs(count(*) - %s * (select count(*) from trustcart.customers)), c.state_valid_until limit 1",
        [_SHARE],
    ).fetchone()[0]


def generation(context: Context) -> list[Result]:
    """A day's call tasks: choosing the candidates, choosing and writing, doing it again."""
    name = context.shop()
    repeats = context.effort.repeats
    with context.connect(name) as connection:
        day = context.today(name)
        plan = f"select * from trustcart.plan_daily_call_tasks('{day}')"
        times = measure.execution_times(
            connection,
            {
                "plan": (plan, []),
                "scan": ("select * from trustcart.customers", []),
                # A bare scan looks at no column; this one does, as any choice must.
                "read": (_READING_SCAN, [("date", day)]),
            },
            context.effort.rounds,
        )
        connection.execute(
            f"create temporary table planned as select p.*, date '{day}' as task_date"
            f" from trustcart.plan_daily_call_tasks('{day}') as p where p.decision = 'kept'"
        )
        connection.execute("analyze planned")
        tasks = connection.execute("select count(*) from planned").fetchone()[0]
        insert = (
            "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_type, priority, task_date,"
            " notes, source, reasons, list_position, call_from, call_until, why_agent, predecessor_id,"
            " first_planned_on)"
            " select p.customer_id, p.agent_id, p.task_type, p.priority, p.task_date, p.notes, 'generated', p.reasons,"
            " p.list_position, p.call_from, p.call_until, p.why_agent, p.carried_from[1], p.first_planned_on"
            " from planned as p order by p.customer_id"
        )
        generate = f"select trustcart.generate_daily_call_tasks(date '{day}')"

        def once(statement: str) -> float:
            with measure.rolled_back(connection, "crm_call_tasks", "agent_days", "call_waiting_list"):
                return measure.elapsed(lambda: connection.execute(statement))

        once(insert)  # warms up
        writes = measure.in_turns({"insert": lambda: once(insert), "ours": lambda: once(generate)}, repeats)
        with measure.rolled_back(connection, "crm_call_tasks", "agent_days", "call_waiting_list"):
            connection.execute(generate)
            again = measure.written(connection, generate)
        loops = {}
        for loop in ("call_tasks_loop", "call_tasks_loop_if_not_exists"):
            with connection.transaction(force_rollback=True):
                connection.execute("set local search_path to guide, pg_temp")
                connection.execute(f"set local statement_timeout to {round(context.effort.guide_limit * 1000)}")
                statement = guide.statement(loop)
                try:
                    with connection.transaction():
                        loops[loop] = measure.Timing(measure.elapsed(lambda: connection.execute(statement)))  # noqa: B023
                except psycopg.errors.QueryCanceled:
                    loops[loop] = measure.Timing(context.effort.guide_limit * 1000, "stopped")
        explained = ""
        if times["plan"] > 1.5 * times["scan"] or writes["ours"] > 1.5 * writes["insert"]:
            explained = measure.nested_plans(connection, plan, keep=2, at_least_ms=1)
    return [
        Result(
            "generation-plan",
            f"day's generation, {tasks:,} tasks: choosing the candidates",
            "–",
            f"{measure.duration(times['plan'])}; bare scan {measure.duration(times['scan'])}, one that reads the "
            f"columns of the state {measure.duration(times['read'])}",
            f"{times['plan'] / times['scan']:.2f}x",
            "<= 1.5x a scan of `customers`",
            times["plan"] <= 1.5 * times["scan"],
            explained,
        ),
        Result(
            "generation",
            "the same: in all",
            f"{loops['call_tasks_loop']} as a loop with one INSERT a row, "
            f"{loops['call_tasks_loop_if_not_exists']} with IF NOT EXISTS",
            f"{measure.duration(writes['ours'])}; plain INSERT … SELECT {measure.duration(writes['insert'])}",
            f"{writes['ours'] / writes['insert']:.2f}x",
            "<= 1.5x inserting the same rows into the same table",
            writes["ours"] <= 1.5 * writes["insert"],
            "" if times["plan"] > 1.5 * times["scan"] else explained,
        ),
        _rerun("generation-rerun", "the same: run again", "inserts everything again", again),
    ]


def dropoffs(context: Context) -> list[Result]:
    """detect_dropoffs, a second time on the same day."""
    name = context.shop()
    with context.connect(name) as connection:
        day = context.today(name)
        with measure.rolled_back(connection, *_STATE):
            connection.execute("select trustcart.detect_dropoffs(%s)", [day])
            again = measure.written(connection, "select trustcart.detect_dropoffs(%s)", [day])
        timing = _guide_dropoffs(context, connection)
        with connection.transaction(force_rollback=True):
            connection.execute("set local search_path to guide")
            rows = connection.execute(guide.statement("detect_dropoffs")).rowcount
    return [
        _rerun(
            "dropoffs-rerun",
            "detect_dropoffs, run again the same day",
            f"inserts {rows:,} rows again, {timing}",
            again,
        )
    ]


def _rerun(name: str, work: str, guide_text: str, again: measure.Written) -> Result:
    return Result(
        name,
        work,
        guide_text,
        f"{again.rows} rows, {again.wal:,} bytes of WAL",
        "–",
        "writes nothing",
        again.rows == 0,
        "" if again.rows == 0 else measure.as_json(again.result),
    )


def _guide_dropoffs(context: Context, connection: psycopg.Connection) -> measure.Timing:
    with connection.transaction(force_rollback=True):
        connection.execute("set local search_path to guide")
        return measure.explained(connection, guide.statement("detect_dropoffs"), *context.effort.for_guide)


def _lsn(connection: psycopg.Connection) -> str:
    return connection.execute("select pg_current_wal_insert_lsn()::text").fetchone()[0]


def _wal_since(connection: psycopg.Connection, lsn: str) -> int:
    return int(
        connection.execute("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s::pg_lsn)", [lsn]).fetchone()[0]
    )
