"""The wheel, built from the sdist and installed in a bare venv, works from another directory: it brings all it needs,
and says what to install where a command needs more."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.python.conftest import REPOSITORY, environment
from trustcart_db import __version__
from trustcart_db.bundle import read_bundle

_ENVIRONMENT = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
# Every command's help, in one process.
_HELP = """
import click
from trustcart_db.cli import cli
def walk(command, context):
    assert "Usage:" in command.get_help(context), context.command_path
    for name, one in getattr(command, "commands", {}).items():
        walk(one, click.Context(one, info_name=name, parent=context))
    return context
walk(cli, click.Context(cli, info_name="trustcart-db"))
print("all of them")
"""


def _run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(one) for one in command], **{"env": _ENVIRONMENT, "capture_output": True, "text": True, **options}
    )


@pytest.fixture(scope="module")
def wheel(major, tmp_path_factory) -> Path:
    """The wheel, made as a release makes it: of what is in the sdist."""
    if major == 15:
        pytest.skip("what a wheel holds depends on no server: tested on the newer one alone")
    made = tmp_path_factory.mktemp("dist")
    built = _run(sys.executable, "-m", "build", "--outdir", made, REPOSITORY)
    assert built.returncode == 0, built.stderr
    assert len(list(made.glob("*.tar.gz"))) == 1
    (wheel,) = made.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def bare(wheel, tmp_path_factory) -> Path:
    """The programs of a venv that has the wheel and what it requires, without any extra."""
    directory = tmp_path_factory.mktemp("bare")
    assert _run(sys.executable, "-m", "venv", directory).returncode == 0
    installed = _run(directory / "bin" / "python", "-m", "pip", "install", "--quiet", wheel)
    assert installed.returncode == 0, installed.stderr
    return directory / "bin"


def test_the_wheel_holds_everything_and_nothing_else(wheel):
    assert __version__ in wheel.name
    names = set(zipfile.ZipFile(wheel).namelist())
    bundle = read_bundle()
    wanted = {f"_bundle/{one.path}" for one in bundle.objects}
    wanted |= {f"_bundle/migrations/{file.name}" for file in bundle.migrations_dir.glob("*.sql")}
    wanted |= {f"_bundle/mappings/{file.name}" for file in (REPOSITORY / "mappings").glob("*.toml")}
    # Templates, styles, scripts, words: whatever lies in the package.
    package = REPOSITORY / "trustcart_db"
    files = (one for one in package.rglob("*") if one.is_file() and "__pycache__" not in one.parts)
    wanted |= {one.relative_to(package).as_posix() for one in files}
    assert {f"trustcart_db/{name}" for name in wanted} - names == set()
    assert {name.split("/")[0] for name in names} == {"trustcart_db", f"trustcart_db-{__version__}.dist-info"}


def test_the_wheel_works_from_anywhere(bare, empty_db, tmp_path):
    command = [bare / "trustcart-db", "--database-url", empty_db.url]
    migrated = _run(*command, "migrate", cwd=tmp_path)
    assert migrated.returncode == 0, migrated.stderr
    assert f"Migrated to {__version__}" in migrated.stdout
    status = _run(*command, "status", cwd=tmp_path)
    assert status.returncode == 0, status.stdout
    with empty_db.connect() as connection:
        assert connection.execute("select trustcart.version()").fetchone()[0] == __version__
    assert _run(bare / "trustcart-db", "--version", cwd=tmp_path).stdout == f"trustcart-db, version {__version__}\n"
    helped = _run(bare / "python", "-c", _HELP, cwd=tmp_path)
    assert helped.stdout == "all of them\n", helped.stderr
    adopted = _run(*command, "adopt", "--mapping", "none_such", "--dry-run", cwd=tmp_path)
    assert "trustcart_erp" in adopted.stderr

    # What an extra is missing for, is said.
    sms = '[sms]\ntransport = "sms"\nurl = "https://sms.example"\n[sms.json]\nto = "{to}"\ntext = "{text}"\n'
    (tmp_path / "delivery.toml").write_text(sms)
    for arguments, extra in (
        (["serve"], "http"),
        (["deliver", "--once", "--config", "delivery.toml"], "deliver"),
        (["user", "add", "A", "--email", "a@shop.example", "--role", "admin", "--password-stdin"], "auth"),
    ):
        done = _run(*command, *arguments, cwd=tmp_path, input="a long enough password 17\n")
        assert (done.returncode, f"pip install 'trustcart-db[{extra}]'" in done.stderr) == (10, True), done.stderr
        assert "Traceback" not in done.stderr
    demo = _run(bare / "trustcart-db", "demo", cwd=tmp_path)
    assert (demo.returncode, "trustcart-db[embedded]" in demo.stderr) == (10, True), demo.stderr
