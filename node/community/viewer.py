"""Who looks, with what the rule of visibility needs to know of them."""

from dataclasses import dataclass, field, replace

from tortoise.expressions import Q

from node.community.roles import is_at_least
from node.community.visibility import ANONYMOUS, Distance, Viewer
from node.models import Actor, Avoidance, AvoidanceKind, Follow, FollowState, Member, MemberState, Role


async def of_member(member: Member | None) -> Viewer:
    """Return the viewer that a signed-in member is; None is a visitor."""
    if member is None:
        return ANONYMOUS
    return await _with_avoidances(
        Viewer(member.actor_id, member.id, member.role, follows=await _follows(member.actor_id)), ""
    )


async def of_actor(actor: Actor) -> Viewer:
    """Return the viewer behind an actor: the member, if it is one of ours and active."""
    member = await Member.get_or_none(actor_id=actor.id, state=MemberState.ACTIVE)
    if member is not None:
        return await of_member(member)
    return await _with_avoidances(Viewer(actor_id=actor.id, follows=await _follows(actor.id)), actor.host)


async def _follows(actor_id: int) -> frozenset[int]:
    rows = await Follow.filter(follower_id=actor_id, state=FollowState.ACCEPTED).only("target_id")
    return frozenset(row.target_id for row in rows)


async def _with_avoidances(viewer: Viewer, foreign_host: str) -> Viewer:
    """Return the viewer with whom it blocks and mutes, and who of ours blocks it.

    What others say hides nothing from moderators, who have to see what they judge, and a foreign Block hides nothing
    from our members.

    Args:
        foreign_host: where the viewer lives; empty for members.
    """
    about = Q(actor_id=viewer.actor_id) | Q(target_id=viewer.actor_id)
    if foreign_host:
        about |= Q(subject=foreign_host)
    rows = await Avoidance.filter(about).values_list("actor_id", "target_id", "subject", "kind", "actor__is_local")
    apart, muted = _Seen(), _Seen()
    for actor_id, target_id, subject, kind, is_ours in rows:
        found = apart if kind is AvoidanceKind.BLOCK else muted
        if actor_id == viewer.actor_id:
            found.add(target_id, subject)
        elif found is apart and is_ours and not is_at_least(viewer.role, Role.MODERATOR):
            found.add(actor_id, "")
    return replace(viewer, apart=apart.distance(), muted=muted.distance())


@dataclass
class _Seen:
    people: set[int] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)

    def add(self, actor_id: int | None, host: str) -> None:
        """Take in a person, or else a host."""
        if actor_id is not None:
            self.people.add(actor_id)
        else:
            self.hosts.add(host)

    def distance(self) -> Distance:
        """Return what was taken in."""
        return Distance(frozenset(self.people), frozenset(self.hosts))
