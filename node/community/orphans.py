"""Files of pictures that nothing names: left behind by a crash or by somebody who left; they go within a day."""

from datetime import datetime, timedelta

from node.media.store import MediaStore
from node.models import Actor, Media

GRACE = timedelta(hours=12)
"""Younger files stay, their row may be on its way. With a look every twelve hours none stays for more than a day."""
BATCH = 1_000


async def sweep(store: MediaStore, *, now: datetime) -> int:
    """Delete the files that neither an upload nor a profile of ours names; return how many.

    Spec: security R-16.
    """
    return await store.remove_orphans(await known_paths(), before=now - GRACE)


async def known_paths() -> frozenset[str]:
    """Return the paths of all files that rows name, read a batch at a time."""
    return frozenset(await _of_uploads() | await _of_profiles())


async def _of_uploads() -> set[str]:
    paths: set[str] = set()
    last = 0
    while rows := await Media.filter(id__gt=last).order_by("id").limit(BATCH).only("id", "path", "thumbnail_path"):
        paths.update(path for row in rows for path in (row.path, row.thumbnail_path) if path)
        last = rows[-1].id
    return paths


async def _of_profiles() -> set[str]:
    """Drawn pictures have no row of their own: the profile names their address, under whatever MEDIA_URL was then."""
    paths: set[str] = set()
    last = 0
    ours = Actor.filter(is_local=True).order_by("id").limit(BATCH).only("id", "avatar_url", "header_url")
    while rows := await ours.filter(id__gt=last):
        urls = [url for row in rows for url in (row.avatar_url, row.header_url) if url]
        paths.update("/".join(url.rsplit("/", 2)[-2:]) for url in urls)
        last = rows[-1].id
    return paths
