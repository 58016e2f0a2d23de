"""Walks through the pages in a real browser: the sample shop, served, and Debian's chromium.

conftest.py makes the fixtures known to all tests. A walk asks for `visit`:

    def test_the_list(visit):
        page = visit("manager").open("/admin/customers/cdm")     # a Visit; .page is playwright's
        page.click("text=VIP")
        visit("agent", "phone", "bn", path="/admin/crm")
        visit("agent").refused(403).open("/admin/crm/automation")

and fails at its end on anything the browser complained about: console errors (violations of the policy among them),
exceptions of scripts, requests that failed or were answered with an error that was not announced by `refused`, and
requests to other hosts. Tests that write ask for `own_shop` as well, and pass it: visit("agent", shop=own_shop).

Browser tests run on Postgres 18 alone: what the database does is tested on both versions without a browser.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from tests.tools import web
from tests.tools.system import program
from trustcart_db import demo
from trustcart_db.auth import passwords
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate
from trustcart_db.server import PrivateServer
from trustcart_db.web.rendering import LANGUAGE_COOKIE

#: Without sandbox, as root needs; and without all that would ask somebody out there.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
#: What a context is opened with.
SIZES = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "small": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}
#: Milliseconds until a wait for the page is given up; long, for the machine may be busy.
PATIENCE = 20_000
#: The pages every visitor should be able to use; {customer} is one of the agent's.
PAGES = {
    "customers": "/admin/customers/cdm",
    "customer": "/admin/customers/{customer}",
    "crm": "/admin/crm",
    "agent": "/admin/crm/agent-dashboard",
    "team": "/admin/crm/team-dashboard",
    "automation": "/admin/crm/automation",
}

_TEMPLATE = "sample_shop"
_numbers = itertools.count(1)
_GRAVE = ("serious", "critical")
# Chromium says so of a stream or fragment that ends because one goes to another page.
_LEFT = "net::ERR_ABORTED"


@dataclass
class Shop:
    """The sample shop, served. Attributes: server and database name, site (tests.tools.web.Site)."""

    server: PrivateServer
    name: str
    site: web.Site
    _cookies: dict[str, list[dict[str, str]]] = field(default_factory=dict, repr=False)

    def connect(self) -> psycopg.Connection:
        """A connection of the database's owner, in autocommit."""
        return self.server.connect(self.name)

    @cached_property
    def emails(self) -> dict[str, str]:
        """Who plays whom: agent (the one with most calls today who leads nobody), leader, manager, admin."""
        with self.connect() as connection:
            agent = connection.execute(
                """
                select u.email
                from trustcart.users as u
                left join trustcart.crm_call_tasks as t
                    on u.id = t.assigned_agent_id and t.status = 'pending' and t.task_date = trustcart.business_date()
                where u.role = 'crm_agent' and u.email <> 'nusrat@example.com'
                group by u.id
                order by count(t.id) desc, u.id
                limit 1
                """
            ).fetchone()[0]
        names = {"leader": "nusrat", "manager": "manager", "admin": "admin"}
        return {"agent": agent, **{who: f"{name}@example.com" for who, name in names.items()}}

    @cached_property
    def customer(self) -> int:
        """A customer of the agent's with much to show: family, orders, interactions."""
        with self.connect() as connection:
            return connection.execute(
                """
                select c.id
                from trustcart.customers as c
                inner join trustcart.users as u on c.assigned_agent_id = u.id
                inner join trustcart.customer_family_members as f on c.id = f.customer_id
                where u.email = %s
                order by coalesce(c.customer_type, '') = 'vip' desc, c.order_count desc, c.id
                limit 1
                """,
                [self.emails["agent"]],
            ).fetchone()[0]

    def path(self, page: str) -> str:
        """The address of one of PAGES."""
        return PAGES[page].format(customer=self.customer)

    def cookies(self, who: str) -> list[dict[str, str]]:
        """The cookies of a session, made once; a walk that signs out signs in by the form."""
        if who not in self._cookies:
            with self.site.browser(self.emails.get(who, who)) as client:
                self._cookies[who] = [
                    {"name": one.name, "value": one.value, "url": self.site.url} for one in client.cookies.jar
                ]
        return self._cookies[who]


class Visit:
    """A page in a browser context of its own. Attributes: page, shop, faults (what the browser complained about)."""

    def __init__(self, context: BrowserContext, shop: Shop) -> None:
        self.shop = shop
        self.faults: list[str] = []
        self._announced: set[int] = set()
        self.page = context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("requestfailed", self._on_failure)
        self.page.on("response", self._on_response)
        self.page.on("request", self._on_request)

    def refused(self, *statuses: int) -> Visit:
        """Announce answers that are meant. Arguments: their statuses, from 400 on."""
        self._announced |= set(statuses)
        return self

    def open(self, path: str) -> Page:
        """Go to an address of the site, or one of PAGES by name. Result: playwright's page."""
        self.page.goto(self.shop.site.url + (path if path.startswith("/") else self.shop.path(path)))
        return self.page

    def _on_console(self, message: ConsoleMessage) -> None:
        # Of an answer with an error the console says no more than _on_response knows.
        if message.type == "error" and "Failed to load resource" not in message.text:
            # htmx logs the code of an answer that it shows as a message.
            if any(f"Response Status Error Code {status}" in message.text for status in self._announced):
                return
            # A stream ended, or a part of a page was answered, when that page had been left.
            if message.text == "[object Event]" or message.text.startswith("htmx:oobErrorNoTarget"):
                return
            self.faults.append(f"console: {message.text}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != _LEFT:
            self.faults.append(f"{request.method} {request.url}: {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._announced:
            self.faults.append(f"{response.request.method} {response.url}: {response.status}")

    def _on_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("http", "https") and not request.url.startswith(self.shop.site.url):
            self.faults.append(f"asks another host: {request.url}")


def assert_accessible(page: Page) -> None:
    """No serious or critical fault by axe-core. Argument: the page, as it stands. Raises AssertionError."""
    found = Axe().run(page).response["violations"]
    grave = [
        f"{fault['impact']}: {fault['id']}: {fault['help']}\n"
        + "\n".join(f"    {node['html'][:200]}\n      {node['failureSummary']}" for node in fault["nodes"][:4])
        for fault in found
        if fault["impact"] in _GRAVE
    ]
    assert not grave, f"{page.url}\n" + "\n".join(grave)


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways. Raises AssertionError, naming what sticks out."""
    sticking_out = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.body.querySelectorAll('*')]
                .filter((one) => one.getBoundingClientRect().right > width + 1)
                .slice(0, 8)
                .map((one) => `<${one.tagName} class="${one.className}"> ${one.textContent.trim().slice(0, 40)}`)
                .concat([`${document.documentElement.scrollWidth} > ${width}`]);
        }"""
    )
    assert not sticking_out, f"{page.url}: " + "; ".join(sticking_out)


def settle(page: Page) -> None:
    """Wait until the fragments have come and htmx is done. Argument: the page."""
    # Not "networkidle": a page that is kept up to date has its stream open for ever.
    page.wait_for_load_state("load")
    page.wait_for_function(
        "() => !document.querySelector('.htmx-request, [hx-trigger~=load]:not([data-loaded]):empty')", timeout=PATIENCE
    )


def sign_in(page: Page, shop: Shop, who: str, password: str = web.PASSWORD) -> None:
    """Sign in by the form. Arguments: a page; the shop; agent, leader, manager or admin; the password."""
    page.goto(shop.site.url + "/sign-in")
    page.fill("input[name=email]", shop.emails[who])
    page.fill("input[name=password]", password)
    page.click("main form button")
    page.wait_for_url(lambda url: "/sign-in" not in url)


@contextlib.contextmanager
def chromium(**options: object) -> Iterator[Browser]:
    """Debian's chromium, headless. Raises LookupError when it is not installed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"), args=[*FLAGS], **options)
        try:
            yield browser
        finally:
            browser.close()


def open_context(
    browser: Browser, shop: Shop, who: str | None, size: str, language: str, **options: object
) -> BrowserContext:
    """A fresh context. Arguments: who is signed in (None: nobody); one of SIZES; en or bn; playwright's options."""
    context = browser.new_context(**{**SIZES[size], "locale": "en-GB", **options})
    context.set_default_timeout(PATIENCE)
    if who is not None:
        context.add_cookies(shop.cookies(who))
    context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": shop.site.url}])
    return context


_NOON = """
    update trustcart.settings
    set time_zone = (
        select z.name
        from pg_timezone_names as z
        where
            z.name ~ '^Etc/GMT[+-][0-9]+$'
            and (now() at time zone z.name)::time between '11:00' and '12:59'
        order by z.name
        limit 1
    )
"""


def fill_with_passwords(url: str) -> None:
    """Make the sample shop in an empty database; everybody's password is web.PASSWORD, and it is about noon
    whenever tests run, for its agents work from nine to six. Argument: its owner's URL."""
    migrate(url, read_bundle())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_NOON)
    demo.prepare(url, lambda _: None)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "select trustcart.set_user_password_hash(u.id, %s) from trustcart.users as u",
            [passwords.hash_password(web.PASSWORD)],
        )


@pytest.fixture(scope="session")
def _shop_template(server: PrivateServer) -> str:
    if server.major != 18:
        pytest.skip("browser tests run on Postgres 18 alone")
    fill_with_passwords(server.create_database(_TEMPLATE))
    return _TEMPLATE


@contextlib.contextmanager
def _served_shop(server: PrivateServer, template: str) -> Iterator[Shop]:
    name = f"shop_{next(_numbers)}"
    url = server.create_database(name, template)
    with web.serving(url) as site:
        yield Shop(server, name, site)
    server.drop_database(name)


@pytest.fixture(scope="session")
def shop(server: PrivateServer, _shop_template: str) -> Iterator[Shop]:
    """The sample shop, for all tests that only read."""
    with _served_shop(server, _shop_template) as one:
        yield one


@pytest.fixture
def own_shop(server: PrivateServer, _shop_template: str) -> Iterator[Shop]:
    """A sample shop for one test that writes."""
    with _served_shop(server, _shop_template) as one:
        yield one


# Not for the session: while playwright runs, asyncio.run() is refused in this thread, which tests of other files use.
@pytest.fixture(scope="module")
def chromium_browser(_shop_template: str) -> Iterator[Browser]:
    """The browser of a file's tests."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(chromium_browser: Browser, shop: Shop) -> Iterator[Callable[..., Visit]]:
    """Visit the shop: visit(who="manager", size="desktop", language="en", path=None, shop=…, **options of playwright's
    new_context, such as java_script_enabled=False) → a Visit. who is agent, leader, manager, admin, an e-mail address,
    or None for nobody."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []
    default = shop

    def start(
        who: str | None = "manager",
        size: str = "desktop",
        language: str = "en",
        path: str | None = None,
        shop: Shop | None = None,
        **options: object,
    ) -> Visit:
        contexts.append(open_context(chromium_browser, shop or default, who, size, language, **options))
        visits.append(Visit(contexts[-1], shop or default))
        if path is not None:
            visits[-1].open(path)
        return visits[-1]

    yield start
    for one in contexts:
        one.close()
    faults = [fault for one in visits for fault in one.faults]
    assert not faults, "The browser complained:\n" + "\n".join(faults)
