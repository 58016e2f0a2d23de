"""Everything through a real PgBouncer in transaction mode, with the settings of docs/pgbouncer.ini and two server
connections for each login role, so that clients do share them."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.python.conftest import environment
from tests.tools import programs, web
from tests.tools.bouncer import Bouncer, bouncing
from tests.tools.provider import Provider
from tests.tools.system import find_installation, quick_dir
from trustcart_db.connection import DIRECT, connect_direct
from trustcart_db.errors import UsageError
from trustcart_db.server import THROW_AWAY, PrivateServer

# What stands between us and Postgres is the same on each version.
pytestmark = pytest.mark.once

AGENTS = (1, 2)
LEADER, MANAGER = 3, 4
CUSTOMERS = 80


@dataclass
class Pooled:
    """A shop behind PgBouncer: bouncer, server, variables (the environment of our programs)."""

    bouncer: Bouncer
    server: PrivateServer
    variables: dict[str, str]

    def run(self, *arguments: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
        """Run a command of ours."""
        changed = {**environment(), **self.variables, **variables}
        return programs.run(list(arguments), {name: value for name, value in changed.items() if value is not None})

    def rows(self, *arguments: str) -> list[dict[str, object]]:
        """What a command that succeeds says in JSON."""
        done = self.run(*arguments, "--format", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def connect(self) -> psycopg.Connection:
        """A connection of the owner, not through the pooler."""
        return self.server.connect("shop")


@pytest.fixture(scope="module")
def pooled(major: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    """The shop, migrated and filled by commands."""
    with PrivateServer(find_installation(major), settings=THROW_AWAY, temp_dir=quick_dir()) as server:
        direct = server.create_database("shop")
        with bouncing(server, web.GATEWAY) as bouncer:
            variables = {"TRUSTCART_DATABASE_URL": bouncer.url("shop"), DIRECT: direct}
            shop = Pooled(bouncer, server, variables)
            done = shop.run("migrate")
            assert done.returncode == 0, done.stderr
            with shop.connect() as connection:
                web.people(connection)
                connection.execute("update trustcart.settings set quiet_from = null, quiet_until = null")
            folder = tmp_path_factory.mktemp("shop")
            _write_shop(folder)
            done = shop.run("import", "--customers", str(folder / "c.csv"), "--orders", str(folder / "o.csv"))
            assert done.returncode == 0, done.stderr
            yield shop


def _write_shop(folder: Path) -> None:
    """Customers of two agents in turn, each with an order long ago, as files."""
    customers = ["id,first_name,phone,assigned_agent_id"]
    orders = ["order_number,customer_id,order_date,total_amount,status"]
    for number in range(1, CUSTOMERS + 1):
        customers.append(f"{number},C{number},01712{number:06},{AGENTS[number % 2]}")
        orders.append(f"A-{number},{number},2025-06-{number % 28 + 1:02},{100 * number},delivered")
    (folder / "c.csv").write_text("\n".join(customers) + "\n", encoding="utf-8")
    (folder / "o.csv").write_text("\n".join(orders) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def site(pooled: Pooled) -> Iterator[web.Site]:
    """The shop served through the pooler; live pages are told without it."""
    variables = {
        "TRUSTCART_DATABASE_URL": pooled.bouncer.url("shop", web.GATEWAY),
        DIRECT: pooled.server.url("shop", web.GATEWAY),
    }
    with web.serving(pooled.server.url("shop"), **variables) as served:
        yield served


def leaves_nothing_behind(pooled: Pooled, user: str | None = None) -> None:
    """Raises AssertionError when a server connection is not as a new one is."""
    found = []
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(pooled.bouncer.connect("shop", user)) for _ in range(2)]
        for client in clients:
            client.execute("begin")  # each gets another one
            found.append(
                client.execute(
                    "select pg_backend_pid(), current_user = session_user, current_setting('request.jwt.claims', true),"
                    " (select count(*) from pg_settings where source = 'session'"
                    # What PgBouncer sets itself for each client.
                    "  and name not in ('application_name', 'client_encoding', 'DateStyle', 'TimeZone',"
                    "  'standard_conforming_strings')),"
                    " (select count(*) from pg_prepared_statements),"
                    " (select count(*) from pg_listening_channels()),"
                    " (select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'advisory')"
                ).fetchone()
            )
        for client in clients:
            client.execute("rollback")
    assert len({pid for pid, *_ in found}) == 2
    for _, is_itself, claims, *left in found:
        assert (is_itself, claims or "", left) == (True, "", [0, 0, 0, 0])


@pytest.mark.parametrize(
    "command",
    [
        ("migrate",),
        ("rollback", "--yes"),
        ("backup", "nowhere.dump"),
        ("deliver", "--once", "--config", "delivery.toml"),
    ],
)
def test_what_needs_a_session_says_so_instead_of_going_wrong(pooled, tmp_path, command):
    (tmp_path / "delivery.toml").write_text(
        '[push]\ntransport = "outbox"\nurl = "http://127.0.0.1:9/"\nsecret_env = "S"\n'
    )
    arguments = [str(tmp_path / one) if "." in one else one for one in command]
    done = pooled.run(*arguments, S="s", **{DIRECT: None})
    assert done.returncode == 2, done.stdout + done.stderr
    assert "leads through a pooler such as PgBouncer" in done.stderr
    assert DIRECT in done.stderr
    leaves_nothing_behind(pooled)


def test_serving_without_a_way_to_be_told_is_refused(pooled):
    url = pooled.bouncer.url("shop", web.GATEWAY)
    with pooled.connect() as connection:
        web.make_gateway(connection)
    done = pooled.run("serve", "--port", "0", **{"TRUSTCART_DATABASE_URL": url, DIRECT: None})
    assert done.returncode == 2, done.stderr
    assert DIRECT in done.stderr


def test_a_pooler_is_known_by_the_process_it_names(pooled):
    with pytest.raises(UsageError):
        connect_direct(pooled.bouncer.url("shop"))
    with connect_direct(pooled.server.url("shop")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_imports_reports_and_exports(pooled, tmp_path):
    _write_shop(tmp_path)
    files = ("import", "--customers", str(tmp_path / "c.csv"), "--orders", str(tmp_path / "o.csv"))
    commands = [files, files, ("report", "daily"), ("plan",), ("export", "customer_360_view", "--format", "json")]
    with ThreadPoolExecutor() as threads:
        for done in threads.map(lambda command: pooled.run(*command), commands):
            assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) == CUSTOMERS
    leaves_nothing_behind(pooled)


def test_a_day_of_jobs(pooled):
    with pooled.connect() as connection:
        (enabled,) = connection.execute("select count(*) from trustcart.job_schedules where is_enabled").fetchone()
    with ThreadPoolExecutor() as threads:
        # What others ask meanwhile takes turns with it.
        others = [threads.submit(pooled.run, "report", "daily") for _ in range(3)]
        runs = pooled.rows("run", "daily")
        assert all(one.result().returncode == 0 for one in others)
    assert [run["status"] for run in runs] == ["succeeded"] * enabled
    assert len(pooled.rows("jobs")) >= enabled
    leaves_nothing_behind(pooled)


def test_a_job_that_is_cancelled_leaves_no_lock_to_the_next_client(pooled):
    with pooled.connect() as blocking, pooled.bouncer.connect("shop") as client:
        blocking.execute("begin; lock trustcart_private.changed_baskets in exclusive mode")
        with pytest.raises(psycopg.errors.QueryCanceled), ThreadPoolExecutor() as threads:
            running = threads.submit(client.execute, "call trustcart.run_job('refresh_recommendations')")
            _wait(pooled, "select exists (select from pg_locks where locktype = 'relation' and not granted)")
            client.cancel_safe()
            running.result()
        blocking.execute("rollback")
    leaves_nothing_behind(pooled)
    assert pooled.rows("run", "refresh_recommendations")[0]["status"] == "succeeded"


def test_agents_work_their_calls_through_two_connections(pooled):
    with pooled.connect() as connection:
        connection.execute(
            "select trustcart.create_call_task(c.id, 'follow_up', p_assigned_agent_id => c.assigned_agent_id)"
            " from trustcart.customers as c where c.id <= 40"
            " and not exists (select from trustcart.crm_call_tasks as t where t.customer_id = c.id)"
        )
        (planned,) = connection.execute(
            "select count(*) from trustcart.crm_call_tasks where status = 'pending'"
        ).fetchone()
    worked: list[tuple[int, int]] = []

    def work(agent: int) -> None:
        with pooled.bouncer.connect("shop", web.GATEWAY) as client:
            while True:
                with client.transaction():
                    client.execute("select trustcart.act_as(%s)", [agent])
                    call = client.execute("select id from trustcart.claim_next_call(%s)", [agent]).fetchone()
                    if call is None:
                        return
                with client.transaction():
                    client.execute("select trustcart.act_as(%s)", [agent])
                    client.execute("select trustcart.complete_call_task(%s, 'successful')", [call[0]])
                worked.append((agent, call[0]))

    with pooled.connect() as connection:
        web.make_gateway(connection)
    with ThreadPoolExecutor() as threads:
        for done in [threads.submit(work, agent) for agent in AGENTS * 2]:
            done.result()
    with pooled.connect() as connection:
        found = connection.execute(
            "select assigned_agent_id, id from trustcart.crm_call_tasks where status = 'completed'"
        ).fetchall()
    # Two tabs of one agent may finish the same call, which is the same twice.
    assert set(worked) == set(found)
    assert len(found) == planned
    leaves_nothing_behind(pooled, web.GATEWAY)


def test_a_campaign_is_sent_and_delivered(pooled, http, tmp_path):
    provider = Provider(http)
    with pooled.connect() as connection:
        connection.execute("update trustcart.settings set contacts_per_week = 1000")
        connection.execute(
            "select trustcart.record_consent(c.id, 'push', true, 'test') from trustcart.customers as c where c.id <= 20"
        )
    made = pooled.rows("campaign", "create", "--name", "N", "--type", "push", "--segment", "all", "--message", "Hello")
    sent = pooled.rows("campaign", "send", str(made[0]["id"]))
    config = tmp_path / "delivery.toml"
    config.write_text(f'[push]\ntransport = "outbox"\nurl = "{provider.url}"\nsecret_env = "S"\n')
    done = pooled.run("deliver", "--once", "--config", str(config), "--format", "json", S="s3cret")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["sent"] == len(provider.keys) > 0, (sent, done.stderr)
    leaves_nothing_behind(pooled)


def test_nobody_is_taken_for_another_user(pooled, site):
    """Users who ask at once, over and over, through two connections: each sees theirs, and what they may not is
    refused."""

    def ask(user_id: int) -> list[tuple[int, set[int]]]:
        seen = []
        with site.api(user_id, "crm_manager" if user_id == MANAGER else "crm_agent") as api:
            for round_ in range(15):
                answer = api.get("/cdm/customer360", params={"limit": 500})
                seen.append((answer.status_code, {one["customer_id"] for one in answer.json()}))
                # A refusal in the middle of a transaction ends it.
                other = api.get(f"/cdm/interactions/{1 + (user_id + round_) % 2}")
                assert other.status_code in (200, 403, 404)
                key = f"nobody-is-another-{user_id}-{round_}"
                mine = CUSTOMERS if user_id == 1 else CUSTOMERS - 1
                body = {"customerId": mine, "interactionType": "call", "subject": f"of {user_id}"}
                if user_id in AGENTS:
                    assert api.post("/cdm/interaction", json=body, headers={"Idempotency-Key": key}).status_code == 201
        return seen

    everybody = set(range(1, CUSTOMERS + 1))
    theirs = {
        1: {number for number in everybody if AGENTS[number % 2] == 1},
        2: {number for number in everybody if AGENTS[number % 2] == 2},
        LEADER: everybody,
        MANAGER: everybody,
    }
    with ThreadPoolExecutor() as threads:
        asked = {user_id: [threads.submit(ask, user_id) for _ in range(2)] for user_id in theirs}
        for user_id, answers in asked.items():
            for answer in answers:
                assert all(one == (200, theirs[user_id]) for one in answer.result())
    with pooled.connect() as connection:
        assert connection.execute(
            "select agent_id, subject, count(*) from trustcart.customer_interactions where subject like 'of %'"
            " group by 1, 2 order by 1"
        ).fetchall() == [(1, "of 1", 15), (2, "of 2", 15)]
        # It was two, and what they are asked is not prepared.
        (used,) = connection.execute(
            "select count(*) from pg_stat_activity where usename = %s and not query ~ '^listen'", [web.GATEWAY]
        ).fetchone()
        assert used <= 2
    leaves_nothing_behind(pooled, web.GATEWAY)


def test_the_pages_are_walked_and_told(pooled, site):
    with contextlib.ExitStack() as stack:
        page, listening = (stack.enter_context(site.browser("agent@example.com")) for _ in range(2))
        lines = stack.enter_context(listening.stream("GET", "/live")).iter_lines()
        assert next(lines).startswith("retry")
        for path in ("agent-dashboard", "customers", "customers/2"):
            address = f"/admin/crm/{path}" if path == "agent-dashboard" else f"/admin/{path}"
            assert page.get(address).status_code == 200, address
        with pooled.bouncer.connect("shop") as connection:
            connection.execute("select trustcart.create_call_task(2, 'follow_up', p_assigned_agent_id => 1)")
        assert "event: calls" in lines
        token = web.csrf_of(page.get("/admin/crm/agent-dashboard").text)
        assert page.post("/sign-out", data={"csrf_token": token}).url.path == "/sign-in"
    manager = stack.enter_context(site.browser("manager@example.com"))
    for path in ("/admin/crm", "/admin/crm/team-dashboard", "/admin/crm/automation", "/admin/customers"):
        assert manager.get(path).status_code == 200, path
    # What is asked for takes longer than it may, and the next one is not bounded by that.
    assert httpx.get(f"{site.url}/readyz").status_code == 200
    leaves_nothing_behind(pooled, web.GATEWAY)


def _wait(pooled: Pooled, question: str) -> None:
    with pooled.connect() as connection:
        _until(lambda: connection.execute(question).fetchone()[0])


def _until(is_so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_so():
            return
        threading.Event().wait(0.02)
    raise AssertionError("never so")
