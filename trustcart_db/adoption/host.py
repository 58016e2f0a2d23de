"""The host's tables as the mapping reads them: resolves each expression, finds its type, the columns it uses, and what
of its values ours can hold. Changes nothing: what it makes, it makes in a transaction that is rolled back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import errors as pg
from psycopg import sql

from trustcart_db.adoption.mapping import ENTITIES, Follow, Mapping, Section
from trustcart_db.errors import RefusedError, RightsError
from trustcart_db.state import SCHEMAS

_INTEGERS = ("smallint", "integer", "bigint")
_UNRESOLVED = (pg.UndefinedTable, pg.UndefinedFunction, pg.UndefinedObject, pg.InvalidSchemaName)
_GUEST_COLUMNS = {"phone", "mobile"}


@dataclass(frozen=True)
class Fault:
    """Why a value cannot come over: condition (SQL over the row m), sqlstate, message (SQL over the judged row j),
    awaits (entity that the value refers to, or None)."""

    condition: str
    sqlstate: str
    message: str
    awaits: str | None = None


@dataclass(frozen=True)
class Ref:
    """What a column refers to: entity, source name (`entity` of the generated functions), fault (number of its fault
    in the column's list), pulled (whether it can be brought first)."""

    entity: str
    fault: int
    pulled: bool

    @property
    def target(self) -> str:
        """Our table of that entity."""
        return ENTITIES[self.entity].target


@dataclass(frozen=True)
class Column:
    """A mapped column: name, required (a fault keeps the row away), read (SQL over the source), map and default or
    None, faults, fit (SQL over the checked row c), fit_read (the same where nothing may be written) or None,
    ref, straight (SQL over a row m without faults: an insert that need not look further)."""

    name: str
    required: bool
    read: str
    map: dict[str, str] | None
    default: str | None
    faults: tuple[Fault, ...]
    fit: str
    fit_read: str | None
    ref: Ref | None
    straight: str


@dataclass(frozen=True)
class Followed:
    """A table that the entity follows: number, table (quoted), key, keys (query), used (its columns that are read)."""

    number: int
    table: str
    key: str
    keys: str
    used: tuple[str, ...]

    @property
    def told_table(self) -> str:
        """The table's name within a SQL text."""
        return self.table.replace("'", "''")


@dataclass
class Source:
    """One table of the source, resolved: what the templates need. used: columns of the table that the mapping reads, as
    SQL after an alias; own_ids: users that were here before; lock: number of its advisory lock."""

    entity: str
    slot: int
    factor: int
    target: str
    table: str
    alias: str
    key: str
    key_column: str
    join: str
    where: str
    guest_phone: str
    columns: tuple[Column, ...] = ()
    follows: tuple[Followed, ...] = ()
    used: tuple[str, ...] = ()
    own_ids: tuple[int, ...] = ()
    is_awaited: bool = False
    numbers: bool = False
    is_passed_over: str = ""
    expressions: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Ending of the names of its functions."""
        return f"items_{self.slot}" if self.entity == "items" else self.entity

    @property
    def told_table(self) -> str:
        """The table's name within a SQL text."""
        return self.table.replace("'", "''")

    @property
    def stays(self) -> bool:
        """Whether a deleted row stays with us, inactive."""
        return ENTITIES[self.entity].stays

    @property
    def lock(self) -> int:
        """Second number of its advisory lock: see adoption_lock_class()."""
        return 4000 + (list(ENTITIES).index(self.entity) + 1) * 10 + self.slot

    @property
    def customer_expression(self) -> str:
        """Of orders: the customer as the source names it."""
        return self.expressions["customer_id"]

    @property
    def order_expression(self) -> str:
        """Of items: the order as the source names it."""
        return self.expressions["order_id"]

    @property
    def condition(self) -> str:
        """SQL over the checked row c: whether the row can come over."""
        faults = [f"c.fault_{one.name} is null" for one in self.columns if one.required and one.faults]
        return " and ".join(faults) or "true"

    @property
    def straight_conditions(self) -> list[str]:
        """SQL over the mapped row m: what an insert needs that looks no further. Foreign keys see to references."""
        faults = [
            f"({fault.condition}) is not true"
            for column in self.columns
            for fault in column.faults
            if not fault.awaits and "is_guest" not in fault.condition
        ]
        return [*faults, *(["not m.is_guest"] if self.guest_phone else [])]

    @property
    def fault_rows(self) -> str:
        """The rows of a VALUES list over the judged row j: column, whether it is at fault, and how."""
        rows = []
        for column in self.columns:
            for number, fault in enumerate(column.faults, 1):
                message = f"'{column.name} ' || {fault.message}" if column.required else fault.message
                awaits = (
                    (f"'{fault.awaits}'", f"j.ref_{column.name}") if fault.awaits else ("null::text", "null::bigint")
                )
                rows.append(
                    f"('{'' if column.required else column.name}', j.fault_{column.name} = {number}, "
                    f"'{fault.sqlstate}', {message}, {awaits[0]}, {awaits[1]})"
                )
        return (",\n" + " " * 16).join(rows)

    @property
    def from_clause(self) -> str:
        """The tables of its query."""
        return f"{self.table} as {self.alias} {self.join}".strip()


def resolve(connection: psycopg.Connection, mapping: Mapping, own_users: tuple[int, ...] = ()) -> list[Source]:
    """Hold a mapping against the database.

    Arguments: an autocommit connection with the search path pg_catalog; the mapping; ids of our users that are no one
    else's. Result: a Source for each section, in order. Raises MappingError, RightsError.
    """
    with connection.transaction(force_rollback=True):
        resolver = _Resolver(connection, mapping)
        resolver.check_time_zone()
        resolver.check_rights()
        return resolver.sources(own_users)


class _Resolver:
    def __init__(self, connection: psycopg.Connection, mapping: Mapping) -> None:
        self.connection = connection
        self.mapping = mapping
        self.entities = {one.entity for one in mapping.sections}
        self.item_tables = sum(one.entity == "items" for one in mapping.sections)

    def check_time_zone(self) -> None:
        """Raises MappingError for one that the server does not know."""
        zone = self.mapping.time_zone
        known = self.connection.execute("select trustcart_private.is_time_zone(%s)", [zone])
        if not known.fetchone()[0]:
            raise self.mapping.error(
                "time_zone", f"{zone} is no time zone.", 'Write the ERP\'s, such as time_zone = "Asia/Dhaka".'
            )

    # --- tables and rights

    def table(self, where: str, name: str) -> tuple[int, str]:
        """A table of the host. Result: its oid, its name as the catalogue quotes it."""
        try:
            row = self.connection.execute(
                "select c.oid, c.oid::regclass::text, c.relkind, c.relispartition, n.nspname"
                " from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.oid = to_regclass(%s)",
                [name],
            ).fetchone()
        except psycopg.Error:
            row = None
        if row is None:
            raise self.mapping.error(f"{where} table", f"there is no table {name}.", "Name it as schema.table.")
        oid, quoted, kind, is_partition, schema = row
        if schema in SCHEMAS or schema == "pg_catalog":
            raise self.mapping.error(f"{where} table", f"{name} is no table of the ERP's.")
        if kind not in ("r", "p") or is_partition:
            raise self.mapping.error(
                f"{where} table",
                f"{name} is no table of its own: triggers cannot tell what changes there.",
                "Name the base table, and join what else is needed.",
            )
        return oid, quoted

    def check_rights(self) -> None:
        """Name every right that is lacking. Raises RightsError."""
        lacks = []
        with self.connection.transaction(force_rollback=True):
            role = self.connection.execute("select quote_ident(current_user)").fetchone()[0]
            for section in self.mapping.sections:
                for where, name in (
                    (section.where, section.table),
                    *((section.where, f.table) for f in section.follows),
                ):
                    schema = name.rpartition(".")[0]
                    usage = self.connection.execute(
                        "select quote_ident(nspname), has_schema_privilege(oid, 'usage') from pg_namespace"
                        " where nspname = %s or quote_ident(nspname) = %s",
                        [schema, schema],
                    ).fetchone()
                    if usage and not usage[1]:
                        lacks.append(f"grant usage on schema {usage[0]} to {role};")
                        continue
                    oid, quoted = self.table(where, name)
                    rights = self.connection.execute(
                        "select has_table_privilege(c.oid, 'select'), has_table_privilege(c.oid, 'trigger')"
                        " from pg_class as c where c.oid = %s",
                        [oid],
                    ).fetchone()
                    missing = [right for right, has in zip(("select", "trigger"), rights, strict=True) if not has]
                    if missing:
                        lacks.append(f"grant {', '.join(missing)} on {quoted} to {role};")
        if lacks:
            raise RightsError(
                f"The role {role}, which owns our tables, lacks rights to the ERP's tables.",
                "Their owner can run:\n" + "\n".join(f"  {one}" for one in dict.fromkeys(lacks)),
            )

    # --- sections

    def sources(self, own_users: tuple[int, ...]) -> list[Source]:
        """Each section resolved."""
        found = [self._source(section, own_users) for section in self.mapping.sections]
        orders = next((one for one in found if one.entity == "orders"), None)
        for one in found:
            if one.entity == "items" and orders and (orders.where or orders.join):
                self._pass_over(one, orders)
            if one.entity == "customers":
                one.is_passed_over = (
                    "exists (select from trustcart.customers as e where e.id = c.key and e.erased_at is not null)"
                )
            if one.entity == "customers" and orders and orders.guest_phone:
                one.numbers = bool(_GUEST_COLUMNS & set(one.expressions))
        return found

    def _source(self, section: Section, own_users: tuple[int, ...]) -> Source:
        oid, quoted = self.table(section.where, section.table)
        one = Source(
            entity=section.entity,
            slot=section.slot,
            # The place of each of several item tables is in its items' ids.
            factor=8 if section.entity == "items" and self.item_tables > 1 else 1,
            target=ENTITIES[section.entity].target,
            table=quoted,
            alias=section.alias,
            key=section.key,
            key_column=self._key_column(section, oid),
            join=section.join,
            where=section.condition,
            guest_phone=section.guest_phone,
            own_ids=own_users if section.entity == "users" else (),
            is_awaited=section.entity != "items",
            expressions=dict(section.columns),
        )
        with self._told(section.where, "join"):
            self.connection.execute(f"select from {one.from_clause} limit 0")
        if section.condition:
            with self._told(section.where, "where"):
                self.connection.execute(f"select from {one.from_clause} where ({section.condition}) limit 0")
        if section.guest_phone:
            with self._told(section.where, "guest_phone"):
                self.connection.execute(f"select ({section.guest_phone})::text from {one.from_clause} limit 0")
        one.columns = tuple(self._column(section, one, name) for name in self._ordered(section))
        used = self._used(section, one)
        one.used = self._comparable(oid, used.get(oid, set()) - {one.key_column})
        one.follows = tuple(self._followed(section, one, n, follow, used) for n, follow in enumerate(section.follows))
        return one

    def _ordered(self, section: Section) -> list[str]:
        return [name for name in ENTITIES[section.entity].columns if name in section.columns]

    def _key_column(self, section: Section, oid: int) -> str:
        where = f"{section.where} key"
        found = re.fullmatch(rf'{re.escape(section.alias)}\.([a-z_][a-z0-9_$]*|"[^"]+")', section.key)
        if not found:
            raise self.mapping.error(
                where,
                f"{section.key} is no column of the table.",
                f"Write {section.alias}.id, or what the key is called.",
            )
        name = found[1].strip('"')
        row = self.connection.execute(
            "select format_type(a.atttypid, null), exists (select from pg_index as i where i.indrelid = a.attrelid"
            " and i.indisunique and i.indpred is null and i.indnkeyatts = 1 and i.indkey[0] = a.attnum)"
            " from pg_attribute as a where a.attrelid = %s and a.attname = %s and not a.attisdropped",
            [oid, name],
        ).fetchone()
        if row is None:
            raise self.mapping.error(where, f"{section.table} has no column {name}.")
        if row[0] not in _INTEGERS:
            raise self.mapping.error(
                where, f"{section.key} is of type {row[0]}; a row keeps its id, so it is an integer."
            )
        if not row[1]:
            raise self.mapping.error(where, f"{section.key} is not unique: no unique index is on it alone.")
        return found[1]

    @contextmanager
    def _told(self, where: str, what: str) -> Iterator[None]:
        """Errors of a statement that tries a piece of the mapping, as errors of that piece."""
        try:
            with self.connection.transaction():
                yield
        except psycopg.Error as error:
            hint = None
            if isinstance(error, _UNRESOLVED):
                hint = "Name tables, types and functions with their schema; only pg_catalog is found without."
            elif isinstance(error, pg.InsufficientPrivilege):
                hint = "The role that owns our tables must be allowed to read it: grant select on it."
            elif isinstance(error, pg.UndefinedColumn):
                hint = "Look at the table's columns (psql: \\d), and at the section's alias and join."
            raise self.mapping.error(f"{where} {what}", f"{error.diag.message_primary}.", hint) from error

    # --- columns

    def _column(self, section: Section, one: Source, name: str) -> Column:
        where, expression = section.where, section.columns[name]
        full, base, is_required, checks = self._target(one.target, name)
        kind = ENTITIES[one.entity]
        is_required = is_required or name in kind.required
        mapped = section.maps.get(name)
        with self._told(where, name):
            cursor = self.connection.execute(f"select ({expression}) as value from {one.from_clause} limit 0")
        oid = cursor.description[0].type_code
        source_type = self.connection.execute("select format_type(%s, null)", [oid]).fetchone()[0]
        read = f"({expression})::text" if mapped else self._read(expression, source_type, base)
        with self._told(where, name):
            # The type that it is to have.
            self.connection.execute(f"select {read} from {one.from_clause} limit 0")
        faults: list[Fault] = []
        if one.own_ids and name == kind.required[0]:
            ids = ",".join(map(str, one.own_ids))
            faults.append(
                Fault(f"m.key = any('{{{ids}}}'::bigint[])", "23505", "'has the id of a user who is not the source''s'")
            )
        if mapped:
            self._check_targets(section, name, mapped.values, mapped.default, checks, base)
            faults.append(
                Fault(
                    f"m.raw_{name} is not null and m.{name} is null",
                    "22023",
                    f"format('%L is not in the map', left(j.raw_{name}, 60))",
                )
            )
        elif name == "status":
            faults.append(
                Fault(
                    "m.status is not null and not exists"
                    " (select from trustcart.order_statuses as r where r.status = m.status)",
                    "23503",
                    "'is none of trustcart.order_statuses'",
                )
            )
        is_guest = name == "customer_id" and bool(one.guest_phone)
        if is_required:
            if is_guest:
                faults.append(
                    Fault("m.is_guest and m.guest_e164 is null", "TC005", "'is null, and no number can be read'")
                )
            else:
                faults.append(Fault(f"m.{name} is null", "23502", "'is null'"))
        faults += [Fault(f"({check}) is false", "23514", f"'breaks {constraint}'") for constraint, check in checks]
        ref = None
        if name in kind.refs:
            entity = kind.refs[name]
            target = ENTITIES[entity].target
            condition = f"m.{name} is not null and not exists (select from {target} as r where r.id = m.{name})"
            if entity == one.entity:
                condition += f" and m.{name} not in (select s.key from source as s)"
            faults.append(
                Fault(
                    condition, "23503", f"format('refers to %s of {entity}, which is not here', j.ref_{name})", entity
                )
            )
            ref = Ref(entity, len(faults), entity in self.entities and entity != one.entity)
        value = f"c.{name}::{full}"
        fit = f"case when c.fault_{name} is null then {value} end" if faults else value
        fit_read, straight = None, f"m.{name}::{full}"
        if is_guest:
            fit, fit_read = self._owner(one)
        elif one.entity == "orders" and self._is_personal(name):
            erased = (
                "exists (select from trustcart.customers as e where e.erased_at is not null and e.id = coalesce("
                "c.customer_id, (select o.customer_id from trustcart.sales_orders as o where o.id = c.key)))"
            )
            # Words about who was erased with us do not come back.
            fit = f"case when c.{name} is not null and not {erased} then {fit} end"
            straight = (
                f"case when m.{name} is not null and not exists (select from trustcart.customers as e"
                f" where e.erased_at is not null and e.id = m.customer_id) then {straight} end"
            )
        return Column(
            name, is_required, read, dict(mapped.values) if mapped else None, mapped.default if mapped else None,
            tuple(faults), fit, fit_read, ref, straight,
        )  # fmt: skip

    def _owner(self, one: Source) -> tuple[str, str]:
        """Whose an order is, where one of a guest has a number alone: as written (makes a guest), and as read."""
        required = [name for name in ("order_date", "total_amount", "status", "customer_id") if name in one.expressions]
        fit = " and ".join(f"c.fault_{name} is null" for name in required)
        held = (
            "select o.customer_id from trustcart.sales_orders as o"
            " inner join trustcart.customers as e on o.customer_id = e.id"
        )
        owner = "trustcart_private.adopt_guest_owner(c.guest_e164, c.key)"
        read = (
            f"coalesce(({held} where o.id = c.key and e.erased_at is not null),"
            " trustcart_private.adopt_owner_of(c.guest_e164),"
            f" ({held} inner join trustcart_private.adopted_guest_orders as g on o.id = g.order_id"
            " where o.id = c.key and g.phone_e164 = c.guest_e164))"
        )
        return tuple(
            f"case when {fit} then case when c.is_guest then {guest} else c.customer_id end end"
            for guest in (owner, read)
        )

    def _is_personal(self, column: str) -> bool:
        return self.connection.execute(
            "select not exists (select from trustcart_private.erasure_rules() where table_name = 'sales_orders'"
            " and column_name = %s) and (select y.typcategory = 'S' from pg_attribute as a join pg_type as y"
            " on y.oid = a.atttypid where a.attrelid = 'trustcart.sales_orders'::regclass and a.attname = %s)",
            [column, column],
        ).fetchone()[0]

    def _read(self, expression: str, source: str, target: str) -> str:
        zone = sql.Literal(self.mapping.time_zone).as_string(self.connection)
        naive, aware = "timestamp without time zone", "timestamp with time zone"
        if source == naive and target == aware:
            return f"({expression}) at time zone {zone}"
        if source == aware and target == "date":
            return f"(({expression}) at time zone {zone})::date"
        if source == "date" and target == aware:
            return f"({expression})::timestamp at time zone {zone}"
        return f"({expression})::{target}"

    def _target(self, table: str, column: str) -> tuple[str, str, bool, list[tuple[str, str]]]:
        """A column of ours: its type, the type beneath a domain and without length, whether it must not be null, its
        checks as (constraint, SQL over a row that has the column)."""
        full, base, not_null, domain = self.connection.execute(
            "select format_type(a.atttypid, a.atttypmod), format_type(coalesce(nullif(y.typbasetype, 0), y.oid), null),"
            " a.attnotnull, case when y.typtype = 'd' then y.oid else 0 end"
            " from pg_attribute as a join pg_type as y on y.oid = a.atttypid"
            " where a.attrelid = %s::regclass and a.attname = %s",
            [table, column],
        ).fetchone()
        checks = self.connection.execute(
            "select conname, pg_get_expr(conbin, 0), true from pg_constraint"
            " where contypid = %(domain)s and contypid <> 0 and contype = 'c' union all"
            " select k.conname, pg_get_expr(k.conbin, k.conrelid), false from pg_constraint as k"
            " join pg_attribute as a on a.attrelid = k.conrelid and k.conkey = array[a.attnum]"
            " where k.conrelid = %(table)s::regclass and k.contype = 'c' and a.attname = %(column)s order by 1",
            {"domain": domain, "table": table, "column": column},
        ).fetchall()
        return (
            full,
            base,
            not_null,
            [
                (name, re.sub(r"\bVALUE\b", f"m.{column}", text) if is_domain else text)
                for name, text, is_domain in checks
            ],
        )

    def _check_targets(
        self,
        section: Section,
        column: str,
        values: dict[str, str],
        default: str | None,
        checks: list[tuple[str, str]],
        base: str,
    ) -> None:
        """That each value of a map is one that the column can hold."""
        for source, ours in [*values.items(), *([("default", default)] if default is not None else [])]:
            where = f"{section.where} maps.{column}.{source}"
            if section.entity == "orders" and column == "status":
                known = self.connection.execute(
                    "select array_agg(status order by status) from trustcart.order_statuses"
                )
                if ours not in (known := known.fetchone()[0]):
                    raise self.mapping.error(
                        where,
                        f"{ours!r} is none of trustcart.order_statuses.",
                        f"Use one of {', '.join(known)}, or add it there and say whether it counts.",
                    )
            with self._told(section.where, f"maps.{column}.{source}"):
                literal = sql.Literal(ours).as_string(self.connection)
                broken = ", ".join(f"case when ({check}) is false then '{name}' end" for name, check in checks)
                row = self.connection.execute(
                    f"select array_remove(array[{broken}]::text[], null)"
                    f" from (select {literal}::{base} as {column}) as m"
                ).fetchone()
            if row[0]:
                raise self.mapping.error(where, f"{ours!r} breaks {row[0][0]}.", "Its definition is in schema.sql.")

    # --- what it uses

    def _used(self, section: Section, one: Source) -> dict[int, set[str]]:
        """The columns of each table that its query reads, from what the catalogue notes of a view."""
        pieces = [
            f"({text}) as c{n}" for n, text in enumerate([*section.columns.values(), section.guest_phone]) if text
        ]
        condition = f" where ({section.condition})" if section.condition else ""
        with self._told(section.where, "columns"):
            self.connection.execute(
                f"create temporary view adopt_probe as select {', '.join(pieces)} from {one.from_clause}{condition}"
            )
        rows = self.connection.execute(
            "select d.refobjid, a.attname from pg_depend as d"
            " join pg_rewrite as r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid"
            " join pg_attribute as a on a.attrelid = d.refobjid and a.attnum > 0 and not a.attisdropped"
            "  and (a.attnum = d.refobjsubid or d.refobjsubid = 0 and d.deptype = 'n' and not exists (select from"
            "   pg_depend as e where e.objid = d.objid and e.refobjid = d.refobjid and e.refobjsubid > 0))"
            " where r.ev_class = 'pg_temp.adopt_probe'::regclass and d.refclassid = 'pg_class'::regclass"
            "  and d.refobjid <> r.ev_class"
        ).fetchall()
        self.connection.execute("drop view pg_temp.adopt_probe")
        used: dict[int, set[str]] = {}
        for table, column in rows:
            used.setdefault(table, set()).add(column)
        return used

    def _comparable(self, table: int, columns: set[str]) -> tuple[str, ...]:
        """The columns as SQL after an alias; as text where their type knows no equality."""
        rows = self.connection.execute(
            "select quote_ident(a.attname) || case when exists (select from pg_operator as o where o.oprname = '='"
            " and o.oprleft = coalesce(nullif(y.typbasetype, 0), y.oid) and o.oprright = o.oprleft)"
            " or y.typtype = 'e' or y.typcategory = 'A' or y.typname = 'varchar' then '' else '::text' end"
            " from pg_attribute as a join pg_type as y on y.oid = a.atttypid"
            " where a.attrelid = %s and a.attname = any(%s) order by a.attnum",
            [table, sorted(columns)],
        ).fetchall()
        return tuple(text for (text,) in rows)

    def _followed(
        self, section: Section, one: Source, number: int, follow: Follow, used: dict[int, set[str]]
    ) -> Followed:
        where = f"{section.where} follow {follow.table}"
        oid, quoted = self.table(where, follow.table)
        known = self.connection.execute(
            "select format_type(atttypid, null) from pg_attribute where attrelid = %s and attname = %s",
            [oid, follow.key],
        ).fetchone()
        if known is None or known[0] not in _INTEGERS:
            raise self.mapping.error(f"{where} key", f"{follow.table} has no integer column {follow.key}.")
        with self._told(where, "keys"):
            self.connection.execute(
                "select k.key::bigint from (" + follow.keys.replace(":ids", "'{}'::bigint[]") + ") as k (key) limit 0"
            )
        read = used.get(oid, set()) - {follow.key}
        if not read:
            raise self.mapping.error(
                where, "nothing of that table is read.", "Leave the follow out, or join the table."
            )
        return Followed(
            number, quoted, follow.key, follow.keys.replace(":ids", "v_ids"), self._comparable(oid, read)
        )  # fmt: skip

    def _pass_over(self, items: Source, orders: Source) -> None:
        """An item of an order that the mapping leaves out is left out as well, without a word."""
        column = next(one for one in items.columns if one.name == "order_id")
        there = f"select from {orders.table} as {orders.alias} where {orders.key} = c.order_id"
        condition = f" and ({orders.where})" if orders.where else ""
        whole = f"select from {orders.from_clause} where {orders.key} = c.order_id{condition}"
        items.is_passed_over = (
            f"case when c.fault_order_id = {column.ref.fault} then exists ({there}) and not exists ({whole})"
            " else false end"
        )


def unindexed_items(connection: psycopg.Connection, sources: list[Source]) -> list[str]:
    """Tables of items that have no index on their order: each order that is confirmed or deleted reads them whole.

    Result: the tables' names.
    """
    found = []
    for one in (one for one in sources if one.entity == "items"):
        column = re.fullmatch(rf"{re.escape(one.alias)}\.(\w+)", one.order_expression)
        known = (
            column
            and connection.execute(
                "select exists (select from pg_index as i join pg_attribute as a on a.attrelid = i.indrelid"
                " and a.attnum = i.indkey[0] where i.indrelid = %s::regclass and a.attname = %s)",
                [one.table, column[1]],
            ).fetchone()[0]
        )
        if not known:
            found.append(one.table)
    return found


def refuse_encrypted(connection: psycopg.Connection) -> None:
    """Refuse where phone numbers are encrypted: the host's stand beside them in the clear, and do not compare."""
    state = connection.execute("select state from trustcart_private.phone_encryption").fetchone()
    if state and state[0] != "off":
        raise RefusedError(
            "Phone numbers are encrypted here, and the ERP's tables hold them in the clear.",
            "Turn encryption off first: trustcart-db encryption off.",
        )
