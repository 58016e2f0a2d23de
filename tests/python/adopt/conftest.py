"""An ERP restored from its dump, beside our schemas: as it came, and adopted."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from tests.python.conftest import REPOSITORY, Database, environment
from tests.tools import erp
from tests.tools.erp.expected import differences
from tests.tools.system import find_installation
from trustcart_db.cli import cli
from trustcart_db.server import THROW_AWAY, PrivateServer

MAPPING = REPOSITORY / "mappings" / "trustcart_erp.toml"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def erp_dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ERP's dump in the custom format, made by Postgres 15, as its makers hand it out."""
    with PrivateServer(find_installation(15), settings=THROW_AWAY) as one:
        one.create_database("erp")
        with one.connect("erp") as connection:
            erp.fill(connection)
        return erp.dump(one, "erp", tmp_path_factory.mktemp("erp") / "erp.dump", "--format=custom")


@pytest.fixture(scope="session")
def _erp_template(server: PrivateServer, _template: str, erp_dump: Path) -> str:
    server.create_database("erp_restored", _template)
    erp.restore(server, "erp_restored", erp_dump)
    return "erp_restored"


@pytest.fixture(scope="session")
def _adopted_template(server: PrivateServer, _erp_template: str) -> str:
    url = server.create_database("erp_adopted", _erp_template)
    adopt_well(url, "--mapping", "trustcart_erp")
    return "erp_adopted"


@pytest.fixture
def host(server: PrivateServer, _erp_template: str) -> Iterator[Database]:
    """A database with the restored ERP and our schemas, not adopted."""
    yield from _copy(server, _erp_template)


@pytest.fixture
def adopted(server: PrivateServer, _adopted_template: str) -> Iterator[Database]:
    """The same, adopted by the shipped mapping."""
    yield from _copy(server, _adopted_template)


@pytest.fixture
def variant(tmp_path: Path) -> Callable[..., Path]:
    """The shipped mapping with pieces replaced: variant({"old text": "new text"}) → its path. Each must be in it."""

    def write(changes: dict[str, str]) -> Path:
        text = MAPPING.read_text(encoding="utf-8")
        for old, new in changes.items():
            assert text.count(old) >= 1, old
            text = text.replace(old, new)
        path = tmp_path / f"variant_{next(_numbers)}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def adopt(url: str, *arguments: str | Path) -> Result:
    """Run `trustcart-db adopt …` to its end, within this process, which takes a fraction of a new one's time.

    Result: click's (exit_code, stdout, stderr). Raises what the command does not turn into a sentence.
    """
    told = CliRunner().invoke(cli, ["--database-url", url, "adopt", *map(str, arguments)])
    if told.exception is not None and not isinstance(told.exception, SystemExit):
        raise told.exception
    return told


def adopt_well(url: str, *arguments: str | Path) -> Result:
    """The same, where it must succeed."""
    told = adopt(url, *arguments)
    assert told.exit_code == 0, told.stdout + told.stderr
    return told


def start_adopting(url: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start `trustcart-db adopt …` in a process of its own, to be killed or awaited."""
    command = [sys.executable, "-m", "trustcart_db", "--database-url", url, "adopt", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=REPOSITORY, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


class Gate:
    """Stops `adopt`, and nobody else, when it has written to one of our tables and has not committed. Arguments: the
    database; the table's name. As a context manager: open at the end, and gone."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table
        self._holder: psycopg.Connection | None = None

    def __enter__(self) -> Gate:
        self._holder = self._database.connect()
        self._holder.execute("select pg_advisory_lock(4711)")
        # Sleeps instead of waiting for the lock, which adopt would do for a bounded time only.
        self._holder.execute(
            "create function public.gate() returns trigger language plpgsql as $$ begin"
            " while current_setting('application_name') = 'trustcart-db'"
            " and not pg_try_advisory_xact_lock_shared(4711) loop perform pg_sleep(0.01); end loop;"
            " return null; end $$;"
            f"create trigger aa_gate after insert on trustcart.{self._table}"
            " for each statement execute function public.gate()"
        )
        return self

    def wait_for(self, adopting: subprocess.Popen[str]) -> int:
        """Wait until `adopt` stands before it. Result: its session's process."""
        standing = "datname = current_database() and wait_event = 'PgSleep' and application_name = 'trustcart-db'"
        come_to(self._database, f"select count(*) > 0 from pg_stat_activity where {standing}", adopting)
        return one(self._holder, f"select pid from pg_stat_activity where {standing}")

    def open(self) -> None:
        """Let it pass."""
        self._holder.execute("select pg_advisory_unlock(4711)")

    def __exit__(self, *_: object) -> None:
        # Its session may be gone with the server.
        self._holder.close()
        with self._database.connect() as connection:
            connection.execute(f"drop trigger if exists aa_gate on trustcart.{self._table}")
            connection.execute("drop function if exists public.gate()")


def come_to(database: Database, question: str, adopting: subprocess.Popen[str]) -> None:
    """Wait until a question is answered with true while `adopt` runs. Raises AssertionError after 60 seconds."""
    with database.connect() as connection:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if one(connection, question):
                return
            assert adopting.poll() is None, adopting.stderr.read()
            time.sleep(0.01)
    raise AssertionError(f"never true: {question}")


def assert_in_step(database: Database, *, repaired: bool = True, **options: object) -> None:
    """Both sides agree, by our own reckoning and by `adopt --check`; the figures that follow from them are right."""
    with database.connect() as connection:
        found = list(differences(connection, repaired=repaired, **options))
        assert not found, f"{len(found)}:\n" + "\n".join(found[:20])
        assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []
        held = connection.execute("select count(*) from trustcart_private.adoption_quarantine").fetchone()[0]
    checked = adopt(database.url, "--check", "--format", "json")
    assert json.loads(checked.stdout) == [], checked.stdout
    assert checked.exit_code == (1 if held else 0), checked.stderr


def quarantine(connection: psycopg.Connection, entity: str, key: int, slot: int = 0) -> set[str]:
    """The columns of a row in the quarantine; '' is the row itself."""
    rows = connection.execute(
        "select column_name from trustcart_private.adoption_quarantine"
        " where entity = %s and slot = %s and source_key = %s",
        [entity, slot, key],
    ).fetchall()
    return {column for (column,) in rows}


def one(connection: psycopg.Connection, statement: str, *values: object) -> object:
    """The first value of a statement's first row, None where there is no row."""
    row = connection.execute(statement, values or None).fetchone()
    return row and row[0]


def _copy(server: PrivateServer, template: str) -> Iterator[Database]:
    name = f"adopt_{next(_numbers)}"
    yield Database(server, name, server.create_database(name, template))
    server.drop_database(name)
