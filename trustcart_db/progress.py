"""Progress of long work on a terminal; silent where stderr is none, so that logs stay clean."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show what goes on, on stderr.

    Result: a context manager that gives a function (title, done, total) to call as often as wanted: a new title is a
    new line, a total of 0 is work of unknown length. Raises nothing of its own.
    """
    if not sys.stderr.isatty():
        yield lambda title, done, total: None
        return
    # Imported here: rich takes a tenth of a second to load, which scripts need not wait for.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def tell(title: str, done: int, total: int) -> None:
            if title not in tasks:
                for task in bars.tasks:
                    if not task.finished:
                        bars.update(task.id, total=1, completed=1)
                tasks[title] = bars.add_task(title, total=total or None)
            bars.update(tasks[title], completed=done)

        yield tell
