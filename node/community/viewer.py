"""Who looks, with what the rule of visibility needs to know of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import cast

from tortoise.expressions import Q

from node.community.roles import is_at_least
from node.community.visibility import ANONYMOUS, Distance, Viewer
from node.database import few_sizes, marks, rows
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


async def of_foreigners(actor_ids: Iterable[int]) -> dict[int, Viewer]:
    """Return what actors of other servers follow, by the number of the actor; blocks are asked in `apart`."""
    ids = few_sizes(actor_ids)
    follows: dict[int, set[int]] = {}
    if ids:
        sql = f"SELECT follower_id, target_id FROM follow WHERE follower_id IN ({marks(len(ids))}) AND state = ?"  # noqa: S608
        for row in await rows(sql, [*ids, FollowState.ACCEPTED]):
            follows.setdefault(cast(int, row["follower_id"]), set()).add(cast(int, row["target_id"]))
    return {actor_id: Viewer(actor_id=actor_id, follows=frozenset(found)) for actor_id, found in follows.items()}


async def _follows(actor_id: int) -> frozenset[int]:
    found = await Follow.filter(follower_id=actor_id, state=FollowState.ACCEPTED).only("target_id")
    return frozenset(row.target_id for row in found)


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
    standing = await Avoidance.filter(about).values_list("actor_id", "target_id", "subject", "kind", "actor__is_local")
    apart, muted = _Seen(), _Seen()
    for actor_id, target_id, subject, kind, is_ours in standing:
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
