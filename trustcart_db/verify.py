"""The guide's "Verify Tables" and "Check system health": whether everything is there, and right."""

from __future__ import annotations

from typing import NamedTuple

import psycopg

from trustcart_db import migrate
from trustcart_db.bundle import read_bundle
from trustcart_db.errors import TrustCartError

#: The tables of the guide and those that its orders and jobs need.
TABLES = (
    *("customers", "customer_family_members", "customer_interactions", "customer_behavior"),
    *("customer_dropoff_tracking", "crm_call_tasks", "users", "sales_orders", "sales_order_items", "products"),
    *("customer_engagement_history", "product_recommendation_rules", "marketing_campaigns"),
    *("categories", "order_statuses", "settings", "call_task_types", "job_schedules", "job_runs"),
    *("campaign_messages", "campaign_exclusions", "campaign_delivery_attempts", "customer_consents", "events"),
    *("audit_logs", "audit_seals", "audit_checkpoints"),
)
#: The views of the guide.
VIEWS = (
    *("customer_360_view", "upcoming_birthdays_anniversaries", "customer_intelligence"),
    *("agent_performance_dashboard",),
)


class Finding(NamedTuple):
    """One thing looked at: check (what), value (what was found), ok (bool), remedy ("" when it is well)."""

    check: str
    value: object
    ok: bool
    remedy: str = ""


#: What to do about a metric of system_health() that is above 0.
_REMEDIES = {
    "Unreadable Phone Numbers": "They are kept as typed: phone_e164 or mobile_e164 is null.",
    "Jobs That Never Ran": "trustcart-db schedule has them run by themselves, trustcart-db run daily runs them now.",
    "Customers Whose State Is Wrong": "select * from trustcart.check_customer_state(); shows them. Please report it.",
    "Overdue Jobs": "trustcart-db jobs shows which; trustcart-db schedule installs the tick, trustcart-db run --due "
    "catches up.",
    "Campaigns Whose Counters Are Wrong": "select * from trustcart.check_campaigns(); shows them. Please report it.",
    "Messages That Failed This Week": "campaign_messages.close_reason says why; campaign show, of which campaign.",
    "Messages Nobody Delivers": "Start trustcart-db deliver, or see in its log why it stopped.",
}


def verify(conninfo: str, connection: psycopg.Connection) -> list[Finding]:
    """Look at the whole installation.

    Arguments: the conninfo and an open connection to the same database. Result: the findings, in reading order; health
    is looked at only where nothing is missing. Raises psycopg.Error.
    """
    findings = [_relations(connection, "Tables", "r p", TABLES), _relations(connection, "Views", "v", VIEWS)]
    findings.append(_version(conninfo))
    if not all(finding.ok for finding in findings[:2]):
        return findings
    for metric, value, is_wrong in connection.execute(
        "select h.metric, h.value, h.is_wrong from trustcart.system_health() as h"
    ):
        findings.append(Finding(metric, value, not is_wrong, _REMEDIES.get(metric, "") if value else ""))
    findings.append(_audit(connection))
    return findings


def _relations(connection: psycopg.Connection, check: str, kinds: str, wanted: tuple[str, ...]) -> Finding:
    found = connection.execute(
        "select c.relname from pg_catalog.pg_class as c"
        " inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid"
        " where n.nspname = 'trustcart' and c.relkind::text = any(%s)",
        [kinds.split()],
    ).fetchall()
    missing = [name for name in wanted if (name,) not in found]
    if missing:
        return Finding(check, f"missing: {', '.join(missing)}", False, "Run trustcart-db migrate.")
    return Finding(check, f"all {len(wanted)} there", True)


def _audit(connection: psycopg.Connection) -> Finding:
    """Every row and link of the audit trail, which takes longer than all the rest."""
    check = "Audit Rows Tampered With"
    if not connection.execute(
        "select has_function_privilege('trustcart.verify_audit_log(bigint, text)', 'execute')"
    ).fetchone()[0]:
        return Finding(check, "not looked at", True, "Verify as a member of trustcart_admin.")
    (found,) = connection.execute("select count(*) from trustcart.verify_audit_log()").fetchone()
    remedy = "select * from trustcart.verify_audit_log(); shows them. Somebody got past the triggers: find out who."
    return Finding(check, found, found == 0, remedy if found else "")


def _version(conninfo: str) -> Finding:
    try:
        found, todo = migrate.inspect(conninfo, read_bundle())
    except TrustCartError as error:
        return Finding("Schema", error.message, False, error.hint or "")
    if todo.up_to_date:
        return Finding("Schema", f"version {found.version}, nothing missing", True)
    return Finding("Schema", "not what this version brings", False, "trustcart-db status says what differs.")
