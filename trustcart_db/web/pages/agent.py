"""The agent dashboard: /admin/crm/agent-dashboard. The list of the day, the call in hand, who rings in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from trustcart_db.web.pages.answers import Form, act, ask, read_form, show, whole_number
from trustcart_db.web.rendering import render

PAGE = "/admin/crm/agent-dashboard"
_CALL = PAGE + "/calls/{task_id}"

#: A bigint.
Id = Annotated[int, Path(ge=-(2**63), le=2**63 - 1)]
#: As text, for a form may leave it blank.
AgentId = Annotated[str | None, Query(alias="agentId")]

router = APIRouter(include_in_schema=False)


@router.get(PAGE)
async def agent(
    request: Request, agent_id: AgentId = None, date: str | None = None, task: str | None = None
) -> Response:
    """The dashboard of an agent (default: of who is signed in) and a day, with a call: the one in hand, or `task`."""
    # Before the list is read: what changes meanwhile is told once more rather than not at all.
    mark = request.app.state.live.mark
    arguments = {
        "agent_id": whole_number(agent_id, "agentId"),
        "date": date,
        "task_id": whole_number(task, "task"),
    }
    return await show(request, "agent.html", "page_agent", arguments, mark=mark)


@router.get(PAGE + "/list")
async def agent_list(
    request: Request, agent_id: AgentId = None, date: str | None = None, shown: str | None = None
) -> Response:
    """The list alone, as it is now. `shown`: the call beside it, to be told when another is in hand."""
    arguments = {"agent_id": whole_number(agent_id, "agentId"), "date": date}
    return await show(request, "agent/list.html", "page_agent_list", arguments, shown_id=whole_number(shown, "shown"))


@router.post(PAGE + "/next")
async def next_call(request: Request) -> Response:
    """Claim the next call, or come back to the one in hand."""
    form = await read_form(request)

    def then(answer: dict) -> str:
        return PAGE if answer["task_id"] is not None else f"{PAGE}?done=none"

    return await act(request, form, "next_call", {}, then=then)


@router.post(_CALL + "/start")
async def start(request: Request, task_id: Id) -> Response:
    """Dial."""
    form = await read_form(request)
    return await act(request, form, "start_call", {"task_id": task_id}, then=f"{PAGE}?task={task_id}")


@router.post(_CALL + "/outcome")
async def outcome(request: Request, task_id: Id) -> Response:
    """What came of the call; the next one comes up by itself."""
    form = await read_form(request)
    arguments = {
        "task_id": task_id,
        "outcome": form.text("outcome"),
        "notes": form.text("notes"),
        "follow_up_date": form.text("follow_up_date"),
        "follow_up_time": form.text("follow_up_time"),
        "preferred_from": form.text("preferred_from"),
        "preferred_until": form.text("preferred_until"),
        "family_member": _family_member(form),
        "do_not_call": form.flag("do_not_call"),
        "take_next": True,
    }
    return await act(request, form, "record_call_outcome", arguments, then=f"{PAGE}?done=outcome")


@router.post(_CALL + "/notes")
async def notes(request: Request, task_id: Id) -> Response:
    """Keep the notes; the call goes on."""
    form = await read_form(request)
    arguments = {"task_id": task_id, "status": "pending", "notes": form.text("notes")}
    return await act(request, form, "update_call_task_status", arguments, then=f"{PAGE}?task={task_id}&done=notes")


@router.post(_CALL + "/snooze")
async def snooze(request: Request, task_id: Id) -> Response:
    """Put the call off to a later hour of the day."""
    form = await read_form(request)
    arguments = {
        "task_id": task_id,
        "until": form.text("until") if form.text("minutes") is None else None,
        "minutes": form.integer("minutes"),
    }
    return await act(request, form, "snooze_call", arguments, then=f"{PAGE}?done=snoozed")


@router.post(_CALL + "/skip")
async def skip(request: Request, task_id: Id) -> Response:
    """Do not make the call, and say why."""
    form = await read_form(request)
    arguments = {"task_id": task_id, "reason": form.text("reason")}
    return await act(request, form, "skip_call", arguments, then=f"{PAGE}?done=skipped")


@router.post(_CALL + "/undo")
async def undo(request: Request, task_id: Id) -> Response:
    """Take the last outcome back, and show its call again."""
    form = await read_form(request)
    return await act(request, form, "undo_call", {"task_id": task_id}, then=f"{PAGE}?task={task_id}&done=undone")


@router.post(PAGE + "/caller")
async def caller(request: Request) -> Response:
    """Who rings in. By POST, for a number in an address would stand in logs and in the browser's history."""
    form = await read_form(request)
    answer = await ask(request, "page_agent_caller", {"phone": form.text("phone") or ""})
    return render(request, "agent/caller.html", answer)


@router.post(PAGE + "/caller/log")
async def log_caller(request: Request) -> Response:
    """Note the call that came in."""
    form = await read_form(request)
    arguments = {
        "customer_id": form.integer("customer_id"),
        "interaction_type": "call",
        "direction": "inbound",
        "subject": form.text("subject"),
        "details": form.text("details"),
        "outcome": form.text("outcome"),
        "follow_up_date": form.text("follow_up_date"),
    }
    return await act(request, form, "log_interaction", arguments, then=f"{PAGE}?done=logged")


@router.post(PAGE + "/caller/call")
async def create_call(request: Request) -> Response:
    """Plan a call to whoever rang in."""
    form = await read_form(request)
    arguments = {
        "customer_id": form.integer("customer_id"),
        "task_type": form.text("task_type"),
        "task_date": form.text("task_date"),
        "time": form.text("time"),
        "notes": form.text("notes"),
    }
    return await act(request, form, "create_call", arguments, then=f"{PAGE}?done=created")


def _family_member(form: Form) -> dict[str, str] | None:
    """Whom the customer told of; None when nothing was written."""
    fields = ("name", "relationship", "date_of_birth", "phone")
    told = {field: value for field in fields if (value := form.text(f"family_{field}")) is not None}
    return told or None
