"""What the tests need of the machine: which Postgres it has and, on Debian and Ubuntu, how to get what is missing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from trustcart_db.server import Installation, installations

_MEMORY = Path("/dev/shm")
# In containers it often has no more than 64 MB.
_ROOM = 4 * 1024**3
_EXTENSIONS = Path("/usr/share/postgresql")
_PG_PROVE = "libtap-parser-sourcehandler-pgtap-perl"
_POOLER = "pgbouncer"
_NOTO = Path("/usr/share/fonts/truetype/noto")
# Without them Bangla and emoji are boxes, on pictures and for what a test measures.
_FONTS = {
    "fonts-noto-core": _NOTO / "NotoSansBengali-Regular.ttf",
    "fonts-noto-color-emoji": _NOTO / "NotoColorEmoji.ttf",
}


def majors() -> tuple[int, ...]:
    """The versions the suite runs on: the system's newest that is not the embedded one (with pg_cron), and the embedded
    one. Raises LookupError when one of them is missing."""
    system, embedded = _system_major(), _embedded_major()
    if system is None or embedded is None:
        raise LookupError("Two Postgres installations are needed; see tests/tools/system.py.")
    return system, embedded


def find_installation(major: int) -> Installation:
    """The installation of a version. Raises LookupError when there is none."""
    try:
        return installations()[major]
    except KeyError:
        raise LookupError(f"There is no Postgres {major} here, only {sorted(installations())}.") from None


def quick_dir() -> Path | None:
    """Where the data of a test's server is quickest made and removed: in memory, where there is room for some shops.

    Result: a directory, or None: the system's temporary one. What tests that were killed left there goes.
    """
    if not _MEMORY.is_dir() or not os.access(_MEMORY, os.W_OK):
        return None
    for lock in _MEMORY.glob("tc-*/data.lock"):
        with contextlib.suppress(OSError), lock.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # which a running server has
            # One that begins this moment has the file before it has the lock.
            if time.time() - lock.stat().st_mtime > 600:
                shutil.rmtree(lock.parent)
    return _MEMORY if shutil.disk_usage(_MEMORY).free > _ROOM else None


def program(name: str) -> str:
    """The path of a program. Raises LookupError when it is not installed."""
    # Debian has what daemons are in sbin, which is not in everybody's path.
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if path is None:
        raise LookupError(f"{name} is not installed; `make test` installs it on Debian and Ubuntu.")
    return path


def pgtap_script() -> Path:
    """pgTAP as one SQL script, from the system's package. Raises LookupError when it is not installed."""
    scripts = sorted(_EXTENSIONS.glob("*/extension/pgtap--?.?.?.sql"))
    if not scripts:
        raise LookupError("pgTAP is not installed; `make test` installs it on Debian and Ubuntu.")
    return scripts[-1]


def install_missing() -> None:
    """Install Postgres, its extensions, pg_prove, PgBouncer, chromium and fonts with apt-get, where they are missing.

    Exits with a sentence where that is not possible: another system, or not root.
    """
    for_pages = _missing_for_pages()
    if _postgres_is_complete() and not for_pages:
        return
    if shutil.which("apt-get") is None:
        sys.exit(
            "Missing: PostgreSQL 15, 16 or 17 with pg_cron, pgTAP and plpgsql_check, and pg_prove (TAP::Parser::"
            "SourceHandler::pgTAP); PgBouncer; or Chromium and the Noto fonts. Install them with your system's package "
            "manager, then run `make test` again."
        )
    if os.geteuid() != 0:
        sys.exit(
            "Packages are missing. Run: sudo apt-get update && sudo apt-get install --no-install-recommends postgresql "
            f"{_PG_PROVE} pgbouncer chromium {' '.join(_FONTS)}, and of its version postgresql-NN-cron, -pgtap and "
            "-plpgsql-check."
        )
    _apt("update")
    if not _postgres_is_complete():
        if _system_major() is None:
            _apt("install", "postgresql")
        major = _system_major()
        _apt(
            "install",
            _PG_PROVE,
            _POOLER,
            *(f"postgresql-{major}-{name}" for name in ("cron", "pgtap", "plpgsql-check")),
        )
    if for_pages:
        _apt("install", *for_pages)


def install_for_pages() -> None:
    """Install what `make screenshots` needs, chromium and fonts. Exits with a sentence where that is not possible."""
    missing = _missing_for_pages()
    if not missing:
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        sys.exit(f"Missing: {', '.join(missing)}. Install them with your system's package manager.")
    _apt("update")
    _apt("install", *missing)


def _missing_for_pages() -> list[str]:
    missing = [package for package, file in _FONTS.items() if not file.exists()]
    return missing if shutil.which("chromium") else ["chromium", *missing]


def _postgres_is_complete() -> bool:
    major = _system_major()
    if major is None or shutil.which("pg_prove") is None or not _has_pooler():
        return False
    extensions = _EXTENSIONS / str(major) / "extension"
    return all((extensions / f"{name}.control").exists() for name in ("pg_cron", "pgtap", "plpgsql_check"))


def _has_pooler() -> bool:
    try:
        return bool(program(_POOLER))
    except LookupError:
        return False


def _system_major() -> int | None:
    return max((one.major for one in installations().values() if not one.embedded), default=None)


def _embedded_major() -> int | None:
    return next((one.major for one in installations().values() if one.embedded), None)


def _apt(command: str, *packages: str) -> None:
    options = ["--quiet", "--quiet", "--yes", "--no-install-recommends"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"apt-get {command} {' '.join(packages)}".rstrip(), flush=True)
    # Its output names mirrors and is long; whoever needs it can run the same command.
    done = subprocess.run(
        ["apt-get", *options, command, *packages], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if done.returncode:
        sys.exit(f"apt-get {command} failed; run it by hand to see why.")
