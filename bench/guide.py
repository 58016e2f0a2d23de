"""The guide's own SQL, as printed in bench/guide/, on tables of the guide's own in schema `guide`.

Three of the printed statements do not run. Each gets the smallest repair that makes it run, named here.
"""

from __future__ import annotations

from pathlib import Path

import psycopg

_SQL = Path(__file__).parent / "guide"
#: {file: (printed, put in its place)}
REPAIRS = {
    # cb.preferred_categories must appear in the GROUP BY clause: a whole row does not imply its columns.
    "customer_360_view": ("GROUP BY c.id, cb.*", "GROUP BY c.id, cb.id"),
    # aggregate functions are not allowed in WHERE
    "detect_dropoffs": (
        "WHERE CURRENT_DATE - MAX(so.order_date) > 30\nGROUP BY c.id",
        "GROUP BY c.id\nHAVING CURRENT_DATE - MAX(so.order_date) > 30",
    ),
}
#: agent_performance_dashboard reads a column that crm_call_tasks, as printed, does not have.
_MISSING_COLUMN = "alter table crm_call_tasks add column updated_at timestamp default now()"


def statement(name: str) -> str:
    """A file of bench/guide/, repaired where it does not run as printed. Raises ValueError for a repair that misses."""
    text = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
    if name in REPAIRS:
        printed, repaired = REPAIRS[name]
        if text.count(printed) != 1:
            raise ValueError(f"bench/guide/{name}.sql does not hold {printed!r} once.")
        text = text.replace(printed, repaired)
    return text


def fill(connection: psycopg.Connection) -> None:
    """Make the guide's tables, indexes and views in schema `guide` and fill them from ours. Raises psycopg.Error."""
    connection.execute("create schema guide; set search_path to guide")
    for name in ("assumed", "tables"):
        connection.execute(statement(name))
    connection.execute(_MISSING_COLUMN)
    connection.execute(statement("fill"))
    connection.execute(statement("indexes"))
    for name in ("customer_360_view", "agent_performance_dashboard"):
        connection.execute(f"create view {name} as {statement(name)}")
    connection.execute("reset search_path")
    connection.execute("vacuum (analyze)")
