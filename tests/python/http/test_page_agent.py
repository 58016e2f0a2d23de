"""The agent dashboard: the list worked to its end, once each; who may see and do what; one hand, and the keyboard."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import httpx
import psycopg
import pytest
from playwright.sync_api import expect

from tests.python.conftest import Database
from tests.tools import web
from tests.tools.browser import assert_accessible, assert_fits, settle

PAGE = "/admin/crm/agent-dashboard"
PERSONAL = ("Rahima", "01711000001", "Quxnote")

#: Calls 1 to 3 are agent 1's, hot to cold; call 4 is agent 6's, who leads nobody and is led by nobody.
SHOP = """
insert into trustcart.customers (id, first_name, phone, assigned_agent_id) values
(101, 'Karim', '01711000011', 1), (102, 'Salma', '01711000012', 1), (103, 'Hasan', '01711000013', 1),
(104, 'Rahima', '01711000001', 6);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, priority, notes) values
(1, 101, 1, trustcart.business_date(), 'hot', null), (2, 102, 1, trustcart.business_date(), 'warm', null),
(3, 103, 1, trustcart.business_date(), 'cold', null), (4, 104, 6, trustcart.business_date(), 'hot', 'Quxnote');
select setval(pg_get_serial_sequence('trustcart.crm_call_tasks', 'id'), 100);
"""


@pytest.fixture
def shop(db: Database) -> Iterator[psycopg.Connection]:
    """The owner's connection to a shop with calls."""
    with db.connect() as connection:
        web.people(connection)
        connection.execute(SHOP)
        yield connection


@pytest.fixture
def site(db: Database, shop: psycopg.Connection) -> Iterator[web.Site]:
    """The shop, served."""
    with web.serving(db.url) as one:
        yield one


def fields_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form of a page that posts to an address."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.S)
    assert form, f"no form to {action}"
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.group(1)))


def send(client: httpx.Client, action: str, page: str | None = None, **fields: str) -> httpx.Response:
    """Send the form of a page (default: the dashboard as it is now)."""
    page = client.get(PAGE).text if page is None else page
    return client.post(action, data={**fields_of(page, action), **fields})


def shown(page: str) -> int | None:
    """The call that a page shows to be worked."""
    found = re.search(r'id="outcome" method="post" action="[^"]*/calls/(\d+)/outcome"', page)
    return int(found.group(1)) if found else None


def status_of(shop: psycopg.Connection, task_id: int) -> tuple[str, str | None]:
    """Status and outcome of a call."""
    return shop.execute("select status, outcome from trustcart.crm_call_tasks where id = %s", [task_id]).fetchone()


def test_the_list_is_worked_to_its_end(site, shop):
    """Next, outcome, and the next comes up by itself, hot first; then the day's figures. Without JavaScript."""
    with site.browser("agent@example.com") as agent:
        page = send(agent, f"{PAGE}/next").text
        assert shown(page) == 1
        page = send(agent, f"{PAGE}/calls/1/start", page).text
        assert 'href="tel:+8801711000011"' in page
        page = send(agent, f"{PAGE}/calls/1/outcome", page, outcome="successful", notes="two jars").text
        assert shown(page) == 2
        assert "Noted." in page
        page = send(agent, f"{PAGE}/calls/2/outcome", page, outcome="not_interested").text
        assert shown(page) == 3
        page = send(agent, f"{PAGE}/calls/3/skip", page, reason="came to the shop").text
        assert shown(page) is None
        page = send(agent, f"{PAGE}/next", page).text
        assert "There is nothing to call now." in page
        text = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
        assert re.search("The list is done. 2 calls made, 1 successful", text), text
        assert status_of(shop, 1) == ("completed", "successful")
        assert status_of(shop, 3) == ("skipped", None)
        assert shop.execute("select count(*) from trustcart.customer_interactions").fetchone() == (2,)


def test_a_double_click_is_one_outcome(site, shop):
    """The same form twice at once: both are led on, one outcome is written, one next call claimed."""
    with site.browser("agent@example.com") as agent:
        page = send(agent, f"{PAGE}/next").text
        action = f"{PAGE}/calls/1/outcome"
        fields = {**fields_of(page, action), "outcome": "successful"}
        together = threading.Barrier(2)

        def click() -> httpx.Response:
            together.wait()
            return agent.post(action, data=fields)

        with ThreadPoolExecutor(2) as clicks:
            answers = [one.result() for one in [clicks.submit(click), clicks.submit(click)]]
        assert [(one.status_code, shown(one.text)) for one in answers] == [(200, 2), (200, 2)]
        assert shop.execute("select count(*) from trustcart.customer_interactions").fetchone() == (1,)
        assert shop.execute("select array_agg(id) from trustcart.crm_call_tasks where claimed_by = 1").fetchone() == (
            [2],
        )


def test_two_sessions_of_an_agent_have_one_call_in_hand(site, shop):
    """Both get the same call; what the one settles, the other cannot settle again."""
    with site.browser("agent@example.com") as desk, site.browser("agent@example.com") as phone:
        pages = [send(desk, f"{PAGE}/next").text, phone.get(PAGE).text]
        assert [shown(page) for page in pages] == [1, 1]
        assert shown(send(desk, f"{PAGE}/calls/1/outcome", pages[0], outcome="successful").text) == 2
        late = send(phone, f"{PAGE}/calls/1/outcome", pages[1], outcome="no_answer")
        assert (late.status_code, "completed already" in late.text) == (409, True)
        assert status_of(shop, 1) == ("completed", "successful")
        assert shown(phone.get(PAGE).text) == 2
        # The list beside the old card says so, as soon as it is renewed.
        assert (
            "The call beside this list is settled." in phone.get(f"{PAGE}/list", params={"agentId": 1, "shown": 1}).text
        )


def test_two_pages_that_ask_for_the_next_call_at_once_get_one(db, site, shop):
    """Two at once: the second waits for the first, and finds its call in hand."""
    with site.browser("agent@example.com") as desk, site.browser("agent@example.com") as phone:
        pages = {client: client.get(PAGE).text for client in (desk, phone)}

        def ask(client: httpx.Client) -> int | None:
            return shown(send(client, f"{PAGE}/next", pages[client]).text)

        with db.connect() as holder, ThreadPoolExecutor(2) as both:
            with holder.transaction():
                holder.execute("select from trustcart.users where id = 1 for no key update")
                answers = [both.submit(ask, client) for client in (desk, phone)]
                waiting = (
                    "select count(*) from pg_stat_activity"
                    " where datname = current_database() and wait_event_type = 'Lock'"
                )
                deadline = time.monotonic() + 30
                while shop.execute(waiting).fetchone() != (2,):
                    assert time.monotonic() < deadline, "both wait for the agent's turn"
                    time.sleep(0.01)
            assert [one.result() for one in answers] == [1, 1]


def test_the_wrong_button_is_taken_back(site, shop):
    """Undo stands beside what was said, and brings its call back."""
    with site.browser("agent@example.com") as agent:
        page = send(agent, f"{PAGE}/next").text
        page = send(agent, f"{PAGE}/calls/1/outcome", page, outcome="not_interested").text
        page = send(agent, f"{PAGE}/calls/1/undo", page).text
        assert shown(page) == 1
        assert status_of(shop, 1) == ("pending", None)
        assert shop.execute("select count(*) from trustcart.customer_interactions").fetchone() == (0,)


def test_what_is_tried_again_put_off_or_agreed_stays(site, shop):
    """No answer, later, an hour, a note; and what was learned."""
    with site.browser("agent@example.com") as agent:
        page = agent.get(PAGE, params={"task": 1}).text
        page = send(agent, f"{PAGE}/calls/1/outcome", page, outcome="follow_up_needed", follow_up_date="2199-01-02",
                    preferred_from="10:00", preferred_until="16:00", family_name="Karima",
                    family_relationship="spouse").text  # fmt: skip
        assert shown(page) == 2
        assert status_of(shop, 1) == ("completed", "follow_up_needed")
        assert shop.execute("select name from trustcart.customer_family_members").fetchone() == ("Karima",)
        assert shop.execute("select preferred_from::text from trustcart.customer_contact_preferences").fetchone() == (
            "10:00:00",
        )
        keep = {**fields_of(page, f"{PAGE}/calls/2/outcome"), "notes": "asks for honey"}
        page = agent.post(f"{PAGE}/calls/2/notes", data=keep).text
        assert shown(page) == 2
        assert "asks for honey" in page
        refused = send(agent, f"{PAGE}/calls/2/outcome", page, outcome="no_answer", follow_up_time="soon")
        assert refused.status_code == 400
        refused = send(agent, f"{PAGE}/calls/2/snooze", page)
        assert (refused.status_code, "until is required" in refused.text) == (400, True)
        # "Do not call me": settled, and no other call is left.
        with_refusal = re.search(r'(<form method="post" action="[^"]*/calls/2/outcome">.*?</form>)', page, re.S).group(
            1
        )
        page = send(agent, f"{PAGE}/calls/2/outcome", with_refusal).text
        assert status_of(shop, 2)[0] == "completed"
        assert shop.execute("select granted from trustcart.customer_consents where customer_id = 102").fetchone() == (
            False,
        )
        assert "does not want to be called" in agent.get(PAGE, params={"task": 2}).text


def test_another_agents_calls_are_not_ones_own(site, shop):
    """Guessed addresses and forms: 403, a page that tells nothing, and nothing is done."""
    with site.browser("agent@example.com") as agent:
        for address in (f"{PAGE}?task=4", f"{PAGE}?agentId=6", f"{PAGE}/list?agentId=6", f"{PAGE}?agentId=2"):
            answer = agent.get(address)
            assert answer.status_code == 403, address
            assert not [mark for mark in PERSONAL if mark in answer.text], address
        token = web.csrf_of(agent.get(PAGE).text)
        for deed in ("start", "outcome", "notes", "snooze", "skip", "undo"):
            fields = {"csrf_token": token, "outcome": "successful", "notes": "x", "minutes": "30", "reason": "x"}
            answer = agent.post(f"{PAGE}/calls/4/{deed}", data=fields)
            assert answer.status_code == 403, deed
            assert not [mark for mark in PERSONAL if mark in answer.text], deed
        for address in (f"{PAGE}?task=999999", f"{PAGE}/calls/999/start"):
            assert (
                agent.get(address) if "?" in address else agent.post(address, data={"csrf_token": token})
            ).status_code == 404
        for address in (f"{PAGE}?task=x", f"{PAGE}?agentId=x", f"{PAGE}?date=soon"):
            assert agent.get(address).status_code == 400, address
    assert status_of(shop, 4) == ("pending", None)


def test_managers_and_leaders_look_on(site, shop):
    """Anybody's list, one's team's; without the buttons of who works it."""
    with site.browser("manager@example.com") as manager:
        assert "Whose calls?" in manager.get(PAGE).text
        page = manager.get(PAGE, params={"agentId": 6, "task": 4}).text
        assert "Rahima" in page
        assert shown(page) is None
        assert f'action="{PAGE}/next"' not in page
        assert manager.get(PAGE, params={"agentId": 4}).status_code == 404
    with site.browser("leader@example.com") as leader:
        page = leader.get(PAGE, params={"agentId": 1, "task": 1}).text
        assert "Karim" in page
        assert shown(page) is None
        assert leader.get(PAGE, params={"agentId": 6}).status_code == 403


def test_who_rings_in(site, shop):
    """Found by the number; noted; a call planned; another's customer is put through. No number stands in an address."""
    with site.browser("agent@example.com") as agent:
        page = send(agent, f"{PAGE}/caller", phone="০১৭১১-০০০০১২").text
        assert "Salma" in page
        assert f"{PAGE}?task=2" in page
        assert "Noted" not in page
        page = send(agent, f"{PAGE}/caller/log", page, subject="Asked for honey", outcome="successful").text
        assert "The call is noted." in page
        assert shop.execute("select direction, subject, agent_id from trustcart.customer_interactions").fetchone() == (
            "inbound", "Asked for honey", 1
        )  # fmt: skip
        page = send(agent, f"{PAGE}/caller", phone="01711000012").text
        page = send(agent, f"{PAGE}/caller/call", page, task_type="follow_up", notes="wants ghee").text
        assert "The call is planned." in page
        assert shop.execute("select notes from trustcart.crm_call_tasks where id > 100").fetchone() == ("wants ghee",)
        page = send(agent, f"{PAGE}/caller", phone="01711000001").text
        assert "Put the call through to Rival." in page
        assert f"{PAGE}/caller/log" not in page
        assert "Nobody has the number" in send(agent, f"{PAGE}/caller", phone="01999999999").text
        assert send(agent, f"{PAGE}/caller", phone="?").status_code == 400
        assert agent.get(f"{PAGE}/caller").status_code == 405


def test_by_keyboard_and_live(visit, own_shop):
    """n, c, a figure, u; and another page of the agent's follows by itself."""
    one, other = (visit("agent", shop=own_shop).open("agent") for _ in range(2))
    settle(one)
    to_do = other.locator("#list .tile dd").first
    before = re.compile(rf"^{to_do.inner_text().split()[0]}\D")
    one.keyboard.press("n")
    one.wait_for_selector("#outcome")
    one.keyboard.press("c")
    one.wait_for_selector("a.dial")
    # Where one types, a key is a letter.
    one.keyboard.press("t")
    one.keyboard.type("n1 u")
    expect(one.locator("#notes")).to_have_value(re.compile("n1 u$"))
    one.locator("#notes").blur()
    one.keyboard.press("1")
    expect(one.locator("#messages .done")).to_contain_text("Noted.")
    expect(to_do).not_to_have_text(before)
    expect(other.locator("#list .notice")).to_contain_text("Another call is in hand.")
    one.keyboard.press("u")
    expect(one.locator("#messages .done")).to_contain_text("Taken back")
    expect(to_do).to_have_text(before)


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize("size", ["phone", "small", "desktop"])
def test_with_one_hand(visit, own_shop, size, language):
    """The call fills the phone, its outcomes stand in the lower half, large enough for a thumb; nothing sticks out."""
    page = visit("agent", size, language, shop=own_shop).open("agent")
    settle(page)
    assert_accessible(page)
    assert_fits(page)
    page.click("[data-key=n]")
    page.wait_for_selector("#outcome")
    settle(page)
    assert_accessible(page)
    assert_fits(page)
    if size == "desktop":
        return
    height = page.viewport_size["height"]
    buttons = page.locator(".bar button, .bar [role=button]").all()
    assert len(buttons) >= 7
    for button in buttons:
        box = button.bounding_box()
        assert box["height"] >= 44, button.inner_text()
        assert box["width"] >= 44, button.inner_text()
        assert height / 2 <= box["y"] <= height - box["height"], button.inner_text()
