"""run, plan, backtest, jobs, schedule, unschedule: the daily work and what drives it."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date

import click
import psycopg

from trustcart_db import jobs, schedule
from trustcart_db.commands.options import DateType, date_option, examples
from trustcart_db.connection import connect, resolve, resolve_direct
from trustcart_db.errors import TrustCartError, UsageError
from trustcart_db.output import format_option, tell, write_rows
from trustcart_db.replica import connect_to_read

_cron_database_option = click.option(
    "--cron-database", metavar="NAME", help="The database pg_cron lives in. Default: what the server says."
)


def _complete_job(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The jobs that begin so; none where the database cannot be asked."""
    try:
        # The first command of the line has the URL; it has not run, and has handed nothing on.
        with connect(resolve(ctx.find_root().params.get("database_url")), connect_timeout=2) as connection:
            names = ["daily", *(str(row["job_name"]) for row in jobs.list_jobs(connection))]
    except (TrustCartError, psycopg.Error):
        return []
    return [name for name in names if name.startswith(incomplete)]


@click.command("run", epilog=examples("run daily", "run detect_dropoffs --date 2025-12-19", "run --due"))
@click.argument("job", required=False, shell_complete=_complete_job)
@click.option("--list", "list_jobs", is_flag=True, help="List the jobs.")
@click.option("--due", is_flag=True, help="Run the jobs that are due: what the tick of pg_cron does.")
@date_option
@format_option
@click.pass_obj
def run_command(
    database_url: str | None, job: str | None, list_jobs: bool, due: bool, on: date | None, output_format: str
) -> None:
    """Run JOB, one of `run --list`, or all of a day's in order: `run daily`.

    Running a job again for the same day is harmless. Exit code 9 when a job failed.
    """
    if (job is not None) + list_jobs + due != 1:
        raise UsageError("Give the name of a job, or --due, or --list.", "trustcart-db run --list shows the jobs.")
    if on is not None and job is None:
        raise UsageError("--date goes with the name of a job.", "For example: trustcart-db run daily --date 2025-12-19")
    with connect(resolve(database_url), autocommit=True) as connection:
        if list_jobs:
            write_rows(jobs.list_jobs(connection), output_format, title="Jobs, in the order they run")
            return
        if due:
            rows = jobs.run_due(connection)
        elif job == "daily":
            rows = jobs.run_daily(connection, on, tell=tell if output_format == "table" else lambda _: None)
        else:
            rows = [jobs.run_job(connection, job, on)]
    columns = ("job_name", "business_date", "status", "seconds", "result")
    if rows or output_format != "table":
        write_rows(rows, output_format, columns)
    else:
        click.echo("No job is due.")


@click.command("plan", epilog=examples("plan", "plan --date 2025-12-19 --all"))
@date_option
@click.option("--all", "everyone", is_flag=True, help="List the dropped too, and everything about the calls.")
@format_option
@click.pass_obj
def plan_command(database_url: str | None, on: date | None, everyone: bool, output_format: str) -> None:
    """Show whom a day's generation calls, and whom not and why. Changes nothing.

    JSON and CSV always list every candidate.
    """
    with connect_to_read(database_url, tell) as connection:
        rows = jobs.plan(connection, on)
        if output_format != "table":
            write_rows(rows, output_format, _PLAN_COLUMNS)
            return
        arranged = {row["agent"] or "nobody": row["calls"] for row in jobs.arranged(connection, on)}
        names = jobs.agent_names(connection)
        day = on or jobs.business_date(connection)
    kept = [row for row in rows if row["decision"] == "kept"]
    dropped = [row for row in rows if row["decision"] != "kept"]
    listed = [_named(row, names) if everyone else _shortened(row, names, day) for row in kept]
    # What only some plans have shows where calls have it.
    some = {
        name
        for name in ("why_agent", "hours", "first_planned_on", "value_at_stake")
        if any(row[name] not in (None, "") for row in listed)
    }
    columns = (
        *(("list_position", "customer_id") if everyone else ("id",)),
        *("customer", "task_type", "priority", "agent"),
        *(name for name in ("value_at_stake", "why_agent", "hours", "first_planned_on") if name in some),
        "why",
    )
    write_rows(listed, columns=columns, title=f"Calls: {len(kept):,}, in the order of the list")
    if arranged:
        click.echo(f"and {sum(arranged.values()):,} arranged already")
    loads = Counter((row["agent"] or "nobody", row["priority"]) for row in kept)
    carried = Counter(row["agent"] or "nobody" for row in kept if row["carried_from"])
    agents = [
        {
            "agent": agent,
            "calls": sum(n for (name, _), n in loads.items() if name == agent) + arranged.get(agent, 0),
            **{priority: loads[agent, priority] for priority in ("hot", "warm", "cold")},
            "arranged": arranged.get(agent, 0),
            "carried": carried[agent],
        }
        for agent in sorted({name for name, _ in loads} | set(arranged))
    ]
    click.echo()
    load = ("agent", "calls", "hot", "warm", "cold", "arranged", "carried")
    write_rows(agents, columns=load, title="Load of the agents")
    click.echo()
    if everyone:
        short = ("customer_id", "customer", "task_type", "priority", "why")
        write_rows(dropped, columns=short, title=f"Dropped: {len(dropped):,}")
    else:
        reasons = Counter((row["task_type"], row["drop_reason"]) for row in dropped)
        write_rows(
            [{"task_type": kind, "why": why, "customers": n} for (kind, why), n in reasons.most_common()],
            columns=("task_type", "why", "customers"),
            title=f"Dropped: {len(dropped):,} (--all lists them)",
        )


def _named(row: jobs.Row, names: dict[int, str]) -> jobs.Row:
    """A call with the names of the agents that why_agent numbers."""
    return row | {
        "why_agent": re.sub(
            r"\bagent (\d+)\b", lambda found: names.get(int(found[1])) or found[0], str(row["why_agent"] or "")
        )
    }


def _shortened(row: jobs.Row, names: dict[int, str], day: date) -> jobs.Row:
    """A call as a narrow table has it: the first reason, and of the agent only what is out of the ordinary."""

    def short(found: re.Match[str]) -> str:
        that = date.fromisoformat(found[0])
        return found[0] if abs((that - day).days) > 300 else f"{that.day} {that:%b}"

    why_agent = str(_named(row, names)["why_agent"])
    obstacle, _, choice = why_agent.rpartition(": ")
    for pattern, text in _SHORT_WHY_AGENT:
        obstacle, choice = re.sub(pattern, text, obstacle), re.sub(pattern, text, choice)
    first, *more = str(row["why"]).split("; ")
    return row | {
        "id": row["customer_id"],
        "why_agent": obstacle or choice,
        # 09:00–18:00 is 09–18, and 10:00–12:30 is 10–12:30.
        "hours": str(row["hours"]).replace(":00", ""),
        "why": re.sub(r"\b\d{4}-\d{2}-\d{2}\b", short, first) + (f" +{len(more)}" if more else ""),
    }


#: What the narrow table says of why_agent, which usually is nothing.
_SHORT_WHY_AGENT = (
    (r"^(the customer's own agent|the least loaded agent)$", ""),
    (r"^the least loaded agent who ", ""),
    (r"^the least loaded agent ", ""),
    (r"^the day of (.+) is full$", r"\1 full"),
    (r"^(.+) is away \(.*\)$", r"\1 away"),
    (r"^(.+) is not active$", r"\1 not active"),
    (r"^(.+) does not suit$", r"\1 not suited"),
)


_PLAN_COLUMNS = (
    *("customer_id", "customer", "task_type", "priority", "decision", "why", "agent_id", "agent", "reasons"),
    *("list_position", "why_agent", "call_from", "call_until", "hours", "carried_from", "first_planned_on"),
    *("value_at_stake", "drop_reason"),
)


@click.command(
    "backtest", epilog=examples("backtest --from 2025-11-01 --to 2025-11-30 \\\n      --set at_risk.max_calls=3")
)
@click.option("--from", "first", type=DateType(), required=True, metavar="YYYY-MM-DD", help="The first day.")
@click.option("--to", "last", type=DateType(), required=True, metavar="YYYY-MM-DD", help="The last day.")
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting or a rule of a task type to change: settings.calls_per_agent_day=50, at_risk.max_calls=3. "
    "May be given several times.",
)
@click.option("--days", is_flag=True, help="A table of the days, too.")
@format_option
@click.pass_obj
def backtest_command(
    database_url: str | None, first: date, last: date, changes: tuple[str, ...], days: bool, output_format: str
) -> None:
    """Replay a period day by day, as if all planned calls had been made, under changed settings. Changes nothing.

    Shares are in percent: of the calls, and of the days on which somebody was dropped, those with an order of that
    customer within 30 days. JSON and CSV have the figures of every day.
    """
    overrides = _overrides(changes)
    with connect(resolve(database_url)) as connection:
        rows = jobs.backtest(connection, first, last, overrides)
    if output_format != "table":
        write_rows(rows, output_format)
        return
    shares = ("share_called", "share_dropped")
    load = ("agent_days", "capacity", "avg_calls_per_agent_day", "max_calls_per_agent_day")
    seen = ("calls", "customers", "dropped", *shares)
    tables = [
        ("total", f"Calls from {first} to {last}", (*seen, *load)),
        ("customer", "Customers, each once", ("key", *seen)),
        ("month", "By month", ("key", *seen, *load[1:])),
        *([("day", "By day", ("key", *seen, *load[1:]))] if days else []),
        ("agent", "By agent", ("key", "agent", "calls", "customers", "share_called", *load)),
        ("reason", "By reason", ("key", *seen)),
        ("drop", "Dropped, by reason", ("key", "dropped", "share_dropped")),
    ]
    for position, (scope, title, columns) in enumerate(tables):
        if position:
            click.echo()
        write_rows([row for row in rows if row["scope"] == scope], columns=columns, title=title)


def _overrides(changes: tuple[str, ...]) -> dict[str, dict]:
    """What --set says, as backtest_call_plan takes it. Raises UsageError."""
    found: dict[str, dict] = {"settings": {}, "call_task_types": {}}
    for change in changes:
        name, equals, text = change.partition("=")
        where, dot, column = name.strip().partition(".")
        if not (equals and dot and where and column):
            raise UsageError(
                f"{change!r} is not NAME=VALUE.",
                "For example: --set settings.calls_per_agent_day=50 --set at_risk.max_calls=3",
            )
        try:
            value = json.loads(text)
        except ValueError:
            value = text.strip()  # a word or an hour
        rules = found["settings"] if where == "settings" else found["call_task_types"].setdefault(where, {})
        rules[column] = value
    return found


@click.command("jobs", epilog=examples("jobs"))
@format_option
@click.pass_obj
def jobs_command(database_url: str | None, output_format: str) -> None:
    """Show the jobs: when each is due, what became of its last run, and whether it is overdue."""
    conninfo = resolve(database_url)
    with connect(conninfo, autocommit=True) as connection:
        rows = jobs.overview(connection)
        tick = schedule.find_tick(conninfo, connection) if output_format == "table" else None
    if output_format != "table":
        write_rows(rows, output_format)
        return
    write_rows(
        [
            {
                "job": row["job_name"],
                "due_at": f"{row['run_at']:%H:%M}" if row["is_enabled"] else "disabled",
                "last_run": row["last_status"] or "never",
                "for": row["last_business_date"],
                "seconds": row["last_seconds"],
                "last_success": row["last_success_date"],
                "overdue": row["is_overdue"],
            }
            for row in rows
        ],
        title="Jobs (times of day in the business time zone)",
    )
    if tick is None:
        click.echo("No tick of pg_cron to be seen. trustcart-db schedule installs it; cron can do the same.")
    else:
        state = "" if tick.active else ", switched off"
        click.echo(f"pg_cron job {schedule.TICK}: {tick.schedule} as {tick.role}{state}.")


@click.command("schedule", epilog=examples("schedule --role trustcart_worker"))
@click.option("--role", metavar="NAME", help="The login role to run as. Default: the current one.")
@_cron_database_option
@click.pass_obj
def schedule_command(database_url: str | None, role: str | None, cron_database: str | None) -> None:
    """Install the one pg_cron job, trustcart-tick, that runs all jobs when they are due.

    Where there is no pg_cron: prints the crontab line that does the same, and exits with 10.
    """
    try:
        tick, changed = schedule.schedule(resolve_direct(database_url), role, cron_database)
    except schedule.NoCronError:
        click.echo(schedule.CRONTAB_LINE)
        raise
    said = "Scheduled" if changed else "Was scheduled already"
    click.echo(f"{said}: {schedule.TICK}, {tick.schedule}, in {tick.database} as {tick.role}.")


@click.command("unschedule", epilog=examples("unschedule"))
@_cron_database_option
@click.pass_obj
def unschedule_command(database_url: str | None, cron_database: str | None) -> None:
    """Remove the pg_cron job of this database. No job runs by itself any more."""
    removed = schedule.unschedule(resolve_direct(database_url), cron_database)
    click.echo("Unscheduled." if removed else "Nothing was scheduled.")


COMMANDS = (run_command, plan_command, backtest_command, jobs_command, schedule_command, unschedule_command)
