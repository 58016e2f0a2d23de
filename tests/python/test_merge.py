"""Two customers become one and two again: nothing is lost, every figure is right, whatever happens at the same time."""

from __future__ import annotations

import json
import random
import threading

import psycopg
import pytest

from tests.python.test_privacy import _assert_sound, _fill_person, _value
from tests.tools.sessions import wait_until_blocked

ORDER = (
    "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
    " values (%s, trustcart.business_date() - %s, %s, %s)"
)
#: What happened stays on record, and what is counted anew later is no entry; of the rest all must be as it was.
_HISTORY = {
    *("events", "audit_logs", "customer_merges", "customer_state_changes", "loyalty_tier_changes"),
    *("changed_baskets", "counted_baskets", "dismissed_duplicates"),
}
_VOLATILE = {"updated_at", "state_revision", "refresh_due", "level_as_of", "state_as_of"}


def _everything(connection: psycopg.Connection, *customer_ids: int) -> dict[str, list[str]]:
    found = {}
    for customer_id in customer_ids:
        tables = connection.execute("select name, relation::text, condition from trustcart_private.personal_tables()")
        for name, relation, condition in tables.fetchall():
            if name in _HISTORY:
                continue
            where = condition.replace("$1", f"array[{customer_id}]::bigint[]")
            rows = connection.execute(f"select to_jsonb(t) from {relation} as t where {where}").fetchall()
            kept = [{key: row[key] for key in row if key not in _VOLATILE} for (row,) in rows]
            kept = [row for row in kept if row.get("contacts") != 0]
            if name == "customer_event_days":  # written anew, so of another id
                kept = [{key: row[key] for key in row if key != "id"} for row in kept]
            found[f"{customer_id} {name}"] = sorted(json.dumps(row, sort_keys=True) for row in kept)
    return found


def _sqlstate(connection: psycopg.Connection, statement: str, *values: object) -> str | None:
    try:
        connection.execute(statement, values or None)
    except psycopg.Error as error:
        return error.sqlstate
    return None


def _merge(connection: psycopg.Connection, survivor: int, duplicate: int) -> dict:
    return _value(connection, "select trustcart.merge_customers(%s, %s, 'one')", survivor, duplicate)


@pytest.fixture
def shop(db):
    """Customers 1 and 2 with everything a shop knows, calls of one day, messages of one campaign; 3."""
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.users (id, name, role) values (901, 'Agent', 'crm_agent'),"
            " (902, 'Manager', 'crm_manager'), (903, 'Other agent', 'crm_agent');"
            "insert into trustcart.categories (id, name) values (1, 'Food');"
            "insert into trustcart.products (id, name, category_id) values (1, 'Honey', 1);"
            "update trustcart.settings set contacts_per_week = 100;"
            "insert into trustcart.customers (id, first_name) values (3, 'Third')"
        )
        connection.execute(ORDER, [3, 4, 100, "delivered"])
        for number in (1, 2):
            phones = [f"01{d}1100{number}{d}00" for d in (7, 8, 9, 6)]
            _fill_person(connection, number, f"name{number}", tuple(phones), f"198{number}-03-04")
        connection.execute(
            "insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type, message_template)"
            " overriding system value values (1001, 'To all', 'sms', 'Hi'), (1002, 'To all', 'email', 'Hi');"
            "select trustcart.send_campaign(1001); select trustcart.send_campaign(1002)"
        )
        worker = _value(connection, "select trustcart.start_delivery_worker()")
        connection.execute(
            "select trustcart.record_deliveries(%(w)s, array_agg(c.message_id), array_agg(c.attempt::smallint),"
            " array_agg('accepted'::text), array_agg('all ' || c.message_id), array_agg(null::text),"
            " array_agg(null::text)) from trustcart.claim_messages('sms', %(w)s) as c",
            {"w": worker},
        )
        for number in (1, 2):
            connection.execute(
                "insert into trustcart.crm_call_tasks (customer_id, task_date, source, assigned_agent_id)"
                " select %s, trustcart.business_date() + d, 'generated', 901 from unnest(array[0, 1]) as d",
                [number],
            )
        connection.execute("select trustcart.refresh_customer_behavior(); select trustcart.refresh_recommendations()")
    return db


def test_everything_goes_over_and_comes_back(shop):
    with shop.connect() as connection:
        before = _everything(connection, 1, 2, 3)
        orders = _value(connection, "select count(*) from trustcart.sales_orders where customer_id in (1, 2)")
        sent = "select sent_count from trustcart.marketing_campaigns where id = 1001"
        assert _value(connection, sent) == 2
        answer = _merge(connection, 1, 2)
        assert answer["moved"]["sales_orders"] == 3
        assert answer["filled"] == ["notes"]
        _assert_sound(connection)
        assert connection.execute(
            "select order_count, total_spend, customer_type, is_active from trustcart.customers where id = 1"
        ).fetchone() == (orders, 120000, "vip", True)
        assert connection.execute(
            "select order_count, is_active, merged_into_id from trustcart.customers where id = 2"
        ).fetchone() == (0, False, 1)
        assert _value(connection, sent) == 2
        # Nothing that is somebody's is left with the shell but what a unique key had no room for.
        left = {key.split()[1]: rows for key, rows in _everything(connection, 2).items() if rows}
        derived = {"customers", "customer_behavior", "customer_event_days", "customer_dropoff_tracking"}
        derived |= {"customer_words", "phone_book"}
        assert set(left) - derived == {
            *("customer_contact_preferences", "loyalty_tiers_reached", "call_waiting_list"),
        }
        assert connection.execute(
            "select task_date - trustcart.business_date(), source, status from trustcart.crm_call_tasks"
            " where customer_id = 1 and source in ('generated', 'merged') order by 1, 2"
        ).fetchall() == [(day, *what) for day in (0, 1) for what in (("generated", "pending"), ("merged", "cancelled"))]
        # The second SMS stays what it was, of its own occurrence; the second mail, still queued, is cancelled.
        assert connection.execute(
            "select campaign_id, occurrence <> '', status from trustcart.campaign_messages"
            " where customer_id = 1 and campaign_id in (1001, 1002) order by 1, 2"
        ).fetchall() == [
            (1001, False, "sent"),
            (1001, True, "sent"),
            (1002, False, "queued"),
            (1002, True, "cancelled"),
        ]

        undone = _value(connection, "select trustcart.undo_merge(%s)", answer["merge_id"])
        assert undone["returned"] == answer["moved"]
        after = _everything(connection, 1, 2, 3)
        for key, rows in before.items():
            assert after[key] == rows, key
        _assert_sound(connection)
        assert _sqlstate(connection, "select trustcart.undo_merge(%s)", answer["merge_id"]) == "TC111"


def test_empty_fields_are_filled_and_emptied(shop):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id, first_name, phone, email) values (5, 'Ana', '01712345678', null),"
            " (6, 'Ana', '+880 1712-345678', 'ana@example.com'), (7, null, null, null);"
            "update trustcart.customers set last_name = 'Khan', mobile = '01912345678', city = 'Dhaka', notes = 'b',"
            " date_of_birth = '1990-01-01', assigned_agent_id = 901 where id = 6;"
            "update trustcart.customers set notes = 'a' where id = 5;"
            "insert into trustcart.customer_contact_preferences values (5, null, null, null, 'en'),"
            " (6, '10:00', '12:00', 'Asia/Dhaka', 'bn')"
        )
        read = (
            "select first_name, last_name, phone, mobile, mobile_e164, email, city, notes, date_of_birth::text,"
            " assigned_agent_id from trustcart.customers where id = %s"
        )
        wishes = (
            "select preferred_from::text, language from trustcart.customer_contact_preferences where customer_id = 5"
        )
        answer = _merge(connection, 5, 6)
        assert connection.execute(read, [5]).fetchone() == (
            *("Ana", "Khan", "01712345678", "01912345678", "+8801912345678", "ana@example.com", "Dhaka", "a\nb"),
            *("1990-01-01", 901),
        )
        assert connection.execute(wishes).fetchone() == ("10:00:00", "en")
        found = connection.execute("select customer_id from trustcart.find_caller('01912345678')").fetchall()
        assert found == [(5,)]
        # What somebody has changed since is theirs.
        connection.execute("update trustcart.customers set city = 'Sylhet' where id = 5")
        _value(connection, "select trustcart.undo_merge(%s)", answer["merge_id"])
        assert connection.execute(read, [5]).fetchone() == (
            *("Ana", None, "01712345678", None, None, None, "Sylhet", "a", None, None),
        )
        assert connection.execute(wishes).fetchone() == (None, "en")
        assert connection.execute(read, [6]).fetchone()[:4] == ("Ana", "Khan", "+880 1712-345678", "01912345678")
        # Somebody without a name becomes the other one.
        _merge(connection, 7, 6)
        assert connection.execute(read, [7]).fetchone()[:4] == ("Ana", "Khan", "+880 1712-345678", "01912345678")
        _assert_sound(connection)


def test_a_refusal_of_the_duplicate_holds(shop):
    with shop.connect() as connection:
        connection.execute(
            "select trustcart.record_consent(2, 'call', false), trustcart.record_consent(2, 'email', false)"
        )
        _merge(connection, 1, 2)
        assert connection.execute(
            "select channel, granted from trustcart.consent_of(1) where channel in ('call', 'email') order by 1"
        ).fetchall() == [("call", False), ("email", False)]
        assert _value(connection, "select count(*) from trustcart.crm_call_tasks where customer_id = 1"
                      " and status = 'pending' and started_at is null") == 0  # fmt: skip
        assert _value(connection, "select count(*) from trustcart.campaign_messages where customer_id = 1"
                      " and status = 'queued' and channel = 'email'") == 0  # fmt: skip
        # And nobody rewrites it by the way that merges take.
        for statement in (
            "update trustcart.customer_consents set granted = true where customer_id = 1",
            "update trustcart.customer_consents set customer_id = 3 where customer_id = 1",
            "update trustcart.customer_consents set source = null where customer_id = 1",
            "update trustcart.customer_consents set customer_id = 2 where id ="
            " (select max(id) from trustcart.customer_consents where customer_id = 1 and channel = 'push')",
        ):
            assert _sqlstate(connection, statement) == "TC107", statement
        # Said since: stays with the one who goes on.
        connection.execute("select trustcart.record_consent(1, 'call', true)")
        _value(connection, "select trustcart.undo_merge(1)")
        granted = "select granted from trustcart.consent_of(%s) where channel = 'call'"
        assert (_value(connection, granted, 1), _value(connection, granted, 2)) == (True, False)


def test_what_cannot_be_merged(shop):
    with shop.connect() as connection:
        merge = "select trustcart.merge_customers(%s, %s)"
        assert _sqlstate(connection, merge, 1, 1) == "TC211"
        assert _sqlstate(connection, merge, 1, 99) == "TC004"
        assert _sqlstate(connection, merge, None, 1) == "TC003"
        connection.execute("update trustcart.customers set is_active = false where id = 3")
        assert _sqlstate(connection, merge, 3, 1) == "TC211"
        assert _sqlstate(connection, merge, 1, 3) is None
        assert _sqlstate(connection, merge, 2, 3) == "TC111"
        assert _sqlstate(connection, merge, 3, 2) == "TC111"
        assert _sqlstate(connection, "update trustcart.customers set is_active = true where id = 3") == "TC111"
        assert (
            _sqlstate(connection, "insert into trustcart.customer_interactions (customer_id, interaction_type)"
                      " values (3, 'call')") == "TC111"
        )  # fmt: skip
        assert _sqlstate(connection, "select trustcart.erase_customer(3)") == "TC111"
        assert _sqlstate(connection, "select trustcart.undo_merge(null)") == "TC003"
        assert _sqlstate(connection, "select trustcart.undo_merge(99)") == "TC004"
        connection.execute("select trustcart.erase_customer(1)")
        assert _value(connection, "select erased_at is not null from trustcart.customers where id = 3")
        assert _sqlstate(connection, "select trustcart.undo_merge(1)") == "TC111"
        assert connection.execute("select moved, overwritten from trustcart.customer_merges").fetchall() == [({}, {})]


def test_a_chain_of_merges(shop):
    with shop.connect() as connection:
        before = _everything(connection, 1, 2, 3)
        first, second = _merge(connection, 2, 1), _merge(connection, 3, 2)
        merged = "select id, merged_into_id from trustcart.customers order by id"
        assert connection.execute(merged).fetchall() == [(1, 3), (2, 3), (3, None)]
        assert len(_value(connection, "select trustcart.export_customer(3)")["customers"]) == 3
        _assert_sound(connection)
        assert _sqlstate(connection, "select trustcart.undo_merge(%s)", first["merge_id"]) == "TC212"
        _value(connection, "select trustcart.undo_merge(%s)", second["merge_id"])
        assert connection.execute(merged).fetchall() == [(1, 2), (2, None), (3, None)]
        _value(connection, "select trustcart.undo_merge(%s)", first["merge_id"])
        assert connection.execute(merged).fetchall() == [(1, None), (2, None), (3, None)]
        after = _everything(connection, 1, 2, 3)
        for key, rows in before.items():
            assert after[key] == rows, key
        _assert_sound(connection)


def test_new_rows_leave_no_room(shop):
    with shop.connect() as connection:
        answer = _merge(connection, 3, 1)
        # Nobody writes there any more, but an owner who insists.
        connection.execute(
            "set session_replication_role = replica;"
            "insert into trustcart.call_waiting_list select 1, w.waiting_since from trustcart.call_waiting_list as w"
            " where w.customer_id = 3; set session_replication_role = origin"
        )
        before = _everything(connection, 1, 3)
        assert _sqlstate(connection, "select trustcart.undo_merge(%s)", answer["merge_id"]) == "TC212"
        assert _everything(connection, 1, 3) == before


def test_nobody_is_congratulated_twice(shop):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id, first_name, phone) values (5, 'A', '01712345678'),"
            " (6, 'A', '01712345678')"
        )
        for customer, spend in ((5, 30000), (6, 25000)):
            connection.execute(ORDER, [customer, 1, spend, "delivered"])
        calls = "select count(*) from trustcart.crm_call_tasks where task_type = 'congratulate_gold_member'"
        began = _value(connection, calls)
        first = _merge(connection, 5, 6)
        # Together they are gold, and are told so, once.
        assert _value(connection, calls) == began + 1
        assert _value(connection, "select tier from trustcart.customer_loyalty where customer_id = 5") == "gold"
        _value(connection, "select trustcart.undo_merge(%s)", first["merge_id"])
        reached = "select array_agg(tier order by tier) from trustcart.loyalty_tiers_reached where customer_id = %s"
        assert (_value(connection, reached, 5), _value(connection, reached, 6)) == (["silver"], ["silver"])
        assert _value(connection, calls + " and status = 'pending' and customer_id = 5") == 0
        _assert_sound(connection)


def test_duplicates_are_found_and_dismissed(shop, cli):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id, first_name, phone, mobile, email, is_active) values"
            " (11, 'Ana', '01712345678', null, 'ana@example.com', false),"
            " (12, 'ANA', null, '+8801712345678', 'ANA@example.com', true),"
            " (13, 'Ben', '০১৭১২৩৪৫৬৭৮', null, null, true), (14, 'Cem', null, null, null, true);"
            "insert into trustcart.customers (id, phone) select 20 + g, '01700000000' from generate_series(1, 6) as g"
        )
        pairs = "select survivor_id, duplicate_id, evidence from trustcart.duplicate_customers()"
        assert connection.execute(pairs).fetchall() == [
            (12, 11, ["same e-mail", "same number", "same name"]),
            (12, 13, ["same number"]),
            (13, 11, ["same number"]),
        ]
        assert _value(connection, "select count(*) from trustcart.duplicate_customers(100, 6)") == 3 + 15
        assert _value(connection, "select trustcart.dismiss_duplicate(13, 12)") is True
        assert _value(connection, "select trustcart.dismiss_duplicate(12, 13)") is False
        assert [row[:2] for row in connection.execute(pairs)] == [(12, 11), (13, 11)]
    listed = cli("customer", "duplicates", url=shop.url)
    assert "same e-mail, same number, same name" in listed.stdout
    assert cli("customer", "dismiss", "13", "11", url=shop.url).stdout == "Customers 13 and 11 are two.\n"
    merged = cli("customer", "merge", "12", "11", "--reason", "same person", url=shop.url)
    assert "Merge 1: customer 11 is customer 12 now" in merged.stdout, merged.stderr
    assert "No two customers" in cli("customer", "duplicates", url=shop.url).stdout
    again = cli("customer", "merge", "12", "11", url=shop.url)
    assert (again.returncode, "Hint: Work with customer 12 instead." in again.stderr) == (7, True)
    assert "same person" in cli("customer", "unmerge", url=shop.url).stdout
    assert "Customers 12 and 11 are two again." in cli("customer", "unmerge", "1", url=shop.url).stdout
    assert json.loads(cli("customer", "duplicates", "--format", "json", url=shop.url).stdout)[0]["duplicate_id"] == 11


def test_an_order_that_waited_goes_to_the_survivor(shop):
    with shop.connect() as connection, shop.connect() as till:
        errors = []

        def order() -> None:
            try:
                till.execute(ORDER, [2, 0, 77, "delivered"])
            except psycopg.Error as error:
                errors.append(error)

        thread = threading.Thread(target=order)
        with connection.transaction():
            _merge(connection, 1, 2)
            thread.start()
            wait_until_blocked(shop, till.info.backend_pid)
        thread.join()
        assert errors == []
        # And those that come later, one at a time or many at once.
        connection.execute(ORDER, [2, 0, 77, "delivered"])
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " select c, trustcart.business_date(), 77, 'delivered' from unnest(array[2, 3, 2, 1]) as c"
        )
        assert connection.execute(
            "select customer_id, count(*) from trustcart.sales_orders where total_amount = 77 group by 1 order by 1"
        ).fetchall() == [(1, 5), (3, 1)]
        assert connection.execute(
            "select e.customer_id, count(*) from trustcart.customer_engagement_history as e"
            " join trustcart.sales_orders as o on e.content = 'Order #' || o.id || ' placed'"
            " where o.total_amount = 77 group by 1 order by 1"
        ).fetchall() == [(1, 5), (3, 1)]
        _assert_sound(connection)


def test_orders_during_merges_and_their_undoing(shop):
    """Tills go on taking orders of both while they are merged and unmerged again and again."""
    errors, placed = [], []
    stop = threading.Event()

    def till(seed: int) -> None:
        draw = random.Random(seed)
        try:
            with shop.connect() as connection:
                while not stop.is_set():
                    try:
                        connection.execute(ORDER, [draw.choice([1, 2]), draw.randint(0, 300), 10, "delivered"])
                    except psycopg.errors.DeadlockDetected:
                        continue  # as the README tells writers
                    placed.append(1)
        except psycopg.Error as error:
            errors.append(error)

    threads = [threading.Thread(target=till, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    with shop.connect() as connection:
        done = 0
        while done < 6:
            survivor, duplicate = ((1, 2), (2, 1))[done % 2]
            try:
                answer = _merge(connection, survivor, duplicate)
                while True:
                    try:
                        _value(connection, "select trustcart.undo_merge(%s)", answer["merge_id"])
                        break
                    except psycopg.errors.DeadlockDetected:
                        continue
            except psycopg.errors.DeadlockDetected:
                continue
            done += 1
        answer = _merge(connection, 1, 2)
        stop.set()
        for thread in threads:
            thread.join()
        assert errors == []
        assert len(placed) > 20
        assert _value(connection, "select count(*) from trustcart.sales_orders where customer_id = 2") == 0
        assert _value(connection, "select count(*) from trustcart.sales_orders where customer_id = 1") == 6 + len(
            placed
        )
        _assert_sound(connection)


def test_files_are_imported_again_after_a_merge_and_an_erasure(shop, cli, tmp_path):
    """The same file, and a grown one, still adds only what is new; who was erased must leave the file of customers."""
    people, orders = tmp_path / "customers.csv", tmp_path / "orders.csv"
    people.write_text("customer_id,first_name,phone\n21,Ana,01511000021\n22,Ana,01511000022\n")
    lines = "order_number,customer_id,order_date,total_amount,payment_method\nA1,21,2025-01-01,10,cash of Ana\n"
    lines += "A2,22,2025-01-01,20,cash of Ana\n,22,2025-02-01,5,cash\n"
    orders.write_text(lines)
    both = ("import", "--customers", str(people), "--orders", str(orders))
    assert cli(*both, url=shop.url).returncode == 0
    owners = "select order_number, customer_id from trustcart.sales_orders where customer_id in (21, 22) order by 1"
    with shop.connect() as connection:
        _merge(connection, 21, 22)
        orders.write_text(lines + "A3,22,2025-03-01,7,\n")
        again = cli(*both, url=shop.url)
        assert again.returncode == 0, again.stderr
        found = connection.execute(owners).fetchall()
        assert [owner for _, owner in found] == [21] * 4
        connection.execute("select trustcart.erase_customer(21)")
    refused = cli(*both, url=shop.url)
    assert refused.returncode == 6
    assert "customer 21 was erased" in refused.stdout + refused.stderr
    assert cli("import", "--orders", str(orders), url=shop.url).returncode == 0
    with shop.connect() as connection:
        assert connection.execute(owners).fetchall() == found
        _assert_sound(connection)


def test_crossing_merges(db):
    """A into B and B into A at once: one is done, the other told so, and never a deadlock."""
    pairs = 25
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) select generate_series(1, %s)", [2 * pairs])
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " select g, trustcart.business_date() - 3, 5, 'delivered' from generate_series(1, %s) as g",
            [2 * pairs],
        )
    outcomes: dict[int, list] = {pair: [] for pair in range(pairs)}
    barrier = threading.Barrier(2)

    def work(turn: int) -> None:
        with db.connect() as connection:
            for pair in range(pairs):
                ids = (2 * pair + 1, 2 * pair + 2)
                barrier.wait()
                outcomes[pair].append(
                    _sqlstate(connection, "select trustcart.merge_customers(%s, %s)", *(ids if turn else ids[::-1]))
                )

    threads = [threading.Thread(target=work, args=(turn,)) for turn in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {pair: sorted(map(str, found)) for pair, found in outcomes.items()} == {
        pair: ["None", "TC111"] for pair in range(pairs)
    }
    with db.connect() as connection:
        assert _value(connection, "select count(*) from trustcart.customers where order_count = 2") == pairs
        _assert_sound(connection)


def test_a_merge_that_waits_for_an_erasure_is_refused(shop):
    with shop.connect() as connection, shop.connect() as other:
        found = []
        thread = threading.Thread(
            target=lambda: found.append(_sqlstate(other, "select trustcart.merge_customers(1, 2)"))
        )
        with connection.transaction():
            connection.execute("select trustcart.erase_customer(2)")
            thread.start()
            wait_until_blocked(shop, other.info.backend_pid)
        thread.join()
        assert found == ["TC111"]


def _random_step(connection: psycopg.Connection, draw: random.Random, customers: list[int], step: int) -> None:
    customer = draw.choice(customers)
    kind = draw.randrange(10)
    if kind < 4:
        status = draw.choice(["delivered", "delivered", "cancelled"])
        connection.execute(
            ORDER, [customer, draw.choice([0, 0, 3, 20, 35, 65, 95, 130]), draw.randint(1, 40000), status]
        )
    elif kind == 4:
        connection.execute(
            "insert into trustcart.customer_interactions (customer_id, interaction_type, direction, interaction_date,"
            " agent_id, outcome) values (%s, %s, %s, now() - %s * interval '1 day', 901, %s)",
            [
                *(customer, draw.choice(["call", "sms", "email"]), draw.choice(["inbound", "outbound"])),
                *(draw.randint(0, 99), draw.choice(["successful", "no_answer", None])),
            ],
        )
    elif kind == 5:
        connection.execute(
            "insert into trustcart.crm_call_tasks (customer_id, task_date, source, assigned_agent_id, status, outcome)"
            " values (%s, trustcart.business_date() + %s, %s, %s, %s, 'no_answer')"
            " on conflict (customer_id, task_date) where source = 'generated' do nothing",
            [
                *(customer, draw.randint(-2, 2), draw.choice(["generated", "manual"])),
                *(draw.choice([901, 903, None]), draw.choice(["pending", "completed", "skipped"])),
            ],
        )
    elif kind == 6:
        connection.execute(
            "select trustcart.record_consent(%s, %s, %s, 'x', null, now() - %s * interval '1 day')",
            [customer, draw.choice(["call", "sms", "email"]), draw.random() < 0.7, draw.randint(0, 30)],
        )
    elif kind == 7:
        connection.execute(
            "insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth, phone)"
            " values (%s, 'Kid', 'child', '2010-02-28', %s)",
            [customer, f"0171{step:07d}"],
        )
    elif kind == 8:
        campaign = _value(
            connection,
            "insert into trustcart.marketing_campaigns (campaign_name, campaign_type, message_template, discount_code,"
            " holdout_percentage) values ('R', 'sms', 'Hi', %s, 20) returning id",
            f"C{step}",
        )
        connection.execute("select trustcart.send_campaign(%s)", [campaign])
        connection.execute(
            "update trustcart.campaign_messages set status = 'sent', sent_at = now() - %s * interval '1 day'"
            " where campaign_id = %s and id %% 2 = 0",
            [draw.randint(0, 5), campaign],
        )
    else:
        connection.execute(
            "insert into trustcart.customer_phone_flags (customer_id, phone) values (%s, '+8801700000000')"
            " on conflict do nothing",
            [customer],
        )


@pytest.mark.parametrize("seed", range(4))
def test_random_merges_keep_every_figure(db, seed):
    """Whatever happens in between, all figures equal their recomputation; and undone, everything is whose it was."""
    draw = random.Random(seed)
    owners = (
        "select 'order', id, customer_id from trustcart.sales_orders union all"
        " select 'interaction', id, customer_id from trustcart.customer_interactions union all"
        " select 'task ' || source, id, customer_id from trustcart.crm_call_tasks union all"
        " select 'attempt', id, customer_id from trustcart.crm_call_attempts union all"
        " select 'consent', id, customer_id from trustcart.customer_consents union all"
        " select 'family', id, customer_id from trustcart.customer_family_members union all"
        " select 'flag', id, customer_id from trustcart.customer_phone_flags union all"
        " select 'message ' || occurrence, id, customer_id from trustcart.campaign_messages union all"
        " select 'excluded ' || reason, campaign_id, customer_id from trustcart.campaign_exclusions"
    )
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.users (id, name, role) values (901, 'A', 'crm_agent'), (903, 'B', 'crm_agent');"
            "update trustcart.settings set contacts_per_week = 1000;"
            "insert into trustcart.customers (id, first_name, phone, created_at)"
            " select g, 'C' || g, '0181' || lpad(g::text, 7, '0'), now() from generate_series(1, 6) as g"
        )
        customers = list(range(1, 7))
        for step in range(60):
            _random_step(connection, draw, customers, step)
        _assert_sound(connection)
        before = set(connection.execute(owners).fetchall())
        standing = []
        step = 100
        for _ in range(12):
            active = [row[0] for row in connection.execute("select id from trustcart.customers where is_active")]
            if len(active) > 1 and (not standing or draw.random() < 0.6):
                survivor, duplicate = draw.sample(active, 2)
                standing.append(_merge(connection, survivor, duplicate)["merge_id"])
                # What a unique key had no room for is all that is left.
                left = {what.split()[0] for what, _, owner in connection.execute(owners) if owner == duplicate}
                assert left <= {"flag", "excluded"}
            else:
                _value(connection, "select trustcart.undo_merge(%s)", standing.pop())
            _assert_sound(connection)
            for _ in range(3):
                step += 1
                active = [row[0] for row in connection.execute("select id from trustcart.customers where is_active")]
                _random_step(connection, draw, active, step)
        while standing:
            _value(connection, "select trustcart.undo_merge(%s)", standing.pop())
        after = set(connection.execute(owners).fetchall())
        assert before - after == set()
        _assert_sound(connection)
