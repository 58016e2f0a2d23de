"""`python -m bench [--customers N --orders N] [--only ROW …] [--quick] [--large]`: see docs/bench.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bench import (
    access,
    adoption,
    calls,
    campaigns,
    delivery,
    intelligence,
    jobs,
    pooler,
    reading,
    recommendations,
    report,
    web,
    writing,
)
from bench.context import QUICK, Context, Effort, Result
from bench.shop import Size
from trustcart_db.errors import TrustCartError
from trustcart_db.server import Installation, embedded_installation, installations

_OUTPUT = Path(__file__).parents[1] / "docs" / "bench.md"

#: The rows, in the order of the table. Those that leave a shop as it was share it.
ROWS: dict[str, Callable[[Context], list[Result]]] = {
    "360": reading.customer_360,
    "pages": reading.pages,
    "access": access.access,
    "order": writing.order,
    "contact": writing.contact,
    "copy": writing.copy,
    "refresh": jobs.refresh,
    "generation": jobs.generation,
    "day": calls.day,
    "claims": calls.claims,
    "backtest": calls.backtest,
    "agents": reading.agents,
    "dropoffs": jobs.dropoffs,
    "segment": campaigns.segment,
    "freeze": campaigns.freeze,
    "deliver": delivery.deliver,
    "import": writing.imported,
    "recommendations": recommendations.recommendations,
    "model": intelligence.intelligence,
    "http": web.customer_360,
    "http-pages": web.pages,
    "http-idle": web.idle,
    "pooler": pooler.pooler,
    "adoption": adoption.adoption,
}


def main(arguments: list[str]) -> int:
    """Measure and print. Result: 0, whether goals are reached or not; 1 when something could not be measured."""
    options = _parser().parse_args(arguments)
    size = Size(options.customers, options.orders)
    small = Size(max(100, size.customers // 10), max(1000, size.orders // 10))
    large = Size(10 * size.customers, 10 * size.orders) if options.large else None
    context = Context(
        _installation(options.pg),
        size,
        small,
        large,
        QUICK if options.quick else Effort(guide_limit=options.guide_limit),
        lambda line: print(line, file=sys.stderr, flush=True),
    )
    results: list[Result] = []
    with context:
        for name in options.only or ROWS:
            context.tell(f"{name} …")
            context.shop()
            checkpoints = context.checkpoints()
            results += ROWS[name](context)
            if made := context.checkpoints() - checkpoints:
                context.notes.append(f"While {name} was measured, {made} checkpoint(s) happened.")
        if options.quick:
            context.notes.append("A quick run, which shows that everything is measured; its numbers mean nothing.")
        text = report.document(context.describe(), results, context.notes, context.effort.guide_limit)
    print(text)
    output = options.output or (None if options.quick or options.only else _OUTPUT)
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
        context.tell(f"Wrote {output}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure TrustCart DB against its goals.")
    parser.add_argument("--customers", type=int, help="default 100,000")
    parser.add_argument("--orders", type=int, help="default ten a customer")
    parser.add_argument("--only", nargs="+", choices=ROWS, metavar="ROW", help=f"of {', '.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="1,000 customers, little effort: proves that it runs")
    parser.add_argument("--large", action="store_true", help="pages and the day in a shop ten times as large as well")
    parser.add_argument("--guide-limit", type=float, default=120, help="seconds for one statement of the guide (120)")
    parser.add_argument("--pg", type=int, help="Postgres version; default: the system's newest, else the embedded one")
    parser.add_argument("--output", type=Path, help="default: docs/bench.md, for a whole run that is not quick")
    return _WithDefaults(parser)


class _WithDefaults:
    """A parser whose sizes depend on other options."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser = parser

    def parse_args(self, arguments: list[str]) -> argparse.Namespace:
        """Parse; exits for wrong options."""
        options = self._parser.parse_args(arguments)
        options.customers = options.customers or (1000 if options.quick else 100_000)
        options.orders = options.orders or 10 * options.customers
        if options.customers < 1000 or options.orders < options.customers:
            self._parser.error("at least 1,000 customers, and an order for each")
        return options


def _installation(major: int | None) -> Installation:
    found = installations()
    if major:
        if major not in found:
            raise SystemExit(f"There is no Postgres {major} here, only {sorted(found)}.")
        return found[major]
    packaged = [one for one in found.values() if not one.embedded]
    return max(packaged, key=lambda one: one.major) if packaged else embedded_installation()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except TrustCartError as error:
        sys.exit(f"{error.message} {error.hint or ''}".strip())
