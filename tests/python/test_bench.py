"""The benchmark runs: every row comes out. What the numbers are is no test's business."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from bench.__main__ import ROWS
from bench.growth.report import slope
from bench.growth.rows import ROWS as GROWTH
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
    *("GET 360 over HTTP", "first byte of each page", "idle pages of", "GET 360 through PgBouncer"),
    *("adopting a host with", "the same: memory, against", "one order of the host", "the same: added at the median"),
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


def test_a_quick_run_of_growth_measures_every_row_and_draws_it(major, tmp_path):
    if major != 18:
        pytest.skip("that everything is measured depends on no version")
    document = tmp_path / "scale.md"
    document.write_text(
        "Before\n<!-- growth: begin -->\nwhat was there\n<!-- growth: end -->\nAfter\n", encoding="utf-8"
    )
    command = [
        sys.executable,
        "-m",
        "bench.growth",
        "--quick",
        "--agents",
        "20",
        "--pg",
        str(major),
        "--into",
        document,
    ]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment(), capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    text = document.read_text(encoding="utf-8")
    assert text.startswith("Before\n")
    assert text.endswith("\nAfter\n")
    assert "what was there" not in text
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ") and " <= " in line]
    assert {row[0] for row in rows} == {row.label.format(imported=200) for row in GROWTH.values() if row.goal}
    assert {len(row) for row in rows} == {7}
    assert all(float(row[4]) < 5 for row in rows)
    curves = ElementTree.fromstring((tmp_path / "growth.svg").read_text(encoding="utf-8"))
    drawn = curves.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert len(drawn) == sum(row.group != "locks" for row in GROWTH.values())


def test_a_slope_is_that_of_the_line_on_logarithmic_axes():
    assert slope({10: 7.0, 100: 7.0}) == 0
    assert slope({10: 1.0, 100: 10.0, 1000: 100.0}) == pytest.approx(1)
    assert slope({1000: 4.0, 4000: 8.0}) == pytest.approx(0.5)


@pytest.mark.parametrize("name", sorted(REPAIRS))
def test_the_guides_sql_is_repaired_only_where_it_does_not_run(name):
    printed = (REPOSITORY / "bench" / "guide" / f"{name}.sql").read_text(encoding="utf-8")
    before, after = REPAIRS[name]
    assert statement(name) == printed.replace(before, after) != printed
