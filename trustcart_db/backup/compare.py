"""Says how a database differs from a backup: rows, checksums, sequences and the schema's text, all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psycopg

from trustcart_db.backup import archive, inventory
from trustcart_db.errors import InputError, MissingError
from trustcart_db.migrate import DEFAULT_LOCK_WAIT, Tell, migrate_session
from trustcart_db.schema_dump import without_noise
from trustcart_db.state import SCHEMAS, read_state

# What pg_dump writes before each object.
_TITLE = re.compile(r"-- Name: (?P<name>.*); Type: (?P<type>.*); Schema: (?P<schema>.*); Owner: ")
_QUALIFIER = re.compile(r"\b[a-z_]\w*\.")


# What is compared of a line, and the line.
Lines = list[tuple[str, str]]


class Difference(NamedTuple):
    """One difference: what (table, sequence or schema), name, backup and database, what each of them has: of a schema's
    object a line that the other has not."""

    what: str
    name: str
    backup: str
    database: str


def compare(
    conninfo: str,
    file: Path,
    *,
    lock_wait: float = DEFAULT_LOCK_WAIT,
    progress: Callable[[str, int, int], None] = lambda title, done, total: None,
    tell: Tell = lambda line: None,
) -> tuple[inventory.Manifest, list[Difference]]:
    """Check that a backup is whole, and compare a database with it.

    Arguments: conninfo of the tables' owner; the dump; lock_wait, seconds to wait for a migrate; progress; tell.
    Result: the manifest and all differences, none when both are the same. Raises InputError for a backup that is not
    whole, MissingError without pg_dump or a schema, BusyError, RightsError, ConnectError. Changes nothing.
    """
    manifest = inventory.read_manifest(file)
    progress("checking the file", 0, 0)
    require_whole(file, manifest)
    with migrate_session(conninfo, lock_wait, tell) as connection:
        if read_state(connection).schemas != set(SCHEMAS):
            raise MissingError("The database holds no whole TrustCart schema to compare with.", "Restore it first.")
        connection.execute("begin isolation level repeatable read read only")
        differences = compare_rows(connection, manifest, progress)
        connection.execute("rollback")
        progress("comparing the schema", 0, 0)
        return manifest, differences + compare_schema(connection, conninfo, file, manifest)


def require_whole(file: Path, manifest: inventory.Manifest) -> None:
    """Refuse a dump that is not the one its manifest tells of. Raises InputError."""
    if file.stat().st_size != manifest.dump_bytes or inventory.sha256_of(file) != manifest.dump_sha256:
        raise InputError(
            f"{file} is not the file that its manifest tells of: it was cut off, changed or exchanged.",
            "Take another copy of the backup. The manifest's dump_sha256 is what sha256sum must print.",
        )


def compare_rows(
    connection: psycopg.Connection, manifest: inventory.Manifest, progress: Callable[[str, int, int], None]
) -> list[Difference]:
    """Compare tables and sequences. Argument: a connection in a transaction. Raises psycopg.Error."""
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        progress("comparing", done, len(manifest.tables))

    def rows(found: list[object] | None) -> str:
        return "absent" if found is None else f"{found[0]:,} rows, checksum {found[1]}"

    def value(found: list[object] | None) -> str:
        return "absent" if found is None else f"{found[0]}{'' if found[1] else ', not yet called'}"

    found = inventory.count_rows(connection, tell)
    return [
        *_differences("table", manifest.tables, found, rows),
        *_differences("sequence", manifest.sequences, inventory.sequences(connection), value),
    ]


def compare_schema(
    connection: psycopg.Connection, conninfo: str, file: Path, manifest: inventory.Manifest
) -> list[Difference]:
    """Compare the schema's text: objects, definitions, owners, rights, policies and comments, line by line.

    Arguments: an autocommit connection; the conninfo it was opened with; the dump; its manifest. Raises MissingError,
    TrustCartError with pg_dump's own words.
    """
    major = inventory.major_of(connection)
    programs = archive.find_programs(max(major, manifest.server_major))
    loosely = major != manifest.server_major
    ours = archive.schema_of_archive(programs, file)
    theirs = archive.schema_of_database(programs, archive.target_of(connection, conninfo))
    before, after = _lines(ours, loosely), _lines(theirs, loosely)
    found = []
    for name in sorted({*before, *after}):
        if name not in after:
            found.append(Difference("schema", name, "there", "absent"))
        elif name not in before:
            found.append(Difference("schema", name, "absent", "there"))
        else:
            found += [Difference("schema", name, line, "") for line in _only(before[name], after[name])]
            found += [Difference("schema", name, "", line) for line in _only(after[name], before[name])]
    return found


def _only(lines: Lines, others: Lines) -> list[str]:
    """The lines that the others have not, or not as often, as they are written."""
    more = Counter(key for key, _ in lines) - Counter(key for key, _ in others)
    return [dict(lines)[key] for key in more.elements()]


def _differences(
    what: str,
    backup: dict[str, list[object]],
    database: dict[str, list[object]],
    told: Callable[[list[object] | None], str],
) -> list[Difference]:
    return [
        Difference(what, name, told(backup.get(name)), told(database.get(name)))
        for name in sorted({*backup, *database})
        if backup.get(name) != database.get(name)
    ]


def _lines(schema: str, loosely: bool) -> dict[str, Lines]:
    """The lines of each object, each behind what is compared of it: not what the server writes otherwise once it has
    read it back, which knows that (a and b) and c needs no parentheses. Another major version also leaves out which
    table a column is of, where that is clear."""
    found: dict[str, Lines] = {}
    name = ""
    for line in without_noise(schema):
        if title := _TITLE.match(line):
            name = f"{title['schema']}: {title['type'].lower()} {title['name']}"
        if line and not line.startswith("--"):
            key = _QUALIFIER.sub("", line) if loosely else line
            found.setdefault(name, []).append((re.sub(r"[()]", "", key).strip(), line.strip()))
    return found
