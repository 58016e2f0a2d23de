"""doctor: is the installation well, and what is to be done where it is not."""

from __future__ import annotations

import sys
from collections import Counter

import click

from trustcart_db import doctor
from trustcart_db.commands.options import examples
from trustcart_db.connection import resolve
from trustcart_db.output import write_rows

#: Beside the exit codes of all commands, which a monitor takes for what they say: 3 no connection, 10 not installed.
_EXIT_CODES = {"ok": 0, "warning": 11, "critical": 12}
_COLOURS = {"ok": "green", "warning": "yellow", "critical": "red", "unknown": "magenta"}


@click.command(
    "doctor",
    epilog=examples(
        "doctor",
        "--database-url postgresql://monitor@db.example/shop doctor",
        "doctor --format prometheus > trustcart.prom",
    ),
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("text", "json", "prometheus")),
    default="text",
    show_default=True,
    help="Lines for people, JSON (a list of objects), or text for the textfile collector of Prometheus' node_exporter.",
)
@click.option("--full", is_flag=True, help="Look at all customers, campaigns and audit rows, not at a sample.")
@click.pass_obj
def doctor_command(database_url: str | None, output_format: str, full: bool) -> None:
    """Say whether the installation is well: version, rights, jobs, adoption, figures, audit, messages, storage, server.

    Of what is not well it says what was found, where the limit is and what to do; docs/runbook.md has a section for
    each check. Changes nothing. A role in pg_monitor may ask everything but what pg_cron does.

    Exit codes: 0 all is well, 11 a warning, or something could not be looked at, 12 something is critical; else as of
    every command, such as 3 no connection, 10 not installed.
    """
    checks = doctor.examine(resolve(database_url), full=full)
    if output_format == "prometheus":
        click.echo(doctor.prometheus(checks), nl=False)
    elif output_format == "json":
        write_rows(
            (
                {
                    "check": check.name,
                    "status": check.status,
                    "finding": check.finding,
                    "threshold": check.threshold,
                    "remedy": check.remedy,
                    "runbook": check.runbook,
                    "figures": check.figures,
                }
                for check in checks
            ),
            "json",
        )
    else:
        _write_text(checks)
    sys.exit(_EXIT_CODES[doctor.worst(checks)])


def _write_text(checks: list[doctor.Check]) -> None:
    wide = max(len(check.name) for check in checks)
    margin = " " * (wide + 12)
    for check in checks:
        status = click.style(f"{check.status:<8}", fg=_COLOURS[check.status])
        click.echo(f"{status}  {check.name:<{wide}}  {check.finding}")
        if check.status != "ok":
            for label, text in (("limit", check.threshold), ("do", check.remedy), ("see", check.runbook)):
                if text:
                    click.echo(f"{margin}{label}: {text}")
    counts = Counter(check.status for check in checks)
    click.echo(f"{len(checks)} checks: {', '.join(f'{counts[s]} {s}' for s in doctor.STATUSES if counts[s])}.")


COMMANDS = (doctor_command,)
