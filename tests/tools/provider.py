"""A provider of messages that stands still when told, and messages for it."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import psycopg
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response


@pytest.fixture
def http() -> Iterator[HTTPServer]:
    """A server that answers several requests at once."""
    with HTTPServer(threaded=True) as server:
        yield server
        server.clear()


class Provider:
    """A webhook that remembers what it was sent, and answers by `answer`, which may block."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/messages")
        self.keys: dict[str, set[str]] = {}
        self.bodies: dict[str, set[str]] = {}
        self.calls: Counter[str] = Counter()
        self.answer: Callable[[dict], Response] = lambda _: Response("{}", 202)
        self._lock = threading.Lock()
        server.expect_request("/messages", method="POST").respond_with_handler(self._take)

    def _take(self, request: Request) -> Response:
        posted = json.loads(request.get_data())
        key = request.headers["Idempotency-Key"]
        with self._lock:
            self.keys.setdefault(posted["address"], set()).add(key)
            self.bodies.setdefault(key, set()).add(posted["body"])
            self.calls[key] += 1
        return self.answer(posted)

    def saw_everybody_under_one_key(self, number: int) -> None:
        """Raises AssertionError unless it saw so many recipients, each under one key, each key with one text."""
        assert len(self.keys) == number
        assert all(len(keys) == 1 for keys in self.keys.values())
        assert all(len(bodies) == 1 for bodies in self.bodies.values())


class Gate:
    """Lets so many calls pass, then holds all; says when it holds one."""

    def __init__(self, passes: int) -> None:
        self._passes = passes
        self._lock = threading.Lock()
        self.held = threading.Event()
        self.opened = threading.Event()

    def __call__(self, _: object) -> Response:
        with self._lock:
            self._passes -= 1
            passes = self._passes >= 0
        if not passes:
            self.held.set()
            self.opened.wait(60)
        return Response("{}", 202)


def fill(connection: psycopg.Connection, number: int = 40, campaigns: int = 1, channel: str = "push") -> None:
    """So many customers, with a message of every campaign queued to each, and short waits between attempts."""
    connection.execute("update trustcart.settings set contacts_per_week = 1000")
    connection.execute("update trustcart.delivery_channels set retry_after = '1 millisecond'")
    connection.execute(
        "insert into trustcart.customers (id, first_name) select n, 'C' || n from generate_series(1, %s) as n"
        " on conflict do nothing",
        [number],
    )
    connection.execute(
        "with made as (insert into trustcart.marketing_campaigns (campaign_name, campaign_type, message_template)"
        " select 'News ' || n, %(channel)s, 'Hello {{ first_name }}' from generate_series(1, %(campaigns)s) as n"
        " returning id)"
        " insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address)"
        " select m.id, c.id, %(channel)s, 'customer:' || c.id from made as m cross join trustcart.customers as c",
        {"channel": channel, "campaigns": campaigns},
    )
