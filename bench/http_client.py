"""A client of HTTP that costs little itself, in a process of its own: `python -m bench.http_client < job.json`.

The job: {"host", "port", "headers", "paths", "connections", "seconds"}. Each connection asks for one path after the
other, waits for each answer, and keeps to itself how long it took. Prints {"rate", "median_ms", "p99_ms", "statuses"}.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time

import uvloop


class _Connection(asyncio.Protocol):
    """One connection: asks, waits for the whole answer, asks again, until the time is over."""

    def __init__(self, requests: list[bytes], until: float, seed: int) -> None:
        self.requests, self.until = requests, until
        self.random = random.Random(seed)
        self.times: list[float] = []
        self.statuses: dict[str, int] = {}
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.received, self.missing = b"", None
        self.began = time.perf_counter()
        if self.began >= self.until:
            self.transport.close()
            return
        self.transport.write(self.random.choice(self.requests))

    def data_received(self, data: bytes) -> None:
        self.received += data
        if self.missing is None:
            head, found, _ = self.received.partition(b"\r\n\r\n")
            if not found:
                return
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            status = head.split(b" ", 2)[1].decode()
            self.statuses[status] = self.statuses.get(status, 0) + 1
            self.missing = len(head) + 4 + length
        if len(self.received) >= self.missing:
            self.times.append(time.perf_counter() - self.began)
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        self.done.set_result(None)


async def _run(job: dict) -> dict:
    headers = "".join(f"{name}: {value}\r\n" for name, value in job["headers"].items())
    requests = [f"GET {path} HTTP/1.1\r\nHost: {job['host']}\r\n{headers}\r\n".encode() for path in job["paths"]]
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    until = began + job["seconds"]
    made = [
        (await loop.create_connection(lambda n=n: _Connection(requests, until, n), job["host"], job["port"]))[1]
        for n in range(job["connections"])
    ]
    await asyncio.gather(*(one.done for one in made))
    took = time.perf_counter() - began
    times = sorted(time for one in made for time in one.times)
    statuses: dict[str, int] = {}
    for one in made:
        for status, count in one.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    return {
        "rate": len(times) / took,
        "median_ms": statistics.median(times) * 1000,
        "p99_ms": times[int(len(times) * 0.99)] * 1000,
        "statuses": statuses,
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_run(json.load(sys.stdin)))))
