"""Reads go to a streaming replica: not before it shows what one has done, not when it is far behind or away; and when
the primary is killed it goes on, promoted, with everything that was acknowledged."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.python.conftest import environment
from tests.tools import web
from tests.tools.provider import Gate, Provider, fill
from tests.tools.system import find_installation, quick_dir
from trustcart_db.bundle import read_bundle
from trustcart_db.connection import READ
from trustcart_db.migrate import migrate
from trustcart_db.server import PrivateServer
from trustcart_db.web.replica import Replica

AGENT, OTHER, LEADER, MANAGER = 1, 2, 3, 4
ANSWER_SECONDS, MOST_LAG = 6.0, 1.5
#: Seconds until a wait is given up; long, for the machine may be busy.
PATIENCE = 60


@dataclass
class Pair:
    """A primary with a synchronous replica, and a site: log is the site's; both are named in its URL."""

    primary: PrivateServer
    standby: PrivateServer
    site: web.Site
    log: Path

    def connect(self) -> psycopg.Connection:
        """A connection of the owner at the primary."""
        return self.primary.connect("shop")

    def number(self, name: str) -> float:
        """A number of /metrics, 0 when it is not there."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", httpx.get(f"{self.site.url}/metrics").text, re.MULTILINE)
        return float(found.group(1)) if found else 0.0

    def reads(self, server: str) -> float:
        """How many reads a server has answered."""
        return self.number(f'trustcart_reads_total{{server="{server}"}}')

    def answering(self, api: httpx.Client, path: str) -> tuple[str, object]:
        """Read something. Result: which server answered, and what."""
        before = self.reads("replica")
        answer = api.get(path)
        assert answer.status_code == 200, answer.text
        return "replica" if self.reads("replica") > before else "primary", answer.json()

    def is_read(self) -> None:
        """Wait until the replica is read."""
        wait_until(lambda: self.number("trustcart_replica_usable") == 1)


def both(primary: PrivateServer, standby: PrivateServer, user: str) -> str:
    """A URL of whichever of the two can be written to."""
    return (
        f"host={primary.socket_dir},{standby.socket_dir} port=5432,5432 dbname=shop user={user}"
        # Not waited for: a server that was killed refuses at once.
        " connect_timeout=5"
    )


@pytest.fixture(scope="module")
def pair(major: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """The two, served. What was acknowledged is on both; their data survive a kill -9."""
    with contextlib.ExitStack() as stack:
        primary = stack.enter_context(
            PrivateServer(find_installation(major), settings={"fsync": "off"}, temp_dir=quick_dir())
        )
        migrate(primary.create_database("shop"), read_bundle())
        with primary.connect("shop") as connection:
            web.people(connection)
            connection.execute(
                "insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'A', 1), (2, 'B', 2)"
            )
        standby = stack.enter_context(primary.standby())
        with primary.connect("shop") as connection:
            connection.execute("alter system set synchronous_standby_names = '*'")
            connection.execute("select pg_reload_conf()")
            web.make_gateway(connection)
            wait_for(connection, "select exists (select from pg_stat_replication where sync_state = 'sync')")
        log = tmp_path_factory.mktemp("replica") / "log"
        options = ["--answer-seconds", str(ANSWER_SECONDS), "--replica-lag", str(MOST_LAG)]
        environment = {
            "TRUSTCART_DATABASE_URL": both(primary, standby, web.GATEWAY),
            READ: make_conninfo(standby.url("shop"), user=web.GATEWAY),
        }
        site = stack.enter_context(web.serving(primary.url("shop"), *options, log=log, **environment))
        yield Pair(primary, standby, site, log)


@contextlib.contextmanager
def paused(pair: Pair) -> Iterator[None]:
    """The replica gets what the primary does, and does not replay it."""
    with pair.standby.connect("shop") as connection:
        connection.execute("select pg_wal_replay_pause()")
        wait_for(connection, "select pg_get_wal_replay_pause_state() = 'paused'")
        try:
            yield
        finally:
            connection.execute("select pg_wal_replay_resume()")


def interaction(api: httpx.Client, key: str, customer: int = 1) -> httpx.Response:
    """Log an interaction under a key."""
    body = {"customerId": customer, "interactionType": "call", "subject": key}
    return api.post("/cdm/interaction", json=body, headers={"Idempotency-Key": key.ljust(20, "x")})


def subjects(answer: object) -> set[str]:
    """What interactions are about."""
    return {one["subject"] for one in answer}


def test_what_only_reads_goes_to_the_replica_and_what_is_noted_does_not(pair):
    pair.is_read()
    with pair.site.api(AGENT) as api, pair.connect() as connection:
        assert pair.answering(api, "/cdm/interactions/1")[0] == "replica"
        looked = "select count(*) from trustcart.audit_logs where action = 'view' and customer_id = 1"
        (before,) = connection.execute(looked).fetchone()
        # That somebody looked at the customer is written down.
        assert pair.answering(api, "/cdm/customer360/1")[0] == "primary"
        assert connection.execute(looked).fetchone() == (before + 1,)
    assert "trustcart_replica_lag_seconds" in httpx.get(f"{pair.site.url}/metrics").text


@pytest.mark.parametrize(
    "path",
    [
        *("/admin/crm", "/admin/customers/cdm", "/admin/crm/agent-dashboard/list?agentId=1", "/admin/crm/automation"),
        *("/admin/crm/team-dashboard", "/admin/crm/team-dashboard/plan", "/account/password"),
    ],
)
def test_a_page_that_only_reads_can_be_read_there(pair, manager, path):
    pair.is_read()
    before = pair.reads("replica")
    assert manager.get(path).status_code == 200
    assert pair.reads("replica") > before


@pytest.fixture(scope="module")
def manager(pair: Pair) -> Iterator[httpx.Client]:
    """A manager who has signed in."""
    with pair.site.browser("manager@example.com") as browser:
        yield browser


def test_whoever_changed_something_sees_it_and_others_are_not_kept_from_the_replica(pair):
    pair.is_read()
    path = "/cdm/interactions/1"
    with pair.site.api(AGENT) as agent, pair.site.api(LEADER) as leader:
        with paused(pair):
            assert interaction(agent, "read-your-writes").status_code == 201
            server, answer = pair.answering(agent, path)
            assert (server, "read-your-writes" in subjects(answer)) == ("primary", True)
            if pair.number("trustcart_replica_usable"):
                server, answer = pair.answering(leader, path)
                assert (server, "read-your-writes" in subjects(answer)) in {("replica", False), ("primary", True)}
        wait_until(lambda: pair.answering(agent, path)[0] == "replica")
        assert "read-your-writes" in subjects(pair.answering(agent, path)[1])


def test_what_the_replica_does_not_know_yet_the_primary_is_asked(pair):
    pair.is_read()
    with paused(pair), pair.connect() as connection, pair.site.api(7) as api:
        connection.execute(
            "insert into trustcart.users (id, name, role) values (7, 'New', 'crm_agent') on conflict do nothing"
        )
        # On the replica nobody of that number is there to be signed in.
        answer = api.get("/cdm/customer360")
        assert (answer.status_code, answer.json()) == (200, [])


def test_a_page_that_is_told_of_a_change_sees_it(pair):
    pair.is_read()
    # Two tabs of one agent, who changes nothing.
    with contextlib.ExitStack() as stack:
        page, listening = (stack.enter_context(pair.site.browser("agent@example.com")) for _ in range(2))
        mark = re.search(r"since=([0-9a-f]+-\d+)", page.get("/admin/crm/agent-dashboard").text).group(1)
        lines = stack.enter_context(listening.stream("GET", f"/live?since={mark}")).iter_lines()
        assert next(lines).startswith("retry")
        stack.enter_context(paused(pair))
        with pair.connect() as connection:
            connection.execute("select trustcart.create_call_task(1, 'follow_up', p_assigned_agent_id => 1)")
        assert "event: calls" in lines
        answer = page.get("/admin/crm/agent-dashboard/list?agentId=1")
        assert (answer.status_code, answer.text.count("<li")) == (200, 1)


def test_one_that_is_far_behind_is_not_read_until_it_is_near(pair):
    pair.is_read()
    with pair.site.api(AGENT) as agent, pair.site.api(OTHER) as other:
        with paused(pair):
            assert interaction(agent, "far-behind").status_code == 201
            wait_until(lambda: pair.number("trustcart_replica_usable") == 0)
            assert pair.answering(other, "/cdm/interactions/2")[0] == "primary"
            assert f"the primary is read: the replica is more than {MOST_LAG:g} seconds behind" in pair.log.read_text()
        pair.is_read()
        assert pair.answering(other, "/cdm/interactions/2")[0] == "replica"


def test_without_the_replica_the_primary_is_read(pair):
    pair.is_read()
    with pair.site.api(OTHER) as api, pair.connect() as connection:
        # A synchronous one that is away would hold up every change.
        connection.execute("alter system set synchronous_standby_names = ''")
        connection.execute("select pg_reload_conf()")
        pair.standby.stop()
        assert pair.answering(api, "/cdm/interactions/2")[0] == "primary"
        wait_until(lambda: "the primary is read: the replica is away" in pair.log.read_text())
        assert api.get("/readyz").json() == {"status": "ready"}
        pair.standby.start()
        connection.execute("alter system set synchronous_standby_names = '*'")
        connection.execute("select pg_reload_conf()")
        wait_for(connection, "select exists (select from pg_stat_replication where sync_state = 'sync')")
        pair.is_read()
        assert pair.answering(api, "/cdm/interactions/2")[0] == "replica"


def test_the_primary_is_killed_and_the_replica_promoted(pair, cli, tmp_path, http):
    """Last in this file: afterwards there is one server. Reads carry on, changes are refused and then carried on; what
    was acknowledged is there once."""
    pair.is_read()
    owner = both(pair.primary, pair.standby, pair.primary.superuser)
    provider, gate = Provider(http), Gate(20)
    provider.answer = gate
    with pair.connect() as connection:
        fill(connection, 60)
        (messages,) = connection.execute("select count(*) from trustcart.campaign_messages").fetchone()
    config = tmp_path / "delivery.toml"
    config.write_text(f'[push]\ntransport = "outbox"\nurl = "{provider.url}"\nsecret_env = "SECRET"\n')
    with contextlib.ExitStack() as stack:
        agent, other = stack.enter_context(pair.site.api(AGENT)), stack.enter_context(pair.site.api(OTHER))
        browser = stack.enter_context(pair.site.browser("agent@example.com"))
        gone = stack.enter_context(pair.site.browser("rival@example.com"))
        token = web.csrf_of(gone.get("/admin/crm/agent-dashboard").text)
        signed_out = gone.cookies["trustcart_session"]
        assert gone.post("/sign-out", data={"csrf_token": token}).status_code == 200
        delivering = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "trustcart_db", "deliver", "--once", "--config", str(config)],
                env={**environment(), "TRUSTCART_DATABASE_URL": owner, "SECRET": "s3cret"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(delivering.kill)
        load = Load(pair.site)
        load.begin()
        try:
            # A job is under way when the server dies.
            blocking, watching = pair.connect(), pair.connect()
            blocking.execute("begin; lock trustcart_private.changed_baskets in exclusive mode")
            running = threading.Thread(target=_run_job, args=[pair])
            running.start()
            wait_for(watching, "select exists (select from trustcart.job_runs where status = 'started')")
            wait_until(lambda: len(load.acknowledged) >= 30)
            # So are messages: the provider has them, and the database does not know yet.
            assert gate.held.wait(PATIENCE)
            pair.primary.kill9()
            gate.opened.set()
            running.join()
            wait_until(lambda: load.refused > 0)
            # Reading goes on, also of what is noted: the replica's log has who looked, for a table cannot.
            assert other.get("/cdm/interactions/2").status_code == 200
            assert agent.get("/cdm/customer360/1").status_code == 200
            told = pair.standby.log_path.read_text()
            assert re.search(r"view of customers \{1\} by user 1 \(\w+\) is not in audit_logs", told)
            assert browser.get("/admin/crm/agent-dashboard").status_code == 200
            refused = interaction(agent, "while-nobody-can-write")
            assert (refused.status_code, refused.headers["Content-Type"]) == (503, "application/problem+json")
            assert "nothing can be changed" in agent.get("/readyz").json()["detail"]
            with pair.standby.connect("shop") as connection:
                assert connection.execute("select pg_promote()").fetchone() == (True,)
            since = len(load.acknowledged)
            wait_until(lambda: len(load.acknowledged) >= since + 30)
        finally:
            load.end()
        assert load.unread == 0
        for key in load.unconfirmed:
            assert interaction(agent, key).status_code == 201
        delivering.wait(PATIENCE)
        # Who was signed in is, who was signed out is not.
        assert browser.get("/admin/crm/agent-dashboard").url.path == "/admin/crm/agent-dashboard"
        answer = httpx.get(
            f"{pair.site.url}/admin/crm/agent-dashboard", headers={"Cookie": f"trustcart_session={signed_out}"}
        )
        assert (answer.status_code, answer.headers["Location"].startswith("/sign-in")) == (303, True)
    with pair.standby.connect("shop") as connection:
        found = connection.execute(
            "select subject, count(*) from trustcart.customer_interactions where subject like 'load%%' group by subject"
        ).fetchall()
        assert dict(found) == dict.fromkeys({*load.acknowledged, *load.unconfirmed}, 1)
        # Identities go on above what there is.
        ahead = connection.execute(
            "select last_value >= (select max(id) from trustcart.customer_interactions)"
            " from trustcart.customer_interactions_id_seq"
        ).fetchone()
        assert ahead == (True,)
    assert delivering.wait(PATIENCE) == 0, delivering.stderr.read()
    provider.saw_everybody_under_one_key(messages)
    with pair.standby.connect("shop") as connection:
        assert connection.execute(
            "select m.status, a.outcome, count(*) from trustcart.campaign_messages as m"
            " inner join trustcart.campaign_delivery_attempts as a on m.id = a.message_id group by 1, 2"
        ).fetchall() == [("sent", "accepted", messages)]
    # The job that died with the primary holds no lock here, and is run again, once.
    done = cli("run", "refresh_recommendations", "--format", "json", env={"TRUSTCART_DATABASE_URL": owner})
    assert (done.returncode, json.loads(done.stdout)[0]["status"]) == (0, "succeeded"), done.stderr
    with pair.standby.connect("shop") as connection:
        assert connection.execute(
            "select status, count(*) from trustcart.job_runs where job_name = 'refresh_recommendations'"
            " group by status order by status"
        ).fetchall() == [("killed", 1), ("succeeded", 1)]


def _run_job(pair: Pair) -> None:
    with contextlib.suppress(psycopg.Error), pair.connect() as connection:
        connection.execute("call trustcart.run_job('refresh_recommendations')")


@dataclass
class Load:
    """Readers and writers that do not stop: acknowledged and unconfirmed (keys of interactions), refused (changes that
    were answered 503), unread (reads that were not answered)."""

    site: web.Site
    acknowledged: list[str] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    refused: int = 0
    unread: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Start."""
        for number in range(4):
            self._threads.append(threading.Thread(target=self._write if number % 2 else self._read, args=[number]))
            self._threads[-1].start()

    def end(self) -> None:
        """Stop, and wait for what is under way."""
        self._stop.set()
        for one in self._threads:
            one.join()

    def _read(self, number: int) -> None:
        with self.site.api(OTHER) as api:
            while not self._stop.is_set():
                self.unread += api.get("/cdm/interactions/2").status_code != 200

    def _write(self, number: int) -> None:
        count = 0
        with self.site.api(AGENT) as api:
            while not self._stop.is_set():
                count += 1
                key = f"load-{number}-{count}"
                answer = interaction(api, key)
                assert answer.status_code in (201, 503)
                if answer.status_code == 201:
                    self.acknowledged.append(key)
                else:
                    self.unconfirmed.append(key)
                    self.refused += 1
                    self._stop.wait(0.05)


def wait_for(connection: psycopg.Connection, question: str) -> None:
    """Wait until the database answers true."""
    wait_until(lambda: connection.execute(question).fetchone()[0])


def wait_until(is_so) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


class TestWhatIsKnownOfAReplica:
    """The arithmetic of `Replica`, by a clock of the test's own."""

    @pytest.mark.parametrize("changed_at", [5.0, 9.9])
    def test_until_it_shows_a_change_its_user_reads_the_primary(self, changed_at):
        replica = Replica(_Known(), _Known(), most_lag=3, clock=lambda: changed_at)
        replica.is_usable, replica.shows_until, replica._reading = True, 4.0, frozenset({"reads"})
        assert replica.takes("reads", AGENT)
        replica.changed(AGENT)
        assert (replica.takes("reads", AGENT), replica.takes("reads", OTHER)) == (False, True)
        replica.shows_until = 10.0
        assert replica.takes("reads", AGENT)
        assert not replica.takes("writes", AGENT)


class _Known:
    """A pool of which only this is asked."""

    is_away = False
