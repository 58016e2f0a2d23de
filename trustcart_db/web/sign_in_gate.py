"""How often, and how many at once, may try to sign in: what the database's lock-out of a user cannot bound."""

from __future__ import annotations

import asyncio
import http
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from prometheus_client import Counter

from trustcart_db.auth.passwords import LOCKED, SignInError
from trustcart_db.errors import BusyError, RefusedError

#: Wrong passwords that an address may send in a row; after that one for each so many seconds.
FAILURES, SECONDS = 20, 15.0
#: Addresses that are remembered. One who has more could forget one of them only by trying with all the others.
_ADDRESSES = 10_000
#: Hashes at once, each of which takes 64 MB and a processor for a tenth of a second; and how many may wait.
_HASHES, _WAITING = 2, 50

_Result = TypeVar("_Result")


class SignInGate:
    """What attempts to sign in go through. Its threads end with `close`."""

    def __init__(self, refused: Counter, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._refused = refused
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._threads = ThreadPoolExecutor(_HASHES, thread_name_prefix="sign-in")
        self._inside = 0

    def close(self) -> None:
        """End the threads; what they are at is finished."""
        self._threads.shutdown(wait=False)

    async def attempt(self, address: str, check: Callable[[], _Result]) -> _Result:
        """Check a password.

        Arguments: the client's address; what blocks, hashes and counts the attempt. Result: its own. Raises
        RefusedError (429) when the address failed too often, BusyError when too many wait, and what `check` raises. Who
        goes away is counted all the same: a thread is not cancelled.
        """
        key = _network(address)
        if self._inside >= _HASHES + _WAITING:
            self._refused.labels("busy").inc()
            raise BusyError("Too many are signing in at this moment.", "Try again in a moment.")
        used = self._level(key)
        if used > FAILURES - 1:
            self._refused.labels("address").inc()
            raise RefusedError(
                "Too many wrong passwords came from your network.",
                f"Try again in {SECONDS:.0f} seconds.",
                http_status=http.HTTPStatus.TOO_MANY_REQUESTS,
            )
        # Counted before it is known to be wrong, so that attempts at once are counted, too.
        self._keep(key, used + 1)
        self._inside += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, check)
        future.add_done_callback(lambda done: self._after(key, done))
        return await asyncio.shield(future)

    def _after(self, key: str, done: asyncio.Future) -> None:
        self._inside -= 1
        error = done.exception()
        if isinstance(error, SignInError):
            self._refused.labels("locked" if error.sqlstate == LOCKED else "wrong").inc()
        else:
            # Right, or never checked: the database was away.
            self._keep(key, max(self._level(key) - 1, 0))

    def _level(self, key: str) -> float:
        """How many failures of an address are not forgiven yet."""
        used, at = self._used.get(key, (0.0, 0.0))
        return max(used - (self._clock() - at) / SECONDS, 0.0)

    def _keep(self, key: str, used: float) -> None:
        self._used[key] = (used, self._clock())
        self._used.move_to_end(key)
        if len(self._used) > _ADDRESSES:
            self._used.popitem(last=False)


def _network(address: str) -> str:
    """What one client is taken for: its address; of IPv6 the network, of which anybody has a whole one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))
