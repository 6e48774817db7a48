"""The files of pictures: written whole or not at all, under names that nobody can guess."""

import asyncio
import os
import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from node.errors import NotFound, Unavailable

EXTENSIONS = {"image/webp": "webp", "image/png": "png", "image/jpeg": "jpg"}
MEDIA_TYPES = {extension: media_type for media_type, extension in EXTENSIONS.items()}
_PATH = re.compile(r"[a-z0-9]{2}/[a-z0-9]{20,60}\.(?P<extension>webp|png|jpg)\Z")
_LEFTOVER = re.compile(r"[a-z0-9]{2}/[a-z0-9]{20,60}\.part\Z")
_NAME = re.compile(r"[a-z0-9]{20,60}\Z")


class MediaStore:
    """A folder of pictures and the address it is served under."""

    def __init__(self, folder: Path, url: str) -> None:
        """Use ``folder``, made when first needed.

        Args:
            url: what stands before a path in its address, without a slash at the end.
        """
        self._folder = folder
        self._url = url

    async def keep(self, data: bytes, *, name: str, media_type: str = "image/webp") -> str:
        """Write a file and return its path below the folder.

        The bytes are on the disk when this returns, so that the row may follow.

        Args:
            name: random, 20 to 60 of `a-z0-9`; a public id does.

        Raises:
            Unavailable: the disk is full or can't be written.

        Spec: security R-16.
        """
        if not _NAME.match(name):
            raise ValueError(f"not a name for a file: {name!r}")
        path = self.path_of(name, media_type)
        try:
            await asyncio.to_thread(_write, self._folder / path, data)
        except OSError as error:
            raise Unavailable(f"media folder: {error.strerror}", retry_after=60) from error
        return path

    @staticmethod
    def path_of(name: str, media_type: str = "image/webp") -> str:
        """Return where a file of this name is kept, below the folder."""
        return f"{name[-2:]}/{name}.{EXTENSIONS[media_type]}"

    def find(self, path: str) -> tuple[Path, str]:
        """Return file and media type of a path as `keep` gave it.

        Raises:
            NotFound: not such a path, or no such file.
        """
        match = _PATH.match(path)
        file = self._folder / path
        if match is None or not file.is_file():
            raise NotFound("no such picture")
        return file, MEDIA_TYPES[match["extension"]]

    def url_of(self, path: str) -> str:
        """Return the address of a path, absolute."""
        return f"{self._url}/{path}"

    async def remove(self, path: str) -> None:
        """Delete a file, or what a crash left of one; one that is gone already is fine."""
        if _PATH.match(path) or _LEFTOVER.match(path):
            await asyncio.to_thread((self._folder / path).unlink, missing_ok=True)

    @staticmethod
    def is_whole(path: str) -> bool:
        """Tell whether this is the path of a picture, not of what a crash left while one was written."""
        return _PATH.match(path) is not None

    async def folders(self) -> list[str]:
        """Return the names of the folders that hold pictures."""
        return await asyncio.to_thread(lambda: sorted(each.name for each in self._folder.glob("??") if each.is_dir()))

    async def older(self, folder: str, before: datetime) -> list[str]:
        """Return the paths of the files in one of the folders that were written before a moment."""
        return await asyncio.to_thread(
            lambda: [
                f"{folder}/{file.name}"
                for file in (self._folder / folder).iterdir()
                if file.is_file() and _is_older(file, before)
            ]
        )

    async def remove_orphans(self, known: Collection[str], *, before: datetime) -> int:
        """Delete the files that no row names and return how many.

        Args:
            known: all paths that rows name, read after ``before``.
            before: aware UTC; younger files stay, their row may be on its way.
        """
        return await asyncio.to_thread(self._remove_orphans, frozenset(known), before)

    def _remove_orphans(self, known: frozenset[str], before: datetime) -> int:
        removed = 0
        for file in self._files():
            if str(file.relative_to(self._folder)) not in known and _is_older(file, before):
                file.unlink(missing_ok=True)
                removed += 1
        return removed

    def _files(self) -> Iterator[Path]:
        """Leftovers of a crash while writing are files without a row too."""
        return (file for file in self._folder.glob("*/*") if file.is_file())


def media_store(data_dir: Path, public_url: str, media_url: str = "") -> MediaStore:
    """Return the store of a node, by the settings DATA_DIR, PUBLIC_URL and MEDIA_URL."""
    return MediaStore(data_dir / "media", f"{media_url or public_url}/media")


def elsewhere_store(data_dir: Path) -> MediaStore:
    """Return the store of pictures of other servers: apart from ours, out of reach of plain addresses and backups."""
    return MediaStore(data_dir / "elsewhere", "")


def _is_older(file: Path, before: datetime) -> bool:
    """Tell whether a file was written before; one that was renamed or removed meanwhile was not."""
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC) < before
    except FileNotFoundError:
        return False


def _write(target: Path, data: bytes) -> None:
    """Temporary file, fsync, rename, fsync of the folder: never half a picture under its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".part")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
