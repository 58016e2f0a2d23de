"""The demo's pages: `serve` as a process of its own beside the demo's server, with users who can sign in."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg

from trustcart_db.auth import passwords, tokens
from trustcart_db.connection import ENVIRONMENT
from trustcart_db.errors import TrustCartError
from trustcart_db.server import PrivateServer, die_with_parent

#: The guide's port; the next ones are tried while it is taken.
PORT = 3001
_PORTS = 50
_GATEWAY = "trustcart_demo_gateway"
_PATIENCE = 60
# Speakable and typed without shift: 4 of them are 50 bits, and wrong guesses are locked out.
_SYLLABLES = [consonant + vowel for consonant in "bdfghjklmnprstvz" for vowel in "aeiou"]


class Site(NamedTuple):
    """What `serve` gives: url, password (of all users), users (rows: name, email, role), process."""

    url: str
    password: str
    users: list[dict[str, str]]
    process: subprocess.Popen


def is_possible() -> bool:
    """Whether the extra `http` is installed."""
    try:
        import trustcart_db.web.app
        import trustcart_db.web.server  # noqa: F401 - as `serve` does
    except ImportError:
        return False
    return True


@contextlib.contextmanager
def serve(server: PrivateServer, dbname: str) -> Iterator[Site]:
    """Serve the pages of the demo, on this machine alone, until the end of the context.

    Everybody in the sample shop gets a new password, the same for all, which is written down nowhere. Arguments: the
    demo's server; its database. Result: a context manager that gives a Site. Raises TrustCartError when it does not
    start, psycopg.Error.
    """
    password = "-".join("".join(secrets.choice(_SYLLABLES) for _ in range(2)) for _ in range(4))
    with server.connect(dbname) as connection:
        users = _let_sign_in(connection, password)
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "TRUSTCART_"))}
    for name in ENVIRONMENT:
        environment.pop(name, None)
    environment |= {
        "TRUSTCART_DATABASE_URL": server.url(dbname, _GATEWAY),
        tokens.SECRET: secrets.token_urlsafe(48),
    }
    with tempfile.NamedTemporaryFile(prefix="trustcart-demo-", suffix=".log") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "trustcart_db", "serve", "--port", str(port)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # so that Ctrl-C reaches the demo alone, which then ends it
            preexec_fn=die_with_parent(os.getpid()),
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(process, url, Path(log.name))
            yield Site(url, password, users, process)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _let_sign_in(connection: psycopg.Connection, password: str) -> list[dict[str, str]]:
    if connection.execute("select from pg_roles where rolname = %s", [_GATEWAY]).fetchone() is None:
        connection.execute(f"create role {_GATEWAY} login in role trustcart_gateway")
    rows = connection.execute(
        """
        select
            u.id,
            u.name,
            u.email::text,
            case
                when exists (select from trustcart.users as m where m.team_leader_id = u.id) and u.role = 'crm_agent'
                    then 'leads a team of agents'
                when u.role = 'crm_manager' then 'manager'
                when u.role = 'admin' then 'admin'
                else 'agent'
            end
        from trustcart.users as u
        where u.is_active and u.email is not null and u.role in ('crm_agent', 'crm_manager', 'admin')
        order by u.id
        """
    ).fetchall()
    password_hash = passwords.hash_password(password)
    for user_id, *_ in rows:
        connection.execute("select trustcart.set_user_password_hash(%s, %s)", [user_id, password_hash])
    return [{"name": name, "email": email, "role": role} for _, name, email, role in rows]


def _free_port() -> int:
    for port in range(PORT, PORT + _PORTS):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise TrustCartError(f"The ports {PORT} to {PORT + _PORTS - 1} are all taken.")


def _wait_for(process: subprocess.Popen, url: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    # Not by a proxy that the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with opener.open(f"{url}/sign-in", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    said = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise TrustCartError(f"The pages did not start. What their process said:\n{said}")
