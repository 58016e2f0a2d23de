"""Open pages are told when calls change, and cost the database nothing while none does."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta, timezone

import httpx
import psycopg
import pytest
import uvicorn
from psycopg.conninfo import make_conninfo

from tests.tools import web
from trustcart_db.auth import tokens
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate
from trustcart_db.web import live
from trustcart_db.web.app import make_app
from trustcart_db.web.config import Config
from trustcart_db.web.sessions import SESSION

KEYS = tokens.read_keys({tokens.SECRET: secrets.token_urlsafe(48)})
#: Seconds until a wait is given up; long, for the machine may be busy.
PATIENCE = 30
AGENT, OTHER, LEADER, MANAGER, RIVAL = 1, 2, 3, 4, 6


@pytest.fixture(autouse=True)
def _signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """Often, for they are what tests wait for to know that nothing else was said."""
    monkeypatch.setattr(live, "HEARTBEAT", 0.5)
    monkeypatch.setattr(live, "PAUSE_OF_ALL", 0.1)


@contextlib.asynccontextmanager
async def _serving(url: str) -> AsyncIterator[tuple[str, int, live.Live]]:
    """Serve a database in this process. Result: a context manager that gives host, port and the hub."""
    app = make_app(Config(conninfo=make_conninfo(url, user=web.GATEWAY), keys=KEYS, secret=secrets.token_bytes(32)))
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=5))
    serving = asyncio.create_task(server.serve([listening]))
    try:
        await _eventually(lambda: server.started)
        hub: live.Live = app.state.live
        await asyncio.wait_for(hub.listening.wait(), PATIENCE)
        yield (*listening.getsockname(), hub)
    finally:
        app.state.bounded.end_streams()
        server.should_exit = True
        await serving


async def _eventually(holds: Callable[[], bool]) -> None:
    async def wait() -> None:
        while not holds():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), PATIENCE)


class _Page:
    """A page that stays open: its stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def said(self) -> str:
        """The next thing that the stream says: an event's name, or "" for a sign of life."""
        while True:
            line = (await asyncio.wait_for(self._reader.readuntil(b"\n"), PATIENCE)).decode().strip()
            if line.startswith("event: "):
                return line.removeprefix("event: ")
            if line.startswith(": "):
                return ""

    async def next_event(self) -> str:
        """The next event, after some signs of life."""

        async def wait() -> str:
            while not (event := await self.said()):
                pass
            return event

        return await asyncio.wait_for(wait(), PATIENCE)

    def close(self) -> None:
        self._writer.close()


async def _open(address: tuple[str, int], user_id: int, query: str = "", **issued: object) -> _Page | int:
    """Open a stream. Result: the page, or the status of the refusal."""
    issued = {"issued_at": datetime.now(timezone.utc), **issued}
    token = tokens.issue(KEYS, user_id, "crm_manager" if user_id == MANAGER else "crm_agent", **issued)
    reader, writer = await asyncio.open_connection(*address)
    request = f"GET /live{query} HTTP/1.1\r\nHost: localhost\r\nCookie: {SESSION}={token}\r\n\r\n"
    writer.write(request.encode())
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)).decode()
    status = int(head.split()[1])
    if status != 200:
        writer.close()
        return status
    assert "text/event-stream" in head
    assert "no-store" in head
    return _Page(reader, writer)


def _fill(connection: psycopg.Connection) -> None:
    """The people, and two calls of agent 1, one of agent 2, one of nobody."""
    web.people(connection)
    connection.execute(
        """
        insert into trustcart.customers (id, first_name) select g.n, 'C' from generate_series(1, 4) as g (n);
        insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)
        select g.n, g.n, case when g.n <= 2 then 1 when g.n = 3 then 2 end, trustcart.business_date()
        from generate_series(1, 4) as g (n);
        select setval(pg_get_serial_sequence('trustcart.crm_call_tasks', 'id'), 100);
        """
    )
    web.make_gateway(connection)


@pytest.fixture
def shop(db) -> psycopg.Connection:
    """A connection of the owner to a shop with people and calls."""
    with db.connect() as connection:
        _fill(connection)
        yield connection


def _run(shop_url: str, scenario: Callable[..., object], *arguments: object) -> None:
    async def whole() -> None:
        async with _serving(shop_url) as (host, port, hub):
            await scenario((host, port), hub, *arguments)

    asyncio.run(whole())


def test_a_change_reaches_those_it_concerns(db, shop):
    """The agent, the leader, the manager; no other agent. A claim alone reaches nobody: it shows when begun."""

    async def scenario(address, hub) -> None:
        agent, leader, manager, rival = [await _open(address, one) for one in (AGENT, LEADER, MANAGER, RIVAL)]
        other = await _open(address, LEADER, "?agent=2")
        for statement, told, silent in (
            ("select trustcart.start_call_task(1, 1)", (agent, leader, manager), (rival, other)),
            ("select trustcart.complete_call_task(1, 'successful')", (agent, leader, manager), (rival, other)),
            ("select trustcart.claim_next_call(1)", (), (agent, leader, manager, rival, other)),
            ("select trustcart.reassign_call_task(2, 2)", (agent, leader, manager, other), (rival,)),
            ("insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date)"
             " values (4, 1, trustcart.business_date())", (agent, leader, manager), (rival, other)),
            ("update trustcart.crm_call_tasks set priority = 'hot' where id = 4", (manager,),
             (agent, leader, rival, other)),
            ("delete from trustcart.crm_call_tasks where id = 4", (manager,), (agent, leader, rival, other)),
            ("update trustcart.crm_call_tasks set notes = notes", (), (agent, leader, manager, rival, other)),
        ):  # fmt: skip
            await asyncio.to_thread(shop.execute, statement)
            for page in told:
                assert await page.next_event() == "calls", statement
            for page in silent:
                # What was said before the statement lies before it; the second sign of life is from after it.
                assert [await page.said(), await page.said()] == ["", ""], statement

    _run(db.url, scenario)


def test_an_order_that_changes_no_call_tells_nobody(db, shop):
    """The order's own triggers look at the customer's calls each time; told is only what they change."""

    async def scenario(address, hub) -> None:
        agent = await _open(address, AGENT)
        order = (
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " values (1, {}, 9, 'delivered')"
        )
        shop.execute(order.format("trustcart.business_date() - 1"))
        assert [await agent.said(), await agent.said()] == ["", ""]
        shop.execute("update trustcart.crm_call_tasks set task_type = 'at_risk' where id = 1")
        shop.execute(order.format("trustcart.business_date()"))
        assert await agent.next_event() == "calls"
        assert shop.execute("select status from trustcart.crm_call_tasks where id = 1").fetchone() == ("cancelled",)

    _run(db.url, scenario)


def test_many_changes_of_a_moment_are_one_event(db, shop, monkeypatch):
    """A day's list is written call by call, and asked for once."""
    monkeypatch.setattr(live, "PAUSE", 1.0)

    async def scenario(address, hub) -> None:
        agent = await _open(address, AGENT)
        shop.execute("update trustcart.crm_call_tasks set priority = 'warm' where assigned_agent_id = 1")
        for _ in range(20):
            shop.execute(
                "update trustcart.crm_call_tasks set due_at = coalesce(due_at, now()) + interval '1 s' where id = 1"
            )
        said = [await agent.next_event()]
        while said[-2:] != ["", ""]:
            said.append(await agent.said())
        # One, and one more for what came while it was told.
        assert said.count("calls") <= 2

    _run(db.url, scenario)


def test_what_changed_between_page_and_stream_is_told(db, shop):
    """The page's mark says up to where it knows; one of another run of the server knows nothing."""

    async def scenario(address, hub) -> None:
        mark = hub.mark
        shop.execute("select trustcart.start_call_task(1, 1)")
        await _eventually(lambda: hub.mark != mark)
        assert await (await _open(address, AGENT, f"?since={mark}")).said() == "calls"
        assert await (await _open(address, MANAGER, f"?since={mark}")).said() == "calls"
        assert await (await _open(address, RIVAL, f"?since={mark}")).said() == ""
        assert await (await _open(address, AGENT, f"?since={hub.mark}")).said() == ""
        assert await (await _open(address, AGENT, "?since=0badcafe-7")).said() == "calls"
        endless = mark.partition("-")[0] + "-" + "9" * 5000
        assert await (await _open(address, AGENT, f"?since={endless}")).said() == "calls"

    _run(db.url, scenario)


def test_who_may_listen_to_whom(db, shop):
    """Signed in, to one's own, one's team's, or as a manager anybody's calls; not with any number of pages."""

    async def scenario(address, hub) -> None:
        assert await _open(address, RIVAL, "?agent=1") == 403
        assert await _open(address, AGENT, "?agent=2") == 403
        assert await _open(address, AGENT, "?agent=me") == 400
        assert await _open(address, 999) == 303
        async with httpx.AsyncClient(base_url=f"http://{address[0]}:{address[1]}") as client:
            assert (await client.get("/live")).status_code == 303
            client.cookies.set(SESSION, "forged")
            assert (await client.get("/live")).status_code == 303
        pages = [await _open(address, AGENT) for _ in range(live.MOST_OF_USER)]
        assert await _open(address, AGENT) == 429
        other = await _open(address, OTHER)
        assert isinstance(other, _Page)
        pages.pop().close()
        await _eventually(lambda: len(hub) == live.MOST_OF_USER)
        assert isinstance(await _open(address, AGENT), _Page)

    _run(db.url, scenario)


def test_a_stream_ends_with_its_session(db, shop):
    """It says so, for the page to lead to sign-in."""

    async def scenario(address, hub) -> None:
        page = await _open(address, AGENT, lifetime=timedelta(seconds=1))
        assert await page.next_event() == "ended"
        await _eventually(lambda: len(hub) == 0)

    _run(db.url, scenario)


def test_a_thousand_idle_pages_ask_nothing(make_server, monkeypatch):
    """While nothing changes the server writes no statement down, of all that it is told to; a change is told to the
    pages of one agent, and to nobody else."""
    monkeypatch.setattr(live, "HEARTBEAT", 2.0)
    server = make_server({"log_statement": "all"})
    url = server.create_database("shop")
    migrate(url, read_bundle())
    agents, tabs = 100, 10
    with server.connect("shop") as connection:
        web.make_gateway(connection)
        connection.execute(
            "insert into trustcart.users (id, name) select g.n, 'A' from generate_series(1, %s) as g (n)", [agents]
        )
        connection.execute("insert into trustcart.customers (id, first_name) values (1, 'C')")
        connection.execute(
            "insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date)"
            " values (1, 1, 7, trustcart.business_date())"
        )

        async def scenario(address, hub) -> None:
            pages = {}
            for agent in range(1, agents + 1):
                pages[agent] = await asyncio.gather(*(_open(address, agent) for _ in range(tabs)))
            assert len(hub) == agents * tabs
            everybody = [page for several in pages.values() for page in several]
            connection.execute("select 'idle from here'")
            for _ in range(2):
                assert set(await asyncio.gather(*(page.said() for page in everybody))) == {""}
            connection.execute("select 'idle until here'")
            log = server.log_path.read_text(errors="replace")
            idle = log[log.index("idle from here") : log.index("idle until here")]
            assert [line for line in idle.splitlines()[1:] if "statement:" in line or "execute" in line][:-1] == []

            connection.execute("select trustcart.start_call_task(1, 7)")
            for page in pages[7]:
                assert await page.next_event() == "calls"
            others = [page for agent, several in pages.items() for page in several if agent != 7]
            for _ in range(2):
                assert set(await asyncio.gather(*(page.said() for page in others))) == {""}

        _run(url, scenario)


def test_streams_outlive_the_database(make_server):
    """Stopped and started, killed and started: pages stay open, are told to ask once more, and then of each change."""
    server = make_server()
    url = server.create_database("shop")
    migrate(url, read_bundle())
    with server.connect("shop") as connection:
        _fill(connection)

    async def scenario(address, hub) -> None:
        pages = [await _open(address, one) for one in (AGENT, RIVAL, MANAGER)]
        mark = hub.mark
        for end in (server.stop, server.kill9):
            await asyncio.to_thread(end)
            await _eventually(lambda: not hub.listening.is_set())
            for page in pages:
                assert await page.said() == "", "streams go on without a database"
            await asyncio.to_thread(server.start)
            for page in pages:
                assert await page.next_event() == "calls", "who knows what was missed"
            assert await (await _open(address, AGENT, f"?since={mark}")).said() == "calls"
        with server.connect("shop") as connection:
            connection.execute("select trustcart.start_call_task(1, 1)")
        assert await pages[0].next_event() == "calls"
        assert [await pages[1].said(), await pages[1].said()] == ["", ""]

    _run(url, scenario)


def test_who_is_signed_out_is_told_nothing_more(db, shop):
    """All the user's streams end, and nobody else's."""

    async def scenario(address, hub) -> None:
        pages = [await _open(address, AGENT) for _ in range(2)]
        leader = await _open(address, LEADER)
        shop.execute("select trustcart.sign_out_user(1)")
        assert [await page.next_event() for page in pages] == ["ended", "ended"]
        shop.execute("select trustcart.start_call_task(1, 1)")
        assert await leader.next_event() == "calls"
        await _eventually(lambda: len(hub) == 1)
        shop.execute("update trustcart.users set is_active = false where id = 3")
        assert await leader.next_event() == "ended"

    _run(db.url, scenario)


def test_what_else_is_said_on_the_channel_is_nobodys(db, shop):
    async def scenario(address, hub) -> None:
        page = await _open(address, AGENT)
        before = hub.mark
        shop.execute("select pg_notify('trustcart_calls', t) from unnest(array['x', '', repeat('9', 99), '1 ']) as t")
        shop.execute("select pg_notify('trustcart_calls', '1')")
        assert await page.next_event() == "calls"
        assert int(hub.mark.partition("-")[2]) == int(before.partition("-")[2]) + 1

    _run(db.url, scenario)
