"""Signing in and one's own password, in a browser."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.tools import web
from tests.tools.browser import assert_accessible, assert_fits, settle
from tests.tools.sessions import wait_for

NEW = "quite another long passphrase"


@pytest.mark.parametrize(("size", "language"), [("desktop", "en"), ("small", "bn")])
def test_one_changes_ones_password_and_signs_in_with_it(own_shop, visit, size, language):
    here = visit("agent", size, language, shop=own_shop).refused(401, 403)
    page = here.open("/admin/crm")
    page.click("header .name")
    page.wait_for_url("**/account/password")
    assert_accessible(page)
    assert_fits(page)

    def change(present: str, new: str) -> None:
        page.fill("input[name=present]", present)
        page.fill("input[name=new]", new)
        page.fill("input[name=again]", new)
        page.click("main form button")

    change("a wrong passphrase", NEW)
    expect(page.locator(".refusal")).to_be_visible()
    assert_accessible(page)
    change(web.PASSWORD, NEW)
    expect(page.locator(".done")).to_be_visible()
    assert_fits(page)
    # One stays signed in here, with the new session.
    page.goto(own_shop.site.url + "/admin/crm")
    page.click("header form[action='/sign-out'] button")
    page.wait_for_url("**/sign-in")

    def sign_in(password: str) -> None:
        page.fill("input[name=email]", own_shop.emails["agent"])
        page.fill("input[name=password]", password)
        page.click("main form button")

    sign_in(web.PASSWORD)
    expect(page.locator(".refusal")).to_be_visible()
    assert page.input_value("input[name=email]") == own_shop.emails["agent"]
    assert_accessible(page)
    assert_fits(page)
    sign_in(NEW)
    page.wait_for_url("**/admin/crm")


def test_signing_out_is_not_overtaken_by_its_own_news(own_shop, visit):
    """The page listens no more once one signs out: told that the session is over, it would lead back to itself."""
    here = visit("agent", shop=own_shop)
    page = here.open("agent")
    settle(page)

    def listening() -> bool:
        return "trustcart_http_streams 0.0" not in httpx.get(own_shop.site.url + "/metrics").text

    def once_nobody_listens(route: Route) -> None:
        wait_for(lambda: not listening(), "the end of the stream")
        route.continue_()

    wait_for(listening, "a stream")
    page.route("**/sign-out", once_nobody_listens)
    page.click("header form[action='/sign-out'] button")
    page.wait_for_url("**/sign-in")
