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

from trustcart_db import demo, demo_site
from trustcart_db.commands.options import examples
from trustcart_db.connection import ENVIRONMENT, connect, resolve
from trustcart_db.errors import TrustCartError, UsageError
from trustcart_db.output import tell
from trustcart_db.progress import progress_bar
from trustcart_db.server import PrivateServer


@click.command("demo", epilog=examples("demo", "demo --fresh --keep"))
@click.option("--fresh", is_flag=True, help="Throw the demo's own database away and begin anew.")
@click.option("--keep", is_flag=True, help="Serve its pages, and keep its server running, until Ctrl-C.")
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), hidden=True, help="Write the screen as SVG."
)
@click.pass_obj
def demo_command(database_url: str | None, fresh: bool, keep: bool, picture: Path | None) -> None:
    """Set up a sample shop, run a day, and show the customer base, the call list, the agents and one customer.

    Uses the database that --database-url, TRUSTCART_DATABASE_URL or DATABASE_URL names; else an embedded Postgres of
    its own, which keeps its data for the next time and runs no longer than the command. The second time is quick and
    changes nothing.

    With a server of its own, and on a terminal (or with --keep), it then serves the pages until Ctrl-C, with passwords
    that it makes up and prints.
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
        stays = server is not None and picture is None and (keep or (sys.stdin.isatty() and sys.stdout.isatty()))
        if stays:
            site = _serve(stack, server)
            psql = shutil.which("psql") or server.bin_dir / "psql"
            click.echo(f"\nThe database, in another terminal:\n  {psql} '{conninfo}'")
            click.echo(f"  export TRUSTCART_DATABASE_URL='{conninfo}'")
            _tell_what_next()
            click.echo("All of it runs until Ctrl-C; the data stays.")
            _wait(site)
    if given:
        click.echo("To look around in it:")
        _tell_what_next()
    elif not stays:
        click.echo("Its server has stopped; the data stays. Its pages, and all else to look around in:")
        click.echo("  trustcart-db demo --keep")


def _serve(stack: contextlib.ExitStack, server: PrivateServer) -> demo_site.Site | None:
    """Serve the pages and tell how to enter them; without what that needs, say so."""
    if not demo_site.is_possible():
        click.echo("\nThe pages need: pip install 'trustcart-db[http]'")
        return None
    tell("Starting the pages")
    site = stack.enter_context(demo_site.serve(server, demo.DATABASE))
    if not site.url.endswith(f":{demo_site.PORT}"):
        click.echo(f"\nPort {demo_site.PORT} is taken, so the next free one is used.")
    click.echo(f"\nThe pages:  {click.style(site.url, bold=True)}")
    width = max(len(user["email"]) for user in site.users)
    for user in site.users:
        click.echo(f"  {user['email']:<{width}}  {user['name']}, {user['role']}")
    click.echo(f"Everybody's password, for this time:  {click.style(site.password, bold=True)}")
    return site


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


def _wait(site: demo_site.Site | None) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        if site is None:
            signal.pause()
        else:
            site.process.wait()
            raise TrustCartError("The pages have stopped by themselves.", "Start again: trustcart-db demo --keep")


COMMANDS = (demo_command,)
