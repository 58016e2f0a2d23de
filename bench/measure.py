"""How things are timed. All medians; what is compared is measured in turns, so that a busy moment meets both."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from trustcart_db.server import PrivateServer

Statement = tuple[str, Sequence[tuple[str, object]]]
_CHUNK = 256 * 1024


def execution_times(
    connection: psycopg.Connection, statements: Mapping[str, Statement], rounds: int
) -> dict[str, float]:
    """The execution times that EXPLAIN reports of prepared statements with generic plans, warm, without node timing.

    Arguments: connection; {name: (statement with $1 …, [(type, value) …])}; rounds, of all statements in turn. Result:
    {name: median in ms}. Raises psycopg.Error.
    """
    prepared = {}
    connection.execute("set plan_cache_mode to force_generic_plan")
    for number, (name, (statement, arguments)) in enumerate(statements.items()):
        plan = sql.Identifier(f"bench_{number}")
        types = sql.SQL(", ").join(sql.SQL(kind) for kind, _ in arguments)
        connection.execute(
            sql.SQL("prepare {}{} as {}").format(
                plan, sql.SQL("({})").format(types) if arguments else sql.SQL(""), sql.SQL(statement)
            )
        )
        values = sql.SQL(", ").join(sql.Literal(value) for _, value in arguments)
        prepared[name] = sql.SQL("explain (analyze, timing off, summary on, format json) execute {}{}").format(
            plan, sql.SQL("({})").format(values) if arguments else sql.SQL("")
        )
    times: dict[str, list[float]] = {name: [] for name in prepared}
    for number in range(rounds + max(3, rounds // 6)):
        for name, explain in prepared.items():
            (plan,) = connection.execute(explain).fetchone()
            if number >= max(3, rounds // 6):  # those before warm up
                times[name].append(plan[0]["Execution Time"])
    connection.execute("deallocate all; reset plan_cache_mode")
    return {name: statistics.median(one) for name, one in times.items()}


@dataclass(frozen=True)
class Timing:
    """A time in ms, or, when the statement was stopped, at least that and why."""

    ms: float
    stopped: str | None = None

    def __str__(self) -> str:
        return f"> {duration(self.ms)} ({self.stopped})" if self.stopped else duration(self.ms)


def explained(connection: psycopg.Connection, statement: str, limit: float, rounds: int) -> Timing:
    """The execution time of a statement that may take very long: stopped after `limit` seconds, repeated when quick.

    Its effects are rolled back. Raises psycopg.Error for other errors than being stopped.
    """
    times: list[float] = []
    while len(times) < rounds:
        began = time.perf_counter()
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(f"set local statement_timeout to {round(limit * 1000)}")
                (plan,) = connection.execute(
                    "explain (analyze, timing off, summary on, format json) " + statement.rstrip().rstrip(";")
                ).fetchone()
                # It would hold for the end of the transaction too, and psycopg passes over a ROLLBACK that was stopped.
                connection.execute("set local statement_timeout to 0")
        except (psycopg.errors.QueryCanceled, psycopg.errors.ConfigurationLimitExceeded) as error:
            connection.rollback()
            why = "stopped" if isinstance(error, psycopg.errors.QueryCanceled) else "stopped: too many temporary files"
            return Timing((time.perf_counter() - began) * 1000, why)
        times.append(plan[0]["Execution Time"])
        if times[0] > 2000:
            break
    return Timing(statistics.median(times))


def elapsed(action: Callable[[], object]) -> float:
    """The wall-clock time of an action, in ms."""
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def in_turns(actions: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of what each action returns, one after the other, in rounds."""
    found: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            found[name].append(action())
    return {name: statistics.median(one) for name, one in found.items()}


@contextmanager
def rolled_back(connection: psycopg.Connection, *tables: str) -> Iterator[None]:
    """A transaction that leaves no rows behind, and vacuums what it wrote to."""
    with connection.transaction(force_rollback=True):
        yield
    for table in tables:
        connection.execute(f"vacuum trustcart.{table}")


@contextmanager
def triggers_disabled(connection: psycopg.Connection, table: str) -> Iterator[None]:
    """Our triggers off, the constraints (whose triggers are the system's) on."""
    connection.execute(f"alter table trustcart.{table} disable trigger user")
    try:
        yield
    finally:
        if connection.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
            connection.execute(f"alter table trustcart.{table} enable trigger user")


@dataclass(frozen=True)
class Written:
    """What a statement wrote: rows (in all tables of ours), wal (bytes), result (its first column)."""

    rows: int
    wal: int
    result: object


def written(connection: psycopg.Connection, statement: str, parameters: Sequence[object] = ()) -> Written:
    """Run a statement within the open transaction and count what it writes. Raises psycopg.Error."""
    before, lsn = _writes(connection)
    (result,) = connection.execute(statement, parameters).fetchone()
    after, lsn_after = _writes(connection)
    wal = connection.execute("select pg_wal_lsn_diff(%s, %s)", [lsn_after, lsn]).fetchone()[0]
    return Written(after - before, int(wal), result)


def _writes(connection: psycopg.Connection) -> tuple[int, str]:
    return connection.execute(
        "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint, pg_current_wal_insert_lsn()::text"
        " from pg_stat_xact_all_tables where schemaname like 'trustcart%'"
    ).fetchone()


def transactions_per_second(
    server: PrivateServer, dbname: str, script: Path, clients: int, seconds: int = 0, *, transactions: int = 0
) -> float:
    """What pgbench reports of so many seconds, or transactions a client. Raises RuntimeError with its output."""
    limit = f"--transactions={transactions}" if transactions else f"--time={seconds}"
    return _pgbench(server, dbname, script, clients, limit)


def latencies(server: PrivateServer, dbname: str, script: Path, seconds: int) -> tuple[float, float]:
    """What one client of pgbench has to wait. Result: transactions a second; the median of their times, in ms.

    Raises RuntimeError with its output.
    """
    with tempfile.TemporaryDirectory(prefix="tc-bench-") as directory:
        prefix = Path(directory) / "log"
        rate = _pgbench(server, dbname, script, 1, f"--time={seconds}", "--log", f"--log-prefix={prefix}")
        # The third column: µs.
        times = [int(line.split()[2]) for path in prefix.parent.iterdir() for line in path.open()]
    return rate, statistics.median(times) / 1000


def _pgbench(server: PrivateServer, dbname: str, script: Path, clients: int, *options: str) -> float:
    command = [server.bin_dir / "pgbench", "--no-vacuum", "--protocol=prepared", "--random-seed=1"]
    command += [f"--client={clients}", f"--jobs={min(clients, os.cpu_count() or 1)}", *options]
    command += [f"--file={script}", "--host", server.socket_dir, "--username", server.superuser, dbname]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.M)
    if done.returncode or not found or "0.000%" not in done.stdout.partition("number of failed")[2].partition("\n")[0]:
        raise RuntimeError(f"pgbench failed:\n{done.stdout}{done.stderr}")
    return float(found.group(1))


@contextmanager
def backend_memory(server: PrivateServer, dbname: str) -> Iterator[list[float]]:
    """The memory of their own, in MB, that the server's processes for a database held meanwhile, looked up again and
    again: what is shared is left out. The list has the most at its end; it is empty where there is no /proc."""
    most: list[float] = []
    done = threading.Event()

    def watch() -> None:
        held = 0.0
        with server.connect() as connection:
            while not done.wait(0.05):
                query = "select pid from pg_stat_activity where datname = %s"
                for (pid,) in connection.execute(query, [dbname]).fetchall():
                    with suppress(OSError):
                        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
                        if found := re.search(r"^RssAnon:\s+(\d+) kB", status, re.M):
                            held = max(held, int(found.group(1)) * 1024 / 1e6)
        if held:
            most.append(held)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


def run_program(command: Sequence[object], **options: object) -> tuple[float, float]:
    """Run a program. Result: its wall-clock time in ms and the most memory it held, in MB. Raises RuntimeError."""
    began = time.perf_counter()
    with subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **options
    ) as child:
        errors = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    took = (time.perf_counter() - began) * 1000
    if child.returncode:
        raise RuntimeError(f"{command} failed:\n{errors}")
    unit = 1 if os.uname().sysname == "Darwin" else 1024
    return took, usage.ru_maxrss * unit / 1e6


def copy_in(connection: psycopg.Connection, statement: str, chunks: Iterator[bytes]) -> None:
    """Stream to COPY … FROM STDIN. Raises psycopg.Error."""
    with connection.cursor().copy(statement) as copy:
        for chunk in chunks:
            copy.write(chunk)


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, in pieces."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def nested_plans(connection: psycopg.Connection, statement: str, keep: int = 3, at_least_ms: float = 0) -> str:
    """The plans of the slowest statements that a statement runs inside its functions and triggers; rolled back.

    Arguments: statement; how many; from how many ms on they are looked at. Result: text, "" where auto_explain is
    missing. Raises psycopg.Error.
    """
    found: list[tuple[float, str]] = []

    def notice(diagnostic: psycopg.errors.Diagnostic) -> None:
        match = re.match(r"duration: ([\d.]+) ms\s+plan:\n(.*)", diagnostic.message_primary or "", re.S)
        if match:
            found.append((float(match.group(1)), match.group(2)))

    try:
        connection.execute("load 'auto_explain'")
    except psycopg.Error:
        return ""
    connection.add_notice_handler(notice)
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(
                "set local auto_explain.log_analyze to on; set local auto_explain.log_timing to off;"
                "set local auto_explain.log_buffers to on; set local auto_explain.log_nested_statements to on;"
                "set local auto_explain.log_triggers to on; set local client_min_messages to log;"
                f"set local auto_explain.log_min_duration to {round(at_least_ms)}"
            )
            connection.execute(statement)
            connection.execute("set local auto_explain.log_min_duration to -1")
    finally:
        connection.remove_notice_handler(notice)
    # What only calls a function says nothing about it.
    telling = [(ms, plan) for ms, text in found if "->" in (plan := _without_query(text))]
    slowest = sorted(telling, key=lambda one: -one[0])[:keep]
    return "\n\n".join(f"-- {ms:.3f} ms\n{_shortened(plan)}" for ms, plan in slowest)


def nested_statements(connection: psycopg.Connection, statement: str) -> tuple[int, int] | None:
    """How many statements a statement runs inside its functions and triggers; rolled back.

    The look-ups of foreign keys, one for each row written, are the server's and not counted. Result: how many different
    ones, and how often one is run in all; None where auto_explain is missing. Raises psycopg.Error.
    """
    found: list[str] = []

    def notice(diagnostic: psycopg.errors.Diagnostic) -> None:
        message = diagnostic.message_primary or ""
        if message.startswith("duration:") and "FOR KEY SHARE OF x" not in message:
            found.append(re.split(r"^\S.*\(cost=", message.partition("Query Text: ")[2], maxsplit=1, flags=re.M)[0])

    try:
        connection.execute("load 'auto_explain'")
    except psycopg.Error:
        return None
    connection.add_notice_handler(notice)
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(
                "set local auto_explain.log_nested_statements to on; set local client_min_messages to log;"
                "set local auto_explain.log_analyze to off; set local auto_explain.log_min_duration to 0"
            )
            connection.execute(statement)
            connection.execute("set local auto_explain.log_min_duration to -1")
    finally:
        connection.remove_notice_handler(notice)
    return len(set(found)), len(found)


def _without_query(text: str) -> str:
    """An auto_explain message with only the first line of the query."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if re.match(r"\S.*\(cost=", line)), 0)
    return "\n".join([lines[0].replace("Query Text: ", "-- ", 1), *lines[max(start, 1) :]])


def plan_of(connection: psycopg.Connection, statement: str) -> str:
    """EXPLAIN (ANALYZE, BUFFERS) of a statement; rolled back. Raises psycopg.Error."""
    with connection.transaction(force_rollback=True):
        lines = connection.execute("explain (analyze, buffers, timing off) " + statement).fetchall()
    return _shortened("\n".join(line for (line,) in lines))


def _shortened(plan: str, most: int = 120, width: int = 160) -> str:
    lines = [line if len(line) <= width else line[:width] + " …" for line in plan.splitlines()]
    return "\n".join(lines[:most] + (["…"] if len(lines) > most else []))


def duration(ms: float) -> str:
    """A time as people read it: three figures, in µs, ms, s or h."""
    for unit, factor, least in (("h", 3.6e6, 3.6e6 * 2), ("s", 1000, 1000), ("ms", 1, 1)):
        if ms >= least:
            return f"{figures(ms / factor)} {unit}"
    return f"{ms * 1000:.0f} µs"


def figures(value: float) -> str:
    """A number with three figures."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def as_json(value: object) -> str:
    """A short rendering of what a function returned."""
    return json.dumps(value, ensure_ascii=False)
