"""encryption: phone numbers at rest, on and off, and the rotation of their keys."""

from __future__ import annotations

from pathlib import Path

import click

from trustcart_db import phone_encryption as phones
from trustcart_db.commands.options import Group, examples
from trustcart_db.connection import connect, resolve_direct
from trustcart_db.errors import UsageError
from trustcart_db.output import format_option, tell, write_rows
from trustcart_db.progress import progress_bar

_HOW_TO_MAKE = "Make one with `openssl rand -hex 32`, and keep it where no backup of the database is kept."
_key_file = click.option(
    "--key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"File that holds the key, 64 hexadecimal digits or base64. Else {phones.ENVIRONMENT}.",
)
_batch = click.option(
    "--batch", type=click.IntRange(1, 100_000), default=phones.BATCH, show_default=True, help="Rows in a transaction."
)
_lock_wait = click.option(
    "--lock-wait", type=click.FloatRange(min=0), default=60.0, show_default=True, metavar="SECONDS", help="For a lock."
)


@click.group("encryption", cls=Group)
def encryption_group() -> None:
    """Encrypt the phone numbers, so that no dump, disk or audit log shows one.

    The key is never an argument, which others on the machine could see, and never in the database: without it the
    numbers are lost. A command that was interrupted goes on when it is run again. The owner of the tables runs them.
    """


@encryption_group.command("status", epilog=examples("encryption status"))
@format_option
@click.pass_obj
def status_command(database_url: str | None, output_format: str) -> None:
    """Show whether phone numbers are encrypted, and what is still to be done."""
    with connect(resolve_direct(database_url)) as connection:
        write_rows([phones.status(connection)], output_format, title="Encryption of phone numbers")


@encryption_group.command("on", epilog=examples("encryption on --key-file /etc/trustcart/phone.key"))
@_key_file
@_batch
@_lock_wait
@click.option(
    "--rewrite",
    is_flag=True,
    help="VACUUM FULL the tables at the end, locking each meanwhile: VACUUM leaves former values on the disk.",
)
@click.pass_obj
def on_command(database_url: str | None, key_file: Path | None, batch: int, lock_wait: float, rewrite: bool) -> None:
    """Encrypt all phone numbers while the system runs. New ones are encrypted from the first moment on."""
    key = _key(key_file)
    with connect(resolve_direct(database_url), autocommit=True) as connection, progress_bar() as progress:
        before, converted = phones.turn_on(
            connection, key, batch=batch, wait=lock_wait, rewrite=rewrite, progress=progress
        )
    if before == "on" and not converted:
        click.echo("Phone numbers are encrypted already.")
    else:
        click.echo(f"Phone numbers are encrypted: {converted:,} were replaced.")
    if not rewrite:
        tell(
            "Free space of the tables and the write-ahead log still hold the former values. Run it again with --rewrite"
            " at a quiet hour, and let WAL archives and backups made before expire."
        )
    tell(
        f"Services that read numbers need the key: `trustcart-db deliver` takes it from {phones.ENVIRONMENT}, and its"
        " login role must be a member of trustcart_gateway."
    )


@encryption_group.command("off", epilog=examples("encryption off --key-file /etc/trustcart/phone.key"))
@_key_file
@_batch
@_lock_wait
@click.pass_obj
def off_command(database_url: str | None, key_file: Path | None, batch: int, lock_wait: float) -> None:
    """Make all phone numbers readable again, exactly as they were typed."""
    key = _key(key_file)
    with connect(resolve_direct(database_url), autocommit=True) as connection, progress_bar() as progress:
        before, converted = phones.turn_off(connection, key, batch=batch, wait=lock_wait, progress=progress)
    click.echo(
        "Phone numbers are not encrypted."
        if before == "off"
        else f"Phone numbers are readable again: {converted:,} were replaced."
    )


@encryption_group.command(
    "rotate",
    epilog=examples(
        "encryption rotate --key-file old.key --new-key-file new.key", "encryption rotate --key-file new.key"
    ),
)
@_key_file
@click.option(
    "--new-key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"File that holds the key to change to. Else {phones.NEW_ENVIRONMENT}.",
)
@click.option("--now", is_flag=True, help="Change to the new key at once: services that have the former one fail.")
@_batch
@_lock_wait
@click.pass_obj
def rotate_command(
    database_url: str | None,
    key_file: Path | None,
    new_key_file: Path | None,
    now: bool,
    batch: int,
    lock_wait: float,
) -> None:
    """Encrypt the numbers anew, while the system runs.

    Without a new key: under a new data key, and from then on the key given is the only one. With a new key: that one
    is accepted beside the present one and nothing else is done, so that services can change to it one after the other;
    when they have, run `rotate` with it, without a new key. --now does both at once.
    """
    key = _key(key_file)
    new_key = phones.key_from(new_key_file, phones.NEW_ENVIRONMENT)
    if now and not new_key:
        raise UsageError("--now changes to a new key.", f"Give --new-key-file or {phones.NEW_ENVIRONMENT}.")
    with connect(resolve_direct(database_url), autocommit=True) as connection, progress_bar() as progress:
        if new_key:
            phones.accept(connection, key, new_key, wait=lock_wait)
            if not now:
                click.echo("Both keys open the phone numbers.")
                tell("Give services the new key, then run `trustcart-db encryption rotate` with it.")
                return
            key = new_key
        rotated = phones.rotate(connection, key, batch=batch, wait=lock_wait, progress=progress)
    click.echo(f"Encrypted anew: {rotated:,} numbers. This key alone opens them.")


def _key(path: Path | None) -> str:
    key = phones.key_from(path)
    if key is None:
        raise UsageError(f"Give the key: --key-file FILE, or {phones.ENVIRONMENT}.", _HOW_TO_MAKE)
    return key


COMMANDS = (encryption_group,)
