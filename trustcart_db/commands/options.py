"""Options that several command families share."""

from __future__ import annotations

import re
from datetime import date

import click

from trustcart_db.migrate import DEFAULT_LOCK_WAIT


class Group(click.Group):
    """A group that lists its commands in the order they were added, each by the whole first sentence of its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order they were added."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list. click's own cuts a sentence off where the line ends."""
        shown = [(name, command) for name, command in self.commands.items() if not command.hidden]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(limit=1000)) for name, command in shown])


def examples(*calls: str) -> str:
    """The end of a command's help: how it is called.

    Arguments: what stands behind `trustcart-db`, ready to be copied; a call over several lines ends them with a
    backslash. Result: the epilog, whose lines click leaves as they are.
    """
    return "\b\nExamples:\n" + "\n".join(f"  trustcart-db {call}" for call in calls)


class DateType(click.ParamType):
    """A day of the calendar as YYYY-MM-DD: converts to datetime.date. What a business date may be, the database
    says."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value), re.ASCII):
                return date.fromisoformat(str(value))
        except ValueError:
            pass
        self.fail(
            f"{value!r} is not a date. Give a day of the calendar as YYYY-MM-DD, for example 2025-12-19.", param, ctx
        )


date_option = click.option(
    "--date",
    "on",
    type=DateType(),
    metavar="YYYY-MM-DD",
    help="Which day. Default: the business date, today in the shop's time zone.",
)

lock_wait_option = click.option(
    "--lock-wait",
    type=click.FloatRange(min=0),
    default=DEFAULT_LOCK_WAIT,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for another migrate, backup or restore, and for each table that others have locked.",
)
