"""The examples run, and print what stands beside them."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.python.conftest import REPOSITORY, environment

EXAMPLES = sorted(path for path in (REPOSITORY / "examples").glob("*.sql") if path.name != "shop.sql")
CONTENT = "select (select count(*) from trustcart.customers), (select count(*) from trustcart.crm_call_tasks)"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example(db, example):
    psql = [str(db.server.bin_dir / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", db.url]
    done = subprocess.run(
        [*psql, "--file", str(example)], capture_output=True, text=True, env=environment(), timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    expected = example.with_suffix(".out")
    if os.environ.get("UPDATE_EXAMPLES"):
        expected.write_text(done.stdout, encoding="utf-8")
    assert done.stdout == expected.read_text(encoding="utf-8")
    with db.connect() as connection:
        assert connection.execute(CONTENT).fetchone() == (0, 0)


def test_there_are_examples():
    assert len(EXAMPLES) >= 5
