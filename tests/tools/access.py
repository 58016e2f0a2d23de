"""Who may see and do what, found by trying: every table, view and function of the contract, as everybody who might ask.

`python -m tests.tools.access` writes `tests/access.tsv` and `tests/rights.txt` anew from a private server; the tests
compare them with what they find, so that nobody widens a right without a diff.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

ACCESS_FILE = Path(__file__).parents[1] / "access.tsv"
RIGHTS_FILE = Path(__file__).parents[1] / "rights.txt"
GROUPS = ("agent", "manager", "admin", "service", "jobs", "gateway")

#: Login role → its group; `stranger` is in none, so it has what PUBLIC has.
LOGINS = {
    "agent_own": "trustcart_agent",
    "agent_other": "trustcart_agent",
    "leader_own": "trustcart_agent",
    "leader_other": "trustcart_agent",
    "manager": "trustcart_manager",
    "admin": "trustcart_admin",
    "service": "trustcart_service",
    "jobs": "trustcart_jobs",
    "web": "trustcart_gateway",
    "stranger": None,
}
#: The columns of access.tsv: who asks for what belongs to the customer of agent_own.
ASKING = ("manager", "agent_own", "agent_other", "forged", "service", "jobs", "web", "stranger")

CUSTOMER, TASK, AGENT, LEADER, OTHER, OTHER_LEADER, MANAGER, ADMIN = 101, 1001, 11, 12, 21, 22, 31, 41
#: What only the customer's own people may read; none is part of another.
PERSONAL = ("Quxfirst", "Quxlast", "quxmail", "1711223344", "1711223355", "Quxstreet", "Quxnote", "Quxchild", "Quxtalk")
CONTACT = ("quxmail@", "1711223344", "1711223355")

SHOP = f"""
insert into trustcart.users (id, name, role, db_role, team_leader_id) values
({LEADER}, 'Leader', 'crm_agent', 'leader_own', null), ({AGENT}, 'Agent', 'crm_agent', 'agent_own', {LEADER}),
({OTHER_LEADER}, 'Other leader', 'crm_agent', 'leader_other', null),
({OTHER}, 'Other', 'crm_agent', 'agent_other', {OTHER_LEADER}),
({MANAGER}, 'Manager', 'crm_manager', 'manager', null), ({ADMIN}, 'Admin', 'admin', 'admin', null);
insert into trustcart.categories (id, name) values (1, 'Honey');
insert into trustcart.products (id, name, category_id, price) values (1, 'Honey 500g', 1, 500), (2, 'Tea', 1, 300);
insert into trustcart.customers
(id, first_name, last_name, email, phone, mobile, address, notes, date_of_birth, assigned_agent_id)
values
({CUSTOMER}, 'Quxfirst', 'Quxlast', 'quxmail@example.com', '01711223344', '01711223355', 'Quxstreet', 'Quxnote',
    trustcart.business_date() - 10000, {AGENT}),
(102, 'Rival', 'Customer', 'rival@example.com', '01811223344', null, null, null, null, {OTHER}),
(103, 'No', 'Body', 'nobody@example.com', '01911223344', null, null, null, null, null);
insert into trustcart.customer_family_members (customer_id, name, relationship, phone, date_of_birth)
values ({CUSTOMER}, 'Quxchild', 'child', '01711223355', trustcart.business_date() - 3000);
insert into trustcart.sales_orders (id, customer_id, order_date, total_amount, status, notes)
select g, {CUSTOMER}, trustcart.business_date() - 65 - g, 20000, 'delivered', 'Quxnote'
from generate_series(1, 3) as g;
insert into trustcart.sales_order_items (order_id, product_id, quantity, unit_price)
select g, 1, 1, 500 from generate_series(1, 3) as g;
insert into trustcart.carts (customer_id) values ({CUSTOMER});
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, subject, details, agent_id)
values ({CUSTOMER}, 'call', 'outbound', 'Quxtalk', 'Quxtalk', {AGENT});
insert into trustcart.customer_engagement_history (customer_id, engagement_type, content)
values ({CUSTOMER}, 'call', 'Quxtalk');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_type, task_date, notes)
values ({TASK}, {CUSTOMER}, {AGENT}, 'follow_up', trustcart.business_date(), 'Quxnote'),
(1002, 102, {OTHER}, 'follow_up', trustcart.business_date(), null);
insert into trustcart.crm_call_attempts (task_id, customer_id, agent_id, outcome, notes)
values ({TASK}, {CUSTOMER}, {AGENT}, 'no_answer', 'Quxtalk');
select trustcart.record_consent({CUSTOMER}, 'push', true, 'Quxnote');
select trustcart.set_contact_preferences({CUSTOMER}, p_language => 'bn');
insert into trustcart.customer_phone_flags (customer_id, phone) values ({CUSTOMER}, '+8801711223355');
insert into trustcart.marketing_campaigns (id, campaign_name, campaign_type, target_segment, message_template)
values (1, 'Eid', 'sms', 'all', 'Eid Mubarak'), (2, 'Eid again', 'email', 'all', 'Eid Mubarak');
select trustcart.send_campaign(1);
select trustcart.detect_dropoffs();
select trustcart.refresh_customer_behavior();
select trustcart.refresh_recommendations();
"""

_EMPTY = "'{}'"
#: Arguments by name; the rest by type.
_ARGUMENTS = {
    "p_customer_id": str(CUSTOMER),
    "p_customer_ids": f"array[{CUSTOMER}]",
    "p_task_id": str(TASK),
    "p_task_ids": f"array[{TASK}]",
    "p_agent_id": str(AGENT),
    "p_user_id": str(AGENT),
    "p_from_agent_id": str(AGENT),
    "p_campaign_id": "2",
    "p_phone": "'01711223344'",
    "p_outcome": "'successful - Quxorder'",
    "p_task_type": "'other'",
    "p_channel": "'sms'",
    "p_name": "'somebody'",
    "p_relationship": "'child'",
    "p_status": "'completed'",
    "p_interaction_type": "'call'",
    "p_engagement_type": "'call'",
    "p_campaign_type": "'sms'",
    "p_segment": "'all'",
    "p_from": "trustcart.business_date() - 7",
    "p_to": "trustcart.business_date()",
    "p_until": "trustcart.business_date() + 1",
    "p_why": "'because'",
    "p_reason": "'because'",
    "p_due_at": "now() + interval '10 minutes'",
    "p_job_name": "'refresh_customer_state'",
    "p_request_id": "'a-request'",
    "p_limit": "20",
    "p_xid": "'0'",
    "p_id": "0",
    "p_key_digest": "sha256('key')",
    "p_fingerprint": "sha256('request')",
    "p_http_status": "201",
}
#: What a call needs beyond that to be answered: function → arguments.
_CALLS = {
    "agent_performance_by_period": {"p_period": "'week'"},
    "clear_wrong_number": {"p_phone": "'01711223355'"},
    "dismiss_duplicate": {"p_customer_id": "101", "p_other_customer_id": "103"},
    "merge_customers": {"p_survivor_id": "101", "p_duplicate_id": "103"},
    "change_call_settings": {"p_changes": "'{\"contactsPerWeek\": 3}'"},
    "change_call_task_type": {"p_task_type": "'at_risk'", "p_changes": "'{\"maxCalls\": 2}'"},
    "page_automation_backtest": {"p_task_type": "'at_risk'", "p_changes": "'{\"maxCalls\": 3}'"},
    "page_automation_draft": {
        "p_campaign_name": "'Puja'",
        "p_campaign_type": "'sms'",
        "p_target_segment": "'all'",
        "p_message_template": "'Happy Puja {{ name }}'",
    },
    "page_automation_audience": {"p_campaign_type": "'sms'", "p_target_segment": "'all'"},
    "save_recommendation_rule": {"p_product_id": "1"},
    "create_campaign": {"p_campaign_name": "'Puja'", "p_message_template": "'Happy Puja'"},
    "create_segment": {"p_rules": '\'[{"attribute": "customer_type", "words": ["vip"]}]\''},
    "generate_daily_call_tasks": {"p_task_date": "trustcart.business_date()"},
    "record_receipt": {"p_kind": "'delivered'", "p_provider_message_id": "'unknown'"},
    "save_consent": {"p_granted": "true"},
    "set_contact_preferences": {"p_language": "'en'"},
    "snooze_call": {"p_minutes": "1"},
    "snooze_call_task": {"p_until": "now() + interval '10 minutes'"},
    "to_business_date": {"p_date": "'2026-01-01'"},
    "update_call_task_status": {"p_outcome": "'successful'"},
}
_BY_TYPE = {
    "bigint": "1",
    "integer": "1",
    "smallint": "1",
    "numeric": "1",
    "double precision": "1",
    "boolean": "true",
    "text": "'x'",
    "name": "'x'",
    "uuid": "gen_random_uuid()",
    "jsonb": "'{}'",
    "bytea": "'\\x00'",
    "date": "trustcart.business_date()",
    "timestamp with time zone": "now()",
    "interval": "interval '1 day'",
    "xid8": "'0'",
}


@contextmanager
def logins(connection: psycopg.Connection) -> Iterator[None]:
    """The login roles of LOGINS, for as long as the block runs. Argument: a superuser's connection in autocommit."""
    _drop_logins(connection)
    for login, group in LOGINS.items():
        connection.execute(sql.SQL("create role {} login").format(sql.Identifier(login)))
        if group:
            connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(group), sql.Identifier(login)))
    try:
        yield
    finally:
        _drop_logins(connection)


def _drop_logins(connection: psycopg.Connection) -> None:
    for login in LOGINS:
        if connection.execute("select from pg_roles where rolname = %s", [login]).fetchone() is not None:
            connection.execute(sql.SQL("drop owned by {0}; drop role {0}").format(sql.Identifier(login)))


def objects(connection: psycopg.Connection) -> dict[str, str]:
    """Every table, view and function of the contract, with the statement that asks it.

    Result: name (functions with their argument types) → SQL, in the order of the names.
    """
    found = {}
    relations = connection.execute(
        "select oid::regclass::text from pg_class"
        " where relnamespace::regnamespace::text in ('trustcart', 'trustcart_api')"
        " and relkind in ('r', 'p', 'v', 'm') and not relispartition"
    ).fetchall()
    for (name,) in relations:
        found[name] = f"select x::text from {name} as x"
    functions = connection.execute(
        "select oid::regprocedure::text, pronamespace::regnamespace || '.' || proname, prokind = 'p', proargnames,"
        " array(select format_type(t, null) from unnest(proargtypes) as t), pronargs - pronargdefaults"
        " from pg_proc where pronamespace::regnamespace::text in ('trustcart', 'trustcart_api')"
        " and prokind in ('f', 'p') and prorettype <> 'trigger'::regtype"
    ).fetchall()
    for identity, name, is_procedure, names, types, required in functions:
        arguments = []
        special = _CALLS.get(name.split(".")[1], {})
        for position in range(len(types)):
            argument = names[position] if names else ""
            if argument in special:
                arguments.append(f"{argument} => ({special[argument]})::{types[position]}")
            elif position < required or argument in ("p_customer_id", "p_task_id", "p_agent_id", "p_request_id"):
                arguments.append(f"{argument} => {_argument(argument, types[position])}")
        call = f"{name}({', '.join(arguments)})"
        found[identity] = f"call {call}" if is_procedure else f"select x::text from {call} as x"
    return dict(sorted(found.items()))


def _argument(name: str, kind: str) -> str:
    if kind.endswith("[]"):
        return f"({_ARGUMENTS.get(name, _EMPTY)})::{kind}"
    value = _ARGUMENTS.get(name, _BY_TYPE.get(kind, "null"))
    return f"({value})::{kind}"


class Asker:
    """Asks as one of ASKING; every question is undone.

    Arguments: the connection of the login role concerned, the name. `ask` gives the SQLSTATE, or "rows" and the text of
    all that came back, notices included.
    """

    def __init__(self, connection: psycopg.Connection, name: str) -> None:
        self.connection, self.name = connection, name

    def ask(self, statement: str) -> tuple[str, str]:
        """Result: ("rows" or the SQLSTATE, everything the asker gets to read)."""
        said: list[str] = []
        handler = lambda diagnostic: said.append(f"{diagnostic.message_primary} {diagnostic.message_detail}")  # noqa: E731
        self.connection.add_notice_handler(handler)
        try:
            with self.connection.transaction(force_rollback=True):
                if self.name == "forged":
                    # An agent's own session, claiming to be the manager, and the agent whose customer it is.
                    self.connection.execute(
                        "select set_config('request.jwt.claims', %s, true),"
                        " set_config('request.jwt.claim.sub', %s, true)",
                        [f'{{"sub": "{AGENT}", "role": "admin"}}', str(AGENT)],
                    )
                self.connection.execute("set local statement_timeout = '60s'")
                cursor = self.connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
            return "rows", "\n".join([*map(str, rows), *said])
        except psycopg.Error as error:
            diagnostic = error.diag
            told = [diagnostic.message_primary, diagnostic.message_detail, diagnostic.message_hint, *said]
            return error.sqlstate or "?", "\n".join(str(text) for text in told)
        finally:
            self.connection.remove_notice_handler(handler)


def login_of(asking: str) -> str:
    """The login role with which one of ASKING connects."""
    return "agent_other" if asking == "forged" else asking


def leaks(text: str, marks: tuple[str, ...]) -> list[str]:
    """The marks that stand in a text, phones also when written with other characters between the digits."""
    digits = re.sub(r"\D", "", text) if any(mark.isdigit() for mark in marks) else ""
    return [mark for mark in marks if mark in text or (mark.isdigit() and mark in digits)]


def rights(connection: psycopg.Connection) -> list[str]:
    """Every object × role × privilege of our three schemas, but the owner's: one line each, in order."""
    lines = connection.execute(
        """
        with roles as (
            select oid, rolname::text as name from pg_roles where rolname ~ '^trustcart_'
            union all select 0::oid, 'PUBLIC'
        ),
        acls as (
            select 'schema' as kind, nspname::text as name, nspacl as acl from pg_namespace where nspname ~ '^trustcart'
            union all
            select case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end,
                c.oid::regclass::text, c.relacl
            from pg_class as c where c.relnamespace::regnamespace::text ~ '^trustcart'
            union all
            select 'column', a.attrelid::regclass || '.' || a.attname, a.attacl
            from pg_attribute as a join pg_class as c on c.oid = a.attrelid
            where c.relnamespace::regnamespace::text ~ '^trustcart' and a.attacl is not null
            union all
            -- A null ACL is that of birth, with EXECUTE for PUBLIC.
            select case p.prokind when 'p' then 'procedure' else 'function' end, p.oid::regprocedure::text,
                coalesce(p.proacl, acldefault('f', p.proowner))
            from pg_proc as p where p.pronamespace::regnamespace::text ~ '^trustcart'
        )
        select a.kind || ' ' || a.name || ': ' || r.name || ' '
            || string_agg(lower(x.privilege_type), ', ' order by x.privilege_type)
        from acls as a cross join lateral aclexplode(a.acl) as x join roles as r on r.oid = x.grantee
        group by a.kind, a.name, r.name
        """
    ).fetchall()
    return sorted(line for (line,) in lines)


def access(superuser: psycopg.Connection, connect: Callable[[str], psycopg.Connection]) -> list[str]:
    """Ask everything as everybody.

    Arguments: a superuser's connection to the shop, connect(login) → connection. Result: the lines of access.tsv.
    """
    asked = objects(superuser)
    askers = [Asker(connect(login_of(name)), name) for name in ASKING]
    lines = ["\t".join(("object", *ASKING))]
    try:
        for name, statement in asked.items():
            lines.append("\t".join((name, *(asker.ask(statement)[0] for asker in askers))))
    finally:
        for asker in askers:
            asker.connection.close()
    return lines


def main() -> None:
    """Write both files anew."""
    from tests.tools.system import find_installation, majors
    from trustcart_db.bundle import read_bundle
    from trustcart_db.migrate import migrate
    from trustcart_db.server import THROW_AWAY, PrivateServer

    with PrivateServer(find_installation(majors()[0]), settings=THROW_AWAY) as server:
        url = server.create_database("shop")
        migrate(url, read_bundle())
        with server.connect("shop") as connection, logins(connection):
            RIGHTS_FILE.write_text("\n".join(rights(connection)) + "\n", encoding="utf-8")
            connection.execute(SHOP)
            found = access(connection, lambda login: server.connect("shop", login))
            ACCESS_FILE.write_text("\n".join(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
