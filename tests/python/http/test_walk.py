"""Two working days, as people would have them: an agent's and a manager's, from signing in to signing out."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.tools.browser import Shop, settle, sign_in

MANAGERS_PAGES = (
    *("/admin/crm/team-dashboard", "/admin/crm/team-dashboard/plan?date=2030-01-01", "/admin/crm/automation"),
    *(f"/admin/crm/automation/{part}" for part in ("campaigns/new", "campaigns/1", "rules", "settings", "jobs")),
)


def shorten_the_day(shop: Shop, calls: int) -> tuple[int, list[int]]:
    """Leave so many calls on the agent's list and none to anybody else, at any hour. Result: the agent's id, theirs."""
    with shop.connect() as connection:
        connection.execute("update trustcart.settings set quiet_from = null, quiet_until = null")
        connection.execute("delete from trustcart.customer_contact_preferences")
        (agent,) = connection.execute(
            "select u.id from trustcart.users as u where u.email = %s", [shop.emails["agent"]]
        ).fetchone()
        connection.execute(
            """
            delete from trustcart.crm_call_tasks as t
            where t.status = 'pending' and t.id not in (
                select o.id
                from trustcart.crm_call_tasks as o
                where o.status = 'pending' and o.assigned_agent_id = %s and o.task_date = trustcart.business_date()
                order by o.priority_rank, o.id
                limit %s
            )
            """,
            [agent, calls],
        )
        left = connection.execute(
            "select t.id from trustcart.crm_call_tasks as t where t.status = 'pending'"
        ).fetchall()
    return agent, [task_id for (task_id,) in left]


def sign_out(page: Page) -> None:
    page.click("header.site form[action='/sign-out'] button")
    page.wait_for_url("**/sign-in")


def test_an_agents_day(visit, own_shop):
    agent, calls = shorten_the_day(own_shop, 4)
    one = visit(None, "phone", shop=own_shop)
    page = one.page
    sign_in(page, own_shop, "agent")

    # A customer of one's own, and what was said.
    page.click("header nav a:has-text('Customers')")
    expect(page.locator("h1")).to_have_text("Customers")
    page.locator("#customers a.open").first.click()
    page.wait_for_url(lambda url: url.rpartition("/")[2].isdigit())
    customer = int(page.url.rpartition("/")[2])
    page.click("nav.tabs a[href$='/interactions']")
    page.click("summary:has-text('Log an interaction')")
    page.select_option("select[name=interactionType]", "whatsapp")
    page.fill("input[name=subject]", "Price of the big jar")
    page.fill("textarea[name=details]", "Wants two jars by Friday.")
    page.select_option("form[action$='/interactions'] select[name=outcome]", "successful")
    page.click("form[action$='/interactions'] button[type=submit]")
    expect(page.locator("main")).to_contain_text("Price of the big jar")

    # The list, to its end: what came of a call brings the next one. (Who does not answer may be due again later today,
    # which depends on the hour: test_page_agent.)
    page.click("header nav a:has-text('My calls')")
    page.click("button:has-text('Next call')")
    for number, (notes, outcome) in enumerate(
        (
            ("Ordered two jars.", "successful"),
            ("", "not_interested"),
            ("", "not_interested"),
            ("Call on Sunday", "successful"),
        )
    ):
        call = page.locator("article.call")
        expect(call).to_be_visible()
        name = call.locator("h2").inner_text()
        page.fill("#notes", notes)
        page.click(f"button[name=outcome][value={outcome}]")
        expect(page.locator("#messages .done")).to_contain_text(name)
        expect(page.locator("#messages button")).to_have_text("Undo")
        if number < 3:
            expect(page.locator("article.call h2")).not_to_have_text(name)
    expect(page.locator("main")).to_contain_text("Nothing is left on your list")
    with own_shop.connect() as connection:
        assert connection.execute(
            "select t.outcome, count(*), max(t.notes) from trustcart.crm_call_tasks as t"
            " where t.id = any(%s) and t.assigned_agent_id = %s and t.status = 'completed'"
            " group by t.outcome order by t.outcome",
            [calls, agent],
        ).fetchall() == [("not_interested", 2, None), ("successful", 2, "Ordered two jars.")]
        assert connection.execute(
            "select i.interaction_type, i.details, i.agent_id from trustcart.customer_interactions as i"
            " where i.customer_id = %s and i.subject = 'Price of the big jar'",
            [customer],
        ).fetchone() == ("whatsapp", "Wants two jars by Friday.", agent)

    # What managers have is not there, whatever one types.
    one.refused(403)
    for path in MANAGERS_PAGES:
        page.goto(own_shop.site.url + path)
        expect(page.locator("h1")).to_have_text("Not for you")
        assert page.locator("main table, main form").count() == 0
    page.click("a:has-text('To the first page')")
    sign_out(page)
    page.goto(own_shop.site.url + "/admin/crm/agent-dashboard")
    assert "/sign-in" in page.url


def test_a_managers_day(visit, own_shop):
    page = visit(None, shop=own_shop).page
    sign_in(page, own_shop, "manager")

    # Whom to look at: the best customers, by filter and by name.
    page.click("header nav a:has-text('Customers')")
    page.select_option("select[name=customerType]", "vip")
    page.wait_for_url("**customerType=vip**")
    settle(page)
    names = page.locator("#customers a.open")
    assert names.count() > 5
    expect(page.locator("#customers .badge.type-vip")).to_have_count(names.count())
    name = names.nth(2).inner_text()
    page.fill("#search", name)
    expect(page.locator("#customers a.open").first).to_have_text(name)
    page.locator("#customers a.open").first.click()
    expect(page.locator("h1")).to_contain_text(name)
    page.click("nav.tabs a[href$='/360']")
    expect(page.locator("main")).to_contain_text("VIP")

    # A campaign: made with the audience in sight, and sent, once.
    page.click("header nav a:has-text('Automation')")
    settle(page)
    page.click("a:has-text('New campaign')")
    page.fill("input[name=campaignName]", "Walk of the honey")
    page.select_option("select[name=campaignType]", "whatsapp")
    page.select_option("select[name=targetSegment]", "vip")
    expect(page.locator("#audience strong, #audience dd").first).to_be_visible()
    page.locator("textarea[name=messageTemplate]").press_sequentially("Dear {{ first_name }}, new honey is here.")
    expect(page.locator("#draft")).to_contain_text(", new honey is here.")
    settle(page)
    page.click("button:has-text('Save')")
    page.wait_for_url("**/campaigns/*")
    expect(page.locator("h1")).to_have_text("Walk of the honey")
    page.click("a:has-text('Send')")
    settle(page)
    page.click("button:has-text('Send now')")
    expect(page.locator("#messages .done")).to_contain_text("Sent")
    with own_shop.connect() as connection:
        (sent,) = connection.execute(
            "select count(*) from trustcart.campaign_messages as m inner join trustcart.marketing_campaigns as c"
            " on m.campaign_id = c.id where c.campaign_name = 'Walk of the honey' and m.status = 'queued'"
        ).fetchone()
    assert sent > 5

    # An agent's calls go to the others.
    page.click("header nav a:has-text('Team')")
    form = page.locator("form[action$='/hand-over-calls']")
    with own_shop.connect() as connection:
        agent, calls = connection.execute(
            "select u.id, count(t.id) from trustcart.users as u inner join trustcart.crm_call_tasks as t"
            " on u.id = t.assigned_agent_id and t.status = 'pending' where u.email = %s group by u.id",
            [own_shop.emails["agent"]],
        ).fetchone()
    assert calls
    for summary in page.locator("details:not([open]):has(form[action$='/hand-over-calls']) > summary").all():
        summary.click()
    form.locator("select[name=agent_id]").select_option(str(agent))
    form.locator("button[type=submit]").click()
    expect(page.locator("#messages .done")).to_contain_text("Handed over")
    with own_shop.connect() as connection:
        assert connection.execute(
            "select count(*) from trustcart.crm_call_tasks as t"
            " where t.assigned_agent_id = %s and t.status = 'pending' and t.task_date = trustcart.business_date()",
            [agent],
        ).fetchone() == (0,)
    sign_out(page)
