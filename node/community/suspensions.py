"""Silence: what actors of a host that policy shuts out wrote is hidden, and comes back with the host."""

from node.community.foreign_actors import is_declared_suspended
from node.models import Actor, ActorState

AT_ONCE = 500


async def follow_policy(*hosts: str, is_admitted: bool) -> int:
    """Suspend the actors of some hosts, or let them speak again; return how many changed.

    Nothing is deleted. Who is suspended by their own server stays so. Must be called in the transaction of the change.
    """
    foreign = Actor.filter(is_local=False, host__in=hosts)
    if not is_admitted:
        return await foreign.filter(state=ActorState.ACTIVE).update(state=ActorState.SUSPENDED)
    silenced = await foreign.filter(state=ActorState.SUSPENDED).only("id", "document")
    back = [actor.id for actor in silenced if not is_declared_suspended(actor)]
    some = (back[start : start + AT_ONCE] for start in range(0, len(back), AT_ONCE))
    return sum([await Actor.filter(id__in=each).update(state=ActorState.ACTIVE) for each in some])
