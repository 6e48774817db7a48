"""The way back from a backup: unpack aside, check everything, then put it in place in a few renames.

A restored node starts a new epoch and holds its deliveries until an operator releases them.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from node.backup import postgres, sqlite
from node.backup.archive import MANIFEST, POSTGRES, SECRET_KEY, SQLITE, Limits, unpack
from node.backup.envelope import BackupRefused, DecryptingReader, Secret
from node.backup.take import FORMAT, Manifest, kind_of
from node.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup held, and where the node's former state went."""

    public_url: str
    created_at: datetime
    files: int
    epoch: int
    former: Path | None = None


def inspect(settings: Settings, backup: Path, secret: Secret) -> Restored:
    """Try a backup: decrypt, unpack and check all of it beside the node, then delete the copy.

    Raises:
        BackupRefused: it could not be restored on this node.
    """
    with _unpacked(settings, backup, secret) as (staging, about, files):
        return Restored(about.public_url, about.created_at, files, _check_database(staging, about))


def restore(settings: Settings, backup: Path, secret: Secret, *, now: datetime, replace: bool = False) -> Restored:
    """Put a backup in the place of this node's state.

    Args:
        settings: of the node to restore; its secret key may be missing.
        now: aware UTC; names the folder for the former state.
        replace: allow it although there is a node; its files are moved aside, its PostgreSQL tables are dropped.

    Raises:
        BackupRefused: the backup is not whole, not of this node, or the node is running.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _require_writable(settings)
    with _unpacked(settings, backup, secret) as (staging, about, files):
        _check_database(staging, about)
        _require_key(settings, staging)
        if about.database == "sqlite":
            former, epoch = _place_sqlite(settings, staging, now, replace=replace)
        else:
            former, epoch = _place_postgres(settings, staging, now, replace=replace)
        return Restored(about.public_url, about.created_at, files, epoch, former)


@contextmanager
def _unpacked(settings: Settings, backup: Path, secret: Secret) -> Iterator[tuple[Path, Manifest, int]]:
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    room = Limits(total_bytes=shutil.disk_usage(settings.data_dir).free)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.data_dir) as folder:
        staging = Path(folder)
        try:
            with backup.open("rb") as file:
                names = unpack(DecryptingReader(file, secret), staging, room)
        except OSError as error:
            raise BackupRefused(f"{error.filename or backup} can't be used: {error.strerror}.") from None
        yield staging, _manifest(settings, staging, names), len(names)


def _manifest(settings: Settings, staging: Path, names: tuple[str, ...]) -> Manifest:
    try:
        about = msgspec.json.decode((staging / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.MsgspecError):
        raise BackupRefused("The backup doesn't describe itself; it was not made by talanoa backup.") from None
    database = SQLITE if about.database == "sqlite" else POSTGRES
    if about.format != FORMAT or not {SECRET_KEY, database} <= set(names):
        raise BackupRefused("The backup is of a form that this version doesn't know; restore it with a newer one.")
    if about.public_url != settings.public_url:
        raise BackupRefused(
            f"The backup is of {about.public_url} and this node is {settings.public_url}; all ids carry the address. "
            f"Set TALANOA_PUBLIC_URL={about.public_url} and try again."
        )
    if about.database != kind_of(settings.database_url):
        raise BackupRefused(
            f"The backup holds a {about.database} database; set TALANOA_DATABASE_URL to one of that kind."
        )
    return about


def _check_database(staging: Path, about: Manifest) -> int:
    if about.database == "sqlite":
        return sqlite.check(staging / SQLITE)
    postgres.check(staging / POSTGRES)
    return 0


def _require_writable(settings: Settings) -> None:
    if not os.access(settings.data_dir, os.W_OK):
        raise BackupRefused(f"{settings.data_dir} can't be written; run this as the user of the node.")


def _require_key(settings: Settings, staging: Path) -> None:
    key_file = settings.data_dir / SECRET_KEY
    stored = key_file.read_text(encoding="utf-8").strip() if key_file.exists() else ""
    ours = (staging / SECRET_KEY).read_text(encoding="utf-8").strip()
    if settings.secret_key not in (stored, ours):
        raise BackupRefused("TALANOA_SECRET_KEY is not the key of this backup; unset it and the backup brings its own.")


def _place_sqlite(settings: Settings, staging: Path, now: datetime, *, replace: bool) -> tuple[Path | None, int]:
    database = sqlite.path_of(settings.database_url)
    known = 0
    if database.exists():
        if not replace:
            raise BackupRefused(f"There is a node in {database}; add --replace to put the backup in its place.")
        known = sqlite.require_unused(database)
    epoch = sqlite.mark_restored(staging / SQLITE, known_epoch=known)
    former = _former_folder(settings, now)
    if database.exists():
        os.link(database, former / SQLITE)
    _place_files(settings, staging, former)
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(staging / SQLITE, database)
    return _kept(former), epoch


def _place_postgres(settings: Settings, staging: Path, now: datetime, *, replace: bool) -> tuple[Path | None, int]:
    known = postgres.require_unused(settings.database_url, replace=replace)
    script = staging / "restore.sql"
    former = _former_folder(settings, now)
    if replace:
        postgres.dump(settings.database_url, former / POSTGRES)
    epoch = postgres.restore(staging / POSTGRES, settings.database_url, script=script, known_epoch=known)
    _place_files(settings, staging, former)
    return _kept(former), epoch


def _former_folder(settings: Settings, now: datetime) -> Path:
    folder = settings.data_dir / f"before-restore-{now:%Y%m%dT%H%M%SZ}"
    folder.mkdir(mode=0o700)
    return folder


def _kept(former: Path) -> Path | None:
    if any(former.iterdir()):
        return former
    former.rmdir()
    return None


def _place_files(settings: Settings, staging: Path, former: Path) -> None:
    key, media = settings.data_dir / SECRET_KEY, settings.data_dir / "media"
    if key.exists():
        os.link(key, former / SECRET_KEY)
    (staging / SECRET_KEY).replace(key)
    if media.exists():
        media.rename(former / "media")
    if (staging / "media").exists():
        (staging / "media").rename(media)
