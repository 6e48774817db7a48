"""Delete: the speaker removes something of their own, or themselves."""

from federation.vocabulary.types import Activity
from inbox.scene import Outcome, Scene, require_object_uri
from node.community import foreign_deletions


async def handle(activity: Activity, scene: Scene) -> Outcome:
    """Remove what belongs to the speaker; remember the id, so that a late Create changes nothing.

    Spec: ActivityPub §7.4.
    """
    uri = require_object_uri(activity.object.id if activity.object else None)
    deleted = await foreign_deletions.receive_deletion(uri, by=scene.speaker, now=scene.now)
    return Outcome(applied=deleted.changed, reason=deleted.reason)
