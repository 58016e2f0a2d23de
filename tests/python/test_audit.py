"""The audit trail where one transaction cannot show it: the chain and what breaks it, writers beside the sealer,
crashes, months that are dropped, other servers."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.python.conftest import Database
from tests.tools.sessions import wait_until_blocked
from trustcart_db.bundle import read_bundle
from trustcart_db.migrate import migrate, rollback
from trustcart_db.state import migration_ids

VERIFY = "select audit_id, chain_position, problem from trustcart.verify_audit_log()"
CHANGED = "the row was changed"
MISSING = "the row is missing"
BROKEN = "the chain is broken: this link does not follow from the one before"
GAP = "links are missing before this one"
PUT_IN = "the row is not in the chain although older than its end: it was put in later, or its link removed"
OLDER = "the row is older than the links before it: it was put in later"
AHEAD = "the checkpoint is of the future, or of rows that were to be kept"
MISFIT = "the checkpoint does not fit the rows that were dropped"
STILL_THERE = "the link is still there although a checkpoint says that it was dropped"
UNORDERED = "the payload was emptied and no erasure of that customer is on record"


_OTHERS = (
    "select from pg_stat_activity where backend_xid is not null"
    " and (backend_type <> 'client backend' or datname <> current_database())"
)


def seal(connection: psycopg.Connection) -> dict:
    """Seal, and what that reports. Whatever the server does besides, an ANALYZE of another database for instance, would
    hold the seals up: that is awaited; the transactions of the test itself are its own affair."""
    while connection.execute(_OTHERS).fetchall():
        time.sleep(0.02)
    return connection.execute("select trustcart.seal_audit_log()").fetchone()[0]


def erase_audit_of(connection: psycopg.Connection, customer_id: int) -> None:
    """Empty a customer's audit rows, as erase_customer() does, with the row that proves it."""
    connection.execute(
        "insert into trustcart.customer_erasures (customer_id) values (%s) on conflict do nothing", [customer_id]
    )
    connection.execute("select trustcart_private.erase_audit_of(%s)", [customer_id])


def problems(connection: psycopg.Connection) -> list[tuple]:
    """What verify_audit_log() finds."""
    return connection.execute(VERIFY).fetchall()


def tamper(connection: psycopg.Connection, statement: str) -> None:
    """Change something past every trigger, as only a superuser can."""
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        connection.execute(statement)


def recomputed_chain(connection: psycopg.Connection) -> None:
    """Assert that the chain is what its links make, by an implementation of its own."""
    previous = bytes(32)
    links = connection.execute(
        "select s.position, s.sealed_below::text::bigint, s.row_digest, s.chain_hash from trustcart.audit_seals as s"
        " order by s.position"
    ).fetchall()
    for expected, (position, below, digest, chain_hash) in enumerate(links, 1):
        assert position == expected
        link = position.to_bytes(8, "big") + below.to_bytes(8, "big") + digest
        previous = hashlib.sha256(previous + link).digest()
        assert chain_hash == previous


@pytest.fixture
def trail(db: Database) -> Database:
    """Nine rows, sealed three at a time: the audit ids are 1 to 9, so are the positions."""
    with db.connect() as connection:
        for first in (1, 4, 7):
            connection.execute(
                "insert into trustcart.customers (id, first_name, city)"
                " select g, 'Name ' || g, 'Dhaka' from generate_series(%s::bigint, %s) as g",
                [first, first + 2],
            )
            assert seal(connection)["sealed"] == 3
        assert problems(connection) == []
        recomputed_chain(connection)
    return db


# --- what breaks it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "user_id = 7",
        "action = 'delete'",
        "table_name = 'users'",
        "record_id = 6",
        "record_key = 'x'",
        "customer_id = 6",
        "db_role = 'somebody'",
        "acting_role = 'trustcart_admin'",
        "application = 'x'",
        "user_id = 7, behalf = true",
        "txid = (txid::text::bigint + 1)::text::xid8",
        "created_at = created_at + interval '1 microsecond'",
        """new_values = new_values || '{"city": "Khulna"}'""",
        "old_values = '{}'",
        "new_values = null",
        "new_values = null, erased_at = now(), payload_digest = sha256('')",
    ],
)
def test_a_changed_row(trail: Database, change: str) -> None:
    with trail.connect() as connection:
        tamper(connection, f"update trustcart.audit_logs set {change} where id = 5")
        assert (5, 5, CHANGED) in problems(connection)
        assert {row[0] for row in problems(connection)} == {5}


def test_every_column_is_covered(trail: Database) -> None:
    """Whoever adds a column must decide: the digest knows it, or nobody would see it change."""
    with trail.connect() as connection:
        columns = connection.execute(
            "select array_agg(attname::text) from pg_attribute where attrelid = 'trustcart.audit_logs'::regclass"
            " and attnum > 0 and not attisdropped"
        ).fetchone()[0]
        body = connection.execute(
            "select string_agg(pg_get_function_sqlbody(p.oid), ' ') from pg_proc as p"
            " where p.proname in ('audit_row_digest', 'audit_payload_digest')"
        ).fetchone()[0]
    assert [name for name in columns if f").{name}" not in body] == ["erased_at"]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("delete from trustcart.audit_logs where id = 5", [(5, 5, MISSING)]),
        ("delete from trustcart.audit_logs where id in (1, 9)", [(1, 1, MISSING), (9, 9, MISSING)]),
        (
            "delete from trustcart.audit_seals where position = 5",
            [(6, 6, GAP), (6, 6, BROKEN), (5, None, PUT_IN)],
        ),
        (
            "with l as (delete from trustcart.audit_logs where id = 5)"
            " delete from trustcart.audit_seals where position = 5",
            [(6, 6, GAP), (6, 6, BROKEN)],
        ),
        ("delete from trustcart.audit_seals where position = 1", [(2, 2, GAP), (2, 2, BROKEN), (1, None, PUT_IN)]),
        # Two rows change places: the links too, or only what they say.
        (
            "update trustcart.audit_logs as l set new_values = o.new_values from trustcart.audit_logs as o"
            " where (l.id, o.id) in ((4, 5), (5, 4))",
            [(4, 4, CHANGED), (5, 5, CHANGED)],
        ),
        (
            "alter table trustcart.audit_seals drop constraint audit_seals_audit_id_key;"
            "update trustcart.audit_seals as s set audit_id = o.audit_id, row_digest = o.row_digest"
            " from trustcart.audit_seals as o where (s.position, o.position) in ((4, 5), (5, 4))",
            [(5, 4, BROKEN), (4, 5, BROKEN)],
        ),
        (
            "update trustcart.audit_seals set chain_hash = sha256('') where position = 5",
            [(5, 5, BROKEN), (6, 6, BROKEN)],
        ),
        (
            "update trustcart.audit_seals set row_digest = sha256('') where position = 5",
            [(5, 5, BROKEN), (5, 5, CHANGED)],
        ),
        (
            "update trustcart.audit_seals set sealed_below = '3' where position = 5",
            [(5, 5, BROKEN)],
        ),
        # Behind the seals: a row that claims an old transaction.
        (
            "insert into trustcart.audit_logs (id, action, txid) select 99, 'view', txid from trustcart.audit_logs"
            " where id = 5",
            [(99, None, PUT_IN)],
        ),
        # The same with a link of its own, and rightly chained.
        (
            "insert into trustcart.audit_logs (id, action, txid) select 99, 'view', txid from trustcart.audit_logs"
            " where id = 5;"
            "insert into trustcart.audit_seals select 10, l.id, l.created_at, s.sealed_below, d.digest,"
            " trustcart_private.next_chain_hash(s.chain_hash,"
            " trustcart_private.audit_link(10, s.sealed_below, d.digest))"
            " from trustcart.audit_logs as l cross join trustcart.audit_seals as s"
            " cross join lateral (select trustcart_private.audit_row_digest(l) as digest) as d"
            " where l.id = 99 and s.position = 9",
            [(99, 10, OLDER)],
        ),
        # Emptied as an erasure would, without one.
        (
            "update trustcart.audit_logs as l set payload_digest = trustcart_private.audit_payload_digest(l),"
            " new_values = null, erased_at = now() where id = 5",
            [(5, 5, UNORDERED)],
        ),
        # An erasure of another customer covers nothing.
        (
            "update trustcart.audit_logs as l set payload_digest = trustcart_private.audit_payload_digest(l),"
            " new_values = null, erased_at = now() where id = 5;"
            " insert into trustcart.customer_erasures (customer_id) values (6);"
            " select trustcart_private.erase_audit_of(6)",
            [(5, 5, UNORDERED)],
        ),
    ],
)
def test_what_breaks_the_chain(trail: Database, cli, statement: str, found: list[tuple]) -> None:
    with trail.connect() as connection:
        tamper(connection, statement)
        assert problems(connection) == found
    done = cli("verify", "--format", "json", url=trail.url)
    assert done.returncode == 1, done.stderr
    (wrong,) = [row for row in json.loads(done.stdout) if not row["ok"]]
    assert (wrong["check"], wrong["value"]) == ("Audit Rows Tampered With", len(found))


def test_a_head_kept_elsewhere_shows_what_a_new_chain_would_hide(trail: Database) -> None:
    """Who can get past the triggers can make the whole chain anew, or cut its end off; not what somebody noted."""
    noted = "select problem from trustcart.verify_audit_log(%s, %s)"
    with trail.connect() as connection:
        head = seal(connection)
        assert connection.execute(noted, [head["position"], head["head"]]).fetchall() == []
        assert connection.execute(noted, [head["position"], head["head"].upper()]).fetchall() == []
        tamper(
            connection,
            "delete from trustcart.audit_logs where id = 9; delete from trustcart.audit_seals where position = 9",
        )
        assert problems(connection) == []
        assert connection.execute(noted, [head["position"], head["head"]]).fetchall() == [
            ("the chain ends before the position noted: its end was cut off",)
        ]
        tamper(
            connection,
            "update trustcart.audit_logs set db_role = 'somebody' where id = 5; delete from trustcart.audit_seals",
        )
        connection.execute("insert into trustcart.customers (id) values (50)")
        assert seal(connection)["position"] == 9
        assert problems(connection) == []
        assert connection.execute(noted, [head["position"], head["head"]]).fetchall() == [
            ("the chain is another than when this position was noted",)
        ]


# --- erasure ---------------------------------------------------------------------------------------------------------


def test_an_erasure_keeps_the_chain_whole(trail: Database) -> None:
    """Rows that are sealed and rows that are not yet, two persons, twice."""
    with trail.connect() as connection:
        connection.execute("update trustcart.customers set city = 'Khulna' where id in (4, 5)")
        for customer in (5, 4, 5):
            erase_audit_of(connection, customer)
        assert problems(connection) == []
        seal(connection)
        assert problems(connection) == []
        recomputed_chain(connection)
        left = connection.execute(
            "select count(*) from trustcart.audit_logs where customer_id in (4, 5)"
            " and action <> 'erase' and (old_values is not null or new_values is not null)"
        ).fetchone()
        assert left == (0,)
        tamper(connection, "delete from trustcart.audit_logs where action = 'erase' and customer_id = 4")
        assert {row[0] for row in problems(connection) if row[2] == UNORDERED} == {4, 10, 14}


def test_an_erasure_of_nobody(trail: Database) -> None:
    """What the erasure does, done by the owner's hand: nobody was erased. Nor does a later erasure cover it."""
    emptied = (
        "update trustcart.audit_logs as l set payload_digest = trustcart_private.audit_payload_digest(l),"
        " old_values = null, new_values = null, erased_at = now() where l.customer_id = 5 and l.erased_at is null"
    )
    with trail.connect() as connection:
        with connection.transaction():
            connection.execute(emptied)
            connection.execute(
                "insert into trustcart.audit_logs (action, table_name, record_id, customer_id)"
                " values ('erase', 'customers', 5, 5)"
            )
        assert problems(connection) == [(5, 5, UNORDERED)]
        connection.execute("insert into trustcart.customer_erasures (customer_id) values (5)")
        assert problems(connection) == [(5, 5, UNORDERED)]
        # A proof made up afterwards is itself on record, and so is its end.
        connection.execute("update trustcart.customer_erasures set erased_at = '2020-01-01'")
        connection.execute("delete from trustcart.customer_erasures")
        actions = connection.execute(
            "select array_agg(action order by id) from trustcart.audit_logs where table_name = 'customer_erasures'"
        ).fetchone()
        assert actions == (["insert", "update", "delete"],)


def test_a_whole_customer_erased(trail: Database) -> None:
    with trail.connect() as connection:
        connection.execute("update trustcart.customers set notes = 'about Name 5', phone = '01712345678' where id = 5")
        connection.execute("select trustcart_api.customer360(5)")
        connection.execute("select trustcart.erase_customer(5)")
        payloads = connection.execute(
            "select count(*) from trustcart.audit_logs where customer_id = 5 and action <> 'erase'"
            " and (old_values is not null or new_values is not null)"
        ).fetchone()
        assert payloads == (0,)
        seal(connection)
        assert problems(connection) == []


# --- writers beside the sealer ---------------------------------------------------------------------------------------


def test_a_long_transaction_is_sealed_when_it_ends_and_in_its_place(trail: Database) -> None:
    with trail.connect() as early, trail.connect() as late, trail.connect() as sealer:
        early.autocommit = False
        early.execute("insert into trustcart.customers (id) values (101)")
        late.execute("insert into trustcart.customers (id) values (102)")
        early.execute("insert into trustcart.customers (id) values (103)")
        assert seal(sealer)["sealed"] == 0
        assert problems(sealer) == []
        early.commit()
        assert seal(sealer)["sealed"] == 3
        order = sealer.execute(
            "select l.record_id from trustcart.audit_seals as s join trustcart.audit_logs as l on l.id = s.audit_id"
            " where s.position > 9 order by s.position"
        ).fetchall()
        assert order == [(101,), (103,), (102,)]
        assert problems(sealer) == []
        recomputed_chain(sealer)


def test_writers_wait_for_no_sealer(trail: Database) -> None:
    """A sealer that has not committed holds up nobody, another sealer neither."""
    with trail.connect() as sealer, trail.connect() as second, trail.connect() as writer:
        writer.execute("insert into trustcart.customers (id) values (101)")
        sealer.autocommit = False
        assert seal(sealer)["sealed"] == 1
        writer.execute("set lock_timeout = '1s'")
        writer.execute("insert into trustcart.customers (id) values (102)")
        writer.execute("update trustcart.customers set city = 'Khulna'")
        assert problems(writer) == []
        second.execute("set lock_timeout = '1s'")
        left = seal(second)
        assert (left["sealed"], left["position"]) == (0, 9)
        sealer.commit()
        assert seal(second)["sealed"] == 12
        assert problems(writer) == []
        recomputed_chain(writer)


def test_random_writers_beside_sealers_and_partitions(db: Database) -> None:
    """In the end each row is in the chain once, in the order of (txid, id), and the rows of a column, played back, give
    the table."""
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id, city) select g, 'Dhaka' from generate_series(1, 40) g")
    failures: list[Exception] = []

    def write(number: int) -> None:
        pick = random.Random(number)
        own = list(range(1 + 10 * number, 11 + 10 * number))
        try:
            with db.connect() as connection:
                connection.autocommit = False
                for step in range(120):
                    for _ in range(pick.choice([1, 1, 2, 5])):
                        one, other = pick.choice(own), pick.choice(own)
                        what = pick.randrange(7)
                        if what < 3:
                            connection.execute(
                                "update trustcart.customers set city = %s, is_active = %s where id in (%s, %s)",
                                [pick.choice(["Dhaka", "Khulna", "Sylhet", None]), pick.random() < 0.5, one, other],
                            )
                        elif what < 5:
                            connection.execute(
                                "insert into trustcart.customer_family_members (customer_id, name, relationship)"
                                " select c, 'N', %s from unnest(%s::bigint[]) as c",
                                [pick.choice(["child", "parent"]), pick.sample(own, pick.randint(1, 4))],
                            )
                        elif what == 5:
                            connection.execute(
                                "update trustcart.customer_family_members set relationship = 'sibling'"
                                " where customer_id = %s",
                                [one],
                            )
                        else:
                            connection.execute(
                                "delete from trustcart.customer_family_members where customer_id = %s", [one]
                            )
                    if pick.random() < 0.15:
                        connection.rollback()
                    else:
                        connection.commit()
                    if step % 40 == 39 and number == 0:
                        erase_audit_of(connection, own[0])
                        connection.commit()
        except Exception as error:
            failures.append(error)

    def keep_sealing(number: int) -> None:
        pick = random.Random(100 + number)
        try:
            with db.connect() as connection:
                while any(writer.is_alive() for writer in writers):
                    seal(connection)
                    if pick.random() < 0.2:
                        assert problems(connection) == []
                    if pick.random() < 0.1:
                        connection.execute("select trustcart.ensure_audit_partitions()")
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
    sealers = [threading.Thread(target=keep_sealing, args=[number]) for number in range(2)]
    for thread in (*writers, *sealers):
        thread.start()
    for thread in (*writers, *sealers):
        thread.join()
    assert failures == []
    with db.connect() as connection:
        seal(connection)
        assert problems(connection) == []
        recomputed_chain(connection)
        rows = connection.execute(
            "select s.position, l.txid::text::bigint, l.id from trustcart.audit_logs as l"
            " left join trustcart.audit_seals as s on s.audit_id = l.id order by s.position"
        ).fetchall()
        assert all(position is not None for position, _, _ in rows)
        assert len(rows) > 300
        assert [row[1:] for row in rows] == sorted(row[1:] for row in rows)
        erased = {1}
        told: dict[tuple, dict] = {}
        for table, key, action, new in connection.execute(
            "select l.table_name, l.record_id, l.action, l.new_values from trustcart.audit_logs as l"
            " where l.customer_id <> 1 order by l.txid, l.id"
        ):
            if action == "delete":
                del told[table, key]
            else:
                told.setdefault((table, key), {}).update(new)
        for table, column in (
            ("customers", "city"),
            ("customers", "is_active"),
            ("customer_family_members", "relationship"),
        ):
            owner = "id" if table == "customers" else "customer_id"
            there = dict(
                connection.execute(
                    f"select id, {column} from trustcart.{table} where {owner} <> all(%s)", [list(erased)]
                ).fetchall()
            )
            assert {key: values.get(column) for (of, key), values in told.items() if of == table} == there


def test_a_sealer_killed_in_the_middle_has_done_nothing(make_server) -> None:
    server = make_server({"fsync": "on", "synchronous_commit": "on"})
    migrate(server.create_database("shop"), read_bundle())
    database = Database(server, "shop", server.url("shop"))
    with database.connect() as writer:
        writer.execute("insert into trustcart.customers (id) select generate_series(1, 500)")
    blocker = database.connect()
    blocker.autocommit = False
    # The sealer has written 249 links when it meets this one, which is not committed.
    blocker.execute("insert into trustcart.audit_seals values (250, -1, now(), '3', sha256(''), sha256(''))")
    victim = database.connect()
    failure: list[Exception] = []

    def work() -> None:
        try:
            seal(victim)
        except psycopg.Error as error:
            failure.append(error)

    running = threading.Thread(target=work)
    running.start()
    wait_until_blocked(database, victim.info.backend_pid)
    server.kill9()
    running.join()
    assert failure
    server.restart()
    with database.connect() as after:
        assert after.execute("select count(*) from trustcart.audit_seals").fetchone() == (0,)
        assert seal(after)["sealed"] == 500
        assert problems(after) == []
        recomputed_chain(after)


# --- months that are dropped -----------------------------------------------------------------------------------------


def write_on(connection: psycopg.Connection, day: str, customer_id: int = 1) -> None:
    """A row of audit_logs of another day, as a clock that was wrong then would have made it."""
    connection.execute(
        "insert into trustcart.audit_logs (action, customer_id, created_at) values ('view', %s, %s)", [customer_id, day]
    )


def test_old_months_are_dropped_and_the_chain_begins_later(db: Database) -> None:
    with db.connect() as connection:
        tamper(connection, "update trustcart.settings set audit_keep_months = 12")
        write_on(connection, "2020-01-05 12:00+00")
        # Of a transaction that began in March and ended after some of April.
        write_on(connection, "2020-04-01 12:00+00")
        write_on(connection, "2020-03-31 23:00+00")
        for month in ("2020-03-01", "2020-04-01"):
            connection.execute("select trustcart.ensure_audit_partitions(%s::date)", [month])
        write_on(connection, "2020-05-02 12:00+00")
        noted = seal(connection)
        write_on(connection, "2020-05-03 12:00+00")

        dropped = connection.execute("select trustcart.drop_old_audit_logs('2021-04-30')").fetchone()[0]
        assert dropped == {
            "as_of": "2021-04-30",
            "kept_from": "2020-04-01",
            "rows": 2,
            "partitions": ["audit_logs_202001", "audit_logs_202002", "audit_logs_202003"],
        }
        # The link of March stays behind that of April; its row does not.
        assert connection.execute("select position, dropped_rows from trustcart.audit_checkpoints").fetchall() == [
            (1, 2)
        ]
        links = connection.execute("select array_agg(position order by position) from trustcart.audit_seals").fetchone()
        assert links == ([2, 3, 4],)
        assert problems(connection) == []
        again = connection.execute("select trustcart.drop_old_audit_logs('2021-04-30')").fetchone()[0]
        assert (again["rows"], again["partitions"]) == (0, [])

        # May has a row that is not sealed, so it stays, and all after it.
        assert connection.execute("select trustcart.drop_old_audit_logs('2030-01-01')").fetchone()[0]["rows"] == 1
        seal(connection)
        assert problems(connection) == []
        assert (
            connection.execute(
                "select problem from trustcart.verify_audit_log(%s, %s)", [noted["position"], noted["head"]]
            ).fetchall()
            == []
        )
        tamper(connection, "delete from trustcart.audit_logs where created_at = '2020-05-03 12:00+00'")
        assert [row[2] for row in problems(connection)] == [MISSING]


def test_no_month_goes_before_its_time(db: Database) -> None:
    """A date in the future drops no more than today's would."""
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) values (1)")
        seal(connection)
        assert connection.execute("select trustcart.drop_old_audit_logs('2199-01-01')").fetchone()[0]["rows"] == 0
        assert connection.execute("select count(*) from trustcart.audit_logs").fetchone() == (1,)


def test_everything_dropped_and_begun_again(db: Database) -> None:
    with db.connect() as connection:
        for day in ("2020-01-05", "2020-02-05"):
            write_on(connection, day)
        noted = seal(connection)
        assert connection.execute("select trustcart.drop_old_audit_logs()").fetchone()[0]["rows"] == 2
        assert connection.execute("select count(*) from trustcart.audit_seals").fetchone() == (0,)
        assert problems(connection) == []
        connection.execute("insert into trustcart.customers (id) values (1)")
        assert seal(connection)["position"] == 3
        assert problems(connection) == []
        assert (
            connection.execute(
                "select problem from trustcart.verify_audit_log(%s, %s)", [noted["position"], noted["head"]]
            ).fetchall()
            == []
        )
        tamper(connection, "update trustcart.audit_checkpoints set chain_hash = sha256('')")
        assert [row[2] for row in problems(connection)] == [BROKEN]


def test_a_chain_that_begins_where_nothing_was_dropped(trail: Database) -> None:
    """The owner's way to wipe the audit: a checkpoint of the present head, then delete what it covers."""
    checkpoint = (
        "insert into trustcart.audit_checkpoints (position, chain_hash, kept_from, dropped_rows{})"
        " select s.position, s.chain_hash, {}, {} from trustcart.audit_seals as s where s.position = 9"
    )
    with trail.connect() as connection:
        for statement in (
            checkpoint.format("", "now()", 9),
            checkpoint.format("", "now() - interval '30 days'", 0),
            checkpoint.format("", "now() - interval '30 days'", 9),
            "delete from trustcart.audit_logs",
            "delete from trustcart.audit_seals",
        ):
            with pytest.raises(psycopg.Error) as error:
                connection.execute(statement)
            assert error.value.sqlstate in ("TC107", "23514"), statement
        # And past the triggers and the constraint, whatever it says.
        tamper(connection, checkpoint.format("", "now() - interval '30 days'", 9))
        there = [(number, number, STILL_THERE) for number in range(1, 10)]
        assert [row for row in problems(connection) if row[2] == STILL_THERE] == there
        tamper(connection, "delete from trustcart.audit_checkpoints")
        tamper(connection, checkpoint.format(", created_at", "now()", "9, now() + interval '30 days'"))
        assert (None, 9, AHEAD) in problems(connection)
        tamper(connection, "delete from trustcart.audit_checkpoints")
        tamper(connection, checkpoint.format("", "now() - interval '30 days'", 3))
        tamper(connection, "delete from trustcart.audit_seals; delete from trustcart.audit_logs")
        assert problems(connection) == [(None, 9, MISFIT)]


def test_links_go_with_the_checkpoint_that_covers_them(db: Database) -> None:
    """Not later by hand, though it still stands there; and what does not fit it shows."""
    with db.connect() as connection:
        write_on(connection, "2020-01-05 12:00+00")
        # A link of January behind one of today stays, without its row.
        write_on(connection, "2020-02-05 12:00+00")
        seal(connection)
        connection.execute("insert into trustcart.customers (id) values (1)")
        write_on(connection, "2020-01-06 12:00+00")
        seal(connection)
        assert connection.execute("select trustcart.drop_old_audit_logs()").fetchone()[0]["rows"] == 3
        assert problems(connection) == []
        with pytest.raises(psycopg.Error) as error:
            connection.execute("delete from trustcart.audit_seals where audit_created_at < '2021-01-01'")
        assert error.value.sqlstate == "TC107"
        # A clock that goes wrong later writes what goes with the next month.
        write_on(connection, "2020-01-07 12:00+00")
        seal(connection)
        late = connection.execute("select trustcart.drop_old_audit_logs()").fetchone()[0]
        assert (late["rows"], late["partitions"]) == (0, [])
        assert problems(connection) == []
        connection.execute("update trustcart.settings set audit_keep_months = audit_keep_months - 1")
        assert connection.execute("select trustcart.drop_old_audit_logs()").fetchone()[0]["rows"] == 1
        assert problems(connection) == []
        write_on(connection, "2020-01-07 12:00+00")
        seal(connection)
        tamper(connection, "delete from trustcart.audit_logs where created_at = '2020-01-07 12:00+00'")
        assert problems(connection) == [(None, 2, MISFIT)]


# --- what outsiders can do --------------------------------------------------------------------------------------------


def test_no_advisory_lock_holds_up_the_audit(db: Database) -> None:
    """Any session may take those; the locks of these jobs only the owner can."""
    with db.connect() as outsider, db.connect() as connection:
        outsider.execute(
            "select pg_advisory_lock(hashtextextended(k, 0)) from unnest(array['trustcart audit chain',"
            " 'trustcart partitions of audit_logs', 'trustcart partitions of events']) as k"
        )
        connection.execute("insert into trustcart.customers (id) values (1)")
        connection.execute("set lock_timeout = '1s'")
        assert seal(connection)["sealed"] == 1
        for job in ("ensure_audit_partitions", "drop_old_audit_logs", "ensure_event_partitions", "drop_old_events"):
            connection.execute(f"select trustcart.{job}()")
        connection.execute("create role audit_test_admin login in role trustcart_admin")
        connection.execute("set session authorization audit_test_admin")
        for lock in (
            "trustcart.audit_checkpoints in share row exclusive mode",
            "trustcart.audit_logs in share update exclusive mode",
            "trustcart.events in share update exclusive mode",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"lock table {lock}")
        connection.execute("reset session authorization")
        connection.execute("drop role audit_test_admin")


def test_partition_jobs_wait_for_each_other_and_no_order_for_them(db: Database) -> None:
    with db.connect() as first, db.connect() as second, db.connect() as shop:
        first.execute("select trustcart.ensure_event_partitions(), trustcart.ensure_audit_partitions()")
        first.autocommit = False
        first.execute(
            "select trustcart.ensure_event_partitions(trustcart.business_date() + 70),"
            " trustcart.ensure_audit_partitions(trustcart.business_date() + 70)"
        )
        shop.execute("set lock_timeout = '1s'")
        shop.execute("insert into trustcart.customers (id) values (1)")
        shop.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount)"
            " values (1, trustcart.business_date(), 5)"
        )
        waiting = threading.Thread(target=second.execute, args=["select trustcart.ensure_event_partitions()"])
        waiting.start()
        wait_until_blocked(db, second.info.backend_pid)
        first.commit()
        waiting.join()


def test_what_a_caller_rolls_back_is_in_the_servers_log(db: Database) -> None:
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id, phone) values (7654322, '01712345679')")
        connection.execute("insert into trustcart.users (id, name, role) values (901, 'Boss', 'crm_manager')")
        connection.execute("create role audit_test_web login in role trustcart_gateway")
        connection.autocommit = False
        connection.execute("set local session authorization audit_test_web")
        connection.execute("select trustcart.act_as(901)")
        connection.execute("savepoint a")
        assert connection.execute("select customer_id from trustcart.find_caller('01712345679')").fetchall()
        connection.execute("rollback to savepoint a")
        connection.rollback()
        connection.execute("select trustcart.export_customer(7654322)")
        connection.rollback()
        assert connection.execute("select count(*) from trustcart.audit_logs where action <> 'insert'").fetchone() == (
            0,
        )
        connection.execute("drop role audit_test_web")
        login = connection.execute("select session_user").fetchone()[0]
        connection.commit()
    log = db.server.log_path.read_text()
    assert "trustcart: find_caller of customers {7654322} by user 901 (trustcart_manager)" in log
    assert f"trustcart: export of customers {{7654322}} by user {login} (" in log
    assert not [line for line in log.splitlines() if "LOG:  trustcart: " in line and "12345679" in line]


# --- the tick ---------------------------------------------------------------------------------------------------------


def test_the_tick_seals(db: Database) -> None:
    """Without a row in job_runs, after jobs that failed too, and whoever is not allowed to goes without."""
    with db.connect() as connection:
        connection.execute("update trustcart.job_schedules set is_enabled = false")
        connection.execute("insert into trustcart.customers (id) values (1)")
        sealed = "select count(*) from trustcart.audit_seals"
        unsealed = (
            "select count(*) from trustcart.audit_logs as l"
            " where not exists (select from trustcart.audit_seals as s where s.audit_id = l.id)"
        )
        connection.execute("create role audit_test_jobs login in role trustcart_jobs")
        connection.execute("set session authorization audit_test_jobs")
        connection.execute("call trustcart.run_due_jobs()")
        connection.execute("reset session authorization")
        connection.execute("drop role audit_test_jobs")
        assert connection.execute(unsealed).fetchone() == (0,)
        assert connection.execute("select count(*) from trustcart.job_runs").fetchone() == (0,)
        # In a transaction block, where it may not commit.
        with connection.transaction():
            connection.execute("call trustcart.run_due_jobs()")
        # Jobs that failed.
        connection.execute(
            "create function trustcart.test_job(date) returns jsonb language plpgsql as $$ begin raise 'no'; end $$"
        )
        connection.execute(
            "insert into trustcart.job_schedules (job_name, run_order, run_at, description)"
            " values ('test_job', 1, '00:00', 'x')"
        )
        with pytest.raises(psycopg.Error) as error:
            connection.execute("call trustcart.run_due_jobs()")
        assert error.value.sqlstate == "TC301"
        assert connection.execute(unsealed).fetchone() == (0,)
        before = connection.execute(sealed).fetchone()
        # Without the right.
        connection.execute("update trustcart.job_schedules set is_enabled = false")
        connection.execute("revoke execute on function trustcart.seal_audit_log(date) from trustcart_jobs")
        connection.execute("create role audit_test_jobs login in role trustcart_jobs")
        connection.execute("set session authorization audit_test_jobs")
        connection.execute("call trustcart.run_due_jobs()")
        connection.execute("reset session authorization")
        connection.execute("drop role audit_test_jobs")
        assert connection.execute(sealed).fetchone() == before
        assert problems(connection) == []


def test_no_sealer_makes_a_tick_fail(db: Database) -> None:
    """Another one at work, or one that breaks."""
    with db.connect() as connection, db.connect() as sealer:
        connection.execute("update trustcart.job_schedules set is_enabled = false")
        connection.execute("insert into trustcart.customers (id) values (1)")
        sealer.autocommit = False
        assert seal(sealer)["sealed"] > 0
        connection.execute("set lock_timeout = '1s'")
        connection.execute("call trustcart.run_due_jobs()")
        sealer.commit()
        warnings: list[str] = []
        connection.add_notice_handler(lambda notice: warnings.append(notice.message_primary))
        connection.execute("insert into trustcart.customers (id) values (2)")
        connection.execute("alter table trustcart.audit_seals add constraint broken check (false) not valid")
        connection.execute("call trustcart.run_due_jobs()")
        assert len(warnings) == 1 and warnings[0].startswith("trustcart: the audit trail was not sealed (23514")


# --- elsewhere -------------------------------------------------------------------------------------------------------


def test_a_dump_restored_into_a_server_that_counts_from_less(make_server) -> None:
    """The transaction ids of the dump lie ahead there, those of new rows behind its seals."""
    old, new = make_server(), make_server()
    for server in (old, new):
        migrate(server.create_database("shop"), read_bundle())
    with old.connect("shop") as connection:
        connection.execute("do $$ begin for i in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$")
        connection.execute("insert into trustcart.customers (id) values (1), (2)")
        seal(connection)
        connection.execute("insert into trustcart.customers (id) values (3)")
    dump = [str(old.bin_dir / "pg_dump"), f"--dbname={old.url('shop')}", "--format=custom"]
    text = subprocess.run(dump, capture_output=True, check=True).stdout
    new.drop_database("shop")
    new.create_database("shop")
    subprocess.run(
        [str(new.bin_dir / "pg_restore"), f"--dbname={new.url('shop')}", "--exit-on-error"], input=text, check=True
    )
    with new.connect("shop") as connection:
        lower = connection.execute("select pg_current_xact_id() < (select max(txid) from trustcart.audit_logs)")
        assert lower.fetchone()[0]
        connection.execute("insert into trustcart.customers (id) values (4)")
        assert seal(connection)["sealed"] == 2
        connection.execute("insert into trustcart.customers (id) values (5)")
        assert seal(connection)["sealed"] == 1
        assert problems(connection) == []
        recomputed_chain(connection)
        tamper(connection, "insert into trustcart.audit_logs (action, txid) values ('view', '3')")
        assert [row[2] for row in problems(connection)] == [PUT_IN]


def test_reading_goes_on_where_nothing_can_be_written(db: Database) -> None:
    """In a read-only transaction, as on a replica, the server's log has it."""
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id, phone) values (7654321, '01712345678')")
        connection.execute("set default_transaction_read_only = on")
        assert connection.execute("select trustcart_api.customer360(7654321)").fetchone()[0]["customer_id"] == 7654321
        assert connection.execute("select customer_id from trustcart.find_caller('01712345678')").fetchall()
        connection.execute("set default_transaction_read_only = off")
        assert connection.execute("select count(*) from trustcart.audit_logs where action <> 'insert'").fetchone() == (
            0,
        )
    log = db.server.log_path.read_text()
    for action in ("view", "find_caller"):
        assert f"trustcart: {action} of customers {{7654321}} by user" in log


def test_a_rollback_takes_the_partitions_along(db: Database, tmp_path: Path) -> None:
    """Their triggers, which a job made, hold nothing back. (As before the release, which no rollback goes behind.)"""
    bundle = replace(read_bundle(), migrations_dir=tmp_path / "migrations")
    shutil.copytree(read_bundle().migrations_dir, bundle.migrations_dir)
    (bundle.migrations_dir / "frozen.txt").write_text("", encoding="utf-8")
    ids = migration_ids(bundle)
    with db.connect() as connection:
        connection.execute("select trustcart.ensure_audit_partitions()")
        connection.execute("insert into trustcart.customers (id) values (1)")
    rollback(db.url, bundle, steps=len(ids) - ids.index("0015_audit"))
    left = (
        "select relname from pg_class where relname like 'audit%'"
        " union all select proname from pg_proc where proname like '%audit%'"
    )
    with db.connect() as connection:
        assert connection.execute(left).fetchall() == []
    migrate(db.url, bundle)
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) values (2)")
        assert connection.execute("select count(*) from trustcart.audit_logs").fetchone() == (1,)


def test_the_jobs_run_it(db: Database, cli) -> None:
    with db.connect() as connection:
        connection.execute("insert into trustcart.customers (id) values (1)")
    assert cli("run", "daily", url=db.url).returncode == 0
    with db.connect() as connection:
        (head,) = connection.execute(
            "select r.result ->> 'head' from trustcart.job_runs as r where r.job_name = 'seal_audit_log'"
        ).fetchone()
        assert connection.execute("select encode(chain_hash, 'hex') from trustcart.audit_seals").fetchall() == [(head,)]
        assert problems(connection) == []


def test_verify_without_the_right_says_so(db: Database, cli) -> None:
    with db.connect() as connection:
        connection.execute("create role audit_test_manager login in role trustcart_manager")
    done = cli("verify", "--format", "json", url=db.server.url(db.name, "audit_test_manager"))
    found = {row["check"]: row for row in json.loads(done.stdout)}
    assert found["Audit Rows Tampered With"]["value"] == "not looked at"
    with db.connect() as connection:
        connection.execute("drop role audit_test_manager")
