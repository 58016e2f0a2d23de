"""The Customer 360° dashboard: over HTTP whom it lists, finds and leaves out; in a browser how it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from tests.python.conftest import Database
from tests.tools import web
from tests.tools.browser import assert_accessible, assert_fits
from trustcart_db.server import PrivateServer

PAGE = "/admin/customers/cdm"

SHOP = """
insert into trustcart.customers (id, first_name, last_name, email, phone, assigned_agent_id, is_active)
select
    g, case when g % 5 = 0 then 'Rahima' else 'Customer' end, 'No ' || g, 'c' || g || '@example.com',
    '0171' || lpad(g::text, 7, '0'), (array[1, 6, null])[1 + g % 3], g <> 119
from generate_series(1, 120) as g;
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g, trustcart.business_date() - g, 100 + g % 7, 'delivered' from generate_series(1, 110) as g;
update trustcart.customers set first_name = '<script>alert(1)</script>', last_name = null where id = 7;
update trustcart.customers set first_name = null, last_name = null, phone = null where id = 118;
update trustcart.customers set phone = '02-9876543' where id = 117;
select trustcart.record_consent(1, 'call', false, 'letter');
"""


@pytest.fixture(scope="module")
def shop_of_all(server: PrivateServer, _template: str) -> Iterator[Database]:
    """The shop of the tests that only read."""
    database = Database(server, "customers_page", server.create_database("customers_page", _template))
    with database.connect() as connection:
        web.people(connection)
        connection.execute(SHOP)
    yield database
    server.drop_database("customers_page")


@pytest.fixture(scope="module")
def site(shop_of_all: Database) -> Iterator[web.Site]:
    """That shop, served."""
    with web.serving(shop_of_all.url) as serving:
        yield serving


@pytest.fixture(scope="module")
def manager(site: web.Site) -> Iterator[httpx.Client]:
    """The manager's browser."""
    with site.browser("manager@example.com") as client:
        yield client


def listed(page: httpx.Response) -> list[int]:
    """The customers that a page lists, in its order."""
    assert page.status_code == 200, page.text
    return [int(number) for number in re.findall(r'class="open" href="/admin/customers/(\d+)"', page.text)]


def link(page: httpx.Response, text: str) -> str | None:
    """Where the link with that text leads."""
    found = re.search(rf'href="([^"]+)"[^>]*>{re.escape(text)}</a>', page.text)
    return unescape(found.group(1)) if found else None


def walk(client: httpx.Client, **asked: str) -> list[int]:
    """All whom the pages list, one after the other."""
    page = client.get(PAGE, params=asked)
    found = listed(page)
    while (after := link(page, "Next page")) is not None:
        for name, value in asked.items():
            assert parse_qs(urlsplit(after).query)[name] == [value]
        page = client.get(after)
        found += listed(page)
        assert link(page, "First page") is not None
    return found


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"sort": "last_order_date"},
        {"customerType": "new"},
        {"lifecycleStage": "prospect"},
        {"temperature": "cold", "sort": "last_order_date"},
        {"lifecycleStage": "at_risk", "temperature": "cold", "customerType": "new"},
        {"search": "rahima"},
        {"search": "rah", "lifecycleStage": "new", "sort": "last_order_date"},
    ],
    ids=str,
)
def test_the_pages_list_everybody_once_in_order(manager, shop_of_all, asked):
    order = "last_order_date desc nulls last" if asked.get("sort") else "total_spend desc"
    with shop_of_all.connect() as connection:
        expected = connection.execute(
            f"""
            select c.id from trustcart.customers as c
            where coalesce(c.customer_type = %(customerType)s, %(customerType)s::text is null)
            and coalesce(c.lifecycle_stage = %(lifecycleStage)s, %(lifecycleStage)s::text is null)
            and coalesce(c.priority_level = %(temperature)s, %(temperature)s::text is null)
            and (%(search)s::text is null or c.first_name ilike %(search)s || '%%')
            order by {order}, c.id desc
            """,
            {"customerType": None, "lifecycleStage": None, "temperature": None, "search": None, **asked},
        ).fetchall()
    found = walk(manager, **asked)
    assert found == [number for (number,) in expected]
    assert len(found) > 3


def test_filters_are_chosen_in_the_form_and_empty_ones_left_out(manager):
    page = manager.get(PAGE, params={"customerType": "new", "temperature": "cold", "search": "rah", "sort": ""})
    assert re.findall(r'<option value="(\w+)" selected', page.text) == ["new", "cold"]
    assert 'value="rah"' in page.text
    fields = {"search": "rah", "customerType": "", "lifecycleStage": " ", "temperature": "", "sort": ""}
    page = manager.get(PAGE, params=fields, headers={"HX-Request": "true", "HX-Target": "customers"})
    assert page.headers["HX-Replace-Url"] == f"{PAGE}?search=rah"
    assert "HX-Replace-Url" not in manager.get(PAGE, params=fields).headers
    assert urlsplit(str(manager.get("/admin/customers").url)).path == PAGE


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("01710000042", [42]),
        ("+880 1710-000042", [42]),
        ("০১৭১০০০০০৪২", [42]),
        ("C42@Example.com", [42]),
        ("42", [42]),
        ("#42", [42]),
        ("0171", []),
        ("nobody", []),
        ("no@body.com", []),
        ("%", []),
        ("' or 1=1 --", []),
    ],
)
def test_a_search(manager, search, expected):
    page = manager.get(PAGE, params={"search": search})
    assert listed(page) == expected
    assert ("1 match for" in page.text) == bool(expected)
    said = {"0171": "Nobody has this number", "no@body.com": "Nobody has this e-mail address"}
    assert expected or said.get(search, "Nobody has this name") in unescape(page.text)


def test_a_row(manager, shop_of_all):
    page = manager.get(PAGE, params={"search": "42"}).text
    for expected in (
        'href="tel:+8801710000042"',
        'href="https://wa.me/8801710000042"',
        'href="sms:+8801710000042"',
        'href="/admin/customers/42"',
        "42 days ago",
        "Active",
        "Cold",
        "৳100",
        "c42@example.com",
    ):
        assert expected in page, expected
    refused = manager.get(PAGE, params={"search": "#1"}).text
    assert "tel:" not in refused and "No calls" in refused and "wa.me" in refused
    assert "Closed account" in (closed := manager.get(PAGE, params={"search": "119"}).text)
    assert "tel:" not in closed and "wa.me" not in closed
    assert "Customer 118" in (nameless := manager.get(PAGE, params={"search": "118"}).text)
    assert "No number" in nameless
    landline = manager.get(PAGE, params={"search": "117"}).text
    assert "tel:+88029876543" in landline and "wa.me" not in landline and "sms:" not in landline


def test_what_people_typed_is_text(manager):
    page = manager.get(PAGE, params={"search": '"><script>alert(2)</script>'}).text
    assert "<script>alert" not in page
    page = manager.get(PAGE, params={"search": "7"}).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script>alert" not in page


def test_an_agent_sees_and_finds_own_customers(site, shop_of_all):
    with site.browser("agent@example.com") as agent:
        with shop_of_all.connect() as connection:
            own = [
                number
                for (number,) in connection.execute(
                    "select id from trustcart.customers where assigned_agent_id = 1 order by total_spend desc, id desc"
                )
            ]
        assert walk(agent) == own
        assert len(own) == 40
        assert listed(agent.get(PAGE, params={"search": str(own[0])})) == own[:1]
        # Another's, by all that one might know of them: as if they were not there.
        for search in ("4", "01710000004", "c4@example.com", "Customer 4"):
            page = agent.get(PAGE, params={"search": search})
            assert 4 not in listed(page)
            assert "c4@example.com" not in page.text.replace(f'value="{search}"', "").replace(f"“{search}”", "")
    with site.browser("other@example.com") as other:
        assert "You have no customers yet" in other.get(PAGE).text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"customerType": "gold"}, 400),
        ({"lifecycleStage": "x"}, 400),
        ({"temperature": "x"}, 400),
        ({"sort": "name"}, 400),
        ({"after": "x"}, 400),
        ({"after": "2026-01-01_1"}, 400),
        ({"search": "x" * 201}, 400),
        ({"search": "a\x00b"}, 400),
        ({"after": "100_1", "unknown": "1"}, 200),
    ],
    ids=str,
)
def test_a_bad_address_is_refused_in_words(manager, asked, status):
    page = manager.get(PAGE, params=asked)
    assert page.status_code == status, page.text
    assert "<!doctype html>" in page.text
    if status == 400:
        # A part of the page that is asked for gets the message alone.
        part = manager.get(PAGE, params=asked, headers={"HX-Request": "true", "HX-Target": "customers"})
        assert part.status_code == 400
        assert "<html" not in part.text and 'role="alert"' in part.text


def test_states_without_customers(manager):
    page = manager.get(PAGE, params={"customerType": "new", "lifecycleStage": "churned"}).text
    assert "No customer fits these filters" in page
    assert "That was the last page" in manager.get(PAGE, params={"after": "0_1"}).text


def test_nobody_is_led_to_sign_in(site):
    with site.browser() as nobody:
        page = nobody.get(f"{PAGE}?temperature=hot")
        assert urlsplit(str(page.url)).path == "/sign-in"
        assert unescape(re.findall(r'name="next" value="([^"]+)"', page.text)[-1]) == f"{PAGE}?temperature=hot"


def test_typing_and_choosing_changes_the_list(visit):
    page = visit("manager").open("customers")
    rows = page.locator("#customers tbody tr")
    expect(rows).to_have_count(50)
    assert_accessible(page)
    page.locator("#search").press_sequentially("rahm")
    expect(page.locator(".found")).to_contain_text("“rahm”")
    expect(page).to_have_url(re.compile(r"\?search=rahm$"))
    expect(page.locator("#search")).to_be_focused()
    expect(page.locator("#search")).to_have_value("rahm")
    page.select_option("select[name=temperature]", "hot")
    expect(page).to_have_url(re.compile(r"\?search=rahm&temperature=hot$"))
    for badge in rows.locator(".badge.hot, .badge.warm, .badge.cold").all():
        expect(badge).to_contain_text("Hot")
    page.fill("#search", "")
    page.select_option("select[name=temperature]", "")
    page.select_option("select[name=sort]", "last_order_date")
    expect(page).to_have_url(re.compile(r"\?sort=last_order_date$"))
    expect(page.locator("th[aria-sort]")).to_contain_text("Last order")
    page.locator("nav.pager a[rel=next]").click()
    expect(page.locator("nav.pager a").first).to_have_text("First page")
    assert "sort=last_order_date" in page.url and "after=" in page.url
    first = rows.first.locator("a.open")
    name = first.inner_text()
    first.click()
    expect(page).to_have_url(re.compile(r"/admin/customers/\d+$"))
    expect(page.locator("h1")).to_contain_text(name)
    page.go_back()
    expect(rows.first.locator("a.open")).to_have_text(name)


def test_a_refusal_keeps_the_list(visit):
    page = visit("manager").refused(400).open("customers")
    page.eval_on_selector("#search", "(field) => field.removeAttribute('maxlength')")
    page.fill("#search", "x" * 201)
    expect(page.locator("#messages")).to_contain_text("200")
    expect(page.locator("#customers tbody tr")).to_have_count(50)
    expect(page.locator("#search")).to_have_value("x" * 201)


def test_it_works_without_scripts(visit):
    page = visit("manager", java_script_enabled=False).open("customers")
    page.fill("#search", "rahm")
    page.press("#search", "Enter")
    page.wait_for_url(re.compile("search=rahm"))
    expect(page.locator(".found")).to_contain_text("“rahm”")


@pytest.mark.parametrize(("who", "language"), [("agent", "bn"), ("manager", "en")])
def test_on_a_phone(visit, who, language):
    page = visit(who, "small", language).open("customers")
    assert_fits(page)
    assert_accessible(page)
    card = page.locator("#customers tbody tr").first
    expect(card.locator("a.open")).to_be_visible()
    assert card.locator("a[href^='tel:']").bounding_box()["height"] >= 40
