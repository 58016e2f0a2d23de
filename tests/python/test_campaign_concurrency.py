"""Campaigns sent at the same time: one audience each, one cap for all, and a shop that goes on."""

from __future__ import annotations

import threading

import psycopg
import pytest

from tests.tools.sessions import wait_until_blocked

CUSTOMERS = 60
_MAKE = (
    "insert into trustcart.marketing_campaigns (campaign_name, campaign_type, target_segment, message_template)"
    " values ('Any', %s, %s, 'Hi') returning id"
)
_SEND = "select trustcart.send_campaign(%s)"


@pytest.fixture
def shop(db):
    """A shop of customers whom every channel reaches."""
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id, first_name, phone, email)"
            " select g, 'C' || g, '0171' || lpad(g::text, 7, '0'), 'c' || g || '@example.com'"
            " from generate_series(1, %s) as g",
            [CUSTOMERS],
        )
    return db


class Sender(threading.Thread):
    """Sends a campaign in a session of its own; answer or error holds what came of it."""

    def __init__(self, db, *campaigns: int) -> None:
        super().__init__()
        self.connection = db.connect()
        self.pid = self.connection.info.backend_pid
        self.campaigns = campaigns
        self.answers: list[dict] = []
        self.error: Exception | None = None

    def run(self) -> None:
        """Send them one after the other."""
        try:
            with self.connection:
                for campaign in self.campaigns:
                    self.answers.append(self.connection.execute(_SEND, [campaign]).fetchone()[0])
        except psycopg.Error as error:
            self.error = error


def _campaign(connection, channel="sms", segment="all"):
    return connection.execute(_MAKE, [channel, segment]).fetchone()[0]


def test_two_sends_of_one_campaign(shop):
    with shop.connect() as connection:
        campaign = _campaign(connection)
        second = Sender(shop, campaign)
        with connection.transaction():
            first = connection.execute(_SEND, [campaign]).fetchone()[0]
            second.start()
            wait_until_blocked(shop, second.pid)
        second.join()
        assert second.error is None
        assert first["sent_count"] == CUSTOMERS
        (answer,) = second.answers
        assert answer["message"] == f"Campaign was already sent to {CUSTOMERS} customers"
        assert (answer["sent_count"], answer["already_sent"]) == (0, CUSTOMERS)
        assert connection.execute("select count(*) from trustcart.campaign_messages").fetchone()[0] == CUSTOMERS


def test_a_send_taken_back_leaves_the_campaign_to_the_next(shop):
    with shop.connect() as connection:
        campaign = _campaign(connection)
        second = Sender(shop, campaign)
        with connection.transaction(force_rollback=True):
            connection.execute(_SEND, [campaign])
            second.start()
            wait_until_blocked(shop, second.pid)
        second.join()
        assert second.answers[0]["sent_count"] == CUSTOMERS


def test_who_waits_counts_what_the_other_promised(shop):
    with shop.connect() as connection:
        connection.execute("update trustcart.settings set contacts_per_week = 1")
        one, other = _campaign(connection), _campaign(connection, "email")
        second = Sender(shop, other)
        with connection.transaction():
            connection.execute(_SEND, [one])
            second.start()
            wait_until_blocked(shop, second.pid)
        second.join()
        assert second.answers[0]["sent_count"] == 0
        assert second.answers[0]["exclusions"] == {"cap": CUSTOMERS}


def test_a_refusal_while_waiting_counts(shop):
    with shop.connect() as connection, shop.connect() as another:
        one, other = _campaign(connection), _campaign(connection)
        second = Sender(shop, other)
        with connection.transaction():
            connection.execute(_SEND, [one])
            second.start()
            wait_until_blocked(shop, second.pid)
            another.execute("select trustcart.record_consent(7, 'sms', false)")
        second.join()
        assert second.answers[0]["exclusions"] == {"no_consent": 1}


def test_many_senders_keep_the_cap(shop):
    cap = 3
    with shop.connect() as connection:
        connection.execute("update trustcart.settings set contacts_per_week = %s", [cap])
        # Some have been called today already.
        connection.execute(
            "insert into trustcart.customer_interactions (customer_id, interaction_type)"
            " select id, 'call' from trustcart.customers where id % 3 = 0"
        )
        campaigns = [_campaign(connection, ("sms", "email", "push", "whatsapp")[n % 4]) for n in range(16)]
    # Each campaign is sent by two of them.
    senders = [Sender(shop, *campaigns[n % 4 :: 4][:: 1 if n < 4 else -1]) for n in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert [sender.error for sender in senders] == [None] * 8
    with shop.connect() as connection:
        counts = connection.execute(
            "select c.id, count(m.id), count(distinct m.campaign_id) from trustcart.customers as c"
            " left join trustcart.campaign_messages as m on m.customer_id = c.id group by c.id order by c.id"
        ).fetchall()
        for number, messages, different in counts:
            assert messages == different == (cap - 1 if number % 3 == 0 else cap)
        together = connection.execute(
            "select (select count(*) from trustcart.campaign_messages)"
            " + (select count(*) from trustcart.campaign_exclusions)"
        ).fetchone()[0]
        assert together == 16 * CUSTOMERS
        answered = sum(answer["sent_count"] for sender in senders for answer in sender.answers)
        assert answered == sum(messages for _, messages, _ in counts)


def test_the_shop_goes_on_while_a_campaign_is_sent(shop):
    with shop.connect() as connection, shop.connect() as till:
        campaign, other = _campaign(connection), _campaign(connection)
        till.execute("set lock_timeout = '5s'")
        with connection.transaction():
            connection.execute(_SEND, [campaign])
            till.execute(
                "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
                " values (1, trustcart.business_date(), 500, 'pending')"
            )
            till.execute("update trustcart.customers set city = 'Dhaka' where id = 2")
            till.execute("insert into trustcart.customers (id, first_name) values (1000, 'New')")
            till.execute("select trustcart.record_consent(3, 'sms', false)")
            till.execute(
                "insert into trustcart.customer_interactions (customer_id, interaction_type) values (4, 'call')"
            )
            till.execute("update trustcart.marketing_campaigns set campaign_name = 'Renamed' where id = %s", [other])


def test_a_segment_does_not_go_while_a_campaign_of_it_is_made(shop):
    with shop.connect() as connection, shop.connect() as another:
        connection.execute(
            """select trustcart.create_segment('rich', '[{"attribute": "total_spend", "at_least": 1}]')"""
        )
        with connection.transaction():
            _campaign(connection, segment="rich")
            deleting = _in_thread(another, "delete from trustcart.segments where name = 'rich'")
            wait_until_blocked(shop, another.info.backend_pid)
        deleting.join()
        assert deleting.error.sqlstate == "TC110"


def test_a_campaign_is_not_made_of_a_segment_that_goes(shop):
    with shop.connect() as connection, shop.connect() as another:
        connection.execute(
            """select trustcart.create_segment('rich', '[{"attribute": "total_spend", "at_least": 1}]')"""
        )
        with connection.transaction():
            connection.execute("delete from trustcart.segments where name = 'rich'")
            making = _in_thread(another, _MAKE, ["sms", "rich"])
            wait_until_blocked(shop, another.info.backend_pid)
        making.join()
        assert making.error.sqlstate == "TC002"


def _in_thread(connection, query, values=None):
    """Run a statement in a thread; its .error holds what it raised."""

    def run() -> None:
        try:
            connection.execute(query, values)
        except psycopg.Error as error:
            thread.error = error

    thread = threading.Thread(target=run)
    thread.error = None
    thread.start()
    return thread
