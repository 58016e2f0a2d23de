"""deliver: sends the campaign messages that are due."""

from __future__ import annotations

import signal
from pathlib import Path

import click
import psycopg

from trustcart_db.commands.options import examples
from trustcart_db.connection import connect, connect_direct, resolve_direct
from trustcart_db.delivery.config import CHANNELS, ENVIRONMENT, read_config, transport_of
from trustcart_db.delivery.message import Message
from trustcart_db.delivery.process import first_error, start_log, stop_on_signals, work, work_in_processes
from trustcart_db.delivery.worker import Stop
from trustcart_db.errors import UsageError
from trustcart_db.masking import mask_address
from trustcart_db.output import format_option, tell, write_rows
from trustcart_db.phone_encryption import key_from, set_key

_FIRST = 10


@click.command("deliver", epilog=examples("deliver --config delivery.toml", "deliver --once --channel email --dry-run"))
@click.option(
    "--channel",
    "channels",
    multiple=True,
    type=click.Choice(CHANNELS),
    help="Only this one; may be repeated.",
)
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option(
    "--batch", type=click.IntRange(1, 5000), default=500, show_default=True, help="Messages claimed at a time at most."
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar=ENVIRONMENT,
    show_envvar=True,
    help="Which provider serves which channel, in TOML; see docs/delivery.toml.",
)
@click.option("--dry-run", is_flag=True, help="Show the first ten messages of each channel. Sends and changes nothing.")
@format_option
@click.pass_obj
def deliver_command(
    database_url: str | None,
    channels: tuple[str, ...],
    once: bool,
    workers: int,
    batch: int,
    config: Path | None,
    dry_run: bool,
    output_format: str,
) -> None:
    """Send the campaign messages that are due, and go on as more become due.

    Ends on SIGTERM and SIGINT, with what is in hand, and with --once when nothing is due. Messages that fail for good
    are in the database and no failure of the command: it exits with 9 when a channel stopped because of its provider or
    configuration. Any number of workers may run, anywhere. Where phone numbers are encrypted, their key is taken from
    TRUSTCART_PHONE_KEY, and the login role must be a member of trustcart_gateway.
    """
    conninfo = resolve_direct(database_url)
    if dry_run:
        _dry_run(conninfo, channels or CHANNELS, output_format)
        return
    if config is None:
        raise UsageError(
            "Say how messages are sent: --config FILE.",
            f"Or set {ENVIRONMENT}. docs/delivery.toml is one to begin with; --dry-run needs none.",
        )
    tables = read_config(config)
    channels = tuple(dict.fromkeys(channels)) or tuple(tables)
    if not channels:
        raise UsageError(f"{config} configures no channel.", "docs/delivery.toml is one to begin with.")
    transports = {channel: transport_of(channel, tables) for channel in channels}
    start_log()
    if workers > 1:
        with connect_direct(conninfo):
            pass  # a database that is not there, or not to be used, is told once
        result = work_in_processes(conninfo, config, channels, once=once, batch=batch, workers=workers)
    else:
        stop = Stop()
        stop_on_signals(stop, signal.SIGTERM, signal.SIGINT)
        result = work(conninfo, transports, once=once, batch=batch, stop=stop)
    write_rows(
        [
            {
                "channel": channel,
                "sent": tally.sent,
                "retried": tally.retried,
                "failed": tally.failed,
                "returned": tally.returned,
                "stopped_by": tally.error.message if tally.error else None,
            }
            for channel, tally in result.items()
        ],
        output_format,
        title="Delivered",
    )
    error = first_error(result)
    if error:
        raise error


def _dry_run(conninfo: str, channels: tuple[str, ...], output_format: str) -> None:
    """What would go out next: claimed, and rolled back."""
    messages: list[Message] = []
    later: list[str] = []
    with connect(conninfo) as connection:
        set_key(connection, key_from())
        for channel in channels:
            rows = connection.execute("select * from trustcart.claim_messages(%s, 0, %s)", [channel, _FIRST])
            found = [Message._make(row) for row in rows]
            messages += found
            if not found:
                later.append(_why_nothing(connection, channel))
        connection.rollback()
    write_rows(
        [
            {
                "channel": message.channel,
                "address": mask_address(message.address),
                "campaign_id": message.campaign_id,
                "subject": message.subject,
                "body": message.body,
            }
            for message in messages
        ],
        output_format,
        ("channel", "address", "campaign_id", "subject", "body"),
        title=f"Would go out next: the first {_FIRST} of each channel",
    )
    for line in later:
        tell(line)


def _why_nothing(connection: psycopg.Connection, channel: str) -> str:
    """Why a channel has nothing to hand out now, after a claim that found nothing and put off what has to wait."""
    due_at, is_full, now, is_enabled = connection.execute(
        "select date_trunc('second', n.due_at at time zone s.time_zone), n.free_at > clock_timestamp(),"
        " clock_timestamp() at time zone s.time_zone, d.is_enabled"
        " from trustcart.next_delivery(%(channel)s) as n"
        " inner join trustcart.delivery_channels as d on d.channel = %(channel)s"
        " cross join trustcart.settings as s",
        {"channel": channel},
    ).fetchone()
    if not is_enabled:
        return f"{channel}: disabled in trustcart.delivery_channels."
    if due_at is None:
        return f"{channel}: nothing is queued."
    if due_at > now:
        return f"{channel}: nothing is due before {due_at:%Y-%m-%d %H:%M} in the business time zone."
    return f"{channel}: {'the rate limit leaves no room' if is_full else 'others have what is due'} just now."


COMMANDS = (deliver_command,)
