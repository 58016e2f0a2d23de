"""The benchmark runs: every row comes out. What the numbers are is no test's business."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.__main__ import ROWS
from bench.guide import REPAIRS, statement
from tests.python.conftest import REPOSITORY, environment

_NAMES = (
    *("360° of a median customer", "360° of a heavy one", "first page of VIPs", "one order, all triggers on, 1 client"),
    *("one order, all triggers on, 4 clients", "orders in one COPY", "daily refresh on a day", "the same: WAL"),
    *("day's generation", "the same: in all", "the same: run again", "agent_performance_dashboard", "detect_dropoffs"),
    *("plan + generate + assign", "claim_next_call, 8 sessions", "backtest of"),
    *("one interaction, all triggers on", "importing 10,000 orders", "the same: the client's memory"),
    *("live count of a saved segment", "freeze an audience", "deliver, 4 workers"),
    *("recommendations for one customer", "the daily co-purchase refresh"),
    *("GET 360 over HTTP", "first byte of each page", "idle pages of"),
)


def test_a_quick_run_measures_every_row(major):
    command = [sys.executable, "-m", "bench", "--quick", "--pg", str(major)]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment(), capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")]
    assert {len(row) for row in rows} == {6}
    for name in _NAMES:
        assert any(name in row[0] for row in rows), name
    assert all(row[5] in ("reached", "yes", "**no**", "–", "up to 1,000 customers") for row in rows)
    assert all(f"{name} …" in done.stderr for name in ROWS)
    assert "checkpoint(s) happened" not in done.stdout


@pytest.mark.parametrize("name", sorted(REPAIRS))
def test_the_guides_sql_is_repaired_only_where_it_does_not_run(name):
    printed = (REPOSITORY / "bench" / "guide" / f"{name}.sql").read_text(encoding="utf-8")
    before, after = REPAIRS[name]
    assert statement(name) == printed.replace(before, after) != printed
