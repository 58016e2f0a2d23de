"""The releases so far, kept so that upgrades from them can be tried: `python -m tests.tools.releases` keeps the next.

tests/releases holds of each its sql/, migrations/ and bootstrap.sql (VERSION.tar.xz) and a shop's rows at that release
(VERSION.sql). A database is brought to a release by that release's SQL; the Python that runs it is today's.
"""

from __future__ import annotations

import hashlib
import lzma
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from trustcart_db import __version__
from trustcart_db.bundle import read_bundle
from trustcart_db.connection import connect
from trustcart_db.migrate import migrate
from trustcart_db.state import SCHEMAS, migration_ids, releases, version_key

REPOSITORY = Path(__file__).parents[2]
FOLDER = REPOSITORY / "tests" / "releases"
_KEPT = ("sql", "migrations", "trustcart_db/bootstrap.sql")


def kept() -> list[str]:
    """The versions of the releases, oldest first."""
    return sorted((path.name.removesuffix(".tar.xz") for path in FOLDER.glob("*.tar.xz")), key=version_key)


def install(url: str, version: str, *, shop: bool = False) -> None:
    """Bring a database to a release.

    Arguments: the URL of a database that has nothing of us, or nothing that is newer; the release; whether to put its
    shop's rows in. Raises psycopg.Error, TrustCartError.
    """
    with tempfile.TemporaryDirectory() as directory, connect(url, autocommit=True) as connection:
        root = Path(directory)
        with tarfile.open(FOLDER / f"{version}.tar.xz") as archive:
            archive.extractall(root, filter="data")
        for schema in SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
        connection.execute((root / "trustcart_db/bootstrap.sql").read_text(encoding="utf-8"))
        migrate(url, read_bundle(root))
        connection.execute("update trustcart_private.installation set version = %s", [version])
        if shop:
            connection.execute((FOLDER / f"{version}.sql").read_text(encoding="utf-8"), prepare=False)


def migrations_since(version: str) -> list[str]:
    """The ids of the migrations that came after a release, in order."""
    bundle = read_bundle()
    shipped = releases(bundle)
    return [
        name for name in migration_ids(bundle) if version_key(shipped.get(name, __version__)) > version_key(version)
    ]


def keep() -> None:
    """Keep what HEAD holds as the release of its version: the archive, and a section of migrations/frozen.txt.

    Raises SystemExit when that version is kept already or HEAD is not what the checkout shows.
    """
    archive, frozen = FOLDER / f"{__version__}.tar.xz", REPOSITORY / "migrations" / "frozen.txt"
    if archive.exists():
        sys.exit(f"{__version__} is released; trustcart_db/__init__.py needs the next version first.")
    if subprocess.run(["git", "status", "--porcelain"], cwd=REPOSITORY, capture_output=True, check=True).stdout:
        sys.exit("Commit first: what is released is a commit.")
    shipped = releases(read_bundle())
    new = [path for path in sorted(frozen.parent.glob("*.sql")) if path.name.split(".")[0] not in shipped]
    tar = subprocess.run(["git", "archive", "HEAD", *_KEPT], cwd=REPOSITORY, capture_output=True, check=True).stdout
    archive.write_bytes(lzma.compress(tar, preset=9 | lzma.PRESET_EXTREME))
    with frozen.open("a", encoding="utf-8") as file:
        print(f"\n# {__version__}", file=file)
        for path in new:
            print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}", file=file)
    print(
        f"Kept {archive.relative_to(REPOSITORY)}; {len(new)} files are frozen. tests/releases/README.md says the rest."
    )


if __name__ == "__main__":
    keep()
