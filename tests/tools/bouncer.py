"""A real PgBouncer before a private server, with the settings of docs/pgbouncer.ini."""

from __future__ import annotations

import configparser
import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.tools.system import program
from trustcart_db.server import PrivateServer, die_with_parent

SETTINGS = Path(__file__).parents[2] / "docs" / "pgbouncer.ini"
_PORT = 6432


class Bouncer:
    """A running PgBouncer. server: what stands behind it; log_path."""

    def __init__(self, server: PrivateServer, directory: Path) -> None:
        self.server = server
        self.log_path = directory / "pgbouncer.log"
        self._directory = directory

    def url(self, dbname: str, user: str | None = None) -> str:
        """A URL of a database behind it. Arguments as of PrivateServer.url."""
        return (
            f"postgresql://{quote(user or self.server.superuser)}@/{quote(dbname)}"
            f"?host={quote(str(self._directory), safe='')}&port={_PORT}"
        )

    def connect(self, dbname: str, user: str | None = None, **parameters: object) -> psycopg.Connection:
        """Connect to a database behind it, in autocommit unless told otherwise, without prepared statements."""
        return psycopg.connect(self.url(dbname, user), **{"autocommit": True, "prepare_threshold": None, **parameters})


@contextlib.contextmanager
def bouncing(server: PrivateServer, *users: str, pool_size: int = 2) -> Iterator[Bouncer]:
    """Run PgBouncer as the server's user, on a Unix socket beside the server's.

    Arguments: the server; login roles that may come, the superuser excepted; connections to the server for each of
    them. Result: a context manager that gives the Bouncer, and ends it. Raises LookupError when there is no PgBouncer,
    RuntimeError when it does not start.
    """
    directory = server.socket_dir
    config = configparser.ConfigParser(interpolation=None)
    config.read(SETTINGS, encoding="utf-8")
    config.read_dict(
        {
            "databases": {"*": f"host={directory} port=5432"},
            "pgbouncer": {
                "listen_addr": "",
                "listen_port": str(_PORT),
                "unix_socket_dir": str(directory),
                # The directory is the door.
                "auth_type": "trust",
                "auth_file": str(directory / "users.txt"),
                "pidfile": str(directory / "pgbouncer.pid"),
                "logfile": "",
                "default_pool_size": str(pool_size),
            },
        }
    )
    # The example's own.
    config.remove_option("databases", "shop")
    names = "".join(f'"{name}" ""\n' for name in (server.superuser, *users))
    (directory / "users.txt").write_text(names, encoding="utf-8")
    with (directory / "pgbouncer.ini").open("w", encoding="utf-8") as file:
        config.write(file)
    bouncer = Bouncer(server, directory)
    with bouncer.log_path.open("wb") as log:
        process = subprocess.Popen(
            [program("pgbouncer"), "--quiet", directory / "pgbouncer.ini"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(os.getpid()),
            **server.process_options(),
        )
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                bouncer.connect("postgres").close()
                break
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"PgBouncer did not start:\n{bouncer.log_path.read_text()}") from None
                time.sleep(0.02)
        yield bouncer
    finally:
        # At once: clients that are still there are not waited for.
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
