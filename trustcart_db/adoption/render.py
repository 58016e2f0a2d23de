"""The SQL of an adoption, rendered from what `host` resolved: functions, triggers, the direction of our ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import jinja2

from trustcart_db.adoption.host import Source

#: Names of everything that is generated: functions, triggers of our tables, triggers of the host's.
FUNCTION_PREFIX, GUARD_PREFIX, TRIGGER_PREFIX = "adopt_", "adopt_guard_", "trustcart_adopt_"
_EVENTS = {
    "insert": "referencing new table as new_rows ",
    "update": "referencing old table as old_rows new table as new_rows ",
    "delete": "referencing old table as old_rows ",
    "truncate": "",
}


@dataclass(frozen=True)
class Piece:
    """A generated object: name, table (of a trigger, as SQL) or None, text (its SQL), source (name of its source)."""

    name: str
    table: str | None
    text: str
    source: str | None = None


@dataclass(frozen=True)
class Rendered:
    """What an adoption consists of: functions, guards (triggers of our tables), triggers (of the host's), sequences
    ({our table: the statement that makes its ids count down})."""

    functions: tuple[Piece, ...]
    guards: tuple[Piece, ...]
    triggers: tuple[Piece, ...]
    sequences: dict[str, str]

    @property
    def sha256(self) -> str:
        """Hash of all of it."""
        pieces = (*self.functions, *self.guards, *self.triggers)
        return hashlib.sha256("\n".join(one.text for one in pieces).encode()).hexdigest()

    def definition_of(self, source: Source) -> str:
        """Hash of what writes this source's rows: another one, and they must be read again."""
        name = f"{FUNCTION_PREFIX}write_{source.name}"
        text = next(one.text for one in self.functions if one.name == name)
        return hashlib.sha256(text.encode()).hexdigest()

    def script(self) -> str:
        """All of it as one reviewable script."""
        parts = [
            "-- Functions that read the ERP's tables and write ours. They are no one's to call.",
            *(one.text for one in self.functions),
            "-- Ids of our own rows in these tables are below zero from here on.",
            *self.sequences.values(),
            "-- Triggers of our tables: the mapped columns of adopted rows have one writer.",
            *(one.text for one in self.guards),
            "-- Triggers of the ERP's tables, each in a transaction of its own: all that is altered there.",
            *(one.text for one in self.triggers),
        ]
        return "\n\n".join(parts) + "\n"


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("trustcart_db.adoption"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=False,
        autoescape=False,
    )


def render(sources: list[Source]) -> Rendered:
    """Render an adoption. Argument: the resolved sources. Result: a Rendered. Raises jinja2.TemplateError."""
    items = [one for one in sources if one.entity == "items"]
    orders = next((one for one in sources if one.entity == "orders"), None)
    functions: list[Piece] = []

    def add(template: str, name: str, **values: object) -> None:
        text = _templates().get_template(f"{template}.sql.j2").render(**values).strip()
        functions.append(Piece(FUNCTION_PREFIX + name, None, text))

    for one in sources:
        if one.entity == "customers" and orders and orders.guest_phone:
            for name in ("owner_of", "make_guests", "guest_owner", "claim_guest_orders"):
                add(name, name, s=one)
        add("write", f"write_{one.name}", s=one)
        add("keys", f"keys_{one.name}", s=one)
        if one.entity == "orders":
            add("queue", f"queue_{one.name}", s=one)
        add("lock", f"lock_{one.name}", s=one)
        add("differences", f"differences_{one.name}", s=one)
        add("trigger", f"on_{one.name}", s=one, items=items)
        for followed in one.follows:
            add("follow", f"follow_{one.name}_{followed.number}", s=one, f=followed)
    if items:
        add("items", "items_of_orders", items=items)
    add("guard", "guard")
    return Rendered(
        tuple(functions),
        tuple(guard for one in sources for guard in _guards(one)),
        tuple(trigger for one in sources for trigger in _host_triggers(one)),
        {one.target: _count_down(one.target) for one in sources},
    )


def _host_triggers(source: Source) -> Iterator[Piece]:
    wanted = [(source.name, source.table, f"on_{source.name}")]
    wanted += [
        (f"{source.name}_follow_{one.number}", one.table, f"follow_{source.name}_{one.number}")
        for one in source.follows
    ]
    for name, table, function in wanted:
        for event, referencing in _EVENTS.items():
            trigger = f"{TRIGGER_PREFIX}{name}_{event}"
            yield Piece(
                trigger,
                table,
                f"create or replace trigger {trigger}\nafter {event} on {table}\n{referencing}for each statement\n"
                f"execute function trustcart_private.{FUNCTION_PREFIX}{function}();",
                source.name,
            )


def _guards(source: Source) -> Iterator[Piece]:
    columns = [one.name for one in source.columns]
    if source.entity == "customers":
        # Two of the source's customers are merged there.
        columns.append("merged_into_id")
    other = "current_setting('trustcart.source_writes', true) is distinct from 'on'"

    def is_of(row: str) -> str:
        condition = f"{row}.id > 0"
        if source.factor > 1:
            condition += f" and {row}.id % {source.factor} = {source.slot}"
        if source.own_ids:
            condition += f" and {row}.id <> all('{{{','.join(map(str, source.own_ids))}}}'::bigint[])"
        return condition

    old, new = (", ".join(f"{row}.{one}" for one in ("id", *columns)) for row in ("old", "new"))
    arguments = ", ".join(f"'{one}'" for one in (source.told_table, "id", *columns))
    guards = {
        "insert": ("after insert", f"for each row\nwhen ({is_of('new')} and {other})"),
        "update": (
            f"after update of id, {', '.join(columns)}",
            f"for each row\nwhen (({is_of('old')} or {is_of('new')}) and ({old}) is distinct from ({new}) and {other})",
        ),
        "delete": ("before delete", f"for each row\nwhen ({is_of('old')} and {other})"),
        "truncate": ("before truncate", f"for each statement\nwhen ({other})"),
    }
    for event, (when, condition) in guards.items():
        name = f"{GUARD_PREFIX}{source.name}_{event}"
        yield Piece(
            name,
            source.target,
            f"create or replace trigger {name}\n{when} on {source.target}\n{condition}\n"
            f"execute function trustcart_private.{FUNCTION_PREFIX}guard({arguments});\n"
            f"comment on trigger {name} on {source.target} is\n"
            f"'Generated by adopt: what belongs to {source.told_table} has no other writer.';",
            source.name,
        )


def _count_down(table: str) -> str:
    return (
        "do $adopt$\n"
        "begin\n"
        f"    -- Once: {table} may have rows of ours already.\n"
        "    if (\n"
        "        select s.seqincrement\n"
        "        from pg_catalog.pg_sequence as s\n"
        f"        where s.seqrelid = pg_catalog.pg_get_serial_sequence('{table}', 'id')::regclass\n"
        "    ) > 0 then\n"
        "        execute pg_catalog.format(\n"
        "            'alter sequence %s increment by -1 minvalue -9223372036854775808 maxvalue -1 '\n"
        "            'start with -1 restart with %s',\n"
        f"            pg_catalog.pg_get_serial_sequence('{table}', 'id'),\n"
        f"            least((select min(t.id) from {table} as t), 0) - 1\n"
        "        );\n"
        "    end if;\n"
        "end;\n"
        "$adopt$;"
    )


def count_up(table: str) -> str:
    """The statement that lets a table's ids count up again, from its highest. Argument: one of our tables."""
    return (
        "do $adopt$\n"
        "begin\n"
        "    execute pg_catalog.format(\n"
        "        'alter sequence %s increment by 1 minvalue 1 maxvalue 9223372036854775807 '\n"
        "        'start with 1 restart with %s',\n"
        f"        pg_catalog.pg_get_serial_sequence('{table}', 'id'),\n"
        f"        greatest((select max(t.id) from {table} as t), 0) + 1\n"
        "    );\n"
        "end;\n"
        "$adopt$;"
    )
