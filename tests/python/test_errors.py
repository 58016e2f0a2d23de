"""What a writer of plain SQL is told: which rule, and what to do. (Files, arguments: test_import.py, test_run.py.)"""

from __future__ import annotations

import psycopg
import pytest

from tests.python.conftest import Database
from trustcart_db.errors import translate

ORDER = "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status) values "
FAMILY = "insert into trustcart.customer_family_members (customer_id, name, relationship) values "

LEAVE = "insert into trustcart.agent_leave (agent_id, during) values (1, '[2025-01-03,2025-01-05)')"
DAY = "insert into trustcart.agent_days (agent_id, work_date, calls, max_calls) values (1, '2025-01-03', 2, 1)"


@pytest.mark.parametrize(
    ("statement", "sqlstate", "exit_code", "told", "remedy"),
    [
        (ORDER + "(1, '2025-01-01', 5, 'teleported')", "23503", 6, "sales_orders_status_fkey", "order_statuses"),
        (ORDER + "(7, '2025-01-01', 5, 'pending')", "23503", 6, "sales_orders_customer_id_fkey", "customer first"),
        (ORDER + "(1, '2025-01-01', -5, 'pending')", "23514", 6, "sales_orders_total_amount_sane", "negative"),
        (ORDER + "(1, 'infinity', 5, 'pending')", "23514", 6, "sales_orders_order_date_sane", "1900-01-01"),
        (ORDER + "(1, '2025-13-40', 5, 'pending')", "22008", 6, "2025-13-40", None),
        (ORDER + "(1, '', 5, 'pending')", "22007", 6, '""', None),
        (FAMILY + "(1, 'Jane', null)", "23502", 6, "relationship", "value"),
        (FAMILY + "(1, 'Jane', ' ')", "23514", 6, "relationship_given", "spouse"),
        (LEAVE, "23P01", 6, "agent_leave_no_overlap", "on leave"),
        (DAY, "23514", 6, "agent_days_within_cap", "max_calls"),
        ("select trustcart.generate_daily_call_tasks('2025-13-40')", "TC001", 7, "2025-13-40", "YYYY-MM-DD"),
        ("select trustcart.generate_daily_call_tasks('')", "TC001", 7, "''", "YYYY-MM-DD"),
        ("select trustcart.generate_daily_call_tasks('infinity'::date)", "TC001", 7, "infinity", "YYYY-MM-DD"),
        ("select trustcart.refresh_customer_state('infinity')", "TC001", 7, "infinity", "YYYY-MM-DD"),
        ("call trustcart.run_job('nonsense')", "TC002", 7, "nonsense", "detect_dropoffs"),
    ],
)
def test_one_clear_error_and_nothing_half_done(
    db: Database, statement: str, sqlstate: str, exit_code: int, told: str, remedy: str | None
) -> None:
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) values (1)")
        connection.execute("insert into trustcart.users (id, name) values (1, 'A')")
        connection.execute("insert into trustcart.agent_leave (agent_id, during) values (1, '[2025-01-01,2025-01-04)')")
        with pytest.raises(psycopg.Error) as raised:
            connection.execute(statement)
        error = translate(raised.value)
        assert (error.sqlstate, error.exit_code) == (sqlstate, exit_code)
        assert told in error.message
        assert remedy is None or remedy in error.hint
        for table in (
            "sales_orders",
            "customer_family_members",
            "crm_call_tasks",
            "customer_state_changes",
            "job_runs",
        ):
            assert connection.execute(f"select count(*) from trustcart.{table}").fetchone() == (0,), table
