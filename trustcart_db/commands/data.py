"""import, export: data in and out, as files."""

from __future__ import annotations

from pathlib import Path

import click

from trustcart_db import exporter, importer
from trustcart_db.commands.options import examples
from trustcart_db.connection import connect, resolve
from trustcart_db.errors import UsageError
from trustcart_db.output import format_option, tell, write_rows
from trustcart_db.phone_encryption import key_from
from trustcart_db.progress import progress_bar
from trustcart_db.replica import connect_to_read

_csv = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command(
    "import",
    epilog=examples(
        "import --customers customers.csv --orders orders.csv",
        "import --orders orders.csv --items items.csv --create-customers",
    ),
)
@click.option("--customers", type=_csv, help="CSV with customer_id, first_name, last_name, email, phone …")
@click.option("--orders", type=_csv, help="CSV with customer_id, order_date, total_amount; order_number, status …")
@click.option("--items", type=_csv, help="CSV with order_number, product or sku; category, quantity, unit_price …")
@click.option("--create-customers", is_flag=True, help="Make customers of unknown ids in the orders file.")
@format_option
@click.pass_obj
def import_command(
    database_url: str | None,
    customers: Path | None,
    orders: Path | None,
    items: Path | None,
    create_customers: bool,
    output_format: str,
) -> None:
    """Load customers, orders and their items from CSV files: everything or, if a row is bad, nothing.

    The first line names the columns, in any order; unknown ones are ignored and named. customer_id is the customer's
    id. A customer who is there is updated by the cells that are not empty. An order that is there is not added again:
    one without an order_number is recognised by its content. An order without a status is delivered.
    """
    given = {"customers": customers, "orders": orders, "items": items}
    paths = {name: path for name, path in given.items() if path is not None}
    if not paths:
        raise UsageError("There is nothing to import.", "Give --customers, --orders or --items, each with a CSV file.")
    if create_customers and orders is None:
        raise UsageError("--create-customers makes customers of an orders file.", "Give --orders too.")
    with connect(resolve(database_url)) as connection:
        try:
            with progress_bar() as progress:
                summaries = importer.import_files(
                    connection, paths, create_customers=create_customers, phone_key=key_from(), progress=progress
                )
        except importer.BadRowsError as error:
            for row in error.rows:
                tell(str(row))
            if error.total > len(error.rows):
                tell(f"… and {error.total - len(error.rows):,} more")
            raise
    write_rows(
        [
            {
                "kind": one.kind,
                "rows": one.rows,
                "added": one.added,
                "updated": one.updated,
                "already_there": one.already_there,
                "ignored_columns": list(one.ignored_columns),
            }
            for one in summaries
        ],
        output_format,
        title="Imported",
    )
    for one in summaries:
        if one.unreadable_phones:
            tell(
                f"{one.unreadable_phones:,} phone numbers of {one.path} cannot be read as such; they are kept as typed."
                " `trustcart-db verify` counts them all."
            )


@click.command(
    "export",
    epilog=examples(
        "export customer_360_view --output customers.csv", "export sales_orders --format json | gzip > orders.json.gz"
    ),
)
@click.argument("view")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(exporter.FORMATS),
    default="csv",
    show_default=True,
    help="CSV as COPY writes it, or JSON (a list of objects).",
)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of stdout.")
@click.pass_obj
def export_command(database_url: str | None, view: str, output_format: str, output: Path | None) -> None:
    """Write a view or table of the schema trustcart as CSV or JSON, streamed."""
    with connect_to_read(database_url, tell) as connection:
        rows = exporter.export(connection, view, output_format, output, phone_key=key_from())
    if output is not None:
        tell(f"Wrote {rows:,} rows to {output}.")


COMMANDS = (import_command, export_command)
