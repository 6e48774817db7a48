"""F-24, R-14: the process is killed at many statements of the migrations; the next start finishes what was begun."""

import asyncio
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import aiosqlite

from node.schema import migrate
from node.settings import load
from tests.databases import MODULES
from tests.faults.runs.ground import settings_of
from tests.faults.runs.report import Line, Report

MOST_STATEMENTS = 2_000
STEP = 11
_apart = multiprocessing.get_context("forkserver")


def _migrate_and_die(environment: Mapping[str, str], dies_at: int) -> None:
    """Migrate in this process, which kills itself before the statement of that number."""
    numbers = count(1)
    real = aiosqlite.Connection.execute

    def counted(self: aiosqlite.Connection, sql: str, *arguments: Any) -> Any:
        if next(numbers) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, sql, *arguments)

    aiosqlite.Connection.execute = counted  # type: ignore[method-assign]
    asyncio.run(migrate(load(dict(environment), {}), MODULES, tell=lambda line: None))


def _schema(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "talanoa.db")) as connection:
        found = [str(row[0]) for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        names = [str(row[0]) for row in connection.execute("SELECT name FROM tortoise_migrations ORDER BY name")]
    return sorted(found) + names


async def _run(folder: Path, dies_at: int) -> int | None:
    process = _apart.Process(target=_migrate_and_die, args=(settings_of(folder), dies_at))
    process.start()
    await asyncio.to_thread(process.join, 60)
    return process.exitcode


async def test_a_migration_killed_at_a_statement_is_finished_by_the_next_start(tmp_path: Path, report: Report) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    assert await _run(whole, 0) == 0
    wanted, killed = _schema(whole), 0

    for dies_at in range(1, MOST_STATEMENTS, STEP):
        folder = tmp_path / str(dies_at)
        folder.mkdir()
        status = await _run(folder, dies_at)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        assert await _run(folder, 0) == 0
        assert _schema(folder) == wanted, dies_at
        killed += 1

    assert killed > len(wanted) // STEP // 2
    report.note(Line("F-24 killed migration", "SQLite", f"at every {STEP}th statement, {killed} kills", 0))
