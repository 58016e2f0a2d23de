"""The same calls through the same pool without HTTP, in a process of its own: `python -m bench.http_pool < job.json`.

The job: {"conninfo", "user_id", "customers", "tasks", "seconds"}. Prints {"rate"}.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from datetime import datetime, timedelta, timezone

import uvloop

from trustcart_db.auth import tokens
from trustcart_db.web.config import Config
from trustcart_db.web.database import Database


async def _run(job: dict) -> dict:
    keys = tokens.read_keys({tokens.SECRET: "x" * 48})
    database = Database(Config(conninfo=job["conninfo"], keys=keys, secret=b""))
    await database.open()
    now = datetime.now(timezone.utc)
    claims = tokens.Claims(job["user_id"], "crm_manager", now, now + timedelta(hours=1))
    began = time.perf_counter()
    until, done = began + job["seconds"], 0

    async def call(seed: int) -> None:
        nonlocal done
        draw = random.Random(seed)
        while time.perf_counter() < until:
            await database.call(claims, "customer360", {"customer_id": draw.choice(job["customers"])})
            done += 1

    await asyncio.gather(*(call(n) for n in range(job["tasks"])))
    took = time.perf_counter() - began
    await database.close()
    return {"rate": done / took}


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_run(json.load(sys.stdin)))))
