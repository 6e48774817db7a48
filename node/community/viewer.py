"""Who looks, with what the rule of visibility needs to know of them."""

from node.community.visibility import ANONYMOUS, Viewer
from node.models import Actor, Follow, FollowState, Member, MemberState


async def of_member(member: Member | None) -> Viewer:
    """Return the viewer that a signed-in member is; None is a visitor."""
    if member is None:
        return ANONYMOUS
    return Viewer(member.actor_id, member.id, member.role, follows=await _follows(member.actor_id))


async def of_actor(actor: Actor) -> Viewer:
    """Return the viewer behind an actor: the member, if it is one of ours and active."""
    member = await Member.get_or_none(actor_id=actor.id, state=MemberState.ACTIVE)
    if member is not None:
        return await of_member(member)
    return Viewer(actor_id=actor.id, follows=await _follows(actor.id))


async def _follows(actor_id: int) -> frozenset[int]:
    rows = await Follow.filter(follower_id=actor_id, state=FollowState.ACCEPTED).only("target_id")
    return frozenset(row.target_id for row in rows)
