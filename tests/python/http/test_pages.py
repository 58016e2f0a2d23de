"""All pages, in a browser: every size, both languages, accessible, by keyboard, without JavaScript, in the dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.tools.browser import PAGES, assert_accessible, assert_fits, settle, sign_in

# Letters: customers may have written their number in Bangla digits.
BANGLA = re.compile(r"[\u0980-\u09e5]")
#: Who may open what; what is not here is answered with the page that says so.
OPEN = {
    "agent": ("customers", "customer", "crm", "agent"),
    "leader": ("customers", "customer", "crm", "agent", "team"),
    "manager": tuple(PAGES),
    "admin": tuple(PAGES),
}
#: Pages below the six.
BELOW = (
    "/account/password",
    *(f"/admin/customers/{{customer}}/{tab}" for tab in ("family", "interactions", "behavior", "360")),
    *(f"/admin/crm/automation/{part}" for part in ("campaigns/new", "rules", "settings", "model", "jobs")),
)


def look(page, shop, path: str) -> None:
    """What holds for every page: it is there, has its parts, is accessible and fits."""
    page.goto(shop.site.url + (path if path.startswith("/") else shop.path(path)).format(customer=shop.customer))
    settle(page)
    expect(page.locator("h1")).to_have_count(1)
    assert page.title().endswith(" · TrustCart")
    assert_accessible(page)
    assert_fits(page)


# A manager sees all pages; an agent's differ in what they hold, not in how they are laid out.
@pytest.mark.parametrize(
    ("who", "size", "language"),
    [
        *(("manager", size, language) for size in ("desktop", "phone", "small") for language in ("en", "bn")),
        *(("agent", "desktop", "en"), ("agent", "small", "bn")),
    ],
)
def test_every_page(visit, shop, who, size, language):
    page = visit(who, size, language).page
    for name in OPEN[who]:
        look(page, shop, name)
        assert page.locator("html").get_attribute("lang") == language
        is_bangla = BANGLA.search(page.locator("main").inner_text()) is not None
        assert is_bangla == (language == "bn"), f"{name} in {language}"


@pytest.mark.parametrize("size", ["desktop", "small"])
def test_the_pages_below(visit, shop, size):
    page = visit("manager", size, "bn" if size == "small" else "en").page
    for path in BELOW:
        look(page, shop, path)


def test_in_the_dark(visit, shop):
    page = visit("manager", color_scheme="dark").page
    for name in PAGES:
        look(page, shop, name)


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize("size", ["desktop", "small"])
def test_pages_that_are_none_of_the_six(visit, shop, size, language):
    page = visit(None, size, language).page
    look(page, shop, "/sign-in")
    page = visit("agent", size, language).refused(403, 404).page
    look(page, shop, "/admin/crm/automation")
    assert not page.locator("main table").count()
    look(page, shop, "/admin/there-is-no-such-page")
    look(page, shop, "/admin/customers/999999999")


@pytest.mark.parametrize("who", OPEN)
def test_who_may_open_what(shop, who):
    """By guessing addresses nobody gets further than by the links."""
    with shop.site.browser(shop.emails[who]) as browser:
        navigation = re.search(r"<nav .*?</nav>", browser.get("/admin/crm").text, re.S).group()
        links = re.findall(r'href="([^"]+)"', navigation)
        assert set(links) == {PAGES[name] for name in OPEN[who] if name != "customer"}
        for name in PAGES:
            assert browser.get(shop.path(name)).status_code == (200 if name in OPEN[who] else 403), name


def test_nobody_is_led_to_sign_in_and_back(visit, shop):
    """Without a session each page leads to the form, and that to the page."""
    page = visit(None).page
    page.goto(shop.site.url + "/admin/customers/cdm?customerType=vip")
    assert "/sign-in?next=" in page.url
    page.fill("input[name=email]", shop.emails["manager"])
    page.fill("input[name=password]", "a long enough passphrase")
    page.click("main form button")
    page.wait_for_url("**/admin/customers/cdm?customerType=vip")


@pytest.mark.parametrize("name", PAGES)
def test_by_keyboard(visit, shop, name):
    """The first stop leads to the content, each stop is seen, none is a trap, and the order is that of the page."""
    page = visit("manager").open(name)
    settle(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)"), "skip link leads elsewhere"
    page.evaluate("document.activeElement.blur(); window.getSelection().removeAllRanges(); scrollTo(0, 0)")
    page.goto(page.url.partition("#")[0])
    settle(page)
    seen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const one = document.activeElement;
                if (one === document.body) return null;
                const all = [...document.querySelectorAll('*')];
                const box = one.getBoundingClientRect(), style = getComputedStyle(one);
                return {
                    at: all.indexOf(one),
                    name: one.outerHTML.slice(0, 120),
                    isShown: box.width > 0 && box.height > 0,
                    isMarked: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
                };
            }"""
        )
        if stop is None:
            break
        assert stop["isShown"], f"a stop that is not to be seen: {stop['name']}"
        assert stop["isMarked"], f"focus is not to be seen on {stop['name']}"
        seen.append(stop["at"])
    assert len(seen) > 5
    assert seen == sorted(seen), "the order of stops is not that of the page"


def test_the_language_is_switched_and_one_stays_where_one_is(visit, shop):
    page = visit("manager").open("/admin/customers/cdm?customerType=vip")
    page.click("header.site button[lang=bn]")
    page.wait_for_url("**/admin/customers/cdm?customerType=vip")
    expect(page.locator("html")).to_have_attribute("lang", "bn")
    page.click("header.site button[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_going_on_by_htmx_is_a_page_of_its_own(visit, shop):
    """Title, address, style and place of reading follow; nothing is kept where it would outlast the session."""
    page = visit("manager").open("crm")
    page.evaluate("window.isSame = true")
    page.evaluate("scrollTo(0, 400)")
    page.click("header nav a[href='/admin/customers/cdm']")
    page.wait_for_url("**/admin/customers/cdm")
    expect(page).to_have_title("Customers · TrustCart")
    settle(page)
    assert page.evaluate("window.isSame"), "the whole page was loaded"
    assert page.evaluate("document.activeElement.id") == "content"
    assert page.evaluate("scrollY") == 0
    page.wait_for_function("[...document.styleSheets].some((one) => one.href?.includes('pages/customers.css'))")
    assert page.evaluate("localStorage.length") == 0
    # The address alone, until the tab is closed.
    assert page.evaluate("Object.keys(sessionStorage)") in ([], ["htmx-current-path-for-history"])
    page.go_back()
    expect(page).to_have_title("CRM · TrustCart")


def test_without_javascript(visit, own_shop):
    """One reads every page, and a form does what it does."""
    page = visit(None, shop=own_shop, java_script_enabled=False).page
    sign_in(page, own_shop, "manager")
    for name in PAGES:
        page.goto(own_shop.site.url + own_shop.path(name))
        expect(page.locator("h1")).to_have_count(1)
    page.goto(own_shop.site.url + f"/admin/customers/{own_shop.customer}/family")
    names = page.locator("input[name=name]")
    if not names.first.is_visible():
        page.locator("details:has(form input[name=name]) > summary").last.click()
    form = page.locator("form:has(input[name=name])").last
    form.locator("input[name=name]").fill("Somebody New")
    form.locator("[name=relationship]").first.fill("child")
    form.locator("button").last.click()
    expect(page.locator("main")).to_contain_text("Somebody New")
    page.click("header.site form[action='/sign-out'] button")
    assert page.url.endswith("/sign-in")


def test_a_walk_fails_when_the_browser_complains(chromium_browser, shop):
    """The net under all walks: exceptions, violations of the policy, failed and foreign requests."""
    from tests.tools.browser import Visit, open_context

    context = open_context(chromium_browser, shop, "manager", "desktop", "en")
    one = Visit(context, shop)
    one.open("crm")
    assert one.faults == []
    one.page.evaluate("setTimeout(() => { throw new Error('thrown') })")
    one.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')")
    with one.page.expect_response("**/admin/nowhere"):
        one.page.evaluate("fetch('/admin/nowhere')")
    one.page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0)")
    context.close()
    said = "\n".join(one.faults)
    for expected in ("thrown", "Content Security Policy", "/admin/nowhere: 404"):
        assert expected in said


def test_accessibility_and_fit_are_really_looked_at(visit):
    page = visit("manager").open("crm")
    add = "(html) => document.querySelector('main').insertAdjacentHTML('beforeend', html)"
    page.evaluate(add, "<input>")
    with pytest.raises(AssertionError, match="label"):
        assert_accessible(page)
    page.evaluate(add, f"<table><tr><td>{'x' * 500}</td></tr></table>")
    with pytest.raises(AssertionError, match="TABLE"):
        assert_fits(page)
