"""SMS by the HTTP request that a gateway documents: every part of it is configured."""

from __future__ import annotations

import re

from trustcart_db.delivery.config import Table
from trustcart_db.delivery.http import Exchange, at_path, check_url, failure_of, json_of
from trustcart_db.delivery.message import NO_NUMBER, Message, Outcome, is_number, masked
from trustcart_db.errors import UsageError

#: How gateways want +8801712345678 written.
_FORMATS = {
    "8801": lambda address: address.lstrip("+"),
    "+8801": lambda address: address,
    "01": lambda address: "0" + address[4:] if address.startswith("+880") else address.lstrip("+"),
}
_METHODS = ("GET", "POST", "PUT")
_BODIES = ("form", "json")


class SmsTransport:
    """A configured request; accepted when status, and what is configured beyond it, say so."""

    def __init__(self, table: Table) -> None:
        self.concurrency = table.concurrency
        self._url = check_url(table.text("url"), f"{table.where} url")
        self._method = table.text("method", "POST").upper()
        form = table.text("number_format", "8801")
        if self._method not in _METHODS:
            raise UsageError(f"{table.where}: method = {self._method!r} is unknown.", f"Known: {', '.join(_METHODS)}.")
        if form not in _FORMATS:
            raise UsageError(f"{table.where}: number_format = {form!r} is unknown.", f"Known: {', '.join(_FORMATS)}.")
        self._number = _FORMATS[form]
        self._headers = table.templates("headers")
        self._query = table.templates("query")
        self._bodies = {name: table.templates(name) for name in _BODIES if table.has(name)}
        if len(self._bodies) > 1:
            raise UsageError(f"{table.where} has both form and json.", "A request has one body.")
        if not any("{to}" in str(part) for part in (self._query, self._bodies)):
            raise UsageError(f"{table.where} sends no {{to}}.", "Say in query, form or json which field is the number.")
        success = table.table("success")
        self._success_path = self._success_pattern = None
        if success is not None:
            self._success_path = success.text("path", "") or None
            self._success_pattern = _pattern(success.text("pattern"), success.where)
            success.check_all_used()
        temporary = table.text("temporary_pattern", "")
        self._temporary_pattern = _pattern(temporary, table.where) if temporary else None
        self._id_path = table.text("id_path", "") or None
        self._error_path = table.text("error_path", "") or None
        self._exchange = Exchange(table.timeout, table.concurrency)

    def send(self, message: Message) -> Outcome:
        """Send the request for a message."""
        if not is_number(message.address):
            return NO_NUMBER
        values = {"to": self._number(message.address), "text": message.body, "key": message.key}
        request: dict[str, object] = {
            "data" if name == "form" else "json": _filled(part, values) for name, part in self._bodies.items()
        }
        if self._query:
            request["params"] = _filled(self._query, values)
        headers = {"Idempotency-Key": message.key, **_filled(self._headers, values)}
        response = self._exchange(message, self._method, self._url, headers=headers, **request)
        if isinstance(response, Outcome):
            return response
        answer = json_of(response)
        error = masked(at_path(answer, self._error_path) or "", message) if self._error_path else None
        if not response.is_success:
            return failure_of(response, "The SMS gateway", error)
        status = str(response.status_code)
        if self._success_pattern is not None:
            said = at_path(answer, self._success_path) if self._success_path else response.text
            if isinstance(said, bool):
                said = str(said).lower()
            if said is None or not self._success_pattern.search(str(said)):
                # Many gateways answer 200 to everything.
                kind = "permanent"
                if said is None or (self._temporary_pattern and self._temporary_pattern.search(response.text)):
                    kind = "temporary"
                return Outcome(kind, None, status, error or masked(f"not a success: {str(said)[:60]}", message))
        provider_id = at_path(answer, self._id_path) if self._id_path else None
        return Outcome("accepted", None if provider_id is None else str(provider_id), status)

    def close(self) -> None:
        """The client is shared; it ends with the process."""


def _pattern(text: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise UsageError(f"{where}: {text!r} is no regular expression: {error}.") from None


def _filled(part: object, values: dict[str, str]) -> object:
    """A nested structure with {to}, {text} and {key} filled in; in one pass, so that a text with braces stays."""
    if isinstance(part, str):
        return re.sub(r"\{(to|text|key)\}", lambda found: values[found[1]], part)
    if isinstance(part, dict):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    return part
