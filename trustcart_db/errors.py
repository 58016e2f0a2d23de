"""Errors as a contract: each SQLSTATE is one exception, one exit code and one HTTP status. Nothing is matched by text.

The database raises SQLSTATEs of class `TC` with a message and a HINT that says the remedy. `translate` turns any
`psycopg.Error` into a `TrustCartError`; the command line prints it as "Error: … / Hint: …" and exits with its code, and
the HTTP layer answers with its status.
"""

from __future__ import annotations

from typing import NamedTuple

import psycopg

from trustcart_db.masking import mask_text


class TrustCartError(Exception):
    """Any failure that is told to the user as a sentence instead of a traceback.

    Attributes: message (str), hint (str or None), sqlstate (str or None), field (str or None: the one field that it is
    about, as HTTP names it), http_status (int), exit_code (int). The last two come from the class unless the
    instance is given its own.
    """

    exit_code = 1
    http_status = 500

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        *,
        sqlstate: str | None = None,
        field: str | None = None,
        http_status: int | None = None,
        exit_code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.sqlstate = sqlstate
        self.field = field
        if http_status is not None:
            self.http_status = http_status
        if exit_code is not None:
            self.exit_code = exit_code

    def __str__(self) -> str:
        return self.message


class UsageError(TrustCartError):
    """The command was given something it cannot read, such as a malformed database URL."""

    exit_code, http_status = 2, 400


class ConnectError(TrustCartError):
    """The database cannot be reached, or the connection broke."""

    exit_code, http_status = 3, 503


class RightsError(TrustCartError):
    """The role lacks a right; the hint holds the SQL that a DBA can run."""

    exit_code, http_status = 4, 403


class VersionError(TrustCartError):
    """The database was migrated by a version this one cannot work with."""

    exit_code, http_status = 5, 500


class InputError(TrustCartError):
    """Data that breaks a constraint or is not of its type."""

    exit_code, http_status = 6, 400


class RefusedError(TrustCartError):
    """The database refused with a SQLSTATE of ours, or a change would break something; nothing was changed."""

    exit_code, http_status = 7, 422


class BusyError(TrustCartError):
    """Someone else holds a lock; trying again later is the remedy."""

    exit_code, http_status = 8, 503


class JobError(TrustCartError):
    """A job ran and failed."""

    exit_code, http_status = 9, 500


class MissingError(TrustCartError):
    """Something that must be installed first is absent, such as pg_cron or the schema itself."""

    exit_code, http_status = 10, 503


class Contract(NamedTuple):
    """What a SQLSTATE means to a caller: exception (its class), http_status, exit_code."""

    exception: type[TrustCartError]
    http_status: int
    exit_code: int


def _contract(
    exception: type[TrustCartError], http_status: int | None = None, exit_code: int | None = None
) -> Contract:
    return Contract(exception, http_status or exception.http_status, exit_code or exception.exit_code)


# Exact SQLSTATEs; the longest prefix below serves those that are not listed.
SQLSTATES: dict[str, Contract] = {
    "TC004": _contract(RefusedError, 404),
    "TC105": _contract(BusyError, 409),
    "TC301": _contract(JobError),
    "TC401": _contract(RefusedError, 401),
    "TC402": _contract(RefusedError, 401),
    "TC404": _contract(RefusedError, 401),
    "TC405": _contract(RefusedError, 429),
    "TC503": _contract(MissingError),
    "TC504": _contract(RefusedError, 409),
    "TC505": _contract(TrustCartError),
    "42501": _contract(RightsError),
    "2BP01": _contract(RefusedError, 409),
    "23502": _contract(InputError),
    "23001": _contract(InputError, 409),  # what ON DELETE RESTRICT raises from Postgres 18 on
    "23503": _contract(InputError, 409),
    "23505": _contract(InputError, 409),
    "23514": _contract(InputError),
    "23P01": _contract(InputError, 409),
    "40001": _contract(BusyError),
    "40P01": _contract(BusyError),
    "55P03": _contract(BusyError),
    "57014": _contract(TrustCartError, 504),
    "3F000": _contract(MissingError),
    "42P01": _contract(MissingError),
    "42883": _contract(MissingError),
}

PREFIXES: dict[str, Contract] = {
    "TC0": _contract(RefusedError, 400),  # a bad argument
    "TC1": _contract(RefusedError, 409),  # a wrong state
    "TC2": _contract(RefusedError, 422),  # refused by a rule
    "TC3": _contract(RefusedError, 409),  # operations and jobs
    "TC4": _contract(RefusedError, 403),  # forbidden
    "TC5": _contract(RefusedError, 503),  # encryption: the key
    "TC": _contract(RefusedError),
    "08": _contract(ConnectError),
    "57P": _contract(ConnectError),
    "28": _contract(ConnectError),
    "22": _contract(InputError),
    "23": _contract(InputError),
    "42": _contract(TrustCartError),
    "54": _contract(InputError),  # a text too long for an index, an expression too deep
}

_NOT_INSTALLED = "Is it the right database? `trustcart-db status` says what it has, `trustcart-db migrate` installs it."
_HINTS: dict[str, str] = {
    "42501": "Connect as a role that has this right, or let a DBA grant it.",
    "2BP01": "Nothing of yours is dropped along. Drop those objects yourself first, and make them again afterwards.",
    "23001": "Rows of another table still point to it.",
    "23502": "Give that column a value.",
    "23503": "The row it points to must exist first, and cannot go while others point to it.",
    "23505": "A row with this key exists already.",
    "23514": "The constraint's name says what it keeps; its definition is in schema.sql (psql: \\d on the table).",
    "23P01": "A row that overlaps this one exists already.",
    "40001": "Run it again.",
    "40P01": "Two transactions waited for each other and this one was undone. Run it again.",
    "55P03": "Another session holds the lock. Try again when it is done.",
    "3F000": _NOT_INSTALLED,
    "42P01": _NOT_INSTALLED,
    "42883": _NOT_INSTALLED,
}
# Where the constraint alone tells the remedy.
_CONSTRAINT_HINTS: dict[str, str] = {
    "sales_orders_status_fkey": "Use a status of trustcart.order_statuses, or add this one there and say if it counts.",
    "sales_orders_customer_id_fkey": "Insert the customer first. One with orders is not deleted but deactivated.",
    "sales_orders_total_amount_sane": "An amount is not negative; a return is a status, not a negative order.",
    "sales_orders_order_date_sane": "An order's date lies between 1900-01-01 and 2199-12-31.",
    "agent_days_within_cap": "Kept by triggers on crm_call_tasks: move or skip calls, or raise the agent's max_calls.",
    "agent_leave_no_overlap": "The agent is on leave then already. Enter the other days, or cancel that leave first.",
    "crm_call_tasks_task_type_fkey": "Use a type of trustcart.call_task_types, or add this one there.",
    "customer_family_members_relationship_given": "Say how they are related: spouse, child, parent, sibling …",
    "users_db_role_key": "A login role acts as one user. Name another, or take it from that user first.",
    "users_email_key": "Another user has this e-mail address, perhaps a disabled one: trustcart-db user list.",
    "users_role_known": "Use crm_agent, crm_manager, admin or other.",
}


def contract_for(sqlstate: str | None) -> Contract:
    """The contract of a SQLSTATE: the exact entry, else that of its longest listed prefix, else "other failure".

    Argument: five characters or None (no answer from a server). Result: a Contract; never raises.
    """
    if not sqlstate:
        return _contract(TrustCartError)
    if sqlstate in SQLSTATES:
        return SQLSTATES[sqlstate]
    for length in range(len(sqlstate), 0, -1):
        if sqlstate[:length] in PREFIXES:
            return PREFIXES[sqlstate[:length]]
    return _contract(TrustCartError)


def translate(error: psycopg.Error) -> TrustCartError:
    """Turn a driver error into ours.

    Argument: any psycopg.Error. Result: a TrustCartError of the class, exit code and HTTP status its SQLSTATE stands
    for, e-mail addresses and phones masked in its message; an error without a SQLSTATE that broke the connection is a
    ConnectError. Never raises.
    """
    diag = error.diag
    sqlstate = error.sqlstate
    if sqlstate is None:
        if isinstance(error, psycopg.OperationalError):
            exception = ConnectError
        else:
            # What the driver itself does not take, such as a text with NUL.
            exception = InputError if isinstance(error, psycopg.DataError) else TrustCartError
        return exception(mask_text(str(error).strip()) or type(error).__name__)
    contract = contract_for(sqlstate)
    message = diag.message_primary or str(error).strip()
    if sqlstate.startswith("23") and diag.constraint_name:
        message = f"{diag.schema_name}.{diag.table_name} refuses it by the constraint {diag.constraint_name}"
    elif sqlstate == "23502":
        message = f"{diag.schema_name}.{diag.table_name}.{diag.column_name} must not be null"
    if (sqlstate.startswith("23") or sqlstate == "2BP01") and diag.message_detail:
        message += f": {diag.message_detail}"
    return contract.exception(
        mask_text(message),
        diag.message_hint or _CONSTRAINT_HINTS.get(diag.constraint_name or "") or _HINTS.get(sqlstate),
        sqlstate=sqlstate,
        # Ours name it as HTTP does; of other errors it is a column of a table.
        field=diag.column_name if sqlstate.startswith("TC") else None,
        http_status=contract.http_status,
        exit_code=contract.exit_code,
    )
