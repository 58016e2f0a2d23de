"""The guide, and the real orders that the tests are measured against: they lie beside the checkout, not in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_SHARED = Path(os.environ.get("TRUSTCART_SHARED") or Path(__file__).parents[3] / "shared")


def guide() -> str:
    """The text of the guide (TRUSTCART_SHARED, else ../shared); empty where it is absent, fails in CI."""
    path = _SHARED / "guide.md"
    if not path.exists() and os.environ.get("CI"):
        raise FileNotFoundError("the guide is not beside the checkout: set TRUSTCART_SHARED to its folder")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def cdnow_sample() -> Path:
    """The CSV of CDNOW's customers (TRUSTCART_SHARED, else ../shared). Skips where it is absent, fails in CI."""
    path = _SHARED / "data" / "cdnow_sample.csv"
    if not path.exists():
        message = "the sample of real orders is not beside the checkout: set TRUSTCART_SHARED to its folder"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return path
