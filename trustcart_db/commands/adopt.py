"""adopt: an ERP's own tables, which ours follow."""

from __future__ import annotations

import itertools
import sys

import click

from trustcart_db.adoption import compare, install
from trustcart_db.adoption.mapping import find_mapping, read_mapping
from trustcart_db.commands.options import examples, lock_wait_option
from trustcart_db.connection import connect, resolve_direct
from trustcart_db.errors import UsageError
from trustcart_db.output import format_option, tell, write_rows
from trustcart_db.progress import progress_bar

_DIFFERENCE = ("entity", "table", "key", "column", "source_value", "our_value")
# So many lines a person reads; the other formats have all.
_SHOWN = 50


@click.command(
    "adopt",
    epilog=examples(
        "adopt --mapping trustcart_erp --dry-run",
        "adopt --mapping my_erp.toml",
        "adopt --check --format csv > differences.csv",
        "adopt --remove",
    ),
)
@click.option(
    "--mapping", metavar="FILE", help="Adopt by this mapping: a TOML file, or one that is shipped by its name."
)
@click.option("--dry-run", is_flag=True, help="With --mapping: print the SQL that would run, and change nothing.")
@click.option("--check", is_flag=True, help="Compare both sides whole, in one snapshot, and name each difference.")
@click.option("--repair", is_flag=True, help="Read again what differs and what is in the quarantine.")
@click.option("--remove", is_flag=True, help="Take the adoption off; what came over stays and is yours to change.")
@lock_wait_option
@format_option
@click.pass_obj
def adopt_command(
    database_url: str | None,
    mapping: str | None,
    dry_run: bool,
    check: bool,
    repair: bool,
    remove: bool,
    lock_wait: float,
    output_format: str,
) -> None:
    """Adopt the tables of an ERP: its past comes over, and every later write in its own transaction.

    Nothing of the ERP is altered but triggers on the tables that the mapping names. Adopting again goes on where an
    earlier run stopped, or changes to another mapping. Without an option: how the adoption stands.

    Exit codes of --check and --repair: 0 when both sides are equal and the quarantine is empty, else 1.
    """
    given = [name for name, is_given in (("--check", check), ("--repair", repair), ("--remove", remove)) if is_given]
    given += ["--mapping"] if mapping else []
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} are different things to do.", "Give one of them.")
    if dry_run and not mapping:
        raise UsageError("--dry-run says what a mapping would do.", "Give --mapping FILE.")
    conninfo = resolve_direct(database_url)
    if mapping and dry_run:
        _dry_run(conninfo, mapping, lock_wait, output_format)
    elif mapping:
        _adopt(conninfo, mapping, lock_wait)
    elif check:
        _check(conninfo, output_format)
    elif repair:
        _repair(conninfo, lock_wait, output_format)
    elif remove:
        done = install.remove(conninfo, lock_wait=lock_wait, tell=tell)
        click.echo("Removed: the rows that came over are ours now." if done else "Nothing is adopted.")
    else:
        _status(conninfo, output_format)


def _adopt(conninfo: str, name: str, lock_wait: float) -> None:
    mapping = read_mapping(find_mapping(name))
    with progress_bar() as progress:
        outcome = install.adopt(conninfo, mapping, lock_wait=lock_wait, tell=tell, progress=progress)
    if outcome.was_live:
        click.echo(f"Nothing to do: {mapping.name} is live.")
        return
    click.echo(f"Adopted by {mapping.name}: {outcome.rows:,} rows read, and in step from here on.")
    for table in outcome.unindexed:
        tell(f"{table} has no index on its order: each order that is confirmed or deleted reads the table whole.")
    with connect(conninfo, autocommit=True) as connection:
        held = (install.status(connection) or {}).get("quarantined", 0)
    if held:
        tell(f"{held:,} rows or columns are in the quarantine: `trustcart-db adopt` says which and why.")


def _dry_run(conninfo: str, name: str, lock_wait: float, output_format: str) -> None:
    script, rows = install.dry_run(conninfo, read_mapping(find_mapping(name)), lock_wait=lock_wait, tell=tell)
    if output_format == "table":
        click.echo(script)
        width = max(len(row["table"]) for row in rows)
        for row in rows:
            click.echo(f"-- {row['table']:{width}} {row['rows']:>12,} rows for {row['target']}")
    else:
        write_rows(rows, output_format)


def _check(conninfo: str, output_format: str) -> None:
    with connect(conninfo, autocommit=True) as connection:
        is_live = _require(connection)["state"] == "live"
        rows = compare.differences(connection)
        counted = itertools.count()
        if output_format == "table":
            shown = list(itertools.islice(rows, _SHOWN))
            for _ in itertools.chain(shown, rows):
                next(counted)
            if shown:
                write_rows(shown, title="Differences", columns=_DIFFERENCE)
        else:
            write_rows((row for row in rows if next(counted) >= 0), output_format, columns=_DIFFERENCE)
        found = next(counted)
        held = compare.quarantined(connection)
    if found > _SHOWN and output_format == "table":
        tell(f"… and {found - _SHOWN:,} more: --format csv names them all.")
    if found:
        tell(f"{found:,} differences. `trustcart-db adopt --repair` reads these rows again.")
    _tell_quarantine(held, output_format)
    if not is_live:
        tell("The past has not come over whole: run `trustcart-db adopt --mapping` again, it goes on.")
    if not (found or held) and is_live:
        tell("Both sides are in step.")
    sys.exit(1 if found or held or not is_live else 0)


def _repair(conninfo: str, lock_wait: float, output_format: str) -> None:
    with install.session(conninfo, lock_wait, tell) as connection, progress_bar() as progress:
        _require(connection)
        rows = compare.repair(connection, lock_wait, progress)
        left = sum(1 for _ in compare.differences(connection))
        held = compare.quarantined(connection)
    tell(f"{rows:,} rows were read again.")
    if left:
        tell(f"{left:,} differences are left: `trustcart-db adopt --check` names them.")
    _tell_quarantine(held, output_format)
    sys.exit(1 if left or held else 0)


def _tell_quarantine(held: list[dict[str, object]], output_format: str) -> None:
    if not held:
        return
    if output_format == "table":
        write_rows(held, title="In the quarantine, and so left out of the comparison")
    else:
        tell(f"{sum(row['rows'] for row in held):,} rows or columns are in the quarantine.")


def _status(conninfo: str, output_format: str) -> None:
    with connect(conninfo, autocommit=True) as connection:
        status = install.status(connection)
        held = compare.quarantined(connection) if status else []
    if output_format != "table":
        write_rows([status] if status else [], output_format)
        return
    if status is None:
        click.echo("Nothing is adopted.")
        return
    since = status["live_at"] if status["state"] == "live" else status["removed_at"] or status["began_at"]
    click.echo(f"{status['mapping']}: {status['state']} since {since}, {status['quarantined']:,} in the quarantine.")
    write_rows(status["sources"])
    if held:
        write_rows(held, title="In the quarantine")


def _require(connection) -> dict[str, object]:
    status = install.status(connection)
    if status is None or status["state"] == "removed":
        raise UsageError("Nothing is adopted here.", "Adopt first: trustcart-db adopt --mapping FILE.")
    return status


COMMANDS = (adopt_command,)
