"""The guide's three reports. Each is a function of the database; this module only knows their names and arguments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

#: {name: (function, title)}; each function takes a date.
REPORTS = {
    "daily": ("report_daily", "Call tasks of the day"),
    "segments": ("report_segments", "Customers by type and temperature"),
    "agents": ("report_agents", "Agents in the month"),
}


def report(
    connection: psycopg.Connection, name: str, on: date | None = None
) -> tuple[list[str], Iterable[dict[str, object]]]:
    """Read a report.

    Arguments: a connection; one of REPORTS; the date (default: the business date). Result: its columns and its rows.
    Raises psycopg.Error.
    """
    function, _ = REPORTS[name]
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            sql.SQL("select * from trustcart.{}(coalesce(%s, trustcart.business_date()))").format(
                sql.Identifier(function)
            ),
            [on],
        )
        return [column.name for column in cursor.description], cursor.fetchall()
