"""backup, restore: our schemas in a file, and back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trustcart_db import __version__
from trustcart_db.backup import compare, inventory, restore, take
from trustcart_db.bundle import read_bundle
from trustcart_db.commands.options import examples, lock_wait_option
from trustcart_db.connection import resolve_direct
from trustcart_db.output import tell, write_rows
from trustcart_db.progress import progress_bar


@click.command(
    "backup", epilog=examples("backup /var/backups/trustcart", "backup shop.dump", "backup --verify shop.dump")
)
@click.argument("destination", metavar="FILE|DIRECTORY", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Compare the database with the backup FILE instead: name each difference.")
@lock_wait_option
@click.pass_obj
def backup_command(database_url: str | None, destination: Path, verify: bool, lock_wait: float) -> None:
    """Write our schemas into a file that pg_restore reads, while the shop goes on.

    In a DIRECTORY the file is named after the database and the time. Beside it lies FILE.manifest.json, with the rows
    and a checksum of each table, taken in the same snapshot: keep both together. They hold personal data: only you can
    read them, so encrypt them before they leave the machine. Prints the name of the file.

    With --verify it exits with 0 when the file is whole and the database equals it, with 1 when they differ.
    """
    conninfo = resolve_direct(database_url)
    if verify:
        with progress_bar() as progress:
            manifest, differences = compare.compare(
                conninfo, destination, lock_wait=lock_wait, progress=progress, tell=tell
            )
        if differences:
            _show(differences)
            sys.exit(1)
        click.echo(f"The backup is whole, and the database equals it: {_contents(manifest)}.")
        return
    with progress_bar() as progress:
        file, manifest = take.take(conninfo, destination, lock_wait=lock_wait, progress=progress, tell=tell)
    tell(f"Backed up {_contents(manifest)}, {manifest.dump_bytes / 1e6:,.1f} MB.")
    if manifest.phones_encrypted:
        tell("Its phone numbers are encrypted, and the master key is not in it: keep that elsewhere.")
    click.echo(str(file))


@click.command(
    "restore", epilog=examples("--database-url postgresql:///drill restore shop.dump", "restore --replace shop.dump")
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Drop our schemas, with all data, and put the backup in their place.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@lock_wait_option
@click.pass_obj
def restore_command(database_url: str | None, file: Path, replace: bool, yes: bool, lock_wait: float) -> None:
    """Bring a backup back, into the same version of Postgres or a newer one.

    All of it is one transaction, which ends only when the rows of each table are those that were backed up: stopped or
    killed, it leaves the database as it was. Without --replace the database must have none of our schemas. Group roles
    are made; other roles that the backup names must exist. With --replace, customers erased since the backup are
    erased again. What no backup holds is listed at the end.
    """
    conninfo = resolve_direct(database_url)
    manifest = inventory.read_manifest(file)
    if replace and not yes:
        click.confirm(
            f"Put the backup of {manifest.made_at} ({_contents(manifest)}) in place of all that the database holds?",
            abort=True,
            err=True,
        )
    with progress_bar() as progress:
        done = restore.restore(
            conninfo, read_bundle(), file, replace=replace, lock_wait=lock_wait, progress=progress, tell=tell
        )
    click.echo(f"Restored {_contents(manifest)}, as of {manifest.made_at}; each table was compared.")
    for line in _what_is_left(done, replace):
        tell(line)
    if done.differences:
        tell("The rows are those of the backup, but the schema is not what was backed up:")
        _show(done.differences)
        sys.exit(1)


def _what_is_left(done: restore.Restored, replaced: bool) -> list[str]:
    """What is to be done after a restore, a line each."""
    manifest, lines = done.manifest, []
    if done.erased_again:
        lines.append(f"Erased again, as they were before the restore: customers {_ids(done.erased_again)}.")
    if done.not_erased:
        lines.append(f"Erased before the restore, to be erased again by hand: customers {_ids(done.not_erased)}.")
    if not replaced:
        lines.append(
            f"Whoever was erased after {manifest.made_at} is known again: erase them again"
            " (trustcart-db customer erase)."
        )
    if manifest.version != __version__:
        lines.append(f"The backup is of trustcart-db {manifest.version}: run `trustcart-db migrate`.")
    if manifest.phones_encrypted:
        lines.append("Its phone numbers are encrypted: services need the master key of that time.")
    lines.append(
        "In no backup are: login roles and their memberships, the search path of the database, pg_cron's job"
        " (trustcart-db schedule), and the triggers of an adoption (trustcart-db adopt)."
    )
    return lines


def _show(differences: list[compare.Difference]) -> None:
    write_rows([one._asdict() for one in differences], columns=compare.Difference._fields)


def _contents(manifest: inventory.Manifest) -> str:
    return f"{len(manifest.tables)} tables with {manifest.rows:,} rows of trustcart-db {manifest.version}"


def _ids(customers: list[int]) -> str:
    return ", ".join(map(str, customers))


COMMANDS = (backup_command, restore_command)
