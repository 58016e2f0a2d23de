"""campaign, segment, consent: whom the shop writes to, and what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TextIO

import click

from trustcart_db import campaigns
from trustcart_db.commands.options import DateType
from trustcart_db.connection import connect, resolve
from trustcart_db.errors import UsageError
from trustcart_db.output import format_option, write_rows


@click.group("campaign")
def campaign_group() -> None:
    """Make, preview and send marketing campaigns."""


@campaign_group.command("create")
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
    """Make a campaign. Nothing is sent by that."""
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
    with connect(resolve(database_url)) as connection:
        campaign = campaigns.create(connection, **columns)
    if output_format == "table":
        click.echo(f"Campaign {campaign['id']} made. To see whom it goes to: campaign preview {campaign['id']}")
    else:
        write_rows([campaign], output_format)


_COLUMNS = (
    *("id", "campaign_name", "campaign_type", "target_segment", "status", "start_date", "end_date"),
    *("sent_count", "response_count"),
)


@campaign_group.command("list")
@click.option("--status", metavar="STATUS", help="active, scheduled, ended or inactive. Default: all.")
@format_option
@click.pass_obj
def list_command(database_url: str | None, status: str | None, output_format: str) -> None:
    """List the campaigns, the latest first."""
    with connect(resolve(database_url)) as connection:
        rows = campaigns.campaigns(connection, status)
    write_rows(rows, output_format, _COLUMNS if output_format == "table" or not rows else None, title="Campaigns")


@campaign_group.command("show")
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
    first = {name: campaign[name] for name in _COLUMNS}
    _write_pairs(first | campaign, f"Campaign {campaign_id}")
    titles = {"variants": "Variants", "messages": "Messages", "exclusions": "Left out"}
    for name, title in titles.items():
        if tables[name]:
            click.echo()
            write_rows(tables[name], title=title)
    for row in tables["performance"] if campaign["frozen_at"] else ():
        click.echo()
        _write_pairs({key: value for key, value in row.items() if key not in campaign}, "Performance")


@campaign_group.command("preview")
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


@campaign_group.command("send")
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
    if answer["exclusions"]:
        rows = [{"reason": reason, "customers": n} for reason, n in sorted(answer["exclusions"].items())]
        click.echo()
        write_rows(rows, title="Left out")


@click.group("segment")
def segment_group() -> None:
    """Save and count segments of customers."""


@segment_group.command("create")
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


@segment_group.command("list")
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
    write_rows(rows, output_format, ("name", "rules", "description"), title="Segments")


@segment_group.command("show")
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
    row = rows[0] | {"customers": count}
    if output_format == "table":
        _write_pairs(row, f"Segment {key}")
    else:
        write_rows([row], output_format)


@segment_group.command("count")
@click.argument("name", metavar="NAME")
@click.pass_obj
def segment_count_command(database_url: str | None, name: str) -> None:
    """Count the customers of a segment now."""
    with connect(resolve(database_url)) as connection:
        click.echo(campaigns.count(connection, name))


@click.group("consent")
def consent_group() -> None:
    """Show and record what customers allow."""


@consent_group.command("show")
@click.argument("customer_id", metavar="CUSTOMER", type=int)
@format_option
@click.pass_obj
def consent_show_command(database_url: str | None, customer_id: int, output_format: str) -> None:
    """Show what a customer allows, channel by channel."""
    with connect(resolve(database_url)) as connection:
        rows = campaigns.consents(connection, customer_id)
    write_rows(rows, output_format, title=f"Consent of customer {customer_id}")


@consent_group.command("record")
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


def _write_pairs(values: dict[str, object], title: str) -> None:
    """What there is of one thing, a line a name; names without a value stay away."""
    write_rows(
        [{"": name.replace("_", " "), "value": value} for name, value in values.items() if value not in (None, "")],
        title=title,
    )


COMMANDS = (campaign_group, segment_group, consent_group)
