"""Failures as answers: RFC 9457 problems for the API, a page or a message for people. What a failure means, its class
and SQLSTATE say (`trustcart_db.errors`)."""

from __future__ import annotations

import http
import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from trustcart_db.errors import ConnectError, MissingError, RightsError, TrustCartError
from trustcart_db.web.pool import BrokenError
from trustcart_db.web.rendering import render

PROBLEM = "application/problem+json"
#: Where programs ask; all other paths are for people.
API_PREFIXES = ("/cdm/", "/crm-automation/", "/openapi.json/")
#: Seconds after which a request refused with 503 may be sent again.
RETRY_AFTER = "5"
_UNFORESEEN = "Something went wrong on our side."

log = logging.getLogger("trustcart_db.web")


def install(app: FastAPI) -> None:
    """Answer every failure of the app. Argument: the app."""
    app.add_exception_handler(TrustCartError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _unforeseen)


def problem(
    request: Request,
    status: int,
    detail: str,
    hint: str | None = None,
    code: str | None = None,
    field: str | None = None,
) -> Response:
    """The answer to a request that failed.

    Arguments: the request; the HTTP status; what is wrong; what to do; the SQLSTATE; the field that it is about.
    Result: a problem for the API; for a person a page, or where htmx asked, the message alone.
    """
    headers = {"Retry-After": RETRY_AFTER} if status == http.HTTPStatus.SERVICE_UNAVAILABLE else {}
    if is_of_api(request):
        if status == http.HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer" + (', error="invalid_token"' if _had_token(request) else "")
        content = {
            "type": "about:blank",
            "title": http.HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "hint": hint,
            "code": code,
            "field": field,
        }
        content = {name: value for name, value in content.items() if value is not None}
        return JSONResponse(content, status, headers, media_type=PROBLEM)
    if status == http.HTTPStatus.UNAUTHORIZED:
        return _to_sign_in(request)
    # A whole page where one was asked for; a message beside what was typed where a form or a part of a page was sent.
    is_page = request.method == "GET" and (not _by_htmx(request) or request.headers.get("HX-Boosted") == "true")
    template = "error.html" if is_page or not _by_htmx(request) else "fragments/refusal.html"
    response = render(request, template, {"status": status, "detail": detail, "hint": hint}, status=status)
    response.headers.update(headers)
    return response


def is_of_api(request: Request) -> bool:
    """Whether a program asks, by the path. Argument: the request."""
    return f"{request.url.path}/".startswith(API_PREFIXES)


def _had_token(request: Request) -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def _by_htmx(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"


def _to_sign_in(request: Request) -> Response:
    from urllib.parse import quote, urlsplit

    # Of a part of a page: where that page is.
    try:
        whole = urlsplit((_by_htmx(request) and request.headers.get("HX-Current-URL")) or str(request.url))
    except ValueError:
        whole = urlsplit(request.url.path)
    here = whole.path + (f"?{whole.query}" if whole.query else "")
    target = "/sign-in" if request.method != "GET" else f"/sign-in?next={quote(here, safe='')}"
    if _by_htmx(request):
        return Response(status_code=http.HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": target})
    return RedirectResponse(target, http.HTTPStatus.SEE_OTHER)


async def _ours(request: Request, error: TrustCartError) -> Response:
    if error.http_status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s %s: %s %s", request.method, request.url.path, error.sqlstate or "", error.message)
    detail, hint = _told(error)
    return problem(request, error.http_status, detail, hint, error.sqlstate, error.field)


def _told(error: TrustCartError) -> tuple[str, str | None]:
    """What whoever asked is told, and what to do. Ours are said as they are; of what speaks to the shop's DBA, which
    the log has, only what it means."""
    is_ours = error.sqlstate is None or error.sqlstate.startswith("TC")
    if isinstance(error, RightsError):
        return "You may not do this.", "Ask somebody whose role it is."
    if isinstance(error, ConnectError):
        return "The database is away.", error.hint if isinstance(error, BrokenError) else "Send it again in a moment."
    if error.http_status == http.HTTPStatus.GATEWAY_TIMEOUT:
        return "This took too long, and was undone.", "Ask for less, or send it again in a moment."
    if error.http_status == http.HTTPStatus.INTERNAL_SERVER_ERROR or (isinstance(error, MissingError) and not is_ours):
        return _UNFORESEEN, None
    return error.message, error.hint


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:])
    # What is not one of ours may be anything.
    field = ascii(name[:100])[1:-1] or None
    hint = None
    if first["type"] == "missing":
        detail = f"{field or 'A body'} is required."
    elif first["type"] == "extra_forbidden":
        detail, hint = "There is no such field.", "/openapi.json says which there are."
    else:
        what = str(first["ctx"]["error"]) if first["type"] == "value_error" else f"is not right: {first['msg']}"
        detail = f"{field or 'The body'} {what}."
    return problem(request, http.HTTPStatus.BAD_REQUEST, detail, hint, field=field)


async def _plain(request: Request, error: HTTPException) -> Response:
    response = problem(request, error.status_code, str(error.detail))
    response.headers.update(error.headers or {})
    return response


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("%s %s: %s", request.method, request.url.path, type(error).__name__, exc_info=error)
    return problem(request, http.HTTPStatus.INTERNAL_SERVER_ERROR, _UNFORESEEN)
