"""Which transport serves which channel: a TOML file that names environment variables for secrets, and holds none."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from trustcart_db.delivery.message import Transport
from trustcart_db.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CHANNELS = ("sms", "whatsapp", "email", "push")
ENVIRONMENT = "TRUSTCART_DELIVERY_CONFIG"
_TRANSPORTS = {
    "sms": ("sms", "outbox"),
    "whatsapp": ("whatsapp", "outbox"),
    "email": ("smtp", "outbox"),
    "push": ("outbox",),
}
#: Names under which people write secrets down.
SECRET = re.compile(r"pass(word|wd|phrase)?$|secret|token|api.?key|apikey|^auth(orization|_key)?$|credential", re.I)
_FROM_ENVIRONMENT = re.compile(r"\{env:([A-Za-z_][A-Za-z0-9_]*)\}")
_MOST_TIMEOUT = 60


class Table:
    """A table of the file: its values by type, each with a clear UsageError when it is not what it should be."""

    def __init__(self, where: str, values: Mapping[str, object]) -> None:
        self.where = where
        self._values = values
        self._used: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether there is such a value."""
        return name in self._values

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required without a default."""
        value = self._get(name, default)
        if not isinstance(value, str) or (not value and default is None):
            raise UsageError(f"{self.where} needs {name}, a text.", f'Write {name} = "…" there.')
        return value

    def number(self, name: str, default: float, least: float, most: float) -> float:
        """A number within bounds."""
        value = self._get(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            raise UsageError(f"{self.where}: {name} is a number from {least:g} to {most:g}.")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self._get(name, default)
        if not isinstance(value, bool):
            raise UsageError(f"{self.where}: {name} is true or false.")
        return value

    def table(self, name: str) -> Table | None:
        """A table inside this one, or None."""
        value = self._get(name, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise UsageError(f"{self.where}: {name} is a table.", f"Write [{self.where.strip('[]')}.{name}].")
        return Table(f"[{self.where.strip('[]')}.{name}]", value)

    def templates(self, name: str) -> dict[str, object]:
        """A table of texts, with {env:NAME} filled in from the environment; {} when there is none."""
        value = self._get(name, {})
        if not isinstance(value, dict):
            raise UsageError(f"{self.where}: {name} is a table.")
        return self._with_environment(value)

    def secret(self, name: str) -> str:
        """The secret in the environment variable that the file names; required."""
        return self._environment(self.text(name), name)

    @property
    def timeout(self) -> float:
        """Seconds that an attempt may take."""
        return self.number("timeout", 20, 0.1, _MOST_TIMEOUT)

    @property
    def concurrency(self) -> int:
        """Messages sent at once by one worker."""
        return int(self.number("concurrency", 8, 1, 64))

    def check_all_used(self) -> None:
        """Raises UsageError for a value that nothing asked for, such as a misspelt one."""
        unknown = sorted(set(self._values) - self._used)
        if unknown:
            raise UsageError(
                f"{self.where} has an unknown {unknown[0]}.", f"Known: {', '.join(sorted(self._used)) or 'nothing'}."
            )

    def _get(self, name: str, default: object) -> object:
        self._used.add(name)
        return self._values.get(name, default)

    def _environment(self, variable: str, name: str) -> str:
        value = os.environ.get(variable)
        if not value:
            raise UsageError(
                f"{self.where}: the environment variable {variable} is not set, which {name} names.",
                f"Set {variable} where the worker starts; secrets stand neither in the file nor in the database.",
            )
        return value

    def _with_environment(self, value: object) -> object:
        if isinstance(value, str):
            return _FROM_ENVIRONMENT.sub(lambda found: self._environment(found[1], found[0]), value)
        if isinstance(value, dict):
            return {name: self._with_environment(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._with_environment(one) for one in value]
        return value


def read_config(path: Path) -> dict[str, Table]:
    """Read the file. Result: {channel: its table}. Raises UsageError when it is malformed or holds a secret."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}.") from None
    for name, value in document.items():
        if name not in CHANNELS or not isinstance(value, dict):
            raise UsageError(
                f"{path} has {name}, which is no channel.", f"Its tables: {', '.join(f'[{one}]' for one in CHANNELS)}."
            )
        _refuse_secrets(f"[{name}]", value)
    return {name: Table(f"[{name}]", value) for name, value in document.items()}


def _refuse_secrets(where: str, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        if isinstance(value, dict):
            _refuse_secrets(f"[{where.strip('[]')}.{name}]", value)
        elif (
            isinstance(value, str)
            and not name.endswith("_env")
            and SECRET.search(name)
            and not _FROM_ENVIRONMENT.search(value)
        ):
            raise UsageError(
                f"{where} holds {name}: secrets do not belong into the file.",
                f'Put it into an environment variable and write its name: {name}_env = "NAME", '
                'or, in headers, query, form and json, "{env:NAME}".',
            )


def transport_of(channel: str, tables: Mapping[str, Table]) -> Transport:
    """The transport of a channel. Raises UsageError when none is configured, or wrongly."""
    if channel not in tables:
        raise UsageError(
            f"No transport is configured for {channel}.", f"Add a table [{channel}] to the file that --config names."
        )
    table = tables[channel]
    name = table.text("transport")
    if name not in _TRANSPORTS[channel]:
        raise UsageError(
            f"{table.where}: transport = {name!r} does not serve {channel}.",
            f"Known: {', '.join(_TRANSPORTS[channel])}.",
        )
    transport = _make(name, table)
    table.check_all_used()
    return transport


def _make(name: str, table: Table) -> Transport:
    # Each brings only what it needs: mail works without httpx.
    if name == "smtp":
        from trustcart_db.delivery.smtp import SmtpTransport

        return SmtpTransport(table)
    if name == "whatsapp":
        from trustcart_db.delivery.whatsapp import WhatsAppTransport

        return WhatsAppTransport(table)
    if name == "sms":
        from trustcart_db.delivery.sms import SmsTransport

        return SmsTransport(table)
    from trustcart_db.delivery.outbox import OutboxTransport

    return OutboxTransport(table)
