"""The help of every command: whole sentences at any width, and examples that can be copied."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from tests.python.conftest import environment
from trustcart_db.cli import cli as command_line


def _commands(command: click.Command, path: tuple[str, ...] = ()):
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from _commands(one, (*path, name))
    else:
        yield path


_COMMANDS = sorted(_commands(command_line))


def _context(path: tuple[str, ...], width: int = 80) -> click.Context:
    context = click.Context(command_line, info_name="trustcart-db", terminal_width=width, max_content_width=width)
    for name in path:
        context = click.Context(context.command.commands[name], info_name=name, parent=context)
    return context


def _examples(path: tuple[str, ...]) -> list[list[str]]:
    """What a shell makes of the examples in a command's help."""
    text = _context(path, 200).get_help().partition("Examples:")[2].replace("\\\n", " ")
    return [shlex.split(line, comments=True) for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("path", _COMMANDS, ids=" ".join)
def test_every_example_is_understood(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("customers.csv", "orders.csv", "items.csv"):
        (tmp_path / name).touch()
    found = _examples(path)
    assert found, "give it an epilog=examples(…)"
    for words in found:
        assert words[0] == "trustcart-db"
        ends = [position for position, word in enumerate(words) if word in ("|", ">")]
        words = words[1 : min(ends, default=len(words))]
        context = command_line.make_context("trustcart-db", words)
        names = []
        while isinstance(context.command, click.Group):
            rest = [*context._protected_args, *context.args]
            name, command, rest = context.command.resolve_command(context, rest)
            names.append(name)
            # Parses, converts and checks, and runs nothing.
            context = command.make_context(name, rest, parent=context)
        assert tuple(names) == path


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("path", [(), *_COMMANDS], ids=lambda path: " ".join(path) if isinstance(path, tuple) else path)
def test_help_is_whole_and_within_its_width(path, width):
    lines = _context(path, width).get_help().splitlines()
    assert max(map(len, lines)) <= width
    assert not [line for line in lines if line.endswith("...") and not line.startswith("Usage")]
    assert not re.search(r"\b(TEXT|PATH)\b  +$", "\n".join(lines), re.M), "an option without a word of help"


def test_groups_list_their_commands_by_whole_sentences():
    for path in sorted({path[:-1] for path in _COMMANDS}):
        lines = _context(path).get_help().partition("Commands:")[2].splitlines()
        assert [line for line in lines if line.rstrip().endswith(".")]
        assert "..." not in "\n".join(lines)


def test_bash_completes_commands_options_and_jobs(db, cli):
    def completed(line: str, **env: str) -> list[str]:
        words = line.split(" ")
        asked = {"_TRUSTCART_DB_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
        done = cli(env={**asked, **env})
        assert (done.returncode, done.stderr) == (0, "")
        return [one.partition(",")[2] for one in done.stdout.split()]

    assert completed("trustcart-db ba") == ["backup", "backtest"]
    assert completed("trustcart-db restore --re") == ["--replace"]
    assert "segments" in completed("trustcart-db report seg")
    known = {"TRUSTCART_DATABASE_URL": db.url}
    assert completed("trustcart-db run detect", **known) == ["detect_dropoffs"]
    assert completed(f"trustcart-db --database-url {db.url} run dai") == ["daily"]
    assert completed("trustcart-db run dai", TRUSTCART_DATABASE_URL="host=/nonexistent") == []
    assert "_trustcart_db" in cli(env={**environment(), "_TRUSTCART_DB_COMPLETE": "zsh_source"}).stdout
