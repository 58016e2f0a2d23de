"""Rows of the agents' day: the list of the calls, the claims, the replay of a year."""

from __future__ import annotations

import os
import statistics
from datetime import date, timedelta
from pathlib import Path

import psycopg

from bench import measure
from bench.context import Context, Result
from bench.shop import Size
from trustcart_db.bundle import read_bundle
from trustcart_db.importer import import_files
from trustcart_db.migrate import migrate

_AGENTS = 200
_SESSIONS = 8
_WRITTEN = ("crm_call_tasks", "agent_days", "call_waiting_list")
_SAMPLE = Path("data") / "cdnow_sample.csv"


def day(context: Context) -> list[Result]:
    """A day's list: planned, written and handed to 200 agents, who left all of yesterday's undone."""
    sizes = [context.small, context.size, *([context.large] if context.large else [])]
    times: dict[Size, float] = {}
    statements: list[tuple[int, int]] = []
    plan = ""
    for size in sizes:
        shop = context.shop(size)
        # The largest is not copied: only the rows that read use it besides.
        name = shop if size == context.large else context.copy(shop, f"day_{size.customers}")
        with context.connect(name) as connection:
            today = _yesterdays_list(connection, context.today(name))
            generate = f"select trustcart.generate_daily_call_tasks(date '{today}')"
            found = []
            for _ in range(context.effort.repeats):
                with connection.transaction(force_rollback=True):
                    found.append(measure.elapsed(lambda: connection.execute(generate)))  # noqa: B023
                for table in _WRITTEN:
                    connection.execute(f"vacuum trustcart.{table}")
            times[size] = statistics.median(found)
            with connection.transaction(force_rollback=True):
                report = connection.execute(generate).fetchone()[0]
            if (count := measure.nested_statements(connection, generate)) is not None:
                statements.append(count)
            if times[size] >= 60_000:
                plan = measure.nested_plans(connection, generate, at_least_ms=100)
    before, last = sizes[-2:]
    growth = times[last] / times[before]
    reached = times[last] < 60_000 and growth <= 12
    work = (
        f"plan + generate + assign, {_AGENTS} agents: {report['created']:,} calls, {report['carried']:,} of them"
        f" carried over, {last}" + ("" if context.large else " (1M: with --large)")
    )
    inside = ""
    if statements:
        different = " and ".join(f"{one}" for one in dict.fromkeys(one for one, _ in statements[-2:]))
        runs = " and ".join(f"{one:,}" for one in dict.fromkeys(one for _, one in statements[-2:]))
        inside = f", {different} different ones inside (executed {runs} times)"
    return [
        Result(
            "day",
            work,
            "–",
            f"{measure.duration(times[last])}; one statement of the client{inside}",
            f"{growth:.1f}x the time of {before.customers:,} customers",
            "< 60 s, <= 12x for ten times the customers",
            reached if context.large or not reached else f"up to {last.customers:,} customers",
            plan,
        )
    ]


def _yesterdays_list(connection: psycopg.Connection, today: date) -> date:
    """Give the shop its agents, with room for everybody, and a list of yesterday on which nothing was done."""
    connection.execute("update trustcart.settings set calls_per_agent_day = 1000")
    connection.execute(
        "insert into trustcart.users (name) select 'More ' || g.n from generate_series(1, %s - (select count(*)"
        " from trustcart.users where role = 'crm_agent' and is_active)) as g (n)",
        [_AGENTS],
    )
    yesterday = today - timedelta(days=1)
    connection.execute("select trustcart.generate_daily_call_tasks(%s::date)", [yesterday])
    connection.execute(
        "update trustcart.crm_call_tasks set created_at = created_at - interval '1 day' where task_date = %s",
        [yesterday],
    )
    connection.execute("vacuum (analyze)")
    return today


def claims(context: Context) -> list[Result]:
    """Sessions at once that claim: from the agents' own lists, and all from one pool."""
    number = context.effort.claims
    rates = {}
    for kind in ("own", "pool"):
        name = context.copy(context.shop(), f"claims_{kind}")
        with context.connect(name) as connection:
            agents = connection.execute(
                "select min(id), max(id) from trustcart.users where role = 'crm_agent' and is_active"
            ).fetchone()
            _tasks_to_claim(connection, agents, 2 * _SESSIONS * number, kind == "pool")
        script = context.files / f"claims_{kind}.sql"
        script.write_text(
            f"\\set agent random({agents[0]}, {agents[1]})\nselect id from trustcart.claim_next_call(:agent);\n",
            encoding="utf-8",
        )
        rates[kind] = measure.transactions_per_second(context.server, name, script, _SESSIONS, transactions=number)
        with context.connect(name) as connection:
            claimed = connection.execute(
                "select count(*) from trustcart.crm_call_tasks where claimed_by is not null"
            ).fetchone()[0]
        # Each claim got a task: were one claimed twice, fewer would be.
        if claimed != _SESSIONS * number:
            raise RuntimeError(f"{_SESSIONS * number} claims took {claimed} tasks")
    return [
        Result(
            "claims",
            f"claim_next_call, {_SESSIONS} sessions, {_SESSIONS * number:,} claims: each another task",
            "–",
            f"{rates['own']:,.0f}/s from the agents' own lists; {rates['pool']:,.0f}/s all from one pool",
            "–",
            ">= 2,000/s, no double",
            rates["own"] >= 2000,
        )
    ]


def _tasks_to_claim(connection: psycopg.Connection, agents: tuple[int, int], number: int, pool: bool) -> None:
    """Tasks of today, spread over the customers who may be called, and the agents or nobody."""
    connection.execute("update trustcart.settings set calls_per_agent_day = 100000, contacts_per_week = 1000")
    connection.execute(
        "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, priority, list_position)"
        " select c.ids[1 + g.n %% cardinality(c.ids)], case when not %(pool)s then %(first)s + g.n %% %(agents)s end,"
        " trustcart.business_date(), (array['hot', 'warm', 'cold'])[1 + g.n %% 3], g.n"
        " from generate_series(1, %(number)s) as g (n) cross join ("
        " select array_agg(c.id order by c.id) as ids from trustcart.customers as c where c.is_active and not exists ("
        " select from trustcart_private.contact_blocks(trustcart.business_date(), now(), trustcart.business_date() + 1,"
        " null, (select s from trustcart.settings as s)) as b where b.customer_id = c.id)"
        " ) as c",
        {"pool": pool, "first": agents[0], "agents": agents[1] - agents[0] + 1, "number": number},
    )
    connection.execute("vacuum (analyze)")


def backtest(context: Context) -> list[Result]:
    """A replay of the sample of real orders."""
    goal = "< 60 s"
    sample = Path(os.environ.get("TRUSTCART_SHARED") or Path(__file__).parents[2] / "shared") / _SAMPLE
    if not sample.exists():
        context.notes.append(f"No backtest: there is no {_SAMPLE} in TRUSTCART_SHARED or beside the checkout.")
        return [Result("backtest", "a year's backtest of the sample", "–", "not measured", "–", goal, None)]
    url = context.server.create_database("sample")
    migrate(url, read_bundle())
    first, last = date(1997, 1, 1), date(1997, 12, 31)
    if context.effort.repeats == 1:
        last = date(1997, 1, 10)
    with context.connect("sample") as connection:
        connection.execute(
            "insert into trustcart.users (name) select 'Agent ' || n from generate_series(1, 5) as g (n)"
        )
        import_files(connection, {"orders": sample}, create_customers=True)
        connection.execute("vacuum (analyze)")
        rows = []
        overrides = '{"settings": {"calls_per_agent_day": 15}}'
        took = measure.elapsed(
            lambda: rows.extend(
                connection.execute(
                    "select scope, calls, dropped from trustcart.backtest_call_plan(%s, %s, %s)",
                    [first, last, overrides],
                )
            )
        )
    calls, dropped = next((calls, dropped) for scope, calls, dropped in rows if scope == "total")
    days = (last - first).days + 1
    return [
        Result(
            "backtest",
            f"a backtest of {days} days of the sample: 2,357 customers, {calls:,} calls, {dropped:,} times dropped",
            "–",
            measure.duration(took),
            f"{measure.duration(took / days)} a day",
            goal,
            took < 60_000,
        )
    ]
