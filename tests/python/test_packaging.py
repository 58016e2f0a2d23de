"""The wheel, built and installed in a bare venv, migrates from another directory: it brings its own SQL."""

from __future__ import annotations

import subprocess
import sys
import zipfile

from tests.python.conftest import REPOSITORY, environment
from trustcart_db import __version__
from trustcart_db.bundle import read_bundle


def test_the_wheel_installs_and_migrates(tmp_path, empty_db, major):
    env = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    quiet = {"env": env, "check": True, "capture_output": True, "text": True}
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(REPOSITORY)], **quiet
    )
    (wheel,) = tmp_path.glob("*.whl")
    assert __version__ in wheel.name
    names = zipfile.ZipFile(wheel).namelist()
    bundle = read_bundle()
    for one in bundle.objects:
        assert f"trustcart_db/_bundle/{one.path}" in names
    for file in bundle.migrations_dir.glob("*.sql"):
        assert f"trustcart_db/_bundle/migrations/{file.name}" in names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "sql/"))]

    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], **quiet)
    program = tmp_path / "venv" / "bin"
    subprocess.run([str(program / "python"), "-m", "pip", "install", "--quiet", str(wheel)], **quiet)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    command = [str(program / "trustcart-db"), "--database-url", empty_db.url]
    migrated = subprocess.run([*command, "migrate"], cwd=elsewhere, env=env, capture_output=True, text=True)
    assert migrated.returncode == 0, migrated.stderr
    assert f"Migrated to {__version__}" in migrated.stdout
    status = subprocess.run([*command, "status"], cwd=elsewhere, env=env, capture_output=True, text=True)
    assert status.returncode == 0, status.stdout
