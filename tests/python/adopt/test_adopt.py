"""`adopt` beside a restored ERP: what comes over, whose rows are whose, what the ERP may do, and nothing left after."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.python.adopt.conftest import adopt, adopt_well, assert_in_step, one, quarantine
from tests.tools import erp
from tests.tools.erp.statuses import MEANING
from trustcart_db.adoption import backfill

_ORDER = (
    "insert into public.sales_orders"
    " (sales_order_number, customer_id, customer_phone, order_date, status, total_amount)"
    " values (%s, %s, %s, %s, %s, %s) returning id"
)


def _order(connection, customer=None, phone=None, status="new", amount=100, number=None, day=None) -> int:
    day = day or one(connection, "select current_date")
    return one(connection, _ORDER, number, customer, phone, day, status, amount)


def _owner(connection, order: int) -> int | None:
    return one(connection, "select customer_id from trustcart.sales_orders where id = %s", order)


def _refusal(connection, statement: str, *values: object) -> psycopg.errors.Diagnostic:
    with pytest.raises(psycopg.Error) as caught, connection.transaction():
        connection.execute(statement, values or None)
    return caught.value.diag


def test_the_restored_erp_comes_over_whole(adopted):
    assert_in_step(adopted)
    with adopted.connect() as connection:
        held = dict(
            connection.execute(
                "select entity || ' ' || slot || ' ' || column_name, count(*)"
                " from trustcart_private.adoption_quarantine group by 1"
            ).fetchall()
        )
        orders = one(connection, "select count(*) from trustcart.sales_orders where id > 0")
        left = one(connection, "select count(*) from public.sales_orders where status <> 'draft'")
    # The fixture has each of these.
    for what in (
        *("users 0 email", "users 0 team_leader_id", "categories 0 ", "products 0 price", "products 0 category_id"),
        *("customers 0 email", "customers 0 date_of_birth", "customers 0 assigned_agent_id"),
        *("orders 0 ", "items 0 ", "items 0 product_id"),
    ):
        assert held.get(what), (what, held)
    assert orders == left - held["orders 0 "]


def test_orders_come_customer_by_customer(host, monkeypatch):
    """However many batches there are, a customer's figures are written for two of them, not for each order."""
    monkeypatch.setattr(backfill, "_FIRST_BATCH", 25)
    monkeypatch.setattr(backfill, "_BATCH", 25)
    adopt_well(host.url, "--mapping", "trustcart_erp")
    with host.connect() as connection:
        most = "select max(c.order_count), max(c.state_revision) from trustcart.customers as c where c.order_count < 25"
        orders, writes = connection.execute(most).fetchone()
        assert orders > 8 > writes
        assert one(connection, "select count(*) from trustcart_private.adoption_queue") == 0
    assert_in_step(host)


def test_orders_come_though_the_mapping_fails_over_whose_they_are(host, variant):
    failing = variant({'customer_id = "so.customer_id"': 'customer_id = "so.customer_id + 0 / (so.id - 7)"'})
    with host.connect() as connection:
        brought = one(connection, "select count(*) from public.sales_orders where id <> 7 and status <> 'draft'")
    adopt_well(host.url, "--mapping", failing)
    with host.connect() as connection:
        assert quarantine(connection, "orders", 7) == {""}
        assert one(connection, "select count(*) from trustcart.sales_orders where id <> 7") > 0.9 * brought


def test_nothing_of_the_host_is_altered_and_nothing_is_left(host, tmp_path):
    before = erp.plain_dump(host.server, host.name, tmp_path)
    adopt_well(host.url, "--mapping", "trustcart_erp")
    during = erp.plain_dump(host.server, host.name, tmp_path)
    # But for the triggers, their comments and the blank lines around them.
    assert [line for line in during.split(b"\n") if b"trustcart_adopt_" in line]
    kept = iter(during.split(b"\n"))
    assert all(line in kept for line in before.split(b"\n")), "a line of the host's is gone or changed"

    adopt_well(host.url, "--remove")
    assert erp.plain_dump(host.server, host.name, tmp_path) == before
    with host.connect() as connection:
        left = connection.execute(
            "select p.proname from pg_proc as p where p.pronamespace = 'trustcart_private'::regnamespace"
            " and p.proname like 'adopt\\_%' and pg_get_functiondef(p.oid) like '%public.%'"
        ).fetchall()
        assert left == []
        # What came over is ours now, and goes on as any shop of ours.
        assert one(connection, "select count(*) from trustcart.sales_orders") > 1000
        connection.execute("update trustcart.customers set first_name = 'Ours' where id = 1")
        mine = one(connection, "insert into trustcart.customers (first_name) values ('New') returning id")
        assert mine > one(connection, "select max(id) from public.customers")
        assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []


def test_the_hosts_own_objects_work_on(adopted):
    with adopted.connect() as connection:
        customer = one(
            connection,
            "insert into public.customers (name, phone) values ('Late', '01777000111') returning id",
        )
        _order(connection, customer, amount=500)
        _order(connection, customer, amount=700)
        row = connection.execute(
            "select lifecycle_stage, customer_type, total_spent, orders from public.customer_360_view"
            " where customer_id = %s",
            [customer],
        ).fetchone()
        assert row == ("regular", "retail", 1200, 2)
        ours = connection.execute(
            "select lifecycle_stage, customer_type, total_spend from trustcart.customers where id = %s", [customer]
        ).fetchone()
        assert ours == ("active", "repeat", 1200)
        assert one(connection, "select count(*) from public.audit_logs where table_name = 'sales_orders'") == 2
        before = one(connection, "select count(*) from public.crm_call_tasks")
        connection.execute("select public.generate_daily_call_tasks()")
        assert one(connection, "select count(*) from public.crm_call_tasks") > before
        assert one(connection, "select count(*) from public.crm_call_tasks where customer_id = 'REMOVED'") == 10


def test_no_value_can_make_a_write_of_the_host_fail(adopted):
    with adopted.connect() as connection:
        # One statement with good rows and bad ones: the good ones come over.
        rows = connection.execute(
            "insert into public.customers (name, email, phone, gender, date_of_birth, assigned_to) values"
            " ('Good', 'good@mail.example', '01777000001', 'F', '1990-01-01', 2),"
            " ('Bad', 'no mail', 'call me', '?', 'infinity', 4711),"
            " ('', '', '', '', null, null) returning id"
        ).fetchall()
        good, bad, empty = (key for (key,) in rows)
        assert quarantine(connection, "customers", good) == set()
        assert quarantine(connection, "customers", bad) == {"email", "gender", "date_of_birth", "assigned_agent_id"}
        assert quarantine(connection, "customers", empty) == set()
        assert one(connection, "select email from trustcart.customers where id = %s", good) == "good@mail.example"
        assert one(connection, "select first_name from trustcart.customers where id = %s", bad) == "Bad"
        # Set right, it leaves the quarantine by itself.
        connection.execute(
            "update public.customers set email = 'b@mail.example', gender = 'M', date_of_birth = '1980-05-05',"
            " assigned_to = 2 where id = %s",
            [bad],
        )
        assert quarantine(connection, "customers", bad) == set()

        orders = [
            _order(connection, good, amount=None),
            _order(connection, good, amount=-1),
            _order(connection, good, day="0202-01-01"),
            _order(connection, 90000001),
            _order(connection, None, "call me"),
            _order(connection, None, None),
            _order(connection, good, number="SO-000000002"),
        ]
        for order in orders[:-1]:
            assert quarantine(connection, "orders", order) == {""}, order
            assert _owner(connection, order) is None
        # Only its number is taken; it is an order all the same.
        assert quarantine(connection, "orders", orders[-1]) == {"order_number"}
        assert _owner(connection, orders[-1]) == good
        connection.execute(
            "update public.sales_orders set total_amount = 10, order_date = current_date, customer_id = %s,"
            " sales_order_number = null where id = any(%s)",
            [good, orders],
        )
        assert [_owner(connection, order) for order in orders] == [good] * 7
    assert_in_step(adopted)


def test_a_status_that_the_map_learns_later_is_repaired(adopted, variant):
    with adopted.connect() as connection:
        connection.execute("alter type public.order_status add value 'at_courier'")
        fresh = _order(connection, 5, status="at_courier")
        known = _order(connection, 6)
        connection.execute("update public.sales_orders set status = 'at_courier' where id = %s", [known])
        assert quarantine(connection, "orders", fresh) == quarantine(connection, "orders", known) == {""}
        told = one(
            connection,
            "select message from trustcart_private.adoption_quarantine where entity = 'orders' and source_key = %s",
            fresh,
        )
        assert "at_courier" in told
    status = adopt_well(adopted.url)
    assert "quarantine" in status.stdout.lower()

    learned = variant({'"shipped" = "shipped"': '"shipped" = "shipped"\n"at_courier" = "shipped"'})
    adopt_well(adopted.url, "--mapping", learned)
    adopt(adopted.url, "--repair")
    with adopted.connect() as connection:
        assert quarantine(connection, "orders", fresh) == quarantine(connection, "orders", known) == set()
    assert_in_step(adopted, meaning={**MEANING, "at_courier": "shipped"})


def test_a_draft_is_no_order_until_it_is_confirmed(adopted):
    with adopted.connect() as connection:
        draft = _order(connection, 5, status="draft")
        connection.execute("insert into public.order_items (order_id, quantity, subtotal) values (%s, 2, 80)", [draft])
        item = one(
            connection,
            "insert into public.sales_order_items (sales_order_id, line_total) values (%s, 20) returning id",
            draft,
        )
        assert _owner(connection, draft) is None
        assert quarantine(connection, "items", item, 1) == set()
        connection.execute("update public.sales_orders set status = 'new' where id = %s", [draft])
        assert _owner(connection, draft) == 5
        items = "select sum(line_total) from trustcart.sales_order_items where order_id = %s"
        assert one(connection, items, draft) == 100
        connection.execute("update public.sales_orders set status = 'draft' where id = %s", [draft])
        assert _owner(connection, draft) is None
        # One that cannot come over takes its items along into the quarantine, and out of it.
        connection.execute("update public.sales_orders set status = 'new', total_amount = null where id = %s", [draft])
        assert quarantine(connection, "orders", draft) == quarantine(connection, "items", item, 1) == {""}
        connection.execute("update public.sales_orders set total_amount = 5 where id = %s", [draft])
        assert quarantine(connection, "orders", draft) == quarantine(connection, "items", item, 1) == set()
        assert one(connection, items, draft) == 100
    assert_in_step(adopted)


def test_items_move_between_the_two_tables(adopted):
    with adopted.connect() as connection:
        order = one(
            connection,
            "select min(order_id) from public.order_items where order_id in (select id from trustcart.sales_orders)",
        )
        before = one(connection, "select count(*) from trustcart.sales_order_items where order_id = %s", order)
        connection.execute(
            "with moved as (delete from public.order_items where order_id = %s returning *)"
            " insert into public.sales_order_items (sales_order_id, quantity, line_total)"
            " select order_id, quantity, subtotal from moved",
            [order],
        )
        rows = connection.execute(
            "select id %% 8 from trustcart.sales_order_items where order_id = %s", [order]
        ).fetchall()
        assert rows == [(1,)] * before
    assert_in_step(adopted)


@pytest.mark.parametrize(
    "statement",
    [
        "update trustcart.customers set phone = '01700000000' where id = 1",
        "update trustcart.customers set is_active = false where id = 5",
        "insert into trustcart.customers (id, first_name) values (999999, 'Mine')",
        "delete from trustcart.customers where id = (select max(id) from trustcart.customers where order_count = 0)",
        "update trustcart.sales_orders set status = 'cancelled' where id = 2",
        "update trustcart.sales_orders set customer_id = 2 where id = 2",
        "insert into trustcart.sales_orders (id, customer_id, order_date, total_amount) values (99999, 1, now(), 5)",
        "delete from trustcart.sales_orders where id = 2",
        "update trustcart.sales_order_items set quantity = 9",
        "update trustcart.products set price = 1 where id = 1",
        "update trustcart.categories set name = 'Mine' where id = 1",
        "update trustcart.users set role = 'crm_manager' where id = 3",
        "delete from trustcart.users where id = 13",
        "select trustcart.merge_customers(5, 6, 'same person')",
        "truncate trustcart.sales_order_items",
    ],
)
def test_other_writers_are_refused(adopted, statement):
    with adopted.connect() as connection:
        told = _refusal(connection, statement)
        assert told.sqlstate.startswith("TC"), (told.sqlstate, told.message_primary)
        assert "public." in f"{told.message_primary} {told.message_hint}", told.message_hint


def test_what_is_not_mapped_stays_ours(adopted):
    with adopted.connect() as connection:
        connection.execute("update trustcart.customers set address = '12 Lake Road' where id = 1")
        connection.execute("update public.customers set name = 'Renamed' where id = 1")
        row = connection.execute("select first_name, address from trustcart.customers where id = 1").fetchone()
        assert row == ("Renamed", "12 Lake Road")
        # Rows of other channels count down, so that they never meet the host's.
        mine = one(
            connection, "insert into trustcart.customers (first_name, phone) values ('Shop', '01777') returning id"
        )
        order = one(
            connection,
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " values (1, current_date, 40, 'pending') returning id",
        )
        assert mine < 0
        assert order < 0
        connection.execute("update trustcart.customers set first_name = 'Mine' where id = %s", [mine])
        connection.execute("delete from trustcart.sales_orders where id = %s", [order])
    assert_in_step(adopted)


def test_a_guest_becomes_the_customer_that_the_host_adds(adopted):
    with adopted.connect() as connection:
        orders = [_order(connection, None, phone) for phone in ("01777123456", "+88 01777-123456", "০১৭৭৭১২৩৪৫৬")]
        (guest,) = {_owner(connection, order) for order in orders}
        assert guest < 0
        connection.execute(
            "insert into trustcart.customer_interactions (customer_id, interaction_type, outcome)"
            " values (%s, 'call', 'successful')",
            [guest],
        )
        connection.execute("select trustcart.record_consent(%s, 'sms', false, 'asked')", [guest])
        customer = one(
            connection,
            "insert into public.customers (name, mobile) values ('Rina', '8801777123456') returning id",
        )
        assert [_owner(connection, order) for order in orders] == [customer] * 3
        assert one(connection, "select order_count from trustcart.customers where id = %s", customer) == 3
        assert one(connection, "select merged_into_id from trustcart.customers where id = %s", guest) == customer
        assert one(connection, "select interactions_count from trustcart.customers where id = %s", customer) == 1
        consent = "select granted from trustcart.consent_of(%s) where channel = 'sms'"
        assert one(connection, consent, customer) is False
        # The next order of that number is the customer's at once; one of the host's deactivated accounts yields.
        assert _owner(connection, _order(connection, None, "01777123456")) == customer
        twin = one(connection, "insert into public.customers (name, phone) values ('Twin', '01777123456') returning id")
        assert _owner(connection, orders[0]) == customer
        connection.execute("update public.customers set is_deleted = true where id = %s", [customer])
        assert [_owner(connection, order) for order in orders] == [twin] * 3
    assert_in_step(adopted)


def test_a_guest_of_a_number_that_comes_back(adopted):
    """A guest was merged away, the customer gave up the number, and somebody orders by it again."""
    with adopted.connect() as connection:
        first = _order(connection, None, "01777123456")
        customer = one(
            connection, "insert into public.customers (name, phone) values ('Rina', '01777123456') returning id"
        )
        connection.execute("update public.customers set phone = null where id = %s", [customer])
        assert _owner(connection, first) == customer
        again = _order(connection, None, "01777123456")
        assert _owner(connection, again) < 0
    assert_in_step(adopted)


def test_host_deletes_deactivate(adopted):
    with adopted.connect() as connection:
        customer = one(connection, "select customer_id from trustcart.sales_orders where customer_id > 0 limit 1")
        order = one(connection, "select min(id) from trustcart.sales_orders where customer_id = %s", customer)
        connection.execute("delete from public.customers where id = %s", [customer])
        connection.execute("delete from public.products where id = 1")
        connection.execute("delete from public.users where id = 3")
        assert one(connection, "select is_active from trustcart.customers where id = %s", customer) is False
        assert one(connection, "select is_active from trustcart.products where id = 1") is False
        assert one(connection, "select is_active from trustcart.users where id = 3") is False
        assert _owner(connection, order) == customer
        connection.execute("delete from public.sales_orders where id = %s", [order])
        assert _owner(connection, order) is None
        connection.execute("truncate public.order_items")
        assert one(connection, "select count(*) from trustcart.sales_order_items where id % 8 = 0 and id > 0") == 0
        connection.execute("truncate public.sales_orders cascade")
        assert one(connection, "select count(*) from trustcart.sales_orders where id > 0") == 0
        assert one(connection, "select count(*) from trustcart.sales_order_items where id > 0") == 0
    assert_in_step(adopted, repaired=False)


def test_roles_follow(adopted):
    with adopted.connect() as connection:
        role = "select role from trustcart.users where id = %s"
        assert one(connection, role, 3) == "crm_agent"
        connection.execute("update public.users set role_id = 3 where id = 3")
        assert one(connection, role, 3) == "crm_manager"
        connection.execute("update public.roles set slug = 'clerk' where id = 3")
        assert one(connection, role, 3) == "other"
        connection.execute("update public.roles set slug = 'sales-executive' where id = 3")
        assert one(connection, role, 3) == "crm_agent"
        connection.execute("update public.users set role_id = null where id = 3")
        assert one(connection, role, 3) == "other"
    assert_in_step(adopted)


def test_nothing_that_the_host_rolls_back_comes_over(adopted):
    with adopted.connect() as connection:
        before = connection.execute("select * from trustcart.sales_orders order by id").fetchall()
        with connection.transaction(force_rollback=True):
            _order(connection, None, "01777123456")
            connection.execute("update public.sales_orders set status = 'cancelled'")
        assert connection.execute("select * from trustcart.sales_orders order by id").fetchall() == before
        assert (
            one(connection, "select count(*) from trustcart_private.adopted_guests where phone_e164 like '%123456'")
            == 0
        )
    assert_in_step(adopted)


def test_an_erased_customer_stays_erased(adopted):
    with adopted.connect() as connection:
        customer = 5
        connection.execute("update public.customers set email = 'no mail' where id = %s", [customer])
        assert quarantine(connection, "customers", customer) == {"email"}
        connection.execute("select trustcart.erase_customer(%s)", [customer])
        assert quarantine(connection, "customers", customer) == set()
        connection.execute("update public.customers set name = 'Back', notes = 'again' where id = %s", [customer])
        row = connection.execute(
            "select erased_at is not null, first_name, phone, notes from trustcart.customers where id = %s", [customer]
        ).fetchone()
        assert row == (True, None, None, None)
        connection.execute("update public.customers set email = 'no mail either' where id = %s", [customer])
        assert quarantine(connection, "customers", customer) == set()
        _order(connection, customer)
    adopt(adopted.url, "--repair")
    assert_in_step(adopted)
    with adopted.connect() as connection:
        assert one(connection, "select first_name from trustcart.customers where id = %s", customer) is None


def test_host_ddl_does_not_stop_the_shop(adopted, variant):
    with adopted.connect() as connection:
        connection.execute("alter table public.sales_orders drop column notes")
        connection.execute("alter table public.customers add column loyalty_points int default 0")
        order = _order(connection, 5, amount=10)
        assert quarantine(connection, "orders", order) == {""}
        customer = one(connection, "insert into public.customers (name) values ('After') returning id")
        assert one(connection, "select first_name from trustcart.customers where id = %s", customer) == "After"
    text = variant({'notes = "so.notes"\n': ""})
    adopt_well(adopted.url, "--mapping", text)
    adopt(adopted.url, "--repair")
    with adopted.connect() as connection:
        assert _owner(connection, order) == 5
        connection.execute("alter table public.sales_orders add column notes text")
    assert_in_step(adopted)


def test_a_second_adopt_has_nothing_to_do(adopted, tmp_path):
    before = erp.plain_dump(adopted.server, adopted.name, tmp_path)
    with adopted.connect() as connection:
        kept = "select c::text from trustcart.customers as c order by c.id"
        rows = connection.execute(kept).fetchall()
        assert "Nothing to do" in adopt_well(adopted.url, "--mapping", "trustcart_erp").stdout
        assert connection.execute(kept).fetchall() == rows
    assert erp.plain_dump(adopted.server, adopted.name, tmp_path) == before


def test_a_changed_mapping_is_taken_over(adopted, variant):
    changed = variant(
        {
            "first_name = \"nullif(btrim(c.name), '')\"": "first_name = \"nullif(upper(btrim(c.name)), '')\"",
            'notes = "c.notes"\n': "",
        }
    )
    adopt_well(adopted.url, "--mapping", changed)
    with adopted.connect() as connection:
        assert one(connection, "select first_name from trustcart.customers where id = 34") == 'RAHIM "BHAI" 34'
        # No longer the source's, so ours to write.
        connection.execute("update trustcart.customers set notes = 'Ours' where id = 34")
        connection.execute("update public.customers set name = 'small', notes = 'Theirs' where id = 34")
        row = connection.execute("select first_name, notes from trustcart.customers where id = 34").fetchone()
        assert row == ("SMALL", "Ours")
    checked = adopt(adopted.url, "--check", "--format", "json")
    assert json.loads(checked.stdout) == []


def test_a_dry_run_changes_nothing(host, tmp_path):
    before = erp.dump(host.server, host.name, tmp_path / "before.sql").read_bytes().split(b"\n")
    done = adopt_well(host.url, "--mapping", "trustcart_erp", "--dry-run")
    for text in ("on public.sales_orders", "trigger trustcart_adopt_", "trustcart.sales_orders"):
        assert text in done.stdout.lower(), text
    after = erp.dump(host.server, host.name, tmp_path / "after.sql").read_bytes().split(b"\n")
    drawn = (b"\\restrict", b"\\unrestrict")
    assert [x for x in after if not x.startswith(drawn)] == [x for x in before if not x.startswith(drawn)]


def test_check_names_what_differs(adopted):
    with adopted.connect() as connection:
        connection.execute("alter table public.customers disable trigger user")
        connection.execute("update public.customers set name = 'Unseen' where id = 34")
        connection.execute("alter table public.customers enable trigger user")
    checked = adopt(adopted.url, "--check")
    assert checked.exit_code != 0
    told = checked.stdout + checked.stderr
    for text in ("customers", "34", "first_name", "Unseen"):
        assert text in told, told
    adopt(adopted.url, "--repair")
    assert_in_step(adopted)
