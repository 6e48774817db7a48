"""The tables: brought up to date by the migrations of node/migrations, one after the other.

Each migration and the note that it was applied are one transaction under a lock, so that two
processes never apply the same one, and an interrupted one is simply repeated.
"""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

from tortoise.apps import Apps
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connections
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.migration import Migration
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor, BaseSchemaEditor, SqliteSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps

from node import database
from node.database import APP, atomic, dialect
from node.errors import Unavailable
from node.settings import Settings

LOCK_NUMBER = 7_420
WAITS = 12
MODULE = "node.migrations"
Tell = Callable[[str], None]


def _silent(line: str) -> None:
    """Say nothing."""


async def migrate(settings: Settings, modules: Iterable[str] = (), *, tell: Tell = _silent) -> tuple[str, ...]:
    """Bring the tables up to date; return the names of the migrations that were applied now.

    Args:
        settings: names the database, which need not be open.
        modules: further modules with models, as for `open_database`.
        tell: receives a line of progress for each step.

    Raises:
        Unavailable: the database can't be reached, or another process migrates for too long.
    """
    context = await database.open_database(settings, modules, everywhere=False)
    try:
        with database.using(context):
            return await _apply_all(tell)
    finally:
        await database.close_database(context)


async def pending(settings: Settings, modules: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names of the migrations that have yet to be applied."""
    context = await database.open_database(settings, modules, everywhere=False)
    try:
        with database.using(context):
            return await _unapplied()
    finally:
        await database.close_database(context)


def migrations() -> tuple[Migration, ...]:
    """Return all migrations in their order, which is that of their names."""
    loader = MigrationLoader({APP: {"migrations": MODULE}}, MigrationRecorder(None))
    loader.load_disk()
    return tuple(sorted(loader.disk_migrations.values(), key=lambda each: each.name))


async def write_migration(settings: Settings, modules: Iterable[str], *, afresh: bool = False) -> tuple[Path, ...]:
    """Write what the models have and the migrations lack into a new file; for developers.

    Args:
        settings: of any node; its database is not touched.
        modules: all further modules with models.
        afresh: write 0001_initial anew instead, while no release has it.

    Returns:
        the written files; none if there was nothing to write.
    """
    config = database.configuration(settings, modules)
    context = TortoiseContext()
    with database.using(context):
        await context.init(config=config, init_connections=False)
        apps = cast("dict[str, dict[str, object]]", config["apps"])
        detector = MigrationAutodetector(cast(Apps, context.apps), apps)
        if afresh:
            detector.loader = _NoMigrations({APP: {}}, detector.loader.recorder)
        writers = await detector.changes()
    for writer in writers:
        writer.dependencies = [] if afresh else writer.dependencies
    return tuple(Path(writer.write()) for writer in writers)


class _NoMigrations(MigrationLoader):
    def load_disk(self) -> None:
        """Find none."""


async def _apply_all(tell: Tell) -> tuple[str, ...]:
    state = State(models={}, apps=StateApps(default_connections={APP: dialect()}))
    done = []
    for migration in migrations() if await _unapplied() else ():
        if await _apply(migration, state, tell):
            done.append(migration.name)
    tell(f"Applied {len(done)} migrations." if done else "The tables are up to date.")
    return tuple(done)


async def _unapplied() -> tuple[str, ...]:
    applied = await _applied(MigrationRecorder(_client()))
    return tuple(each.name for each in migrations() if each.name not in applied)


async def _apply(migration: Migration, state: State, tell: Tell) -> bool:
    """Apply one migration unless it is; the state follows it in both cases."""
    for waited in range(WAITS):
        before = state.clone()
        try:
            async with atomic():
                return await _apply_locked(migration, state, tell)
        except Unavailable:
            if waited + 1 == WAITS:
                raise
            state.models, state.apps = before.models, before.apps
            tell("Waiting for another process that migrates or writes.")
            await asyncio.sleep(1)
    return False


async def _apply_locked(migration: Migration, state: State, tell: Tell) -> bool:
    await _lock()
    recorder = MigrationRecorder(_client())
    await recorder.ensure_schema(editor())
    if migration.name in await _applied(recorder):
        await migration.apply(state, dry_run=True, schema_editor=None)
        return False
    tell(f"Applying {migration.name}.")
    await migration.apply(state, schema_editor=editor())
    await recorder.record_applied(APP, migration.name)
    return True


async def _lock() -> None:
    """Let no other process migrate until this transaction ends; SQLite's writer is alone anyway."""
    if dialect() == "sqlite":
        return
    await database.execute("SET LOCAL statement_timeout = 0")
    await database.execute("SET LOCAL lock_timeout = '60s'")
    await database.rows("SELECT pg_advisory_xact_lock(?)", [LOCK_NUMBER])


async def _applied(recorder: MigrationRecorder) -> frozenset[str]:
    return frozenset(key.name for key in await recorder.applied_migrations() if key.app_label == APP)


def _client() -> BaseDBAsyncClient:
    return get_connections().get(dialect())


class _SqliteEditor(SqliteSchemaEditor):
    async def _run_sql(self, sql: str) -> None:
        """Run a script; tortoise's own way cuts it at every semicolon, those in comments too."""
        await self.client.execute_script(sql)


def editor() -> BaseSchemaEditor:
    """Return what writes tables into the open database, in the transaction of this task."""
    return _SqliteEditor(_client()) if dialect() == "sqlite" else AsyncpgSchemaEditor(_client())
