"""What actors pin to their profiles: members their own posts, editors what the Groups publish, others theirs."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from node.community import journal, objects
from node.community.mixing import show_things
from node.community.objects import Known
from node.community.once import insert_once
from node.community.relation_facts import ObjectPinned, ObjectUnpinned
from node.community.roles import is_at_least
from node.community.views import Thing
from node.community.visibility import OPEN, Viewer
from node.database import atomic
from node.errors import Invalid, NotFound
from node.i18n import gettext as _
from node.models import Actor, ActorKind, Member, Pin, Role, Visibility

MOST = 5


async def pin(uri: str, *, by: Member, now: datetime) -> None:
    """Pin something that a member wrote, or that a Group published; others are told. A second time changes nothing.

    Raises:
        NotFound: it isn't here, or isn't theirs to pin.
        Invalid: not everybody may read it, or enough is pinned.
    """
    thing = await _pinnable(uri, by)
    if thing.visibility not in OPEN:
        raise Invalid(_("Only what everybody may read can be pinned."))
    async with atomic():
        pinned = [each for each in await uris_of(thing.publisher) if each != uri]
        if len(pinned) >= MOST:
            raise Invalid(_("Enough is pinned. Take something down first."))
        key = {"actor_id": thing.publisher.id, "object_uri": uri}
        _row, is_new = await insert_once(Pin, key, {"created_at": now})
        if is_new:
            await journal.note(ObjectPinned(thing.publisher.id, uri), at=now, by_member_id=by.id)


async def unpin(uri: str, *, by: Member, now: datetime) -> None:
    """Take a pin down; without one nothing changes. Raises NotFound as `pin`."""
    thing = await _pinnable(uri, by)
    async with atomic():
        if await Pin.filter(actor_id=thing.publisher.id, object_uri=uri).delete():
            await journal.note(ObjectUnpinned(thing.publisher.id, uri), at=now, by_member_id=by.id)


def may_pin(thing: Known, *, member_actor_id: int | None, role: Role | None) -> bool:
    """Tell whether a member may pin something: their own, or for editors what a Group published."""
    if not thing.is_local or thing.is_withdrawn:
        return False
    is_groups = thing.publisher.kind is ActorKind.GROUP and is_at_least(role, Role.EDITOR)
    return is_groups or (member_actor_id is not None and thing.publisher.id == member_actor_id)


async def uris_of(actor: Actor) -> list[str]:
    """Return what an actor pins and everybody may read, the oldest pin first."""
    rows = await Pin.filter(actor_id=actor.id).order_by("id")
    known = await objects.find_all(row.object_uri for row in rows)
    standing = {uri for uri, thing in known.items() if not thing.is_withdrawn and thing.visibility in OPEN}
    return [row.object_uri for row in rows if row.object_uri in standing]


async def pinned_among(uris: Iterable[str]) -> frozenset[str]:
    """Return those of the objects that are pinned by somebody."""
    wanted = list(uris)
    if not wanted:
        return frozenset()
    return frozenset(row.object_uri for row in await Pin.filter(object_uri__in=wanted))


async def shown(actor: Actor, viewer: Viewer) -> list[Thing]:
    """Return what an actor pins, as far as a viewer may read it.

    Visitors see of people elsewhere only what is public and by somebody who wants to be found.
    """
    uris = await uris_of(actor)
    things = await show_things(uris, viewer)
    found = [things[uri] for uri in uris if uri in things]
    if actor.is_local or viewer.is_member:
        return found
    return [thing for thing in found if actor.indexable and thing.visibility is Visibility.PUBLIC]


async def received(actor: Actor, uri: str, *, now: datetime) -> bool:
    """Pin something of a foreign actor that we hold; tell whether we do. The oldest pin makes room.

    Spec: security T-19, V-P01: only what is the actor's own.
    """
    known = await objects.find(uri)
    if actor.is_local or known is None or known.is_local or known.publisher.id != actor.id or known.is_withdrawn:
        return False
    async with atomic():
        await insert_once(Pin, {"actor_id": actor.id, "object_uri": uri}, {"created_at": now})
        rows = await Pin.filter(actor_id=actor.id).order_by("-id").offset(MOST).limit(MOST)
        await Pin.filter(id__in=[row.id for row in rows]).delete()
    return True


async def received_list(actor: Actor, uris: Sequence[str], *, now: datetime) -> int:
    """Let a foreign actor's pins be exactly those of a list that we hold and that are its own; return how many."""
    if actor.is_local:
        return 0
    async with atomic():
        await Pin.filter(actor_id=actor.id).delete()
        return sum([await received(actor, uri, now=now) for uri in list(dict.fromkeys(uris))[:MOST]])


async def received_removal(actor: Actor, uri: str) -> bool:
    """Take down a foreign actor's own pin; tell whether there was one. Spec: security T-19."""
    if actor.is_local:
        return False
    async with atomic():
        return await Pin.filter(actor_id=actor.id, object_uri=uri).delete() > 0


async def _pinnable(uri: str, by: Member) -> Known:
    thing = await objects.find(uri)
    if thing is None or not may_pin(thing, member_actor_id=by.actor_id, role=by.role):
        raise NotFound("nothing of this member's to pin")
    return thing
