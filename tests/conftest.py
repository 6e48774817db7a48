"""What every test may ask for: a clock, settings and a database.

`node_database` is a quick SQLite database; `database` runs the test on SQLite and on PostgreSQL.
Both give the settings of a node whose database is open and has all tables.
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from node.database import close_database, open_database
from node.settings import Settings
from tests.clock import FakeClock
from tests.databases import (
    MODULES,
    Cluster,
    make_schema,
    require_postgresql,
    run_apart,
    settings_for,
)
from tests.thrift import be_thrifty

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture(scope="session", autouse=True)
def thrift() -> Iterator[None]:
    """Spend little on what is not under test."""
    with pytest.MonkeyPatch.context() as patch:
        be_thrifty(patch)
        yield


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands still."""
    return FakeClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings of https://home.example with an empty data folder."""
    return settings_for(tmp_path)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with all tables and no rows; copy it, don't open it."""
    folder = tmp_path_factory.mktemp("template")
    run_apart(make_schema(settings_for(folder)))
    return folder / "talanoa.db"


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a running PostgreSQL server with the template; one for all tests of a process."""
    cluster = Cluster(require_postgresql())
    try:
        cluster.start()
        cluster.prepare(tmp_path_factory.mktemp("postgresql"))
        yield cluster
    finally:
        cluster.stop()


async def _opened(settings: Settings) -> AsyncIterator[Settings]:
    context = await open_database(settings, MODULES)
    try:
        yield settings
    finally:
        await close_database(context)


@pytest.fixture
async def node_database(sqlite_template: Path, settings: Settings) -> AsyncIterator[Settings]:
    """Open a fresh SQLite database with all tables; return the settings."""
    shutil.copyfile(sqlite_template, settings.data_dir / "talanoa.db")
    async for opened in _opened(settings):
        yield opened


@pytest.fixture(params=BOTH)
async def database_settings(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Settings]:
    """Return settings of a fresh database with all tables, not yet open; on both databases."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, tmp_path / "talanoa.db")
        yield settings_for(tmp_path)
        return
    cluster: Cluster = request.getfixturevalue("postgresql")
    name = await cluster.fresh_database()
    yield settings_for(tmp_path, DATABASE_URL=cluster.url(name))
    await cluster.drop(name)


@pytest.fixture
async def database(database_settings: Settings) -> AsyncIterator[Settings]:
    """Open a fresh database with all tables, once SQLite, once PostgreSQL; return the settings."""
    async for opened in _opened(database_settings):
        yield opened
