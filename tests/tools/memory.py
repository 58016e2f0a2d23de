"""How much memory a program takes at most: `python -m tests.tools.memory PROGRAM ARGUMENT …`.

What `getrusage` says of a child counts from before its `exec`, when it was a copy of its parent; so the parent must be
small, which a worker of pytest is not.
"""

from __future__ import annotations

import resource
import subprocess
import sys


def main(command: list[str]) -> int:
    """Run a command; print its peak, in bytes, as the last line of stderr. Result: its exit code."""
    code = subprocess.run(command).returncode
    unit = 1 if sys.platform == "darwin" else 1024
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
