"""Puts an adoption on and takes it off.

In order: functions and notes in one transaction → our ids count down → guards of our tables → triggers of the host's,
each in a short transaction of its own → the past comes over. Each step may be killed: the next run goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from trustcart_db import __version__
from trustcart_db.adoption import backfill, compare
from trustcart_db.adoption.host import Source, refuse_encrypted, resolve, unindexed_items
from trustcart_db.adoption.mapping import ENTITIES, Mapping, parse_mapping
from trustcart_db.adoption.render import (
    FUNCTION_PREFIX,
    GUARD_PREFIX,
    TRIGGER_PREFIX,
    Piece,
    Rendered,
    count_up,
    render,
)
from trustcart_db.errors import MissingError, RefusedError, RightsError, TrustCartError
from trustcart_db.migrate import Tell, migrate_session, retrying, short_transaction

_TRIGGERS = """
    select t.tgname, t.tgrelid::regclass::text, p.proname
    from pg_trigger as t
    join pg_proc as p on p.oid = t.tgfoid
    where not t.tgisinternal and t.tgparentid = 0 and p.pronamespace = 'trustcart_private'::regnamespace
        and starts_with(p.proname, %s)
    order by 2, 1
"""


@dataclass(frozen=True)
class Outcome:
    """What an adopt did: was_live (nothing was to be done), rows (keys of the source read), unindexed (tables of items
    without an index on their order)."""

    was_live: bool
    rows: int
    unindexed: list[str]


def adopt(
    conninfo: str,
    mapping: Mapping,
    *,
    lock_wait: float,
    tell: Tell,
    progress: backfill.Progress,
) -> Outcome:
    """Adopt the host's tables, or go on where an earlier adopt stopped, or change to another mapping.

    Arguments: conninfo; mapping; lock_wait, the seconds to wait for a table; tell, called with a line of progress;
    progress, called with (title, done, total). Result: an Outcome. Raises MappingError, RightsError, RefusedError,
    BusyError, MissingError, ConnectError.
    """
    with session(conninfo, lock_wait, tell) as connection:
        refuse_encrypted(connection)
        sources = resolve(connection, mapping, _own_users(connection))
        rendered = render(sources)
        before = _adoption(connection)
        if before and before["state"] == "live" and _is_same(connection, before, mapping, rendered):
            return Outcome(True, 0, [])
        _refuse_foreign_rows(connection, sources)
        # Without its triggers nobody knows what the source wrote meanwhile: after a restore, for one.
        is_blind = before is not None and before["state"] == "live" and _misses(connection, rendered.triggers)
        _record(connection, mapping, sources, rendered, is_blind)
        retrying(lambda: _functions(connection, rendered), connection, "the functions", None, lock_wait)
        for table, statement in rendered.sequences.items():
            retrying(lambda: _run(connection, statement), connection, f"the ids of {table}", table, lock_wait)  # noqa: B023
        _put_on(connection, rendered.guards, lock_wait)
        # Whoever was inserting when we looked has ended by now.
        _refuse_foreign_rows(connection, sources)
        _put_on(connection, rendered.triggers, lock_wait)
        for one in _stale(connection, rendered):
            retrying(lambda: _drop_trigger(connection, one), connection, one.name, one.table, lock_wait)  # noqa: B023
        _drop_functions(connection, {one.name for one in rendered.functions})
        rows = backfill.backfill(connection, sources, lock_wait, progress)
        if before and before["live_at"]:
            # Rows had come before; some may be left over that the source has no more.
            compare.repair(connection, lock_wait, progress)
        else:
            compare.settle(connection, lock_wait)
        connection.execute("update trustcart_private.adoptions set state = 'live', live_at = coalesce(live_at, now())")
        return Outcome(False, rows, unindexed_items(connection, sources))


def dry_run(conninfo: str, mapping: Mapping, *, lock_wait: float, tell: Tell) -> tuple[str, list[dict[str, object]]]:
    """Say what `adopt` would do, changing nothing.

    Result: the SQL, and a row for each source table: entity, table, target, rows. Raises as `adopt`.
    """
    with session(conninfo, lock_wait, tell) as connection:
        refuse_encrypted(connection)
        sources = resolve(connection, mapping, _own_users(connection))
        _refuse_foreign_rows(connection, sources)
        rows = []
        for one in sources:
            condition = f" where ({one.where})" if one.where else ""
            count = connection.execute(f"select count(*) from {one.from_clause}{condition}").fetchone()[0]
            rows.append({"entity": one.entity, "table": one.table, "target": one.target, "rows": count})
        return render(sources).script(), rows


def remove(conninfo: str, *, lock_wait: float, tell: Tell) -> bool:
    """Take the adoption off: the host's triggers first, so that nothing of it is called that is gone.

    Result: whether there was one. What came over stays, and is ours from then on. Raises RightsError, BusyError,
    ConnectError.
    """
    with session(conninfo, lock_wait, tell) as connection:
        before = _adoption(connection)
        if not before or before["state"] == "removed":
            return False
        _refuse_foreign_triggers(connection)
        for prefix in (TRIGGER_PREFIX, GUARD_PREFIX):
            for one in _present(connection):
                if one.name.startswith(prefix):
                    retrying(lambda: _drop_trigger(connection, one), connection, one.name, one.table, lock_wait)  # noqa: B023
        retrying(lambda: _take_off(connection), connection, "the ids of our tables", None, lock_wait)
        return True


def renew(connection: psycopg.Connection, lock_wait: float, tell: Tell) -> None:
    """After an upgrade: render the adoption anew from the mapping on record, and put on what is another now.

    Arguments: the migrate's connection; lock_wait; tell. An ERP that the mapping no longer fits is told, not raised:
    its rows are in the quarantine already. Raises BusyError.
    """
    before = _adoption(connection)
    if not before or before["state"] == "removed":
        return
    mapping = parse_mapping(before["mapping_name"].removesuffix(".toml"), before["mapping"])
    try:
        rendered = render(resolve(connection, mapping, _own_users(connection)))
    except TrustCartError as error:
        tell(f"the adoption stays as it was: {error}")
        return
    if _is_same(connection, before, mapping, rendered):
        return
    retrying(lambda: _functions(connection, rendered), connection, "the adoption's functions", None, lock_wait)
    _put_on(connection, rendered.guards, lock_wait)
    _put_on(connection, rendered.triggers, lock_wait)
    connection.execute(
        "update trustcart_private.adoptions set rendered_sha256 = %s, package_version = %s",
        [rendered.sha256, __version__],
    )
    tell("rendered the adoption anew")


def status(connection: psycopg.Connection) -> dict[str, object] | None:
    """What is adopted, as trustcart.adoption_status() says. Result: None when nothing is. Raises psycopg.Error."""
    return connection.execute("select trustcart.adoption_status()").fetchone()[0]


@contextmanager
def session(conninfo: str, lock_wait: float, tell: Tell) -> Iterator[psycopg.Connection]:
    """A connection beside which no migrate and no other adopt runs, as the role that owns our tables.

    Raises MissingError without our schema, and as `migrate_session`.
    """
    with migrate_session(conninfo, lock_wait, tell) as connection:
        row = connection.execute(
            "select relowner::regrole::text, relowner = current_user::regrole from pg_class"
            " where oid = to_regclass('trustcart_private.adoptions')"
        ).fetchone()
        if row is None:
            raise MissingError(
                "This database has no schema that can adopt.", "Run `trustcart-db migrate` first, with this version."
            )
        owner, is_owner = row
        if not is_owner:
            # The functions run as their owner, so its rights to the host's tables are what counts.
            connection.execute(sql.SQL("set role {}").format(sql.Identifier(owner.strip('"'))))
        yield connection


def is_adopted(connection: psycopg.Connection) -> bool:
    """Whether triggers of the host's tables may call us. Raises psycopg.Error."""
    before = _adoption(connection)
    return bool(before) and before["state"] != "removed"


def refuse_adopted(connection: psycopg.Connection) -> None:
    """Refuse what would drop functions that the host's triggers call. Raises RefusedError."""
    if is_adopted(connection):
        raise RefusedError(
            "Tables of an ERP are adopted here: its triggers call our functions with every write.",
            "Take the adoption off first: trustcart-db adopt --remove.",
        )


# --- what is there ---------------------------------------------------------------------------------------------------


def _adoption(connection: psycopg.Connection) -> dict[str, object] | None:
    # A release before 0.2.0 has no such table.
    if not connection.execute("select to_regclass('trustcart_private.adoptions') is not null").fetchone()[0]:
        return None
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute("select * from trustcart_private.adoptions").fetchone()


def _is_same(connection: psycopg.Connection, before: dict[str, object], mapping: Mapping, rendered: Rendered) -> bool:
    present = {(one.name, one.table) for one in _present(connection)}
    wanted = {(one.name, one.table) for one in (*rendered.guards, *rendered.triggers)}
    return (before["mapping"], before["rendered_sha256"]) == (mapping.text, rendered.sha256) and present == wanted


def _misses(connection: psycopg.Connection, triggers: tuple[Piece, ...]) -> bool:
    present = {(one.name, one.table) for one in _present(connection)}
    return not {(one.name, one.table) for one in triggers} <= present


def _present(connection: psycopg.Connection) -> list[Piece]:
    rows = connection.execute(_TRIGGERS, [FUNCTION_PREFIX]).fetchall()
    return [Piece(name, table, function) for name, table, function in rows]


def _stale(connection: psycopg.Connection, rendered: Rendered) -> list[Piece]:
    wanted = {(one.name, one.table) for one in (*rendered.guards, *rendered.triggers)}
    return [one for one in _present(connection) if (one.name, one.table) not in wanted]


def _own_users(connection: psycopg.Connection) -> tuple[int, ...]:
    """Our users who are not the source's: those of before the adoption."""
    row = connection.execute(
        "select coalesce("
        " (select s.own_ids from trustcart_private.adoption_sources as s"
        "  where s.entity = 'users' and not exists (select from trustcart_private.adoptions where state = 'removed')),"
        " (select array_agg(u.id order by u.id) from trustcart.users as u where u.id > coalesce("
        "  (select s.kept_to from trustcart_private.adoption_sources as s where s.entity = 'users'), 0)), '{}')"
    ).fetchone()
    return tuple(row[0])


def _refuse_foreign_rows(connection: psycopg.Connection, sources: list[Source]) -> None:
    """Rows with ids above zero must be the source's: theirs and ours could not be told apart."""
    found = []
    for target in dict.fromkeys(one.target for one in sources if one.entity != "users"):
        entities = [one.entity for one in sources if one.target == target]
        count = connection.execute(
            f"select count(*) from {target} as t where t.id > coalesce((select case when a.state = 'removed'"
            "  then max(s.kept_to) else 9223372036854775807 end from trustcart_private.adoption_sources as s"
            "  cross join trustcart_private.adoptions as a where s.entity = any(%s) group by a.state), 0)",
            [entities],
        ).fetchone()[0]
        if count:
            found.append(f"{target} ({count:,} rows)")
    if found:
        raise RefusedError(
            f"Rows that are not the ERP's are in {', '.join(found)}: their ids may be those of other rows there.",
            "Adopt into a database in which these tables are empty.",
        )
    tables = len([one for one in sources if one.entity == "items"])
    known = connection.execute(
        "select count(*) from trustcart_private.adoption_sources as s where s.entity = 'items'"
        " and exists (select from trustcart.sales_order_items as i where i.id > 0)"
    ).fetchone()[0]
    if known and tables and (known > 1) != (tables > 1):
        raise RefusedError(
            "One table of items was adopted, or several; now it is the other: the ids of items would change.",
            "Map as many as before, or adopt into an empty database.",
        )


def _refuse_foreign_triggers(connection: psycopg.Connection) -> None:
    """TRIGGER is enough to put one on; taking it off again is the table's owner's alone."""
    foreign = connection.execute(
        "select format('drop trigger %%I on %%s;', t.tgname, t.tgrelid::regclass) from pg_trigger as t"
        " join pg_class as c on c.oid = t.tgrelid where starts_with(t.tgname, %s) and t.tgparentid = 0"
        " and not pg_has_role(c.relowner, 'usage') order by 1",
        [TRIGGER_PREFIX],
    ).fetchall()
    if foreign:
        raise RightsError(
            "Only the owner of the ERP's tables can take triggers off.",
            "Let the owner run this, then remove again:\n" + "\n".join(f"  {one}" for (one,) in foreign),
        )


def _record(
    connection: psycopg.Connection, mapping: Mapping, sources: list[Source], rendered: Rendered, is_blind: bool
) -> None:
    """Note what is adopted from here on, and what must be read again: all of it where is_blind."""
    with connection.transaction():
        if is_blind:
            connection.execute("update trustcart_private.adoption_sources set definition_sha256 = ''")
        connection.execute(
            "insert into trustcart_private.adoptions as a"
            " (mapping_name, mapping, rendered_sha256, package_version, time_zone, state)"
            " values (%s, %s, %s, %s, %s, 'backfilling') on conflict (id) do update set"
            " mapping_name = excluded.mapping_name, mapping = excluded.mapping, time_zone = excluded.time_zone,"
            " rendered_sha256 = excluded.rendered_sha256, package_version = excluded.package_version,"
            " state = 'backfilling', removed_at = null",
            [mapping.name, mapping.text, rendered.sha256, __version__, mapping.time_zone],
        )
        connection.execute(
            "delete from trustcart_private.adoption_sources where source_name <> all(%s)", [[s.name for s in sources]]
        )
        connection.execute(
            "delete from trustcart_private.adoption_quarantine as q where not exists (select from"
            " trustcart_private.adoption_sources as s where s.entity = q.entity and s.slot = q.slot)"
        )
        for one in sources:
            connection.execute(
                "insert into trustcart_private.adoption_sources as s (entity, slot, source_name, source_table, columns,"
                " optional_columns, own_ids, definition_sha256) values (%s, %s, %s, %s, %s, %s, %s, %s)"
                " on conflict (entity, slot) do update set source_name = excluded.source_name,"
                " source_table = excluded.source_table, columns = excluded.columns,"
                " optional_columns = excluded.optional_columns, own_ids = excluded.own_ids,"
                " definition_sha256 = excluded.definition_sha256,"
                " last_key = case when s.definition_sha256 = excluded.definition_sha256 and s.kept_to is null"
                "  then s.last_key end,"
                " rows_done = case when s.definition_sha256 = excluded.definition_sha256 and s.kept_to is null"
                "  then s.rows_done else 0 end,"
                " done_at = case when s.definition_sha256 = excluded.definition_sha256 and s.kept_to is null"
                "  then s.done_at end, kept_to = null",
                [
                    *(one.entity, one.slot, one.name, one.table, [c.name for c in one.columns]),
                    [c.name for c in one.columns if not c.required],
                    list(one.own_ids),
                    rendered.definition_of(one),
                ],
            )


# --- on and off ------------------------------------------------------------------------------------------------------


def _functions(connection: psycopg.Connection, rendered: Rendered) -> None:
    with short_transaction(connection):
        # They call each other, in SQL bodies too.
        connection.execute("set local check_function_bodies to off")
        for one in rendered.functions:
            connection.execute(one.text, prepare=False)
        connection.execute(
            "do $$ declare v_statement text; begin for v_statement in"
            " select format('revoke execute on function %s from public', p.oid::regprocedure) from pg_proc as p"
            " where p.pronamespace = 'trustcart_private'::regnamespace and starts_with(p.proname, 'adopt_')"
            " loop execute v_statement; end loop; end $$"
        )


def _put_on(connection: psycopg.Connection, pieces: tuple[Piece, ...], lock_wait: float) -> None:
    for one in pieces:
        retrying(lambda: _run(connection, one.text), connection, one.name, one.table, lock_wait)  # noqa: B023


def _run(connection: psycopg.Connection, statement: str) -> None:
    with short_transaction(connection):
        connection.execute(statement, prepare=False)


def _drop_trigger(connection: psycopg.Connection, one: Piece) -> None:
    with short_transaction(connection):
        connection.execute(f"drop trigger if exists {one.name} on {one.table}")


def _drop_functions(connection: psycopg.Connection, kept: set[str]) -> None:
    """The generated functions but those that are kept."""
    with short_transaction(connection):
        rows = connection.execute(
            "select p.oid::regprocedure::text, p.proname from pg_proc as p"
            " where p.pronamespace = 'trustcart_private'::regnamespace and starts_with(p.proname, %s)",
            [FUNCTION_PREFIX],
        ).fetchall()
        for identity, name in rows:
            if name not in kept:
                connection.execute(f"drop function {identity}")


def _take_off(connection: psycopg.Connection) -> None:
    """What is ours alone of it: ids, functions, notes; the last step of removing."""
    with short_transaction(connection):
        entities = connection.execute("select distinct entity from trustcart_private.adoption_sources").fetchall()
        for (entity,) in entities:
            target = ENTITIES[entity].target
            connection.execute(count_up(target), prepare=False)
            connection.execute(
                "update trustcart_private.adoption_sources set last_key = null, rows_done = 0, done_at = null,"
                f" kept_to = greatest((select max(t.id) from {target} as t), 0) where entity = %s",
                [entity],
            )
        _drop_functions(connection, set())
        connection.execute(
            "delete from trustcart_private.adoption_quarantine; truncate trustcart_private.adoption_queue;"
            " update trustcart_private.adoptions set state = 'removed', removed_at = now()"
        )
