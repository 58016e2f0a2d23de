"""Runs the app: uvicorn with our protocol, until it is told to stop."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import signal
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import uvicorn

from trustcart_db.errors import UsageError
from trustcart_db.web.app import make_app
from trustcart_db.web.config import Config
from trustcart_db.web.observing import Masked
from trustcart_db.web.protocol import make_protocol

#: Seconds that an idle connection is kept.
_KEEP_ALIVE = 30
#: Milliseconds after which a client that takes nothing of what it is sent is gone.
_TAKES_NOTHING = 60_000
#: Files that are not sockets of clients: the database's, the log, Python's own.
_OTHER_FILES = 100


class Tls(NamedTuple):
    """Files of a certificate (with its chain) and its key, in PEM."""

    certificate: Path
    key: Path


def listen(host: str, port: int) -> socket.socket:
    """Open the port. Arguments: a name or address; 0 for any port. Result: the socket. Raises UsageError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}.", "Choose another --port or --host."
        ) from None
    # What is accepted inherits it.
    with contextlib.suppress(AttributeError, OSError):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _TAKES_NOTHING)
    return listening


def check_tls(tls: Tls) -> None:
    """Whether a certificate can be served with. Raises UsageError."""

    def no_passphrase() -> str:
        raise UsageError(f"{tls.key} is protected by a passphrase.", "Nobody is there to type it: give one without.")

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.certificate, tls.key, no_passphrase)
    except OSError as error:
        # ssl.SSLError is one, and says nothing that a file holds.
        reason = error.strerror if not isinstance(error, ssl.SSLError) else error.reason or "no PEM"
        raise UsageError(
            f"Cannot serve with the certificate {tls.certificate} and the key {tls.key}: {reason}.",
            "Both are in PEM, readable for this user, and of one pair.",
        ) from None


def run(
    config: Config,
    listening: socket.socket,
    announce: Callable[[], None],
    *,
    tls: Tls | None = None,
    proxies: tuple[str, ...] = (),
    access_log: bool = True,
) -> None:
    """Serve until SIGTERM or SIGINT: what is in progress then is finished, within the limits, and streams are ended.

    Arguments: the configuration; an open socket; what to call as soon as a signal would end it; a certificate;
    addresses and networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; whether each request
    is a line of the log (stderr).
    """
    _log(access_log)
    limits = dataclasses.replace(config.limits, sockets=min(config.limits.sockets, _files() - _OTHER_FILES))
    app = make_app(dataclasses.replace(config, limits=limits))
    server = _Server(
        uvicorn.Config(
            app,
            http=make_protocol(limits),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=limits.stop_seconds,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
    )

    def stop(*_: object) -> None:
        server.should_exit = True

    # uvicorn raises the signal again when it is done, and until it has begun would not know of it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    announce()
    server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """uvicorn's, which would wait for streams to end by themselves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.app.state.bounded.end_streams()
        await super().shutdown(sockets)


def _log(access_log: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Masked())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("trustcart_db.web.access").setLevel(logging.INFO if access_log else logging.WARNING)
    # Of each request that is none it would write a line.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)


def _files() -> int:
    """How many files this process may have open: as many as it can get."""
    try:
        import resource
    except ImportError:
        return 1024
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return soft if soft != resource.RLIM_INFINITY else 2**20
