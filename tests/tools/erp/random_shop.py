"""The ERP's application at work: a seeded stream of what it does, in its own SQL, by several sessions at once.

It knows nothing of ours. Every statement must succeed, whatever values it writes; only a deadlock, which any two
sessions can have, is tried again, as the application would.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import psycopg
from psycopg import errors

from tests.tools.erp.statuses import STATUSES

_ENDED = ("cancelled", "returned", "refunded", "failed_delivery")
_BAD_PHONES = ("", " ", None, "12345", "call me")
_BAD_MAILS = ("none", "-", "a b@c.d", "")
_BAD_DAYS = (date(1, 1, 1), date(2999, 12, 31), date(1700, 5, 5))
_TRIES = 20


class ChangedMindError(Exception):
    """The application changes its mind in the middle of a transaction."""


class Session:
    """One session of the application.

    Arguments: a connection in autocommit; a seed; numbers, the phones that it deals in.
    """

    def __init__(self, connection: psycopg.Connection, seed: int, numbers: list[str]) -> None:
        self.connection = connection
        self.random = random.Random(seed)
        self.numbers = numbers
        self.done: Counter[str] = Counter()
        self.deadlocks = 0
        self._today = connection.execute("select current_date").fetchone()[0]

    def work(self, operations: int, only: tuple[str, ...] = ()) -> None:
        """Do so many things. Arguments: how many; the names of WORK to choose from. Raises psycopg.Error."""
        names = [name for name in WORK if not only or name in only]
        weights = [WORK[name][1] for name in names]
        for _ in range(operations):
            self.do(self.random.choices(names, weights)[0])

    def do(self, name: str) -> None:
        """Do one thing, in a transaction of its own; one of twelve changes its mind and rolls back."""
        keep = self.random.random() > 0.08
        state = self.random.getstate()
        for _ in range(_TRIES):
            try:
                with self.connection.transaction():
                    self.random.setstate(state)
                    WORK[name][0](self)
                    if self.random.random() < 0.1:
                        self._savepoint()
                    if not keep:
                        raise ChangedMindError
                self.done[name] += 1
                return
            except ChangedMindError:
                self.done["rolled back"] += 1
                return
            except errors.DeadlockDetected:
                self.deadlocks += 1
            except errors.ForeignKeyViolation as error:
                # Another session deleted the order or the product in between: the host's own refusal.
                if error.diag.schema_name != "public":
                    raise
        raise AssertionError(f"{name}: refused {_TRIES} times in a row")

    def execute(self, statement: str, *values: object) -> psycopg.Cursor:
        """Run one statement of the application."""
        return self.connection.execute(statement, values)

    def pick(self, table: str) -> int | None:
        """The id of a row of a table, None where it is empty."""
        lowest, highest = self.execute(f"select min(id), max(id) from public.{table}").fetchone()
        if lowest is None:
            return None
        # A host that numbers its rows anew has a few far away: most draws go to the crowd.
        wanted = self.random.randint(lowest, min(highest, lowest + 3000))
        found = self.execute(f"select id from public.{table} where id >= %s order by id limit 1", wanted).fetchone()
        return found[0] if found else highest

    def phone(self) -> str:
        """A number that customers and guests share, as somebody types it."""
        number = self.random.choice(self.numbers)
        style = self.random.randrange(8)
        if style == 0:
            return "88" + number
        if style == 1:
            return "+88" + number
        if style == 2:
            return number.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))
        return f"{number[:5]}-{number[5:]}" if style == 3 else number

    def day(self) -> date:
        """The day of an order, mostly a recent one."""
        return self._today - timedelta(days=int(self.random.random() ** 3 * 400))

    def _savepoint(self) -> None:
        try:
            with self.connection.transaction():
                _edit_order(self)
                raise ChangedMindError
        except ChangedMindError:
            pass


def _items(one: Session, order_id: int) -> None:
    draw = one.random
    for _ in range(draw.choice((0, 1, 1, 2, 3))):
        product = one.pick("products") if draw.random() < 0.9 else None
        quantity = draw.choice((1, 1, 2, 3))
        if draw.random() < 0.5:
            one.execute(
                "insert into public.order_items (order_id, product_id, quantity, subtotal) values (%s, %s, %s, %s)",
                *(order_id, product, quantity if draw.random() > 0.03 else 0, draw.choice((120, 250.5, None))),
            )
        else:
            one.execute(
                "insert into public.sales_order_items (sales_order_id, product_id, quantity, unit_price, line_total)"
                " values (%s, %s, %s, 90, %s)",
                *(order_id, product, quantity, 90 * quantity if draw.random() > 0.03 else -90),
            )


def _insert_order(one: Session, customer: int | None, phone: str | None) -> int:
    draw = one.random
    amount = draw.randint(80, 6000) if draw.random() > 0.04 else draw.choice((None, -10))
    day = one.day() if draw.random() > 0.02 else date(2999, 1, 1)
    return one.execute(
        "insert into public.sales_orders (sales_order_number, customer_id, customer_phone, order_date, status,"
        " total_amount, payment_method) values (%s, %s, %s, %s, %s, %s, %s) returning id",
        f"N-{draw.getrandbits(60)}" if draw.random() < 0.9 else None,
        *(customer, phone, day, draw.choice(STATUSES), amount, draw.choice(("bKash", "Nagad", "", None))),
    ).fetchone()[0]


def _order(one: Session) -> None:
    _items(one, _insert_order(one, one.pick("customers"), None))


def _guest_order(one: Session) -> None:
    phone = one.phone() if one.random.random() > 0.1 else one.random.choice(_BAD_PHONES)
    _items(one, _insert_order(one, None, phone))


def _edit_order(one: Session) -> None:
    draw, order = one.random, one.pick("sales_orders")
    change = draw.choice(("amount", "date", "status", "status", "phone", "other"))
    if change == "amount":
        amount = draw.choice((None, -1)) if draw.random() < 0.1 else draw.randint(10, 9000)
        one.execute("update public.sales_orders set total_amount = %s where id = %s", amount, order)
    elif change == "date":
        one.execute("update public.sales_orders set order_date = %s where id = %s", one.day(), order)
    elif change == "status":
        one.execute("update public.sales_orders set status = %s where id = %s", draw.choice(STATUSES), order)
    elif change == "phone":
        one.execute("update public.sales_orders set customer_phone = %s where id = %s", one.phone(), order)
    else:
        one.execute("update public.sales_orders set courier_status = 'seen', grand_total = null where id = %s", order)


def _cancel(one: Session) -> None:
    one.execute(
        "update public.sales_orders set status = %s where id = %s", one.random.choice(_ENDED), one.pick("sales_orders")
    )


def _change_owner(one: Session) -> None:
    customer = one.pick("customers") if one.random.random() < 0.7 else None
    one.execute("update public.sales_orders set customer_id = %s where id = %s", customer, one.pick("sales_orders"))


def _move_items(one: Session) -> None:
    order = one.pick("sales_orders")
    if one.random.random() < 0.5:
        one.execute(
            "with moved as (delete from public.order_items where order_id = %s returning *)"
            " insert into public.sales_order_items (sales_order_id, product_id, quantity, line_total)"
            " select order_id, (select p.id from public.products as p where p.id = product_id), quantity, subtotal"
            " from moved where exists (select from public.sales_orders as o where o.id = order_id)",
            order,
        )
    else:
        one.execute(
            "with moved as (delete from public.sales_order_items where sales_order_id = %s returning *)"
            " insert into public.order_items (order_id, product_id, quantity, subtotal)"
            " select sales_order_id, product_id, quantity, line_total from moved",
            order,
        )


def _edit_items(one: Session) -> None:
    draw, item = one.random, one.pick("order_items")
    if draw.random() < 0.3:
        one.execute("delete from public.order_items where id = %s", item)
    elif draw.random() < 0.5:
        one.execute("update public.order_items set quantity = %s where id = %s", draw.choice((0, 1, 5, -1)), item)
    else:
        one.execute(
            "update public.sales_order_items set product_id = %s, line_total = %s where id = %s",
            *(one.pick("products"), draw.randint(1, 900), one.pick("sales_order_items")),
        )


def _merge_customers(one: Session) -> None:
    winner, loser = one.pick("customers"), one.pick("customers")
    if winner == loser:
        return
    one.execute("update public.sales_orders set customer_id = %s where customer_id = %s", winner, loser)
    one.execute("update public.customers set is_deleted = true, notes = 'merged' where id = %s", loser)


def _new_customer(one: Session) -> int:
    draw = one.random
    return one.execute(
        "insert into public.customers (name, last_name, email, phone, mobile, gender, date_of_birth, assigned_to,"
        " district) values (%s, %s, %s, %s, %s, %s, %s, %s, 'Dhaka') returning id",
        draw.choice(("Nadia", "রহিম", "", "O'Neill")),
        draw.choice(("Khan", None)),
        draw.choice(("someone@mail.example", *_BAD_MAILS)),
        one.phone() if draw.random() < 0.8 else draw.choice(_BAD_PHONES),
        one.phone() if draw.random() < 0.2 else None,
        draw.choice(("M", "F", "female", "?", None)),
        draw.choice((date(1988, 2, 29), None, *_BAD_DAYS)),
        draw.choice((one.pick("users"), None, 4711)),
    ).fetchone()[0]


def _guest_becomes_customer(one: Session) -> None:
    """Who ordered as a guest gives the same number, and the ERP may write the id on the orders."""
    found = one.execute(
        "select customer_phone from public.sales_orders where customer_id is null and id >= %s order by id limit 1",
        one.pick("sales_orders"),
    ).fetchone()
    customer = one.execute(
        "insert into public.customers (name, phone) values ('Was a guest', %s) returning id",
        found[0] if found else one.phone(),
    ).fetchone()[0]
    if found and one.random.random() < 0.4:
        one.execute(
            "update public.sales_orders set customer_id = %s where customer_id is null and customer_phone = %s",
            *(customer, found[0]),
        )


def _change_phone(one: Session) -> None:
    column = one.random.choice(("phone", "phone", "mobile"))
    phone = one.phone() if one.random.random() < 0.8 else one.random.choice(_BAD_PHONES)
    one.execute(f"update public.customers set {column} = %s where id = %s", phone, one.pick("customers"))


def _edit_customer(one: Session) -> None:
    draw, customer = one.random, one.pick("customers")
    change = draw.choice(("status", "deleted", "email", "birth", "name", "agent", "bulk"))
    if change == "status":
        status = draw.choice(("active", "active", "inactive", "blocked", None))
        one.execute("update public.customers set status = %s where id = %s", status, customer)
    elif change == "deleted":
        one.execute("update public.customers set is_deleted = not is_deleted where id = %s", customer)
    elif change == "email":
        mail = draw.choice(("new@mail.example", *_BAD_MAILS))
        one.execute("update public.customers set email = %s where id = %s", mail, customer)
    elif change == "birth":
        day = draw.choice((date(1970, 1, 1), None, *_BAD_DAYS))
        one.execute("update public.customers set date_of_birth = %s where id = %s", day, customer)
    elif change == "name":
        one.execute(
            "update public.customers set name = %s, gender = 'F' where id = %s", draw.choice(("", "A")), customer
        )
    elif change == "agent":
        one.execute("update public.customers set assigned_to = %s where id = %s", one.pick("users"), customer)
    else:
        # Two columns that nobody follows.
        one.execute("update public.customers set updated_at = now() where id %% 50 = %s", draw.randrange(50))


def _delete(one: Session) -> None:
    table = one.random.choice(("customers", "sales_orders", "sales_orders", "products", "categories"))
    one.execute(f"delete from public.{table} where id = %s", one.pick(table))


def _catalogue(one: Session) -> None:
    draw = one.random
    change = draw.choice(("product", "price", "category", "rename", "put"))
    if change == "product":
        one.execute(
            "insert into public.products (name_en, base_price, category_id) values (%s, %s, %s)",
            *(draw.choice((None, "New thing")), draw.choice((10, -1, None)), one.pick("categories")),
        )
    elif change == "price":
        one.execute(
            "update public.products set sale_price = %s where id = %s", draw.choice((0, 77, None)), one.pick("products")
        )
    elif change == "category":
        one.execute("insert into public.categories (name_en) values (%s)", f"Category of {draw.randrange(8)}")
    elif change == "rename":
        one.execute(
            "update public.categories set name_en = %s where id = %s",
            *(f"Category of {draw.randrange(8)}", one.pick("categories")),
        )
    else:
        one.execute(
            "update public.products set category_id = %s where id = %s",
            *(draw.choice((one.pick("categories"), None, 4711)), one.pick("products")),
        )


def _team(one: Session) -> None:
    draw, user = one.random, one.pick("users")
    change = draw.choice(("role", "slug", "status", "new", "leader"))
    if change == "role":
        one.execute("update public.users set role_id = %s where id = %s", draw.choice((1, 2, 3, 4, 5, None)), user)
    elif change == "slug":
        slug = draw.choice(("sales-executive", None, "clerk"))
        one.execute("update public.roles set slug = %s where id = %s", slug, draw.choice((4, 5)))
    elif change == "status":
        one.execute("update public.users set status = %s where id = %s", draw.choice(("active", "inactive")), user)
    elif change == "leader":
        one.execute("update public.users set team_leader_id = %s where id = %s", one.pick("users"), user)
    else:
        one.execute(
            "insert into public.users (name, email, role_id) values ('New', %s, %s)",
            *(draw.choice(("new@erp.example", "", "user1@erp.example")), draw.choice((2, 5, None))),
        )


def _bulk(one: Session) -> None:
    """What a clerk does with a filter and a tick on all."""
    draw = one.random
    change = draw.choice(("orders", "orders", "customers", "copy"))
    part = draw.randrange(40)
    if change == "orders":
        one.execute(
            "update public.sales_orders set status = %s where id in"
            " (select id from public.sales_orders where id %% 40 = %s order by customer_id, id for update)",
            *(draw.choice(STATUSES), part),
        )
    elif change == "customers":
        one.execute("update public.customers set district = 'Bulk' where id %% 40 = %s", part)
    else:
        one.execute(
            "insert into public.sales_orders (customer_id, order_date, status, total_amount)"
            " select id, current_date, 'new', 100 from public.customers where id %% 40 = %s order by id",
            part,
        )


def _truncate(one: Session) -> None:
    one.execute("truncate public.order_items")


def _renumber(one: Session) -> None:
    """An id changes, which an ERP should not do and some clerk does."""
    one.execute(
        "update public.sales_orders set id = id + 500000 where id ="
        " (select o.id from public.sales_orders as o where o.id < 500000 and not exists"
        " (select from public.sales_order_items as i where i.sales_order_id = o.id) order by o.id desc limit 1)"
    )


#: What the application does, and how often.
WORK: dict[str, tuple[Callable[[Session], object], float]] = {
    "order": (_order, 20),
    "guest order": (_guest_order, 10),
    "edit order": (_edit_order, 14),
    "cancel": (_cancel, 6),
    "change owner": (_change_owner, 3),
    "move items": (_move_items, 7),
    "edit items": (_edit_items, 6),
    "merge customers": (_merge_customers, 3),
    "new customer": (_new_customer, 6),
    "guest becomes customer": (_guest_becomes_customer, 4),
    "change phone": (_change_phone, 6),
    "edit customer": (_edit_customer, 8),
    "delete": (_delete, 3),
    "catalogue": (_catalogue, 4),
    "team": (_team, 4),
    "bulk": (_bulk, 2),
    "truncate": (_truncate, 0.2),
    "renumber": (_renumber, 0.5),
}


def shared_numbers(connection: psycopg.Connection, count: int = 40) -> list[str]:
    """Numbers for the shop to deal in: half of them customers' own, half nobody's yet."""
    own = connection.execute(
        "select phone from public.customers where phone ~ '^01[3-9][0-9]{8}$' order by id limit %s", [count // 2]
    ).fetchall()
    return [phone for (phone,) in own] + [f"01999{n:06d}" for n in range(count - len(own))]


def shop_on(
    connect: Callable[[], psycopg.Connection],
    seed: int,
    sessions: int = 4,
    operations: int = 150,
    only: tuple[str, ...] = (),
) -> Counter[str]:
    """Let several sessions work at once.

    Arguments: how to connect (autocommit); seed; how many sessions; things each of them does; names of WORK to choose
    from. Result: how often what was done, with "deadlocks". Raises what the first failing session raised.
    """
    with connect() as connection:
        numbers = shared_numbers(connection)
    failures: list[BaseException] = []
    done: Counter[str] = Counter()

    def work(number: int) -> None:
        try:
            with connect() as connection:
                one = Session(connection, seed * 1000 + number, numbers)
                one.work(operations, only)
        except BaseException as error:
            failures.append(error)
        else:
            done.update(one.done)
            done["deadlocks"] += one.deadlocks

    threads = [threading.Thread(target=work, args=(number,)) for number in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return done
