"""What one request may take, and all together: sizes, times, numbers; and what a client that goes away leaves."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.python.conftest import Database
from tests.tools import raw_http, web
from tests.tools.sessions import wait_until_true
from trustcart_db.server import PrivateServer
from trustcart_db.web.config import Limits
from trustcart_db.web.limits import Bounded
from trustcart_db.web.protocol import GONE, TASK

RUNNING = """
    select count(*) from pg_stat_activity
    where query like '%trustcart_api."behavior"%' and state = 'active' and pid <> pg_backend_pid()
"""
SLOW = """
create or replace function trustcart_api.behavior(p_customer_id bigint)
returns jsonb language plpgsql as $$
begin
    perform pg_sleep(60);
    return '{}';
end;
$$;
grant execute on function trustcart_api.behavior to trustcart_agent;
"""


@pytest.fixture(scope="module")
def shop(server: PrivateServer, _template: str) -> Iterator[Database]:
    """A database with people, a customer of agent 1, and what is slow to answer."""
    made = Database(server, "limits", server.create_database("limits", _template))
    with made.connect() as connection:
        web.people(connection)
        connection.execute("insert into trustcart.customers (id, first_name, assigned_agent_id) values (1, 'A', 1)")
        connection.execute(SLOW)
    yield made
    server.drop_database(made.name)


@pytest.fixture(scope="module")
def impatient(shop: Database) -> Iterator[web.Site]:
    """A site that waits half a second for heads and bodies, and takes bodies of 10,000 bytes."""
    with web.serving(shop.url, "--receive-seconds", "0.5", "--body-bytes", "10000") as site:
        yield site


@pytest.fixture(scope="module")
def site(shop: Database) -> Iterator[web.Site]:
    """A site as it comes."""
    with web.serving(shop.url) as one:
        yield one


def post(site: web.Site, length: int | str, body: bytes = b"") -> bytes:
    """A POST of an interaction, in bytes."""
    how = f"Content-Length: {length}" if isinstance(length, int) else f"Transfer-Encoding: {length}"
    return (
        f"POST /cdm/interaction HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {site.token(1)}\r\n"
        f"Content-Type: application/json\r\n{how}\r\n\r\n"
    ).encode() + body


def interactions(shop: Database) -> int:
    """How many there are."""
    with shop.connect() as connection:
        return connection.execute("select count(*) from trustcart.customer_interactions").fetchone()[0]


def test_bad_clients_are_sent_away_and_leave_nothing(impatient, shop):
    whole, before = json.dumps({"customerId": 1, "interactionType": "call"}).encode(), interactions(shop)
    for sent, status in (
        (b"GARBAGE\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", 431),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 40_000, 431),
        (b"GET /" + b"x" * 40_000, 431),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 8_000 + b"\r\n", 431),
        (b"", 408),
        (b"GET /healthz HTTP/1.1\r\nHost: local", 408),
        (post(impatient, len(whole), whole[:-1]), 408),
        (post(impatient, "chunked", b'5\r\n{"cus'), 408),
    ):
        with raw_http.connect(impatient.url) as connection:
            connection.sendall(sent)
            told, problem = raw_http.refusal(connection)
            assert (told, problem["status"]) == (status, status), sent[:80]
    assert interactions(shop) == before
    # The same, whole: so it is not refused for what it says.
    with raw_http.connect(impatient.url) as connection:
        connection.sendall(post(impatient, len(whole), whole).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        assert raw_http.answer(raw_http.read_all(connection))[0] == 201
    assert interactions(shop) == before + 1


def test_a_body_drop_by_drop_is_not_waited_for(impatient, shop):
    # Each drop comes in time, the whole does not.
    before = interactions(shop)
    with raw_http.connect(impatient.url) as connection:
        connection.sendall(post(impatient, 1000))
        began, stop = time.monotonic(), threading.Event()

        def drip() -> None:
            while not stop.wait(0.05):
                try:
                    connection.sendall(b" ")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            said = connection.recv(65536)
        finally:
            stop.set()
            dripping.join()
        assert raw_http.answer(said)[0] == 408
        assert time.monotonic() - began < 10
    assert interactions(shop) == before


def test_a_connection_that_is_kept_is_bounded_anew(impatient):
    with raw_http.connect(impatient.url) as connection:
        for _ in range(2):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert raw_http.read_one(connection) == 200
        connection.sendall(b"GET /healthz HT")
        assert raw_http.refusal(connection)[0] == 408


@pytest.mark.parametrize("path", ["/cdm/interaction", "/sign-in", "/healthz"])
def test_a_body_that_is_too_long_is_refused(impatient, path):
    with impatient.api(1) as api:
        body = b'{"details": "' + b"x" * 20_000 + b'"}'
        given = api.request("GET" if path == "/healthz" else "POST", path, content=body)
        assert given.status_code == 413

        def pieces():
            for _ in range(20):
                yield b"x" * 1000

        form = {"Content-Type": "application/x-www-form-urlencoded" if path == "/sign-in" else "application/json"}
        if path != "/healthz":
            assert api.post(path, content=pieces(), headers=form).status_code == 413
        assert api.get("/healthz").status_code == 200


def test_too_many_at_once_are_told_to_come_back(shop):
    with web.serving(shop.url, "--requests", "1") as site, site.api(1) as api, shop.connect() as blocking:
        blocking.execute("begin; lock trustcart.customers in access exclusive mode")
        first = threading.Thread(target=lambda: api.get("/cdm/customer360/1"))
        first.start()
        wait_until_true(blocking, "select count(*) = 1 from pg_locks where not granted")
        with site.api(1) as another:
            refused = another.get("/cdm/customer360/1")
            assert (refused.status_code, refused.json()["title"]) == (503, "Service Unavailable")
            assert int(refused.headers["Retry-After"]) > 0
            page = another.get("/admin/crm")
            assert page.status_code == 503 and page.headers["Content-Type"].startswith("text/html")
            # Whoever watches must not take a busy server for a dead one.
            assert another.get("/healthz").status_code == 200
            blocking.execute("rollback")
            first.join()
            assert another.get("/cdm/customer360/1").status_code == 200


def test_what_takes_too_long_is_given_up_in_the_database_too(shop):
    with shop.connect() as connection:
        with web.serving(shop.url, "--answer-seconds", "1") as site, site.api(1) as api:
            late = api.get("/cdm/behavior/1")
            assert (late.status_code, late.json()["code"]) == (504, "57014")
            assert late.elapsed.total_seconds() < 5
            assert api.get("/cdm/customer360/1").status_code == 200
        assert connection.execute(RUNNING).fetchone() == (0,)


def test_a_lock_is_not_waited_for_longer_than_a_while(shop):
    before = interactions(shop)
    with web.serving(shop.url, "--answer-seconds", "1.2") as site, site.api(1) as api, shop.connect() as blocking:
        blocking.execute("begin; lock trustcart.customer_interactions in access exclusive mode")
        busy = api.post("/cdm/interaction", json={"customerId": 1, "interactionType": "call"})
        assert (busy.status_code, busy.json()["code"]) == (503, "55P03")
        assert int(busy.headers["Retry-After"]) > 0
        blocking.execute("rollback")
    assert interactions(shop) == before


def test_a_client_that_goes_away_ends_its_query(site, shop):
    with shop.connect() as connection:
        with raw_http.connect(site.url) as leaving:
            ask = f"GET /cdm/behavior/1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {site.token(1)}\r\n\r\n"
            leaving.sendall(ask.encode())
            wait_until_true(connection, f"select ({RUNNING}) = 1")
        wait_until_true(connection, f"select ({RUNNING}) = 0")
    with site.api(1) as api:
        assert api.get("/cdm/customer360/1").status_code == 200


def test_what_changes_something_is_carried_out_for_who_went_away(site, shop):
    before = interactions(shop)
    with shop.connect() as blocking:
        blocking.execute("begin; lock trustcart.customer_interactions in access exclusive mode")
        body = json.dumps({"customerId": 1, "interactionType": "call"}).encode()
        with raw_http.connect(site.url) as leaving:
            leaving.sendall(post(site, len(body), body))
            wait_until_true(blocking, "select count(*) = 1 from pg_locks where not granted")
        blocking.execute("rollback")
        with shop.connect() as connection:
            wait_until_true(connection, f"select count(*) = {before} + 1 from trustcart.customer_interactions")


def test_connections_to_the_database_are_waited_for_a_while_only(shop):
    with web.serving(shop.url, "--connections", "1", "--answer-seconds", "3") as site, shop.connect() as blocking:
        blocking.execute("begin; lock trustcart.customers in access exclusive mode")
        with site.api(1) as api, site.api(1) as another:
            first = threading.Thread(target=lambda: api.get("/cdm/customer360/1"))
            first.start()
            wait_until_true(blocking, "select count(*) = 1 from pg_locks where not granted")
            # While the first still waits.
            assert another.get("/cdm/upcoming-events").status_code == 503
            blocking.execute("rollback")
            first.join()
            assert another.get("/cdm/customer360/1").status_code == 200


def test_more_sockets_than_allowed_are_sent_away(shop):
    with web.serving(shop.url, "--sockets", "2") as site:
        kept = [raw_http.connect(site.url) for _ in range(2)]
        for connection in kept:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert raw_http.read_one(connection) == 200
        with raw_http.connect(site.url) as third:
            assert raw_http.refusal(third)[0] == 503
        kept.pop().close()
        kept[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        # When it is closed, the other one is, too.
        assert raw_http.answer(raw_http.read_all(kept[0]))[0] == 200
        assert httpx.get(f"{site.url}/healthz").status_code == 200


def test_an_app_that_hangs_is_answered_for():
    sent, ended = [], asyncio.Event()

    async def hang(scope, receive, send):
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def main() -> None:
        bounded = Bounded(hang, Limits(answer_seconds=0.05))
        scope = {"type": "http", "method": "POST", "path": "/cdm/interaction", "headers": [], "query_string": b""}

        async def send(message):
            sent.append(message)

        await asyncio.wait_for(bounded(scope, None, send), 20)
        assert ended.is_set()
        assert bounded.in_progress == 0

    asyncio.run(main())
    assert sent[0]["status"] == 504


def test_who_went_away_is_not_answered():
    sent = []

    async def hang(scope, receive, send):
        await asyncio.Event().wait()

    async def main() -> None:
        bounded = Bounded(hang, Limits())
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}

        async def send(message):
            sent.append(message)

        answering = asyncio.create_task(bounded(scope, None, send))
        await asyncio.sleep(0)
        scope[GONE] = True
        scope[TASK].cancel()
        await answering
        assert bounded.in_progress == 0

    asyncio.run(main())
    assert sent == []
