"""user: who works here, and how they sign in."""

from __future__ import annotations

import sys

import click

from trustcart_db import users
from trustcart_db.auth import passwords
from trustcart_db.commands.options import Group, examples
from trustcart_db.connection import connect, resolve
from trustcart_db.errors import UsageError
from trustcart_db.output import format_option, tell, write_rows

_user_id = click.argument("user_id", metavar="ID", type=int)
_password_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from stdin, one line.")


@click.group("user", cls=Group)
def user_group() -> None:
    """Add users, change them, let them sign in.

    Passwords are asked for, or read from stdin; they are never an argument, which others on the machine could see.
    """


@user_group.command(
    "add",
    epilog=examples(
        "user add Ayesha --email ayesha@shop.example --role crm_agent",
        "user add ERP --role admin --db-role erp --no-password",
    ),
)
@click.argument("name")
@click.option("--email", help="E-mail address, with which the user signs in.")
@click.option("--role", required=True, metavar="ROLE", help="crm_agent, crm_manager or admin.")
@click.option("--leader", "team_leader_id", type=int, metavar="ID", help="The user who leads the team.")
@click.option("--db-role", metavar="ROLE", help="Login role of the database that acts as this user.")
@_password_stdin
@click.option("--no-password", is_flag=True, help="Ask for none: the user cannot sign in, or does as the --db-role.")
@format_option
@click.pass_obj
def add_command(
    database_url: str | None,
    name: str,
    email: str | None,
    password_stdin: bool,
    no_password: bool,
    output_format: str,
    **columns: object,
) -> None:
    """Add a user called NAME."""
    if no_password and password_stdin:
        raise UsageError("Give --password-stdin or --no-password, not both.")
    if not email and not no_password:
        raise UsageError(
            "With which e-mail address does the user sign in?", "Give --email, or --no-password with --db-role."
        )
    with connect(resolve(database_url)) as connection:
        password_hash = None
        if not no_password:
            password = _read_password(password_stdin)
            passwords.check_password(password, name, email)
            password_hash = passwords.hash_password(password)
        account = users.create(connection, name=name, email=email, password_hash=password_hash, **columns)
    _write(account, output_format, f"User {account['user_id']} added")


@user_group.command("list", epilog=examples("user list"))
@format_option
@click.pass_obj
def list_command(database_url: str | None, output_format: str) -> None:
    """List the users, and how they sign in."""
    with connect(resolve(database_url)) as connection:
        rows = users.accounts(connection)
    if output_format == "table":
        write_rows(map(_listed, rows), title="Users")
    else:
        write_rows(rows, output_format, users.COLUMNS)


@user_group.command("change", epilog=examples("user change 5 --role crm_manager --no-leader"))
@_user_id
@click.option("--name", help="Name as dashboards show it.")
@click.option("--email", help="E-mail address.")
@click.option("--role", metavar="ROLE", help="crm_agent, crm_manager, admin, or other: no CRM work, no sign-in.")
@click.option("--leader", "team_leader_id", type=int, metavar="ID", help="The user who leads the team.")
@click.option("--no-leader", is_flag=True, help="In nobody's team.")
@click.option("--db-role", metavar="ROLE", help="Login role of the database that acts as this user.")
@click.option("--no-db-role", is_flag=True, help="No login role any more.")
@format_option
@click.pass_obj
def change_command(
    database_url: str | None,
    user_id: int,
    no_leader: bool,
    no_db_role: bool,
    output_format: str,
    **columns: object,
) -> None:
    """Change a user: what is given, and nothing else. It holds at once.

    Who is no longer an agent hands the open calls over to others.
    """
    given = {name: value for name, value in columns.items() if value is not None}
    cleared = [name for name, is_cleared in (("team_leader_id", no_leader), ("db_role", no_db_role)) if is_cleared]
    for name in cleared:
        if name in given:
            option = {"team_leader_id": "leader", "db_role": "db-role"}[name]
            raise UsageError(f"Give --{option} or --no-{option}, not both.")
    if cleared:
        given["clear"] = cleared
    if not given:
        raise UsageError("What is to be changed?", "user change --help lists what can be.")
    with connect(resolve(database_url)) as connection:
        account = users.change(connection, user_id, **given)
    _write(account, output_format, f"User {user_id} changed")
    if "role" in given and account["db_role"]:
        tell(f"Note: the login role {account['db_role']} keeps its group until a DBA grants it that of the new role.")


@user_group.command("set-password", epilog=examples("user set-password 5"))
@_user_id
@_password_stdin
@click.pass_obj
def set_password_command(database_url: str | None, user_id: int, password_stdin: bool) -> None:
    """Set a user's password. Lifts a lock, and signs the user out everywhere."""
    with connect(resolve(database_url)) as connection:
        account = users.account(connection, user_id)
        connection.rollback()  # nothing stays open while somebody types
        password = _read_password(password_stdin)
        passwords.check_password(password, account["name"], account["email"])
        users.set_password_hash(connection, user_id, passwords.hash_password(password))
    click.echo(f"Password of user {user_id} set.")
    if not account["email"]:
        tell("Note: without an e-mail address the user cannot sign in: user change --email.")
    if not account["is_active"]:
        tell("Note: the user is disabled and cannot sign in: user enable.")


@user_group.command("disable", epilog=examples("user disable 5"))
@_user_id
@format_option
@click.pass_obj
def disable_command(database_url: str | None, user_id: int, output_format: str) -> None:
    """Disable a user who has left: no sign-in, sessions ended, open calls handed over to others."""
    with connect(resolve(database_url)) as connection:
        account = users.change(connection, user_id, is_active=False)
    _write(account, output_format, f"User {user_id} disabled")
    if account["db_role"]:
        tell(f"Note: a DBA can also keep the login role {account['db_role']} from connecting: alter role … nologin;")


@user_group.command("enable", epilog=examples("user enable 5"))
@_user_id
@format_option
@click.pass_obj
def enable_command(database_url: str | None, user_id: int, output_format: str) -> None:
    """Enable a user who was disabled. Sessions of before stay ended; the password holds."""
    with connect(resolve(database_url)) as connection:
        account = users.change(connection, user_id, is_active=True)
    _write(account, output_format, f"User {user_id} enabled")


@user_group.command("unlock", epilog=examples("user unlock 5"))
@_user_id
@format_option
@click.pass_obj
def unlock_command(database_url: str | None, user_id: int, output_format: str) -> None:
    """Let a user try again who gave too many wrong passwords."""
    with connect(resolve(database_url)) as connection:
        had_failures = users.unlock(connection, user_id)
        account = users.account(connection, user_id)
    _write(account, output_format, f"User {user_id} unlocked" if had_failures else f"User {user_id} was not locked")


@user_group.command("sign-out", epilog=examples("user sign-out 5"))
@_user_id
@click.pass_obj
def sign_out_command(database_url: str | None, user_id: int) -> None:
    """Sign a user out everywhere: the tokens of before are refused. The password holds."""
    with connect(resolve(database_url)) as connection:
        users.sign_out(connection, user_id)
    click.echo(f"User {user_id} signed out everywhere.")


def _read_password(from_stdin: bool) -> str:
    """The password of a prompt without echo, typed twice, or of the one line on stdin. Raises UsageError."""
    if not from_stdin:
        if not sys.stdin.isatty():
            raise UsageError("There is no terminal to ask for the password.", "Pipe it in with --password-stdin.")
        return click.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True)
    try:
        text = sys.stdin.buffer.read(8 * passwords.MOST_LENGTH).decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError("The password on stdin is not UTF-8.") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if "\n" in text or "\0" in text:
        raise UsageError("The password on stdin is more than one line.", "Pipe in the password alone.")
    return text


def _listed(account: users.Row) -> users.Row:
    """A line of the list: what fits a terminal of 80 columns."""
    locked = account["locked_until"]
    return {
        "id": account["user_id"],
        "name": account["name"],
        "email": account["email"],
        "role": account["role"],
        "leader": account["team_leader_id"],
        "state": "disabled"
        if not account["is_active"]
        else f"locked until {locked:%Y-%m-%d %H:%M}"
        if locked
        else "active"
        if account["has_password"] or account["db_role"]
        else "no password",
        "signed in": account["last_sign_in_at"] and f"{account['last_sign_in_at']:%Y-%m-%d %H:%M}",
    }


def _write(account: users.Row, output_format: str, title: str) -> None:
    if output_format == "table":
        write_rows([_listed(account)], title=title)
    else:
        write_rows([account], output_format, users.COLUMNS)


COMMANDS = (user_group,)
