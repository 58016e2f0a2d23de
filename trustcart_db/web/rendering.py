"""Pages from templates: languages, numbers, money and dates as the shop's people write them."""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.responses import HTMLResponse

from trustcart_db.web import sessions

LANGUAGES = {"en": "English", "bn": "বাংলা"}
LANGUAGE_COOKIE = "trustcart_language"
#: Thousands, then lakh and crore, as in South Asia.
_GROUPING = "#,##,##0"
# Babel writes dates in Latin digits.
_DIGITS = {"bn": str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")}
# As one says it: সকাল ১০:৩০.
_CLOCKS = {"bn": "B h:mm"}
_CLOCK = "h:mm a"

STATIC = Path(str(resources.files("trustcart_db.web"))) / "static"


def language_of(request: Request) -> str:
    """The language of the pages: the switch's cookie, else English. Argument: the request. Result: en or bn."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else "en"


def render(
    request: Request, template: str, context: Mapping[str, object], *, status: int = 200, headers: dict | None = None
) -> HTMLResponse:
    """Render a page or fragment.

    Arguments: the request; the template's name; what it shows (usually the answer of the page's function, with its
    `frame`); status; headers. Result: the answer. Raises jinja2.TemplateError.
    """
    language = language_of(request)
    page = environment(language).get_template(template)
    whole = {
        "frame": None,
        "done": request.query_params.get("done"),
        **context,
        "request": request,
        "path": request.url.path,
        "language": language,
        "languages": LANGUAGES,
        "csrf_token": sessions.csrf_token(request),
    }
    response = HTMLResponse(page.render(whole), status, headers)
    sessions.keep_anonymous(request, response)
    return response


@functools.cache
def environment(language: str) -> Environment:
    """The templates in a language. Argument: en or bn. Result: the jinja2 environment, made once."""
    made = Environment(
        loader=PackageLoader("trustcart_db.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    catalog = _catalog(language)

    def gettext(message: str) -> str:
        return catalog.get(message, (message,))[0]

    def ngettext(singular: str, plural: str, number: int) -> str:
        forms = catalog.get(singular, (singular, plural))
        return forms[0] if number == 1 else forms[-1]

    made.install_gettext_callables(gettext, ngettext, newstyle=True)
    made.globals |= {
        "static": static_url,
        "csrf_field": _csrf_field,
        "once_field": _once_field,
        "number": functools.partial(_number, language),
        "money": functools.partial(_money, language),
        "percent": functools.partial(_percent, language),
        "date": functools.partial(_date, language),
        "instant": _instant,
        "clock": _clock,
        "share": _share,
        "nice_top": _nice_top,
    }
    return made


@functools.cache
def static_url(name: str) -> str:
    """The address of a file in static/, which changes with its content. Argument: its name. Raises OSError."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def _catalog(language: str) -> dict[str, tuple[str, ...]]:
    """The translations: one file a page, read as they are."""
    found: dict[str, tuple[str, ...]] = {}
    folder = Path(str(resources.files("trustcart_db.web"))) / "locales" / language
    for file in sorted(folder.glob("*.po")) if folder.is_dir() else ():
        with file.open("rb") as opened:
            for message in read_po(opened, locale=language):
                if message.id and message.string:
                    forms = message.string if isinstance(message.string, tuple) else (message.string,)
                    found[message.id[0] if isinstance(message.id, tuple) else message.id] = forms
    return found


@pass_context
def _csrf_field(context: Context) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(sessions.CSRF_FIELD, context["csrf_token"])


def _once_field() -> Markup:
    """A form sent twice is carried out once."""
    return Markup('<input type="hidden" name="idempotency_key" value="{}">').format(secrets.token_urlsafe(24))


def _number(language: str, value: Decimal | float | None, digits: int = 0) -> str:
    if value is None:
        return "–"
    pattern = _GROUPING + ("." + "#" * digits if digits else "")
    return _in_digits(language, format_decimal(value, format=pattern, locale=language))


def _money(language: str, value: Decimal | float | None, digits: int = 2) -> str:
    """Taka; with poisha where there are some, unless none are wanted."""
    if value is None:
        return "–"
    amount = round(Decimal(value), digits)
    pattern = _GROUPING if amount == int(amount) else _GROUPING + ".00"
    text = format_decimal(abs(amount), format=pattern, locale=language)
    return _in_digits(language, f"{'−' if amount < 0 else ''}৳{text}")


def _percent(language: str, value: Decimal | float | None, digits: int = 0) -> str:
    """Of 100: the database gives percents, not shares."""
    if value is None:
        return "–"
    pattern = "0" + ("." + "#" * digits if digits else "") + "%"
    return _in_digits(language, format_percent(Decimal(value) / 100, format=pattern, locale=language))


def _date(language: str, value: str | date | None, form: str = "d MMM y") -> str:
    if value is None:
        return "–"
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return _in_digits(language, format_date(day, format=form, locale=language))


@pass_context
def _instant(context: Context, value: str | None, form: str = f"d MMM y, {_CLOCK}") -> str:
    """An instant in the shop's own time zone. Argument: ISO 8601 with its offset."""
    if value is None:
        return "–"
    language = context["language"]
    zone = ZoneInfo(context["frame"]["time_zone"])
    at = datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(zone)
    form = form.replace(_CLOCK, _CLOCKS.get(language, _CLOCK))
    return _in_digits(language, format_datetime(at, format=form, locale=language))


@pass_context
def _clock(context: Context, value: str | None) -> str:
    return _instant(context, value, _CLOCK)


def _in_digits(language: str, text: str) -> str:
    return text.translate(_DIGITS[language]) if language in _DIGITS else text


def _share(value: Decimal | float | None, whole: Decimal | float) -> Decimal:
    """How much of a whole, in percent. For the geometry of charts: what is missing is nothing, nothing is negative."""
    if not value or not whole:
        return Decimal(0)
    return min(max(round(Decimal(value) / Decimal(whole) * 100, 2), Decimal(0)), Decimal(100))


def _nice_top(values: list[Decimal | float | None]) -> Decimal:
    """Where an axis that shows some values ends: a number that is easily read, as is its half."""
    most = max((Decimal(value) for value in values if value is not None), default=Decimal(0))
    if most <= 0:
        return Decimal(2)
    size = Decimal(10) ** most.adjusted()
    return next(
        size * step
        for step in (Decimal(1), Decimal(2), Decimal(4), Decimal(6), Decimal(8), Decimal(10))
        if size * step >= most
    )
