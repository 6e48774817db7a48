"""Pictures of other servers: asked for by pages, fetched by the way in, kept as files under names of ours.

A page never fetches: it asks here for what is kept already, and notes what it wants. The files are written before
their row.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from node.chance import public_id
from node.database import atomic
from node.media.processing import Processed, Purpose
from node.media.store import MediaStore
from node.models import ForeignPicture, Job, JobState

KIND = "picture"
LONGEST_URL = 1500
MOST_WAITING = 2_000
"""Pictures that may wait to be fetched; what is wanted beyond that has to be wanted again."""
AHEAD = timedelta(minutes=1)
"""Faces and emoji are small and on every page: they go before the rest."""
USED_AGAIN = timedelta(days=1)
BATCH = 200
THUMBNAIL = "s"
"""What the name of the thumbnail's file ends in."""


class Size(StrEnum):
    """What a picture is for; each is kept on its own."""

    FACE = "face"
    HEADER = "header"
    PICTURE = "picture"
    EMOJI = "emoji"


PURPOSES = {
    Size.FACE: Purpose.FACE,
    Size.HEADER: Purpose.HEADER,
    Size.PICTURE: Purpose.ATTACHMENT,
    Size.EMOJI: Purpose.EMOJI,
}
_SMALL = frozenset({Size.FACE, Size.EMOJI})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture that a page shows.

    Args:
        url: canonical, at most LONGEST_URL characters.
        shown_for: the host of whoever shows it: policy is asked about this one too.
    """

    url: str
    size: Size
    shown_for: str

    @property
    def key(self) -> str:
        """Return what its row and its job are found by."""
        return hashlib.sha256(f"{self.size} {self.url}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that is here: paths of the whole and of the thumbnail in the store."""

    key: str
    whole: str
    thumbnail: str
    is_used_today: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A picture that is not here; `may_be_asked` unless it failed a short time ago."""

    may_be_asked: bool


async def find(wanted: Wanted, *, now: datetime) -> Kept | Missing:
    """Return where a picture lies, or whether asking for it makes sense."""
    row = await ForeignPicture.get_or_none(key=wanted.key)
    if row is None:
        return Missing(may_be_asked=True)
    if row.name is None:
        return Missing(may_be_asked=row.retry_at is None or row.retry_at <= now)
    whole, thumbnail = paths_of(row.name)
    return Kept(row.key, whole, thumbnail, is_used_today=row.used_at > now - USED_AGAIN)


async def ask_for(wanted: Sequence[Wanted], *, now: datetime) -> int:
    """Queue pictures to be fetched, as many as there is room for; return how many were taken."""
    async with atomic():
        room = MOST_WAITING - await Job.filter(kind=KIND, state=JobState.PENDING).count()
        taken = list({each.key: each for each in wanted}.values())[: max(room, 0)]
        if not taken:
            return 0
        rows = [_job(each, now) for each in taken]
        await Job.bulk_create(rows, ignore_conflicts=True)
        ended = Job.filter(kind=KIND, key__in=[each.key for each in taken]).exclude(state=JobState.PENDING)
        await ended.update(state=JobState.PENDING, due_at=now, attempts=0, reason="", ended_at=None)
    return len(taken)


def _job(wanted: Wanted, now: datetime) -> Job:
    told: dict[str, object] = {"url": wanted.url, "size": wanted.size.value, "shown_for": wanted.shown_for}
    due = now - AHEAD if wanted.size in _SMALL else now
    return Job(kind=KIND, key=wanted.key, payload=told, due_at=due, created_at=now)


async def write(made: Processed, store: MediaStore, *, now: datetime) -> str:
    """Write both files and return their name; the row is `keep`'s, in the transaction that ends the job.

    Raises:
        Unavailable: the disk is full.

    Spec: security R-16.
    """
    name = public_id(now)
    await store.keep(made.data, name=name)
    await store.keep(made.thumbnail, name=name + THUMBNAIL)
    return name


async def keep(wanted: Wanted, host: str, made: Processed, *, name: str, now: datetime) -> None:
    """Write the row of a picture whose files are written; one that was here before loses its files to the sweep."""
    size = len(made.data) + len(made.thumbnail)
    async with atomic():
        await ForeignPicture.filter(key=wanted.key).delete()
        await ForeignPicture.create(
            key=wanted.key, url=wanted.url, host=host, name=name, bytes=size, fetched_at=now, used_at=now
        )


async def failed(wanted: Wanted, host: str, reason: str, *, again_at: datetime, now: datetime) -> None:
    """Remember that a picture could not be had; one that is here already stays."""
    async with atomic():
        await ForeignPicture.filter(key=wanted.key, name=None).delete()
        row = ForeignPicture(
            key=wanted.key,
            url=wanted.url,
            host=host,
            reason=reason[:300],
            retry_at=again_at,
            fetched_at=now,
            used_at=now,
        )
        await ForeignPicture.bulk_create([row], ignore_conflicts=True)


async def touch(keys: Iterable[str], *, now: datetime) -> None:
    """Note that pictures were shown."""
    async with atomic():
        await ForeignPicture.filter(key__in=list(keys)).update(used_at=now)


async def forget_urls(urls: Iterable[str]) -> None:
    """Let pictures go at once, because what showed them was deleted; the sweep takes their files."""
    keys = [Wanted(url, size, "").key for url in urls if url for size in Size]
    for start in range(0, len(keys), BATCH):
        await ForeignPicture.filter(key__in=keys[start : start + BATCH]).delete()


async def forget_rows(ids: Sequence[int], store: MediaStore) -> int:
    """Delete pictures, rows first, and return how many bytes that frees."""
    async with atomic():
        found = await ForeignPicture.filter(id__in=list(ids))
        await ForeignPicture.filter(id__in=list(ids)).delete()
    for row in found:
        if row.name is not None:
            for path in paths_of(row.name):
                await store.remove(path)
    return sum(row.bytes for row in found)


async def sweep(store: MediaStore, *, before: datetime) -> int:
    """Delete the files that no row names and that are older than `before`; return how many. Spec: security R-16."""
    removed = 0
    for folder in await store.folders():
        paths = await store.older(folder, before)
        for start in range(0, len(paths), BATCH):
            removed += await _sweep_batch(paths[start : start + BATCH], store)
    return removed


async def _sweep_batch(paths: Sequence[str], store: MediaStore) -> int:
    names = list({_name_of(path) for path in paths})
    known = {row.name for row in await ForeignPicture.filter(name__in=names).only("name")}
    lost = [path for path in paths if _name_of(path) not in known or not store.is_whole(path)]
    for path in lost:
        await store.remove(path)
    return len(lost)


def paths_of(name: str) -> tuple[str, str]:
    """Return the paths of the whole picture and of its thumbnail."""
    return MediaStore.path_of(name), MediaStore.path_of(name + THUMBNAIL)


def _name_of(path: str) -> str:
    stem = path.rpartition("/")[2].partition(".")[0]
    return stem[:26]
