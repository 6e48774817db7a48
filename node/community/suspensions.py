"""Silence: what actors of a host that policy shuts out wrote is hidden, and comes back with the host."""

from node.community.foreign_actors import is_declared_suspended
from node.models import Actor, ActorState


async def follow_policy(host: str, *, is_admitted: bool) -> int:
    """Suspend the actors of a host, or let them speak again; return how many changed.

    Nothing is deleted. Who is suspended by their own server stays so. Must be called in the transaction of the change.
    """
    foreign = Actor.filter(is_local=False, host=host)
    if not is_admitted:
        return await foreign.filter(state=ActorState.ACTIVE).update(state=ActorState.SUSPENDED)
    silenced = await foreign.filter(state=ActorState.SUSPENDED)
    back = [actor.id for actor in silenced if not is_declared_suspended(actor)]
    return await Actor.filter(id__in=back).update(state=ActorState.ACTIVE)
