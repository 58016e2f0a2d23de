"""Options that several command families share."""

from __future__ import annotations

import re
from datetime import date

import click


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
