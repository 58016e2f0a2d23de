"""Makes up a shop: an organic-food shop in Bangladesh, with customers of every kind, for the demo.

All of it follows from an anchor date and a seed: the same two give the same shop, to the byte. People are combinations
of common given and family names, numbers and addresses belong to nobody.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

Row = dict[str, object]

_MEN = [
    "Abdul",
    "Karim",
    "Rahim",
    "Jamal",
    "Kamal",
    "Rafiq",
    "Shafiq",
    "Tanvir",
    "Imran",
    "Nasir",
    "Sajid",
    "Arif",
    "Masud",
    "Rubel",
    "Sohel",
    "Faisal",
    "Mahmud",
    "Hasan",
    "Anik",
    "Shuvo",
    "Rakib",
    "Nayeem",
    "Zahid",
    "Ashraf",
    "Liton",
    "Milon",
    "Shamim",
    "Babul",
]
_WOMEN = [
    "Ayesha",
    "Fatema",
    "Nusrat",
    "Sumaiya",
    "Farzana",
    "Shirin",
    "Rokeya",
    "Salma",
    "Nasrin",
    "Tahmina",
    "Jannatul",
    "Sadia",
    "Mitu",
    "Ruma",
    "Shapla",
    "Lamia",
    "Rehana",
    "Parveen",
    "Momtaz",
    "Sabina",
    "Taslima",
    "Nazma",
    "Jesmin",
    "Moushumi",
    "Tania",
    "Afroza",
]
_FAMILIES = [
    "Rahman",
    "Islam",
    "Hossain",
    "Ahmed",
    "Chowdhury",
    "Khan",
    "Sarker",
    "Alam",
    "Haque",
    "Bhuiyan",
    "Talukder",
    "Siddique",
    "Mollah",
    "Das",
    "Roy",
    "Saha",
    "Barua",
    "Dewan",
]
# Last names that only women, or only men, bear.
_WOMENS, _MENS = ("Akter", "Begum", "Sultana", "Khatun"), ("Uddin", "Mia")
# Each as often as it orders.
_DISTRICTS = (
    *("Dhaka",) * 9,
    *("Chattogram",) * 4,
    *("Gazipur", "Narayanganj", "Sylhet", "Khulna", "Rajshahi") * 2,
    *("Cumilla", "Bogura", "Mymensingh", "Rangpur", "Barishal", "Jashore", "Cox's Bazar", "Pabna"),
)
#: Products by category, with price in taka.
CATALOGUE = {
    "Honey": (("Sundarban Honey 500 g", 650), ("Mustard Flower Honey 1 kg", 900), ("Black Seed Honey 500 g", 750)),
    "Ghee": (("Cow Ghee 500 g", 850), ("Cow Ghee 1 kg", 1650)),
    "Dates": (("Ajwa Dates 500 g", 950), ("Medjool Dates 1 kg", 1900), ("Sukkari Dates 1 kg", 1100)),
    "Mustard Oil": (("Cold-Pressed Mustard Oil 1 l", 340), ("Cold-Pressed Mustard Oil 5 l", 1600)),
    "Spices": (("Turmeric Powder 200 g", 160), ("Chilli Powder 200 g", 180), ("Whole Cumin 200 g", 240)),
    "Nuts & Seeds": (("Cashew Nuts 500 g", 780), ("Almonds 500 g", 820), ("Chia Seeds 250 g", 320)),
}
_PAYMENTS = (*("bKash",) * 4, *("Cash on delivery",) * 3, *("Nagad",) * 2, "Card")
_HOURS = (9, 10, 11, 13, 15, 17, 18, 19, 19, 20, 20, 21, 22)
_BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
_LISTS_SINCE_DAYS = 56
_ANSWERS = (
    *(("successful - ordered", "Took the offer."),) * 2,
    ("successful", "Pleased with the last delivery."),
    ("successful", "Asked what is new."),
    ("successful", None),
    ("not_interested", "Not for now."),
)
#: The rules of the saved segment.
SEGMENT: list[Row] = [
    {"attribute": "district", "words": ["Dhaka", "Gazipur", "Narayanganj"]},
    {"attribute": "has_children"},
]
#: What goes with what, by name of the product.
RECOMMENDATION_RULES: list[Row] = [
    {
        "rule_name": "Dates with honey",
        "product": "Ajwa Dates 500 g",
        "target_category": "Honey",
        "target_customer_type": None,
        "discount_percentage": 10,
    },
    {
        "rule_name": "A jar for the best",
        "product": "Black Seed Honey 500 g",
        "target_category": None,
        "target_customer_type": "vip",
        "discount_percentage": 15,
    },
]
# Messages and visits: type, subject, details, how it ended.
_TALKS = (
    ("whatsapp", "inbound", "Asked for a price", "Asked what two jars of honey cost with delivery.", "successful"),
    ("whatsapp", "inbound", "Where is the parcel?", "Sent the courier's tracking number.", "successful"),
    ("whatsapp", "outbound", "New dates have come", "Sent the photo of the new dates.", "no_answer"),
    ("sms", "outbound", "Parcel on its way", None, None),
    ("email", "inbound", "Invoice for the office", "Asked for an invoice in the company's name.", "successful"),
    ("email", "outbound", "Wholesale price list", "Sent the price list of this month.", "not_interested"),
    ("visit", "inbound", "Came by the office", "Tasted the mustard flower honey and took a jar along.", "successful"),
    ("call", "inbound", "Change of address", "Moved house; wrote down the new address.", "successful"),
)
# Offers and the like: type, channel, content, response.
_ENGAGEMENTS = (
    ("offer_sent", "whatsapp", "10% off the next order of ghee", "positive"),
    ("offer_sent", "whatsapp", "10% off the next order of ghee", "no_response"),
    ("offer_sent", "sms", "Free delivery this week", "negative"),
    ("birthday_message", "whatsapp", "Birthday greeting with 20% off", "positive"),
    ("review", "website", "Five stars for the Ajwa dates", "positive"),
    ("review", "website", "Three stars: the lid was loose", "negative"),
    ("product_viewed", "website", "Looked at Sundarban Honey 500 g", None),
    ("gift_sent", "courier", "A small jar of black seed honey", "positive"),
)
_AGES = {"spouse": (24, 55), "child": (2, 14), "parent": (50, 80), "sibling": (16, 50)}
_NOT_NUMBERS = ("ask at the shop next door", "same as before", "0171-")


@dataclass
class Shop:
    """Rows by kind, ready for import (customers, orders, items) and for plain inserts (the others).

    calls are tasks of the past weeks; each completed one is an interaction too, which the database writes along.
    carts are what customers put together on the website and did not order.
    """

    anchor: date
    users: list[Row] = field(default_factory=list)
    customers: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    family: list[Row] = field(default_factory=list)
    interactions: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)
    working_hours: list[Row] = field(default_factory=list)
    leave: list[Row] = field(default_factory=list)
    holidays: list[Row] = field(default_factory=list)
    languages: list[Row] = field(default_factory=list)
    preferences: list[Row] = field(default_factory=list)
    consents: list[Row] = field(default_factory=list)
    engagements: list[Row] = field(default_factory=list)
    carts: list[Row] = field(default_factory=list)

    def write_csv(self, directory: Path) -> dict[str, Path]:
        """Write the files that import takes. Argument: a directory. Result: {kind: path}. Raises OSError."""
        paths = {}
        for kind in ("customers", "orders", "items"):
            paths[kind] = directory / f"{kind}.csv"
            rows = getattr(self, kind)
            with paths[kind].open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        return paths


def make_shop(anchor: date, seed: int = 1) -> Shop:
    """Make up the shop as it stands on a date.

    Arguments: the date, which is the day of its latest orders; a seed. Result: a Shop. Never raises.
    """
    random = Random(seed)
    # What the team did and the customers wish, by dice of their own: the customers and their orders stay the same.
    team = Random(f"team {seed}")
    talks = Random(f"talks {seed}")
    shop = Shop(anchor)
    _hire(shop)
    agents = [user["email"] for user in shop.users if user["role"] == "crm_agent"]
    # Of each kind so many; what a kind is, _order_days says.
    kinds = {"regular": 84, "business": 10, "occasional": 92, "fresh": 42, "slipping": 46, "lost": 104, "prospect": 22}
    everyone = [kind for kind, number in kinds.items() for _ in range(number)]
    random.shuffle(everyone)
    for number, kind in enumerate(everyone, start=1):
        days = sorted(set(_order_days(random, kind)), reverse=True)
        agent = random.choice(agents)
        shop.customers.append(_customer(random, number, anchor, agent if random.random() < 0.7 else ""))
        _order(random, shop, number, days, kind)
        _call(random, team, shop, number, days, agent)
        if random.random() < 0.3:
            shop.family += _family(random, number, shop.customers[-1]["last_name"])
    shop.orders.sort(key=lambda order: order["ordered_at"])
    _celebrate(random, shop)
    _promise(random, shop, agents)
    _wish(team, shop)
    _talk(talks, shop, agents)
    _browse(talks, shop)
    return shop


def _hire(shop: Shop) -> None:
    manager, leader = "manager@example.com", "nusrat@example.com"
    shop.users.append({"name": "Rokeya Chowdhury", "email": manager, "role": "crm_manager", "leader": None})
    for name in ("Nusrat Jahan", "Tanvir Ahmed", "Sadia Islam", "Arif Hossain"):
        email = f"{name.split()[0].lower()}@example.com"
        # The first leads the others, and calls herself.
        shop.users.append(
            {"name": name, "email": email, "role": "crm_agent", "leader": manager if email == leader else leader}
        )
    shop.users.append({"name": "Shahana Parvin", "email": "admin@example.com", "role": "admin", "leader": None})
    # Somebody works on every day of the week; the last one mornings only.
    for agent, days_off in (("nusrat", {5}), ("tanvir", {6}), ("sadia", {7}), ("arif", {5, 6})):
        part_time = agent == "arif"
        for weekday in sorted({1, 2, 3, 4, 5, 6, 7} - days_off):
            shop.working_hours.append(
                {
                    "agent": f"{agent}@example.com",
                    "weekday": weekday,
                    "works_from": "10:00" if part_time else "09:00",
                    "works_until": "14:00" if part_time else "18:00",
                    "max_calls": 12 if part_time else 45,
                }
            )
    first = shop.anchor + timedelta(days=9)
    shop.leave.append(
        {"agent": "tanvir@example.com", "first": first, "end": first + timedelta(days=5), "reason": "Family visit"}
    )
    shop.holidays.append({"holiday_on": shop.anchor + timedelta(days=23), "name": "Stocktaking"})
    shop.languages += [{"agent": "sadia@example.com", "language": language} for language in ("bn", "en")]


def _order_days(random: Random, kind: str) -> Iterator[int]:
    """How many days ago someone of a kind ordered."""
    if kind == "prospect":
        return
    latest, orders, gaps = {
        "regular": ((0, 38), (9, 26), (12, 30)),
        "business": ((2, 55), (2, 4), (25, 60)),
        "occasional": ((1, 58), (2, 5), (30, 75)),
        "fresh": ((0, 29), (1, 1), (1, 1)),
        "slipping": ((60, 89), (1, 6), (20, 60)),
        "lost": ((91, 380), (1, 8), (20, 60)),
    }[kind]
    ago = random.randint(*latest)
    for _ in range(random.randint(*orders)):
        if ago > 425:
            return
        yield ago
        ago += random.randint(*gaps)


def _customer(random: Random, number: int, anchor: date, agent: str) -> Row:
    gender = random.choice(("female", "male"))
    first = random.choice(_WOMEN if gender == "female" else _MEN)
    last = random.choice(_FAMILIES if random.random() < 0.75 else _WOMENS if gender == "female" else _MENS)
    digits = f"017{random.randrange(10**8):08d}"
    phone = random.choice(
        (
            digits,
            digits,
            f"+88{digits}",
            f"88{digits}",
            f"{digits[:5]}-{digits[5:]}",
            f"+880 {digits[1:5]} {digits[5:]}",
            digits.translate(_BANGLA),
        )
    )
    if number % 131 == 0:
        phone = _NOT_NUMBERS[number // 131 % len(_NOT_NUMBERS)]
    district = random.choice(_DISTRICTS)
    return {
        "customer_id": number,
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}{number}@example.com".lower() if random.random() < 0.8 else "",
        "phone": phone,
        "gender": gender,
        "date_of_birth": _birthday(random, anchor, 22, 65) if random.random() < 0.6 else "",
        "anniversary_date": _birthday(random, anchor, 1, 25) if random.random() < 0.25 else "",
        "address": f"House {random.randint(1, 90)}, Road {random.randint(1, 30)}",
        "district": district,
        "assigned_agent": agent,
    }


def _birthday(random: Random, anchor: date, youngest: int, oldest: int) -> date:
    # Not around the anchor: who has a birthday then is chosen, see _celebrate.
    day = anchor + timedelta(days=random.randint(12, 340))
    return date(anchor.year - random.randint(youngest, oldest), day.month, min(day.day, 28))


def _order(random: Random, shop: Shop, customer: int, days: list[int], kind: str) -> None:
    favourites = random.sample(list(CATALOGUE), k=2)
    payment = random.choice(_PAYMENTS)
    for ago in days:
        number = f"DEMO-{customer:03d}-{len(days) - days.index(ago):02d}"
        total = 0
        wanted = [random.choice(favourites if random.random() < 0.75 else list(CATALOGUE)) for _ in range(2)]
        for category in dict.fromkeys(wanted[: random.choice((1, 1, 2))]):
            for product, price in random.sample(CATALOGUE[category], k=random.choice((1, 1, 2))):
                quantity = random.randint(8, 20) if kind == "business" else random.choice((1, 1, 1, 2, 2, 3))
                total += quantity * price
                shop.items.append(
                    {
                        "order_number": number,
                        "product": product,
                        "category": category,
                        "quantity": quantity,
                        "unit_price": price,
                    }
                )
        at = datetime.combine(
            shop.anchor - timedelta(days=ago), time(random.choice(_HOURS) if ago else 0, random.randrange(60))
        )
        shop.orders.append(
            {
                "order_number": number,
                "customer_id": customer,
                "order_date": at.date(),
                "ordered_at": f"{at:%Y-%m-%d %H:%M}",
                "total_amount": total,
                "status": _status(random, ago),
                "payment_method": payment if random.random() < 0.85 else random.choice(_PAYMENTS),
            }
        )


def _status(random: Random, ago: int) -> str:
    if ago <= 1:
        return random.choice(("pending", "confirmed", "processing"))
    if ago <= 4:
        return random.choice(("shipped", "in_transit", "delivered"))
    return "delivered" if random.random() < 0.965 else random.choice(("cancelled", "returned"))


def _call(random: Random, team: Random, shop: Shop, customer: int, days: list[int], agent: str) -> None:
    """The calls that the shop's rules would have led to so far, most of them made."""
    if not days:
        return
    first, last = days[0], days[-1]
    if len(days) == 1 and first <= 30:
        reason, planned = "new_customer", [first - 1, first - 8, first - 15]
    elif last >= 91:
        reason, planned = "at_risk", [last - 62, last - 76, last - 91, last - 98, last - 105]
    elif last >= 60:
        reason, planned = "at_risk", [last - 61, last - 75]
    else:
        reason, planned = "repeat_reminder", [random.randint(15, 27), random.randint(2, 14)][: 1 + (len(days) > 5)]
    for ago in planned:
        if ago < 1:
            continue
        made = random.random() <= (0.88 if last < 91 else 0.96)
        if made:
            outcome = random.choice(("successful", "successful", "no_answer"))
            row = _interaction(random, shop, customer, ago, agent, outcome)
        # Before the team had lists, a call left nothing but a note.
        if ago <= _LISTS_SINCE_DAYS:
            shop.calls.append(_listed_call(team, shop, customer, ago, agent, reason, row if made else None))
        elif made:
            shop.interactions.append(row)


def _listed_call(random: Random, shop: Shop, customer: int, ago: int, agent: str, reason: str, made: Row | None) -> Row:
    call: Row = {
        "customer_id": customer,
        "agent": agent,
        "task_type": reason,
        "priority": "warm" if reason == "at_risk" else random.choice(("hot", "cold", "cold")),
        "task_date": shop.anchor - timedelta(days=ago),
        "status": random.choice(("skipped", "expired")),
        "outcome": None,
        "notes": None,
        "started_at": None,
        "closed_at": f"{shop.anchor - timedelta(days=ago)} 18:30",
    }
    if made is not None:
        outcome, notes = str(made["outcome"]), None
        if outcome == "successful":
            outcome, notes = random.choice(_ANSWERS)
        seconds = random.randint(25, 60) if outcome == "no_answer" else random.randint(90, 840)
        started = datetime.fromisoformat(str(made["interaction_date"]))
        call |= {
            "status": "completed",
            "outcome": outcome,
            "notes": notes,
            "started_at": f"{started}",
            "closed_at": f"{started + timedelta(seconds=seconds)}",
        }
    return call


def _interaction(random: Random, shop: Shop, customer: int, ago: int, agent: str, outcome: str) -> Row:
    at = datetime.combine(shop.anchor - timedelta(days=ago), time(random.randint(9, 16), random.randrange(60)))
    return {
        "customer_id": customer,
        "interaction_type": "call",
        "direction": "outbound",
        "subject": "How was the last delivery?",
        "details": "",
        "outcome": outcome,
        "agent": agent,
        "interaction_date": f"{at:%Y-%m-%d %H:%M}",
        "follow_up_date": None,
    }


def _family(random: Random, customer: int, last_name: object) -> list[Row]:
    members = []
    for relationship in random.sample(list(_AGES), k=random.choice((1, 1, 2, 3))):
        given = random.choice(_WOMEN + _MEN)
        family_name = last_name if last_name in _FAMILIES else random.choice(_FAMILIES)
        members.append({"customer_id": customer, "name": f"{given} {family_name}", "relationship": relationship})
    return members


def _celebrate(random: Random, shop: Shop) -> None:
    """Birthdays and anniversaries today, tomorrow and in the weeks to come."""
    chosen = random.sample(shop.customers, k=22)
    for position, customer in enumerate(chosen):
        day = shop.anchor + timedelta(days=(0, 0, 1, 1, 1, 2, 4, 6, 9, 12, 16)[position % 11])
        column = "date_of_birth" if position < 11 else "anniversary_date"
        years = random.randint(24, 60) if position < 11 else random.randint(2, 20)
        customer[column] = date(shop.anchor.year - years, day.month, min(day.day, 28) if day.month == 2 else day.day)
    for position, member in enumerate(shop.family):
        if position % 14 == 0:
            day = shop.anchor + timedelta(days=position // 14 % 9)
            age = random.randint(*_AGES[member["relationship"]])
            born = date(shop.anchor.year - age, day.month, min(day.day, 28) if day.month == 2 else day.day)
        else:
            born = _birthday(random, shop.anchor, *_AGES[member["relationship"]])
        member["date_of_birth"] = born


def _promise(random: Random, shop: Shop, agents: list[object]) -> None:
    """Calls that were promised for today or are overdue."""
    wishes = (
        ("Asked for the price of ghee by the case", "Send the new price list, then call."),
        ("Wanted to think about a monthly box", "Interested, decides after payday."),
        ("Delivery came late", "Upset about the courier. Promised to call when it is cleared up."),
        ("Looking for sugar-free sweets", "Suggest dates; asked to be called at the weekend."),
        ("Gift boxes for the office", "Needs 20 boxes, compares offers."),
    )
    # Nobody who was in contact since would be waiting.
    week_ago = f"{shop.anchor - timedelta(days=7)}"
    recent = {row["customer_id"] for row in shop.interactions if row["interaction_date"] >= week_ago}
    recent |= {row["customer_id"] for row in shop.calls if row["closed_at"] >= week_ago and row["outcome"]}
    ordered = sorted({order["customer_id"] for order in shop.orders} - recent)
    for customer in random.sample(ordered, k=11):
        subject, details = random.choice(wishes)
        asked = random.randint(2, 6)
        row = _interaction(random, shop, customer, asked, random.choice(agents), "follow_up_needed")
        row |= {"subject": subject, "details": details}
        row["follow_up_date"] = shop.anchor - timedelta(days=random.randint(0, min(2, asked - 1)))
        shop.interactions.append(row)


def _wish(random: Random, shop: Shop) -> None:
    """When and how customers want to be called, and who does not want it at all."""
    promised = {row["customer_id"] for row in shop.interactions if row["follow_up_date"]}
    others = [row["customer_id"] for row in shop.customers if row["customer_id"] not in promised]
    chosen = random.sample(others, k=30)
    for position, customer in enumerate(chosen[:24]):
        hours = (("09:00", "12:00"), ("10:00", "13:00"), ("15:00", "18:00"), (None, None))[position % 4]
        shop.preferences.append(
            {
                "customer_id": customer,
                "preferred_from": hours[0],
                "preferred_until": hours[1],
                "language": "en" if hours[0] is None else random.choice((None, "bn")),
            }
        )
    for customer in chosen[24:]:
        shop.consents.append(
            {
                "customer_id": customer,
                "channel": "call",
                "granted": False,
                "recorded_at": f"{shop.anchor - timedelta(days=random.randint(2, 60))} 12:00",
                "source": "Asked not to be called",
            }
        )


def _talk(random: Random, shop: Shop, agents: list[object]) -> None:
    """Messages, visits and calls that came in, in the last months; and what was sent without a call."""
    # Who waits for a promised call was not in contact since.
    promised = {row["customer_id"] for row in shop.interactions if row["follow_up_date"]}
    others = [row["customer_id"] for row in shop.customers if row["customer_id"] not in promised]
    for customer in random.sample(others, k=110):
        for _ in range(random.choice((1, 1, 2, 3))):
            # Older than a week: a contact of this week would keep the customer off today's list.
            row = _interaction(random, shop, customer, random.randint(8, 120), random.choice(agents), "")
            kind, direction, subject, details, outcome = random.choice(_TALKS)
            row |= {"interaction_type": kind, "direction": direction, "subject": subject, "details": details or ""}
            shop.interactions.append(row | {"outcome": outcome})
    for customer in random.sample(others, k=90):
        kind, channel, content, response = random.choice(_ENGAGEMENTS)
        ago = random.choice((0, 1, 1, 2, 3, 5, 8, 13, 21, 34))
        at = datetime.combine(
            shop.anchor - timedelta(days=ago), time(random.choice(_HOURS) if ago else 0, random.randrange(60))
        )
        shop.engagements.append(
            {
                "customer_id": customer,
                "engagement_type": kind,
                "channel": channel,
                "content": content,
                "response": response,
                "created_at": f"{at:%Y-%m-%d %H:%M}",
            }
        )


def _browse(random: Random, shop: Shop) -> None:
    """Carts that were left: some led to an order within the week, which the database finds out."""
    recent = f"{shop.anchor - timedelta(days=60)}"
    ordered = {row["customer_id"]: row["order_date"] for row in shop.orders if f"{row['order_date']}" >= recent}
    for position, customer in enumerate(random.sample([row["customer_id"] for row in shop.customers], k=48)):
        day = shop.anchor - timedelta(days=random.randint(2, 45))
        if position % 2 and customer in ordered:
            day = ordered[customer] - timedelta(days=random.randint(2, 4))
        at = datetime.combine(day, time(random.choice(_HOURS), random.randrange(60)))
        shop.carts.append(
            {
                "customer_id": customer,
                "total_amount": random.randrange(300, 4200, 10),
                "created_at": f"{at:%Y-%m-%d %H:%M}",
                "last_active_at": f"{at + timedelta(minutes=random.randint(2, 40)):%Y-%m-%d %H:%M}",
            }
        )


def campaigns(anchor: date) -> list[Row]:
    """The shop's campaigns, as columns of marketing_campaigns: one that is over, those of today, one to come.

    Argument: the day the shop is made for. Result: rows; the first is that of past_campaign(). Raises nothing.
    """
    return [
        {
            "campaign_name": "Honey weeks",
            "campaign_type": "whatsapp",
            "target_segment": "repeat",
            "message_template": "Honey weeks at {{ shop_name }}: 15% off with {{ discount_code }}.",
            "discount_code": "HONEY15",
            "start_date": anchor - timedelta(days=21),
            "end_date": anchor - timedelta(days=7),
            "holdout_percentage": 20,
            "attribution_days": 10,
        },
        {
            "campaign_name": "Birthday greeting",
            "campaign_type": "whatsapp",
            "target_segment": "all",
            "message_template": (
                "🎉 {{ shop_name }} wishes {{ event_name }} a happy birthday on {{ event_date }}!"
                " Enjoy 20% off your next order with {{ discount_code }}."
            ),
            "discount_code": "BDAY20",
            "trigger_event": "birthday",
        },
        {
            "campaign_name": "New dates",
            "campaign_type": "sms",
            "target_segment": "families",
            "message_template": "প্রিয় {{ first_name }}, নতুন খেজুর এসেছে। {{ discount_code }} কোডে ১০% ছাড়।",
            "discount_code": "KHEJUR10",
            "start_date": anchor + timedelta(days=3),
            "end_date": anchor + timedelta(days=10),
            "is_scheduled": True,
        },
        {
            "campaign_name": "We miss you",
            "campaign_type": "email",
            "target_segment": "inactive",
            "subject": "{{ first_name }}, your last order was {{ days_since_last_order }} days ago",
            "message_template": "Come back with {{ discount_code }}: 25% off and free delivery.\n{{ unsubscribe_url }}",
            "discount_code": "BACK25",
            "start_date": anchor,
            "end_date": anchor + timedelta(days=14),
            "is_scheduled": True,
            "holdout_percentage": 10,
        },
    ]


def past_campaign(anchor: date) -> dict[str, object]:
    """The campaign that is over: its row (key campaign) and its A/B texts (key variants).

    Argument: the day the shop is made for. Raises nothing.
    """
    campaign = campaigns(anchor)[0]
    texts = {
        "A": "{{ first_name }}, honey weeks at {{ shop_name }}: 15% off with {{ discount_code }}.",
        "B": "{{ first_name }}, {{ days_since_last_order }} days since your last jar? 15% off: {{ discount_code }}.",
    }
    name = campaign["campaign_name"]
    return {
        "campaign": campaign,
        "variants": [
            {"campaign_name": name, "variant": variant, "message_template": text} for variant, text in texts.items()
        ],
    }
