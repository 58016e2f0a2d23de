"""A made-up shop to write to, and the audience of a campaign in it, reckoned a second time in Python.

What is drawn stays here as plain values; whatever other code keeps (days of contact, messages) is read from its table.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import Jsonb

DHAKA = ZoneInfo("Asia/Dhaka")
CHANNELS = ("sms", "whatsapp", "email", "push")
CATEGORIES = {"Food": None, "Honey": "Food", "Ghee": "Food", "Black honey": "Honey", "Cloth": None}
DISTRICTS = ("Dhaka", "Sylhet ", "CUMILLA", None)
_NUMBERS = (
    [f"0171000{n:04d}" for n in range(40)]
    + [f"02550{n:05d}" for n in range(8)]
    + [f"+4915100{n:05d}" for n in range(4)]
)


@dataclass
class Person:
    """A customer as drawn: orders are (date, amount, status, categories), family (relationship, birth, member id),
    scores what the model and RFM say, where they do."""

    id: int
    columns: dict[str, object]
    orders: list[tuple] = field(default_factory=list)
    family: list[tuple] = field(default_factory=list)
    scores: dict[str, object] = field(default_factory=dict)

    def counted(self) -> list[tuple]:
        """The orders that count."""
        return [order for order in self.orders if order[2] == "delivered"]


class CampaignShop:
    """A shop drawn from a seed. today: the business date; at: its noon, the instant that all is asked for."""

    def __init__(self, connection: psycopg.Connection, seed: int, customers: int = 150) -> None:
        self.connection = connection
        self.random = random.Random(seed)
        self.today: date = connection.execute("select trustcart.business_date()").fetchone()[0]
        self.at = datetime.combine(self.today, time(12), DHAKA)
        self.consents: dict[tuple[int, str], list[tuple[datetime, bool]]] = defaultdict(list)
        self.flags: set[tuple[int, str]] = set()
        self.pauses: list[tuple[int, datetime]] = []
        self.returns: list[tuple[int, datetime]] = []
        self.rules: dict[str, list[dict]] = {}
        draw = self.random
        self.opt_in = draw.random() < 0.3
        self.quiet_days = draw.choice([0, 0, 1, 5])
        self.cap = draw.choice([1, 2, 3])
        self.execute(
            "update trustcart.settings set marketing_opt_in = %s, marketing_quiet_days = %s, contacts_per_week = %s",
            [self.opt_in, self.quiet_days, self.cap],
        )
        self._products()
        self.people = {n: self._person(n) for n in range(1, customers + 1)}
        if draw.random() < 0.7:
            self.execute("select trustcart.refresh_customer_behavior(%s)", [self.today])
        for person in draw.sample(sorted(self.people), customers // 8):
            self._order(self.people[person])
        # Which carts an order recovered, the daily job finds out.
        self.open_carts = {
            number
            for (number,) in self.execute(
                "select customer_id from trustcart.carts where abandoned_at is not null and recovered_on is null"
            )
        }
        self._contacts()
        self._scores()
        self._segments()

    # -- drawing

    def execute(self, query: str, values: object = None) -> psycopg.Cursor:
        """Run a statement."""
        return self.connection.execute(query, values)

    def _products(self) -> None:
        for name, parent in CATEGORIES.items():
            self.execute(
                "insert into trustcart.categories (name, parent_id)"
                " values (%s, (select c.id from trustcart.categories as c where c.name = %s))",
                [name, parent],
            )
            self.execute(
                "insert into trustcart.products (name, category_id)"
                " select %s, c.id from trustcart.categories as c where c.name = %s",
                [name, name],
            )

    def _person(self, number: int) -> Person:
        draw = self.random
        columns = {
            "first_name": draw.choice(["Rahima", "{{ discount_code }}", "", None]),
            "phone": draw.choice([*_NUMBERS, None, None, "none"]),
            "mobile": draw.choice([*_NUMBERS, *[None] * 30]),
            "email": draw.choice([f"a{draw.randint(1, 60)}@example.com", f"A{draw.randint(1, 60)}@Example.com", None]),
            "gender": draw.choice(["female", "male", None]),
            "district": draw.choice(DISTRICTS),
            "date_of_birth": self._birth(),
            "anniversary_date": self._birth() if draw.random() < 0.3 else None,
            "is_active": draw.random() < 0.95,
            "created_at": self.at - timedelta(days=draw.randint(0, 60)),
        }
        person = Person(number, columns)
        self.execute(
            f"insert into trustcart.customers (id, {', '.join(columns)}) values (%s{', %s' * len(columns)})",
            [number, *columns.values()],
        )
        for _ in range(draw.choice([0, 1, 1, 2, 3, 7])):
            self._order(person)
        for _ in range(draw.choice([0, 0, 1, 3])):
            relationship, birth = draw.choice(["child", " Son", "spouse", "parent"]), self._birth()
            member = self.execute(
                "insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth)"
                " values (%s, 'Relative', %s, %s) returning id",
                [number, relationship, birth],
            ).fetchone()[0]
            person.family.append((relationship, birth, member))
        if draw.random() < 0.1:
            abandoned = self.at - timedelta(days=draw.randint(1, 20))
            self.execute(
                "insert into trustcart.carts (customer_id, created_at, last_active_at, abandoned_at)"
                " values (%s, %s, %s, %s)",
                [number, *[abandoned] * 3],
            )
        return person

    def _birth(self) -> date | None:
        draw = self.random
        if draw.random() < 0.2:
            return None
        if draw.random() < 0.1:
            return date(1992, 2, 29)
        near = (-8, 3) if draw.random() < 0.4 else (-30, 60)
        return self.today - timedelta(days=365 * draw.randint(2, 9) + draw.randint(*near))

    def _order(self, person: Person) -> None:
        draw = self.random
        order = (
            self.today - timedelta(days=draw.choice([0, 3, 20, 59, 60, 61, 89, 90, 91, 200])),
            draw.choice([100, 1500.5, 9000, 30000]),
            draw.choice(["delivered", "delivered", "cancelled"]),
            draw.sample(list(CATEGORIES), draw.choice([0, 1, 2])),
        )
        person.orders.append(order)
        order_id = self.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " values (%s, %s, %s, %s) returning id",
            [person.id, *order[:3]],
        ).fetchone()[0]
        self.execute(
            "insert into trustcart.sales_order_items (order_id, product_id)"
            " select %s, p.id from trustcart.products as p where p.name = any(%s)",
            [order_id, order[3]],
        )

    def _contacts(self) -> None:
        draw = self.random
        for person in self.people.values():
            for channel in CHANNELS:
                if draw.random() < 0.8 if self.opt_in else draw.random() < 0.15:
                    for _ in range(draw.choice([1, 1, 2])):
                        said = (
                            self.at - timedelta(days=draw.randint(1, 50), seconds=draw.randint(0, 9)),
                            draw.random() < 0.6,
                        )
                        self.consents[person.id, channel].append(said)
                        self.execute(
                            "insert into trustcart.customer_consents (customer_id, channel, recorded_at, granted)"
                            " values (%s, %s, %s, %s)",
                            [person.id, channel, *said],
                        )
            if draw.random() < 0.1:
                phone = self.e164(person.columns[draw.choice(["phone", "mobile"])])
                if phone:
                    cleared = draw.random() < 0.3
                    self.execute(
                        "insert into trustcart.customer_phone_flags (customer_id, phone, flagged_at, cleared_at)"
                        " values (%s, %s, %s, %s)",
                        [person.id, phone, self.at - timedelta(days=5), self.at if cleared else None],
                    )
                    if not cleared:
                        self.flags.add((person.id, phone))
            for _ in range(draw.choice([0, 0, 0, 1, 2, 3])):
                moment = self.at - timedelta(days=draw.randint(0, 9), hours=1)
                kind, direction = (
                    draw.choice(["call", "sms", "email"]),
                    draw.choice(["outbound", "outbound", "inbound"]),
                )
                outcome = draw.choice([None, "successful", "not_interested now", "no_answer"])
                if outcome and outcome.startswith("not_interested"):
                    moment -= timedelta(days=draw.choice([0, 0, 21, 25]))
                    self.pauses.append((person.id, moment))
                if direction == "inbound":
                    self.returns.append((person.id, moment))
                self.execute(
                    "insert into trustcart.customer_interactions"
                    " (customer_id, interaction_type, direction, outcome, interaction_date)"
                    " values (%s, %s, %s, %s, %s)",
                    [person.id, kind, direction, outcome, moment],
                )
        # Messages of an earlier campaign.
        earlier = self.campaign(campaign_name="Earlier")
        for number in draw.sample(sorted(self.people), len(self.people) // 3):
            status = draw.choice(["sent", "sent", "queued", "failed"])
            closed = self.at if status == "failed" else None
            self.execute(
                "insert into trustcart.campaign_messages"
                " (campaign_id, customer_id, channel, address, status, not_before, sent_at, closed_at, close_reason)"
                " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    earlier,
                    number,
                    draw.choice(CHANNELS),
                    f"earlier {number}",
                    status,
                    self.at - timedelta(days=1) if draw.random() < 0.8 else self.at + timedelta(days=20),
                    self.at - timedelta(days=draw.randint(0, 9)) if status == "sent" else None,
                    closed,
                    closed and "permanent",
                ],
            )

    def _scores(self) -> None:
        """Whatever they say, whether or not it follows from the orders."""
        draw = self.random
        model = self.execute(
            "insert into trustcart.customer_models (fitted_on, orders_from, orders_to, customers, repeat_customers,"
            " order_groups, r, alpha, a, b, log_likelihood, evaluations, value_customers, value_groups, is_converged)"
            " values (%(on)s, %(on)s, %(on)s, 1, 1, 1, 1, 1, 1, 1, -1, 1, 0, 0, true) returning id",
            {"on": self.today},
        ).fetchone()[0]
        for person in self.people.values():
            if draw.random() < 0.6:
                person.scores = {
                    "p_alive": draw.choice([0, 0.02, 0.3, 0.5, 0.98, 1]),
                    "expected_orders_90_days": draw.choice([0, 0.4, 1, 7.25]),
                    "expected_value_90_days": draw.choice([0, 99.99, 2500, 80000]),
                }
                self.execute(
                    "insert into trustcart.customer_scores (customer_id, model_id, repeat_orders, first_order_date,"
                    " last_order_date, scored_on, valid_until, p_alive, expected_orders_90_days,"
                    " expected_value_90_days) values (%s, %s, 0, %s, %s, %s, %s, %s, %s, %s)",
                    [person.id, model, *[self.today] * 3, self.today + timedelta(days=9), *person.scores.values()],
                )
            if draw.random() < 0.6:
                person.scores["rfm_segment"] = draw.choice(["Champions", "At risk", "Lost"])
                self.execute(
                    "insert into trustcart.customer_rfm"
                    " (customer_id, recency_score, frequency_score, monetary_score, segment, since)"
                    " values (%s, 1, 1, 1, %s, %s)",
                    [person.id, person.scores["rfm_segment"], self.today],
                )

    def campaign(self, **columns: object) -> int:
        """Insert a campaign. Result: its id."""
        columns = {"campaign_name": "Any", "campaign_type": "sms", "message_template": "Hello {{ name }}"} | columns
        return self.execute(
            f"insert into trustcart.marketing_campaigns ({', '.join(columns)})"
            f" values (%s{', %s' * (len(columns) - 1)}) returning id",
            list(columns.values()),
        ).fetchone()[0]

    def _segments(self) -> None:
        draw = self.random
        candidates = [
            {"attribute": "customer_type", "words": draw.sample(["new", "repeat", "vip", "inactive"], 2)},
            {"attribute": "lifecycle_stage", "words": ["new", "active", "at_risk"]},
            {"attribute": "temperature", "words": ["hot", "cold"]},
            {"attribute": "gender", "words": ["Female"]},
            {"attribute": "district", "words": ["dhaka", "Sylhet"]},
            {"attribute": "category_bought", "words": [draw.choice(["honey", "Food", "Cloth"])]},
            {"attribute": "total_spend", "at_least": draw.choice([0, 1500.5, 9000])},
            {"attribute": "order_count", "at_least": 1, "at_most": 3},
            {"attribute": "days_since_last_order", "at_most": 60},
            {"attribute": "days_since_last_order", "at_least": 90, "at_most": 1e9},
            {"attribute": "days_since_registration", "at_least": 5, "at_most": 40},
            {"attribute": "event_in_days", "at_most": draw.choice([7, 40, 365])},
            {"attribute": "family_birthday_in_days", "at_least": 1, "at_most": draw.choice([30, 365])},
            {"attribute": "has_children"},
            {"attribute": "has_abandoned_cart"},
            {"attribute": "rfm_segment", "words": draw.choice([["champions"], ["At Risk", "Lost"]])},
            {"attribute": "p_alive", "at_least": draw.choice([0, 0.3]), "at_most": 0.98},
            {"attribute": "expected_orders_90_days", "at_least": draw.choice([-1, 0.4, 2])},
            {"attribute": "expected_value_90_days", "at_most": draw.choice([99.99, 2500])},
        ]
        for number in range(8):
            rules = [
                {**rule, **({"exclude": True} if draw.random() < 0.35 else {})}
                for rule in draw.sample(candidates, draw.choice([1, 1, 2, 3]))
            ]
            self.rules[f"seg{number}"] = rules
            self.execute("select trustcart.create_segment(%s, %s)", [f"seg{number}", Jsonb(rules)])

    # -- reckoning

    @staticmethod
    def e164(phone: object) -> str | None:
        """The number in E.164, of the forms that are drawn here."""
        if not isinstance(phone, str) or phone == "none":
            return None
        return phone if phone.startswith("+") else "+880" + phone[1:]

    def segment(self, name: str) -> set[int]:
        """The ids of a segment's customers."""
        return {
            person.id
            for person in self.people.values()
            if person.columns["is_active"]
            and (
                name == "all"
                or (name not in self.rules and self._type(person) == name)
                or (
                    name in self.rules
                    and all(self._holds(rule, person) != rule.get("exclude", False) for rule in self.rules[name])
                )
            )
        }

    def _days(self, person: Person) -> int | None:
        orders = person.counted()
        return (self.today - max(order[0] for order in orders)).days if orders else None

    def spend(self, person: Person) -> float:
        """What the counted orders come to."""
        return sum(order[1] for order in person.counted())

    def _type(self, person: Person) -> str | None:
        n, days = len(person.counted()), self._days(person)
        if not n:
            return None
        if days >= 90:
            return "inactive"
        if n >= 6 or self.spend(person) >= 50000:
            return "vip"
        return "repeat" if n >= 2 else "new"

    def _stage(self, person: Person) -> str:
        n, days = len(person.counted()), self._days(person)
        if not n:
            return "prospect"
        if days > 90:
            return "churned"
        if days >= 60:
            return "at_risk"
        return "new" if n == 1 else "active"

    def days_until(self, birth: date | None) -> int | None:
        """Days until a birthday or anniversary returns."""
        if birth is None or birth > self.today:
            return None
        for days in range(367):
            day = self.today + timedelta(days=days)
            if (day.month, day.day) == (birth.month, birth.day):
                return days
            if (birth.month, birth.day, day.month, day.day) == (2, 29, 2, 28) and (day + timedelta(days=1)).month == 3:
                return days
        raise AssertionError(birth)

    def _holds(self, rule: dict, person: Person) -> bool:
        what, columns = rule["attribute"], person.columns
        words = [word.lower().strip() for word in rule.get("words", ())]

        def within(value: float | None) -> bool:
            return value is not None and rule.get("at_least", -1e12) <= value <= rule.get("at_most", 1e12)

        days = self._days(person)
        if what == "customer_type":
            return self._type(person) in words
        if what == "lifecycle_stage":
            return self._stage(person) in words
        if what == "temperature":
            return ("cold" if days is None or days > 30 else "warm" if days > 7 else "hot") in words
        if what in ("gender", "district"):
            return str(columns[what] or "").lower().strip() in words
        if what == "rfm_segment":
            return str(person.scores.get(what, "")).lower() in words
        if what in ("p_alive", "expected_orders_90_days", "expected_value_90_days"):
            return within(person.scores.get(what))
        if what == "category_bought":
            wanted = set(words)
            for _ in CATEGORIES:
                wanted |= {name.lower() for name, parent in CATEGORIES.items() if parent and parent.lower() in wanted}
            return any(name.lower() in wanted for order in person.counted() for name in order[3])
        if what == "total_spend":
            return within(self.spend(person))
        if what == "order_count":
            return within(len(person.counted()))
        if what == "days_since_last_order":
            return within(days)
        if what == "days_since_registration":
            return within((self.today - columns["created_at"].astimezone(DHAKA).date()).days)
        if what == "event_in_days":
            return any(within(self.days_until(columns[one])) for one in ("date_of_birth", "anniversary_date"))
        if what == "family_birthday_in_days":
            return any(within(self.days_until(birth)) for _, birth, _ in person.family)
        if what == "has_children":
            return any(relationship.strip().lower() in ("child", "son") for relationship, _, _ in person.family)
        assert what == "has_abandoned_cart"
        return person.id in self.open_carts

    def _usable(self, person: Person) -> list[str]:
        numbers = [self.e164(person.columns[one]) for one in ("phone", "mobile")]
        return [number for number in numbers if number and (person.id, number) not in self.flags]

    def address(self, person: Person, channel: str) -> str | None:
        """Where the channel reaches the customer."""
        if channel == "push":
            return f"customer:{person.id}"
        if channel == "email":
            return str(person.columns["email"]).lower() if person.columns["email"] else None
        numbers = self._usable(person)
        if channel == "sms":
            numbers = [one for one in numbers if not one.startswith("+880") or one.startswith("+8801")]
        return numbers[0] if numbers else None

    def says(self, number: int, channel: str) -> bool | None:
        """What the customer last said of the channel."""
        said = self.consents.get((number, channel))
        if not said:
            return None
        latest = max(moment for moment, _ in said)
        return [granted for moment, granted in said if moment == latest][-1]

    def contacts(self) -> Counter[int]:
        """Contacts of the week and promised ones, from the rows as they are now."""
        week = [self.today - timedelta(days=n) for n in range(7)]
        found: Counter[int] = Counter()
        for number, _, _ in self.execute(
            "select customer_id, contacted_on, channel from trustcart_private.contact_days"
            " where contacts > 0 and contacted_on = any(%s)",
            [week],
        ):
            found[number] += 1
        days = set()
        for number, channel, status, sent_at, not_before in self.execute(
            "select customer_id, channel, status, sent_at, not_before from trustcart.campaign_messages"
        ):
            if status in ("queued", "sending") and not_before < self.at + timedelta(days=7):
                found[number] += 1
            elif sent_at and (day := sent_at.astimezone(DHAKA).date()) in week:
                found[number] += (number, channel, day) in days
                days.add((number, channel, day))
        return found

    def _is_quiet(self) -> set[int]:
        found = {
            number
            for number, moment in self.pauses
            if (self.today - moment.astimezone(DHAKA).date()).days < 30
            and not any(who == number and moment < back <= self.at for who, back in self.returns)
        }
        for number, status, sent_at, not_before in self.execute(
            "select customer_id, status, sent_at, not_before from trustcart.campaign_messages"
        ):
            if sent_at:
                age = (self.today - sent_at.astimezone(DHAKA).date()).days
                if age < self.quiet_days and sent_at <= self.at:
                    found.add(number)
            elif (
                status in ("queued", "sending")
                and self.quiet_days
                and not_before < self.at + timedelta(days=self.quiet_days)
            ):
                found.add(number)
        return found

    def occurrences(self, event: str | None, notice: int) -> list[tuple[int, str, date | None]]:
        """(customer, occurrence, date) of a campaign; of one without an event every customer once."""
        if event is None:
            return [(number, "", None) for number in self.people]
        assert event == "birthday"
        found = []
        for person in self.people.values():
            births = [("birthday", person.columns["date_of_birth"], None)]
            births += [("family_birthday", birth, member) for _, birth, member in person.family]
            for kind, birth, member in births:
                days = self.days_until(birth)
                if days is not None and days <= notice:
                    day = self.today + timedelta(days=days)
                    found.append((person.id, f"{kind} {day}" + (f" {member}" if member else ""), day))
        return found

    def audience(self, campaign: dict) -> dict[tuple[int, str], tuple[str | None, str | None, str | None]]:
        """{(customer, occurrence): (reason, address, variant)} of a campaign that was not sent yet."""
        channel, wanted = campaign["campaign_type"], self.segment(campaign["target_segment"])
        contacts, quiet = self.contacts(), self._is_quiet()
        refused: dict[str, set[int]] = defaultdict(set)
        for person in self.people.values():
            if self.says(person.id, channel) is False and channel != "push":
                for one in [self.address(person, "email")] if channel == "email" else self._usable(person):
                    refused[one].add(person.id)
        rows = [row for row in self.occurrences(campaign["trigger_event"], 7) if row[0] in wanted]
        reasons: dict[tuple[int, str], str | None] = {}
        keepers: dict[tuple[str, str], tuple] = {}
        for number, occurrence, _ in rows:
            person = self.people[number]
            address, said = self.address(person, channel), self.says(number, channel)
            if said is False or (said is None and self.opt_in) or refused[address or ""] - {number}:
                reasons[number, occurrence] = "no_consent"
            elif address is None:
                reasons[number, occurrence] = "no_address"
            else:
                rank = (-self.spend(person), number)
                keepers[address, occurrence] = min(keepers.get((address, occurrence), rank), rank)
        used: Counter[int] = Counter()
        for number, occurrence, _ in sorted(rows, key=lambda row: (row[0], row[2] or self.today, row[1])):
            if (number, occurrence) in reasons:
                continue
            if keepers[self.address(self.people[number], channel), occurrence][1] != number:
                reason = "duplicate_address"
            elif number in quiet:
                reason = "quiet_period"
            elif contacts[number] >= self.cap:
                reason = "cap"
            elif fraction(f"holdout:{campaign['id']}:{number}") < campaign["holdout_percentage"] / 100:
                reason = "holdout"
            elif used[number] and self.quiet_days:
                reason = "quiet_period"
            elif contacts[number] + used[number] >= self.cap:
                reason = "cap"
            else:
                reason = None
                used[number] += 1
            reasons[number, occurrence] = reason
        return {
            key: (
                reason,
                None if reason else self.address(self.people[key[0]], channel),
                None if reason else self._variant(campaign, key[0]),
            )
            for key, reason in reasons.items()
        }

    @staticmethod
    def _variant(campaign: dict, number: int) -> str | None:
        place = fraction(f"variant:{campaign['id']}:{number}") * sum(campaign["variants"].values())
        for variant, weight in sorted(campaign["variants"].items()):
            place -= weight
            if place < 0:
                return variant
        return None


def fraction(key: str) -> float:
    """The number in [0, 1) that a key draws."""
    return int(hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()[:8], 16) / 2**32
