"""Rows of row security: what it adds to the work of an agent, against the same statements of the tables' owner."""

from __future__ import annotations

import statistics

from bench import measure
from bench.context import Context, Result

_ONE = "select * from trustcart.customer_360_view where customer_id = $1"
_LIST = "select trustcart_api.call_tasks_today($1)"
_LOGIN = "bench_agent"
_TURNS = 9


def access(context: Context) -> list[Result]:
    """A customer in 360° and the day's list, as an agent who logs in with a role of their own."""
    name = context.copy(context.shop(), "access")
    with context.connect(name) as owner:
        owner.execute("select trustcart.generate_daily_call_tasks()")
        owner.execute("vacuum analyze")
        lists = owner.execute(
            "select assigned_agent_id, count(*) from trustcart.crm_call_tasks"
            " where task_date = trustcart.business_date() and assigned_agent_id is not null group by 1 order by 2, 1"
        ).fetchall()
        agent, calls = lists[len(lists) // 2]
        (customer,) = owner.execute(
            "select customer_id from trustcart.crm_call_tasks where assigned_agent_id = %s and status = 'pending'"
            " order by id limit 1",
            [agent],
        ).fetchone()
        owner.execute(f"create role {_LOGIN} login in role trustcart_agent")
        try:
            owner.execute("update trustcart.users set db_role = %s where id = %s", [_LOGIN, agent])
            with context.server.connect(name, _LOGIN) as session:
                seen = session.execute("select count(*) from trustcart.customers").fetchone()[0]
                statements = {"one": (_ONE, [("bigint", customer)]), "list": (_LIST, [("bigint", agent)])}
                free, walled = {}, {}
                for key, statement in statements.items():
                    # Each for itself: a list leaves nothing of a look-up's pages and code in the caches.
                    turns = [
                        [
                            measure.execution_times(one, {key: statement}, max(3, context.effort.rounds // 3))[key]
                            for one in (owner, session)
                        ]
                        for _ in range(_TURNS)
                    ]
                    free[key], walled[key] = (statistics.median(turn[side] for turn in turns) for side in (0, 1))
                plan = measure.plan_of(session, _ONE.replace("$1", str(customer)))
        finally:
            owner.execute(f"drop owned by {_LOGIN}; drop role {_LOGIN}")
    added = walled["one"] - free["one"]
    ratio = walled["list"] / free["list"]
    return [
        Result(
            "access-360",
            f"360° of a customer, as an agent who may see {seen:,} of {context.size.customers:,} customers",
            "–",
            f"{measure.duration(walled['one'])}; without row security {measure.duration(free['one'])}",
            f"{measure.duration(added)} more",
            "row security adds <= 0.15 ms",
            added <= 0.15,
            plan,
        ),
        Result(
            "access-list",
            f"an agent's list of the day, {calls:,} calls (call_tasks_today), as that agent",
            "–",
            f"{measure.duration(walled['list'])}; without row security {measure.duration(free['list'])}",
            f"{ratio:.2f}x",
            "row security adds <= 20%",
            ratio <= 1.2,
        ),
    ]
