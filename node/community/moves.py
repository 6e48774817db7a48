"""Accounts that move: people elsewhere, members who come, members who go."""

from datetime import datetime, timedelta

from tortoise.expressions import Q

from node.community import follows, journal, notices
from node.community.facts import ProfileChanged
from node.community.relation_facts import ActorMoved
from node.database import atomic
from node.errors import Invalid, NotAllowed
from node.i18n import gettext as _
from node.models import Actor, ActorKind, ActorState, Follow, FollowState, Member, NotificationKind

AGAIN_AFTER = timedelta(days=7)
"""One Move of an actor counts in this time, as with Mastodon and GoToSocial."""
MOST_ALIASES = 5
STANDING = (FollowState.ACCEPTED, FollowState.PENDING)


def require_rested(actor: Actor, *, now: datetime) -> None:
    """Return if an actor may move now.

    Raises:
        NotAllowed: it has moved within the last week. Spec: security T-20.
    """
    if actor.moved_at is not None and actor.moved_at + AGAIN_AFTER > now:
        raise NotAllowed(f"{actor.uri} has moved within the last {AGAIN_AFTER.days} days")


def require_welcome(old: Actor, target: Actor) -> None:
    """Return if `target` may take over from `old`: it says that it is the same person, and stays where it is.

    Args:
        target: as its own server describes it now.

    Raises:
        NotAllowed: it does not. Spec: security T-20.
    """
    if target.id == old.id or target.state is not ActorState.ACTIVE or old.state is not ActorState.ACTIVE:
        raise NotAllowed(f"{old.uri} can't move to {target.uri}")
    if old.uri not in target.also_known_as:
        raise NotAllowed(f"{target.uri} does not say that it was {old.uri}")
    if target.moved_to is not None:
        raise NotAllowed(f"{target.uri} has itself moved on")


async def someone_follows(actor: Actor) -> bool:
    """Tell whether somebody here follows an actor, or waits to."""
    return await Follow.exists(target_id=actor.id, follower__is_local=True, state__in=STANDING)


async def carry(old: Actor, target: Actor, *, may_follow: bool, now: datetime) -> int:
    """Let those of ours who follow `old` follow `target` instead; each is told. Return how many.

    Args:
        target: as its own server describes it now, or one of ours.
        may_follow: policy lets our people follow there; otherwise they stay where they are, but are told.

    Raises:
        NotAllowed: as `require_rested` and `require_welcome`.
    """
    require_rested(old, now=now)
    require_welcome(old, target)
    async with atomic():
        rested = Q(moved_at__isnull=True) | Q(moved_at__lte=now - AGAIN_AFTER)
        if not await Actor.filter(rested, id=old.id).update(moved_to=target.uri, moved_at=now, updated_at=now):
            raise NotAllowed(f"{old.uri} has just moved")
        standing = Follow.filter(target_id=old.id, follower__is_local=True, state__in=STANDING)
        rows = await standing.order_by("id").select_related("follower")
        carried = [row for row in rows if may_follow and await _carried(row, old, target, now=now)]
        told = [row.follower_id for row in rows]
        await notices.tell_actors(told, NotificationKind.MOVE, target, object_uri=old.uri, now=now)
    return len(carried)


async def _carried(row: Follow, old: Actor, target: Actor, *, now: datetime) -> bool:
    try:
        await follows.ask(row.follower, target, now=now)
    except Invalid:  # themselves, or somebody they keep away from
        return False
    await follows.undo(row.follower, old, now=now)
    return True


async def add_alias(target: Actor, *, by: Member, now: datetime) -> None:
    """Let a member say that they were `target` before; their old account can then move here.

    Raises:
        Invalid: themselves, too many, or nobody who could move.
    """
    async with atomic():
        actor = await Actor.get(id=by.actor_id)
        if target.id == actor.id or target.kind is not ActorKind.PERSON:
            raise Invalid(_("Name your own account on another server."))
        if target.uri in actor.also_known_as:
            return
        if len(actor.also_known_as) >= MOST_ALIASES:
            raise Invalid(_("You have named enough accounts. Take one away first."))
        await _save_aliases(actor, [*actor.also_known_as, target.uri], by=by, now=now)


async def drop_alias(uri: str, *, by: Member, now: datetime) -> None:
    """Take back that a member was somebody else before; without that nothing changes."""
    async with atomic():
        actor = await Actor.get(id=by.actor_id)
        if uri in actor.also_known_as:
            await _save_aliases(actor, [each for each in actor.also_known_as if each != uri], by=by, now=now)


async def leave_for(target: Actor, *, by: Member, may_follow: bool, now: datetime) -> None:
    """Let a member go on under `target`: followers are told and follow there, what was written stays here.

    Raises:
        NotAllowed: as `carry`.
    """
    async with atomic():
        actor = await Actor.get(id=by.actor_id)
        await carry(actor, target, may_follow=may_follow, now=now)
        await journal.note(ActorMoved(actor.id), at=now, by_member_id=by.id)


async def come_back(*, by: Member, now: datetime) -> None:
    """Let a member who moved away be followed here again; followers who went stay where they are."""
    async with atomic():
        if await Actor.filter(id=by.actor_id, moved_to__isnull=False).update(moved_to=None, updated_at=now):
            await journal.note(ProfileChanged(by.actor_id), at=now, by_member_id=by.id)


async def _save_aliases(actor: Actor, uris: list[str], *, by: Member, now: datetime) -> None:
    actor.also_known_as, actor.updated_at = uris, now
    await actor.save(update_fields=["also_known_as", "updated_at"])
    await journal.note(ProfileChanged(actor.id), at=now, by_member_id=by.id)
