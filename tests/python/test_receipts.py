"""Receipts and webhooks that come at the same time as what they are about, or twice at once."""

from __future__ import annotations

import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.python.conftest import Database
from tests.tools.sessions import wait_until_blocked
from trustcart_db.errors import translate

SECRET = "not in the database"
# As a worker does it, and as anybody might.
RECORD = (
    "select trustcart.record_deliveries(7, array[{0}]::bigint[], array[1]::smallint[], '{{accepted}}', '{{p{0}}}',"
    " '{{200}}', array[null])"
)
BY_HAND = (
    "update trustcart.campaign_messages set status = 'sent', sent_at = now(), claimed_by = null, claimed_at = null,"
    " provider_message_id = 'p' || id where id = {0}"
)


@pytest.fixture
def shop(db: Database) -> Database:
    """Two messages in the hands of worker 7."""
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id, phone) values (1, '01711000001'), (2, '01711000002')")
        connection.execute("insert into trustcart.marketing_campaigns (id, campaign_name) values (1, 'Eid')")
        connection.execute(
            "insert into trustcart.campaign_messages"
            " (id, campaign_id, customer_id, channel, address, status, claimed_by, claimed_at, attempts)"
            " select id, 1, id, 'sms', phone_e164, 'sending', 7, now(), 1 from trustcart.customers"
        )
        connection.execute(
            "insert into trustcart.campaign_delivery_attempts (message_id, attempt, worker)"
            " select id, 1, 7 from trustcart.campaign_messages"
        )
    return db


def receipt(connection: psycopg.Connection, kind: str, provider_id: str) -> dict[str, bool]:
    return connection.execute(
        "select trustcart.record_receipt('sms', %s, now(), p_provider_message_id => %s)", [kind, provider_id]
    ).fetchone()[0]


def state(db: Database, message: int = 1) -> tuple:
    """Whether the message is sent, delivered and what its receipts wait for."""
    with db.connect() as connection:
        return connection.execute(
            "select m.status, m.delivered_at is not null, (select count(*) from trustcart.campaign_receipts as r"
            " where r.message_id is null) from trustcart.campaign_messages as m where m.id = %s",
            [message],
        ).fetchone()


@pytest.mark.parametrize("record", [RECORD, BY_HAND])
def test_a_receipt_of_a_delivery_that_is_just_being_recorded(shop: Database, record: str) -> None:
    with shop.connect() as worker, shop.connect() as gateway, ThreadPoolExecutor(1) as pool:
        with worker.transaction():
            worker.execute(record.format(1))
            waiting = pool.submit(receipt, gateway, "delivered", "p1")
            wait_until_blocked(shop, gateway.info.backend_pid)
        assert waiting.result(timeout=20) == {"is_new": True, "is_known": True}
    assert state(shop) == ("sent", True, 0)


@pytest.mark.parametrize("record", [RECORD, BY_HAND])
def test_a_delivery_recorded_while_its_receipt_is_just_being_stored(shop: Database, record: str) -> None:
    with shop.connect() as worker, shop.connect() as gateway, ThreadPoolExecutor(1) as pool:
        with gateway.transaction():
            assert receipt(gateway, "delivered", "p1") == {"is_new": True, "is_known": False}
            waiting = pool.submit(worker.execute, record.format(1))
            wait_until_blocked(shop, worker.info.backend_pid)
        waiting.result(timeout=20)
    assert state(shop) == ("sent", True, 0)


def test_a_delivery_that_is_rolled_back_leaves_the_receipt_waiting(shop: Database) -> None:
    with shop.connect() as worker, shop.connect() as gateway, ThreadPoolExecutor(1) as pool:
        with worker.transaction(force_rollback=True):
            worker.execute(RECORD.format(1))
            waiting = pool.submit(receipt, gateway, "delivered", "p1")
            wait_until_blocked(shop, gateway.info.backend_pid)
        assert waiting.result(timeout=20) == {"is_new": True, "is_known": False}
        assert state(shop) == ("sending", False, 1)
        worker.execute(RECORD.format(1))
    assert state(shop) == ("sent", True, 0)


def test_the_same_receipt_twice_at_once_counts_once(shop: Database) -> None:
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        first.execute(RECORD.format(1))
        with first.transaction():
            assert receipt(first, "responded", "p1") == {"is_new": True, "is_known": True}
            waiting = pool.submit(receipt, second, "responded", "p1")
            wait_until_blocked(shop, second.info.backend_pid)
        assert waiting.result(timeout=20) == {"is_new": False, "is_known": True}
        assert first.execute("select response_count from trustcart.marketing_campaigns").fetchone() == (1,)


def test_what_came_back_is_not_sent_again(shop: Database) -> None:
    """The worker sent the message and was killed before it could say so."""
    with shop.connect() as connection:
        connection.execute(
            "select trustcart.record_receipt('sms', 'delivered', now(), trustcart_private.message_key(m.id, m.token))"
            " from trustcart.campaign_messages as m where m.id = 1"
        )
        assert connection.execute("select trustcart.release_dead_deliveries()").fetchone() == (1,)
        handed_out = connection.execute("select message_id from trustcart.claim_messages('sms', 8, 10)").fetchall()
        # The other one is, for nobody knows.
        assert 1 not in [message for (message,) in handed_out]
        assert connection.execute("select sent_count from trustcart.marketing_campaigns").fetchone() == (1,)
        assert connection.execute("select * from trustcart.check_campaigns()").fetchall() == []


def webhook(connection: psycopg.Connection, body: str, signature: str | None = None) -> dict[str, int]:
    """As the gateway does it: the secret is of the transaction."""
    signature = signature or hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
    with connection.transaction():
        connection.execute("select set_config('trustcart.webhook_secret', %s, true)", [SECRET])
        return connection.execute(
            "select trustcart_api.receive_webhook('sms', %s, %s)", [body, f"sha256={signature}"]
        ).fetchone()[0]


def test_signatures_are_those_of_other_programs(shop: Database) -> None:
    body = json.dumps({"events": [{"kind": "inbound", "from": "01711000001", "text": "কত দাম? 🍯"}]}, ensure_ascii=False)
    with shop.connect() as connection:
        assert webhook(connection, body)["known"] == 1
        with pytest.raises(psycopg.Error) as caught:
            webhook(connection, body, "0" * 64)
        error = translate(caught.value)
        assert (error.sqlstate, error.http_status) == ("TC401", 401)
        # A transaction later the secret is gone.
        with pytest.raises(psycopg.Error, match="no secret is set"):
            connection.execute("select trustcart_api.receive_webhook('sms', %s, 'x')", [body])
        assert connection.execute("select count(*) from trustcart.campaign_receipts").fetchone() == (1,)


def test_webhooks_that_name_messages_the_other_way_round(shop: Database) -> None:
    """Two webhooks at once, each about both customers, lock these in one order."""
    events = [{"id": str(n), "kind": "delivered", "message_id": f"p{1 + n % 2}"} for n in range(4)]
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        first.execute(RECORD.format(1))
        first.execute(RECORD.format(2))
        with first.transaction():
            first.execute("select trustcart_private.lock_customers('{1}')")
            waiting = pool.submit(webhook, second, json.dumps({"events": events}))
            wait_until_blocked(shop, second.info.backend_pid)
            # Nothing that lies behind is taken yet.
            first.execute("select trustcart_private.lock_customers('{2}')")
        assert waiting.result(timeout=20) == {"received": 4, "new": 4, "known": 4, "inbound": 0, "ignored": 0}
    assert state(shop)[:2] == state(shop, 2)[:2] == ("sent", True)


def test_consent_withdrawn_while_the_message_is_being_handed_out(shop: Database) -> None:
    with shop.connect() as worker, shop.connect() as customer, ThreadPoolExecutor(1) as pool:
        worker.execute(
            "update trustcart.campaign_messages"
            " set status = 'queued', claimed_by = null, claimed_at = null where id = 1"
        )
        with worker.transaction():
            assert len(worker.execute("select * from trustcart.claim_messages('sms', 7, 1)").fetchall()) == 1
            waiting = pool.submit(customer.execute, "select trustcart.record_consent(1, 'sms', false)")
            wait_until_blocked(shop, customer.info.backend_pid)
        waiting.result(timeout=20)
    assert state(shop)[0] == "sending"
