"""Rows that take orders in: one by one, in one COPY, from a file."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import psycopg

from bench import measure
from bench.context import Context, Result
from bench.shop import contact_script, order_script

_REPOSITORY = Path(__file__).parents[1]
# Written to with every order or interaction.
_TOUCHED = (
    "customer_interactions",
    *("sales_orders", "customers", "customer_behavior", "customer_state_changes", "customer_dropoff_tracking"),
    *("crm_call_tasks", "events", "customer_engagement_history", "customer_loyalty", "loyalty_tiers_reached"),
)


def order(context: Context) -> list[Result]:
    """One order a transaction, with our triggers and without them."""
    name = context.copy(context.shop(), "orders")
    today = context.today(name)
    results, plan = [], ""
    for clients, rates in _rates(context, name, "sales_orders", order_script(context.size, str(today)), (1, 4)):
        reached = rates["ours"] >= 0.25 * rates["bare"]
        if not reached and not plan:
            with context.connect(name) as connection:
                plan = _order_plan(connection, today)
        results.append(
            Result(
                f"order-{clients}",
                f"one order, all triggers on, {clients} client{'s' if clients > 1 else ''}",
                "– (its trigger reads columns that do not exist)",
                *_told(rates),
                ">= 25% of the rate with our triggers disabled, with loyalty, events and attribution on",
                reached,
                plan,
            )
        )
    return results


def contact(context: Context) -> list[Result]:
    """One interaction a transaction: what the 360° view saves by keeping counts, it costs here."""
    name = context.copy(context.shop(), "contacts")
    ((_, rates),) = _rates(context, name, "customer_interactions", contact_script(context.size), (1,))
    work = "one interaction, all triggers on, 1 client"
    return [Result("contact", work, "–", *_told(rates), "(none set)", None)]


def _told(rates: dict[str, float]) -> tuple[str, str]:
    return (
        f"{rates['ours']:,.0f}/s; triggers disabled {rates['bare']:,.0f}/s",
        f"{rates['ours'] / rates['bare']:.0%} of the rate",
    )


def _rates(
    context: Context, name: str, table: str, text: str, clients: tuple[int, ...]
) -> Iterator[tuple[int, dict[str, float]]]:
    """Transactions a second by pgbench in that database, for each number of clients: {"bare": …, "ours": …}."""
    script = context.files / f"{name}.sql"
    script.write_text(text, encoding="utf-8")
    seconds = context.effort.seconds
    with context.connect(name) as connection:

        def rate(count: int, bare: bool) -> float:
            for one in _TOUCHED:
                connection.execute(f"vacuum trustcart.{one}")
            disabled = measure.triggers_disabled(connection, table) if bare else nullcontext()
            with disabled:
                return measure.transactions_per_second(context.server, name, script, count, seconds)

        rate(1, False)  # warms up
        for count in clients:
            turns = {"bare": partial(rate, count, True), "ours": partial(rate, count, False)}
            yield count, measure.in_turns(turns, context.effort.repeats)


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
            "select string_agg("
            "format(e'%%s\\t%%s\\t%%s\\t%%s\\n', o.customer_id, o.order_date, o.total_amount, o.status), '')"
            " from (select so.* from trustcart.sales_orders as so order by hashint8(so.id), so.id limit %s) as o",
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
            found = connection.execute("select count(*) from trustcart.sales_orders").fetchone()[0]
        if found != orders:
            raise RuntimeError(f"{found} of {orders} orders were imported.")
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
