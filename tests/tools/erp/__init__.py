"""An ERP that the package is adopted into: its schema and rows (`fill`), and a dump of it as its makers would hand out.

`random_shop` works in it the way its application does; `expected` says from its tables what ours must hold.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psycopg

from trustcart_db.server import PrivateServer

_FILES = Path(__file__).parent
#: The host's tables that a mapping names.
TABLES = (
    *("roles", "users", "categories", "products", "customers", "sales_orders", "order_items", "sales_order_items"),
)


def fill(
    connection: psycopg.Connection, customers: int = 300, orders: int = 4, *, seed: int = 7, dirt: bool = True
) -> None:
    """Make the ERP in `public` and fill it; the same arguments give the same rows.

    Arguments: a connection in autocommit; how many customers; orders a customer, on average; seed; dirt, whether values
    are as bad as in the field. Raises psycopg.Error.
    """
    connection.execute((_FILES / "schema.sql").read_text(encoding="utf-8"), prepare=False)
    with connection.transaction():
        settings = {"erp.seed": seed, "erp.customers": customers, "erp.orders": orders, "erp.dirt": dirt}
        for name, value in settings.items():
            connection.execute("select set_config(%s, %s, true)", [name, str(value)])
        connection.execute((_FILES / "data.sql").read_text(encoding="utf-8"), prepare=False)
    connection.execute("vacuum (analyze)")


def dump(server: PrivateServer, dbname: str, path: Path, *options: str) -> Path:
    """pg_dump of a database. Arguments: its server, its name, the file to write, options of pg_dump.

    Result: the path. Raises subprocess.CalledProcessError.
    """
    with path.open("wb") as file:
        subprocess.run(
            [server.bin_dir / "pg_dump", *options, server.url(dbname)], stdout=file, check=True, env=_environment()
        )
    return path


def restore(server: PrivateServer, dbname: str, path: Path) -> None:
    """pg_restore of a custom-format dump into a database. Raises subprocess.CalledProcessError."""
    command = [server.bin_dir / "pg_restore", "--exit-on-error", "--no-owner", "--dbname", server.url(dbname), path]
    subprocess.run(command, check=True, env=_environment())


def plain_dump(server: PrivateServer, dbname: str, directory: Path, *options: str) -> bytes:
    """What pg_dump says of the host's schema `public`, without what is drawn anew each time.

    Arguments: server, database, a directory for the file, options (--schema-only …). Result: bytes.
    """
    text = dump(server, dbname, directory / "plain.sql", "--schema=public", *options).read_bytes()
    random_lines = (b"\\restrict ", b"\\unrestrict ")
    return b"\n".join(line for line in text.split(b"\n") if not line.startswith(random_lines))


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
