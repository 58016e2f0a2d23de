"""From each release to this package: while the shop sells, killed on the way, twice, and back within the release."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
import yoyo.migrations

from tests.python.conftest import Database, environment
from tests.python.test_migrate import kill9, schema_of, wait_for_backend
from tests.tools import releases
from tests.tools.migration_lint import unreleased
from tests.tools.selling import Shop
from trustcart_db import __version__
from trustcart_db.bundle import read_bundle
from trustcart_db.errors import ConnectError, RefusedError
from trustcart_db.migrate import migrate

#: What belongs to a run of migrate, not to the shop.
_RECORDS = (
    "installation",
    "bundle_objects",
    "given_rights",
    "_yoyo_log",
    "_yoyo_migration",
    "_yoyo_version",
    "yoyo_lock",
)


@pytest.fixture(scope="module", params=releases.kept())
def released(request: pytest.FixtureRequest, server) -> Iterator[tuple[str, str]]:
    """A release, and the name of a template database that is at it, with its shop."""
    template = f"release_{request.param}"
    releases.install(server.create_database(template), request.param, shop=True)
    yield request.param, template
    server.drop_database(template)


@pytest.fixture
def shop_db(server, released: tuple[str, str]) -> Iterator[Database]:
    """A database at the release, with its shop."""
    name = "upgraded"
    yield Database(server, name, server.create_database(name, released[1]))
    server.drop_database(name)


def begin(database: Database) -> subprocess.Popen:
    """The command, upgrading."""
    command = [sys.executable, "-m", "trustcart_db", "--database-url", database.url, "migrate"]
    return subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )


def told(process: subprocess.Popen, word: str) -> None:
    """Return once the command has told of something; its end without it fails."""
    lines = []
    for line in process.stderr:
        lines.append(line)
        if word in line:
            return
    raise AssertionError(f"it never told of {word}: {lines}, {process.stdout.read()}")


def wrong_figures(database: Database) -> list[tuple]:
    """What the triggers kept otherwise than the rows say."""
    with database.connect() as connection:
        return connection.execute("select * from trustcart.check_customer_state()").fetchall()


def version_of(database: Database) -> str:
    """What the database says it is at."""
    with database.connect() as connection:
        return connection.execute("select trustcart.version()").fetchone()[0]


def without_rights(database: Database) -> str:
    """The dump of our schemas without GRANT and REVOKE."""
    return "\n".join(
        line for line in schema_of(database).splitlines() if not line.startswith(("GRANT", "REVOKE", "-- "))
    )


def rows_of(database: Database) -> str:
    """All rows of the shop, without what belongs to a run of migrate."""
    command = [str(database.server.bin_dir / "pg_dump"), f"--dbname={database.url}", "--data-only"]
    command += [f"--exclude-table=trustcart_private.{name}" for name in _RECORDS]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    return "\n".join(line for line in done.stdout.splitlines() if not line.startswith("\\"))


def test_the_shop_sells_on_through_an_upgrade(released, shop_db, db, cli):
    before = json.loads(cli("status", "--format", "json", url=shop_db.url).stdout)[0]
    assert (before["installed_version"], before["available_version"]) == (released[0], __version__)
    assert before["pending_migrations"] == releases.migrations_since(released[0])
    with Shop(shop_db) as shop:
        done = cli("migrate", url=shop_db.url)
        assert done.returncode == 0, done.stderr
        assert f"Migrated to {__version__} (was {released[0]})" in done.stdout
        shop.go_on()
    assert shop.failures == []
    assert schema_of(shop_db) == schema_of(db)
    assert wrong_figures(shop_db) == []
    assert version_of(shop_db) == __version__
    assert cli("status", url=shop_db.url).returncode == 0
    assert cli("migrate", url=shop_db.url).stdout == f"Nothing to do: the database is at {__version__}.\n"


def test_killed_again_and_again_while_the_shop_sells(released, shop_db, db, cli):
    """Each run goes on where the one before was killed; the version is the old one until the last."""
    # Each of these tables is written to at a moment of its own: a migration is done and not marked, a transaction of
    # repeatable objects is about to commit, all is done and not recorded.
    moments = ("_yoyo_log", "bundle_objects", "installation")
    with Shop(shop_db) as shop, shop_db.connect() as observer, shop_db.connect(autocommit=False) as blocker:
        for table in moments:
            blocker.execute(f"lock table trustcart_private.{table} in share mode")
            process = begin(shop_db)
            wait_for_backend(observer, f"wait_event_type = 'Lock' and query ilike '%{table}%'")
            kill9(process)
            assert version_of(shop_db) == released[0]
            blocker.rollback()
            if table == "_yoyo_log" and len(releases.migrations_since(released[0])) > 1:
                # And between two migrations.
                process = begin(shop_db)
                told(process, "migration ")
                kill9(process)
            shop.go_on()
        done = cli("migrate", url=shop_db.url)
        assert done.returncode == 0, done.stderr
        shop.go_on()
    assert shop.failures == []
    assert version_of(shop_db) == __version__
    assert schema_of(shop_db) == schema_of(db)
    assert wrong_figures(shop_db) == []


@pytest.mark.once
def test_the_server_killed_in_the_middle(released, make_server, db, cli):
    """What crashes and recovers is Postgres, alike in every version that we support."""
    server = make_server()
    database = Database(server, "upgraded", server.create_database("upgraded"))
    releases.install(database.url, released[0])
    process = begin(database)
    told(process, "migration ")
    server.kill9()
    _, errors = process.communicate(timeout=30)
    assert process.returncode == ConnectError.exit_code, errors
    server.restart()
    done = cli("migrate", url=database.url)
    assert done.returncode == 0, done.stderr
    assert schema_of(database) == schema_of(db)


@pytest.mark.once
def test_back_to_the_release_and_no_further(released, shop_db, server, db, cli):
    """What a migration makes its rollback takes away, all of it; files say that, not the version of Postgres."""
    version, template = released
    new = releases.migrations_since(version)
    assert cli("migrate", url=shop_db.url).returncode == 0
    rows = rows_of(shop_db)
    refused = cli("rollback", "--yes", "--steps", str(len(new) + 1), url=shop_db.url)
    assert refused.returncode == RefusedError.exit_code
    assert f"came with {version}" in refused.stderr
    assert "restore a backup" in refused.stderr
    assert f"rollback --steps {len(new)}" in refused.stderr
    assert version_of(shop_db) == __version__
    assert rows_of(shop_db) == rows
    done = cli("rollback", "--yes", "--steps", str(len(new)), url=shop_db.url)
    assert done.returncode == 0, done.stderr
    assert cli("rollback", "--yes", url=shop_db.url).returncode == RefusedError.exit_code
    releases.install(shop_db.url, version)
    # Rights outlive what they were given for, such as USAGE of a schema.
    assert without_rights(shop_db) == without_rights(Database(server, template, server.url(template)))
    assert cli("migrate", url=shop_db.url).returncode == 0
    assert schema_of(shop_db) == schema_of(db)
    assert wrong_figures(shop_db) == []


@pytest.mark.once
def test_each_new_migration_may_run_twice(db):
    """A crash between a migration and its mark has it run again."""
    before, rows = schema_of(db), rows_of(db)
    names = [path.stem for path in unreleased(read_bundle())]
    with db.connect() as connection:
        connection.execute("delete from trustcart_private._yoyo_migration where migration_id = any(%s)", [names])
    assert migrate(db.url, read_bundle()).migrations == names
    assert schema_of(db) == before
    assert rows_of(db) == rows


@pytest.mark.once
def test_no_new_migration_holds_many_tables_of_the_shop(shop_db):
    """Each may be waited for while the others are held: three times 300 ms stay below a second."""
    strong = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
    with shop_db.connect() as connection:
        tables = [oid for (oid,) in connection.execute("select oid from pg_class where relkind in ('r', 'p')")]
        for path in unreleased(read_bundle()):
            directives, _, statements = yoyo.migrations.read_sql_migration(str(path))
            if directives.get("transactional", "true") == "false":
                for statement in statements:
                    connection.execute(statement)
                continue
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement)
                held = connection.execute(
                    "select distinct relation::regclass::text from pg_locks"
                    " where pid = pg_backend_pid() and mode = any(%s) and relation = any(%s)",
                    [list(strong), tables],
                ).fetchall()
            assert len(held) <= 3, f"{path.name} holds {held}: split it"
