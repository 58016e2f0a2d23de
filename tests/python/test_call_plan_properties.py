"""What holds for every day of every shop: made-up shops live through some days, and each plan and list is looked at."""

from __future__ import annotations

import random
from datetime import date, timedelta

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.tools.played_days import PlayedDays

FIRST_DAY = date(2024, 2, 26)  # a leap day and a month's end are on the way
DAYS = 9
CUSTOMERS = 400
OUTCOMES = ("successful", "successful order", "no_answer", "busy", "follow_up_needed", "not_interested", "wrong_number")
_NO_CAPACITY = "no capacity"


class Shop:
    """A shop and those who work in it, drawn from a seed; in a plain one every agent can make every call."""

    def __init__(self, connection: psycopg.Connection, seed: int, plain: bool) -> None:
        self.connection = connection
        self.random = random.Random(seed)
        self.plain = plain
        self.known: dict[tuple, bool] = {}
        self.days = PlayedDays(connection)
        self.days.begin(FIRST_DAY - timedelta(days=1), "12:00")
        self._agents()
        self._customers()
        self._history()
        self.days.settle()

    # -- drawing the shop

    def _agents(self) -> None:
        draw = self.random
        self.many(
            "insert into trustcart.users (id, name, role, is_active) values (%s, %s, %s, %s)",
            [(n, f"Agent {n}", "crm_agent", True) for n in range(1, 7)]
            + [(7, "Left", "crm_agent", False), (8, "Manager", "crm_manager", True)],
        )
        self.execute("update trustcart.settings set calls_per_agent_day = %s", [draw.randint(5, 12)])
        self.execute("update trustcart.settings set contacts_per_week = %s", [draw.choice([1, 2])])
        if draw.random() < 0.5:
            self.execute("update trustcart.settings set quiet_from = '21:00', quiet_until = '09:00'")
        hours = [("00:00", "24:00")] if self.plain else [("09:00", "13:00"), ("09:00", "18:00"), ("14:00", "22:00")]
        worked = [
            (agent, weekday, *draw.choice(hours), draw.choice([None, 0, 3, 15]))
            for agent in (1, 2, 3)
            for weekday in range(1, 8)
            if draw.random() < 0.8
        ]
        self.many(
            "insert into trustcart.agent_working_hours (agent_id, weekday, works_from, works_until, max_calls)"
            " values (%s, %s, %s, %s, %s)",
            worked,
        )
        self.execute(
            "insert into trustcart.shop_holidays (holiday_on, name) values (%s, 'Leap Day')",
            [FIRST_DAY + timedelta(days=draw.randint(1, DAYS))],
        )
        for agent in (4, 5):
            first = FIRST_DAY + timedelta(days=draw.randint(0, DAYS - 2))
            self.execute("select trustcart.add_agent_leave(%s, %s, %s)", [agent, first, first + timedelta(days=1)])
        if not self.plain:
            self.many(
                "insert into trustcart.agent_languages (agent_id, language) values (%s, %s)",
                [(1, "bn"), (1, "en"), (2, "bn"), (3, "en"), (4, "ar")],
            )
            self.execute("insert into trustcart.agent_skills (agent_id, skill) values (1, 'winning'), (5, 'greeting')")
            self.execute("update trustcart.call_task_types set required_skill = 'winning' where task_type = 'at_risk'")

    def _customers(self) -> None:
        draw = self.random
        people = range(1, CUSTOMERS + 1)
        self.many(
            "insert into trustcart.customers (id, first_name, phone, date_of_birth, assigned_agent_id, is_active)"
            " values (%s, %s, %s, %s, %s, %s)",
            [
                (
                    n,
                    f"Customer {n}",
                    f"017{n:08}",
                    date(1990, 1, 1) + timedelta(days=draw.randint(0, 364)) if draw.random() < 0.5 else None,
                    draw.choice([None, None, 1, 2, 3, 3, 3, 4, 7, 8]),
                    draw.random() < 0.95,
                )
                for n in people
            ],
        )
        self.many(
            "insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth)"
            " values (%s, 'Relative', 'spouse', %s)",
            [(n, date(1992, 2, 20) + timedelta(days=draw.randint(0, 20))) for n in people if draw.random() < 0.1],
        )
        wishes = [
            (
                n,
                *draw.choice([(None, None), ("10:00", "12:00"), ("19:00", "20:00"), ("22:00", "23:00")]),
                draw.choice([None, None, "Europe/London", "America/New_York"]),
                draw.choice([None, "bn", "en", "fr"]),
            )
            for n in people
            if not self.plain and draw.random() < 0.3
        ]
        self.many(
            "insert into trustcart.customer_contact_preferences"
            " (customer_id, preferred_from, preferred_until, time_zone, language) values (%s, %s, %s, %s, %s)",
            wishes,
        )

    def _history(self) -> None:
        draw = self.random
        orders, contacts, consents = [], [], []
        for n in range(1, CUSTOMERS + 1):
            last = draw.choice([3, 20, 45, 62, 75, 89, 95, 130])
            for _ in range(draw.choice([0, 1, 1, 2, 4, 7])):
                ordered_on = FIRST_DAY - timedelta(days=max(1, last + draw.randint(-3, 3)))
                orders.append(
                    (n, ordered_on, draw.choice([100, 900, 20000]), draw.choice(["delivered"] * 9 + ["returned"]))
                )
                last += draw.randint(3, 40)
            for _ in range(draw.choice([0, 0, 0, 1, 2, 5])):
                at = FIRST_DAY - timedelta(days=draw.choice([1, 2, 3, 5, 8, 13, 30, 60]))
                contacts.append(self._contact(n, at))
            if draw.random() < 0.1:
                at = FIRST_DAY - timedelta(days=draw.randint(1, 300))
                consents += [(n, False, at), *([(n, True, at + timedelta(days=1))] if draw.random() < 0.3 else [])]
        self.many(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " values (%s, %s, %s, %s)",
            orders,
        )
        self.many(
            "insert into trustcart.customer_interactions (customer_id, interaction_type, direction, outcome,"
            " follow_up_date, interaction_date) values (%s, %s, %s, %s, %s, %s)",
            contacts,
        )
        self.many(
            "insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)"
            " values (%s, 'call', %s, %s)",
            consents,
        )

    def _contact(self, customer: int, on: date) -> tuple:
        draw = self.random
        kind = draw.choice(["call", "call", "whatsapp", "sms"])
        return (
            customer,
            kind,
            draw.choice(["outbound", "outbound", "inbound"]),
            draw.choice([*OUTCOMES[:-1], None]) if kind == "call" else None,
            on + timedelta(days=draw.randint(1, 6)) if draw.random() < 0.2 else None,
            f"{on} {draw.randint(9, 20)}:{draw.randint(0, 59):02}:00+06",
        )

    # -- living in it

    def work(self, day: date) -> None:
        """Agents take calls and settle them, customers order and write, until much of the list is still open."""
        draw = self.random
        often = (self._claim, self._complete, self._order)
        actions = (*often, *often, self._attempt, self._skip, self._snooze, self._reassign)
        actions += (self._write, self._arrange, self._refuse)
        for _ in range(draw.randint(20, 60)):
            action = draw.choice(actions)
            try:
                with self.connection.transaction():
                    action(day)
            except psycopg.Error as error:
                # Refusals of ours are part of a day's work.
                assert (error.sqlstate or "").startswith("TC"), error
        if draw.random() < 0.4:
            self.execute(
                "select trustcart.reschedule_call_tasks(p_to => %s, p_task_date => %s)", [day + timedelta(days=1), day]
            )

    def _open_task(self, day: date) -> int | None:
        tasks = self.column(
            "select id from trustcart.crm_call_tasks where status = 'pending' and task_date = %s", [day]
        )
        return self.random.choice(sorted(tasks)) if tasks else None

    def _outcome(self, day: date) -> list:
        outcome = self.random.choice(OUTCOMES)
        due = day + timedelta(days=self.random.randint(1, 4)) if outcome == "follow_up_needed" else None
        return [outcome, due]

    def _claim(self, day: date) -> None:
        agent = self.random.randint(1, 6)
        task = self.rows("select id from trustcart.claim_next_call(%s, %s)", [agent, self.days.at])
        if task and self.random.random() < 0.8:
            self.execute(
                "select trustcart.complete_call_task(%s, %s, p_follow_up_date => %s)",
                [task[0]["id"], *self._outcome(day)],
            )

    def _complete(self, day: date) -> None:
        agent = self.random.choice([None, None, self.random.randint(1, 6)])
        self.execute(
            "select trustcart.complete_call_task(%s, %s, p_follow_up_date => %s, p_agent_id => %s)",
            [self._open_task(day), *self._outcome(day), agent],
        )

    def _attempt(self, day: date) -> None:
        self.execute(
            "select trustcart.log_call_attempt(%s, %s, p_at => %s)",
            [self._open_task(day), self.random.choice(["no_answer", "busy"]), self.days.at],
        )

    def _skip(self, day: date) -> None:
        self.execute("select trustcart.skip_call_task(%s, 'on a journey')", [self._open_task(day)])

    def _snooze(self, day: date) -> None:
        self.execute(
            "select trustcart.snooze_call_task(%s, %s, %s)",
            [self._open_task(day), self.days.at + timedelta(hours=2), self.days.at],
        )

    def _reassign(self, day: date) -> None:
        self.execute(
            "select trustcart.reassign_call_task(%s, %s, p_at => %s)",
            [self._open_task(day), self.random.randint(1, 6), self.days.at],
        )

    def _order(self, day: date) -> None:
        self.execute(
            "insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)"
            " values (%s, %s, 500, 'pending')",
            [self.random.randint(1, CUSTOMERS), day],
        )

    def _write(self, day: date) -> None:
        self.execute(
            "insert into trustcart.customer_interactions (customer_id, interaction_type, direction, outcome,"
            " follow_up_date, interaction_date) values (%s, %s, %s, %s, %s, %s)",
            self._contact(self.random.randint(1, CUSTOMERS), day),
        )

    def _arrange(self, day: date) -> None:
        self.execute(
            "select trustcart.create_call_task(%s, %s, p_task_date => %s)",
            [
                self.random.randint(1, CUSTOMERS),
                self.random.choice(["other", "congratulate_gold_member", "follow_up"]),
                day + timedelta(days=self.random.randint(0, 2)),
            ],
        )

    def _refuse(self, day: date) -> None:
        self.execute(
            "select trustcart.record_consent(%s, 'call', %s)",
            [self.random.randint(1, CUSTOMERS), self.random.random() < 0.3],
        )

    def change_the_team(self, day: date) -> bool:
        """Sometimes, in the evening, somebody falls ill or leaves, or days get longer or shorter. Result: whether."""
        draw = self.random
        if draw.random() < 0.5:
            return False
        change = draw.choice(["leave", "users", "settings", "settings"])
        if change == "settings":
            self.execute("update trustcart.settings set calls_per_agent_day = %s", [draw.choice([5, 8, 12, 40, 60])])
        elif change == "users":
            self.execute("update trustcart.users set is_active = not is_active where id = 6")
        else:
            try:
                with self.connection.transaction():
                    self.execute(
                        "select trustcart.add_agent_leave(%s, %s, %s)",
                        [draw.randint(1, 6), day + timedelta(days=1), day + timedelta(days=2)],
                    )
            except psycopg.Error as error:
                assert error.sqlstate in ("TC201", "TC210"), error  # has left, or is away already
        return True

    # -- looking at it

    def execute(self, statement: str, parameters: list | None = None) -> None:
        """Run a statement."""
        self.connection.execute(statement, parameters)

    def many(self, statement: str, rows: list) -> None:
        """Run a statement for each row."""
        with self.connection.cursor() as cursor:
            cursor.executemany(statement, rows)

    def rows(self, query: str, parameters: list | None = None) -> list[dict]:
        """The rows of a query."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, parameters).fetchall()

    def column(self, query: str, parameters: list | None = None) -> list:
        """The first column of a query."""
        return [next(iter(row.values())) for row in self.rows(query, parameters)]

    def plan(self, day: date) -> list[dict]:
        """The plan, in an order of its own."""
        return self.rows("select * from trustcart.plan_daily_call_tasks(%s) order by customer_id", [day])

    def generate(self, day: date) -> dict:
        """Generate; result: what is reported."""
        return self.column("select trustcart.generate_daily_call_tasks(%s)", [day])[0]

    def written(self) -> list[dict]:
        """Every row that the generation may write, with the mark that any write of it leaves."""
        return self.rows(
            "select 'task' as what, t.id::text, t.xmin::text, t.ctid::text from trustcart.crm_call_tasks as t"
            " union all select 'wait', l.customer_id::text, l.xmin::text, l.ctid::text"
            " from trustcart.call_waiting_list as l"
            " union all select 'day', a.agent_id || ' ' || a.work_date, a.xmin::text, a.ctid::text"
            " from trustcart.agent_days as a order by 1, 2"
        )

    def agents(self, day: date) -> dict[int, dict]:
        """Who works, with how much room: by id."""
        found = self.rows(
            "select c.agent_id, c.max_calls, (%(day)s::date + c.works_from) at time zone s.time_zone as works_from,"
            " (%(day)s::date + c.works_until) at time zone s.time_zone as works_until"
            " from trustcart.settings as s cross join trustcart_private.agent_capacity(%(day)s) as c"
            " where c.absence is null",
            {"day": day},
        )
        return {row["agent_id"]: row for row in found}


@pytest.fixture(params=[(11, True), (12, True), (21, False), (22, False), (23, False)], ids=str)
def shop(db, request):
    """A shop of each seed, plain or with languages, skills and hours."""
    with db.connect() as connection:
        yield Shop(connection, *request.param)


def test_every_day_keeps_its_promises(shop):
    reports: dict[date, dict] = {}
    plans: dict[date, list[dict]] = {}
    seen = {"carried": 0, "no capacity": 0, "expired": 0}
    changed = False
    for n in range(DAYS):
        day = FIRST_DAY + timedelta(days=n)
        shop.days.begin(day, "06:00")
        shop.execute("select trustcart.refresh_customer_state(%s)", [day])
        earlier, arranged = _open_before(shop, day), _loads(shop, day)
        plan = plans[day] = shop.plan(day)
        result = shop.generate(day)
        seen["carried"] += result["carried"]
        seen["expired"] += result["expired"]
        seen["no capacity"] += result["no_capacity"]
        _the_list_is_the_plan(shop, day, plan, result)
        _nothing_new_when_run_again(shop, day)
        _same(shop.plan(day), plan, "generated tasks change the plan")
        _within_capacity(shop, day, plan, arranged)
        _hot_before_cold(shop, day, plan)
        _with_their_own_agents(shop, day, plan)
        if shop.plain:
            _level(shop, day, plan)
        _everyone_at_risk_is_told(shop, day, plan)
        _allowed(shop, day)
        _settled(shop, day, plan, earlier)
        for past, report in reports.items():
            assert _report(shop, past) == report, f"{past} changed"
        if n and not changed:
            before = day - timedelta(days=1)
            _same(shop.plan(before), plans[before], "yesterday's plan is another today")

        shop.days.begin(day, "10:00")
        shop.work(day)
        shop.days.settle()
        _same(shop.plan(day), plan, "the day's work changes the plan of its morning")
        assert shop.generate(day)["created"] <= _freed(shop, day)
        _within_cap_at_any_hour(shop, day, arranged)
        for check in ("check_customer_state", "check_agent_days"):
            assert shop.rows(f"select * from trustcart.{check}()") == []

        shop.days.begin(day, "23:30")
        changed = shop.change_the_team(day)
        shop.days.settle()
        reports[day] = _report(shop, day)
    assert all(seen.values()), seen


def _same(plan, expected, what):
    """Two plans, of which what differs is told."""
    before = {row["customer_id"]: row for row in expected}
    after = {row["customer_id"]: row for row in plan}
    differs = [
        (
            customer,
            {
                name: (before.get(customer, {}).get(name), value)
                for name, value in (after.get(customer) or before[customer]).items()
                if before.get(customer, {}).get(name) != after.get(customer, {}).get(name)
            },
        )
        for customer in sorted(before | after)
        if before.get(customer) != after.get(customer)
    ]
    assert not differs, (what, len(differs), differs[:3])


def _open_before(shop, day):
    return shop.rows(
        "select id, customer_id from trustcart.crm_call_tasks where status = 'pending' and task_date < %s", [day]
    )


def _report(shop, day):
    row = shop.rows("select * from trustcart.report_daily(%s)", [day])[0]
    return {name: row[name] for name in ("total_tasks", "completed", "successful")}


def _kept(plan):
    return [row for row in plan if row["decision"] == "kept"]


def _dropped(plan):
    return [row for row in plan if row["decision"] == "dropped"]


def _the_list_is_the_plan(shop, day, plan, result):
    """The generated tasks are the kept rows, to the last column."""
    tasks = shop.rows(
        "select customer_id, task_type, priority, reasons, assigned_agent_id as agent_id, why_agent, notes,"
        " list_position, call_from, call_until, predecessor_id, first_planned_on, status, priority_rank"
        " from trustcart.crm_call_tasks where source = 'generated' and task_date = %s order by customer_id",
        [day],
    )
    expected = [
        {
            **{name: row[name] for name in tasks[0] if name in row},
            "predecessor_id": (row["carried_from"] or [None])[0],
            "status": "pending",
        }
        for row in _kept(plan)
    ]
    assert tasks == expected
    assert result["created"] == result["total"] == len(expected)
    assert len({row["customer_id"] for row in plan}) == len(plan), "a customer twice in the plan"
    assert all(row["why"] for row in plan)
    positions = [row["list_position"] for row in sorted(_kept(plan), key=lambda row: row["list_position"])]
    assert len(set(positions)) == len(positions)


def _nothing_new_when_run_again(shop, day):
    before = shop.written()
    again = shop.generate(day)
    assert (again["created"], again["carried"], again["expired"]) == (0, 0, 0)
    assert shop.written() == before


def _loads(shop, day):
    """The tasks of each agent's day, but those skipped and cancelled."""
    return {
        row["assigned_agent_id"]: row
        for row in shop.rows(
            "select assigned_agent_id, count(*) as calls from trustcart.crm_call_tasks"
            " where task_date = %s and status not in ('skipped', 'cancelled')"
            " and assigned_agent_id is not null group by assigned_agent_id",
            [day],
        )
    }


def _most(agent, agents, arranged):
    """What an agent may have: what the day holds, or what was arranged before it was made shorter."""
    room = agents[agent]["max_calls"] if agent in agents else 0
    return max(room, arranged.get(agent, {"calls": 0})["calls"])


def _within_capacity(shop, day, plan, arranged):
    """Nobody is given more than the day holds, and nothing to who is away, left, or no agent."""
    agents = shop.agents(day)
    kept = _kept(plan)
    assert {row["agent_id"] for row in kept} <= set(agents), "a call for who does not work"
    for agent, load in _loads(shop, day).items():
        assert load["calls"] <= _most(agent, agents, arranged), f"agent {agent} on {day}"
    customers = [row["customer_id"] for row in kept]
    called_anyway = shop.column(
        "select customer_id from trustcart.crm_call_tasks where task_date = %s and source <> 'generated'"
        " and status not in ('skipped', 'cancelled')",
        [day],
    )
    assert not set(customers) & set(called_anyway), "two calls to one customer"
    assert (
        shop.rows(
            "select customer_id from trustcart.crm_call_tasks where status = 'pending' and source = 'generated'"
            " and task_date <= %s group by customer_id having count(*) > 1",
            [day],
        )
        == []
    )


def _needs(shop, day):
    """By customer, what the call needs of the agent: a language, a skill, to be there at its hours."""
    rows = shop.rows(
        "select c.customer_id, p.language, y.required_skill as skill, c.call_from, c.call_until"
        " from trustcart.settings as s cross join lateral trustcart_private.call_candidates("
        "   %(day)s, s, array(select t from trustcart.call_task_types as t order by t.rank), %(day)s, null) as c"
        " join trustcart.call_task_types as y using (task_type)"
        " left join trustcart.customer_contact_preferences as p using (customer_id)",
        {"day": day},
    )
    return {row["customer_id"]: row for row in rows}


def _suits(shop, agent, needs):
    """Whether an agent who works that day can make that call."""
    key = (agent["agent_id"], needs["language"], needs["skill"])
    if key not in shop.known:
        shop.known[key] = shop.column("select trustcart_private.agent_suits(%s, %s, %s)", list(key))[0]
    there = (
        needs["call_from"] is None
        or agent["works_from"] is None
        or (needs["call_from"] < agent["works_until"] and needs["call_until"] > agent["works_from"])
    )
    return shop.known[key] and there


def _hot_before_cold(shop, day, plan):
    """Whoever was dropped for want of a place finds all who could have called busy with calls at least as urgent."""
    agents, loads, needs = shop.agents(day), _loads(shop, day), _needs(shop, day)
    coldest = {}
    for row in _kept(plan):
        coldest[row["agent_id"]] = max(coldest.get(row["agent_id"], 0), row["priority_rank"])
    for row in _dropped(plan):
        if row["why"].startswith(_NO_CAPACITY):
            for agent, one in agents.items():
                if _suits(shop, one, needs[row["customer_id"]]):
                    assert coldest.get(agent, 0) <= row["priority_rank"], (row, agent)
                    assert loads.get(agent, {"calls": 0})["calls"] >= one["max_calls"], ("room is left", row, agent)


def _with_their_own_agents(shop, day, plan):
    """Everybody to an agent who suits; who has an own agent with room, to that one."""
    agents, loads, needs = shop.agents(day), _loads(shop, day), _needs(shop, day)
    own = {row["id"]: row["own"] for row in shop.rows("select id, assigned_agent_id as own from trustcart.customers")}
    for row in _kept(plan):
        agent = own[row["customer_id"]]
        assert row["why_agent"]
        assert _suits(shop, agents[row["agent_id"]], needs[row["customer_id"]]), row
        if agent in agents and agent != row["agent_id"] and _suits(shop, agents[agent], needs[row["customer_id"]]):
            assert loads.get(agent, {"calls": 0})["calls"] >= agents[agent]["max_calls"], row
        if agent == row["agent_id"]:
            assert row["why_agent"] == "the customer's own agent"


def _level(shop, day, plan):
    """No agent who was given others' customers is filled above what one call more would fill another with room."""
    agents, loads = shop.agents(day), _loads(shop, day)
    levelled = {row["agent_id"] for row in _kept(plan) if row["why_agent"].endswith("the least loaded agent")}
    for one in levelled:
        for other, room in agents.items():
            calls = loads.get(other, {"calls": 0})["calls"]
            if calls < room["max_calls"]:
                filled = loads[one]["calls"] / agents[one]["max_calls"]
                assert filled <= (calls + 1) / room["max_calls"] + 1e-9, (one, other)


def _everyone_at_risk_is_told(shop, day, plan):
    """By a plain count of the orders before the day."""
    at_risk = shop.column(
        "select o.customer_id from trustcart.sales_orders as o join trustcart.order_statuses as s using (status)"
        " cross join trustcart.settings as r where s.counts and o.order_date < %s group by o.customer_id"
        " having %s - max(o.order_date) between max(r.at_risk_from_days) and max(r.churned_after_days)",
        [day, day],
    )
    assert len(at_risk) > CUSTOMERS / 20
    assert set(at_risk) <= {row["customer_id"] for row in plan}


def _allowed(shop, day):
    """Nobody who refused, or was contacted often enough, by plain counts of what was known when the day began."""
    refused = shop.column(
        "select t.customer_id from trustcart.crm_call_tasks as t where t.task_date = %(day)s and t.source = 'generated'"
        " and not coalesce((select n.granted from trustcart.customer_consents as n where n.customer_id = t.customer_id"
        " and n.channel = 'call' and n.recorded_at < %(day)s::timestamp at time zone 'Asia/Dhaka'"
        " order by n.recorded_at desc, n.id desc limit 1), true)",
        {"day": day},
    )
    assert refused == []
    often = shop.column(
        "select t.customer_id from trustcart.crm_call_tasks as t where t.task_date = %(day)s and t.source = 'generated'"
        " and (select contacts_per_week from trustcart.settings) <= ("
        " select count(distinct (x.channel, x.on_day)) from ("
        "   select i.interaction_type as channel, (i.interaction_date at time zone 'Asia/Dhaka')::date as on_day"
        "   from trustcart.customer_interactions as i where i.customer_id = t.customer_id and i.direction = 'outbound'"
        "   union all select 'call', (a.attempted_at at time zone 'Asia/Dhaka')::date"
        "   from trustcart.crm_call_attempts as a where a.customer_id = t.customer_id"
        " ) as x where x.on_day < %(day)s and x.on_day > %(day)s::date - 7)",
        {"day": day},
    )
    assert often == []


def _settled(shop, day, plan, earlier):
    """Of past days only who found no place is still open; what is carried has one successor, which names it."""
    decided = {row["customer_id"]: row for row in plan}
    open_still = {row["id"] for row in _open_before(shop, day)}
    for task in earlier:
        row = decided.get(task["customer_id"])
        waits = row is not None and row["decision"] == "dropped" and row["why"].startswith(_NO_CAPACITY)
        if task["id"] in open_still:
            assert waits, (task, row)
    carried = shop.rows("select id, task_date, customer_id from trustcart.crm_call_tasks where status = 'carried'")
    for task in carried:
        successors = shop.rows(
            "select id, task_date, customer_id from trustcart.crm_call_tasks where predecessor_id = %(id)s"
            " or source = 'generated' and jsonb_path_exists(reasons, '$[*].carried_from[*] ? (@ == $id)',"
            " jsonb_build_object('id', %(id)s::bigint))",
            {"id": task["id"]},
        )
        assert len(successors) == 1, (task, successors)
        assert successors[0]["task_date"] > task["task_date"]
        assert successors[0]["customer_id"] == task["customer_id"]


def _freed(shop, day):
    """How many places the day's work has freed again: of calls skipped and cancelled."""
    return shop.column(
        "select count(*) from trustcart.crm_call_tasks where task_date = %s and status in ('skipped', 'cancelled')",
        [day],
    )[0]


def _within_cap_at_any_hour(shop, day, arranged):
    """Only the calls that an agent made of another's list go beyond the cap: they are facts."""
    agents = shop.agents(day)
    taken_over = shop.column(
        "select assigned_agent_id from trustcart.crm_call_tasks where task_date = %s and status = 'completed'"
        " and (before_outcome ->> 'assigned_agent_id')::bigint is distinct from assigned_agent_id",
        [day],
    )
    for agent, load in _loads(shop, day).items():
        most = _most(agent, agents, arranged)
        assert load["calls"] - taken_over.count(agent) <= most, (agent, load, most)
