"""What all endpoints do with a request before, and with an answer after, the database is asked.

In this order: who asks (401), parameters that nobody knows (400), the body's type (415) and form (400); then each
parameter and field on its own (400). No value is echoed, but for what the database itself says of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Header, Request, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.responses import Response

from trustcart_db.auth.tokens import Claims
from trustcart_db.errors import InputError
from trustcart_db.web import sessions
from trustcart_db.web.endpoints.shapes import Problem
from trustcart_db.web.idempotency import HEADER, LONGEST, REPLAYED, SHORTEST, once
from trustcart_db.web.problems import PROBLEM

JSON = "application/json"
#: Deeper than any body of ours, and shallower than what would exhaust a stack.
_DEEPEST = 20
_JSON_TYPE = re.compile(r"application/(json|[a-z0-9.!#$&^_-]+\+json)", re.ASCII)

_REFUSALS = {
    400: "Malformed, missing or unknown: a parameter, a field, or a value of a vocabulary.",
    401: "No token, or one that is not valid (any longer).",
    403: "Not yours to see or do.",
    404: "There is no such row.",
    408: "The request came too slowly.",
    409: "The wrong state for this, or an Idempotency-Key that was used for another request.",
    413: "The request is too large.",
    415: "The body is not JSON.",
    422: "Refused by a rule.",
    429: "Too many requests.",
    431: "The headers are too large.",
    500: "Something went wrong on our side.",
    503: "The database is away or busy. Send it again after the seconds of Retry-After.",
    504: "It took too long, and was undone.",
}
_ANY = (400, 401, 403, 408, 429, 431, 500, 503, 504)


class _Bearer(HTTPBearer):
    async def __call__(self, request: Request) -> Claims:
        return request.state.claims


Asker = Annotated[
    Claims,
    Security(
        _Bearer(
            bearerFormat="JWT",
            scheme_name="bearer",
            description="A JWT of a user (HS256 or RS256, with sub, role, aud, iat, exp).",
            auto_error=False,
        )
    ),
]
#: Documented here, read by `act`.
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=HEADER,
        min_length=SHORTEST,
        max_length=LONGEST,
        pattern="^[!-~]*$",
        description="A key of the request's own, such as a UUID. Sent again with it, the request is not carried out "
        f"again but answered alike, with {REPLAYED}: true.",
    ),
]


class Endpoint(APIRoute):
    """A route of the API."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's hook: wraps what it does."""
        handle = super().get_route_handler()
        known = {field.alias for field in self.dependant.query_params}
        takes_body, needs_body = (
            self.body_field is not None,
            bool(self.body_field and self.body_field.field_info.is_required()),
        )

        async def asked(request: Request) -> Response:
            request.state.claims = sessions.bearer(request)
            _check_query(request, known)
            raw = await request.body()
            if raw and not takes_body:
                raise InputError("This takes no body.", http_status=400)
            if raw:
                _check_type(request)
                request = _Parsed(request, read_json(raw))
            elif needs_body:
                raise InputError("A body is required.", "Send a JSON object as application/json.")
            return await handle(request)

        return asked


class _Parsed(Request):
    """A request whose body was read and parsed."""

    def __init__(self, request: Request, body: object) -> None:
        super().__init__(request.scope, request.receive)
        self._body, self._parsed = b"{}", body

    async def json(self) -> object:
        return self._parsed


def _check_query(request: Request, known: set[str]) -> None:
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in known:
            hint = f"Known are {', '.join(sorted(known))}." if known else "This takes none."
            raise InputError("There is no such parameter.", hint, field=_shown(name))
        if name in seen:
            raise InputError(f"{name} is given twice.", "Give it once.", field=name)
        if "\0" in value:
            raise InputError(f"{name} has a character in it that no text has (NUL).", field=name)
        seen.add(name)


def _shown(name: str) -> str:
    return ascii(name[:100])[1:-1]


def _check_type(request: Request) -> None:
    kind, *parameters = request.headers.get("Content-Type", "").lower().split(";")
    charset = next((one.split("=")[1].strip(' "') for one in parameters if one.strip().startswith("charset=")), "utf-8")
    if not _JSON_TYPE.fullmatch(kind.strip()) or charset not in ("utf-8", "utf8", "us-ascii"):
        raise InputError("The body is not said to be JSON.", "Send it as application/json, in UTF-8.", http_status=415)


def read_json(raw: bytes) -> object:
    """Read a body.

    Argument: its bytes. Result: what they say, fractions as Decimal. Raises InputError for what is no JSON in UTF-8,
    what JSON does not know (NaN), keys that stand twice, characters that no text in the database can have, and nesting
    without end.
    """
    try:
        parsed = json.loads(
            raw.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_object
        )
        _check_texts(parsed, 0)
    except UnicodeDecodeError:
        raise InputError("The body is not in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise InputError(
            f"The body is not JSON: line {error.lineno}, column {error.colno}.", "Send a JSON object."
        ) from None
    except (ValueError, ArithmeticError):
        # Of int() and Decimal(): more digits than they take.
        raise InputError("The body has a number in it that is out of all bounds.") from None
    except RecursionError:
        raise InputError("The body is nested too deeply.") from None
    return parsed


def _refuse_constant(name: str) -> object:
    raise InputError(f"The body has {name} in it, which is not JSON.")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise InputError("A field is given twice.", "Give it once.", field=_shown(twice))
    return found


_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def _check_texts(value: object, depth: int, field: str | None = None) -> None:
    if depth > _DEEPEST:
        raise InputError("The body is nested too deeply.", field=field)
    if isinstance(value, str):
        if _UNWRITABLE.search(value):
            raise InputError("A text has a character in it that no text has (NUL, or half a character).", field=field)
    elif isinstance(value, dict):
        for name, one in value.items():
            _check_texts(name, depth + 1, field)
            _check_texts(one, depth + 1, _shown(name) if field is None else field)
    elif isinstance(value, list):
        for one in value:
            _check_texts(one, depth + 1, field)


async def read(request: Request, claims: Claims, function: str, arguments: Mapping[str, object]) -> bytes:
    """Ask. Arguments: the request; who asks; the function and its arguments. Result: JSON. Raises TrustCartError."""
    return await request.app.state.database.call(claims, function, arguments)


async def act(
    request: Request, claims: Claims, function: str, arguments: Mapping[str, object], status: int = 201
) -> Response:
    """Have something done, once for each Idempotency-Key.

    Arguments: the request; who asks; the function and its arguments; the status of a first answer. Result: the answer,
    marked when it is an earlier one. Raises TrustCartError.
    """
    database = request.app.state.database
    keys = request.headers.getlist(HEADER)
    if len(keys) > 1:
        raise InputError(f"{HEADER} is given twice.", "Give it once.", field=HEADER)
    if not keys:
        return Response(await database.call(claims, function, arguments), status, media_type=JSON)
    endpoint = f"{request.method} {request.scope['route'].path}"
    body, status, is_replay = await database.call_once(
        claims, function, arguments, once(keys[0], claims.user_id, endpoint, function, arguments), status
    )
    return Response(body, status, {REPLAYED: "true"} if is_replay else None, media_type=JSON)


def with_etag(request: Request, body: bytes) -> Response:
    """An answer that need not be sent again while it is the same. Arguments: the request; the body. Result: it, or
    304."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # Kept by whoever asked for it and nobody between, and never used without asking: what changed, or may no longer be
    # seen, is not shown.
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=JSON, headers=headers)


def with_next(request: Request, body: bytes, limit: int, sorted_by: str) -> Response:
    """A page of a list, with the address of the next one (RFC 8288) unless it is the last.

    Arguments: the request; the page; how long it may be; the field that it is sorted by. Result: the answer.
    """
    # Numbers as they stand there: the cursor repeats them.
    rows = json.loads(body, parse_int=str, parse_float=str)
    headers = {}
    if len(rows) >= limit:
        after = f"{rows[-1][sorted_by] or ''}_{rows[-1]['customer_id']}"
        kept = [(name, value) for name, value in request.query_params.items() if name not in ("after", "offset")]
        headers["Link"] = f'<{request.url.path}?{urlencode([*kept, ("after", after)])}>; rel="next"'
    return Response(body, media_type=JSON, headers=headers)


#: What the answer of a long list has, for `documented`.
NEXT = {"Link": {"description": 'The next page: rel="next". Not there on the last.', "schema": {"type": "string"}}}


def documented(status: int, shape: object, *more: int, **extra: object) -> dict[int | str, dict[str, Any]]:
    """The answers of an endpoint for /openapi.json.

    Arguments: the status and shape of success; the statuses that it has beyond those that any request can get; more of
    the success's entry, such as headers. Result: FastAPI's `responses`.
    """
    refused = {
        one: {"description": _REFUSALS[one], "content": {PROBLEM: {"schema": {"$ref": _PROBLEM}}}}
        for one in sorted({*_ANY, *more})
    }
    return {status: {"model": shape, "description": "Done." if status == 201 else "The answer.", **extra}, **refused}


_PROBLEM = f"#/components/schemas/{Problem.__name__}"


def writes(status: int, shape: object, *more: int) -> dict[str, Any]:
    """Options of a route that has something done: status and shape of success; further statuses that it can have."""
    replayed = {
        REPLAYED: {
            "description": "true: this is what an earlier request of this key was answered.",
            "schema": {"type": "string"},
        }
    }
    return {
        "status_code": status,
        "responses": documented(status, shape, 404, 409, 413, 415, 422, *more, headers=replayed),
        "dependencies": [Depends(_idempotency_key)],
    }


async def _idempotency_key(key: IdempotencyKey = None) -> None:
    """Its form is looked at here as well, so that it is documented."""
