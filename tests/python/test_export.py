"""export: every view and table of the contract as CSV or JSON, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import stat
import subprocess
import sys

import pytest

VIEWS = (
    "customer_360_view",
    "upcoming_birthdays_anniversaries",
    "customer_intelligence",
    "agent_performance_dashboard",
)


@pytest.fixture
def shop(db):
    with db.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id, first_name, notes, is_active) values"
            " (1, 'উম্মে', E'two\\nlines, \"x\"', true), (2, null, null, false)"
        )
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (1, '2025-01-01', 12.50)"
        )
    return db


def test_csv_and_json_hold_the_same(shop, cli):
    done = cli("export", "customers", url=shop.url)
    assert done.returncode == 0, done.stderr
    table = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
    objects = json.loads(cli("export", "trustcart.customers", "--format", "json", url=shop.url).stdout)
    assert list(table[0]) == list(objects[0])
    assert [row["first_name"] for row in table] == ["উম্মে", ""]
    assert [(row["first_name"], row["notes"], row["is_active"]) for row in objects] == [
        ("উম্মে", 'two\nlines, "x"', True),
        (None, None, False),
    ]
    assert table[0]["notes"] == objects[0]["notes"]
    assert (float(table[0]["total_spend"]), objects[0]["total_spend"]) == (12.5, 12.5)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("output_format", ["csv", "json"])
def test_every_view_of_the_guide(shop, cli, view, output_format):
    done = cli("export", view, "--format", output_format, url=shop.url)
    assert done.returncode == 0, done.stderr
    if output_format == "json":
        assert isinstance(json.loads(done.stdout), list)


def test_an_empty_table(db, cli):
    assert json.loads(cli("export", "products", "--format", "json", url=db.url).stdout) == []
    assert cli("export", "products", url=db.url).stdout.startswith("id,name,")


def test_a_file_is_whole_or_not_there(shop, cli, tmp_path):
    path = tmp_path / "c.csv"
    done = cli("export", "customers", "--output", str(path), url=shop.url)
    assert (done.returncode, done.stdout) == (0, "")
    assert "Wrote 2 rows" in done.stderr
    assert len(list(csv.reader(path.open(newline="")))) == 3
    assert path.stat().st_mode & stat.S_IRUSR
    before = path.read_bytes()
    assert cli("export", "nothing", "--output", str(path), url=shop.url).returncode == 2
    with shop.connect() as connection:
        connection.execute("create view trustcart.breaks as select 1 / (id - 2) as x from trustcart.customers")
    assert cli("export", "breaks", "--output", str(path), url=shop.url).returncode == 6
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["c.csv"]
    assert cli("export", "customers", "--output", str(tmp_path / "no" / "c.csv"), url=shop.url).returncode == 2


def test_an_unknown_view_and_who_may_not(shop, empty_db, cli):
    done = cli("export", "customer_360", url=shop.url)
    assert done.returncode == 2
    assert "customer_360_view" in done.stderr
    assert cli("export", "customers", url=empty_db.url).returncode == 10
    with shop.connect() as connection:
        connection.execute("drop role if exists export_stranger; create role export_stranger login")
    done = cli("export", "customers", url=shop.server.url(shop.name, user="export_stranger"))
    assert done.returncode == 4
    with shop.connect() as connection:
        connection.execute("drop role export_stranger")


def test_a_reader_that_has_seen_enough(shop, cli):
    with shop.connect() as connection:
        connection.execute(
            "insert into trustcart.customers (id, notes) select n, repeat('x', 1000) from generate_series(3, 5000) as n"
        )
    command = [sys.executable, "-m", "trustcart_db", "--database-url", shop.url, "export", "customers"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.wait(60)
