"""The migrations: linear, complete, safe to interrupt and to run twice, on both databases."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import AlterField

from node import database as database_module
from node import schema
from node.models import SearchEntry, Visibility
from node.settings import Settings
from tests.clock import START
from tests.conftest import BOTH
from tests.databases import MODULES, Cluster, settings_for

OWN_INDEXES = {"search_words"}
OWN_TABLES = {"tortoise_migrations", "search_index"}
Catalogue = set[tuple[object, ...]]
EmptyDatabase = Callable[[str], Awaitable[Settings]]


@pytest.fixture(params=BOTH)
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[EmptyDatabase]:
    """Return a function that makes a database without tables, on SQLite and on PostgreSQL."""
    cluster: Cluster | None = None
    names: list[str] = []
    if request.param == "postgresql":
        cluster = request.getfixturevalue("postgresql")

    async def make(label: str) -> Settings:
        folder = tmp_path / label
        folder.mkdir()
        if cluster is None:
            return settings_for(folder)
        names.append(await cluster.empty_database())
        return settings_for(folder, DATABASE_URL=cluster.url(names[-1]))

    yield make
    for name in names:
        assert cluster is not None
        await cluster.drop(name)


SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
SQLITE_COLUMNS = """SELECT m.name AS t, c.name, lower(c.type) AS type, c."notnull", c.dflt_value, c.pk
    FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"""
SQLITE_KEYS = """SELECT m.name AS t, k."from", k."table", k."to", k.on_delete
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table'"""
SQLITE_INDEXES = """SELECT m.name AS t, i."unique", i.partial,
        (SELECT group_concat(name) FROM (SELECT x.name FROM pragma_index_info(i.name) x ORDER BY x.seqno)) AS columns
    FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table'"""
POSTGRESQL_COLUMNS = """SELECT table_name AS t, column_name, data_type, character_maximum_length, is_nullable,
        regexp_replace(column_default, 'nextval.*', 'sequence'), is_identity
    FROM information_schema.columns WHERE table_schema = 'public'"""
POSTGRESQL_KEYS = """SELECT rel.relname AS t, con.contype::text, pg_get_constraintdef(con.oid)
    FROM pg_constraint con JOIN pg_class rel ON rel.oid = con.conrelid
    JOIN pg_namespace n ON n.oid = rel.relnamespace WHERE n.nspname = 'public'"""
POSTGRESQL_INDEXES = """SELECT tablename AS t, indexname AS index_name,
        regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') AS definition
    FROM pg_indexes WHERE schemaname = 'public'"""


async def catalogue() -> dict[str, Catalogue]:
    """Return columns, keys and indexes of the open database, without names that mean nothing."""
    if database_module.dialect() == "sqlite":
        asked = {"columns": SQLITE_COLUMNS, "keys": SQLITE_KEYS, "indexes": SQLITE_INDEXES}
    else:
        asked = {"columns": POSTGRESQL_COLUMNS, "keys": POSTGRESQL_KEYS, "indexes": POSTGRESQL_INDEXES}
    return {
        kind: {_line(row) for row in await database_module.rows(sql) if not _own(row)} for kind, sql in asked.items()
    }


def _own(row: object) -> bool:
    assert isinstance(row, dict)
    return row["t"].startswith(tuple(OWN_TABLES)) or row.get("index_name") in OWN_INDEXES


def _line(row: object) -> tuple[object, ...]:
    assert isinstance(row, dict)
    return tuple(value for name, value in row.items() if name != "index_name")


async def looked_at(settings: Settings, *, generate: bool = False) -> dict[str, Catalogue]:
    context = await database_module.open_database(settings, MODULES, everywhere=False)
    try:
        with database_module.using(context):
            if generate:
                await context.generate_schemas()
            return await catalogue()
    finally:
        await database_module.close_database(context)


async def test_migrations_lose_no_column_key_or_index(empty: EmptyDatabase) -> None:
    generated, migrated = await empty("generated"), await empty("migrated")
    await schema.migrate(migrated, MODULES)

    wanted = await looked_at(generated, generate=True)
    found = await looked_at(migrated)

    assert len(wanted["columns"]) > 200
    for kind in wanted:
        assert found[kind] == wanted[kind], kind


async def test_a_migration_that_is_interrupted_leaves_nothing_and_can_be_repeated(
    empty: EmptyDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-14: also when it stops after the tables were made but before it was noted."""
    settings = await empty("one")
    applied = Migration.apply

    async def breaks(self: Migration, *args: object, **more: object) -> object:
        await applied(self, *args, **more)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Migration, "apply", breaks)
        with pytest.raises(KeyboardInterrupt):
            await schema.migrate(settings, MODULES)

    assert await looked_at(settings) == {"columns": set(), "keys": set(), "indexes": set()}
    assert await schema.migrate(settings, MODULES) == tuple(each.name for each in schema.migrations())


async def test_two_processes_that_migrate_at_once_apply_each_migration_once(empty: EmptyDatabase) -> None:
    settings = await empty("one")

    done = await asyncio.gather(*(schema.migrate(settings, MODULES) for _ in range(3)))

    assert sorted(name for names in done for name in names) == [each.name for each in schema.migrations()]


async def test_what_is_up_to_date_is_left_alone_and_says_so(empty: EmptyDatabase) -> None:
    settings = await empty("one")
    lines: list[str] = []
    assert len(await schema.pending(settings, MODULES)) == len(schema.migrations())
    await schema.migrate(settings, MODULES, tell=lines.append)

    assert await schema.migrate(settings, MODULES, tell=lines.append) == ()

    assert await schema.pending(settings, MODULES) == ()
    assert lines[0] == "Applying 0001_initial."
    assert lines[-1] == "The tables are up to date."


async def test_the_models_have_nothing_that_the_migrations_lack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[object] = []
    monkeypatch.setattr("tortoise.migrations.writer.MigrationWriter.write", lambda self: written.append(self) or "x")

    assert await schema.write_migration(settings_for(tmp_path), MODULES) == ()
    assert written == []


def test_migrations_stand_in_one_line_and_never_alter_a_field() -> None:
    """tortoise's AlterField drops all indexes of the table on SQLite."""
    found = schema.migrations()
    names = [each.name for each in found]

    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    for before, after in zip(names, found[1:], strict=False):
        assert after.dependencies == [("talanoa", before)]
    assert not [each.name for each in found for operation in each.operations if isinstance(operation, AlterField)]


SEARCH = {
    "sqlite": "SELECT rowid AS id FROM search_index WHERE search_index MATCH ? ORDER BY rowid",
    "postgresql": "SELECT id FROM search_entry WHERE to_tsvector('simple', folded) @@ to_tsquery('simple', ?)",
}


async def test_the_search_index_follows_its_table(database: Settings) -> None:
    entry = await SearchEntry.create(
        object_uri="https://home.example/ap/n/1", kind="post", folded="rain harvest",
        visibility=Visibility.PUBLIC, published_at=START,
    )  # fmt: skip
    dialect = database_module.dialect()
    assert await database_module.rows(SEARCH[dialect], ["harvest"]) == [{"id": entry.id}]

    await SearchEntry.filter(id=entry.id).update(folded="sun drying")
    assert await database_module.rows(SEARCH[dialect], ["harvest"]) == []
    assert await database_module.rows(SEARCH[dialect], ["drying"]) == [{"id": entry.id}]

    await entry.delete()
    assert await database_module.rows(SEARCH[dialect], ["drying"]) == []
