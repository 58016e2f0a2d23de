"""import: what is loaded, what is recognised as there already, and that a bad row leaves nothing behind."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.python.conftest import REPOSITORY
from tests.tools.shared_data import cdnow_sample
from trustcart_db import importer
from trustcart_db.cli import cli as command_line
from trustcart_db.connection import connect
from trustcart_db.importer import import_files


def write(path: Path, text: str) -> str:
    path.write_bytes(text.encode())
    return str(path)


def rows(db, query: str) -> list[tuple]:
    with db.connect() as connection:
        return connection.execute(query).fetchall()


def value(db, query: str) -> object:
    return rows(db, query)[0][0]


@pytest.fixture
def orders(tmp_path):
    def make(text: str, name: str = "orders.csv") -> str:
        return write(tmp_path / name, text)

    return make


def test_the_three_files_together(db, cli, tmp_path):
    with db.connect() as connection:
        connection.execute("insert into trustcart.users (name, email) values ('A', 'a@example.com')")
    customers = write(
        tmp_path / "c.csv",
        "id,First Name,last_name,phone,date_of_birth,assigned_agent_email,shoe size\n"
        "7,উম্মে,কুলসুম,০১৭১২৩৪৫৬৭৮,1990-02-28,A@example.com,38\n"
        '9,"Karim, Md.",,not a number,,,\n',
    )
    orders = write(
        tmp_path / "o.csv",
        "order_number,customer_id,order_date,total_amount,status,ordered_at,payment_method\n"
        "A-1,7,2025-03-01,1250.50,Shipped,2025-03-01 20:15,bKash\n"
        "A-2,9,2025-03-02,10,,,\n",
    )
    items = write(
        tmp_path / "i.csv",
        "order_number,product_name,sku,category,quantity,unit_price\n"
        "A-1,Honey,H1,Honey,2,500\nA-1,Dates,,Dates,0.5,501\nA-1,Dates,,dates,0.5,501\n",
    )
    done = cli("import", "--customers", customers, "--orders", orders, "--items", items, "--format", "json", url=db.url)
    assert done.returncode == 0, done.stderr
    told = {row["kind"]: row for row in json.loads(done.stdout)}
    assert {kind: row["added"] for kind, row in told.items()} == {"customers": 2, "orders": 2, "items": 3}
    assert told["customers"]["ignored_columns"] == ["shoe size"]
    assert "1 phone numbers" in done.stderr

    assert rows(db, "select id, first_name, phone_e164, assigned_agent_id from trustcart.customers order by id") == [
        (7, "উম্মে", "+8801712345678", 1),
        (9, "Karim, Md.", None, None),
    ]
    assert rows(
        db,
        "select order_number, status, ordered_at = '2025-03-01 20:15+06' from trustcart.sales_orders order by 1",
    ) == [("A-1", "shipped", True), ("A-2", "delivered", None)]
    assert value(db, "select total_spend from trustcart.customers where id = 7") == 1250.50
    assert value(db, "select array_agg(name order by name) from trustcart.categories") == ["Dates", "Honey"]
    assert value(db, "select sum(line_total) from trustcart.sales_order_items") == 1501
    assert value(db, "select count(*) from trustcart.products") == 2

    again = cli(
        "import", "--customers", customers, "--orders", orders, "--items", items, "--format", "json", url=db.url
    )
    assert [row["added"] + row["updated"] for row in json.loads(again.stdout)] == [0, 0, 0]
    assert value(db, "select count(*) from trustcart.sales_order_items") == 3
    # The sequence follows the ids of the file.
    assert value(db, "insert into trustcart.customers (first_name) values ('next') returning id") == 10


def test_customers_who_are_there_are_updated_by_what_the_file_says(db, cli, tmp_path):
    write(tmp_path / "c.csv", "customer_id,first_name,city,notes\n1,Ayesha,Dhaka,old\n2,Karim,Sylhet,\n")
    cli("import", "--customers", str(tmp_path / "c.csv"), url=db.url)
    write(tmp_path / "c.csv", "customer_id,first_name,city\n1,Ayesha,Khulna\n2,Karim,\n3,Salma,\n")
    done = cli("import", "--customers", str(tmp_path / "c.csv"), "--format", "json", url=db.url)
    told = json.loads(done.stdout)[0]
    assert (told["added"], told["updated"], told["already_there"]) == (1, 1, 1)
    assert rows(db, "select first_name, city, notes from trustcart.customers order by id") == [
        ("Ayesha", "Khulna", "old"),
        ("Karim", "Sylhet", None),
        ("Salma", None, None),
    ]


def test_the_same_and_a_grown_file_add_only_what_is_new(db, cli, orders):
    first = "customer_id,order_date,total_amount\n1,2025-01-01,10.00\n1,2025-01-01,10.00\n2,2025-01-02,20\n"
    assert cli("import", "--orders", orders(first), "--create-customers", url=db.url).returncode == 0
    assert value(db, "select count(*) from trustcart.sales_orders") == 3

    # Other columns, order, notation and line ends; a third equal row, and another one.
    grown = (
        "TOTAL_AMOUNT,quantity,order_date,status,customer_id\r\n20.00,1,2025-01-02,delivered,2\r\n"
        "10,1,2025-01-01,DELIVERED,1\r\n10.0,5,2025-01-01,,1\r\n10,1,2025-01-01,,1\r\n11,1,2025-01-01,,1\r\n"
    )
    done = cli("import", "--orders", orders(grown), "--format", "json", url=db.url)
    assert json.loads(done.stdout) == [
        {
            "kind": "orders",
            "rows": 5,
            "added": 2,
            "updated": 0,
            "already_there": 3,
            "ignored_columns": ["quantity"],
        }
    ]
    assert value(db, "select count(*) from trustcart.sales_orders where order_number like 'IMP-%'") == 5


def test_an_order_that_changed_since_is_not_added_again(db, cli, orders):
    file = orders("customer_id,order_date,total_amount\n1,2025-01-01,10\n")
    cli("import", "--orders", file, "--create-customers", url=db.url)
    with db.connect() as connection:
        connection.execute("update trustcart.sales_orders set status = 'returned'")
    assert cli("import", "--orders", file, url=db.url).returncode == 0
    assert rows(db, "select status from trustcart.sales_orders") == [("returned",)]


def test_a_number_that_names_another_order_is_refused(db, cli, orders):
    header = "order_number,customer_id,order_date,total_amount\n"
    cli(
        "import",
        "--orders",
        orders(header + "A,1,2025-01-01,10\nB,1,2025-01-01,10\n"),
        "--create-customers",
        url=db.url,
    )
    done = cli("import", "--orders", orders(header + "A,1,2025-01-01,10\nB,1,2025-01-01,12\n"), url=db.url)
    assert done.returncode == 6
    assert "line 3: order_number 'B' exists already, with another total_amount" in done.stderr


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,2025-13-40,5,", "order_date '2025-13-40' is not a date"),
        ("1,2025-02-29,5,", "order_date '2025-02-29' is not a date"),
        ("1,infinity,5,", "order_date 'infinity' is not a date"),
        ("1,,5,", "order_date is missing"),
        ("1,0001-01-01,5,", "order_date '0001-01-01' is not a date"),
        ("1,1850-01-01,5,", "order_date '1850-01-01' is not a date"),
        ("1,01/02/2025,5,", "order_date '01/02/2025' is not a date"),
        ("1,2025-01-01,-5,", "total_amount -5 is negative"),
        ("1,2025-01-01,NaN,", "total_amount 'NaN' is not an amount"),
        ("1,2025-01-01,Infinity,", "total_amount 'Infinity' is not an amount"),
        ("1,2025-01-01,1e3,", "total_amount '1e3' is not an amount"),
        ("1,2025-01-01,10000000000,", "total_amount '10000000000' is not an amount"),
        ("1,2025-01-01,1.005,", "total_amount '1.005' is not an amount"),
        ('1,2025-01-01,"1,005",', "total_amount '1,005' is not an amount"),
        ("1,2025-01-01,,", "total_amount is missing"),
        ("1,2025-01-01,5,lost", "status 'lost' is none of approved, cancelled"),
        (",2025-01-01,5,", "customer_id is missing"),
        ("x,2025-01-01,5,", "customer_id 'x' is not a positive whole number"),
        ("0,2025-01-01,5,", "customer_id '0' is not a positive whole number"),
        ("99999999999999999999,2025-01-01,5,", "customer_id '99999999999999999999' is not a positive"),
        ("2,2025-01-01,5,", "there is no customer 2"),
        ("1,2025-01-01,5", "has 3 values, the header has 4 columns"),
        ("1,2025-01-01,5,,more", "has 5 values, the header has 4 columns"),
        ("", "is blank, the header has 4 columns"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_loaded(db, cli, orders, row, reason):
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) values (1)")
    good = "1,2025-01-01,5,\n"
    done = cli(
        "import", "--orders", orders(f"customer_id,order_date,total_amount,status\n{good}{row}\n{good}"), url=db.url
    )
    assert done.returncode == 6, done.stderr
    assert f"orders.csv, line 3: {reason}" in done.stderr
    assert "1 bad row in" in done.stderr
    assert "Traceback" not in done.stderr
    assert value(db, "select count(*) from trustcart.sales_orders") == 0


def test_lines_are_counted_as_an_editor_counts_them(db, cli, orders):
    text = 'customer_id,order_date,total_amount,notes\n1,2025-01-01,5,"two\nlines, and ""quotes"""\n1,2025-01-01,x,\n'
    done = cli("import", "--orders", orders(text), "--create-customers", url=db.url)
    assert "orders.csv, line 4: total_amount 'x'" in done.stderr
    assert (
        cli("import", "--orders", orders(text.replace(",x,", ",5,")), "--create-customers", url=db.url).returncode == 0
    )
    assert value(db, "select max(notes) from trustcart.sales_orders") == 'two\nlines, and "quotes"'


def test_many_bad_rows_are_counted_and_the_first_shown(db, cli, orders):
    text = "customer_id,order_date,total_amount\n" + "1,2025-01-01,x\n" * 1234
    done = cli("import", "--orders", orders(text), "--create-customers", url=db.url)
    assert done.stderr.count(", line ") == 20
    assert "… and 1,214 more" in done.stderr
    assert "1,234 bad rows" in done.stderr


def test_bad_customers_and_items(db, cli, tmp_path):
    customers = write(
        tmp_path / "c.csv",
        "customer_id,email,gender,date_of_birth,assigned_agent\n1,nobody,,,\n2,,x,,\n3,,,2001-02-29,\n4,,,,9\n5,,,,\n5,,,,\n",
    )
    orders = write(
        tmp_path / "o.csv", "order_number,customer_id,order_date,total_amount\nA,5,2025-01-01,1\nA,5,2025-01-01,1\n"
    )
    items = write(
        tmp_path / "i.csv",
        "order_number,product,quantity,unit_price\nB,x,1,1\nA,,1,1\nA,x,0,1\nA,x,1,-1\n,x,1,1\nA,x,99999999,9999999999\n",
    )
    done = cli("import", "--customers", customers, "--orders", orders, "--items", items, url=db.url)
    assert done.returncode == 6
    for told in (
        "c.csv, line 2: email 'nob***dy' is not an e-mail address",
        "c.csv, line 3: gender 'x' is none of",
        "c.csv, line 4: date_of_birth '2001-02-29' is not a date",
        "c.csv, line 5: assigned_agent '9' is no user's id or e-mail address",
        "c.csv, line 7: customer 5 stands in the file more than once",
        "o.csv, line 3: order_number 'A' stands in the file more than once",
        "i.csv, line 2: there is no order 'B'",
        "i.csv, line 3: product is missing",
        "i.csv, line 4: quantity '0' is not a quantity",
        "i.csv, line 5: unit_price '-1' is not an amount",
        "i.csv, line 6: order_number is missing",
        "i.csv, line 7: quantity times unit_price is beyond all bounds",
        "Error: 12 bad rows",
    ):
        assert told in done.stderr
    assert value(db, "select count(*) from trustcart.customers") == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("customer_id;order_date;total_amount\n1;2025-01-01;5\n", "separated by commas"),
        ("customer_id,order_date\n1,2025-01-01\n", "has no column total_amount"),
        ("customer_id,order_date,total_amount,Customer ID\n", "has the column customer_id twice"),
        ("", "is empty"),
    ],
)
def test_a_file_that_is_none(db, cli, orders, content, told):
    done = cli("import", "--orders", orders(content), url=db.url)
    assert done.returncode == 2
    assert told in done.stderr


def test_other_encodings(db, cli, tmp_path):
    text = "customer_id,first_name\n1,Žofia\n"
    path = tmp_path / "c.csv"
    path.write_bytes(text.encode("utf-16"))
    assert "UTF-16" in cli("import", "--customers", str(path), url=db.url).stderr
    path.write_bytes(text.encode("iso-8859-2"))
    done = cli("import", "--customers", str(path), url=db.url)
    assert done.returncode == 6
    assert "c.csv, line 2: invalid byte sequence" in done.stderr
    # With a byte order mark, without a line end at the end, or with several.
    path.write_bytes(text.strip().encode("utf-8-sig"))
    assert cli("import", "--customers", str(path), url=db.url).returncode == 0
    path.write_bytes(text.encode() + b"\n\n\r\n")
    assert cli("import", "--customers", str(path), url=db.url).returncode == 0
    assert rows(db, "select first_name from trustcart.customers") == [("Žofia",)]


def test_nothing_to_import(db, cli, orders):
    assert cli("import", url=db.url).returncode == 2
    assert cli("import", "--orders", "missing.csv", url=db.url).returncode == 2
    header = "customer_id,order_date,total_amount\n"
    assert cli("import", "--orders", orders(header), "--format", "csv", url=db.url).returncode == 0


def test_an_unmigrated_database(empty_db, cli, orders):
    done = cli("import", "--orders", orders("customer_id,order_date,total_amount\n"), url=empty_db.url)
    assert done.returncode == 10
    assert "trustcart-db migrate" in done.stderr


def test_two_imports_of_one_file_at_once(db, orders):
    """The second waits until the first is done, and then finds everything there."""
    file = orders("customer_id,order_date,total_amount\n" + "".join(f"{n},2025-01-01,5\n" for n in range(1, 300)))
    command = [sys.executable, "-m", "trustcart_db", "--database-url", db.url]
    command += ["import", "--orders", file, "--format", "json"]
    waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with db.connect() as watcher, connect(db.url, autocommit=True) as first:
        first.execute("insert into trustcart.customers (id) select generate_series(1, 300)")
        with first.transaction():
            import_files(first, {"orders": Path(file)})
            second = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
            while second.poll() is None and not watcher.execute(waiting).fetchall():
                time.sleep(0.05)
        told, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert json.loads(told)[0]["already_there"] == 299
    assert value(db, "select count(*) from trustcart.sales_orders") == 299


def test_memory_stays_small(db, tmp_path):
    path = tmp_path / "big.csv"
    with path.open("w") as file:
        file.write("customer_id,order_date,total_amount,notes\n")
        for n in range(120_000):
            file.write(f"{n % 500 + 1},2025-01-{n % 28 + 1:02d},{n % 900}.50,{'x' * 400}\n")
    assert path.stat().st_size > 50_000_000
    command = [sys.executable, "-m", "trustcart_db", "--database-url", db.url, "import", "--create-customers"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.tools.memory", *command, "--orders", str(path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stderr.split()[-1]) < 150e6


# The real input, and what it must give.

EXPECTED = {
    "1997-04-15": (
        {"new": 1518, "repeat": 560, "vip": 28, "inactive": 251},
        {"new": 896, "active": 505, "at_risk": 724, "churned": 232},
        {"hot": 98, "warm": 439, "cold": 1820},
    ),
    "1997-09-30": (
        {"repeat": 295, "vip": 114, "inactive": 1948},
        {"active": 297, "at_risk": 114, "churned": 1946},
        {"hot": 65, "warm": 110, "cold": 2182},
    ),
    "1998-06-30": (
        {"repeat": 139, "vip": 160, "inactive": 2058},
        {"active": 229, "at_risk": 71, "churned": 2057},
        {"hot": 33, "warm": 110, "cold": 2214},
    ),
}
LABELS = ("customer_type", "lifecycle_stage", "priority_level")


@pytest.fixture(scope="module")
def cdnow() -> Path:
    return cdnow_sample()


@pytest.fixture
def music_shop(db, cli, cdnow):
    done = cli("import", "--orders", str(cdnow), "--create-customers", "--format", "json", url=db.url)
    assert done.returncode == 0, done.stderr
    return db


def labels(db, source: str) -> tuple[dict[str, int], ...]:
    with db.connect() as connection:
        return tuple(
            dict(connection.execute(f"select {label}, count(*) from {source} group by 1").fetchall())
            for label in LABELS
        )


def test_the_real_shop_as_of_three_dates(music_shop, cli, cdnow):
    assert rows(music_shop, "select count(*), sum(total_amount) from trustcart.sales_orders") == [
        (6919, Decimal("244091.94"))
    ]
    assert value(music_shop, "select count(*) from trustcart.customers") == 2357
    for day, expected in EXPECTED.items():
        assert labels(music_shop, f"trustcart.customer_state('{day}')") == expected
    risks = dict(
        rows(
            music_shop,
            "select risk_level, count(*) from trustcart.customer_state('1998-06-30')"
            " where risk_level is not null group by 1",
        )
    )
    assert risks == {"low": 88, "medium": 69, "high": 101, "critical": 1956}
    assert value(music_shop, "select count(*) from trustcart.check_customer_state()") == 0
    again = cli("import", "--orders", str(cdnow), "--format", "json", url=music_shop.url)
    assert json.loads(again.stdout)[0]["added"] == 0


def test_the_days_replayed_by_run(music_shop):
    """From 1997-01-01 on, as pg_cron would have run them: day by day, then with days left out."""
    with music_shop.connect() as connection:
        connection.execute("select trustcart.refresh_customer_state('1997-01-01', p_rewind => true)")

    def run(job: str, day: date) -> None:
        done = CliRunner().invoke(command_line, ["--database-url", music_shop.url, "run", job, "--date", f"{day}"])
        assert done.exit_code == 0, done.output

    day = date(1997, 1, 1)
    while day < date(1997, 4, 15):
        day += timedelta(days=1)
        run("refresh_customer_state", day)
    assert labels(music_shop, "trustcart.customers") == EXPECTED["1997-04-15"]

    for skipped in (date(1997, 6, 2), date(1997, 9, 30)):
        run("refresh_customer_state", skipped)
    assert labels(music_shop, "trustcart.customers") == EXPECTED["1997-09-30"]

    for job in ("refresh_customer_state", "detect_dropoffs"):
        run(job, date(1998, 6, 30))
    assert labels(music_shop, "trustcart.customers") == EXPECTED["1998-06-30"]
    levels = "select risk_level, count(*) from trustcart.customer_dropoff_tracking where closed_on is null group by 1"
    assert dict(rows(music_shop, levels)) == {"low": 88, "medium": 69, "high": 101, "critical": 1956}


def test_within_the_callers_transaction(db, orders):
    file = Path(orders("customer_id,order_date,total_amount\n1,2025-01-01,5\n"))
    with connect(db.url) as connection, connection.transaction(force_rollback=True):
        import_files(connection, {"orders": file}, create_customers=True)
        import_files(connection, {"orders": file}, create_customers=True)
    assert value(db, "select count(*) from trustcart.customers") == 0


@pytest.mark.parametrize("step", ["orders_check_existing", "orders_insert"])
def test_numbers_of_orders_are_found_by_their_index(db, step):
    """An index of another collation than that of the files' columns would not do, and millions of orders be read."""
    with connect(db.url) as connection, connection.transaction(force_rollback=True):
        for kind in importer.KINDS.values():
            importer._create_staging(connection, kind, None)
        connection.execute("create temporary table import_problems (kind text, record bigint, reason text)")
        for way in ("seqscan", "hashjoin", "mergejoin"):
            connection.execute(f"set local enable_{way} = off")
        statement = (importer._STEPS / f"{step}.sql").read_text(encoding="utf-8")
        plan = connection.execute(f"explain {statement}").fetchall()
    lines = [line.strip() for (line,) in plan]
    assert any(line.startswith("Index Cond:") and "order_number" in line for line in lines), "\n".join(lines)
