"""How results are printed: tables for people, JSON and CSV for scripts. The one home of that for all commands."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

FORMATS = ("table", "json", "csv")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
# Words that are longer are broken in a terminal too narrow for them; a date is not.
_LONGEST_WORD = 10

format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="A table for people, JSON (a list of objects) or CSV for scripts.",
)


def tell(line: str) -> None:
    """Print a line of progress on stderr, so that stdout holds the result alone. Argument: the line."""
    click.echo(line, err=True)


def write_rows(
    rows: Iterable[Mapping[str, object]],
    output_format: str = "table",
    columns: Sequence[str] | None = None,
    title: str | None = None,
) -> None:
    """Write rows to stdout.

    Arguments: rows as mappings; one of FORMATS; columns (default: the first row's keys, which also name the header of
    an empty CSV when given); a title, for tables only. CSV and JSON are streamed. Raises nothing of its own.
    """
    if output_format == "json":
        _write_json(rows)
    elif output_format == "csv":
        _write_csv(rows, columns)
    else:
        _write_table(list(rows), columns, title)


def _write_json(rows: Iterable[Mapping[str, object]]) -> None:
    separator = "["
    for row in rows:
        click.echo(separator + json.dumps(row, default=_plain, ensure_ascii=False), nl=False)
        separator = ",\n "
    click.echo("[]" if separator == "[" else "]")


def _write_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str] | None) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if columns:
        writer.writerow(columns)
    for row in rows:
        if not columns:
            columns = list(row)
            writer.writerow(columns)
        writer.writerow([_csv_cell(row.get(column)) for column in columns])


def _write_table(rows: list[Mapping[str, object]], columns: Sequence[str] | None, title: str | None) -> None:
    columns = list(columns or (rows[0] if rows else []))
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    numeric = [
        bool(rows)
        and all(isinstance(row.get(column), (int, float, Decimal, type(None))) for row in rows)
        and not any(isinstance(row.get(column), bool) for row in rows)
        for column in columns
    ]
    if sys.stdout.isatty():
        _write_rich(columns, cells, numeric, title)
        return
    if title:
        click.echo(title)
    if not rows:
        click.echo("(no rows)")
        return
    cells = [[cell.replace("\n", " ⏎ ") for cell in line] for line in cells]
    widths = [max(len(line[i]) for line in [columns, *cells]) for i in range(len(columns))]
    for line in [columns, ["-" * width for width in widths], *cells]:
        aligned = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        )
        click.echo("  ".join(aligned).rstrip())


def _write_rich(columns: list[str], cells: list[list[str]], numeric: list[bool], title: str | None) -> None:
    # Imported here: rich takes a tenth of a second to load, which scripts need not wait for.
    from rich.cells import cell_len
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    names = [column.replace("_", " ") for column in columns]
    # Nothing is ever cut off: a cell goes on in the next line, and where there is no room for all columns, each row is
    # told a line a name.
    words = [
        [*name.split(), *(word for line in cells for word in ([line[i]] if numeric[i] else line[i].split()))]
        for i, name in enumerate(names)
    ]
    whole = [max(map(cell_len, column), default=0) for column in words]
    fits = (
        least
        for most in (max(whole, default=0), 2 * _LONGEST_WORD, _LONGEST_WORD)
        if sum(least := [min(most, width) for width in whole]) + 3 * len(least) - 1 <= console.width
    )
    widths = next(fits, whole)
    room = console.width - sum(widths) - 3 * len(widths) + 1
    if not cells:
        console.print(f"{title or ''} (no rows)".strip(), highlight=False)
        return
    if room < 0:
        _write_records(console, names, cells, title)
        return
    wanted = [
        max(cell_len(part) for text in (name, *(line[i] for line in cells)) for part in [*text.splitlines(), ""])
        for i, name in enumerate(names)
    ]
    # Who needs least is served first.
    for i in sorted(range(len(names)), key=lambda i: wanted[i] - widths[i]):
        more = max(0, min(room, wanted[i] - widths[i]))
        widths[i] += more
        room -= more
    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False)
    for name, width, right in zip(names, widths, numeric, strict=True):
        table.add_column(name, justify="right" if right else "left", width=width, overflow="fold")
    for line in cells:
        table.add_row(*(escape(cell) for cell in line))
    console.print(table)


def _write_records(console: Console, names: list[str], cells: list[list[str]], title: str | None) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    if title:
        console.print(Text(title, style="italic"))
    for number, line in enumerate(cells):
        if number:
            console.print()
        record = Table.grid(padding=(0, 2))
        record.add_column(style="bold", no_wrap=True)
        record.add_column(overflow="fold")
        for name, cell in zip(names, line, strict=True):
            if cell:
                record.add_row(Text(name), Text(cell))
        console.print(Padding(record, (0, 0, 0, 1)))


def _plain(value: object) -> object:
    """What json cannot write by itself. Numerics become numbers: Postgres's own to_jsonb does the same."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (list, tuple)):
        return ", ".join(_cell(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, default=_plain, ensure_ascii=False)
    # What customers are called, and what providers say, moves no cursor.
    return _CONTROL.sub(" ", str(value).replace("\r\n", "\n"))


def _csv_cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, default=_plain, ensure_ascii=False)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return value
