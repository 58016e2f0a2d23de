"""Everything CI runs: `python -m tests.suite [lint|schema|pgtap|pytest …]`, all of it without arguments.

Each step runs even when one before failed; the last line says which did.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.tools import releases, system

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
        yield "migrations while selling", [*python, "tests.tools.migration_lint"]
    elif step == "schema":
        yield "schema.sql", [*python, "trustcart_db.schema_dump", "--check", "schema.sql"]
    elif step == "pgtap":
        # The older Postgres has what was upgraded from the first release, the newest what was migrated at once.
        first = releases.kept()[0]
        for major in system.majors():
            upgraded = major < max(system.majors())
            title = f"pgTAP on Postgres {major}" + (f", upgraded from {first}" if upgraded else "")
            yield title, [*python, "tests.tools.pgtap", str(major), *(["--from", first] if upgraded else [])]
    elif step == "pytest":
        for major in system.majors():
            # Each worker of xdist has a server of its own; a file's tests stay together, since some share its fixtures.
            pytest = [*python, "pytest", "tests/python", "--quiet", "--numprocesses", "auto", "--dist", "loadfile"]
            # In the order of conftest.py.
            pytest += ["--no-loadscope-reorder"]
            # What is behind HTTP is the same SQL, which pgTAP proves on every version: its face is walked once. So is
            # what conftest.py or a file itself marks `once`.
            once = [] if major == max(system.majors()) else ["--ignore", "tests/python/http", "-m", "not once"]
            yield f"pytest on Postgres {major}", [*pytest, "--pg", str(major), *once]


def main(steps: list[str]) -> int:
    """Run the steps, all by default. Result: 0 when every command succeeded, else 1."""
    steps = steps or list(STEPS)
    if {"pgtap", "pytest"} & set(steps):
        system.install_missing()
    failed = []
    for step in steps:
        # pg_prove runs file after file, on one processor; the others keep all of them busy by themselves.
        run = _side_by_side if step == "pgtap" else _in_turn
        failed += run(list(commands(step)))
    print("\nFailed: " + ", ".join(failed) if failed else "\nAll passed: " + ", ".join(steps))
    return 1 if failed else 0


def _in_turn(listed: list[tuple[str, list[str]]]) -> list[str]:
    """Run commands one after the other. Result: the titles of those that failed."""
    failed = []
    for title, command in listed:
        print(f"\n=== {title} ===", flush=True)
        started = time.monotonic()
        if subprocess.run(command, cwd=REPOSITORY).returncode:
            failed.append(title)
        print(f"--- {title}: {time.monotonic() - started:.0f} s", flush=True)
    return failed


def _side_by_side(listed: list[tuple[str, list[str]]]) -> list[str]:
    """Run commands at once; what each says is shown when it ends. Result: the titles of those that failed."""
    print("\nSide by side: " + ", ".join(title for title, _ in listed), flush=True)
    failed = []
    started = time.monotonic()
    captured = {"cwd": REPOSITORY, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with ThreadPoolExecutor(len(listed)) as threads:
        titles = {threads.submit(subprocess.run, command, **captured): title for title, command in listed}
        for end in as_completed(titles):
            print(f"\n=== {titles[end]} ===\n{end.result().stdout}", end="")
            print(f"--- {titles[end]}: {time.monotonic() - started:.0f} s", flush=True)
            if end.result().returncode:
                failed.append(titles[end])
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
