"""Masks of e-mail addresses and phone numbers, for logs and messages.

In SQL trustcart_private.mask_address() does the same; a test compares them. Source of the form: guide, "Data
Encryption" (john@example.com -> jo***@example.com).
"""

from __future__ import annotations

import re
from collections.abc import Callable

# A match begins only where a word does: tried from each of its letters, a long one without an @ would take for ever.
_EMAIL = re.compile(r"(?<![^\s<>\"'(),;=])[^\s<>\"'(),;=@]+@[^\s<>\"'(),;]+")
# Written as phone numbers are, with + or as a mobile of Bangladesh: ids and dates are digits too.
_PHONE = re.compile(r"(?<![\d+])(?:\+[1-9](?:[ -]?\d){6,14}|(?:00)?(?:88)?01[3-9]\d{8})(?!\d)")
_ROW = re.compile(r"Failing row contains \(.*\)\.?", re.S)


def mask_address(address: str) -> str:
    """An e-mail address or phone number, recognisable but not to be used: jo***@example.com, +88017***67.

    Argument: the address (the customer:<id> of a push message stays). Result: the mask. Never raises.
    """
    local, at, domain = address.rpartition("@")
    if at:
        return f"{local[:2]}***@{domain}"
    if address.startswith("customer:"):
        return address
    # Of a number without the code of its country six digits would leave three to guess.
    return f"{address[: 6 if address.startswith('+') and len(address) > 10 else 3]}***{address[-2:]}"


def mask_text(text: str, mask: Callable[[str], str] = mask_address) -> str:
    """A text with every e-mail address and phone number in it masked, and rows that Postgres quotes left out.

    Arguments: the text, what an address becomes. Result: the text. Never raises.
    """
    text = _ROW.sub("The row is not shown: it may hold personal data.", text)
    for pattern in (_EMAIL, _PHONE):
        text = pattern.sub(lambda found: mask(found[0]), text)
    return text
