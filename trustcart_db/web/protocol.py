"""How requests arrive: uvicorn's protocol, with bounds that it has not: how long a head may be, how long head and body
may take, how many sockets are open; and a client that goes away ends what was being read for it."""

from __future__ import annotations

import asyncio
import http
import json

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from trustcart_db.web.config import Limits

#: In the scope: the task that answers, and whether the client is gone.
TASK, GONE = "trustcart.task", "trustcart.gone"


def make_protocol(limits: Limits) -> type[HttpToolsProtocol]:
    """The protocol of a server. Argument: limits. Result: the class that uvicorn makes one of for each connection."""

    class Protocol(_Bounded):
        """Bounded by the server's limits."""

    Protocol.limits = limits
    return Protocol


class _Bounded(HttpToolsProtocol):
    limits: Limits

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)
        self._deadline: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._in_head = True
        self._refusal = (http.HTTPStatus.BAD_REQUEST, "This is no HTTP request.")

    def connection_made(self, transport: asyncio.Transport) -> None:
        """A client has come."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.sockets:
            self._refuse(http.HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections are open.")
        else:
            self._expect("The head of the request did not arrive in time.")

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone, or was sent away. What only reads for it ends; what changes something is carried out."""
        self._expect(None)
        cycle = self.cycle
        super().connection_lost(exc)
        if cycle is not None and not cycle.response_complete and cycle.scope.get("method") in ("GET", "HEAD"):
            cycle.scope[GONE] = True
            if (task := cycle.scope.get(TASK)) is not None:
                task.cancel()

    def data_received(self, data: bytes) -> None:
        """Some bytes have come."""
        if self._in_head:
            self._head_bytes += len(data)
            if self._deadline is None:
                self._expect("The head of the request did not arrive in time.")
        super().data_received(data)
        if self._in_head and self._head_bytes > self.limits.head_bytes and not self.transport.is_closing():
            self._refuse(http.HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """A head is whole."""
        # Another one may have come in the same piece.
        length = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if length > self.limits.head_bytes:
            self._refusal = (
                http.HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                "The head of the request is too long.",
            )
            raise ValueError
        super().on_headers_complete()
        self._in_head, self._head_bytes = False, 0
        self._expect("The body of the request did not arrive in time.")

    def on_message_complete(self) -> None:
        """A request is whole."""
        super().on_message_complete()
        self._in_head = True
        self._expect(None)

    def send_400_response(self, msg: str) -> None:
        """What was sent is no request; the name is uvicorn's."""
        self._refuse(*self._refusal)

    def _expect(self, otherwise: str | None) -> None:
        """Something must come in time, or nothing need come (None)."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None
        if otherwise is not None:
            self._deadline = self.loop.call_later(
                self.limits.receive_seconds, self._refuse, http.HTTPStatus.REQUEST_TIMEOUT, otherwise
            )

    def _refuse(self, status: http.HTTPStatus, detail: str) -> None:
        """Answer where nothing is being answered, and close."""
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
            body = json.dumps(problem).encode()
            retry = b"retry-after: 5\r\n" if status == http.HTTPStatus.SERVICE_UNAVAILABLE else b""
            self.transport.write(
                STATUS_LINE[status]
                + b"content-type: application/problem+json\r\ncache-control: no-store\r\n"
                + retry
                # What is left of an answer in progress must not follow this one.
                + b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body)
                + body
            )
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()
