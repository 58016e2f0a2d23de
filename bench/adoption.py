"""Rows of a host that the package was adopted into: what its orders cost, how fast its past comes in."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from bench import measure
from bench.context import Context, Result
from bench.shop import STEP, Size
from tests.tools import erp
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate

_REPOSITORY = Path(__file__).parents[1]
_WRITTEN = (
    *("public.sales_orders", "public.customers", "public.audit_logs"),
    *("trustcart.sales_orders", "trustcart.customers", "trustcart.customer_behavior", "trustcart.customer_loyalty"),
    *("trustcart.customer_state_changes", "trustcart.customer_dropoff_tracking", "trustcart.events"),
)


def adoption(context: Context) -> list[Result]:
    """Adopts a host of the shop's size, and one a tenth as large; then orders come in by the host's own statement."""
    small, _ = _adopted(context, context.small)
    run, name = _adopted(context, context.size)
    return [*_backfill(run, small), *_orders(context, name)]


class _Run:
    """One `adopt`: ms it took, client and server memory in MB (server None where it cannot be known), orders."""

    def __init__(self, ms: float, client: float, server: float | None, orders: int) -> None:
        self.ms, self.client, self.server, self.orders = ms, client, server, orders


def _adopted(context: Context, size: Size) -> tuple[_Run, str]:
    """A host of that size, adopted in one run. Result: the run; its database, beside which NAME_bare is left alone."""
    name = f"host_{size.customers}"
    url = context.server.create_database(name)
    migrate(url, read_bundle())
    with context.connect(name) as connection:
        erp.fill(connection, size.customers, size.orders // size.customers, dirt=False)
    context.copy(name, f"{name}_bare")
    command = [sys.executable, "-m", "trustcart_db", "--database-url", url, "adopt", "--mapping", "trustcart_erp"]
    with measure.backend_memory(context.server, name) as held:
        took, client = measure.run_program(command, cwd=_REPOSITORY)
    with context.connect(name) as connection:
        orders = connection.execute("select count(*) from trustcart.sales_orders").fetchone()[0]
        connection.execute("vacuum (analyze)")
    return _Run(took, client, held[-1] if held else None, orders), name


def _backfill(run: _Run, small: _Run) -> list[Result]:
    rate = run.orders / (run.ms / 1000)
    grown = [run.client / small.client]
    told = f"{run.client:.0f} MB"
    if run.server is not None and small.server is not None:
        grown.append(run.server / small.server)
        told = f"client {run.client:.0f} MB, server {run.server:.0f} MB"
    return [
        Result(
            "backfill",
            f"adopting a host with {run.orders:,} orders, with its customers and items",
            "–",
            f"{rate:,.0f} orders/s ({measure.duration(run.ms)} for the whole command)",
            "–",
            ">= 20,000 orders/s",
            rate >= 20_000,
        ),
        Result(
            "backfill-memory",
            f"the same: memory, against {small.orders:,} orders",
            "–",
            told,
            f"{max(grown):.2f}x",
            "constant (<= 1.25x for a host ten times as large)",
            max(grown) <= 1.25,
        ),
    ]


def _orders(context: Context, name: str) -> list[Result]:
    script = context.files / "host_order.sql"
    script.write_text(_order_script(context.size), encoding="utf-8")
    seconds, repeats = context.effort.seconds, context.effort.repeats

    def measured(own_triggers: bool) -> dict[str, tuple[float, float]]:
        """Rate and median ms of the host alone and with us, in turns."""
        found: dict[str, list[tuple[float, float]]] = {"bare": [], "ours": []}
        databases = {"bare": f"{name}_bare", "ours": name}
        for database in databases.values():
            with context.connect(database) as connection:
                for trigger in ("trg_update_customer_lifecycle", "trg_audit"):
                    state = "enable" if own_triggers else "disable"
                    connection.execute(f"alter table public.sales_orders {state} trigger {trigger}")
            measure.latencies(context.server, database, script, 1)  # warms up
        for _ in range(repeats):
            for which, database in databases.items():
                with context.connect(database) as connection:
                    for table in _WRITTEN:
                        connection.execute(f"vacuum {table}")
                found[which].append(measure.latencies(context.server, database, script, seconds))
        return {which: tuple(map(statistics.median, zip(*runs, strict=True))) for which, runs in found.items()}

    alone, whole = measured(own_triggers=False), measured(own_triggers=True)
    ratio = whole["ours"][0] / whole["bare"][0]
    added = whole["ours"][1] - whole["bare"][1]
    return [
        Result(
            "host-order",
            "one order of the host, with adoption and all of ours, 1 client",
            "–",
            f"{whole['ours'][0]:,.0f}/s; the host alone {whole['bare'][0]:,.0f}/s"
            f" (without the host's own triggers {alone['ours'][0]:,.0f}/s and {alone['bare'][0]:,.0f}/s)",
            f"{ratio:.0%} of the rate (without the host's own triggers {alone['ours'][0] / alone['bare'][0]:.0%})",
            ">= 20% of the host's bare rate",
            ratio >= 0.2,
        ),
        Result(
            "host-order-median",
            "the same: added at the median",
            "–",
            f"{measure.duration(whole['ours'][1])}; the host alone {measure.duration(whole['bare'][1])}",
            f"+{measure.duration(added)}",
            "<= 0.5 ms added",
            added <= 0.5,
        ),
    ]


def _order_script(size: Size) -> str:
    """A pgbench script: an order as the host's application inserts it, its customer drawn with the host's skew."""
    return (
        f"\\set rank int({size.customers} * pow(random(0, 999999) / 1000000.0, 1.7))\n"
        f"\\set customer 1 + (:rank * {STEP}) % {size.customers}\n"
        "\\set amount random(100, 5000)\n"
        "insert into public.sales_orders (customer_id, order_date, status, total_amount, payment_method)"
        " values (:customer, current_date, 'new', :amount, 'bKash');\n"
    )
