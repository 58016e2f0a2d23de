"""The database goes away and comes back: restarted, stopped, killed under load. Nothing hangs, nothing is half-done."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import psycopg
import pytest

from tests.tools import web
from tests.tools.sessions import wait_for, wait_until_true
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate
from trustcart_db.server import PrivateServer

ANSWER_SECONDS = 6.0


@dataclass
class Shop:
    """A server of its own, with a site: server, site; `connect()`."""

    server: PrivateServer
    site: web.Site

    def connect(self) -> psycopg.Connection:
        """A connection of the owner."""
        return self.server.connect("shop")


@pytest.fixture(scope="module")
def shop(major: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A server that may be killed, served; its data survive a kill -9."""
    from tests.tools.system import find_installation

    with PrivateServer(find_installation(major), settings={"fsync": "off"}) as server:
        migrate(server.create_database("shop"), read_bundle())
        with server.connect("shop") as connection:
            web.people(connection)
            connection.execute("insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'A', 1)")
        log = tmp_path_factory.mktemp("away") / "log"
        with web.serving(server.url("shop"), "--answer-seconds", str(ANSWER_SECONDS), log=log) as site:
            yield Shop(server, site)


def interaction(api: httpx.Client, key: str) -> httpx.Response:
    """Log an interaction under a key."""
    body = {"customerId": 1, "interactionType": "call", "subject": key}
    return api.post("/cdm/interaction", json=body, headers={"Idempotency-Key": key})


def test_after_a_restart_the_first_request_is_answered(shop):
    with contextlib.ExitStack() as stack:
        apis = [stack.enter_context(shop.site.api(1)) for _ in range(8)]
        # As many connections as there can be at once: each is dead afterwards.
        with shop.connect() as blocking:
            blocking.execute("begin; lock trustcart.customers in access exclusive mode")
            asking = [threading.Thread(target=api.get, args=["/cdm/customer360/1"]) for api in apis]
            for one in asking:
                one.start()
            wait_until_true(blocking, f"select count(*) = {len(apis)} from pg_locks where not granted")
            blocking.execute("rollback")
            for one in asking:
                one.join()
        shop.server.restart()
        # What changes something is not tried twice, and need not be: it is not begun on a connection that is gone.
        assert interaction(apis[0], "after-a-restart-1").status_code == 201
        assert [api.get("/cdm/customer360/1").status_code for api in apis] == [200] * len(apis)


def test_while_it_is_away_all_is_told_at_once_and_then_works_by_itself(shop):
    with shop.site.api(1) as api, shop.site.browser("agent@example.com") as browser:
        shop.server.stop()
        away = api.get("/cdm/customer360/1")
        assert (away.status_code, away.json()["detail"]) == (503, "The database is away.")
        assert int(away.headers["Retry-After"]) > 0
        assert interaction(api, "while-it-is-away-1").status_code == 503
        page = browser.get("/admin/crm")
        assert (page.status_code, page.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
        token = web.csrf_of(page.text)
        refused = browser.post("/sign-in", data={"csrf_token": token, "email": "agent@example.com", "password": "x"})
        assert refused.status_code == 503
        assert (api.get("/healthz").status_code, api.get("/readyz").status_code) == (200, 503)
        shop.server.start()
        wait_for(lambda: api.get("/readyz").status_code == 200)
        assert api.get("/cdm/customer360/1").status_code == 200
        assert interaction(api, "while-it-is-away-1").status_code == 201
        assert browser.get("/admin/crm").status_code == 200


@pytest.mark.parametrize("how", ["restart", "kill9"])
def test_under_load_nothing_hangs_or_is_half_done_or_done_twice(shop, how):
    load = Load(shop.site, how)
    load.begin()
    try:
        wait_for(lambda: load.answered >= 50)
        if how == "kill9":
            shop.server.kill9()
        shop.server.restart()
        since = load.answered
        wait_for(lambda: load.answered >= since + 50)
    finally:
        load.end()
    assert set(load.statuses) <= {200, 201, 503}, load.statuses
    assert load.slowest < ANSWER_SECONDS + 2
    # Everything that was not confirmed is sent again under its key, until it is.
    with shop.site.api(1) as api:
        for key in load.unconfirmed:
            assert interaction(api, key).status_code == 201
        assert api.get("/cdm/customer360/1").status_code == 200
    with shop.connect() as connection:
        found = connection.execute(
            "select subject, count(*) from trustcart.customer_interactions where subject like %s group by subject",
            [f"{how}-%"],
        ).fetchall()
    assert dict(found) == dict.fromkeys(load.keys, 1)


def test_a_read_whose_connection_breaks_is_read_again(shop):
    with shop.connect() as connection, shop.connect() as blocking, shop.site.api(1) as api:
        blocking.execute("begin; lock trustcart.customers in access exclusive mode")
        answers = []
        asking = threading.Thread(target=lambda: answers.append(api.get("/cdm/customer360/1")))
        asking.start()
        wait_until_true(blocking, "select count(*) = 1 from pg_locks where not granted")
        ended = connection.execute("select pg_terminate_backend(pid) from pg_locks where not granted").fetchall()
        assert ended == [(True,)]
        # It asks once more, so that it waits again.
        wait_until_true(blocking, "select count(*) = 1 from pg_locks where not granted")
        blocking.execute("rollback")
        asking.join()
        assert answers[0].status_code == 200


def test_what_changes_something_is_not_done_again_by_itself(shop):
    with shop.connect() as connection, shop.connect() as blocking, shop.site.api(1) as api:
        blocking.execute("begin; lock trustcart.customer_interactions in access exclusive mode")
        answers = []
        asking = threading.Thread(target=lambda: answers.append(interaction(api, "broken-in-between-1")))
        asking.start()
        wait_until_true(blocking, "select count(*) = 1 from pg_locks where not granted")
        connection.execute("select pg_terminate_backend(pid) from pg_locks where not granted")
        asking.join()
        assert answers[0].status_code == 503
        assert "not known" in answers[0].json()["hint"]
        blocking.execute("rollback")
        count = "select count(*) from trustcart.customer_interactions where subject = 'broken-in-between-1'"
        assert connection.execute(count).fetchone() == (0,)
        assert interaction(api, "broken-in-between-1").status_code == 201
        assert connection.execute(count).fetchone() == (1,)


@dataclass
class Load:
    """Readers and writers that do not stop: statuses, keys (of all interactions), unconfirmed, slowest (seconds)."""

    site: web.Site
    name: str
    statuses: Counter = field(default_factory=Counter)
    keys: list[str] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many requests succeeded."""
        return self.statuses[200] + self.statuses[201]

    def begin(self) -> None:
        """Start."""
        for number in range(6):
            target = self._write if number % 2 else self._read
            self._threads.append(threading.Thread(target=target, args=[number]))
            self._threads[-1].start()

    def end(self) -> None:
        """Stop, and wait for what is under way."""
        self._stop.set()
        for one in self._threads:
            one.join()

    def _read(self, number: int) -> None:
        with self.site.api(1) as api:
            while not self._stop.is_set():
                self._note(api.get("/cdm/customer360/1"))

    def _write(self, number: int) -> None:
        count = 0
        with self.site.api(1) as api:
            while not self._stop.is_set():
                count += 1
                key = f"{self.name}-{number}-{count}".ljust(20, "x")
                self.keys.append(key)
                answer = interaction(api, key)
                if answer.status_code != 201:
                    self.unconfirmed.append(key)
                self._note(answer)

    def _note(self, answer: httpx.Response) -> None:
        self.statuses[answer.status_code] += 1
        self.slowest = max(self.slowest, answer.elapsed.total_seconds())
        if answer.status_code == 503:
            self._stop.wait(0.05)
