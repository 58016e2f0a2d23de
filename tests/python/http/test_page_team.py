"""The team dashboard over HTTP: its figures against a count by hand, who sees whom, what its forms do, once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import httpx
import pytest
from playwright.sync_api import expect

from tests.python.conftest import Database
from tests.tools import web
from tests.tools.browser import assert_accessible, assert_fits, settle
from trustcart_db.server import PrivateServer

PAGE = "/admin/crm/team-dashboard"
PARTS = ("figures", "conversions", "plan", "calls", "waiting")
FORMS = ("hand-over-call", "hand-over-calls", "put-off", "leave", "leave/withdraw")
TEAM, EVERYBODY = {1, 2, 3}, {1, 2, 3, 6}
WEEK = date(2026, 2, 9)

#: Forty customers; a history of two weeks, written as it was; 28 calls of today.
SHOP = """
select setseed(0.4);
insert into trustcart.customers (id, first_name) select g, 'Customer ' || g from generate_series(101, 140) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select 101 + floor(random() * 40), date '2026-02-02' + floor(random() * 20)::integer, floor(random() * 5000)
from generate_series(1, 150);
alter table trustcart.crm_call_tasks disable trigger user;
insert into trustcart.crm_call_tasks (
    customer_id, assigned_agent_id, task_date, priority, status, outcome, started_at, completed_at, closed_at
)
select
    101 + floor(random() * 40), x.agent_id, x.day, (array['hot', 'warm', 'cold'])[1 + floor(random() * 3)], x.status,
    case
        when x.status = 'completed' then (array['successful', 'no_answer', 'unsuccessful'])[1 + floor(random() * 3)]
    end,
    case when x.status = 'completed' then x.at - interval '4 minutes' end,
    case when x.status = 'completed' then x.at end,
    case when x.status <> 'pending' then x.at end
from (
    select
        d.day,
        (d.day + interval '10 hours') at time zone 'Asia/Dhaka' as at,
        (array[1, 1, 2, 3, 6, null])[1 + floor(random() * 6)] as agent_id,
        (array['completed', 'completed', 'pending', 'skipped', 'expired', 'carried'])[1 + floor(random() * 6)] as status
    from (select date '2026-02-02' + floor(random() * 14)::integer as day from generate_series(1, 500)) as d
) as x;
alter table trustcart.crm_call_tasks enable trigger user;
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority)
select 9000 + g, 100 + g, (array[1, 2, 6, null])[1 + g % 4], trustcart.business_date(), 'hot'
from generate_series(1, 28) as g;
select setval(pg_get_serial_sequence('trustcart.crm_call_tasks', 'id'), 20000);
"""


def rows_of(page: str, table: str) -> list[list[str]]:
    """The rows of a page's table body, as the texts of their cells. Argument: what stands in or before the table."""
    found = re.search(rf"{table}.*?<tbody>(.*?)</tbody>", page, re.S)
    assert found, page
    cells = r"<t[hd][^>]*>(.*?)</t[hd]>"
    rows = re.findall(r"<tr>(.*?)</tr>", found.group(1), re.S)
    return [[words(cell) for cell in re.findall(cells, row, re.S)] for row in rows]


def words(html: str) -> str:
    """What is read of some HTML, blanks as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def first(cell: str) -> str:
    """A figure, without the small print below it."""
    return cell.split(" ")[0]


def rate(part: int, whole: int) -> str:
    """A share as the pages write it."""
    return f"{round(part * 100 / whole, 1):g}%" if whole else "–"


class Person:
    """Somebody at a browser without JavaScript."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def get(self, path: str = "", status: int = 200, **headers: str) -> str:
        """A page below PAGE. Raises AssertionError for another status."""
        answer = self.client.get(PAGE + path, headers=headers)
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def form(self, path: str, page: str, **given: object) -> dict[str, object]:
        """What a form of a page sends, filled in."""
        form = re.search(rf'<form[^>]*action="{PAGE}{path}".*?</form>', page, re.S).group(0)
        return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)) | given

    def send(self, path: str, fields: dict[str, object], status: int = 200) -> str:
        """Send a form. Result: the page one ends on."""
        answer = self.client.post(PAGE + path, data=fields)
        assert answer.status_code == status, answer.text
        return unescape(answer.text)


@pytest.fixture(scope="module")
def shop_of_all(server: PrivateServer, _template: str) -> Iterator[Database]:
    """The shop of the tests that only read."""
    database = Database(server, "team_page", server.create_database("team_page", _template))
    fill(database)
    yield database
    server.drop_database("team_page")


@pytest.fixture(scope="module")
def site(shop_of_all: Database) -> Iterator[web.Site]:
    """That shop, served."""
    with web.serving(shop_of_all.url) as serving:
        yield serving


@pytest.fixture
def own_site(db: Database) -> Iterator[web.Site]:
    """A shop of a test's own, `db`, served."""
    fill(db)
    with web.serving(db.url) as serving:
        yield serving


def fill(database: Database) -> None:
    """Make the shop."""
    with database.connect() as connection:
        web.people(connection)
        connection.execute(SHOP)


def calls_of(db: Database) -> list[dict[str, object]]:
    """All call tasks."""
    with db.connect() as connection:
        found = connection.execute(
            "select id, assigned_agent_id, task_date, priority, status, outcome from trustcart.crm_call_tasks"
        )
        return [dict(zip([column.name for column in found.description], row, strict=True)) for row in found]


@pytest.mark.parametrize(("who", "seen"), [("manager", EVERYBODY | {None}), ("leader", TEAM)])
def test_figures_as_counted_by_hand(site, shop_of_all, who, seen):
    names = {1: "Agent", 2: "Other", 3: "Leader", 6: "Rival"}
    week = [one for one in calls_of(shop_of_all) if WEEK <= one["task_date"] < WEEK + timedelta(7)]
    before = [one for one in calls_of(shop_of_all) if WEEK - timedelta(7) <= one["task_date"] < WEEK]
    with site.browser(f"{who}@example.com") as client:
        page = Person(client).get(f"/figures?period=weekly&date={WEEK + timedelta(2)}")

    def done(tasks, agent):
        mine = [one for one in tasks if one["assigned_agent_id"] == agent]
        completed = [one for one in mine if one["status"] == "completed"]
        return len(mine), len(completed), sum(one["outcome"] == "successful" for one in completed)

    expected = {}
    for agent in seen - {None}:
        total, completed, successful = done(week, agent)
        expected[names[agent]] = [total, completed, successful, rate(completed, total), rate(successful, completed)]
    compared = rows_of(page, '<table class="compared"')
    figures = {row[0]: [*(int(first(cell)) for cell in row[1:4]), first(row[4]), first(row[5])] for row in compared}
    assert figures == expected
    for row in compared:
        agent = next(key for key, name in names.items() if name == row[0])
        step = done(week, agent)[1] - done(before, agent)[1]
        told = "unchanged" if step == 0 else f"{'▲ up' if step > 0 else '▼ down'} by {abs(step)}"
        assert row[2].split(" ", 1)[1] == told

    tiles = dict(re.findall(r'<div class="tile"><dt>([^<]+)</dt><dd>([^<]+)<', page))
    of_seen = [one for one in week if one["assigned_agent_id"] in seen]
    assert int(tiles["Calls on the list"]) == len(of_seen)
    assert int(tiles["Completed"]) == sum(one["status"] == "completed" for one in of_seen)
    assert int(tiles["Carried over"]) == sum(one["status"] == "carried" for one in of_seen)

    spread = {row[0]: [int(cell) for cell in row[2:]] for row in rows_of(page, "Calls by agent and priority")}
    priorities = defaultdict(Counter)
    for one in of_seen:
        priorities[names.get(one["assigned_agent_id"], "Nobody yet")][one["priority"]] += 1
    assert spread == {
        name: [found[code] for code in ("hot", "warm", "cold")] for name, found in priorities.items() if found.total()
    }


def test_few_lucky_calls_do_not_lead(site, shop_of_all):
    with shop_of_all.connect() as connection:
        connection.execute(
            """
            alter table trustcart.crm_call_tasks disable trigger user;
            insert into trustcart.crm_call_tasks (
                customer_id, assigned_agent_id, task_date, status, outcome, completed_at, closed_at
            )
            select 101, case when g <= 2 then 6 else 1 end, '2026-01-06', 'completed',
                case when g = 3 then 'no_answer' else 'successful' end, '2026-01-06 10:00+06', '2026-01-06 10:00+06'
            from generate_series(1, 42) as g
            """
        )
    with site.browser("manager@example.com") as client:
        page = Person(client).get("/figures?period=monthly&date=2026-01-31")
    leaders = [(row[0], row[1], row[3]) for row in rows_of(page, "chart leaders")]
    assert leaders == [("1", "Agent", "97.5% 39 of 40"), ("2", "Rival", "100% 2 of 2")]


def test_conversions_belong_to_the_latest_call(site, shop_of_all):
    """Counted again, order by order."""
    with shop_of_all.connect() as connection:
        orders = connection.execute(
            "select customer_id, order_date, total_amount from trustcart.sales_orders where order_date >= %s", [WEEK]
        ).fetchall()
        done = connection.execute(
            """
            select t.customer_id, (t.completed_at at time zone 'Asia/Dhaka')::date, t.id, t.assigned_agent_id
            from trustcart.crm_call_tasks as t where t.status = 'completed' order by t.completed_at, t.id
            """
        ).fetchall()
    won: dict[object, list] = defaultdict(list)
    for customer, ordered, amount in orders:
        before = [call for call in done if call[0] == customer and call[1] <= ordered]
        if before and before[-1][1] >= max(WEEK, ordered - timedelta(7)) and before[-1][1] < WEEK + timedelta(7):
            won[before[-1][3]].append(amount)
    with site.browser("leader@example.com") as client:
        page = Person(client).get(f"/conversions?period=weekly&date={WEEK}")
    names = {1: "Agent", 2: "Other", 3: "Leader"}
    shown = {row[0]: (int(first(row[4])), first(row[5])) for row in rows_of(page, "What the calls led to, by agent")}
    assert shown == {name: (len(won[agent]), f"৳{sum(won[agent]):,.0f}") for agent, name in names.items()}
    assert any(count for count, _ in shown.values())


def test_who_may_come_in(site):
    with site.browser("agent@example.com") as client:
        agent = Person(client)
        for path in ("", *(f"/{part}" for part in PARTS)):
            assert "Not for you" in agent.get(path, 403)
        token = web.csrf_of(client.get("/admin/crm").text)
        for path in FORMS:
            fields = {"csrf_token": token, "agent_id": 1, "task_id": 9001, "to_agent_id": 1, "leave_id": 1}
            agent.send(f"/{path}", fields | {"from": "2150-01-01", "priorities": "hot"}, 403)
    # Who leads nobody is an agent as all others.
    with site.browser("rival@example.com") as client:
        Person(client).get("", 403)
    with site.browser("leader@example.com") as client:
        leader = Person(client)
        page = leader.get()
        assert "Rival" not in page
        assert [row[0] for row in rows_of(page, "Who works on")] == ["Agent", "Leader", "Other"]
        leader.get("/calls?agent_id=6", 403)
        leader.get("/plan?agent_id=6", 403)
        fields = leader.form("/leave", page)
        leader.send("/leave", {**fields, "agent_id": 6, "from": "2150-01-01"}, 403)
        leader.send("/hand-over-calls", {**leader.form("/hand-over-calls", page), "agent_id": 6}, 403)


def test_parts_alone_and_as_pages(site):
    with site.browser("manager@example.com") as client:
        manager = Person(client)
        for part in PARTS:
            assert manager.get(f"/{part}", **{"HX-Request": "true"}).lstrip().startswith(f'<div id="{part}">')
            assert "<h1>" in manager.get(f"/{part}")
            assert "<h1>" in manager.get(f"/{part}", **{"HX-Request": "true", "HX-Boosted": "true"})
        for wrong in ("?period=yearly", "?date=2026-02-30", "/plan?decision=maybe", "/plan?after=x", "/plan?after=-1"):
            manager.get(wrong, 400)
        manager.get("/calls?agent_id=99", 404)


def test_hand_over_one_call_and_all(own_site, db):
    with own_site.browser("leader@example.com") as client:
        leader = Person(client)
        page = leader.get("/calls?agent_id=1")
        task = re.search(r'name="task_id" value="(\d+)"', page).group(1)
        fields = leader.form("/hand-over-call", page, to_agent_id=2, task_id=task)
        page = leader.send("/hand-over-call", fields)
        assert "The call was handed over." in page
        assert "Open calls of Agent" in page
        now = {one["id"]: one["assigned_agent_id"] for one in calls_of(db)}
        assert now[int(task)] == 2

        # Twice by a double click: the second finds nothing left to do, and says what the first did.
        fields = leader.form("/hand-over-calls", leader.get(), agent_id=1, why="ill")
        said = [leader.send("/hand-over-calls", fields) for _ in range(2)]
        assert all("Handed over: 6 calls. Left to nobody for want of room: 0." in page for page in said)
        today = [one for one in calls_of(db) if one["id"] >= 9000 and one["id"] < 20000]
        assert {one["assigned_agent_id"] for one in today} == {2, 3, 6, None}
        assert sum(one["assigned_agent_id"] in (2, 3) for one in today) == 14


def test_put_off_and_leave(own_site, db):
    with own_site.browser("leader@example.com") as client:
        leader = Person(client)
        page = leader.send("/put-off", leader.form("/put-off", leader.get(), priorities="hot"))
        assert "Put off: 14 calls." in page
        page = leader.send("/put-off", leader.form("/put-off", page, priorities="hot"))
        assert "Put off: 0 calls." in page
        assert "priorities are required" in leader.send("/put-off", leader.form("/put-off", leader.get()), 400)

        leave = {"agent_id": 1, "from": "2150-01-03", "until": "2150-01-05", "reason": "Wedding"}
        page = leader.send("/leave", leader.form("/leave", page, **leave))
        assert "The leave is entered" in page
        assert "Wedding" in page
        assert "is on leave" in leader.send("/leave", leader.form("/leave", page, **leave), 422)
        page = leader.send("/leave/withdraw", leader.form("/leave/withdraw", page))
        assert "The leave is withdrawn." in page
        assert "Wedding" not in page
    with db.connect() as connection:
        assert connection.execute("select count(*) from trustcart.agent_leave").fetchone() == (0,)


def test_the_pool_is_the_managers(site):
    with site.browser("manager@example.com") as client:
        page = Person(client).get("/calls")
        assert "Open calls of nobody" in page
        assert page.count('name="task_id"') == 7
    with site.browser("leader@example.com") as client:
        Person(client).get("/calls", 400)


def test_what_takes_too_long_says_so(db):
    """In its place on the page; asked for as a page, as any other."""
    with db.connect() as connection:
        web.people(connection)
        connection.execute(
            """
            create or replace function trustcart_api.page_team_waiting(
                p_after_date text default null, p_after_id bigint default null
            )
            returns jsonb language sql as 'select pg_sleep(60); select jsonb_build_object()'
            """
        )
    with web.serving(db.url, "--answer-seconds", "1") as site, site.browser("manager@example.com") as client:
        page = Person(client).get("/waiting", **{"HX-Request": "true"})
        assert "Try again" in page
        assert "<h1>" not in page
        Person(client).get("/waiting", 504)


def test_an_empty_shop(db):
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.users (id, name, email, role) values (4, 'Manager', 'm@example.com', 'crm_manager')"
        )
        web.set_passwords(connection, [4])
        connection.execute("insert into trustcart.shop_holidays values (trustcart.business_date() + 1, 'Eid')")
    with web.serving(db.url) as site, site.browser("m@example.com") as client:
        manager = Person(client)
        assert "No agents yet" in manager.get()
        assert "No agents yet" in manager.get("/figures")
        assert "No call was completed in this time" in manager.get("/conversions")
        page = manager.get("/plan")
        assert "Nobody is to be called" in page
        assert "Holiday: Eid" in page
        assert "Nobody waits" in manager.get("/waiting")
        assert "This time is still to come" in manager.get("?date=2150-01-01")


@pytest.mark.parametrize("size", ["desktop", "small"])
def test_a_managers_look(visit, size):
    """The parts come by themselves, the plan when asked for."""
    page = visit("manager", size, path=PAGE + "?period=weekly").page
    expect(page.locator("#figures .compared tbody tr").first).to_be_visible()
    page.locator("#conversions-title").scroll_into_view_if_needed()
    expect(page.locator("#conversions")).to_be_visible()
    page.locator("article:has(#waiting-title)").scroll_into_view_if_needed()
    expect(page.locator("#waiting")).to_be_visible()
    page.click("#plan button")
    page.click("#plan nav.tabs a:has-text('Dropped')")
    expect(page.locator("#plan nav.tabs a[aria-current]")).to_have_text("Dropped")
    assert page.url.endswith("?period=weekly")
    settle(page)
    assert_accessible(page)
    assert_fits(page)


def test_a_leader_hands_over(own_shop, visit):
    page = visit("leader", "phone", shop=own_shop, path=PAGE).page
    page.locator("table a:has-text('See and hand over')").last.click()
    expect(page.locator("h1")).to_have_text("Open calls")
    before = page.locator("#calls li").count()
    choose = page.locator("#calls select").first
    choose.select_option(index=choose.evaluate("one => [...one.options].findIndex(o => o.value && !o.disabled)"))
    page.locator("#calls li button").first.click()
    expect(page.locator("#messages")).to_contain_text("handed over")
    expect(page.locator("#calls li")).to_have_count(before - 1)
