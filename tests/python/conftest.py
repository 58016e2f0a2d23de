"""Fixtures: a private server per run (`--pg 15` or `--pg 18`), a migrated template, a fresh database per test."""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.tools import programs
from tests.tools.browser import _shop_template, chromium_browser, own_shop, shop, visit  # noqa: F401 - fixtures
from tests.tools.provider import http  # noqa: F401 - a fixture
from tests.tools.system import find_installation, quick_dir
from trustcart_db.bundle import Bundle, read_bundle
from trustcart_db.connection import DIRECT, ENVIRONMENT, READ
from trustcart_db.migrate import migrate
from trustcart_db.server import THROW_AWAY, PrivateServer

REPOSITORY = Path(__file__).parents[2]
_TEMPLATE = "migrated"
#: Files of a minute and more.
_LONGEST = ("test_bench.py", "test_upgrade.py")
_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --pg."""
    parser.addoption("--pg", type=int, default=18, help="Postgres version to test on (15: Debian's, 18: embedded)")


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers."""
    config.addinivalue_line("markers", "extension(name): skip where the server does not bring this extension")
    config.addinivalue_line("markers", "once: says the same on every Postgres; the suite runs it on the newest alone")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks `once` what asks for no Postgres of a version; long files come first, so that nobody waits for them."""
    items.sort(key=lambda item: item.path.name not in _LONGEST)
    for item in items:
        if "major" not in item.fixturenames:
            item.add_marker("once")


def pytest_report_header(config: pytest.Config) -> str:
    """Says which Postgres."""
    return f"Postgres {config.getoption('--pg')}"


def environment() -> dict[str, str]:
    """The environment of a program under test: without the settings that would lead it to another database."""
    named = (*ENVIRONMENT, DIRECT, READ)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG") and name not in named}
    return {**kept, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "120"}


@dataclass(frozen=True)
class Database:
    """A database of the test server: server, name, url; `connect()` opens a connection in autocommit."""

    server: PrivateServer
    name: str
    url: str

    def connect(self, user: str | None = None, **parameters: object) -> psycopg.Connection:
        """Open a connection. Arguments: role, psycopg parameters. Raises psycopg.OperationalError."""
        return self.server.connect(self.name, user, **parameters)


@pytest.fixture(scope="session")
def major(request: pytest.FixtureRequest) -> int:
    """The Postgres version of this run."""
    return request.config.getoption("--pg")


@pytest.fixture(scope="session")
def server(major: int) -> Iterator[PrivateServer]:
    """The server that most tests share."""
    settings = {**THROW_AWAY, "max_connections": "60"}
    with PrivateServer(find_installation(major), settings=settings, temp_dir=quick_dir()) as running:
        yield running


@pytest.fixture
def make_server(major: int) -> Iterator[Callable[..., PrivateServer]]:
    """Make a server of its own for a test that kills it, or needs settings: make_server(settings, data_dir=None)."""
    made: list[PrivateServer] = []

    def make(settings: dict[str, str] | None = None, data_dir: Path | None = None) -> PrivateServer:
        settings = {**THROW_AWAY, **(settings or {})}
        made.append(PrivateServer(find_installation(major), data_dir, settings, quick_dir()))
        return made[-1].start()

    yield make
    for one in made:
        one.close()


@pytest.fixture
def cron_server(major: int, make_server: Callable[..., PrivateServer]) -> Database:
    """A server of its own whose pg_cron serves its database `shop`, migrated, with the extension. Skips without it."""
    installation = find_installation(major)
    if installation.embedded:
        pytest.skip("the embedded Postgres brings no pg_cron")
    one = make_server()
    url = one.create_database("shop")
    one.settings |= {
        "shared_preload_libraries": "pg_cron",
        "cron.database_name": "shop",
        # pg_cron connects like any client; without this it would look for TCP on localhost.
        "cron.host": str(one.socket_dir),
    }
    one.restart()
    with one.connect("shop") as connection:
        connection.execute("create extension pg_cron")
    migrate(url, read_bundle())
    return Database(one, "shop", url)


@pytest.fixture(scope="session")
def _template(server: PrivateServer) -> str:
    migrate(server.create_database(_TEMPLATE), read_bundle())
    return _TEMPLATE


@pytest.fixture
def db(server: PrivateServer, _template: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh, migrated database; gone after the test."""
    yield from _database(server, _template, request)


@pytest.fixture
def empty_db(server: PrivateServer, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh database with nothing in it; gone after the test."""
    yield from _database(server, None, request)


def _database(server: PrivateServer, template: str | None, request: pytest.FixtureRequest) -> Iterator[Database]:
    name = f"test_{next(_numbers)}"
    url = server.create_database(name, template)
    database = Database(server, name, url)
    marker = request.node.get_closest_marker("extension")
    if marker:
        with database.connect() as connection:
            found = connection.execute(
                "select count(*) from pg_available_extensions where name = %s", [marker.args[0]]
            ).fetchone()[0]
        if not found:
            server.drop_database(name)
            pytest.skip(f"this Postgres {server.major} does not bring {marker.args[0]}")
    yield database
    server.drop_database(name)


@pytest.fixture
def cli() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in a process of its own: cli("status", url=db.url) → CompletedProcess with text output."""

    def run(*arguments: str, url: str | None = None, env: dict[str, str] | None = None, input: str = ""):
        named = ["--database-url", url] if url else []
        return programs.run([*named, *arguments], {**environment(), **(env or {})}, input)

    return run


@pytest.fixture
def make_bundle(tmp_path: Path) -> Callable[[dict[str, str]], Bundle]:
    """Write a bundle of its own for a test: make_bundle({"sql/10_a/f.sql": "…", "migrations/0001_t.sql": "…"}); a value
    of None removes the file. Called again, it changes the same bundle."""

    def make(files: dict[str, str | None]) -> Bundle:
        root = tmp_path / "bundle"
        (root / "migrations").mkdir(parents=True, exist_ok=True)
        (root / "sql").mkdir(exist_ok=True)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")
        return read_bundle(root)

    return make
