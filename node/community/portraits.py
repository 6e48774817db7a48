"""A drawn picture for every actor of ours that has none: strict servers and kind people expect one."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from node.chance import public_id
from node.media.store import MediaStore
from node.models import Actor, ActorKind, ActorState

PNG = "image/png"
AT_ONCE = 20


async def dress(*, media: MediaStore, now: datetime) -> int:
    """Draw and keep an avatar, for Groups and the node also a header, where one is missing; return how many actors.

    Args:
        media: where the files go; a file is on the disk before a row names it.
    """
    bare = Actor.filter(is_local=True, state=ActorState.ACTIVE, avatar_url__isnull=True)
    some = await bare.order_by("id").limit(AT_ONCE)
    if not some:
        return 0
    from node.media import patterns  # noqa: PLC0415  # 3 MiB, and few processes ever draw

    for actor in some:
        name = actor.local_name or actor.name
        pictures = {"avatar_url": await _kept(patterns.avatar, name, media, now)}
        if actor.kind is not ActorKind.PERSON and actor.header_url is None:
            pictures["header_url"] = await _kept(patterns.header, name, media, now)
        await Actor.filter(id=actor.id, avatar_url__isnull=True).update(**pictures)
    return len(some)


async def _kept(draw: Callable[[str], bytes], name: str, media: MediaStore, now: datetime) -> str:
    data = await asyncio.to_thread(draw, name)
    return media.url_of(await media.keep(data, name=public_id(now), media_type=PNG))
