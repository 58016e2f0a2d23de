"""What the README repeats from elsewhere is what stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trustcart_db.errors import contract_for

ROOT = Path(__file__).parents[2]


def _table(path: Path, first: str) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(first))
    end = next(number for number, line in enumerate(lines[start:], start) if not line.startswith("|"))
    return lines[start:end]


def _errors() -> dict[str, tuple[int, int]]:
    """{SQLSTATE: its HTTP status and exit code} as the README has them."""
    found = {}
    for line in _table(ROOT / "README.md", "| SQLSTATE")[2:]:
        _, states, _, status, code, _ = line.split("|")
        found |= {state.strip(): (int(status), int(code)) for state in states.split(",")}
    return found


def test_the_bench_table_is_that_of_the_last_run() -> None:
    assert _table(ROOT / "README.md", "| work | the guide") == _table(ROOT / "docs" / "bench.md", "| work | the guide")


def test_every_sqlstate_that_is_raised_is_explained_and_no_other() -> None:
    raised = {
        state
        for folder, kind in (("sql", "sql"), ("migrations", "sql"), ("trustcart_db", "sql"), ("trustcart_db", "py"))
        for path in (ROOT / folder).rglob(f"*.{kind}")
        if path.name != "errors.py"  # which lists them all
        for state in re.findall(r"""['"](TC\d{3})['"]""", path.read_text(encoding="utf-8"))
    }
    # Raised and caught within one function, only to undo what it tried.
    assert sorted(_errors()) == sorted(raised - {"TC000"})


@pytest.mark.parametrize("state", sorted(_errors()))
def test_an_explained_sqlstate_has_the_status_and_exit_code_it_says(state: str) -> None:
    contract = contract_for(state)
    assert (contract.http_status, contract.exit_code) == _errors()[state]
