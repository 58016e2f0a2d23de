"""What is seen from outside of how the server does: a line of the log and some numbers for each request.

Neither holds what was asked for: no query (phones are searched by it), no header, no body, no token. Of the path the
log has the id of a customer, and addresses and phone numbers in it are masked, as in all our lines.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trustcart_db.masking import mask_text
from trustcart_db.web.database import Database
from trustcart_db.web.limits import Bounded

#: Characters of a path in the log.
_MOST_OF_PATH = 500

log = logging.getLogger("trustcart_db.web.access")
_failures = logging.getLogger("trustcart_db.web")

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The numbers of a server, in a registry of its own. `refused_sign_ins` counts by reason."""

    def __init__(self, database: Database) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "trustcart_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "trustcart_http_request_seconds",
            "Seconds until a request was answered, streams excepted.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.refused_sign_ins = Counter(
            "trustcart_sign_ins_refused", "Sign-ins refused.", ("reason",), registry=self.registry
        )
        self._database = database
        self.bounded: Bounded | None = None
        self.registry.register(self)

    def observe(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """Count a request. Arguments: its method; the route's path, not the request's; status; seconds, None for a
        stream."""
        method = method if method in _METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        if seconds is not None:
            self._seconds.labels(method, route).observe(seconds)

    def collect(self) -> Iterator[Metric]:
        """What is so at this moment."""
        known, replica = self._database.primary.get_stats(), self._database.replica
        for name, text, value in (
            ("trustcart_pool_connections", "Connections to the database.", known.get("pool_size", 0)),
            ("trustcart_pool_idle", "Connections that nobody uses.", known.get("pool_available", 0)),
            ("trustcart_pool_waiting", "Requests that wait for a connection.", known.get("requests_waiting", 0)),
            ("trustcart_http_requests_in_progress", "Requests in progress.", self.bounded.in_progress),
            ("trustcart_http_streams", "Live streams that are open.", len(self.bounded.streams)),
        ):
            yield GaugeMetricFamily(name, text, value)
        if replica is not None:
            # How far an unknown one is behind, nobody knows: there is no number then.
            if replica.lag is not None:
                yield GaugeMetricFamily(
                    "trustcart_replica_lag_seconds", "How far the replica may be behind.", replica.lag
                )
            yield GaugeMetricFamily("trustcart_replica_usable", "Whether the replica is read.", int(replica.is_usable))
            reads = CounterMetricFamily("trustcart_reads", "Reads answered, by server.", labels=("server",))
            for server, count in self._database.reads.items():
                reads.add_metric([server], count)
            yield reads


class Observed:
    """Around everything: counts and logs each answer, and keeps what failed from being told twice."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, size, is_stream = time.perf_counter(), 0, 0, False

        async def watched(message: Message) -> None:
            nonlocal status, size, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
                is_stream = any(value.startswith(b"text/event-stream") for _, value in message["headers"])
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            # Answered by then, and logged, unless it comes from outside the app.
            if status == 0:
                raise
            _failures.debug("%s", type(error).__name__)
        finally:
            seconds = time.perf_counter() - started
            # 499: nobody was there any more to answer, as nginx counts it.
            self._tell(scope, status or 499, seconds, size, is_stream)

    def _tell(self, scope: Scope, status: int, seconds: float, size: int, is_stream: bool) -> None:
        route = route_of(scope)
        self._metrics.observe(scope["method"], route, status, None if is_stream else seconds)
        if log.isEnabledFor(logging.INFO):
            client = scope.get("client")
            line = {
                "method": scope["method"],
                "path": scope["path"][:_MOST_OF_PATH],
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "bytes": size,
                "user": scope.get("state", {}).get("user_id"),
                "client": client[0] if client else None,
            }
            log.info("%s", json.dumps(line, ensure_ascii=False))


def route_of(scope: Scope) -> str:
    """The path of the route that answered a request, such as /admin/customers/{customer_id}."""
    return getattr(scope.get("route"), "path", None) or "(none)"


class Masked(logging.Formatter):
    """Lines without e-mail addresses and phone numbers, whoever wrote them."""

    converter = time.gmtime

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """A line, and what follows it. Result: without anybody's address."""
        return mask_text(super().format(record))
