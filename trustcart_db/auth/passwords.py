"""Passwords: what one must be like, its hash, and signing in with it.

The rules of sign-in (who may, lock-out, what a change of password undoes) are the database's. Only what needs the
password itself stands here, for the database never sees one: neither its log nor pg_stat_activity can show what it was
not given.
"""

from __future__ import annotations

import contextlib
import functools
import secrets
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from trustcart_db.errors import InputError, MissingError, RefusedError, contract_for

if TYPE_CHECKING:
    from argon2 import PasswordHasher

#: NIST SP 800-63B: length is what counts; no rules about characters, no expiry.
LEAST_LENGTH = 12
#: Hashing must not be made to read megabytes.
MOST_LENGTH = 1024

WRONG_CREDENTIALS, LOCKED = "TC404", "TC405"

_CREDENTIALS = "select * from trustcart.sign_in_credentials(%(email)s)"
_CREDENTIALS_AT = "select * from trustcart.sign_in_credentials(%(email)s, %(at)s)"
_RECORD = "select is_accepted, locked_until from trustcart.record_sign_in(%s, %s, %s, %s, %s)"


class SignInError(RefusedError):
    """Signing in failed: sqlstate TC404, the e-mail address or password is wrong (HTTP 401); TC405, locked (429).

    Attributes: those of TrustCartError; locked_until (an aware datetime, None unless locked).
    """

    def __init__(self, message: str, hint: str, sqlstate: str, locked_until: datetime | None = None) -> None:
        contract = contract_for(sqlstate)
        super().__init__(
            message, hint, sqlstate=sqlstate, http_status=contract.http_status, exit_code=contract.exit_code
        )
        self.locked_until = locked_until


class SignedIn(NamedTuple):
    """Who signed in: user_id, role (users.role), at (the database's clock: a token's `issued_at`)."""

    user_id: int
    role: str
    at: datetime


def check_password(password: str, name: str | None = None, email: str | None = None) -> None:
    """Refuse a password that is too easy.

    Arguments: the password; name and e-mail address of its user. Result: none. Raises InputError, which does not repeat
    it, when it is shorter than LEAST_LENGTH or longer than MOST_LENGTH characters, or is the name or the address.
    """
    text = _normalised(password)
    if not LEAST_LENGTH <= len(text) <= MOST_LENGTH or len(password) > MOST_LENGTH:
        raise InputError(
            f"The password has {len(text)} characters, not {LEAST_LENGTH} to {MOST_LENGTH}.",
            "Several words make a good one. Any characters do, spaces too.",
        )
    if any(text.strip().casefold() == _normalised(known).strip().casefold() for known in (name, email) if known):
        raise InputError("The password is the user's name or e-mail address.", "Choose one that nobody would guess.")


def hash_password(password: str) -> str:
    """Hash a password by argon2id, with the library's present parameters.

    Argument: the password, which check_password has let pass. Result: `$argon2id$…`. Raises MissingError without
    argon2-cffi.
    """
    return _hasher().hash(_bytes(password))


def verify_password(password_hash: str, password: str) -> bool:
    """Whether a password is the one of a hash.

    Arguments: hash, password. Result: true or false, false also for a malformed hash. Raises MissingError without
    argon2-cffi.
    """
    hasher = _hasher()
    from argon2.exceptions import InvalidHashError, VerificationError

    # Checked against something in any case, so that all answers take the same time.
    is_too_long = len(password) > MOST_LENGTH
    try:
        hasher.verify(password_hash, b"" if is_too_long else _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return not is_too_long


def sign_in(
    connection: psycopg.Connection,
    email: str,
    password: str,
    *,
    at: datetime | None = None,
    seconds: float | None = None,
) -> SignedIn:
    """Check an e-mail address and password, and count what came of it.

    Arguments: a connection of the gateway, outside a transaction (what is counted is committed before this returns, and
    none is open while the password is hashed); the address, in any case; the password; the instant (default: the
    database's clock); how many seconds a statement may take, where that is not what holds for the login role. Result:
    SignedIn. Raises SignInError, the same for an unknown address, a disabled user and a wrong password; MissingError
    without argon2-cffi; RuntimeError within a transaction; psycopg.Error.
    """
    if connection.info.transaction_status != TransactionStatus.IDLE:
        raise RuntimeError("sign_in must be called outside a transaction")
    nobody = _hash_of_nobody()
    # What Postgres cannot take is the address of nobody.
    email = email.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
    with _transaction(connection, seconds) as cursor:
        statement = _CREDENTIALS if at is None else _CREDENTIALS_AT
        user = cursor.execute(statement, {"email": email, "at": at}).fetchone()
    if user is not None and user["locked_until"] is not None:
        raise _locked(user["locked_until"])
    # For an unknown address the same is done: one hash, one call of record_sign_in.
    is_right = verify_password(nobody if user is None else user["password_hash"], password) and user is not None
    new_hash = hash_password(password) if is_right and _hasher().check_needs_rehash(user["password_hash"]) else None
    known = user or {"user_id": None, "read_at": at, "password_set_at": None}
    with _transaction(connection, seconds) as cursor:
        answer = cursor.execute(
            _RECORD, [known["user_id"], is_right, known["read_at"], known["password_set_at"], new_hash]
        ).fetchone()
    if answer["locked_until"] is not None:
        raise _locked(answer["locked_until"])
    if not answer["is_accepted"]:
        raise SignInError(
            "The e-mail address or the password is wrong.",
            "Try again, or let an admin set a new password: trustcart-db user set-password.",
            WRONG_CREDENTIALS,
        )
    return SignedIn(user["user_id"], user["role"], user["read_at"])


@contextlib.contextmanager
def _transaction(connection: psycopg.Connection, seconds: float | None) -> Iterator[psycopg.Cursor[dict[str, object]]]:
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        if seconds is not None:
            # Of the transaction: behind a pooler the session is somebody else's afterwards.
            cursor.execute("select set_config('statement_timeout', %s, true)", [f"{seconds * 1000:.0f}"])
        yield cursor


def _locked(until: datetime) -> SignInError:
    return SignInError(
        f"Too many wrong passwords: signing in is locked until {until.isoformat(sep=' ', timespec='seconds')}.",
        "Wait until then, or let an admin lift it: trustcart-db user unlock.",
        LOCKED,
        until,
    )


def _normalised(password: str) -> str:
    """The same text whichever keyboard composed its characters: Bangla's য় has two spellings in Unicode."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normalised(password).encode("utf-8", "surrogatepass")


@functools.cache
def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError:
        raise MissingError(
            "argon2-cffi is not installed, which hashes passwords.",
            "Install it with: pip install 'trustcart-db[auth]'",
        ) from None
    return PasswordHasher()


@functools.cache
def _hash_of_nobody() -> str:
    """What the passwords of unknown users are checked against; made before the user is looked up, once."""
    return _hasher().hash(secrets.token_urlsafe())
