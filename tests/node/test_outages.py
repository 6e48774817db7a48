"""The database goes away and comes back while the node runs."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiosqlite
import pytest
from tortoise.exceptions import OperationalError

from node.database import as_outage, atomic, close_database, execute, open_database, rows
from node.errors import Unavailable
from node.models import Job
from node.settings import Settings
from tests import databases
from tests.clock import START
from tests.databases import MODULES, Cluster, require_postgresql, settings_for


@pytest.fixture
async def own_cluster(tmp_path: Path) -> AsyncIterator[Cluster]:
    """Return a server of this test's own, which it may stop."""
    cluster = Cluster(require_postgresql())
    try:
        cluster.start()
        cluster.prepare(tmp_path)
        yield cluster
    finally:
        cluster.stop()


async def _write(key: str) -> None:
    async with atomic():
        await Job.create(kind="test", key=key, due_at=START, created_at=START)


@pytest.mark.postgresql
async def test_a_server_that_restarts_is_used_again_without_a_new_start(own_cluster: Cluster, tmp_path: Path) -> None:
    """R-11: unavailable while it is away, then all goes on, in a transaction and outside."""
    name = await own_cluster.fresh_database()
    context = await open_database(settings_for(tmp_path, DATABASE_URL=own_cluster.url(name)), MODULES)
    await _write("before")

    own_cluster.end_server()
    with pytest.raises(Unavailable):
        await _write("while away")
    with pytest.raises(Exception) as error:
        await Job.all().count()
    assert as_outage(error.value) is not None
    own_cluster.launch()

    await _write("after")
    assert await Job.all().order_by("key").values_list("key", flat=True) == ["after", "before"]
    await close_database(context)


@pytest.mark.postgresql
async def test_a_transaction_whose_server_ends_is_lost_whole(own_cluster: Cluster, tmp_path: Path) -> None:
    name = await own_cluster.fresh_database()
    context = await open_database(settings_for(tmp_path, DATABASE_URL=own_cluster.url(name)), MODULES)

    with pytest.raises(Exception) as error:
        async with atomic():
            await Job.create(kind="test", key="half", due_at=START, created_at=START)
            own_cluster.end_server()
            await Job.create(kind="test", key="other half", due_at=START, created_at=START)
    assert as_outage(error.value) is not None
    own_cluster.launch()

    assert await Job.all().count() == 0
    await close_database(context)


def test_as_root_in_ci_a_missing_postgresql_fails_and_elsewhere_it_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "postgresql_binaries", lambda: None)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="must run"):
        require_postgresql()

    monkeypatch.delenv("CI")
    with pytest.raises(BaseException) as skipped:
        require_postgresql()
    assert type(skipped.value).__name__ == "Skipped"


async def test_a_full_disk_refuses_writes_keeps_reads_and_recovers(node_database: Settings) -> None:
    """R-11: no half of a transaction stays, and the node goes on by itself when there is room again."""
    await _write("before")
    [pages] = await rows("SELECT page_count AS n FROM pragma_page_count()")
    await execute(f"PRAGMA max_page_count = {pages['n']}")

    with pytest.raises(OperationalError) as error:
        await _fill()
    assert as_outage(error.value) is not None
    assert await Job.all().values_list("key", flat=True) == ["before"]

    await execute("PRAGMA max_page_count = 1000000")
    await _write("after")
    assert await Job.all().order_by("key").values_list("key", flat=True) == ["after", "before"]


async def test_a_full_disk_inside_an_inner_block_leaves_nothing_of_the_outer_one(node_database: Settings) -> None:
    [pages] = await rows("SELECT page_count AS n FROM pragma_page_count()")
    await execute(f"PRAGMA max_page_count = {pages['n']}")

    with pytest.raises(Unavailable):
        async with atomic():
            await Job.create(kind="test", key="outer", due_at=START, created_at=START)
            with suppress(OperationalError, Unavailable):
                await _fill()

    assert await Job.all().count() == 0


async def test_a_transaction_given_up_deep_inside_is_an_outage_all_the_way_out(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-17: the savepoints around the one that fails say the same, not that somebody outlived the transaction."""
    real = aiosqlite.Connection.execute

    def failing(connection: aiosqlite.Connection, sql: str, *values: object) -> object:
        if sql.startswith("RELEASE"):
            raise sqlite3.OperationalError("disk I/O error")
        return real(connection, sql, *values)

    monkeypatch.setattr(aiosqlite.Connection, "execute", failing)
    with pytest.raises(Unavailable):
        async with atomic(), atomic(), atomic():
            await Job.create(kind="test", key="deep", due_at=START, created_at=START)

    monkeypatch.undo()
    assert await Job.all().count() == 0
    await _write("after")


async def _fill() -> None:
    async with atomic():
        for number in range(200):
            await Job.create(kind="test", key=f"{number}", reason="x" * 5000, due_at=START, created_at=START)
