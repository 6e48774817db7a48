"""The plan for what concerns actors among themselves: blocks, moves, pins."""

from federation.vocabulary import activities
from federation.vocabulary.context import Json
from node.community.fact import Fact
from node.community.relation_facts import ActorBlocked, ActorUnblocked
from node.models import Actor, Visibility
from outbox.moment import Moment
from outbox.telling import Audience, Telling


async def plan_relation(fact: Fact, moment: Moment) -> list[Telling]:
    """Return what is to be told of a fact; nothing if it concerns nobody outside."""
    match fact:
        case ActorBlocked() | ActorUnblocked():
            return await _block(fact, moment)
    return []


async def _block(fact: ActorBlocked | ActorUnblocked, moment: Moment) -> list[Telling]:
    """Tell the one who is blocked, and nobody else."""
    actor, target = await Actor.get(id=fact.actor_id), await Actor.get(id=fact.target_id)
    told: Json = activities.block(moment.envelope(actor, (target.uri,), uri=fact.activity_uri), target.uri)
    if isinstance(fact, ActorUnblocked):
        told = activities.undo(moment.envelope(actor, (target.uri,)), told)
    order = f"{actor.uri} {target.uri}"
    return [Telling(actor, told, target.uri, Visibility.DIRECT, Audience(named=(target,)), ordering_key=order)]
