"""The team dashboard: /admin/crm/team-dashboard, its parts, and what a manager or team leader does there."""

from __future__ import annotations

import http
from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from trustcart_db.errors import TrustCartError
from trustcart_db.web.pages.answers import Form, act, read_form, show, whole_number
from trustcart_db.web.rendering import render

router = APIRouter(include_in_schema=False)

PAGE = "/admin/crm/team-dashboard"


@router.get(PAGE)
async def team(request: Request, period: str | None = None, date: str | None = None) -> Response:
    """The page: the period, who works on the day, leave; figures and lists come as parts. Raises TrustCartError."""
    return await show(request, "team.html", "page_team", {"period": period, "date": date}, counts=_counts(request))


@router.get(f"{PAGE}/figures")
async def figures(request: Request, period: str | None = None, date: str | None = None) -> Response:
    """Part: the agents compared, their tasks by priority, the leaderboard. Raises TrustCartError."""
    return await _part(request, "figures", {"period": period, "date": date})


@router.get(f"{PAGE}/conversions")
async def conversions(request: Request, period: str | None = None, date: str | None = None) -> Response:
    """Part: what the calls led to. Raises TrustCartError."""
    return await _part(request, "conversions", {"period": period, "date": date})


@router.get(f"{PAGE}/plan")
async def plan(
    request: Request,
    date: str | None = None,
    decision: str | None = None,
    agent_id: str | None = None,
    after: str | None = None,
) -> Response:
    """Part: the plan of a date. Raises TrustCartError."""
    asked = {
        "date": date,
        "decision": decision,
        "agent_id": whole_number(agent_id, "agent_id"),
        "after": whole_number(after, "after"),
    }
    return await _part(request, "plan", asked)


@router.get(f"{PAGE}/calls")
async def calls(
    request: Request, agent_id: str | None = None, date: str | None = None, after: str | None = None
) -> Response:
    """Part: the open calls of an agent, or of nobody. Raises TrustCartError."""
    asked = {"agent_id": whole_number(agent_id, "agent_id"), "date": date, "after": whole_number(after, "after")}
    return await _part(request, "calls", asked, counts=_counts(request))


@router.get(f"{PAGE}/waiting")
async def waiting(request: Request, after_date: str | None = None, after_id: str | None = None) -> Response:
    """Part: the waiting list. Raises TrustCartError."""
    return await _part(request, "waiting", {"after_date": after_date, "after_id": whole_number(after_id, "after_id")})


@router.post(f"{PAGE}/hand-over-call")
async def hand_over_call(request: Request) -> Response:
    """Give one call to another agent, and back to the list it was in. Raises TrustCartError."""
    form = await read_form(request)
    given = {"task_id": form.integer("task_id"), "agent_id": form.integer("to_agent_id"), "why": form.text("why")}
    here = {"agent_id": form.text("agent_id"), "date": form.text("date"), "done": "call_handed_over"}
    return await act(request, form, "hand_over_call", given, then=_address(f"{PAGE}/calls", here))


@router.post(f"{PAGE}/hand-over-calls")
async def hand_over_calls(request: Request) -> Response:
    """Hand all open calls of an agent over. Raises TrustCartError."""
    form = await read_form(request)
    given = {
        "agent_id": form.integer("agent_id"),
        "from": form.text("from"),
        "until": form.text("until"),
        "why": form.text("why"),
    }
    then = _back(form, "calls_handed_over", "reassigned", "to_pool")
    return await act(request, form, "hand_over_calls", given, then=then)


@router.post(f"{PAGE}/put-off")
async def put_off(request: Request) -> Response:
    """Put the calls that nobody has begun off to a later day. Raises TrustCartError."""
    form = await read_form(request)
    given = {
        "agent_id": form.integer("agent_id"),
        "priorities": form.texts("priorities"),
        "date": form.text("of_date"),
        "to": form.text("to"),
    }
    then = _back(form, "calls_put_off", "rescheduled", "not_fitting", "already_planned")
    return await act(request, form, "put_off_calls", given, then=then)


@router.post(f"{PAGE}/leave")
async def enter_leave(request: Request) -> Response:
    """Enter leave of an agent. Raises TrustCartError."""
    form = await read_form(request)
    given = {
        "agent_id": form.integer("agent_id"),
        "from": form.text("from"),
        "until": form.text("until"),
        "reason": form.text("reason"),
    }
    return await act(request, form, "enter_leave", given, then=_back(form, "leave_entered"))


@router.post(f"{PAGE}/leave/withdraw")
async def withdraw_leave(request: Request) -> Response:
    """Take leave back. Raises TrustCartError."""
    form = await read_form(request)
    given = {"leave_id": form.integer("leave_id")}
    return await act(request, form, "withdraw_leave", given, then=_back(form, "leave_withdrawn"))


async def _part(request: Request, part: str, arguments: dict[str, object], **context: object) -> Response:
    """A part of the page: alone where htmx puts it into the page, else, as without JavaScript, as a page of its own."""
    asked = request.headers
    is_alone = asked.get("HX-Request") == "true" and asked.get("HX-Boosted") != "true"
    template = f"team/{part}.html" if is_alone else "team/part.html"
    try:
        return await show(request, template, f"page_team_{part}", arguments, part=part, **context)
    except TrustCartError as error:
        if not is_alone or error.http_status != http.HTTPStatus.GATEWAY_TIMEOUT:
            raise
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return render(request, "team/too_long.html", {"part": part, "address": address})


def _back(form: Form, done: str, *counted: str) -> Callable[[object], str]:
    """Back to the page as it was, with what was done and how often."""

    def address(answer: dict[str, object]) -> str:
        here = {"period": form.text("period"), "date": form.text("date"), "done": done}
        return _address(PAGE, {**here, **{name: answer[name] for name in counted}})

    return address


def _address(path: str, parameters: dict[str, object]) -> str:
    return f"{path}?{urlencode({name: value for name, value in parameters.items() if value is not None})}"


def _counts(request: Request) -> dict[str, int]:
    """What the address says of how often something was done; nothing but whole numbers is shown of it."""
    given = request.query_params.items()
    return {name: int(value) for name, value in given if value.isascii() and value.isdecimal() and len(value) < 10}
