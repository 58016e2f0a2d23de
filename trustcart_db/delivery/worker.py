"""The worker: claims messages of a channel in batches, has them sent, and records what became of each.

The database keeps the ledger; what a worker must not lose is only what came of the sends in its hands, until that is
recorded. So it records twice a second at least, keeps results over a lost connection, and comes back to the database
under the number it had, whose advisory lock says that its messages are in hand. When it is killed, the lock goes with
it, and any other worker puts those messages back.
"""

from __future__ import annotations

import logging
import os
import queue
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import psycopg

from trustcart_db.connection import connect_direct
from trustcart_db.delivery.message import UNSENT, ChannelError, Message, Outcome, Transport, masked, storable
from trustcart_db.errors import ConnectError, TrustCartError, translate
from trustcart_db.phone_encryption import key_from, set_key

log = logging.getLogger("trustcart_db.delivery")

LISTEN = "trustcart_messages"
_CLAIM = "select * from trustcart.claim_messages(%s, %s, %s)"
_RECORD = (
    "select trustcart.record_deliveries(%s, %s::bigint[], %s::smallint[], %s::text[], %s::text[], %s::text[],"
    " %s::text[], %s::double precision[])"
)
_NEXT = (
    "select extract(epoch from n.due_at - clock_timestamp())::double precision,"
    " extract(epoch from n.free_at - clock_timestamp())::double precision, n.is_in_hand"
    " from trustcart.next_delivery(%s) as n"
)
# Seconds between records of results; and how many at most are unrecorded, where sends are slow.
_RECORD_EVERY = 0.5
_RECORD_COUNT = 500
_LONGEST_WAIT = 60.0
_WAIT_FOR_OTHERS = 5.0
# A message that lay in the inbox so long goes back: after 15 minutes the database gives it to another worker.
_LONGEST_IN_HAND = 600.0
# A batch should be through within this.
_GOOD_BATCH = 10.0
# After a lost connection other workers come back too, before anybody takes them for dead.
_PATIENCE = 10.0
_GRACE = 20.0
_LONGEST_RECONNECT = 60.0
# So many failures in a row are the provider's, not the messages'.
_BREAKS_AFTER = 20
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
_TRY_AGAIN = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure, psycopg.errors.LockNotAvailable)


class Stop:
    """Asks workers to end: `set` wakes those that wait."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.fd, self._write = os.pipe()
        self.since = 0.0

    def set(self) -> None:
        """Ask; safe in a signal handler."""
        if not self._event.is_set():
            self.since = time.monotonic()
            self._event.set()
            # An end of file wakes every reader, for good.
            os.close(self._write)

    def is_set(self) -> bool:
        """Whether anybody asked."""
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        """Wait, at most until somebody asks."""
        self._event.wait(seconds)


@dataclass
class Tally:
    """What a worker did: messages sent, retried (queued again), failed for good, returned (not tried); error, which
    stopped the channel."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    returned: int = 0
    error: TrustCartError | None = field(default=None)


class ChannelWorker:
    """Works for one channel, over one connection, until told to stop; `once`: until nothing is due."""

    def __init__(
        self, conninfo: str, channel: str, transport: Transport, stop: Stop, *, batch: int = 500, once: bool = False
    ) -> None:
        self.tally = Tally()
        self.channel = channel
        self._conninfo = conninfo
        self._transport = transport
        self._stop = stop
        self._most = batch
        self._batch = min(batch, transport.concurrency * 4)
        self._once = once
        # Of encrypted phone numbers; whoever claims such a message without it is told so.
        self._phone_key = key_from() if channel in ("sms", "whatsapp") else None
        self._number: int | None = None
        self._inbox: queue.SimpleQueue[tuple[float, Message] | None] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[tuple[Message, Outcome]] = queue.SimpleQueue()
        self._in_hand: dict[tuple[int, int], Message] = {}
        self._done: list[tuple[Message, Outcome]] = []
        self._done_since = 0.0
        self._give_back = threading.Event()
        self._failure: TrustCartError | None = None
        self._notified = False
        self._failures = 0
        self._pause = _FIRST_PAUSE
        self._paused_until = 0.0
        self._claim_after = 0.0
        self._idle = 0.0
        self._batch_began = 0.0
        self._release_after = 0.0
        self._told = Tally()
        self._tell_after = 0.0
        self._problem: str | None = None
        self._failing: str | None = None

    def run(self) -> None:
        """Work. Never raises: `tally.error` says what ended it."""
        threads = [
            threading.Thread(target=self._send, name=f"{self.channel}-{number}", daemon=True)
            for number in range(self._transport.concurrency)
        ]
        for thread in threads:
            thread.start()
        try:
            self._work()
        except psycopg.Error as error:
            self.tally.error = translate(error)
        except TrustCartError as error:
            self.tally.error = error
        finally:
            self._give_back.set()
            for _ in threads:
                self._inbox.put(None)
            for thread in threads:
                thread.join(timeout=1)
            self._tell(at_once=True)

    # -- the database ------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        lost_at: float | None = None
        wait = 0.2
        while True:
            try:
                with self._connected() as connection:
                    if self._register(connection):
                        lost_at, wait = None, 0.2
                        self._session(connection)
                        return
                    log.info("channel=%s worker=%s waiting for its former session to end", self.channel, self._number)
            except (ConnectError, psycopg.OperationalError, psycopg.InterfaceError) as error:
                if self._number is None:
                    raise
                self._release_after = time.monotonic() + _PATIENCE
                if lost_at is None:
                    log.warning("channel=%s worker=%s lost the database: %s", self.channel, self._number, _short(error))
            if lost_at is None:
                lost_at = time.monotonic()
            # Asked to stop, it still tries to bring home what it has.
            if self._stop.is_set() and (not self._in_hand or time.monotonic() - lost_at > _LONGEST_RECONNECT):
                if self._in_hand:
                    raise ConnectError(
                        f"The database did not come back to be told of {len(self._in_hand)} messages.",
                        "They are sent again under the same keys by the next worker.",
                    )
                return
            if self._stop.is_set():
                time.sleep(wait)
            else:
                self._stop.wait(wait)
            wait = min(wait * 2, 10.0)

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        with connect_direct(
            self._conninfo,
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
            tcp_user_timeout=60_000,
        ) as connection:
            connection.prepare_threshold = 0
            # What is handed out, and what was sent, must outlive the server; once a batch that costs little.
            connection.execute(
                "select set_config('synchronous_commit', 'on', false)"
                " where current_setting('synchronous_commit') = 'off'"
            )
            connection.add_notify_handler(self._on_notify)
            yield connection

    def _register(self, connection: psycopg.Connection) -> bool:
        """Take the lock of the worker's number. Result: False when its former session still has it."""
        number = connection.execute(
            "select trustcart.start_delivery_worker(%s, %s::bigint[])",
            [self._number, [message.id for message in self._in_hand.values()]],
        ).fetchone()[0]
        if number is None:
            return False
        if self._number is None:
            log.info("channel=%s worker=%s started", self.channel, number)
        else:
            log.info("channel=%s worker=%s is back", self.channel, number)
        self._number = number
        connection.execute(f"listen {LISTEN}")
        if time.monotonic() >= self._release_after:
            self._release(connection)
        return True

    def _session(self, connection: psycopg.Connection) -> None:
        """Work over a connection until the work is over. Raises psycopg.OperationalError when it breaks."""
        while True:
            self._collect()
            try:
                if self._must_record():
                    self._record(connection)
                self._tell()
                self._judge()
                if self._ending():
                    if not self._in_hand:
                        return
                elif self._wants_more() and self._claim(connection):
                    continue
                elif not self._in_hand and not self._wait_for_work(connection):
                    return
            except _TRY_AGAIN as error:
                if connection.broken or connection.closed:
                    raise
                log.info("channel=%s worker=%s tries again: %s", self.channel, self._number, _short(error))
                self._stop.wait(0.05)
                continue
            if self._in_hand:
                self._collect(wait=_RECORD_EVERY / 2)

    def _claim(self, connection: psycopg.Connection) -> bool:
        """Claim a batch and hand it to the senders. Result: whether there was any."""
        self._notified = False
        room = self._batch - len(self._in_hand)
        with connection.transaction() if self._phone_key else nullcontext():
            set_key(connection, self._phone_key)
            rows = connection.execute(_CLAIM, [self.channel, self._number, room], binary=True).fetchall()
        now = time.monotonic()
        if not rows:
            self._claim_after = now + 1.0
            self._batch_began = 0.0
            return False
        self._idle = 0.0
        if self._batch_began:
            self._adapt(now - self._batch_began)
        self._batch_began = now
        for row in rows:
            message = Message._make(row)
            self._in_hand[message.id, message.attempt] = message
            self._inbox.put((now, message))
        return True

    def _record(self, connection: psycopg.Connection) -> None:
        """Record all results at hand; they are kept until that is done."""
        done = self._done
        columns = [
            (
                message.id,
                message.attempt,
                one.kind,
                storable(one.provider_id, 1000),
                storable(one.status, 100),
                storable(one.error, 300),
                one.retry_after,
            )
            for message, one in done
        ]
        counts = connection.execute(_RECORD, [self._number, *map(list, zip(*columns, strict=True))]).fetchone()[0]
        for message, _ in done:
            self._in_hand.pop((message.id, message.attempt), None)
        self._done = []
        self.tally.sent += counts["sent"]
        self.tally.retried += counts["retried"]
        self.tally.failed += counts["failed"]
        self.tally.returned += counts["returned"]

    def _release(self, connection: psycopg.Connection) -> int:
        released = connection.execute("select trustcart.release_dead_deliveries()").fetchone()[0]
        if released:
            log.warning("channel=%s worker=%s took_back=%s of lost workers", self.channel, self._number, released)
        return released

    def _wait_for_work(self, connection: psycopg.Connection) -> bool:
        """Wait until something may be due. Result: False when there is nothing to wait for."""
        now = time.monotonic()
        if now >= self._release_after and self._release(connection):
            return True
        due, free, is_in_hand = connection.execute(_NEXT, [self.channel]).fetchone()
        if self._once and (due is None or due > 0):
            if due:
                log.info("channel=%s worker=%s nothing is due for %s", self.channel, self._number, _period(due))
            return False
        # Others' messages come back when they die, of which nobody is notified.
        longest = _WAIT_FOR_OTHERS if is_in_hand else _LONGEST_WAIT
        seconds = longest if due is None else max(due, free, self._paused_until - now)
        if seconds <= 0:
            # Due, and yet not handed out: another worker, or an order, has the customer's row just now.
            self._idle = min(1.0, self._idle * 2 or 0.02)
            seconds = self._idle
        if not self._notified or self._paused_until > now:
            select.select([connection.fileno(), self._stop.fd], [], [], min(seconds, longest))
        self._claim_after = 0.0
        return True

    def _on_notify(self, notification: psycopg.Notify) -> None:
        if notification.payload in ("", self.channel):
            self._notified = True

    # -- the sends ---------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        """A sending thread: until None comes."""
        while (job := self._inbox.get()) is not None:
            claimed_at, message = job
            outcome = UNSENT
            if not self._give_back.is_set() and time.monotonic() - claimed_at < _LONGEST_IN_HAND:
                try:
                    outcome = self._transport.send(message)
                except ChannelError as error:
                    self._failure = self._failure or error
                    self._give_back.set()
                except Exception as error:  # a sender must not end, nor a message be forgotten
                    log.exception("channel=%s message=%s failed in the transport", self.channel, message.id)
                    outcome = Outcome("temporary", None, "error", masked(type(error).__name__, message))
            self._outbox.put((message, outcome))
        self._transport.close()

    def _collect(self, wait: float = 0.0) -> None:
        """Take what the senders finished; wait for it, up to some seconds, if need be."""
        try:
            if wait and self._outbox.empty():
                self._take(self._outbox.get(timeout=wait))
            while True:
                self._take(self._outbox.get_nowait())
        except queue.Empty:
            pass

    def _take(self, result: tuple[Message, Outcome]) -> None:
        if not self._done:
            self._done_since = time.monotonic()
        self._done.append(result)
        outcome = result[1]
        if outcome.kind == "temporary":
            self._failures += 1
            self._problem = self._failing = outcome.status
        elif outcome.kind != "unsent":
            self._failures = 0
            self._pause = _FIRST_PAUSE

    def _must_record(self) -> bool:
        return bool(self._done) and (
            len(self._done) >= _RECORD_COUNT
            or len(self._in_hand) - len(self._done) <= self._batch // 8
            or time.monotonic() - self._done_since >= _RECORD_EVERY
        )

    def _wants_more(self) -> bool:
        now = time.monotonic()
        return (
            now >= self._paused_until
            and now >= self._claim_after
            and not self._give_back.is_set()
            and len(self._in_hand) <= self._batch // 8
        )

    def _ending(self) -> bool:
        """Whether nothing more is claimed."""
        if self._failure is not None:
            self.tally.error = self._failure
            return True
        if self._stop.is_set():
            if time.monotonic() - self._stop.since > _GRACE:
                self._give_back.set()
            return True
        return False

    def _judge(self) -> None:
        """Spare the messages their attempts while the provider is down: give back what is left, and pause."""
        if self._failures >= _BREAKS_AFTER and self._failure is None:
            self._failures = 0
            self._give_back.set()
            self._paused_until = time.monotonic() + self._pause
            log.warning("channel=%s the provider fails (%s): pausing %.0f s", self.channel, self._failing, self._pause)
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)
            self._batch = 1
            if self._once:
                self._failure = ChannelError(
                    f"The provider of {self.channel} keeps failing ({self._failing}).",
                    "The messages stay queued. campaign_delivery_attempts says what it answered.",
                )
        elif self._give_back.is_set() and not self._in_hand and not self._stop.is_set() and self._failure is None:
            self._give_back.clear()

    def _adapt(self, took: float) -> None:
        """Batches as large as are through in good time. Argument: seconds since the one before was claimed."""
        if took > 3 * _GOOD_BATCH:
            self._batch = max(1, self._batch // 2)
        elif took < _GOOD_BATCH:
            self._batch = min(self._most, self._batch * 2)

    def _tell(self, at_once: bool = False) -> None:
        """A line of progress, every ten seconds at most."""
        now = time.monotonic()
        one, told = self.tally, self._told
        counts = (one.sent, one.retried, one.failed, one.returned)
        if counts == (told.sent, told.retried, told.failed, told.returned) or not (at_once or now >= self._tell_after):
            return
        self._tell_after = now + 10.0
        self._told = Tally(*counts)
        problem = f" last_problem={self._problem!r}" if self._problem else ""
        log.info(
            "channel=%s worker=%s sent=%s retried=%s failed=%s returned=%s%s",
            *(self.channel, self._number, *counts, problem),
        )
        self._problem = None


def _period(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
