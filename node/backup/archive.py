"""The files inside a backup: which names may occur, how they are packed, and how they are unpacked with care.

Nothing is trusted although the envelope proves who made it: only plain files, only names of ours, each once,
within limits, written to a folder that didn't exist before.
"""

import os
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, cast

from node.backup.envelope import BackupRefused, DecryptingReader, EncryptingWriter

MANIFEST = "manifest.json"
SQLITE = "database.sqlite"
POSTGRES = "database.pgdump"
SECRET_KEY = "secret-key"  # noqa: S105 - the name of a file
MEDIA = "media/"
_COPY_BYTES = 1024 * 1024
_MANIFEST_BYTES = 64 * 1024
_SINGLE = frozenset({MANIFEST, SQLITE, POSTGRES, SECRET_KEY})
_MEDIA_NAME = re.compile(r"media(?:/[A-Za-z0-9][A-Za-z0-9_.-]{0,99}){1,6}")
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one archive may unpack to."""

    files: int = 1_000_000
    total_bytes: int = 1024**4


@dataclass(frozen=True, slots=True)
class Content:
    """Something to pack: bytes in hand or a file."""

    name: str
    source: bytes | Path


def pack(contents: Iterable[Content], into: EncryptingWriter) -> int:
    """Write `contents` as one tar stream and return how many files went in.

    A media file that disappears meanwhile is left out: its row went first.
    """
    count = 0
    with tarfile.open(fileobj=cast(IO[bytes], into), mode="w|", format=tarfile.GNU_FORMAT) as tar:
        for content in contents:
            count += _pack_one(tar, content)
    return count


def unpack(reader: DecryptingReader, folder: Path, limits: Limits) -> tuple[str, ...]:
    """Write the files of an archive below `folder` and return their names.

    Args:
        folder: empty, ours alone.

    Raises:
        BackupRefused: a name, kind, count or size that no backup of ours has; what was written so far is in
            `folder` and nowhere else.
    """
    try:
        with tarfile.open(fileobj=cast(IO[bytes], reader), mode="r|") as tar:
            return _unpack_all(tar, folder, limits)
    except (tarfile.TarError, ValueError) as error:
        raise BackupRefused(f"The archive inside the backup can't be read: {error}.") from None


def _unpack_all(tar: tarfile.TarFile, folder: Path, limits: Limits) -> tuple[str, ...]:
    names: list[str] = []
    room = limits.total_bytes
    for member in _members(tar):
        if len(names) >= limits.files:
            raise BackupRefused(f"The archive holds more than {limits.files} files.")
        room -= member.size
        if room < 0:
            raise BackupRefused(f"The archive holds more than the {limits.total_bytes} bytes there is room for.")
        source = tar.extractfile(member)
        if source is None:
            raise BackupRefused(f"The archive holds {member.name!r}, which is not a file.")
        _write_new(folder / checked_name(member), cast(BinaryIO, source))
        names.append(member.name)
    return tuple(names)


def checked_name(member: tarfile.TarInfo) -> str:
    """Return the name of an archive member, which is then safe to join to a folder.

    Raises:
        BackupRefused: it is not a plain file, or its name is none of ours (T-95).
    """
    if member.type not in _PLAIN or member.issparse() or member.pax_headers:
        raise BackupRefused(f"The archive holds {member.name!r}, which is not a plain file.")
    if member.name not in _SINGLE and not _MEDIA_NAME.fullmatch(member.name):
        raise BackupRefused(f"The archive holds a file called {member.name!r}; no backup has that.")
    if member.name == MANIFEST and member.size > _MANIFEST_BYTES:
        raise BackupRefused("The archive's description of itself is too long.")
    return member.name


def may_hold(name: str) -> bool:
    """Tell whether a backup may hold a file of this name."""
    return name in _SINGLE or _MEDIA_NAME.fullmatch(name) is not None


def _members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while (member := tar.next()) is not None:
        checked_name(member)
        yield member
        tar.members.clear()  # type: ignore[attr-defined] # or a million entries stay in memory


def _pack_one(tar: tarfile.TarFile, content: Content) -> int:
    if isinstance(content.source, bytes):
        entry = _entry(content.name, len(content.source))
        tar.addfile(entry, BytesIO(content.source))
        return 1
    try:
        file = content.source.open("rb")
    except FileNotFoundError:
        return 0
    with file:
        tar.addfile(_entry(content.name, os.fstat(file.fileno()).st_size), file)
    return 1


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _write_new(path: Path, source: BinaryIO) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise BackupRefused(f"The archive holds {path.name!r} twice.") from None
    with os.fdopen(handle, "wb") as file:
        while data := source.read(_COPY_BYTES):
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
