"""The customer page: /admin/customers/{id} and its tabs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from trustcart_db.web.pages.answers import Form, act, read_form, show

router = APIRouter(include_in_schema=False)

#: A bigint.
Id = Annotated[int, Path(ge=-(2**63), le=2**63 - 1)]

_HOME = "/admin/customers/{customer_id}"
#: The tabs that have an address of their own, in their order; overview is the page itself.
_TABS = ("family", "interactions", "behavior", "360")
#: What the tab Interactions lists of the timeline.
_CONTACTS = ["interaction", "call", "engagement"]


@router.get(_HOME)
async def overview(request: Request, customer_id: Id) -> Response:
    """The page with its first tab."""
    return await _tab(request, customer_id, "overview")


@router.get(_HOME + "/family")
async def family(request: Request, customer_id: Id) -> Response:
    """The tab Family."""
    return await _tab(request, customer_id, "family")


@router.get(_HOME + "/interactions")
async def interactions(request: Request, customer_id: Id, before: str | None = None) -> Response:
    """The tab Interactions. before: where the page before ended."""
    return await _tab(request, customer_id, "interactions", before)


@router.get(_HOME + "/behavior")
async def behavior(request: Request, customer_id: Id) -> Response:
    """The tab Behavior."""
    return await _tab(request, customer_id, "behavior")


@router.get(_HOME + "/360")
async def view_360(request: Request, customer_id: Id, before: str | None = None) -> Response:
    """The tab 360° View. before: where the page before ended."""
    return await _tab(request, customer_id, "360", before)


@router.get(_HOME + "/{tab}/older")
async def older(request: Request, customer_id: Id, tab: str, before: str) -> Response:
    """The fragment with what happened before, of the tabs Interactions and 360° View."""
    arguments = {
        "customer_id": customer_id,
        "kinds": _CONTACTS if tab == "interactions" else None,
        "before": before,
    }
    tab = "interactions" if tab == "interactions" else "360"
    return await show(
        request, "customer/older.html", "page_customer_timeline", arguments, here=address(customer_id, tab)
    )


@router.post(_HOME + "/family")
async def add_family_member(request: Request, customer_id: Id) -> Response:
    """Add a family member."""
    form = await read_form(request)
    arguments = {"customer_id": customer_id, **_family(form)}
    return await act(request, form, "add_family_member", arguments, then=address(customer_id, "family", "family_added"))


@router.post(_HOME + "/family/{member_id}")
async def update_family_member(request: Request, customer_id: Id, member_id: Id) -> Response:
    """Change a family member: the form has all fields, so what is blank is taken away."""
    form = await read_form(request)
    arguments = {"family_member_id": member_id, **_family(form)}
    return await act(
        request, form, "update_family_member", arguments, then=address(customer_id, "family", "family_changed")
    )


@router.post(_HOME + "/family/{member_id}/remove")
async def remove_family_member(request: Request, customer_id: Id, member_id: Id) -> Response:
    """Remove a family member."""
    form = await read_form(request)
    return await act(
        request,
        form,
        "remove_family_member",
        {"family_member_id": member_id},
        then=address(customer_id, "family", "family_removed"),
    )


@router.post(_HOME + "/interactions")
async def log_interaction(request: Request, customer_id: Id) -> Response:
    """Log an interaction."""
    form = await read_form(request)
    arguments = {
        "customer_id": customer_id,
        "interaction_type": form.text("interactionType") or "",
        "direction": form.text("direction"),
        "subject": form.text("subject"),
        "details": form.text("details"),
        "outcome": form.text("outcome"),
        "follow_up_date": form.text("followUpDate"),
    }
    return await act(
        request, form, "log_interaction", arguments, then=address(customer_id, "interactions", "interaction_logged")
    )


@router.post(_HOME + "/engagements")
async def log_engagement(request: Request, customer_id: Id) -> Response:
    """Log an engagement."""
    form = await read_form(request)
    arguments = {
        "customer_id": customer_id,
        "engagement_type": form.text("engagementType") or "",
        "channel": form.text("channel"),
        "content": form.text("content"),
        "response": form.text("response"),
    }
    return await act(
        request, form, "log_engagement", arguments, then=address(customer_id, "interactions", "engagement_logged")
    )


@router.post(_HOME + "/preferences")
async def save_contact_preferences(request: Request, customer_id: Id) -> Response:
    """Write down when and how the customer wishes to be called; what is blank is taken back."""
    form = await read_form(request)
    arguments = {
        "customer_id": customer_id,
        "preferred_from": form.text("preferredFrom") or "",
        "preferred_until": form.text("preferredUntil") or "",
        "language": form.text("language") or "",
        "time_zone": form.text("timeZone") or "",
    }
    return await act(
        request, form, "save_contact_preferences", arguments, then=address(customer_id, "behavior", "wishes_saved")
    )


@router.post(_HOME + "/consents")
async def save_consent(request: Request, customer_id: Id) -> Response:
    """Write down what the customer said of a channel."""
    form = await read_form(request)
    arguments = {
        "customer_id": customer_id,
        "channel": form.text("channel") or "",
        "granted": {"yes": True, "no": False}.get(form.text("granted") or ""),
        "source": form.text("source"),
    }
    return await act(request, form, "save_consent", arguments, then=address(customer_id, "behavior", "consent_saved"))


@router.post(_HOME + "/calls")
async def create_call(request: Request, customer_id: Id) -> Response:
    """Create a call task."""
    form = await read_form(request)
    arguments = {
        "customer_id": customer_id,
        "task_type": form.text("taskType"),
        "priority": form.text("priority"),
        "task_date": form.text("taskDate"),
        "time": form.text("time"),
        "notes": form.text("notes"),
    }
    return await act(request, form, "create_call", arguments, then=address(customer_id, "overview", "call_created"))


def address(customer_id: int, tab: str = "overview", done: str | None = None) -> str:
    """Where a tab is. Arguments: the customer; the tab; what was just done."""
    home = _HOME.format(customer_id=customer_id)
    return (home if tab == "overview" else f"{home}/{tab}") + (f"?done={done}" if done else "")


async def _tab(request: Request, customer_id: int, tab: str, before: str | None = None) -> Response:
    return await show(
        request,
        "customer.html",
        "page_customer",
        {"customer_id": customer_id, "tab": tab, "before": before},
        home=address(customer_id),
        here=address(customer_id, tab),
        before=before,
        tabs=[address(customer_id, name) for name in ("overview", *_TABS)],
    )


def _family(form: Form) -> dict[str, str]:
    fields = {
        "name": "name",
        "relationship": "relationship",
        "date_of_birth": "dateOfBirth",
        "anniversary_date": "anniversaryDate",
        "phone": "phone",
        "address": "address",
        "notes": "notes",
    }
    return {argument: form.text(field) or "" for argument, field in fields.items()}
