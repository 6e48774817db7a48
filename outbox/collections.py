"""The collections that other servers read: outbox, followers, featured, replies, threads, likes and shares."""

import orjson

from federation.collections import PAGE_SIZE, Page, collection, collection_page, entire_collection, whole_collection
from federation.vocabulary.context import Json
from node.community import follower_sets, objects, pins
from node.community.objects import Known
from node.community.visibility import Viewer, may_read
from node.errors import NotFound
from node.models import (
    Actor,
    ActorKind,
    ActorState,
    Boost,
    Event,
    Follow,
    FollowState,
    Like,
    Member,
    MemberState,
    Post,
    Practice,
    Role,
    Visibility,
)
from outbox.models import PublishedActivity
from outbox.render.parts import OUTWARD

FEATURED = 5
OPEN = (Visibility.PUBLIC, Visibility.QUIET)


async def outbox(actor: Actor, cursor: str | None) -> Json:
    """Return an actor's outbox or one page of it, the newest first, with whole activities inside."""
    uri = f"{actor.uri}/outbox"
    listed = PublishedActivity.filter(actor_id=actor.id, in_outbox=True)
    total = await listed.count()
    if cursor is None:
        return dict(collection(uri, total=total, first_cursor="first" if total else None))
    below = listed if cursor == "first" else listed.filter(id__lt=_number(cursor))
    rows = await below.order_by("-id").limit(PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    following = str(shown[-1].id) if len(rows) > PAGE_SIZE else None
    page = Page([_inside(row.body) for row in shown], cursor, next_cursor=following)
    return dict(collection_page(uri, page, total=total))


async def followers(actor: Actor) -> Json:
    """Return how many follow an actor; who they are is told to nobody."""
    total = await Follow.filter(target_id=actor.id, state=FollowState.ACCEPTED).count()
    return dict(collection(f"{actor.uri}/followers", total=total, first_cursor=None))


async def followers_at(actor: Actor, origin: str) -> Json:
    """Return who at an origin follows an actor: told to that server alone. Spec: FEP-8fcf."""
    found = await follower_sets.from_host(actor, origin)
    return dict(entire_collection(f"{actor.uri}/followers_synchronization", found))


async def following(actor: Actor) -> Json:
    """Return how many an actor follows."""
    total = await Follow.filter(follower_id=actor.id, state=FollowState.ACCEPTED).count()
    return dict(collection(f"{actor.uri}/following", total=total, first_cursor=None))


async def featured(actor: Actor) -> Json:
    """Return what an actor shows first: how to use it, what was pinned, then its newest records or coming events."""
    guides = Post.filter(author_id=actor.id, is_guide=True, withdrawn_at__isnull=True)
    uris = [str(uri) for uri in await guides.order_by("id").values_list("uri", flat=True)]
    uris += [uri for uri in await pins.uris_of(actor) if uri not in uris]
    public = {"publisher_id": actor.id, "visibility": Visibility.PUBLIC, "withdrawn_at__isnull": True}
    for rows in (Practice, Event):
        newest = rows.filter(**public).order_by("-id").limit(FEATURED)
        uris += [str(uri) for uri in await newest.values_list("uri", flat=True) if str(uri) not in uris]
    return dict(whole_collection(f"{actor.uri}/featured", uris[:FEATURED]))


async def moderators(group: Actor) -> Json:
    """Return who moderates a Group of ours."""
    if group.kind is not ActorKind.GROUP:
        raise NotFound("only Groups have moderators")
    staff = Member.filter(role__in=[Role.MODERATOR, Role.FEDERATION_ADMIN, Role.STEWARD], state=MemberState.ACTIVE)
    rows = await staff.order_by("id").limit(PAGE_SIZE).select_related("actor")
    return dict(whole_collection(f"{group.uri}/moderators", [row.actor.uri for row in rows]))


async def replies(of: Known, cursor: str | None) -> Json:
    """Return the public answers to an object of ours, the oldest first."""
    return await _posts(of, "replies", {"in_reply_to_uri": of.uri}, cursor)


async def context(of: Known, cursor: str | None) -> Json:
    """Return the public posts of the thread under an object of ours, the oldest first. Spec: FEP-7888, FEP-f228."""
    return await _posts(of, "context", {"thread_uri": of.uri}, cursor)


async def likes(uri: str) -> Json:
    """Return how many like an object."""
    total = await Like.filter(object_uri=uri, actor__state=ActorState.ACTIVE).count()
    return dict(collection(f"{uri}/likes", total=total, first_cursor=None))


async def shares(uri: str) -> Json:
    """Return how many passed an object on."""
    total = await Boost.filter(object_uri=uri, actor__state=ActorState.ACTIVE).count()
    return dict(collection(f"{uri}/shares", total=total, first_cursor=None))


def attendees(uri: str) -> Json:
    """Return that nobody has said yes to an event: people take part by its page."""
    return dict(collection(f"{uri}/attendees", total=0, first_cursor=None))


async def _posts(of: Known, part: str, where: dict[str, str], cursor: str | None) -> Json:
    """Return the ids of posts that everybody may read, under what one of ours wrote."""
    owner = {"attributedTo": of.publisher.uri}
    return await _ids(f"{of.uri}/{part}", where, cursor) | owner


async def _ids(collection_uri: str, where: dict[str, str], cursor: str | None) -> Json:
    standing = {"author__state": ActorState.ACTIVE, "withdrawn_at__isnull": True, "hidden_at__isnull": True}
    found = Post.filter(**where, **standing, visibility__in=OPEN)
    total = await found.count()
    if cursor is None:
        return dict(collection(collection_uri, total=total, first_cursor="first" if total else None))
    above = found if cursor == "first" else found.filter(id__gt=_number(cursor))
    rows = await above.order_by("id").limit(PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    following = str(shown[-1].id) if len(rows) > PAGE_SIZE else None
    return dict(collection_page(collection_uri, Page([row.uri for row in shown], cursor, following), total=total))


def _number(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise NotFound("no such page")
    return int(cursor)


def _inside(body: str) -> Json:
    """Return a published activity as it stands inside a page: without its own context."""
    document: Json = orjson.loads(body)
    return {name: value for name, value in document.items() if name not in ("@context", "proof")}


async def readable(uri: str, viewer: Viewer) -> Known:
    """Return the object of ours at `uri`, if it leaves the node and this reader may have it.

    Raises:
        NotFound: it is not there or not for this reader; the two look the same. Spec: security V-M23, V-K08.
    """
    known = await objects.find(uri)
    is_outward = known is not None and known.is_local and known.visibility in OUTWARD
    if known is None or not is_outward or not may_read(viewer, known.readable):
        raise NotFound("no such object")
    return known
