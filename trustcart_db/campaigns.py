"""Campaigns, segments and consent: the calls behind `campaign`, `segment` and `consent`. The database decides all."""

from __future__ import annotations

import re

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from trustcart_db.errors import UsageError

Row = dict[str, object]

#: The columns of a campaign in reading order: the guide's, then ours.
COLUMNS = (
    *("id", "campaign_name", "campaign_type", "target_segment", "discount_code", "start_date", "end_date"),
    *("sent_count", "response_count", "status", "frozen_at", "subject", "message_template", "is_active"),
    *("is_scheduled", "trigger_event", "notice_days", "holdout_percentage", "attribution_days", "created_at"),
)

_CREATE = "select trustcart_api.create_campaign({arguments})"
_LIST = "select e.campaign from jsonb_array_elements(trustcart_api.campaigns(%s)) as e (campaign)"
_ONE = (
    "select e.campaign from jsonb_array_elements(trustcart_api.campaigns()) as e (campaign)"
    " where (e.campaign ->> 'id')::bigint = %s"
)
_VARIANTS = (
    "select variant, weight, subject, message_template from trustcart.campaign_variants"
    " where campaign_id = %s order by variant"
)
_PERFORMANCE = "select * from trustcart.campaign_performance where campaign_id = %s"
_EXCLUSIONS = (
    "select reason, count(*) as customers from trustcart.campaign_exclusions where campaign_id = %s"
    " group by reason order by customers desc, reason"
)
_MESSAGES = (
    "select status, count(*) as messages from trustcart.campaign_messages where campaign_id = %s"
    " group by status order by messages desc, status"
)
_SEGMENTS = """
    select
        s.name,
        s.description,
        (
            select string_agg(
                case when r.is_excluded then 'not ' else '' end || r.attribute || case
                    when r.kind = 'words' then '=' || array_to_string(r.words, ',')
                    when r.at_most is null then '>=' || trim_scale(r.at_least)
                    when r.at_least is null then '<=' || trim_scale(r.at_most)
                    when r.kind = 'range' then '=' || trim_scale(r.at_least) || '..' || trim_scale(r.at_most)
                    else ''
                end,
                '; ' order by r.id
            )
            from trustcart.segment_rules as r
            where r.segment_id = s.id
        ) as rules
    from trustcart.segments as s
    where %(name)s::text is null or s.name = %(name)s
    order by s.name
"""
#: The guide's five: what each holds.
BUILT_IN = {
    "all": "every active customer",
    "new": "active, customer_type new",
    "repeat": "active, customer_type repeat",
    "vip": "active, customer_type vip",
    "inactive": "active, customer_type inactive",
}

_RULE = re.compile(
    r"\s*(?P<attribute>\w+)\s*(?:(?P<sign>>=|<=|=)\s*(?P<value>.+?))?\s*",
    re.DOTALL,
)
_NUMBER = r"-?\d+(?:\.\d+)?"


def create(connection: psycopg.Connection, **columns: object) -> Row:
    """Make a campaign. Arguments: a connection; what trustcart_api.create_campaign takes, without p_. Result: the
    campaign. Raises psycopg.Error."""
    given = {name: Jsonb(value) if name == "variants" else value for name, value in columns.items()}
    arguments = ", ".join(f"p_{name} => %({name})s" for name in given)
    return _in_order(connection.execute(_CREATE.format(arguments=arguments), given).fetchone()[0])


def change(connection: psycopg.Connection, campaign_id: int, **columns: object) -> Row:
    """Change columns of a campaign. Arguments: a connection, the campaign, columns of marketing_campaigns. Result: the
    campaign. Raises psycopg.Error: TC004 when there is none, TC110 what may not be changed any more."""
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in columns
    )
    query = sql.SQL("update trustcart.marketing_campaigns set {} where id = {}").format(
        assignments, sql.Placeholder("campaign_id")
    )
    connection.execute(query, columns | {"campaign_id": campaign_id})
    return show(connection, campaign_id)[0]


def campaigns(connection: psycopg.Connection, status: str | None = None) -> list[Row]:
    """The campaigns, the latest first. Arguments: a connection, a status. Raises psycopg.Error."""
    return [_in_order(row) for (row,) in connection.execute(_LIST, [status])]


def show(connection: psycopg.Connection, campaign_id: int) -> tuple[Row, dict[str, list[Row]]]:
    """A campaign: its columns, and its tables (variants, messages, exclusions, performance) by name. Raises
    psycopg.Error: TC004 when there is none."""
    found = connection.execute(_ONE, [campaign_id]).fetchone()
    if found is None:
        # Asked for its error alone.
        connection.execute("select trustcart.preview_campaign(%s, 0)", [campaign_id])
    campaign = _in_order(found[0])
    tables = {
        name: _rows(connection, query, [campaign_id])
        for name, query in (
            ("variants", _VARIANTS),
            ("messages", _MESSAGES),
            ("exclusions", _EXCLUSIONS),
            ("performance", _PERFORMANCE),
        )
    }
    return campaign, tables


def preview(connection: psycopg.Connection, campaign_id: int, limit: int) -> Row:
    """What sending would do. Arguments: a connection, the campaign, how many messages to render. Raises
    psycopg.Error."""
    return connection.execute("select trustcart.preview_campaign(%s, %s)", [campaign_id, limit]).fetchone()[0]


def send(connection: psycopg.Connection, campaign_id: int) -> Row:
    """Send a campaign. Result: the answer of send_campaign. Raises psycopg.Error."""
    return connection.execute("select trustcart.send_campaign(%s)", [campaign_id]).fetchone()[0]


def create_segment(
    connection: psycopg.Connection, name: str, rules: list[Row], description: str | None, replace: bool
) -> None:
    """Save a segment. Arguments: a connection, as trustcart.create_segment. Raises psycopg.Error."""
    connection.execute("select trustcart.create_segment(%s, %s, %s, %s)", [name, Jsonb(rules), description, replace])


def segments(connection: psycopg.Connection, name: str | None = None) -> list[Row]:
    """The saved segments with their rules as text, or the one of that name. Raises psycopg.Error."""
    return _rows(connection, _SEGMENTS, {"name": name})


def attributes(connection: psycopg.Connection) -> list[Row]:
    """What the rules of a segment can ask about. Raises psycopg.Error."""
    return _rows(
        connection, "select attribute, kind, description from trustcart.segment_attributes order by attribute", None
    )


def count(connection: psycopg.Connection, segment: str) -> int:
    """How many customers a segment has now. Raises psycopg.Error: TC002 when there is none."""
    return connection.execute("select trustcart.segment_count(%s)", [segment]).fetchone()[0]


def consents(connection: psycopg.Connection, customer_id: int) -> list[Row]:
    """What holds for a customer, a row a channel. Raises psycopg.Error: TC004 when there is none."""
    return _rows(connection, "select * from trustcart.consent_of(%s)", [customer_id])


def record_consent(
    connection: psycopg.Connection, customer_id: int, channel: str, granted: bool, source: str | None
) -> None:
    """Record what a customer said. Arguments: a connection, as trustcart.record_consent. Raises psycopg.Error."""
    connection.execute("select trustcart.record_consent(%s, %s, %s, %s)", [customer_id, channel, granted, source])


def parse_rule(text: str, exclude: bool = False) -> Row:
    """Read a rule of a segment as the command line writes it: `has_children`, `district=Dhaka,Sylhet`,
    `total_spend>=5000`, `order_count=2..5`.

    Arguments: the text; whether those of whom it holds are left out. Result: the rule as create_segment takes it, which
    alone knows attributes and words. Raises UsageError when the form is another.
    """
    found = _RULE.fullmatch(text)
    if not found:
        raise _no_rule(text)
    rule: Row = {"attribute": found["attribute"], **({"exclude": True} if exclude else {})}
    sign, value = found["sign"], found["value"]
    if sign is None:
        return rule
    if sign != "=":
        if not re.fullmatch(_NUMBER, value):
            raise _no_rule(text)
        return rule | {"at_least" if sign == ">=" else "at_most": _number(value)}
    if bounds := re.fullmatch(rf"({_NUMBER})(?:\.\.({_NUMBER}))?", value):
        return rule | {"at_least": _number(bounds[1]), "at_most": _number(bounds[2] or bounds[1])}
    return rule | {"words": [word.strip() for word in value.split(",")]}


def parse_variant(text: str) -> Row:
    """Read a variant as the command line writes it: `A=text`, or `A:2=text` with its weight. Raises UsageError."""
    found = re.fullmatch(r"\s*(\w+)\s*(?::\s*(\d+)\s*)?=(.+)", text, re.DOTALL)
    if not found:
        raise UsageError(
            f"{text!r} is not NAME=TEXT.", "For example: --variant 'A=Hello {{ name }}' --variant 'B:2=Hi'"
        )
    return {"variant": found[1], "weight": int(found[2] or 1), "message_template": found[3]}


def _in_order(campaign: Row) -> Row:
    """A campaign as COLUMNS has it: jsonb keeps no order."""
    return {name: campaign[name] for name in COLUMNS if name in campaign} | campaign


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _no_rule(text: str) -> UsageError:
    return UsageError(
        f"{text!r} is not a rule.",
        "For example: --where district=Dhaka,Sylhet --where 'total_spend>=5000' --where order_count=2..5 "
        "--where has_children",
    )


def _rows(connection: psycopg.Connection, query: str, values: object) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values).fetchall()
