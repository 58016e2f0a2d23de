"""plan: the list in the order in which agents make the calls, and why somebody is not on it."""

from __future__ import annotations

import csv
import io
import json

import pytest


@pytest.fixture
def shop(db):
    """Two agents with one call a day each; of four customers at risk two find a place, one of them with hours."""
    with db.connect() as connection:
        connection.execute("update trustcart.settings set calls_per_agent_day = 1")
        connection.execute("insert into trustcart.users (id, name) values (1, 'Agent One'), (2, 'Agent Two')")
        connection.execute(
            "insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(1, 5) n"
        )
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " select n, trustcart.business_date() - 70, case when n = 3 then 60000 else 100 * n end, 'delivered'"
            " from generate_series(1, 4) n"
        )
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " values (5, trustcart.business_date() - 200, 5, 'delivered')"
        )
        connection.execute("update trustcart.call_task_types set win_back_max_calls = 0 where task_type = 'at_risk'")
        connection.execute(
            "insert into trustcart.customer_contact_preferences (customer_id, preferred_from, preferred_until)"
            " values (4, '10:00', '12:30'), (3, '20:00', '24:00')"
        )
    return db


def planned(shop, cli, *arguments: str) -> list[dict]:
    done = cli("plan", "--format", "json", *arguments, url=shop.url)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_order_of_the_list(shop, cli):
    rows = planned(shop, cli)
    # 3 is hot by what was spent, 4 the most valuable of the others, who come without a place.
    assert [(row["customer_id"], row["decision"]) for row in rows] == [
        *((3, "kept"), (4, "kept"), (2, "dropped"), (1, "dropped"), (5, "dropped"))
    ]
    assert [row["list_position"] for row in rows] == [1, 2, 3, 4, None]
    assert [row["hours"] for row in rows[:2]] == ["20:00–24:00", "10:00–12:30"]
    assert {row["why_agent"] for row in rows[:2]} == {"the least loaded agent"}
    assert [row["drop_reason"] for row in rows] == [None, None, "no capacity", "no capacity", "cadence exhausted"]


def test_csv_has_the_same_columns(shop, cli):
    table = list(csv.DictReader(io.StringIO(cli("plan", "--format", "csv", url=shop.url).stdout)))
    assert list(table[0]) == list(planned(shop, cli)[0])


def test_for_people(shop, cli):
    told = cli("plan", url=shop.url).stdout
    assert "Calls: 2, in the order of the list" in told
    assert told.index("C3") < told.index("C4")
    assert "20–24" in told
    assert "10–12:30" in told
    # That the least loaded agent has a call is nothing to be told.
    assert "why_agent" not in told
    assert "arranged already" not in told
    assert "first_planned_on" not in told
    assert "Dropped: 3 (--all lists them)" in told
    assert [line.split() for line in told.splitlines() if "no capacity" in line] == [["at_risk", "no", "capacity", "2"]]
    everyone = cli("plan", "--all", url=shop.url).stdout
    assert all(f"C{n}" in everyone for n in range(1, 6))
    assert "the least loaded agent" in everyone
    assert "20:00–24:00" in everyone


def test_why_another_agent_calls(shop, cli):
    with shop.connect() as connection:
        connection.execute("update trustcart.customers set assigned_agent_id = 2 where id = 3")
        connection.execute(
            "insert into trustcart.agent_leave (agent_id, during)"
            " values (2, daterange(trustcart.business_date(), trustcart.business_date(), '[]'))"
        )
    row = next(row for row in planned(shop, cli) if row["customer_id"] == 3)
    assert (row["agent"], row["why_agent"]) == ("Agent One", "agent 2 is away (on leave): the least loaded agent")
    told = cli("plan", url=shop.url).stdout
    assert "Agent Two away" in told
    assert "least loaded" not in told
    assert "Agent Two is away (on leave): the least loaded agent" in cli("plan", "--all", url=shop.url).stdout


def test_calls_arranged_already(shop, cli):
    with shop.connect() as connection:
        connection.execute("update trustcart.settings set calls_per_agent_day = 3")
        connection.execute("insert into trustcart.users (id, name) values (3, 'Agent Three')")
        connection.execute("insert into trustcart.customers (id) values (6), (7), (8)")
        connection.execute(
            "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_type, task_date, created_at)"
            " select 5 + n, case when n < 3 then 3 end, 'follow_up', trustcart.business_date(),"
            " now() - interval '2 days' from generate_series(1, 3) n"
        )
    before = planned(shop, cli)
    told = cli("plan", url=shop.url).stdout
    assert "and 3 arranged already" in told
    lines = told[told.index("Load of the agents") :].splitlines()
    assert lines[1].split() == ["agent", "calls", "hot", "warm", "cold", "arranged", "carried"]
    loads = {line[:12].strip(): [int(n) for n in line[12:].split()] for line in lines[3 : lines.index("")]}
    assert {agent: load[4] for agent, load in loads.items() if load[4]} == {"Agent Three": 2, "nobody": 1}
    assert all(calls == sum(parts[:4]) for calls, *parts in loads.values())
    kept = sum(row["decision"] == "kept" for row in before)
    assert sum(calls for calls, *_ in loads.values()) == kept + 3
    # What was generated is what is planned, not arranged.
    assert cli("run", "generate_daily_call_tasks", url=shop.url).returncode == 0
    assert "and 3 arranged already" in cli("plan", url=shop.url).stdout


def test_what_is_carried_on(shop, cli):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_type, task_date, created_at)"
            " values (5, 2, 'at_risk', trustcart.business_date() - 1, now() - interval '2 days')"
        )
        connection.execute("update trustcart.settings set calls_per_agent_day = 5")
        task, yesterday = connection.execute(
            "select id, task_date::text from trustcart.crm_call_tasks where customer_id = 5"
        ).fetchone()
    row = next(row for row in planned(shop, cli) if row["customer_id"] == 5)
    assert (row["decision"], row["agent"], row["why_agent"]) == ("kept", "Agent Two", "had the call before")
    assert (row["carried_from"], row["first_planned_on"]) == ([task], yesterday)
    told = cli("plan", url=shop.url).stdout
    assert "first_planned_on" in told
    assert [line.split()[-1] for line in told.splitlines() if line.startswith("Agent")] == ["0", "1"]
