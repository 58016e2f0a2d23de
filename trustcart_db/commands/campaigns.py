"""campaign, segment, consent: whom the shop writes to, and what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TextIO

import click

from trustcart_db import campaigns
from trustcart_db.commands.options import DateType, Group, examples
from trustcart_db.connection import connect, resolve
from trustcart_db.errors import UsageError
from trustcart_db.output import format_option, tell, write_rows


@click.group("campaign", cls=Group)
def campaign_group() -> None:
    """Make, preview and send marketing campaigns."""


@campaign_group.command(
    "create",
    epilog=examples(
        "campaign create --name Eid --type sms --segment vip \\\n"
        "      --message 'Eid Mubarak {{ name }}!' --discount-code EID10"
    ),
)
@click.option("--name", "campaign_name", required=True, help="Name of the campaign.")
@click.option("--type", "campaign_type", required=True, metavar="CHANNEL", help="sms, email, whatsapp or push.")
@click.option("--segment", "target_segment", required=True, help="all, new, repeat, vip, inactive, or a saved one.")
@click.option("--message", "message_template", metavar="TEXT", help="The message; may name {{ name }} and others.")
@click.option("--message-file", type=click.File(encoding="utf-8"), help="A file with the message, - for stdin.")
@click.option("--subject", help="Subject of an e-mail; a template, too.")
@click.option("--discount-code", metavar="CODE", help="Coupon code of the campaign.")
@click.option("--start", "start_date", type=DateType(), metavar="YYYY-MM-DD", help="Nothing goes out before.")
@click.option("--end", "end_date", type=DateType(), metavar="YYYY-MM-DD", help="Nothing goes out after.")
@click.option("--scheduled", "is_scheduled", is_flag=True, help="Send it on --start, without a hand.")
@click.option("--event", "trigger_event", metavar="EVENT", help="birthday, at_risk or cart_abandoned.")
@click.option("--notice-days", type=int, metavar="N", help="birthday: days ahead; 7 unless given.")
@click.option("--holdout", "holdout_percentage", type=float, metavar="PERCENT", help="Share that gets nothing.")
@click.option("--attribution-days", type=int, metavar="N", help="Days in which an order counts as its result.")
@click.option("--variant", "variants", multiple=True, metavar="NAME[:WEIGHT]=TEXT", help="A text of several.")
@format_option
@click.pass_obj
def create_command(
    database_url: str | None,
    message_file: TextIO | None,
    variants: tuple[str, ...],
    output_format: str,
    **columns: object,
) -> None:
    """Make a campaign. Nothing is sent by that.

    Its text is --message, or each customer gets one of several: --variant 'A=Hello {{ name }}' --variant 'B:2=Hi'.
    """
    if message_file is not None:
        if columns["message_template"] is not None:
            raise UsageError("Give --message or --message-file, not both.")
        columns["message_template"] = message_file.read().rstrip("\n")
    for name in ("start_date", "end_date"):
        if isinstance(columns[name], date):
            columns[name] = columns[name].isoformat()
    if columns["holdout_percentage"] is not None:
        columns["holdout_percentage"] = Decimal(str(columns["holdout_percentage"]))
    if variants:
        columns["variants"] = [campaigns.parse_variant(text) for text in variants]
        if columns["message_template"] is not None:
            raise UsageError("Give one --message, or several --variant.", "Each customer gets one of the variants.")
    elif not (columns["message_template"] or "").strip():
        raise UsageError("What does it say?", "Give --message, --message-file, or --variant for each of several texts.")
    with connect(resolve(database_url)) as connection:
        campaign = campaigns.create(connection, **columns)
    if output_format == "table":
        click.echo(f"Campaign {campaign['id']} made. To see whom it goes to: campaign preview {campaign['id']}")
    else:
        write_rows([campaign], output_format)
    if campaign["status"] == "ended":
        tell(f"Note: it ended on {campaign['end_date']}, so nothing of it can be sent.")
    if campaign["campaign_type"] == "sms" and campaign["subject"]:
        tell("Note: an SMS has no subject; nobody will see this one.")


@campaign_group.command("change", epilog=examples("campaign change 7 --inactive"))
@click.argument("campaign_id", metavar="ID", type=int)
@click.option("--name", "campaign_name", help="Name of the campaign.")
@click.option("--message", "message_template", metavar="TEXT", help="The message; may name {{ name }} and others.")
@click.option("--subject", help="Subject of an e-mail; a template, too.")
@click.option("--discount-code", metavar="CODE", help="Coupon code of the campaign.")
@click.option("--start", "start_date", type=DateType(), metavar="YYYY-MM-DD", help="Nothing goes out before.")
@click.option("--end", "end_date", type=DateType(), metavar="YYYY-MM-DD", help="Nothing goes out after.")
@click.option("--active/--inactive", "is_active", default=None, help="Go on; or stop, with all that is still queued.")
@format_option
@click.pass_obj
def change_command(database_url: str | None, campaign_id: int, output_format: str, **columns: object) -> None:
    """Change a campaign, or stop it: what is given, and nothing else.

    What was sent stays sent; what is queued goes out with the new text.
    """
    given = {name: value for name, value in columns.items() if value is not None}
    if not given:
        raise UsageError("What is to be changed?", "campaign change --help lists what can be.")
    with connect(resolve(database_url)) as connection:
        campaign = campaigns.change(connection, campaign_id, **given)
    if output_format == "table":
        write_rows([_listed(campaign)], title=f"Campaign {campaign_id} changed")
    else:
        write_rows([campaign], output_format)


def _listed(campaign: campaigns.Row) -> campaigns.Row:
    """A line of the list: what fits a terminal of 80 columns."""
    audience = "by event" if campaign["trigger_event"] else "audience fixed" if campaign["frozen_at"] else "not sent"
    start, end = campaign["start_date"], campaign["end_date"]
    return {
        "id": campaign["id"],
        "campaign": campaign["campaign_name"],
        "channel": campaign["campaign_type"],
        "segment": campaign["target_segment"],
        "status": f"{campaign['status']}, {audience}",
        "days": f"{start} to {end}" if start and end else f"from {start}" if start else f"until {end}" if end else None,
        "sent": campaign["sent_count"],
        "answers": campaign["response_count"],
    }


_LABELS = {"frozen_at": "audience fixed at", "holdout_percentage": "holdout, %"}
_UNITS = {
    **dict.fromkeys(("delivery_rate", "open_rate", "response_rate", "conversion_rate"), "%"),
    **dict.fromkeys(("conversion_rate_audience", "conversion_rate_holdout"), "%"),
    **dict.fromkeys(("lift", "lift_low", "lift_high"), "percentage points"),
    **dict.fromkeys(("revenue", "revenue_per_customer_audience", "revenue_per_customer_holdout"), "Tk"),
    **dict.fromkeys(("revenue_lift", "revenue_lift_low", "revenue_lift_high"), "Tk"),
}
# What compares with the holdout; nothing to compare before anything was sent.
_COMPARED = ("audience_buyers", "holdout_buyers", "conversion_rate_", "lift", "revenue_per_", "revenue_lift")


@campaign_group.command("list", epilog=examples("campaign list --status active"))
@click.option("--status", metavar="STATUS", help="active, scheduled, ended or inactive. Default: all.")
@format_option
@click.pass_obj
def list_command(database_url: str | None, status: str | None, output_format: str) -> None:
    """List the campaigns, the latest first.

    Sending a campaign fixes its audience; sent counts what the providers accepted so far.
    """
    with connect(resolve(database_url)) as connection:
        rows = campaigns.campaigns(connection, status)
    if output_format == "table":
        write_rows(map(_listed, rows), title="Campaigns")
    else:
        write_rows(rows, output_format, campaigns.COLUMNS)


@campaign_group.command("show", epilog=examples("campaign show 7"))
@click.argument("campaign_id", metavar="ID", type=int)
@format_option
@click.pass_obj
def show_command(database_url: str | None, campaign_id: int, output_format: str) -> None:
    """Show a campaign: what it says, where its messages are, who was left out, what came of it."""
    with connect(resolve(database_url)) as connection:
        campaign, tables = campaigns.show(connection, campaign_id)
    if output_format != "table":
        write_rows([campaign | tables], output_format)
        return
    _write_pairs(campaign, f"Campaign {campaign_id}")
    titles = {"variants": "Variants", "messages": "Messages", "exclusions": "Left out"}
    for name, title in titles.items():
        if tables[name]:
            click.echo()
            write_rows(tables[name], title=title)
    for row in tables["performance"] if campaign["frozen_at"] else ():
        left_out = (*campaign, "campaign_id", "channel")
        found = {key: row[key] for key in row if key not in left_out and (row["sent"] or not key.startswith(_COMPARED))}
        click.echo()
        _write_pairs(found, "Performance")


@campaign_group.command("preview", epilog=examples("campaign preview 7 --limit 3"))
@click.argument("campaign_id", metavar="ID", type=int)
@click.option("--limit", type=int, default=10, show_default=True, help="How many messages to show.")
@format_option
@click.pass_obj
def preview_command(database_url: str | None, campaign_id: int, limit: int, output_format: str) -> None:
    """Show whom `campaign send` would write to now, and the first messages. Changes nothing."""
    with connect(resolve(database_url)) as connection:
        found = campaigns.preview(connection, campaign_id, limit)
    if output_format != "table":
        write_rows([found], output_format)
        return
    counts = [
        {"": f"in segment {found['target_segment']}", "customers": found["segment_count"]},
        *({"": f"left out: {reason}", "customers": n} for reason, n in sorted(found["exclusions"].items())),
        {"": "get a message", "customers": found["sent_count"]},
        *({"": f"of these variant {variant}", "customers": n} for variant, n in sorted(found["variants"].items())),
    ]
    write_rows(counts, title=f"Campaign {campaign_id}, {found['campaign_name']}, by {found['campaign_type']}")
    for message in found["messages"]:
        about = (message["occurrence"], message["variant"] and f"variant {message['variant']}")
        parts = message["parts"] and f"{message['length']} characters, {message['parts']} SMS, {message['encoding']}"
        click.echo()
        click.echo(
            ", ".join(str(part) for part in (f"To customer {message['customer_id']}", message["address"], *about, parts)
                      if part)
        )  # fmt: skip
        for line in (message["subject"] and f"Subject: {message['subject']}", message["body"]):
            if line:
                click.echo(line)
    if found["problem"]:
        click.echo()
        click.echo(f"It cannot be sent now: {found['problem']}. {found['hint']}")


@campaign_group.command("send", epilog=examples("campaign send 7"))
@click.argument("campaign_id", metavar="ID", type=int)
@format_option
@click.pass_obj
def send_command(database_url: str | None, campaign_id: int, output_format: str) -> None:
    """Send a campaign: fix its audience and queue the messages, which `deliver` hands to the providers."""
    with connect(resolve(database_url)) as connection:
        answer = campaigns.send(connection, campaign_id)
    if output_format != "table":
        write_rows([answer], output_format)
        return
    click.echo(f"{answer['message']}.")
    if answer["sent_count"]:
        click.echo("The messages are queued: trustcart-db deliver hands them to the provider when they are due.")
    if answer["exclusions"]:
        rows = [{"reason": reason, "customers": n} for reason, n in sorted(answer["exclusions"].items())]
        click.echo()
        write_rows(rows, title="Left out")


@click.group("segment", cls=Group)
def segment_group() -> None:
    """Save and count segments of customers."""


@segment_group.command(
    "create",
    epilog=examples(
        "segment create dhaka-regulars --where district=Dhaka \\\n      --where order_count=2..5 --without has_children"
    ),
)
@click.argument("name", metavar="NAME")
@click.option("--where", "wanted", multiple=True, metavar="RULE", help="A rule that must hold.")
@click.option("--without", "unwanted", multiple=True, metavar="RULE", help="A rule that must not hold.")
@click.option("--description", help="What it is for.")
@click.option("--replace", is_flag=True, help="Change the segment of that name.")
@click.pass_obj
def segment_create_command(
    database_url: str | None,
    name: str,
    wanted: tuple[str, ...],
    unwanted: tuple[str, ...],
    description: str | None,
    replace: bool,
) -> None:
    """Save a segment: the active customers of whom all rules hold.

    A RULE is an attribute with words (district=Dhaka,Sylhet), with a range (total_spend>=5000, order_count=2..5), or
    alone (has_children). `segment list` knows the attributes.
    """
    rules = [campaigns.parse_rule(text) for text in wanted]
    rules += [campaigns.parse_rule(text, exclude=True) for text in unwanted]
    with connect(resolve(database_url)) as connection:
        campaigns.create_segment(connection, name, rules, description, replace)
        count = campaigns.count(connection, name)
    click.echo(f"Segment {name.strip().lower()} saved. It has {count:,} customers now.")


@segment_group.command("list", epilog=examples("segment list --attributes"))
@click.option("--attributes", is_flag=True, help="List what rules can ask about, instead.")
@format_option
@click.pass_obj
def segment_list_command(database_url: str | None, attributes: bool, output_format: str) -> None:
    """List the segments, or with --attributes what their rules can ask about."""
    with connect(resolve(database_url)) as connection:
        if attributes:
            rows = campaigns.attributes(connection)
            write_rows(rows, output_format, ("attribute", "kind", "description"), title="Attributes")
            return
        rows = [
            *({"name": name, "rules": rules, "description": None} for name, rules in campaigns.BUILT_IN.items()),
            *campaigns.segments(connection),
        ]
    rows = [{key: row[key] for key in ("name", "rules", "description")} for row in rows]
    write_rows(rows, output_format, ("name", "rules", "description"), title="Segments")


@segment_group.command("show", epilog=examples("segment show dhaka-regulars"))
@click.argument("name", metavar="NAME")
@format_option
@click.pass_obj
def segment_show_command(database_url: str | None, name: str, output_format: str) -> None:
    """Show the rules of a segment and how many customers it has now."""
    key = name.strip().lower()
    with connect(resolve(database_url)) as connection:
        count = campaigns.count(connection, name)
        rows = [{"name": key, "description": None, "rules": campaigns.BUILT_IN.get(key)}]
        rows = campaigns.segments(connection, key) or rows
    row = {key: rows[0][key] for key in ("name", "rules", "description")} | {"customers": count}
    if output_format == "table":
        _write_pairs(row, f"Segment {key}")
    else:
        write_rows([row], output_format)


@segment_group.command("count", epilog=examples("segment count dhaka-regulars"))
@click.argument("name", metavar="NAME")
@click.pass_obj
def segment_count_command(database_url: str | None, name: str) -> None:
    """Count the customers of a segment now."""
    with connect(resolve(database_url)) as connection:
        click.echo(campaigns.count(connection, name))


@click.group("consent", cls=Group)
def consent_group() -> None:
    """Show and record what customers allow."""


@consent_group.command("show", epilog=examples("consent show 42"))
@click.argument("customer_id", metavar="CUSTOMER", type=int)
@format_option
@click.pass_obj
def consent_show_command(database_url: str | None, customer_id: int, output_format: str) -> None:
    """Show what a customer allows, channel by channel."""
    with connect(resolve(database_url)) as connection:
        rows = campaigns.consents(connection, customer_id)
    write_rows(rows, output_format, title=f"Consent of customer {customer_id}")


@consent_group.command("record", epilog=examples("consent record 42 sms --refused --source 'phone call'"))
@click.argument("customer_id", metavar="CUSTOMER", type=int)
@click.argument("channel", metavar="CHANNEL")
@click.option("--granted/--refused", default=None, help="What the customer said; one of them is needed.")
@click.option("--source", metavar="TEXT", help="How they said so: web form, phone call …")
@click.pass_obj
def consent_record_command(
    database_url: str | None, customer_id: int, channel: str, granted: bool | None, source: str | None
) -> None:
    """Record that a customer allowed or refused a channel: call, sms, whatsapp, email or push."""
    if granted is None:
        raise UsageError("What did the customer say?", "Give --granted or --refused.")
    with connect(resolve(database_url)) as connection:
        campaigns.record_consent(connection, customer_id, channel, granted, source)
    click.echo(f"Recorded: customer {customer_id} {'allows' if granted else 'refuses'} {channel.strip().lower()}.")


def _label(name: str) -> str:
    label = _LABELS.get(name) or name.replace("_", " ")
    return f"{label}, {_UNITS[name]}" if name in _UNITS else label


def _write_pairs(values: dict[str, object], title: str) -> None:
    """What there is of one thing, a line a name; names without a value stay away."""
    write_rows(
        [{"": _label(name), "value": value} for name, value in values.items() if value not in (None, "")],
        title=title,
    )


COMMANDS = (campaign_group, segment_group, consent_group)
