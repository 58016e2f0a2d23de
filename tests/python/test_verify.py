"""verify: whether everything is there, and right."""

from __future__ import annotations

import json


def findings(cli, url: str) -> tuple[int, dict[str, dict[str, object]]]:
    done = cli("verify", "--format", "json", url=url)
    assert "Traceback" not in done.stderr
    return done.returncode, {row["check"]: row for row in json.loads(done.stdout)}


def test_a_fresh_database_is_well(db, cli):
    code, found = findings(cli, db.url)
    assert code == 0, found
    assert all(row["ok"] for row in found.values())
    assert {"Total Customers", "Active Tasks Today", "At-Risk Customers"} <= set(found)
    assert "trustcart-db schedule" in found["Jobs That Never Ran"]["remedy"]


def test_what_the_guide_counts(db, cli):
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id, phone) values (1, 'ask'), (2, '01712345678')")
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " select c, trustcart.business_date() - 100, 1 from generate_series(1, 2) as c"
        )
    assert cli("run", "daily", url=db.url).returncode == 0
    with db.connect() as connection:
        # One buys again: the guide counts the rows of a day, we the episodes that last.
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " values (2, trustcart.business_date(), 1)"
        )
    code, found = findings(cli, db.url)
    assert code == 0, found
    assert found["Total Customers"]["value"] == 2
    assert found["At-Risk Customers"]["value"] == 1
    assert found["Active Tasks Today"]["value"] == 1
    assert found["Unreadable Phone Numbers"]["value"] == 1
    assert found["Jobs That Never Ran"]["value"] == 0


def test_what_is_wrong(db, cli):
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) values (1)")
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (1, '2025-01-01', 5)"
        )
        # Past every trigger of ours, as only the owner can.
        connection.execute("set session_replication_role = replica; update trustcart.customers set total_spend = 7")
        connection.execute(
            "insert into trustcart.job_runs (job_name, business_date, status, finished_at)"
            " values ('detect_dropoffs', '2025-01-01', 'succeeded', clock_timestamp())"
        )
    code, found = findings(cli, db.url)
    assert code == 1
    wrong = {check: row["value"] for check, row in found.items() if not row["ok"]}
    assert wrong == {"Customers Whose State Is Wrong": 1, "Overdue Jobs": 1}
    assert all(found[check]["remedy"] for check in wrong)


def test_something_missing(db, empty_db, cli):
    with db.connect() as connection:
        connection.execute("drop view trustcart.customer_intelligence")
    code, found = findings(cli, db.url)
    assert code == 1
    assert found["Views"]["value"] == "missing: customer_intelligence"
    assert not found["Schema"]["ok"]
    code, found = findings(cli, empty_db.url)
    assert code == 1
    assert "customers" in found["Tables"]["value"]
    assert "migrate" in found["Tables"]["remedy"]
