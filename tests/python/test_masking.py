"""Addresses and phones are masked in messages and logs, in the database's form; nothing else is touched."""

from __future__ import annotations

import psycopg
import pytest

from trustcart_db.errors import translate
from trustcart_db.masking import mask_address, mask_text


@pytest.mark.parametrize(
    "address",
    [
        "john@example.com",
        "j@x",
        "+8801711223344",
        "01711223344",
        "12345",
        "+4512345678",
        "+451234567",
        "customer:7",
        "a@b@c",
        "০১৭১১২২৩৩৪৪",
    ],
)
def test_the_mask_is_the_databases(db, address):
    with db.connect() as connection:
        (masked,) = connection.execute("select trustcart_private.mask_address(%s)", [address]).fetchone()
    assert mask_address(address) == masked


def test_the_guides_own_example():
    assert mask_address("john@example.com") == "jo***@example.com"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "Key (lower(email))=(john@example.com) already exists.",
            "Key (lower(email))=(jo***@example.com) already exists.",
        ),
        ("phone 01711223344 and +880 1711-223344", "phone 017***44 and +880 1***44"),
        ("called 8801711223344.", "called 880***44."),
        ("2026-11-27 is not a business date", "2026-11-27 is not a business date"),
        ("there is no customer 123456789012", "there is no customer 123456789012"),
        ("order 20261127-000123456", "order 20261127-000123456"),
        (
            'Failing row contains (1, "J (x)", john@example.com,\n 017).',
            "The row is not shown: it may hold personal data.",
        ),
    ],
)
def test_texts(text, masked):
    assert mask_text(text) == masked


def test_what_a_constraint_quotes_is_not_told(db):
    """Postgres names the whole row, or the key; the user's message does not."""
    with db.connect() as connection:
        connection.execute("insert into trustcart.users (name, email) values ('A', 'quxmail@example.com')")
        for statement in (
            "insert into trustcart.users (name, email) values ('B', 'quxmail@example.com')",
            "insert into trustcart.customer_family_members (customer_id, name, relationship, phone)"
            " values (0, 'x', '', '01711223344')",
            "insert into trustcart.customer_family_members (customer_id, name, relationship, phone)"
            " values (0, 'x', 'child', '01711223344')",
            "select '01711223344'::date",
        ):
            with pytest.raises(psycopg.Error) as raised:
                connection.execute(statement)
            told = str(translate(raised.value))
            assert "quxmail" not in told
            assert "1711223344" not in told
