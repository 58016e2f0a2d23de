"""find_customers() against a plain recomputation in Python: names, filters, order, page by page, of random shops."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest

_FIRST = [
    "Rahima",
    "Rahim",
    "রহিমা",
    "Karim",
    "Md.",
    "Md. Abdul",
    "Abdul-Karim",
    "Émilie",
    "RAHELA",
    "যায়েদ",
    "যায়েদ",
    "O'Neil",
]
_LAST = ["Begum", "Akter", "Rahman", "Rahim", "বেগম", "Karim Begum", "Khan", None, "Al Amin", "  Begum  ", ""]
_TYPES = [None, "new", "repeat", "vip", "inactive"]
_STAGES = [None, "prospect", "new", "active", "at_risk", "churned"]
_TEMPERATURES = [None, "hot", "warm", "cold"]
_SIZE = 400


def _words(text: str | None) -> set[str]:
    text = re.sub("[\u0300-\u036f\u200b-\u200d]", "", unicodedata.normalize("NFKD", text or ""))
    return {word for word in re.split(r"[\s!-/:-@\[-`{-~।]+", text.lower()) if word}


@pytest.fixture
def shop(db):
    """Customers with names of a few words, orders such that all labels occur, and some merged into others."""
    chance = random.Random(6)
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.users (id, name, role, db_role) values (1, 'Agent', 'crm_agent', null)"
        )
        customers = [
            (number, chance.choice(_FIRST), chance.choice(_LAST), chance.choice([1, None]))
            for number in range(1, _SIZE + 1)
        ]
        orders = [
            (customer, chance.randint(0, 150), chance.choice([10, 99.5, 500, 30000]))
            for customer, *_ in customers
            for _ in range(chance.choice([0, 1, 1, 2, 3, 7]))
        ]
        with connection.cursor() as cursor:
            with cursor.copy(
                "copy trustcart.customers (id, first_name, last_name, assigned_agent_id) from stdin"
            ) as copy:
                for row in customers:
                    copy.write_row(row)
            cursor.executemany(
                "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
                " values (%s, trustcart.business_date() - %s, %s, 'delivered')",
                orders,
            )
        for survivor, duplicate in ((1, 2), (3, 4), (5, 6)):
            connection.execute("select trustcart.merge_customers(%s, %s)", [survivor, duplicate])
        # Renamed, and named again.
        connection.execute("update trustcart.customers set first_name = 'Nobody' where id % 10 = 0")
        connection.execute("update trustcart.customers set first_name = 'Rahima' where id % 20 = 0")
        yield connection


def _expected(connection, search, labels, sort, own=None) -> list[int]:
    rows = connection.execute(
        "select id, first_name, last_name, customer_type, lifecycle_stage, priority_level, total_spend,"
        " coalesce(last_order_date - date '2000-01-01', -1000000), merged_into_id"
        " from trustcart.customers"
    ).fetchall()
    wanted = _words(search)
    found = set()
    for number, first, last, *_, merged_into in rows:
        words = _words(f"{first or ''} {last or ''}")
        if all(any(word.startswith(one) for word in words) for one in wanted):
            found.add(merged_into or number)
    listed = [
        (row[6] if sort == "lifetime_value" else row[7], row[0])
        for row in rows
        if row[0] in found
        and row[8] is None
        and (own is None or row[0] in own)
        and all(label is None or label == value for label, value in zip(labels, row[3:6], strict=True))
    ]
    return [number for _, number in sorted(listed, reverse=True)]


def _walk(connection, search, labels, sort, limit) -> tuple[list[int], set]:
    found, counts, after = [], set(), None
    while True:
        ids, after, count = connection.execute(
            "select customer_ids, next_cursor, match_count from trustcart.find_customers(%s, %s, %s, %s, %s, %s, %s)",
            [search, *labels, sort, after, limit],
        ).fetchone()
        assert len(ids) == limit or after is None
        found += ids
        counts.add(count)
        if after is None:
            return found, counts


def _asked(chance: random.Random):
    words = [
        "rah",
        "rahim",
        "rahima",
        "beg",
        "begum",
        "md",
        "abdul",
        "কিছু",
        "রহি",
        "যায়",
        "é",
        "o'n",
        "karim",
        "k",
        "nobody",
    ]
    search = " ".join(chance.sample(words, chance.choice([1, 1, 2, 2, 3])))
    labels = [chance.choice(_TYPES), chance.choice(_STAGES), chance.choice(_TEMPERATURES)]
    # Mostly one or two filters: three hardly ever leave anybody.
    for place in chance.sample(range(3), chance.choice([1, 2, 3])):
        labels[place] = None
    return chance.choice([search, search.upper(), None]), labels, chance.choice(["lifetime_value", "last_order_date"])


def test_every_search_finds_what_python_finds(shop):
    chance, hits = random.Random(7), 0
    for _ in range(150):
        search, labels, sort = _asked(chance)
        expected = _expected(shop, search, labels, sort)
        found, counts = _walk(shop, search, labels, sort, chance.choice([1, 7, 50, 500]) if len(expected) < 60 else 50)
        assert found == expected, (search, labels, sort)
        assert counts == ({None} if search is None else {len(expected)}), (search, labels, sort)
        hits += len(expected) > 0
    assert hits > 60


def test_an_agent_finds_the_same_of_own_customers(shop, db):
    shop.execute("create role search_agent login in role trustcart_agent")
    try:
        shop.execute("update trustcart.users set db_role = 'search_agent' where id = 1")
        # Assigned, or on a call: those who reached gold.
        own = {
            number
            for (number,) in shop.execute(
                "select customer_id from trustcart_private.customers_of_agents where agent_id = 1"
            )
        }
        chance, hits = random.Random(8), 0
        with db.connect("search_agent") as connection:
            for _ in range(60):
                search, labels, sort = _asked(chance)
                expected = _expected(shop, search, labels, sort, own)
                assert _walk(connection, search, labels, sort, 20)[0] == expected, (search, labels, sort)
                hits += len(expected) > 0
        assert hits > 20
    finally:
        shop.execute("drop role search_agent")
