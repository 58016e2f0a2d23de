"""The customer page over HTTP: what its tabs show, what its forms do, once, and who is told nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import httpx
import pytest

from tests.python.conftest import Database
from tests.tools import web
from tests.tools.browser import assert_accessible, assert_fits, settle
from trustcart_db import phone_encryption
from trustcart_db.server import PrivateServer
from trustcart_db.web.rendering import environment

TABS = ("", "/family", "/interactions", "/behavior", "/360")
KEY = "2e" * 32

SHOP = """
insert into trustcart.categories (id, name) values (1, 'Honey');
insert into trustcart.products (id, name, category_id, price) values (1, 'Forest honey', 1, 500);
insert into trustcart.customers (id, first_name, last_name, phone, assigned_agent_id) values
(10, 'Rahim', 'Uddin', '01711000010', 1), (20, 'Quxrival', 'Quxname', '01711000020', 6), (30, null, null, null, 1),
(40, 'Rahim', 'Uddin', '01711000040', 1);
insert into trustcart.sales_orders (id, customer_id, order_date, ordered_at, total_amount, status, payment_method)
select
    g, 10, trustcart.business_date() - 65 - 20 * g,
    (trustcart.business_date() - 65 - 20 * g + time '18:30') at time zone 'Asia/Dhaka', 1000, 'delivered', 'bKash'
from generate_series(1, 4) as g;
insert into trustcart.sales_order_items (order_id, product_id, quantity, unit_price)
select g, 1, 2, 500 from generate_series(1, 4) as g;
insert into trustcart.customer_family_members (id, customer_id, name, relationship, phone) values
(5, 10, 'Mina', 'spouse', '01811000005'), (6, 20, 'Quxchild', 'child', null);
insert into trustcart.customer_interactions (customer_id, interaction_type, subject, interaction_date)
select 10, 'sms', 'Talk ' || lpad(g::text, 2, '0'), now() - g * interval '1 day' from generate_series(1, 45) as g;
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date)
values (7, 10, 1, 'follow_up', trustcart.business_date());
select trustcart.detect_dropoffs();
select trustcart.refresh_customer_behavior();
"""


class Person:
    """Somebody at a browser: forms are read from the pages and sent as a browser would, without JavaScript."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def get(self, path: str, status: int = 200) -> str:
        """A page below /admin/customers. Raises AssertionError for another status."""
        answer = self.client.get(f"/admin/customers{path}")
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def send(self, path: str, page: str, status: int = 200, **fields: object) -> str:
        """Fill in and send the form of a page that leads to path. Result: the page one ends on."""
        form = re.search(rf'<form[^>]*action="/admin/customers{path}".*?</form>', page, re.S)
        assert form, f"no form leads to {path}"
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.group(0)))
        assert {"csrf_token", "idempotency_key"} <= set(hidden), path
        answer = self.client.post(f"/admin/customers{path}", data={**hidden, **fields})
        assert answer.status_code == status, answer.text
        return unescape(answer.text)


def words(page: str) -> str:
    """A page's words, blanks as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture(scope="module")
def shop_db(server: PrivateServer, _template: str) -> Iterator[Database]:
    """A small shop for most of these tests, each of which leaves to the others what they ask for: customers 10, 30 and
    40 are agent 1's, 20 is another agent's."""
    name = "customer_pages"
    url = server.create_database(name, _template)
    database = Database(server, name, url)
    with database.connect() as connection:
        web.people(connection)
        connection.execute(SHOP)
    yield database
    server.drop_database(name)


@pytest.fixture(scope="module")
def site(shop_db: Database) -> Iterator[web.Site]:
    """The shop, served."""
    with web.serving(shop_db.url) as serving:
        yield serving


@pytest.fixture
def agent(site: web.Site) -> Iterator[Person]:
    """Agent 1."""
    with site.browser("agent@example.com") as client:
        yield Person(client)


@pytest.fixture
def manager(site: web.Site) -> Iterator[Person]:
    """The manager."""
    with site.browser("manager@example.com") as client:
        yield Person(client)


def one(db: Database, query: str, *arguments: object) -> tuple:
    with db.connect() as connection:
        return connection.execute(query, arguments or None).fetchone()


def test_tabs_show_what_they_are_for(agent: Person, shop_db: Database):
    """Each tab has its figures; that it was looked at is on record."""
    query = "select count(*) from trustcart.audit_logs where action = 'view' and user_id = 1 and customer_id = 10"
    (before,) = one(shop_db, query)
    overview = words(agent.get("/10"))
    assert "Rahim Uddin" in overview
    assert "৳4,000" in overview
    assert "Medium risk" in overview
    assert "No order for 85 days" in overview
    assert "Forest honey" in overview
    assert "call today" in overview
    head = agent.get("/10")
    for link in ("tel:+8801711000010", "https://wa.me/8801711000010", "sms:+8801711000010"):
        assert f'href="{link}"' in head
    assert "Mina Spouse" in words(agent.get("/10/family"))
    assert "Talk 01" in agent.get("/10/interactions")
    behavior = words(agent.get("/10/behavior"))
    assert "Counted from the last 4 orders" in behavior
    assert "bKash" in behavior
    assert "Evening" in behavior
    why = words(agent.get("/10/360"))
    assert "The last order was 85 days ago. At risk from 60 days without an order, churned after 90." in why
    assert "4 orders worth ৳4,000. VIP from 6 orders or ৳50,000." in why
    assert "Because the stage is At risk." in why
    assert one(shop_db, query) == (before + 6,)


def test_a_customer_of_whom_nothing_is_known(agent: Person):
    """No orders, no number, no name: every tab stands."""
    for tab in TABS:
        page = words(agent.get(f"/30{tab}"))
        assert "Customer 30" in page
        assert "No number" in page
    assert "No order yet" in words(agent.get("/30"))
    assert "There is no order that counts." in words(agent.get("/30/360"))


def test_thresholds_speak_bangla(agent: Person):
    """The page by the switch: the reasons too, with Bangla digits."""
    agent.client.cookies.set("trustcart_language", "bn")
    page = words(re.search(r'<div class="whys">.*?</section>', agent.get("/10/360"), re.S).group(0))
    assert "শেষ অর্ডার ৮৫ দিন আগে। ৬০ দিন অর্ডার না এলে ঝুঁকিতে, ৯০ দিন পেরোলে হারানো।" in page
    assert "৪টি অর্ডার, মোট ৳৪,০০০। ৬টি অর্ডার বা ৳৫০,০০০ থেকে ভিআইপি।" in page
    assert not re.search("[A-Za-z]", page)


def test_family_is_added_changed_and_removed(agent: Person, shop_db: Database):
    """What the forms send is what is shown; what is missing is refused, and said."""
    page = agent.get("/10/family")
    page = agent.send("/10/family", page, name="Rafi", relationship="child", dateOfBirth="2015-02-28")
    assert "The family member is on record." in page
    assert "Rafi Child" in words(page)
    assert "28 Feb 2015" in page
    (member,) = one(shop_db, "select id from trustcart.customer_family_members where name = 'Rafi'")
    changed = {"name": "Rafi Uddin", "relationship": "child", "phone": "01811000009", "address": ""}
    page = agent.send(f"/10/family/{member}", page, **changed)
    assert "The family member was changed." in page
    assert one(
        shop_db, "select name, phone, date_of_birth from trustcart.customer_family_members where id = %s", member
    ) == (
        "Rafi Uddin",
        "01811000009",
        None,
    ), "blank takes away"
    refused = agent.send("/10/family", page, 400, name=" ", relationship="child")
    assert "name is required" in refused
    assert "28/02" in agent.send("/10/family", page, 400, name="A", relationship="child", dateOfBirth="28/02/2015")
    page = agent.send(f"/10/family/{member}/remove", page)
    assert "The family member was removed." in page
    assert "Rafi" not in page
    assert one(shop_db, "select count(*) from trustcart.customer_family_members where customer_id = 10") == (1,)


def test_contacts_are_logged_once(agent: Person, shop_db: Database):
    """A form sent twice is one interaction; another form is another."""
    page = agent.get("/10/interactions")
    said = {"interactionType": "visit", "direction": "inbound", "subject": "Came by", "outcome": "successful"}
    shown = agent.send("/10/interactions", page, **said)
    assert "The interaction is logged." in shown
    assert "Came by" in shown
    agent.send("/10/interactions", page, **said)
    agent.send("/10/interactions", shown, **said)
    query = (
        "select count(*), min(agent_id), max(agent_id) from trustcart.customer_interactions where subject = 'Came by'"
    )
    assert one(shop_db, query) == (2, 1, 1)
    page = agent.get("/10/interactions")
    assert "is past" in agent.send("/10/interactions", page, 422, interactionType="call", followUpDate="2020-01-01")
    assert "interactionType is required" in agent.send("/10/interactions", page, 400)
    shown = agent.send("/10/engagements", page, engagementType="offer_sent", channel="sms", response="positive")
    assert "The engagement is logged." in shown
    assert "Offer sent · SMS · Positive" in words(shown)


def test_what_was_before_comes_in_pages(agent: Person):
    """All of it, each once, in order: by the fragments that htmx loads as by the links that stand there without it."""
    expected = [f"Talk {number:02}" for number in range(1, 46)]
    for fragment in (True, False):
        page, found = agent.get("/10/interactions"), []
        while len(found) <= len(expected):
            found += re.findall(r"Talk \d\d", page)
            more = re.search(
                r'hx-get="/admin/customers(\S+)"' if fragment else r'href="/admin/customers(\S+before\S+)"', page
            )
            if not more:
                break
            page = agent.get(more.group(1))
            assert ("<html" in page) is not fragment
        assert found == expected
    assert "before is not a place" in agent.get("/10/interactions?before=yesterday", 400)
    assert "before is not a place" in agent.get("/10/360/older?before=1.2", 400)


def test_wishes_consents_and_calls(agent: Person, shop_db: Database):
    """Written down by forms, shown, and acted upon: who refuses calls is not called."""
    page = agent.get("/40/behavior")
    page = agent.send(
        "/40/preferences", page, preferredFrom="17:00", preferredUntil="24:00", language="bn", timeZone=""
    )
    assert "The wishes are on record." in page
    assert '<option value="24:00" selected>' in page
    page = agent.send("/40/preferences", page, preferredFrom="", preferredUntil="", language="bn")
    query = "select preferred_from, language from trustcart.customer_contact_preferences where customer_id = 40"
    assert one(shop_db, query) == (None, "bn")
    assert "preferredUntil is missing" in agent.send("/40/preferences", page, 400, preferredFrom="17:00")

    day = one(shop_db, "select trustcart.business_date() + 3")[0].isoformat()
    page = agent.send("/40/calls", page, taskType="repeat_reminder", taskDate=day, notes="Ask about honey")
    assert "The call is on the list." in page
    assert "Ask about honey" in page
    assert one(
        shop_db, "select task_type, assigned_agent_id from trustcart.crm_call_tasks where notes like 'Ask%%'"
    ) == (
        "repeat_reminder",
        1,
    )
    page = agent.send("/40/consents", agent.get("/40/behavior"), channel="call", granted="no", source="on the phone")
    assert "What the customer said is on record." in page
    assert 'href="tel:' not in page
    assert "does not want to be called" in agent.send("/40/calls", page, 422, taskType="follow_up")
    assert "granted is required" in agent.send("/40/consents", page, 400, channel="sms", granted="")


def test_another_agents_customer_is_not_shown(agent: Person, shop_db: Database):
    """Whatever address is guessed: 403, nothing of the customer, nothing changed; and 404 where there is none."""
    count = """
        select (select count(*) from trustcart.customer_family_members where name = 'Quxchild'),
            (select count(*) from trustcart.customer_interactions where customer_id = 20),
            (select count(*) from trustcart.customer_engagement_history where customer_id = 20),
            (select count(*) from trustcart.customer_consents where customer_id = 20),
            (select count(*) from trustcart.customer_contact_preferences where customer_id = 20),
            (select count(*) from trustcart.crm_call_tasks where customer_id = 20)
    """
    before = one(shop_db, count)
    for path in (*(f"/20{tab}" for tab in TABS), "/20/interactions/older?before=1.1.1", "/20/360/older?before=1.1.1"):
        page = agent.get(path, 403)
        assert "Not for you" in page
        assert "Qux" not in page
    token = web.csrf_of(agent.get("/10"))
    for path, fields in {
        "/20/family": {"name": "A", "relationship": "child"},
        "/20/family/6": {"name": "A", "relationship": "child"},
        "/10/family/6": {"name": "A", "relationship": "child"},
        "/10/family/6/remove": {},
        "/20/interactions": {"interactionType": "call"},
        "/20/engagements": {"engagementType": "call"},
        "/20/preferences": {"language": "en"},
        "/20/consents": {"channel": "sms", "granted": "no"},
        "/20/calls": {"taskType": "other"},
    }.items():
        answer = agent.client.post(f"/admin/customers{path}", data={"csrf_token": token, **fields})
        assert answer.status_code == 403, path
        assert "Qux" not in answer.text
        assert agent.client.post(f"/admin/customers{path}", data=fields).status_code == 403, "no token, no deed"
    assert one(shop_db, count) == before
    assert "Not there" in agent.get("/99", 404)
    agent.get("/99999999999999999999", 400)
    agent.get("/ten", 400)


def test_a_manager_sees_everybody(manager: Person):
    """And may do the same."""
    for customer in (10, 20, 30):
        for tab in TABS:
            manager.get(f"/{customer}{tab}")
    page = manager.send("/20/interactions", manager.get("/20/interactions"), interactionType="call", subject="Hello")
    assert "Hello" in page


def test_gone_customers_say_where(db: Database):
    """Merged, erased, closed: the page says so, offers no deed that would be refused, and shows no person."""
    with db.connect() as connection:
        web.people(connection)
        connection.execute(SHOP)
        connection.execute("select trustcart.merge_customers(10, 40)")
        connection.execute("select trustcart.erase_customer(20)")
        connection.execute("update trustcart.customers set is_active = false where id = 30")
    with web.serving(db.url) as site, site.browser("manager@example.com") as client:
        manager = Person(client)
        merged = manager.get("/40")
        assert "This is the same person as customer 10" in merged
        assert 'href="/admin/customers/10"' in merged
        erased = manager.get("/20")
        assert "This person was erased on" in erased
        closed = manager.get("/30")
        assert "This account is closed" in closed
        for page in (merged, erased, closed):
            assert "/calls" not in page
            assert 'href="tel:' not in page
        for customer in (40, 20):
            assert 'name="relationship"' not in manager.get(f"/{customer}/family")
            assert "<textarea" not in manager.get(f"/{customer}/interactions")
            for tab in TABS:
                assert "Qux" not in manager.get(f"/{customer}{tab}")


@pytest.mark.extension("pgcrypto")
def test_without_the_key_numbers_are_masked(db: Database, monkeypatch: pytest.MonkeyPatch):
    """Encrypted phones: a gateway with the key shows them and links to them; what it cannot read cannot be dialled."""
    with db.connect() as connection:
        connection.execute("create schema crypto; create extension pgcrypto schema crypto")
        web.people(connection)
        connection.execute(SHOP)
        phone_encryption.turn_on(connection, KEY)
        connection.execute("select set_config('request.jwt.claims', '', false)")
    with (
        web.serving(db.url, **{phone_encryption.ENVIRONMENT: KEY}) as site,
        site.browser("agent@example.com") as client,
    ):
        page = Person(client).get("/10")
        assert 'href="tel:+8801711000010"' in page
        assert "01711000010" in page
        assert "01811000005" in Person(client).get("/10/family")
    with db.connect() as connection, connection.transaction():
        connection.execute("create role masked_manager login in role trustcart_manager")
    try:
        with db.connect() as connection:
            connection.execute("update trustcart.users set db_role = 'masked_manager' where id = 4")
        with db.connect("masked_manager") as connection:
            numbers = connection.execute("select trustcart_api.page_customer(10) #> '{customer,numbers}'").fetchone()[0]
    finally:
        with db.connect() as connection:
            connection.execute("update trustcart.users set db_role = null where id = 4")
            connection.execute("drop role masked_manager")
    assert [(one["dial"], one["is_mobile"]) for one in numbers] == [(None, None)]
    assert "***" in numbers[0]["number"]
    assert "711000" not in numbers[0]["number"]


# In a browser ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["desktop", "small"])
@pytest.mark.parametrize("language", ["en", "bn"])
def test_every_tab_is_usable(visit, size: str, language: str):
    """Accessible, and no wider than the screen, with what unfolds unfolded."""
    visitor = visit("manager", size, language)
    for tab in TABS:
        page = visitor.open(visitor.shop.path("customer") + tab)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert_accessible(page)
        assert_fits(page)


def test_a_refused_form_keeps_what_was_typed(visit, own_shop):
    """The refusal stands in the messages, the fields as they were; put right, it is carried out."""
    visitor = visit("agent", "phone", shop=own_shop).refused(422)
    page = visitor.open(own_shop.path("customer") + "/interactions")
    page.click("text=Log an interaction")
    page.fill("input[name=subject]", "Asked for dates")
    # Past the browser's own check, as a browser without one would send it.
    page.evaluate("document.querySelector('input[name=followUpDate]').removeAttribute('min')")
    with own_shop.connect() as connection:
        today = connection.execute("select trustcart.business_date()").fetchone()[0]
    page.fill("input[name=followUpDate]", (today - timedelta(days=1)).isoformat())
    page.click("aside >> text=Log it >> nth=0")
    page.wait_for_selector("#messages .refusal")
    assert "is past" in page.inner_text("#messages")
    assert page.input_value("input[name=subject]") == "Asked for dates"
    page.fill("input[name=followUpDate]", (today + timedelta(days=2)).isoformat())
    page.click("aside >> text=Log it >> nth=0")
    page.wait_for_selector("#messages .done")
    settle(page)
    assert "Asked for dates" in page.inner_text("#timeline li >> nth=0")


def test_the_past_is_loaded_into_the_list(visit):
    """The button goes, the items before stand in its place."""
    visitor = visit("manager")
    with visitor.shop.connect() as connection:
        customer = connection.execute(
            "select customer_id from trustcart.sales_orders group by 1 order by count(*) desc limit 1"
        ).fetchone()[0]
    page = visitor.open(f"/admin/customers/{customer}/360")
    before = page.locator("#timeline > li").count()
    page.click("#timeline .older a")
    page.wait_for_function("(count) => document.querySelectorAll('#timeline > li').length > count", arg=before)
    kinds = page.eval_on_selector_all("#timeline > li:not(.older)", "all => all.length")
    assert kinds > before - 1
    assert page.locator("#timeline > li.older").count() <= 1


@pytest.mark.parametrize(
    ("who", "size", "language"), [("manager", "desktop", "en"), ("agent", "small", "en"), ("agent", "desktop", "bn")]
)
def test_the_outlook_is_what_the_database_has(visit, who: str, size: str, language: str):
    """What is expected of a customer, and why; nothing of one who never ordered."""
    visitor = visit(who, size, language)
    words = environment(language).globals
    number, money, percent, date = (words[one] for one in ("number", "money", "percent", "date"))
    heading = {"en": "Outlook", "bn": "সম্ভাবনা"}[language]
    outlook = f"section[aria-label='{heading}']"
    with visitor.shop.connect() as connection:
        one = connection.execute(
            """
            select
                i.p_alive, i.expected_orders_90_days, i.expected_value_90_days, i.value_at_stake, i.scored_on, m.model,
                h.repeat_orders, h.first_on, h.last_on, trustcart.business_date() - h.last_on,
                round((h.last_on - h.first_on)::numeric / (h.orders - 1))
            from trustcart.customer_intelligence as i
            cross join lateral (
                select
                    count(*) as orders,
                    count(distinct o.order_date) - 1 as repeat_orders,
                    min(o.order_date) as first_on,
                    max(o.order_date) as last_on
                from trustcart.sales_orders as o
                inner join trustcart.order_statuses as s on o.status = s.status and s.counts
                where o.customer_id = i.customer_id
            ) as h
            cross join (select min(m.id) as model from trustcart.customer_models as m) as m
            where i.customer_id = %s
            """,
            [visitor.shop.customer],
        ).fetchone()
        prospect = connection.execute("select min(id) from trustcart.customers where order_count = 0").fetchone()[0]
    alive, orders, value, stake, scored_on, model, repeat, first_on, last_on, ago, rhythm = one
    page = visitor.open(visitor.shop.path("customer") + "/360")
    facts = page.locator(f"{outlook} dd").all_inner_texts()
    for fact, figures in zip(
        facts,
        (
            (percent(100 * alive), number(repeat), date(first_on), date(last_on)),
            (number(orders, 2), money(value, 0)),
            (money(stake, 0), percent(100 * (1 - alive))),
            (number(rhythm), number(ago)),
        ),
        strict=True,
    ):
        for figure in figures:
            assert figure in fact
    said = page.inner_text(outlook)
    assert number(model) in said
    assert date(scored_on) in said
    if language == "bn":
        assert not re.search("[A-Za-z0-9]", said)
    assert_accessible(page)
    assert_fits(page)
    if who == "manager":
        page = visitor.open(f"/admin/customers/{prospect}/360")
        assert page.locator(outlook).count() == 0
