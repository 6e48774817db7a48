"""Delete: the speaker removes something of their own, or themselves."""

from collections.abc import Sequence
from datetime import datetime

from federation.vocabulary.types import Activity
from inbox.scene import APPLIED, Footprint, Given, Outcome, Scene, require_object_uri
from node.community import foreign_deletions, foreign_quotes
from node.community.foreign_deletions import Deletion


async def handle(activity: Activity, scene: Scene) -> Outcome:
    """Remove what belongs to the speaker; remember the id, so that a late Create changes nothing.

    Spec: ActivityPub §7.4.
    """
    require_object_uri(activity.object.id if activity.object else None)
    return (await handle_all([Given(activity, scene)]))[0]


def footprint(given: Given) -> Footprint | None:
    """Return what the Delete of an object touches; None for that of an actor, which touches all it ever did."""
    uri = given.activity.object.id if given.activity.object else None
    if uri is None or uri == given.scene.speaker.uri:
        return None
    return Footprint(reads=frozenset({given.scene.speaker.uri}), changes=frozenset({uri}))


async def handle_all(given: Sequence[Given]) -> list[Outcome]:
    """Remove things as `handle` does, many at once."""
    deletions = [Deletion(str(each.activity.object and each.activity.object.id), each.scene.speaker) for each in given]
    now = given[0].scene.now
    stamps = await foreign_quotes.stamps_among(each.uri for each in deletions)
    revoked = {each for each in deletions if each.uri in stamps and await _is_revoked(each, now=now)}
    results = zip(deletions, await foreign_deletions.receive_all(deletions, now=now), strict=True)
    return [APPLIED if each in revoked else Outcome(done.changed, done.reason) for each, done in results]


async def _is_revoked(deletion: Deletion, *, now: datetime) -> bool:
    """Take back the leave that a stamp gave, if the speaker gave it. Spec: FEP-044f."""
    return await foreign_quotes.revoked(deletion.uri, by=deletion.by, now=now)
