"""The ERP's application at work, several sessions at once: both sides stay in step, row for row."""

from __future__ import annotations

import threading

import psycopg
import pytest

from tests.python.adopt.conftest import Gate, adopt, adopt_well, assert_in_step, one, start_adopting
from tests.tools import erp
from tests.tools.erp.random_shop import shop_on
from tests.tools.sessions import wait_until_blocked


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_shop_stays_in_step(adopted, seed, tmp_path):
    done = shop_on(adopted.connect, seed)
    assert done["order"] > 50
    # What waits for another row's change is only marked; everything else is right at once.
    assert_in_step(adopted, repaired=False)
    adopt(adopted.url, "--repair")
    assert_in_step(adopted)

    adopt_well(adopted.url, "--remove")
    with adopted.connect() as connection:
        made = (
            "select tgname from pg_trigger where tgname like 'trustcart%' and tgrelid::regclass::text !~ '^trustcart'"
        )
        assert connection.execute(made).fetchall() == []


def test_the_schema_is_as_it_was_after_all_that(host, tmp_path):
    before = erp.plain_dump(host.server, host.name, tmp_path, "--schema-only")
    adopt_well(host.url, "--mapping", "trustcart_erp")
    shop_on(host.connect, 3, operations=40)
    adopt_well(host.url, "--remove")
    assert erp.plain_dump(host.server, host.name, tmp_path, "--schema-only") == before
    # And the shop goes on without us.
    shop_on(host.connect, 4, operations=20)


@pytest.mark.parametrize("seed", [5, 6])
def test_a_shop_that_sells_while_its_past_comes_in(host, seed):
    """Deletes, merges and moves of rows that the backfill has read, or not yet."""
    going = threading.Event()
    failures: list[BaseException] = []

    def sell() -> None:
        round_ = 0
        try:
            while not going.is_set():
                shop_on(host.connect, seed * 100 + round_, sessions=3, operations=15)
                round_ += 1
        except BaseException as error:
            failures.append(error)

    shop = threading.Thread(target=sell)
    shop.start()
    try:
        adopt_well(host.url, "--mapping", "trustcart_erp")
    finally:
        going.set()
        shop.join()
    assert not failures, failures[0]
    adopt(host.url, "--repair")
    assert_in_step(host)


def test_what_is_deleted_behind_the_backfill_does_not_come_back(host):
    """The delete comes while a batch has read and written the order, and not committed: it waits for the batch."""
    with host.connect() as shop, host.connect() as connection, Gate(host, "sales_orders") as gate:
        adopting = start_adopting(host.url, "--mapping", "trustcart_erp")
        try:
            pid = gate.wait_for(adopting)
            doomed = one(connection, "select min(id) from public.sales_orders where status = 'delivered'")
            deleting = threading.Thread(
                target=shop.execute, args=("delete from public.sales_orders where id = %s", [doomed])
            )
            deleting.start()
            try:
                wait_until_blocked(host, shop.info.backend_pid)
                assert one(connection, "select %s = any(pg_blocking_pids(%s))", pid, shop.info.backend_pid)
            finally:
                gate.open()
                deleting.join()
            assert adopting.wait(60) == 0, adopting.stderr.read()
        finally:
            adopting.kill()
            adopting.communicate()
        assert one(connection, "select count(*) from trustcart.sales_orders where id = %s", doomed) == 0
    assert_in_step(host, repaired=False)


def test_two_orders_of_one_new_number_make_one_guest(adopted):
    insert = (
        "insert into public.sales_orders (customer_phone, order_date, status, total_amount)"
        " values ('01777555666', current_date, 'new', 10)"
    )
    with adopted.connect(autocommit=False) as first, adopted.connect(autocommit=False) as second:
        first.execute(insert)
        other = threading.Thread(target=lambda: (second.execute(insert), second.commit()))
        other.start()
        wait_until_blocked(adopted, second.info.backend_pid)
        first.commit()
        other.join()
    with adopted.connect() as connection:
        rows = connection.execute(
            "select distinct o.customer_id from trustcart.sales_orders as o"
            " inner join public.sales_orders as h on o.id = h.id and h.customer_phone = '01777555666'"
        ).fetchall()
        assert len(rows) == 1
    assert_in_step(adopted)


def test_a_guest_order_meets_the_customer_who_is_just_being_added(adopted):
    order = (
        "insert into public.sales_orders (customer_phone, order_date, status, total_amount)"
        " values ('01777555666', current_date, 'new', 10)"
    )
    customer = "insert into public.customers (name, phone) values ('Rina', '8801777555666')"
    for first, second in ((order, customer), (customer, order)):
        with adopted.connect(autocommit=False) as one_session, adopted.connect(autocommit=False) as other_session:
            one_session.execute(first)
            failed: list[psycopg.Error] = []

            def go(session=other_session, statement=second, failed=failed) -> None:
                try:
                    session.execute(statement)
                    session.commit()
                except psycopg.Error as error:
                    failed.append(error)

            other = threading.Thread(target=go)
            other.start()
            other.join(0.3)  # it may have to wait for the first, or not: both are well
            one_session.commit()
            other.join()
            assert not failed
        assert_in_step(adopted)
        with adopted.connect() as connection:
            connection.execute("delete from public.sales_orders where customer_phone = '01777555666'")
            connection.execute("update public.customers set phone = null where phone = '8801777555666'")


def test_many_sessions_of_guests_and_their_customers(adopted):
    """Nothing but guests, phones and customers that get them: as close together as it can be."""
    work = ("guest order", "guest becomes customer", "change phone", "new customer", "change owner", "edit customer")
    shop_on(adopted.connect, 11, sessions=6, operations=60, only=work)
    adopt(adopted.url, "--repair")
    assert_in_step(adopted)
