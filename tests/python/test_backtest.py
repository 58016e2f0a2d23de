"""backtest: the command, the figures of a real shop against plain counts, and that nothing stays."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections import Counter
from datetime import date, timedelta

import pytest
from psycopg.rows import dict_row

from tests.tools.shared_data import cdnow_sample
from trustcart_db.importer import import_files

FIRST, LAST = date(1997, 3, 1), date(1997, 3, 21)
OVERRIDES = {"settings": {"calls_per_agent_day": 15}, "call_task_types": {"at_risk": {"max_calls": 3}}}
_COUNTS = ("calls", "customers", "dropped", "calls_observed", "calls_ordered", "dropped_observed", "dropped_ordered")


@pytest.fixture
def shop(db):
    """The customers of the sample with three agents."""
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.users (name) select 'Agent ' || n from generate_series(1, 3) as g (n)"
        )
        import_files(connection, {"orders": cdnow_sample()}, create_customers=True)
        connection.execute("analyze")
    return db


def backtest(connection, first=FIRST, last=LAST, overrides=OVERRIDES) -> dict[tuple[str, str], dict]:
    """The rows by scope and key."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select * from trustcart.backtest_call_plan(%s, %s, %s)", [first, last, json.dumps(overrides)]
        ).fetchall()
    assert len({(row["scope"], row["key"]) for row in rows}) == len(rows)
    return {(row["scope"], row["key"]): row for row in rows}


def replayed(connection) -> list[tuple]:
    """The plan of each day as the simulation sees it, kept in a simulation of the test's own: day and row."""
    rows = []
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        plan = connection.execute(
            "select p.customer_id, p.task_type, p.agent_id, p.decision, trustcart.drop_reason(p.why, p.task_type)"
            " from trustcart_private.simulated_rules(%s) as r,"
            " lateral trustcart_private.call_plan(%s, r.p_settings, r.p_types, %s, -1) as p",
            [json.dumps(OVERRIDES), day, FIRST],
        ).fetchall()
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into trustcart_private.simulated_calls (simulation, customer_id, called_on)"
                " values (-1, %s, %s)",
                [(row[0], day) for row in plan if row[3] == "kept"],
            )
            waiting = [row[0] for row in plan if row[4] == "no capacity"]
            cursor.execute("delete from trustcart_private.simulated_candidates where customer_id <> all(%s)", [waiting])
            cursor.executemany(
                "insert into trustcart_private.simulated_candidates (simulation, customer_id, waiting_since)"
                " values (-1, %s, %s) on conflict do nothing",
                [(customer, day) for customer in waiting],
            )
        rows += [(day, *row) for row in plan]
    return rows


def orders() -> dict[int, set[date]]:
    """The days on which each customer ordered."""
    found: dict[int, set[date]] = {}
    with cdnow_sample().open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(int(row["customer_id"]), set()).add(date.fromisoformat(row["order_date"]))
    return found


def test_each_figure_is_a_plain_count(shop):
    bought = orders()

    def ordered(customer: int, day: date) -> bool:
        return any(day + timedelta(days=n) in bought[customer] for n in range(1, 31))

    with shop.connect() as connection:
        got = backtest(connection)
        connection.execute("begin")
        rows = replayed(connection)
        connection.execute("rollback")

    expected: dict[tuple[str, str], Counter] = {}
    customers: dict[tuple[str, str], set[int]] = {}
    loads = Counter()
    for day, customer, kind, agent, decision, why in rows:
        scopes = [("total", "total"), ("month", f"{day:%Y-%m}"), ("day", str(day)), ("reason", kind)]
        scopes.append(("agent", str(agent)) if decision == "kept" else ("drop", why))
        loads[day, agent] += decision == "kept"
        for scope in scopes:
            counts = expected.setdefault(scope, Counter())
            if decision == "kept":
                customers.setdefault(scope, set()).add(customer)
                counts.update(calls=1, calls_observed=1, calls_ordered=ordered(customer, day))
            else:
                counts.update(dropped=1, dropped_observed=1, dropped_ordered=ordered(customer, day))
    for scope, people in customers.items():
        expected[scope]["customers"] = len(people)
    first_call: dict[int, date] = {}
    first_drop: dict[int, date] = {}
    for day, customer, _, _, decision, _ in rows:
        (first_call if decision == "kept" else first_drop).setdefault(customer, day)
    never = {customer: day for customer, day in first_drop.items() if customer not in first_call}
    expected["customer", "called"] = Counter(
        calls=len(first_call),
        customers=len(first_call),
        calls_observed=len(first_call),
        calls_ordered=sum(ordered(*one) for one in first_call.items()),
    )
    expected["customer", "never called"] = Counter(
        dropped=len(never), dropped_observed=len(never), dropped_ordered=sum(ordered(*one) for one in never.items())
    )

    assert set(got) == set(expected)
    for scope, counts in expected.items():
        assert {name: got[scope][name] for name in _COUNTS} == {name: counts[name] for name in _COUNTS}, scope
    days = (LAST - FIRST).days + 1
    assert got["total", "total"]["calls"] > 500
    assert got["drop", "no capacity"]["dropped"] > 500
    assert got["customer", "never called"]["dropped"] > 100
    for agent in ("1", "2", "3"):
        row = got["agent", agent]
        assert (row["agent_days"], row["capacity"]) == (days, 15 * days)
        assert row["max_calls_per_agent_day"] == max(loads[day, int(agent)] for day, *_ in rows) <= 15
        assert float(row["avg_calls_per_agent_day"]) == round(row["calls"] / days, 2)
    total = got["total", "total"]
    assert float(total["share_called"]) == pytest.approx(100 * total["calls_ordered"] / total["calls"], abs=0.005)
    assert float(total["share_dropped"]) == pytest.approx(100 * total["dropped_ordered"] / total["dropped"], abs=0.005)


def test_nothing_stays_and_runs_at_once_are_apart(shop):
    tables = (
        "select schemaname || '.' || relname from pg_stat_user_tables where schemaname like 'trustcart%' order by 1"
    )
    with shop.connect() as connection:

        def contents() -> dict[str, str]:
            return {
                table: connection.execute(
                    f"select md5(coalesce(string_agg(t.xmin || t::text, ',' order by t.ctid), '')) from {table} as t"
                ).fetchone()[0]
                for (table,) in connection.execute(tables).fetchall()
            }

        before = contents()
        alone = {cap: backtest(connection, overrides={"settings": {"calls_per_agent_day": cap}}) for cap in (5, 10, 20)}
        together: dict[int, dict] = {}

        def run(cap: int) -> None:
            with shop.connect() as own:
                together[cap] = backtest(own, overrides={"settings": {"calls_per_agent_day": cap}})

        sessions = [threading.Thread(target=run, args=[cap]) for cap in alone]
        for one in sessions:
            one.start()
        for one in sessions:
            one.join(120)
        assert together == alone
        assert len({rows["total", "total"]["calls"] for rows in alone.values()}) == 3
        assert contents() == before


def test_a_run_that_fails_leaves_nothing(shop):
    with shop.connect() as connection:
        connection.execute("set statement_timeout to '1s'")
        with pytest.raises(Exception, match="statement timeout"):
            backtest(connection, last=date(1998, 3, 1))
        for table in ("simulated_calls", "simulated_drops", "simulated_candidates"):
            assert connection.execute(f"select count(*) from trustcart_private.{table}").fetchone()[0] == 0


def test_the_command(shop, cli):
    period = ["backtest", "--from", "1997-03-01", "--to", "1997-04-02"]
    changes = [
        "--set",
        "settings.calls_per_agent_day=5",
        "--set",
        "at_risk.max_calls=3",
        "--set",
        "at_risk.base_priority=hot",
    ]
    done = cli(*period, *changes, url=shop.url)
    assert done.returncode == 0, done.stderr
    for told in ("Calls from 1997-03-01 to 1997-04-02", "1997-04", "By agent", "Agent 2", "at_risk", "no capacity"):
        assert told in done.stdout
    assert "1997-03-15" not in done.stdout
    assert "1997-03-15" in cli(*period, *changes, "--days", url=shop.url).stdout
    with shop.connect() as connection:
        overrides = {
            "settings": {"calls_per_agent_day": 5},
            "call_task_types": {"at_risk": {"max_calls": 3, "base_priority": "hot"}},
        }
        expected = backtest(connection, last=date(1997, 4, 2), overrides=overrides)
    rows = json.loads(cli(*period, *changes, "--format", "json", url=shop.url).stdout)
    assert [(row["scope"], row["key"]) for row in rows] == list(expected)
    assert [row["calls"] for row in rows] == [row["calls"] for row in expected.values()]
    assert {row["agent"] for row in rows if row["scope"] == "agent"} == {"Agent 1", "Agent 2", "Agent 3"}
    table = list(csv.DictReader(io.StringIO(cli(*period, *changes, "--format", "csv", url=shop.url).stdout)))
    assert [row["key"] for row in table] == [row["key"] for row in rows]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, "Missing option '--from'"),
        (["--from", "1997-02-30", "--to", "1997-03-01"], 2, "is not a date"),
        (["--from", "1997-03-02", "--to", "1997-03-01"], 7, "is no period"),
        (["--from", "1997-03-01", "--to", "1997-03-01", "--set", "calls"], 2, "is not NAME=VALUE"),
        (["--from", "1997-03-01", "--to", "1997-03-01", "--set", "calls=1"], 2, "is not NAME=VALUE"),
        (["--from", "1997-03-01", "--to", "1997-03-01", "--set", "settings.calls=1"], 7, "settings has no calls"),
        (["--from", "1997-03-01", "--to", "1997-03-01", "--set", "greeting.rank=1"], 7, "greeting is not in"),
        (["--from", "1997-03-01", "--to", "1997-03-01", "--set", "at_risk.max_calls=many"], 7, "at_risk.max_calls:"),
        (["--from", "1997-03-01", "--to", "1997-03-01", "--set", "settings.time_zone=UTC"], 7, "cannot be simulated"),
    ],
)
def test_wrong_usage(db, cli, arguments, code, told):
    done = cli("backtest", *arguments, url=db.url)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
