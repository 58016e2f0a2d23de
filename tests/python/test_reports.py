"""report: the guide's three, as the guide's own SQL prints them where that does not multiply rows, and the team's."""

from __future__ import annotations

import csv
import io
import json

import pytest

GUIDE_DAILY = """
    select task_date, count(*) as total_tasks, count(*) filter (where status = 'completed') as completed,
        round(count(*) filter (where status = 'completed')::numeric / count(*) * 100, 2) as completion_rate
    from trustcart.crm_call_tasks where task_date = trustcart.business_date() group by task_date
"""
GUIDE_SEGMENTS = """
    select customer_type, priority_level as temperature, count(*) as customer_count, sum(total_spend) as total_revenue,
        avg(total_spend)::numeric(12, 2) as avg_lifetime_value
    from trustcart.customers group by customer_type, priority_level order by total_revenue desc
"""


@pytest.fixture
def shop(db):
    with db.connect() as connection:
        connection.execute("insert into trustcart.users (id, name) values (1, 'Busy'), (2, 'Idle')")
        connection.execute("insert into trustcart.users (id, name, role) values (3, 'Boss', 'crm_manager')")
        connection.execute("insert into trustcart.customers (id) select generate_series(1, 5)")
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " select c, trustcart.business_date() - days, 100 * c"
            " from (values (1, 3), (1, 9), (2, 20), (3, 70), (4, 100)) as o (c, days)"
        )
        connection.execute(
            "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, status, outcome)"
            " select c, 1, trustcart.business_date(), status, outcome"
            " from (values (1, 'completed', 'successful - ordered'), (2, 'completed', 'unsuccessful'),"
            " (3, 'pending', null)) as t (c, status, outcome)"
        )
        connection.execute(
            "insert into trustcart.customer_interactions (customer_id, interaction_type, agent_id, interaction_date)"
            " select 4, 'sms', 1, now() from generate_series(1, 4)"
        )
    return db


def rows(db, query: str) -> list[dict[str, object]]:
    with db.connect() as connection:
        cursor = connection.execute(query)
        return [dict(zip([column.name for column in cursor.description], row, strict=True)) for row in cursor]


def test_daily(shop, cli):
    told = json.loads(cli("report", "daily", "--format", "json", url=shop.url).stdout)[0]
    guide = rows(shop, GUIDE_DAILY)[0]
    assert [told[name] for name in guide] == [str(guide["task_date"]), 3, 2, 66.67]
    # The guide's LIKE '%successful%' would count the unsuccessful one too.
    assert told["successful"] == 1
    assert told["pending"] == 1
    other = json.loads(cli("report", "daily", "--date", "2030-01-01", "--format", "json", url=shop.url).stdout)
    assert [(row["task_date"], row["total_tasks"], row["completion_rate"]) for row in other] == [
        ("2030-01-01", 0, None)
    ]


def test_segments(shop, cli):
    told = json.loads(cli("report", "segments", "--format", "json", url=shop.url).stdout)
    guide = json.loads(json.dumps(rows(shop, GUIDE_SEGMENTS), default=float))
    key = lambda row: (row["customer_type"] or "", row["temperature"])  # noqa: E731
    assert sorted(told, key=key) == sorted(guide, key=key)
    assert [row["total_revenue"] for row in told] == sorted((row["total_revenue"] for row in told), reverse=True)
    # Of a past date, what was known then: four of five orders less a day.
    with shop.connect() as connection:
        day = connection.execute("select trustcart.business_date() - 71").fetchone()[0]
    past = json.loads(cli("report", "segments", "--date", str(day), "--format", "json", url=shop.url).stdout)
    assert {(row["customer_type"], row["temperature"]): row["customer_count"] for row in past} == {
        ("new", "warm"): 1,
        (None, "cold"): 4,
    }


def test_agents(shop, cli):
    told = json.loads(cli("report", "agents", "--format", "json", url=shop.url).stdout)
    busy, idle = told
    # Two completed tasks wrote an interaction each. The guide's joins would have made 18 of 3 tasks and 6 interactions.
    assert (busy["agent_name"], busy["total_tasks"], busy["completed"], busy["successful"]) == ("Busy", 3, 2, 1)
    assert (busy["completion_rate"], busy["total_interactions"]) == (66.67, 6)
    assert list(idle.values())[:6] == ["Idle", 0, 0, 0, 0, 0]
    assert list(busy)[:6] == [
        "agent_name",
        "total_tasks",
        "completed",
        "successful",
        "completion_rate",
        "total_interactions",
    ]
    other = json.loads(cli("report", "agents", "--date", "2020-02-10", "--format", "json", url=shop.url).stdout)
    assert {row["total_tasks"] for row in other} == {0}


def told(shop, cli, *arguments: str) -> list[dict[str, object]]:
    return json.loads(cli("report", *arguments, "--format", "json", url=shop.url).stdout)


@pytest.mark.parametrize("name", ["weekly", "monthly"])
def test_what_to_review(shop, cli, name):
    lines = told(shop, cli, name)
    assert list(lines[0]) == ["section", "metric", "value", "previous", "change", "detail"]
    values = {line["metric"]: line["value"] for line in lines if line["section"] == "Calls"}
    assert (values["Call tasks"], values["Completed"], values["Successful"], values["Still pending"]) == (3, 2, 1, 1)
    assert (values["Completed of all, %"], values["Contacts of all channels"]) == (66.67, 6)
    with shop.connect() as connection:
        function = connection.execute(f"select count(*) from trustcart.report_{name}()").fetchone()[0]
    assert len(lines) == function
    # Of a period of long ago there is nothing to tell, and that is no error.
    past = {line["metric"]: line["value"] for line in told(shop, cli, name, "--date", "2001-05-16")}
    assert past["Call tasks"] == 0
    assert past["Days"] == {"weekly": 7, "monthly": 31}[name]


def test_sections_on_a_terminal(shop, cli):
    table = cli("report", "weekly", url=shop.url).stdout
    headings = [line for before, line in zip(["", *table.splitlines()], table.splitlines(), strict=False) if not before]
    assert headings == [
        *("The week: Period", "Calls", "Conversions", "Customer behaviour", "Campaigns"),
        *("Temperatures", "Newly at risk"),
    ]
    assert "section" not in table
    review = cli("report", "monthly", url=shop.url).stdout
    assert "Agents: successful calls" in review
    assert "Segments: customers" in review


def test_campaigns(shop, cli):
    assert told(shop, cli, "campaigns") == []
    with shop.connect() as connection:
        connection.execute("insert into trustcart.marketing_campaigns (id, campaign_name) values (1, 'Eid')")
        connection.execute(
            "insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, status, sent_at)"
            " select 1, min(id), 'sms', 'a', 'sent', now() from trustcart.customers"
        )
    (line,) = told(shop, cli, "campaigns")
    assert [*line][:1] + [*line][-1:] == ["campaign_name", "campaign_id"]
    assert (line["campaign_name"], line["sent"], line["response_rate"]) == ("Eid", 1, 0)
    assert told(shop, cli, "campaigns", "--date", "2001-05-16") == []


def test_leaderboard(shop, cli):
    first, second = told(shop, cli, "leaderboard")
    assert (first["place"], first["agent_name"], first["successful_calls"], first["success_rate"]) == (1, "Busy", 1, 50)
    assert (second["place"], second["agent_name"], second["total_tasks"]) == (2, "Idle", 0)
    # The month that a date is in, whichever day of it.
    assert {row["total_tasks"] for row in told(shop, cli, "leaderboard", "--date", "2020-02-29")} == {0}


def test_conversions(shop, cli):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " values (1, trustcart.business_date(), 250, 'delivered'), (2, trustcart.business_date(), 9, 'cancelled')"
        )
    busy, idle = told(shop, cli, "conversions")
    assert list(busy)[:: len(busy) - 1] == ["agent_name", "agent_id"]
    assert {name: busy[name] for name in ("agent_name", "calls", "customers_called", "orders", "revenue")} == {
        "agent_name": "Busy",
        "calls": 2,
        "customers_called": 2,
        "orders": 1,
        "revenue": 250,
    }
    assert (busy["converted_customers"], busy["conversion_rate"]) == (1, 50)
    assert (idle["agent_name"], idle["calls"], idle["revenue"]) == ("Idle", 0, 0)


def test_formats_and_names(shop, cli):
    table = cli("report", "segments", url=shop.url).stdout
    assert "Customers by type and temperature" in table
    assert len(list(csv.DictReader(io.StringIO(cli("report", "agents", "--format", "csv", url=shop.url).stdout)))) == 2
    assert cli("report", "yearly", url=shop.url).returncode == 2
