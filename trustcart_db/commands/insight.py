"""report, verify: how the shop does, and whether the installation is well."""

from __future__ import annotations

import sys
from datetime import date
from itertools import groupby

import click

from trustcart_db import reports
from trustcart_db import verify as verification
from trustcart_db.commands.options import date_option, examples
from trustcart_db.connection import connect, resolve
from trustcart_db.output import format_option, tell, write_rows
from trustcart_db.replica import connect_to_read


@click.command("report", epilog=examples("report daily", "report agents --date 2025-12-01 --format csv"))
@click.argument("name", metavar="NAME", type=click.Choice(list(reports.REPORTS)))
@date_option
@format_option
@click.pass_obj
def report_command(database_url: str | None, name: str, on: date | None, output_format: str) -> None:
    """Print a report: of a day, of a week from Monday to Sunday, or of a month.

    daily has the day's call tasks, weekly and monthly what to review, segments the customers as of a day; campaigns,
    agents, leaderboard and conversions, the orders within 7 days of a call, are of the month. --date says which.
    """
    with connect_to_read(database_url, tell) as connection:
        columns, rows = reports.report(connection, name, on)
    title = reports.REPORTS[name].title
    if output_format != "table" or "section" not in columns:
        write_rows(rows, output_format, columns, title=title)
        return
    for position, (section, lines) in enumerate(groupby(rows, key=lambda row: row["section"])):
        if position:
            click.echo()
        rest = list(lines)
        # Columns in which a section says nothing stay away.
        shown = [name for name in columns if name != "section" and any(row[name] is not None for row in rest)]
        write_rows(rest, columns=shown, title=f"{title}: {section}" if not position else str(section))


@click.command("verify", epilog=examples("verify"))
@format_option
@click.pass_obj
def verify_command(database_url: str | None, output_format: str) -> None:
    """Check that everything is there and right. Exit code 1 when something is wrong."""
    conninfo = resolve(database_url)
    with connect(conninfo, autocommit=True) as connection:
        findings = verification.verify(conninfo, connection)
    write_rows([finding._asdict() for finding in findings], output_format, ("check", "value", "ok", "remedy"))
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


COMMANDS = (report_command, verify_command)
