"""demo: a sample shop, a day's run, and what a manager sees in the morning."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import click

from trustcart_db import demo
from trustcart_db.connection import ENVIRONMENT, connect, resolve
from trustcart_db.errors import UsageError
from trustcart_db.output import tell
from trustcart_db.progress import progress_bar


@click.command("demo")
@click.option("--fresh", is_flag=True, help="Throw the demo's own database away and begin anew.")
@click.option("--keep", is_flag=True, help="Keep the demo's own server running until Ctrl-C.")
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), hidden=True, help="Write the screen as SVG."
)
@click.pass_obj
def demo_command(database_url: str | None, fresh: bool, keep: bool, picture: Path | None) -> None:
    """Set up a sample shop, run a day, and show the customer base, the call list, the agents and one customer.

    Uses the database that --database-url, TRUSTCART_DATABASE_URL or DATABASE_URL names; else an embedded Postgres of
    its own, which keeps its data for the next time and runs no longer than the command. The second time is quick and
    changes nothing.
    """
    started = time.monotonic()
    given = database_url or any(os.environ.get(name) for name in ENVIRONMENT)
    if given and (fresh or keep):
        raise UsageError("--fresh and --keep are for the demo's own server, and a database URL is given.")
    with contextlib.ExitStack() as stack:
        if given:
            server, conninfo = None, resolve(database_url)
        else:
            tell("Starting the embedded Postgres")
            server, conninfo = stack.enter_context(demo.own_server(fresh=fresh))
        with progress_bar() as progress:
            prepared = demo.prepare(conninfo, tell, progress)
        with connect(conninfo, autocommit=True) as connection:
            view = demo.look(connection)
        seconds = time.monotonic() - started
        _show(view, picture)
        if prepared.imported:
            done = f"The shop was imported with {prepared.orders:,} orders and {len(prepared.runs)} jobs were run"
        elif prepared.runs:
            done = f"The shop was there; {len(prepared.runs)} jobs were run"
        else:
            done = "The shop was there and its day was run; nothing has changed"
        click.echo(f"\n{done}, in {seconds:.1f} s.")
        if keep:
            psql = shutil.which("psql") or server.bin_dir / "psql"
            click.echo(f"The server runs until Ctrl-C. In another terminal:\n  {psql} '{conninfo}'")
            click.echo(f"  export TRUSTCART_DATABASE_URL='{conninfo}'")
            _tell_what_next()
            _wait()
    if given:
        click.echo("To look around in it:")
        _tell_what_next()
    elif not keep:
        click.echo("Its server has stopped; the data stays. To look around in it: trustcart-db demo --keep")


def _tell_what_next() -> None:
    click.echo("  trustcart-db plan            whom today's list calls, and whom not and why")
    click.echo("  trustcart-db report weekly   what to review this week; report --help names the others")
    click.echo("  trustcart-db export customer_360_view --format json")


def _show(view: demo.Picture, picture: Path | None) -> None:
    # Imported here: rich takes a tenth of a second to load, which other commands need not wait for.
    from rich.console import Console

    from trustcart_db import demo_screen

    if picture is None:
        demo_screen.show(Console(width=None if sys.stdout.isatty() else 120, highlight=False), view)
    else:
        demo_screen.draw(view, picture)


def _wait() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


COMMANDS = (demo_command,)
