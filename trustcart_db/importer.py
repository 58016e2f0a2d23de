"""Loads customers, orders and order lines from CSV files: all of them or, when a row is bad, nothing.

The files are streamed into temporary tables by COPY, which leaves the parsing to the server; the statements of
`import_steps/` then check and load them as sets. This module knows the columns of a file and the order of the steps;
what a sound value is and what becomes of it stands in SQL.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from trustcart_db.errors import InputError, MissingError, UsageError
from trustcart_db.phone_encryption import set_key

#: How many bad rows are named; the others are counted.
SHOWN = 20
_STEPS = Path(__file__).parent / "import_steps"
_CHUNK = 256 * 1024
#: Any number will do, as long as no other lock of ours has it: one import at a time.
_LOCK = 7_268_001


@dataclass(frozen=True)
class Kind:
    """A kind of file: name, columns it may have, required ones (each a tuple of which one will do), other names."""

    name: str
    columns: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """The temporary table it is staged in."""
        return f"import_{self.name}"


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "customers",
            (
                *("customer_id", "first_name", "last_name", "email", "phone", "mobile", "gender", "date_of_birth"),
                *("anniversary_date", "address", "city", "district", "notes", "assigned_agent"),
            ),
            (("customer_id",),),
            {"id": "customer_id", "assigned_agent_id": "assigned_agent", "assigned_agent_email": "assigned_agent"},
        ),
        Kind(
            "orders",
            (
                *("order_number", "customer_id", "order_date", "ordered_at", "total_amount", "status"),
                *("payment_method", "coupon_code", "notes"),
            ),
            (("customer_id",), ("order_date",), ("total_amount",)),
        ),
        Kind(
            "items",
            ("order_number", "product", "sku", "category", "quantity", "unit_price", "line_total"),
            (("order_number",), ("product", "sku")),
            {"product_name": "product", "product_sku": "sku", "category_name": "category"},
        ),
    )
}


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken: path, line (counted from 1, the header's included), reason."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.reason}"


class BadRowsError(InputError):
    """Some rows cannot be taken, so nothing was. rows: the first of them (BadRow); total: how many there are."""

    def __init__(self, rows: list[BadRow], total: int) -> None:
        paths = ", ".join(dict.fromkeys(str(row.path) for row in rows))
        super().__init__(
            f"{total:,} bad {'row' if total == 1 else 'rows'} in {paths}; nothing was imported.",
            "Mend or remove them and import again: what is there already is not added twice.",
        )
        self.rows = rows
        self.total = total


@dataclass
class Summary:
    """What became of a file: kind, path, rows (in it), added, updated, already_there, ignored_columns,
    unreadable_phones (kept as typed)."""

    kind: str
    path: Path | None
    rows: int = 0
    added: int = 0
    updated: int = 0
    ignored_columns: tuple[str, ...] = ()
    unreadable_phones: int = 0

    @property
    def already_there(self) -> int:
        """Rows that were there before, the same."""
        return max(self.rows - self.added - self.updated, 0)


#: Called with what is being done, how much of it is done and how much there is (bytes; 0 of 0 for a step of unknown
#: length).
Progress = Callable[[str, int, int], None]


def import_files(
    connection: psycopg.Connection,
    paths: Mapping[str, Path],
    *,
    create_customers: bool = False,
    phone_key: str | None = None,
    progress: Progress | None = None,
) -> list[Summary]:
    """Import files in one transaction: its own or, in a `connection.transaction()`, the caller's.

    Arguments: a connection; {name of a KIND: path of its CSV file}; whether orders of unknown customers make these, by
    their id alone; the key, where phone numbers are encrypted; progress. Result: a Summary for each file, and one for
    customers made from orders. Raises BadRowsError with nothing changed, UsageError for a file that is not such a CSV,
    psycopg.Error.
    """
    tell = progress or (lambda *_: None)
    headers = {name: _read_header(path, KINDS[name]) for name, path in paths.items()}
    with connection.transaction():
        # The steps sort and hash whole files. Local to the transaction, as are the temporary tables.
        connection.execute("set local work_mem = '64MB'")
        connection.execute("set local client_min_messages = warning")
        if not connection.execute("select pg_try_advisory_xact_lock(%s)", [_LOCK]).fetchone()[0]:
            tell("waiting for another import", 0, 0)
            connection.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        if connection.execute("select to_regclass('trustcart.sales_orders')").fetchone()[0] is None:
            raise MissingError("The database has no TrustCart schema.", "Run `trustcart-db migrate` first.")
        set_key(connection, phone_key)
        connection.execute(
            "create temporary table import_problems (kind text not null, record bigint not null, reason text not null)"
            " on commit drop"
        )
        summaries = {}
        for name, kind in KINDS.items():
            header = headers.get(name)
            _create_staging(connection, kind, header)
            if header is not None:
                summaries[name] = Summary(name, paths[name], ignored_columns=header.ignored)
                summaries[name].rows = _stage(connection, kind, paths[name], header, tell)
        tell("checking", 0, 0)
        for name in paths:
            _run(connection, f"{name}_check")
        if "orders" in paths and not create_customers:
            _run(connection, "orders_check_customers")
        _refuse_problems(connection, paths, headers)
        if "orders" in paths:
            _run(connection, "orders_check_existing")
            _refuse_problems(connection, paths, headers)
        _load(connection, summaries, create_customers, tell)
        for table in KINDS.values():
            connection.execute(sql.SQL("drop table pg_temp.{}").format(sql.Identifier(table.table)))
        connection.execute("drop table pg_temp.import_problems")
    return list(summaries.values())


def _load(
    connection: psycopg.Connection, summaries: dict[str, Summary], create_customers: bool, tell: Progress
) -> None:
    made = 0
    if "orders" in summaries and create_customers:
        made = _run(connection, "customers_from_orders")
    if "customers" in summaries or made:
        tell("loading customers", 0, 0)
        _run(connection, "customers_sequence")
        if "customers" in summaries:
            _run(connection, "customers_conceal")
            summaries["customers"].updated = _run(connection, "customers_update")
            summaries["customers"].unreadable_phones = _run(connection, "customers_phones")
        added = _run(connection, "customers_insert")
        if "customers" in summaries:
            summaries["customers"].added = added - made
        if made:
            summaries["new customers"] = Summary("new customers", None, rows=made, added=made)
    if "orders" in summaries:
        tell("loading orders", 0, 0)
        summaries["orders"].added = _run(connection, "orders_insert")
    if "items" in summaries:
        tell("loading items", 0, 0)
        _run(connection, "categories_insert")
        _run(connection, "products_insert")
        summaries["items"].added = _run(connection, "items_insert")


def _run(connection: psycopg.Connection, step: str) -> int:
    """Run a file of import_steps/. Result: the rows that its last statement touched."""
    return connection.execute((_STEPS / f"{step}.sql").read_text(encoding="utf-8")).rowcount


@dataclass(frozen=True)
class _Header:
    """The first record of a file: columns (of the staging table, one for each), ignored (names we have no use for)."""

    columns: tuple[str, ...]
    ignored: tuple[str, ...]


def _read_header(path: Path, kind: Kind) -> _Header:
    try:
        start = path.open("rb").read(4)
        if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise UsageError(f"{path} is written in UTF-16.", "Save it as CSV in UTF-8.")
        # Whether the rest is UTF-8, the server says, with the line.
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            names = next(csv.reader(file), [])
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}.") from None
    except csv.Error:
        raise UsageError(f"The first line of {path} is not the header of a CSV file.") from None
    if not names:
        raise UsageError(f"{path} is empty.", f"Its first line names the columns: {', '.join(kind.columns)}.")
    columns, ignored = [], []
    for name in names:
        column = re.sub(r"[\s-]+", "_", name.strip().lower())
        column = kind.aliases.get(column, column)
        if column not in kind.columns:
            ignored.append(name.strip())
            column = f"ignored {len(ignored)}"
        elif column in columns:
            raise UsageError(f"{path} has the column {column} twice.", "Keep one of them.")
        columns.append(column)
    for choice in kind.required:
        if not set(choice) & set(columns):
            hint = f"Its first line must name the columns; known are {', '.join(kind.columns)}."
            if len(names) == 1 and re.search(r"[;\t|]", names[0]):
                hint = "Its columns must be separated by commas."
            raise UsageError(f"{path} has no column {' or '.join(choice)}.", hint)
    return _Header(tuple(columns), tuple(ignored))


def _create_staging(connection: psycopg.Connection, kind: Kind, header: _Header | None) -> None:
    names = list(kind.columns)
    if header is not None:
        names += [column for column in header.columns if column not in kind.columns]
    connection.execute(
        sql.SQL(
            "create temporary table {} (record bigint generated always as identity (cache 1000), {}) on commit drop"
        ).format(
            sql.Identifier(kind.table),
            # Compared byte by byte, which is quicker; nothing here is sorted for people. The number of an order is
            # looked for among those of the shop, and their index is of the database's own collation.
            sql.SQL(", ").join(
                sql.SQL("{} text collate {}").format(
                    sql.Identifier(name), sql.Identifier("default" if name == "order_number" else "C")
                )
                for name in names
            ),
        )
    )


def _stage(connection: psycopg.Connection, kind: Kind, path: Path, header: _Header, tell: Progress) -> int:
    """Stream a file into its temporary table and tidy it there: trimmed, null where empty. Result: its rows."""
    table = sql.Identifier(kind.table)
    copy = sql.SQL("copy pg_temp.{} ({}) from stdin (format csv, header true, encoding 'utf8')").format(
        table, sql.SQL(", ").join(map(sql.Identifier, header.columns))
    )
    total, done = path.stat().st_size, 0
    cursor = connection.cursor()
    try:
        with cursor.copy(copy) as stream:
            for chunk in _chunks(path):
                stream.write(chunk)
                done += len(chunk)
                tell(f"reading {path.name}", done, total)
    except psycopg.errors.DataError as error:
        raise _shape_error(path, header, error) from None
    rows = cursor.rowcount
    columns = [sql.Identifier(column) for column in kind.columns if column in header.columns]
    tidy = [sql.SQL("{0} = nullif(btrim({0}, E' \\t\\r\\n'), '')").format(column) for column in columns]
    untidy = [sql.SQL("{0} = '' or {0} <> btrim({0}, E' \\t\\r\\n')").format(column) for column in columns]
    connection.execute(
        sql.SQL("update pg_temp.{} set {} where {}").format(
            table, sql.SQL(", ").join(tidy), sql.SQL(" or ").join(untidy)
        )
    )
    connection.execute(sql.SQL("analyze pg_temp.{}").format(table))
    return rows


def _chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes as COPY takes them: no byte order mark, no blank lines at the end, all lines ended alike."""
    with path.open("rb") as file:
        held = b""
        first = True
        while chunk := file.read(_CHUNK):
            if first:
                chunk = chunk.removeprefix(b"\xef\xbb\xbf")
                first = False
            chunk = held + chunk
            kept = chunk.rstrip(b"\r\n")
            held = chunk[len(kept) :]
            if kept:
                # Programs append rows with another line end than the header's; COPY would refuse the file.
                yield kept.replace(b"\r\n", b"\n")
        yield held.replace(b"\r\n", b"\n")[:1]


def _shape_error(path: Path, header: _Header, error: psycopg.Error) -> InputError:
    """Why COPY stopped, told for all rows where Python's CSV reader sees the same, else for the one COPY names."""
    rows, total = [], 0
    try:
        for line, fields in _records(path):
            if len(fields) == len(header.columns):
                continue
            total += 1
            if len(rows) < SHOWN:
                what = f"has {len(fields)} values" if fields else "is blank"
                rows.append(BadRow(path, line, f"{what}, the header has {len(header.columns)} columns"))
    except (UnicodeDecodeError, csv.Error):
        pass
    if not rows:
        found = re.search(r", line (\d+)", error.diag.context or "")
        line = int(found.group(1)) if found else 1
        rows, total = [BadRow(path, line, error.diag.message_primary or str(error))], 1
    return BadRowsError(rows, total)


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The records after the header, each with the line it begins on. Raises UnicodeDecodeError, csv.Error."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        blank: list[tuple[int, list[str]]] = []
        next(reader, None)
        line = reader.line_num + 1
        for fields in reader:
            if fields:
                yield from blank
                blank.clear()
                yield line, fields
            else:
                blank.append((line, fields))  # told only where something follows
            line = reader.line_num + 1


def _refuse_problems(connection: psycopg.Connection, paths: Mapping[str, Path], headers: Mapping[str, _Header]) -> None:
    """Raise BadRowsError when a check found something."""
    total = connection.execute("select count(distinct (kind, record)) from import_problems").fetchone()[0]
    if not total:
        return
    problems = connection.execute(
        """
        select p.kind, p.record, string_agg(p.reason, '; ' order by p.reason)
        from import_problems as p
        group by p.kind, p.record
        order by array_position(%s, p.kind), p.record
        limit %s
        """,
        [list(KINDS), SHOWN],
    ).fetchall()
    rows = []
    for name, path in paths.items():
        wanted = {record: reason for kind, record, reason in problems if kind == name}
        lines = _lines_of(path, set(wanted))
        rows += [BadRow(path, lines.get(record, record + 1), reason) for record, reason in wanted.items()]
    raise BadRowsError(rows, total)


def _lines_of(path: Path, records: set[int]) -> dict[int, int]:
    """On which lines records begin: another number than the record's own where values hold line breaks."""
    lines: dict[int, int] = {}
    if not records:
        return lines
    try:
        for number, (line, _) in enumerate(_records(path), start=1):
            if number in records:
                lines[number] = line
            if number >= max(records):
                break
    except (UnicodeDecodeError, csv.Error):
        pass
    return lines
