"""Delete: the speaker removes something of their own, or themselves."""

from collections.abc import Sequence

from federation.vocabulary.types import Activity
from inbox.scene import Footprint, Given, Outcome, Scene, require_object_uri
from node.community import foreign_deletions
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
    results = await foreign_deletions.receive_all(deletions, now=given[0].scene.now)
    return [Outcome(applied=deleted.changed, reason=deleted.reason) for deleted in results]
