"""The demo: a sample shop in a Postgres of its own (or in a database that is given), one day's run, and what to see.

Running it again finds the shop there and changes nothing.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from trustcart_db import importer, jobs, sample_shop
from trustcart_db.bundle import read_bundle
from trustcart_db.connection import connect
from trustcart_db.errors import RefusedError
from trustcart_db.migrate import migrate
from trustcart_db.server import PrivateServer, embedded_installation, state_dir

DATABASE = "trustcart_demo"
_MARK = "DEMO-%"

Row = dict[str, object]


class Prepared(NamedTuple):
    """What `prepare` did: imported (whether the shop was made now), orders (of it), runs (of jobs; none if all had
    run)."""

    imported: bool
    orders: int
    runs: list[Row]


@contextlib.contextmanager
def own_server(*, fresh: bool = False) -> Iterator[tuple[PrivateServer, str]]:
    """Start the embedded server with the data of the demo, and stop it at the end.

    Argument: whether to drop the database first. Result: a context manager that gives the server and the URL of its
    database. Raises MissingError without the embedded Postgres, BusyError while another demo runs.
    """
    installation = embedded_installation()
    data_dir = state_dir() / f"demo-{installation.major}"
    with PrivateServer(installation, data_dir) as server:
        if fresh:
            server.drop_database(DATABASE)
        with server.connect() as connection:
            found = connection.execute("select from pg_database where datname = %s", [DATABASE]).fetchone()
        yield server, server.create_database(DATABASE) if found is None else server.url(DATABASE)


def prepare(conninfo: str, tell: Callable[[str], None], progress: importer.Progress | None = None) -> Prepared:
    """Migrate, import the sample shop where it is not there yet, and run the day's jobs that have not run.

    Arguments: the conninfo; what to tell each step; progress of the import. Result: a Prepared. Raises RefusedError for
    a database that holds other customers, psycopg.Error, TrustCartError.
    """
    tell("Migrating")
    migrate(conninfo, read_bundle())
    with connect(conninfo, autocommit=True) as connection:
        there = _shop_is_there(connection)
        if not there:
            tell("Importing the sample shop")
            _import_shop(connection, progress)
        orders = connection.execute("select count(*) from trustcart.sales_orders").fetchone()[0]
        runs = jobs.run_daily(connection, only_missing=True, tell=lambda job: tell(f"Running {job}"))
        if not there:
            _work_the_morning(connection)
    return Prepared(not there, orders, runs)


def _shop_is_there(connection: psycopg.Connection) -> bool:
    found, customers = connection.execute(
        "select exists (select from trustcart.sales_orders as o where o.order_number like %s),"
        " exists (select from trustcart.customers as c)",
        [_MARK],
    ).fetchone()
    if customers and not found:
        raise RefusedError(
            "This database holds customers already, and the demo would mix its own with them.",
            "Give it an empty database, or unset DATABASE_URL to have one of its own.",
        )
    return found


def _import_shop(connection: psycopg.Connection, progress: importer.Progress | None) -> None:
    """The whole shop or, if anything fails, nothing."""
    anchor = connection.execute("select trustcart.business_date()").fetchone()[0]
    shop = sample_shop.make_shop(anchor)
    with tempfile.TemporaryDirectory(prefix="trustcart-demo-") as directory, connection.transaction():
        _insert(
            connection,
            "insert into trustcart.users (name, email, role) values (%(name)s, %(email)s, %(role)s)",
            shop.users,
        )
        _insert(
            connection,
            "update trustcart.users as u set team_leader_id = l.id from trustcart.users as l"
            " where u.email = %(email)s and l.email = %(leader)s",
            shop.users,
        )
        importer.import_files(connection, shop.write_csv(Path(directory)), progress=progress)
        _insert(
            connection,
            "insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth)"
            " values (%(customer_id)s, %(name)s, %(relationship)s, %(date_of_birth)s)",
            shop.family,
        )
        _insert(
            connection,
            "insert into trustcart.customer_interactions (customer_id, interaction_type, direction, subject, details,"
            " outcome, agent_id, interaction_date, follow_up_date)"
            " select %(customer_id)s, %(interaction_type)s, %(direction)s, %(subject)s, nullif(%(details)s, ''),"
            " %(outcome)s, u.id, %(interaction_date)s::timestamp at time zone s.time_zone, %(follow_up_date)s"
            " from trustcart.users as u cross join trustcart.settings as s where u.email = %(agent)s",
            shop.interactions,
        )
        _insert(
            connection,
            "insert into trustcart.customer_engagement_history"
            " (customer_id, engagement_type, channel, content, response, created_at)"
            " select %(customer_id)s, %(engagement_type)s, %(channel)s, %(content)s, %(response)s,"
            " %(created_at)s::timestamp at time zone s.time_zone from trustcart.settings as s",
            shop.engagements,
        )
        _insert(
            connection,
            "insert into trustcart.carts (customer_id, total_amount, created_at, last_active_at)"
            " select %(customer_id)s, %(total_amount)s, %(created_at)s::timestamp at time zone s.time_zone,"
            " %(last_active_at)s::timestamp at time zone s.time_zone from trustcart.settings as s",
            shop.carts,
        )
        _import_team(connection, shop)
        _import_marketing(connection, anchor)
        # Placed when they were placed, and not all at the moment of the import.
        connection.execute(
            "update trustcart.customer_engagement_history as e set created_at = o.ordered_at"
            " from trustcart.sales_orders as o"
            " where e.engagement_type = 'order_placed' and e.content = 'Order #' || o.id || ' placed'"
            " and o.ordered_at is not null"
        )
        _replay(connection, min(order["order_date"] for order in shop.orders), anchor)
        _learn(connection, anchor)


def _replay(connection: psycopg.Connection, first: date, anchor: date) -> None:
    """Let the customers' state live through the time since the first order: an import alone only knows today's."""
    connection.execute("select trustcart.refresh_customer_state(%s::date - 1, p_rewind => true)", [first])
    # What the import said at once, and that it was unsaid.
    for history in ("customer_state_changes", "customer_dropoff_tracking", "loyalty_tier_changes"):
        connection.execute(sql.SQL("delete from trustcart.{}").format(sql.Identifier(history)))
    # A stage is dated by its threshold, a tier by the day it was looked at.
    days = (anchor - first).days
    for ago in [*range(days, 0, -10), 0]:
        connection.execute("select trustcart.refresh_customer_state(%s)", [anchor - timedelta(days=ago)])


def _learn(connection: psycopg.Connection, anchor: date) -> None:
    """Let the shop have a model: one in use today, and a month old, so that its forecast has an outcome."""
    fitted_on = anchor - timedelta(days=30)
    connection.execute("select trustcart.fit_customer_model(p_to => %s::date - 1)", [fitted_on])
    connection.execute(
        "update trustcart.customer_models as m"
        " set fitted_on = %(day)s, fitted_at = (%(day)s::date + time '01:30') at time zone s.time_zone"
        " from trustcart.settings as s",
        {"day": fitted_on},
    )


def _work_the_morning(connection: psycopg.Connection) -> None:
    """The first calls of today's list are made: a day of which nothing is done yet shows little."""
    with connection.transaction():
        # As in the history: the trigger would have all of them made at this moment.
        connection.execute("alter table trustcart.crm_call_tasks disable trigger crm_call_tasks_derive")
        connection.execute(_MORNING)
        connection.execute("alter table trustcart.crm_call_tasks enable trigger crm_call_tasks_derive")


_MORNING = """
    with spans as (
        select
            greatest(
                now() - interval '150 minutes', trustcart.business_date()::timestamp at time zone s.time_zone
            ) as began
        from trustcart.settings as s
    ),

    calls as (
        select
            t.id,
            trustcart_private.stable_fraction('morning:' || t.customer_id) as draw,
            row_number() over (partition by t.assigned_agent_id order by t.priority_rank, t.id) as place
        from trustcart.crm_call_tasks as t
        where
            t.task_date = trustcart.business_date() and t.status = 'pending' and t.source = 'generated'
            and t.assigned_agent_id is not null
    ),

    made as (
        select
            c.id,
            c.draw,
            p.began + (now() - p.began) * (c.place / 9.0) as started_at,
            least((now() - p.began) * 0.1, interval '90 seconds' + interval '8 minutes' * c.draw) as lasted
        from calls as c
        cross join spans as p
        where c.place <= 8
    )

    update trustcart.crm_call_tasks as t
    set
        status = 'completed',
        outcome = case
            when m.draw < 0.25 then 'successful - ordered' when m.draw < 0.7 then 'successful' else 'not_interested'
        end,
        started_at = m.started_at,
        completed_at = m.started_at + m.lasted,
        closed_at = m.started_at + m.lasted,
        updated_at = m.started_at + m.lasted
    from made as m
    where t.id = m.id
"""


def _import_team(connection: psycopg.Connection, shop: sample_shop.Shop) -> None:
    """When the agents work, what customers wish, and the calls of the past weeks."""
    connection.execute("update trustcart.settings set quiet_from = '21:00', quiet_until = '08:00'")
    _insert(
        connection,
        "insert into trustcart.shop_holidays (holiday_on, name) values (%(holiday_on)s, %(name)s)",
        shop.holidays,
    )
    _insert(
        connection,
        "insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)"
        " select u.id, %(weekday)s, %(works_from)s::time, %(works_until)s::time, %(max_calls)s"
        " from trustcart.users as u where u.email = %(agent)s",
        shop.working_hours,
    )
    _insert(
        connection,
        "insert into trustcart.agent_leave (agent_id, during, reason)"
        " select u.id, daterange(%(first)s, %(end)s), %(reason)s from trustcart.users as u where u.email = %(agent)s",
        shop.leave,
    )
    _insert(
        connection,
        "insert into trustcart.agent_languages (agent_id, language)"
        " select u.id, %(language)s from trustcart.users as u where u.email = %(agent)s",
        shop.languages,
    )
    _insert(
        connection,
        "insert into trustcart.customer_contact_preferences (customer_id, preferred_from, preferred_until, language)"
        " values (%(customer_id)s, %(preferred_from)s, %(preferred_until)s, %(language)s)",
        shop.preferences,
    )
    _insert(
        connection,
        "insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at, source)"
        " select %(customer_id)s, %(channel)s, %(granted)s, %(recorded_at)s::timestamp at time zone s.time_zone,"
        " %(source)s from trustcart.settings as s",
        shop.consents,
    )
    # Of a task that is inserted closed the trigger takes the moment for the time it was closed: right for work, wrong
    # for a history.
    connection.execute("alter table trustcart.crm_call_tasks disable trigger crm_call_tasks_derive")
    _insert(
        connection,
        "insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_type, priority, task_date, status,"
        " outcome, notes, started_at, completed_at, closed_at, created_at, updated_at)"
        " select %(customer_id)s, u.id, %(task_type)s, %(priority)s, %(task_date)s, %(status)s, %(outcome)s, %(notes)s,"
        " %(started_at)s::timestamp at time zone s.time_zone,"
        " case when %(status)s = 'completed' then %(closed_at)s::timestamp at time zone s.time_zone end,"
        " %(closed_at)s::timestamp at time zone s.time_zone, %(task_date)s::timestamp at time zone s.time_zone,"
        " %(closed_at)s::timestamp at time zone s.time_zone"
        " from trustcart.users as u cross join trustcart.settings as s where u.email = %(agent)s",
        shop.calls,
    )
    connection.execute("alter table trustcart.crm_call_tasks enable trigger crm_call_tasks_derive")


def _import_marketing(connection: psycopg.Connection, anchor: date) -> None:
    """Segments, rules, campaigns of today and of the days to come, and a past one with what became of it."""
    connection.execute(
        "update trustcart.settings set shop_name = 'TrustCart Organics', public_url = 'https://shop.example.com'"
    )
    connection.execute(
        "select trustcart.create_segment('families', %s, 'Families with children in and around Dhaka')",
        [Jsonb(sample_shop.SEGMENT)],
    )
    for campaign in sample_shop.campaigns(anchor):
        columns = sql.SQL(", ").join(map(sql.Identifier, campaign))
        values = sql.SQL(", ").join(map(sql.Placeholder, campaign))
        connection.execute(
            sql.SQL("insert into trustcart.marketing_campaigns ({}) values ({})").format(columns, values), campaign
        )
    _insert(
        connection,
        "insert into trustcart.product_recommendation_rules"
        " (rule_name, product_id, target_category, target_customer_type, discount_percentage)"
        " select %(rule_name)s, p.id, %(target_category)s, %(target_customer_type)s, %(discount_percentage)s"
        " from trustcart.products as p where p.name = %(product)s",
        sample_shop.RECOMMENDATION_RULES,
    )
    past = sample_shop.past_campaign(anchor)
    _insert(
        connection,
        "insert into trustcart.campaign_variants (campaign_id, variant, message_template)"
        " select c.id, %(variant)s, %(message_template)s"
        " from trustcart.marketing_campaigns as c where c.campaign_name = %(campaign_name)s",
        past["variants"],
    )
    # The audience as it would have been frozen then, and what came back, drawn by hash: the same shop, the same result.
    for statement in _PAST_CAMPAIGN:
        connection.execute(statement, past["campaign"])


_PAST_CAMPAIGN = (
    """
    select set_config('trustcart.freezing', c.id::text, true)
    from trustcart.marketing_campaigns as c
    where c.campaign_name = %(campaign_name)s
    """,
    """
    update trustcart.marketing_campaigns as c
    set frozen_at = (c.start_date + time '10:00') at time zone s.time_zone
    from trustcart.settings as s
    where c.campaign_name = %(campaign_name)s
    """,
    """
    insert into trustcart.campaign_messages (
        campaign_id, customer_id, channel, address, variant, status, attempts, not_before, queued_at, sent_at
    )
    select
        c.id, a.customer_id, c.campaign_type, a.address, a.variant, 'sent', 1, c.frozen_at, c.frozen_at,
        c.frozen_at + interval '5 minutes'
    from trustcart.marketing_campaigns as c
    cross join lateral trustcart_private.campaign_audience(c.id, c.frozen_at, c.start_date) as a
    where c.campaign_name = %(campaign_name)s and a.reason is null
    """,
    """
    insert into trustcart.campaign_exclusions (campaign_id, customer_id, reason, detail, excluded_at)
    select c.id, a.customer_id, a.reason, a.detail, c.frozen_at
    from trustcart.marketing_campaigns as c
    cross join lateral trustcart_private.campaign_audience(c.id, c.frozen_at, c.start_date) as a
    where
        c.campaign_name = %(campaign_name)s and a.reason is not null
        and a.customer_id not in (select m.customer_id from trustcart.campaign_messages as m where m.campaign_id = c.id)
    """,
    """
    insert into trustcart.campaign_delivery_attempts (message_id, attempt, worker, started_at, finished_at, outcome)
    select m.id, 1, 0, m.sent_at, m.sent_at, 'accepted'
    from trustcart.campaign_messages as m
    """,
    """
    update trustcart.campaign_messages as m
    set
        delivered_at = case when h.draw < 0.96 then m.sent_at + interval '1 minute' end,
        opened_at = case when h.draw < 0.71 then m.sent_at + interval '2 hours' * (1 + h.draw) end,
        responded_at = case when h.draw < 0.09 then m.sent_at + interval '4 hours' end
    from (
        select o.id, trustcart_private.stable_fraction('demo:' || o.customer_id) as draw
        from trustcart.campaign_messages as o
    ) as h
    where m.id = h.id
    """,
    """
    insert into trustcart.sales_orders (
        order_number, customer_id, order_date, ordered_at, total_amount, status, payment_method, coupon_code
    )
    select
        'DEMO-C' || m.customer_id,
        m.customer_id,
        (m.opened_at at time zone s.time_zone)::date + 1,
        m.opened_at + interval '1 day',
        650 + 50 * floor(h.draw * 40),
        'delivered',
        'bKash',
        c.discount_code
    from trustcart.campaign_messages as m
    inner join trustcart.marketing_campaigns as c on m.campaign_id = c.id
    cross join trustcart.settings as s
    cross join lateral (select trustcart_private.stable_fraction('buys:' || m.customer_id) as draw) as h
    where m.opened_at is not null and h.draw < case m.variant when 'A' then 0.14 else 0.24 end
    order by m.customer_id
    """,
)


def _insert(connection: psycopg.Connection, statement: str, rows: list[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


class Picture(NamedTuple):
    """What a manager wants to see.

    business_date, totals, segments (of report_segments), stages, calls (the first of the list, in its order), kinds
    (task types and how many calls of each), agents, team (leaderboard of the last four weeks), customer (one in 360°),
    family and orders of that customer, script (of the call to that customer), campaigns (what became of each), messages
    (the first that wait to go out), recommendations (for that customer), seen (how many customers, and what of that
    one, each kind of asker sees; empty where the role may not become another), audit (how much is logged and sealed).
    """

    business_date: object
    totals: Row
    segments: list[Row]
    stages: list[Row]
    calls: list[Row]
    kinds: list[Row]
    agents: list[Row]
    team: list[Row]
    customer: Row
    family: list[Row]
    orders: list[Row]
    script: Row
    campaigns: list[Row]
    messages: list[Row]
    recommendations: list[Row]
    seen: list[Row]
    audit: Row


def _seen(connection: psycopg.Connection, customer_id: int) -> list[Row]:
    """What a manager, each of the agents on duty and a reporting service see of the shop, as themselves."""
    with connection.cursor(row_factory=dict_row) as cursor:
        askers = cursor.execute(_ASKERS).fetchall()
        seen = []
        for asker in askers:
            try:
                with connection.transaction(force_rollback=True):
                    cursor.execute(asker["become"])
                    (row,) = cursor.execute(_SEEN, [customer_id]).fetchall()
            except psycopg.errors.InsufficientPrivilege:
                return []
            seen.append({"who": asker["who"], **row})
    return seen


def look(connection: psycopg.Connection, calls: int = 14) -> Picture:
    """Read the picture. Arguments: a connection; how many calls. Result: a Picture. Raises psycopg.Error."""

    def rows(query: str, *parameters: object) -> list[Row]:
        with connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, parameters).fetchall()

    today = rows("select trustcart.business_date() as today")[0]["today"]
    listed = rows(_CALLS, today)
    # One customer to look at closely: the first of the list with most to tell.
    chosen = rows(_CHOSEN, today)
    customer_id = chosen[0]["customer_id"] if chosen else 1
    customer = rows(
        "select v.*, i.recommended_action, i.p_alive, i.expected_orders_90_days, i.expected_value_90_days"
        " from trustcart.customer_360_view as v"
        " inner join trustcart.customer_intelligence as i on v.customer_id = i.customer_id where v.customer_id = %s",
        customer_id,
    )
    return Picture(
        business_date=today,
        totals=rows(_TOTALS)[0],
        segments=rows("select * from trustcart.report_segments()"),
        stages=rows(
            "select c.lifecycle_stage, count(*) as customers from trustcart.customers as c group by c.lifecycle_stage"
        ),
        calls=listed[:calls],
        kinds=rows(_KINDS, today),
        agents=rows(_AGENTS, today),
        team=rows("select * from trustcart.agent_leaderboard(%s::date - 27, %s::date)", today, today),
        customer=customer[0] if customer else {},
        family=rows(
            "select f.name, f.relationship, f.date_of_birth from trustcart.customer_family_members as f"
            " where f.customer_id = %s order by f.id",
            customer_id,
        ),
        orders=rows(
            "select o.order_date, o.total_amount, o.status, o.payment_method from trustcart.sales_orders as o"
            " where o.customer_id = %s order by o.order_date desc, o.id desc limit 3",
            customer_id,
        ),
        script=rows("select trustcart.call_script(%s) as script", chosen[0]["id"])[0]["script"] if chosen else {},
        campaigns=rows(_CAMPAIGNS, today),
        messages=rows(_MESSAGES),
        recommendations=rows("select * from trustcart.get_product_recommendations(%s, 3)", customer_id),
        seen=_seen(connection, customer_id),
        audit=rows(_AUDIT)[0],
    )


_TOTALS = """
    select
        count(*) as customers,
        sum(c.order_count) as orders,
        sum(c.total_spend) as revenue,
        count(*) filter (where c.phone is not null and c.phone_e164 is null) as unreadable_phones,
        (
            select count(*)
            from trustcart.customer_dropoff_tracking as d
            where d.closed_on is null and d.risk_level in ('high', 'critical')
        ) as dropping_off,
        (
            select count(*)
            from trustcart.upcoming_birthdays_anniversaries as e
        ) as upcoming_events
    from trustcart.customers as c
"""

_CALLS = r"""
    select
        t.priority,
        concat_ws(' ', c.first_name, c.last_name) as customer,
        regexp_replace(trustcart.shown_phone(coalesce(c.phone_e164, c.phone)), '^\+880', '0') as phone,
        t.task_type,
        p.value_at_stake,
        p.why,
        u.name as agent
    from trustcart.crm_call_tasks as t
    left join trustcart.plan_daily_call_tasks() as p on t.customer_id = p.customer_id
    inner join trustcart.customers as c on t.customer_id = c.id
    inner join trustcart.call_task_types as y on t.task_type = y.task_type
    left join trustcart.users as u on t.assigned_agent_id = u.id
    where t.task_date = %s and t.status = 'pending'
    order by t.priority_rank, t.list_position nulls first, t.id
"""

_KINDS = """
    select t.task_type, count(*) as calls
    from trustcart.crm_call_tasks as t
    inner join trustcart.call_task_types as y on t.task_type = y.task_type
    where t.task_date = %s and t.status = 'pending'
    group by t.task_type, y.rank
    order by y.rank
"""

_CHOSEN = """
    select
        t.id,
        t.customer_id
    from trustcart.crm_call_tasks as t
    inner join trustcart.customers as c on t.customer_id = c.id
    inner join trustcart.call_task_types as y on t.task_type = y.task_type
    where t.task_date = %s and t.status = 'pending'
    order by
        t.priority_rank,
        not exists (select from trustcart.customer_family_members as f where f.customer_id = c.id),
        c.order_count < 6,
        y.rank,
        c.total_spend desc,
        t.id
    limit 1
"""

_AGENTS = """
    select
        a.agent_name as agent,
        coalesce(a.absence, to_char(a.works_from, 'HH24:MI') || '-' || to_char(a.works_until, 'HH24:MI')) as hours,
        a.absence is not null as is_away,
        a.max_calls,
        count(t.id) as calls,
        count(t.id) filter (where t.priority = 'hot') as hot,
        count(t.id) filter (where t.priority = 'warm') as warm,
        count(t.id) filter (where t.priority = 'cold') as cold,
        (select count(*) from trustcart.customers as c where c.assigned_agent_id = a.agent_id) as own_customers
    from trustcart.agent_availability(%s) as a
    left join trustcart.crm_call_tasks as t
        on a.agent_id = t.assigned_agent_id and a.work_date = t.task_date and t.status = 'pending'
    group by a.agent_id, a.agent_name, a.works_from, a.works_until, a.absence, a.max_calls
    order by count(t.id) desc, a.agent_name
"""

_ASKERS = """
    select 'a manager' as who, 'set local role trustcart_manager' as become, 0 as place, 0::bigint as id
    union all
    select u.name, 'select trustcart.act_as(' || u.id || ')', 1, u.id
    from trustcart.users as u
    where u.role = 'crm_agent' and u.is_active
    union all
    select 'a reporting service', 'set local role trustcart_service', 2, 0
    order by 3, 4
"""

_SEEN = """
    select
        (select count(*) from trustcart.customer_360_view) as customers,
        (select max(v.phone) from trustcart.customer_360_view as v where v.customer_id = c.id) as phone,
        (select max(v.email) from trustcart.customer_360_view as v where v.customer_id = c.id) as email
    from (select %s::bigint as id) as c
"""

_AUDIT = """
    select
        (select count(*) from trustcart.audit_logs) as logged,
        (select count(*) from trustcart.audit_seals) as sealed,
        (select count(*) from trustcart.verify_audit_log()) as problems
"""

_CAMPAIGNS = """
    select
        p.*,
        c.target_segment,
        c.trigger_event,
        trustcart_private.campaign_status(c.is_active, c.start_date, c.end_date, %s) as status
    from trustcart.campaign_performance as p
    inner join trustcart.marketing_campaigns as c on p.campaign_id = c.id
    order by c.start_date nulls first, c.id
"""

_MESSAGES = """
    select m.channel, trustcart_private.mask_address(m.address) as address, r.body
    from trustcart_private.render_message(
        array(select o.id from trustcart.campaign_messages as o where o.status = 'queued' order by o.id limit 3)
    ) as r
    inner join trustcart.campaign_messages as m on r.message_id = m.id
    order by m.id
"""
