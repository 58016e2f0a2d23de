"""How results are printed: tables for people, JSON and CSV for scripts. The one home of that for all commands."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

import click

FORMATS = ("table", "json", "csv")

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
    widths = [max(len(line[i]) for line in [columns, *cells]) for i in range(len(columns))]
    for line in [columns, ["-" * width for width in widths], *cells]:
        aligned = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        )
        click.echo("  ".join(aligned).rstrip())


def _write_rich(columns: list[str], cells: list[list[str]], numeric: list[bool], title: str | None) -> None:
    # Imported here: rich takes a tenth of a second to load, which scripts need not wait for.
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False)
    for column, right in zip(columns, numeric, strict=True):
        table.add_column(column.replace("_", " "), justify="right" if right else "left")
    for line in cells:
        table.add_row(*(escape(cell) for cell in line))
    Console().print(table if cells else f"{title or ''} (no rows)".strip())


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
    return str(value)


def _csv_cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, default=_plain, ensure_ascii=False)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return value
