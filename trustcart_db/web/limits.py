"""What holds while a request is answered: how many at once, how long one may take, and what becomes of streams."""

from __future__ import annotations

import asyncio
import http

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trustcart_db.web import problems
from trustcart_db.web.config import Limits
from trustcart_db.web.pool import may_repeat
from trustcart_db.web.protocol import GONE, TASK

#: Answered however busy the server is: who is told otherwise would restart it.
_ALWAYS = ("/healthz", "/metrics")


class Bounded:
    """Around the app: answers 503 when too many requests are in progress and 504 when one takes too long, ends a
    request whose client is gone, and all streams when `end_streams` says so. A stream is neither counted nor timed."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self._limits = limits
        self.in_progress = 0
        self.streams: set[asyncio.Task] = set()
        self._is_stopping = False

    def end_streams(self) -> None:
        """End the streams, and those to come: the server stops."""
        self._is_stopping = True
        for task in self.streams:
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif self.in_progress >= self._limits.requests and scope["path"] not in _ALWAYS:
            request = Request(scope, receive)
            response = problems.problem(
                request, http.HTTPStatus.SERVICE_UNAVAILABLE, "Too many requests at once.", "Try again in a moment."
            )
            await response(scope, receive, send)
        elif self._is_too_long(scope):
            request = Request(scope, receive)
            response = problems.problem(
                request,
                http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "The body is too large.",
                f"Send {self._limits.body_bytes} bytes at most.",
            )
            await response(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    def _is_too_long(self, scope: Scope) -> bool:
        """Whether it says so itself: Starlette, which counts what comes, would not answer with a problem then."""
        length = Request(scope).headers.get("Content-Length", "")
        return length.isascii() and length.isdigit() and int(length[:20]) > self._limits.body_bytes

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        has_started = is_stream = is_late = False
        scope[TASK] = task
        may_repeat.set(scope["method"] in ("GET", "HEAD"))

        def give_up() -> None:
            nonlocal is_late
            is_late = True
            task.cancel()

        timer = loop.call_later(self._limits.answer_seconds, give_up)
        self.in_progress += 1

        async def watched(message: Message) -> None:
            nonlocal has_started, is_stream
            if message["type"] == "http.response.start":
                has_started = True
                if any(
                    name == b"content-type" and value.startswith(b"text/event-stream")
                    for name, value in message["headers"]
                ):
                    is_stream = True
                    timer.cancel()
                    self.in_progress -= 1
                    self.streams.add(task)
                    if self._is_stopping:
                        task.cancel()
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except asyncio.CancelledError:
            if not (is_late or is_stream or scope.get(GONE)):
                raise
            if hasattr(task, "uncancel"):
                task.uncancel()
            if is_late and not has_started:
                response = problems.problem(
                    Request(scope, receive),
                    http.HTTPStatus.GATEWAY_TIMEOUT,
                    f"This took longer than {self._limits.answer_seconds:g} seconds and was given up.",
                    "Ask for less, or try again later.",
                )
                await response(scope, receive, send)
            elif is_stream and not scope.get(GONE):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            timer.cancel()
            if is_stream:
                self.streams.discard(task)
            else:
                self.in_progress -= 1
