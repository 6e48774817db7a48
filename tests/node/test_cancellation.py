"""Cancelled tasks and other processes: no lock and no connection is lost, no row is written by half."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest
from tortoise.exceptions import IntegrityError

from node.database import atomic, close_database, execute_many, open_database
from node.engines.shield import settled
from node.errors import Unavailable
from node.models import Job
from node.settings import Settings
from tests.clock import START
from tests.databases import MODULES

PATIENCE_SECONDS = 20


async def add(key: str) -> None:
    await Job.create(kind="test", key=key, due_at=START, created_at=START)


async def keys() -> list[object]:
    return list(await Job.all().order_by("key").values_list("key", flat=True))


async def _write(key: str) -> None:
    async with atomic():
        await add(key)


@pytest.fixture
async def small_pool(database_settings: Settings) -> AsyncIterator[None]:
    """Open a database whose pool is so small that a few lost connections are noticed."""
    context = await open_database(replace(database_settings, database_pool=2), MODULES)
    yield
    await close_database(context)


async def _cancelled_once(number: int, pause: float) -> None:
    async def work() -> None:
        async with atomic():
            await add(f"half {number}")
            with suppress(IntegrityError):
                async with atomic():
                    await execute_many("UPDATE job SET attempts = ? WHERE key = ?", [[1, f"half {number}"]])
            raise asyncio.CancelledError

    task = asyncio.create_task(work())
    asyncio.get_running_loop().call_later(pause, task.cancel)
    with suppress(asyncio.CancelledError, Unavailable):
        await task


async def test_four_hundred_cancelled_transactions_leak_no_lock_and_no_connection(small_pool: None) -> None:
    """Fifty aborted posts once hung a node for good."""
    chance = random.Random(7)
    pauses = [chance.choice([0.0, 0.0, chance.uniform(0, 0.004), chance.uniform(0, 0.03)]) for _ in range(400)]

    async with asyncio.timeout(120):
        for start in range(0, 400, 8):
            await asyncio.gather(*(_cancelled_once(n, pauses[n]) for n in range(start, start + 8)))
        await settled()

    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(_write(f"after {number:02}") for number in range(20)))
    assert await keys() == [f"after {number:02}" for number in range(20)]


async def test_a_cancelled_commit_is_kept_whole(database: Settings) -> None:
    """Whoever is cancelled while committing learns of it after the commit."""

    async def work() -> None:
        async with atomic():
            await add("one")
            asyncio.get_running_loop().call_soon(task.cancel)

    task = asyncio.create_task(work())
    with suppress(asyncio.CancelledError):
        await task

    assert await keys() in ([], ["one"])
    await _write("two")
    assert "two" in await keys()


WRITER = """
import asyncio, sys
from pathlib import Path
from node.database import atomic, execute, open_database, close_database, marks
from tests.clock import START
from tests.databases import MODULES, settings_for

async def main(folder, url, name):
    settings = settings_for(Path(folder), **({"DATABASE_URL": url} if url else {}))
    await open_database(settings, MODULES)
    try:
        for number in range(50):
            async with atomic():
                values = ["test", f"{name} {number}", "{}", START, START, 0, 0, "pending", ""]
                await execute(
                    "INSERT INTO job (kind, key, payload, due_at, created_at, fence, attempts, state, reason) "
                    f"VALUES ({marks(9)})", values)
    finally:
        await close_database()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_processes_may_write_at_once(database_settings: Settings) -> None:
    url = "" if database_settings.database_url.startswith("sqlite") else database_settings.database_url
    command = [sys.executable, "-c", WRITER, str(database_settings.data_dir), url]
    run = partial(asyncio.create_subprocess_exec, *command, stderr=asyncio.subprocess.PIPE)
    both = [await run(name) for name in ("first", "second")]

    async with asyncio.timeout(60):
        said = [(await process.communicate())[1].decode() for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    context = await open_database(database_settings, MODULES)
    assert await Job.all().count() == 100
    await close_database(context)
