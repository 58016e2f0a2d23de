"""The row of delivery: queued messages handed out to workers whose channel does nothing.

Run as a program, `python -m bench.delivery URL` is such a worker, until nothing is due.
"""

from __future__ import annotations

import os
import subprocess
import sys

from bench.context import Context, Result
from trustcart_db.delivery.message import Message, Outcome
from trustcart_db.delivery.process import work

_WORKERS = 4
_CHANNEL = "sms"


class NoOp:
    """Accepts everything at once."""

    concurrency = 1

    def send(self, message: Message) -> Outcome:
        """Accept it."""
        return Outcome("accepted", message.key, "200")

    def close(self) -> None:
        """Nothing was opened."""


def deliver(context: Context) -> list[Result]:
    """A message to every customer, of a campaign in two variants, with four workers."""
    name = context.copy(context.customers_only(), "delivery")
    with context.connect(name) as connection:
        connection.execute(
            "insert into trustcart.marketing_campaigns (campaign_name, campaign_type, message_template, discount_code)"
            " values ('Bench', 'sms', 'Dear {{ first_name }}, {{ discount_code }} is for you.', 'BENCH10')"
        )
        connection.execute(
            "insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address)"
            " select p.id, c.id, 'sms', coalesce(c.phone_e164, 'customer:' || c.id)"
            " from trustcart.marketing_campaigns as p cross join trustcart.customers as c order by c.id"
        )
        queued = connection.execute("select count(*) from trustcart.campaign_messages").fetchone()[0]
        connection.execute("vacuum (analyze)")
    command = [sys.executable, "-m", "bench.delivery", context.server.url(name)]
    workers = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(_WORKERS)]
    memory = 0.0
    for worker in workers:
        errors = worker.stderr.read()
        _, status, usage = os.wait4(worker.pid, 0)
        worker.stderr.close()
        worker.returncode = os.waitstatus_to_exitcode(status)
        if worker.returncode:
            raise RuntimeError(f"a worker failed:\n{errors.decode()}")
        memory = max(memory, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6)
    with context.connect(name) as connection:
        sent, attempts, seconds = connection.execute(
            "select (select count(*) from trustcart.campaign_messages where status = 'sent'), count(*),"
            " extract(epoch from max(finished_at) - min(started_at))::double precision"
            " from trustcart.campaign_delivery_attempts where outcome = 'accepted'"
        ).fetchone()
    if (sent, attempts) != (queued, queued):
        raise RuntimeError(f"of {queued} messages {sent} were sent, in {attempts} attempts")
    rate = queued / seconds
    return [
        Result(
            "deliver",
            f"deliver, {_WORKERS} workers, a no-op channel: {queued:,} messages, each one row and one attempt",
            "–",
            f"{rate:,.0f}/s in all; a worker's memory {memory:.0f} MB",
            "–",
            ">= 5,000/s, < 120 MB",
            rate >= 5000 and memory < 120,
        )
    ]


def _worker(url: str) -> int:
    """Deliver until nothing is due. Result: 0 when no channel stopped."""
    result = work(url, {_CHANNEL: NoOp()}, once=True, batch=500)
    for tally in result.values():
        if tally.error:
            print(tally.error.message, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(_worker(sys.argv[1]))
