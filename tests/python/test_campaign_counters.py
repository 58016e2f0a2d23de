"""Several sessions send, report, order and unsubscribe at once: what is kept of campaigns stays right, and nobody waits
in a circle."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.python.conftest import Database
from tests.tools.sessions import wait_until_blocked

CUSTOMERS = 40
CAMPAIGNS = 3
OCCURRENCES = 12
WORKERS = 4
OTHERS = 4
OPERATIONS = 150
RECEIPT = "select trustcart.record_receipt('sms', %s, now(), p_provider_message_id => %s, p_event_id => %s)"


@pytest.fixture
def shop(db: Database) -> Database:
    """A shop of few customers, each with a queued message of every campaign and occurrence."""
    with db.connect() as connection:
        connection.execute("update trustcart.settings set contacts_per_week = 100")
        connection.execute(
            "insert into trustcart.customers (id, phone) select n, '017' || lpad(n::text, 8, '0')"
            " from generate_series(1, %s) as g (n)",
            [CUSTOMERS],
        )
        connection.execute(
            "insert into trustcart.marketing_campaigns (id, campaign_name, message_template, discount_code)"
            " select n, 'Campaign ' || n, 'Hello', 'CODE' || n from generate_series(1, %s) as g (n)",
            [CAMPAIGNS],
        )
        connection.execute(
            "insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, occurrence)"
            " select k.id, c.id, 'sms', c.phone_e164, o::text from trustcart.customers as c"
            " cross join trustcart.marketing_campaigns as k cross join generate_series(1, %s) as o",
            [OCCURRENCES],
        )
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " select id, trustcart.business_date() - 60, 10 from trustcart.customers"
        )
        connection.execute("select trustcart.detect_dropoffs()")
    return db


def send(connection: psycopg.Connection, worker: int, limit: int, pick: random.Random) -> int:
    """Claim a batch and record most of it as accepted. Result: how many messages it was."""
    batch = connection.execute(
        "select message_id, attempt from trustcart.claim_messages('sms', %s, %s)", [worker, limit]
    ).fetchall()
    if batch:
        outcomes = [pick.choice(["accepted"] * 8 + ["temporary", "permanent"]) for _ in batch]
        nothing = [None] * len(batch)
        connection.execute(
            "select trustcart.record_deliveries(%s, %s, %s::smallint[], %s, %s, %s::text[], %s::text[])",
            [
                worker,
                [message for message, _ in batch],
                [attempt for _, attempt in batch],
                outcomes,
                [
                    f"p{message}" if outcome == "accepted" else None
                    for (message, _), outcome in zip(batch, outcomes, strict=True)
                ],
                nothing,
                nothing,
            ],
        )
    return len(batch)


def work(db: Database, seed: int, start: threading.Barrier) -> int:
    """A delivery worker; returns how many of its operations were undone by a deadlock."""
    pick, deadlocks = random.Random(seed), 0
    with db.connect() as connection:
        worker = connection.execute("select trustcart.start_delivery_worker()").fetchone()[0]
        start.wait(timeout=20)
        for _ in range(OPERATIONS):
            try:
                send(connection, worker, pick.randint(1, 12), pick)
            except psycopg.errors.DeadlockDetected:
                deadlocks += 1
    return deadlocks


def disturb(db: Database, seed: int, start: threading.Barrier) -> int:
    """Providers, shop and customers at random; returns how many operations were undone by a deadlock."""
    pick, deadlocks = random.Random(seed), 0
    highest = CUSTOMERS * CAMPAIGNS * OCCURRENCES
    with db.connect() as connection:
        start.wait(timeout=20)
        for number in range(OPERATIONS * 2):
            kind, customer = pick.random(), pick.randint(1, CUSTOMERS)
            try:
                if kind < 0.35:
                    # Of a message that may be sent, be on its way, or never go out under this id.
                    receipt = pick.choice(["sent", "delivered", "opened", "responded", "responded", "bounced"])
                    connection.execute(RECEIPT, [receipt, f"p{pick.randint(1, highest)}", f"{seed} {number}"])
                elif kind < 0.45:
                    connection.execute(
                        "select trustcart.record_receipt('sms', 'delivered', now(),"
                        " trustcart_private.message_key(m.id, m.token), p_event_id => %s)"
                        " from trustcart.campaign_messages as m where m.id = %s",
                        [f"{seed} {number}", pick.randint(1, highest)],
                    )
                elif kind < 0.6:
                    connection.execute(
                        "insert into trustcart.sales_orders (customer_id, order_date, total_amount, coupon_code)"
                        " values (%s, trustcart.business_date() + %s, 10, %s)",
                        [customer, pick.randint(0, 9), pick.choice([None, None, "code1", "CODE2", "none"])],
                    )
                elif kind < 0.7:
                    connection.execute(
                        "update trustcart.sales_orders set status = 'cancelled' where id = (select o.id"
                        " from trustcart.sales_orders as o where o.customer_id = %s order by o.id desc limit 1)",
                        [customer],
                    )
                elif kind < 0.8:
                    connection.execute(
                        "select trustcart.receive_message('sms', %s, %s, now(), %s)",
                        [f"017{customer:08}", pick.choice(["Yes please", "STOP", "START"]), f"in {seed} {number}"],
                    )
                elif kind < 0.9:
                    connection.execute(
                        "insert into trustcart.customer_interactions (customer_id, interaction_type)"
                        " values (%s, 'sms')",
                        [customer],
                    )
                else:
                    connection.execute(
                        "update trustcart.marketing_campaigns set sent_count = 0, subject = %s where id = %s",
                        [f"Subject {number}", pick.randint(1, CAMPAIGNS)],
                    )
            except psycopg.errors.DeadlockDetected:
                deadlocks += 1
    return deadlocks


def test_counters_contacts_and_attributions_of_racing_sessions(shop: Database) -> None:
    start = threading.Barrier(WORKERS + OTHERS)
    with ThreadPoolExecutor(WORKERS + OTHERS) as pool:
        sessions = [pool.submit(work, shop, seed, start) for seed in range(WORKERS)]
        sessions += [pool.submit(disturb, shop, 100 + seed, start) for seed in range(OTHERS)]
        deadlocks = [session.result(timeout=300) for session in sessions]
    assert deadlocks == [0] * (WORKERS + OTHERS)
    with shop.connect() as connection:
        assert connection.execute("select * from trustcart.check_campaigns()").fetchall() == []
        assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []
        # In another way than the check does it, and enough of all to tell.
        counts = connection.execute(
            "select k.sent_count, k.response_count,"
            " (select count(*) from trustcart.campaign_messages as m where m.campaign_id = k.id and m.status = 'sent'),"
            " (select count(m.responded_at) from trustcart.campaign_messages as m where m.campaign_id = k.id)"
            " from trustcart.marketing_campaigns as k"
        ).fetchall()
        assert all(sent == rows and answered == answers for sent, answered, rows, answers in counts)
        assert sum(sent for sent, *_ in counts) > 100 and sum(answered for _, answered, *_ in counts) > 10
        assert connection.execute("select count(*) > 20 from trustcart.order_attributions").fetchone()[0]
        # No receipt waits for a message that is there.
        assert connection.execute(
            "select count(*) from trustcart.campaign_receipts as r inner join trustcart.campaign_messages as m"
            " on m.provider_message_id = r.provider_message_id where r.message_id is null"
        ).fetchone() == (0,)


def test_batches_of_several_campaigns_lock_these_in_order(shop: Database) -> None:
    """Two transactions whose messages lie the other way round in the table count without a circle."""
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            first.execute("update trustcart.campaign_messages set status = 'sent', sent_at = now() where id in (1, 13)")
            waiting = pool.submit(
                second.execute,
                "update trustcart.campaign_messages set status = 'sent', sent_at = now()"
                " where id in (select m.id from trustcart.campaign_messages as m where m.customer_id = 9)",
            )
            wait_until_blocked(shop, second.info.backend_pid)
        waiting.result(timeout=20)
        assert first.execute("select sum(sent_count) from trustcart.marketing_campaigns").fetchone() == (
            2 + CAMPAIGNS * OCCURRENCES,
        )
        assert first.execute("select * from trustcart.check_campaigns()").fetchall() == []


def test_two_batches_of_one_campaign_are_both_counted(shop: Database) -> None:
    batch = (
        "update trustcart.campaign_messages set status = 'sent', sent_at = now()"
        " where campaign_id = 1 and customer_id = %s"
    )
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            first.execute(batch, [3])
            waiting = pool.submit(second.execute, batch, [5])
            wait_until_blocked(shop, second.info.backend_pid)
        waiting.result(timeout=20)
        assert first.execute("select sent_count from trustcart.marketing_campaigns where id = 1").fetchone() == (
            2 * OCCURRENCES,
        )
        assert first.execute("select * from trustcart.check_campaigns()").fetchall() == []
