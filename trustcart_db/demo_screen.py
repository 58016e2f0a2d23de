"""How the demo looks on a terminal."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from rich import box
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from trustcart_db.demo import Picture

Row = Mapping[str, object]

_TEMPERATURES = {"hot": "bold red", "warm": "yellow", "cold": "bright_blue"}
_TYPES = {"vip": "bold magenta", "repeat": "green", "new": "cyan", "inactive": "bright_black", None: "bright_black"}
_TYPE_NAMES = {"vip": "VIP", "repeat": "repeat", "new": "new", "inactive": "inactive", None: "no order yet"}
_STAGES = {
    "prospect": "bright_black",
    "new": "cyan",
    "active": "green",
    "at_risk": "yellow",
    "churned": "red",
}
_BAR = 24


def show(console: Console, picture: Picture) -> None:
    """Print the picture. Arguments: a rich Console; a Picture. Raises nothing of its own."""
    parts: Sequence[RenderableType] = (
        _headline(picture),
        _section("The customer base"),
        Columns([_segments(picture.segments), _stages(picture.stages)], padding=(0, 4)),
        _section(f"Today's call list: {sum(row['calls'] for row in picture.kinds)} calls"),
        _calls(picture),
        _section("The agents' load today"),
        _agents(picture.agents),
        _section("The team in the last four weeks"),
        _team(picture.team),
        _section("Campaigns"),
        _campaigns(picture),
        _section("One customer in 360°"),
        _customer(picture),
        *([_section("Who sees what"), _seen(picture)] if picture.seen else []),
        Text(),
        _audit(picture.audit),
    )
    console.print(Group(*parts))


def _section(title: str) -> RenderableType:
    return Padding(Rule(Text(title, style="bold"), align="left", style="bright_black", characters="─"), (1, 0, 0, 0))


def _headline(picture: Picture) -> RenderableType:
    totals = picture.totals
    facts = (
        (totals["customers"], "customers"),
        (totals["orders"], "orders"),
        (f"Tk {_taka(totals['revenue'])}", "revenue"),
        (totals["dropping_off"], "dropping off"),
        (totals["upcoming_events"], "birthdays and anniversaries in 30 days"),
    )
    line = Text("   ").join(
        Text.assemble((value if isinstance(value, str) else f"{value:,}", "bold"), f" {name}") for value, name in facts
    )
    return Panel(
        line, title=f"TrustCart, {picture.business_date:%A, %-d %B %Y}", title_align="left", border_style="cyan"
    )


def _table(*columns: str, right: Sequence[str] = (), flexible: Sequence[str] = ()) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, header_style="bright_black", pad_edge=False, padding=(0, 2, 0, 0), show_edge=False
    )
    for column in columns:
        table.add_column(
            column, justify="right" if column in right else "left", no_wrap=column not in flexible, overflow="fold"
        )
    return table


def _segments(segments: Sequence[Row]) -> RenderableType:
    table = _table(
        *("type", "customers", "hot", "warm", "cold", "revenue, Tk", "share", ""),
        right=("customers", "hot", "warm", "cold", "revenue, Tk", "share"),
    )
    total = sum(row["total_revenue"] for row in segments) or Decimal(1)
    for kind in ("vip", "repeat", "new", "inactive", None):
        rows = {row["temperature"]: row for row in segments if row["customer_type"] == kind}
        if not rows:
            continue
        revenue = sum(row["total_revenue"] for row in rows.values())
        counts = [
            Text(
                f"{rows[one]['customer_count']:,}" if one in rows else "·",
                style=style if one in rows else "bright_black",
            )
            for one, style in _TEMPERATURES.items()
        ]
        share = float(revenue / total)
        table.add_row(
            Text(_TYPE_NAMES[kind], style=_TYPES[kind]),
            f"{sum(row['customer_count'] for row in rows.values()):,}",
            *counts,
            _taka(revenue),
            f"{share:.0%}",
            Text("━" * round(share * _BAR), style=_TYPES[kind]),
        )
    return table


def _stages(stages: Sequence[Row]) -> RenderableType:
    table = _table("lifecycle stage", "customers", right=("customers",))
    counts = {row["lifecycle_stage"]: row["customers"] for row in stages}
    for stage, style in _STAGES.items():
        if stage in counts:
            table.add_row(Text(stage.replace("_", " "), style=style), f"{counts[stage]:,}")
    return table


def _calls(picture: Picture) -> RenderableType:
    columns = ("", "customer", "phone", "call", "stake, Tk", "because", "agent")
    table = _table(*columns, right=("stake, Tk",), flexible=("because",))
    for row in picture.calls:
        table.add_row(
            _priority(row["priority"]),
            row["customer"],
            row["phone"],
            str(row["task_type"]).replace("_", " "),
            "·" if row["value_at_stake"] is None else _taka(row["value_at_stake"]),
            _because(row["why"], picture.business_date),
            row["agent"] or "nobody",
        )
    more = sum(row["calls"] for row in picture.kinds) - len(picture.calls)
    kinds = Text(", ").join(
        Text.assemble((f"{row['calls']}", "bold"), f" {str(row['task_type']).replace('_', ' ')}")
        for row in picture.kinds
    )
    return Group(
        Padding(kinds, (0, 0, 1, 0)), table, Text(f"… and {more} more", style="bright_black") if more > 0 else ""
    )


def _because(why: object, today: date) -> Text:
    """The first of the reasons, with the dates of the year written short, and how many more there are."""
    first, *more = str(why or "").split("; ")

    def short(found: re.Match[str]) -> str:
        day = date.fromisoformat(found.group())
        if abs((day - today).days) > 300:
            return found.group()
        return "today" if day == today else f"{day.day} {day:%b}"

    text = Text(re.sub(r"\d{4}-\d{2}-\d{2}", short, first).replace("on today", "today"))
    if more:
        text.append(f" +{len(more)}", style="bright_black")
    return text


def _agents(agents: Sequence[Row]) -> RenderableType:
    table = _table(
        *("agent", "at work", "own customers", "calls", "at most", "hot", "warm", "cold", ""),
        right=("own customers", "calls", "at most", "hot", "warm", "cold"),
    )
    most = max((row["calls"] for row in agents), default=0) or 1
    for row in agents:
        bar = Text.assemble(*(("━" * round(row[one] / most * _BAR), style) for one, style in _TEMPERATURES.items()))
        table.add_row(
            row["agent"],
            Text(str(row["hours"] or "any time"), style="bright_black" if row["is_away"] else ""),
            f"{row['own_customers']:,}",
            Text(f"{row['calls']:,}", style="bold"),
            f"{row['max_calls']:,}",
            *(Text(f"{row[one]:,}", style=style) for one, style in _TEMPERATURES.items()),
            bar,
        )
    return table


def _team(team: Sequence[Row]) -> RenderableType:
    columns = ("calls listed", "completed", "successful", "of completed", "orders in 7 days", "worth Tk")
    table = _table("place", "agent", *columns, right=("place", *columns))
    for row in team:
        table.add_row(
            str(row["place"]),
            row["agent_name"],
            f"{row['total_tasks']:,}",
            f"{row['completed_tasks']:,}",
            Text(f"{row['successful_calls']:,}", style="bold"),
            f"{row['success_rate']:.0f} %",
            f"{row['orders']:,}",
            _taka(row["revenue"]),
        )
    return table


def _seen(picture: Picture) -> RenderableType:
    name = f"{picture.customer['first_name']} {picture.customer['last_name']}"
    table = _table("who asks", "customers", f"phone of {name}", "e-mail", right=("customers",))
    nothing = Text("not one of theirs", style="bright_black")
    for row in picture.seen:
        is_hidden = row["phone"] is None and row["email"] is None
        table.add_row(
            row["who"],
            f"{row['customers']:,}",
            nothing if is_hidden else str(row["phone"] or ""),
            Text() if is_hidden else str(row["email"] or ""),
        )
    return table


def _audit(audit: Row) -> RenderableType:
    found = "nothing was tampered with" if not audit["problems"] else f"{audit['problems']:,} rows were tampered with"
    return Text.assemble(
        (f"{audit['logged']:,}", "bold"), f" rows of audit, {audit['sealed']:,} of them sealed in the chain: {found}."
    )


def _campaigns(picture: Picture) -> RenderableType:
    figures = {"waiting": "queued", "sent": "sent", "read": "opened", "orders": "orders", "Tk": "revenue"}
    table = _table("campaign", "by, to whom", "", *figures, "against the holdout", right=tuple(figures))
    for row in picture.campaigns:
        lift = Text("·", style="bright_black")
        if row["lift"] is not None and row["sent"]:
            is_sure = row["lift_low"] > 0 or row["lift_high"] < 0
            lift = Text.assemble(
                (f"{row['lift']:+.0f} pts", "bold green" if is_sure else "bold"),
                (f" ({row['lift_low']:+.0f} to {row['lift_high']:+.0f})", "bright_black"),
            )
        table.add_row(
            row["campaign_name"],
            f"{row['channel']}, {row['trigger_event'] or row['target_segment']}".replace("_", " "),
            Text(row["status"], style="green" if row["status"] == "active" else "bright_black"),
            *(
                Text(f"{row[one]:,.0f}" if row[one] else "·", style="" if row[one] else "bright_black")
                for one in figures.values()
            ),
            lift,
        )
    waiting = Table.grid(padding=(0, 2))
    waiting.add_column(style="bright_black", no_wrap=True)
    waiting.add_column(style="bright_black", no_wrap=True)
    waiting.add_column(overflow="fold")
    for row in picture.messages:
        waiting.add_row(row["channel"], row["address"], row["body"].replace("\n", " "))
    return Group(table, Padding(Text("The first to go out", style="bold"), (1, 0, 0, 0)), waiting)


def _customer(picture: Picture) -> RenderableType:
    customer = picture.customer
    if not customer:
        return Text("There is none.")
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bright_black", no_wrap=True)
    facts.add_column()
    state = Text.assemble(
        (_TYPE_NAMES[customer["customer_type"]], _TYPES[customer["customer_type"]]),
        ", ",
        (str(customer["lifecycle_stage"]).replace("_", " "), _STAGES[customer["lifecycle_stage"]]),
        ", ",
        (str(customer["customer_temperature"]), _TEMPERATURES[customer["customer_temperature"]]),
    )
    facts.add_row("state", state)
    facts.add_row("phone", str(customer["phone"]))
    if customer["email"]:
        facts.add_row("e-mail", str(customer["email"]))
    facts.add_row("lifetime value", f"Tk {_taka(customer['lifetime_value'])} in {customer['total_orders']} orders")
    facts.add_row("average order", f"Tk {_taka(customer['avg_order_value'])}")
    facts.add_row("last order", f"{customer['days_since_last_order']} days ago")
    if customer["avg_days_between_orders"]:
        facts.add_row("orders every", f"{customer['avg_days_between_orders']} days")
    if customer["p_alive"] is not None:
        value = f"Tk {_taka(customer['expected_value_90_days'])}"
        facts.add_row("next 90 days", f"{customer['expected_orders_90_days']:.1f} orders expected, worth {value}")
        facts.add_row("comes back", f"{customer['p_alive']:.0%} likely")
    facts.add_row("likes", ", ".join(customer["preferred_categories"] or ()) or "not known yet")
    facts.add_row("contacts", str(customer["total_interactions"]))
    facts.add_row("next step", str(customer["recommended_action"]))
    if picture.script:
        facts.add_row("today's call", str(picture.script["title"]))
        facts.add_row("focus", str(picture.script["focus"]))
        facts.add_row("offer", str(picture.script["offer"] or "none"))

    orders = [
        (row["order_date"], _taka(row["total_amount"]), row["status"], row["payment_method"] or "")
        for row in picture.orders
    ]
    beside = [_list("Latest orders", ("date", "Tk", "status", "paid by"), orders)]
    if picture.family:
        family = [(row["name"], row["relationship"], row["date_of_birth"] or "") for row in picture.family]
        beside += [Text(), _list("Family", ("name", "relation", "born"), family)]
    parts: list[RenderableType] = [Columns([facts, Group(*beside)], padding=(0, 6))]
    if picture.recommendations:
        rows = [
            (
                row["product_name"],
                _taka(row["recommended_price"]),
                f"{row['discount_percentage']:.0f}%" if row["discount_percentage"] else "",
                row["reason"],
            )
            for row in picture.recommendations
        ]
        parts += [Text(), _list("To recommend", ("product", "Tk", "off", "because"), rows)]
    name = " ".join(str(customer[part]) for part in ("first_name", "last_name") if customer[part])
    return Panel(
        Group(*parts),
        title=Text(f"{name}, customer {customer['customer_id']}", style="bold"),
        title_align="left",
        border_style="bright_black",
        expand=False,
    )


def _list(title: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> RenderableType:
    table = _table(*columns, right=("Tk",))
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    return Group(Text(title, style="bold"), table)


def _priority(priority: object) -> Text:
    return Text(f"● {priority}", style=_TEMPERATURES[str(priority)])


def _taka(amount: object) -> str:
    return f"{amount or 0:,.0f}"


def draw(picture: Picture, path: Path) -> None:
    """Write the screen as an SVG picture that needs nothing from elsewhere. Arguments: a Picture; the file."""
    with open(os.devnull, "w") as nowhere:
        console = Console(record=True, width=130, file=nowhere, highlight=False, force_terminal=True)
        show(console, picture)
        # rich's own template loads a font from a host; any monospaced font of the reader's will do.
        template = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.S)
        path.write_text(console.export_svg(title="make demo", code_format=template, unique_id="demo"), encoding="utf-8")
