"""Worker processes: one works for all its channels, each in a thread with a connection of its own, so that a provider
that hangs holds up no other; several are started and replaced by the first."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

from trustcart_db.delivery.config import read_config, transport_of
from trustcart_db.delivery.message import ChannelError, Transport
from trustcart_db.delivery.worker import ChannelWorker, Stop, Tally, log
from trustcart_db.errors import TrustCartError

# Seconds between looks at whether a process ended.
_LOOK = 0.5


def start_log() -> None:
    """Log lines go to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    log.handlers = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False


def work(
    conninfo: str, transports: Mapping[str, Transport], *, once: bool, batch: int, stop: Stop | None = None
) -> dict[str, Tally]:
    """Work in this process until told to stop (SIGTERM, SIGINT), or, once, until nothing is due.

    Arguments: conninfo; the transports by channel; batch, messages claimed at a time at most. Result: what was done, by
    channel; a Tally's error says what stopped its channel. Never raises for a channel.
    """
    stop = stop or Stop()
    workers = [
        ChannelWorker(conninfo, channel, transport, stop, batch=batch, once=once)
        for channel, transport in transports.items()
    ]
    threads = [threading.Thread(target=worker.run, name=worker.channel) for worker in workers]
    for thread in threads:
        thread.start()
    for worker, thread in zip(workers, threads, strict=True):
        while thread.is_alive():
            thread.join(_LOOK)
        if worker.tally.error:
            log.error("channel=%s stopped: %s", worker.channel, worker.tally.error.message)
    return {worker.channel: worker.tally for worker in workers}


def stop_on_signals(stop: Stop, *numbers: signal.Signals) -> None:
    """Let signals ask to stop."""
    for number in numbers:
        signal.signal(number, lambda *_: stop.set())


def work_in_processes(
    conninfo: str, config: Path, channels: Sequence[str], *, once: bool, batch: int, workers: int
) -> dict[str, Tally]:
    """Work in several processes; one that dies is replaced, unless `once`. Result: as `work`, summed up."""
    context = multiprocessing.get_context("spawn")
    stop = Stop()
    stop_on_signals(stop, signal.SIGTERM, signal.SIGINT)

    def start() -> tuple[multiprocessing.process.BaseProcess, Connection]:
        reader, writer = context.Pipe(duplex=False)
        arguments = (conninfo, config, list(channels), once, batch, writer)
        process = context.Process(target=_child, args=arguments, name="trustcart-db deliver")
        process.start()
        writer.close()
        return process, reader

    running = [start() for _ in range(workers)]
    results: list[dict[str, Tally]] = []
    asked = False
    while running:
        wait([process.sentinel for process, _ in running], timeout=_LOOK)
        if stop.is_set() and not asked:
            asked = True
            for process, _ in running:
                process.terminate()
        for one in list(running):
            process, reader = one
            result, ended = None, process.exitcode is not None
            if reader.poll():
                # What it did, or the end of file of one that died.
                with contextlib.suppress(EOFError):
                    result = reader.recv()
            elif not ended:
                continue
            process.join()
            reader.close()
            running.remove(one)
            if result is not None:
                results.append(result)
            elif asked and process.exitcode == -signal.SIGTERM:
                # Asked to end while it was still starting, before it knew the signal: it has nothing in hand.
                results.append({channel: Tally() for channel in channels})
            elif once or stop.is_set():
                lost = ChannelError(f"A worker process ended with {process.exitcode}.", "The next one resumes.")
                results.append({channel: Tally(error=lost) for channel in channels})
            else:
                log.error("a worker process ended with %s; starting another", process.exitcode)
                stop.wait(1)
                running.append(start())
    return {channel: _sum([result[channel] for result in results]) for channel in channels}


def _sum(tallies: Sequence[Tally]) -> Tally:
    return Tally(
        sum(one.sent for one in tallies),
        sum(one.retried for one in tallies),
        sum(one.failed for one in tallies),
        sum(one.returned for one in tallies),
        next((one.error for one in tallies if one.error), None),
    )


def _child(conninfo: str, config: Path, channels: Sequence[str], once: bool, batch: int, writer: Connection) -> None:
    start_log()
    stop = Stop()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears it too, and tells
    stop_on_signals(stop, signal.SIGTERM)

    def follow() -> None:
        parent = multiprocessing.parent_process()
        parent.join()
        stop.set()

    threading.Thread(target=follow, daemon=True).start()
    tables = read_config(config)
    transports = {channel: transport_of(channel, tables) for channel in channels}
    result = work(conninfo, transports, once=once, batch=batch, stop=stop)
    for tally in result.values():
        if tally.error:
            # What an error holds besides does not travel.
            error = tally.error
            tally.error = ChannelError(error.message, error.hint, exit_code=error.exit_code)
    writer.send(result)
    writer.close()


def first_error(result: Mapping[str, Tally]) -> TrustCartError | None:
    """The error of the first channel that one stopped."""
    return next((tally.error for tally in result.values() if tally.error), None)
