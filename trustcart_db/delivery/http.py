"""What the transports over HTTP share: the client, what an answer means, how long to wait."""

from __future__ import annotations

import email.utils
import logging
import time
from datetime import timezone
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from trustcart_db.delivery.config import SECRET
from trustcart_db.delivery.message import ChannelError, Message, Outcome, masked
from trustcart_db.errors import MissingError, UsageError

if TYPE_CHECKING:
    import httpx

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Answers that say the request itself is wrong, for every message alike.
_OF_THE_CHANNEL = {
    301: "it answers with a redirect",
    302: "it answers with a redirect",
    303: "it answers with a redirect",
    307: "it answers with a redirect",
    308: "it answers with a redirect",
    401: "it refuses the credentials",
    403: "it refuses the credentials",
    404: "there is nothing at its address",
    405: "its address does not take this method",
    407: "a proxy asks for credentials",
}
_TEMPORARY = (408, 425, 429)


def check_url(url: str, where: str) -> str:
    """An address of a provider. Raises UsageError when it is none, holds a password, or has no TLS over a network."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{where}: {parts.scheme or 'this'!r} is no address of HTTP.", "Write https://host/path.")
    if parts.password or parts.username:
        raise UsageError(
            f"{where} holds a user or password.",
            "Send it as a header with {env:NAME}, NAME being in the environment.",
        )
    if any(SECRET.search(name) for name, _ in parse_qsl(parts.query)):
        raise UsageError(f"{where} holds a secret.", "Write it under query, as {env:NAME}.")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise UsageError(f"{where} has no TLS, except to this machine itself that is refused.", "Write https://…")
    return url


def make_client(timeout: float, concurrency: int) -> httpx.Client:
    """A client with its limits; it follows no redirects. Raises MissingError when httpx is not installed."""
    try:
        import httpx
    except ImportError:
        raise MissingError(
            "httpx is not installed, which sends messages over HTTP.",
            "Install it with: pip install 'trustcart-db[deliver]'",
        ) from None
    # It would log whole URLs, which may hold a number.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    return httpx.Client(timeout=timeout, limits=limits, follow_redirects=False)


class Exchange:
    """Sends requests and bounds how long each may take in all, however slowly an answer drips."""

    _MOST_BYTES = 1_000_000

    def __init__(self, timeout: float, concurrency: int) -> None:
        self.timeout = timeout
        self._client = make_client(timeout, concurrency)

    def __call__(self, message: Message, method: str, url: str, **request: object) -> httpx.Response | Outcome:
        """The answer, read; or, when none came, the Outcome. Raises ChannelError for a certificate that is wrong."""
        import httpx

        deadline = time.monotonic() + self.timeout
        try:
            with self._client.stream(method, url, **request) as response:
                content = bytearray()
                for chunk in response.iter_raw():
                    content += chunk
                    if time.monotonic() > deadline or len(content) > self._MOST_BYTES:
                        return Outcome("temporary", None, "timeout", "the answer did not end")
                decoded = _decoded(response, bytes(content))
                return httpx.Response(response.status_code, headers=_without_encoding(response), content=decoded)
        except httpx.TimeoutException:
            return Outcome("temporary", None, "timeout", f"no answer within {self.timeout:g} s")
        except httpx.ConnectError as error:
            if "certificate" in str(error).lower():
                raise ChannelError("The provider's certificate is not trusted.", str(error)) from None
            return Outcome("temporary", None, "no connection", masked(error, message))
        except httpx.HTTPError as error:
            return Outcome("temporary", None, "broken connection", masked(type(error).__name__, message))

    def close(self) -> None:
        """End its connections."""
        self._client.close()


def _without_encoding(response: httpx.Response) -> dict[str, str]:
    dropped = ("content-encoding", "content-length", "transfer-encoding")
    return {name: value for name, value in response.headers.items() if name.lower() not in dropped}


def _decoded(response: httpx.Response, content: bytes) -> bytes:
    import zlib

    if response.headers.get("content-encoding", "").lower() in ("gzip", "deflate"):
        try:
            return zlib.decompressobj(47).decompress(content, Exchange._MOST_BYTES)
        except zlib.error:
            return b""
    return content


def failure_of(response: httpx.Response, who: str, error: str | None = None) -> Outcome:
    """What an answer other than a success means. Raises ChannelError where no other message would fare better."""
    status = response.status_code
    if status in _OF_THE_CHANNEL:
        raise ChannelError(f"{who} answers {status}: {_OF_THE_CHANNEL[status]}.", error or None)
    if status in _TEMPORARY or status >= 500:
        return Outcome("temporary", None, str(status), error, retry_after_of(response))
    return Outcome("permanent", None, str(status), error)


def retry_after_of(response: httpx.Response) -> float | None:
    """Seconds of a Retry-After header, in either of its forms; None without one that makes sense."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, moment.timestamp() - time.time())


def json_of(response: httpx.Response) -> object:
    """The JSON of an answer, or None."""
    try:
        return response.json()
    except ValueError:
        return None


def at_path(document: object, path: str) -> object:
    """What stands in JSON at a path such as `messages.0.id`; None where there is nothing."""
    for step in path.split("."):
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and step.isdigit() and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document
