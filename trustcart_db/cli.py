"""The command `trustcart-db`: assembles the command families and turns errors into sentences and exit codes."""

from __future__ import annotations

import os
import sys

import click
import psycopg

from trustcart_db import __version__
from trustcart_db.commands import (
    adopt,
    backup,
    campaigns,
    customers,
    data,
    deliver,
    demo,
    doctor,
    encryption,
    insight,
    schema,
    serve,
    users,
    work,
)
from trustcart_db.commands.options import Group, examples
from trustcart_db.errors import TrustCartError, translate

#: The modules of trustcart_db/commands whose COMMANDS make up the command line, in the order of the help text.
FAMILIES = (
    schema,
    adopt,
    backup,
    data,
    customers,
    work,
    campaigns,
    deliver,
    serve,
    insight,
    doctor,
    users,
    encryption,
    demo,
)


class _CommandLine(Group):
    """All of it: errors are sentences and exit codes."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except psycopg.Error as error:
            _fail(translate(error))
        except TrustCartError as error:
            _fail(error)
        except BrokenPipeError:
            # The reader, such as `head`, has seen enough. Python would complain again when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)


@click.group(
    cls=_CommandLine,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples("--database-url postgresql://owner@db.example/shop migrate", "run daily", "report --help"),
)
@click.option(
    "--database-url",
    metavar="URL",
    help="postgresql://user@host/database or 'host=… dbname=…'. "
    "Else TRUSTCART_DATABASE_URL, DATABASE_URL, or libpq's own variables (PGHOST …).",
)
@click.version_option(__version__, prog_name="trustcart-db")
@click.pass_context
def cli(ctx: click.Context, database_url: str | None) -> None:
    """Customer data and call work for TrustCart ERP, in Postgres.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no connection, 4 rights missing, 5 another version's database, 6 bad
    input data, 7 refused by the database, 8 busy, 9 a job failed, 10 something must be installed first, 11 and 12 what
    doctor warns of and finds critical.

    Where --database-url is not given, two more variables come first. TRUSTCART_READ_URL names a replica: plan, report,
    export and serve read there. TRUSTCART_DIRECT_URL names the server itself, where the others lead through a pooler:
    for what needs a session of its own, which is migrate, rollback, uninstall, status, backup, restore, adopt, deliver,
    encryption, schedule, unschedule, and the live pages of serve.

    \b
    Completion of commands, options and jobs in bash (or zsh_source, fish_source):
      eval "$(_TRUSTCART_DB_COMPLETE=bash_source trustcart-db)"
    """
    ctx.obj = database_url


for _family in FAMILIES:
    for _command in _family.COMMANDS:
        cli.add_command(_command)


def main() -> None:
    """Run the command line. Never returns: exits with the code that the help text lists."""
    cli(prog_name="trustcart-db")


def _fail(error: TrustCartError) -> None:
    click.echo(f"Error: {error.message}", err=True)
    if error.hint:
        click.echo(f"Hint: {error.hint}", err=True)
    sys.exit(error.exit_code)
