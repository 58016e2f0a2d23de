"""The way to the database: a pool of the gateway's connections, and one transaction a request, as the user who asks."""

from __future__ import annotations

import contextlib
import functools
import http
import logging
import select
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextvars import ContextVar

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from trustcart_db.auth.tokens import Claims
from trustcart_db.connection import APPLICATION_NAME
from trustcart_db.errors import BusyError, ConnectError, TrustCartError, translate
from trustcart_db.web.config import Config
from trustcart_db.web.idempotency import Once

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
_SETTINGS = """
    select
        set_config('statement_timeout', %(statement)s, false),
        set_config('idle_in_transaction_session_timeout', %(statement)s, false),
        set_config('lock_timeout', %(wait)s, false),
        set_config('idle_session_timeout', '0', false),
        set_config('search_path', 'pg_catalog, pg_temp', false)
"""
_ACT_AS = "select trustcart.act_as(%s, %s)"
_PHONE_KEY = "select trustcart.set_phone_key(%s)"
_EARLIER = "select e.http_status, e.answer from trustcart.earlier_answer(%s, %s, %s) as e"
_KEEP = "select trustcart.keep_answer(%s, %s, %s, %s, %s)"
_AT_MOST = "select set_config('statement_timeout', %s, true)"


def patience(conninfo: str) -> dict[str, object]:
    """How long to wait for a server that is silent. Argument: conninfo. Result: parameters that it does not give."""
    given = conninfo_to_dict(conninfo)
    ours = {"connect_timeout": _CONNECT_SECONDS, "tcp_user_timeout": _SILENT_MILLISECONDS, "keepalives_idle": 10}
    return {name: value for name, value in ours.items() if name not in given}


class Database:
    """The gateway's connections. Opened and closed with the app."""

    def __init__(self, config: Config) -> None:
        self._phone_key = config.phone_key
        self._limits = config.limits
        self._is_away = False
        self.pool = AsyncConnectionPool(
            config.conninfo,
            connection_class=_Connection,
            kwargs={
                # What is sent in one go below begins and ends its transaction itself.
                "autocommit": True,
                "client_encoding": "utf8",
                "fallback_application_name": APPLICATION_NAME,
                **patience(config.conninfo),
                "tell": self._note,
            },
            configure=self._configure,
            min_size=1,
            max_size=config.most_connections,
            reconnect_timeout=_RECONNECT_SECONDS,
            open=False,
        )

    def _note(self, error: psycopg.Error | None) -> None:
        """What came of an attempt to connect."""
        if self._is_away is (error is None):
            self._is_away = error is not None
            log.warning("the database %s", f"is away: {str(error).splitlines()[0]}" if error else "is there again")

    async def _configure(self, connection: psycopg.AsyncConnection) -> None:
        """What holds in every transaction of a connection: bounds, and no schema of whoever owns the database."""
        statement, wait = (
            f"{seconds * 1000:.0f}" for seconds in (self._limits.statement_seconds, self._limits.wait_seconds)
        )
        await connection.execute(_SETTINGS, {"statement": statement, "wait": wait})

    async def check(self) -> None:
        """Ask the database whether it answers. Raises TrustCartError when it does not."""
        async with self._connection() as connection:
            await connection.execute("select 1")

    async def sign_out(self, claims: Claims) -> None:
        """End all sessions of a user. Argument: one that holds. Raises TrustCartError, TC402 when it does no more."""
        async with self._connection() as connection, connection.pipeline():
            await connection.execute("begin")
            await connection.execute(_ACT_AS, [claims.user_id, claims.issued_at])
            # It is the gateway that signs out.
            await connection.execute("rollback")
            await connection.execute("select trustcart.sign_out_user(%s)", [claims.user_id])

    async def call(
        self, claims: Claims, function: str, arguments: Mapping[str, object], *, seconds: float | None = None
    ) -> bytes:
        """Call a function of trustcart_api as a user, in a transaction of its own.

        Arguments: who asks; the function's name; its arguments by name without p_, where None means "not given" and
        dicts and lists of dicts go as jsonb; how long it may take, where that is not what holds for all. Result: the
        answer, JSON in UTF-8. Raises TrustCartError: what the database refused, BusyError when no connection is free,
        ConnectError when the database is away, with SQLSTATE 57014 and HTTP 504 when it took too long.
        """
        try:
            return await self._call(claims, function, arguments, seconds)
        except BrokenError:
            if not may_repeat.get():
                raise
            return await self._call(claims, function, arguments, seconds)

    async def _call(
        self, claims: Claims, function: str, arguments: Mapping[str, object], seconds: float | None
    ) -> bytes:
        statement, given = _call(function, arguments)
        async with self._connection() as connection:
            # One round trip: after a failure the rest is skipped, the commit with it.
            async with connection.pipeline():
                await self._begin(connection, claims, seconds)
                cursor = await connection.execute(statement, given)
                await connection.execute("commit")
            (answer,) = await cursor.fetchone()
        return answer.encode()

    async def call_once(
        self,
        claims: Claims,
        function: str,
        arguments: Mapping[str, object],
        once: Once,
        status: int,
    ) -> tuple[bytes, int, bool]:
        """Call a function that changes something, or where the user's same request was carried out before, do nothing.

        Arguments: as `call`; the request under its key; the HTTP status that a first answer has. Result: the answer,
        the status it was given with, and whether it is the earlier one. Two of one key at once: the second waits for
        the first. Raises TrustCartError: as `call`, and TC106 when the key was used for another request.
        """
        statement, given = _call(function, arguments)
        async with self._connection() as connection:
            async with connection.pipeline():
                await self._begin(connection, claims)
                cursor = await connection.execute(_EARLIER, [once.key_digest, once.endpoint, once.fingerprint])
            earlier = await cursor.fetchone()
            if earlier is not None:
                await connection.execute("commit")
                return once.unseal(earlier[1]), earlier[0], True
            (answer,) = await (await connection.execute(statement, given)).fetchone()
            kept = [once.key_digest, once.endpoint, once.fingerprint, status, once.seal(answer.encode())]
            async with connection.pipeline():
                await connection.execute(_KEEP, kept)
                await connection.execute("commit")
        return answer.encode(), status, False

    async def _begin(self, connection: psycopg.AsyncConnection, claims: Claims, seconds: float | None = None) -> None:
        await connection.execute("begin")
        if seconds is not None:
            # Never longer than the answer may take.
            seconds = min(seconds, self._limits.statement_seconds)
            await connection.execute(_AT_MOST, [f"{round(seconds * 1000)}ms"])
        await connection.execute(_ACT_AS, [claims.user_id, claims.issued_at])
        if self._phone_key is not None:
            await connection.execute(_PHONE_KEY, [self._phone_key])

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection]:
        """A connection of the pool, without a transaction before and after. Raises TrustCartError."""
        connection = None
        try:
            connection = await self._take()
            try:
                yield connection
            finally:
                if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
                    await connection.rollback()
        except PoolTimeout:
            if self._is_away:
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
                await self.pool.putconn(connection)

    async def _take(self) -> psycopg.AsyncConnection:
        """A connection that works, as far as can be seen without asking. The pool's own checks ask, and after a restart
        of the database it would let a second pass after each connection that is found broken."""
        deadline = time.monotonic() + (_AWAY_SECONDS if self._is_away else self._limits.wait_seconds)
        while True:
            connection = await self.pool.getconn(max(deadline - time.monotonic(), 0.01))
            if not _has_something_to_say(connection):
                return connection
            try:
                await connection.execute("select 1")
                return connection
            except psycopg.Error:
                await connection.close()
            finally:
                if connection.closed:
                    await self.pool.putconn(connection)


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


def _has_something_to_say(connection: psycopg.AsyncConnection) -> bool:
    """Whether the server has sent something between two requests: usually, that it ends."""
    polled = select.poll()
    polled.register(connection.pgconn.socket, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(polled.poll(0))


def _call(function: str, arguments: Mapping[str, object]) -> tuple[sql.Composed, dict[str, object]]:
    given = {name: _adapt(value) for name, value in arguments.items() if value is not None}
    return _statement(function, tuple(given)), given


@functools.lru_cache(maxsize=1024)
def _statement(function: str, names: tuple[str, ...]) -> sql.Composed:
    arguments = sql.SQL(", ").join(
        sql.SQL("{} => {}").format(sql.Identifier(f"p_{name}"), sql.Placeholder(name)) for name in names
    )
    # As text: it is passed on as it is, so nobody need read it.
    return sql.SQL("select trustcart_api.{}({})::text").format(sql.Identifier(function), arguments)


def _adapt(value: object) -> object:
    is_json = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))
    return Jsonb(value) if is_json else value
