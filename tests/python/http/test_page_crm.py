"""The CRM dashboard over HTTP: five widgets, each figure against a count by hand, of what one may see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import expect

from tests.python.conftest import Database
from tests.python.http.test_page_team import rate, rows_of, words
from tests.tools import web
from tests.tools.browser import assert_accessible, assert_fits, settle
from trustcart_db.server import PrivateServer

PAGE = "/admin/crm"
OWN = {"manager": None, "leader": {1, 2, 3}, "agent": {1}}
STATUSES = {
    "Pending": "pending",
    "Completed": "completed",
    "Skipped": "skipped",
    "Carried over": "carried",
    "Expired": "expired",
    "Cancelled": "cancelled",
}

SHOP = """
select setseed(0.6);
insert into trustcart.customers (id, first_name, assigned_agent_id)
select g, 'Customer ' || g, (array[1, 2, 6, null])[1 + g % 4] from generate_series(101, 140) as g;
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, priority)
select
    101 + floor(random() * 40),
    (array[1, 2, 3, 6, null])[1 + floor(random() * 5)],
    trustcart.business_date() - (array[0, 0, 0, 1])[1 + floor(random() * 4)],
    (array['hot', 'warm', 'cold'])[1 + floor(random() * 3)]
from generate_series(1, 200);
update trustcart.crm_call_tasks
set status = 'completed', outcome = case when id % 2 = 0 then 'successful - ordered' else 'no_answer' end
where id % 3 = 0 and assigned_agent_id is not null;
update trustcart.crm_call_tasks set status = 'skipped' where id % 7 = 0 and status = 'pending';
insert into trustcart.customer_engagement_history (customer_id, engagement_type, channel, content, created_at)
select 100 + g, 'offer_sent', 'sms', 'Offer <b>' || g || '</b>', now() - g * interval '1 hour'
from generate_series(1, 40) as g;
insert into trustcart.marketing_campaigns (campaign_name, is_active, end_date)
select 'Campaign ' || g, g <> 3, trustcart.business_date() + g - 2 from generate_series(1, 12) as g;
"""


@pytest.fixture(scope="module")
def shop_of_all(server: PrivateServer, _template: str) -> Iterator[Database]:
    """The shop of the tests that only read."""
    database = Database(server, "crm_page", server.create_database("crm_page", _template))
    with database.connect() as connection:
        web.people(connection)
        connection.execute(SHOP)
    yield database
    server.drop_database("crm_page")


@pytest.fixture(scope="module")
def site(shop_of_all: Database) -> Iterator[web.Site]:
    """That shop, served."""
    with web.serving(shop_of_all.url) as serving:
        yield serving


def section(page: str, title: str) -> str:
    """The widget whose heading has that id."""
    return re.search(rf'<section[^>]*aria-labelledby="{title}".*?</section>', page, re.S).group(0)


@pytest.mark.parametrize("who", OWN)
def test_five_widgets_as_counted_by_hand(site, shop_of_all, who):
    own = OWN[who]
    with shop_of_all.connect() as connection:
        tasks = connection.execute(
            """
            select assigned_agent_id, status, priority, outcome, task_date = trustcart.business_date()
            from trustcart.crm_call_tasks
            """
        ).fetchall()
        visible = connection.execute(
            "select distinct customer_id from trustcart_private.customers_of_agents where agent_id = any(%s)",
            [list(own or {1, 2, 3, 6})],
        ).fetchall()
    tasks = [task for task in tasks if own is None or task[0] in own]
    today = [task for task in tasks if task[4]]
    with site.browser(f"{who}@example.com") as client:
        page = client.get(PAGE).text

    calls = section(page, "tasks-title")
    statuses = Counter(task[1] for task in today)
    shown = {STATUSES[row[0]]: int(row[2]) for row in rows_of(calls, "Calls today by status")}
    assert shown == {"pending": 0, "completed": 0, **statuses}
    assert f"<strong>{len(today)}</strong>" in calls

    priorities = re.findall(r"<dt>(.*?)</dt><dd>(\d+)</dd>", section(page, "pending-title"), re.S)
    pending = Counter(task[2] for task in today if task[1] == "pending")
    assert [(words(name), int(count)) for name, count in priorities] == [
        (name, pending[code]) for name, code in (("🔥 Hot", "hot"), ("🟡 Warm", "warm"), ("❄️ Cold", "cold"))
    ]
    left = sum(task[1] == "pending" for task in tasks if not task[4])
    assert f"{left} open calls are left over" in words(page)

    def figures(agent: int) -> list[object]:
        mine = [task for task in today if task[0] == agent]
        done = [task for task in mine if task[1] == "completed"]
        won = sum(task[3].startswith("successful") for task in done)
        open_calls = sum(task[1] == "pending" for task in mine)
        return [len(mine), len(done), won, open_calls, rate(len(done), len(mine)), rate(won, len(done))]

    agents = section(page, "agents-title")
    if who == "agent":
        total, done, won, open_calls, completion, success = figures(1)
        tiles = re.findall(r"<dd>(\d+)(?:<small>(.*?)</small>)?", agents)
        assert tiles == [(str(total), ""), (str(done), completion), (str(won), success), (str(open_calls), "")]
    else:
        names = {1: "Agent", 2: "Other", 3: "Leader", 6: "Rival"}
        rows = {row[0]: [*map(int, row[1:5]), *row[5:]] for row in rows_of(agents, "<table")}
        assert rows == {names[agent]: figures(agent) for agent in own or names}

    campaigns = re.findall(r"Campaign \d+", section(page, "campaigns-title"))
    assert campaigns == [f"Campaign {number}" for number in (12, 11, 10, 9, 8, 7, 6, 5)]
    customers = [int(one) for one in re.findall(r"/admin/customers/(\d+)", section(page, "engagements-title"))]
    expected = [100 + number for number in range(1, 41) if own is None or (100 + number,) in visible]
    assert customers == expected[:8]
    assert "Offer <b>" not in page
    assert "Offer <b>1" in unescape(page) or who == "agent"


def test_each_widget_leads_to_where_one_acts(site):
    for who in ("manager", "agent"):
        with site.browser(f"{who}@example.com") as client:
            main = client.get(PAGE).text.split("<main", 1)[1]
            for address in sorted(set(re.findall(r'href="(/admin/[^"#]+)', main))):
                assert client.get(unescape(address)).status_code == 200, f"{who}: {address}"


def test_an_empty_shop(db):
    with db.connect() as connection:
        web.people(connection)
    with web.serving(db.url) as site, site.browser("manager@example.com") as client:
        page = client.get(PAGE).text
        for text in ("No calls today", "No campaign is active", "No engagements yet"):
            assert text in page
        with db.connect() as connection:
            connection.execute("insert into trustcart.shop_holidays values (trustcart.business_date(), 'Eid')")
        page = client.get(PAGE).text
        assert "Holiday: Eid" in page
        assert "On a holiday nobody is called." in page


@pytest.mark.parametrize("language", ["en", "bn"])
def test_fits_and_is_accessible(visit, language):
    page = visit("manager", "small", language, path=PAGE).page
    settle(page)
    assert_accessible(page)
    assert_fits(page)


# The shop first: it is closed last, after the page that listens to it.
def test_counts_follow_the_calls(own_shop, visit):
    page = visit("agent", shop=own_shop, path=PAGE).page
    done = page.locator("section[aria-labelledby=tasks-title] tr:has-text('Completed') td.figure")
    made = int(done.inner_text())
    with own_shop.connect() as connection:
        connection.execute(
            """
            select trustcart.complete_call_task(
                (
                    select min(t.id)
                    from trustcart.crm_call_tasks as t
                    inner join trustcart.users as u on t.assigned_agent_id = u.id
                    where u.email = %s and t.status = 'pending' and t.task_date = trustcart.business_date()
                ),
                'successful'
            )
            """,
            [own_shop.emails["agent"]],
        )
    expect(done).to_have_text(str(made + 1))
