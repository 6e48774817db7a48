"""Actors of ours: how one begins, and how any actor is found."""

import re
from datetime import datetime

from tortoise.exceptions import IntegrityError

from federation.names import LOCAL_NAME, canonical_uri, host_of
from node.community import addresses, search_entries
from node.community.once import Columns
from node.community.search_entries import Findable
from node.database import atomic
from node.errors import Invalid, NotFound, Withdrawn
from node.models import Actor, ActorKind, ActorState, Visibility
from node.text.plain import plain_name

SHORTEST_NAME = 3
NODE_ACTOR = "actor"
_RESERVED = frozenset(
    (
        *("network", "posts", "events", "practices", "actor", "partners", "inbox", "outbox", "relay", "talanoa"),
        *("admin", "administrator", "moderator", "steward", "support", "help", "root", "security", "abuse"),
        *("postmaster", "webmaster", "hostmaster", "public", "everyone", "here"),
    )
)
_RESERVED_SHAPES = re.compile(r"sdg.*|[a-z]{2}|(?:network|posts|events|practices)_.*")
_BAD_NAME = "Use 3 to 30 small letters, digits or underscores, for example `anna_ngugi`."


async def create_person(name: str, display_name: str, *, base: str, now: datetime) -> Actor:
    """Make the actor of a new member; its keys follow by `actor_keys.add_keys`.

    Args:
        name: what others type after the @; it can never be changed and never comes back.
        base: the public URL without a trailing slash.

    Raises:
        Invalid: the name is misspelt, reserved, or was used before. Spec: V-K13.
    """
    fresh = require_good_name(name)
    shown = plain_name(display_name) or fresh
    try:
        async with atomic():
            row = await Actor.create(
                **local_columns(addresses.person_uri(base, fresh), base, now=now),
                kind=ActorKind.PERSON,
                local_name=fresh,
                name=fresh,
                display_name=shown,
                url=addresses.actor_page(base, fresh),
                discoverable=True,
            )
            await make_findable(row)
            return row
    except IntegrityError:
        raise Invalid({"name": f"`{fresh}` is taken or was used before. Try another, such as `{fresh}_2`."}) from None


def require_good_name(name: str) -> str:
    """Return `name` as a new member may have it.

    Raises:
        Invalid: wrong characters, too short, or reserved.
    """
    if len(name) < SHORTEST_NAME or not LOCAL_NAME.fullmatch(name):
        raise Invalid({"name": _BAD_NAME})
    if name in _RESERVED or _RESERVED_SHAPES.fullmatch(name):
        raise Invalid({"name": f"`{name}` is reserved for the node itself. Choose another, for example `{name}_2`."})
    return name


def local_columns(uri: str, base: str, *, now: datetime) -> Columns:
    """Return the columns that every actor of ours has in common."""
    return {
        "uri": uri,
        "is_local": True,
        "host": host_of(canonical_uri(base, relaxed=True)),
        "inbox_url": f"{uri}/inbox",
        "outbox_url": f"{uri}/outbox",
        "followers_uri": f"{uri}/followers",
        "following_uri": f"{uri}/following",
        "featured_uri": f"{uri}/featured",
        "shared_inbox_url": f"{base}/ap/inbox",
        "published_at": now,
        "created_at": now,
        "updated_at": now,
    }


async def make_findable(actor: Actor) -> None:
    """Keep search in step with an actor: found is who is active and asks to be found."""
    if actor.state is not ActorState.ACTIVE or not actor.discoverable:
        await search_entries.leave(actor.uri)
        return
    await search_entries.enter(findable(actor))


def findable(actor: Actor) -> Findable:
    """Return what search knows of an actor who is found."""
    words = f"{actor.display_name} {actor.name} {handle_of(actor)} {actor.bio_source}"
    return Findable(actor.uri, "actor", actor.display_name, words, actor.language, Visibility.PUBLIC, actor.created_at)


def handle_of(actor: Actor) -> str:
    """Return `@name@host`."""
    return f"@{actor.name}@{actor.host}"


async def by_uri(uri: str) -> Actor | None:
    """Find an actor we know by its id, gone or not."""
    return await Actor.get_or_none(uri=uri)


async def by_handle(name: str, host: str) -> Actor | None:
    """Find an actor we know by its handle.

    Args:
        name: in any case.
        host: canonical; of several rows the one read last counts.
    """
    found = Actor.filter(name__iexact=name, host=host, state__not=ActorState.GONE)
    return await found.order_by("-is_local", "-updated_at").first()


async def local(name: str) -> Actor:
    """Find an actor of ours by its name.

    Raises:
        NotFound: never existed, or is suspended, which nobody can tell from outside. Spec: security T-37.
        Withdrawn: it left.
    """
    actor = await Actor.get_or_none(local_name=name.lower())
    if actor is None or actor.state is ActorState.SUSPENDED:
        raise NotFound(f"no actor named {name[:40]}")
    if actor.state is ActorState.GONE:
        raise Withdrawn(f"{name[:40]} has left")
    return actor


async def node_actor() -> Actor:
    """Return the actor of the node itself.

    Raises:
        NotFound: the node was not set up yet.
    """
    return await local(NODE_ACTOR)
