"""Who asks: the bearer token of programs, the cookie of people; and the proof that a form is one of ours (CSRF)."""

from __future__ import annotations

import hashlib
import hmac
import http
import secrets
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from trustcart_db.auth import tokens
from trustcart_db.auth.tokens import Claims, TokenError
from trustcart_db.errors import RefusedError
from trustcart_db.web.config import Config

SESSION, ANONYMOUS = "trustcart_session", "trustcart_anonymous"
CSRF_FIELD, CSRF_HEADER = "csrf_token", "X-CSRF-Token"


def bearer(request: Request) -> Claims:
    """Who a program asks for. Argument: the request. Result: Claims. Raises TokenError (401)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenError("No token is given.", "Send the header Authorization: Bearer <token>.")
    return _known(request, token.strip())


def session(request: Request) -> Claims:
    """Who is signed in. Argument: the request. Result: Claims. Raises TokenError (401, which leads to sign-in)."""
    token = _cookie(request, SESSION)
    if not token:
        raise TokenError("Nobody is signed in.")
    return _known(request, token)


def begin(request: Request, response: Response, token: str) -> None:
    """Put a session into the browser. Arguments: the request, the answer that takes it along, the token."""
    age = int(_config(request).keys.lifetime.total_seconds())
    _set_cookie(request, response, SESSION, token, age)
    _delete_cookie(request, response, ANONYMOUS)


def end(request: Request, response: Response) -> None:
    """Take the session out of the browser. Arguments: the request, the answer."""
    _delete_cookie(request, response, SESSION)


def csrf_token(request: Request) -> str:
    """What a form must bring back: bound to the session, or before sign-in to a cookie that `keep_anonymous` sets."""
    bound_to = _cookie(request, SESSION) or _anonymous(request)
    return hmac.new(_config(request).secret, b"csrf:" + bound_to.encode(), hashlib.sha256).hexdigest()


def check_csrf(request: Request, given: str | None) -> None:
    """Refuse a form that is not from one of our pages. Arguments: the request; the field's value. Raises RefusedError
    (403)."""
    given = (request.headers.get(CSRF_HEADER) or given or "").encode("utf-8", "surrogatepass")
    if not _is_from_here(request) or not hmac.compare_digest(given, csrf_token(request).encode()):
        raise RefusedError(
            "This form is too old, or not from this page.",
            "Load the page again and repeat it.",
            http_status=http.HTTPStatus.FORBIDDEN,
        )


def keep_anonymous(request: Request, response: Response) -> None:
    """Give a browser without a session something to bind its forms to. Arguments: the request, the answer."""
    if not _cookie(request, SESSION) and not _cookie(request, ANONYMOUS):
        _set_cookie(request, response, ANONYMOUS, _anonymous(request))


def _is_from_here(request: Request) -> bool:
    """Whether the browser, as far as it says, sends this from one of our own pages."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # "none": typed by the user, which no form is, but a request sent again after a restart of the browser may be.
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("Host")


def _known(request: Request, token: str) -> Claims:
    claims = tokens.verify(_config(request).keys, token)
    # For the access log.
    request.state.user_id = claims.user_id
    return claims


def _anonymous(request: Request) -> str:
    known = _cookie(request, ANONYMOUS)
    if known is None:
        known = getattr(request.state, "anonymous", None) or secrets.token_urlsafe(24)
        request.state.anonymous = known
    return known


def _cookie_name(request: Request, name: str) -> str:
    """By https with the prefix that browsers take from nobody but this host, over https, for all of its paths."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def _cookie(request: Request, name: str) -> str | None:
    return request.cookies.get(_cookie_name(request, name)) or None


def _set_cookie(request: Request, response: Response, name: str, value: str, age: int | None = None) -> None:
    is_https = request.url.scheme == "https"
    response.set_cookie(_cookie_name(request, name), value, max_age=age, httponly=True, samesite="lax", secure=is_https)


def _delete_cookie(request: Request, response: Response, name: str) -> None:
    is_https = request.url.scheme == "https"
    response.delete_cookie(_cookie_name(request, name), httponly=True, samesite="lax", secure=is_https)


def _config(request: Request) -> Config:
    return request.app.state.config
