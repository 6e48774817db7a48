"""Silence: what suspended actors wrote is hidden, and comes back with them.

Three may silence an actor: its own server, policy for its host, and a moderator here. It speaks again when none does.
"""

from datetime import datetime

from node.community.foreign_actors import is_declared_suspended
from node.models import Actor, ActorState, Follow, FollowState

AT_ONCE = 500


async def follow_policy(*hosts: str, is_admitted: bool) -> int:
    """Suspend the actors of some hosts, or let them speak again; return how many changed.

    Nothing is deleted. Who is suspended by their own server or by a moderator here stays so. Must be called in the
    transaction of the change.
    """
    foreign = Actor.filter(is_local=False, host__in=hosts)
    if not is_admitted:
        return await foreign.filter(state=ActorState.ACTIVE).update(state=ActorState.SUSPENDED)
    silenced = await foreign.filter(state=ActorState.SUSPENDED, suspended_at__isnull=True).only("id", "document")
    back = [actor.id for actor in silenced if not is_declared_suspended(actor)]
    some = (back[start : start + AT_ONCE] for start in range(0, len(back), AT_ONCE))
    return sum([await Actor.filter(id__in=each).update(state=ActorState.ACTIVE) for each in some])


async def suspend(actor: Actor, *, now: datetime) -> None:
    """Silence a foreign actor by a moderator's word; its follows rest, either way."""
    await Actor.filter(id=actor.id).update(suspended_at=now)
    await Actor.filter(id=actor.id, state=ActorState.ACTIVE).update(state=ActorState.SUSPENDED)
    await _turn(actor, was=FollowState.ACCEPTED, becomes=FollowState.SUSPENDED)


async def lift(actor: Actor, *, is_admitted: bool, may_follow: bool) -> None:
    """Take a moderator's suspension of a foreign actor back.

    Args:
        is_admitted: policy lets its host speak here now.
        may_follow: policy allows follows with its host now.
    """
    await Actor.filter(id=actor.id).update(suspended_at=None)
    if is_admitted and not is_declared_suspended(actor):
        await Actor.filter(id=actor.id, state=ActorState.SUSPENDED).update(state=ActorState.ACTIVE)
    if may_follow:
        await _turn(actor, was=FollowState.SUSPENDED, becomes=FollowState.ACCEPTED)


async def _turn(actor: Actor, *, was: FollowState, becomes: FollowState) -> None:
    await Follow.filter(follower_id=actor.id, state=was).update(state=becomes)
    await Follow.filter(target_id=actor.id, state=was).update(state=becomes)
