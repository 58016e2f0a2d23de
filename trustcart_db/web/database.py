"""The way to the database: one transaction a request, as the user who asks, at the primary or a replica."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from trustcart_db.auth.tokens import Claims
from trustcart_db.errors import ConnectError, TrustCartError
from trustcart_db.web.config import Config
from trustcart_db.web.idempotency import Once
from trustcart_db.web.pool import BrokenError, Pool, may_repeat
from trustcart_db.web.replica import Replica

# Bounds, and no schema of whoever owns the database: for the transaction, for behind a pooler the session is anybody's.
_BOUNDS = """
    pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
    pg_catalog.set_config('statement_timeout', %(statement)s, true),
    pg_catalog.set_config('idle_in_transaction_session_timeout', %(statement)s, true),
    pg_catalog.set_config('lock_timeout', %(wait)s, true)
"""
_BOUND = f"select {_BOUNDS}"
# In one statement, each of which costs this process more than the database.
_BOUND_AS = f"select {_BOUNDS}, trustcart.act_as(%(user_id)s, %(issued_at)s)"
_ACT_AS = "select trustcart.act_as(%s, %s)"
_PHONE_KEY = "select trustcart.set_phone_key(%s)"
_EARLIER = "select e.http_status, e.answer from trustcart.earlier_answer(%s, %s, %s) as e"
_KEEP = "select trustcart.keep_answer(%s, %s, %s, %s, %s)"
#: The SQLSTATE of what took too long: another server would take as long.
_TOO_LONG = "57014"
#: The SQLSTATE of what cannot be done at a replica.
_READ_ONLY = "25006"


class Database:
    """The gateway's ways to the database. Opened and closed with the app. primary: its connections; replica, or None;
    reads: how many each of them has answered."""

    def __init__(self, config: Config) -> None:
        self._phone_key = config.phone_key
        self._limits = config.limits
        wait, most = config.limits.wait_seconds, config.most_connections
        self.primary = Pool(config.conninfo, "database", most, wait)
        self.replica: Replica | None = None
        if config.replica is not None:
            pool = Pool(config.replica, "replica", most, wait)
            self.replica = Replica(pool, self.primary, config.limits.replica_lag_seconds)
        self.reads = {"primary": 0, "replica": 0}

    async def open(self) -> None:
        """Begin to connect."""
        await self.primary.open()
        if self.replica is not None:
            await self.replica.start()

    async def close(self) -> None:
        """End all connections."""
        if self.replica is not None:
            await self.replica.stop()
        await self.primary.close()

    async def check(self) -> bool:
        """Ask the database whether it answers. Result: True; False when only the replica does, so that nothing can be
        changed. Raises TrustCartError when neither does."""
        try:
            await self._ask(self.primary)
        except TrustCartError:
            if self.replica is None or not self.replica.is_usable:
                raise
            await self._ask(self.replica.pool)
            return False
        return True

    async def _ask(self, pool: Pool) -> None:
        async with pool.connection() as connection:
            await connection.execute("select 1")

    async def sign_out(self, claims: Claims) -> None:
        """End all sessions of a user. Argument: one that holds. Raises TrustCartError, TC402 when it does no more."""
        try:
            async with self.primary.connection() as connection, connection.pipeline():
                await connection.execute("begin")
                await connection.execute(_BOUND, self._bounds())
                await connection.execute("savepoint who")
                await connection.execute(_ACT_AS, [claims.user_id, claims.issued_at])
                # It is the gateway that signs out.
                await connection.execute("rollback to savepoint who")
                await connection.execute("select trustcart.sign_out_user(%s)", [claims.user_id])
                await connection.execute("commit")
        finally:
            self._has_changed(claims)

    async def call(
        self, claims: Claims, function: str, arguments: Mapping[str, object], *, seconds: float | None = None
    ) -> bytes:
        """Call a function of trustcart_api as a user, in a transaction of its own.

        Arguments: who asks; the function's name; its arguments by name without p_, where None means "not given" and
        dicts and lists of dicts go as jsonb; how long it may take, where that is not what holds for all. Result: the
        answer, JSON in UTF-8. Raises TrustCartError: what the database refused, BusyError when no connection is free,
        ConnectError when the database is away, with SQLSTATE 57014 and HTTP 504 when it took too long.
        """
        if may_repeat.get():
            return await self._read(claims, function, arguments, seconds)
        try:
            return await self._call(self.primary, claims, function, arguments, seconds)
        finally:
            self._has_changed(claims)

    async def _read(
        self, claims: Claims, function: str, arguments: Mapping[str, object], seconds: float | None
    ) -> bytes:
        """Call a function for a request that only reads: where it is known, and where it can be known."""
        refusal = None
        if self.replica is not None and self.replica.takes(function, claims.user_id):
            try:
                return await self._call(self.replica.pool, claims, function, arguments, seconds)
            except TrustCartError as error:
                # Perhaps it is no more than not there yet, or written: the primary knows.
                refusal = error
            if refusal.sqlstate == _TOO_LONG:
                raise refusal
        try:
            try:
                return await self._call(self.primary, claims, function, arguments, seconds)
            except BrokenError:
                return await self._call(self.primary, claims, function, arguments, seconds)
        except ConnectError:
            if refusal is not None and refusal.sqlstate not in (None, _READ_ONLY):
                raise refusal from None
            if refusal is not None or self.replica is None or not self.replica.is_usable:
                raise
            # It has just gone away.
            return await self._call(self.replica.pool, claims, function, arguments, seconds)

    async def _call(
        self, pool: Pool, claims: Claims, function: str, arguments: Mapping[str, object], seconds: float | None
    ) -> bytes:
        statement, given = _call(function, arguments)
        async with pool.connection() as connection:
            # One round trip: after a failure the rest is skipped, the commit with it.
            async with connection.pipeline():
                await self._begin(connection, claims, seconds)
                cursor = await connection.execute(statement, given)
                await connection.execute("commit")
            (answer,) = await cursor.fetchone()
        if may_repeat.get():
            self.reads["primary" if pool is self.primary else "replica"] += 1
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
        try:
            return await self._call_once(claims, function, arguments, once, status)
        finally:
            self._has_changed(claims)

    async def _call_once(
        self, claims: Claims, function: str, arguments: Mapping[str, object], once: Once, status: int
    ) -> tuple[bytes, int, bool]:
        statement, given = _call(function, arguments)
        async with self.primary.connection() as connection:
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
        who = {"user_id": claims.user_id, "issued_at": claims.issued_at}
        await connection.execute(_BOUND_AS, {**self._bounds(seconds), **who})
        if self._phone_key is not None:
            await connection.execute(_PHONE_KEY, [self._phone_key])

    def _bounds(self, seconds: float | None = None) -> dict[str, str]:
        """Parameters of _BOUNDS: how long it may take, and never longer than the answer may."""
        statement = min(seconds or self._limits.statement_seconds, self._limits.statement_seconds)
        return {"statement": f"{statement * 1000:.0f}", "wait": f"{self._limits.wait_seconds * 1000:.0f}"}

    def _has_changed(self, claims: Claims) -> None:
        if self.replica is not None:
            self.replica.changed(claims.user_id)


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
