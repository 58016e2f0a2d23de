"""The event feed and the engagements of orders, where a transaction cannot show them: commits out of order, readers
beside writers, partitions under orders."""

from __future__ import annotations

import random
import threading

import psycopg

from tests.python.conftest import Database
from tests.tools.sessions import wait_until_blocked

ORDER = (
    "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
    " values (%s, trustcart.business_date(), %s) returning id"
)


def orders_in(rows: list[tuple]) -> list[int]:
    """The orders placed that these events tell of, in their order."""
    return [payload["order_id"] for _, _, _, kind, _, payload in rows if kind == "order_placed"]


def read(connection: psycopg.Connection, position: tuple[str, int], limit: int = 100) -> list[tuple]:
    """The next events after a position."""
    return connection.execute(
        "select xid::text, id, occurred_at, event_type, customer_id, payload"
        " from trustcart.read_events(%s::text::xid8, %s, %s)",
        [*position, limit],
    ).fetchall()


def test_a_late_commit_is_not_passed_over(db: Database) -> None:
    """Who began first and commits last is read in its place; nobody behind it is read before."""
    with db.connect() as early, db.connect() as late, db.connect() as reader:
        reader.execute("insert into trustcart.customers (id) values (1), (2)")
        early.autocommit = False
        (first,) = early.execute(ORDER, [1, 10]).fetchone()
        (second,) = late.execute(ORDER, [2, 10]).fetchone()
        assert read(reader, ("0", 0)) == []
        early.commit()
        rows = read(reader, ("0", 0))
        assert orders_in(rows) == [first, second]
        assert read(reader, rows[-1][:2]) == []


def test_a_rolled_back_order_tells_nothing(db: Database) -> None:
    with db.connect() as writer, db.connect() as reader:
        reader.execute("insert into trustcart.customers (id) values (1)")
        writer.autocommit = False
        writer.execute(ORDER, [1, 10])
        writer.rollback()
        writer.execute(ORDER, [1, 20])
        writer.commit()
        ((_, _, _, _, _, payload),) = [row for row in read(reader, ("0", 0)) if row[3] == "order_placed"]
        assert payload["total_amount"] == 20
        assert reader.execute("select count(*) from trustcart.customer_engagement_history").fetchone() == (1,)


def test_a_reader_beside_writers_reads_each_event_once_and_in_order(db: Database) -> None:
    """Random transactions of several sessions, some long, some rolled back, while partitions are made: the reader,
    which only ever goes forward, ends with exactly the events that were written."""
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) select generate_series(1, 60)")
    failures: list[Exception] = []
    placed: list[int] = []

    def write(number: int) -> None:
        pick = random.Random(number)
        try:
            with db.connect() as connection:
                connection.autocommit = False
                for _ in range(150):
                    # Each session has customers of its own: random writers of several would meet in deadlocks.
                    made = [
                        connection.execute(ORDER, [1 + 15 * number + pick.randrange(15), 1 + pick.randrange(500)])
                        for _ in range(pick.choice([1, 1, 1, 2, 7]))
                    ]
                    ids = [cursor.fetchone()[0] for cursor in made]
                    if pick.random() < 0.1:
                        connection.rollback()
                    else:
                        connection.commit()
                        placed.extend(ids)
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
    for writer in writers:
        writer.start()
    seen: list[tuple] = []
    pick = random.Random(11)
    with db.connect() as reader, db.connect() as keeper:
        position = ("0", 0)
        while any(writer.is_alive() for writer in writers):
            rows = read(reader, position, pick.randint(1, 50))
            if rows:
                position = rows[-1][:2]
                seen += rows
            elif pick.random() < 0.1:
                keeper.execute("select trustcart.ensure_event_partitions()")
        for writer in writers:
            writer.join()
        while rows := read(reader, position):
            position = rows[-1][:2]
            seen += rows
        assert failures == []
        assert sorted(orders_in(seen)) == sorted(placed)
        keys = [(int(xid), number) for xid, number, *_ in seen]
        assert keys == sorted(set(keys))
        assert len(keys) == reader.execute("select count(*) from trustcart.events").fetchone()[0]
        logged = reader.execute(
            "select substring(content from '^Order #(.*) placed$')::bigint from trustcart.customer_engagement_history"
            " where engagement_type = 'order_placed'"
        )
        assert sorted(row[0] for row in logged) == sorted(placed)


def test_orders_wait_for_partitions_only_while_rows_move(db: Database) -> None:
    """The job waits for an order that is being placed, and the order after it for the job; neither fails."""
    with db.connect() as shop, db.connect() as job, db.connect() as watch:
        watch.execute("insert into trustcart.customers (id) values (1)")
        shop.autocommit = False
        shop.execute(ORDER, [1, 10])
        running = threading.Thread(target=job.execute, args=["select trustcart.ensure_event_partitions()"])
        running.start()
        wait_until_blocked(db, job.info.backend_pid)
        shop.commit()
        running.join()
        watch.execute(ORDER, [1, 20])
        places = watch.execute(
            "select distinct tableoid::regclass::text like '%default' from trustcart.events"
        ).fetchall()
        assert places == [(False,)]


def test_the_order_path_notifies_nobody(db: Database) -> None:
    """NOTIFY takes a lock of the whole cluster at commit: orders would commit one after the other."""
    with db.connect() as connection:
        bodies = connection.execute(
            "select p.proname from pg_proc as p join pg_trigger as t on t.tgfoid = p.oid"
            " where t.tgrelid = 'trustcart.sales_orders'::regclass and p.prosrc ~* 'notify'"
        ).fetchall()
        assert bodies == []


def test_history_in_bulk_is_no_news(db: Database) -> None:
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) select generate_series(1, 50)")
        connection.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " select 1 + g % 50, trustcart.business_date() - 31 - g, 9000 from generate_series(1, 1000) as g"
        )
        for table in ("events", "customer_engagement_history", "crm_call_tasks"):
            assert connection.execute(f"select count(*) from trustcart.{table}").fetchone() == (0,), table
        assert connection.execute("select count(*) from trustcart.customer_loyalty").fetchone() == (50,)
        assert connection.execute("select * from trustcart.check_customer_state()").fetchall() == []
