"""The schema as text, the same for the same schema: what reviewers read in schema.sql, and what tests compare.

`python -m trustcart_db.schema_dump FILE` migrates a new database on the embedded Postgres and writes its schema there;
with `--check` it compares instead and exits 1 where they differ.
"""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from pathlib import Path

import click
import psycopg

from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate
from trustcart_db.server import THROW_AWAY, PrivateServer, embedded_installation
from trustcart_db.state import SCHEMAS

_HEADER = """\
-- The schema of a freshly migrated database, for reviewers: `make schema` writes it, CI compares it. Nothing reads it.
-- Left out: yoyo's own tables, and partitions, whose names depend on the day.
"""


def dump(bin_dir: Path, url: str) -> str:
    """Dump our three schemas, privileges included, owners not.

    Arguments: the directory of pg_dump, which must be at least as new as the server; the database's URL. Result: SQL
    text without anything that differs from run to run. Raises subprocess.CalledProcessError, psycopg.Error.
    """
    with psycopg.connect(url) as connection:
        hidden = connection.execute(
            "select format('%%I.%%I', n.nspname, c.relname) from pg_class as c"
            " join pg_namespace as n on n.oid = c.relnamespace where n.nspname = any(%s)"
            " and c.relkind in ('r', 'p') and (c.relispartition or c.relname like '%%yoyo%%')",
            [list(SCHEMAS)],
        ).fetchall()
    command = [str(bin_dir / "pg_dump"), "--schema-only", "--no-owner", f"--dbname={url}"]
    command += [f"--schema={schema}" for schema in SCHEMAS]
    command += [f"--exclude-table={name}" for (name,) in hidden]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    text = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    lines = without_noise(text)
    squeezed = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return _HEADER + "\n".join(squeezed).strip() + "\n"


def without_noise(text: str) -> list[str]:
    """The lines of a dump but those that differ from run to run: the random key of \\restrict, and the versions."""
    noise = ("\\restrict", "\\unrestrict", "-- Dumped ")
    return [line for line in text.splitlines() if not line.startswith(noise)]


def fresh_schema() -> str:
    """The schema that a first migrate makes, on the embedded Postgres. Raises MissingError without that."""
    with PrivateServer(embedded_installation(), settings=THROW_AWAY) as server:
        url = server.create_database("schema_dump")
        migrate(url, read_bundle())
        return dump(server.bin_dir, url)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Compare instead of writing.")
def _main(file: Path, check: bool) -> None:
    """Write the schema of a fresh migrate to FILE."""
    text = fresh_schema()
    if not check:
        file.write_text(text, encoding="utf-8")
        return
    committed = file.read_text(encoding="utf-8") if file.exists() else ""
    difference = difflib.unified_diff(
        committed.splitlines(), text.splitlines(), file.name, "a fresh migrate", lineterm="", n=2
    )
    for line in difference:
        click.echo(line)
    if text != committed:
        click.echo(f"{file.name} is not what a fresh migrate makes. Run `make schema` and commit it.", err=True)
        sys.exit(1)
    click.echo(f"{file.name} is what a fresh migrate makes.")


if __name__ == "__main__":
    _main()
