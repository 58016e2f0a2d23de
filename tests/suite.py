"""Everything CI runs: `python -m tests.suite [lint|schema|pgtap|pytest …]`, all of it without arguments.

Each step runs even when one before failed; the last line says which did.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.tools import system

REPOSITORY = Path(__file__).parents[1]
SQL = ("sql", "migrations", "trustcart_db/bootstrap.sql", "trustcart_db/import_steps")
STEPS = ("lint", "schema", "pgtap", "pytest")


def commands(step: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of one of STEPS, each with a title. Raises LookupError when a Postgres is missing."""
    python = [sys.executable, "-m"]
    if step == "lint":
        yield "ruff check", [*python, "ruff", "check", "."]
        yield "ruff format", [*python, "ruff", "format", "--check", "."]
        # Its worker processes end with a warning about themselves, which is none of ours.
        sqlfluff = [sys.executable, "-W", "ignore", "-m", "sqlfluff", "lint", "--disable-progress-bar"]
        yield "sqlfluff", [*sqlfluff, "--processes", "0", *SQL]
    elif step == "schema":
        yield "schema.sql", [*python, "trustcart_db.schema_dump", "--check", "schema.sql"]
    elif step == "pgtap":
        for major in system.majors():
            yield f"pgTAP on Postgres {major}", [*python, "tests.tools.pgtap", str(major)]
    elif step == "pytest":
        for major in system.majors():
            # Each worker of xdist has a server of its own; a file's tests stay together, since some share its fixtures.
            pytest = [*python, "pytest", "tests/python", "--quiet", "--numprocesses", "auto", "--dist", "loadfile"]
            # What is behind HTTP is the same SQL, which pgTAP proves on every version: its face is walked once.
            once = [] if major == max(system.majors()) else ["--ignore", "tests/python/http"]
            yield f"pytest on Postgres {major}", [*pytest, "--pg", str(major), *once]


def main(steps: list[str]) -> int:
    """Run the steps, all by default. Result: 0 when every command succeeded, else 1."""
    steps = steps or list(STEPS)
    if {"pgtap", "pytest"} & set(steps):
        system.install_missing()
    failed = []
    for step in steps:
        for title, command in commands(step):
            print(f"\n=== {title} ===", flush=True)
            started = time.monotonic()
            if subprocess.run(command, cwd=REPOSITORY).returncode:
                failed.append(title)
            print(f"--- {title}: {time.monotonic() - started:.0f} s", flush=True)
    print("\nFailed: " + ", ".join(failed) if failed else "\nAll passed: " + ", ".join(steps))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
