"""The command line's manners: help, exit codes, formats, one sentence instead of a traceback."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal

import psycopg
import pytest
from rich.cells import cell_len

from trustcart_db import __version__, output
from trustcart_db.errors import (
    BusyError,
    ConnectError,
    InputError,
    MissingError,
    RefusedError,
    RightsError,
    TrustCartError,
    contract_for,
    translate,
)


def test_help_lists_the_commands(cli):
    done = cli("--help")
    assert done.returncode == 0
    for name in ("migrate", "rollback", "uninstall", "status", "--database-url"):
        assert name in done.stdout


def test_version(cli):
    assert cli("--version").stdout == f"trustcart-db, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nonsense"], 2, "No such command"),
        (["migrate", "--lock-wait", "soon"], 2, "--lock-wait"),
        (["--database-url", "mysql://u:secret@h/d", "status"], 2, "not a Postgres URL"),
        (["--database-url", "host=/nonexistent", "status"], 3, "Cannot connect"),
    ],
)
def test_user_errors_are_a_sentence_and_a_code(cli, arguments, code, told):
    done = cli(*arguments)
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_the_environment_names_the_database(db, cli):
    assert cli("status", env={"TRUSTCART_DATABASE_URL": db.url}).returncode == 0
    assert cli("status", env={"DATABASE_URL": db.url}).returncode == 0
    assert cli("status", env={"TRUSTCART_DATABASE_URL": db.url, "DATABASE_URL": "host=/nonexistent"}).returncode == 0


def test_formats(db, cli):
    row = json.loads(cli("status", "--format", "json", url=db.url).stdout)[0]
    assert (row["installed_version"], row["up_to_date"], row["pending_migrations"]) == (__version__, True, [])
    rows = list(csv.DictReader(io.StringIO(cli("status", "--format", "csv", url=db.url).stdout)))
    assert [one["installed_version"] for one in rows] == [__version__]
    assert f"installed_version   {__version__}\n" in cli("status", url=db.url).stdout


def test_tables_json_and_csv_of_odd_values(capsys):
    rows = [
        {"name": 'উম্মে, "x"', "n": 1, "none": None, "list": [1, "a"]},
        {"name": "b", "n": 22, "none": None, "list": []},
    ]
    output.write_rows(rows, "json")
    assert json.loads(capsys.readouterr().out) == rows
    output.write_rows([], "json")
    assert json.loads(capsys.readouterr().out) == []
    output.write_rows(rows, "csv")
    assert next(csv.DictReader(io.StringIO(capsys.readouterr().out)))["name"] == rows[0]["name"]
    output.write_rows([], "csv", columns=["a", "b"])
    assert capsys.readouterr().out == "a,b\n"
    output.write_rows(rows, "table", title="T")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "T"
    assert lines[-1].split() == ["b", "22"]


def test_a_row_of_a_table_is_a_line_and_moves_no_cursor(monkeypatch, capsys):
    rows = [{"body": "Dear\r\n\x1b[2JEve\x07", "n": 1}]
    output.write_rows(rows)
    assert capsys.readouterr().out.splitlines()[-1].split() == ["Dear", "⏎", "[2JEve", "1"]
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    output.write_rows(rows)
    assert not {"\x1b[2J", "\x07"} & set(re.findall(r"\x1b\[2J|\x07", capsys.readouterr().out))
    output.write_rows(rows, "json")
    assert json.loads(capsys.readouterr().out) == rows


@pytest.mark.parametrize("width", [40, 60, 75, 80, 200])
def test_a_terminal_cuts_nothing_off(monkeypatch, capsys, width):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    rows = [
        {
            "number": 1234567,
            "name": "Eid [Special] 2026",
            "job": "refresh_customer_behavior",
            "start_date": date(2026, 3, 30),
            "revenue": Decimal("63500.00"),
        },
        {"number": 2, "name": "ঈদ", "job": "x", "start_date": None, "revenue": None},
    ]
    output.write_rows(rows, title="T")
    out = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert "…" not in out
    for whole in ("T", "1234567", "[Special]", "2026-03-30", "63500.00", "ঈদ", "start", "revenue"):
        assert whole in out
    assert max(cell_len(line) for line in out.splitlines()) <= width
    assert ("refresh_customer_behavior" in out) == (width != 60)
    assert ("│" in out) == (width != 40)
    output.write_rows([], columns=["a"], title="T")
    assert "no rows" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("sqlstate", "exception", "status", "code"),
    [
        ("TC001", RefusedError, 400, 7),
        ("TC004", RefusedError, 404, 7),
        ("TC101", RefusedError, 409, 7),
        ("TC299", RefusedError, 422, 7),
        ("TC300", RefusedError, 409, 7),
        ("TC402", RefusedError, 401, 7),
        ("TC403", RefusedError, 403, 7),
        ("42501", RightsError, 403, 4),
        ("08006", ConnectError, 503, 3),
        ("57P01", ConnectError, 503, 3),
        ("23505", InputError, 409, 6),
        ("22007", InputError, 400, 6),
        ("55P03", BusyError, 503, 8),
        ("40P01", BusyError, 503, 8),
        ("42P01", MissingError, 503, 10),
        ("XX000", TrustCartError, 500, 1),
        (None, TrustCartError, 500, 1),
    ],
)
def test_the_contract_of_sqlstates(sqlstate, exception, status, code):
    assert contract_for(sqlstate) == (exception, status, code)


def test_our_sqlstates_keep_message_and_hint(server):
    with server.connect() as connection, pytest.raises(psycopg.Error) as raised:
        connection.execute(
            "do $$ begin raise exception 'no such customer' using errcode = 'TC004', hint = 'look'; end $$"
        )
    error = translate(raised.value)
    assert (error.message, error.hint, error.http_status, error.sqlstate) == ("no such customer", "look", 404, "TC004")


def test_a_constraint_is_named(server):
    with server.connect() as connection, pytest.raises(psycopg.Error) as raised:
        connection.execute(
            "create temporary table t (a int, constraint a_positive check (a > 0)); insert into t values (-1)"
        )
    assert "a_positive" in translate(raised.value).message
