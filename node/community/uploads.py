"""Pictures that members bring: taken apart, written to the folder, and only then named by a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from node.chance import public_id
from node.database import atomic
from node.errors import TooMany
from node.media.processing import ImageProcessor, Purpose
from node.media.store import MediaStore
from node.models import Actor, Media

MOST_A_DAY = 100
"""Pictures that one member may bring in a day."""


@dataclass(frozen=True, slots=True)
class Studio:
    """Who takes pictures apart and where they are kept."""

    processor: ImageProcessor
    store: MediaStore


@dataclass(frozen=True, slots=True)
class UploadView:
    """A picture of a member, not yet beside anything perhaps."""

    public_id: str
    url: str
    thumbnail_url: str
    width: int
    height: int


async def keep(data: bytes, *, owner: Actor, purpose: Purpose, studio: Studio, now: datetime) -> UploadView:
    """Keep a picture for its owner.

    Args:
        data: the file as sent; its name and type count for nothing.

    Raises:
        Invalid, TooLarge, Later: as `ImageProcessor.process`.
        TooMany: this member brought as many today as one may. Spec: security A-21.
        Unavailable: the disk is full.

    Spec: security R-16, T-39.
    """
    await _require_room(owner, now)
    made = await studio.processor.process(data, purpose)
    fresh, small = public_id(now), public_id(now)
    path = await studio.store.keep(made.data, name=fresh, media_type=made.media_type)
    thumbnail = await studio.store.keep(made.thumbnail, name=small, media_type=made.media_type)
    async with atomic():
        row = await Media.create(
            public_id=fresh,
            owner_id=owner.id,
            path=path,
            thumbnail_path=thumbnail,
            media_type=made.media_type,
            bytes=len(made.data),
            width=made.width,
            height=made.height,
            created_at=now,
        )
    return _view(row, studio.store)


async def _require_room(owner: Actor, now: datetime) -> None:
    brought = Media.filter(owner_id=owner.id, created_at__gt=now - timedelta(days=1))
    if await brought.count() >= MOST_A_DAY:
        raise TooMany(f"{MOST_A_DAY} pictures in a day", retry_after=3600)


async def of_owner(public_ids: Iterable[str], *, owner: Actor, store: MediaStore) -> dict[str, UploadView]:
    """Return those of the pictures that this actor brought, by public id. Spec: security V-M25."""
    rows = await Media.filter(public_id__in=list(public_ids), owner_id=owner.id)
    return {row.public_id: _view(row, store) for row in rows}


def _view(row: Media, store: MediaStore) -> UploadView:
    return UploadView(
        public_id=row.public_id,
        url=store.url_of(row.path),
        thumbnail_url=store.url_of(row.thumbnail_path or row.path),
        width=row.width,
        height=row.height,
    )
