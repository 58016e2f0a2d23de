"""What every answer says of itself, and who may ask from where: headers, other sites (CORS)."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: No script, style or frame but our own files.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"cross-origin-opener-policy": b"same-origin",
    # Personal, nearly all of it; what may be kept says so itself.
    b"cache-control": b"no-store",
}
_BY_TLS_ALONE = {**_HEADERS, b"strict-transport-security": b"max-age=31536000"}


class Headers:
    """What every answer says, unless it says otherwise itself: no script but ours, and that nothing is kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ours = _BY_TLS_ALONE if scope["scheme"] == "https" else _HEADERS

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in ours.items() if header[0] not in given),
                ]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class OtherSites:
    """CORS for the API alone: scripts of these origins may ask, with a token and never with the cookie."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...], prefixes: tuple[str, ...]) -> None:
        self.app = app
        self._prefixes = prefixes
        self._open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST", "PUT"),
            allow_headers=("Authorization", "Content-Type", "Idempotency-Key", "If-None-Match"),
            expose_headers=("ETag", "Link", "Retry-After", "Idempotency-Replayed"),
            allow_credentials=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = scope["type"] == "http" and scope["path"].startswith(self._prefixes)
        await (self._open if is_open else self.app)(scope, receive, send)
