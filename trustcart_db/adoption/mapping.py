"""The mapping file: which table of the ERP becomes which of ours. Reads it and checks its form; knows no database."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping as Table
from dataclasses import dataclass
from pathlib import Path

from trustcart_db.bundle import default_root
from trustcart_db.errors import InputError, UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: As many tables of items as an item's id has room for.
MOST_ITEM_TABLES = 8


class MappingError(InputError):
    """The mapping cannot be used; the message names the file, the section and the column."""


@dataclass(frozen=True)
class Entity:
    """What is known of an entity by its name: target (our table), columns (that may be mapped), required (that must
    be), refs ({column: entity}), stays (whether a row of a deleted source row stays, inactive)."""

    target: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    refs: Table[str, str]
    stays: bool = False


#: In the order in which they depend on each other.
ENTITIES = {
    "users": Entity(
        "trustcart.users",
        ("name", "email", "role", "team_leader_id", "is_active", "created_at"),
        ("name",),
        {"team_leader_id": "users"},
        stays=True,
    ),
    "categories": Entity("trustcart.categories", ("name", "parent_id"), ("name",), {"parent_id": "categories"}),
    "products": Entity(
        "trustcart.products",
        ("name", "sku", "category_id", "price", "stock_quantity", "is_active", "created_at"),
        ("name",),
        {"category_id": "categories"},
        stays=True,
    ),
    "customers": Entity(
        "trustcart.customers",
        (
            *("first_name", "last_name", "email", "phone", "mobile", "gender", "date_of_birth", "anniversary_date"),
            *("address", "city", "district", "notes", "is_active", "assigned_agent_id", "created_at"),
        ),
        (),
        {"assigned_agent_id": "users"},
        stays=True,
    ),
    "orders": Entity(
        "trustcart.sales_orders",
        (
            *("order_number", "customer_id", "order_date", "ordered_at", "total_amount", "status", "payment_method"),
            *("notes", "coupon_code", "created_at"),
        ),
        ("customer_id", "order_date", "total_amount", "status"),
        {"customer_id": "customers"},
    ),
    "items": Entity(
        "trustcart.sales_order_items",
        ("order_id", "product_id", "product_name", "quantity", "unit_price", "line_total"),
        ("order_id",),
        {"order_id": "orders", "product_id": "products"},
    ),
}
_NEEDS = {"orders": "customers", "items": "orders"}


@dataclass(frozen=True)
class ValueMap:
    """values ({the source's, as text: ours}); default (ours for any other value) or None."""

    values: Table[str, str]
    default: str | None


@dataclass(frozen=True)
class Follow:
    """A joined table: table, keys (a query with :ids that gives keys of the entity), key (the column :ids are of)."""

    table: str
    keys: str
    key: str


@dataclass(frozen=True)
class Section:
    """One source table as the file has it: where (the section's name, for errors), entity, slot, table, alias, key,
    join, condition, guest_phone ("" when not given), columns ({ours: expression}), maps, follows."""

    where: str
    entity: str
    slot: int
    table: str
    alias: str
    key: str
    join: str
    condition: str
    guest_phone: str
    columns: Table[str, str]
    maps: Table[str, ValueMap]
    follows: tuple[Follow, ...]


@dataclass(frozen=True)
class Mapping:
    """A mapping file: name, text, time_zone, sections (in the order in which they depend on each other)."""

    name: str
    text: str
    time_zone: str
    sections: tuple[Section, ...]

    def error(self, where: str, problem: str, hint: str | None = None) -> MappingError:
        """An error about a place in it. Arguments: section and column, what is wrong, what to do."""
        return MappingError(f"{self.name}, {where}: {problem}", hint)


def find_mapping(name: str) -> Path:
    """The file of a mapping. Argument: a path, or the bare name of one that the package ships. Raises UsageError."""
    path = Path(name)
    if path.is_file():
        return path
    shipped = default_root() / "mappings"
    if re.fullmatch(r"[\w-]+", name) and (shipped / f"{name}.toml").is_file():
        return shipped / f"{name}.toml"
    known = ", ".join(sorted(one.stem for one in shipped.glob("*.toml")))
    raise UsageError(f"There is no mapping {name}.", f"Give the path of a TOML file, or one that is shipped: {known}.")


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file. Argument: its path. Result: a Mapping. Raises UsageError, MappingError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    return parse_mapping(path.stem, text)


def parse_mapping(name: str, text: str) -> Mapping:
    """Parse a mapping. Arguments: its name (for errors), its text. Result: a Mapping. Raises MappingError."""
    name = f"{name}.toml"
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{name} is no TOML: {error}") from None
    return _Reader(name, text).read(values)


class _Reader:
    def __init__(self, name: str, text: str) -> None:
        self.blank = Mapping(name, text, "", ())

    def read(self, values: dict[str, object]) -> Mapping:
        zone = values.pop("time_zone", None)
        if not isinstance(zone, str):
            raise self.blank.error("time_zone", "is missing.", 'Write the ERP\'s, such as time_zone = "Asia/Dhaka".')
        unknown = sorted(set(values) - set(ENTITIES))
        if unknown:
            raise self.blank.error(f"[{unknown[0]}]", "is no entity.", f"Known are {', '.join(ENTITIES)}.")
        sections = []
        for entity in ENTITIES:
            found = values.get(entity)
            if found is None:
                continue
            several = entity == "items"
            if not isinstance(found, list if several else dict):
                raise self.blank.error(entity, f"is written [[{entity}]]." if several else f"is written [{entity}].")
            tables = found if several else [found]
            if len(tables) > MOST_ITEM_TABLES:
                raise self.blank.error("[[items]]", f"at most {MOST_ITEM_TABLES} tables of items can be adopted.")
            sections += [self._section(entity, slot, table) for slot, table in enumerate(tables)]
        if not sections:
            raise MappingError(f"{self.blank.name} maps nothing.", f"Write a section for one of {', '.join(ENTITIES)}.")
        entities = {one.entity for one in sections}
        for entity, needed in _NEEDS.items():
            if entity in entities and needed not in entities:
                raise self.blank.error(f"[{needed}]", f"is missing: {entity} refer to {needed}.")
        return Mapping(self.blank.name, self.blank.text, zone, tuple(sections))

    def _section(self, entity: str, slot: int, values: dict[str, object]) -> Section:
        where = f"[[items]] number {slot + 1}" if entity == "items" else f"[{entity}]"
        known = {"table", "alias", "key", "join", "where", "columns", "maps", "follow", "guest_phone"}
        self._refuse_unknown(where, values, known - ({"guest_phone"} if entity != "orders" else set()))
        columns = self._texts(where, "columns", values.get("columns"))
        kind = ENTITIES[entity]
        for column in columns:
            if column not in kind.columns:
                raise self.blank.error(
                    f"{where} {column}",
                    f"{kind.target} has no such column, or it is derived.",
                    f"What can be mapped is {', '.join(kind.columns)}.",
                )
        lacking = [column for column in kind.required if column not in columns]
        if lacking:
            raise self.blank.error(f"{where} {lacking[0]}", "is required.", "Map it in the section's columns.")
        if not columns:
            raise self.blank.error(where, "maps no column.")
        alias = self._text(where, values, "alias")
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", alias):
            raise self.blank.error(f"{where} alias", f"{alias} is no plain name.")
        return Section(
            where,
            entity,
            slot,
            self._text(where, values, "table"),
            alias,
            self._text(where, values, "key"),
            self._text(where, values, "join", ""),
            self._text(where, values, "where", ""),
            self._text(where, values, "guest_phone", ""),
            columns,
            self._maps(where, columns, values.get("maps", {})),
            tuple(self._follow(where, one) for one in self._list(where, values.get("follow", []))),
        )

    def _maps(self, where: str, columns: Table[str, str], values: object) -> dict[str, ValueMap]:
        if not isinstance(values, dict):
            raise self.blank.error(f"{where} maps", "is a table for each column.")
        maps = {}
        for column, pairs in values.items():
            if column not in columns:
                raise self.blank.error(f"{where} maps.{column}", "is the map of a column that is not mapped.")
            texts = self._texts(where, f"maps.{column}", pairs)
            default = texts.pop("default", None)
            maps[column] = ValueMap(texts, default)
        return maps

    def _follow(self, where: str, values: object) -> Follow:
        where = f"{where} follow"
        if not isinstance(values, dict):
            raise self.blank.error(where, "is written [[….follow]].")
        self._refuse_unknown(where, values, {"table", "keys", "key"})
        follow = Follow(
            self._text(where, values, "table"),
            self._text(where, values, "keys"),
            self._text(where, values, "key", "id"),
        )
        if ":ids" not in follow.keys:
            raise self.blank.error(f"{where} keys", "has no :ids.", "Write … where x = any(:ids).")
        return follow

    def _list(self, where: str, value: object) -> list[object]:
        if not isinstance(value, list):
            raise self.blank.error(f"{where} follow", "is written [[….follow]].")
        return value

    def _text(self, where: str, values: dict[str, object], name: str, default: str | None = None) -> str:
        value = values.get(name, default)
        if value is None or (default is None and value == ""):
            raise self.blank.error(where, f"{name} is missing.")
        if not isinstance(value, str):
            raise self.blank.error(f"{where} {name}", "is a text.")
        return value.strip()

    def _texts(self, where: str, name: str, values: object) -> dict[str, str]:
        if not isinstance(values, dict):
            raise self.blank.error(where, f"{name} is missing." if values is None else f"{name} is a table of texts.")
        for key, value in values.items():
            if not isinstance(value, str):
                raise self.blank.error(f"{where} {name}.{key}", "is a text.")
        return dict(values)

    def _refuse_unknown(self, where: str, values: dict[str, object], known: set[str]) -> None:
        unknown = sorted(set(values) - known)
        if unknown:
            raise self.blank.error(where, f"{unknown[0]} is unknown.", f"Known are {', '.join(sorted(known))}.")
