"""The pages and the API as they run: `trustcart-db serve` as a process of its own, on a port that is free."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

import httpx
import psycopg
from psycopg.conninfo import make_conninfo

from tests.tools import programs
from trustcart_db.auth import passwords, tokens

REPOSITORY = Path(__file__).parents[2]
GATEWAY = "web_gateway"
#: Of every user that `people` makes.
PASSWORD = "a long enough passphrase"

_SERVING = re.compile(r"Serving on (https?://\S+?)/?$")


@dataclass
class Site:
    """A running site: url, process, keys (what it signs tokens with), said (what it wrote when it began)."""

    url: str
    process: programs.Program
    keys: tokens.Keys = field(repr=False)
    said: str = ""

    def token(self, user_id: int, role: str = "crm_agent", issued_at: datetime | None = None) -> str:
        """A token for the API."""
        return tokens.issue(self.keys, user_id, role, issued_at or datetime.now(timezone.utc))

    def api(self, user_id: int, role: str = "crm_agent") -> httpx.Client:
        """A client of the API, as a user: `with site.api(1) as client`."""
        headers = {"Authorization": f"Bearer {self.token(user_id, role)}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    @contextlib.contextmanager
    def browser(self, email: str | None = None, password: str = PASSWORD) -> Iterator[httpx.Client]:
        """A client of the pages, signed in when an address is given: `with site.browser("agent@example.com") as it`."""
        with httpx.Client(base_url=self.url, timeout=30, follow_redirects=True) as client:
            if email is not None:
                page = client.get("/sign-in").text
                fields = {"csrf_token": csrf_of(page), "email": email, "password": password}
                answer = client.post("/sign-in", data=fields)
                assert answer.status_code == 200, answer.text
                assert "/sign-in" not in str(answer.url), answer.text
            yield client


def csrf_of(page: str) -> str:
    """The CSRF token of a page's first form."""
    return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)


def people(connection: psycopg.Connection) -> None:
    """Make agents 1 and 2 (leader: 3), leader 3, manager 4, admin 5, other leader 6: <name>@example.com, PASSWORD."""
    connection.execute(
        """
        insert into trustcart.users (id, name, email, role, team_leader_id) values
        (3, 'Leader', 'leader@example.com', 'crm_agent', null), (6, 'Rival', 'rival@example.com', 'crm_agent', null),
        (1, 'Agent', 'agent@example.com', 'crm_agent', 3), (2, 'Other', 'other@example.com', 'crm_agent', 3),
        (4, 'Manager', 'manager@example.com', 'crm_manager', null), (5, 'Admin', 'admin@example.com', 'admin', null)
        """
    )
    connection.execute("select setval(pg_get_serial_sequence('trustcart.users', 'id'), 100)")
    set_passwords(connection, [1, 2, 3, 4, 5, 6])


def set_passwords(connection: psycopg.Connection, user_ids: list[int]) -> None:
    """Give users PASSWORD."""
    password_hash = passwords.hash_password(PASSWORD)
    connection.execute(
        "select trustcart.set_user_password_hash(id, %s) from unnest(%s) as id", [password_hash, user_ids]
    )


def make_gateway(connection: psycopg.Connection, name: str = GATEWAY) -> None:
    """Make the gateway's login role, where it is missing."""
    if connection.execute("select from pg_roles where rolname = %s", [name]).fetchone() is None:
        connection.execute(f"create role {name} login in role trustcart_gateway")


@contextlib.contextmanager
def serving(url: str, *options: str, log: Path | None = None, **environment: str) -> Iterator[Site]:
    """Serve a database. Arguments: a URL of its owner (who makes the gateway's role); options and environment of
    `serve`; a file for its log (stderr). Result: a context manager that gives the Site, and ends it with SIGTERM."""
    with psycopg.connect(url, autocommit=True) as connection:
        make_gateway(connection)
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PG", "TRUSTCART_"))},
        "TRUSTCART_DATABASE_URL": make_conninfo(url, user=GATEWAY),
        "TRUSTCART_JWT_SECRET": secrets.token_urlsafe(48),
        "PYTHONPATH": str(REPOSITORY),
        **environment,
    }
    with log.open("ab") if log else contextlib.nullcontext() as stderr:
        reading, writing = os.pipe()
        process = programs.Program(
            ["serve", "--port", "0", *options], variables, (0, writing, stderr.fileno() if stderr else 2)
        )
        os.close(writing)
        stdout = open(reading, encoding="utf-8")  # noqa: SIM115 - as long as the site runs
    try:
        said = []
        for line in stdout:
            said.append(line)
            if found := _SERVING.search(line.strip()):
                break
        else:
            raise RuntimeError(f"serve ended: {''.join(said)}")
        # Without a secret it makes one of its own.
        keys = tokens.read_keys(variables) if variables["TRUSTCART_JWT_SECRET"] else None
        yield Site(found.group(1), process, keys, "".join(said))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        finally:
            process.kill()
            stdout.close()
