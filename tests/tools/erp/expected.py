"""What ours must hold, reckoned from the ERP's tables a second time: in Python, without the mapping or the engine.

`differences` reads both sides in one snapshot and names each row and column that is not as it should be. A value that
ours cannot hold must stand in the quarantine, and nothing else may.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import psycopg
from psycopg import IsolationLevel
from psycopg.rows import dict_row

from tests.tools.erp.statuses import MEANING

_DHAKA = ZoneInfo("Asia/Dhaka")
_LONG_AGO = datetime(2000, 1, 1)
_ROLES = {"sales-executive": "crm_agent", "sales-team-leader": "crm_manager", "admin": "admin"}
_GENDERS = {"m": "male", "male": "male", "f": "female", "female": "female", "other": "other"}
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_MOBILE = re.compile(r"(?:(?:\+|00)?880)?0?(1[3-9]\d{8})")
_DATE = psycopg.adapters.types["date"].oid

Row = dict[str, object]


@dataclass
class Wanted:
    """A row that ours should hold. columns: {name: value}; unfit: the columns that it cannot hold; refused: why it
    cannot hold the row at all, None when it can; tolerant: the columns of which any value is right."""

    columns: Row
    unfit: set[str] = field(default_factory=set)
    refused: str | None = None
    tolerant: set[str] = field(default_factory=set)


@dataclass
class _Sides:
    host: dict[str, dict[int, Row]]
    ours: dict[str, dict[int, Row]]
    quarantine: dict[tuple[str, int, int], set[str]]
    guests: dict[str, int]


def differences(
    connection: psycopg.Connection,
    *,
    repaired: bool = False,
    meaning: dict[str, str | None] = MEANING,
) -> list[str]:
    """Compare both sides. Empty is right.

    Arguments: a connection in autocommit, of who may read all; repaired: whether `adopt --repair` ran since the last
    write, so that the quarantine must hold what is unfit now and nothing more; meaning: of the statuses. Raises
    psycopg.Error.
    """
    sides = _read(connection)
    found: list[str] = []
    for entity, slot, wanted in _wanted(sides, meaning):
        found += _compare(sides, entity, slot, wanted, repaired)
    found += _surplus(sides)
    return found


def _read(connection: psycopg.Connection) -> _Sides:
    queries = {
        "users": "select u.*, r.slug from public.users as u left join public.roles as r on r.id = u.role_id",
        "categories": "select * from public.categories",
        "products": "select * from public.products",
        "customers": "select * from public.customers",
        "orders": "select * from public.sales_orders",
        "items 0": "select i.*, i.order_id as of_order, null as product_name, null::numeric as unit_price,"
        " i.subtotal as line_total from public.order_items as i",
        "items 1": "select i.*, i.sales_order_id as of_order from public.sales_order_items as i",
    }
    tables = {"orders": "sales_orders", "items": "sales_order_items"}
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
            # As text where Python's date ends before Postgres's does.
            host = {name: {row["id"]: row for row in cursor.execute(_safe(cursor, q))} for name, q in queries.items()}
            names = ("users", "categories", "products", "customers", "orders", "items")
            ours = {
                name: {
                    row["id"]: row
                    for row in cursor.execute(_safe(cursor, f"select * from trustcart.{tables.get(name, name)}"))
                }
                for name in names
            }
            quarantine: dict[tuple[str, int, int], set[str]] = {}
            for row in cursor.execute("select * from trustcart_private.adoption_quarantine"):
                key = (row["entity"], row["slot"], row["source_key"])
                quarantine.setdefault(key, set()).add(row["column_name"])
            guests = {
                row["phone_e164"]: row["customer_id"]
                for row in cursor.execute("select * from trustcart_private.adopted_guests")
            }
    finally:
        connection.isolation_level = None
    return _Sides(host, ours, quarantine, guests)


def _safe(cursor: psycopg.Cursor, query: str) -> str:
    cursor.execute(f"select * from ({query}) as q limit 0")
    columns = [
        f"q.{column.name}::text as {column.name}" if column.type_code == _DATE else f"q.{column.name}"
        for column in {column.name: column for column in cursor.description}.values()
    ]
    return f"select {', '.join(columns)} from ({query}) as q"


def _wanted(sides: _Sides, meaning: dict[str, str | None]) -> Iterator[tuple[str, int, dict[int, Wanted]]]:
    yield "users", 0, {key: _user(sides, row) for key, row in sides.host["users"].items()}
    yield "categories", 0, {key: _category(sides, row) for key, row in sides.host["categories"].items()}
    yield "products", 0, {key: _product(sides, row) for key, row in sides.host["products"].items()}
    yield "customers", 0, {key: _customer(sides, row) for key, row in sides.host["customers"].items()}
    resolve = _resolver(sides)
    orders = {
        key: _order(sides, row, meaning, resolve)
        for key, row in sides.host["orders"].items()
        if meaning.get(row["status"], "") is not None
    }
    yield "orders", 0, orders
    for slot in (0, 1):
        items = {
            key: _item(sides, row)
            for key, row in sides.host[f"items {slot}"].items()
            # Those of a draft are no one's business.
            if not (row["of_order"] in sides.host["orders"] and row["of_order"] not in orders)
        }
        yield "items", slot, items


def _user(sides: _Sides, row: Row) -> Wanted:
    mail = _text(row["email"])
    leader = row["team_leader_id"]
    unfit = set()
    same = [
        key for key, one in sides.host["users"].items() if mail and (one["email"] or "").strip().lower() == mail.lower()
    ]
    if mail and not _MAIL.fullmatch(mail):
        unfit.add("email")
    if leader is not None and (leader == row["id"] or leader not in sides.ours["users"]):
        unfit.add("team_leader_id")
    columns = {
        "name": " ".join(part for part in (row["name"], row["last_name"]) if part is not None).strip()
        or f"User {row['id']}",
        "email": mail,
        "role": _ROLES.get(row["slug"] or "", "other"),
        "team_leader_id": leader,
        "is_active": row["status"] == "active" and not row["is_deleted"],
        "created_at": _instant(row["created_at"] or _LONG_AGO),
    }
    # Which one of several has the address depends on who came first; or on who is gone, with us.
    holders = [one for one in sides.ours["users"].values() if mail and (one["email"] or "").lower() == mail.lower()]
    tolerant = {"email"} if len(same) > 1 or any(one["id"] != row["id"] for one in holders) else set()
    return Wanted(columns, unfit, None, tolerant)


def _category(sides: _Sides, row: Row) -> Wanted:
    name = _text(row["name_en"]) or _text(row["name_bn"]) or f"Category {row['id']}"
    holder = next((one["id"] for one in sides.ours["categories"].values() if one["name"] == name), None)
    taken = "another has its name" if holder is not None and holder != row["id"] else None
    return Wanted({"name": name}, set(), taken)


def _product(sides: _Sides, row: Row) -> Wanted:
    price = row["sale_price"] or row["base_price"]
    unfit = set()
    if price is not None and price < 0:
        unfit.add("price")
    if row["category_id"] is not None and row["category_id"] not in sides.ours["categories"]:
        unfit.add("category_id")
    columns = {
        "name": _text(row["name_en"]) or _text(row["name_bn"]) or f"Product {row['id']}",
        "sku": row["sku"],
        "category_id": row["category_id"],
        "price": price,
        "is_active": not row["is_deleted"],
    }
    return Wanted(columns, unfit)


def _customer(sides: _Sides, row: Row) -> Wanted:
    unfit = set()
    mail, gender = _text(row["email"]), _text(row["gender"])
    if mail and not _MAIL.fullmatch(mail):
        unfit.add("email")
    if gender and gender.lower() not in _GENDERS:
        unfit.add("gender")
    unfit |= {name for name in ("date_of_birth", "anniversary_date") if not _within(row[name], 1850, 2200)}
    if row["assigned_to"] is not None and row["assigned_to"] not in sides.ours["users"]:
        unfit.add("assigned_agent_id")
    columns = {
        "first_name": _text(row["name"]),
        "last_name": _text(row["last_name"]),
        "email": mail,
        "phone": _text(row["phone"]),
        "mobile": _text(row["mobile"]),
        "phone_e164": e164(row["phone"]),
        "mobile_e164": e164(row["mobile"]),
        "gender": _GENDERS.get(gender.lower()) if gender else None,
        "date_of_birth": row["date_of_birth"],
        "anniversary_date": row["anniversary_date"],
        "district": _text(row["district"]),
        "city": _text(row["city"]),
        "notes": row["notes"],
        "is_active": _is_active(row),
        "assigned_agent_id": row["assigned_to"],
        "created_at": _instant(row["created_at"] or _LONG_AGO),
    }
    ours = sides.ours["customers"].get(row["id"])
    if ours and ours["erased_at"] is not None:
        # Whatever the host still knows of somebody who was erased with us, ours holds nothing of it.
        columns = dict.fromkeys(("first_name", "last_name", "email", "phone", "mobile", "date_of_birth", "notes"))
        return Wanted(columns)
    return Wanted(columns, unfit)


def _order(sides: _Sides, row: Row, meaning: dict[str, str | None], resolve) -> Wanted:
    refused = None
    if row["order_date"] is None or not _within(row["order_date"], 1900, 2200):
        refused = "its date"
    elif row["total_amount"] is None or row["total_amount"] < 0:
        refused = "its amount"
    elif row["status"] not in meaning:
        refused = "its status"
    tolerant = set()
    customer = row["customer_id"]
    if customer is not None and customer not in sides.ours["customers"]:
        refused = refused or "its customer"
    if customer is None:
        number = e164(row["customer_phone"])
        if number is None:
            refused = refused or "its phone"
        elif (customer := resolve(number)) is None:
            held = sides.ours["orders"].get(row["id"], {}).get("customer_id")
            # Nobody has the number any more: it may have stayed with who had it.
            customer = held if held is not None and held > 0 else sides.guests.get(number, "a guest")
    columns = {
        "order_number": row["sales_order_number"],
        "customer_id": customer,
        "order_date": row["order_date"],
        "ordered_at": row["created_at"] and _instant(row["created_at"]),
        "total_amount": row["total_amount"],
        "status": meaning.get(row["status"]),
        "payment_method": _text(row["payment_method"]),
        "notes": row["notes"],
        "created_at": _instant(row["created_at"] or _LONG_AGO),
    }
    return Wanted(columns, set(), refused, tolerant)


def _item(sides: _Sides, row: Row) -> Wanted:
    quantity = Decimal(1) if row["quantity"] is None else row["quantity"]
    refused = None
    if row["of_order"] not in sides.ours["orders"]:
        refused = "its order"
    elif quantity <= 0:
        refused = "its quantity"
    unfit = set()
    if row["line_total"] is not None and row["line_total"] < 0:
        unfit.add("line_total")
    if row["product_id"] is not None and row["product_id"] not in sides.ours["products"]:
        unfit.add("product_id")
    columns = {
        "order_id": row["of_order"],
        "product_id": row["product_id"],
        "product_name": _text(row["product_name"]),
        "quantity": quantity,
        "unit_price": row["unit_price"],
        "line_total": row["line_total"],
    }
    return Wanted(columns, unfit, refused)


def _compare(sides: _Sides, entity: str, slot: int, wanted: dict[int, Wanted], repaired: bool) -> Iterator[str]:
    for key, want in wanted.items():
        label = f"{entity} {slot} {key}"
        held = sides.quarantine.get((entity, slot, key), set())
        have = sides.ours[entity].get(key * 8 + slot if entity == "items" else key)
        if want.refused:
            # What it refers to went away, and took it along: nobody looked at it again.
            if "" not in held and (repaired or have is not None):
                yield f"{label}: {want.refused} is unfit, and it is not in the quarantine ({held or 'nothing'})"
            continue
        if "" in held:
            if repaired:
                yield f"{label}: is in the quarantine for nothing"
            continue
        if have is None:
            yield f"{label}: is missing"
            continue
        for column, value in want.columns.items():
            if column in want.tolerant:
                continue
            if column in want.unfit:
                if column not in held and (repaired or have[column] is not None):
                    yield f"{label} {column}: {value!r} is unfit, and it is not in the quarantine"
            elif column in held:
                if repaired:
                    yield f"{label} {column}: is in the quarantine for nothing ({value!r})"
            elif value != have[column]:
                yield f"{label} {column}: should be {value!r}, is {have[column]!r}"
        yield from (f"{label} {one}: is in the quarantine, unknown to us" for one in held - set(want.columns))
    # Of a row that is gone since, or an item whose order became a draft: the next repair finds out.
    for which, place, key in sides.quarantine if repaired else ():
        if which == entity and place == slot and key not in wanted:
            yield f"{entity} {slot} {key}: is in the quarantine, and no row of the host's"


def _surplus(sides: _Sides) -> Iterator[str]:
    for entity in ("users", "products", "customers"):
        for key, row in sides.ours[entity].items():
            if key > 0 and key not in sides.host[entity] and row["is_active"]:
                yield f"{entity} {key}: is gone from the host, and active"
    for key in sides.ours["categories"]:
        if key > 0 and key not in sides.host["categories"]:
            yield f"categories {key}: is gone from the host"
    for key in sides.ours["orders"]:
        if key > 0 and (key not in sides.host["orders"] or sides.host["orders"][key]["status"] == "draft"):
            yield f"orders {key}: is no order of the host's"
    for key in sides.ours["items"]:
        if key > 0 and (key % 8 > 1 or key // 8 not in sides.host[f"items {key % 8}"]):
            yield f"items {key}: is no item of the host's"
    if len(set(sides.guests.values())) != len(sides.guests):
        yield "two numbers have one guest"
    for number, customer in sides.guests.items():
        ours = sides.ours["customers"].get(customer)
        if ours is None or customer > 0:
            yield f"guest {customer} of …{number[-4:]}: is no guest"
    by_number = {(row["phone_e164"]) for key, row in sides.ours["customers"].items() if key < 0 and row["is_active"]}
    yield from (f"guest of …{number[-4:]}: nobody knows it" for number in by_number - set(sides.guests) - {None})


def _resolver(sides: _Sides):
    owners: dict[str, list[tuple[bool, int]]] = {}
    for key, row in sides.host["customers"].items():
        ours = sides.ours["customers"].get(key)
        if ours and ours["erased_at"] is not None:
            continue
        for number in {e164(row["phone"]), e164(row["mobile"])} - {None}:
            owners.setdefault(number, []).append((not _is_active(row), key))

    def resolve(number: str) -> int | None:
        return min(owners[number])[1] if number in owners else None

    return resolve


def e164(phone: object) -> str | None:
    """A mobile of Bangladesh as the fixture writes them, in E.164; None when it is none."""
    found = _MOBILE.fullmatch(re.sub(r"[\s.-]", "", str(phone or "").translate(_DIGITS)))
    return f"+880{found.group(1)}" if found else None


def _is_active(row: Row) -> bool:
    return row["status"] == "active" and not row["is_deleted"]


def _text(value: object) -> str | None:
    return str(value).strip(" ") or None if value is not None else None


def _instant(naive: datetime) -> datetime:
    return naive.replace(tzinfo=_DHAKA)


def _within(day: object, first_year: int, end_year: int) -> bool:
    if day is None:
        return True
    found = re.fullmatch(r"(\d+)-\d\d-\d\d", str(day))
    return bool(found) and first_year <= int(found.group(1)) < end_year
