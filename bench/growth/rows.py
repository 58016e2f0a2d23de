"""What is measured in a shop of each size: lookups, pages, writes, and days that go by with all their jobs."""

from __future__ import annotations

import csv
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg

from bench import measure
from bench.growth import model
from bench.growth.meter import Meter, Took, middle
from bench.shop import STEP, Size
from trustcart_db.importer import import_files
from trustcart_db.server import PrivateServer

MANAGER = 1


@dataclass(frozen=True)
class Row:
    """A row: group, label, goal (the most its slope may be; None: none set)."""

    group: str
    label: str
    goal: float | None


@dataclass(frozen=True)
class Effort:
    """How long to measure: rounds of each read; days that go by; orders one by one; imported, orders in a file."""

    rounds: int = 60
    days: int = 3
    orders: int = 2000
    imported: int = 20_000


QUICK = Effort(rounds=2, days=1, orders=50, imported=200)

#: The rows, in the order of the table.
ROWS: dict[str, Row] = {
    "by-key": Row("lookups", "a customer by primary key, for comparison", None),
    "360-median": Row("lookups", "360° of a median customer", 0.1),
    "360-heavy": Row("lookups", "360° of one with 200 orders and 180 interactions", 0.1),
    "find-caller": Row("lookups", "`find_caller` by phone number", 0.1),
    "find-e-mail": Row("lookups", "`find_customers` by e-mail address", 0.1),
    "find-given-name": Row("lookups", "`find_customers`, the first ten of a ninth of all", 0.1),
    "claim": Row("lookups", "`claim_next_call`", 0.1),
    "list-vips": Row("lookups", "first 50 VIPs by lifetime value", 0.1),
    "page-customers": Row("pages", "customers", 0.1),
    "page-customer": Row("pages", "customer", 0.1),
    "page-crm": Row("pages", "CRM", 0.1),
    "page-agent": Row("pages", "agent", 0.1),
    "page-team": Row("pages", "team", 0.1),
    "page-automation": Row("pages", "automation", 0.1),
    "order": Row("writes", "one order, all triggers on: median", 0.1),
    "import": Row("writes", "importing {imported:,} orders of 5,000 customers", 0.1),
    "orders-of-a-day": Row("daily work", "a day's orders in one statement", 1.05),
    "refresh_customer_state": Row("daily work", "`refresh_customer_state`", 1.05),
    "detect_dropoffs": Row("daily work", "`detect_dropoffs`", 1.05),
    "refresh_customer_behavior": Row("daily work", "`refresh_customer_behavior`", 1.05),
    "refresh_recommendations": Row("daily work", "`refresh_recommendations`", 1.05),
    "generate_daily_call_tasks": Row("daily work", "`generate_daily_call_tasks`", 1.05),
    "apply_retention": Row("daily work", "`apply_retention`", 1.05),
    "first-retention": Row("daily work", "`apply_retention` after words were given a term: the first run", 1.05),
    "moved-threshold": Row("daily work", "`refresh_customer_state` after a threshold was moved", 1.05),
    "fit": Row("customer model", "`fit_customer_model`", 1.05),
    "scores": Row("customer model", "`refresh_customer_scores`, all customers", 1.05),
    "scores-of-a-day": Row("customer model", "`refresh_customer_scores` after a day's orders", 1.05),
    "plan-by-value": Row("customer model", "the plan of a day by value at stake", 1.05),
    "plan-by-bands": Row("customer model", "the plan of a day by the guide's bands", 1.05),
    "longest": Row("locks", "longest transaction of the jobs that commit in batches", 0.1),
}
_DAILY = (
    *("refresh_customer_state", "detect_dropoffs", "refresh_customer_behavior", "refresh_recommendations"),
    *("generate_daily_call_tasks", "apply_retention"),
)
_BATCHED = ("refresh_customer_state", "detect_dropoffs", "refresh_customer_behavior", "apply_retention")
# Of a customer's ten orders in two years, so many fall on a day.
_ORDERS_A_DAY = 10 / 730


def measured(
    server: PrivateServer, dbname: str, size: Size, effort: Effort, tell: Callable[[str], None]
) -> tuple[dict[str, Took], dict[str, float]]:
    """Measure all rows in a shop, which has changed afterwards.

    Arguments: the server; the database; the shop's size; the effort; progress. Result: {row: what it took}; facts about
    the shop ({name: number}). Raises psycopg.Error, RuntimeError.
    """
    with server.connect(dbname) as connection:
        facts = _sizes(connection, size)
        times: dict[str, Took] = {}
        tell("  the day's calls")
        # Lists as long in any shop: what a day brings to ten thousand customers fills them.
        connection.execute("update trustcart.settings set calls_per_agent_day = 1000 / %s", [size.agents])
        connection.execute("select trustcart.generate_daily_call_tasks()")
        connection.execute("vacuum (analyze)")
        tell("  lookups and pages")
        times |= _reads(connection, effort)
        tell("  orders")
        times |= _orders(connection, size, effort, facts)
        tell("  days")
        # From here on everybody whose turn it is gets a call.
        connection.execute("update trustcart.settings set calls_per_agent_day = 10000")
        times |= _days(server, connection, dbname, size, effort, facts)
    return times, facts


def _sizes(connection: psycopg.Connection, size: Size) -> dict[str, float]:
    """Bytes of the database, and of its largest tables with their indexes for each of their rows."""
    facts = {"database": connection.execute("select pg_database_size(current_database())").fetchone()[0]}
    for table in ("customers", "sales_orders", "sales_order_items", "customer_interactions", "crm_call_tasks"):
        rows, bytes_ = connection.execute(
            f"select count(*), pg_total_relation_size('trustcart.{table}') from trustcart.{table}"
        ).fetchone()
        facts[f"{table} rows"], facts[f"{table} bytes"] = rows, bytes_
    facts["agents"] = size.agents
    return facts


def _reads(connection: psycopg.Connection, effort: Effort) -> dict[str, Took]:
    """Lookups and pages, each of another customer and agent in every round."""
    median = connection.execute(
        "select percentile_disc(0.5) within group (order by order_count) from trustcart.customers where order_count > 0"
    ).fetchone()[0]
    customers = connection.execute(
        "select id, phone, email, first_name from trustcart.customers where order_count = %s"
        " and family_members_count <= 1 order by hashint8(id), id limit %s",
        [median, effort.rounds],
    ).fetchall()
    heavy = (
        connection.execute(
            "select id from trustcart.customers where interactions_count >= 180 and order_count between 150 and 250"
            " order by hashint8(id), id limit %s",
            [effort.rounds],
        ).fetchall()
        or customers
    )
    agents = connection.execute(
        "select t.assigned_agent_id from trustcart.crm_call_tasks as t"
        " inner join trustcart.users as u on t.assigned_agent_id = u.id and u.is_active"
        " where t.task_date = trustcart.business_date() and t.status = 'pending'"
        " group by 1 order by hashint8(t.assigned_agent_id) limit %s",
        [effort.rounds],
    ).fetchall()
    of = _turns(customers)
    page = "select trustcart_api.page_{}"
    asked: dict[str, tuple[str, Callable[[int], list], Callable[[int], int] | None]] = {
        "by-key": ("select * from trustcart.customers where id = %s", lambda n: [of(n)[0]], None),
        "360-median": ("select * from trustcart.customer_360_view where customer_id = %s", lambda n: [of(n)[0]], None),
        "360-heavy": (
            "select * from trustcart.customer_360_view where customer_id = %s",
            lambda n: [_turns(heavy)(n)[0]],
            None,
        ),
        "find-caller": ("select * from trustcart.find_caller(%s)", lambda n: [of(n)[1]], None),
        "find-e-mail": (
            "select * from trustcart.find_customers(p_search => %s)",
            lambda n: [of(n)[2]],
            None,
        ),
        "find-given-name": (
            "select * from trustcart.find_customers(p_search => %s, p_limit => 10)",
            lambda n: [of(n)[3]],
            None,
        ),
        "claim": ("select * from trustcart.claim_next_call(%s)", lambda n: [_turns(agents)(n)[0]], None),
        "list-vips": (
            "select trustcart_api.list_customer360(p_customer_type => 'vip', p_limit => 50)",
            lambda _: [],
            None,
        ),
        "page-customers": (page.format("customers()"), lambda _: [], _manager),
        "page-customer": (page.format("customer(%s)"), lambda n: [of(n)[0]], _manager),
        "page-crm": (page.format("crm()"), lambda _: [], _manager),
        "page-agent": (page.format("agent()"), lambda _: [], lambda n: _turns(agents)(n)[0]),
        "page-team": (page.format("team()"), lambda _: [], _manager),
        "page-automation": (page.format("automation()"), lambda _: [], _manager),
    }
    found: dict[str, list[Took]] = {name: [] for name in asked}
    meter = Meter(connection)
    warm_up = max(3, effort.rounds // 6)
    for number in range(effort.rounds + warm_up):
        for name, (statement, arguments, user) in asked.items():
            with connection.transaction(force_rollback=True):
                if user is not None:
                    connection.execute("select trustcart.act_as(%s)", [user(number)])
                took = meter.took(
                    lambda: connection.execute(statement, arguments(number), prepare=True).fetchall()  # noqa: B023
                )
            if number >= warm_up:
                found[name].append(took)
    return {name: middle(one) for name, one in found.items()}


def _manager(_: int) -> int:
    return MANAGER


def _turns(rows: list[tuple]) -> Callable[[int], tuple]:
    """The rows one after the other, again and again."""
    return lambda number: rows[number % len(rows)]


def _orders(connection: psycopg.Connection, size: Size, effort: Effort, facts: dict[str, float]) -> dict[str, Took]:
    """Orders one by one and from a file."""
    meter = Meter(connection)
    order = (
        "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
        " values (%s, trustcart.business_date(), %s, 'pending')"
    )
    lsn = _lsn(connection)
    single = [
        meter.took(
            lambda: connection.execute(order, [_customer(number, size), 100 + number % 997], prepare=True)  # noqa: B023
        )
        for number in range(effort.orders)
    ]
    facts["WAL an order"] = _wal_since(connection, lsn) / effort.orders
    facts["orders a second"] = 1000 / middle(single).clock
    with tempfile.TemporaryDirectory(prefix="tc-growth-") as directory:
        path = Path(directory) / "orders.csv"
        (today,) = connection.execute("select trustcart.business_date()").fetchone()
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["order_number", "customer_id", "order_date", "total_amount", "status"])
            for number in range(effort.imported):
                writer.writerow([f"G-{number}", _customer(number, size), today, 100 + number % 997, "delivered"])
        imported = meter.took(lambda: import_files(connection, {"orders": path}))
    return {"order": middle(single), "import": imported}


def _customer(number: int, size: Size) -> int:
    """Of 5,000, or as many as a small shop has, spread over all customers."""
    return 1 + (number % 5000 * STEP) % size.customers


def _lsn(connection: psycopg.Connection) -> str:
    return connection.execute("select pg_current_wal_insert_lsn()::text").fetchone()[0]


def _wal_since(connection: psycopg.Connection, lsn: str) -> float:
    query = "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s::pg_lsn)::float8"
    return connection.execute(query, [lsn]).fetchone()[0]


def _days(
    server: PrivateServer,
    connection: psycopg.Connection,
    dbname: str,
    size: Size,
    effort: Effort,
    facts: dict[str, float],
) -> dict[str, Took]:
    """Days with their orders and jobs, as the scheduler runs them; then what is done once; then the model."""
    (today,) = connection.execute("select trustcart.business_date()").fetchone()
    numbers = itertools.count(1)
    times: dict[str, list[Took]] = {name: [] for name in ("orders-of-a-day", *_DAILY)}
    meter = Meter(connection)

    def sell() -> None:
        _sell(connection, next(numbers), max(10, round(size.customers * _ORDERS_A_DAY)))

    def run(job: str, day: date) -> Took:
        with _longest_transaction(server, dbname) as held:
            took = meter.took(lambda: connection.execute("call trustcart.run_job(%s, %s)", [job, day]))
        facts[f"longest {job}"] = max(facts.get(f"longest {job}", 0), *held)
        return took

    with measure.backend_memory(server, dbname) as memory:
        for ahead in range(1, effort.days + 1):
            # The orders of the day, then its end: each day's figures change as in a shop that sells.
            times["orders-of-a-day"].append(meter.took(sell))
            # What autovacuum does in the course of a day.
            connection.execute("vacuum (analyze)")
            for job in _DAILY:
                times[job].append(run(job, today + timedelta(days=ahead)))
        last = today + timedelta(days=effort.days)
        connection.execute("update trustcart.settings set at_risk_from_days = at_risk_from_days - 7")
        once = {"moved-threshold": run("refresh_customer_state", last)}
        connection.execute("update trustcart.settings set free_text_keep_months = 12")
        once["first-retention"] = run("apply_retention", last)
        # From now on it looks for words every day.
        times["apply_retention"] = [run("apply_retention", last) for _ in range(effort.days)]
    longest = {"longest": Took(max(facts[f"longest {job}"] for job in _BATCHED))}
    facts["server memory"] = max(memory, default=0)
    facts["calls planned"] = connection.execute(
        "select count(*) from trustcart.crm_call_tasks where task_date = %s", [last]
    ).fetchone()[0]
    modelled = model.measured(connection, last, sell, facts)
    return {name: middle(one) for name, one in times.items()} | once | longest | modelled


def _sell(connection: psycopg.Connection, number: int, orders: int) -> None:
    """So many orders of customers drawn evenly, two of five with items: what a day brings."""
    connection.execute(
        "with sold as (insert into trustcart.sales_orders (order_number, customer_id, order_date, ordered_at,"
        " total_amount, status, payment_method)"
        " select format('D%%s-%%s', %(day)s::int, g.n), 1 + (g.n * 48271 + %(day)s * 7919) %% c.customers,"
        " trustcart.business_date(), now(), 100 + g.n %% 997, 'delivered', 'bKash'"
        " from generate_series(1, %(orders)s::bigint) as g (n)"
        " cross join (select max(id) as customers from trustcart.customers) as c returning id)"
        " insert into trustcart.sales_order_items (order_id, product_id, quantity, unit_price)"
        " select s.id, 61 + (s.id * 7 + g.n) %% 2000, 1, 100"
        " from sold as s cross join generate_series(1, 2) as g (n) where s.id %% 5 < 2",
        {"day": number, "orders": orders},
    )


@contextmanager
def _longest_transaction(server: PrivateServer, dbname: str) -> Iterator[list[float]]:
    """How long, in ms, the longest transaction of the database was open meanwhile, looked up every 20 ms. The list has
    it at its end."""
    found: list[float] = []
    done = threading.Event()

    def watch() -> None:
        most = 0.0
        with server.connect() as connection:
            while not done.wait(0.02):
                (age,) = connection.execute(
                    "select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0) from pg_stat_activity"
                    " where datname = %s and backend_xid is not null",
                    [dbname],
                ).fetchone()
                most = max(most, float(age) * 1000)
        found.append(most)

    watcher = threading.Thread(target=watch)
    watcher.start()
    # It is connected and looks before anything begins.
    time.sleep(0.05)
    try:
        yield found
    finally:
        done.set()
        watcher.join()
