"""The languages of the pages: every text has its Bangla, none is left over, and numbers look as people write them."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from trustcart_db.web.rendering import environment

WEB = Path(__file__).parents[3] / "trustcart_db" / "web"
LOCALE = WEB / "locales" / "bn"
OPTIONS = {"extensions": "jinja2.ext.i18n,jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false", "newstyle": "true"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%|%")


def used_messages() -> dict[str, list[str]]:
    """Where each text stands: {text: [template:line, …]}; of singular and plural the singular."""
    found: dict[str, list[str]] = defaultdict(list)
    templates = extract_from_dir(
        WEB / "templates", [("**.html", "jinja2")], {"**.html": OPTIONS}, keywords={"_": None, "ngettext": (1, 2)}
    )
    for file, line, message, *_ in templates:
        found[message[0] if isinstance(message, tuple) else message].append(f"{file}:{line}")
    return found


def translated_messages() -> dict[str, dict[str, tuple[str, ...]]]:
    """What is translated: {text: {file: forms}}."""
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for file in sorted(LOCALE.glob("*.po")):
        with file.open("rb") as opened:
            for message in read_po(opened, locale="bn", abort_invalid=True):
                if not message.id:
                    continue
                assert not message.fuzzy, f"{file.name}: {message.id} is fuzzy"
                text = message.id[0] if isinstance(message.id, tuple) else message.id
                found[text][file.name] = message.string if isinstance(message.string, tuple) else (message.string,)
    return found


def test_every_text_has_its_bangla():
    translated = translated_messages()
    missing = [
        f"{places[0]}: {text!r}"
        for text, places in sorted(used_messages().items(), key=lambda one: one[1])
        if not all(form for forms in translated.get(text, {"": ("",)}).values() for form in forms)
    ]
    assert not missing, f"{len(missing)} texts have no Bangla:\n" + "\n".join(missing)


def test_no_bangla_is_left_over():
    used = used_messages()
    left = [f"{', '.join(files)}: {text!r}" for text, files in translated_messages().items() if text not in used]
    assert not left, f"{len(left)} texts are nowhere any more:\n" + "\n".join(left)


def test_a_text_is_translated_in_one_way():
    differing = {text: files for text, files in translated_messages().items() if len(set(files.values())) > 1}
    assert not differing


def test_placeholders_are_kept():
    wrong = []
    for file in sorted(LOCALE.glob("*.po")):
        with file.open("rb") as opened:
            messages = [message for message in read_po(opened, locale="bn") if message.id]
        for message in messages:
            texts = message.id if isinstance(message.id, tuple) else (message.id,)
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            wanted, found = (sorted(_PLACEHOLDER.findall(one[-1])) for one in (texts, forms))
            if found != wanted:
                wrong.append(f"{file.name}: {texts[-1]!r} → {forms[-1]!r}")
            # That of one may say the number in a word.
            wrong += [
                f"{file.name}: {texts[-1]!r} → {form!r}"
                for form in forms[:-1]
                if not set(_PLACEHOLDER.findall(form)) <= set(wanted)
            ]
    assert not wrong, "\n".join(wrong)


def test_the_bangla_is_bangla():
    """No text was copied: but for names, it has letters of the script."""
    names = {"CRM", "WhatsApp", "SMS"}
    latin = [
        f"{file}: {text!r}"
        for text, files in translated_messages().items()
        for file, forms in files.items()
        if text not in names
        and re.search(r"[A-Za-z]{3}", re.sub(r"%\(\w+\)s", "", text))
        and not all(re.search(r"[\u0980-\u09ff]", form) for form in forms)
    ]
    assert not latin, "\n".join(latin)


@pytest.mark.parametrize(
    ("expression", "english", "bangla"),
    [
        ("number(1234567)", "12,34,567", "১২,৩৪,৫৬৭"),
        ("number(0)", "0", "০"),
        ("number(none)", "–", "–"),
        ("number(12.345, 1)", "12.3", "১২.৩"),
        ("money(1234567)", "৳12,34,567", "৳১২,৩৪,৫৬৭"),
        ("money(1200.5)", "৳1,200.50", "৳১,২০০.৫০"),
        ("money(1200.5, 0)", "৳1,200", "৳১,২০০"),
        ("money(-50)", "−৳50", "−৳৫০"),
        ("percent(63.44, 1)", "63.4%", "৬৩.৪%"),
        ("percent(100)", "100%", "১০০%"),
        ("date('2025-12-19')", "19 Dec 2025", "১৯ ডিসে ২০২৫"),
        ("instant('2025-12-19T18:30:00Z')", "20 Dec 2025, 12:30 AM", "২০ ডিসে ২০২৫, রাত্রি ১২:৩০"),
        ("clock('2025-12-19T04:05:00Z')", "10:05 AM", "সকাল ১০:০৫"),
        ("clock(none)", "–", "–"),
    ],
)
def test_numbers_and_dates(expression, english, bangla):
    for language, expected in (("en", english), ("bn", bangla)):
        template = environment(language).from_string(f"{{{{ {expression} }}}}")
        assert template.render(language=language, frame={"time_zone": "Asia/Dhaka"}) == expected


@pytest.mark.parametrize(
    ("values", "top"),
    [([], 2), ([None, 0], 2), ([1], 1), ([7], 8), ([11], 20), ([45], 60), ([99], 100), ([100], 100), ([8730], 10000)],
)
def test_an_axis_ends_at_a_round_number(values, top):
    assert environment("en").globals["nice_top"](values) == top


def test_a_share_is_never_beyond_the_whole():
    share = environment("en").globals["share"]
    assert [share(1, 3), share(None, 3), share(5, 0), share(-1, 3), share(4, 3)] == [Decimal("33.33"), 0, 0, 0, 100]
