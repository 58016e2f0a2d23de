"""What all pages do: show what one function says, or have one function act and show the page again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from trustcart_db.errors import RefusedError, TrustCartError, UsageError
from trustcart_db.web import sessions
from trustcart_db.web.database import Database
from trustcart_db.web.idempotency import ANOTHER_REQUEST, once
from trustcart_db.web.rendering import render

#: bigint's.
_MOST = 2**63 - 1


async def ask(
    request: Request,
    function: str,
    arguments: Mapping[str, object] | None = None,
    *,
    seconds: float | None = None,
) -> object:
    """Call a function of trustcart_api as whoever is signed in, for as many seconds at most. Result: its answer,
    fractions as Decimal. Raises TrustCartError."""
    database: Database = request.app.state.database
    answer = await database.call(sessions.session(request), function, arguments or {}, seconds=seconds)
    return json.loads(answer, parse_float=Decimal)


async def show(
    request: Request, template: str, function: str, arguments: Mapping[str, object] | None = None, **context: object
) -> Response:
    """Show a page: the template gets all that the function answers, and the context. Raises TrustCartError."""
    return render(request, template, {**await ask(request, function, arguments), **context})


async def act(
    request: Request,
    form: Form,
    function: str,
    arguments: Mapping[str, object],
    *,
    then: str | Callable[[object], str],
) -> Response:
    """Carry out what a form asks for, once, and lead on.

    Arguments: the request; its form; the function and its arguments; where to go then, told by the answer where that is
    a function. Raises TrustCartError: the form stays, with the refusal beside it.
    """
    database: Database = request.app.state.database
    claims, key = sessions.session(request), form.text("idempotency_key")
    if key is None:
        answer = await database.call(claims, function, arguments)
    else:
        endpoint = f"{request.method} {request.scope['route'].path}"
        try:
            answer, _, _ = await database.call_once(
                claims,
                function,
                arguments,
                once(key, claims.user_id, endpoint, function, arguments),
                303,
            )
        except TrustCartError as error:
            if error.sqlstate != ANOTHER_REQUEST:
                raise
            raise RefusedError(
                "This form was sent already, with other words in it.",
                "Load the page again, see what is there now, and repeat what is missing.",
                sqlstate=error.sqlstate,
                http_status=error.http_status,
            ) from None
    return RedirectResponse(then if isinstance(then, str) else then(json.loads(answer)), 303)


class Form:
    """The fields of a form that is one of ours."""

    def __init__(self, fields: FormData) -> None:
        self._fields = fields

    def text(self, name: str) -> str | None:
        """A field without the blanks around it; None when it is empty or not there."""
        value = self._fields.get(name)
        return (value.strip() or None) if isinstance(value, str) else None

    def secret(self, name: str) -> str:
        """A password, exactly as typed; empty when it is not there."""
        value = self._fields.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """All values of a field that may stand several times."""
        return [value.strip() for value in self._fields.getlist(name) if isinstance(value, str) and value.strip()]

    def integer(self, name: str) -> int | None:
        """A whole number. Raises UsageError (400)."""
        return whole_number(self.text(name), name)

    def flag(self, name: str) -> bool:
        """A checkbox."""
        return self.text(name) is not None


async def read_form(request: Request) -> Form:
    """The form of a request. Raises RefusedError (403) when it is not from one of our pages."""
    fields = await request.form(max_files=0, max_fields=200)
    given = fields.get(sessions.CSRF_FIELD)
    sessions.check_csrf(request, given if isinstance(given, str) else None)
    return Form(fields)


def whole_number(value: str | None, name: str) -> int | None:
    """A whole number of an address or form. Arguments: its text; its name. Raises UsageError (400)."""
    if value is None or not value.strip():
        return None
    try:
        number = int(value)
    except ValueError:
        raise UsageError(f"{name} is not a whole number.") from None
    if abs(number) > _MOST:
        raise UsageError(f"{name} is out of bounds.")
    return number
