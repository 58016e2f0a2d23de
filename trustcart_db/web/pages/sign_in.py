"""Signing in and out, one's own password, and the language."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TypeVar

import psycopg
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from trustcart_db.auth import passwords, tokens
from trustcart_db.connection import connect
from trustcart_db.errors import InputError, RefusedError, UsageError, translate
from trustcart_db.web import sessions
from trustcart_db.web.config import Config
from trustcart_db.web.pages.answers import ask, read_form, show
from trustcart_db.web.pool import patience
from trustcart_db.web.rendering import LANGUAGE_COOKIE, LANGUAGES, render

router = APIRouter(include_in_schema=False)

HOME = "/admin/crm"
PASSWORD = "/account/password"
_LONGEST_TARGET = 2000

_Result = TypeVar("_Result")


def local_path(target: str | None) -> str:
    """Where to go on this site; HOME for anything that would lead to another."""
    is_local = (
        target is not None
        and target.startswith("/")
        # Browsers read \ as /, and //host as another host.
        and not target.replace("\\", "/").startswith("//")
        and len(target) <= _LONGEST_TARGET
    )
    return target if is_local and target.isprintable() else HOME


@router.get("/")
async def home() -> Response:
    """The first page."""
    return RedirectResponse(HOME, 303)


@router.get("/sign-in")
async def show_sign_in(request: Request, next: str | None = None) -> Response:
    """The form."""
    return render(request, "sign_in.html", {"next": local_path(next), "refusal": None, "email": ""})


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Check the password; lead to where the user wanted to go."""
    form = await read_form(request)
    config: Config = request.app.state.config
    target, email, password = local_path(form.text("next")), form.text("email") or "", form.secret("password")
    seconds = config.limits.wait_seconds
    try:
        signed_in = await _attempt(
            request, lambda gateway: passwords.sign_in(gateway, email, password, seconds=seconds)
        )
    except RefusedError as error:
        context = {"next": target, "refusal": error, "minutes": _minutes(error), "email": email}
        headers = {"Retry-After": str(_minutes(error) * 60 or 60)} if error.http_status == 429 else {}
        return render(request, "sign_in.html", context, status=error.http_status, headers=headers)
    response = RedirectResponse(target, 303)
    token = tokens.issue(config.keys, signed_in.user_id, signed_in.role, signed_in.at)
    sessions.begin(request, response, token)
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session, here and wherever else the user is signed in."""
    await read_form(request)
    with contextlib.suppress(RefusedError):
        await request.app.state.database.sign_out(sessions.session(request))
    response = RedirectResponse("/sign-in", 303)
    sessions.end(request, response)
    return response


@router.get(PASSWORD)
async def show_password(request: Request) -> Response:
    """The form for another password."""
    known = {"refusal": None, "minutes": 0, "least_length": passwords.LEAST_LENGTH}
    return await show(request, "password.html", "page_password", **known)


@router.post(PASSWORD)
async def change_password(request: Request) -> Response:
    """Set another password: the present one is checked as when signing in, and all other sessions end."""
    form = await read_form(request)
    claims, config = sessions.session(request), request.app.state.config
    page = await ask(request, "page_password")
    present, new = form.secret("present"), form.secret("new")

    def check(gateway: psycopg.Connection) -> tuple[passwords.SignedIn, str]:
        seconds = config.limits.wait_seconds
        signed_in = passwords.sign_in(gateway, page["email"] or "", present, seconds=seconds)
        return signed_in, passwords.hash_password(new)

    try:
        if new != form.secret("again"):
            raise UsageError("The new password was typed in two different ways.", "Type it again.")
        passwords.check_password(new, page["frame"]["name"], page["email"])
        signed_in, password_hash = await _attempt(request, check)
        answer = await ask(request, "change_password", {"password_hash": password_hash, "signed_in_at": signed_in.at})
    except (InputError, RefusedError, UsageError) as error:
        known = {"refusal": error, "minutes": _minutes(error), "least_length": passwords.LEAST_LENGTH}
        # 401 would lead to the sign-in page.
        status = 403 if error.http_status == 401 else error.http_status
        return render(request, "password.html", {**page, **known}, status=status)
    response = RedirectResponse(f"{PASSWORD}?done=password", 303)
    holds_from = datetime.fromisoformat(answer["tokens_valid_from"])
    sessions.begin(request, response, tokens.issue(config.keys, claims.user_id, claims.role, holds_from))
    return response


@router.post("/language")
async def choose_language(request: Request) -> Response:
    """Switch the language, and stay where one is."""
    form = await read_form(request)
    response = RedirectResponse(local_path(form.text("next")), 303)
    chosen = form.text("language")
    if chosen in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=365 * 24 * 3600, samesite="lax")
    return response


async def _attempt(request: Request, check: Callable[[psycopg.Connection], _Result]) -> _Result:
    """Do what needs a password, in a thread: hashing takes a tenth of a second of a processor. Raises
    TrustCartError."""
    config: Config = request.app.state.config

    def run() -> _Result:
        try:
            with connect(config.conninfo, autocommit=True, **patience(config.conninfo)) as gateway:
                return check(gateway)
        except psycopg.Error as error:
            raise translate(error) from error

    address = request.client.host if request.client else ""
    return await request.app.state.gate.attempt(address, run)


def _minutes(error: Exception) -> int:
    """For how many minutes signing in is locked; 0 where it is not."""
    until = getattr(error, "locked_until", None)
    return max(math.ceil((until - datetime.now(timezone.utc)).total_seconds() / 60), 1) if until else 0
