"""Rows of the HTTP face: a customer in 360°, the first byte of each page, open pages where nothing happens."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg

from bench import measure
from bench.context import Context, Result
from tests.tools import web
from trustcart_db.web.live import MOST_OF_USER
from trustcart_db.web.sessions import SESSION

_CONNECTIONS = 32
_OPEN_PAGES = 1000
_OPENING = 50
MANAGER = 1_000_001
_numbers = itertools.count(1)
_PAGES = {
    "customers": "/admin/customers/cdm",
    "customers, VIPs by last order": "/admin/customers/cdm?customerType=vip&sort=last_order_date",
    "customers, search": "/admin/customers/cdm?search=given12",
    "customer": "/admin/customers/{customer}",
    "customer, 360°": "/admin/customers/{customer}/360",
    "CRM": "/admin/crm",
    "agent": "/admin/crm/agent-dashboard?agentId={agent}",
    "team": "/admin/crm/team-dashboard",
    "automation": "/admin/crm/automation",
}


def customer_360(context: Context) -> list[Result]:
    """GET 360 by 32 connections against as many calls through the same pool."""
    with served(context, context.shop()) as (site, name):
        seconds = context.effort.seconds
        customers = some_customers(context, name)
        asked = looking_up(site, customers, seconds)
        called = {
            "conninfo": context.server.url(name, user=web.GATEWAY),
            "user_id": MANAGER,
            "customers": customers,
            "tasks": _CONNECTIONS,
            "seconds": seconds,
        }
        run_program("bench.http_client", {**asked, "seconds": min(2, seconds)})
        over_http, without = [], []
        for _ in range(context.effort.repeats):
            without.append(run_program("bench.http_pool", called)["rate"])
            over_http.append(run_program("bench.http_client", asked))
        memory = _memory(site.process.pid)
    only_answers(over_http)
    rate = statistics.median_low([one["rate"] for one in over_http])
    run = next(one for one in over_http if one["rate"] == rate)
    bare = statistics.median(without)
    slowest = run["p99_ms"] / run["median_ms"]
    return [
        Result(
            "http-360",
            f"GET 360 over HTTP, {_CONNECTIONS} connections",
            "cached for 5 minutes in Redis",
            f"{rate:,.0f}/s; the same calls through the same pool {bare:,.0f}/s",
            f"{rate / bare:.0%} of the rate",
            ">= 40% of the rate without HTTP",
            rate >= 0.4 * bare,
        ),
        Result(
            "http-360-p99",
            "the same: the slowest",
            "–",
            f"median {measure.duration(run['median_ms'])}, p99 {measure.duration(run['p99_ms'])}",
            f"{slowest:.1f}x",
            "p99 < 10x the median",
            slowest < 10,
        ),
        Result("http-memory", "the same: the server's memory", "–", f"{memory:.0f} MB", "–", "< 200 MB", memory < 200),
    ]


def some_customers(context: Context, shop: str) -> list[int]:
    """Customers to look up. Arguments: the context; a database's name. Result: their ids."""
    with context.connect(shop) as connection:
        found = connection.execute("select id from trustcart.customers order by id limit 5000").fetchall()
    return [one for (one,) in found]


def looking_up(site: web.Site, customers: list[int], seconds: float) -> dict[str, object]:
    """The job of bench.http_client that looks customers up, as a manager. Arguments: the site; ids; for how long."""
    address = urlsplit(site.url)
    return {
        "host": address.hostname,
        "port": address.port,
        "headers": {"Authorization": f"Bearer {site.token(MANAGER, 'crm_manager')}"},
        "paths": [f"/cdm/customer360/{one}" for one in customers],
        "connections": _CONNECTIONS,
        "seconds": seconds,
    }


def only_answers(runs: list[dict]) -> None:
    """Raise RuntimeError unless all that bench.http_client asked for was answered."""
    statuses = {status for one in runs for status in one["statuses"]}
    if statuses != {"200"}:
        raise RuntimeError(f"not only 200 was answered: {statuses}")


def pages(context: Context) -> list[Result]:
    """The first byte of each page, in shops of several sizes, the day's calls planned."""
    sizes = [context.small, context.size, *([context.large] if context.large else [])]
    times: dict[int, dict[str, float]] = {}
    for size in sizes:
        with served(context, context.shop(size), plan=True) as (site, name):
            with context.connect(name) as connection:
                customer, agent = connection.execute(
                    "select min(t.customer_id), min(t.assigned_agent_id) from trustcart.crm_call_tasks as t"
                    " where t.task_date = trustcart.business_date() and t.assigned_agent_id is not null"
                ).fetchone()
            with site.browser("bench@example.com") as browser:
                times[size.customers] = {
                    page: _first_byte(browser, path.format(customer=customer, agent=agent), context.effort.rounds)
                    for page, path in _PAGES.items()
                }
    least, most = times[sizes[0].customers], times[sizes[-1].customers]
    grown = {page: most[page] / least[page] for page in _PAGES}
    worst = max(grown, key=grown.get)
    told = "; ".join(f"{page} {measure.duration(least[page])} → {measure.duration(most[page])}" for page in _PAGES)
    is_whole = sizes[-1].customers >= 1_000_000
    reached = grown[worst] <= 3
    return [
        Result(
            "http-pages",
            f"first byte of each page, {sizes[0].customers:,} → {sizes[-1].customers:,} customers, the day planned",
            "–",
            told,
            f"at most {grown[worst]:.2f}x ({worst})",
            "<= 3x from 10k to 1M customers",
            reached if is_whole or not reached else f"up to {sizes[-1].customers:,} customers",
        )
    ]


def idle(context: Context) -> list[Result]:
    """A thousand agents with an open page, and nothing happens."""
    seconds = context.effort.seconds
    with served(context, context.shop()) as (site, name):
        with context.connect(name) as connection:
            found = connection.execute("select id from trustcart.users where role = 'crm_agent'").fetchall()
            streams = min(_OPEN_PAGES, MOST_OF_USER * len(found))
            ran = asyncio.run(_idle(site, connection, [found[n % len(found)][0] for n in range(streams)], seconds))
        memory = _memory(site.process.pid)
    return [
        Result(
            "http-idle",
            f"{streams:,} idle pages of {len(found):,} agents open, for {seconds} s",
            "–",
            f"{'no query' if ran == 0 else f'queries in {ran} sessions'}; the server's memory {memory:.0f} MB",
            "–",
            "no query unless something changed",
            ran == 0,
        )
    ]


async def _idle(site: web.Site, connection: psycopg.Connection, agents: list[int], seconds: float) -> int:
    """Open a stream for each. Result: how many sessions of the gateway ran a statement from when all were open."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=site.url, timeout=60, limits=limits) as client:
        opening = asyncio.Semaphore(_OPENING)
        is_open = [asyncio.Event() for _ in agents]

        async def listen(number: int) -> None:
            # More than `serve --requests` at once would be refused: browsers come back, this one does not.
            await opening.acquire()
            cookies = f"{SESSION}={site.token(agents[number])}"
            async with client.stream("GET", "/live", headers={"Cookie": cookies}) as stream:
                stream.raise_for_status()
                async for _ in stream.aiter_lines():
                    if not is_open[number].is_set():
                        is_open[number].set()
                        opening.release()

        tasks = [asyncio.create_task(listen(number)) for number in range(len(agents))]
        all_open = asyncio.ensure_future(asyncio.gather(*(one.wait() for one in is_open)))
        # A stream that ends was refused.
        done, _ = await asyncio.wait([all_open, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            one.result()
        (began,) = connection.execute("select clock_timestamp()").fetchone()
        await asyncio.sleep(seconds)
        asked = _asked_since(connection, began)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return asked


def _asked_since(connection: psycopg.Connection, instant: datetime) -> int:
    """How many of the gateway's sessions have run a statement since."""
    return connection.execute(
        "select count(*) from pg_stat_activity where usename = %s and query_start > %s", [web.GATEWAY, instant]
    ).fetchone()[0]


@contextlib.contextmanager
def served(context: Context, shop: str, *, plan: bool = False) -> Iterator[tuple[web.Site, str]]:
    """Serve a copy of a shop with a manager of its own, its day's calls planned if asked; gives its name along."""
    # Left there: dropping it would make a checkpoint.
    name = context.copy(shop, f"{shop}_web_{next(_numbers)}")
    with context.connect(name) as connection:
        connection.execute(
            "insert into trustcart.users (id, name, email, role)"
            " values (%s, 'Bench', 'bench@example.com', 'crm_manager')",
            [MANAGER],
        )
        web.set_passwords(connection, [MANAGER])
        if plan:
            connection.execute("select trustcart.generate_daily_call_tasks()")
        connection.execute("vacuum (analyze)")
    with web.serving(context.server.url(name)) as site:
        yield site, name


def _first_byte(browser: httpx.Client, path: str, rounds: int) -> float:
    """The median time until the headers of an answer are there, in ms."""
    times = []
    for number in range(rounds + 3):
        began = time.perf_counter()
        with browser.stream("GET", path) as answer:
            took = (time.perf_counter() - began) * 1000
            answer.read()
            answer.raise_for_status()
        if number >= 3:  # those before warm up
            times.append(took)
    return statistics.median(times)


def run_program(module: str, job: dict) -> dict:
    """Run one of our programs. Raises RuntimeError with what it said."""
    done = subprocess.run([sys.executable, "-m", module], input=json.dumps(job), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def _memory(pid: int) -> float:
    """The most that a process has held, in MB."""
    (line,) = (one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6
