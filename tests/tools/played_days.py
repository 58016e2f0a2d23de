"""Days that a test lives through: the database believes that it is the day played, whatever the clock says."""

from __future__ import annotations

from datetime import date, datetime

import psycopg

_BUSINESS_DATE = """
    create or replace function trustcart.business_date() returns date
    language plpgsql stable parallel safe security invoker set search_path = pg_catalog
    as $$ begin return current_setting('played.today')::date; end; $$
"""
_STAMPED_COLUMNS = """
    select a.attrelid::regclass::text, array_agg(quote_ident(a.attname))
    from pg_attribute as a
    join pg_class as c on c.oid = a.attrelid
    where c.relnamespace::regnamespace::text in ('trustcart', 'trustcart_private')
      and c.relkind in ('r', 'p') and not c.relispartition
      and a.atttypid = 'timestamptz'::regtype and a.attnum > 0 and not a.attisdropped
    group by a.attrelid
"""


class PlayedDays:
    """begin(day, hour) and settle(), which moves what the clock has stamped since then to that hour of the day.

    For a database of days well before today, and one session. The functions that take an instant get `at`.
    """

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        connection.execute(_BUSINESS_DATE)
        self._updates = [
            "update {table} set {moved} where {stamped}".format(
                table=table,
                moved=", ".join(f"{c} = case when {c} >= %(real)s then {c} - %(by)s else {c} end" for c in columns),
                stamped=" or ".join(f"{c} >= %(real)s" for c in columns),
            )
            for table, columns in connection.execute(_STAMPED_COLUMNS)
        ]
        self._real: datetime | None = None
        self.at: datetime | None = None

    def begin(self, day: date, hour: str) -> None:
        """Now it is that hour of that day."""
        if self._real is not None:
            self.settle()
        self._real, self.at = self._connection.execute(
            "select clock_timestamp(), (%s::date + %s::time) at time zone s.time_zone"
            " from trustcart.settings as s, set_config('played.today', %s::date::text, false)",
            [day, hour, day],
        ).fetchone()

    def settle(self) -> None:
        """Move what was stamped since begin() to the hour played, and count the contacts of the right days."""
        with self._connection.transaction():
            self._connection.execute("set local session_replication_role to replica")
            for update in self._updates:
                self._connection.execute(update, {"real": self._real, "by": self._real - self.at})
        self._connection.execute("select trustcart_private.recount_contact_days()")
