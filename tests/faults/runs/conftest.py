"""What these fault tests stand on: founded nodes to copy, how long the set is, and the report of the long one."""

import os
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from node.settings import load
from tests.databases import Cluster, require_postgresql, run_apart
from tests.faults.runs import report as reports
from tests.faults.runs.ground import found, found_on_sqlite, settings_of
from tests.faults.runs.report import Report
from tests.standing import Company, company, founded

__all__ = ["Company", "company", "founded"]
_numbers = count(1)
IS_LONG = os.environ.get("TALANOA_TEST_FAULTS") == "long"
collect_ignore = [] if IS_LONG else ["long"]


@pytest.fixture(scope="session")
def is_long() -> bool:
    """Tell whether this is the long set of `make faults`."""
    return IS_LONG


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


@pytest.fixture(scope="session")
def founded_on_postgresql(postgresql: Cluster, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return the name of a database with a founded node, and its data folder; copy both, don't start it."""
    folder = tmp_path_factory.mktemp("founded-postgresql")
    name = run_apart(postgresql.empty_database())
    run_apart(found(load(settings_of(folder, DATABASE_URL=postgresql.url(name)), {})))
    return name, folder


@pytest.fixture
async def on_postgresql(
    postgresql: Cluster, founded_on_postgresql: tuple[str, Path]
) -> AsyncIterator[tuple[Path, dict[str, str]]]:
    """Return the data folder of a founded node, to be copied, and the setting of a database of its own."""
    template, folder = founded_on_postgresql
    name = f"run_{next(_numbers)}"
    await postgresql.command(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield folder, {"DATABASE_URL": postgresql.url(name)}
    await postgresql.drop(name)


@pytest.fixture
async def own_cluster() -> AsyncIterator[Cluster]:
    """Return a PostgreSQL server of this test's own, which it may stop."""
    cluster = Cluster(require_postgresql())
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
