"""Rows that take orders in: one by one, in one COPY, from a file."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench import measure
from bench.context import Context, Result
from bench.shop import order_script

_REPOSITORY = Path(__file__).parents[1]
# Written to with every order.
_TOUCHED = (
    *("sales_orders", "customers", "customer_behavior", "customer_state_changes", "customer_dropoff_tracking"),
    "crm_call_tasks",
)


def order(context: Context) -> list[Result]:
    """One order a transaction, with our triggers and without them, by pgbench."""
    source = context.shop()
    name = context.copy(source, "orders")
    today = context.today(name)
    script = context.files / "order.sql"
    script.write_text(order_script(context.size, str(today)), encoding="utf-8")
    script.chmod(0o644)
    results = []
    with context.connect(name) as connection:

        def vacuum() -> None:
            for table in _TOUCHED:
                connection.execute(f"vacuum trustcart.{table}")

        def rate(clients: int, seconds: int) -> float:
            return measure.transactions_per_second(context.server, name, script, clients, seconds)

        def bare(clients: int) -> float:
            vacuum()
            with measure.triggers_disabled(connection, "sales_orders"):
                return rate(clients, context.effort.seconds)

        def with_triggers(clients: int) -> float:
            vacuum()
            return rate(clients, context.effort.seconds)

        rate(1, max(1, context.effort.seconds // 2))  # warms up
        plan = ""
        for clients in (1, 4):
            rates = measure.in_turns(
                {"bare": lambda: bare(clients), "ours": lambda: with_triggers(clients)},  # noqa: B023 - called at once
                context.effort.repeats,
            )
            reached = rates["ours"] >= 0.5 * rates["bare"]
            if not reached and not plan:
                plan = _order_plan(connection, today)
            results.append(
                Result(
                    f"order-{clients}",
                    f"one order, all triggers on, {clients} client{'s' if clients > 1 else ''}",
                    "– (its trigger reads columns that do not exist)",
                    f"{rates['ours']:,.0f}/s; triggers disabled {rates['bare']:,.0f}/s",
                    f"{rates['ours'] / rates['bare']:.0%} of the rate",
                    ">= 50% of the rate with our triggers disabled",
                    reached,
                    plan,
                )
            )
    return results


def _order_plan(connection: psycopg.Connection, today: object) -> str:
    insert = (
        "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
        f" select max(c.id), date '{today}', 100, 'pending' from trustcart.customers as c where c.order_count > 0"
    )
    with connection.transaction(force_rollback=True):
        connection.execute(insert)  # plans its statements
        return measure.plan_of(connection, insert) + "\n\n" + measure.nested_plans(connection, insert)


def copy(context: Context) -> list[Result]:
    """Many orders in one COPY, with our triggers and without them, each rolled back."""
    name = context.shop()
    batch = context.effort.batch
    with context.connect(name) as connection:
        # Customers and days as the shop's own orders have them.
        rows = connection.execute(
            "select string_agg(format(e'%%s\\t%%s\\t%%s\\t%%s\\n', o.customer_id, o.order_date, o.total_amount, o.status),"
            " '') from (select so.* from trustcart.sales_orders as so order by hashint8(so.id), so.id limit %s) as o",
            [batch],
        ).fetchone()[0]
        batch = rows.count("\n")
        data = rows.encode()

        def timed(bare: bool) -> Callable[[], float]:
            def copy_once() -> float:
                with measure.rolled_back(connection, *_TOUCHED):
                    if bare:
                        connection.execute("alter table trustcart.sales_orders disable trigger user")
                    return measure.elapsed(
                        lambda: measure.copy_in(
                            connection,
                            "copy trustcart.sales_orders (customer_id, order_date, total_amount, status) from stdin",
                            iter([data]),
                        )
                    )

            return copy_once

        timed(bare=True)()  # warms up
        times = measure.in_turns({"bare": timed(True), "ours": timed(False)}, context.effort.repeats)
        reached = times["ours"] <= 2.5 * times["bare"]
        plan = ""
        if not reached:
            again = (
                "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
                " select so.customer_id, so.order_date, so.total_amount, so.status from trustcart.sales_orders as so"
                f" order by hashint8(so.id), so.id limit {batch}"
            )
            plan = measure.nested_plans(connection, again, at_least_ms=20)
            for table in _TOUCHED:
                connection.execute(f"vacuum trustcart.{table}")
    return [
        Result(
            "copy",
            f"{batch:,} orders in one COPY",
            "–",
            f"{measure.duration(times['ours'])}; triggers disabled {measure.duration(times['bare'])}",
            f"{times['ours'] / times['bare']:.2f}x",
            "<= 2.5x bare",
            reached,
            plan,
        )
    ]


def imported(context: Context) -> list[Result]:
    """The shop's orders from a CSV file, by `trustcart-db import` and by a bare COPY into the final table."""
    columns = "order_number, customer_id, order_date, ordered_at, total_amount, status, payment_method"
    path = context.files / "orders.csv"
    with context.connect(context.shop()) as connection, path.open("wb") as file:
        cursor = connection.cursor()
        query = f"select {columns} from trustcart.sales_orders order by id"
        with cursor.copy(f"copy ({query}) to stdout (format csv, header)") as stream:
            for chunk in stream:
                file.write(chunk)
        orders = cursor.rowcount
    template = context.customers_only()
    numbers = itertools.count(1)
    memory: list[float] = []

    def bare() -> float:
        with context.connect(context.copy(template, f"import_{next(numbers)}")) as connection:
            connection.execute("alter table trustcart.sales_orders disable trigger user")
            statement = f"copy trustcart.sales_orders ({columns}) from stdin (format csv, header)"
            return measure.elapsed(lambda: measure.copy_in(connection, statement, measure.chunks_of(path)))

    def ours() -> float:
        url = context.server.url(context.copy(template, f"import_{next(numbers)}"))
        command = [sys.executable, "-m", "trustcart_db", "--database-url", url, "import", "--orders", path]
        took, held = measure.run_program(command, cwd=_REPOSITORY)
        memory.append(held)
        with context.connect(f"import_{next(numbers) - 1}") as connection:
            assert_same = connection.execute("select count(*) from trustcart.sales_orders").fetchone()[0]
        if assert_same != orders:
            raise RuntimeError(f"{assert_same} of {orders} orders were imported.")
        return took

    times = measure.in_turns({"bare": bare, "ours": ours}, context.effort.repeats)
    size = path.stat().st_size / 1e6
    path.unlink()
    return [
        Result(
            "import",
            f"importing {orders:,} orders (a CSV of {measure.figures(size)} MB)",
            "–",
            f"{measure.duration(times['ours'])}; bare COPY {measure.duration(times['bare'])}",
            f"{times['ours'] / times['bare']:.2f}x",
            "within 3x of a bare COPY into the final table, constraints on, triggers off",
            times["ours"] <= 3 * times["bare"],
        ),
        Result(
            "import-memory",
            "the same: the client's memory",
            "–",
            f"{max(memory):.0f} MB",
            "–",
            "<= 150 MB",
            max(memory) <= 150,
        ),
    ]
