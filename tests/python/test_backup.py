"""Backup and restore: what comes back is what was there, whoever is killed at whatever moment."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from tests.python.conftest import REPOSITORY, Database, environment
from tests.tools.sessions import wait_until
from tests.tools.system import find_installation
from trustcart_db.backup import archive, restore, take
from trustcart_db.bundle import read_bundle
from trustcart_db.errors import MissingError, TrustCartError
from trustcart_db.migrate import migrate
from trustcart_db.server import THROW_AWAY, PrivateServer
from trustcart_db.state import SCHEMAS, State, read_state

_SHOP = """
    insert into trustcart.users (name, email, role) values ('Agent', 'agent@example.com', 'crm_agent');
    insert into trustcart.customers (first_name, last_name, phone, email, notes)
    select 'উম্মে ' || g, E'tab\\tline\\nback\\\\slash \\\\.', '017' || lpad(g::text, 8, '0'),
        'c' || g || '@example.com', case when g % 3 = 0 then E'\\\\.\\n' end
    from generate_series(1, 200) as g;
    insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth)
    select g, 'Child', 'child', '2015-02-28' from generate_series(1, 50) as g;
    insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
    select 1 + g % 200, trustcart.business_date() - g % 300, 100 + g, 'delivered' from generate_series(1, 1000) as g;
    insert into trustcart.sales_order_items (order_id, product_name, quantity, unit_price)
    select id, 'Honey', 1, 100 from trustcart.sales_orders limit 300;
    select trustcart.generate_daily_call_tasks();
"""
# The command line's own code, with a progress that stops for good at the n-th report of a phase: it is killed there.
_STOPS = """
import signal, sys
from pathlib import Path
from trustcart_db.backup import restore, take
from trustcart_db.bundle import read_bundle
what, url, file, phase = sys.argv[1:5]
def progress(title, done, total):
    if title == phase:
        print("there", flush=True)
        signal.pause()
if what == "backup":
    take.take(url, Path(file), progress=progress)
else:
    restore.restore(url, read_bundle(), Path(file), progress=progress)
"""
_OURS = f"select count(*) from pg_namespace where nspname in {SCHEMAS}"


def _state(url: str) -> State:
    """What a migrate sees of a database, so that it goes on alike from equal ones."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set search_path to pg_catalog")
        return read_state(connection, read_bundle().roles)


def _fill(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_SHOP)


@pytest.fixture(scope="module")
def shop(server, _template) -> Database:
    """A shop with some of everything; the tests of this file only read it."""
    name = "backup_shop"
    url = server.create_database(name, _template)
    _fill(url)
    yield Database(server, name, url)
    server.drop_database(name)


@pytest.fixture(scope="module")
def backup(shop, tmp_path_factory) -> Path:
    """A backup of it."""
    return take.take(shop.url, tmp_path_factory.mktemp("backups") / "shop.dump")[0]


def _stopped(what: str, url: str, file: Path, phase: str) -> subprocess.Popen[str]:
    """A backup or restore that has come to a phase and stays there."""
    process = subprocess.Popen(
        [sys.executable, "-c", _STOPS, what, url, str(file), phase],
        cwd=REPOSITORY,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdout.readline() != "there\n":
        raise AssertionError(f"it never came to: {phase}")
    return process


def _kill(process: subprocess.Popen[str], db: Database) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    # pg_dump ends with its parent, and the server notices that both are gone.
    wait_until(
        db,
        "select not exists (select from pg_stat_activity where datname = current_database()"
        " and pid <> pg_backend_pid() and backend_type = 'client backend')",
    )


def test_what_comes_back_is_what_was_there(shop, backup, empty_db, cli):
    restored = cli("restore", str(backup), url=empty_db.url)
    assert restored.returncode == 0, restored.stderr
    assert "each table was compared" in restored.stdout
    assert "is known again" in restored.stderr

    same = cli("backup", "--verify", str(backup), url=empty_db.url)
    assert (same.returncode, same.stderr) == (0, ""), same.stdout
    assert "equals it" in same.stdout
    assert _state(empty_db.url) == _state(shop.url)
    with empty_db.connect() as connection:
        # Statistics, triggers, sequences and state are there as well.
        assert connection.execute("select reltuples from pg_class where relname = 'customers'").fetchone()[0] == 200
        new = connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " values (1, trustcart.business_date(), 5, 'pending') returning id"
        ).fetchone()[0]
        assert new == 1001
        assert connection.execute("select total_spend from trustcart.customers where id = 1").fetchone()[0] == 3505
        assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []

    differs = cli("backup", "--verify", str(backup), "--lock-wait", "5", url=empty_db.url)
    assert differs.returncode == 1
    assert "trustcart.sales_orders" in differs.stdout
    assert "1,001 rows" in differs.stdout
    assert "trustcart.sales_orders_id_seq" in differs.stdout
    with empty_db.connect() as connection:
        connection.execute("grant select on trustcart.customers to public")
        connection.execute("alter policy customers_agents on trustcart.customers using (true)")
        connection.execute("drop view trustcart.customer_intelligence; create schema elsewhere")
    differs = cli("backup", "--verify", str(backup), url=empty_db.url).stdout
    told = [line for line in differs.splitlines() if line.startswith("schema") and "comment" not in line]
    assert {line.split(":")[1].split("  ")[0].strip() for line in told} == {
        "acl TABLE customer_intelligence",
        "acl TABLE customers",
        "policy customers customers_agents",
        "view customer_intelligence",
    }


def test_the_files(shop, backup, cli, tmp_path):
    done = cli("backup", str(tmp_path), url=shop.url)
    assert done.returncode == 0, done.stderr
    file = Path(done.stdout.strip())
    manifest = file.with_name(file.name + ".manifest.json")
    assert sorted(tmp_path.iterdir()) == [file, manifest]
    assert file.name.startswith("trustcart-backup_shop-")
    assert {stat.S_IMODE(one.stat().st_mode) for one in (file, manifest)} == {0o600}
    told = json.loads(manifest.read_text())
    assert told["tables"]["trustcart.customers"][0] == 200
    # The same rows give the same figures, however they lie.
    assert told["tables"] == json.loads(backup.with_name(backup.name + ".manifest.json").read_text())["tables"]
    listed = subprocess.run(
        [archive.find_programs(shop.server.major).bin_dir / "pg_restore", "--list", file],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert " public " not in listed.replace("- public", "")

    again = cli("backup", str(file), url=shop.url)
    assert (again.returncode, "overwrites none" in again.stderr) == (7, True)
    assert cli("backup", str(tmp_path / "no" / "x.dump"), url=shop.url).returncode == 2
    assert cli("backup", str(tmp_path / "empty.dump"), url=shop.server.url("postgres")).returncode == 10
    assert not (tmp_path / "empty.dump.partial").exists()


def test_a_backup_of_a_selling_shop_is_one_moment(db, empty_db, tmp_path):
    _fill(db.url)
    stop, sold, failed = threading.Event(), [], []

    def sell(customer: int) -> None:
        try:
            with db.connect() as connection:
                while not stop.is_set():
                    connection.execute(
                        "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
                        " values (%s, trustcart.business_date(), 10, 'pending')",
                        [customer],
                    )
                    sold.append(customer)
        except psycopg.Error as error:
            failed.append(error)

    sellers = [threading.Thread(target=sell, args=[customer]) for customer in (1, 2)]
    for one in sellers:
        one.start()
    try:
        file, manifest = take.take(db.url, tmp_path / "selling.dump")
    finally:
        stop.set()
        for one in sellers:
            one.join()
    assert (failed, bool(sold)) == ([], True)
    done = restore.restore(empty_db.url, read_bundle(), file)
    assert done.differences == []
    with empty_db.connect() as connection:
        assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []
        orders, largest = connection.execute("select count(*), max(id) from trustcart.sales_orders").fetchone()
        assert orders == manifest.tables["trustcart.sales_orders"][0]
        # Sequences stand in no snapshot; they are never behind the rows.
        assert manifest.sequences["trustcart.sales_orders_id_seq"][0] >= largest


def test_a_backup_waits_for_locks_only_so_long(db, tmp_path, cli):
    with db.connect(autocommit=False) as other:
        other.execute("truncate trustcart.call_scripts")
        busy = cli("backup", str(tmp_path / "x.dump"), "--lock-wait", "0.1", url=db.url)
    assert busy.returncode == 8
    assert "holds it" in busy.stderr
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_not_whole_are_refused(backup, empty_db, tmp_path):
    file, manifest = tmp_path / "x.dump", tmp_path / "x.dump.manifest.json"
    whole, told = backup.read_bytes(), backup.with_name(backup.name + ".manifest.json").read_text()

    def refused(code: int, words: str) -> None:
        with pytest.raises(TrustCartError) as error:
            restore.restore(empty_db.url, read_bundle(), file)
        told = f"{error.value.message} {error.value.hint}"
        assert (error.value.exit_code, words in told) == (code, True), told
        with empty_db.connect() as connection:
            assert connection.execute(_OURS).fetchone()[0] == 0

    refused(6, "There is no file")
    file.write_bytes(whole)
    refused(6, "has no manifest")
    manifest.write_text("{")
    refused(6, "cannot be read")
    manifest.write_text(told)
    file.write_bytes(whole[:-100])
    refused(6, "cut off")
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    refused(6, "cut off, changed")
    file.write_bytes(whole)
    # The dump is whole, but it is not what the manifest counted: nothing of it stays.
    fields = json.loads(told)
    fields["tables"]["trustcart.customers"][0] += 1
    manifest.write_text(json.dumps(fields))
    refused(1, "200 rows")
    manifest.write_text(json.dumps({**json.loads(told), "version": "99.0"}))
    refused(5, "99.0")
    manifest.write_text(json.dumps({**json.loads(told), "roles": {"nobody_knows": False}}))
    refused(10, 'create role "nobody_knows" nologin;')
    manifest.write_text(json.dumps({**json.loads(told), "encoding": "LATIN1"}))
    refused(7, "LATIN1")


def test_an_archive_that_ends_in_the_middle_restores_nothing(backup, empty_db, tmp_path):
    # With a manifest made for it, so that only pg_restore can find out.
    file = tmp_path / "x.dump"
    file.write_bytes(backup.read_bytes()[:-20_000])
    fields = json.loads(backup.with_name(backup.name + ".manifest.json").read_text())
    fields |= {"dump_bytes": file.stat().st_size, "dump_sha256": take.inventory.sha256_of(file)}
    file.with_name("x.dump.manifest.json").write_text(json.dumps(fields))
    with pytest.raises(TrustCartError) as error:
        restore.restore(empty_db.url, read_bundle(), file)
    assert "cannot be read" in error.value.message
    with empty_db.connect() as connection:
        assert connection.execute(_OURS).fetchone()[0] == 0


def test_replacing_erases_again_whom_the_backup_still_knows(db, cli, tmp_path):
    _fill(db.url)
    file = tmp_path / "x.dump"
    assert cli("backup", str(file), url=db.url).returncode == 0
    refused = cli("restore", str(file), url=db.url)
    assert (refused.returncode, "--replace" in refused.stderr) == (7, True)

    with db.connect() as connection:
        connection.execute("select trustcart.erase_customer(7, 'letter 12'), trustcart.erase_customer(8)")
        # Number 8 of another shop is another person.
        connection.execute("set session_replication_role = replica")
        connection.execute("update trustcart.customers set created_at = created_at - interval '1 day' where id = 8")
        connection.execute("create view public.of_others as select count(*) from trustcart.customers")
    refused = cli("restore", str(file), "--replace", "--yes", url=db.url)
    assert (refused.returncode, "public.of_others" in refused.stderr) == (7, True)
    with db.connect() as connection:
        connection.execute("drop view public.of_others")

    assert cli("restore", str(file), "--replace", url=db.url, input="n\n").returncode == 1
    done = cli("restore", str(file), "--replace", url=db.url, input="y\n")
    assert done.returncode == 0, done.stderr
    assert "customers 7." in done.stderr
    with db.connect() as connection:
        rows = connection.execute(
            "select c.id, c.erased_at is not null, c.phone, e.reason from trustcart.customers as c"
            " left join trustcart.customer_erasures as e on e.customer_id = c.id where c.id in (7, 8) order by 1"
        ).fetchall()
    assert rows == [(7, True, None, "letter 12"), (8, False, "01700000008", None)]


def test_a_replacement_waits_for_the_shop_only_so_long(db, backup, cli):
    with db.connect(autocommit=False) as other:
        other.execute("select * from trustcart.customers")
        busy = cli("restore", str(backup), "--replace", "--yes", "--lock-wait", "0.1", url=db.url)
    assert busy.returncode == 8, busy.stderr
    with db.connect() as connection:
        assert connection.execute("select count(*) from trustcart.customers").fetchone()[0] == 0


@pytest.mark.parametrize("phase", ["backing up", "checking the file"])
def test_a_killed_backup_leaves_no_file_that_looks_whole(shop, empty_db, tmp_path, phase):
    file = tmp_path / "x.dump"
    # The password is of no use here; it must not be seen all the same.
    url = shop.url.replace("postgres@", "postgres:hush-hush@")
    process = _stopped("backup", url, file, phase)
    shown = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.parent.name != str(process.pid)]
    assert not [line for line in shown if b"hush-hush" in line]
    _kill(process, shop)
    assert [one.name for one in tmp_path.iterdir()] == ["x.dump.partial"]
    # As if it had been killed between the two new names.
    (tmp_path / "x.dump.manifest.json").write_text("{}")
    take.take(shop.url, file)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["x.dump", "x.dump.manifest.json"]
    assert take.inventory.read_manifest(file).tables["trustcart.customers"][0] == 200


def test_a_killed_restore_leaves_nothing_or_all(shop, backup, empty_db, cli):
    before = ("checking the file", "restoring tables", "restoring rows", "restoring indexes, constraints and triggers")
    for phase in (*before, "comparing", "committing"):
        _kill(_stopped("restore", empty_db.url, backup, phase), empty_db)
        with empty_db.connect() as connection:
            assert connection.execute(_OURS).fetchone()[0] == 0, phase
    _kill(_stopped("restore", empty_db.url, backup, "analysing"), empty_db)
    assert cli("backup", "--verify", str(backup), url=empty_db.url).returncode == 0
    assert _state(empty_db.url) == _state(shop.url)


def test_a_server_that_dies_leaves_nothing_either(backup, make_server, tmp_path, cli):
    one = make_server()
    db = Database(one, "shop", one.create_database("shop"))
    process = _stopped("restore", db.url, backup, "restoring indexes, constraints and triggers")
    one.kill9()
    process.kill()
    process.wait()
    process.stdout.close()
    one.restart()
    with db.connect() as connection:
        assert connection.execute(_OURS).fetchone()[0] == 0
    assert cli("restore", str(backup), url=db.url).returncode == 0

    # While it dumps: the command says that the connection is gone, and leaves no file.
    reached = threading.Event()
    errors: list[Exception] = []

    def stop(title: str, done: int, total: int) -> None:
        if title == "backing up" and not reached.is_set():
            one.kill9()
            reached.set()

    try:
        take.take(db.url, tmp_path / "x.dump", progress=stop)
    except TrustCartError as error:
        errors.append(error)
    assert [error.exit_code for error in errors] == [3]
    assert list(tmp_path.iterdir()) == []
    one.restart()
    take.take(db.url, tmp_path / "x.dump")


def test_an_owner_that_is_no_superuser(server, cli, tmp_path):
    with server.connect() as connection:
        connection.execute("create role backup_owner login createrole; create role backup_reader nologin")
        for group in read_bundle().roles:
            connection.execute(f"grant {group} to backup_owner with admin option")
    names = ("backup_owned", "backup_owned_2")
    for name in names:
        server.create_database(name)
        with server.connect() as connection:
            connection.execute(f"grant create on database {name} to backup_owner")
    first, second = (server.url(name, "backup_owner") for name in names)
    try:
        migrate(first, read_bundle())
        with server.connect(names[0]) as connection:
            connection.execute("grant usage on schema trustcart to backup_reader")
            connection.execute("grant select (id) on trustcart.products to backup_reader")
        file = tmp_path / "x.dump"
        assert cli("backup", str(file), url=first).returncode == 0
        # A superuser restores it: it belongs to whom it belonged.
        done = cli("restore", str(file), url=server.url(names[1]))
        assert done.returncode == 0, done.stderr
        assert cli("backup", "--verify", str(file), url=second).returncode == 0
        refused = cli("restore", str(file), "--replace", "--yes", url=server.url(names[1], "backup_reader"))
        assert refused.returncode in (3, 4)
    finally:
        for name in names:
            server.drop_database(name)
        with server.connect() as connection:
            connection.execute("drop owned by backup_owner; drop owned by backup_reader")
            connection.execute("drop role backup_owner; drop role backup_reader")


@pytest.mark.extension("pgcrypto")
def test_encrypted_numbers_need_pgcrypto_and_the_key(db, empty_db, cli, tmp_path):
    key = {"TRUSTCART_PHONE_KEY": "0123456789abcdef" * 4}
    _fill(db.url)
    with db.connect() as connection:
        connection.execute("create extension pgcrypto")
    assert cli("encryption", "on", url=db.url, env=key).returncode == 0
    file = tmp_path / "x.dump"
    done = cli("backup", str(file), url=db.url)
    assert "master key is not in it" in done.stderr
    assert cli("restore", str(file), url=empty_db.url).returncode == 10
    with empty_db.connect() as connection:
        connection.execute("create extension pgcrypto")
    assert cli("restore", str(file), url=empty_db.url).returncode == 0
    assert cli("encryption", "off", url=empty_db.url, env=key).returncode == 0
    with empty_db.connect() as connection:
        assert connection.execute("select phone from trustcart.customers where id = 7").fetchone()[0] == "01700000007"


def test_a_replica_can_be_backed_up(major, make_server, cli, tmp_path):
    if major == 15:
        pytest.skip("streams as on the newer one: once is enough")
    one = make_server({"wal_level": "replica", "max_wal_senders": "2"})
    url = one.create_database("shop")
    migrate(url, read_bundle())
    with one.standby() as replica:
        file = tmp_path / "x.dump"
        done = cli("backup", str(file), url=replica.url("shop"))
        assert done.returncode == 0, done.stderr
        assert cli("backup", "--verify", str(file), url=url).returncode == 0


def test_programs_too_old_are_named(monkeypatch, shop, tmp_path):
    monkeypatch.setattr(archive, "client_bin_dirs", list)
    with pytest.raises(MissingError) as error:
        take.take(shop.url, tmp_path / "x.dump")
    assert "found: none" in error.value.message
    fake = tmp_path / "bin"
    fake.mkdir()
    for name in ("pg_dump", "pg_restore"):
        (fake / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.9'\n")
        (fake / name).chmod(0o755)
    monkeypatch.setattr(archive, "client_bin_dirs", lambda: [fake])
    with pytest.raises(MissingError) as error:
        take.take(shop.url, tmp_path / "x.dump")
    assert "14.9" in error.value.message
    assert os.listdir(tmp_path) == ["bin"]


def test_from_15_to_a_newer_one_and_not_back(major, empty_db, backup, cli, tmp_path):
    if major == 15:
        pytest.skip("goes from 15 to the newer one: needs to run on that alone")
    with PrivateServer(find_installation(15), settings=THROW_AWAY) as old:
        url = old.create_database("shop")
        migrate(url, read_bundle())
        _fill(url)
        file, manifest = take.take(url, tmp_path / "x.dump")
        assert manifest.server_major == 15
        before = _state(url)
        refused = cli("restore", str(backup), url=old.create_database("other"))
        assert (refused.returncode, f"Postgres {major}" in refused.stderr) == (7, True)
    done = cli("restore", str(file), url=empty_db.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert cli("backup", "--verify", str(file), url=empty_db.url).returncode == 0
    assert _state(empty_db.url) == before
    with empty_db.connect() as connection:
        assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []
