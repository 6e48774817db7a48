"""The plan for what a moderator had withdrawn and lets stand again: the Delete is undone, then it is told anew.

Spec: FEP-4f05: a soft deletion, which can be taken back.
"""

import orjson

from federation.addressing import PUBLIC
from federation.vocabulary import activities
from federation.vocabulary.pieces import Envelope
from node.community import facts
from node.community.desk_facts import EventRestored, PostRestored, PracticeRestored
from node.community.fact import Fact
from node.models import Event, Post, Practice
from outbox.models import PublishedActivity
from outbox.moment import Moment
from outbox.telling import Audience, Telling


async def told_anew(fact: Fact) -> tuple[str, Fact] | None:
    """Return what stands again and the fact that tells of it as it is now; None for any other fact."""
    match fact:
        case PostRestored():
            return (await Post.get(id=fact.post_id)).uri, facts.PostEdited(fact.post_id)
        case PracticeRestored():
            practice = await Practice.get(id=fact.practice_id)
            return practice.uri, facts.PracticeRevised(practice.id, practice.version)
        case EventRestored():
            event = await Event.get(id=fact.event_id)
            return event.uri, facts.EventChanged(event.id, event.sequence)
    return None


async def undeletion(uri: str, moment: Moment) -> list[Telling]:
    """Return the Undo of the last Delete of something, for all who got that; nothing if nobody did."""
    deletes = PublishedActivity.filter(object_uri=uri, type="Delete").order_by("-id").select_related("actor")
    last = await deletes.first()
    if last is None:
        return []
    envelope = Envelope(moment.activity_id(), last.actor.uri, (PUBLIC,), (f"{last.actor.uri}/followers",), moment.now)
    original = {name: value for name, value in orjson.loads(last.body).items() if name not in ("@context", "proof")}
    audience = Audience(followers_of=(last.actor,), reached_by=uri)
    return [Telling(last.actor, activities.undo(envelope, original), uri, last.visibility, audience)]
