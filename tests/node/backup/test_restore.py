"""Backup and restore of a whole node, on both databases (R-17, T-97, T-98)."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from node.backup import BackupRefused, Secret, inspect, restore, take
from node.backup.take import forget_old
from node.database import atomic, close_database, open_database, using
from node.models import NodeProfile, OneTimeLink, Role
from node.models.member import LinkPurpose
from node.settings import Settings
from tests.databases import MODULES

SECRET = Secret.of("correct horse battery")
NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
SALT = bytes(16)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[None]:
    context = await open_database(settings, MODULES, everywhere=False)
    try:
        with using(context):
            yield
    finally:
        await close_database(context)


async def _write_profile(settings: Settings) -> None:
    async with _opened(settings):
        await NodeProfile.create(public_url="https://home.example", name="Home", created_at=NOW, updated_at=NOW)
        for purpose in LinkPurpose:
            await OneTimeLink.create(
                token_hash=purpose.value, purpose=purpose, role=Role.MEMBER, created_at=NOW, expires_at=NOW
            )


async def _read_back(settings: Settings) -> tuple[object, ...]:
    async with _opened(settings):
        profile = await NodeProfile.get()
        links = await OneTimeLink.all().values_list("purpose", flat=True)
        return profile.name, profile.epoch, profile.deliveries_held, [str(link) for link in links]


async def _rename(settings: Settings, name: str) -> None:
    async with _opened(settings), atomic():
        await NodeProfile.all().update(name=name)


@pytest.fixture
async def node(database_settings: Settings) -> AsyncIterator[Settings]:
    """Return a node that has a profile, a picture and keys; it is not running."""
    media = database_settings.data_dir / "media" / "ab"
    media.mkdir(parents=True)
    (media / "flag.png").write_bytes(b"a picture")
    await _write_profile(database_settings)
    yield database_settings


async def test_a_restored_node_is_the_one_backed_up_in_a_new_epoch_with_its_deliveries_held(
    node: Settings, tmp_path: Path
) -> None:
    taken = take(node, tmp_path / "backups", SECRET, now=NOW, salt=SALT)
    await _rename(node, "Changed after the backup")
    (node.data_dir / "media" / "ab" / "flag.png").write_bytes(b"another picture")

    done = restore(node, taken.path, SECRET, now=NOW + timedelta(days=1), replace=True)

    assert await _read_back(node) == ("Home", 2, True, ["invitation"])
    assert (node.data_dir / "media" / "ab" / "flag.png").read_bytes() == b"a picture"
    assert (node.data_dir / "secret-key").read_text() == node.secret_key
    assert (node.data_dir / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (done.public_url, done.created_at, done.files, done.epoch) == ("https://home.example", NOW, 4, 2)
    assert done.former is not None
    assert (done.former / "media" / "ab" / "flag.png").read_bytes() == b"another picture"
    assert [path for path in node.data_dir.iterdir() if path.name.startswith((".restore-", ".backup-"))] == []


async def test_every_restore_starts_an_epoch_that_never_was(node: Settings, tmp_path: Path) -> None:
    taken = take(node, tmp_path / "backups", SECRET, now=NOW, salt=SALT)

    epochs = [restore(node, taken.path, SECRET, now=NOW + timedelta(days=day), replace=True).epoch for day in (1, 2, 3)]

    assert epochs == [2, 3, 4]


async def test_a_node_is_never_overwritten_unasked(node: Settings, tmp_path: Path) -> None:
    taken = take(node, tmp_path / "backups", SECRET, now=NOW, salt=SALT)
    await _rename(node, "Changed after the backup")

    with pytest.raises(BackupRefused, match="--replace"):
        restore(node, taken.path, SECRET, now=NOW)

    assert (await _read_back(node))[:2] == ("Changed after the backup", 1)


async def test_a_running_node_is_backed_up_but_not_replaced(node: Settings, tmp_path: Path) -> None:
    async with _opened(node):
        async with atomic():
            await NodeProfile.all().update(name="Running")
        taken = take(node, tmp_path / "backups", SECRET, now=NOW, salt=SALT)
        with pytest.raises(BackupRefused, match="in use; stop the node"):
            restore(node, taken.path, SECRET, now=NOW, replace=True)

    restore(node, taken.path, SECRET, now=NOW + timedelta(days=1), replace=True)
    assert (await _read_back(node))[:2] == ("Running", 2)


async def test_a_backup_is_for_its_owner_alone_and_names_no_secret(node: Settings, tmp_path: Path) -> None:
    taken = take(node, tmp_path / "backups", SECRET, now=NOW, salt=SALT)

    content = taken.path.read_bytes()
    assert taken.path.name == "talanoa-home.example-20260501T030000Z.backup"
    assert taken.path.stat().st_mode & 0o777 == 0o600
    assert taken.path.parent.stat().st_mode & 0o777 == 0o700
    assert node.secret_key.encode() not in content
    assert b"home.example" not in content


async def test_a_backup_never_lies_where_the_web_serves_files(node: Settings) -> None:
    with pytest.raises(BackupRefused, match="served to the web"):
        take(node, node.data_dir / "media" / "backups", SECRET, now=NOW, salt=SALT)


async def test_a_backup_of_another_node_is_refused(node: Settings, tmp_path: Path) -> None:
    taken = take(node, tmp_path / "backups", SECRET, now=NOW, salt=SALT)

    with pytest.raises(BackupRefused, match=r"Set TALANOA_PUBLIC_URL=https://home\.example"):
        restore(replace(node, public_url="https://other.example"), taken.path, SECRET, now=NOW, replace=True)


async def test_a_backup_with_another_key_than_the_given_one_is_refused(node: Settings, tmp_path: Path) -> None:
    taken = take(node, tmp_path / "backups", SECRET, now=NOW, salt=SALT)

    with pytest.raises(BackupRefused, match="TALANOA_SECRET_KEY is not the key of this backup"):
        restore(replace(node, secret_key="x" * 40), taken.path, SECRET, now=NOW, replace=True)


async def test_trying_a_backup_changes_nothing(node: Settings, tmp_path: Path) -> None:
    taken = take(node, tmp_path / "backups", SECRET, now=NOW, salt=SALT)
    before = sorted(path.name for path in node.data_dir.iterdir())

    tried = inspect(node, taken.path, SECRET)

    assert (tried.public_url, tried.files) == ("https://home.example", 4)
    assert sorted(path.name for path in node.data_dir.iterdir()) == before
    assert (await _read_back(node))[:3] == ("Home", 1, False)


async def test_a_cut_backup_changes_nothing(node: Settings, tmp_path: Path) -> None:
    taken = take(node, tmp_path / "backups", SECRET, now=NOW, salt=SALT)
    taken.path.write_bytes(taken.path.read_bytes()[:-100])

    with pytest.raises(BackupRefused):
        restore(node, taken.path, SECRET, now=NOW, replace=True)

    assert (await _read_back(node))[:3] == ("Home", 1, False)


async def test_only_the_newest_backups_of_this_node_are_kept(node: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    taken = [take(node, folder, SECRET, now=NOW + timedelta(days=day), salt=SALT).path for day in range(3)]
    other = folder / "talanoa-other.example-20200101T000000Z.backup"
    shutil.copyfile(taken[0], other)

    deleted = forget_old(node, folder, keep=2)

    assert deleted == (taken[0],)
    assert sorted(folder.iterdir()) == sorted([*taken[1:], other])


async def test_a_damaged_database_is_found_when_the_backup_is_taken_and_not_when_it_is_needed(
    sqlite_template: Path, settings: Settings, tmp_path: Path
) -> None:
    database = settings.data_dir / "talanoa.db"
    shutil.copyfile(sqlite_template, database)
    await _write_profile(settings)
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(
            "INSERT INTO session (token_hash, member_id, csrf_token, created_at, used_at, proven_at, expires_at, agent)"
            " VALUES ('t', 999, 'c', '2026-01-01', '2026-01-01', '2026-01-01', '2026-01-01', '')"
        )

    with pytest.raises(BackupRefused, match="damaged"):
        take(settings, tmp_path / "backups", SECRET, now=NOW, salt=SALT)

    assert [*(tmp_path / "backups").iterdir()] == []


def test_a_node_that_was_never_founded_is_not_backed_up(
    sqlite_template: Path, settings: Settings, tmp_path: Path
) -> None:
    shutil.copyfile(sqlite_template, settings.data_dir / "talanoa.db")

    with pytest.raises(BackupRefused, match="holds no node yet"):
        take(settings, tmp_path / "backups", SECRET, now=NOW, salt=SALT)


def test_a_backup_without_a_database_is_refused_in_words(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="is TALANOA_DATA_DIR right"):
        take(settings, tmp_path / "backups", SECRET, now=NOW, salt=SALT)
