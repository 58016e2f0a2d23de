"""What the API is, for programs (/openapi.json) and for people (/docs)."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from trustcart_db import __version__
from trustcart_db.web.endpoints.fields import MOST_ID
from trustcart_db.web.endpoints.shapes import Problem, UpdatedTask
from trustcart_db.web.rendering import render

_DESCRIPTION = """\
The HTTP face of TrustCart DB. Each request is one call of one function of the schema `trustcart_api`, as the user of
the token: what may be seen and done, the database decides.

- Refusals are problems (RFC 9457); `code` is the SQLSTATE of the README's table of errors, `field` what it is about.
- POST and PUT take an `Idempotency-Key`: sent again, a request is carried out once and answered alike.
- Parameters and fields that are not named here are refused.
"""
_METHODS = ("get", "post", "put")


def install(app: FastAPI) -> None:
    """Serve /openapi.json and /docs. Argument: the app, with its endpoints."""
    app.openapi = lambda: _made(app)
    app.add_api_route("/docs", _docs, include_in_schema=False)


def _made(app: FastAPI) -> dict:
    if app.openapi_schema is None:
        whole = get_openapi(
            title="TrustCart CDM & CRM", version=__version__, description=_DESCRIPTION, routes=app.routes
        )
        components = whole["components"]["schemas"]
        # Problem is named by no route; of the other FastAPI would leave the nulls out of its example.
        for shape in (Problem, UpdatedTask):
            components[shape.__name__] = shape.model_json_schema()
        for name in ("HTTPValidationError", "ValidationError"):
            components.pop(name, None)
        for path in whole["paths"].values():
            for method in _METHODS:
                if method in path:
                    _mend(path[method])
        _exact(whole)
        app.openapi_schema = whole
    return app.openapi_schema


def _mend(operation: dict) -> None:
    """What FastAPI says by itself and is not so here."""
    refusal = operation["responses"].get("422", {}).get("content", {})
    if "HTTPValidationError" in str(refusal):
        # What is malformed is answered with 400.
        del operation["responses"]["422"]
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        for said_already in ("title", "description"):
            schema.pop(said_already, None)
        # A parameter is there or not, and never null.
        if "anyOf" in schema:
            (only,) = (one for one in schema.pop("anyOf") if one != {"type": "null"})
            schema |= only


def _exact(part: object) -> None:
    """Bounds of whole numbers, which FastAPI makes floats of: beyond 2**53 they would be others."""
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _exact(value)
    if isinstance(part, dict):
        for name in ("minimum", "maximum"):
            if isinstance(part.get(name), float) and part[name].is_integer():
                part[name] = min(int(part[name]), MOST_ID)


async def _docs(request: Request) -> Response:
    """The API, to read and to try out."""
    return render(request, "docs.html", {})
