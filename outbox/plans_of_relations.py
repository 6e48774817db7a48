"""The plan for what concerns actors among themselves: blocks, moves, pins."""

from federation.addressing import PUBLIC
from federation.vocabulary import activities
from federation.vocabulary.context import Json
from node.community import actors
from node.community.fact import Fact
from node.community.facts import ReportForwarded
from node.community.relation_facts import ActorBlocked, ActorMoved, ActorUnblocked, ObjectPinned, ObjectUnpinned
from node.models import Actor, Report, Visibility
from outbox.moment import Moment
from outbox.render.actor import actor_json
from outbox.telling import Audience, Telling


async def plan_relation(fact: Fact, moment: Moment) -> list[Telling]:
    """Return what is to be told of a fact; nothing if it concerns nobody outside."""
    match fact:
        case ActorBlocked() | ActorUnblocked():
            return await _block(fact, moment)
        case ActorMoved():
            return await _move(fact, moment)
        case ObjectPinned() | ObjectUnpinned():
            return await _pin(fact, moment)
        case ReportForwarded():
            return await _report(fact, moment)
    return []


async def _block(fact: ActorBlocked | ActorUnblocked, moment: Moment) -> list[Telling]:
    """Tell the one who is blocked, and nobody else."""
    actor, target = await Actor.get(id=fact.actor_id), await Actor.get(id=fact.target_id)
    told: Json = activities.block(moment.envelope(actor, (target.uri,), uri=fact.activity_uri), target.uri)
    if isinstance(fact, ActorUnblocked):
        told = activities.undo(moment.envelope(actor, (target.uri,)), told)
    order = f"{actor.uri} {target.uri}"
    return [Telling(actor, told, target.uri, Visibility.DIRECT, Audience(named=(target,)), ordering_key=order)]


async def _report(fact: ReportForwarded, moment: Moment) -> list[Telling]:
    """Tell the server of whom a report is about, in the name of the node: who reported is nobody's business."""
    report = await Report.get(id=fact.report_id).select_related("target")
    target = report.target
    if target is None or target.is_local:
        return []
    node = await actors.node_actor()
    told = activities.flag(moment.envelope(node, (target.uri,)), [target.uri, *report.objects], report.text)
    audience = Audience(named=(target,))
    return [Telling(node, told, target.uri, Visibility.DIRECT, audience, ordering_key=f"report {report.id}")]


async def _move(fact: ActorMoved, moment: Moment) -> list[Telling]:
    """Tell followers, first with the changed actor, so that whoever reads it again finds where it went."""
    actor = await Actor.get(id=fact.actor_id)
    if actor.moved_to is None:
        return []
    changed = activities.update_actor(moment.activity_id(), await actor_json(actor), published=moment.now)
    moved = activities.move(moment.envelope(actor, (f"{actor.uri}/followers",)), actor.moved_to)
    everybody = Audience(followers_of=(actor,), acquainted=actor, reached_by=actor.uri)
    return [
        Telling(actor, changed, actor.uri, Visibility.PUBLIC, everybody),
        Telling(actor, moved, actor.uri, Visibility.QUIET, Audience(followers_of=(actor,))),
    ]


async def _pin(fact: ObjectPinned | ObjectUnpinned, moment: Moment) -> list[Telling]:
    """Tell followers what an actor pins now, or no longer."""
    actor = await Actor.get(id=fact.actor_id)
    featured = f"{actor.uri}/featured"
    tell = activities.add if isinstance(fact, ObjectPinned) else activities.remove
    told = tell(moment.envelope(actor, (PUBLIC,), (f"{actor.uri}/followers",)), fact.object_uri, featured)
    audience = Audience(followers_of=(actor,))
    return [Telling(actor, told, fact.object_uri, Visibility.PUBLIC, audience, ordering_key=featured)]
