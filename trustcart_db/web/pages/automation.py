"""The Automation dashboard: /admin/crm/automation. Campaigns, recommendation rules, call settings, job runs."""

from __future__ import annotations

import http
from decimal import Decimal, InvalidOperation

from fastapi import APIRouter, Request
from starlette.responses import Response

from trustcart_db.errors import TrustCartError, UsageError
from trustcart_db.web.pages.answers import Form, act, ask, read_form, show, whole_number
from trustcart_db.web.rendering import render

HOME = "/admin/crm/automation"
#: How many variants the form has room for, and their names.
VARIANTS = ("A", "B", "C")
#: Seconds that what is shown while one types may take; and what one asked for and waits for.
WHILE_TYPING, ASKED_FOR = 3.0, 20.0
#: The fields of the two forms of settings, as the database calls them.
TYPE_FIELDS = (
    *("isEnabled", "basePriority", "maxCalls", "maxCallsVip", "windowDays", "minGapDays", "winBackMaxCalls"),
    *("winBackGapDays", "canWait", "carryDays", "requiredSkill"),
)
SETTING_FIELDS = (
    *("contactsPerWeek", "quietFrom", "quietUntil", "callsPerAgentDay", "claimTimeoutMinutes", "undoWithinMinutes"),
    *("callOrder", "callHoldoutShare"),
)

#: integer's.
_MOST = 2**31 - 1

router = APIRouter(prefix=HOME, include_in_schema=False)


@router.get("")
async def campaigns(request: Request, status: str | None = None, before: str | None = None) -> Response:
    """The page: campaigns, by status, page by page."""
    arguments = {"status": status, "before": whole_number(before, "before")}
    return await show(request, "automation.html", "page_automation", arguments)


@router.get("/figures")
async def campaign_figures(request: Request, ids: str = "") -> Response:
    """What became of the campaigns on the page, counted after it stands."""
    return await _fragment(request, "figures", "page_automation_figures", {"campaign_ids": _ids(ids)})


@router.get("/campaigns/new")
async def new_campaign(request: Request) -> Response:
    """The form of a new campaign."""
    return await show(request, "automation/new.html", "page_automation_new", variants=VARIANTS)


@router.post("/campaigns/draft")
async def draft(request: Request) -> Response:
    """What is wrong with the campaign being typed, and its first messages."""
    form = await read_form(request)
    return await _while_typing(request, form, "draft", "page_automation_draft")


@router.post("/campaigns/audience")
async def audience(request: Request, precision: str | None = None) -> Response:
    """Whom the campaign being typed would reach."""
    form = await read_form(request)
    return await _while_typing(request, form, "audience", "page_automation_audience", precision=precision)


@router.post("/campaigns")
async def create_campaign(request: Request) -> Response:
    """Save the campaign, and show it."""
    form = await read_form(request)

    def then(campaign: dict) -> str:
        return f"{HOME}/campaigns/{campaign['id']}?done=created"

    # An empty field is said to be missing by the database, which knows what is required.
    arguments = {"campaign_name": "", **{name: value for name, value in _campaign(form).items() if value is not None}}
    return await act(request, form, "create_campaign", arguments, then=then)


@router.get("/campaigns/{campaign_id}")
async def campaign(request: Request, campaign_id: str) -> Response:
    """A campaign."""
    arguments = {"campaign_id": _id(campaign_id)}
    return await show(request, "automation/campaign.html", "page_automation_campaign", arguments)


@router.get("/campaigns/{campaign_id}/analytics")
async def analytics(request: Request, campaign_id: str) -> Response:
    """What became of a campaign."""
    arguments = {"campaign_id": _id(campaign_id)}
    return await _fragment(request, "analytics", "page_automation_analytics", arguments, campaign_id=campaign_id)


@router.get("/campaigns/{campaign_id}/send")
async def confirm(request: Request, campaign_id: str) -> Response:
    """The question whether to send it, with what that would do."""
    arguments = {"campaign_id": _id(campaign_id)}
    return await show(request, "automation/send.html", "page_automation_campaign", arguments)


@router.get("/campaigns/{campaign_id}/preview")
async def preview(request: Request, campaign_id: str) -> Response:
    """What sending it would do."""
    return await _fragment(request, "preview", "page_automation_preview", {"campaign_id": _id(campaign_id)})


@router.post("/campaigns/{campaign_id}/send")
async def send(request: Request, campaign_id: str) -> Response:
    """Send it. A second time nobody is added."""
    form = await read_form(request)

    def then(answer: dict) -> str:
        return f"{HOME}/campaigns/{campaign_id}?done={'sent-already' if 'already_sent' in answer else 'sent'}"

    return await act(request, form, "send_campaign", {"campaign_id": _id(campaign_id)}, then=then)


@router.post("/campaigns/{campaign_id}/active")
async def switch_campaign(request: Request, campaign_id: str) -> Response:
    """Switch it on or off."""
    form = await read_form(request)
    is_active = form.text("is_active") == "true"
    arguments = {"campaign_id": _id(campaign_id), "is_active": is_active}
    then = f"{HOME}/campaigns/{campaign_id}?done={'on' if is_active else 'off'}"
    return await act(request, form, "change_campaign", arguments, then=then)


@router.get("/rules")
async def rules(request: Request, before: str | None = None) -> Response:
    """The recommendation rules."""
    arguments = {"before": whole_number(before, "before")}
    return await show(request, "automation/rules.html", "page_automation_rules", arguments)


@router.get("/rules/figures")
async def rule_figures(request: Request, ids: str = "") -> Response:
    """What the products of the rules on the page sold."""
    return await _fragment(request, "rule_figures", "page_automation_rule_figures", {"rule_ids": _ids(ids)})


@router.get("/rules/new")
async def new_rule(request: Request, product: str | None = None) -> Response:
    """The form of a new rule."""
    return await show(request, "automation/rule.html", "page_automation_rule", {"product_search": product})


@router.post("/rules")
async def create_rule(request: Request) -> Response:
    """Save a new rule."""
    form = await read_form(request)
    return await act(request, form, "save_recommendation_rule", _rule(form), then=f"{HOME}/rules?done=rule-saved")


@router.get("/rules/{rule_id}")
async def rule(request: Request, rule_id: str, product: str | None = None) -> Response:
    """The form of a rule."""
    arguments = {"rule_id": _id(rule_id), "product_search": product}
    return await show(request, "automation/rule.html", "page_automation_rule", arguments)


@router.post("/rules/{rule_id}")
async def save_rule(request: Request, rule_id: str) -> Response:
    """Save a rule."""
    form = await read_form(request)
    arguments = {"rule_id": _id(rule_id), **_rule(form)}
    return await act(request, form, "save_recommendation_rule", arguments, then=f"{HOME}/rules?done=rule-saved")


@router.post("/rules/{rule_id}/active")
async def switch_rule(request: Request, rule_id: str) -> Response:
    """Switch a rule on or off."""
    form = await read_form(request)
    is_active = form.text("is_active") == "true"
    arguments = {"rule_id": _id(rule_id), "is_active": is_active}
    then = f"{HOME}/rules?done={'rule-on' if is_active else 'rule-off'}"
    return await act(request, form, "switch_recommendation_rule", arguments, then=then)


@router.get("/settings")
async def settings(request: Request) -> Response:
    """What decides the call list."""
    return await show(request, "automation/settings.html", "page_automation_settings")


@router.post("/settings")
async def change_settings(request: Request) -> Response:
    """Change the limits of calls."""
    form = await read_form(request)
    arguments = {"changes": _settings(form)}
    return await act(request, form, "change_call_settings", arguments, then=f"{HOME}/settings?done=settings")


@router.post("/settings/backtest")
async def try_settings(request: Request) -> Response:
    """What other limits would have made of the last lists."""
    form = await read_form(request)
    return await _backtest(request, form, {"changes": _settings(form)})


@router.post("/settings/types/{task_type}")
async def change_type(request: Request, task_type: str) -> Response:
    """Change how calls of a type are planned."""
    form = await read_form(request)
    arguments = {"task_type": task_type, "changes": _type(form)}
    return await act(request, form, "change_call_task_type", arguments, then=f"{HOME}/settings?done=type")


@router.post("/settings/types/{task_type}/backtest")
async def try_type(request: Request, task_type: str) -> Response:
    """What another cadence would have made of the last lists."""
    form = await read_form(request)
    return await _backtest(request, form, {"task_type": task_type, "changes": _type(form)})


@router.get("/model")
async def model(request: Request) -> Response:
    """Who will still buy: the model and how it did, segments, cohorts, what calling brought."""
    return await show(request, "automation/model.html", "page_automation_model")


@router.get("/jobs")
async def jobs(request: Request, job: str | None = None, before: str | None = None) -> Response:
    """The daily jobs and their runs."""
    arguments = {"job_name": job, "before": whole_number(before, "before")}
    return await show(request, "automation/jobs.html", "page_automation_jobs", arguments)


async def _fragment(
    request: Request, template: str, function: str, arguments: dict[str, object], **context: object
) -> Response:
    """A part of a page that takes its time; where it takes too much, that is shown in its place."""
    try:
        answer = await ask(request, function, arguments, seconds=ASKED_FOR)
    except TrustCartError as error:
        if error.http_status != http.HTTPStatus.GATEWAY_TIMEOUT:
            raise
        return render(request, "automation/too_long.html", {"address": str(request.url.path)})
    return render(request, f"automation/{template}.html", {**answer, **context})


async def _while_typing(
    request: Request, form: Form, template: str, function: str, precision: str | None = None
) -> Response:
    """What is shown of a form while it is typed: nothing in it is refused, and it is never waited for long."""
    context = {"precision": precision, "too_long": False, "unreadable": None, "answer": None}
    seconds = ASKED_FOR if precision == "audience" else WHILE_TYPING
    try:
        arguments = {**_campaign(form), **({"precision": precision} if precision else {})}
        context["answer"] = await ask(request, function, arguments, seconds=seconds)
    except UsageError as error:
        context["unreadable"] = error.message
    except TrustCartError as error:
        if error.http_status != http.HTTPStatus.GATEWAY_TIMEOUT:
            raise
        context["too_long"] = True
    return render(request, f"automation/{template}.html", context)


async def _backtest(request: Request, form: Form, arguments: dict[str, object]) -> Response:
    days = form.integer("days")
    context = {"too_long": False, "answer": None}
    try:
        context["answer"] = await ask(
            request, "page_automation_backtest", {**arguments, "days": days and str(days)}, seconds=ASKED_FOR
        )
    except TrustCartError as error:
        if error.http_status != http.HTTPStatus.GATEWAY_TIMEOUT:
            raise
        context["too_long"] = True
    return render(request, "automation/backtest.html", context)


def _campaign(form: Form) -> dict[str, object]:
    """The fields of the form as create_campaign takes them. Numbers go as they were typed, once they are numbers: the
    database says which it takes."""
    variants = [
        {
            "variant": name,
            "message_template": text,
            "subject": form.text(f"variant_{name}_subject"),
            "weight": form.text(f"variant_{name}_weight") or "1",
        }
        for name in VARIANTS
        if (text := form.text(f"variant_{name}_text"))
    ]
    return {
        "campaign_name": form.text("campaignName"),
        "campaign_type": form.text("campaignType"),
        "target_segment": form.text("targetSegment"),
        "message_template": form.text("messageTemplate"),
        "discount_code": form.text("discountCode"),
        "start_date": form.text("startDate"),
        "end_date": form.text("endDate"),
        "subject": form.text("subject"),
        "is_scheduled": form.flag("isScheduled"),
        "trigger_event": form.text("triggerEvent"),
        "notice_days": _digits(form, "noticeDays"),
        "holdout_percentage": _fraction(form, "holdoutPercentage"),
        "attribution_days": _digits(form, "attributionDays"),
        "variants": variants or None,
    }


def _rule(form: Form) -> dict[str, object]:
    return {
        "product_id": form.integer("productId"),
        "rule_name": form.text("ruleName"),
        "target_category": form.text("targetCategory"),
        "target_customer_type": form.text("targetCustomerType"),
        "discount_percentage": _fraction(form, "discountPercentage"),
    }


def _type(form: Form) -> dict[str, object]:
    """A checkbox that is not set sends nothing, so all fields are named; None is "no limit"."""
    flags = ("isEnabled", "canWait")
    return {name: form.flag(name) if name in flags else form.text(name) for name in TYPE_FIELDS}


def _settings(form: Form) -> dict[str, object]:
    return {**{name: form.text(name) for name in SETTING_FIELDS}, "workingDays": form.texts("workingDays")}


def _digits(form: Form, name: str) -> str | None:
    number = form.integer(name)
    if number is not None and abs(number) > _MOST:
        raise UsageError(f"{name} is not within bounds.")
    return None if number is None else str(number)


def _fraction(form: Form, name: str) -> str | None:
    text = form.text(name)
    if text is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise UsageError(f"{name} is not a number.") from None
    if not number.is_finite():
        raise UsageError(f"{name} is not a number.")
    return text


def _id(text: str) -> int:
    """The number in an address. Raises UsageError (400)."""
    return whole_number(text, "The number in the address")


def _ids(text: str) -> list[int]:
    return [_id(part) for part in text.split(",") if part.strip()]
