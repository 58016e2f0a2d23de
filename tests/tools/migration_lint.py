"""Is each migration that no release has shipped yet fit for a shop that is selling?

`python -m tests.tools.migration_lint [FILE …]` names file and line of what is not, and what to do instead. squawk
(.squawk.toml) knows which DDL rewrites, scans or locks for long. What it does not ask is asked here: no changing of
rows in tables that grow, for it keeps their locks until all beside it commits; no lock or rewrite by name; and no `do`
block, into which neither can see.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import sqlparse

from trustcart_db.bundle import Bundle, read_bundle
from trustcart_db.state import migration_ids, releases

#: Tables whose rows are entered by hand and few, or that are empty but for the length of a transaction: changing all of
#: them is done at once.
FEW_ROWS = frozenset(f"trustcart_private.simulated_{name}" for name in ("calls", "drops", "candidates")) | frozenset(
    f"trustcart.{name}"
    for name in (
        *("settings", "job_schedules", "order_statuses", "call_task_types", "call_outcomes", "loyalty_tiers"),
        *("delivery_channels", "segment_attributes", "template_variables", "opt_out_words"),
    )
)
_NAME = r"([\w.]+)"
_CREATED = re.compile(rf"^create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?{_NAME}", re.I)
_CONCURRENTLY = (
    re.compile(r"^(?:create|drop|reindex)\b[^(]*?\b(concurrently)\b", re.I),
    "cannot run in a transaction",
    "Put it into a migration of its own that begins with `-- transactional: false`.",
)
_RULES = (
    (
        re.compile(rf"\b(?:update|delete\s+from|merge\s+into|truncate(?:\s+table)?)\s+(?:only\s+)?{_NAME}", re.I),
        "changes rows of {table}, which may be many, and holds them until the migration commits",
        "Let a job do it in batches, or read the old value as a default.",
    ),
    (
        re.compile(rf"^(?:lock(?:\s+table)?|cluster|vacuum(?:\s*\(?\s*full\s*\)?)?)\s+{_NAME}", re.I),
        "locks {table} for as long as it lasts",
        "A migration takes no lock by name, and leaves packing to autovacuum.",
    ),
    (
        re.compile(rf"^alter\s+table\s+(?:if\s+exists\s+)?{_NAME}\s+set\s+(?:un)?(?:logged|tablespace|access)", re.I),
        "rewrites {table}",
        "Leave it as it is, or fill a new table in batches.",
    ),
    (
        re.compile(r"^(do)\b", re.I),
        "is a `do` block, into which this lint cannot see",
        "Write its statements out; `if exists` and `if not exists` serve most.",
    ),
)


def unreleased(bundle: Bundle) -> list[Path]:
    """The migrations that no release has shipped, in order."""
    shipped = releases(bundle)
    return [bundle.migrations_dir / f"{name}.sql" for name in migration_ids(bundle) if name not in shipped]


def findings(file: Path) -> Iterator[str]:
    """What is wrong with a migration beyond what squawk says. Result: lines `file:line: what. What to do.`"""
    text = file.read_text(encoding="utf-8")
    at, created = 0, set()
    for statement in sqlparse.split(text):
        at = text.index(statement, at)
        code = re.sub(r"--[^\n]*|'(?:[^']|'')*'", lambda found: " " * len(found[0]), statement)
        begins = re.search(r"\S", code)
        if not begins:
            continue
        line = text.count("\n", 0, at + begins.start()) + 1
        if made := _CREATED.match(code.strip()):
            created.add(made[1])
        for pattern, what, remedy in (*_RULES, *([_CONCURRENTLY] if _is_transactional(file) else [])):
            found = pattern.search(code.strip())
            if found and found[1] not in created | FEW_ROWS and not _in_definition(code, found):
                yield f"{file.name}:{line}: {what.format(table=found[1])}. {remedy}"


def _in_definition(code: str, found: re.Match[str]) -> bool:
    """Whether it stands within a DDL statement: `on delete cascade`, a trigger `after update`, a grant."""
    return found.start() > 0 and re.match(r"(?:create|alter|grant|revoke|comment)\b", code.strip(), re.I) is not None


def squawk(files: list[Path]) -> int:
    """Run squawk, which prints what it finds. Result: its exit code, 0 when it finds nothing."""
    code = 0
    for in_transaction in (True, False):
        some = [file for file in files if _is_transactional(file) is in_transaction]
        option = "--assume-in-transaction" if in_transaction else "--no-assume-in-transaction"
        if some:
            program = Path(sys.executable).with_name("squawk")
            code |= subprocess.run([program, option, *some], cwd=Path(__file__).parents[2]).returncode
    return code


def _is_transactional(file: Path) -> bool:
    return not re.search(r"^--\s*transactional:\s*false\s*$", file.read_text(encoding="utf-8"), re.M | re.I)


def main(files: list[Path]) -> int:
    """Lint. Argument: the files, by default those that are not released. Result: 0 when all are fit, else 1."""
    files = files or unreleased(read_bundle())
    code = squawk(files)
    for line in (line for file in files for line in findings(file)):
        print(line)
        code = 1
    return 1 if code else 0


if __name__ == "__main__":
    sys.exit(main([Path(argument) for argument in sys.argv[1:]]))
