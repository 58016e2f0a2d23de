"""Users: the calls behind `trustcart-db user`. The database decides all."""

from __future__ import annotations

from datetime import datetime

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

Row = dict[str, object]

#: The columns of trustcart.user_accounts, in its order.
COLUMNS = (
    *("user_id", "name", "email", "role", "team_leader_id", "db_role", "is_active", "has_password", "password_set_at"),
    *("failed_attempts", "locked_until", "last_sign_in_at"),
)

_ACCOUNTS = "select * from trustcart.user_accounts()"
_ACCOUNT = "select * from trustcart.user_accounts() where user_id = %s"
_REQUIRE = "select trustcart.change_user(%s)"


def create(connection: psycopg.Connection, **columns: object) -> Row:
    """Make a user. Arguments: a connection; what trustcart.create_user takes, without p_. Result: the account. Raises
    psycopg.Error: TC002, TC003, TC004, TC005, 23505."""
    (user_id,) = _call(connection, "create_user", columns)
    return account(connection, user_id)


def change(connection: psycopg.Connection, user_id: int, **columns: object) -> Row:
    """Change a user. Arguments: a connection; the user; what trustcart.change_user takes, without p_. Result: the
    account. Raises psycopg.Error: TC002, TC003, TC004, TC005, 23505."""
    _call(connection, "change_user", {"user_id": user_id, **columns})
    return account(connection, user_id)


def accounts(connection: psycopg.Connection) -> list[Row]:
    """All users as trustcart.user_accounts has them. Raises psycopg.Error."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_ACCOUNTS).fetchall()


def account(connection: psycopg.Connection, user_id: int) -> Row:
    """One of them. Arguments: a connection, the user. Raises psycopg.Error: TC004 when there is no such user."""
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(_ACCOUNT, [user_id]).fetchone()
        if found is None:
            # Asked for its error alone.
            cursor.execute(_REQUIRE, [user_id])
        return found


def set_password_hash(connection: psycopg.Connection, user_id: int, password_hash: str) -> None:
    """Set a password. Arguments: a connection, the user, its argon2id hash. Raises psycopg.Error: TC004, TC005."""
    _call(connection, "set_user_password_hash", {"user_id": user_id, "password_hash": password_hash})


def unlock(connection: psycopg.Connection, user_id: int) -> bool:
    """Lift a lock. Arguments: a connection, the user. Result: whether there was anything to forget. Raises
    psycopg.Error: TC004."""
    return _call(connection, "unlock_user", {"user_id": user_id})[0]


def sign_out(connection: psycopg.Connection, user_id: int) -> datetime:
    """End all sessions. Arguments: a connection, the user. Result: from when tokens hold. Raises psycopg.Error:
    TC004."""
    return _call(connection, "sign_out_user", {"user_id": user_id})[0]


def _call(connection: psycopg.Connection, function: str, arguments: Row) -> tuple[object, ...]:
    """Call trustcart.FUNCTION by the names of its arguments; those are ours, the values are bound."""
    query = sql.SQL("select trustcart.{}({})").format(
        sql.Identifier(function),
        sql.SQL(", ").join(
            sql.SQL("{} => {}").format(sql.Identifier(f"p_{name}"), sql.Placeholder(name)) for name in arguments
        ),
    )
    return connection.execute(query, arguments).fetchone()
