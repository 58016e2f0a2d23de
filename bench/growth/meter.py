"""How long what one connection does takes, by the clock and on the processor."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import psycopg

from bench import measure


class Took(NamedTuple):
    """How long something took in ms: by the clock, and of that the server's process on a processor (None where the
    system does not tell)."""

    clock: float
    processor: float | None = None


class Meter:
    """Measures what one connection does. Argument: the connection, to a server on this machine."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._path = Path(f"/proc/{connection.info.backend_pid}/schedstat")

    def took(self, action: Callable[[], object]) -> Took:
        """Do it. Result: how long it took."""
        before = self._on_processor()
        clock = measure.elapsed(action)
        after = self._on_processor()
        return Took(clock, None if before is None or after is None else (after - before) / 1e6)

    def _on_processor(self) -> int | None:
        """ns so far."""
        try:
            return int(self._path.read_text(encoding="ascii").split()[0])
        except (OSError, IndexError):
            return None


def middle(many: Sequence[Took]) -> Took:
    """The median of each."""
    processor = [one.processor for one in many if one.processor is not None]
    return Took(statistics.median(one.clock for one in many), statistics.median(processor) if processor else None)
