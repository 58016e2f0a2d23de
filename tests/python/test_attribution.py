"""Orders and messages of one moment, and orders that are imported with their coupon."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.python.conftest import Database
from tests.tools.sessions import wait_until_blocked

ORDER = (
    "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
    " values (1, trustcart.business_date() + 1, 10)"
)
SEND = "update trustcart.campaign_messages set status = 'sent', sent_at = now()"


@pytest.fixture
def shop(db: Database) -> Database:
    """One customer, one queued message."""
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) values (1)")
        connection.execute(
            "insert into trustcart.marketing_campaigns (id, campaign_name, discount_code, start_date)"
            " values (1, 'Eid', 'EID10', '2025-01-01')"
        )
        connection.execute(
            "insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address)"
            " values (1, 1, 'sms', '+8801711000001')"
        )
    return db


@pytest.mark.parametrize(("one", "other"), [(ORDER, SEND), (SEND, ORDER)])
def test_order_and_message_of_one_moment_find_each_other(shop: Database, one: str, other: str) -> None:
    with shop.connect() as first, shop.connect() as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            first.execute(one)
            waiting = pool.submit(second.execute, other)
            wait_until_blocked(shop, second.info.backend_pid)
        waiting.result(timeout=20)
        assert first.execute("select kind from trustcart.order_attributions").fetchall() == [("window",)]
        assert first.execute("select * from trustcart.check_campaigns()").fetchall() == []


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_imported_orders_bring_their_coupon(shop: Database, cli, tmp_path: Path) -> None:
    with shop.connect() as connection:
        connection.execute("insert into trustcart.customers (id) values (2)")
        orders = "order_number,customer_id,order_date,total_amount,coupon_code\n"
        rows = "A,1,2025-03-01,10,eid10\nB,2,2025-03-01,20,\n,2,2025-03-01,30, EID10 \n"
        path = write(tmp_path / "o.csv", orders + rows)
        done = cli("import", "--orders", path, url=shop.url)
        assert done.returncode == 0, done.stderr
        attributed = "select amount::integer, kind from trustcart.order_attributions order by amount"
        assert connection.execute(attributed).fetchall() == [(10, "coupon"), (30, "coupon")]
        assert connection.execute("select * from trustcart.check_campaigns()").fetchall() == []

        # The same file again adds nothing, with the column or, where the order has no number, without.
        assert cli("import", "--orders", path, url=shop.url).returncode == 0
        bare = write(tmp_path / "bare.csv", "customer_id,order_date,total_amount\n2,2025-03-01,30\n")
        assert cli("import", "--orders", bare, url=shop.url).returncode == 0
        assert connection.execute("select count(*) from trustcart.sales_orders").fetchone() == (3,)

        changed = write(tmp_path / "c.csv", orders + "A,1,2025-03-01,10,OTHER\n")
        refused = cli("import", "--orders", changed, url=shop.url)
        assert refused.returncode == 6
        assert "another coupon_code" in refused.stderr
