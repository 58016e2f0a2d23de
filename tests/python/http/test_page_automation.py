"""The Automation dashboard over HTTP: what is shown, what a form does, once, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import httpx
import pytest
from playwright.sync_api import Page

from tests.python.conftest import Database
from tests.tools import web
from tests.tools.browser import assert_accessible, assert_fits, settle
from trustcart_db.web.rendering import environment

HOME = "/admin/crm/automation"
CAMPAIGN = {
    "campaignName": "Eid 2027",
    "campaignType": "sms",
    "targetSegment": "all",
    "messageTemplate": "Eid Mubarak {{ first_name }}! Use {{ discount_code }}.",
    "discountCode": "EID20",
}
GET_PAGES = (
    *("", "?status=active", "/figures?ids=1", "/campaigns/new", "/campaigns/1", "/campaigns/1/analytics"),
    *("/campaigns/1/send", "/campaigns/1/preview", "/rules", "/rules/figures?ids=1", "/rules/new", "/rules/1"),
    *("/settings", "/model", "/jobs", "/jobs?job=detect_dropoffs"),
)


class Person:
    """Somebody at a browser: forms are read from the pages and sent as a browser would, without JavaScript."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def get(self, path: str, status: int = 200) -> str:
        """A page below HOME. Raises AssertionError for another status."""
        answer = self.client.get(HOME + path)
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def post(self, path: str, page: str, status: int = 200, **fields: object) -> str:
        """Send a form of a page, by default to where it leads. Result: the page one ends on."""
        return unescape(self.send(path, page, status, **fields).text)

    def send(self, path: str, page: str, status: int = 200, key: str | None = None, **fields: object) -> httpx.Response:
        """The same, giving the answer; `key` in place of the form's own."""
        form = {"csrf_token": web.csrf_of(page)}
        form |= {name: value for name, value in {"idempotency_key": key or once_of(page), **fields}.items() if value}
        answer = self.client.post(HOME + path, data=form)
        assert answer.status_code == status, answer.text
        return answer


def once_of(page: str) -> str | None:
    """The idempotency key of a page's first form that has one."""
    found = re.search(r'name="idempotency_key" value="([^"]+)"', page)
    return found and found.group(1)


def text_of(page: str) -> str:
    """A page's words, blanks as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def site(db: Database) -> Iterator[web.Site]:
    """A small shop, served: five customers, one without a number and one who wants no SMS."""
    with db.connect() as connection:
        web.people(connection)
        connection.execute(
            """
            insert into trustcart.customers (id, first_name, phone)
            select g, 'Customer ' || g, case when g < 5 then '0171100000' || g end from generate_series(1, 5) as g;
            insert into trustcart.categories (id, name) values (1, 'Honey');
            insert into trustcart.products (id, name, category_id, price) values (1, 'Forest honey', 1, 500);
            select trustcart.record_consent(4, 'sms', false);
            """
        )
    with web.serving(db.url) as serving:
        yield serving


@pytest.fixture
def manager(site: web.Site) -> Iterator[Person]:
    """The manager, signed in."""
    with site.browser("manager@example.com") as client:
        yield Person(client)


def test_a_campaign_is_previewed_saved_and_sent_as_previewed(manager: Person, db: Database):
    """The live count, the question before sending and what is sent agree; a second click sends nothing more."""
    form = manager.get("/campaigns/new")
    draft = manager.post("/campaigns/draft", form, **CAMPAIGN)
    assert "Eid Mubarak Customer 1! Use EID20." in draft
    assert "1 part" in text_of(draft)
    audience = text_of(manager.post("/campaigns/audience", form, **CAMPAIGN))
    assert "3 messages would go out now" in audience
    assert "Does not want these messages 1" in audience
    assert "No number or address 1" in audience
    assert "No campaign yet" in manager.get("")

    answer = manager.send("/campaigns", form, **CAMPAIGN)
    assert answer.url.path == f"{HOME}/campaigns/1"
    assert "Saved. Nothing is sent yet." in answer.text
    assert "Manager" in answer.text
    again = manager.send("/campaigns", form, **CAMPAIGN)
    assert again.url.path == f"{HOME}/campaigns/1", "the same form, sent twice, is one campaign"

    preview = text_of(manager.get("/campaigns/1/preview"))
    assert "3 messages go out" in preview
    assert "Up to 3 SMS parts to pay for" in preview
    question = manager.get("/campaigns/1/send")
    assert "Sent: the messages are waiting" in manager.post("/campaigns/1/send", question)
    assert "nobody was added" in manager.post("/campaigns/1/send", question, key="that-of-another-tab")
    with db.connect() as connection:
        sent = connection.execute("select array_agg(customer_id order by customer_id) from trustcart.campaign_messages")
        assert sent.fetchone()[0] == [1, 2, 3]
    assert "nobody was added" in manager.get("/campaigns/1/send")

    analytics = text_of(manager.get("/campaigns/1/analytics"))
    assert "Audience 3" in analytics
    assert "Waiting to go out 3" in analytics
    assert "No number or address 1" in analytics
    assert "+3 waiting" in text_of(manager.get("/figures?ids=1"))


def test_what_is_wrong_is_shown_where_it_is_and_refused(manager: Person, db: Database):
    """A template's fault while it is typed; the same when it is saved all the same; nothing is written."""
    form = manager.get("/campaigns/new")
    wrong = {**CAMPAIGN, "messageTemplate": "Dear {{ nam }}, hello"}
    draft = manager.post("/campaigns/draft", form, **wrong)
    assert "{{ nam }} at position 6 is not known" in draft
    assert "Dear <mark>{{ nam }}</mark>, hello" in draft
    assert "{{ nam }} at position 6" in manager.post("/campaigns", form, 400, **wrong)
    assert "campaignName is required" in manager.post("/campaigns", form, 400, **{**CAMPAIGN, "campaignName": " "})
    for field, text in (("noticeDays", "soon"), ("noticeDays", "99999999999"), ("holdoutPercentage", "half")):
        assert f"{field} is not" in manager.post("/campaigns/draft", form, **CAMPAIGN, **{field: text})
        manager.post("/campaigns", form, 400, **CAMPAIGN, **{field: text})
    assert "is not between 0 and 90" in manager.post("/campaigns", form, 400, **CAMPAIGN, holdoutPercentage="91")
    assert "there is no segment 'rich'" in manager.post(
        "/campaigns/audience", form, **{**CAMPAIGN, "targetSegment": "rich"}
    )
    with db.connect() as connection:
        assert connection.execute("select count(*) from trustcart.marketing_campaigns").fetchone()[0] == 0


def test_variants_are_shown_and_compared(manager: Person):
    """Variants go out in place of the text; their figures have intervals, and a holdout its effect."""
    form = manager.get("/campaigns/new")
    fields = {"campaignName": "A/B", "campaignType": "sms", "targetSegment": "all", "holdoutPercentage": "40"}
    texts = {"variant_A_text": "First text", "variant_B_text": "Second text", "variant_B_weight": "2"}
    draft = manager.post("/campaigns/draft", form, **fields, **texts)
    assert "First text" in draft
    assert "Second text" in draft
    page = manager.post("/campaigns", form, **fields, **texts)
    assert "Variant B" in page
    manager.post("/campaigns/1/send", manager.get("/campaigns/1/send"))
    assert "Variants compared" in manager.get("/campaigns/1/analytics")


def test_a_campaign_is_switched_off_and_on(manager: Person, db: Database):
    """Off, it cannot be sent, and the page says why."""
    manager.post("/campaigns", manager.get("/campaigns/new"), **CAMPAIGN)
    page = manager.post("/campaigns/1/active", manager.get("/campaigns/1"), is_active="false")
    assert "Switched off: what is waiting stays" in page
    assert "is not active" in page
    assert "Send now" not in manager.get("/campaigns/1/send")
    assert "is not active" in manager.post("/campaigns/1/send", page, 409)
    assert "Eid 2027" in manager.get("?status=inactive")
    assert "Eid 2027" not in manager.get("?status=active")
    assert "Switched on." in manager.post("/campaigns/1/active", page, key="x" * 20, is_active="true")


def test_recommendation_rules(manager: Person, db: Database):
    """A rule is made, changed, switched off; what it may not say is told."""
    form = manager.get("/rules/new?product=forest")
    assert "Forest honey" in form
    fields = {"productId": "1", "ruleName": "Honey lovers", "targetCategory": "Honey", "discountPercentage": "12.5"}
    page = manager.post("/rules", form, **fields)
    assert "Saved." in page
    assert "Honey lovers" in page
    assert "−12.5%" in page
    assert "Orders 0" in text_of(manager.get("/rules/figures?ids=1"))
    edit = manager.get("/rules/1")
    assert "selected>Honey<" in edit
    assert "discountPercentage is from 0 to 100" in manager.post(
        "/rules/1", edit, 400, **{**fields, "discountPercentage": "101"}
    )
    assert "Best honey" in manager.post("/rules/1", edit, key="y" * 20, **{**fields, "ruleName": "Best honey"})
    assert "Switched off" in manager.post("/rules/1/active", manager.get("/rules"), is_active="false")
    with db.connect() as connection:
        rules = connection.execute("select rule_name, is_active from trustcart.product_recommendation_rules")
        assert rules.fetchall() == [("Best honey", False)]


def test_settings_changed_show_in_the_plan(manager: Person, db: Database):
    """What would change is replayed first; saved, the next plan follows; what the tables refuse is said in words."""
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " values (1, trustcart.business_date() - 10, 100, 'delivered')"
        )
        kept = "select count(*) from trustcart.plan_daily_call_tasks() where decision = 'kept'"
        assert connection.execute(kept).fetchone()[0] == 1
        page = manager.get("/settings")
        # Of a checkbox that is not set a browser sends nothing.
        off = {"maxCalls": "3", "windowDays": "30", "minGapDays": "7", "canWait": "on", "carryDays": "7"}
        replay = text_of(manager.post("/settings/types/new_customer/backtest", page, days="7", **off))
        assert "Planned at all: no" in replay
        assert re.search(r"New customer \d+ 0 -\d+", replay), replay
        assert connection.execute(kept).fetchone()[0] == 1
        assert "Saved. The next call list follows it." in manager.post("/settings/types/new_customer", page, **off)
        assert connection.execute(kept).fetchone()[0] == 0
        on = {**off, "isEnabled": "on", "maxCalls": "1001"}
        assert "maxCalls, maxCallsVip and winBackMaxCalls from 0 to 1000" in manager.post(
            "/settings/types/new_customer", page, 400, key="z" * 20, **on
        )

        limits = {"contactsPerWeek": "2", "callsPerAgentDay": "40", "claimTimeoutMinutes": "30"}
        limits |= {"undoWithinMinutes": "10", "workingDays": ["1", "2"]}
        limits |= {"callOrder": "bands", "callHoldoutShare": "0.1"}
        replay = text_of(manager.post("/settings/backtest", page, days="1", **limits))
        assert "Within a priority, first: as the bands of days have it" in replay
        assert "Held out: 10%" in replay
        saved = manager.post("/settings", manager.get("/settings"), **limits)
        assert 'value="40"' in saved
        assert re.findall(r'<option value="0[.0-9]*"( selected)?>(\S+)</option>', saved) == [
            *[("", share) for share in ("nobody", "1%", "2%", "5%")], (" selected", "10%"), ("", "20%"),
        ]  # fmt: skip
        changed = connection.execute(
            "select contacts_per_week, calls_per_agent_day, working_days, call_order, call_holdout_share::text"
            " from trustcart.settings"
        )
        assert changed.fetchone() == (2, 40, [1, 2], "bands", "0.100")
        assert "quietFrom and quietUntil" in manager.post(
            "/settings", page, 400, key="q" * 20, **limits, quietFrom="21:00"
        )


def test_jobs_that_failed_come_first(manager: Person, db: Database):
    """With the error, and no button to run one."""
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.job_runs"
            " (job_name, business_date, status, finished_at, error_sqlstate, error_message)"
            " values ('apply_retention', trustcart.business_date(), 'failed', now(), 'TC301', 'the disk is full')"
        )
    page = manager.get("/jobs")
    assert page.index("apply retention") < page.index("refresh customer state")
    assert "the disk is full" in page
    assert f'action="{HOME}/jobs' not in page
    assert "there is no job" in manager.get("/jobs?job=tea", 400)


def test_agents_see_none_of_it(site: web.Site, manager: Person, db: Database):
    """Every address is the 403 page for an agent and a leader; what is posted changes nothing."""
    manager.post("/campaigns", manager.get("/campaigns/new"), **CAMPAIGN)
    manager.post("/rules", manager.get("/rules/new"), productId="1")
    for path in GET_PAGES:
        manager.get(path)
    for email in ("agent@example.com", "leader@example.com"):
        with site.browser(email) as client:
            person = Person(client)
            page = client.get("/admin/crm").text
            for path in GET_PAGES:
                shown = person.get(path, 403)
                assert "Eid 2027" not in shown, path
                assert "Forest honey" not in shown, path
            for path, fields in (
                ("/campaigns", CAMPAIGN),
                ("/campaigns/draft", CAMPAIGN),
                ("/campaigns/audience", CAMPAIGN),
                ("/campaigns/1/send", {}),
                ("/campaigns/1/active", {"is_active": "false"}),
                ("/rules", {"productId": "1"}),
                ("/rules/1", {"productId": "1"}),
                ("/rules/1/active", {"is_active": "false"}),
                ("/settings", {"contactsPerWeek": "1"}),
                ("/settings/backtest", {"contactsPerWeek": "1"}),
                ("/settings/types/at_risk", {"maxCalls": "1"}),
                ("/settings/types/at_risk/backtest", {"maxCalls": "1"}),
            ):
                person.post(path, page, 403, **fields)
    with db.connect() as connection:
        assert connection.execute("select is_active, frozen_at from trustcart.marketing_campaigns").fetchall() == [
            (True, None)
        ]


def test_numbers_in_addresses_are_numbers(manager: Person):
    """No address leads to an error of ours."""
    for path in (
        "/campaigns/x",
        "/campaigns/9",
        "/rules/x",
        "/rules/9",
        "?before=x",
        "/jobs?before=x",
        "/figures?ids=x",
    ):
        answer = manager.client.get(HOME + path)
        assert answer.status_code < 500, f"{path}: {answer.status_code}"


@pytest.mark.parametrize(("size", "language"), [("desktop", "en"), ("small", "bn")])
def test_the_form_answers_while_one_types(visit, own_shop, size: str, language: str):
    """Faults stand below the text and go when it is mended; the audience follows the segment; nothing is saved."""
    page = visit("manager", size, language, path=f"{HOME}/campaigns/new", shop=own_shop).page
    page.wait_for_selector("#audience .count strong")
    everybody = page.inner_text("#audience .count strong")
    page.select_option("[name=targetSegment]", "vip")
    page.wait_for_function("(before) => document.querySelector('#audience strong').innerText !== before", arg=everybody)
    page.fill("[name=messageTemplate]", "Dear {{ first_nam }}, come back")
    page.wait_for_selector("#faults mark")
    assert page.inner_text("#faults mark") == "{{ first_nam }}"
    page.fill("[name=messageTemplate]", "Dear {{ first_name }}, come back")
    page.wait_for_selector("#draft blockquote")
    assert page.locator("#faults .fault").count() == 0
    settle(page)
    assert_accessible(page)
    assert_fits(page)
    with own_shop.connect() as connection:
        names = connection.execute("select count(*) from trustcart.marketing_campaigns where id < 0")
        assert names.fetchone()[0] == 0


def test_every_part_is_usable(visit, shop):
    """Each page and fragment of the sample shop, at the smallest size: no serious fault, nothing sticks out."""
    one = visit("manager", "small")
    for path in ("/campaigns/1", "/campaigns/1/send", "/rules", "/rules/1", "/rules/new", "/settings", "/jobs"):
        page = one.open(HOME + path)
        settle(page)
        page.wait_for_function("() => !document.querySelector('.later .loading[aria-busy]')")
        for closed in page.locator("details.type summary").all():
            closed.click()
        assert_accessible(page)
        assert_fits(page)


def figures_of(page: Page, section: str) -> list[str]:
    """The figures of a section of the model's tab, each without what stands small beside it. Argument: its heading."""
    return page.locator(f"section:has(h3:text-is('{section}')) dl.figures dd").evaluate_all(
        "all => all.map((one) => one.firstChild.textContent.trim())"
    )


def cells_of(page: Page, table: str) -> list[list[str]]:
    """The rows of a table, head left out. Argument: a selector."""
    return page.locator(f"{table} > tbody > tr").evaluate_all(
        "rows => rows.map((row) =>"
        " [...row.cells].filter((one) => !one.matches('.plot')).map((one) => one.innerText.trim()))"
    )


@pytest.mark.parametrize(
    ("size", "language", "outcome"),
    [("desktop", "en", "Forecast and outcome"), ("small", "bn", "পূর্বাভাস ও ফলাফল")],
)
def test_the_models_tab_shows_what_the_database_has(visit, size: str, language: str, outcome: str):
    """The model, its report, tenths, segments and cohorts, counted here from the tables that they follow from."""
    visitor = visit("manager", size, language, path=f"{HOME}/model")
    page, words = visitor.page, environment(language).globals
    number, money, percent, date = (words[one] for one in ("number", "money", "percent", "date"))
    with visitor.shop.connect() as connection:

        def rows(query: str) -> list[tuple]:
            return connection.execute(query).fetchall()

        ((customers, repeat, fitted_on),) = rows(
            """
            select count(*), count(*) filter (where h.days > 1), trustcart.business_date() - 30
            from (
                select o.customer_id, count(distinct o.order_date) as days
                from trustcart.sales_orders as o
                inner join trustcart.order_statuses as s on o.status = s.status and s.counts
                where o.order_date < trustcart.business_date() - 30
                group by o.customer_id
            ) as h
            """
        )
        ((report, orders, revenue),) = rows(
            """
            select
                to_jsonb(r)::text,
                count(distinct (o.customer_id, o.order_date)),
                sum(o.total_amount)
            from trustcart.model_reports as r
            inner join trustcart.sales_orders as o
                on o.order_date > r.as_of and o.order_date <= r.as_of + r.horizon_days
            inner join trustcart.order_statuses as s on o.status = s.status and s.counts
            where exists (
                select from trustcart.sales_orders as b
                inner join trustcart.order_statuses as t on b.status = t.status and t.counts
                where b.customer_id = o.customer_id and b.order_date <= r.as_of
            )
            group by r
            """
        )
        segments = rows("select f.segment, count(*) from trustcart.customer_rfm as f group by 1 order by 2 desc, 1")
        cohorts = rows(
            """
            with counted as (
                select o.customer_id, date_trunc('month', o.order_date)::date as month, o.total_amount
                from trustcart.sales_orders as o
                inner join trustcart.order_statuses as s on o.status = s.status and s.counts
            ),
            firsts as (select c.customer_id, min(c.month) as cohort from counted as c group by 1)
            select
                f.cohort,
                count(distinct f.customer_id),
                round(sum(c.total_amount) / count(distinct f.customer_id), 2),
                array(
                    select 100.0 * count(distinct c2.customer_id) / count(distinct f.customer_id)
                    from generate_series(1, 12) as g (month)
                    left join (firsts as f2 inner join counted as c2 on f2.customer_id = c2.customer_id)
                        on f2.cohort = f.cohort and c2.month = f.cohort + g.month * interval '1 month'
                    where f.cohort + g.month * interval '1 month' <= trustcart.business_date()
                    group by g.month
                    order by g.month
                )
            from firsts as f
            inner join counted as c on f.customer_id = c.customer_id
            where f.cohort > trustcart.business_date() - interval '13 months'
            group by f.cohort
            order by f.cohort desc
            """
        )
    # As the page reads it: a double would round 67.65 the other way.
    report = json.loads(report, parse_float=Decimal)
    said = page.inner_text("main")
    for fact in (number(customers), number(repeat), date(fitted_on)):
        assert fact in page.inner_text("main > p")
    assert (report["orders"], report["revenue"]) == (orders, revenue)
    assert figures_of(page, outcome) == [
        *(number(report["forecast_orders"]), number(orders), money(report["forecast_value"], 0), money(revenue, 0)),
        percent(100 * report["auc"], 1),
    ]
    assert percent(100 * report["auc_of_bands"], 1) in said
    tenths = cells_of(page, f"section:has(h3:text-is('{outcome}')) table")
    assert tenths == [
        [
            *(number(one["decile"]), number(one["customers"]), percent(100 * one["forecast_share"], 1)),
            *(percent(100 * one["share"], 1), money(one["forecast_value"], 0), money(one["revenue"], 0)),
        ]
        for one in report["deciles"]
    ]
    assert len(tenths) == 10
    bars = cells_of(page, "figure.chart.bars table")
    assert [figure for _, figure in bars] == [number(many) for _, many in segments]
    if language == "en":
        assert [name for name, _ in bars] == [name for name, _ in segments]
    else:
        assert not re.search("[A-Za-z]", "".join(name for name, _ in bars))
    assert cells_of(page, "table.cohorts") == [
        [
            *(date(cohort, "MMM y"), number(many)),
            *(percent(round(share, 2)) for share in shares),
            *[""] * (12 - len(shares)),
            money(each, 0),
        ]
        for cohort, many, each, shares in cohorts
    ]
    assert_accessible(page)
    assert_fits(page)


def test_agents_have_no_models_tab(visit):
    """Neither the page nor a way to it."""
    page = visit("agent").refused(403).open(f"{HOME}/model")
    assert page.locator("table").count() == 0
    assert page.locator(f"a[href^='{HOME}']").count() == 0


@pytest.mark.parametrize(("size", "language"), [("desktop", "en"), ("small", "bn")])
def test_a_shop_without_a_model(visit, own_shop, size: str, language: str):
    """The tab says so, the plan goes by the guide's order, and nowhere is a figure that nobody has."""
    stake = {"en": r"৳\S+ at stake", "bn": r"৳\S+ ঝুঁকিতে"}[language]
    team = "/admin/crm/team-dashboard/plan"
    visitor = visit("manager", size, language, path=team, shop=own_shop)
    assert re.search(stake, visitor.page.inner_text("body"))
    with own_shop.connect() as connection:
        connection.execute("update trustcart.settings set call_order = 'bands'")
        page = visitor.open(f"{HOME}/model")
        said = {"en": "by the bands of days alone", "bn": "কেবল দিনের ধাপ"}[language]
        assert said in page.inner_text("main")
        assert not re.search(stake, visitor.open(team).inner_text("body"))
        connection.execute(
            "update trustcart.settings set call_order = 'value';"
            "truncate trustcart.customer_scores, trustcart.customer_rfm, trustcart.cohort_months;"
            "delete from trustcart.model_reports;"
            "delete from trustcart.customer_models"
        )
    page = visitor.open(f"{HOME}/model")
    empty = {"en": ("No model yet", "Nothing counted yet"), "bn": ("এখনো কোনো মডেল নেই", "এখনো কিছু গোনা হয়নি")}[language]
    for words in empty:
        assert words in page.inner_text("main")
    assert page.locator("main table").count() == 0
    assert_accessible(page)
    assert_fits(page)
    assert not re.search(stake, visitor.open(team).inner_text("body"))
    page = visitor.open(own_shop.path("customer") + "/360")
    assert page.locator(f"section[aria-label='{ {'en': 'Outlook', 'bn': 'সম্ভাবনা'}[language] }']").count() == 0
    assert page.locator("#timeline").count() == 1
