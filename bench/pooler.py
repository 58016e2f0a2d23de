"""The rows of PgBouncer: the same work through it and without, side by side."""

from __future__ import annotations

import statistics

from bench import web
from bench.context import Context, Result
from tests.tools import web as site
from tests.tools.bouncer import bouncing
from trustcart_db.connection import DIRECT

#: As many as `serve` has connections by default: nobody waits for one.
_POOL = 10


def pooler(context: Context) -> list[Result]:
    """Customers looked up by the HTTP face, and by the same calls without HTTP, each through PgBouncer and without."""
    with (
        web.served(context, context.shop()) as (direct, name),
        bouncing(context.server, site.GATEWAY, pool_size=_POOL) as bouncer,
    ):
        ways = {"direct": context.server.url(name, site.GATEWAY), "pooled": bouncer.url(name, site.GATEWAY)}
        variables = {"TRUSTCART_DATABASE_URL": ways["pooled"], DIRECT: ways["direct"]}
        seconds, customers = context.effort.seconds, web.some_customers(context, name)
        with site.serving(context.server.url(name), **variables) as pooled:
            sites = {"direct": direct, "pooled": pooled}
            asked = {way: web.looking_up(one, customers, seconds) for way, one in sites.items()}
            over_http = {way: [] for way in ways}
            calls = {way: [] for way in ways}
            for job in asked.values():
                web.run_program("bench.http_client", {**job, "seconds": min(2, seconds)})
            for number in range(context.effort.repeats):
                # Neither comes first always.
                for way in list(ways)[:: 1 if number % 2 else -1]:
                    over_http[way].append(web.run_program("bench.http_client", asked[way]))
                    called = {"conninfo": ways[way], "user_id": web.MANAGER, "customers": customers, "tasks": 32}
                    calls[way].append(web.run_program("bench.http_pool", {**called, "seconds": seconds})["rate"])
    web.only_answers([run for runs in over_http.values() for run in runs])
    rates = {way: statistics.median(run["rate"] for run in runs) for way, runs in over_http.items()}
    bare = {way: statistics.median(found) for way, found in calls.items()}
    share = rates["pooled"] / rates["direct"]
    return [
        Result(
            "pooler-http",
            "GET 360 through PgBouncer",
            "–",
            f"{rates['pooled']:,.0f}/s; direct {rates['direct']:,.0f}/s",
            f"{share:.0%} of the rate",
            ">= 90% of the direct rate",
            share >= 0.9,
        ),
        Result(
            "pooler-calls",
            "the same calls without HTTP, through PgBouncer",
            "–",
            f"{bare['pooled']:,.0f}/s; direct {bare['direct']:,.0f}/s",
            f"{bare['pooled'] / bare['direct']:.0%} of the rate",
            "–",
            None,
        ),
    ]
