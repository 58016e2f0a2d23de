"""The command line in processes of its own, of which none begins by importing Python's libraries.

Loading them is most of what a short command costs, and the suite runs many hundreds: a server (multiprocessing's) has
them loaded and forks. Environment, directory, standard files, signals and exit code are those of a process begun anew;
only Python's own variables, which it reads as it begins, come too late.
"""

from __future__ import annotations

import atexit
import io
import multiprocessing
import operator
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from multiprocessing.reduction import DupFd
from typing import IO

from trustcart_db.cli import main

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload([__name__, "trustcart_db.web.app"])


class Program:
    """`trustcart-db` as it runs; much like subprocess.Popen. Attributes: pid, args, returncode (None until known)."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str], files: tuple[int, int, int]) -> None:
        """Start it. Arguments: those of the command line; all of its environment; stdin, stdout and stderr."""
        self.args = ["trustcart-db", *arguments]
        given = (self.args, dict(environment), os.getcwd(), [_File(number) for number in files])
        self._process = _forking.Process(target=_run, args=given)
        self._process.start()
        self.pid = self._process.pid
        # It ends with the tests, should one of them forget it. As a daemon it could have no processes of its own.
        atexit.register(self.kill)

    @property
    def returncode(self) -> int | None:
        """The exit code, -N after signal N, None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """The same."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.args, timeout)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)


def run(arguments: list[str], environment: Mapping[str, str], input: str = "") -> subprocess.CompletedProcess[str]:
    """Run `trustcart-db` to its end. Arguments: those of the command line; all of its environment; what it reads.

    Result: CompletedProcess with text. Raises subprocess.TimeoutExpired, once it is killed.
    """
    # Files, where pipes would need somebody to empty them.
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        stdin.write(input.encode())
        stdin.seek(0)
        program = Program(arguments, environment, (stdin.fileno(), stdout.fileno(), stderr.fileno()))
        try:
            program.wait(120)
        finally:
            program.kill()
        return subprocess.CompletedProcess(program.args, program.returncode, _read(stdout), _read(stderr))


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return io.TextIOWrapper(file, "utf-8").read()


class _File:
    """A file's number, which is another one once the new process has it."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple:
        # While a process is started DupFd goes along with it; anywhere else it would need a thread that serves it.
        return operator.methodcaller("detach"), (DupFd(self._number),)


def _run(arguments: list[str], environment: dict[str, str], directory: str, files: list[int]) -> None:
    for standard, given in enumerate(files):
        os.dup2(given, standard)
        os.close(given)
    # The child of a server of processes has /dev/null there.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as it lives
    sys.argv = arguments
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(directory)
    try:
        main()
    finally:
        # multiprocessing leaves these out.
        atexit._run_exitfuncs()
