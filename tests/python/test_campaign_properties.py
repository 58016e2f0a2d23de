"""What holds for every campaign of every shop: made-up shops, whose audiences are reckoned a second time in Python."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.tools.campaign_shop import CHANNELS, CampaignShop

_AUDIENCE = (
    "select customer_id, occurrence, reason, address, variant"
    " from trustcart_private.campaign_audience(%s, {at}, trustcart.business_date())"
)
_LEDGER = """
    select customer_id, occurrence, null, address, variant from trustcart.campaign_messages where campaign_id = %(id)s
    union all
    select customer_id, occurrence, reason, null, null from trustcart.campaign_exclusions where campaign_id = %(id)s
"""


def _by_person(rows):
    """{(customer, occurrence): (reason, address, variant)}; whoever is left out has no address to compare."""
    found = {}
    for customer, occurrence, reason, address, variant in rows:
        assert (customer, occurrence) not in found
        found[customer, occurrence] = (reason, None if reason else address, variant)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_audience_and_exclusions_are_the_segment(db, seed):
    with db.connect() as connection:
        shop = CampaignShop(connection, seed)
        for name in ("all", "new", "repeat", "vip", "inactive", *shop.rules):
            found = connection.execute("select * from trustcart.segment_customers(%s)", [name]).fetchall()
            assert sorted(n for (n,) in found) == sorted(shop.segment(name)), (name, shop.rules.get(name))
            count = connection.execute("select trustcart.segment_count(%s)", [name]).fetchone()[0]
            assert count == len(found)

        for channel in CHANNELS:
            _a_batch_is_judged_as_the_whole(connection, shop, channel)

        seen: Counter[str] = Counter()
        for number in range(6):
            campaign = {
                "campaign_type": shop.random.choice(CHANNELS),
                "target_segment": shop.random.choice(["all", "all", *shop.rules]),
                "trigger_event": "birthday" if number % 3 == 2 else None,
                "holdout_percentage": shop.random.choice([0, 10, 50]),
            }
            campaign["id"] = shop.campaign(**campaign)
            campaign["variants"] = shop.random.choice([{}, {}, {"A": 1, "B": 3, "c": 2}])
            for variant, weight in campaign["variants"].items():
                connection.execute(
                    "insert into trustcart.campaign_variants (campaign_id, variant, weight, message_template)"
                    " values (%s, %s, %s, 'Hi')",
                    [campaign["id"], variant, weight],
                )
            expected = shop.audience(campaign)
            audience = connection.execute(_AUDIENCE.format(at="%s"), [campaign["id"], shop.at]).fetchall()
            assert _by_person(audience) == expected
            seen.update(reason or "sent" for reason, _, _ in expected.values())

            with connection.transaction():
                rows = _by_person(connection.execute(_AUDIENCE.format(at="now()"), [campaign["id"]]))
                preview = _preview(connection, campaign["id"])
                assert not connection.execute(_LEDGER, {"id": campaign["id"]}).fetchall()
                answer = connection.execute("select trustcart.send_campaign(%s)", [campaign["id"]]).fetchone()[0]
            assert _by_person(connection.execute(_LEDGER, {"id": campaign["id"]})) == rows
            reasons = Counter(reason for reason, _, _ in rows.values())
            queued = reasons.pop(None, 0)
            assert answer["sent_count"] == preview["sent_count"] == queued
            assert answer["exclusions"] == preview["exclusions"] == dict(reasons)
            assert answer["excluded_count"] == preview["excluded_count"] == sum(reasons.values())
            assert preview["variants"] == dict(Counter(v for r, _, v in rows.values() if r is None and v))
            assert answer["message"] == f"Campaign sent to {queued} customers"
            assert _bodies(connection, campaign["id"]) == {m["customer_id"]: m["body"] for m in preview["messages"]}

            # Again, nobody is added.
            before = sorted(connection.execute(_LEDGER, {"id": campaign["id"]}).fetchall(), key=str)
            again = connection.execute("select trustcart.send_campaign(%s)", [campaign["id"]]).fetchone()[0]
            assert again["sent_count"] == 0
            assert sorted(connection.execute(_LEDGER, {"id": campaign["id"]}).fetchall(), key=str) == before
        assert seen["sent"] and seen["no_consent"]


def _preview(connection, campaign_id):
    return connection.execute("select trustcart.preview_campaign(%s, 1000)", [campaign_id]).fetchone()[0]


def _bodies(connection, campaign_id):
    return dict(
        connection.execute(
            "select m.customer_id, r.body from trustcart.campaign_messages as m"
            " join trustcart_private.render_message(array(select id from trustcart.campaign_messages"
            " where campaign_id = %(id)s)) as r on r.message_id = m.id",
            {"id": campaign_id},
        ).fetchall()
    )


def _a_batch_is_judged_as_the_whole(connection, shop, channel):
    """What delivery asks of a batch is what the freeze asked of everybody."""
    batch = shop.random.sample(sorted(shop.people), 40)
    for query in (
        "select * from trustcart_private.message_blocks(%(channel)s, %(at)s, %(batch)s)",
        "select * from trustcart_private.message_addresses(%(channel)s, %(batch)s)",
    ):
        some = connection.execute(query, {"channel": channel, "at": shop.at, "batch": batch}).fetchall()
        everybody = connection.execute(query, {"channel": channel, "at": shop.at, "batch": None}).fetchall()
        assert sorted(some) == sorted(row for row in everybody if row[0] in batch)
        assert everybody
