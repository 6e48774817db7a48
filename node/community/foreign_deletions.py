"""A Delete from another server: only the stored owner's word counts."""

from datetime import datetime

from federation.errors import Malformed
from federation.names import canonical_uri, same_origin
from node.community import erasure, objects
from node.community.foreign_actors import mark_gone
from node.community.received import Outcome, Received, ignored
from node.database import atomic
from node.models import Actor, Event, Post, Practice

_ROWS = {"post": Post, "practice": Practice, "event": Event}


async def receive_deletion(uri: str, *, by: Actor, now: datetime) -> Received:
    """Delete a foreign post, record, event or actor, if `by` owns it.

    An id that we never saw is remembered, if it is under the actor's own origin: its Create may come late.

    Args:
        by: the actor who was proven to say so.

    Spec: ActivityPub §7.4; security V-M12.
    """
    if by.is_local:
        return ignored("not from another server", uri)
    if uri == by.uri:
        await mark_gone(by, now=now)
        return Received(Outcome.REMOVED, "the actor left", uri)
    known = await objects.find(uri)
    if known is None:
        return await _remember_unseen(uri, by, now=now)
    if known.is_local or known.publisher.id != by.id:
        return ignored("another actor owns it", uri)
    async with atomic():
        await erasure.erase_traces([uri])
        await _ROWS[known.kind].filter(uri=uri).delete()
        await erasure.remember_gone(uri, by.uri, now=now)
    return Received(Outcome.REMOVED, uri=uri)


async def _remember_unseen(uri: str, by: Actor, *, now: datetime) -> Received:
    try:
        is_theirs = same_origin(canonical_uri(uri, relaxed=True), canonical_uri(by.uri, relaxed=True))
    except Malformed as error:
        return ignored(str(error), uri)
    if not is_theirs or await Actor.filter(uri=uri).exists():
        return ignored("nothing of theirs that we hold", uri)
    async with atomic():
        await erasure.remember_gone(uri, by.uri, now=now)
    return ignored("never seen; remembered as deleted", uri)
