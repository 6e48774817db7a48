"""What these fault tests stand on: founded nodes to copy, how long the set is, and the report of the long one."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.databases import Cluster, require_postgresql
from tests.faults.runs import report as reports
from tests.faults.runs.ground import found_on_sqlite
from tests.faults.runs.report import Report
from tests.standing import Company, company, founded

__all__ = ["Company", "company", "founded"]


@pytest.fixture(scope="session")
def is_long() -> bool:
    """Tell whether this is the long set of `make faults`."""
    return os.environ.get("TALANOA_TEST_FAULTS") == "long"


@pytest.fixture(scope="session")
def report(*, is_long: bool) -> Iterator[Report]:
    """Return where tests note what they found; the long set writes it to FAULTS.md."""
    made = reports.begin()
    yield made
    if is_long:
        reports.write(made)


@pytest.fixture(scope="session")
def founded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a founded node on SQLite; copy it, don't start it."""
    return found_on_sqlite(tmp_path_factory.mktemp("founded"))


@pytest.fixture
async def own_cluster() -> AsyncIterator[Cluster]:
    """Return a PostgreSQL server of this test's own, which it may stop."""
    cluster = Cluster(require_postgresql())
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
