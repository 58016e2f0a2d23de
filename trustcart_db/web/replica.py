"""Whether a replica may be read: it is there, not far behind, and shows who asks what they have done.

The server looks once a second how far primary and replica are. From that follows an instant by which the replica is
known to show all that was committed. Who has changed something since, or was told that something has changed, reads
from the primary until the replica is past that.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable

from trustcart_db.errors import ConnectError, TrustCartError
from trustcart_db.replica import POSITION, has_reached
from trustcart_db.web.pool import Pool

#: Seconds between two looks.
_PAUSE = 1.0
#: Looks that are remembered: a replica further behind than that is not read anyway.
_MOST_LOOKS = 600

# What of trustcart_api only reads.
_READING = """
    select p.proname::text
    from pg_catalog.pg_proc as p
    where p.pronamespace operator(pg_catalog.=) 'trustcart_api'::regnamespace
    group by p.proname
    having pg_catalog.bool_and(p.provolatile operator(pg_catalog.<>) 'v')
"""

log = logging.getLogger("trustcart_db.web")


class Replica:
    """The replica, and what is known of it. pool: its connections. is_usable: it is there and not too far behind.
    shows_until: all that was committed before this instant (of `clock`) it shows; None while that is not known."""

    def __init__(self, pool: Pool, primary: Pool, most_lag: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.pool = pool
        self.is_usable = False
        self.shows_until: float | None = None
        self._primary = primary
        self._most_lag = most_lag
        self._clock = clock
        self._looks: deque[tuple[float, int]] = deque(maxlen=_MOST_LOOKS)
        self._changed_at: dict[int, float] = {}
        self._reading: frozenset[str] = frozenset()
        self._watcher: asyncio.Task | None = None

    async def start(self) -> None:
        """Begin to watch; nothing is read there before it is known to be well."""
        await self.pool.open()
        self._watcher = asyncio.create_task(self._watch(), name="replica")

    async def stop(self) -> None:
        """End its connections."""
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
        await self.pool.close()

    def now(self) -> float:
        """The instant it is, as of shows_until."""
        return self._clock()

    @property
    def lag(self) -> float | None:
        """Seconds that it may be behind; None while that is not known."""
        return None if self.shows_until is None else max(self._clock() - self.shows_until, 0.0)

    def takes(self, function: str, user_id: int) -> bool:
        """Whether to ask it. Arguments: a function of trustcart_api; who asks. Result: no for what writes anything, be
        it that somebody looked; without the primary, yes for all: what must be written is refused there, and who looked
        at whom is written to that server's log."""
        if not self.is_usable or self._primary.is_away:
            return self.is_usable
        if function not in self._reading:
            return False
        changed_at = self._changed_at.get(user_id)
        return changed_at is None or (self.shows_until is not None and changed_at < self.shows_until)

    def changed(self, user_id: int) -> None:
        """Note that a user has changed something, or has been told that something has changed."""
        self._changed_at[user_id] = self._clock()

    async def look(self) -> None:
        """Find out how far it is."""
        asked_at, is_there = self._clock(), True
        # Busy, or whatever else it is: nothing is known anew, so that the replica is taken to be further behind.
        with contextlib.suppress(TrustCartError):
            wanted = await _position(self._primary)
            if self._looks and wanted < self._looks[-1][1]:
                # Another primary, promoted before it had all of the last one.
                self._looks.clear()
            self._looks.append((asked_at, wanted))
        try:
            reached = await _position(self.pool)
            while self._looks and has_reached(reached, self._looks[0][1]):
                self.shows_until, _ = self._looks.popleft()
            if not self._reading:
                await self._read_what_reads()
        except ConnectError:
            is_there = False
        except TrustCartError:
            pass
        if self.shows_until is not None:
            for user_id in [one for one, at in self._changed_at.items() if at < self.shows_until]:
                del self._changed_at[user_id]
        self._judge(is_there)

    def _judge(self, is_there: bool) -> None:
        """Decide whether it may be read, and say so when that changes."""
        # How far it is behind, only the primary can tell: without it, reading goes on.
        is_near = self._primary.is_away or (self.lag is not None and self.lag <= self._most_lag)
        if self.is_usable is not (is_there and is_near):
            self.is_usable = not self.is_usable
            why = f"more than {self._most_lag:g} seconds behind" if is_there else "away"
            log.warning("the %s", "replica is read" if self.is_usable else f"primary is read: the replica is {why}")

    async def _read_what_reads(self) -> None:
        async with self.pool.connection() as connection:
            found = await (await connection.execute(_READING)).fetchall()
        self._reading = frozenset(name for (name,) in found)

    async def _watch(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:  # whatever it was, the watch goes on
                log.error("The watch of the replica: %s", type(error).__name__, exc_info=error)
            await asyncio.sleep(_PAUSE)


async def _position(pool: Pool) -> int:
    async with pool.connection() as connection:
        (position,) = await (await connection.execute(POSITION)).fetchone()
    return position
