"""The table of the curves, and where it stands in docs/scale.md."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Mapping
from pathlib import Path

from bench import measure
from bench.growth.chart import Panel
from bench.growth.meter import Took
from bench.growth.rows import ROWS, Effort

_MARKS = re.compile(r"(<!-- growth: begin .*?-->\n).*?(<!-- growth: end -->)", re.S)

#: {customers: {row: what it took}}.
Times = Mapping[int, Mapping[str, Took]]


def slope(curve: Mapping[int, float]) -> float:
    """The slope of a curve on logarithmic axes by least squares: 0, as long in any shop; 1, ten times as long in a shop
    ten times as large. Argument: {customers: ms}, at least two."""
    return statistics.linear_regression(*zip(*((math.log(n), math.log(ms)) for n, ms in curve.items()), strict=True))[0]


def curve_of(times: Times, row: str, of: str = "clock") -> dict[int, float]:
    """A row's times by size, by the clock or on the processor; empty where those are not known."""
    curve = {size: getattr(found[row], of) for size, found in sorted(times.items()) if row in found}
    return {} if None in curve.values() else curve


def table(times: Times, effort: Effort) -> str:
    """The rows with their times, slope and goal, in Markdown."""
    sizes = sorted(times)
    lines = [
        "| | "
        + " | ".join(f"{size:,} customers" for size in sizes)
        + " | slope by the clock | slope | goal | reached |",
        "|---" * (len(sizes) + 5) + "|",
    ]
    group = None
    for name, row in ROWS.items():
        if row.group != group:
            group = row.group
            lines.append(f"| **{group}** |" + " |" * (len(sizes) + 4))
        curve = curve_of(times, name)
        told = [measure.duration(curve[size]) if size in curve else "–" for size in sizes]
        by_clock = slope(curve) if len(curve) > 1 else None
        worked = curve_of(times, name, "processor")
        found = slope(worked) if len(worked) > 1 else by_clock
        reached = "–" if row.goal is None or found is None else "yes" if found <= row.goal else "**no**"
        cells = [
            row.label.format(imported=effort.imported),
            *told,
            "–" if by_clock is None else f"{by_clock:.2f}",
            "–" if found is None else f"{found:.2f}",
            "–" if row.goal is None else f"<= {row.goal}",
            reached,
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def facts_table(facts: Mapping[int, Mapping[str, float]]) -> str:
    """What the shops take, in Markdown."""
    sizes = sorted(facts)
    lines = ["| | " + " | ".join(f"{size:,} customers" for size in sizes) + " |", "|---" * (len(sizes) + 1) + "|"]

    def line(label: str, value: str) -> None:
        lines.append(f"| {label} | " + " | ".join(value.format(**_named(facts[size])) for size in sizes) + " |")

    line("orders", "{sales_orders_rows:,.0f}")
    line("agents", "{agents:,.0f}")
    line("database", "{database_gb:.2f} GB")
    line("disk, everything, a customer", "{database_per_customer:,.0f} bytes")
    for table_name, label in (
        ("customers", "a row of customers"),
        ("sales_orders", "an order"),
        ("sales_order_items", "an item"),
        ("customer_interactions", "an interaction"),
        ("crm_call_tasks", "a call"),
    ):
        line(f"disk, {label}, with its indexes", "{" + table_name + "_each:,.0f} bytes")
    line("WAL an order, all triggers on, no page images", "{WAL_an_order:,.0f} bytes")
    line("orders a second, one client", "{orders_a_second:,.0f}")
    line("most memory of one server process, during the jobs", "{server_memory:,.0f} MB")
    line("calls planned for a day", "{calls_planned:,.0f}")
    line("the model: customers scored, of all and after a day", "{scored:,.0f}, {scored_on_a_day:,.0f}")
    line("the model: groups of orders, evaluations", "{groups_of_orders:,.0f}, {evaluations:,.0f}")
    return "\n".join(lines)


def _named(facts: Mapping[str, float]) -> dict[str, float]:
    named = {name.replace(" ", "_"): value for name, value in facts.items()}
    named["database_gb"] = facts["database"] / 1e9
    named["database_per_customer"] = facts["database"] / facts["customers rows"]
    for name in list(facts):
        if name.endswith(" bytes"):
            table_name = name.removesuffix(" bytes")
            named[f"{table_name}_each"] = facts[name] / max(facts[f"{table_name} rows"], 1)
    return named


def panels(times: Times) -> list[Panel]:
    """The rows as curves, a panel a group: what the slopes are taken from."""
    groups = dict.fromkeys(row.group for row in ROWS.values())
    return [
        Panel(
            group,
            {
                name.removeprefix("page-").replace("-", " "): curve_of(times, name, "processor") or curve
                for name, row in ROWS.items()
                if row.group == group and (curve := curve_of(times, name))
            },
        )
        for group in groups
        if group != "locks"
    ]


def write_into(path: Path, text: str) -> None:
    """Put text between the marks of a document. Raises RuntimeError where it has none."""
    document, count = _MARKS.subn(lambda found: f"{found[1]}{text}\n{found[2]}", path.read_text(encoding="utf-8"))
    if not count:
        raise RuntimeError(f"{path} has no marks of where the curves go.")
    path.write_text(document, encoding="utf-8")


def document(description: str, times: Times, facts: Mapping[int, Mapping[str, float]], effort: Effort) -> str:
    """All of it. Arguments: how it was measured, the times, the facts, the effort."""
    return "\n\n".join([description, table(times, effort), facts_table(facts)])
