"""The wall of issue "who may see and do what", by trying: tests/tools/access.py asks, these tests compare and look."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.tools import access

RENEW = "If the change is meant: python -m tests.tools.access, and look at the diff."


@pytest.fixture(scope="module")
def shop(server):
    """A shop with two teams; each login role of access.LOGINS exists. → connect(login) for the database."""
    from trustcart_db.bundle import read_bundle
    from trustcart_db.migrate import migrate

    migrate(server.create_database("access_shop"), read_bundle())
    with server.connect("access_shop") as connection, access.logins(connection):
        connection.execute(access.SHOP)
        yield lambda login=None, **options: server.connect("access_shop", login, **options)
    server.drop_database("access_shop")


@pytest.fixture
def ask(shop):
    """ask(who, statement) → (SQLSTATE or "rows", what was to be read)."""
    made = []

    def ask(name: str, statement: str) -> tuple[str, str]:
        made.append(shop(access.login_of(name)))
        return access.Asker(made[-1], name).ask(statement)

    yield ask
    for connection in made:
        connection.close()


@pytest.fixture(scope="module")
def asked(shop):
    """All of access.objects, asked by an agent of another team, by the same with forged claims, by that team's leader
    and by a service: (who, object) → (SQLSTATE or "rows", what was to be read)."""
    found = {}
    with shop() as superuser:
        statements = access.objects(superuser)
    for name in ("agent_other", "forged", "leader_other", "service"):
        with shop(access.login_of(name)) as connection:
            asker = access.Asker(connection, name)
            for one, statement in statements.items():
                found[name, one] = asker.ask(statement)
    return found


def test_nobody_has_a_right_that_the_golden_file_does_not_name(shop):
    with shop() as connection:
        found = access.rights(connection)
    known = access.RIGHTS_FILE.read_text(encoding="utf-8").splitlines()
    assert [f"+ {line}" for line in found if line not in known] == [], RENEW
    assert [f"- {line}" for line in known if line not in found] == [], RENEW


def test_public_and_the_gateway_have_next_to_nothing():
    lines = access.RIGHTS_FILE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if ": PUBLIC " in line] == []
    assert [
        line for line in lines if "trustcart_gateway" in line and line.startswith(("table", "view", "column"))
    ] == []
    assert [line for line in lines if line.startswith("schema trustcart_private")] == []


def test_everybody_gets_what_the_matrix_says(shop):
    """Walks the catalogue: an object that is not in tests/access.tsv fails, and so does a row without an object."""
    with shop() as superuser:
        found = access.access(superuser, shop)
    known = access.ACCESS_FILE.read_text(encoding="utf-8").splitlines()
    assert [f"+ {line}" for line in found if line not in known] == [], RENEW
    assert [f"- {line}" for line in known if line not in found] == [], RENEW


def test_the_matrix_is_as_it_should_be():
    """Whatever is about one customer is refused to an agent of another team, and to all who have no business here."""
    head, *rows = [line.split("\t") for line in access.ACCESS_FILE.read_text(encoding="utf-8").splitlines()]
    matrix = {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}
    assert {row["stranger"] for row in matrix.values()} == {"42501"}
    assert [name for name, row in matrix.items() if row["forged"] != row["agent_other"]] == []
    # What asks for the customer or the call by id.
    for name, row in matrix.items():
        if row["agent_own"] == "rows" and row["agent_other"] not in ("rows", "42501"):
            assert row["agent_other"] in ("TC403", "TC004"), name
    # Whom a right was given can use it: 42501 from within would be a right that is missing further down.
    rights = access.RIGHTS_FILE.read_text(encoding="utf-8").splitlines()
    for asking, group in (("agent_own", "agent"), ("manager", "manager"), ("service", "service"), ("web", "gateway")):
        granted = {
            line.partition(" ")[2].rpartition(": ")[0]
            for line in rights
            if line.endswith((f": trustcart_{group} execute", f": trustcart_{group} select"))
        }
        assert [name for name in granted & set(matrix) if matrix[name][asking] == "42501"] == [], asking
    refused = [name for name, row in matrix.items() if row["agent_other"] == "TC403"]
    assert len(refused) >= 25
    assert {"trustcart_api.customer360(bigint)", "trustcart.check_access(bigint)"} <= set(refused)
    # A gateway is nobody before act_as().
    open_to_gateways = {name.split("(")[0] for name, row in matrix.items() if row["web"] != "42501"}
    assert not {name for name in open_to_gateways if "customer" in name or "call" in name}


@pytest.mark.parametrize("name", ["agent_other", "forged", "leader_other"])
def test_an_agent_of_another_team_reads_nothing_of_the_customer(asked, name):
    """Neither in rows nor in messages, through no table, view or function; find_caller answers with its card alone."""
    found = {
        one: access.leaks(told, access.PERSONAL)
        for (who, one), (_, told) in asked.items()
        if who == name and access.leaks(told, access.PERSONAL)
    }
    # It gives back what it was given.
    assert found.pop("trustcart.normalize_phone(text)") == ["1711223344"]
    # Who rings in is named to whoever answers; the page shows the number that was typed, too.
    card = {"Quxfirst", "Quxlast"}
    callers = {"trustcart.find_caller(text,date)": card, "trustcart_api.page_agent_caller(text)": card | {"1711223344"}}
    assert {name: set(words) for name, words in found.items()} == callers


def test_a_service_reads_masks(asked):
    """Names and figures, but no address and no phone; masked ones in their place."""
    found = {one: access.leaks(told, access.CONTACT) for (who, one), (_, told) in asked.items() if who == "service"}
    assert {one: marks for one, marks in found.items() if marks} == {}
    view = asked["service", "trustcart.customer_360_view"][1]
    assert "qu***@example.com" in view
    assert "017***44" in view
    assert "Quxfirst" in view


def test_a_dba_can_give_a_service_the_right_to_see_phones(shop, ask):
    with shop() as connection:
        connection.execute("grant select (email, phone) on trustcart.customers to service")
        try:
            told = ask("service", f"select email, phone from trustcart.customer_360_view where customer_id = {101}")[1]
        finally:
            connection.execute("revoke select (email, phone) on trustcart.customers from service")
    assert access.leaks(told, access.CONTACT) == ["quxmail@", "1711223344"]


def test_the_own_agent_and_the_leader_see_the_customer(ask):
    for name in ("agent_own", "leader_own"):
        told = ask(name, "select c::text from trustcart.customer_360_view as c")[1]
        assert access.leaks(told, access.CONTACT) == list(access.CONTACT)
        assert ask(name, "select count(*) from trustcart.customers")[1] == "(1,)"


def test_a_leaky_function_in_a_where_clause_sees_no_more(shop):
    """A cheap function of the agent's own, on every column of the view, in every kind of plan."""
    with shop() as superuser:
        superuser.execute("create schema evil; grant create, usage on schema evil to agent_other")
    connection = shop("agent_other")
    try:
        seen: list[str] = []
        connection.add_notice_handler(lambda diagnostic: seen.append(diagnostic.message_primary))
        # Strict, it turns the view's outer joins into inner ones, and might be pushed below them.
        connection.execute(
            "create function evil.leak(p text) returns boolean language plpgsql strict cost 0.0000001 as"
            " $$begin raise notice '%', p; return true; end$$"
        )
        settings = ("enable_hashjoin", "enable_nestloop", "enable_mergejoin", "enable_indexscan", "enable_seqscan")
        for off in (None, *settings):
            if off:
                connection.execute(f"set {off} = off")
            for column in (
                "email",
                "phone",
                "mobile",
                "first_name",
                "lifetime_value::text",
                "preferred_categories::text",
            ):
                connection.execute(f"select count(*) from trustcart.customer_360_view where evil.leak({column})")
            connection.execute("select count(*) from trustcart.sales_orders where evil.leak(notes)")
            connection.execute("select count(*) from trustcart.crm_call_tasks where evil.leak(notes)")
            connection.execute("select count(*) from trustcart.customers where evil.leak(phone)")
            if off:
                connection.execute(f"reset {off}")
        assert seen, "the function ran on the agent's own customer"
        assert access.leaks("\n".join(filter(None, seen)), access.PERSONAL) == []
    finally:
        connection.close()
        with shop() as superuser:
            superuser.execute("drop schema evil cascade")


def test_a_customer_is_seen_for_seven_days_after_the_call(shop):
    """Assigned to nobody: the agent sees the customer through a call that is open, or was finished in seven days."""
    with shop() as superuser, superuser.transaction(force_rollback=True):
        superuser.execute("insert into trustcart.customers (id, first_name) values (900, 'Seen')")
        superuser.execute(
            "insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)"
            " values (9000, 900, 21, trustcart.business_date())"
        )
        superuser.execute("alter table trustcart.crm_call_tasks disable trigger user")

        def sees() -> bool:
            superuser.execute("set session authorization agent_other")
            try:
                return bool(superuser.execute("select from trustcart.customers where id = 900").fetchall())
            finally:
                superuser.execute("reset session authorization")

        assert sees()
        closed = (
            "update trustcart.crm_call_tasks set status = %s, closed_at = now() - %s::interval,"
            " completed_at = case when %s = 'completed' then now() - %s::interval end where id = 9000"
        )
        for status, age, expected in (
            ("completed", "6 days 23 hours", True),
            ("skipped", "6 days 23 hours", True),
            ("completed", "7 days 1 hour", False),
            ("cancelled", "1 hour", False),
            ("expired", "1 hour", False),
        ):
            superuser.execute(closed, [status, age, status, age])
            assert sees() is expected, (status, age)


def test_an_agent_who_is_disabled_sees_nothing(shop):
    with shop() as superuser, superuser.transaction(force_rollback=True):
        superuser.execute("update trustcart.users set is_active = false where id = 21")
        superuser.execute("set session authorization agent_other")
        assert superuser.execute("select count(*) from trustcart.customers").fetchone() == (0,)
        superuser.execute("reset session authorization")


# --- the gateway ------------------------------------------------------------------------------------------------------


def test_a_gateway_acts_as_a_user_for_one_transaction(shop):
    with shop("web") as connection:
        with connection.transaction():
            connection.execute("select trustcart.act_as(11)")
            assert connection.execute("select current_user::text, trustcart.current_user_id()").fetchone() == (
                "trustcart_agent",
                11,
            )
            assert connection.execute("select id from trustcart.customers").fetchall() == [(101,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select id from trustcart.customers")
        with connection.transaction():
            connection.execute("select trustcart.act_as(31)")
            assert connection.execute("select count(*) from trustcart.customers").fetchone() == (3,)
        assert connection.execute("select current_user::text, trustcart.current_user_id()").fetchone() == ("web", None)


@pytest.mark.parametrize("user_id", [999, 0, None])
def test_a_gateway_cannot_act_as_nobody(shop, user_id):
    with shop("web") as connection, pytest.raises(psycopg.Error) as raised:
        connection.execute("select trustcart.act_as(%s)", [user_id])
    assert raised.value.sqlstate == "TC402"


def test_what_a_gateway_writes_is_the_users(shop):
    with shop("web") as connection, connection.transaction(force_rollback=True):
        connection.execute("select trustcart.act_as(11)")
        logged = connection.execute("select trustcart_api.log_interaction(101, 'call')").fetchone()[0]
        assert logged["agent_id"] == 11


def test_other_roles_cannot_act_as_anybody(shop, ask):
    for name in ("admin", "manager", "agent_own", "service", "jobs", "stranger"):
        assert ask(name, "select trustcart.act_as(41)")[0] == "42501"


@pytest.mark.parametrize("claims", ["[]", '{"sub": "x"}', '{"sub": "1; drop"}', '{"sub": 11}', '{"sub": "  11"}'])
def test_claims_that_are_none(shop, claims):
    with shop("web") as connection, connection.transaction(force_rollback=True):
        connection.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        found = connection.execute("select trustcart.current_user_id()").fetchone()[0]
    assert found == (11 if claims == '{"sub": 11}' else None)


def test_an_agent_cannot_choose_the_moment(shop):
    """Taken back, begun or claimed is as of now, whatever instant an agent gives."""
    with shop() as superuser, superuser.transaction(force_rollback=True):
        superuser.execute("insert into trustcart.customers (id) values (910), (911)")
        superuser.execute(
            "insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, status, outcome)"
            " values (9100, 910, 21, trustcart.business_date(), 'completed', 'successful')"
        )
        superuser.execute("alter table trustcart.crm_call_tasks disable trigger user")
        superuser.execute(
            "update trustcart.crm_call_tasks set completed_at = now() - interval '40 days', started_at = null,"
            " closed_at = now() - interval '40 days', before_outcome = '{}' where id = 9100"
        )
        superuser.execute("alter table trustcart.crm_call_tasks enable trigger user")
        superuser.execute("set session authorization agent_other")
        for statement in (
            "select trustcart.check_access(910)",
            "select trustcart.undo_call_outcome(9100, p_at => '2000-01-01')",
            "select trustcart.check_access(910)",
        ):
            with pytest.raises(psycopg.Error) as raised, superuser.transaction():
                superuser.execute(statement)
            assert raised.value.sqlstate == ("TC108" if "undo" in statement else "TC403")
        superuser.execute("reset session authorization")


def test_an_agent_claims_from_the_pool_and_from_nobody_else(shop):
    with shop() as superuser, superuser.transaction(force_rollback=True):
        superuser.execute("insert into trustcart.customers (id, phone) values (920, '01511223344')")
        superuser.execute("update trustcart.crm_call_tasks set status = 'skipped' where status = 'pending'")
        superuser.execute(
            "insert into trustcart.crm_call_tasks (id, customer_id, task_date)"
            " values (9200, 920, trustcart.business_date())"
        )

        def claims(login: str, agent: int, at: str) -> list[tuple]:
            superuser.execute(f"set session authorization {login}")
            try:
                return superuser.execute(f"select id from trustcart.claim_next_call({agent}, {at})").fetchall()
            finally:
                superuser.execute("reset session authorization")

        assert claims("agent_own", 11, "now()") == [(9200,)]
        # The claim is not void before its time, as the other one would have it.
        assert claims("agent_other", 21, "now() + interval '3 hours'") == []
        superuser.execute("set session authorization agent_own")
        assert superuser.execute("select id from trustcart.customers where id = 920").fetchall() == [(920,)]
        superuser.execute("reset session authorization")


def test_policies_hold_in_parallel_plans(shop):
    """Behind a gateway as well, where the claims are read."""
    with shop("web") as connection, connection.transaction(force_rollback=True):
        connection.execute("select trustcart.act_as(21)")
        connection.execute(
            "set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0; set local enable_indexscan = off;"
            " set local min_parallel_table_scan_size = 0; set local enable_bitmapscan = off;"
            " set local enable_indexonlyscan = off"
        )
        assert connection.execute("select count(*) from trustcart.sales_orders").fetchone() == (0,)
        assert connection.execute("select count(*) from trustcart.customers").fetchone() == (1,)


def test_an_agent_plans_no_call_for_years_ahead(ask):
    call = "select trustcart.create_call_task({}, 'other', p_task_date => trustcart.business_date() + {})"
    assert ask("agent_own", call.format(101, 92))[0] == "rows"
    assert ask("agent_own", call.format(101, 93))[0] == "TC403"
    assert ask("manager", call.format(101, 93))[0] == "rows"


def test_a_task_of_another_customer_is_not_named(ask):
    code, told = ask("agent_other", "select trustcart.flag_wrong_number(102, 1001)")
    assert code == "TC005"
    assert "101" not in told.replace("1001", "")


def test_a_role_of_the_shop_works_as_granted(shop):
    """Row security is about agents: whom a DBA grants a table reads and writes it as before, with nothing else."""
    with shop() as superuser, superuser.transaction(force_rollback=True):
        superuser.execute("grant usage on schema trustcart to stranger")
        superuser.execute("grant select, insert on trustcart.sales_orders to stranger")
        superuser.execute("set session authorization stranger")
        superuser.execute(
            "insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)"
            " values (900, 103, '2026-01-01', 100)"
        )
        assert superuser.execute("select count(*) from trustcart.sales_orders where customer_id = 103").fetchone() == (
            1,
        )
        superuser.execute("reset session authorization")


# --- hostile surroundings and input -----------------------------------------------------------------------------------

HOSTILE = """
create schema evil;
grant usage on schema evil to public;
create function evil.lower(text) returns text language plpgsql as $$begin raise exception 'hijacked'; end$$;
create function evil.btrim(text) returns text language plpgsql as $$begin raise exception 'hijacked'; end$$;
create function evil.now() returns timestamptz language plpgsql as $$begin raise exception 'hijacked'; end$$;
create function evil.count(anyelement) returns bigint language plpgsql as $$begin raise exception 'hijacked'; end$$;
create function evil.equal(bigint, bigint) returns boolean language plpgsql
as $$begin raise exception 'hijacked'; end$$;
create function evil.equal(text, text) returns boolean language plpgsql as $$begin raise exception 'hijacked'; end$$;
create function evil.equal(date, date) returns boolean language plpgsql as $$begin raise exception 'hijacked'; end$$;
create function evil.equal(name, name) returns boolean language plpgsql as $$begin raise exception 'hijacked'; end$$;
create operator evil.= (leftarg = bigint, rightarg = bigint, function = evil.equal);
create operator evil.= (leftarg = text, rightarg = text, function = evil.equal);
create operator evil.= (leftarg = date, rightarg = date, function = evil.equal);
create operator evil.= (leftarg = name, rightarg = name, function = evil.equal);
create operator evil.|| (leftarg = text, rightarg = text, function = evil.equal);
create table evil.customers (id bigint, first_name text);
create table evil.settings (id boolean, time_zone text);
"""
# pg_temp comes first for types and tables wherever a path does not name it: a variable of a function would be of this
# type, and its check run with the owner's rights. In a session of its own, for compiled functions keep their types.
TEMPORARY_TYPES = """
create function pg_temp.evil(pg_catalog.text) returns boolean language plpgsql as $$
begin
    if current_user <> session_user then
        raise exception 'hijacked';
    end if;
    return true;
end$$;
create domain pg_temp.text as pg_catalog.text check (pg_temp.evil(value));
create domain pg_temp.name as pg_catalog.name check (pg_temp.evil(value::pg_catalog.text));
create domain pg_temp.jsonb as pg_catalog.jsonb check (pg_temp.evil(value::pg_catalog.text));
create domain pg_temp.bytea as pg_catalog.bytea check (pg_temp.evil(value::pg_catalog.text));
create domain pg_temp.date as pg_catalog.date check (pg_temp.evil(value::pg_catalog.text));
create domain pg_temp.timestamptz as pg_catalog.timestamptz check (pg_temp.evil(value::pg_catalog.text));
create domain pg_temp.xid8 as pg_catalog.xid8 check (pg_temp.evil(value::pg_catalog.text));
create temporary table pg_index (a integer);
create temporary table pg_attribute (a integer);
create temporary table pg_class (a integer);
create temporary table pg_roles (a integer);
"""
TEMPORARY = """
create temporary table customers (id bigint, first_name text);
create temporary table users (id bigint, db_role text, is_active boolean);
create temporary table settings (id boolean, time_zone text);
create temporary table crm_call_tasks (id bigint);
create function pg_temp.lower(text) returns text language plpgsql as $$begin raise exception 'hijacked'; end$$;
create function pg_temp.now() returns timestamptz language plpgsql as $$begin raise exception 'hijacked'; end$$;
"""


def test_hostile_schemas_operators_and_temporary_objects_change_nothing(shop):
    """Every function as the manager and as an agent, first plain, then with a search path full of traps in front."""
    with shop() as superuser:
        superuser.execute(HOSTILE)
        statements = {one: text for one, text in access.objects(superuser).items() if "(" in one}
    try:
        for name in ("admin", "jobs", "agent_own", "agent_other", "web"):
            with shop(name) as connection:
                asker = access.Asker(connection, name)
                plain = {one: asker.ask(statement)[0] for one, statement in statements.items()}
                connection.execute(TEMPORARY)
                connection.execute("set search_path = evil, pg_temp, pg_catalog, public")
                for one, statement in statements.items():
                    # Our own call, not the function, is written for a sane path.
                    sane = statement.replace("now()", "pg_catalog.now()")
                    state, told = asker.ask(sane)
                    assert "hijacked" not in told, one
                    assert state == plain[one], (name, one, told)
            with shop(name) as connection:
                asker = access.Asker(connection, name)
                connection.execute(TEMPORARY_TYPES)
                for one, statement in statements.items():
                    if statement.startswith("call"):
                        continue  # procedures that commit can pin no path; they have the caller's rights alone
                    # The arguments of the call itself are of the sane types.
                    state, told = asker.ask(statement.replace("::text", "::pg_catalog.text"))
                    assert "hijacked" not in told, one
                    assert state == plain[one], (name, one, told)
    finally:
        with shop() as superuser:
            superuser.execute("drop schema evil cascade")


#: The other arguments of a call with an injected one, so that it gets beyond the check for what is missing.
MEANT = {
    "p_customer_id": "101",
    "p_task_id": "1001",
    "p_campaign_id": "1",
    "p_interaction_type": "'call'",
    "p_engagement_type": "'call'",
    "p_name": "'somebody'",
    "p_relationship": "'child'",
    "p_status": "'completed'",
    "p_outcome": "'successful'",
    "p_campaign_name": "'Puja'",
    "p_campaign_type": "'sms'",
    "p_message_template": "'Happy Puja'",
    "p_channel": "'sms'",
    "p_key": "'x'",
}
INJECTIONS = (
    "'; drop table trustcart.customers; --",
    "' or '1'='1",
    '"; drop schema trustcart cascade; --',
    "$$; select pg_sleep(100); $$",
    "\\'; delete from trustcart.customers; --",
    "%s %I %L %1$s {} {{ name }}",
    "x'); truncate trustcart.sales_orders cascade; --",
    "\u202eবাংলা ☃",
)


@pytest.mark.parametrize("text", INJECTIONS)
def test_injected_text_is_data(shop, text):
    """In every text argument of every function of trustcart_api, one at a time, as an admin: an answer or a refusal of
    ours or of the type, never a syntax error, never a change of what it did not name."""
    with shop() as superuser:
        functions = superuser.execute(
            "select p.oid::regprocedure::text, p.proname, p.proargnames,"
            " array(select format_type(t, null) from unnest(p.proargtypes) as t), p.pronargs - p.pronargdefaults"
            " from pg_proc as p"
            " where p.pronamespace = 'trustcart_api'::regnamespace and p.prorettype <> 'trigger'::regtype"
        ).fetchall()
        before = superuser.execute("select count(*) from pg_class").fetchone()
    assert len(functions) >= 18
    with shop("admin") as connection:
        for identity, name, names, types, required in functions:
            for position, kind in enumerate(types):
                if kind not in ("text", "jsonb"):
                    continue
                values, arguments = [], []
                for other, argument in enumerate(names[: len(types)]):
                    if other == position:
                        arguments.append(f"{argument} => %s::{kind}")
                        values.append(json.dumps({text: text}) if kind == "jsonb" else text)
                    elif argument in MEANT:
                        arguments.append(f"{argument} => {MEANT[argument]}")
                    elif other < required:
                        arguments.append(f"{argument} => null::{types[other]}")
                try:
                    with connection.transaction(force_rollback=True):
                        connection.execute(f"select trustcart_api.{name}({', '.join(arguments)})", values)
                except psycopg.Error as error:
                    ours = (error.sqlstate or "").startswith(("TC", "22", "23"))
                    assert ours, (identity, names[position], error.sqlstate, str(error))
    with shop() as superuser:
        assert superuser.execute("select count(*) from pg_class").fetchone() == before
        assert superuser.execute("select count(*) from trustcart.customers").fetchone() == (3,)
        assert superuser.execute("select count(*) from trustcart.sales_orders where customer_id = 101").fetchone() == (
            3,
        )
