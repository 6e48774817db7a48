"""What these fault tests stand on: founded nodes to copy, and how long the set is."""

import os
from pathlib import Path

import pytest

from tests.faults.runs.ground import found_on_sqlite


@pytest.fixture(scope="session")
def is_long() -> bool:
    """Tell whether this is the long set of `make faults`."""
    return os.environ.get("TALANOA_TEST_FAULTS") == "long"


@pytest.fixture(scope="session")
def founded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a founded node on SQLite; copy it, don't start it."""
    return found_on_sqlite(tmp_path_factory.mktemp("founded"))
