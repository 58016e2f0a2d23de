"""The real orders that the tests are measured against: data that lies beside the checkout, not in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def cdnow_sample() -> Path:
    """The CSV of CDNOW's customers (TRUSTCART_SHARED, else ../shared). Skips where it is absent, fails in CI."""
    shared = Path(os.environ.get("TRUSTCART_SHARED") or Path(__file__).parents[3] / "shared")
    path = shared / "data" / "cdnow_sample.csv"
    if not path.exists():
        message = "the sample of real orders is not beside the checkout: set TRUSTCART_SHARED to its folder"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return path
