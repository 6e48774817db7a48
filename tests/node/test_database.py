"""Transactions, connections and raw statements, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from node.database import (
    as_outage,
    atomic,
    close_database,
    dialect,
    execute,
    execute_many,
    in_transaction,
    marks,
    moment,
    open_database,
    rows,
    using,
)
from node.engines import sqlite
from node.errors import NotFound, Unavailable
from node.models import Job
from node.settings import Settings
from tests.clock import START
from tests.databases import MODULES, settings_for

PATIENCE_SECONDS = 20


async def add(key: str) -> None:
    await Job.create(kind="test", key=key, due_at=START, created_at=START)


async def keys() -> list[object]:
    return list(await Job.all().order_by("key").values_list("key", flat=True))


async def test_a_block_that_raises_leaves_nothing(database: Settings) -> None:
    with pytest.raises(ZeroDivisionError):
        async with atomic():
            await add("one")
            raise ZeroDivisionError

    assert await keys() == []


async def test_a_block_that_ends_is_kept_and_seen_by_readers(database: Settings) -> None:
    async with atomic():
        await add("one")

    assert (await keys(), in_transaction()) == (["one"], False)


async def test_a_block_sees_its_own_writes_and_nobody_else_does_before_the_end(database: Settings) -> None:
    seen_outside: list[list[object]] = []
    written, looked = asyncio.Event(), asyncio.Event()

    async def look() -> None:
        await written.wait()
        seen_outside.append(await keys())
        looked.set()

    outside = asyncio.create_task(look())
    async with asyncio.timeout(PATIENCE_SECONDS), atomic():
        await add("one")
        assert (await keys(), in_transaction()) == (["one"], True)
        written.set()
        await looked.wait()
    await outside

    assert seen_outside == [[]]


async def test_an_inner_block_that_raises_takes_only_its_own_writes_along(database: Settings) -> None:
    async with atomic():
        await add("kept")
        with pytest.raises(ZeroDivisionError):
            async with atomic():
                await add("dropped")
                await _write("dropped too")
                raise ZeroDivisionError
        await _write("kept too")

    assert await keys() == ["kept", "kept too"]


async def test_an_outer_block_that_raises_takes_inner_ones_along(database: Settings) -> None:
    with pytest.raises(ZeroDivisionError):
        async with atomic():
            async with atomic():
                await add("inner")
            raise ZeroDivisionError

    assert await keys() == []


async def test_a_unique_key_that_is_taken_can_be_tried_in_a_block_of_its_own(database: Settings) -> None:
    await add("one")
    async with atomic():
        with pytest.raises(IntegrityError):
            async with atomic():
                await add("one")
        await add("two")

    assert await keys() == ["one", "two"]


async def test_a_task_that_outlives_its_block_is_refused(database: Settings) -> None:
    go = asyncio.Event()

    async def late() -> None:
        await go.wait()
        await add("late")

    async with atomic():
        task = asyncio.create_task(late())
        await add("one")
    go.set()

    with pytest.raises(RuntimeError, match="must not outlive"):
        await task
    assert await keys() == ["one"]


async def _write(key: str) -> None:
    async with atomic():
        await add(key)


async def test_many_rows_at_once_are_all_or_none(database: Settings) -> None:
    await add("two")
    sql = "INSERT INTO job (kind, key, payload, due_at, created_at, fence, attempts, state, reason) " + (
        f"VALUES ({marks(9)})"
    )
    lines = [["test", key, "{}", START, START, 0, 0, "pending", ""] for key in ("one", "two", "three")]

    with pytest.raises(IntegrityError):
        await execute_many(sql, lines)
    assert await keys() == ["two"]

    await execute_many(sql, [lines[0], lines[2]])
    assert await keys() == ["one", "three", "two"]


async def test_raw_statements_read_the_same_on_both_databases(database: Settings) -> None:
    await add("one")
    await add("two")

    found = await rows(f"SELECT key, due_at, attempts FROM job WHERE key IN ({marks(2)}) ORDER BY key", ["one", "two"])
    changed = await rows("UPDATE job SET attempts = attempts + ? WHERE key = ? RETURNING key, attempts", [2, "one"])
    touched = await execute("DELETE FROM job WHERE kind = ?", ["test"])

    assert [(row["key"], moment(row["due_at"]), row["attempts"]) for row in found] == [
        ("one", START, 0),
        ("two", START, 0),
    ]
    assert [dict(row) for row in changed] == [{"key": "one", "attempts": 2}]
    assert (touched, moment(None)) == (2, None)


async def test_a_swallowed_error_is_not_taken_for_success(database: Settings) -> None:
    """PostgreSQL answers COMMIT with ROLLBACK after a failed statement; SQLite goes on."""
    await add("one")
    if dialect() == "sqlite":
        async with atomic():
            with suppress(IntegrityError):
                await add("one")
            await add("two")
        assert await keys() == ["one", "two"]
        return
    with pytest.raises(Exception, match="swallowed"):
        async with atomic():
            await add("two")
            with suppress(IntegrityError):
                await add("one")
    assert await keys() == ["one"]


async def test_reads_outside_a_block_cannot_write_on_sqlite(node_database: Settings) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        await rows("WITH one AS (SELECT 1) INSERT INTO reach (object_uri, inbox_url) SELECT 'a', 'b' RETURNING id")


async def test_a_reader_does_not_wait_for_a_writer_on_sqlite(node_database: Settings) -> None:
    free = asyncio.Event()
    began = asyncio.Event()

    async def holds() -> None:
        async with atomic():
            await add("one")
            began.set()
            await free.wait()

    writer = asyncio.create_task(holds())
    await began.wait()
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await keys() == []
        assert await asyncio.gather(*(Job.all().count() for _ in range(10))) == [0] * 10
    free.set()
    await writer


async def test_writes_wait_their_turn_and_then_give_up_on_sqlite(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-11: 503 instead of an endless queue."""
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.01)
    began = asyncio.Event()

    async def late() -> None:
        await began.wait()
        await _write("late")

    task = asyncio.create_task(late())
    async with atomic():
        began.set()
        with pytest.raises(Unavailable):
            await task


@pytest.fixture
async def two_nodes(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[list[object]]:
    contexts = []
    for name in ("one", "two"):
        settings = settings_for(tmp_path / name)
        settings.data_dir.mkdir()
        (settings.data_dir / "talanoa.db").write_bytes(sqlite_template.read_bytes())
        contexts.append(await open_database(settings, MODULES, everywhere=False))
    yield list(contexts)
    for context in contexts:
        await close_database(context)


async def test_two_nodes_in_one_process_keep_apart(two_nodes: list[object]) -> None:
    one, two = two_nodes
    with using(one):  # type: ignore[arg-type]
        async with atomic():
            await add("of one")
            with using(two):  # type: ignore[arg-type]
                assert (in_transaction(), await keys()) == (False, [])
                await _write("of two")
    with using(two):  # type: ignore[arg-type]
        assert await keys() == ["of two"]
    with using(one):  # type: ignore[arg-type]
        assert await keys() == ["of one"]


async def test_a_database_that_cannot_be_reached_is_said_to_be_unavailable(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, DATABASE_URL=f"postgres://talanoa@/none?host={tmp_path}")
    with pytest.raises(Unavailable):
        await open_database(settings, MODULES)

    (tmp_path / "folder.db").mkdir()
    (tmp_path / "letter.db").write_text("Dear all, this is not a database but a letter.\n" * 100)
    for name in ("folder.db", "letter.db"):
        with pytest.raises(Unavailable):
            await open_database(settings_for(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/{name}"), MODULES)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("database or disk is full"), True),
        (OperationalError("database is locked"), True),
        (ConnectionRefusedError(), True),
        (Unavailable("down"), True),
        (OperationalError("no such column: colour"), False),
        (ValueError("a bug"), False),
        (NotFound("nobody called @dora@blocked.example"), False),
    ],
)
def test_outages_are_told_from_wrong_queries(error: Exception, *, expected: bool) -> None:
    assert (as_outage(error) is not None) is expected


def test_a_script_is_cut_into_statements_and_a_trigger_stays_whole() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END;"
    assert sqlite.statements_of(f"CREATE TABLE a (x /* one; two */); {trigger}\n") == [
        "CREATE TABLE a (x /* one; two */);",
        trigger,
    ]
