"""Taking a backup of a node that may be running: database, media and keys into one encrypted file."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from node.backup import postgres, sqlite
from node.backup.archive import MANIFEST, POSTGRES, SECRET_KEY, SQLITE, Content, may_hold, pack
from node.backup.envelope import BackupRefused, EncryptingWriter, Secret
from node.settings import Settings

SUFFIX = ".backup"
FORMAT = 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself; its first file."""

    format: int
    public_url: str
    created_at: datetime
    database: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished backup."""

    path: Path
    files: int
    bytes: int
    created_at: datetime


def take(settings: Settings, folder: Path, secret: Secret, *, now: datetime, salt: bytes) -> Taken:
    """Write a backup into `folder` and return what it is; a half-written one never carries its name.

    Args:
        folder: made with mode 0700 if it isn't there; must not be the folder that the web serves.
        now: aware UTC; part of the name.
        salt: 16 random bytes.

    Raises:
        BackupRefused: the database can't be read, is damaged or holds no node, or the folder can't be used.
    """
    _require_private(settings, folder)
    final = folder / f"talanoa-{_file_host(settings)}-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    partial = final.with_suffix(".part")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.data_dir) as staging:
        database = _snapshot(settings, Path(staging))
        contents = _contents(settings, database, now)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            files = _write(cast(BinaryIO, file), contents, secret, salt)
            file.flush()
            os.fsync(file.fileno())
    partial.replace(final)
    return Taken(final, files, final.stat().st_size, now)


def forget_old(settings: Settings, folder: Path, *, keep: int) -> tuple[Path, ...]:
    """Delete all but the newest `keep` backups of this node in `folder` and return the deleted ones."""
    found = sorted(folder.glob(f"talanoa-{_file_host(settings)}-????????T??????Z{SUFFIX}"))
    old = tuple(found[:-keep]) if keep > 0 else ()
    for path in old:
        path.unlink()
    return old


def kind_of(database_url: str) -> str:
    """Return "sqlite" or "postgres"."""
    return "sqlite" if database_url.startswith("sqlite:") else "postgres"


def _write(file: BinaryIO, contents: Iterator[Content], secret: Secret, salt: bytes) -> int:
    writer = EncryptingWriter(file, secret, salt=salt)
    files = pack(contents, writer)
    writer.finish()
    return files


def _snapshot(settings: Settings, staging: Path) -> Path:
    if kind_of(settings.database_url) == "sqlite":
        sqlite.snapshot(sqlite.path_of(settings.database_url), staging / SQLITE)
        sqlite.check(staging / SQLITE)
        return staging / SQLITE
    postgres.dump(settings.database_url, staging / POSTGRES)
    postgres.check(staging / POSTGRES)
    return staging / POSTGRES


def _contents(settings: Settings, database: Path, now: datetime) -> Iterator[Content]:
    about = Manifest(
        format=FORMAT, public_url=settings.public_url, created_at=now, database=kind_of(settings.database_url)
    )
    yield Content(MANIFEST, msgspec.json.encode(about))
    yield Content(SECRET_KEY, settings.secret_key.encode())
    yield Content(database.name, database)
    media = settings.data_dir / "media"
    for path in sorted(media.rglob("*")):
        name = f"media/{path.relative_to(media).as_posix()}"
        if path.is_file() and not path.is_symlink() and may_hold(name):
            yield Content(name, path)


def _require_private(settings: Settings, folder: Path) -> None:
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupRefused(f"The folder {folder} can't be made: {error.strerror}.") from None
    if folder.resolve().is_relative_to((settings.data_dir / "media").resolve()):
        raise BackupRefused(f"{folder} is served to the web; choose a folder outside of media.")
    if not settings.secret_key:
        raise BackupRefused("This node has no secret key yet, so there is nothing to back up; start it once first.")


def _file_host(settings: Settings) -> str:
    return settings.host.replace(":", "-")
