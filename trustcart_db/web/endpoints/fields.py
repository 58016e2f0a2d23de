"""The kinds of parameters and fields that the endpoints take: their form, as it stands in /openapi.json.

Only the form is looked at here. Which words a vocabulary has, and what goes together, the database decides; its enums
are repeated for the reader alone, and a test compares them.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

CUSTOMER_TYPES = ("new", "repeat", "vip", "inactive")
LIFECYCLE_STAGES = ("prospect", "new", "active", "at_risk", "churned")
TEMPERATURES = ("hot", "warm", "cold")
RISK_LEVELS = ("low", "medium", "high", "critical")
SORTS = ("lifetime_value", "last_order_date")
TASK_STATUSES = ("pending", "completed", "skipped", "expired", "cancelled", "carried", "all")
NEW_TASK_STATUSES = ("completed", "skipped", "pending")
CAMPAIGN_STATUSES = ("active", "scheduled", "ended", "inactive", "all")
CHANNELS = ("sms", "email", "whatsapp", "push")
TRIGGER_EVENTS = ("birthday", "at_risk", "cart_abandoned")
INTERACTION_TYPES = ("call", "whatsapp", "sms", "email", "visit")
DIRECTIONS = ("inbound", "outbound")
RESPONSES = ("positive", "negative", "no_response")

_DIGITS = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
#: bigint's.
MOST_ID = 2**63 - 1
#: Lengths that no honest text reaches: indexes cannot hold longer words, and a screen cannot show longer notes.
_WORD, _LINE, _TEXT = 100, 500, 10_000


def word(*known: str) -> object:
    """A word of a vocabulary of the database, or of none that is fixed. Argument: the words, for the reader."""
    schema: dict[str, object] = {"type": "string", "maxLength": _WORD}
    return Annotated[
        str, Field(max_length=_WORD), WithJsonSchema({**schema, **({"enum": list(known)} if known else {})})
    ]


def _of_digits(value: object) -> object:
    """Of a path or query: digits, and not all else that reads as a number ("1_000", "1.0")."""
    if isinstance(value, str):
        if not _DIGITS.fullmatch(value):
            raise ValueError("is not a whole number")
        return int(value)
    return value


def _whole(value: object) -> object:
    """Of JSON: 5.0 is 5 there."""
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 30 and value == value.to_integral():
        return int(value)
    return value


def _decimal(value: object) -> object:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) if is_whole else value


def _day(value: str) -> str:
    if not _DAY.fullmatch(value):
        raise ValueError("is not a date: write YYYY-MM-DD")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None
    return value


def whole(least: int, most: int) -> object:
    """A whole number of a body. Arguments: its bounds."""
    # The bounds stand first: what comes after a validator is not in the schema.
    return Annotated[int, Field(ge=least, le=most), BeforeValidator(_whole)]


def whole_parameter(least: int, most: int) -> object:
    """A whole number of a path or query. Arguments: its bounds."""
    return Annotated[int, Field(ge=least, le=most), BeforeValidator(_of_digits)]


Id = whole(1, MOST_ID)
#: The same of a path or query.
IdParameter = whole_parameter(1, MOST_ID)
Percentage = Annotated[
    Decimal,
    Field(ge=0, le=100, max_digits=20),
    BeforeValidator(_decimal),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}),
]
Day = Annotated[str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Word = Annotated[str, Field(max_length=_WORD)]
Line = Annotated[str, Field(max_length=_LINE)]
Text = Annotated[str, Field(max_length=_TEXT)]


class Body(BaseModel):
    """The body of a request: camelCase, each field of its own type, none but those named. Null is as good as absent."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True)

    def given(self) -> dict[str, object]:
        """Its fields as arguments of the function: without those that are not given."""
        return {name: value for name, value in self.model_dump().items() if value is not None}
