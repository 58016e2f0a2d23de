"""Makes a large shop out of a small one: copies of its customers with all that is theirs, under other ids.

What triggers and jobs derived is copied along, so a shop of ten million orders takes minutes. A copy has the names of
its original, which are as common as in a shop that has grown, and an e-mail address, phone numbers and order numbers of
its own. Products stay as many, and so do the agents who work: those of the copies have left, so that nobody has more
customers or a longer past than in the small shop. The audit is left out: it tells of how the small shop was made.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from psycopg import sql

from trustcart_db.server import PrivateServer

#: Each table of customers' rows: the columns that hold ids, by the table whose ids they are. The first one tells which
#: rows belong to the customers or orders that are copied.
_TABLES: dict[str, dict[str, str]] = {
    "trustcart.users": {"id": "users"},
    "trustcart.agent_days": {"agent_id": "users"},
    "trustcart.customers": {"id": "customers", "merged_into_id": "customers", "assigned_agent_id": "users"},
    "trustcart.customer_family_members": {"customer_id": "customers", "id": "family"},
    "trustcart.customer_event_days": {"customer_id": "customers", "id": "event_days", "family_member_id": "family"},
    "trustcart_private.phone_book": {"customer_id": "customers", "family_member_id": "family"},
    "trustcart_private.customer_words": {"customer_id": "customers"},
    "trustcart.sales_orders": {"customer_id": "customers", "id": "orders"},
    "trustcart.sales_order_items": {"order_id": "orders", "id": "items"},
    "trustcart.customer_behavior": {"customer_id": "customers", "id": "behaviors"},
    "trustcart.customer_state_changes": {"customer_id": "customers", "id": "changes"},
    "trustcart.customer_dropoff_tracking": {"customer_id": "customers", "id": "dropoffs"},
    "trustcart.customer_loyalty": {"customer_id": "customers"},
    "trustcart.loyalty_tiers_reached": {"customer_id": "customers", "task_id": "tasks"},
    "trustcart.loyalty_tier_changes": {"customer_id": "customers", "id": "tier_changes"},
    "trustcart.crm_call_tasks": {
        "customer_id": "customers",
        "id": "tasks",
        "predecessor_id": "tasks",
        "assigned_agent_id": "users",
    },
    "trustcart.crm_call_attempts": {
        "customer_id": "customers",
        "id": "attempts",
        "task_id": "tasks",
        "agent_id": "users",
    },
    "trustcart.customer_interactions": {
        "customer_id": "customers",
        "id": "interactions",
        "task_id": "tasks",
        "agent_id": "users",
    },
    "trustcart_private.contact_days": {"customer_id": "customers"},
    "trustcart.customer_engagement_history": {"customer_id": "customers", "id": "engagements"},
    "trustcart.events": {"customer_id": "customers", "id": "events"},
    "trustcart_private.counted_baskets": {"order_id": "orders", "customer_id": "customers"},
}
_PHONE = "overlay({0} placing lpad((substr({0}, {1})::bigint + {2})::text, 8, '0') from {1})"
_E_MAIL = "'customer' || substr({0}, 9, position('@' in {0}) - 9)::bigint + {1} || '@example.com'"
#: Figures of all baskets.
_TIMES = {
    "trustcart.product_pairs": ("orders",),
    "trustcart.product_figures": ("orders", "recent_orders", "repeat_customers", "interval_days"),
    "trustcart.recommendation_state": ("baskets",),
}


def grow(
    server: PrivateServer, source: str, name: str, customers: int, times: int, tell: Callable[[str], None]
) -> None:
    """Make a database with a shop so many times as large.

    Arguments: the server; a database with a shop, to which nobody is connected; the name of the new one; how many
    customers the shop has, their ids from 1 on without a gap; how many times as many; progress. Raises psycopg.Error.
    """
    server.create_database(name, template=source)
    with server.connect(name) as connection:
        connection.execute("set session_replication_role = replica; set work_mem = '256MB'")
        connection.execute("set maintenance_work_mem = '1GB'")
        indexes = _drop_indexes(connection)
        steps = {
            entity: connection.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0]
            for table, columns in _TABLES.items()
            if (entity := columns.get("id"))
        }
        if steps["customers"] != customers:
            raise RuntimeError(f"The shop's customers end at {steps['customers']}, not at {customers}.")
        for table, columns in _TABLES.items():
            tell(f"  {table}")
            _copy_rows(connection, table, columns, steps, times)
        for table, figures in _TIMES.items():
            connection.execute(f"update {table} set " + ", ".join(f"{one} = {one} * {times}" for one in figures))
        tell("  indexes")
        for index in indexes:
            connection.execute(index)
        for table, columns in _TABLES.items():
            if "id" in columns:
                connection.execute(
                    f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))"
                )
        tell("  vacuum")
        connection.execute("vacuum (analyze)")


def _copy_rows(
    connection: psycopg.Connection, table: str, columns: dict[str, str], steps: dict[str, int], times: int
) -> None:
    names = [
        name
        for (name,) in connection.execute(
            "select a.attname from pg_attribute as a where a.attrelid = %s::regclass and a.attnum > 0"
            " and not a.attisdropped and a.attgenerated = '' order by a.attnum",
            [table],
        )
    ]
    owner = next(iter(columns))
    for copy in range(1, times):
        values = [_value(table, name, columns, steps, copy) for name in names]
        connection.execute(
            f"insert into {table} ({', '.join(names)}) overriding system value"
            f" select {', '.join(values)} from {table} as t where t.{owner} <= {steps[columns[owner]]}"
        )


def _value(table: str, name: str, columns: dict[str, str], steps: dict[str, int], copy: int) -> str:
    """The expression of a column of a copy."""
    column = f"t.{name}"
    customers = copy * steps["customers"]
    if table.endswith("users") and name in ("email", "is_active"):
        return {"email": "null", "is_active": "false"}[name]
    # Who has left has no calls to come: they wait for somebody else.
    if table.endswith("crm_call_tasks") and name == "assigned_agent_id":
        return f"case when t.task_date < trustcart.business_date() then {column} + {copy * steps['users']} end"
    if table.endswith("agent_days") and name == "calls":
        return f"case when t.work_date < trustcart.business_date() then {column} else 0 end"
    if name in columns:
        return f"{column} + {copy * steps[columns[name]]}"
    if name == "phone":
        return _PHONE.format(column, 4, customers)
    if name == "phone_e164":
        return _PHONE.format(column, 7, customers)
    if name == "email":
        return _E_MAIL.format(column, customers)
    if name == "order_number":
        return f"'SO-' || lpad((substr({column}, 4)::bigint + {copy * steps['orders']})::text, 9, '0')"
    if table.endswith("customer_words"):
        address = _E_MAIL.format(f"substr({column}, 2)", customers)
        return f"case when {column} like '@customer%' then '@' || {address} else {column} end"
    return column


def _drop_indexes(connection: psycopg.Connection) -> list[str]:
    """Drop the indexes of the copied tables that no constraint stands on. Result: how they are made again."""
    found = connection.execute(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index as i"
        " inner join pg_class as c on i.indexrelid = c.oid"
        " where i.indrelid = any(%s::regclass[]) and not c.relispartition"
        " and not exists (select from pg_constraint as k where k.conindid = i.indexrelid)",
        [list(_TABLES)],
    ).fetchall()
    for index, _ in found:
        connection.execute(sql.SQL("drop index {}").format(sql.SQL(index)))
    # That of a partitioned table stands for those of its partitions.
    return [definition.replace(" ON ONLY ", " ON ") for _, definition in found]
