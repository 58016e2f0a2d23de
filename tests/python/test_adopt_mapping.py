"""A mapping is held against the database before anything happens: what is wrong, where, and what to do."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests.python.conftest import Database
from tests.tools import erp
from trustcart_db.adoption import host, install, render
from trustcart_db.adoption.mapping import MappingError, find_mapping, parse_mapping, read_mapping
from trustcart_db.bundle import read_bundle
from trustcart_db.connection import connect
from trustcart_db.errors import RefusedError, RightsError, UsageError
from trustcart_db.migrate import migrate

_SHOP = """
create type public.state as enum ('new', 'done');
create table public.clients (
    id int primary key, name text, phone text, born timestamp, extra json, mail text
);
create table public.orders (
    id int primary key, client_id int, on_day date, at timestamptz, amount numeric, state public.state
);
create table public.lines (id int primary key, order_id int, quantity int);
create view public.clients_view as select * from public.clients;
create function public.shout(text) returns text language sql immutable as 'select upper($1)';
"""
_MAPPING = """
time_zone = "Asia/Dhaka"
[customers]
table = "public.clients"
alias = "c"
key = "c.id"
[customers.columns]
first_name = "c.name"
phone = "c.phone"
date_of_birth = "c.born"
[orders]
table = "public.orders"
alias = "o"
key = "o.id"
[orders.columns]
customer_id = "o.client_id"
order_date = "o.on_day"
total_amount = "o.amount"
status = "o.state"
[orders.maps.status]
"new" = "pending"
"done" = "delivered"
[[items]]
table = "public.lines"
alias = "l"
key = "l.id"
[items.columns]
order_id = "l.order_id"
"""


@pytest.fixture
def shop(db):
    """A database with our schema and a small shop beside it."""
    with db.connect() as connection:
        connection.execute(_SHOP, prepare=False)
    return db


def _resolve(database, text: str) -> list[host.Source]:
    with connect(database.url, autocommit=True) as connection:
        connection.execute("set search_path to pg_catalog")
        return host.resolve(connection, parse_mapping("shop", text))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('time_zone = "Asia/Dhaka"', "", ("time_zone", "missing")),
        ("[customers]\n", "[clients]\n", ("[clients]", "no entity")),
        ('alias = "c"\n', "", ("[customers]", "alias is missing")),
        ('total_amount = "o.amount"\n', "", ("[orders] total_amount", "required")),
        ('first_name = "c.name"', 'full_name = "c.name"', ("[customers] full_name", "no such column")),
        ('first_name = "c.name"', 'total_spend = "1"', ("[customers] total_spend", "derived")),
        ('first_name = "c.name"', "first_name = 5", ("[customers]", "first_name", "text")),
        ("[orders.maps.status]", "[orders.maps.notes]", ("[orders] maps.notes", "not mapped")),
        ("[[items]]", "[items]", ("items", "[[items]]")),
        ('alias = "o"\n', 'alias = "o"\nwhen = "x"\n', ("[orders]", "when is unknown")),
        ("[customers]", "[customers", ("shop.toml", "TOML")),
    ],
)
def test_the_form_of_a_mapping(old, new, told):
    assert old in _MAPPING
    with pytest.raises(MappingError) as caught:
        parse_mapping("shop", _MAPPING.replace(old, new))
    assert all(text in f"{caught.value.message} {caught.value.hint}" for text in ("shop.toml", *told)), caught.value


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"Asia/Dhaka"', '"Asia/Dacca City"', ("time_zone", "Asia/Dacca City")),
        ("public.clients", "public.klients", ("[customers] table", "public.klients")),
        ("public.clients", "public.clients_view", ("[customers] table", "base table")),
        ("public.clients", "trustcart.customers", ("[customers] table", "no table of the ERP")),
        ('key = "c.id"', 'key = "c.name"', ("[customers] key", "integer")),
        ('key = "c.id"', 'key = "c.id + 1"', ("[customers] key", "no column")),
        ('"c.name"', '"c.nome"', ("[customers] first_name", "nome", "\\d")),
        ('"c.name"', '"shout(c.name)"', ("[customers] first_name", "shout", "schema")),
        ('"c.born"', "\"c.extra -> 'x'\"", ("[customers] date_of_birth", "json", "date")),
        ('"delivered"', '"arrived"', ("[orders] maps.status.done", "arrived", "delivered")),
        ('alias = "o"\n', 'alias = "o"\nwhere = "o.gone"\n', ("[orders] where", "gone")),
        ('alias = "o"\n', 'alias = "o"\njoin = "join other as x on true"\n', ("[orders] join", "other", "schema")),
        ('alias = "o"\n', 'alias = "o"\nguest_phone = "o.telephone"\n', ("[orders] guest_phone", "telephone")),
    ],
)
def test_a_mapping_against_the_database(shop, old, new, told):
    assert old in _MAPPING
    with pytest.raises(MappingError) as caught:
        _resolve(shop, _MAPPING.replace(old, new))
    assert all(text in f"{caught.value.message} {caught.value.hint}" for text in ("shop.toml", *told)), caught.value


def test_a_map_leads_to_values_that_the_column_can_hold(shop):
    text = _MAPPING.replace('phone = "c.phone"', 'gender = "c.mail"').replace(
        "[orders]\n", '[customers.maps.gender]\n"m" = "man"\n[orders]\n'
    )
    with pytest.raises(MappingError, match=r"maps\.gender\.m: 'man' breaks gender_known"):
        _resolve(shop, text)


def test_what_a_follow_must_say(shop):
    follow = '[[customers.follow]]\ntable = "public.orders"\nkeys = "select 1"\n[orders]\n'
    with pytest.raises(MappingError, match=":ids"):
        parse_mapping("shop", _MAPPING.replace("[orders]\n", follow))
    text = _MAPPING.replace("[orders]\n", follow.replace("select 1", "select o.client_id from public.orders as o"
                                                         " where o.id = any(:ids)"))  # fmt: skip
    with pytest.raises(MappingError, match="nothing of that table is read"):
        _resolve(shop, text)


def test_it_knows_which_columns_it_reads_and_of_what_type(shop):
    customers, orders, _ = _resolve(shop, _MAPPING)
    assert customers.used == ("name", "phone", "born")
    assert orders.used == ("client_id", "on_day", "amount", "state")
    assert orders.columns[0].ref.entity == "customers"
    whole = _MAPPING.replace('"c.name"', "\"c.extra ->> 'name'\"").replace('"o.on_day"', '"o.at"')
    customers, orders, _ = _resolve(shop, whole)
    # JSON knows no equality.
    assert customers.used == ("phone", "born", "extra::text")
    assert (
        next(one for one in orders.columns if one.name == "order_date").read
        == "((o.at) at time zone 'Asia/Dhaka')::date"
    )


def test_the_shipped_mapping_by_its_name(tmp_path):
    assert find_mapping("trustcart_erp").name == "trustcart_erp.toml"
    assert [one.entity for one in read_mapping(find_mapping("trustcart_erp")).sections].count("items") == 2
    with pytest.raises(UsageError) as caught:
        find_mapping("other_erp")
    assert "trustcart_erp" in caught.value.hint
    with pytest.raises(UsageError, match="cannot be read"):
        read_mapping(Path(tmp_path))


def _adopt(database, text: str = _MAPPING, **options):
    return install.adopt(
        database.url,
        parse_mapping("shop", text),
        **{"lock_wait": 5, "tell": lambda line: None, "progress": lambda title, done, total: None, **options},
    )


def test_rows_that_are_ours_are_in_the_way(shop):
    with shop.connect() as connection:
        connection.execute("insert into trustcart.customers (first_name) values ('Ours'), ('Too')")
        connection.execute("insert into trustcart.users (name) values ('Admin')")
    with pytest.raises(RefusedError, match=r"trustcart\.customers \(2 rows\)"):
        _adopt(shop)
    with shop.connect() as connection:
        assert connection.execute("select count(*) from trustcart_private.adoptions").fetchone() == (0,)
        assert connection.execute("select tgname from pg_trigger where tgname ~ '^trustcart_adopt'").fetchall() == []


def test_who_is_no_superuser_adopts_once_all_rights_are_granted(server, db):
    """Every right that is lacking is named, with the statement that grants it. (db: the group roles are there.)"""
    with server.connect() as connection:
        connection.execute("create role keeper login createrole")
        for group in read_bundle().roles:
            connection.execute(f"grant {group} to keeper with admin option")
    server.create_database("kept")
    url = server.url("kept", "keeper")
    try:
        with server.connect("kept") as connection:
            connection.execute("grant create on database kept to keeper")
            connection.execute(_SHOP, prepare=False)
            connection.execute("insert into public.clients values (7, 'Rina', '01711000111')")
            connection.execute("grant select on public.orders to keeper; revoke all on schema public from public")
            migrate(url, read_bundle())
            kept = Database(server, "kept", url)
            for _ in range(2):
                with pytest.raises(RightsError) as caught:
                    _adopt(kept)
                grants = [line.strip() for line in caught.value.hint.splitlines() if line.strip().startswith("grant")]
                for grant in grants:
                    connection.execute(grant)
            assert grants == [
                "grant select, trigger on public.clients to keeper;",
                "grant trigger on public.orders to keeper;",
                "grant select, trigger on public.lines to keeper;",
            ]
            assert _adopt(kept).rows == 1
            connection.execute("update public.clients set name = 'Rina Begum'")
            assert connection.execute("select first_name from trustcart.customers").fetchall() == [("Rina Begum",)]
            # Who may put triggers on may not take them off.
            with pytest.raises(RightsError) as caught:
                install.remove(url, lock_wait=5, tell=lambda line: None)
            drops = [line.strip() for line in caught.value.hint.splitlines() if line.strip().startswith("drop")]
            assert len(drops) == 12
            for drop in drops:
                connection.execute(drop)
            assert install.remove(url, lock_wait=5, tell=lambda line: None)
    finally:
        server.drop_database("kept")
        with server.connect() as connection:
            connection.execute("drop owned by keeper; drop role keeper")


def test_one_table_of_items_keeps_its_ids(shop):
    with shop.connect() as connection:
        connection.execute(
            "insert into public.clients values (7, 'Rina', '01711000111');"
            "insert into public.orders values (70, 7, '2026-01-05', null, 500, 'done');"
            "insert into public.lines values (700, 70, 2)"
        )
        assert _adopt(shop).rows == 3
        rows = connection.execute(
            "select i.id, i.order_id, o.customer_id, o.status, c.last_order_date::text"
            " from trustcart.sales_order_items as i join trustcart.sales_orders as o on o.id = i.order_id"
            " join trustcart.customers as c on c.id = o.customer_id"
        ).fetchall()
        assert rows == [(700, 70, 7, "delivered", "2026-01-05")]
    more = _MAPPING + _MAPPING[_MAPPING.index("[[items]]") :]
    with pytest.raises(RefusedError, match="ids of items would change"):
        _adopt(shop, more)


@pytest.mark.extension("plpgsql_check")
def test_plpgsql_check_finds_nothing_in_what_is_generated(db):
    """By the shipped mapping, which has all of it: guests, items of two tables, a table that is followed."""
    with db.connect() as connection:
        erp.fill(connection, 10, 2)
        connection.execute("create schema checker; create extension plpgsql_check schema checker")
        _adopt(db, read_mapping(find_mapping("trustcart_erp")).text)
        functions = connection.execute(
            "select p.oid::regprocedure::text, coalesce(t.tgrelid, 0), max(t.tgoldtable), max(t.tgnewtable)"
            " from pg_proc as p join pg_language as l on l.oid = p.prolang"
            " left join pg_trigger as t on t.tgfoid = p.oid"
            " where p.pronamespace = 'trustcart_private'::regnamespace and starts_with(p.proname, 'adopt_')"
            " and l.lanname = 'plpgsql' group by p.oid, t.tgrelid"
        ).fetchall()
        assert len(functions) > 20
        found = []
        for function, relation, old, new in functions:
            rows = connection.execute(
                "select lineno, level, message from checker.plpgsql_check_function_tb(%s::regprocedure,"
                " relid => %s::oid, oldtable => %s, newtable => %s, fatal_errors => false, extra_warnings => false,"
                " performance_warnings => false)",
                [function, relation, old, new],
            ).fetchall()
            found += [(function, *row) for row in rows]
        assert found == []
        public = connection.execute(
            "select p.proname from pg_proc as p where starts_with(p.proname, 'adopt_')"
            " and (has_function_privilege('trustcart_admin', p.oid, 'execute') or obj_description(p.oid) is null"
            "  or p.proconfig is null or not p.proconfig @> array['search_path=pg_catalog, pg_temp'])"
        ).fetchall()
        assert public == []


def test_a_dry_run_can_be_run(shop):
    """What it prints is what adopt does: run by hand it stands."""
    script, rows = install.dry_run(shop.url, parse_mapping("shop", _MAPPING), lock_wait=5, tell=lambda line: None)
    assert [row["table"] for row in rows] == ["public.clients", "public.orders", "public.lines"]
    with shop.connect() as connection:
        assert connection.execute("select count(*) from pg_proc where starts_with(proname, 'adopt_')").fetchone() == (
            0,
        )
        connection.execute("set check_function_bodies to off; set search_path to pg_catalog")
        connection.execute(script, prepare=False)
        with pytest.raises(psycopg.Error, match="would belong to public"):
            connection.execute("insert into trustcart.customers (id, first_name) values (5, 'Mine')")
    assert render.render(_resolve(shop, _MAPPING)).script() == script
