"""Signing in and one's own password, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.tools import web
from tests.tools.browser import assert_accessible, assert_fits

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
