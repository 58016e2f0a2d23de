"""Users and how they sign in: lock-out with real sessions, what a change of password undoes, commands, secrets."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg import sql

from tests.python.conftest import REPOSITORY, Database, environment
from tests.tools.sessions import wait_until_blocked
from trustcart_db.auth import passwords, tokens
from trustcart_db.auth.passwords import SignedIn, SignInError
from trustcart_db.errors import InputError, MissingError, translate

PASSWORD = "correct horse battery staple"
OTHER = "another horse, another battery"
LOGINS = {
    "users_test_gateway": "trustcart_gateway",
    "users_test_admin": "trustcart_admin",
    "users_test_manager": "trustcart_manager",
    "users_test_agent": "trustcart_agent",
}


class CheapHasher(PasswordHasher):
    """argon2id that costs nothing, and counts: calls is a list of "hash" and "verify"."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.calls: list[str] = []

    def hash(self, *arguments: object, **named: object) -> str:
        self.calls.append("hash")
        return super().hash(*arguments, **named)

    def verify(self, *arguments: object, **named: object) -> bool:
        self.calls.append("verify")
        return super().verify(*arguments, **named)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[CheapHasher]:
    """The hasher of this test's own process."""
    cheap = CheapHasher()
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)
    passwords._hash_of_nobody.cache_clear()
    yield cheap
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture
def logins(db: Database) -> Iterator[dict[str, str]]:
    """A login role in each group: {gateway, admin, manager, agent: its name}."""
    with db.connect() as connection:
        for name, group in LOGINS.items():
            connection.execute(
                sql.SQL("create role {} login in role {}").format(sql.Identifier(name), sql.Identifier(group))
            )
    yield {name.rpartition("_")[2]: name for name in LOGINS}
    with db.connect() as connection:
        for name in LOGINS:
            connection.execute(sql.SQL("drop owned by {0}; drop role {0}").format(sql.Identifier(name)))


@pytest.fixture
def gateway(db: Database, logins: dict[str, str]) -> Iterator[psycopg.Connection]:
    """A connection of the gateway."""
    with db.connect(logins["gateway"]) as connection:
        yield connection


@pytest.fixture
def user_id(db: Database, hasher: CheapHasher) -> int:
    """An agent with PASSWORD."""
    with db.connect() as connection:
        return add(connection)


def add(
    connection: psycopg.Connection, name: str = "Rima", email: str = "rima@example.com", role: str = "crm_agent"
) -> int:
    """A user with PASSWORD."""
    return connection.execute(
        "select trustcart.create_user(%s, %s, %s, p_password_hash => %s)",
        [name, email, role, passwords.hash_password(PASSWORD)],
    ).fetchone()[0]


def credentials(db: Database, user_id: int) -> dict[str, object]:
    """What is kept of a user."""
    with db.connect(row_factory=psycopg.rows.dict_row) as connection:
        return connection.execute(
            "select * from trustcart_private.user_credentials where user_id = %s", [user_id]
        ).fetchone()


def fails(connection: psycopg.Connection, email: str, password: str, **named: object) -> SignInError:
    """The error with which signing in fails."""
    with pytest.raises(SignInError) as raised:
        passwords.sign_in(connection, email, password, **named)
    assert not password or password not in str(raised.value) + raised.value.hint + repr(raised.value)
    return raised.value


def test_signing_in(db, gateway, user_id):
    before = datetime.now(timezone.utc)
    found = passwords.sign_in(gateway, " Rima@EXAMPLE.com", PASSWORD)
    assert found[:2] == (user_id, "crm_agent")
    assert before <= found.at <= datetime.now(timezone.utc)
    kept = credentials(db, user_id)
    assert (kept["last_sign_in_at"], kept["failed_attempts"]) == (found.at, 0)


def test_a_wrong_password_an_unknown_address_and_a_disabled_user_look_alike(db, gateway, user_id, hasher):
    """The same words, the same statements, the same number of hashes."""
    with db.connect() as connection:
        add(connection, "Gone", "gone@example.com")
        gone = connection.execute("select id from trustcart.users where name = 'Gone'").fetchone()[0]
        connection.execute("select trustcart.change_user(%s, p_is_active => false)", [gone])
        connection.execute("select trustcart.create_user('New', 'new@example.com', 'admin')")
        cook = add(connection, "Cook", "cook@example.com", "other")
    passwords._hash_of_nobody()
    seen = set()
    for email, password in (
        ("rima@example.com", OTHER),
        ("nobody@example.com", OTHER),
        ("gone@example.com", PASSWORD),
        ("new@example.com", PASSWORD),
        ("cook@example.com", PASSWORD),
        ("", ""),
        ("rima@example.com\0", PASSWORD),
        ("\ud800@example.com", PASSWORD),
        ("rima@example.com", "x" * 100_000),
        ("nobody@example.com", "x" * 100_000),
    ):
        hasher.calls.clear()
        statements = []
        cursor_factory = gateway.cursor_factory

        class Counting(cursor_factory):
            def execute(self, query, *arguments, **named):
                statements.append(re.search(r"trustcart\.\w+", query)[0])  # noqa: B023 - called at once
                return super().execute(query, *arguments, **named)

        # connection.cursor(row_factory=…) takes the class from the connection.
        gateway.cursor_factory = Counting
        error = fails(gateway, email, password)
        gateway.cursor_factory = cursor_factory
        seen.add((str(error), error.hint, error.sqlstate, error.http_status, *hasher.calls, *statements))
    assert seen == {
        (
            "The e-mail address or the password is wrong.",
            "Try again, or let an admin set a new password: trustcart-db user set-password.",
            "TC404",
            401,
            "verify",
            "trustcart.sign_in_credentials",
            "trustcart.record_sign_in",
        )
    }
    assert credentials(db, gone)["failed_attempts"] == credentials(db, cook)["failed_attempts"] == 0
    assert credentials(db, user_id)["failed_attempts"] == 2


def test_the_hash_for_nobody_is_made_before_anybody_is_looked_up(gateway, user_id, hasher):
    """Else the first unknown address after a start would take twice as long."""
    hasher.calls.clear()
    passwords.sign_in(gateway, "rima@example.com", PASSWORD)
    assert hasher.calls == ["hash", "verify"]
    hasher.calls.clear()
    fails(gateway, "nobody@example.com", PASSWORD)
    assert hasher.calls == ["verify"]


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(db, gateway, user_id, hasher):
    at = datetime.now(timezone.utc)
    assert [fails(gateway, "rima@example.com", OTHER, at=at).sqlstate for _ in range(4)] == ["TC404"] * 4
    fifth = fails(gateway, "rima@example.com", OTHER, at=at)
    assert (fifth.sqlstate, fifth.http_status, fifth.exit_code) == ("TC405", 429, 7)
    assert fifth.locked_until == at + timedelta(minutes=15)
    assert f"{fifth.locked_until:%H:%M:%S}" in fifth.message
    hasher.calls.clear()
    for later in (0, 14):
        error = fails(gateway, "rima@example.com", PASSWORD, at=at + timedelta(minutes=later))
        assert (error.sqlstate, error.locked_until) == ("TC405", fifth.locked_until)
    assert hasher.calls == [], "whether it was the right one is not even asked"
    assert passwords.sign_in(gateway, "rima@example.com", PASSWORD, at=at + timedelta(minutes=15)).user_id == user_id
    assert credentials(db, user_id)["failed_attempts"] == 0


def test_a_right_password_begins_the_count_anew(gateway, user_id):
    for _ in range(3):
        for _ in range(4):
            assert fails(gateway, "rima@example.com", OTHER).sqlstate == "TC404"
        assert passwords.sign_in(gateway, "rima@example.com", PASSWORD).user_id == user_id


def test_what_is_counted_is_kept_though_the_caller_fails(db, logins, user_id):
    """Connections that are not in autocommit, as the gateway's pool may have them."""
    with pytest.raises(SignInError), db.server.connect(db.name, logins["gateway"], autocommit=False) as connection:
        passwords.sign_in(connection, "rima@example.com", OTHER)
    assert credentials(db, user_id)["failed_attempts"] == 1
    with db.server.connect(db.name, logins["gateway"], autocommit=False) as connection:
        assert passwords.sign_in(connection, "rima@example.com", PASSWORD).user_id == user_id
        connection.rollback()
    assert credentials(db, user_id)["failed_attempts"] == 0


def test_within_a_transaction_it_refuses_to_count(gateway, user_id):
    with gateway.transaction(), pytest.raises(RuntimeError, match="outside a transaction"):
        passwords.sign_in(gateway, "rima@example.com", OTHER)


def test_twenty_sessions_that_guess_at_once_get_five_guesses(db, logins, user_id):
    """All have read the hash before the first failure is counted."""
    sessions = 20
    all_read = threading.Barrier(sessions)
    verify = passwords.verify_password

    def guess(number: int) -> str:
        with db.connect(logins["gateway"]) as connection:
            # The last one guesses right, but its turn comes after the lock.
            if number == sessions - 1:
                rows = connection.execute("select * from trustcart.sign_in_credentials('rima@example.com')").fetchone()
                all_read.wait(60)
                others_done.wait(60)
                answer = connection.execute(
                    "select * from trustcart.record_sign_in(%s, true, %s, %s)", [rows[0], rows[5], rows[3]]
                ).fetchone()
                return "accepted" if answer[0] else "TC405" if answer[1] else "TC404"
            return fails(connection, "rima@example.com", f"{OTHER} {number}").sqlstate

    others_done = threading.Event()

    def verify_together(password_hash: str, password: str) -> bool:
        all_read.wait(60)
        return verify(password_hash, password)

    passwords.verify_password = verify_together
    try:
        with ThreadPoolExecutor(sessions) as pool:
            right = pool.submit(guess, sessions - 1)
            wrong = list(pool.map(guess, range(sessions - 1)))
            others_done.set()
            answers = [*wrong, right.result()]
    finally:
        others_done.set()
        passwords.verify_password = verify
    assert sorted(answers) == ["TC404"] * 4 + ["TC405"] * 16
    kept = credentials(db, user_id)
    assert kept["failed_attempts"] == 5
    assert kept["last_sign_in_at"] is None


@pytest.mark.parametrize("change", ["set_user_password_hash(%s, %s)", "change_user(%s, p_is_active => false)"])
def test_a_sign_in_that_raced_with_a_change_is_not_accepted(db, logins, user_id, change):
    """The hash is read, then the password changed or the user disabled, not yet committed: recording waits and sees."""
    with (
        db.connect(logins["gateway"]) as session,
        db.server.connect(db.name, autocommit=False) as admin,
        ThreadPoolExecutor(1) as pool,
    ):
        read = session.execute("select * from trustcart.sign_in_credentials('rima@example.com')").fetchone()
        admin.execute(f"select trustcart.{change}", [user_id, passwords.hash_password(OTHER)][: change.count("%s")])
        # The clock has gone on: the token would be younger than the change.
        at = session.execute("select clock_timestamp()").fetchone()[0]
        recording = pool.submit(
            lambda: session.execute(
                "select * from trustcart.record_sign_in(%s, true, %s, %s)", [read[0], at, read[3]]
            ).fetchone()
        )
        wait_until_blocked(db, session.info.backend_pid)
        admin.commit()
        assert recording.result(timeout=60) == (False, None)
    assert credentials(db, user_id)["last_sign_in_at"] is None


def test_a_hash_of_old_parameters_is_replaced_and_the_sessions_hold(db, gateway, user_id, hasher, monkeypatch):
    before = credentials(db, user_id)
    stronger = CheapHasher(time_cost=2)
    monkeypatch.setattr(passwords, "_hasher", lambda: stronger)
    fails(gateway, "rima@example.com", OTHER)
    assert credentials(db, user_id)["password_hash"] == before["password_hash"], "not by a wrong password"
    passwords.sign_in(gateway, "rima@example.com", PASSWORD)
    after = credentials(db, user_id)
    assert "t=1," in before["password_hash"] and "t=2," in after["password_hash"]
    assert before["tokens_valid_from"] == after["tokens_valid_from"]
    assert before["password_set_at"] == after["password_set_at"]
    stronger.calls.clear()
    passwords.sign_in(gateway, "rima@example.com", PASSWORD)
    assert stronger.calls == ["verify"]


def test_one_password_however_the_keyboard_composes_it(hasher):
    composed, decomposed = "\u09df caf\u00e9" * 3, "\u09af\u09bc cafe\u0301" * 3
    assert passwords.verify_password(passwords.hash_password(composed), decomposed)


@pytest.mark.parametrize(
    "stored", ["", "x", "$argon2id$", "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"]
)
def test_a_hash_that_is_none_matches_nothing(hasher, stored):
    assert not passwords.verify_password(stored, PASSWORD)


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("x" * 11, False),
        ("x" * 12, True),
        ("", False),
        ("ক" * 12, True),
        ("ক" * 4, False),  # 12 bytes, but 4 characters
        ("x" * 1024, True),
        ("x" * 1025, False),
        ("Rima Akter Begum", False),
        ("rima akter begum ", False),
        ("RIMA.AKTER@example.com", False),
        ("            ", True),
        (PASSWORD, True),
    ],
)
def test_what_a_password_must_be_like(password, is_good):
    if is_good:
        passwords.check_password(password, "Rima Akter Begum", "rima.akter@example.com")
        return
    with pytest.raises(InputError) as raised:
        passwords.check_password(password, "Rima Akter Begum", "rima.akter@example.com")
    assert not password.strip() or password not in f"{raised.value.message} {raised.value.hint}"


def test_without_the_extra_one_is_told(monkeypatch):
    passwords._hasher.cache_clear()
    monkeypatch.setitem(sys.modules, "argon2", None)
    with pytest.raises(MissingError, match="argon2-cffi") as raised:
        passwords.hash_password(PASSWORD)
    assert "trustcart-db[auth]" in raised.value.hint
    passwords._hasher.cache_clear()


# Tokens: what the database says of them.


def act_as(connection: psycopg.Connection, keys: tokens.Keys, token: str) -> tuple[str, int | None]:
    """What a gateway does with a request: verify, then act. Result: the role and user it acts as."""
    claims = tokens.verify(keys, token)
    with connection.transaction():
        connection.execute("select trustcart.act_as(%s, %s)", [claims.user_id, claims.issued_at])
        return connection.execute("select current_user::text, trustcart.current_user_id()").fetchone()


@pytest.fixture
def keys() -> tokens.Keys:
    """Of a shared secret."""
    return tokens.read_keys({tokens.SECRET: "0123456789abcdef0123456789abcdef"})


def issued_to(keys: tokens.Keys, who: SignedIn) -> str:
    """The token of who signed in."""
    return tokens.issue(keys, who.user_id, who.role, who.at)


def test_from_the_password_to_the_rights_of_the_user(gateway, user_id, keys):
    token = issued_to(keys, passwords.sign_in(gateway, "rima@example.com", PASSWORD))
    assert act_as(gateway, keys, token) == ("trustcart_agent", user_id)
    assert gateway.execute("select current_user").fetchone() == ("users_test_gateway",), "for one transaction"


def refuses(connection: psycopg.Connection, keys: tokens.Keys, token: str) -> None:
    """The database refuses a token that verifies."""
    with pytest.raises(psycopg.Error) as raised:
        act_as(connection, keys, token)
    error = translate(raised.value)
    assert (error.sqlstate, error.http_status) == ("TC402", 401)


@pytest.mark.parametrize(
    "ending",
    [
        "set_user_password_hash(%(user)s, %(hash)s)",
        "sign_out_user(%(user)s)",
        "change_user(%(user)s, p_is_active => false)",
    ],
)
def test_a_token_ends_with_the_password_the_session_and_the_user(db, gateway, user_id, keys, ending):
    token = issued_to(keys, passwords.sign_in(gateway, "rima@example.com", PASSWORD))
    assert act_as(gateway, keys, token)[1] == user_id
    with db.connect() as admin:
        admin.execute(f"select trustcart.{ending}", {"user": user_id, "hash": passwords.hash_password(PASSWORD)})
        refuses(gateway, keys, token)
        admin.execute("select trustcart.change_user(%s, p_is_active => true)", [user_id])
    refuses(gateway, keys, token)
    again = issued_to(keys, passwords.sign_in(gateway, "rima@example.com", PASSWORD))
    assert act_as(gateway, keys, again)[1] == user_id, "at once, within the same second"
    refuses(gateway, keys, token)


def test_the_role_is_that_of_the_database_not_of_the_token(db, gateway, user_id, keys):
    token = tokens.issue(keys, user_id, "admin", datetime.now(timezone.utc))
    assert act_as(gateway, keys, token)[0] == "trustcart_agent"
    with db.connect() as admin:
        for role, group in (("crm_manager", "trustcart_manager"), ("admin", "trustcart_admin")):
            admin.execute("select trustcart.change_user(%s, p_role => %s)", [user_id, role])
            assert act_as(gateway, keys, token)[0] == group
        admin.execute("select trustcart.change_user(%s, p_role => 'other')", [user_id])
    refuses(gateway, keys, token)


def test_a_token_for_nobody(gateway, keys):
    refuses(gateway, keys, tokens.issue(keys, 999_999, "admin", datetime.now(timezone.utc)))


# Who may.


def state_of(db: Database, login: str, statement: str) -> str:
    """The SQLSTATE of a statement run by that login role; 00000 when it runs."""
    with db.connect(login) as connection:
        try:
            connection.execute(statement)
        except psycopg.Error as error:
            return error.sqlstate
    return "00000"


ADMINISTER = (
    "select trustcart.create_user('X', 'x@example.com', 'admin')",
    "select trustcart.change_user(1)",
    "select trustcart.set_user_password_hash(1, null)",
    "select trustcart.unlock_user(1)",
    "select * from trustcart.user_accounts()",
)
SIGN_IN = (
    "select * from trustcart.sign_in_credentials('rima@example.com')",
    "select * from trustcart.record_sign_in(1, false)",
)
CREDENTIALS = (
    "select * from trustcart_private.user_credentials",
    "select user_id from trustcart_private.user_credentials",
    "update trustcart_private.user_credentials set failed_attempts = 0",
    "insert into trustcart_private.user_credentials (user_id) values (1)",
    "copy trustcart_private.user_credentials to stdout",
    "update trustcart.users set role = 'admin'",
    "insert into trustcart.users (name, role) values ('x', 'admin')",
)


def test_who_may_administer_and_who_may_sign_in(db, logins, user_id):
    refused = {
        (who, statement)
        for who, login in logins.items()
        for statement in (*ADMINISTER, *SIGN_IN, *CREDENTIALS)
        if state_of(db, login, statement) == "42501"
    }
    assert refused == {
        *((who, one) for who in ("gateway", "manager", "agent") for one in ADMINISTER),
        *((who, one) for who in ("admin", "manager", "agent") for one in SIGN_IN),
        *((who, one) for who in logins for one in CREDENTIALS),
    }


# The command line.


@pytest.fixture
def run(cli: Callable[..., subprocess.CompletedProcess[str]], db: Database):
    """run(*arguments, password=None, code=0, user=None) → CompletedProcess of `trustcart-db user …`."""

    def run(*arguments: str, password: str | None = None, code: int = 0, user: str | None = None):
        arguments = ("user", *arguments, *(["--password-stdin"] if password is not None else []))
        done = cli(*arguments, url=db.server.url(db.name, user), input=password or "")
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        assert not (password or "").strip() or password.strip() not in done.stdout + done.stderr
        return done

    return run


def row_of(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    """The one row of an answer in JSON."""
    (row,) = json.loads(done.stdout)
    return row


def test_a_user_from_the_first_day_to_the_last(db, run, logins):
    """By an admin who is no owner; hashes of the real cost."""
    admin = {"user": logins["admin"]}
    leader = row_of(
        run(
            "add",
            "Mina",
            "--email",
            "mina@example.com",
            "--role",
            "crm_manager",
            "--no-password",
            "--format=json",
            **admin,
        )
    )
    assert leader["has_password"] is False
    add = ("add", "Rima", "--email", "rima@example.com", "--role", "crm_agent", "--leader", str(leader["user_id"]))
    added = row_of(run(*add, "--format=json", password=PASSWORD + "\n", **admin))
    user_id = str(added["user_id"])
    assert [added[name] for name in ("name", "role", "team_leader_id", "is_active", "has_password")] == [
        *("Rima", "crm_agent", leader["user_id"], True, True)
    ]
    with db.connect(logins["gateway"]) as gateway:
        assert passwords.sign_in(gateway, "rima@example.com", PASSWORD).role == "crm_agent"

        rows = list(csv.DictReader(io.StringIO(run("list", "--format", "csv", **admin).stdout)))
        assert [row["name"] for row in rows] == ["Mina", "Rima"]
        assert "argon2" not in run("list", "--format", "json", **admin).stdout
        listed = run("list", **admin).stdout
        assert "rima@example.com" in listed and "active" in listed and "no password" in listed

        for _ in range(5):
            fails(gateway, "rima@example.com", OTHER)
        assert "locked until" in run("list", **admin).stdout
        assert f"User {user_id} unlocked" in run("unlock", user_id, **admin).stdout
        assert f"User {user_id} was not locked" in run("unlock", user_id, **admin).stdout
        passwords.sign_in(gateway, "rima@example.com", PASSWORD)

        changed = row_of(
            run("change", user_id, "--role", "crm_manager", "--no-leader", "--name", "Rima A", "--format=json", **admin)
        )
        assert [changed[name] for name in ("name", "role", "team_leader_id", "email")] == [
            *("Rima A", "crm_manager", None, "rima@example.com")
        ]
        assert run("set-password", user_id, password=OTHER, **admin).stdout == f"Password of user {user_id} set.\n"
        assert fails(gateway, "rima@example.com", PASSWORD).sqlstate == "TC404"
        passwords.sign_in(gateway, "rima@example.com", OTHER)
        assert "signed out everywhere" in run("sign-out", user_id, **admin).stdout

        assert "disabled" in run("disable", user_id, **admin).stdout
        assert fails(gateway, "rima@example.com", OTHER).sqlstate == "TC404"
        assert "the user is disabled" in run("set-password", user_id, password=PASSWORD, **admin).stderr
        assert "active" in run("enable", user_id, **admin).stdout
        passwords.sign_in(gateway, "rima@example.com", PASSWORD)


def test_a_user_who_is_a_login_role(run, logins):
    login = logins["agent"]
    added = row_of(run("add", "Db", "--role", "crm_agent", "--db-role", login, "--no-password", "--format", "json"))
    assert (added["db_role"], added["email"]) == (login, None)
    user_id = str(added["user_id"])
    assert login in run("change", user_id, "--role", "crm_manager").stderr, "its group is for a DBA to change"
    assert login in run("disable", user_id).stderr
    assert row_of(run("change", user_id, "--no-db-role", "--format", "json"))["db_role"] is None


def test_disabling_hands_the_calls_over(db, run):
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.users (id, name, role) values (1, 'A', 'crm_agent'), (2, 'B', 'crm_agent')"
        )
        connection.execute("insert into trustcart.customers (id, first_name) values (1, 'X')")
        connection.execute(
            "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)"
            " values (1, 1, trustcart.business_date())"
        )
        run("disable", "1")
        assert connection.execute("select assigned_agent_id from trustcart.crm_call_tasks").fetchone() == (2,)


GOOD = ("add", "X", "--email", "x@example.com", "--role", "crm_agent")


@pytest.mark.parametrize(
    ("arguments", "password", "code", "told"),
    [
        (GOOD, "short", 6, "has 5 characters"),
        (GOOD, "", 6, "has 0 characters"),
        (GOOD, "\n", 6, "has 0 characters"),
        (GOOD, "X@Example.com"[:12] + "m", 6, "e-mail address"),
        (GOOD, f"{PASSWORD}\n{OTHER}\n", 2, "more than one line"),
        (GOOD, None, 2, "no terminal"),
        ((*GOOD[:-1], "boss"), PASSWORD, 7, "'boss' is not a role"),
        ((*GOOD, "--leader", "77"), PASSWORD, 7, "no user 77"),
        ((*GOOD, "--db-role", "nobody_of_that_name"), PASSWORD, 7, "no login role"),
        ((*GOOD[:3], "nowhere", *GOOD[4:]), PASSWORD, 7, "not an e-mail address"),
        ((*GOOD[:3], "RIMA@example.com", *GOOD[4:]), PASSWORD, 6, "users_email_key"),
        (("add", " ", *GOOD[2:]), PASSWORD, 7, "name is required"),
        (("add", "X", "--role", "admin"), PASSWORD, 2, "--email"),
        (("add", "X", "--role", "admin", "--no-password"), None, 7, "email is required"),
        ((*GOOD, "--no-password"), PASSWORD, 2, "not both"),
        (("add", "X", "--email", "x@example.com"), PASSWORD, 2, "--role"),
        (("change", "1"), None, 2, "What is to be changed?"),
        (("change", "1", "--leader", "2", "--no-leader"), None, 2, "--no-leader"),
        (("change", "77", "--name", "Y"), None, 7, "no user 77"),
        (("change", "1", "--leader", "1"), None, 7, "themselves"),
        (("set-password", "77"), PASSWORD, 7, "no user 77"),
        (("set-password", "1"), "rima", 6, "has 4 characters"),
        (("disable", "77"), None, 7, "no user 77"),
        (("enable", "77"), None, 7, "no user 77"),
        (("unlock", "77"), None, 7, "no user 77"),
        (("sign-out", "77"), None, 7, "no user 77"),
        (("unlock", "Rima"), None, 2, "Rima"),
    ],
)
def test_mistakes_change_nothing_and_say_what_is_wrong(db, run, arguments, password, code, told):
    everything = "select u::text, c::text from trustcart.users as u left join trustcart_private.user_credentials as c"
    everything += " on u.id = c.user_id"
    with db.connect() as connection:
        connection.execute("insert into trustcart.users (name, email) values ('Rima', 'rima@example.com')")
        before = connection.execute(everything).fetchall()
        done = run(*arguments, password=password, code=code)
        assert told in done.stderr
        assert done.stderr.startswith(("Error: ", "Usage: "))
        assert connection.execute(everything).fetchall() == before


def test_a_password_that_is_no_text(db, cli):
    command = [sys.executable, "-m", "trustcart_db", "--database-url", db.url, "user", *GOOD, "--password-stdin"]
    done = subprocess.run(command, input=b"\xff\xfe" * 10, capture_output=True, env=environment(), timeout=120)
    assert (done.returncode, b"UTF-8" in done.stderr) == (2, True)


def test_managers_may_not_by_the_command_line_either(run, logins):
    for arguments in (["list"], ["disable", "1"], ["change", "1", "--role", "admin"]):
        assert "permission denied" in run(*arguments, user=logins["manager"], code=4).stderr


def test_the_command_without_the_extra(db, tmp_path):
    (tmp_path / "argon2.py").write_text("raise ImportError('not here')\n")
    variables = {**environment(), "PYTHONPATH": f"{tmp_path}{os.pathsep}{REPOSITORY}"}
    command = [sys.executable, "-m", "trustcart_db", "--database-url", db.url, "user"]
    asked = {"capture_output": True, "text": True, "env": variables, "timeout": 120}
    done = subprocess.run([*command, *GOOD, "--password-stdin"], input=PASSWORD, **asked)
    assert (done.returncode, "pip install 'trustcart-db[auth]'" in done.stderr) == (10, True)
    assert subprocess.run([*command, "list"], **asked).returncode == 0


def test_the_prompt_shows_nothing_of_what_is_typed(db, logins):
    """A terminal of its own; the first try is mistyped."""
    controller, terminal = pty.openpty()

    def own_terminal() -> None:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

    command = [sys.executable, "-m", "trustcart_db", "--database-url", db.url, "user", *GOOD]
    process = subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment(), preexec_fn=own_terminal
    )
    os.close(terminal)
    screen = b""
    for prompt, line in (
        *[(b"Password: ", PASSWORD), (b"Once more: ", OTHER)],
        *[(b"Password: ", PASSWORD), (b"Once more: ", PASSWORD), (b"User 1 added", None)],
    ):
        seen = b""
        while prompt not in seen:
            piece = os.read(controller, 1024)
            assert piece, screen
            seen += piece
            screen += piece
        if line:
            os.write(controller, f"{line}\n".encode())
    try:
        while piece := os.read(controller, 1024):
            screen += piece
    except OSError:
        pass  # the terminal was closed at its end
    os.close(controller)
    assert process.wait(60) == 0
    assert PASSWORD.encode() not in screen and OTHER.encode() not in screen
    assert b"do not match" in screen
    with db.connect(logins["gateway"]) as gateway:
        assert passwords.sign_in(gateway, "x@example.com", PASSWORD).user_id == 1


# What others could read.


def test_no_password_in_the_log_of_the_server_its_activity_or_a_dump(make_server, cli, major):
    """Every statement is logged, with its parameters: not even the hash is a text of a statement."""
    from trustcart_db.bundle import read_bundle
    from trustcart_db.migrate import migrate

    server = make_server({"log_statement": "all", "log_min_duration_statement": "0"})
    url = server.create_database("shop")
    migrate(url, read_bundle())
    logged_before = len(server.log_path.read_text(errors="replace"))
    added = cli("user", *GOOD, "--password-stdin", url=url, input=PASSWORD)
    assert added.returncode == 0, added.stderr
    changed = cli("user", "set-password", "1", "--password-stdin", url=url, input=OTHER)
    assert changed.returncode == 0, changed.stderr
    with server.connect("shop") as connection:
        assert passwords.sign_in(connection, "x@example.com", OTHER).user_id == 1
        fails(connection, "x@example.com", PASSWORD)
        # Whoever stores a password in the place of its hash.
        with pytest.raises(psycopg.Error) as raised:
            connection.execute("select trustcart.set_user_password_hash(1, %s)", ["a password by mistake"])
        shown = translate(raised.value)
        assert "mistake" not in f"{shown.message} {shown.hint}"
        audited = connection.execute(
            "select format('%s', p.query) from pg_stat_activity as p where p.datname = 'shop'"
        ).fetchall()
    log = server.log_path.read_text(errors="replace")[logged_before:]
    assert "trustcart.set_user_password_hash" in log or '"set_user_password_hash"' in log
    statements = "\n".join(line for line in log.splitlines() if "DETAIL" not in line)
    dump = subprocess.run(
        [server.bin_dir / "pg_dump", "--dbname", url], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    assert "argon2id$v=19" in dump, "the dump has the table"
    for text in (log, dump, str(audited)):
        assert PASSWORD not in text and OTHER not in text
    assert "argon2id$v=19" not in statements + str(audited)
    assert "mistake" not in statements


def test_no_credentials_in_what_managers_read(db, logins, user_id):
    """Of all that is in trustcart, nothing holds a hash, the audit included."""
    with db.connect() as connection:
        connection.execute("select trustcart.set_user_password_hash(%s, %s)", [user_id, passwords.hash_password(OTHER)])
        connection.execute("select trustcart.change_user(%s, p_name => 'Rima B')", [user_id])
        tables = connection.execute(
            "select c.oid::regclass::text from pg_class as c where c.relkind in ('r', 'v', 'm')"
            " and c.relnamespace::regnamespace::text in ('trustcart', 'trustcart_private')"
        ).fetchall()
        holding = [
            name
            for (name,) in tables
            if connection.execute(f"select count(*) from {name} as t where t::text like '%argon2id$v%'").fetchone()[0]
        ]
    assert holding == ["trustcart_private.user_credentials"]
