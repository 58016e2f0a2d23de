"""Commands that only read, and a replica: it is read where it shows what is committed; else the primary, told."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

import pytest

from tests.python.conftest import Database
from trustcart_db import replica
from trustcart_db.connection import DIRECT, READ, resolve, resolve_direct, resolve_replica
from trustcart_db.replica import POSITION, connect_to_read, has_reached
from trustcart_db.server import PrivateServer


@pytest.fixture(scope="module")
def standby(server: PrivateServer) -> Iterator[PrivateServer]:
    """A replica of the server that all share, which logs what it is asked."""
    made = server.standby({"log_statement": "all"})
    yield made
    made.close()


@pytest.fixture
def shop(db: Database, standby: PrivateServer) -> Database:
    """A database that the replica has, too."""
    with db.connect() as connection, standby.connect() as reading:
        (wanted,) = connection.execute(POSITION).fetchone()
        while not has_reached(reading.execute(POSITION).fetchone()[0], wanted):
            time.sleep(0.01)
    return db


@pytest.fixture
def asked(shop: Database, standby: PrivateServer) -> Callable[[str], bool]:
    """Whether the replica was asked something since the test began."""
    begin = len(standby.log_path.read_text())
    return lambda text: text in standby.log_path.read_text()[begin:]


@contextlib.contextmanager
def paused(standby: PrivateServer) -> Iterator[None]:
    """The replica does not replay."""
    with standby.connect() as connection:
        connection.execute("select pg_wal_replay_pause()")
        while connection.execute("select pg_get_wal_replay_pause_state()").fetchone() != ("paused",):
            time.sleep(0.01)
        try:
            yield
        finally:
            connection.execute("select pg_wal_replay_resume()")


@pytest.mark.parametrize(
    ("command", "text"),
    [("plan", "plan_daily_call_tasks"), ("report daily", "report_daily"), ("export customers", "copy (select")],
)
def test_what_is_committed_is_there_and_the_replica_read(shop, cli, standby, asked, command, text):
    with shop.connect() as connection:
        connection.execute("insert into trustcart.customers (id, first_name) values (1, 'Just now')")
    variables = {"TRUSTCART_DATABASE_URL": shop.url, READ: standby.url(shop.name)}
    done = cli(*command.split(), env=variables)
    assert (done.returncode, done.stderr) == (0, "")
    assert asked(text)
    if command == "export customers":
        assert "Just now" in done.stdout


def test_a_url_by_hand_is_the_one_that_is_meant(shop, cli, standby, asked):
    done = cli("export", "customers", url=shop.url, env={READ: standby.url(shop.name), DIRECT: "host=/nonexistent"})
    assert (done.returncode, done.stderr) == (0, "")
    assert not asked("copy (select")
    assert cli("status", url=shop.url, env={DIRECT: "host=/nonexistent"}).returncode != 3


def test_one_that_is_behind_is_not_read(shop, standby, asked, monkeypatch):
    monkeypatch.setenv("TRUSTCART_DATABASE_URL", shop.url)
    monkeypatch.setenv(READ, standby.url(shop.name))
    monkeypatch.setattr(replica, "CATCH_UP_SECONDS", 0.2)
    with connect_to_read(None, pytest.fail) as connection:
        assert connection.execute("select pg_is_in_recovery()").fetchone() == (True,)
    told = []
    with paused(standby), shop.connect() as writing:
        writing.execute("insert into trustcart.customers (id, first_name) values (2, 'Behind')")
        with connect_to_read(None, told.append) as connection:
            assert connection.execute("select first_name from trustcart.customers").fetchall() == [("Behind",)]
    assert told == [f"The replica of {READ} is more than 0.2 seconds behind, so the primary is read."]


def test_one_that_is_away_is_not_waited_for(db, cli):
    done = cli("export", "customers", env={"TRUSTCART_DATABASE_URL": db.url, READ: "host=/nonexistent"})
    assert done.returncode == 0
    assert f"The replica of {READ} cannot be reached, so the primary is read." in done.stderr


def test_without_the_primary_what_the_replica_has_is_read(shop, cli, standby):
    variables = {"TRUSTCART_DATABASE_URL": "host=/nonexistent", READ: standby.url(shop.name)}
    done = cli("export", "customers", env=variables)
    assert done.returncode == 0, done.stderr
    assert "The primary is away, so this is what the replica has, as of " in done.stderr
    assert cli("jobs", env=variables).returncode == 3


def test_which_url_is_for_what(monkeypatch):
    for name in ("TRUSTCART_DATABASE_URL", "DATABASE_URL", DIRECT, READ):
        monkeypatch.delenv(name, raising=False)
    assert (resolve(), resolve_direct(), resolve_replica()) == ("", "", None)
    monkeypatch.setenv("TRUSTCART_DATABASE_URL", "host=pooler")
    assert (resolve(), resolve_direct(), resolve_replica()) == ("host=pooler", "host=pooler", None)
    monkeypatch.setenv(DIRECT, "host=server")
    monkeypatch.setenv(READ, "host=replica")
    assert (resolve(), resolve_direct(), resolve_replica()) == ("host=pooler", "host=server", "host=replica")
    assert (resolve("host=a"), resolve_direct("host=a"), resolve_replica("host=a")) == ("host=a", "host=a", None)
    # Of several hosts each kind of URL means another one.
    monkeypatch.setenv(READ, "host=a,b")
    assert resolve("host=a,b") == "host=a,b target_session_attrs=read-write"
    assert resolve_replica() == "host=a,b target_session_attrs=prefer-standby"
    assert resolve("host=a,b target_session_attrs=any") == "host=a,b target_session_attrs=any"


@pytest.mark.parametrize(
    ("reached", "wanted", "is_there"),
    [
        (None, 1, False),
        (100, 100, True),
        (99, 100, False),
        # The end of a page: what comes next stands behind a header that is not written yet.
        (8192, 8192 + 24, True),
        (8192 * 2048, 8192 * 2048 + 40, True),
        (8191, 8192 + 24, False),
        (8192, 8192 + 32, False),
    ],
)
def test_when_a_replica_is_where_the_primary_was(reached, wanted, is_there):
    assert has_reached(reached, wanted) is is_there
