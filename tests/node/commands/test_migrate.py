"""talanoa migrate, as an operator types it."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from node.commands.migrate import migrate_command
from node.schema import migrations
from tests.databases import MODULES

COMMAND = migrate_command(MODULES)
NAMES = [each.name for each in migrations()]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    return {"TALANOA_PUBLIC_URL": "https://home.example", "TALANOA_DATA_DIR": str(tmp_path / "data")}


def test_a_wrong_setting_is_said_in_one_sentence(environment: dict[str, str]) -> None:
    result = CliRunner().invoke(COMMAND, env=environment | {"TALANOA_PUBLIC_URL": "http://home.example"})

    assert result.exit_code == 1
    assert result.output == "Error: TALANOA_PUBLIC_URL must be https; write https://home.example.\n"


def test_a_database_that_does_not_answer_is_said_in_one_sentence(environment: dict[str, str], tmp_path: Path) -> None:
    url = f"postgres://talanoa@/none?host={tmp_path}"

    result = CliRunner().invoke(COMMAND, env=environment | {"TALANOA_DATABASE_URL": url})

    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert result.output.startswith("Error: the database can't be")


def test_it_says_what_it_applies_and_then_that_nothing_is_left(environment: dict[str, str]) -> None:
    first = CliRunner().invoke(COMMAND, env=environment)
    again = CliRunner().invoke(COMMAND, env=environment)

    lines = [f"Applying {name}." for name in NAMES] + [f"Applied {len(NAMES)} migrations."]
    assert (first.exit_code, first.output.splitlines()) == (0, lines)
    assert (again.exit_code, again.output) == (0, "The tables are up to date.\n")


def test_it_answers_a_script_in_json(environment: dict[str, str]) -> None:
    first = CliRunner().invoke(COMMAND, ["--json"], env=environment)
    again = CliRunner().invoke(COMMAND, ["--json"], env=environment)

    assert (orjson.loads(first.output), orjson.loads(again.output)) == ({"applied": NAMES}, {"applied": []})
