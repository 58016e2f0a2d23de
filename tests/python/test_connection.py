"""Which database is meant: the order of sources, all spellings, and no password in an error."""

from __future__ import annotations

import pytest
import yoyo
from psycopg.conninfo import conninfo_to_dict

from trustcart_db.connection import connect, resolve, yoyo_uri
from trustcart_db.errors import ConnectError, UsageError


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    for name in ("TRUSTCART_DATABASE_URL", "DATABASE_URL", "PGHOST", "PGDATABASE", "PGUSER", "PGPORT", "PGOPTIONS"):
        monkeypatch.delenv(name, raising=False)


def test_the_order_of_the_sources(monkeypatch):
    assert resolve() == ""
    monkeypatch.setenv("DATABASE_URL", "postgresql:///third")
    assert resolve() == "postgresql:///third"
    monkeypatch.setenv("TRUSTCART_DATABASE_URL", "postgresql:///second")
    assert resolve() == "postgresql:///second"
    assert resolve("postgresql:///first") == "postgresql:///first"
    monkeypatch.setenv("TRUSTCART_DATABASE_URL", "")
    assert resolve() == "postgresql:///third"


@pytest.mark.parametrize("value", ["postgres://u@h/d", "postgresql://u@h:5433/d?sslmode=require", "host=/tmp dbname=d"])
def test_spellings(value):
    assert resolve(value) == value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("mysql://me:secret@host/db", "begins with mysql://"),
        ("postgresql+psycopg://me:secret@host/db", "begins with postgresql+psycopg://"),
        ("postgresql://me:secret@host:5432:/db?nonsense=1", "is malformed"),
        ("me:secret@host", "is malformed"),
        ("password=secret nonsense=1", "is malformed"),
    ],
)
def test_a_malformed_url_says_where_it_came_from_and_keeps_the_password(monkeypatch, value, told):
    for source, argument in (("--database-url", value), ("DATABASE_URL", None)):
        monkeypatch.setenv("DATABASE_URL", value)
        with pytest.raises(UsageError) as raised:
            resolve(argument)
        assert source in raised.value.message
        assert told in raised.value.message
        assert "secret" not in raised.value.message + raised.value.hint


def test_no_server_is_a_clear_error():
    with pytest.raises(ConnectError, match="Cannot connect"):
        connect("host=/nonexistent dbname=d")


def test_libpq_variables_do(server, monkeypatch):
    monkeypatch.setenv("PGHOST", str(server.socket_dir))
    monkeypatch.setenv("PGPORT", "5432")
    monkeypatch.setenv("PGUSER", server.superuser)
    monkeypatch.setenv("PGDATABASE", "postgres")
    with connect(resolve()) as connection:
        row = connection.execute("select current_database(), current_setting('application_name')").fetchone()
    assert row == ("postgres", "trustcart-db")
    with yoyo.get_backend(yoyo_uri(resolve(), "public")) as backend:
        assert backend.execute("select current_database()").fetchone() == ("postgres",)


@pytest.mark.parametrize("name", ["plain", "with space", "per%cent", "sla/sh", "que?ry#x", "quo'te\"s", "ünï&=+"])
def test_any_database_name_reaches_yoyo(server, name):
    url = server.create_database(name)
    try:
        with yoyo.get_backend(yoyo_uri(url, "public")) as backend:
            assert backend.execute("select current_database()").fetchone() == (name,)
    finally:
        server.drop_database(name)


def test_a_service_file_reaches_yoyo(server, monkeypatch, tmp_path):
    service = tmp_path / "pg_service.conf"
    service.write_text(f"[shop]\nhost={server.socket_dir}\nport=5432\nuser=postgres\ndbname=postgres\n")
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    with yoyo.get_backend(yoyo_uri(resolve("service=shop"), "public")) as backend:
        assert backend.execute("select current_user::text, current_schema()::text").fetchone() == ("postgres", "public")


def test_options_are_kept(server, monkeypatch):
    monkeypatch.setenv("PGOPTIONS", "-c work_mem=7MB")
    uri = yoyo_uri(server.url(), "public", "-c lock_timeout=3s")
    with yoyo.get_backend(uri) as backend:
        assert backend.execute("show work_mem").fetchone() == ("7MB",)
        assert backend.execute("show lock_timeout").fetchone() == ("3s",)


def test_a_password_is_quoted():
    uri = yoyo_uri("postgresql://u:p%40%26%3D%2F@h/d", "public")
    parsed = yoyo.connections.parse_uri(uri)
    assert parsed.args["password"] == conninfo_to_dict("postgresql://u:p%40%26%3D%2F@h/d")["password"] == "p@&=/"
