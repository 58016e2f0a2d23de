"""Open pages are told when calls change: one LISTEN connection of the server, a stream (SSE) for each page.

The channel says whose calls changed, and nothing of them: a page that is told asks for its list again, as its user. So
a page that is left open costs the database nothing, and a stream shows nobody what they may not see.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import secrets
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Collection
from datetime import datetime, timezone

import psycopg
from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from trustcart_db.auth.tokens import Claims
from trustcart_db.connection import APPLICATION_NAME
from trustcart_db.errors import RefusedError
from trustcart_db.web import sessions
from trustcart_db.web.config import Config
from trustcart_db.web.pages.answers import whole_number
from trustcart_db.web.replica import Replica

CHANNEL = "trustcart_calls"
#: Says whose sessions have ended: users.id.
SESSIONS = "trustcart_sessions"
#: What the channel says of calls of nobody, and of all calls.
POOL, EVERYBODY = "pool", "*"

#: Seconds between signs of life on a silent stream, so that no proxy takes it for dead.
HEARTBEAT = 25.0
#: Seconds between two events of a stream, of one's own calls and of everybody's: what changes meanwhile is told as one.
PAUSE, PAUSE_OF_ALL = 0.5, 5.0
#: Seconds until a browser that lost its stream comes back.
RETRY = 3.0
#: Seconds before the first attempt to reach the database again, and between later ones at most.
FIRST_BACKOFF, MOST_BACKOFF = 0.2, 10.0
#: Streams of one user: so many tabs nobody has open.
MOST_OF_USER = 20
#: After an outage all pages ask again; at most so many a second.
_ASKING_A_SECOND = 100
#: Changes that are remembered as not shown by a replica yet.
_MOST_TOLD = 10_000

log = logging.getLogger("trustcart_db.web")
router = APIRouter(include_in_schema=False)


@router.get("/live")
async def live(request: Request, agent: str | None = None, since: str | None = None) -> Response:
    """The stream of whoever is signed in: an event `calls` when calls they may see have changed since the page was
    made (`since`, the `mark` of then) and whenever they change; `ended` when the session is over.

    With `agent`, of that agent's calls alone. Raises TrustCartError: 401 (nobody is signed in), 403 (not one's own),
    429 (too many).
    """
    claims = sessions.session(request)
    hub: Live = request.app.state.live
    arguments = {"agent_id": whole_number(agent, "agent")}
    answer = await request.app.state.database.call(claims, "live_agents", arguments)
    stream = hub.open(claims, json.loads(answer)["agent_ids"], since)
    return StreamingResponse(
        hub.follow(stream),
        media_type="text/event-stream",
        # A proxy that waits for more would keep the news.
        headers={"X-Accel-Buffering": "no"},
    )


class Stream:
    """An open page: whose it is, of whose calls it is told (None: of everybody's), and whether there is news."""

    def __init__(self, claims: Claims, agent_ids: Collection[int] | None) -> None:
        self.user_id, self.expires_at = claims.user_id, claims.expires_at
        self.agents = frozenset(map(str, agent_ids)) if agent_ids is not None else None
        self.news = asyncio.Event()
        self.is_over = False

    @property
    def pause(self) -> float:
        """Seconds between two events."""
        return PAUSE if self.agents is not None else PAUSE_OF_ALL


class Live:
    """All open pages, and the connection that listens for them. Started and stopped with the app."""

    def __init__(self, config: Config, replica: Replica | None = None) -> None:
        self._conninfo = config.conninfo if config.direct is None else config.direct
        self._replica = replica
        self._streams: set[Stream] = set()
        self._of_agent: dict[str, set[Stream]] = defaultdict(set)
        self._of_all: set[Stream] = set()
        # When whose calls changed last, as numbers that count up, in this run of the server alone.
        self._run = secrets.token_hex(4)
        self._now = 0
        self._changed: dict[str, int] = {}
        self._changed_all = 0
        # The last changes and when they were told, for a replica may not show them yet.
        self._told: deque[tuple[int, float]] = deque(maxlen=_MOST_TOLD)
        self._listener: asyncio.Task | None = None
        #: Set while the connection listens.
        self.listening = asyncio.Event()

    def __len__(self) -> int:
        return len(self._streams)

    async def start(self) -> None:
        """Begin to listen; without a database, as soon as there is one."""
        self._listener = asyncio.create_task(self._listen(), name="live")

    async def stop(self) -> None:
        """End the connection."""
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener

    @property
    def mark(self) -> str:
        """What a page keeps to find out, once its stream is open, whether anything changed since it was made: of what a
        replica may not have shown it, it asks again."""
        if self._replica is None:
            return f"{self._run}-{self._now}"
        shown = self._replica.shows_until
        while self._told and shown is not None and self._told[0][1] < shown:
            self._told.popleft()
        return f"{self._run}-{self._told[0][0] - 1 if self._told else self._now}"

    def open(self, claims: Claims, agent_ids: Collection[int] | None, since: str | None = None) -> Stream:
        """Begin a stream, for `follow`.

        Arguments: who is signed in; of whose calls it tells (None: everybody's); the page's mark. Result: the stream.
        Raises RefusedError (429) for one who has too many.
        """
        if sum(stream.user_id == claims.user_id for stream in self._streams) >= MOST_OF_USER:
            raise RefusedError(
                f"More than {MOST_OF_USER} pages are open.", "Close some: the others go on.", http_status=429
            )
        stream = Stream(claims, agent_ids)
        if since is not None and self._has_changed(stream, since):
            self._tell(stream)
        self._streams.add(stream)
        if stream.agents is None:
            self._of_all.add(stream)
        else:
            for agent in stream.agents:
                self._of_agent[agent].add(stream)
        return stream

    async def follow(self, stream: Stream) -> AsyncIterator[bytes]:
        """What a stream says, until its session is over. Cancelled when its browser is gone, or the server stops."""
        try:
            yield f"retry: {int(RETRY * 1000)}\n\n".encode()
            while True:
                left = (stream.expires_at - datetime.now(timezone.utc)).total_seconds()
                if left <= 0 or stream.is_over:
                    yield b"event: ended\ndata: the session is over\n\n"
                    return
                try:
                    await asyncio.wait_for(stream.news.wait(), min(HEARTBEAT, left))
                except asyncio.TimeoutError:
                    yield b": still here\n\n"
                    continue
                stream.news.clear()
                if stream.is_over:
                    continue
                yield b"event: calls\ndata: changed\n\n"
                await asyncio.sleep(stream.pause)
        finally:
            self._close(stream)

    def end(self, user_id: str) -> None:
        """End the streams of a user who was signed out. Argument: what the channel said."""
        for stream in self._streams:
            if str(stream.user_id) == user_id:
                stream.is_over = True
                stream.news.set()

    def publish(self, agent: str) -> None:
        """Tell the pages concerned. Argument: what the channel said: an agent's id, POOL or EVERYBODY; anybody can say
        anything there, and whatever else it is, is nobody's."""
        if agent not in (POOL, EVERYBODY) and not _is_number(agent):
            return
        self._now += 1
        self._note()
        if agent == EVERYBODY:
            self._changed_all = self._now
            concerned = self._streams
        else:
            self._changed[agent] = self._now
            concerned = self._of_agent.get(agent, set()) | self._of_all
        for stream in concerned:
            self._tell(stream)

    def _note(self) -> None:
        """Keep when something changed."""
        if self._replica is not None:
            self._told.append((self._now, self._replica.now()))

    def _tell(self, stream: Stream) -> None:
        """Have a page ask again, and not a replica that may not show it yet."""
        if self._replica is not None:
            self._replica.changed(stream.user_id)
        stream.news.set()

    def _has_changed(self, stream: Stream, since: str) -> bool:
        run, _, number = since.partition("-")
        if run != self._run or not _is_number(number):
            return True
        agents = self._changed if stream.agents is None else stream.agents
        return max((self._changed.get(agent, 0) for agent in agents), default=0) > int(number) or (
            self._changed_all > int(number)
        )

    def _close(self, stream: Stream) -> None:
        self._streams.discard(stream)
        self._of_all.discard(stream)
        for agent in stream.agents or ():
            self._of_agent[agent].discard(stream)
            if not self._of_agent[agent]:
                del self._of_agent[agent]

    async def _listen(self) -> None:
        """Listen for good: after an outage everybody is told, for nobody knows what changed meanwhile."""
        backoff, is_first = FIRST_BACKOFF, True
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    self._conninfo,
                    autocommit=True,
                    fallback_application_name=f"{APPLICATION_NAME} live",
                    client_encoding="utf8",
                    connect_timeout=10,
                    # It says nothing by itself, so the system asks whether the other side is still there.
                    keepalives_idle=30,
                    keepalives_interval=10,
                    keepalives_count=3,
                )
                async with connection:
                    await connection.execute(f"listen {CHANNEL}")
                    await connection.execute(f"listen {SESSIONS}")
                    self.listening.set()
                    backoff = FIRST_BACKOFF
                    if not is_first:
                        self._tell_after_outage()
                    is_first = False
                    async for notification in connection.notifies():
                        told = self.end if notification.channel == SESSIONS else self.publish
                        told(notification.payload)
            except psycopg.Error as error:
                log.warning("Live pages: the database is away (%s).", error.sqlstate or type(error).__name__)
            except Exception as error:  # whatever it was, pages go on being told
                log.error("Live pages: %s", type(error).__name__, exc_info=error)
            finally:
                self.listening.clear()
            # Not all servers at the same moment.
            await asyncio.sleep(backoff * random.uniform(0.5, 1))
            backoff = min(backoff * 2, MOST_BACKOFF)

    def _tell_after_outage(self) -> None:
        """Have everybody ask again, one after the other: the database has just come back."""
        self._now += 1
        self._note()
        self._changed_all = self._now
        loop = asyncio.get_running_loop()
        for place, stream in enumerate(self._streams):
            loop.call_later(place / _ASKING_A_SECOND, self._tell, stream)


def _is_number(text: str) -> bool:
    """Whether a text is a number of ours: a bigint's length, in ASCII digits."""
    return len(text) <= 19 and text.isascii() and text.isdecimal()
