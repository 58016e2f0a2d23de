"""migrate, rollback, uninstall, status: what is installed in a database."""

from __future__ import annotations

import sys

import click

from trustcart_db import __version__, migrate, state, uninstall
from trustcart_db.bundle import read_bundle
from trustcart_db.commands.options import examples, lock_wait_option
from trustcart_db.connection import resolve_direct
from trustcart_db.output import format_option, tell, write_rows

_yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command("migrate", epilog=examples("migrate --dry-run", "migrate --set-search-path"))
@click.option("--dry-run", is_flag=True, help="Only list what would be applied.")
@click.option(
    "--set-search-path",
    is_flag=True,
    help="Append trustcart to the database's search path, so that the guide's SQL runs as printed.",
)
@click.option("--verbose", "-v", is_flag=True, help="List each file of sql/ that was applied.")
@lock_wait_option
@click.pass_obj
def migrate_command(
    database_url: str | None, dry_run: bool, set_search_path: bool, verbose: bool, lock_wait: float
) -> None:
    """Install, upgrade or repair the schema; changes nothing when all is as it should be."""
    bundle, conninfo = read_bundle(), resolve_direct(database_url)
    if dry_run:
        _, todo = migrate.dry_run(conninfo, bundle)
        rows = _plan_rows(todo)
        if rows:
            write_rows(rows, title=f"Migrating to {__version__} would apply:")
        else:
            click.echo(f"Nothing to do: the database is at {__version__}.")
        return
    report = migrate.migrate(conninfo, bundle, lock_wait=lock_wait, set_search_path=set_search_path, tell=tell)
    for path in report.objects if verbose else ():
        tell(f"applied {path}")
    if report.schema_changed:
        came_from = f" (was {report.version_before})" if report.version_before not in (None, __version__) else ""
        click.echo(
            f"Migrated to {__version__}{came_from}: {len(report.migrations)} migrations, "
            f"{len(report.objects)} objects applied, {len(report.dropped)} dropped."
        )
    else:
        click.echo(f"Nothing to do: the database is at {__version__}.")
    if report.search_path:
        click.echo(f"New sessions of this database have the search path {report.search_path}.")


@click.command("rollback", epilog=examples("rollback --steps 2"))
@click.option("--steps", type=click.IntRange(min=1), default=1, show_default=True, help="How many migrations.")
@_yes_option
@lock_wait_option
@click.pass_obj
def rollback_command(database_url: str | None, steps: int, yes: bool, lock_wait: float) -> None:
    """Take back the last migrations, with the data in their tables.

    Views, functions, triggers and policies are dropped first; the next migrate makes them again.
    """
    bundle, conninfo = read_bundle(), resolve_direct(database_url)
    if not yes:
        click.confirm(f"Take back the last {steps} migration(s), and lose the data of their tables?", abort=True)
    taken = migrate.rollback(conninfo, bundle, steps=steps, lock_wait=lock_wait, tell=tell)
    click.echo(f"Rolled back: {', '.join(taken)}." if taken else "Nothing to roll back.")


@click.command("uninstall", epilog=examples("uninstall --drop-roles"))
@click.option("--drop-roles", is_flag=True, help="Drop the group roles as well; they belong to the whole server.")
@_yes_option
@lock_wait_option
@click.pass_obj
def uninstall_command(database_url: str | None, drop_roles: bool, yes: bool, lock_wait: float) -> None:
    """Drop the schemas trustcart, trustcart_private and trustcart_api with all data, and nothing else."""
    bundle, conninfo = read_bundle(), resolve_direct(database_url)
    if not yes:
        click.confirm(f"Drop {', '.join(state.SCHEMAS)} with all their data?", abort=True)
    dropped = uninstall.uninstall(conninfo, bundle, drop_roles=drop_roles, lock_wait=lock_wait, tell=tell)
    click.echo(f"Dropped: {', '.join(dropped)}." if dropped else "Nothing was installed.")


@click.command("status", epilog=examples("status", "status --format json"))
@format_option
@click.pass_obj
def status_command(database_url: str | None, output_format: str) -> None:
    """Say what is installed and what a migrate would change. Exit code 0 when up to date, else 1."""
    found, todo = migrate.inspect(resolve_direct(database_url), bundle := read_bundle())
    known = set(state.migration_ids(bundle))
    row = {
        "installed_version": found.version,
        "available_version": __version__,
        "up_to_date": todo.up_to_date,
        "migrated_at": found.migrated_at,
        "migrated_by": found.migrated_by,
        "pending_migrations": list(todo.migrations),
        "unknown_migrations": [name for name in found.migrations if name not in known],
        "changed_objects": [one.path for one in todo.changed],
        "missing_objects": [one.path for one in todo.missing],
        "objects_to_drop": list(todo.dropped),
    }
    if output_format == "table":
        write_rows([{"item": name, "value": _summary(value)} for name, value in row.items()])
    else:
        write_rows([row], output_format)
    sys.exit(0 if todo.up_to_date else 1)


def _summary(value: object) -> object:
    """A list in a table's cell, cut where it is long; `migrate --dry-run` and the other formats have it whole."""
    if not isinstance(value, list):
        return value
    more = f" and {len(value) - 3} more" if len(value) > 4 else ""
    return (", ".join(value[: 3 if more else 4]) + more) or "none"


def _plan_rows(todo: state.Plan) -> list[dict[str, str]]:
    rows = [{"action": "migrate", "what": name} for name in todo.migrations]
    rows += [{"action": "apply", "what": one.path} for one in todo.changed]
    rows += [{"action": "recreate", "what": one.path} for one in todo.missing]
    rows += [{"action": "drop", "what": identity} for identity in todo.dropped]
    if todo.record_version and not rows:
        rows.append({"action": "record", "what": f"version {__version__}"})
    return rows


COMMANDS = (migrate_command, rollback_command, uninstall_command, status_command)
