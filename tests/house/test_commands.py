"""Every command can be imported, says what it does, answers in JSON, and stands in the manual."""

from collections.abc import Iterator

import click
import pytest

from node.__main__ import COMMANDS, main
from tests.house.source import ROOT

SERVING = {"run", "web", "work"}
"""They don't answer; they serve until they are told to stop."""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Return every command and subcommand by what is typed."""
    for name in COMMANDS:
        found = main.get_command(click.Context(main), name)
        assert found is not None
        if not isinstance(found, click.Group) or found.invoke_without_command:
            yield name, found
        if isinstance(found, click.Group):
            yield from ((f"{name} {each}", found.commands[each]) for each in found.commands)


ALL = dict(commands())


@pytest.mark.parametrize("name", ALL)
def test_a_command_says_what_it_does_and_stands_in_the_manual(name: str) -> None:
    manual = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")

    assert ALL[name].help
    assert f"`talanoa {name}" in manual or f", `{name}" in manual


@pytest.mark.parametrize("name", sorted(ALL.keys() - SERVING))
def test_a_command_answers_scripts_in_json(name: str) -> None:
    options = {option for each in ALL[name].params for option in each.opts}

    assert "--json" in options


def test_a_command_that_does_not_exist_is_refused() -> None:
    assert main.get_command(click.Context(main), "nonsense") is None
