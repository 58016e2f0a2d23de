"""The reports. Each is a function of the database; this module only knows their names and arguments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import psycopg
from psycopg import sql
from psycopg.rows import dict_row


class Report(NamedTuple):
    """A report: its function, its title, and whether the function takes a month's first and last day, not a date."""

    function: str
    title: str
    of_month: bool = False


#: {name: Report}
REPORTS = {
    "daily": Report("report_daily", "Call tasks of the day"),
    "weekly": Report("report_weekly", "The week"),
    "monthly": Report("report_monthly", "The month"),
    "campaigns": Report("report_campaigns", "Campaigns in the month"),
    "segments": Report("report_segments", "Customers by type and temperature"),
    "agents": Report("report_agents", "Agents in the month"),
    "leaderboard": Report("agent_leaderboard", "Agents by successful calls in the month", of_month=True),
    "effect": Report("call_effect", "Customers called in the month against those held out, 28 days on", of_month=True),
    "cohorts": Report("report_cohorts", "Customers by month of first order: percent who ordered in a month since"),
    "model": Report("report_model", "The customer model: forecast and outcome"),
    "conversions": Report("call_conversions", "Orders within 7 days of the month's calls", of_month=True),
}

_OF_DATE = "select r.* from {day} as d cross join lateral trustcart.{function}(d.day) as r"
_OF_MONTH = """
    select r.*
    from {day} as d
    cross join lateral trustcart.{function}(
        date_trunc('month', d.day::timestamp)::date,
        (date_trunc('month', d.day::timestamp) + interval '1 month')::date - 1
    ) as r
"""


def report(
    connection: psycopg.Connection, name: str, on: date | None = None
) -> tuple[list[str], Iterable[dict[str, object]]]:
    """Read a report.

    Arguments: a connection; one of REPORTS; the date (default: the business date). Result: its columns and its rows.
    Raises psycopg.Error.
    """
    query = sql.SQL(_OF_MONTH if REPORTS[name].of_month else _OF_DATE).format(
        day=sql.SQL("(select coalesce(%s::date, trustcart.business_date()) as day)"),
        function=sql.Identifier(REPORTS[name].function),
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(query, [on])
        rows = cursor.fetchall()
        columns = [column.name for column in cursor.description]
    if columns[0] == "agent_id":
        # Who it is comes first, the number last, in all reports.
        columns = [*columns[1:], columns[0]]
        rows = [{name: row[name] for name in columns} for row in rows]
    return columns, rows
