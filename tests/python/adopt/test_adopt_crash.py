"""kill -9 of `adopt` and of the server, in each phase: the shop sells on, and adopting goes on where it stopped."""

from __future__ import annotations

import pytest

from tests.python.adopt.conftest import Gate, adopt, adopt_well, assert_in_step, come_to, start_adopting
from tests.python.conftest import Database
from tests.tools import erp
from tests.tools.sessions import wait_until
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate

_TABLES = ("users", "categories", "products", "customers", "sales_orders", "sales_order_items")


def _kill(adopting) -> None:
    adopting.kill()
    adopting.communicate()


def _go_on(database: Database) -> None:
    adopt_well(database.url, "--mapping", "trustcart_erp")
    assert_in_step(database)


@pytest.mark.parametrize("table", _TABLES)
def test_adopt_killed_in_the_middle_of_a_batch(host, table):
    with Gate(host, table) as gate:
        adopting = start_adopting(host.url, "--mapping", "trustcart_erp")
        gate.wait_for(adopting)
        _kill(adopting)
        gate.open()
        _without_sessions(host)
    with host.connect() as connection:
        # It shows, and the shop sells on.
        assert adopt(host.url, "--check").exit_code != 0
        connection.execute("insert into public.customers (name, phone) values ('Meanwhile', '01777000999')")
        connection.execute("update public.sales_orders set total_amount = 77 where id between 10 and 20")
        connection.execute("delete from public.sales_orders where id between 30 and 40")
    _go_on(host)


@pytest.mark.parametrize("table", ["users", "products", "customers", "sales_orders", "sales_order_items"])
def test_adopt_killed_while_it_waits_to_put_its_triggers_on(host, table):
    with host.connect(autocommit=False) as busy:
        # A long transaction of the shop: no trigger can come onto this table.
        busy.execute(f"lock table public.{table} in row exclusive mode")
        adopting = start_adopting(host.url, "--mapping", "trustcart_erp")
        come_to(
            host,
            "select count(*) > 0 from pg_locks where not granted and mode = 'ShareRowExclusiveLock'"
            f" and relation = 'public.{table}'::regclass",
            adopting,
        )
        # Whoever comes after it does not wait for long: its own wait has an end.
        with host.connect() as shop:
            shop.execute("set statement_timeout = '20s'")
            shop.execute("insert into public.customers (name) values ('Patient')")
            shop.execute(
                "insert into public.sales_orders (customer_id, order_date, total_amount) values (5, current_date, 5)"
            )
        _kill(adopting)
    _without_sessions(host)
    _go_on(host)


@pytest.mark.parametrize("table", ["customers", "sales_orders"])
def test_the_server_killed_in_the_middle_of_a_batch(make_server, erp_dump, table):
    server = make_server({"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"})
    url = server.create_database("shop")
    migrate(url, read_bundle())
    erp.restore(server, "shop", erp_dump)
    database = Database(server, "shop", url)
    with Gate(database, table) as gate:
        adopting = start_adopting(url, "--mapping", "trustcart_erp")
        gate.wait_for(adopting)
        server.kill9()
        _, told = adopting.communicate(timeout=60)
        assert adopting.returncode not in (0, -9)
        assert "Traceback" not in told
        server.restart()
    with database.connect() as connection:
        connection.execute("update public.sales_orders set total_amount = 77 where id between 10 and 20")
    _go_on(database)


def test_removing_killed_and_removed_again(adopted, tmp_path):
    with adopted.connect(autocommit=False) as busy:
        busy.execute("lock table public.sales_orders in row exclusive mode")
        removing = start_adopting(adopted.url, "--remove")
        come_to(
            adopted,
            "select count(*) > 0 from pg_locks where not granted and mode = 'AccessExclusiveLock'"
            " and relation = 'public.sales_orders'::regclass",
            removing,
        )
        _kill(removing)
    _without_sessions(adopted)
    with adopted.connect() as connection:
        connection.execute(
            "insert into public.sales_orders (customer_id, order_date, total_amount) values (5, current_date, 5)"
        )
    adopt_well(adopted.url, "--remove")
    assert b"trustcart" not in erp.plain_dump(adopted.server, adopted.name, tmp_path, "--schema-only")


def test_killed_at_any_moment(host):
    """Not at chosen points but wherever it is, again and again; it gets further each time, and ends."""
    for number in range(8):
        adopting = start_adopting(host.url, "--mapping", "trustcart_erp")
        try:
            adopting.wait(0.45 + 0.1 * number)
        except Exception:
            _kill(adopting)
        else:
            adopting.communicate()
        _without_sessions(host)
    _go_on(host)


def _without_sessions(database: Database) -> None:
    """Wait until the sessions of a killed program are gone; other databases of the server may have their own."""
    wait_until(
        database,
        "select not exists (select from pg_stat_activity"
        " where datname = current_database() and application_name like 'trustcart%')",
    )
