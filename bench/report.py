"""The table, and what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.context import Result

_WHY = Path(__file__).parent / "why"
_COLUMNS = ("work", "the guide's SQL, measured here", "ours", "ratio", "goal", "reached")

_METHOD = """\
## How it is measured

- `make bench` (`python -m bench`) starts a server of its own, migrates it, makes up a shop by `bench/shop/` and
  measures everything in the same run. The n-th best customer has about 1 / (n + offset) of the orders and of the
  contacts; ten customers with some 200 orders talk to the shop daily, three have 200 family members. Orders are spread
  over two years. The same size gives the same shop, as of today.
- Reads: the execution time that `EXPLAIN (ANALYZE, TIMING OFF, SUMMARY)` reports of a prepared statement with a generic
  plan, warm; the median of 30 runs. What is compared is measured in turns, in the same way.
- Writes: wall-clock time, the median of three, in turns, rolled back, with a vacuum in between. Orders one by one:
  pgbench with prepared statements, 10 seconds at a time, in a copy of the database; customers are drawn with the shop's
  skew. "Triggers disabled" is `alter table … disable trigger user`: constraints and indexes stay.
- No checkpoint and no autovacuum falls into a measurement; the run says so if one did.
- The guide's SQL stands in `bench/guide/` as printed and runs on tables made and indexed as it prints them. Three of
  its statements do not run as printed and got the smallest repair that makes them run: `GROUP BY c.id, cb.*` in the
  360° view became `c.id, cb.id`, the dropoff insert's `WHERE` on an aggregate a `HAVING`, and `crm_call_tasks` got the
  `updated_at` that the dashboard reads. What took longer than {limit:g} seconds, or more temporary files than the
  settings allow, was stopped.
"""


def table(results: Sequence[Result]) -> str:
    """The results as a table in Markdown."""
    lines = ["| " + " | ".join(_COLUMNS) + " |", "|" + "---|" * len(_COLUMNS)]
    for one in results:
        reached = {True: "yes", False: "**no**", None: "–"}.get(one.reached, one.reached)
        cells = (one.work, one.guide, one.ours, one.ratio, one.goal, reached)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def not_reached(results: Sequence[Result]) -> str:
    """The goals not reached, each with its reason (bench/why/<name>.md) and the plan; "" when there are none."""
    missed = [one for one in results if one.reached is False]
    if not missed:
        return ""
    parts = ["## Not reached"]
    for one in missed:
        parts.append(f"### {one.work}\n\n{one.ours}: {one.ratio}; the goal is {one.goal}.")
        why = _WHY / f"{one.name}.md"
        parts.append(
            why.read_text(encoding="utf-8").strip() if why.exists() else f"Why: to be told in bench/why/{one.name}.md."
        )
        if one.plan:
            parts.append(f"<details><summary>The plan</summary>\n\n```\n{one.plan}\n```\n\n</details>")
    return "\n\n".join(parts) + "\n"


def document(description: str, results: Sequence[Result], notes: Sequence[str], limit: float) -> str:
    """The whole of docs/bench.md. limit: of the guide's statements, in seconds."""
    parts = ["# Speed, measured", description, table(results)]
    if notes:
        parts.append("\n".join(f"- {note}" for note in notes))
    if missed := not_reached(results):
        parts.append(missed.strip())
    parts.append(_METHOD.format(limit=limit).strip())
    return "\n\n".join(parts) + "\n"
