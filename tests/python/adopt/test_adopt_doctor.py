"""doctor beside an adopted ERP: followed whole, without its triggers, and what could not come over."""

from __future__ import annotations

import pytest

from tests.python.adopt.conftest import adopt_well
from trustcart_db import doctor

pytestmark = pytest.mark.once


def told(url: str) -> dict[str, doctor.Check]:
    """The checks by their names."""
    return {check.name: check for check in doctor.examine(url)}


def test_adopted_halfway_and_without_triggers(adopted):
    found = told(adopted.url)
    assert {name: check.status for name, check in found.items() if check.status != "ok"} == {
        # No job has run yet, and the ERP's dirty rows are waiting.
        "tick": "warning",
        "partitions": "warning",
        "quarantine": "warning",
    }
    assert "17 of public.customers" in found["quarantine"].finding
    with adopted.connect() as connection:
        connection.execute("update trustcart_private.adoptions set state = 'backfilling'")
        connection.execute("update trustcart_private.adoption_sources set done_at = null where entity = 'orders'")
        assert told(adopted.url)["adoption"].status == "warning"
        adopt_well(adopted.url, "--mapping", "trustcart_erp")
        assert told(adopted.url)["adoption"].status == "ok"

        connection.execute("alter table public.sales_orders disable trigger user")
        assert told(adopted.url)["triggers"].status == "critical"
        connection.execute("alter table public.sales_orders enable trigger user")
        triggers = connection.execute(
            "select tgname from pg_trigger where tgrelid = 'public.sales_orders'::regclass and tgname ~ '^trustcart_'"
        ).fetchall()
        for (name,) in triggers:
            connection.execute(f"drop trigger {name} on public.sales_orders")
        assert told(adopted.url)["adoption"].finding == "live, but without triggers on public.sales_orders"
        adopt_well(adopted.url, "--mapping", "trustcart_erp")
        assert told(adopted.url)["adoption"].status == "ok"
