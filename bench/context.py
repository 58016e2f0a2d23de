"""What every row works with: the server, the shops on it, how long to measure."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql

from bench import guide
from bench.shop import Size, fill
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate
from trustcart_db.server import Installation, PrivateServer

#: As in production, except: synchronous_commit, as the goals have it; no checkpoint nor autovacuum falls into a
#: measurement (tables are vacuumed between them).
SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1",
    "wal_buffers": "16MB",
    "max_wal_size": "64GB",
    "checkpoint_timeout": "1d",
    "synchronous_commit": "off",
    "fsync": "on",
    "full_page_writes": "on",
    "autovacuum": "off",
    "max_connections": "50",
}


@dataclass(frozen=True)
class Effort:
    """How long to measure: rounds (of execution times), repeats (of writes), seconds (of pgbench), batch (orders in one
    COPY), guide_limit (seconds for a statement of the guide), guide_rounds, sort_space (GB of temporary files), claims
    (of each session)."""

    rounds: int = 30
    repeats: int = 3
    seconds: int = 10
    batch: int = 200_000
    guide_limit: float = 120
    guide_rounds: int = 5
    sort_space: int = 20
    claims: int = 5000

    @property
    def for_guide(self) -> tuple[float, int]:
        """guide_limit and guide_rounds."""
        return self.guide_limit, self.guide_rounds


QUICK = Effort(rounds=3, repeats=1, seconds=1, batch=2000, guide_limit=3, guide_rounds=1, sort_space=1, claims=50)


@dataclass
class Result:
    """A row of the table: work, guide, ours, ratio and goal as shown; reached, None where there is nothing to reach and
    a text where only a part was measured; name, of its file in bench/why/; plan, of a goal not reached."""

    name: str
    work: str
    guide: str
    ours: str
    ratio: str
    goal: str
    reached: bool | str | None
    plan: str = ""


@dataclass
class Context:
    """installation; size, small and large (None unless asked for) shops; effort; tell (a line of progress)."""

    installation: Installation
    size: Size
    small: Size
    large: Size | None
    effort: Effort
    tell: Callable[[str], None]
    notes: list[str] = field(default_factory=list)
    _databases: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        space = min(self.effort.sort_space, shutil.disk_usage(tempfile.gettempdir()).free // 2**31)
        settings = {**SETTINGS, "temp_file_limit": f"{max(space, 1)}GB"}
        if self.effort is QUICK:
            settings["shared_buffers"] = "128MB"
        self.server = PrivateServer(self.installation, settings=settings)

    def __enter__(self) -> Context:
        self.server.start()
        self.files = Path(tempfile.mkdtemp(prefix="tc-bench-"))
        return self

    def __exit__(self, *_: object) -> None:
        self.server.close()
        shutil.rmtree(self.files, ignore_errors=True)

    def shop(self, size: Size | None = None) -> str:
        """The name of the database that holds a shop of that size (default: the main one); made at first use, with the
        guide's tables beside ours."""
        size = size or self.size
        name = f"shop_{size.customers}"

        def fill_it(connection: psycopg.Connection) -> None:
            fill(connection, size)
            if size != self.large:
                guide.fill(connection)

        return self._database(name, f"a shop of {size}", fill_it)

    def customers_only(self) -> str:
        """The name of a database with the customers of the main shop, and nothing else."""
        return self._database("customers_only", "its customers", lambda c: fill(c, self.size, ("customers",)))

    def copy(self, source: str, name: str) -> str:
        """A fresh copy of a database. Result: its name.

        All of its pages are logged anew, so that none is dearer to change than another; copying files, as
        create_database does, would make a checkpoint.
        """
        with self.server.connect() as connection:
            connection.execute(
                sql.SQL("create database {} template {} strategy wal_log").format(
                    sql.Identifier(name), sql.Identifier(source)
                )
            )
        return name

    def connect(self, dbname: str) -> psycopg.Connection:
        """A connection to one of the databases, in autocommit."""
        return self.server.connect(dbname)

    def today(self, dbname: str) -> date:
        """The business date."""
        with self.connect(dbname) as connection:
            return connection.execute("select trustcart.business_date()").fetchone()[0]

    def checkpoints(self) -> int:
        """How many checkpoints there have been."""
        view = "pg_stat_checkpointer" if self.server.major >= 17 else "pg_stat_bgwriter"
        columns = "num_timed + num_requested" if self.server.major >= 17 else "checkpoints_timed + checkpoints_req"
        with self.server.connect() as connection:
            return connection.execute(f"select {columns} from {view}").fetchone()[0]

    def describe(self) -> str:
        """Versions, machine and settings, in a paragraph."""
        with self.server.connect() as connection:
            version = connection.execute("select split_part(version(), ' on ', 1)").fetchone()[0]
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        where = "the embedded wheel" if self.installation.embedded else "the system's package"
        settings = ", ".join(f"{name} = {value}" for name, value in self.server.settings.items())
        return (
            f"{version} ({where}) on a socket, {os.cpu_count()} cores, {memory:.0f} GB of memory; client and server "
            f"share them. A shop of {self.size}. Settings: {settings}."
        )

    def _database(self, name: str, what: str, fill_it: Callable[[psycopg.Connection], None]) -> str:
        if name not in self._databases:
            self.tell(f"filling {what} …")
            began = time.perf_counter()
            migrate(self.server.create_database(name), read_bundle())
            with self.connect(name) as connection:
                fill_it(connection)
            self._databases[name] = name
            self.tell(f"  in {time.perf_counter() - began:.0f} s")
        return name
