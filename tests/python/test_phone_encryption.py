"""Encrypted phone numbers: nothing readable at rest, everything works as before, and whatever is killed goes on."""

from __future__ import annotations

import base64
import json
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.python.conftest import REPOSITORY, Database, environment
from trustcart_db import phone_encryption as phones
from trustcart_db.errors import BusyError, MissingError, translate

KEY = "1f" * 32
NEW_KEY = base64.b64encode(bytes(range(32))).decode()
WITH_KEY = {phones.ENVIRONMENT: KEY}

#: What customers typed: mobiles in many ways, shared ones, landlines, foreign ones, what is no number, blanks.
TYPED = [
    ("01711-000001", None),
    ("+8801711000001", "029876543"),
    ("০১৭১১০০০০০২", "01811 000002"),
    ("8801711000003", None),
    (" ext. 4711 ", "+14155550199"),
    ("   ", "01911000006"),
    (None, None),
    ("call my shop 0171", "call my shop 0171"),
    ("02-9876543", None),
    ("01711000001", "+88 01711 000001"),
    ("0321234567", "01511-000011"),
]
READABLE = re.compile("1[5789]11[- ]?0000|321234567|9876543|4155550199|t. 4711|my shop|১৭১১০০".encode())


@pytest.fixture
def shop(db: Database) -> Database:
    """A database with pgcrypto in a schema of its own, and customers 1 to 11; nothing is encrypted yet."""
    with db.connect() as connection:
        connection.execute("create schema crypto; create extension pgcrypto schema crypto")
        fill(connection)
    return db


def fill(connection: psycopg.Connection) -> None:
    connection.execute("update trustcart.settings set contacts_per_week = 1000, marketing_quiet_days = 0")
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into trustcart.customers (id, first_name, email, phone, mobile) values (%s, %s, %s, %s, %s)",
            [(n, f"C{n}", f"c{n}@example.com", phone, mobile) for n, (phone, mobile) in enumerate(TYPED, start=1)],
        )
    connection.execute(
        "insert into trustcart.customer_family_members (customer_id, name, relationship, phone)"
        " values (3, 'Mina', 'spouse', '01811-000009'), (4, 'Rafi', 'child', null)"
    )
    connection.execute("select setval('trustcart.customers_id_seq', 1000)")
    connection.execute("select trustcart.flag_wrong_number(c.id) from trustcart.customers as c where c.id in (5, 9)")


@pytest.fixture
def gateway(db: Database) -> Iterator[Callable[..., psycopg.Connection]]:
    """Logins: gateway() connects as a gateway, gateway("enc_agent") as agent 1, who is the user of that login."""
    with db.connect() as connection:
        connection.execute(
            "create role enc_gateway login noinherit in role trustcart_gateway;"
            " create role enc_agent login in role trustcart_agent;"
            " create role enc_delivery login in role trustcart_jobs;"
            " insert into trustcart.users (id, name, email, role, db_role) values"
            " (1, 'Agent', 'a@example.com', 'crm_agent', 'enc_agent')"
        )
    yield lambda name="enc_gateway": db.connect(name)
    with db.connect() as connection:
        connection.execute("drop role enc_gateway, enc_agent, enc_delivery")


def on(db: Database, **options: object) -> tuple[str, int]:
    with db.connect() as connection:
        return phones.turn_on(connection, KEY, **options)


def off(db: Database, key: str = KEY) -> tuple[str, int]:
    with db.connect() as connection:
        return phones.turn_off(connection, key)


def rows(db: Database, query: str, key: str | None = KEY, *arguments: object) -> list[tuple]:
    """What a query gives with the key set."""
    with db.connect() as connection, connection.transaction():
        phones.set_key(connection, key)
        return connection.execute(query, arguments or None).fetchall()


def value(db: Database, query: str, key: str | None = KEY, *arguments: object) -> object:
    return rows(db, query, key, *arguments)[0][0]


def refused(db: Database, query: str, key: str | None = None) -> tuple[str, str]:
    """SQLSTATE and all that is told of a statement that must fail."""
    with db.connect() as connection, pytest.raises(psycopg.Error) as raised, connection.transaction():
        phones.set_key(connection, key)
        connection.execute(query)
    diag = raised.value.diag
    return raised.value.sqlstate, f"{diag.message_primary} {diag.message_hint} {diag.message_detail} {diag.context}"


def dump(db: Database) -> bytes:
    command = [db.server.bin_dir / "pg_dump", "--dbname", db.url]
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout


STORED = (
    "select id, phone, phone_e164, mobile, mobile_e164 from trustcart.customers order by id",
    "select id, phone, phone_e164 from trustcart.customer_family_members order by id",
    "select id, customer_id, phone from trustcart.customer_phone_flags order by id",
    "select phone_e164, customer_id, family_member_id, kind from trustcart_private.phone_book order by 1, 2, 3, 4",
    "select id, address, channel from trustcart.campaign_messages order by id",
    "select request_id, arguments from trustcart_private.call_requests order by 1",
    "select id, detail from trustcart.campaign_receipts order by id",
)


def stored(db: Database) -> list[list[tuple]]:
    return [rows(db, query, None) for query in STORED]


# -- nothing readable --------------------------------------------------------------------------------------------------


@pytest.mark.extension("pgcrypto")
def test_a_dump_shows_no_number(shop):
    use(shop, key=None)
    assert READABLE.search(dump(shop))
    assert on(shop)[0] == "off"
    use(shop, key=KEY)
    found = dump(shop)
    assert READABLE.findall(found) == []
    assert KEY.encode() not in found
    assert b"enc:mobile:" in found
    # Nor a digest that anybody can make of every number of the country.
    assert not re.search(rb"inbound [0-9a-f]{32}", found)
    assert b"inbound keyed " in found
    # Nor what was written by hand, past all functions.
    rows(shop, "update trustcart.customers set phone = '01711 000077' where id = 1 returning id")
    rows(shop, "insert into trustcart.customers (phone, mobile) values ('01711-000088', 'ext. 4711') returning id")
    assert READABLE.findall(dump(shop)) == []
    assert value(shop, "select phone from trustcart.customer_360_view where customer_id = 1") == "01711 000077"


@pytest.mark.extension("pgcrypto")
def test_the_disk_shows_no_number_after_a_rewrite(make_server, db):
    """db tells whether there is pgcrypto; the files are those of a server of its own."""
    from trustcart_db.bundle import read_bundle
    from trustcart_db.migrate import migrate

    server = make_server()
    url = server.create_database("shop")
    migrate(url, read_bundle())
    own = Database(server, "shop", url)
    with own.connect() as connection:
        connection.execute("create extension pgcrypto")
        fill(connection)
        connection.execute("analyze; checkpoint")
        oid = connection.execute("select oid from pg_database where datname = 'shop'").fetchone()[0]

    def found() -> set[bytes]:
        files = (server.data_dir / "base" / str(oid)).iterdir()
        return {one for file in files for one in READABLE.findall(file.read_bytes())}

    assert found()
    on(own, rewrite=True)
    with own.connect() as connection:
        connection.execute("checkpoint")
    assert found() == set()
    # From now on none ever gets there.
    rows(own, "update trustcart.customers set phone = '01711 000077', mobile = '02-9876543' where id = 1 returning id")
    rows(own, "insert into trustcart.customers (phone) values ('01711-000088') returning id")
    with own.connect() as connection:
        connection.execute("analyze; checkpoint")
    assert found() == set()


@pytest.mark.extension("pgcrypto")
def test_the_key_is_in_no_log_and_no_error(make_server, db, cli):
    from trustcart_db.bundle import read_bundle
    from trustcart_db.migrate import migrate

    server = make_server({"log_statement": "all", "log_parameter_max_length": "0", "logging_collector": "on"})
    url = server.create_database("shop")
    migrate(url, read_bundle())
    with server.connect("shop") as connection:
        connection.execute("create extension pgcrypto")
        fill(connection)
    for key in (KEY, KEY[:-2] + "00", KEY[:-1]):
        result = cli("encryption", "on", url=url, env={phones.ENVIRONMENT: key})
        assert key[:-2] not in result.stdout + result.stderr
    cli("encryption", "rotate", "--now", url=url, env=WITH_KEY | {phones.NEW_ENVIRONMENT: NEW_KEY})
    assert cli("encryption", "off", url=url, env={phones.ENVIRONMENT: NEW_KEY}).returncode == 0
    log = b"".join(path.read_bytes() for path in (server.data_dir / "log").iterdir())
    assert b"set_phone_key" in log or b"start_phone_encryption" in log
    assert KEY[:-2].encode() not in log
    assert NEW_KEY.encode() not in log


# -- everything works --------------------------------------------------------------------------------------------------


def use(db: Database, key: str | None) -> dict[str, object]:
    """A day with phones: whatever reads or compares one. Result: what was seen, without ids and instants."""
    seen: dict[str, object] = {}
    with db.connect() as connection:

        def run(query: str, *arguments: object) -> list[tuple]:
            with connection.transaction():
                phones.set_key(connection, key)
                return connection.execute(query, arguments or None).fetchall()

        def one(query: str, *arguments: object) -> object:
            return run(query, *arguments)[0][0]

        day = f"{time.time_ns()}"
        new = one(
            "insert into trustcart.customers (first_name, phone, mobile)"
            " values ('N', '+880 1711-000021', ' ext. 4711 ') returning id"
        )
        member = one("select trustcart_api.add_family_member(3, 'Ria', 'child', p_phone => '01811 000009')")
        seen["added"] = member["phone"]
        seen["family"] = [(row["name"], row["phone"]) for row in one("select trustcart_api.family_members(3)")]
        for number in (
            "01711000001",
            "+8801711000021",
            "029876543",
            "00880 1811 000009",
            "+14155550199",
            "01999999999",
        ):
            seen[f"caller {number}"] = run(
                "select customer_id - case when customer_id > 1000 then %s else 0 end, matched_as"
                " from trustcart.find_caller(%s)",
                new,
                number,
            )
        seen["flagged"] = [one("select trustcart.flag_wrong_number(%s)", n) for n in (1, 8, 8)]
        seen["next"] = [one("select trustcart.flag_wrong_number(%s)", n) for n in (2, 2)]
        seen["unreachable"] = [
            n for (n,) in run("select customer_id from trustcart_private.unreachable_customers('infinity') order by 1")
        ]
        seen["cleared"] = [
            one("select trustcart.clear_wrong_number(%s, %s)", n, phone)
            for n, phone in ((1, "8801711000001"), (2, "+8801711000001"), (2, "02 9876543"), (8, " call my shop 0171"))
        ]
        task = one("select trustcart.create_call_task(3, 'follow_up', 'hot')")
        seen["list"] = [
            row["customer_phone"] for row in one("select trustcart_api.call_tasks_today(p_status => 'all')")
        ]
        for _ in range(2):  # the same request again
            run(
                "select (trustcart.complete_call_task(%s, 'successful', p_family_member => %s::jsonb,"
                " p_request_id => %s)).id",
                task,
                json.dumps({"name": "Tia", "relationship": "child", "phone": "01811-000010"}),
                f"request {day}",
            )
        seen["learned"] = run(
            "select name, trustcart.shown_phone(phone), trustcart.shown_phone(phone_e164)"
            " from trustcart.customer_family_members order by name"
        )
        seen["360"] = run(
            "select phone, mobile from trustcart.customer_360_view where customer_id <= 10 order by customer_id"
        )
        seen["book"] = run(
            "select trustcart.shown_phone(b.phone_e164), b.kind, b.customer_id - %s * (b.customer_id > 1000)::int"
            " from trustcart_private.phone_book as b order by 1, 2, 3",
            new,
        )
        # A campaign, who is left out and why, and what STOP does.
        for channel in ("sms", "whatsapp"):
            campaign = one(
                "insert into trustcart.marketing_campaigns (campaign_name, campaign_type, target_segment,"
                " message_template) values (%s, %s, 'all', 'Hi') returning id",
                f"A {channel} {day}",
                channel,
            )
            preview = one("select trustcart.preview_campaign(%s)", campaign)
            seen[f"{channel} preview"] = [message["address"] for message in preview["messages"]]
            sent = one("select trustcart.send_campaign(%s)", campaign)
            seen[f"{channel} sent"] = (sent["sent_count"], sent["exclusions"])
            seen[f"{channel} to"] = run(
                "select trustcart.shown_phone(m.address) from trustcart.campaign_messages as m where m.campaign_id = %s"
                " order by 1",
                campaign,
            )
            seen[f"{channel} claimed"] = sorted(
                run(
                    "select address from trustcart.claim_messages(%s, 7, 100, now()) as m where m.campaign_id = %s",
                    channel,
                    campaign,
                )
            )
            run("update trustcart.campaign_messages set status = 'sent', sent_at = now(), claimed_by = null,"
                " claimed_at = null where status = 'sending' returning id")  # fmt: skip
        seen["stop"] = {
            name: found
            for name, found in one("select trustcart.receive_message('sms', '8801711000001', 'STOP')").items()
            if name != "message_id"
        }
        answer = one("select trustcart.receive_message('sms', '01811000002', 'yes please')")
        seen["answer"] = answer["customer_id"], answer["message_id"] is not None
        for number in ("01999000099", "no number"):
            inbound = "select trustcart.receive_message('sms', %s, 'who is this', '2025-01-01 10:00+06')"
            seen[f"nobody {number}"] = [one(inbound, number)["is_new"] for _ in range(2)]
        seen["refused"] = run(
            "select trustcart.shown_phone(address), customer_id from trustcart_private.refused_addresses('sms', now())"
            " order by 1, 2"
        )
        seen["blocked"] = run(
            "select customer_id, reason from trustcart_private.message_blocks('sms', now()) order by 1"
        )
        # As it was, but for what can be told apart from the first time.
        run("insert into trustcart.customer_consents (customer_id, channel, granted)"
            " select unnest(array[1, 2, 10]), 'sms', true returning id")  # fmt: skip
        run("delete from trustcart.customer_family_members where name in ('Ria', 'Tia') returning id")
        run("delete from trustcart.crm_call_tasks where id = %s returning id", task)
        run("update trustcart.customers set is_active = false where id = %s returning id", new)
        seen["differences"] = run("select * from trustcart.check_customer_state()")
    return seen


@pytest.mark.extension("pgcrypto")
def test_a_day_is_the_same_with_and_without(shop, server):
    """In a copy of the shop that stays readable, in one that is encrypted, while it is turned on and off, and after."""
    name = f"{shop.name}_copy"
    copy = Database(server, name, server.create_database(name, shop.name))
    try:
        expected = use(copy, None)
        assert expected["differences"] == []
        assert expected["caller 01711000001"] == [(1, "customer"), (2, "customer"), (10, "customer")]
        assert expected["sms to"] == sorted(set(expected["sms to"]))
        on(shop)
        assert use(shop, KEY) == expected
    finally:
        server.drop_database(name)


@pytest.mark.extension("pgcrypto")
@pytest.mark.parametrize("direction", ["on", "off"])
def test_a_day_while_it_is_turned_on_or_off(shop, server, direction):
    """Stopped half-way: some customers are done, others not, and shared numbers are still shared."""
    name = f"{shop.name}_copy"
    copy = Database(server, name, server.create_database(name, shop.name))
    try:
        expected = use(copy, None)
    finally:
        server.drop_database(name)
    with shop.connect() as connection:
        if direction == "off":
            phones.turn_on(connection, KEY)
            connection.execute("select trustcart_private.start_phone_decryption(%s)", [KEY])
        else:
            connection.execute("select trustcart_private.start_phone_encryption(%s)", [KEY])
        with connection.transaction():
            phones.set_key(connection, KEY)
            assert connection.execute("select done_to from trustcart_private.convert_phones(4)").fetchone() == (4,)
    kinds = {(phone or "").startswith("enc:") for _, phone, *_ in stored(shop)[0]}
    assert kinds == {True, False}
    assert use(shop, KEY) == expected
    # Whoever has no key is refused what needs both forms, and never told that there is nobody.
    assert refused(shop, "select * from trustcart.find_caller('01711000001')")[0] == "TC502"
    assert refused(shop, "select * from trustcart_private.message_addresses('sms')")[0] == "TC502"
    (on if direction == "on" else off)(shop)
    assert {(phone or "").startswith("enc:") for _, phone, *_ in stored(shop)[0] if (phone or "").strip()} == {
        direction == "on"
    }
    assert value(shop, "select count(*) from trustcart.check_customer_state()") == 0


@pytest.mark.extension("pgcrypto")
def test_off_restores_exactly_what_was_typed(shop):
    use(shop, None)
    before = stored(shop)
    book = list(before[3])
    assert on(shop)[0] == "off"
    assert stored(shop) != before
    assert off(shop)[0] == "on"
    after = stored(shop)
    assert after[:3] == before[:3]
    assert after[3] == book
    assert after[4:] == before[4:]
    assert value(shop, "select count(*) from trustcart_private.phone_vault") == 0
    assert value(shop, "select count(*) from trustcart_private.phone_keys") == 0
    assert value(shop, "select count(*) from pg_trigger where tgname like '%%_conceal'") == 0
    assert rows(shop, "select state, master_keys from trustcart.phone_encryption_status()") == [("off", 0)]
    use(shop, None)


@pytest.mark.extension("pgcrypto")
def test_random_numbers_and_changes_come_back(shop):
    """Whatever is written before, meanwhile and after, in any state; then all of it is readable again."""
    chance = random.Random(20261127)
    alphabet = "0123456789+- ()abc'\"\\%_*০১৭ৎ\t,/"
    expected: dict[int, str | None] = {}

    def text() -> str | None:
        if chance.random() < 0.5:
            return f"{chance.choice(['01', '+8801', '8801', '1'])}{chance.randint(3, 9)}{chance.randint(0, 30):08d}"
        made = "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 15)))
        return made.replace("***", "*-*")

    def change(connection: psycopg.Connection) -> None:
        for _ in range(40):
            phone = text()
            with connection.transaction():
                phones.set_key(connection, KEY)
                if expected and chance.random() < 0.5:
                    number = chance.choice(list(expected))
                    connection.execute("update trustcart.customers set phone = %s where id = %s", [phone, number])
                else:
                    number = connection.execute(
                        "insert into trustcart.customers (phone) values (%s) returning id", [phone]
                    ).fetchone()[0]
                expected[number] = phone
            assert not connection.execute("select * from trustcart.check_customer_state()").fetchall()

    with shop.connect() as connection:
        for _ in range(2):
            change(connection)
            connection.execute("select trustcart_private.start_phone_encryption(%s)", [KEY])
            with connection.transaction():
                phones.set_key(connection, KEY)
                connection.execute("select trustcart_private.convert_phones(20)")
            change(connection)
            phones.turn_on(connection, KEY, batch=7)
            change(connection)
            if chance.random() < 0.5:
                phones.rotate(connection, KEY, batch=11)
            shown = rows(shop, "select id, trustcart.shown_phone(phone) from trustcart.customers where id > 1000")
            assert dict(shown) == expected
            connection.execute("select trustcart_private.start_phone_decryption(%s)", [KEY])
            with connection.transaction():
                phones.set_key(connection, KEY)
                connection.execute("select trustcart_private.convert_phones(20)")
            change(connection)
            phones.turn_off(connection, KEY, batch=9)
            assert dict(rows(shop, "select id, phone from trustcart.customers where id > 1000", None)) == expected
        wrong = connection.execute(
            "select id from trustcart.customers where phone_e164 is distinct from trustcart.normalize_phone(phone)"
        ).fetchall()
        assert wrong == []


@pytest.mark.extension("pgcrypto")
def test_import_and_export(shop, cli, tmp_path):
    on(shop)
    file = tmp_path / "customers.csv"
    file.write_text("customer_id,phone,mobile\n1,01711-000001,01811000055\n5000,01711000050,nobody\n", "utf-8")
    failed = cli("import", "--customers", str(file), url=shop.url)
    assert failed.returncode == 7
    assert "TRUSTCART_PHONE_KEY" in failed.stderr
    done = cli("import", "--customers", str(file), "--format", "json", url=shop.url, env=WITH_KEY)
    assert json.loads(done.stdout)[0] | {"kind": ""} == {
        "kind": "", "rows": 2, "added": 1, "updated": 1, "already_there": 0, "ignored_columns": [],
    }  # fmt: skip
    again = cli("import", "--customers", str(file), "--format", "json", url=shop.url, env=WITH_KEY)
    assert json.loads(again.stdout)[0]["already_there"] == 2
    shown = rows(
        shop, "select customer_id, phone, mobile from trustcart.customer_360_view where customer_id in (1, 5000)"
    )
    assert sorted(shown) == [(1, "01711-000001", "01811000055"), (5000, "01711000050", "nobody")]
    assert READABLE.findall(dump(shop)) == []

    masked = cli("export", "customers", url=shop.url).stdout
    assert "017***01" in masked
    assert "enc:" not in masked
    assert not READABLE.search(masked.encode())
    whole = cli("export", "customers", "--format", "json", url=shop.url, env=WITH_KEY).stdout
    assert {row["phone"] for row in json.loads(whole)} >= {"01711-000001", " ext. 4711 ", "০১৭১১০০০০০২"}

    # What was exported masked comes back from a spreadsheet: the numbers stay.
    file.write_text("customer_id,phone,first_name\n1,017***01,Renamed\n", "utf-8")
    assert cli("import", "--customers", str(file), url=shop.url).returncode == 0
    assert rows(shop, "select first_name, trustcart.shown_phone(phone) from trustcart.customers where id = 1") == [
        ("Renamed", "01711-000001")
    ]


@pytest.mark.extension("pgcrypto")
def test_delivery_dials_the_number(shop, gateway, cli, tmp_path):
    posted: list[str] = []

    def take(request: Request) -> Response:
        posted.append(json.loads(request.get_data())["to"])
        return Response('{"id": "p"}', 200)

    with HTTPServer(threaded=True) as server:
        server.expect_request("/sms", method="POST").respond_with_handler(take)
        config = tmp_path / "delivery.toml"
        config.write_text(
            f'[sms]\ntransport = "sms"\nurl = "{server.url_for("/sms")}"\nmethod = "POST"\nnumber_format = "8801"\n'
            '[sms.json]\nto = "{to}"\ntext = "{text}"\n'
        )
        on(shop)
        rows(shop, "update trustcart.customers set is_active = id in (1, 3) returning id")
        rows(
            shop,
            "insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type, target_segment,"
            " message_template) values (1, 'A', 'sms', 'all', 'Hi') returning id",
            None,
        )
        rows(shop, "select trustcart.send_campaign(1)", None)  # tokens do, without a key
        worker = shop.server.url(shop.name, "enc_delivery")
        command = ("deliver", "--once", "--channel", "sms", "--config", str(config))
        keyless = cli(*command, url=worker)
        assert keyless.returncode != 0
        assert "phone numbers are encrypted" in keyless.stderr
        assert "grant trustcart_gateway to enc_delivery" in keyless.stderr
        stranger = cli(*command, url=worker, env=WITH_KEY)
        assert "enc_delivery may not give the phone key" in stranger.stderr
        assert posted == []
        assert value(shop, "select count(*) from trustcart.campaign_messages where status = 'queued'") == 2
        with shop.connect() as connection:
            connection.execute("grant trustcart_gateway to enc_delivery")
        wrong = cli(*command, url=worker, env={phones.ENVIRONMENT: "00" * 32})
        assert "is not the one" in wrong.stderr
        assert posted == []
        done = cli(*command, url=worker, env=WITH_KEY)
        assert done.returncode == 0, done.stderr
        assert sorted(posted) == ["8801711000001", "8801711000002"]
        assert value(shop, "select count(*) from trustcart.campaign_messages where status = 'sent'") == 2


# -- who may see -------------------------------------------------------------------------------------------------------


@pytest.mark.extension("pgcrypto")
def test_only_a_gateway_sees_numbers(shop, gateway):
    with shop.connect() as connection:
        connection.execute("update trustcart.customers set assigned_agent_id = 1 where id <= 3")
    on(shop)
    look = "select phone, mobile from trustcart.customer_360_view where customer_id = 2"
    masked, whole = [("+88017***01", "029***43")], [("+8801711000001", "029876543")]
    with gateway() as connection:
        with connection.transaction():
            connection.execute("set local role trustcart_gateway")
            phones.set_key(connection, KEY)
            connection.execute("select trustcart.act_as(1)")
            assert connection.execute(look).fetchall() == whole
            assert connection.execute("select count(*) from trustcart.find_caller('01711000001')").fetchone() == (3,)
            # Before or after it has become the user.
            phones.set_key(connection, KEY)
            members = connection.execute("select trustcart_api.family_members(3)").fetchone()[0]
            assert members[0]["phone"] == "01811-000009"
            # A token that is another customer's gives no number by being entered somewhere else.
            with shop.connect() as owner:
                (token,) = owner.execute("select phone_e164 from trustcart.customers where id = 4").fetchone()
            assert token.startswith("enc:")
            with pytest.raises(psycopg.Error) as raised, connection.transaction():
                connection.execute("select trustcart_api.add_family_member(3, 'X', 'child', p_phone => %s)", [token])
            assert raised.value.sqlstate == "TC005"
            # Flagging the own customer's number takes its token.
            connection.execute("select trustcart.flag_wrong_number(2)")
            # The wall stands: another agent's customer is nobody.
            assert connection.execute(
                "select count(*) from trustcart.customer_360_view where customer_id = 4"
            ).fetchone() == (0,)
        # It holds for that transaction.
        with connection.transaction():
            connection.execute("set local role trustcart_gateway")
            connection.execute("select trustcart.act_as(1)")
            assert connection.execute(look).fetchall() == masked
        with connection.transaction():
            connection.execute("set local role trustcart_gateway")
            connection.execute("select trustcart.act_as(1)")
            with pytest.raises(psycopg.Error) as raised:
                connection.execute("select * from trustcart.find_caller('01711000001')")
            assert raised.value.sqlstate == "TC502"
            connection.execute("rollback; begin")
    with gateway("enc_agent") as connection:
        assert connection.execute(look).fetchall() == masked
        with pytest.raises(psycopg.Error) as raised:
            connection.execute("select trustcart.set_phone_key(%s)", [KEY])
        assert raised.value.sqlstate == "TC403"
        assert translate(raised.value).http_status == 403
        # By hand, as any role can set any such setting: it is not believed.
        connection.execute("select set_config('trustcart.phone_key', %s, false)", [KEY])
        opened = " ".join(
            f"{number}={'ab' * size}" for number, size in rows(shop, "select id, 64 from trustcart_private.phone_keys")
        )
        connection.execute("select set_config('trustcart.phone_opened', %s, false)", [opened])
        assert connection.execute(look).fetchall() == masked
        with pytest.raises(psycopg.Error):
            connection.execute("select trustcart_private.opened_phone('enc:x')")


@pytest.mark.extension("pgcrypto")
def test_a_wrong_or_missing_key_is_a_clear_error(shop):
    on(shop)
    before = stored(shop)
    for key, expected in ((None, "TC502"), ("00" * 32, "TC501"), ("short", "TC005"), ("g" * 64, "TC005")):
        for query in (
            "update trustcart.customers set phone = '01711999999' where id = 1",
            "insert into trustcart.customers (phone) values ('01711999999')",
            "insert into trustcart.customer_family_members (customer_id, name, relationship, phone)"
            " values (1, 'X', 'child', '01711999999')",
            "select * from trustcart.find_caller('01711000001')",
            "select trustcart.receive_message('sms', '01711000001', 'STOP')",
            "select trustcart.clear_wrong_number(5, 'ext. 4711')",
        ):
            sqlstate, told = refused(shop, query, key)
            assert sqlstate == expected, query
            assert "01711999999" not in told.split(" None ")[0]
    assert stored(shop) == before
    # Without any number no key is needed.
    assert rows(shop, "insert into trustcart.customers (first_name) values ('No phone') returning 1", None) == [(1,)]
    assert rows(shop, "update trustcart.customers set first_name = 'Y' where id = 1 returning 1", None) == [(1,)]
    # A setting by hand, of a gateway even, is checked where it is used.
    with shop.connect() as connection:
        connection.execute("select set_config('trustcart.phone_key', %s, false)", ["00" * 32])
        with pytest.raises(psycopg.Error) as raised:
            connection.execute("select phone from trustcart.customer_360_view where customer_id = 1")
        assert raised.value.sqlstate == "TC501"
        assert translate(raised.value).http_status == 503


@pytest.mark.extension("pgcrypto")
def test_what_was_tampered_with_is_found(shop):
    on(shop)
    one, two = rows(
        shop,
        "select token, cipher from trustcart_private.phone_vault where token like 'enc:mobile:%%' limit 2",
    )
    with shop.connect() as connection:
        connection.execute("update trustcart_private.phone_vault set cipher = %s where token = %s", [two[1], one[0]])
    assert refused(shop, f"select trustcart.shown_phone('{one[0]}')", KEY)[0] == "TC505"
    with shop.connect() as connection:
        connection.execute(
            "update trustcart_private.phone_vault set cipher = set_byte(%s, 20, get_byte(%s, 20) # 1) where token = %s",
            [one[1], one[1], one[0]],
        )
    assert refused(shop, f"select trustcart.shown_phone('{one[0]}')", KEY)[0] == "TC505"
    with shop.connect() as connection:
        connection.execute("update trustcart_private.phone_key_wraps set wrapped = set_byte(wrapped, 20, 1)")
    assert refused(shop, "select 1", KEY)[0] == "TC505"


@pytest.mark.extension("pgcrypto")
def test_masked_text_and_foreign_tokens_are_not_stored(shop):
    on(shop)
    token = value(shop, "select phone from trustcart.customers where id = 1")
    before = stored(shop)[0]
    # A form that was shown the masked number sends it back.
    rows(shop, "update trustcart.customers set phone = '017***01', first_name = 'Z' where id = 1 returning id", None)
    assert stored(shop)[0] == before
    assert refused(shop, "update trustcart.customers set phone = '019***01' where id = 1", KEY)[0] == "TC005"
    assert refused(shop, "insert into trustcart.customers (phone) values ('019***01')", KEY)[0] == "TC005"
    unknown = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert refused(shop, f"insert into trustcart.customers (phone) values ('{unknown}')", KEY)[0] == "TC005"
    # One that is known is a copy of the number, E.164 and all, without a key.
    rows(shop, f"insert into trustcart.customers (id, phone) values (77, '{token}') returning id", None)
    assert value(shop, "select trustcart.shown_phone(phone_e164) from trustcart.customers where id = 77") == (
        "+8801711000001"
    )


# -- on, off and rotation, interrupted ---------------------------------------------------------------------------------


def many(db: Database, number: int = 300) -> None:
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id, phone, mobile)"
            " select 2000 + n, '017' || lpad(n::text, 8, '0'), '0' || (1800000000 + n %% 7)"
            " from generate_series(1, %s) as n",
            [number],
        )


def start(db: Database, *arguments: str, key: str = KEY) -> subprocess.Popen:
    command = [sys.executable, "-m", "trustcart_db", "--database-url", db.url, "encryption", *arguments]
    return subprocess.Popen(
        command,
        env=environment() | {phones.ENVIRONMENT: key},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_half_way(db: Database, lock: str, *arguments: str, key: str = KEY) -> None:
    """Kill -9 the command while it waits for a row that we hold, and its backend with it."""
    with db.connect() as holder, db.connect() as watcher:
        holder.execute("begin")
        assert holder.execute(lock).rowcount == 1
        process = start(db, *arguments, key=key)
        blocked = (
            "select pid from pg_stat_activity where datname = current_database() and application_name = 'trustcart-db'"
            " and %s = any(pg_blocking_pids(pid))"
        )
        deadline = time.monotonic() + 60
        while not (found := watcher.execute(blocked, [holder.info.backend_pid]).fetchall()):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            threading.Event().wait(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for (pid,) in found:
            watcher.execute("select pg_terminate_backend(%s, 10000)", [pid])
        holder.execute("rollback")


def still_works(db: Database, key: str = KEY) -> None:
    """Half-way: searched in any form, found; written, stored; nothing differs from its recomputation."""
    found = rows(db, "select customer_id from trustcart.find_caller('+8801700000010')", key)
    assert found == [(2010,)]
    assert len(rows(db, "select customer_id from trustcart.find_caller('01800000001')", key)) == 43
    rows(db, "insert into trustcart.customers (phone) values ('01800000001') returning id", key)
    assert len(rows(db, "select customer_id from trustcart.find_caller('01800000001')", key)) == 44
    rows(db, "delete from trustcart.customers where id between 1001 and 1999 returning id", key)
    assert rows(db, "select * from trustcart.check_customer_state()", key) == []


@pytest.mark.extension("pgcrypto")
def test_killed_while_turning_on_and_off(shop, cli):
    many(shop)
    before = stored(shop)[:4]
    kill_half_way(shop, "select from trustcart.customers where id = 2150 for update", "on", "--batch", "20")
    (status,) = json.loads(cli("encryption", "status", "--format", "json", url=shop.url).stdout)
    assert status["state"] == "turning_on"
    assert 0 < status["customers_left"] < 300
    still_works(shop)
    other = cli("encryption", "on", url=shop.url, env={phones.ENVIRONMENT: NEW_KEY})
    assert other.returncode == 7
    assert "is not the one" in other.stderr
    done = cli("encryption", "on", "--batch", "50", url=shop.url, env=WITH_KEY)
    assert done.returncode == 0, done.stderr
    assert value(shop, "select state from trustcart.phone_encryption_status()") == "on"
    still_works(shop)
    assert not re.search(rb"017000000|018000000", dump(shop))
    assert cli("encryption", "on", url=shop.url, env=WITH_KEY).stdout == "Phone numbers are encrypted already.\n"

    kill_half_way(shop, "select from trustcart.customers where id = 2150 for update", "off", "--batch", "20")
    still_works(shop)
    # Who changes their mind goes back.
    done = cli("encryption", "on", url=shop.url, env=WITH_KEY)
    assert done.returncode == 0, done.stderr
    still_works(shop)
    kill_half_way(shop, "select from trustcart.customers where id = 2150 for update", "off", "--batch", "20")
    done = cli("encryption", "off", url=shop.url, env=WITH_KEY)
    assert done.returncode == 0, done.stderr
    after = stored(shop)[:4]
    assert after[0] == before[0]
    assert sorted(map(repr, after[3])) == sorted(map(repr, before[3]))


@pytest.mark.extension("pgcrypto")
def test_killed_while_rotating(shop, cli):
    many(shop)
    on(shop)
    numbers = value(shop, "select count(*) from trustcart_private.phone_vault")
    expected = rows(shop, "select customer_id, phone, mobile from trustcart.customer_360_view order by 1")
    tokens = stored(shop)[:4]
    middle = value(shop, "select token from trustcart_private.phone_vault order by token offset 300 limit 1")
    lock = f"select from trustcart_private.phone_vault where token = '{middle}' for update"
    kill_half_way(shop, lock, "rotate", "--batch", "50")
    (status,) = json.loads(cli("encryption", "status", "--format", "json", url=shop.url).stdout)
    assert 0 < status["numbers_to_rotate"] < numbers
    assert rows(shop, "select customer_id, phone, mobile from trustcart.customer_360_view order by 1") == expected
    still_works(shop)
    keys = value(shop, "select count(*) from trustcart_private.phone_keys")
    assert keys == 3
    done = cli("encryption", "rotate", url=shop.url, env=WITH_KEY)
    assert done.returncode == 0, done.stderr
    assert value(shop, "select count(*) from trustcart_private.phone_keys") == 2
    assert rows(shop, "select customer_id, phone, mobile from trustcart.customer_360_view order by 1") == expected
    assert stored(shop)[:4] == tokens


@pytest.mark.extension("pgcrypto")
def test_the_master_key_changes_while_services_have_the_former_one(shop, cli, tmp_path):
    on(shop)
    look = "select phone from trustcart.customer_360_view where customer_id = 1"
    new_file = tmp_path / "new.key"
    new_file.write_text(NEW_KEY + "\n")
    done = cli("encryption", "rotate", "--new-key-file", str(new_file), url=shop.url, env=WITH_KEY)
    assert "Both keys" in done.stdout
    for key in (KEY, NEW_KEY):
        assert value(shop, look, key) == "01711-000001"
        rows(shop, "insert into trustcart.customers (phone) values (%s) returning id", key, f"017110000{len(key)}")
    assert value(shop, "select master_keys from trustcart.phone_encryption_status()") == 2
    done = cli("encryption", "rotate", "--key-file", str(new_file), url=shop.url)
    assert done.returncode == 0, done.stderr
    assert value(shop, look, NEW_KEY) == "01711-000001"
    assert refused(shop, look, KEY)[0] == "TC501"
    assert rows(shop, "select * from trustcart.find_caller('01711000064')", NEW_KEY) != []
    # The former key, with all that is in the database now, opens nothing.
    assert value(shop, "select count(*) from trustcart_private.phone_key_wraps", None) == 2
    assert off(shop, NEW_KEY)[0] == "on"


@pytest.mark.extension("pgcrypto")
def test_readers_and_writers_while_it_is_turned_on_rotated_and_off(shop):
    """Four sessions look up, list and write all the while; none ever sees another number, or an error."""
    many(shop, 120)
    stop = threading.Event()
    rounds = [0, 0, 0, 0]

    def work(number: int) -> None:
        chance = random.Random(number)
        with shop.connect() as connection:
            while not stop.is_set():
                customer = chance.randint(1, 120)
                try:
                    with connection.transaction():
                        phones.set_key(connection, KEY)
                        if number % 2:
                            phone = connection.execute(
                                "select phone from trustcart.customer_360_view where customer_id = %s",
                                [2000 + customer],
                            ).fetchone()[0]
                            assert phone.replace(" ", "") == f"017{customer:08d}", phone
                            found = connection.execute(
                                "select customer_id from trustcart.find_caller(%s)", [f"+88017{customer:08d}"]
                            ).fetchall()
                            assert found == [(2000 + customer,)], (customer, found)
                        else:
                            cut = chance.randint(1, 10)
                            text = f"017{customer:08d}"
                            connection.execute(
                                "update trustcart.customers set phone = %s where id = %s",
                                [text[:cut] + " " + text[cut:], 2000 + customer],
                            )
                except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
                    continue
                rounds[number] += 1

    with ThreadPoolExecutor(4) as pool, shop.connect() as connection:
        workers = [pool.submit(work, number) for number in range(4)]
        try:
            for _ in range(2):
                phones.turn_on(connection, KEY, batch=10)
                phones.rotate(connection, KEY, batch=10)
                phones.turn_off(connection, KEY, batch=10)
        finally:
            stop.set()
        for worker in workers:
            worker.result(timeout=60)
    assert min(rounds) > 0
    assert rows(shop, "select * from trustcart.check_customer_state()", None) == []
    assert (
        value(shop, "select count(*) from trustcart.customers where phone like 'enc:%%' or mobile like 'enc:%%'") == 0
    )
    assert sorted(
        phone.replace(" ", "") for (phone,) in rows(shop, "select phone from trustcart.customers where id > 2000", None)
    ) == [f"017{n:08d}" for n in range(1, 121)]


@pytest.mark.extension("pgcrypto")
def test_a_writer_who_sees_the_past_writes_no_readable_number(shop):
    """Repeatable read: the transaction began before encryption was turned on."""
    with shop.connect() as old:
        old.execute("begin isolation level repeatable read")
        old.execute("select count(*) from trustcart.settings")
        on(shop)
        with pytest.raises(psycopg.errors.SerializationFailure):
            old.execute("insert into trustcart.customers (phone) values ('01711000123')")
        old.execute("rollback")


@pytest.mark.extension("pgcrypto")
def test_the_old_key_stays_until_the_last_number_under_it_is_written(shop):
    """A session that began to write before the rotation commits after it."""
    on(shop)
    with shop.connect() as writer, shop.connect() as connection, ThreadPoolExecutor(1) as pool:
        writer.execute("begin")
        phones.set_key(writer, KEY)
        writer.execute("insert into trustcart.customers (id, phone) values (88, '01711000088')")
        rotation = pool.submit(phones.rotate, connection, KEY)
        deadline = time.monotonic() + 20
        with shop.connect() as watcher:
            while not watcher.execute(
                "select cardinality(pg_blocking_pids(%s)) > 0", [connection.info.backend_pid]
            ).fetchone()[0]:
                assert time.monotonic() < deadline
                threading.Event().wait(0.02)
        writer.execute("commit")
        rotation.result(timeout=60)
    assert value(shop, "select phone from trustcart.customer_360_view where customer_id = 88") == "01711000088"
    assert value(shop, "select numbers_to_rotate from trustcart.phone_encryption_status()") == 0


@pytest.mark.extension("pgcrypto")
def test_a_table_in_use_makes_it_give_up_with_nothing_changed(shop):
    with shop.connect() as holder:
        holder.execute("begin; update trustcart.customers set first_name = 'H' where id = 1")
        with pytest.raises(BusyError):
            on(shop, wait=0)
        holder.execute("rollback")
    assert value(shop, "select state from trustcart.phone_encryption_status()") == "off"
    assert value(shop, "select count(*) from pg_trigger where tgname like '%%_conceal'") == 0


@pytest.mark.extension("pgcrypto")
def test_forgotten_numbers_leave_the_vault(shop):
    on(shop)
    tokens = list(rows(shop, "select phone, phone_e164 from trustcart.customers where id = 4")[0])
    shared = rows(shop, "select phone, phone_e164 from trustcart.customers where id = 2")[0]
    rows(shop, "update trustcart.customers set phone = null, mobile = null where id in (2, 4) returning id")
    forgotten = value(shop, "select trustcart_private.forget_phones(%s)", KEY, [*tokens, *shared])
    assert forgotten == 2
    left = [token for (token,) in rows(shop, "select token from trustcart_private.phone_vault")]
    assert not set(tokens) & set(left)
    # Others have it.
    assert set(shared) <= set(left)


@pytest.mark.extension("pgcrypto")
def test_a_restored_dump_opens_with_the_key(shop, server):
    on(shop)
    name = f"{shop.name}_restored"
    copy = Database(server, name, server.create_database(name))
    try:
        psql = [server.bin_dir / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", copy.url]
        subprocess.run(psql, input=dump(shop), check=True, capture_output=True, timeout=120)
        look = "select customer_id, phone, mobile from trustcart.customer_360_view order by 1"
        assert rows(copy, look) == rows(shop, look)
        assert off(copy)[0] == "on"
    finally:
        server.drop_database(name)


@pytest.mark.extension("pgcrypto")
@pytest.mark.parametrize("merged_while", ["off", "on"])
def test_a_merge_is_undone_after_the_numbers_changed_their_kind(shop, merged_while):
    before = use_numbers(shop)
    if merged_while == "on":
        on(shop)
    rows(shop, "select trustcart.merge_customers(2, 6)")
    rows(shop, "select trustcart.merge_customers(4, 7)")
    (on if merged_while == "off" else off)(shop)
    if merged_while == "off":
        assert not READABLE.search(
            value(shop, "select string_agg(overwritten::text, '') from trustcart.customer_merges").encode()
        )
    rows(shop, "select trustcart.undo_merge(m.id) from trustcart.customer_merges as m order by m.id")
    assert use_numbers(shop) == before
    assert rows(shop, "select * from trustcart.check_customer_state()") == []


def use_numbers(db: Database) -> list[tuple]:
    return rows(
        db,
        "select id, trustcart.shown_phone(phone), trustcart.shown_phone(phone_e164), trustcart.shown_phone(mobile),"
        " trustcart.shown_phone(mobile_e164) from trustcart.customers order by id",
    )


@pytest.mark.extension("pgcrypto")
def test_an_erased_person_is_gone_from_the_vault(shop):
    on(shop)
    rows(shop, "select trustcart.erase_customer(4)", None)
    masks = [mask for (mask,) in rows(shop, "select masked from trustcart_private.phone_vault")]
    assert "880***03" not in masks
    assert "+88017***03" not in masks
    assert value(shop, "select trustcart.export_customer(2)")["customers"][0]["phone"] == "+8801711000001"
    assert value(shop, "select trustcart.export_customer(2)", None)["customers"][0]["phone"] == "+88017***01"


@pytest.mark.extension("pgcrypto")
def test_a_number_that_is_lost_stops_turning_off_and_says_whose(shop, cli):
    on(shop)
    with shop.connect() as connection:
        connection.execute("delete from trustcart_private.phone_vault where masked = '+14155***99'")
    done = cli("encryption", "off", url=shop.url, env=WITH_KEY)
    assert done.returncode == 1
    assert "of customers 1 to 11 a number is not in the vault" in done.stderr
    rows(shop, "update trustcart.customers set mobile = null where id = 5 returning id")
    assert cli("encryption", "off", url=shop.url, env=WITH_KEY).returncode == 0


# -- without it --------------------------------------------------------------------------------------------------------


def test_without_pgcrypto_it_says_so_and_changes_nothing(db, cli):
    with db.connect() as connection:
        fill(connection)
    before = stored(db)
    done = cli("encryption", "on", url=db.url, env=WITH_KEY)
    assert done.returncode == MissingError.exit_code
    assert "the extension pgcrypto is not in this database" in done.stderr
    assert "create extension pgcrypto" in done.stderr
    assert stored(db) == before
    assert rows(db, "select state, pgcrypto_schema, numbers from trustcart.phone_encryption_status()", None) == [
        ("off", None, 0)
    ]
    assert value(db, "select count(*) from pg_trigger where tgname like '%%_conceal'", None) == 0
    # A key that is set where nothing is encrypted is no hindrance.
    assert use(db, KEY)["360"][0] == ("01711-000001", None)
    assert cli("encryption", "off", url=db.url, env=WITH_KEY).stdout == "Phone numbers are not encrypted.\n"


def test_the_command_line_asks_for_a_key(db, cli, tmp_path):
    for command in ("on", "off", "rotate"):
        done = cli("encryption", command, url=db.url)
        assert done.returncode == 2
        assert "openssl rand" in done.stderr
    done = cli("encryption", "on", "--key-file", str(tmp_path / "none"), url=db.url)
    assert done.returncode == 2
    done = cli("encryption", "on", url=db.url, env={phones.ENVIRONMENT: "hunter2"})
    assert done.returncode == 7
    assert "hunter2" not in done.stderr
    done = cli("encryption", "rotate", "--now", url=db.url, env=WITH_KEY)
    assert done.returncode == 2
    done = cli("encryption", "rotate", url=db.url, env=WITH_KEY)
    assert "phone numbers are not encrypted" in done.stderr


def test_only_the_owner_turns_it_on(db, gateway, cli):
    done = cli("encryption", "on", url=db.server.url(db.name, "enc_agent"), env=WITH_KEY)
    assert done.returncode == 4
    assert "Only the owner" in done.stderr


def test_rollback_refuses_while_numbers_are_encrypted(db):
    """They would be lost with the vault."""
    text = (REPOSITORY / "migrations" / "0018_phone_vault.rollback.sql").read_text(encoding="utf-8")
    with db.connect() as connection, pytest.raises(psycopg.Error) as raised, connection.transaction():
        connection.execute("insert into trustcart_private.phone_keys (id, purpose, check_value)"
                           " values (1, 'search', sha256('')), (2, 'data', sha256(''))")  # fmt: skip
        connection.execute(
            "update trustcart_private.phone_encryption set state = 'on', search_key_id = 1, data_key_id = 2"
        )
        connection.execute(sql.SQL(text))
    assert raised.value.sqlstate == "TC504"
    assert Path(REPOSITORY / "migrations" / "0018_phone_vault.sql").exists()
