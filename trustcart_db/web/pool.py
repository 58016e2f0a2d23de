"""Connections to one server, the primary or a replica: taken one at a time, and whether it is away."""

from __future__ import annotations

import contextlib
import http
import logging
import select
import time
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from trustcart_db.connection import APPLICATION_NAME, BACKEND, is_pooled
from trustcart_db.errors import BusyError, ConnectError, TrustCartError, translate

#: Whether what is being answered only reads, so that it may be done again where the connection broke.
may_repeat: ContextVar[bool] = ContextVar("may_repeat", default=False)

#: Seconds that a request waits for a connection while the database is known to be away.
_AWAY_SECONDS = 1.0
#: Seconds after which an attempt to connect is given up, so that the next request begins a new one.
_RECONNECT_SECONDS = 1.0
#: Seconds, and milliseconds, after which a database that does not answer at all counts as away.
_CONNECT_SECONDS, _SILENT_MILLISECONDS = 5, 15_000

log = logging.getLogger("trustcart_db.web")
# It would warn of each refusal that the rest of the request was skipped, which is what is meant; and the pool of each
# attempt to connect: here it is told once that the database went away, and once that it came back.
logging.getLogger("psycopg").setLevel(logging.ERROR)

_UNKNOWN = (
    "Whether it was carried out is not known. The same form, or the same Idempotency-Key, sent again is not done twice."
)


def patience(conninfo: str) -> dict[str, object]:
    """How long to wait for a server that is silent. Argument: conninfo. Result: parameters that it does not give."""
    given = conninfo_to_dict(conninfo)
    ours = {"connect_timeout": _CONNECT_SECONDS, "tcp_user_timeout": _SILENT_MILLISECONDS, "keepalives_idle": 10}
    return {name: value for name, value in ours.items() if name not in given}


class Pool:
    """Connections of the gateway's to one server, opened and closed with the app. is_away: it could not be reached when
    that was tried last."""

    def __init__(self, conninfo: str, name: str, most_connections: int, wait_seconds: float) -> None:
        self.is_away = False
        self._name = name
        self._wait_seconds = wait_seconds
        self._pool = AsyncConnectionPool(
            conninfo,
            connection_class=_Connection,
            kwargs={
                # What is sent in one go begins and ends its transaction itself.
                "autocommit": True,
                "client_encoding": "utf8",
                "fallback_application_name": APPLICATION_NAME,
                **patience(conninfo),
                "tell": self._note,
            },
            configure=_configure,
            min_size=1,
            max_size=most_connections,
            reconnect_timeout=_RECONNECT_SECONDS,
            open=False,
        )

    async def open(self) -> None:
        """Begin to connect."""
        await self._pool.open()

    async def close(self) -> None:
        """End all connections."""
        await self._pool.close()

    def get_stats(self) -> dict[str, int]:
        """Numbers, as psycopg_pool names them."""
        return self._pool.get_stats()

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[psycopg.AsyncConnection]:
        """A connection without a transaction before and after. Raises TrustCartError: BusyError when none is free,
        ConnectError when the server is away, BrokenError when it went away; what the database refused."""
        connection = None
        try:
            connection = await self._take()
            try:
                yield connection
            finally:
                if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
                    await connection.rollback()
        except PoolTimeout:
            if self.is_away:
                raise ConnectError("The database cannot be reached.", "Try again in a moment.") from None
            raise BusyError("All connections to the database are in use.", "Try again in a moment.") from None
        except psycopg.errors.QueryCanceled:
            raise TrustCartError(
                "This took longer than it may and was undone.",
                "Ask for less, or try again later.",
                sqlstate="57014",
                http_status=http.HTTPStatus.GATEWAY_TIMEOUT,
            ) from None
        except psycopg.Error as error:
            if connection is not None and connection.closed:
                raise BrokenError(
                    "The connection to the database broke before it answered.",
                    "Try again in a moment." if may_repeat.get() else _UNKNOWN,
                ) from error
            raise translate(error) from error
        finally:
            if connection is not None:
                await self._pool.putconn(connection)

    async def _take(self) -> psycopg.AsyncConnection:
        """A connection that works, as far as can be seen without asking. The pool's own checks ask, and after a restart
        of the database it would let a second pass after each connection that is found broken."""
        deadline = time.monotonic() + (_AWAY_SECONDS if self.is_away else self._wait_seconds)
        while True:
            connection = await self._pool.getconn(max(deadline - time.monotonic(), 0.01))
            if not _has_something_to_say(connection):
                return connection
            try:
                await connection.execute("select 1")
                return connection
            except psycopg.Error:
                await connection.close()
            finally:
                if connection.closed:
                    await self._pool.putconn(connection)

    def _note(self, error: psycopg.Error | None) -> None:
        """What came of an attempt to connect."""
        if self.is_away is (error is None):
            self.is_away = error is not None
            told = f"is away: {str(error).splitlines()[0]}" if error else "is there again"
            log.warning("the %s %s", self._name, told)


class BrokenError(ConnectError):
    """The connection broke while a request was carried out."""


class _Connection(psycopg.AsyncConnection):
    """A connection that tells whether it could be made."""

    @classmethod
    async def connect(
        cls, conninfo: str = "", *, tell: Callable[[psycopg.Error | None], None], **parameters: object
    ) -> _Connection:
        try:
            made = await super().connect(conninfo, **parameters)
        except psycopg.Error as error:
            tell(error)
            raise
        tell(None)
        return made


async def _configure(connection: psycopg.AsyncConnection) -> None:
    """What a connection keeps. Behind a pooler that is nothing: each transaction may be another session's, with other
    prepared statements."""
    (pid,) = await (await connection.execute(BACKEND)).fetchone()
    if is_pooled(connection, pid):
        connection.prepare_threshold = None
    else:
        await connection.execute("set idle_session_timeout to 0")


def _has_something_to_say(connection: psycopg.AsyncConnection) -> bool:
    """Whether the server has sent something between two requests: usually, that it ends."""
    polled = select.poll()
    polled.register(connection.pgconn.socket, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(polled.poll(0))
