"""Actors of other servers: what we keep of them, and how they go."""

from datetime import datetime

from node.community import erasure
from node.community.foreign_actor_draft import ForeignActor, ForeignKey, ProfileField
from node.community.foreign_actor_rows import keep_all, says_suspended
from node.community.forgetting import forget
from node.community.once import Columns
from node.database import atomic
from node.errors import NotAllowed
from node.models import (
    Actor,
    ActorKey,
    ActorState,
    Boost,
    Event,
    Follow,
    Like,
    Mention,
    Notification,
    Post,
    Practice,
    Quote,
    Reaction,
    Vote,
)

__all__ = [
    "ForeignActor",
    "ForeignKey",
    "ProfileField",
    "emptied",
    "erase_doings",
    "is_declared_suspended",
    "keep_all",
    "key_by_id",
    "mark_gone",
    "remember",
]


async def remember(draft: ForeignActor, *, now: datetime) -> Actor:
    """Keep a foreign actor as it is now; its keys are replaced by those of `draft`.

    Args:
        draft: read from the actor's own address, or proven by its signature.

    Raises:
        NotAllowed: the id or the handle's host is ours. Spec: security V-L06, T-21.
        Withdrawn: this actor was deleted.
    """
    (kept,) = await keep_all([draft], now=now)
    if isinstance(kept, Exception):
        raise kept
    return await Actor.get(id=kept)


def is_declared_suspended(actor: Actor) -> bool:
    """Tell whether the actor's own server says that it is suspended."""
    return says_suspended(actor.document)


async def key_by_id(key_id: str) -> ActorKey | None:
    """Find a key by its id, with its actor."""
    return await ActorKey.get_or_none(key_id=key_id, retired_at__isnull=True).select_related("actor")


async def mark_gone(actor: Actor, *, now: datetime) -> None:
    """Delete everything a foreign actor left here; only its id stays, so that it can't come back by accident.

    Raises:
        NotAllowed: the actor is ours.
    """
    if actor.is_local:
        raise NotAllowed(f"{actor.uri} is an actor of ours")
    async with atomic():
        uris = await _object_uris(actor)
        await erasure.erase_traces([*uris, actor.uri])
        for uri in uris:
            await erasure.remember_gone(uri, actor.uri, now=now)
        await erasure.remember_gone(actor.uri, actor.uri, now=now)
        await erase_doings(actor)
        await forget(actor.id)
        await Follow.filter(follower_id=actor.id).delete()
        await Follow.filter(target_id=actor.id).delete()
        await Post.filter(author_id=actor.id).delete()
        await Practice.filter(publisher_id=actor.id).delete()
        await Event.filter(publisher_id=actor.id).delete()
        await ActorKey.filter(actor_id=actor.id).delete()
        await Actor.filter(id=actor.id).update(**emptied(), updated_at=now)


async def erase_doings(actor: Actor) -> None:
    """Delete the actor's likes and boosts, the notices it caused and the places that name it."""
    await Quote.filter(quoter_id=actor.id).delete()
    for model in (Like, Boost, Reaction, Vote, Notification, Mention):
        await model.filter(actor_id=actor.id).delete()


async def _object_uris(actor: Actor) -> list[str]:
    posts = await Post.filter(author_id=actor.id).only("uri")
    practices = await Practice.filter(publisher_id=actor.id).only("uri")
    events = await Event.filter(publisher_id=actor.id).only("uri")
    return [*(row.uri for row in posts), *(row.uri for row in practices), *(row.uri for row in events)]


def emptied() -> Columns:
    """Return the columns of an actor of whom nothing but the id is left."""
    return {
        "state": ActorState.GONE,
        "display_name": "",
        "bio_html": "",
        "bio_source": "",
        "avatar_url": None,
        "header_url": None,
        "also_known_as": [],
        "profile_fields": [],
        "document": None,
    }
