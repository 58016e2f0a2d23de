"""A person is exported whole and erased everywhere, proved by searching every column; the shop's sums stay."""

from __future__ import annotations

import json
import stat
import threading

import psycopg
import pytest

from tests.tools.sessions import wait_until_blocked
from trustcart_db import customers, phone_encryption

MARK = "zzmark"
PHONES = ("01711000111", "01811000222", "01911000333", "01611000444")
BIRTHDAY = "1990-05-17"
#: What must not be found once the person is erased.
SOUGHT = [MARK, *PHONES, BIRTHDAY]
CHECKS = ("check_customer_state", "check_campaigns", "check_recommendations", "check_agent_days", "verify_audit_log")
#: The shop's figures, which no erasure changes.
SUMS = """
    select jsonb_build_object(
        'orders', (select jsonb_agg(jsonb_build_array(o.id, o.order_number, o.customer_id, o.order_date, o.ordered_at,
            o.total_amount, o.status) order by o.id) from trustcart.sales_orders as o),
        'items', (select jsonb_agg(jsonb_build_array(i.id, i.product_id, i.quantity, i.unit_price, i.line_total)
            order by i.id) from trustcart.sales_order_items as i),
        'customers', (select jsonb_agg(jsonb_build_array(c.id, c.order_count, c.total_spend, c.first_order_date,
            c.last_order_date, c.customer_type, c.lifecycle_stage, c.interactions_count) order by c.id)
            from trustcart.customers as c),
        'contacts', (select jsonb_agg(to_jsonb(d) order by d.customer_id, d.contacted_on, d.channel)
            from trustcart_private.contact_days as d where d.contacts > 0),
        'campaigns', (select jsonb_agg(to_jsonb(p) - 'queued' - 'suppressed' order by p.campaign_id)
            from trustcart.campaign_performance as p),
        'variants', (select jsonb_agg(to_jsonb(p) - 'queued' - 'suppressed' order by p.campaign_id, p.variant)
            from trustcart.campaign_variant_performance as p),
        'attributions', (select jsonb_agg(to_jsonb(a) order by a.order_id) from trustcart.order_attributions as a),
        'agents', (select jsonb_agg(to_jsonb(a) order by a.agent_id)
            from trustcart.agent_performance_dashboard as a),
        'calls', (select jsonb_agg(jsonb_build_array(a.id, a.attempted_at, a.agent_id, a.successful) order by a.id)
            from trustcart.crm_call_attempts as a),
        'changes', (select jsonb_agg(to_jsonb(h) order by h.id) from trustcart.customer_state_changes as h),
        'consents', (select jsonb_agg(to_jsonb(n) - 'source' order by n.id) from trustcart.customer_consents as n)
    )
"""


def _value(connection: psycopg.Connection, query: str, *values: object) -> object:
    row = connection.execute(query, values or None).fetchone()
    return row[0] if row else None


def _traces(connection: psycopg.Connection, values: list[str]) -> list[tuple]:
    return connection.execute(
        "select table_name, column_name, row_id, excerpt from trustcart.find_personal_traces(%s)", [values]
    ).fetchall()


def _assert_sound(connection: psycopg.Connection) -> None:
    connection.execute("select trustcart.refresh_recommendations()")
    connection.execute("select trustcart.seal_audit_log()")
    for check in CHECKS:
        assert connection.execute(f"select * from trustcart.{check}()").fetchall() == [], check


def _fill_person(
    connection: psycopg.Connection, number: int, mark: str, phones: tuple[str, ...], birthday: str
) -> None:
    """A customer whom everything has happened to, by the paths that a shop takes; each text holds the mark."""
    run = connection.execute
    run(
        "insert into trustcart.customers (id, first_name, last_name, email, phone, mobile, gender, date_of_birth,"
        " anniversary_date, address, city, district, notes, assigned_agent_id)"
        " values (%s, %s, %s, %s, %s, %s, 'female', %s, '2012-02-29', %s, %s, %s, %s, 901)",
        [
            *(number, f"{mark} Rahima", f"O'{mark}\"", f"{mark}@example.com", phones[0], phones[1], birthday),
            *(f"House 1, {mark} Road", f"{mark}pur", f"district {number}", f"note {mark}"),
        ],
    )
    if number == 1:
        run("select trustcart.record_consent(1, 'push', false, %s, 902)", [f"{mark} told us"])
    for channel in ("call", "sms", "email"):
        run("select trustcart.record_consent(%s, %s, true, %s, 902)", [number, channel, f"{mark} form"])
    run(
        "select trustcart.create_segment(%s, %s)",
        [f"only_{number}", json.dumps([{"attribute": "district", "words": [f"district {number}"]}])],
    )
    # Messages go out before the orders that follow from them.
    for name, kind, event in (
        ("Any", "sms", None),
        ("Birthday", "email", "birthday"),
        ("Push", "push", None),
        ("Wa", "whatsapp", None),
    ):
        campaign = _value(
            connection,
            "insert into trustcart.marketing_campaigns (campaign_name, target_segment, campaign_type, message_template,"
            " discount_code, trigger_event, notice_days) values (%s, %s, %s, 'Hi {{ name }}', %s, %s, %s) returning id",
            *(f"{name} {number}", f"only_{number}", kind, f"CODE{number}", event, 365 if event else None),
        )
        run("select trustcart.send_campaign(%s)", [campaign])
    worker = _value(connection, "select trustcart.start_delivery_worker()")
    for channel, provider in (("sms", "{mark} wamid {n}"), ("email", "{mark} mail {n}")):
        claimed = run("select message_id, attempt from trustcart.claim_messages(%s, %s)", [channel, worker]).fetchall()
        assert claimed, channel
        for n, (message, attempt) in enumerate(claimed):
            run(
                "select trustcart.record_deliveries(%s, array[%s::bigint], array[%s::smallint], array['accepted'],"
                " array[%s], array['250'], array[null])",
                [worker, message, attempt, provider.format(mark=mark, n=f"{number} {n}")],
            )
            run(
                "select trustcart.record_receipt(%s, 'delivered', now(), null, %s, %s, %s)",
                [channel, provider.format(mark=mark, n=f"{number} {n}"), f"{mark} event {message}", f"at {mark}"],
            )
    run("select trustcart.receive_message('sms', %s, %s)", [phones[0], f"I am {mark}"])
    for days in (0, 40, 200):
        order = _value(
            connection,
            "insert into trustcart.sales_orders (order_number, customer_id, order_date, total_amount, status,"
            " payment_method, notes, coupon_code) values (%s, %s, trustcart.business_date() - %s, 20000, 'delivered',"
            " %s, %s, %s) returning id",
            *(f"INV-{number}-{days}", number, days, f"{mark} pay" if days == 40 else "bKash", f"{mark} wants it soon"),
            f"CODE{number}" if days == 0 else f"{mark} coupon",
        )
        run(
            "insert into trustcart.sales_order_items (order_id, product_id, product_name, quantity, line_total)"
            " values (%s, 1, 'Honey', 2, 900), (%s, null, %s, 1, 50)",
            [order, order, f"cake for {mark}"],
        )
    run("insert into trustcart.carts (customer_id, total_amount) values (%s, 5)", [number])
    run(
        "select trustcart_api.add_family_member(%s, %s, 'spouse', %s, %s, %s, %s)",
        [number, f"{mark} Karim", birthday, phones[2], f"{mark} Lane", f"{mark} tea"],
    )
    run(
        "select trustcart_api.log_interaction(%s, 'call', 'outbound', %s, %s, %s, 901)",
        [number, f"about {mark}", f"{mark} said so", f"successful {mark}"],
    )
    run(
        "select trustcart_api.log_engagement(%s, %s, %s, %s, 'positive')",
        [number, f"{mark}_thing", f"{mark}_way", f"{mark} was here"],
    )
    _calls(connection, number, mark, phones)
    run("select trustcart_private.emit_event('other', %s, %s)", [number, json.dumps({"name": mark, "order_id": 7})])
    run("insert into trustcart.call_waiting_list values (%s, trustcart.business_date() - 1)", [number])
    run(
        "insert into trustcart.customer_dropoff_tracking (customer_id, last_active_date, reason)"
        " values (%s, trustcart.business_date() - 200, %s)",
        [number, f"{mark} moved"],
    )
    run(
        "update trustcart.campaign_messages set status = 'cancelled', closed_at = now(), close_reason = %s"
        " where customer_id = %s and channel = 'whatsapp'",
        [f"{mark} asked for it", number],
    )


def _calls(connection: psycopg.Connection, number: int, mark: str, phones: tuple[str, ...]) -> None:
    def task(key: str) -> int:
        return _value(
            connection,
            "select trustcart.create_call_task(%s, 'other', p_notes => %s, p_request_id => %s)",
            *(number, f"call {mark}", f"{mark} {key}"),
        )

    run = connection.execute
    done, wrong, skipped, tried = task("a"), task("b"), task("c"), task("d")
    run("select trustcart.reassign_call_task(%s, 903, %s)", [tried, f"{mark} knows her"])
    run(
        "select trustcart.complete_call_task(%s, %s, %s, p_preferred_from => '10:00', p_preferred_until => '12:00',"
        " p_family_member => %s, p_request_id => %s)",
        [
            *(done, f"successful {mark}", f"{mark} is glad"),
            json.dumps({"name": f"{mark} Kid", "relationship": "child"}),
            f"{mark} done",
        ],
    )
    run("select trustcart.complete_call_task(%s, %s, %s)", [wrong, f"wrong_number {mark}", f"not {mark}"])
    run("select trustcart.skip_call_task(%s, %s, %s)", [skipped, f"{mark} is ill", f"{mark} skipped"])
    run("select trustcart.log_call_attempt(%s, %s, %s)", [tried, f"no_answer {mark}", f"{mark} away"])
    task("e")
    # Another number of hers.
    run("update trustcart.customers set mobile = %s where id = %s", [phones[3], number])


def _force_the_rest(connection: psycopg.Connection) -> set[str]:
    """Put the mark into every column that an erasure does not keep and that does not hold it yet.

    Returns the columns that hold it now.
    """
    columns = connection.execute(
        """
        select p.name, p.relation::text, p.condition, a.attname, y.typname, y.typcategory::text
        from trustcart_private.personal_tables() as p
        join pg_attribute as a on a.attrelid = p.relation and a.attnum > 0 and not a.attisdropped
            and a.attgenerated = ''
        join pg_type as y on y.oid = a.atttypid
        left join trustcart_private.erasure_rules() as r on r.table_name = p.name and r.column_name = a.attname
        left join trustcart_private.erasure_rules() as w on w.table_name = p.name and w.column_name = '*'
        where coalesce(w.action, r.action, '') not in ('keep', 'audit')
            and (y.typcategory in ('S') or y.typname in ('json', 'jsonb'))
        order by 1, 4
        """
    ).fetchall()
    marked = set()
    connection.execute("set session_replication_role = replica")
    for name, relation, condition, column, kind, _ in columns:
        where = condition.replace("$1", "array[1]::bigint[]")
        value = f'[{{"fact": "{MARK}"}}]' if kind in ("json", "jsonb") else MARK
        if not _value(connection, f'select 1 from {relation} as t where {where} and t."{column}"::text ~* %s', MARK):
            try:
                with connection.transaction():
                    connection.execute(
                        f'update {relation} as t set "{column}" = %s where ctid = any(array('
                        f"select t.ctid from {relation} as t where {where} limit 1))",
                        [value],
                    )
            except psycopg.errors.CheckViolation:
                continue
        if _value(connection, f'select 1 from {relation} as t where {where} and t."{column}"::text ~* %s', MARK):
            marked.add(f"{name}.{column}")
    connection.execute("set session_replication_role = origin")
    return marked


@pytest.fixture
def shop(db):
    """Two customers of whom everything is known, the first marked, and an order of a third."""
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.users (id, name, role) values (901, 'Agent', 'crm_agent'),"
            " (902, 'Manager', 'crm_manager'), (903, 'Other agent', 'crm_agent');"
            "insert into trustcart.categories (id, name) values (1, 'Food');"
            "insert into trustcart.products (id, name, category_id) values (1, 'Honey', 1);"
            "insert into trustcart.customers (id, first_name, is_active) values (3, 'Third', false);"
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status, payment_method)"
            " values (3, trustcart.business_date() - 5, 10, 'delivered', 'bKash');"
            "update trustcart.settings set contacts_per_week = 100"
        )
        # She wrote before we knew her.
        connection.execute("select trustcart.receive_message('sms', %s, 'who are you')", [PHONES[0]])
        _fill_person(connection, 1, MARK, PHONES, BIRTHDAY)
        _fill_person(
            connection, 2, "yykeep", ("01711000991", "01811000992", "01911000993", "01611000994"), "1980-01-02"
        )
        # The first was entered twice.
        connection.execute(
            "insert into trustcart.customers (id, first_name, last_name, phone, notes) values (4, %s, %s, %s, %s)",
            [f"{MARK} double", MARK, PHONES[0], f"{MARK} twice"],
        )
        connection.execute("select trustcart.merge_customers(1, 4, %s)", [f"{MARK} is one"])
        connection.execute(
            "select trustcart.refresh_customer_behavior(); select trustcart.refresh_recommendations();"
            "select trustcart.detect_dropoffs(); select trustcart.seal_audit_log()"
        )
    return db


def test_everything_is_found_before_and_nothing_after(shop):
    with shop.connect() as connection:
        marked = _force_the_rest(connection)
        # Every free column of every table is there but those whose words are ours.
        assert len(marked) > 55
        missing = {
            f"{table}.{column}"
            for table, column in connection.execute(
                "select table_name, column_name from trustcart_private.erasure_rules()"
                " where action in ('clear', 'replace') and column_name not in ('assigned_agent_id')"
            )
        } - marked
        assert missing == set()
        found = {row[0] for row in _traces(connection, SOUGHT)}
        assert {"trustcart.customers", "trustcart.customer_event_days", "trustcart_private.phone_book"} <= found
        assert {"trustcart_private.call_requests", "trustcart.events_default", "trustcart.campaign_receipts"} <= found

        connection.execute("select trustcart.erase_customer(1, 'letter 12')")
        assert _traces(connection, SOUGHT) == []
        assert _traces(connection, ["yykeep", "01711000991"]) != []


def test_sums_and_others_stay(shop):
    with shop.connect() as connection:
        sums = _value(connection, SUMS)
        other = _value(connection, "select trustcart.export_customer(2)")
        answer = _value(connection, "select trustcart.erase_customer(1)")
        assert answer["already_erased"] is False
        after = _value(connection, SUMS)
        for name, figures in sums.items():
            assert after[name] == figures, name
        unchanged = _value(connection, "select trustcart.export_customer(2)")
        # But for the two exports themselves.
        assert other.pop("audit_logs") != unchanged.pop("audit_logs")
        assert unchanged == other
        assert connection.execute(
            "select first_name, phone, email, is_active, erased_at is not null, order_count, total_spend"
            " from trustcart.customers where id = 1"
        ).fetchone() == (None, None, None, False, True, 3, 60000)
        assert _value(connection, "select count(*) from trustcart.crm_call_tasks where status = 'pending'") == 1
        assert (
            _value(
                connection,
                "select count(*) from trustcart.campaign_messages where customer_id = 1 and status = 'queued'",
            )
            == 0
        )
        _assert_sound(connection)


def test_what_came_back_was_counted_before_and_after_a_sweep(shop):
    """A receipt that comes in after the erasure is counted, and its words are gone with the next run of retention."""
    with shop.connect() as connection:
        key = _value(
            connection,
            "select m.id || '-' || m.token from trustcart.campaign_messages as m where m.customer_id = 1"
            " and m.channel = 'sms' limit 1",
        )
        connection.execute("select trustcart.erase_customer(1)")
        connection.execute("select trustcart.record_receipt('sms', 'opened', now(), %s, null, 'e', %s)", [key, MARK])
        assert [row[:2] for row in _traces(connection, [MARK])] == [("trustcart.campaign_receipts", "detail")]
        answer = _value(connection, "select trustcart.apply_retention()")
        assert answer["late_rows"] == {"campaign_receipts": 1}
        assert _traces(connection, [MARK]) == []
        # The person writes again: nobody that we know.
        heard = _value(
            connection, "select trustcart.receive_message('sms', %s, 'hello', now(), null, %s)", PHONES[0], key
        )
        assert heard["customer_id"] is None
        assert heard["message_id"] is None
        _assert_sound(connection)


def test_erased_stays_erased(shop):
    with shop.connect() as connection:
        connection.execute("select trustcart.erase_customer(1)")
        before = _value(connection, "select trustcart.export_customer(1)")
        again = _value(connection, "select trustcart.erase_customer(1, 'again')")
        assert again["already_erased"] is True
        after = _value(connection, "select trustcart.export_customer(1)")
        before.pop("audit_logs"), after.pop("audit_logs")
        assert after == before
        for statement in (
            "update trustcart.customers set first_name = 'x' where id = 1",
            "update trustcart.customers set phone = '01711000111' where id = 1",
            "update trustcart.customers set is_active = true where id = 1",
            "update trustcart.customers set assigned_agent_id = 901 where id = 1",
            "insert into trustcart.crm_call_tasks (customer_id, task_date) values (1, trustcart.business_date())",
            "insert into trustcart.customer_family_members (customer_id, name, relationship) values (1, 'x', 'child')",
            "insert into trustcart.customer_interactions (customer_id, interaction_type) values (1, 'call')",
            "insert into trustcart.crm_call_attempts (customer_id, outcome) values (1, 'x')",
            "insert into trustcart.customer_contact_preferences (customer_id) values (1)",
            "insert into trustcart.customer_phone_flags (customer_id, phone) values (1, 'x')",
            "insert into trustcart.campaign_messages (campaign_id, customer_id, occurrence, channel, address)"
            " values (1, 1, 'x', 'sms', 'x')",
            "select trustcart.merge_customers(2, 1)",
            "select trustcart.merge_customers(1, 2)",
        ):
            with pytest.raises(psycopg.Error) as raised:
                connection.execute(statement)
            assert raised.value.sqlstate == "TC111", statement
        # What is derived is nobody's to write.
        connection.execute("update trustcart.customers set erased_at = null, merged_into_id = 2 where id = 1")
        assert _value(connection, "select erased_at is not null and merged_into_id is null from trustcart.customers"
                      " where id = 1")  # fmt: skip
        # Orders go on: the shop's books do.
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " values (1, trustcart.business_date(), 5, 'delivered')"
        )
        planned = connection.execute(
            "select 1 from trustcart.plan_daily_call_tasks(trustcart.business_date() + 1) where customer_id = 1"
        ).fetchall()
        assert planned == []
        _assert_sound(connection)


def test_history_is_erased_in_the_audit_and_the_chain_holds(shop):
    with shop.connect() as connection:
        rows = _value(connection, "select count(*) from trustcart.audit_logs where customer_id = 1")
        assert rows > 10
        connection.execute("select trustcart.seal_audit_log()")
        connection.execute("select trustcart.erase_customer(1)")
        kept = connection.execute(
            "select count(*), count(*) filter (where action = 'erase') from trustcart.audit_logs where customer_id = 1"
            " and (old_values is not null or new_values is not null)"
        ).fetchone()
        assert kept == (1, 1)
        assert _value(connection, "select count(*) from trustcart.audit_logs where customer_id = 1") > rows
        _assert_sound(connection)


def test_an_export_knows_tables_that_were_made_later(shop):
    with shop.connect() as connection:
        connection.execute(
            "create table trustcart.gifts (id bigint primary key, for_customer bigint references trustcart.customers,"
            " what text not null, code text not null unique);"
            "create table trustcart.gift_letters (gift_id bigint references trustcart.gifts, letter text);"
            "create table trustcart_private.guesses (customer_id bigint, guess jsonb);"
            "insert into trustcart.gifts values (1, 1, 'zzmark scarf', 'zzmark 1'), (2, 2, 'hat', 'h'),"
            " (3, 1, 'zzmark', 'zzmark 3');"
            "insert into trustcart.gift_letters values (1, 'dear zzmark'), (2, 'dear other');"
            """insert into trustcart_private.guesses values (1, '{"likes": "zzmark"}'), (2, '{}')"""
        )
        found = _value(connection, "select trustcart.export_customer(1)")
        assert found["gifts"][0] == {"id": 1, "for_customer": 1, "what": "zzmark scarf", "code": "zzmark 1"}
        assert [row["id"] for row in found["gifts"]] == [1, 3]
        assert found["gift_letters"] == [{"gift_id": 1, "letter": "dear zzmark"}]
        assert found["guesses"] == [{"customer_id": 1, "guess": {"likes": "zzmark"}}]
        # And so does an erasure, though nobody has said yet what it means there.
        connection.execute("select trustcart.erase_customer(1)")
        assert _traces(connection, [MARK]) == []
        assert connection.execute("select what from trustcart.gifts order by id").fetchall() == [
            *(("erased",), ("hat",), ("erased",)),
        ]
        assert connection.execute("select guess from trustcart_private.guesses where customer_id = 2").fetchone() == (
            {},
        )


def test_an_export_is_whole(shop):
    """Each row of each table that leads to the person, and nothing of anybody else's."""
    with shop.connect() as connection:
        found = _value(connection, "select trustcart.export_customer(1)")
        text = json.dumps(found)
        assert "yykeep" not in text
        tables = {row[0].split(".")[1] for row in _traces(connection, [MARK, *PHONES])}
        # Of the person's rows only the message of somebody unknown has no way to her.
        assert {table.removesuffix("_default") for table in tables} - set(found) == set()
        assert len(found["sales_order_items"]) == 6
        assert len(found["campaign_messages"]) >= 3
        assert len(found["crm_call_task_assignments"]) == 1
        assert [row["action"] for row in found["audit_logs"]].count("export") == 1
        logged = connection.execute(
            "select count(*) from trustcart.audit_logs where action = 'export' and customer_id = 1"
        ).fetchone()
        assert logged == (1,)


def test_every_free_column_has_a_rule(db):
    """A column added to a table with customer data that can hold words says what an erasure does with it."""
    with db.connect() as connection:
        columns = connection.execute(
            """
            select p.name || '.' || a.attname
            from trustcart_private.personal_tables() as p
            join pg_attribute as a on a.attrelid = p.relation and a.attnum > 0 and not a.attisdropped
                and a.attgenerated = ''
            join pg_type as y on y.oid = a.atttypid
            left join pg_type as e on e.oid = y.typelem and y.typcategory = 'A'
            where (y.typcategory in ('S', 'U', 'I', 'X') or e.typcategory in ('S', 'U')) and a.attnotnull
                and not exists (
                    select from trustcart_private.erasure_rules() as r
                    where r.table_name = p.name and r.column_name in (a.attname, '*')
                )
            """
        ).fetchall()
        # Those that may be null are cleared without being named.
        assert {name for (name,) in columns} <= {"phone_book.phone_e164"}
        stale = connection.execute(
            """
            select r.table_name, r.column_name
            from trustcart_private.erasure_rules() as r
            where r.column_name <> '*' and not exists (
                select from trustcart_private.personal_tables() as p
                join pg_attribute as a on a.attrelid = p.relation and a.attname = r.column_name and not a.attisdropped
                where p.name = r.table_name
            )
            or r.column_name = '*' and r.table_name not in (select p.name from trustcart_private.personal_tables() as p)
            """
        ).fetchall()
        assert stale == []
        unnamed = connection.execute(
            "select r.table_name from trustcart_private.merge_rules() as r where r.table_name not in"
            " (select p.name from trustcart_private.personal_tables() as p)"
        ).fetchall()
        assert unnamed == []


def test_who_may(shop):
    def sqlstate(role: str, statement: str) -> str:
        with shop.connect() as connection, pytest.raises(psycopg.Error) as raised:
            connection.execute(f"set role {role}")
            connection.execute(statement)
            raise psycopg.Error
        return raised.value.sqlstate

    for role in ("trustcart_agent", "trustcart_service", "trustcart_jobs", "trustcart_gateway"):
        for call in (
            "export_customer(2)",
            "erase_customer(2)",
            "find_personal_traces(array['yykeep'])",
            "merge_customers(2, 1)",
            "undo_merge(1)",
            "duplicate_customers()",
            "dismiss_duplicate(1, 2)",
        ):
            assert sqlstate(role, f"select trustcart.{call}") == "42501", (role, call)
    for call in ("erase_customer(2)", "find_personal_traces(array['yykeep'])", "apply_retention()"):
        assert sqlstate("trustcart_manager", f"select trustcart.{call}") == "42501", call
    assert sqlstate("trustcart_manager", "select trustcart.export_customer(2)") is None
    assert sqlstate("trustcart_admin", "select trustcart.erase_customer(2)") is None


def test_an_order_during_an_erasure_waits_and_counts(shop):
    with shop.connect() as connection, shop.connect() as till:
        errors = []

        def order() -> None:
            try:
                till.execute(
                    "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
                    " values (1, trustcart.business_date(), 5, 'delivered')"
                )
            except psycopg.Error as error:
                errors.append(error)

        thread = threading.Thread(target=order)
        with connection.transaction():
            connection.execute("select trustcart.erase_customer(1)")
            thread.start()
            wait_until_blocked(shop, till.info.backend_pid)
        thread.join()
        assert errors == []
        assert _value(connection, "select order_count from trustcart.customers where id = 1") == 4
        _assert_sound(connection)


def _retained(connection, day):
    """apply_retention() on a later day: dates ahead of business_date() count as that, so it is moved for the call."""
    definition = _value(connection, "select pg_get_functiondef('trustcart.business_date()'::regprocedure)")
    with connection.transaction():
        connection.execute(
            "create or replace function trustcart.business_date() returns date language sql stable parallel safe"
            f" return date '{day}'"
        )
        answer = _value(connection, "select trustcart.apply_retention(%s)", day)
        connection.execute(definition)
    return answer


def test_retention(shop):
    with shop.connect() as connection:
        today = _value(connection, "select trustcart.business_date()")
        # By default only requests go.
        connection.execute("update trustcart_private.call_requests set requested_at = now() - interval '31 days'")
        answer = _value(connection, "select trustcart.apply_retention()")
        assert answer["call_requests"] == 12
        assert (answer["free_text"], answer["customers_erased"], answer["is_complete"]) == ({}, 0, True)
        connection.execute("update trustcart.settings set free_text_keep_months = 3")
        later = today.replace(year=today.year + 1, day=1)
        words = "select count(*) from trustcart.customer_interactions where details is not null"
        assert _value(connection, "select trustcart.apply_retention(%s)", today)["free_text"] == {"sales_orders": 2}
        assert _value(connection, words) > 0
        # A year typed wrongly removes nothing ahead of its time.
        assert _value(connection, "select trustcart.apply_retention(%s)", later)["free_text"] == {}
        answer = _retained(connection, later)
        assert set(answer["free_text"]) == {
            *("crm_call_tasks", "customer_engagement_history", "customer_interactions"),
            *("campaign_receipts", "sales_orders"),
        }
        assert _value(connection, words) == 0
        assert _value(connection, "select count(*) from trustcart.customers where first_name like 'yykeep%'") == 1
        assert _retained(connection, later)["free_text"] == {}

        connection.execute("update trustcart.settings set inactive_customers_keep_months = 6")
        assert _value(connection, "select trustcart.apply_retention(%s)", today)["customers_erased"] == 0
        # The third has been closed all along; an order is dated five days ago.
        answer = _retained(connection, later)
        assert answer["customers_erased"] == 1
        assert connection.execute("select id from trustcart.customers where erased_at is not null").fetchall() == [(3,)]
        assert _value(connection, "select reason from trustcart.customer_erasures") == (
            "settings.inactive_customers_keep_months"
        )
        _assert_sound(connection)


def test_command_line(shop, cli, tmp_path):
    file = tmp_path / "one.json"
    done = cli("customer", "export", "1", "--output", str(file), url=shop.url)
    assert done.returncode == 0, done.stderr
    assert "rows of" in done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["customers"][0]["email"] == f"{MARK}@example.com"
    printed = cli("customer", "export", "1", url=shop.url)
    assert json.loads(printed.stdout)["customers"][0]["id"] == 1
    assert cli("customer", "export", "99", url=shop.url).returncode == 7
    assert cli("customer", "export", "1", "--output", "/nowhere/x", url=shop.url).returncode == 2

    shown = cli("customer", "consents", "1", "--format", "json", url=shop.url)
    assert [row["holds"] for row in json.loads(shown.stdout)] == [True] * 4
    assert "never said" in cli("customer", "consents", "3", url=shop.url).stdout

    asked = cli("customer", "erase", "1", url=shop.url, input="n\n")
    assert asked.returncode == 1
    with shop.connect() as connection:
        assert _value(connection, "select erased_at from trustcart.customers where id = 1") is None
    erased = cli("customer", "erase", "1", "--yes", "--prove", "--reason", "letter 12", url=shop.url)
    assert erased.returncode == 0, erased.stderr
    assert "Customer 1 is erased, with the merged 4." in erased.stdout
    assert "Nothing the person was known by is found" in erased.stdout
    assert "already" in cli("customer", "erase", "1", "--yes", url=shop.url).stdout


def test_proof_names_what_others_share(shop):
    with shop.connect() as connection:
        connection.execute("update trustcart.customers set mobile = %s where id = 2", ["+880 1711-000111"])
        _, traces = customers.erase(connection, 1, prove=True)
        assert {(row["table_name"], row["column_name"]) for row in traces} == {
            ("trustcart.customers", "mobile"),
            ("trustcart.customers", "mobile_e164"),
            ("trustcart_private.phone_book", "phone_e164"),
        }
        assert not any("1711" in row["excerpt"] for row in traces)


@pytest.mark.extension("pgcrypto")
def test_with_encrypted_numbers(shop):
    """Exported as the caller may see them, merged as tokens without the key, gone from the vault with the person."""
    key = "2e" * 32
    with shop.connect() as connection:
        connection.execute("create extension pgcrypto schema trustcart_private")
        connection.execute(
            "insert into trustcart.customers (id, first_name, phone) values (5, 'Twice', '01711000992'),"
            " (6, 'Twice', '+8801711000992'), (7, 'Twice', '01511000993')"
        )
        phone_encryption.turn_on(connection, key)
    with shop.connect() as connection:
        masked = json.dumps(_value(connection, "select trustcart.export_customer(1)"))
        assert "enc:" not in masked
        assert not any(phone in masked for phone in PHONES)
        with connection.transaction():
            phone_encryption.set_key(connection, key)
            shown = json.dumps(_value(connection, "select trustcart.export_customer(1)"))
        assert "enc:" not in shown
        assert PHONES[0] in shown

        assert connection.execute(
            "select survivor_id, duplicate_id from trustcart.duplicate_customers()"
        ).fetchall() == [(5, 6)]
        connection.execute("select trustcart.merge_customers(5, 6), trustcart.merge_customers(5, 7)")
        with connection.transaction():
            phone_encryption.set_key(connection, key)
            assert connection.execute(
                "select trustcart.shown_phone(phone), trustcart.shown_phone(mobile) from trustcart.customers"
                " where id = 5"
            ).fetchone() == ("01711000992", "01511000993")
            assert _value(connection, "select customer_id from trustcart.find_caller('01511000993')") == 5
        connection.execute("select trustcart.undo_merge(3)")
        assert _value(connection, "select mobile from trustcart.customers where id = 5") is None

        vault = "select count(*) from trustcart_private.phone_vault"
        before = _value(connection, vault)
        with connection.transaction():
            phone_encryption.set_key(connection, key)
            _, traces = customers.erase(connection, 1, prove=True)
        assert traces == []
        assert _value(connection, vault) < before
        assert connection.execute(
            "select count(*) from trustcart.customers where id = 1 and coalesce(phone, phone_e164, mobile) is null"
        ).fetchone() == (1,)
        _assert_sound(connection)
