"""`python -m bench.growth [--sizes N …] [--agents N] [--quick] [--into docs/scale.md]`: see docs/scale.md."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from bench.__main__ import _installation
from bench.context import SETTINGS
from bench.growth import chart, report, rows
from bench.growth.meter import Took
from bench.growth.shop import grow
from bench.shop import Size, fill
from trustcart_db.bundle import read_bundle
from trustcart_db.errors import TrustCartError
from trustcart_db.migrate import migrate
from trustcart_db.server import PrivateServer

_SIZES = (10_000, 100_000, 1_000_000)
_QUICK_SIZES = (1000, 2000)
_ORDERS = 10
# Nothing here outlives the run, and copies of copies would write their data three times over.
_SETTINGS = {
    **SETTINGS,
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "6GB",
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    # The time of the one process that works is measured.
    "max_parallel_workers_per_gather": "0",
}


def main(arguments: list[str]) -> int:
    """Measure and print. Result: 0, whether goals are reached or not."""
    options = _parser().parse_args(arguments)
    effort = rows.QUICK if options.quick else rows.Effort()
    sizes = sorted(options.sizes or (_QUICK_SIZES if options.quick else _SIZES))
    settings = _SETTINGS | ({"shared_buffers": "128MB"} if options.quick else {})
    times: dict[int, dict[str, Took]] = {}
    facts: dict[int, dict[str, float]] = {}
    with PrivateServer(_installation(options.pg), settings=settings) as server:
        for number, size in enumerate(sizes):
            _make(server, sizes[:number], size, options.agents)
            # The next size is made of this shop as it was.
            name = _name(size)
            if number + 1 < len(sizes):
                server.create_database(f"{name}_used", template=name)
                name = f"{name}_used"
            _tell(f"{size:,} customers: measuring …")
            shop = Size(size, _ORDERS * size, options.agents)
            times[size], facts[size] = rows.measured(server, name, shop, effort, _tell)
            server.drop_database(f"{_name(size)}_used")
            if options.figures:
                options.figures.write_text(json.dumps({"times": times, "facts": facts}, indent=1), encoding="utf-8")
        text = report.document(_description(server, options.agents), times, facts, effort)
    print(text)
    if options.into:
        picture = options.into.with_name("growth.svg")
        picture.write_text(chart.draw(report.panels(times)), encoding="utf-8")
        report.write_into(options.into, f"![The curves]({picture.name})\n\n{text}")
        _tell(f"Wrote {options.into} and {picture}.")
    return 0


def _make(server: PrivateServer, smaller: list[int], size: int, agents: int) -> None:
    """Make the database with a shop: the first by the shop's own triggers and jobs, the others of the one before."""
    began = time.perf_counter()
    if not smaller:
        _tell(f"{size:,} customers: filling …")
        migrate(server.create_database(_name(size)), read_bundle())
        with server.connect(_name(size)) as connection:
            fill(connection, Size(size, _ORDERS * size, agents), ("customers", "orders", "contacts", "baskets"))
            connection.execute("select trustcart.refresh_recommendations()")
            connection.execute("vacuum (analyze)")
    else:
        _tell(f"{size:,} customers: copying …")
        before = smaller[-1]
        grow(server, _name(before), _name(size), before, size // before, _tell)
        server.drop_database(_name(before))
    with server.connect(_name(size)) as connection:
        if wrong := connection.execute("select count(*) from trustcart.check_customer_state()").fetchone()[0]:
            raise RuntimeError(f"{wrong} things are not as their orders say.")
    _tell(f"  in {time.perf_counter() - began:.0f} s, and all is as the orders say")


def _name(size: int) -> str:
    return f"shop_{size}"


def _description(server: PrivateServer, agents: int) -> str:
    with server.connect() as connection:
        (version,) = connection.execute("select split_part(version(), ' on ', 1)").fetchone()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    settings = ", ".join(f"{name} = {value}" for name, value in server.settings.items())
    return (
        f"{version}, {os.cpu_count()} cores, {memory:.0f} GB of memory, client and server on one machine."
        f" {agents} agents in every shop, and a thousand calls on their lists. Settings: {settings}."
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description="Measure how times grow with the shop.")
    parser.add_argument("--sizes", type=int, nargs="+", help="customers, each a multiple of the one before")
    parser.add_argument("--agents", type=int, default=20, help="agents, as many in every shop (20)")
    parser.add_argument(
        "--quick", action="store_true", help="1,000 and 2,000 customers, little effort: proves that it runs"
    )
    parser.add_argument("--pg", type=int, help="Postgres version; default as of python -m bench")
    parser.add_argument("--figures", type=Path, help="write the figures there as JSON, after each size")
    parser.add_argument("--into", type=Path, help="put the table into this document, growth.svg beside it")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except TrustCartError as error:
        sys.exit(f"{error.message} {error.hint or ''}".strip())
