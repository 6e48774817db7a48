"""What the tests of commands may ask for: an operator with a founded node, and one with nothing yet."""

import shutil
from pathlib import Path

import pytest

from tests.operators import Operator, found_node, operator_in


@pytest.fixture(scope="session")
def founded_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database of a founded node; copy it, don't open it."""
    folder = tmp_path_factory.mktemp("founded")
    found_node(folder)
    return folder / "talanoa.db"


@pytest.fixture
def operator(founded_template: Path, tmp_path: Path) -> Operator:
    """Return somebody with a shell on the machine of a founded node."""
    shutil.copyfile(founded_template, tmp_path / "talanoa.db")
    return operator_in(tmp_path)


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Return somebody with a shell on a machine without a node."""
    monkeypatch.chdir(tmp_path)
    return operator_in(tmp_path)
