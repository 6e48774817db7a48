"""Who follows whom: others ours, ours others, ours ours."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from node.chance import public_id
from node.community import addresses, apart, journal, notices
from node.community.facts import FollowAccepted, FollowAsked, FollowEnded, FollowRefused
from node.community.once import insert_once
from node.community.roles import is_at_least
from node.database import atomic
from node.errors import Invalid, NotAllowed, NotFound
from node.i18n import gettext as _
from node.models import (
    Actor,
    ActorKind,
    ActorState,
    Follow,
    FollowState,
    FormerFollow,
    Member,
    NotificationKind,
    Role,
)
from node.policy.grants import FollowGrant

MACHINES = frozenset({ActorKind.APPLICATION, ActorKind.SERVICE, ActorKind.GROUP})


class FollowAnswer(StrEnum):
    """What became of a request."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    REFUSED = "refused"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """Somebody elsewhere wants to follow one of ours.

    Args:
        follower: the foreign actor who was proven to ask.
        activity_uri: the id of the Follow.
    """

    follower: Actor
    target: Actor
    activity_uri: str


async def request(wanted: FollowRequest, *, grant: FollowGrant, now: datetime) -> FollowAnswer:
    """Answer a Follow from another server. A repeat changes nothing; a new id is answered anew.

    Args:
        grant: what the follower's host may do.

    Returns:
        IGNORED for a Follow that was undone before, or whose target isn't ours. Spec: security T-12.
    """
    follower, target = wanted.follower, wanted.target
    if not target.is_local or follower.is_local or target.state is not ActorState.ACTIVE:
        return FollowAnswer.IGNORED
    async with atomic():
        if await FormerFollow.filter(activity_uri=wanted.activity_uri).exists():
            return FollowAnswer.IGNORED
        is_apart = bool(await apart.apart_from(follower, [target.id]))
        if grant is FollowGrant.NONE or is_apart or not _may_have(target, follower):
            return await _refuse_request(wanted, now=now)
        row, is_new = await insert_once(
            Follow,
            {"follower_id": follower.id, "target_id": target.id},
            {"activity_uri": wanted.activity_uri, "created_at": now},
        )
        if not is_new and row.activity_uri == wanted.activity_uri and row.state is not FollowState.SUSPENDED:
            return FollowAnswer(row.state.value)
        row.activity_uri = wanted.activity_uri
        if row.state is FollowState.ACCEPTED or (grant is FollowGrant.YES and not target.manually_approves):
            return await _accept_row(row, wanted, now=now)
        row.state = FollowState.PENDING
        await row.save()
        await notices.tell_actors([target.id], NotificationKind.FOLLOW_REQUEST, follower, object_uri="", now=now)
        return FollowAnswer.PENDING


def _may_have(target: Actor, follower: Actor) -> bool:
    """The node itself is followed by machines only; who is suspended follows nobody, and nobody who has moved."""
    if follower.state is not ActorState.ACTIVE or target.moved_to is not None:
        return False
    return target.kind is not ActorKind.APPLICATION or follower.kind in MACHINES


async def _accept_row(row: Follow, wanted: FollowRequest, *, now: datetime) -> FollowAnswer:
    row.state, row.answered_at = FollowState.ACCEPTED, now
    await row.save()
    await journal.note(FollowAccepted(row.id, wanted.activity_uri), at=now)
    await notices.tell_actors([wanted.target.id], NotificationKind.FOLLOW, wanted.follower, object_uri="", now=now)
    return FollowAnswer.ACCEPTED


async def _refuse_request(wanted: FollowRequest, *, now: datetime) -> FollowAnswer:
    await Follow.filter(follower_id=wanted.follower.id, target_id=wanted.target.id).delete()
    refused = FollowRefused(wanted.follower.id, wanted.target.id, wanted.activity_uri)
    await journal.note(refused, at=now)
    return FollowAnswer.REFUSED


async def accept(follow_id: int, *, by: Member, now: datetime) -> Follow:
    """Let a waiting follower in. A second time changes nothing.

    Raises:
        NotFound: no such request.
        NotAllowed: it's for somebody else to answer.
    """
    async with atomic():
        row = await _answerable(follow_id, by)
        if row.state is not FollowState.PENDING:
            return row
        row.state, row.answered_at = FollowState.ACCEPTED, now
        await row.save()
        if not row.follower.is_local:
            await journal.note(FollowAccepted(row.id, row.activity_uri or ""), at=now, by_member_id=by.id)
        await _tell_accepted(row, now=now)
        await notices.untell(NotificationKind.FOLLOW_REQUEST, row.follower, object_uri="")
        return row


async def refuse(follow_id: int, *, by: Member, now: datetime) -> None:
    """Say no to a waiting follower, or send an accepted one away.

    Raises:
        NotFound: no such follower or request.
        NotAllowed: it's for somebody else to answer.
    """
    async with atomic():
        row = await _answerable(follow_id, by)
        await row.delete()
        if not row.follower.is_local:
            refused = FollowRefused(row.follower_id, row.target_id, row.activity_uri or "")
            await journal.note(refused, at=now, by_member_id=by.id)
        for kind in (NotificationKind.FOLLOW_REQUEST, NotificationKind.FOLLOW):
            await notices.untell(kind, row.follower, object_uri="")


async def _answerable(follow_id: int, by: Member) -> Follow:
    row = await Follow.get_or_none(id=follow_id, target__is_local=True).select_related("follower", "target")
    if row is None:
        raise NotFound(f"no follow {follow_id}")
    is_own = row.target_id == by.actor_id
    is_groups = row.target.kind is not ActorKind.PERSON and is_at_least(by.role, Role.EDITOR)
    if not is_own and not is_groups:
        raise NotAllowed(f"{by.id} may not answer for {row.target.uri}")
    return row


async def ask(follower: Actor, target: Actor, *, now: datetime, by_member_id: int | None = None) -> Follow:
    """Let one of ours follow somebody: one of ours at once, anybody else when their server says yes.

    Asking again while it stands changes nothing; asking again after a refusal asks anew.

    Raises:
        Invalid: that actor can't be followed.
    """
    if follower.id == target.id or not follower.is_local:
        raise Invalid(_("You can't follow yourself."))
    if target.state is not ActorState.ACTIVE or target.kind is ActorKind.APPLICATION and target.is_local:
        raise Invalid(_("This account can't be followed."))
    if await apart.apart_from(follower, [target.id]):
        raise Invalid(_("This account can't be followed."))
    async with atomic():
        key = {"follower_id": follower.id, "target_id": target.id}
        row, is_new = await insert_once(Follow, key, {"created_at": now})
        if not is_new and row.state is not FollowState.REFUSED:
            return row
        row.state = FollowState.PENDING
        if target.is_local:
            return await _follow_here(row, follower, target, now=now)
        row.activity_uri = addresses.activity_uri(addresses.base_of(follower), public_id(now))
        await row.save()
        await journal.note(FollowAsked(row.id), at=now, by_member_id=by_member_id)
        return row


async def _follow_here(row: Follow, follower: Actor, target: Actor, *, now: datetime) -> Follow:
    if not target.manually_approves:
        row.state, row.answered_at = FollowState.ACCEPTED, now
    await row.save()
    kind = NotificationKind.FOLLOW_REQUEST if target.manually_approves else NotificationKind.FOLLOW
    await notices.tell_actors([target.id], kind, follower, object_uri="", now=now)
    return row


async def confirmed(follower: Actor, target: Actor, *, now: datetime) -> bool:
    """Take the yes of a foreign actor whom one of ours asked; tell whether it changed anything.

    Spec: security T-19, V-K13, V-X01: without a waiting request of ours nothing happens.
    """
    async with atomic():
        row = await _asked(follower, target)
        if row is None or row.state is not FollowState.PENDING:
            return False
        row.state, row.answered_at = FollowState.ACCEPTED, now
        await row.save()
        await _tell_accepted(row, now=now)
        return True


async def rejected(follower: Actor, target: Actor, *, now: datetime) -> bool:
    """Take the no of a foreign actor, also after a yes; tell whether it changed anything."""
    async with atomic():
        row = await _asked(follower, target)
        if row is None or row.state is FollowState.REFUSED:
            return False
        row.state, row.answered_at = FollowState.REFUSED, now
        await row.save()
        return True


async def _asked(follower: Actor, target: Actor) -> Follow | None:
    if not follower.is_local or target.is_local:
        return None
    found = Follow.get_or_none(follower_id=follower.id, target_id=target.id)
    return await found.select_related("follower", "target")


async def _tell_accepted(row: Follow, *, now: datetime) -> None:
    if not row.follower.is_local:
        return
    kind = NotificationKind.FOLLOW_ACCEPTED
    await notices.tell_actors([row.follower_id], kind, row.target, object_uri="", now=now)


async def undo(
    follower: Actor, target: Actor, *, now: datetime, activity_uri: str | None = None, by_member_id: int | None = None
) -> bool:
    """End a follow, whichever side is ours; tell whether there was one.

    Args:
        activity_uri: of a foreign follower: the Follow that is undone. One that doesn't stand any more is only
            remembered, so that its replay changes nothing. Spec: security T-12.
    """
    async with atomic():
        row = await Follow.get_or_none(follower_id=follower.id, target_id=target.id)
        if activity_uri and not follower.is_local:
            await insert_once(FormerFollow, {"activity_uri": activity_uri}, {"ended_at": now})
        if row is None or (activity_uri and row.activity_uri and activity_uri != row.activity_uri):
            return False
        await row.delete()
        if follower.is_local and not target.is_local:
            ended = FollowEnded(follower.id, target.id, row.activity_uri or "")
            await journal.note(ended, at=now, by_member_id=by_member_id)
        elif row.activity_uri:
            await insert_once(FormerFollow, {"activity_uri": row.activity_uri}, {"ended_at": now})
        for kind in (NotificationKind.FOLLOW, NotificationKind.FOLLOW_REQUEST):
            await notices.untell(kind, follower, object_uri="")
        return True


async def part(row: Follow, *, now: datetime, by_member_id: int | None = None) -> None:
    """End a follow because one side blocks the other; a foreign side is told as of any follow that ends.

    Args:
        row: with both sides loaded.
    """
    await row.delete()
    uri = row.activity_uri or ""
    if row.follower.is_local and not row.target.is_local:
        await journal.note(FollowEnded(row.follower_id, row.target_id, uri), at=now, by_member_id=by_member_id)
    elif row.target.is_local and not row.follower.is_local:
        await journal.note(FollowRefused(row.follower_id, row.target_id, uri), at=now, by_member_id=by_member_id)
