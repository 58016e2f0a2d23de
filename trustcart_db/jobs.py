"""Runs the jobs of trustcart.job_schedules by the procedures that pg_cron calls too, and reads what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

Row = dict[str, object]

_RUNS = """
    select
        r.job_name,
        r.business_date,
        r.status,
        round(extract(epoch from r.finished_at - r.started_at)::numeric, 2) as seconds,
        coalesce(r.result, to_jsonb(r.error_message)) as result
    from trustcart.job_runs as r
    where r.started_at >= %(since)s and (r.job_name = %(job_name)s) is not false
    order by r.id
"""


def list_jobs(connection: psycopg.Connection) -> list[Row]:
    """The jobs there are, in the order they run.

    Result: job_name, run_at (in the business time zone), is_enabled, description. Raises psycopg.Error.
    """
    return _rows(
        connection,
        "select s.job_name, s.run_at, s.is_enabled, s.description"
        " from trustcart.job_schedules as s order by s.run_order",
    )


def run_job(connection: psycopg.Connection, job_name: str, business_date: date | None = None) -> Row:
    """Run one job.

    Arguments: a connection in autocommit, for the procedure commits; the job; its date (default: the business date).
    Result: job_name, business_date, status, seconds, result. Raises psycopg.Error: TC301 when the job failed, TC105
    when it is running already.
    """
    # Nobody else runs this job meanwhile.
    return _runs_of(connection, lambda: _call(connection, job_name, business_date), job_name)[-1]


def run_daily(
    connection: psycopg.Connection,
    business_date: date | None = None,
    *,
    only_missing: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Row]:
    """Run all enabled jobs of a day, in order, and stop at the first that fails.

    Arguments: a connection in autocommit; the date (default: the business date); whether to leave out those that have
    succeeded for it; what to tell each job's name. Result: as of `run_job`, a row a job. Raises psycopg.Error.
    """
    done = []
    if only_missing:
        done = connection.execute(
            "select distinct r.job_name from trustcart.job_runs as r"
            " where r.status = 'succeeded' and r.business_date = coalesce(%s, trustcart.business_date())",
            [business_date],
        ).fetchall()
    rows = []
    for job in list_jobs(connection):
        if job["is_enabled"] and (job["job_name"],) not in done:
            tell(job["job_name"])
            rows.append(run_job(connection, job["job_name"], business_date))
    return rows


def run_due(connection: psycopg.Connection) -> list[Row]:
    """Run the jobs that are due, as the tick of pg_cron does.

    Argument: a connection in autocommit. Result: as of `run_job`, a row a run, what others ran meanwhile included; none
    when nothing was due. Raises psycopg.Error: TC301 at the end when one of them failed.
    """
    return _runs_of(connection, lambda: connection.execute("call trustcart.run_due_jobs()"))


def overview(connection: psycopg.Connection) -> list[Row]:
    """The jobs with their schedule and last run: the rows of trustcart.report_jobs(). Raises psycopg.Error."""
    return _rows(connection, "select * from trustcart.report_jobs()")


def plan(connection: psycopg.Connection, task_date: date | None = None) -> list[Row]:
    """What the generation would do on a date, the calls kept first, in the order in which agents make them.

    Arguments: a connection; the date (default: the business date). Result: the rows of plan_daily_call_tasks with the
    names of customer and agent, the hours of the call as the shop's clock shows them, and, of who is dropped, the
    reason without what differs from customer to customer. Raises psycopg.Error.
    """
    return _rows(
        connection,
        """
        select
            p.customer_id,
            concat_ws(' ', c.first_name, c.last_name) as customer,
            p.task_type,
            p.priority,
            p.decision,
            p.why,
            p.agent_id,
            u.name as agent,
            p.reasons,
            p.list_position,
            p.why_agent,
            p.call_from,
            p.call_until,
            concat(
                to_char(p.call_from at time zone s.time_zone, 'HH24:MI'),
                -- The end of the day is not its beginning.
                '–' || replace(to_char(p.call_until at time zone s.time_zone, 'HH24:MI'), '00:00', '24:00')
            ) as hours,
            p.carried_from,
            p.first_planned_on,
            p.value_at_stake,
            case when p.decision = 'dropped' then trustcart.drop_reason(p.why, p.task_type) end as drop_reason
        from trustcart.plan_daily_call_tasks(coalesce(%s, trustcart.business_date())) as p
        cross join trustcart.settings as s
        inner join trustcart.customers as c on p.customer_id = c.id
        left join trustcart.users as u on p.agent_id = u.id
        order by p.decision <> 'kept', p.list_position, p.priority_rank, p.customer_id
        """,
        [task_date],
    )


def business_date(connection: psycopg.Connection) -> date:
    """The date it is in the shop. Raises psycopg.Error."""
    return connection.execute("select trustcart.business_date()").fetchone()[0]


def arranged(connection: psycopg.Connection, task_date: date | None = None) -> list[Row]:
    """The calls that are on a date's list without its generation: agreed upon, made by hand or put off to it.

    Arguments: a connection; the date (default: the business date). Result: agent (its name; None where nobody has the
    call) and calls, those still to be made. Raises psycopg.Error.
    """
    return _rows(
        connection,
        """
        select
            u.name as agent,
            count(*) as calls
        from trustcart.crm_call_tasks as t
        left join trustcart.users as u on t.assigned_agent_id = u.id
        where
            t.task_date = coalesce(%s, trustcart.business_date())
            and t.source <> 'generated'
            and t.status = 'pending'
        group by u.name
        """,
        [task_date],
    )


def agent_names(connection: psycopg.Connection) -> dict[int, str]:
    """The names of those who may have customers, by id. Raises psycopg.Error."""
    return dict(connection.execute("select u.id, u.name from trustcart.users as u").fetchall())


def backtest(connection: psycopg.Connection, first: date, last: date, overrides: dict[str, dict]) -> list[Row]:
    """Replay a period under changed settings.

    Arguments: a connection; the first and the last day; {"settings": {…}, "call_task_types": {type: {…}}}. Result: the
    rows of trustcart.backtest_call_plan(), those of agents with their name. Raises psycopg.Error: TC002, TC005, TC203
    for overrides that it does not take.
    """
    return _rows(
        connection,
        """
        select
            b.scope,
            b.key,
            u.name as agent,
            b.calls,
            b.customers,
            b.dropped,
            b.calls_observed,
            b.calls_ordered,
            b.share_called,
            b.dropped_observed,
            b.dropped_ordered,
            b.share_dropped,
            b.agent_days,
            b.capacity,
            b.avg_calls_per_agent_day,
            b.max_calls_per_agent_day
        from trustcart.backtest_call_plan(%s, %s, %s) with ordinality as b
        left join trustcart.users as u on b.scope = 'agent' and b.key = u.id::text
        order by b.ordinality
        """,
        [first, last, Jsonb(overrides)],
    )


def _call(connection: psycopg.Connection, job_name: str, business_date: date | None) -> None:
    if business_date is None:
        connection.execute("call trustcart.run_job(%s)", [job_name])
    else:
        connection.execute("call trustcart.run_job(%s, %s)", [job_name, business_date])


def _runs_of(connection: psycopg.Connection, work: Callable[[], object], job_name: str | None = None) -> list[Row]:
    """What ran meanwhile, or of it one job. Which process ran it tells nothing: behind a pooler another one answers."""
    since = connection.execute("select clock_timestamp()").fetchone()[0]
    work()
    return _rows(connection, _RUNS, {"since": since, "job_name": job_name})


def _rows(
    connection: psycopg.Connection, query: str, parameters: Sequence[object] | Mapping[str, object] | None = None
) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, parameters).fetchall()
