"""What workers and transports say to each other: a message, and what became of it."""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from trustcart_db.errors import TrustCartError
from trustcart_db.masking import mask_text

_MOST_ERROR = 200
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class Message(NamedTuple):
    """A message in hand: a row of trustcart.claim_messages(). `key` is the same in every attempt."""

    id: int
    attempt: int
    key: str
    channel: str
    address: str
    subject: str | None
    body: str
    unsubscribe_url: str | None
    campaign_id: int
    customer_id: int


class Outcome(NamedTuple):
    """What became of an attempt: kind (accepted, temporary, permanent, or unsent: not tried), the provider's id of the
    message, its answer as a code, an error without address or body, seconds after which to try again."""

    kind: str
    provider_id: str | None = None
    status: str | None = None
    error: str | None = None
    retry_after: float | None = None


UNSENT = Outcome("unsent")


class ChannelError(TrustCartError):
    """The channel cannot work as it is configured, whatever the message: it stops, and its messages stay queued."""

    exit_code, http_status = 9, 500


class Transport(Protocol):
    """Hands messages to a provider.

    `concurrency` threads call `send` at once. It returns an Outcome within its timeout, or raises ChannelError when no
    message can go out; anything else it raises counts as a temporary failure. `close` ends the calling thread's
    connections.
    """

    concurrency: int

    def send(self, message: Message) -> Outcome:
        """Hand a message over."""
        ...

    def close(self) -> None:
        """End what the calling thread opened."""
        ...


NO_NUMBER = Outcome("permanent", None, "address", "not a phone number")


def is_number(address: str) -> bool:
    """Whether an address is a phone number in E.164."""
    return _NUMBER.fullmatch(address) is not None


def masked(text: object, message: Message) -> str:
    """An error of a provider, fit to be kept: without the address, other addresses and numbers, or the body.

    Arguments: the text; the message it is about. Result: one short line. Never raises.
    """
    line = " ".join(str(text).split())
    body = " ".join(message.body.split()) if message.body else ""
    if len(body) >= 8:
        line = line.replace(body, "…")
        if body[:40] in line or body[-40:] in line:
            return "(the provider repeated the message)"
    local, _, _ = message.address.partition("@")
    for part in (message.address, message.address.lstrip("+"), local):
        if len(part) >= 3:
            line = re.sub(re.escape(part), "…", line, flags=re.IGNORECASE)
    # Of a provider any long number may be somebody's.
    line = re.sub(r"\+?\d(?:[\s-]?\d){6,}", "…", mask_text(line, lambda _: "…"))
    return line[:_MOST_ERROR]


def storable(text: str | None, most: int) -> str | None:
    """What a provider says as the database takes it: no NUL, no half characters, at most so many. Never raises."""
    if text is None:
        return None
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")[:most]
