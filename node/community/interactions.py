"""Likes and boosts, ours and those of others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from node.chance import public_id
from node.community import addresses, apart, journal, notices, objects
from node.community.apart import Between
from node.community.facts import BoostGiven, BoostTakenBack, LikeGiven, LikeTakenBack
from node.community.notices import to_owner
from node.community.objects import Known
from node.community.once import Columns, insert_once
from node.community.tables import insert_missing
from node.community.viewer import of_actor, of_foreigners
from node.community.visibility import OPEN, Viewer, may_read
from node.database import atomic, few_sizes, marks, rows
from node.errors import Invalid, NotFound
from node.i18n import gettext as _
from node.models import Actor, ActorState, Boost, Like, NotificationKind
from node.policy.grants import Interact

Reaction = TypeVar("Reaction", Like, Boost)
_KINDS = {Like: NotificationKind.LIKE, Boost: NotificationKind.BOOST}


@dataclass(frozen=True, slots=True)
class ForeignReaction:
    """A Like or Announce of a foreign actor.

    Args:
        actor: who was proven to do it.
        object_uri: an object that we hold.
        activity_uri: its id.
    """

    actor: Actor
    object_uri: str
    activity_uri: str


async def like(object_uri: str, *, by: Actor, now: datetime, by_member_id: int | None = None) -> Like:
    """Let one of ours like an object. A second time changes nothing.

    Raises:
        NotFound: it isn't here, or not for this actor.
    """
    thing = await _reachable(object_uri, by)
    async with atomic():
        row, is_new = await _keep_own(Like, thing, by, now=now)
        if is_new:
            await journal.note(LikeGiven(row.id), at=now, by_member_id=by_member_id)
    return row


async def unlike(object_uri: str, *, by: Actor, now: datetime, by_member_id: int | None = None) -> bool:
    """Take a like of ours back; tell whether there was one."""
    async with atomic():
        row = await Like.get_or_none(actor_id=by.id, object_uri=object_uri)
        if row is None:
            return False
        await _drop(row, by)
        gone = LikeTakenBack(by.id, object_uri, row.activity_uri or "")
        await journal.note(gone, at=now, by_member_id=by_member_id)
        return True


async def boost(object_uri: str, *, by: Actor, now: datetime, by_member_id: int | None = None) -> Boost:
    """Let one of ours pass an object on to their followers. A second time changes nothing.

    Raises:
        NotFound: it isn't here, or not for this actor.
        Invalid: it isn't public.
    """
    thing = await _reachable(object_uri, by)
    if thing.visibility not in OPEN:
        raise Invalid(_("Only what everybody may read can be passed on."))
    async with atomic():
        row, is_new = await _keep_own(Boost, thing, by, now=now)
        if is_new:
            await journal.note(BoostGiven(row.id), at=now, by_member_id=by_member_id)
    return row


async def unboost(object_uri: str, *, by: Actor, now: datetime, by_member_id: int | None = None) -> bool:
    """Take a boost of ours back; tell whether there was one."""
    async with atomic():
        row = await Boost.get_or_none(actor_id=by.id, object_uri=object_uri)
        if row is None:
            return False
        await _drop(row, by)
        gone = BoostTakenBack(by.id, object_uri, row.activity_uri or "")
        await journal.note(gone, at=now, by_member_id=by_member_id)
        return True


async def received_like(given: ForeignReaction, *, now: datetime, grant: Interact = Interact.YES) -> bool:
    """Keep a foreign like of something that we hold; tell whether it is new. Spec: security A-25."""
    return grant is not Interact.NONE and (await received_likes([given], now=now))[0]


async def received_likes(given: Sequence[ForeignReaction], *, now: datetime) -> list[bool]:
    """Keep foreign likes, whose hosts may interact, as if they came one after another; tell which are new."""
    return await _receive_all(Like, given, now=now)


async def received_boost(given: ForeignReaction, *, now: datetime, grant: Interact = Interact.YES) -> bool:
    """Keep a foreign boost of something that we hold; tell whether it is new. Spec: security V-M26."""
    return grant is not Interact.NONE and (await received_boosts([given], now=now))[0]


async def received_boosts(given: Sequence[ForeignReaction], *, now: datetime) -> list[bool]:
    """Keep foreign boosts, whose hosts may interact, as if they came one after another; tell which are new."""
    return await _receive_all(Boost, given, now=now)


async def received_unlike(actor: Actor, object_uri: str) -> bool:
    """Take back a foreign actor's own like; tell whether there was one. Spec: security T-19."""
    return await _take_back(Like, actor, object_uri)


async def received_unboost(actor: Actor, object_uri: str) -> bool:
    """Take back a foreign actor's own boost; tell whether there was one. Spec: security T-19."""
    return await _take_back(Boost, actor, object_uri)


async def object_of(actor: Actor, activity_uri: str) -> tuple[str, str] | None:
    """Find what an actor's Like or Announce was about, by the id of that activity.

    Returns:
        `like` or `boost`, and the object's URI.
    """
    liked = await Like.get_or_none(actor_id=actor.id, activity_uri=activity_uri)
    if liked is not None:
        return "like", liked.object_uri
    boosted = await Boost.get_or_none(actor_id=actor.id, activity_uri=activity_uri)
    return None if boosted is None else ("boost", boosted.object_uri)


async def _reachable(uri: str, by: Actor) -> Known:
    thing = await objects.find(uri)
    if thing is None or not by.is_local or not may_read(await of_actor(by), thing.readable):
        raise NotFound(f"nothing at {uri[:200]}")
    return thing


async def _keep_own(model: type[Reaction], thing: Known, by: Actor, *, now: datetime) -> tuple[Reaction, bool]:
    activity = addresses.activity_uri(addresses.base_of(by), public_id(now))
    key = {"actor_id": by.id, "object_uri": thing.uri}
    row, is_new = await insert_once(model, key, {"activity_uri": activity, "created_at": now})
    if is_new:
        await notices.tell_owner(thing, _KINDS[model], by, object_uri=thing.uri, now=now)
    return row, is_new


async def _receive_all(model: type[Reaction], given: Sequence[ForeignReaction], *, now: datetime) -> list[bool]:
    """Keep what is new: read for all, decide for each, write for all; of two that are the same the first counts."""
    async with atomic():
        around = await _around(given)
        there = await _given_before(model, given)
        fresh: list[tuple[ForeignReaction, Known]] = []
        results = []
        for each in given:
            thing, key = around.reachable(model, each), (each.actor.id, each.object_uri)
            results.append(thing is not None and key not in there)
            if thing is not None and key not in there:
                fresh.append((each, thing))
                there.add(key)
        await insert_missing(model, [_reaction_row(each, now) for each, _thing in fresh])
        told = [to_owner(thing, _KINDS[model], each.actor, object_uri=thing.uri) for each, thing in fresh]
        await notices.tell_all(told, now=now)
    return results


@dataclass(frozen=True, slots=True)
class _Around:
    """What decides about some reactions."""

    things: Mapping[str, Known]
    viewers: Mapping[int, Viewer]
    between: Between

    def reachable(self, model: type[Like | Boost], given: ForeignReaction) -> Known | None:
        """Return what a foreign actor reacts to, if it may."""
        thing, actor = self.things.get(given.object_uri), given.actor
        if thing is None or thing.is_withdrawn or thing.publisher.state is not ActorState.ACTIVE:
            return None
        if actor.is_local or actor.state is not ActorState.ACTIVE:
            return None
        if model is Boost and thing.visibility not in OPEN:
            return None
        if thing.publisher.is_local and self.between.is_apart(actor, thing.publisher.id):
            return None
        viewer = self.viewers.get(actor.id, Viewer(actor_id=actor.id))
        return thing if may_read(viewer, thing.readable) else None


async def _around(given: Sequence[ForeignReaction]) -> _Around:
    things = await objects.find_all(each.object_uri for each in given)
    for_few = {uri for uri, thing in things.items() if thing.visibility not in OPEN or thing.is_held}
    return _Around(
        things=things,
        viewers=await of_foreigners({each.actor.id for each in given if each.object_uri in for_few}),
        between=await apart.between(each.actor for each in given),
    )


async def _given_before(model: type[Like | Boost], given: Sequence[ForeignReaction]) -> set[tuple[int, str]]:
    actor_ids, uris = few_sizes(each.actor.id for each in given), few_sizes(each.object_uri for each in given)
    sql = (
        f"SELECT actor_id, object_uri FROM {model._meta.db_table} "  # noqa: S608
        f"WHERE actor_id IN ({marks(len(actor_ids))}) AND object_uri IN ({marks(len(uris))})"
    )
    return {(cast(int, row["actor_id"]), str(row["object_uri"])) for row in await rows(sql, [*actor_ids, *uris])}


def _reaction_row(given: ForeignReaction, now: datetime) -> Columns:
    return {
        "actor_id": given.actor.id,
        "object_uri": given.object_uri,
        "activity_uri": given.activity_uri,
        "created_at": now,
    }


async def _take_back(model: type[Reaction], actor: Actor, object_uri: str) -> bool:
    if actor.is_local:
        return False
    async with atomic():
        row = await model.get_or_none(actor_id=actor.id, object_uri=object_uri)
        if row is None:
            return False
        await _drop(row, actor)
        return True


async def _drop(row: Like | Boost, by: Actor) -> None:
    await row.delete()
    await notices.untell(_KINDS[type(row)], by, object_uri=row.object_uri)
