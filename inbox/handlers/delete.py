"""Delete: the speaker removes something of their own, or themselves."""

from federation.vocabulary.types import Activity
from inbox.scene import APPLIED, Outcome, Scene, ignored, require_object_uri
from node.community import foreign_actors, foreign_posts


async def handle(activity: Activity, scene: Scene) -> Outcome:
    """Remove what belongs to the speaker; remember the id, so that a late Create changes nothing.

    Spec: ActivityPub §7.4.
    """
    uri = require_object_uri(activity.object.id if activity.object else None)
    if uri == scene.speaker.uri:
        await foreign_actors.mark_gone(scene.speaker, now=scene.now)
        return APPLIED
    outcome = await foreign_posts.receive_deletion(uri, by=scene.speaker, now=scene.now)
    return APPLIED if outcome == "deleted" else ignored(outcome)
