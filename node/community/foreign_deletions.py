"""A Delete from another server: only the stored owner's word counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from federation.errors import Malformed
from federation.names import canonical_uri, same_origin
from node.community import erasure, objects
from node.community.foreign_actors import mark_gone
from node.community.objects import Known
from node.community.received import Outcome, Received, ignored
from node.community.tables import insert_missing
from node.database import atomic, few_sizes
from node.models import Actor, Event, GoneObject, Post, Practice

UNSEEN = ignored("never seen; remembered as deleted")
_ROWS = {"post": Post, "practice": Practice, "event": Event}


@dataclass(frozen=True, slots=True)
class Deletion:
    """The word of `by`, who was proven to say so, that the thing at `uri` is gone."""

    uri: str
    by: Actor


async def receive_deletion(uri: str, *, by: Actor, now: datetime) -> Received:
    """Delete a foreign post, record, event or actor, if `by` owns it.

    An id that we never saw is remembered, if it is under the actor's own origin: its Create may come late.

    Args:
        by: the actor who was proven to say so.

    Spec: ActivityPub §7.4; security V-M12.
    """
    return (await receive_all([Deletion(uri, by)], now=now))[0]


async def receive_all(deletions: Sequence[Deletion], *, now: datetime) -> list[Received]:
    """Delete things as if the deletions came one after another; return what became of each."""
    async with atomic():
        known = await objects.find_all(each.uri for each in deletions)
        unseen = {each.uri for each in deletions} - known.keys()
        actors = {str(uri) for uri in await Actor.filter(uri__in=few_sizes(unseen)).values_list("uri", flat=True)}
        results, remembered = [], []
        for each in deletions:
            done = _decided(each, known.get(each.uri), is_actor=each.uri in actors)
            if done.outcome is Outcome.REMOVED:
                await _remove(each, known.pop(each.uri, None), now=now)
            elif done is UNSEEN:
                remembered.append(each)
            results.append(replace(done, uri=each.uri))
        rows = [{"uri": each.uri, "actor_uri": each.by.uri, "at": now} for each in remembered]
        await insert_missing(GoneObject, rows)
    return results


def _decided(deletion: Deletion, known: Known | None, *, is_actor: bool) -> Received:
    uri, by = deletion.uri, deletion.by
    if by.is_local:
        return ignored("not from another server")
    if uri == by.uri:
        return Received(Outcome.REMOVED, "the actor left")
    if known is None:
        return _decided_unseen(uri, by, is_actor=is_actor)
    if known.is_local or known.publisher.id != by.id:
        return ignored("another actor owns it")
    return Received(Outcome.REMOVED)


def _decided_unseen(uri: str, by: Actor, *, is_actor: bool) -> Received:
    try:
        is_theirs = same_origin(canonical_uri(uri, relaxed=True), canonical_uri(by.uri, relaxed=True))
    except Malformed as error:
        return ignored(str(error))
    return UNSEEN if is_theirs and not is_actor else ignored("nothing of theirs that we hold")


async def _remove(deletion: Deletion, known: Known | None, *, now: datetime) -> None:
    if known is None:
        await mark_gone(deletion.by, now=now)
        return
    await erasure.erase_traces([known.uri])
    await _ROWS[known.kind].filter(uri=known.uri).delete()
    await erasure.remember_gone(known.uri, deletion.by.uri, now=now)
