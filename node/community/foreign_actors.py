"""Actors of other servers: what we keep of them, and how they go."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from node.community import erasure, hosts
from node.community.actors import make_findable
from node.community.forgetting import forget
from node.community.once import Columns, insert_once
from node.database import atomic
from node.errors import NotAllowed, Withdrawn
from node.models import (
    Actor,
    ActorKey,
    ActorKind,
    ActorState,
    Boost,
    Event,
    Follow,
    KeyKind,
    Like,
    Mention,
    Notification,
    Post,
    Practice,
    Quote,
    Reaction,
    Vote,
)
from node.text.links import with_true_hosts
from node.text.plain import plain_name, plain_text
from node.text.sanitise import clean

MOST_FIELDS = 16
MOST_KEYS = 8
MOST_ALIASES = 20
LONGEST_DISPLAY_NAME = 120
_TAKEN_OVER = (
    *("kind", "name", "host", "url", "inbox_url", "shared_inbox_url", "outbox_url", "followers_uri", "following_uri"),
    *("featured_uri", "avatar_url", "header_url", "manually_approves", "discoverable", "indexable", "moved_to"),
    *("published_at", "document"),
)


@dataclass(frozen=True, slots=True)
class ProfileField:
    """One row of a profile; `value_html` may be uncleaned."""

    name: str
    value_html: str


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A public key of a foreign actor: PEM for RSA, multibase for Ed25519."""

    key_id: str
    kind: KeyKind
    public: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignActor:
    """An actor as its server describes it; nothing in it is cleaned yet.

    Args:
        host: canonical host of the handle.
        document: the JSON as read.
    """

    uri: str
    kind: ActorKind
    name: str
    host: str
    display_name: str = ""
    bio_html: str = ""
    language: str = ""
    url: str | None = None
    inbox_url: str | None = None
    shared_inbox_url: str | None = None
    outbox_url: str | None = None
    followers_uri: str | None = None
    following_uri: str | None = None
    featured_uri: str | None = None
    avatar_url: str | None = None
    header_url: str | None = None
    manually_approves: bool = False
    discoverable: bool = False
    indexable: bool = False
    is_suspended: bool = False
    moved_to: str | None = None
    also_known_as: tuple[str, ...] = ()
    fields: tuple[ProfileField, ...] = ()
    keys: tuple[ForeignKey, ...] = ()
    published_at: datetime | None = None
    document: str = "{}"


async def remember(draft: ForeignActor, *, now: datetime) -> Actor:
    """Keep a foreign actor as it is now; its keys are replaced by those of `draft`.

    Args:
        draft: read from the actor's own address, or proven by its signature.

    Raises:
        NotAllowed: the id or the handle's host is ours. Spec: security V-L06, T-21.
        Withdrawn: this actor was deleted.
    """
    columns = await _columns(draft)
    async with atomic():
        known = await Actor.get_or_none(uri=draft.uri)
        await _require_foreign(draft, known)
        columns |= {"updated_at": now, "fetched_at": now}
        state = ActorState.SUSPENDED if draft.is_suspended else ActorState.ACTIVE
        known, is_new = await insert_once(Actor, {"uri": draft.uri}, {**columns, "state": state, "created_at": now})
        if not is_new:
            columns["state"] = _next_state(known, draft)
            await known.update_from_dict(columns).save()
        if is_new:
            await hosts.seen(draft.host, now=now)
        await _replace_keys(known, draft.keys, now=now)
        await make_findable(known)
        return known


async def _require_foreign(draft: ForeignActor, known: Actor | None) -> None:
    if known is not None and known.is_local:
        raise NotAllowed(f"{draft.uri} is an actor of ours")
    if await Actor.filter(is_local=True, host=draft.host).exists():
        raise NotAllowed(f"{draft.host} is our host")
    if (known is not None and known.state is ActorState.GONE) or await erasure.is_gone(draft.uri):
        raise Withdrawn(f"{draft.uri} was deleted")


def _next_state(known: Actor, draft: ForeignActor) -> ActorState:
    """Keep a suspension that we decided: only one that its own server declared ends by its own word."""
    if draft.is_suspended or known.suspended_at is not None:
        return ActorState.SUSPENDED
    return ActorState.ACTIVE if is_declared_suspended(known) else known.state


def is_declared_suspended(actor: Actor) -> bool:
    """Tell whether the actor's own server says that it is suspended."""
    return bool(actor.document and orjson.loads(actor.document).get("suspended"))


async def _columns(draft: ForeignActor) -> Columns:
    bio = with_true_hosts(await clean(draft.bio_html))
    profile = [
        {"name": plain_name(field.name), "value": with_true_hosts(await clean(field.value_html)).html}
        for field in draft.fields[:MOST_FIELDS]
    ]
    return {
        **{name: getattr(draft, name) for name in _TAKEN_OVER},
        "display_name": plain_name(draft.display_name, limit=LONGEST_DISPLAY_NAME) or draft.name,
        "bio_html": bio.html,
        "bio_source": plain_text(bio.html),
        "language": draft.language[:35],
        "also_known_as": list(draft.also_known_as[:MOST_ALIASES]),
        "profile_fields": profile,
    }


async def _replace_keys(actor: Actor, keys: tuple[ForeignKey, ...], *, now: datetime) -> None:
    """Hold exactly these keys; an id that another actor holds stays with that actor."""
    kept = {key.key_id: key for key in keys[:MOST_KEYS]}
    known = {row.key_id: row for row in await ActorKey.filter(key_id__in=list(kept))}
    await ActorKey.filter(actor_id=actor.id, key_id__not_in=list(kept)).delete()
    for key_id, key in kept.items():
        row = known.get(key_id)
        if row is None:
            await ActorKey.create(
                actor=actor, key_id=key_id, kind=key.kind, public=key.public, created_at=now, fetched_at=now
            )
        elif row.actor_id == actor.id:
            await ActorKey.filter(id=row.id).update(kind=key.kind, public=key.public, fetched_at=now, retired_at=None)


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
