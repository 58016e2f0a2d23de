"""customer: what a person may ask for, and duplicates."""

from __future__ import annotations

from pathlib import Path

import click

from trustcart_db import customers, phone_encryption
from trustcart_db.commands.options import Group, examples
from trustcart_db.connection import connect, resolve
from trustcart_db.output import format_option, tell, write_rows


@click.group("customer", cls=Group)
def customer_group() -> None:
    """Export and erase a person's data, and merge duplicates."""


@customer_group.command("export", epilog=examples("customer export 42 --output customer-42.json"))
@click.argument("customer_id", metavar="CUSTOMER", type=int)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, which only you can read.")
@click.pass_obj
def export_command(database_url: str | None, customer_id: int, output: Path | None) -> None:
    """Write everything that is held of a person, as JSON: a list of rows for each table."""
    with connect(resolve(database_url)) as connection:
        phone_encryption.set_key(connection, phone_encryption.key_from())
        found = customers.export(connection, customer_id)
        # Within the transaction: an export that could not be written was none.
        text = customers.write_export(found, output)
    if text is not None:
        click.echo(text)
    else:
        rows = sum(len(rows) for rows in found.values())
        tell(f"Customer {customer_id}: {rows:,} rows of {sum(map(bool, found.values()))} tables written to {output}.")


@customer_group.command("erase", epilog=examples("customer erase 42 --reason 'letter of 3 May' --prove"))
@click.argument("customer_id", metavar="CUSTOMER", type=int)
@click.option("--reason", metavar="TEXT", help="Why, such as the number of a letter. Kept, so name nobody.")
@click.option("--prove", is_flag=True, help="Search the whole database afterwards for what the person was known by.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@format_option
@click.pass_obj
def erase_command(
    database_url: str | None, customer_id: int, reason: str | None, prove: bool, yes: bool, output_format: str
) -> None:
    """Make a person unknown, for good: names, numbers, addresses, family and words go, orders and sums stay."""
    with connect(resolve(database_url)) as connection:
        if not yes:
            click.confirm(f"Erase customer {customer_id}? There is no way back.", abort=True, err=True)
        if prove:
            phone_encryption.set_key(connection, phone_encryption.key_from())
        answer, traces = customers.erase(connection, customer_id, reason, prove)
    if output_format != "table":
        write_rows([answer | ({"traces": traces} if prove else {})], output_format)
        return
    if answer["already_erased"]:
        click.echo(f"Customer {customer_id} was erased on {answer['erased_at'][:10]} already. Nothing was changed.")
        return
    others = ", ".join(str(one) for one in answer["merged_customers"])
    click.echo(f"Customer {customer_id} is erased{f', with the merged {others}' if others else ''}.")
    write_rows([{"table": name, "rows": rows} for name, rows in sorted(answer["tables"].items())], title="Changed")
    if traces:
        click.echo()
        write_rows(traces, title="Found elsewhere: somebody else's, perhaps")
    elif prove:
        click.echo("Nothing the person was known by is found in any column of any table.")


@customer_group.command("duplicates", epilog=examples("customer duplicates --limit 20"))
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many pairs.")
@format_option
@click.pass_obj
def duplicates_command(database_url: str | None, limit: int, output_format: str) -> None:
    """List customers who may be one: the same number or e-mail address, the likeliest first.

    A family shares a phone, so look before merging; `customer dismiss` takes a pair off the list.
    """
    with connect(resolve(database_url)) as connection:
        rows = customers.duplicates(connection, limit)
    if output_format == "table":
        rows = [
            {
                "survivor": row["survivor_id"],
                "name": row["survivor_name"],
                "orders": row["survivor_orders"],
                "duplicate": row["duplicate_id"],
                "its name": row["duplicate_name"],
                "its orders": row["duplicate_orders"],
                "evidence": ", ".join(row["evidence"]),
            }
            for row in rows
        ]
        if not rows:
            click.echo("No two customers look like one.")
            return
        write_rows(rows, title="Perhaps one customer")
    else:
        write_rows(rows, output_format, _DUPLICATE_COLUMNS)


_DUPLICATE_COLUMNS = (
    *("survivor_id", "duplicate_id", "evidence", "survivor_name", "duplicate_name"),
    *("survivor_orders", "duplicate_orders", "survivor_is_active", "duplicate_is_active"),
)


@customer_group.command("dismiss", epilog=examples("customer dismiss 42 97"))
@click.argument("customer_id", metavar="CUSTOMER", type=int)
@click.argument("other_customer_id", metavar="OTHER", type=int)
@click.pass_obj
def dismiss_command(database_url: str | None, customer_id: int, other_customer_id: int) -> None:
    """Say that two customers are not the same: `customer duplicates` lists them no more."""
    with connect(resolve(database_url)) as connection:
        is_new = customers.dismiss(connection, customer_id, other_customer_id)
    said = "are two" if is_new else "were known to be two"
    click.echo(f"Customers {customer_id} and {other_customer_id} {said}.")


@customer_group.command("merge", epilog=examples("customer merge 42 97 --reason 'same number, she said so'"))
@click.argument("survivor_id", metavar="SURVIVOR", type=int)
@click.argument("duplicate_id", metavar="DUPLICATE", type=int)
@click.option("--reason", metavar="TEXT", help="Why they are one.")
@format_option
@click.pass_obj
def merge_command(
    database_url: str | None, survivor_id: int, duplicate_id: int, reason: str | None, output_format: str
) -> None:
    """Give everything of DUPLICATE to SURVIVOR. `customer unmerge` takes it back."""
    with connect(resolve(database_url)) as connection:
        answer = customers.merge(connection, survivor_id, duplicate_id, reason)
    if output_format != "table":
        write_rows([answer], output_format)
        return
    click.echo(
        f"Merge {answer['merge_id']}: customer {duplicate_id} is customer {survivor_id} now. "
        f"To take it back: customer unmerge {answer['merge_id']}"
    )
    if answer["filled"]:
        click.echo(f"Filled in: {', '.join(answer['filled'])}.")
    if answer["moved"]:
        write_rows([{"table": name, "rows": rows} for name, rows in sorted(answer["moved"].items())], title="Moved")


@customer_group.command("unmerge", epilog=examples("customer unmerge", "customer unmerge 3"))
@click.argument("merge_id", metavar="MERGE", type=int, required=False)
@format_option
@click.pass_obj
def unmerge_command(database_url: str | None, merge_id: int | None, output_format: str) -> None:
    """Make two customers of one again. Without MERGE: list the merges."""
    with connect(resolve(database_url)) as connection:
        if merge_id is None:
            write_rows(customers.merges(connection), output_format, _MERGE_COLUMNS, title="Merges")
            return
        answer = customers.unmerge(connection, merge_id)
    if output_format != "table":
        write_rows([answer], output_format)
        return
    click.echo(f"Customers {answer['survivor_id']} and {answer['duplicate_id']} are two again.")
    if answer["returned"]:
        write_rows([{"table": name, "rows": n} for name, n in sorted(answer["returned"].items())], title="Returned")


_MERGE_COLUMNS = ("merge_id", "survivor_id", "duplicate_id", "merged_at", "merged_by", "reason", "undone_at")


@customer_group.command("consents", epilog=examples("customer consents 42"))
@click.argument("customer_id", metavar="CUSTOMER", type=int)
@format_option
@click.pass_obj
def consents_command(database_url: str | None, customer_id: int, output_format: str) -> None:
    """Show everything a customer allowed and forbade, the latest first."""
    with connect(resolve(database_url)) as connection:
        rows = customers.consents(connection, customer_id)
    if output_format == "table" and not rows:
        click.echo(f"Customer {customer_id} never said what is allowed. What holds then: consent show {customer_id}")
        return
    if output_format == "table":
        rows = [
            {
                "channel": row["channel"],
                "said": "allowed" if row["granted"] else "refused",
                "when": row["recorded_at"],
                "recorded by": row["recorded_by_name"],
                "source": row["source"],
                "holds": "yes" if row["holds"] else "",
            }
            for row in rows
        ]
        write_rows(rows, title=f"Consents of customer {customer_id}")
    else:
        write_rows(rows, output_format, _CONSENT_COLUMNS)


_CONSENT_COLUMNS = (
    *("consent_id", "channel", "granted", "recorded_at", "recorded_by", "recorded_by_name", "source", "holds"),
)

COMMANDS = (customer_group,)
