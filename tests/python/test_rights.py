"""What migrate needs: a role with CREATE on the database, CREATEROLE only for missing group roles, never superuser."""

from __future__ import annotations

import pytest
from psycopg import sql

from trustcart_db import migrate
from trustcart_db.bundle import read_bundle
from trustcart_db.errors import RightsError

ROLES = (
    "-- roles: trustcart_try_a, trustcart_try_b\n"
    + """
do $$
declare v_role text;
begin
    foreach v_role in array array['trustcart_try_a', 'trustcart_try_b'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
            execute format('create role %I nologin', v_role);
        end if;
    end loop;
end $$;
"""
)
FILES = {
    "migrations/0001_t.sql": "create table if not exists trustcart.t (a int);",
    "sql/70_security/roles.sql": ROLES,
    "sql/70_security/grants.sql": "grant select on trustcart.t to trustcart_try_a;",
}


@pytest.fixture
def plain(empty_db):
    """Two plain login roles; all of ours is gone afterwards."""
    names = ["plain_owner", "plain_other", "trustcart_try_a", "trustcart_try_b"]
    with empty_db.connect() as connection:
        connection.execute("create role plain_owner login; create role plain_other login")
    yield "plain_owner"
    with empty_db.connect() as connection:
        for name in names:
            if connection.execute("select from pg_roles where rolname = %s", [name]).fetchone() is not None:
                connection.execute(sql.SQL("drop owned by {0} cascade; drop role {0}").format(sql.Identifier(name)))


def run(database, user: str, bundle) -> migrate.Report:
    """A migrate as that role."""
    return migrate.migrate(database.server.url(database.name, user), bundle)


def remedy(error: RightsError) -> str:
    """The SQL of its hint."""
    return "".join(line for line in error.hint.splitlines() if line.startswith("  "))


def test_all_that_is_lacking_is_named_and_the_sql_given_works(empty_db, plain, make_bundle):
    bundle = make_bundle(FILES)
    with pytest.raises(RightsError) as raised:
        run(empty_db, plain, bundle)
    assert raised.value.exit_code == 4
    assert f"CREATE on the database {empty_db.name}" in raised.value.message
    assert "CREATEROLE, to create trustcart_try_a, trustcart_try_b" in raised.value.message
    with empty_db.connect() as connection:
        found = connection.execute("select count(*) from pg_namespace where nspname like 'trustcart%'").fetchone()[0]
        assert found == 0
        connection.execute(remedy(raised.value))
    assert run(empty_db, plain, bundle).migrations == ["0001_t"]
    # With all roles there, CREATEROLE is not asked for, also when their file changed.
    report = run(empty_db, plain, make_bundle({"sql/70_security/roles.sql": ROLES + "-- changed\n"}))
    assert report.objects == ["sql/70_security/roles.sql"]


def test_createrole_makes_the_roles(empty_db, plain, make_bundle):
    with empty_db.connect() as connection:
        connection.execute(f"alter role {plain} createrole; grant create on database {empty_db.name} to {plain}")
    run(empty_db, plain, make_bundle(FILES))
    with empty_db.connect() as connection:
        found = connection.execute("select count(*) from pg_roles where rolname like 'trustcart_try%'").fetchone()[0]
    assert found == 2


def test_once_installed_create_on_the_database_is_not_needed(empty_db, plain, make_bundle):
    bundle = make_bundle(FILES)
    with empty_db.connect() as connection:
        connection.execute(f"alter role {plain} createrole; grant create on database {empty_db.name} to {plain}")
        run(empty_db, plain, bundle)
        connection.execute(f"alter role {plain} nocreaterole; revoke create on database {empty_db.name} from {plain}")
    more = make_bundle({"migrations/0002_u.sql": "create table if not exists trustcart.u (a int);"})
    assert run(empty_db, plain, more).migrations == ["0002_u"]


def test_who_does_not_own_the_schemas_is_told(empty_db, plain, make_bundle):
    bundle = make_bundle(FILES)
    with empty_db.connect() as connection:
        connection.execute(f"alter role {plain} createrole; grant create on database {empty_db.name} to {plain}")
        run(empty_db, plain, bundle)
        for action in (migrate.migrate, migrate.rollback):
            with pytest.raises(RightsError, match="plain_owner"):
                action(empty_db.server.url(empty_db.name, "plain_other"), bundle)
        with pytest.raises(RightsError):
            migrate.inspect(empty_db.server.url(empty_db.name, "plain_other"), bundle)


def test_only_the_owner_of_the_database_sets_its_search_path(empty_db, plain, make_bundle):
    bundle = make_bundle(FILES)
    with empty_db.connect() as connection:
        connection.execute(f"alter role {plain} createrole; grant create on database {empty_db.name} to {plain}")
        url = empty_db.server.url(empty_db.name, plain)
        with pytest.raises(RightsError) as raised:
            migrate.migrate(url, bundle, set_search_path=True)
        assert f"alter database {empty_db.name}" in raised.value.hint
        connection.execute(f"alter database {empty_db.name} owner to {plain}")
        assert migrate.migrate(url, bundle, set_search_path=True).search_path
        connection.execute(f"alter database {empty_db.name} owner to postgres")


def test_the_real_bundle_migrates_as_a_plain_owner(empty_db, plain):
    """On PG 15 to 18, with CREATE and CREATEROLE and nothing more."""
    with empty_db.connect() as connection:
        connection.execute(f"alter role {plain} createrole; grant create on database {empty_db.name} to {plain}")
    url = empty_db.server.url(empty_db.name, plain)
    assert migrate.migrate(url, read_bundle()).migrations
    assert not migrate.migrate(url, read_bundle()).schema_changed


@pytest.mark.parametrize("way", ["createrole", "dba"])
def test_on_a_new_server_the_groups_are_made_and_a_gateway_acts(make_server, way):
    """By an owner with CREATEROLE, or by the SQL that a DBA is given: the gateway may become a user, and no policy
    restricts the owner."""
    server = make_server()
    server.create_database("shop")
    url = server.url("shop", "plain_owner")
    with server.connect("shop") as connection:
        connection.execute("create role plain_owner login; grant create on database shop to plain_owner")
        with pytest.raises(RightsError) as raised:
            migrate.migrate(url, read_bundle())
        connection.execute(remedy(raised.value) if way == "dba" else "alter role plain_owner createrole")
        assert migrate.migrate(url, read_bundle()).migrations
        connection.execute("create role web login in role trustcart_gateway")
    with server.connect("shop", "plain_owner") as connection:
        connection.execute("insert into trustcart.users (id, name) values (1, 'A')")
        connection.execute("insert into trustcart.customers (id, assigned_agent_id) values (1, 1), (2, null)")
        found = connection.execute(
            "select trustcart_private.is_restricted(), trustcart.check_access(2), count(*) from trustcart.customers"
        ).fetchone()
        assert found == (False, 2, 2)
    with server.connect("shop", "web") as connection, connection.transaction():
        connection.execute("select trustcart.act_as(1)")
        assert connection.execute("select id from trustcart.customers").fetchall() == [(1,)]


def test_groups_of_before_row_security_are_mended_or_the_dba_is_told(make_server):
    """A gateway that inherits, and may become nobody: what older versions made."""
    server = make_server()
    server.create_database("shop")
    url = server.url("shop", "plain_owner")
    names = ("agent", "manager", "admin", "service", "jobs", "gateway")
    with server.connect("shop") as connection:
        connection.execute("create role plain_owner login; grant create on database shop to plain_owner")
        connection.execute("; ".join(f"create role trustcart_{name} nologin" for name in names))
        with pytest.raises(RightsError) as raised:
            migrate.migrate(url, read_bundle())
        assert "may not let trustcart_gateway act as users" in raised.value.message
        connection.execute(raised.value.hint.split(": ", 1)[1])
        migrate.migrate(url, read_bundle())
